"""The verbs of a session, by what they are about; ``Session`` has all of them."""

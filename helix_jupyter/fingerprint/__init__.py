"""From a node, the namespace and its parents' results to a key with labelled parts. Knows no plans."""

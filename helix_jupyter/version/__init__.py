"""What a run leaves behind: the record of a version, the history, and the difference of two. Knows nothing
of widgets."""

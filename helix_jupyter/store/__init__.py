"""Values under digests, metadata in SQLite, budget, garbage collection, signatures. Knows nothing of plans.

value -> pickling.prepare -> artifact_file.lay_out -> budget.reserve -> writer -> publish (files, then row)
digest -> artifact_file.read (signature, then map) -> value
Large buffers are files of their own, which artifacts share (buffers); what nothing accounts for is swept (covered).
"""

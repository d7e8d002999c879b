"""A notebook without a front end: prepared as plain data, executed by nbclient, reported as JSON.

The only place that imports nbclient. Knows no session: the kernel tells what it did.
"""

from helix_jupyter.headless.executing import execute
from helix_jupyter.headless.preparing import prepare

__all__ = ["execute", "prepare"]

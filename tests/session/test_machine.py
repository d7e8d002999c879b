"""What a session does with the machine under it: the C allocator, and the priority of its own threads."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import threading
from pathlib import Path

import helix_jupyter as hx

NODE = """
import resource
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(40):
    blocks = [b"x" * 3_000_000 for _ in range(5)]
    del blocks
faults = resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before
"""
IN_A_SESSION = f"""
import helix_jupyter as hx
with hx.Session() as session:
    session.declare({NODE!r}, outputs=["faults"])
    session.run()
    print(session["faults"])
"""


def faults_of(code: str, folder: Path) -> int:
    """Page faults of the allocations, in a process that has computed nothing before."""
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True, env=dict(os.environ)
    )
    return int(ran.stdout)


def test_a_nodes_temporaries_are_not_fetched_from_the_system_again_and_again(tmp_path: Path) -> None:
    if platform.libc_ver()[0] != "glibc":
        return  # other allocators have no such threshold
    plain = faults_of(f"{NODE}\nprint(faults)", tmp_path)
    assert faults_of(IN_A_SESSION, tmp_path) < plain / 5


def test_the_writer_leaves_the_processors_to_the_nodes(tmp_path: Path) -> None:
    if sys.platform != "linux":
        return  # there a priority belongs to a process
    with hx.Session(tmp_path, policy="all") as session:
        session.declare("value = list(range(100_000))", outputs=["value"])
        session.run()
        session.flush()
        writer = next(one for one in threading.enumerate() if one.name == "helix-store-writer")
        own = os.getpriority(os.PRIO_PROCESS, 0)
        assert os.getpriority(os.PRIO_PROCESS, writer.native_id or 0) == min(own + 10, 19)

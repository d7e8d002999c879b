"""Digest rules that other distributions give by entry point, seen from a process of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = """
import threading
import gauges
from helix_jupyter import register_digest
from helix_jupyter.errors import Undigestable
from helix_jupyter.fingerprint.digest import digest

class Own(gauges.Gauge):
    pass

def told(value):
    try:
        return digest(value)
    except Undigestable as refused:
        return str(refused)

print(told(gauges.Gauge(1)) == told(gauges.Gauge(1)), told(gauges.Gauge(1)) == told(gauges.Gauge(2)))
print(told([Own(1)]) == told([Own(1)]), told(Own(1)) == told(gauges.Gauge(1)))
print(told(gauges.Gauge(1)))
"""


@pytest.fixture
def installed(tmp_path: Path) -> Callable[[str], list[str]]:
    """Lays a distribution with a digest rule, and gives what the script prints where it is installed."""

    def run(rule: str) -> list[str]:
        metadata = tmp_path / "gauges-1.0.dist-info"
        metadata.mkdir()
        (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: gauges\nVersion: 1.0\n")
        (metadata / "entry_points.txt").write_text(f"[helix_jupyter.digests]\ngauges.Gauge = {rule}\n")
        (tmp_path / "gauges.py").write_text(
            "import threading\n"
            "class Gauge:\n"
            "    def __init__(self, level):\n"
            "        self.level, self.lock = level, threading.Lock()\n"
        )
        (tmp_path / "gauges_helix.py").write_text("def tell(gauge):\n    yield '.level', gauge.level\n")
        script = tmp_path / "script.py"
        script.write_text(SCRIPT)
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            [sys.executable, str(script)], env=environment, capture_output=True, text=True, check=True
        )
        return [*done.stdout.splitlines(), done.stderr]

    return run


def test_a_rule_given_by_entry_point_stands_for_its_type(installed: Callable[[str], list[str]]) -> None:
    alike, inherited, told, problems = installed("gauges_helix:tell")
    assert (alike, inherited) == ("True False", "True False")
    assert len(told) == 32
    assert problems == ""


def test_a_broken_rule_leaves_its_type_refused_and_is_named(installed: Callable[[str], list[str]]) -> None:
    *_, told, problems = installed("gauges_helix:missing")
    assert ".lock" in told
    assert "a lock belongs to this process" in told
    assert "gauges_helix:missing cannot be loaded" in problems

"""Values of classes that the notebook defines: the same after a restart as when they were computed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from helix_jupyter.fingerprint.digest import digest
from helix_jupyter.store.pickling import prepare

SCRIPT = """
import sys
from dataclasses import dataclass
from enum import Enum
import helix_jupyter as hx

class Colour(Enum):
    RED = 1

@dataclass
class Point:
    x: int
{more}

with hx.Session(sys.argv[1], namespace=globals(), policy="all") as session:
    session.declare("colour = Colour.RED; point = Point(1)", ["colour", "point"], name="made")
    session.declare("same = (colour is Colour.RED, point == Point(1), isinstance(point, Point))", ["same"])
    version = session.run(sys.argv[2:])
    print([str(state) for state in version.states.values()], session["same"], session["colour"] is Colour.RED)
"""


def run(folder: Path, *targets: str, more: str = "") -> str:
    script = folder / "script.py"
    script.write_text(SCRIPT.format(more=more))
    done = subprocess.run(
        [sys.executable, script, folder / "store", *targets], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_a_loaded_value_has_the_class_of_the_notebook(tmp_path: Path) -> None:
    assert run(tmp_path) == "['compute', 'compute'] (True, True, True) True"
    assert run(tmp_path, "made") == "['load', 'prune'] (True, True, True) True"


def test_an_edited_class_is_not_taken_for_the_stored_one(tmp_path: Path) -> None:
    run(tmp_path)
    assert run(tmp_path, more="    y: int = 2") == "['compute', 'compute'] (True, True, True) True"


GIVEN = """
import sys
import helix_jupyter as hx

with hx.Session(sys.argv[1], namespace=globals(), policy="all") as session:
    session.declare("import time\\ntime.sleep(0.03)\\nclass Model:\\n    def of(self): return 1", ["Model"])
    for _ in range(2):
        print([str(state) for state in session.run().states.values()])
        print(session["Model"] is Model, id(Model))
"""


def test_a_class_that_a_node_gives_stays_the_same_one_when_run_again(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(GIVEN)
    done = subprocess.run([sys.executable, script, tmp_path / "store"], capture_output=True, text=True, check=True)
    first, one, second, other = done.stdout.splitlines()
    assert (first, second) == ("['compute']", "['load']")
    assert one == other


class Slotted:
    def __init__(self) -> None:
        self.value = 1


def test_pickling_an_instance_leaves_the_digest_of_its_class() -> None:
    before = digest(Slotted)
    prepare(Slotted())
    assert digest(Slotted) == before

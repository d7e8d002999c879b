"""What is read of stored values in order to decide what to do: nothing."""

from __future__ import annotations

import ast
from collections.abc import Callable

import pytest

SCRIPT = """
import sys
from pathlib import Path
from helix_jupyter import Session

opened = []
sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == "open" else None)

def workflow(child):
    session = Session(".helix", policy="all", namespace={"__name__": "__main__"})
    session.declare("import time, numpy\\ntime.sleep(0.05)\\nparent = numpy.arange(500_000.0)", ["parent"])
    session.declare(f"import time\\ntime.sleep(0.05)\\nchild = float(parent[{child}])", ["child"])
    return session

def artifacts_opened(session):
    nodes = {artifact.digest: artifact.node for artifact in session.store.artifacts().values()}
    return sorted({nodes[Path(path).name] for path in opened if Path(path).name in nodes})

first = workflow(child=1)
first.run()
first.close()
del opened[:]
session = workflow(child=int(sys.argv[1]))
planned = session.plan()
before = artifacts_opened(session)
session.run()
print([{node: str(state) for node, state in planned.states.items()}, before, artifacts_opened(session)])
"""


@pytest.mark.parametrize(
    ("child", "states", "read"),
    [("1", {"parent": "prune", "child": "load"}, []), ("2", {"parent": "load", "child": "compute"}, ["parent"])],
    ids=["unchanged", "edited"],
)
def test_joblib_822_a_child_is_found_without_opening_its_parent(
    answer: Callable[..., str], child: str, states: dict[str, str], read: list[str]
) -> None:
    planned, before, after = ast.literal_eval(answer(SCRIPT, child))
    assert planned == states
    assert before == []
    assert [node for node in after if node == "parent"] == read

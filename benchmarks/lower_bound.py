"""What the best possible system would have to compute in an iteration: the oracle behind the lower bound.

Reads the workflow's text and the values of a full rerun, and nothing that helix_jupyter says. A node is new
when its code (the helpers and constants that it reaches included) together with the content of its inputs
was never seen before. So an edit that gives an equal value makes nothing behind it new, and a revert makes
nothing new at all. Storing, loading and deciding are free.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Mapping

from benchmarks.workflow import Workflow, mentioned


class Oracle:
    """Remembers every node that an iteration had to compute."""

    def __init__(self) -> None:
        self._seen: set[str] = set()

    def new_nodes(self, workflow: Workflow, digests: Mapping[str, str]) -> tuple[str, ...]:
        """The nodes that this iteration cannot have from an earlier one, given each output's digest."""
        keys = {name: _key(workflow, name, digests) for name in workflow.nodes}
        new = tuple(name for name, key in keys.items() if key not in self._seen)
        self._seen.update(keys.values())
        return new


def _key(workflow: Workflow, name: str, digests: Mapping[str, str]) -> str:
    node = workflow.nodes[name]
    body = ast.parse(node.body)
    reached = _reached(mentioned(body), _definitions(workflow.setup))
    inputs = [f"{read}={digests[read]}" for read in workflow.parents(name)]
    return hashlib.sha1(
        "\n".join([name, node.options, ast.dump(body), *reached, *inputs]).encode(), usedforsecurity=False
    ).hexdigest()


def _definitions(setup: tuple[str, ...]) -> dict[str, ast.stmt]:
    found: dict[str, ast.stmt] = {}
    for statement in (statement for cell in setup for statement in ast.parse(cell).body):
        if isinstance(statement, ast.FunctionDef):
            found[statement.name] = statement
        elif isinstance(statement, ast.Assign):
            found.update({target.id: statement for target in statement.targets if isinstance(target, ast.Name)})
    return found


def _reached(names: frozenset[str], definitions: Mapping[str, ast.stmt]) -> list[str]:
    open_names, closed = list(names & definitions.keys()), set()
    while open_names:
        name = open_names.pop()
        if name not in closed:
            closed.add(name)
            open_names += mentioned(definitions[name]) & definitions.keys()
    return [ast.dump(definitions[name]) for name in sorted(closed)]

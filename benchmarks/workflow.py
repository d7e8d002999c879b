"""A workflow as plain text, read from a notebook: the one definition that every measurement runs.

Reads the notebook file; returns frozen values; runs nothing.
"""

from __future__ import annotations

import ast
import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path


@dataclass(frozen=True)
class Node:
    """One ``%%helix`` cell: its magic line's options and its body."""

    name: str
    outputs: tuple[str, ...]
    options: str
    body: str

    @property
    def cell(self) -> str:
        """The cell as a user has it in the notebook."""
        return f"%%helix {self.options}\n{self.body}"

    @property
    def plain(self) -> str:
        """The cell as one would write it without helix-jupyter: what ``--seed`` does is written out."""
        words = shlex.split(self.options)
        seed = words[words.index("--seed") + 1] if "--seed" in words else None
        return f"np.random.seed({seed})\n{self.body}" if seed else self.body

    @cached_property
    def names(self) -> frozenset[str]:
        """Every name that the body mentions."""
        return mentioned(ast.parse(self.body))

    @cached_property
    def gives(self) -> tuple[str, ...]:
        """The outputs that the body assigns; none for a node that only shows something."""
        return tuple(name for name in self.outputs if name in self.names)


@dataclass(frozen=True)
class Workflow:
    """The plain cells in front of the nodes, and the nodes in the notebook's order, which is topological."""

    setup: tuple[str, ...]
    nodes: Mapping[str, Node]

    def parents(self, name: str) -> dict[str, str]:
        """The names that a node reads from other nodes, each with the node that gives it."""
        node = self.nodes[name]
        givers = {output: other.name for other in self.nodes.values() for output in other.outputs}
        return {read: givers[read] for read in sorted(node.names & set(givers)) if givers[read] != node.name}

    def sinks(self) -> tuple[str, ...]:
        """The nodes that nothing consumes: what a run is for."""
        consumed = {parent for name in self.nodes for parent in self.parents(name).values()}
        return tuple(name for name in self.nodes if name not in consumed)

    def with_setup(self, old: str, new: str) -> Workflow:
        """The same nodes under another parameter; ``old`` must stand in the setup."""
        if not any(old in cell for cell in self.setup):
            raise ValueError(f"no plain cell holds {old!r}")
        return replace(self, setup=tuple(cell.replace(old, new) for cell in self.setup))

    def with_edit(self, name: str, old: str, new: str) -> Workflow:
        """The workflow after one edit of one cell; ``old`` must stand in it exactly once."""
        node = self.nodes[name]
        if node.body.count(old) != 1:
            raise ValueError(f"node {name} must hold {old!r} once; it holds it {node.body.count(old)} times")
        edited = replace(node, body=node.body.replace(old, new))
        return replace(self, nodes={**self.nodes, name: edited})


def read_workflow(notebook: Path) -> Workflow:
    """The plain cells and the nodes up to the first ``%helix run``: what follows in a tutorial are edits."""
    setup, nodes = [], {}
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] != "code":
            continue
        if source.startswith("%helix run"):
            break
        if source.startswith("%%helix "):
            node = _node(source)
            nodes[node.name] = node
        elif not source.startswith("%"):
            setup.append(source)
    return Workflow(tuple(setup), nodes)


def mentioned(tree: ast.AST) -> frozenset[str]:
    """Every name in a piece of code."""
    return frozenset(name.id for name in ast.walk(tree) if isinstance(name, ast.Name))


def _node(source: str) -> Node:
    line, body = source.split("\n", 1)
    options = line.removeprefix("%%helix ").strip()
    words = shlex.split(options)
    outputs = []
    for word in words:
        if word.startswith("-"):
            break
        outputs.append(word)
    name = words[words.index("--name") + 1] if "--name" in words else outputs[0]
    return Node(name, tuple(outputs), options, body)

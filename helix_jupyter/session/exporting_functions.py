"""The nodes as plain functions: inputs are parameters, outputs are returned; ``run`` calls them in order."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Set

from helix_jupyter.errors import HelixError, listing
from helix_jupyter.execute.seeds import node_seed
from helix_jupyter.graph.dag import Graph
from helix_jupyter.session.exporting_code import plain_code


def function_blocks(graph: Graph, workflow_seed: int, taken: Set[str]) -> list[str]:
    """A function for each node, and ``run``, which gives ``{name: value}`` of all outputs.

    Parameters
    ----------
    taken
        Names that the module defines besides.

    Raises
    ------
    HelixError
        A node's code needs IPython or awaits, or a helper of its reads another node's output as a global.
    """
    names = _function_names(graph, {*taken, "run"})
    updates = any(declaration.update for declaration in graph.declarations.values())
    blocks = ["import copy"] if updates else []
    blocks += [_function(graph, node, names[node], workflow_seed) + "\n" for node in graph.order]
    calls = ["done = {}"]
    for node in graph.order:
        given = ", ".join(f"done[{giver!r}, {name!r}]" for name, giver in graph.inputs[node].items())
        targets = ", ".join(f"done[{node!r}, {output!r}]" for output in graph.declarations[node].outputs)
        calls.append(f"{targets} = {names[node]}({given})")
    values = ", ".join(f"{name!r}: done[{giver!r}, {name!r}]" for name, giver in graph.producers.items())
    body = "\n".join(['"""Run all nodes; gives the value of every output by name."""', *calls, f"return {{{values}}}"])
    blocks.append(f"def run():\n{textwrap.indent(body, '    ')}\n")
    blocks.append('if __name__ == "__main__":\n    run()')
    return blocks


def _function_names(graph: Graph, taken: Set[str]) -> dict[str, str]:
    used = set(taken)
    names = {}
    for node in graph.order:
        name = re.sub(r"\W", "_", node)
        while name in used or not name.isidentifier():
            name = f"node_{name}" if not name.isidentifier() else f"{name}_"
        names[node] = name
        used.add(name)
    return names


def _function(graph: Graph, node: str, name: str, workflow_seed: int) -> str:
    declaration, inputs = graph.declarations[node], graph.inputs[node]
    hidden = graph.extra_reads.get(node, frozenset()) & inputs.keys()
    if hidden:
        raise HelixError(
            f"Node '{node}' reads {listing(sorted(hidden))} through a helper function, which a function of its own "
            "cannot hand on. Give it to the helper as an argument, or export a script."
        )
    code = ast.unparse(ast.parse(plain_code(declaration)))
    copied = [output for output in declaration.outputs if output in inputs]
    lines = [
        f'"""Gives {", ".join(declaration.outputs)}."""',
        *(f"{output} = copy.deepcopy({output})" for output in copied),
        f"_seed({node_seed(workflow_seed, declaration)})",
        code,
        f"return {', '.join(declaration.outputs)}",
    ]
    body = "\n".join(lines)
    return f"def {name}({', '.join(inputs)}):\n{_indented(body)}"


def _indented(code: str) -> str:
    """The code four blanks to the right, by its syntax: texts of several lines stay what they are."""
    return ast.unparse(ast.parse(f"def _():\n{_shifted(code)}").body[0]).partition("\n")[2]


def _shifted(code: str) -> str:
    # unparse writes every text on one line, docstrings of functions apart, which do not count
    return textwrap.indent(code, "    ")

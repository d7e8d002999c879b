"""``export``: the workflow as one plain Python script that runs without this package."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Mapping, Set
from pathlib import Path

from helix_jupyter.errors import CannotWrite, HelixError
from helix_jupyter.execute.seeds import node_seed
from helix_jupyter.graph.dag import Graph
from helix_jupyter.graph.declaration import Declaration
from helix_jupyter.session.bench import Bench
from helix_jupyter.session.captures import describe_captured
from helix_jupyter.session.exporting_code import plain_code
from helix_jupyter.session.exporting_functions import function_blocks
from helix_jupyter.session.exporting_values import definitions
from helix_jupyter.session.resolve import Known
from helix_jupyter.version.types import Capture

_SEEDING = '''import random


def _seed(number):
    """Each node draws random numbers under a seed of its own."""
    random.seed(number)
    try:
        import numpy
    except ImportError:
        return
    numpy.random.seed(number)
'''

# IPython gives it to notebooks alone; without IPython a script shows what it would show as text
_DISPLAY = """try:
    from IPython.display import display
except ImportError:
    display = print"""


def export(graph: Graph, known: Mapping[str, Known], bench: Bench, path: Path, functions: bool = False) -> Path:
    """Write imports, constants, helpers and then the nodes' code in order; or each node as a function of its inputs.

    Raises
    ------
    HelixError
        A node needs IPython or awaits, a captured value cannot be written into a script, or a notebook is named to
        be written over; nothing is written then.
    """
    if path.suffix == ".ipynb":
        # who is used to commands that read a notebook names one by mistake, and would lose it
        raise HelixError(
            f"{path.name} is a notebook's name, and this writes a script. Name another file: {path.stem}.py."
        )
    captures = describe_captured(graph, known, bench)
    blocks = [f'"""The workflow {bench.workflow!r}, as a plain script."""']
    blocks += _imports(captures.values())
    blocks += definitions(captures, bench.namespace)
    blocks += [_SEEDING] if graph.order else []
    if functions:
        blocks += function_blocks(graph, bench.settings["seed"], captures.keys())
    else:
        blocks += _nodes(graph, bench.settings["seed"], {*graph.outputs, *captures})
    if "display" not in {*graph.outputs, *captures} and _reads("display", blocks):
        blocks.insert(1, _DISPLAY)
    path = path if path.is_absolute() else bench.folder / path
    try:
        path.write_text("\n\n".join(blocks) + "\n", encoding="utf-8")
    except OSError as problem:
        raise CannotWrite(str(path), problem.strerror or str(problem)) from problem
    return path


def _reads(name: str, blocks: Iterable[str]) -> bool:
    import ast

    return any(isinstance(one, ast.Name) and one.id == name for one in ast.walk(ast.parse("\n".join(blocks))))


def _imports(captures: Iterable[Capture]) -> list[str]:
    lines = sorted({capture.text for capture in captures if capture.form == "import"})
    return ["\n".join(lines)] if lines else []


def _nodes(graph: Graph, workflow_seed: int, taken: Set[str]) -> list[str]:
    """The nodes' code in order. A link of a chain changes a copy, as in a session; who needs the value before it and
    comes later finds that under another name."""
    holder: dict[str, str] = {}
    blocks = []
    for node in graph.order:
        declaration = graph.declarations[node]
        earlier = {
            name: _kept(name, giver) for name, giver in graph.inputs[node].items() if holder.get(name, giver) != giver
        }
        code = _node(declaration, taken, earlier)
        seed = node_seed(workflow_seed, declaration)
        links = [name for name in declaration.outputs if declaration.update and name in holder]
        copies = [f"{_kept(name, holder[name])}, {name} = {name}, copy.deepcopy({name})" for name in links]
        blocks.append("\n".join([f"# {node}", *(["import copy"] if links else []), *copies, f"_seed({seed})", code]))
        holder.update(dict.fromkeys(declaration.outputs, node))
    return blocks


def _kept(name: str, giver: str) -> str:
    return f"_{name}_of_" + re.sub(r"\W", "_", giver)


def _node(declaration: Declaration, taken: Set[str], earlier: Mapping[str, str]) -> str:
    code = plain_code(declaration)
    if earlier or taken & (set(declaration.analysis.writes) - set(declaration.outputs)):
        return _in_function(code, declaration, taken, earlier)
    return code


def _in_function(code: str, declaration: Declaration, taken: Set[str], earlier: Mapping[str, str]) -> str:
    """The node's code with names of its own, where one of them means something else outside."""
    import ast

    analysis, outputs = declaration.analysis, ", ".join(declaration.outputs)
    assigned = taken & {*analysis.writes, *declaration.outputs}
    given = [name for name in (*analysis.reads, *analysis.may_read) if name in assigned or name in earlier]
    arguments = ", ".join(f"{name}={earlier.get(name, name)}" for name in given)
    function = "_" + re.sub(r"\W", "_", declaration.node)
    body = textwrap.indent(f"{ast.unparse(ast.parse(code))}\nreturn {outputs}", "    ")
    return f"def {function}({arguments}):\n{body}\n\n\n{outputs} = {function}()"

"""``export``: the workflow as one plain Python script that runs without this package."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from helix_jupyter.errors import HelixError, Unpicklable
from helix_jupyter.graph.dag import Graph
from helix_jupyter.session.bench import Bench
from helix_jupyter.session.captures import describe
from helix_jupyter.session.resolve import Known
from helix_jupyter.store.pickling import prepare
from helix_jupyter.version.types import Capture

_LARGEST_BYTES = 100_000
_SHELL = "get_ipython()"


def export(graph: Graph, known: Mapping[str, Known], bench: Bench, path: Path) -> Path:
    """Write imports, constants, helpers and then the nodes' code in order.

    Raises
    ------
    HelixError
        A node needs IPython or awaits, or a captured value cannot be written into a script; nothing is written then.
    """
    reached = {name: value for node in graph.order for name, value in known[node].captured.reached.items()}
    captures = [
        describe(name, value, bench.namespace, bench.store, bench.workflow) for name, value in reached.items()
    ]
    blocks = [f'"""The workflow {bench.workflow!r}, as a plain script."""']
    blocks += _imports(captures)
    blocks += [
        _constant(capture, reached[capture.name])
        for capture in captures
        if capture.form not in ("import", "source")
    ]
    blocks += [capture.text.rstrip() + "\n" for capture in captures if capture.form == "source"]
    blocks += [_node(graph, node) for node in graph.order]
    path = path if path.is_absolute() else bench.folder / path
    path.write_text("\n\n".join(blocks) + "\n", encoding="utf-8")
    return path


def _imports(captures: list[Capture]) -> list[str]:
    lines = sorted({capture.text for capture in captures if capture.form == "import"})
    return ["\n".join(lines)] if lines else []


def _constant(capture: Capture, value: Any) -> str:
    if capture.form == "literal":
        return f"{capture.name} = {capture.text}"
    try:
        prepared = prepare(value)
    except Unpicklable as problem:
        raise HelixError(
            f"'{capture.name}' cannot be written into a script: {problem}. Make it a node."
        ) from problem
    if prepared.bytes > _LARGEST_BYTES:
        raise HelixError(
            f"'{capture.name}' ({prepared.bytes} bytes) is too large for a script. Make it a node."
        )
    import cloudpickle

    text = base64.b64encode(cloudpickle.dumps(value)).decode()
    return f"import base64, pickle  # noqa: E401\n{capture.name} = pickle.loads(base64.b64decode({text!r}))"


def _node(graph: Graph, node: str) -> str:
    declaration = graph.declarations[node]
    if _SHELL in declaration.code:
        raise HelixError(
            f"Node '{node}' uses a magic or a shell command, which a plain script has not. Rewrite it in Python."
        )
    if declaration.analysis.is_async:
        raise HelixError(
            f"Node '{node}' awaits at its top level, which a plain script cannot. Wrap it in asyncio.run()."
        )
    code = declaration.code.strip("\n")
    assigned = set(declaration.outputs) <= set(declaration.analysis.writes) or declaration.update
    if not assigned and declaration.analysis.has_value:
        code = _assign_last(code, declaration.outputs[0])
    return f"# {node}\n{code}"


def _assign_last(code: str, output: str) -> str:
    import ast

    last = ast.parse(code).body[-1]
    lines = code.splitlines()
    first = lines[last.lineno - 1]
    lines[last.lineno - 1] = f"{first[: last.col_offset]}{output} = {first[last.col_offset :]}"
    return "\n".join(lines)

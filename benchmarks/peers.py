"""The nearest tools on the same steps, each used as its documentation recommends.

Writes the cells as a module of functions, one per node, with a node's inputs as parameters; runs them in a
fresh kernel under joblib.Memory (``memory.cache`` on every step) or Apache Hamilton's cache
(``with_cache()``), both with their defaults. Neither follows helpers and constants, so the setup cells
stand in a module of their own and the iterations edit nodes only. Unlike in the full rerun and
helix-jupyter, a hit of theirs shows no figure.
"""

from __future__ import annotations

import textwrap
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.kernel import call_in_kernel
from benchmarks.workflow import Node, Workflow

SYSTEMS: Mapping[str, str] = {"joblib": "joblib.Memory", "hamilton": "Hamilton's cache"}


def measure(system: str, workflow: Workflow, late: str, results: Sequence[str], folder: Path) -> Any:
    """One iteration of one tool in a fresh kernel: seconds, and the digests of the results."""
    home = folder / system
    home.mkdir(parents=True, exist_ok=True)
    (home / "setup_cells.py").write_text("\n\n".join(workflow.setup), encoding="utf-8")
    write = {"joblib": _as_functions, "hamilton": _as_dataflow}[system]
    (home / "steps.py").write_text(write(workflow), encoding="utf-8")
    nodes = [(node.name, list(node.gives), list(workflow.parents(node.name))) for node in workflow.nodes.values()]
    imports = {"joblib": "import joblib", "hamilton": "from hamilton import driver"}[system]
    return call_in_kernel(
        f"benchmarks.peers.run_{system}",
        nodes,
        list(results),
        setup=["from setup_cells import *", imports, "import steps", late],
        folder=home,
    )


def run_joblib(nodes: Sequence[tuple[str, list[str], list[str]]], results: Sequence[str]) -> dict[str, Any]:
    """Call every step in order through ``memory.cache``."""
    import joblib
    import steps  # type: ignore[import-not-found]  # written by measure()

    started = time.perf_counter()
    memory = joblib.Memory("joblib_cache", verbose=0)
    values: dict[str, Any] = {}
    for name, outputs, inputs in nodes:
        value = memory.cache(getattr(steps, name))(*(values[read] for read in inputs))
        values.update(zip(outputs, value if len(outputs) > 1 else [value], strict=False))
    return _answer(time.perf_counter() - started, values, results)


def run_hamilton(nodes: Sequence[tuple[str, list[str], list[str]]], results: Sequence[str]) -> dict[str, Any]:
    """Ask the driver for the results, and for the steps that only show something."""
    import steps
    from hamilton import driver

    shown = [name for name, outputs, _ in nodes if not outputs]
    started = time.perf_counter()
    built = driver.Builder().with_modules(steps).with_cache().build()
    values = built.execute([*results, *shown])
    return _answer(time.perf_counter() - started, values, results)


def _answer(seconds: float, values: Mapping[str, Any], results: Sequence[str]) -> dict[str, Any]:
    from benchmarks.values import digest

    return {"seconds": seconds, "digests": {name: digest(values[name]) for name in results}}


def _as_functions(workflow: Workflow) -> str:
    functions = [
        f"def {node.name}({', '.join(workflow.parents(node.name))}):\n{_body(node)}" for node in workflow.nodes.values()
    ]
    return "\n\n\n".join(["from setup_cells import *", *functions]) + "\n"


def _as_dataflow(workflow: Workflow) -> str:
    imports = (
        "typing import Any",
        "hamilton.function_modifiers import unpack_fields",
        "setup_cells import *",
    )
    heading = "\n".join(f"from {line}" for line in imports)
    functions = []
    for node in workflow.nodes.values():
        parameters = ", ".join(f"{name}: Any" for name in workflow.parents(node.name))
        several = len(node.gives) > 1
        names = ", ".join(f'"{name}"' for name in node.gives)
        result = f"tuple[{', '.join('Any' for _ in node.gives)}]" if several else "Any"
        # a function and what is unpacked from its result may not have one name
        name = f"{node.name}_together" if several else node.name
        function = f"def {name}({parameters}) -> {result}:\n{_body(node)}"
        functions.append(f"@unpack_fields({names})\n{function}" if several else function)
    return "\n\n\n".join([heading, *functions]) + "\n"


def _body(node: Node) -> str:
    return textwrap.indent(f"{node.plain}\nreturn {', '.join(node.gives) or 'None'}", "    ")

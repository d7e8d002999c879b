"""What runs inside a measured kernel: the plain cells, and the same cells under helix_jupyter.

Clocks run here, in the kernel, round the cells alone: imports and setup come before, digests afterwards.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.values import digest


def answer(function: Callable[..., Any], question: str, file: str) -> None:
    """Call ``function`` with the JSON arguments in ``question`` and leave its result in ``file``."""
    arguments = json.loads(Path(question).read_text(encoding="utf-8"))
    Path(file).write_text(json.dumps(function(*arguments)), encoding="utf-8")


def import_all(modules: Sequence[str]) -> None:
    """Import what libraries put off until they are first used, as far as it can be had by its name."""
    for module in modules:
        with contextlib.suppress(Exception):
            importlib.import_module(module)


def run_plain(cells: Sequence[tuple[str, str]], outputs: Sequence[str]) -> dict[str, Any]:
    """Run every cell; seconds by node, the digests of the named outputs, and the modules that were imported for it."""
    seconds, before = {}, set(sys.modules)
    for name, source in cells:
        started = time.perf_counter()
        _run_cell(source)
        seconds[name] = time.perf_counter() - started
    imported = sorted(set(sys.modules) - before)
    return {
        "seconds": seconds,
        "digests": _digests(outputs),
        "scores": _shell().user_ns["scores"],
        "imported": imported,
    }


def run_helix(
    cells: Sequence[str], message: str, results: Sequence[str], outputs: Sequence[str], get_all: bool
) -> dict[str, Any]:
    """Declare every cell and run; seconds from the first declaration until the results are bound.

    ``written_seconds`` is what writing in the background still takes after that, ``keep_seconds`` for how long the run
    itself decided what to keep and handed it over. With ``get_all`` every
    output is fetched at the end; without, only ``results`` are looked at: fetching could store more than
    the run did.
    """
    shell, before = _shell(), set(sys.modules)
    with _kept() as keeping:
        started = time.perf_counter()
        for cell in cells:
            _run_cell(cell)
        declared = time.perf_counter()
        version = shell.run_line_magic("helix", f'run -m "{message}"')
        finished = time.perf_counter()
    imported = sorted(set(sys.modules) - before)
    if get_all:
        for name in outputs:
            shell.user_ns[name] = shell.run_line_magic("helix", f"get {name}")
    digests = _digests(outputs if get_all else results)
    closing = time.perf_counter()
    shell.run_line_magic("unload_ext", "helix_jupyter")
    return {
        "seconds": finished - started,
        "declare_seconds": declared - started,
        "written_seconds": time.perf_counter() - closing,
        "keep_seconds": sum(keeping),
        "states": {name: state.value for name, state in version.states.items()},
        "node_seconds": {name: record.seconds for name, record in version.nodes.items()},
        "reasons": {name: record.reason for name, record in version.nodes.items()},
        "metrics": dict(version.metrics),
        "status": version.status,
        "digests": digests,
        "imported": imported,
    }


def run_forecast(cells: Sequence[str], message: str) -> dict[str, Any]:
    """Declare every cell, ask for the plan, then run: what was forecast beside what it took."""
    shell = _shell()
    for cell in cells:
        _run_cell(cell)
    plan = shell.run_line_magic("helix", "plan")
    started = time.perf_counter()
    version = shell.run_line_magic("helix", f'run -m "{message}"')
    seconds = time.perf_counter() - started
    computed = [name for name, state in version.states.items() if state.value == "compute"]
    planned = [name for name, state in plan.states.items() if state.value == "compute"]
    shell.run_line_magic("unload_ext", "helix_jupyter")
    return {
        "seconds": seconds,
        "forecast": plan.seconds,
        "range": plan.likely_range(plan.states),
        "planned": planned,
        "nodes": {
            name: {
                "seconds": version.nodes[name].seconds,
                "forecast": plan.node_seconds[name],
                "range": plan.likely_range([name]),
            }
            for name in computed
            if name in planned and name not in plan.guessed
        },
        "computed": computed,
        "took": {name: version.nodes[name].seconds for name in computed},
    }


@contextlib.contextmanager
def _kept() -> Iterator[list[float]]:
    """The seconds that each node waits until it is decided what to keep of it, and that is handed over."""
    from helix_jupyter.session.keep import Keeper

    seconds, keep = [], Keeper.keep

    def timed(self: Keeper, *arguments: Any) -> None:
        started = time.perf_counter()
        keep(self, *arguments)
        seconds.append(time.perf_counter() - started)

    Keeper.keep = timed  # type: ignore[method-assign]
    try:
        yield seconds
    finally:
        Keeper.keep = keep  # type: ignore[method-assign]


def _run_cell(source: str) -> None:
    # as a front end would send it: events, transformations and the display of figures included
    _shell().run_cell(source, store_history=True).raise_error()


def _digests(names: Sequence[str]) -> dict[str, str]:
    namespace = _shell().user_ns
    return {name: digest(namespace[name]) for name in names}


def _shell() -> Any:
    from IPython.core.getipython import get_ipython

    return get_ipython()

"""A fresh Jupyter kernel that runs one function of this package and hands back what it returned.

Every measurement goes through it, so that all of them start from the same place.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SECONDS = 1200
FLAGS = [
    # its warning about unencrypted loopback TCP would stand between the figures
    "--IPKernelApp.log_level=40",
    # as nbclient has it: cells that no person typed are none of a person's history, and every one would wait until the
    # one before it is on disk there
    "--HistoryManager.hist_file=:memory:",
]


class KernelFailed(RuntimeError):
    """The kernel raised or died; the message holds its traceback."""


def call_in_kernel(function: str, *arguments: Any, setup: Sequence[str], folder: Path) -> Any:
    """Start a kernel in ``folder``, run the ``setup`` cells, call a function there and shut the kernel down.

    ``function`` is a dotted name; arguments and result travel as JSON. The setup cells (imports, constants,
    helpers) run before, so what they take is not part of what the function measures.
    """
    from jupyter_client.manager import KernelManager

    folder.mkdir(parents=True, exist_ok=True)
    if hasattr(os, "sync"):
        os.sync()  # what the one before wrote is not to be in the way of the next
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel(cwd=str(folder), env=_environment(), extra_arguments=FLAGS)
    client = manager.blocking_client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=120)
        for cell in setup:
            _execute(client, cell)
        return _call(client, function, arguments)
    finally:
        client.stop_channels()
        # not at once: a kernel may still have values to write
        manager.shutdown_kernel(now=False)


def _call(client: Any, function: str, arguments: tuple[Any, ...]) -> Any:
    module, _, name = function.rpartition(".")
    with tempfile.TemporaryDirectory() as exchange:
        question, answer = Path(exchange, "question.json"), Path(exchange, "answer.json")
        question.write_text(json.dumps(arguments), encoding="utf-8")
        _execute(client, f"import benchmarks.inside as _inside, {module} as _measured")
        _execute(client, f"_inside.answer(_measured.{name}, {str(question)!r}, {str(answer)!r})")
        return json.loads(answer.read_text(encoding="utf-8"))


def _execute(client: Any, code: str) -> None:
    reply = client.execute_interactive(code, timeout=SECONDS, output_hook=lambda message: None)
    if reply["content"]["status"] != "ok":
        raise KernelFailed("\n".join(reply["content"].get("traceback", ["the kernel died"])))


def _environment() -> dict[str, str]:
    path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**inherited, "PYTHONPATH": path, "HAMILTON_TELEMETRY_ENABLED": "false"}

"""Execute a notebook with nbclient, and report what its session did."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from helix_jupyter.errors import CannotRun

REPORT = "application/vnd.helix-jupyter.report+json"
_TELL = "from helix_jupyter.magics.telling import tell\ntell()"


def execute(
    notebook: Mapping[str, Any], path: Path, timeout: float | None = None, kernel: str | None = None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Run all cells in a fresh kernel, in the notebook's folder and under its name; stops at the first that fails.

    Where no cell has run the workflow (in JupyterLab a button does), one more does at the end.

    Returns
    -------
    tuple of (executed notebook, report)
        The report holds ``notebook``, ``status`` (``done`` or ``failed``), ``seconds``, ``error`` (None, or the
        ``cell``, counted from 1 among code cells, ``name`` and ``message``), ``workflow``, ``store`` and ``versions``,
        those that this run made, as ``version.plain.as_json`` has them.

    Raises
    ------
    CannotRun
        nbclient or the kernel is not there.
    """
    try:
        import nbformat
        from jupyter_client.kernelspec import NoSuchKernel
        from nbclient import NotebookClient
        from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
    except ImportError as error:
        raise CannotRun(
            f"Running a notebook needs nbclient and ipykernel ({error}). pip install nbclient ipykernel."
        ) from error
    # not from_dict: saved notebooks hold texts as lists of lines, which only the reader joins
    made: Any = nbformat.v4.reads(json.dumps(notebook))  # type: ignore[no-untyped-call]
    place = path.absolute()
    name = kernel or (made.metadata.get("kernelspec") or {}).get("name") or "python3"
    client = NotebookClient(made, kernel_name=name, resources={"metadata": {"path": str(place.parent)}})
    client.timeout_func = lambda cell: timeout  # type: ignore[assignment]  # declared for whole seconds, waits for parts
    started, number = time.perf_counter(), 0
    failure: dict[str, Any] | None = None
    told: dict[str, Any] = {}
    try:
        # the kernel learns from it which workflow it serves, as in JupyterLab
        with client.setup_kernel(env={**os.environ, "JPY_SESSION_NAME": str(place)}):
            try:
                for at, cell in enumerate(made.cells):
                    number += cell.cell_type == "code"
                    client.execute_cell(cell, at)
                told = _ask(client, made)
                if told.get("workflow") is not None and not told["versions"]:
                    number += 1
                    made.cells.append(_run_cell(made))
                    client.execute_cell(made.cells[-1], len(made.cells) - 1)
            except CellExecutionError as problem:
                failure = {"cell": number, "name": problem.ename, "message": _line(problem.evalue)}
            except CellTimeoutError:
                failure = {"cell": number, "name": "Timeout", "message": f"took more than {timeout:g} s"}
            if failure is None or failure["name"] != "Timeout":
                told = _ask(client, made)
    except NoSuchKernel as problem:
        raise CannotRun(f"There is no kernel '{problem.name}' here. Choose one: --kernel python3.") from problem
    except DeadKernelError as problem:
        failure = {"cell": number, "name": "DeadKernel", "message": _line(str(problem))}
    report = {
        "notebook": path.name,
        "status": "failed" if failure else "done",
        "seconds": time.perf_counter() - started,
        "error": failure,
        "workflow": told.get("workflow"),
        "store": told.get("store"),
        "versions": told.get("versions", []),
    }
    return json.loads(json.dumps(made)), report


def _line(text: str) -> str:
    return text.strip().split("\n", 1)[0]


def _run_cell(made: Any) -> Any:
    from nbformat.v4 import new_code_cell

    cell = new_code_cell("%helix run")  # type: ignore[no-untyped-call]
    if (made.nbformat, made.nbformat_minor) < (4, 5):
        del cell["id"]  # which cells have since then
    return cell


def _ask(client: Any, made: Any) -> dict[str, Any]:
    """What the kernel's session says of itself, asked by a cell that the notebook does not keep."""
    from nbformat.v4 import new_code_cell

    cell = new_code_cell(_TELL)  # type: ignore[no-untyped-call]
    made.cells.append(cell)
    try:
        client.execute_cell(cell, len(made.cells) - 1)
    finally:
        made.cells.pop()
    found: dict[str, Any] = next((one.data[REPORT] for one in cell.outputs if REPORT in one.get("data", {})), {})
    return found

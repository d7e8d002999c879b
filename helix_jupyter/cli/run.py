"""``helix-jupyter run``: a notebook from top to bottom in a fresh kernel, with reuse, for CI and schedulers."""

from __future__ import annotations

import argparse
import errno
import json
import os
from pathlib import Path
from typing import Any

from helix_jupyter.cli.adopt import read_notebook, write_notebook
from helix_jupyter.cli.arguments import duration
from helix_jupyter.errors import CannotRun, CannotWrite


def add_to(commands: Any) -> None:
    """Add the command to a parser's subcommands."""
    parser = commands.add_parser(
        "run",
        help="execute a notebook with reuse, without a browser",
        description="Execute a notebook in a fresh kernel, reusing what its store holds. Exit code 0: all cells ran; "
        "1: a cell or node failed; 2: it cannot be run as asked. The notebook itself is not changed.",
    )
    parser.add_argument("notebook", type=Path, metavar="NOTEBOOK")
    parser.add_argument("--target", action="append", default=[], metavar="NODE", help="bring only this up to date")
    parser.add_argument(
        "-p", "--parameter", action="append", default=[], metavar="NAME=VALUE", help="another value for a constant"
    )
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="write the executed notebook there")
    parser.add_argument("--report", type=Path, metavar="FILE", help="write the report there as JSON; - prints it")
    parser.add_argument(
        "--timeout", type=duration, metavar="TIME", help="a cell may take as long, e.g. 60s or 2m (default: no limit)"
    )
    parser.add_argument("--kernel", metavar="NAME", help="the kernel to use (default: the notebook's own)")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Carry out the command; raises ``HelixError`` where it cannot be done as asked."""
    from helix_jupyter.headless import execute, prepare

    _check(chosen)
    notebook = prepare(read_notebook(chosen.notebook), chosen.parameter, chosen.target)
    executed, report = execute(notebook, chosen.notebook, chosen.timeout, chosen.kernel)
    told = {**report, "parameters": dict(text.split("=", 1) for text in chosen.parameter), "targets": chosen.target}
    if chosen.output is not None:
        write_notebook(chosen.output, executed)
    text = json.dumps(told, indent=1)
    if str(chosen.report) == "-":
        print(text)
        return 0 if told["status"] == "done" else 1
    if chosen.report is not None:
        try:
            chosen.report.write_text(text + "\n", encoding="utf-8")
        except OSError as problem:
            raise CannotWrite(str(chosen.report), problem.strerror or str(problem)) from problem
    print(summary(told))
    return 0 if told["status"] == "done" else 1


def _check(chosen: argparse.Namespace) -> None:
    """Refuse what could only be told, or would be lost, after the notebook has run for hours."""
    source: Path = chosen.notebook
    written = [path for path in (chosen.output, chosen.report) if path is not None and str(path) != "-"]
    for path in written:
        if path.exists() and source.exists() and path.samefile(source):
            raise CannotRun(f"{path} is the notebook itself, which stays as it is. Name another file.")
        if path.is_dir():
            raise CannotWrite(str(path), os.strerror(errno.EISDIR))
        if not path.parent.is_dir():
            raise CannotWrite(str(path), os.strerror(errno.ENOENT))


def summary(report: dict[str, Any]) -> str:
    """A line for each version, and one for how it ended."""
    lines = []
    for version in report["versions"]:
        counts = dict.fromkeys(("compute", "load", "prune"), 0)
        for node in version["nodes"].values():
            counts[node["state"]] = counts.get(node["state"], 0) + 1
        told = ", ".join(f"{count} {state}" for state, count in counts.items() if count)
        metrics = "".join(f"  {name}={value:.6g}" for name, value in version["metrics"].items())
        lines.append(
            f"version {version['version']}: {version['status']}, {told} in {version['seconds']:.1f} s{metrics}"
        )
    if report["status"] == "done":
        lines.append(f"{report['notebook']} ran in {report['seconds']:.1f} s")
    else:
        error = report["error"]
        lines.append(f"{report['notebook']} failed in cell {error['cell']}: {error['name']}: {error['message']}")
    return "\n".join(lines)

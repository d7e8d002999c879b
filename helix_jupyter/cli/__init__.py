"""``helix-jupyter``: what is of use without a notebook. Parses and delegates; the edge to the terminal."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from helix_jupyter.cli import simulate
from helix_jupyter.errors import HelixError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0, or 2 with one line on stderr if it cannot be done as asked."""
    parser = argparse.ArgumentParser(prog="helix-jupyter", description="Versioned, incremental workflows in notebooks.")
    simulate.add_to(parser.add_subparsers(dest="command", required=True, metavar="COMMAND"))
    chosen = parser.parse_args(arguments)
    try:
        chosen.run(chosen)
    except HelixError as problem:
        print(f"helix-jupyter: {problem}", file=sys.stderr)
        return 2
    return 0

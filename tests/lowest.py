"""Prints pip constraints that hold every dependency at its lower bound: ``make lowest`` runs the tests with these."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path


def lowest(requirements: list[str]) -> list[str]:
    """``name==version`` for each ``name>=version``, with its marker."""
    found = []
    for requirement in requirements:
        match = re.match(r"([\w.-]+)(?:\[[^]]*\])?>=([\w.]+)[^;]*(;.*)?$", requirement)
        if match is None:
            raise SystemExit(f"{requirement}: no lower bound to be tested")
        name, version, marker = match.groups()
        found.append(f"{name}=={version}{marker or ''}")
    return found


if __name__ == "__main__":
    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text())["project"]
    print("\n".join(lowest(project["dependencies"])))

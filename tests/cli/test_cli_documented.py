"""What the pages tell to type in a terminal is what the commands take."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from helix_jupyter.cli import parser

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md"), *(ROOT / "docs" / "howto").glob("*.md")])
TOLD = [
    pytest.param(command, id=f"{page.stem}: {command}")
    for page in PAGES
    for command in dict.fromkeys(
        re.findall(r"(?:`|\$ )helix-jupyter ([a-z][^`\n\[]*?)(?:`|\n)", page.read_text("utf-8"))
    )
]


@pytest.mark.parametrize("command", TOLD)
def test_a_documented_command_is_taken(command: str) -> None:
    chosen = parser().parse_args(shlex.split(command))
    assert chosen.command == command.split()[0]


def test_every_command_is_documented_somewhere() -> None:
    [commands] = [action.choices for action in parser()._actions if action.choices]
    assert {str(one.values[0]).split()[0] for one in TOLD} >= {"adopt", "run", "simulate", "data", "status"}
    pages = "".join(page.read_text("utf-8") for page in PAGES)
    assert [name for name in commands if f"`{name}`" not in pages and f"helix-jupyter {name}" not in pages] == []

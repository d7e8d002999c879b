"""What the pages tell to type in a terminal is what the commands take."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

import helix_jupyter
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


def test_help_says_what_to_write_on_a_cell(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["--help"], ["adopt", "--help"]):
        with pytest.raises(SystemExit):
            parser().parse_args(arguments)
        told = " ".join(capsys.readouterr().out.split())
        assert "put %%helix lines" in told
    assert "script in # %% form" in told.split("arguments:")[1]


def test_the_command_tells_its_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parser().parse_args(["--version"])
    assert capsys.readouterr().out == f"helix-jupyter {helix_jupyter.__version__}\n"

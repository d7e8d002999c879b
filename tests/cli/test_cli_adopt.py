"""``helix-jupyter adopt``: files in, files out, and one clear line where that cannot be."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

SCRIPT = '"""A title."""\n# %%\nrows = sorted([2, 1])\n# %%\nprint(rows)\n'

Command = Callable[..., Any]


def test_a_script_becomes_an_adopted_notebook(helix: Command, place: Path) -> None:
    (place / "a.py").write_text(SCRIPT)
    done = helix("adopt", "a.py", "-o", "b.ipynb")
    assert (done.code, done.err) == (0, "")
    assert "cell   1  %%helix rows" in done.out
    cells = json.loads((place / "b.ipynb").read_text())["cells"]
    assert [cell["source"] for cell in cells if cell["cell_type"] == "code"] == [
        "%load_ext helix_jupyter",
        "%%helix rows\nrows = sorted([2, 1])",
        "%%helix --name shown_1\nprint(rows)",
        "%helix run",
    ]


def test_without_a_place_the_changes_are_shown_and_nothing_is_written(helix: Command, place: Path) -> None:
    (place / "a.py").write_text(SCRIPT)
    done = helix("adopt", "a.py")
    assert done.code == 0
    assert "+%%helix rows" in done.out
    assert [file.name for file in place.iterdir()] == ["a.py"]


def test_in_place_only_when_it_is_said_and_twice_changes_nothing(helix: Command, place: Path) -> None:
    (place / "a.py").write_text(SCRIPT)
    helix("adopt", "a.py", "-o", "b.ipynb")
    before = (place / "b.ipynb").read_text()
    refused = helix("adopt", "b.ipynb", "-o", "b.ipynb")
    assert refused.code == 2
    assert "--in-place" in refused.err
    done = helix("adopt", "b.ipynb", "--in-place")
    assert "stays as it is" in done.out
    assert (place / "b.ipynb").read_text() == before


def test_what_cannot_be_adopted_ends_in_one_line_and_2(helix: Command, place: Path) -> None:
    (place / "a.py").write_text(SCRIPT)
    (place / "bad.py").write_text("x = (1\n")
    (place / "old.ipynb").write_text('{"nbformat": 3, "worksheets": []}')
    (place / "text.ipynb").write_text("hello")
    (place / "list.ipynb").write_text("[]")
    (place / "bytes.ipynb").write_bytes(b"\xff\xfe\x00")
    for arguments, part in (
        (["none.ipynb"], "cannot be read"),
        (["text.ipynb"], "no JSON"),
        (["list.ipynb"], "no object"),
        (["bytes.ipynb"], "no text"),
        (["old.ipynb"], "nbformat 3"),
        (["bad.py"], "does not parse"),
        (["a.py", "-o", "b.py"], ".ipynb"),
        (["a.py", "-o", place / "none" / "b.ipynb"], "cannot be written"),
        (["a.py", "-o", "b.ipynb", "--in-place"], "two places"),
    ):
        done = helix("adopt", *arguments)
        assert (done.code, done.out if "written" not in part else "") == (2, ""), arguments
        assert part in done.err
        assert done.err.count("\n") == 1

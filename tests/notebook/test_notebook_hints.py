"""What may not be meant is said where it is written: on the card, at the error, once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from helix_jupyter.errors import UnknownOption, UnknownVersion

CARDS = {
    "another name is assigned": ("rows", "row = 1", "it assigns row and not 'rows': its result is what it shows"),
    "nothing is assigned": ("rows", "raise KeyboardInterrupt", "the cell assigns no 'rows': its result is empty"),
    "one of several is not assigned": ("two words", "two = 1", "nothing in it assigns 'words'"),
    "nothing is done, in words": ("rows", "pass", "the cell does nothing: its result is empty"),
    "nothing is done": ("rows", "# later", "the cell does nothing: its result is empty"),
    "a watched file is missing": ("rows --watch typo.txt", "rows = 1", "nothing is at 'typo.txt' so far"),
    "another node's name": (
        "other",
        "first = 5\nother = first",
        "its 'first' stays within the cell: node 'first' gives",
    ),
}
SILENT = {
    "assigned": ("rows", "rows = 1"),
    "assigned by an unpacking": ("rows", "rows, rest = 1, 2"),
    "something is shown": ("rows", "row = 1\nprint(row)"),
    "a star import": ("rows", "from math import *"),
    "several outputs": ("rows more", "rows = more = 1"),
    "a watched function": ("rows --watch latest", "rows = 1"),
    "a watched glob that matches": ("rows --watch *.csv", "rows = 1"),
}


@pytest.fixture
def started(shell: Any, place: Path) -> Any:
    shell("def latest():\n    return 1")
    (place / "data.csv").write_text("1")
    shell("%%helix first\nfirst = 1")
    return shell


@pytest.mark.parametrize(("line", "body", "note"), CARDS.values(), ids=CARDS.keys())
def test_a_card_says_what_may_not_be_meant(started: Any, line: str, body: str, note: str) -> None:
    assert note in started(f"%%helix {line}\n{body}").card


@pytest.mark.parametrize(("line", "body"), SILENT.values(), ids=SILENT.keys())
def test_a_card_says_no_more_where_all_is_plain(started: Any, line: str, body: str) -> None:
    assert started(f"%%helix {line}\n{body}").card.endswith("| new | declared: %helix run computes it")


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ("value = eval('first + 1')", "eval"),
        ("value = globals()['first']", "globals"),
        ("exec('value = first')", "exec"),
    ],
)
def test_a_name_that_is_looked_up_by_its_text_is_explained(started: Any, body: str, what: str) -> None:
    started(f"%%helix value\n{body}")
    told = str(started("%helix run value").error)
    assert f"There is a 'first', but what {what} looks up cannot be seen: name it in the cell itself." in told
    started(f"%%helix value\nfirst\n{body}")
    assert started.states("value") == {"first": "compute", "value": "compute"}


def test_a_key_of_the_nodes_own_is_not_explained(started: Any) -> None:
    started("%%helix value\nvalue = eval('{}')['first2']")
    assert str(started("%helix run value").error).endswith("KeyError: 'first2'")


def test_a_tag_stands_for_its_version(shell: Any) -> None:
    for number in range(3):
        shell(f"%%helix rows\nrows = {number}")
        shell("%helix run")
    shell("%helix versions 1 --tag base")
    shell("%helix versions 2 --tag base --tag second")
    assert [shell("%helix diff second 3").value.before.id, shell("%helix diff base 3").value.before.id] == [2, 2]
    assert shell("%helix versions base").value[0].id == 2
    assert shell("%helix checkout second").value.id == 2
    assert shell("%helix run").value.parent == 2
    assert "second" in shell.complete("%helix checkout ")
    assert "rows = 1" in str(shell("%helix trace rows --version second").value)
    error = shell("%helix checkout typo").error
    assert isinstance(error, UnknownVersion)
    assert str(error) == "There is no version 'typo'. Tags: base, second. Versions go from 1 to 4."


def test_tags_that_cannot_be_are_refused(shell: Any) -> None:
    shell("%%helix rows\nrows = 1")
    shell("%helix run")
    assert isinstance(shell("%helix versions --tag 7").error, UnknownOption)
    assert str(shell("%helix versions --untag nope").error).startswith("Version 1 has no tag 'nope'.")
    assert shell("%helix versions 1").value[0].tags == ()


def test_nothing_is_applied_where_nothing_is_asked_for(shell: Any) -> None:
    shell("%%helix rows\nrows = 1")
    assert str(shell("%helix plan --apply").error).startswith("--apply makes a what-if so")


def test_flags_that_are_not_alike_are_not_suggested(shell: Any) -> None:
    assert str(shell("%helix run --bogus").error).endswith("See %helix run?")
    assert str(shell("%helix run --job").error).endswith("Did you mean --jobs?")


def test_equal_versions_are_said_to_be_equal(shell: Any) -> None:
    shell("%%helix rows\nrows = 1")
    for _ in range(3):
        shell("%helix run")
    shown = shell.ip.display_formatter.format(shell("%helix diff 1 2 3").value)[0]["text/plain"]
    assert "nothing differs between them" in shown


def test_a_store_that_cannot_be_used_is_told_once(shell: Any, place: Path) -> None:
    (place / ".helix").touch()
    told = shell("%%helix rows\nrows = 1").stderr + shell("%helix run").stderr
    assert told.count("cannot be used") == 1


def test_what_goes_with_the_kernel_is_told_with_every_run(shell: Any, place: Path) -> None:
    (place / ".helix").touch()
    shell("%%helix rows\nrows = 1")
    for _ in range(2):
        assert shell("%helix run").stderr.count("goes with the kernel") == 1


def test_what_cannot_be_stored_is_told_once_in_a_run(shell: Any) -> None:
    shell("%%helix numbers\nnumbers = (n for n in range(3))")
    shell("%%helix first\nfirst = list(numbers)")
    shell("%%helix second\nsecond = list(numbers)")
    ran = shell("%helix run")
    assert ran.stderr.count("numbers cannot be stored") == 1
    assert shell("first == second == [0, 1, 2]").value

"""``%helix diff`` and ``%helix versions`` with their flags, as a notebook has them."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest
from IPython.core.error import UsageError

from helix_jupyter.errors import VersionInUse
from helix_jupyter.version.compare_many import Comparison
from helix_jupyter.view.types import VersionList

_PICTURES = """
from IPython.display import Image, display
for number in range({count}):
    display(Image(data=bytes([137, 80, 78, 71, 13, 10, 26, 10, number, {last} if number == 7 else 0]), format="png"))
"""


@pytest.fixture
def worked(shell: Any) -> Any:
    """Three versions of a chain of two nodes."""
    shell("%%helix rows\nrows = [1, 2, 3]")
    for factor in (2, 3, 4):
        shell(f"%%helix scores --metrics --lower spread\nscores = {{'spread': sum(rows) * {factor}}}")
        shell(f"%helix run -m times{factor}")
    return shell


def test_more_than_two_versions(worked: Any) -> None:
    found = worked("%helix diff 1 2 3").value
    assert isinstance(found, Comparison)
    assert found.metrics[0].values == (12.0, 18.0, 24.0)
    assert found.metrics[0].best == 12.0


def test_a_page_is_written(worked: Any, place: Path) -> None:
    ran = worked("%helix diff 1 2 --html 'two versions.html'")
    assert ran.value == place / "two versions.html"
    assert "written" in ran.stdout
    assert "times2" in (place / "two versions.html").read_text(encoding="utf-8")


def test_values_on_request(worked: Any) -> None:
    assert list(worked("%helix diff 1 2").value.values) == []
    assert list(worked("%helix diff 1 2 --values scores").value.values) == ["scores"]
    assert isinstance(worked("%helix diff 1 2 3 --values scores").error, UsageError)


def test_versions_are_noted_with_flags(worked: Any) -> None:
    found = worked("%helix versions 1 2 --tag base --note 'before the move' -m again").value
    assert isinstance(found, VersionList)
    assert [(one.id, one.message, one.tags, one.note) for one in found] == [
        (1, "again", ("base",), "before the move"),
        (2, "again", ("base",), "before the move"),
    ]
    assert [one.tags for one in worked("%helix versions --tag newest").value] == [("base",), ("base",), ("newest",)]
    assert [one.id for one in worked("%helix versions 3").value] == [3]
    assert worked("%helix versions 1 --untag base --note ''").value[0].note == ""


def test_versions_are_deleted_with_a_flag(worked: Any) -> None:
    ran = worked("%helix versions 2 --delete")
    assert ran.value is None
    assert "deleted: 1 version" in ran.stdout
    assert [(one.id, one.parent) for one in worked("%helix versions").value] == [(1, None), (3, 1)]
    assert isinstance(worked("%helix versions 3 --delete").error, VersionInUse)
    assert isinstance(worked("%helix versions --delete").error, UsageError)
    assert isinstance(worked("%helix versions 1 --delete --tag x").error, UsageError)


def test_a_picture_that_was_not_there_before(shell: Any) -> None:
    shell("%%helix --name plots\nplots = 1")
    shell("%helix run")
    shell("%%helix --name plots\n" + _PICTURES.format(count=1, last=1))
    shell("%helix run")
    (pair,) = shell("%helix diff").value.figures["plots"]
    assert (pair.before, pair.after is not None) == (None, True)


def test_50_pictures_are_compared_by_digest(shell: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """nbdime#396: of two nodes with fifty pictures each, the one that shows the same is not read."""
    shell("%%helix --name quiet\n" + _PICTURES.format(count=50, last=1))
    shell("%%helix --name plots\n" + _PICTURES.format(count=50, last=1))
    shell("%helix run")
    shell("%%helix --name plots\n" + _PICTURES.format(count=50, last=2))
    shell("%helix run")
    diff = shell("%helix diff").value
    session = shell.ip._helix_session
    session.flush()
    taken: list[str] = []
    take = session._bench.memory.take
    monkeypatch.setattr(session._bench.memory, "take", lambda digest: (taken.append(digest), take(digest))[1])
    (pair,) = diff.figures["plots"]
    assert list(diff.figures) == ["plots"]
    assert diff.before.nodes["quiet"].console not in taken
    assert [base64.b64decode(one.data)[-2:] for one in (pair.before, pair.after)] == [b"\x07\x01", b"\x07\x02"]

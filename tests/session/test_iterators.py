"""Values that give their items once: every reader gets all of them."""

from __future__ import annotations

import pytest
from session_helpers import slow

from helix_jupyter import Session

ITERATORS = ["(i for i in range(3))", "zip(range(3))", "iter([0, 1, 2])", "map(str, range(3))"]


@pytest.mark.parametrize("value", ITERATORS)
def test_every_reader_gets_all_items(session: Session, value: str) -> None:
    session.declare(f"items = {value}", ["items"])
    session.declare(slow("first = len(list(items))"), ["first"])
    session.declare(slow("second = len(list(items))"), ["second"])
    session.run()
    assert session.get("first", "second") == (3, 3)
    session.declare(slow("third = len([*items])"), ["third"])
    session.run()
    assert session["third"] == 3


@pytest.mark.parametrize("value", ITERATORS)
def test_what_a_plain_cell_took_is_there_for_nodes(session: Session, value: str) -> None:
    session.declare(f"items = {value}", ["items"])
    session.run()
    next(session["items"])
    session.declare(slow("count = len(list(items))"), ["count"])
    session.run()
    assert session["count"] == 3

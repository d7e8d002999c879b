"""``--map``: a node that goes item by item computes what is new and gives what all of it would give."""

from __future__ import annotations

import builtins
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from session_helpers import define, ran

from helix_jupyter import Session
from helix_jupyter.errors import HelixError, NodeFailed, UnknownOption
from helix_jupyter.fingerprint.digest import digest

Opener = Callable[..., Session]
# what is seen of an item goes to a list that no node captures
UPPER = "import builtins\nbuiltins.seen_items.extend(docs)\nupper = [doc.upper() for doc in docs]"


@pytest.fixture(autouse=True)
def seen(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The items that were computed."""
    items: list[Any] = []
    monkeypatch.setattr(builtins, "seen_items", items, raising=False)
    return items


def mapped(session: Session, docs: Any, code: str = UPPER) -> list[Any]:
    """Run the node over ``docs``; gives the items that it computed."""
    builtins.seen_items.clear()  # type: ignore[attr-defined]
    session.declare(f"docs = {docs!r}", ["docs"])
    session.declare(code, ["upper"], map="docs")
    session.run()
    return list(builtins.seen_items)  # type: ignore[attr-defined]


def test_only_new_items_are_computed(opened: Opener) -> None:
    first = opened()
    assert mapped(first, ["a", "b", "c"]) == ["a", "b", "c"]
    assert mapped(first, ["a", "b", "c", "d"]) == ["d"], "appended"
    assert mapped(first, ["c", "d"]) == [], "deleted"
    assert mapped(first, ["d", "b", "a"]) == [], "moved and brought back"
    assert mapped(first, ["b", "e", "b", "e", "e"]) == ["e"], "several times"
    assert first["upper"] == ["B", "E", "B", "E", "E"]
    first.close()
    again = opened()
    assert mapped(again, ["e", "f", "a"]) == ["f"], "after a restart"
    assert again["upper"] == ["E", "F", "A"]
    assert mapped(again, []) == []
    assert again["upper"] == []


def test_what_is_known_as_a_whole_is_loaded(opened: Opener) -> None:
    session = opened()
    slow = f"import time\ntime.sleep(0.05)\n{UPPER}"
    mapped(session, ["a", "b"], slow)
    mapped(session, ["a", "b", "c"], slow)
    assert mapped(session, ["a", "b"], slow) == []
    assert ran(session.version())["upper"] == "load"


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (UPPER + "  # a comment", []),
        (UPPER.replace("upper()", "upper() + '!'"), ["a", "b"]),
        (UPPER.replace("doc.upper()", "helper(doc)"), ["a", "b"]),
    ],
)
def test_an_edit_of_the_code_computes_all(opened: Opener, edit: str, expected: list[str]) -> None:
    session = opened(namespace={"__name__": "__main__", "helper": str.lower})
    mapped(session, ["a", "b"])
    assert mapped(session, ["a", "b"], edit) == expected
    assert mapped(session, ["a", "b"]) == [], "back"


def test_a_helper_and_another_input_count(opened: Opener) -> None:
    session = opened()
    code = "import builtins\nbuiltins.seen_items.extend(docs)\nupper = [doc + mark for doc in docs]"
    session.declare("mark = '!'", ["mark"])
    assert mapped(session, ["a", "b"], code) == ["a", "b"]
    session.declare("mark = '?'", ["mark"])
    assert mapped(session, ["a", "b", "c"], code) == ["a", "b", "c"]
    session.declare("mark = '!'", ["mark"])
    assert mapped(session, ["a", "b", "c"], code) == ["c"]
    assert session["upper"] == ["a!", "b!", "c!"]


def test_files_that_items_read_count(opened: Opener, folder: Path) -> None:
    (folder / "marks.txt").write_text("!")
    path = str(folder / "marks.txt")
    code = (
        f"import builtins\nbuiltins.seen_items.extend(docs)\nmark = open({path!r}).read()\n"
        "upper = [doc + mark for doc in docs]"
    )
    session = opened()
    assert mapped(session, ["a"], code) == ["a"]
    assert mapped(session, ["a", "b"], code) == ["b"]
    (folder / "marks.txt").write_text("??")
    assert mapped(session, ["b", "a"], code) == ["b", "a"]
    assert mapped(session, ["b"], code) == []
    (folder / "marks.txt").write_text("!!!")
    assert mapped(session, ["b"], code) == ["b"], "what was taken over rests on the file, too"
    assert session["upper"] == ["b!!!"]


def test_a_failure_keeps_what_was_done(opened: Opener, told: list[str]) -> None:
    docs = [f"doc {number}" for number in range(40)]
    code = UPPER.replace("doc.upper()", "doc.upper() if doc != bad else 1 / 0")
    session = opened()
    session.declare("bad = 'doc 30'", ["bad"])
    with pytest.raises(NodeFailed, match="division by zero"):
        mapped(session, docs, code)
    kept = next(line for line in told if "what was done is kept" in line)
    assert kept == "Node 'upper': what was done is kept (24 items)."
    session.close()
    again = opened()
    again.declare("bad = 'doc 30'", ["bad"])
    assert mapped(again, docs[:30], code) == docs[24:30]


def test_force_and_audit_compute_all(opened: Opener) -> None:
    session = opened()
    mapped(session, ["a", "b"])
    builtins.seen_items.clear()  # type: ignore[attr-defined]
    session.run(force=["upper"])
    assert builtins.seen_items == ["a", "b"]  # type: ignore[attr-defined]
    session.run(audit=1.0)
    assert builtins.seen_items == ["a", "b", "a", "b"]  # type: ignore[attr-defined]


# (a plain cell, a node that gives an item otherwise when others are there)
BROKEN = {
    "how many there are": ("", "upper = [f'{doc} of {len(docs)}' for doc in docs]"),
    "the one before": ("", "upper = [doc + before for doc, before in zip(docs, ['', *docs])]"),
    "their mean": ("", "upper = [len(doc) - sum(map(len, docs)) / len(docs) for doc in docs]"),
    "a counter of the cell": ("", "n = 0\nupper = []\nfor doc in docs:\n    n += 1\n    upper.append(n)"),
    "a list of the notebook": (
        "held = []\ndef numbered(doc):\n    held.append(doc)\n    return len(held)",
        "upper = [numbered(doc) for doc in docs]",
    ),
    "a global counter": (
        "n = 0\ndef numbered(doc):\n    global n\n    n += 1\n    return n",
        "upper = [numbered(doc) for doc in docs]",
    ),
}


@pytest.mark.parametrize(("plain", "code"), BROKEN.values(), ids=BROKEN.keys())
def test_an_audit_finds_items_that_are_not_apart(opened: Opener, told: list[str], plain: str, code: str) -> None:
    session = opened()
    define(session.namespace, plain)
    mapped(session, ["a", "bb"], code)
    mapped(session, ["a", "bb", "cccc"], code)
    put_together = session["upper"]
    session.run(audit=1.0)
    assert session["upper"] != put_together
    (line,) = [line for line in told if line.startswith("Audit: 'upper'")]
    assert "what an item takes from others, their number or their order, which --map leaves no room for" in line


def test_an_audit_finds_nothing_where_items_are_apart(opened: Opener, told: list[str]) -> None:
    session = opened()
    mapped(session, ["a", "b"] * 10)
    mapped(session, ["c", "a", "b"] * 10)
    session.run(audit=1.0)
    assert not [line for line in told if line.startswith("Audit: 'upper'")]


def test_what_nobody_keeps_is_computed_again(opened: Opener) -> None:
    for policy in ("none", "memory"):
        first = opened(policy=policy)
        assert mapped(first, ["a", policy]) == ["a", policy]
        assert mapped(first, ["a", policy, "b"]) == ["b"], "memory has it"
        first.close()
        assert mapped(opened(policy=policy), ["a", policy]) == ["a", policy]


def test_the_version_says_what_was_new(opened: Opener) -> None:
    session = opened()
    mapped(session, ["a", "b"])
    mapped(session, ["a", "b", "c"])
    record = session.version().nodes["upper"]
    assert record.reason.endswith("1 of 3 items are new")
    assert record.options["map"] == "docs"
    session.checkout(1)
    assert session.declarations["upper"].map == "docs"


def test_several_outputs_and_random_numbers(opened: Opener, told: list[str]) -> None:
    session = opened()
    code = "import numpy as np\nlengths = np.array([len(d) for d in docs])\ndraws = np.random.random(len(docs))"
    session.declare("docs = ['a', 'bb']", ["docs"])
    session.declare(code, ["lengths", "draws"], name="both", map="docs")
    session.run()
    session.declare("docs = ['bb', 'ccc']", ["docs"])
    session.run()
    assert session["lengths"].tolist() == [2, 3]
    assert any("draws random numbers: what an item gets depends on those beside it" in line for line in told)


INDEXED = pd.DataFrame({"a": [1, 2, 3, 4], "b": ["x", "y", None, "w"]}, index=[10, 20, 30, 40])
KINDS: dict[str, tuple[Any, str]] = {
    "list": ([1, 2, 3, 4], "out = [x * 2 for x in docs]"),
    "tuple": ((1, 2, 3, 4), "out = tuple(x * 2 for x in docs)"),
    "dict": ({"a": 1, "b": 2, "c": 3, "d": 4}, "out = {key: value * 2 for key, value in docs.items()}"),
    "series": (pd.Series(["p", "q", "r", "s"]), "out = docs.str.upper()"),
    "series of an index": (INDEXED["b"], "out = docs + docs.index.astype(str)"),
    "frame": (INDEXED.reset_index(drop=True), "out = docs.assign(c=docs['a'] * 2)"),
    "frame of an index": (INDEXED, "out = docs.assign(c=docs['a'] * 2)"),
    "frame to list": (INDEXED, "out = docs['a'].tolist()"),
    "list to frame": (["u", "v", "w", "x"], "import pandas as pd\nout = pd.DataFrame({'doc': docs})"),
    "array": (np.arange(4), "out = docs * 2.5"),
    "masked array": (np.ma.array([1, 2, 3, 4], mask=[0, 1, 0, 1], fill_value=7), "out = docs * 2"),
    "record array": (np.rec.array([(n, n / 2) for n in range(4)], names="a,b"), "out = docs[docs.a >= 0]"),
    "frame of an index in steps": (INDEXED.set_index(pd.date_range("2024", periods=4)), "out = docs.assign(c=1)"),
    "matrix": (np.arange(12.0).reshape(4, 3), "out = docs.sum(axis=1)"),
    "sparse": (sparse.csr_array(np.eye(4)), "out = docs * 3"),
}


@pytest.mark.parametrize(("value", "code"), KINDS.values(), ids=KINDS.keys())
def test_values_of_every_kind_are_put_together(opened: Opener, value: Any, code: str) -> None:
    def part(positions: list[int]) -> Any:
        if isinstance(value, list | tuple):
            return type(value)(value[at] for at in positions)
        if isinstance(value, dict):
            return {list(value)[at]: list(value.values())[at] for at in positions}
        if hasattr(value, "iloc") and positions == list(range(len(positions))):
            return value.iloc[: len(positions)]  # as it is cut from a frame, its index in steps
        taken = value.iloc[positions] if hasattr(value, "iloc") else value[positions]
        is_default = hasattr(value, "iloc") and isinstance(value.index, pd.RangeIndex)
        return taken.reset_index(drop=True) if is_default else taken

    session = opened(namespace={"__name__": "__main__", "given": None})
    session.declare("docs = given", ["docs"])
    session.declare(code, ["out"], map="docs")
    for positions in ([0, 1], [0, 1, 2], [2, 3, 0], [3], []):
        session.namespace["given"] = part(positions)
        names: dict[str, Any] = {"docs": part(positions)}
        exec(code, names)
        session.run()
        assert digest(session["out"], ordered=True) == digest(names["out"], ordered=True), positions


def masked(fill: int) -> Any:
    return np.ma.array([1, 2, 3], mask=[0, 1, 0], fill_value=fill)


def with_unit(frame: pd.DataFrame, unit: str) -> pd.DataFrame:
    frame = frame.copy()
    frame.attrs["unit"] = unit
    return frame


# (what all items have in common, the same otherwise, what shows it)
COMMON = {
    "attributes": (with_unit(INDEXED, "m"), with_unit(INDEXED, "km"), "out = [docs.attrs['unit']] * len(docs)"),
    "the columns' name": (INDEXED, INDEXED.rename_axis(columns="kind"), "out = [docs.columns.name] * len(docs)"),
    "many categories": (
        pd.Series(pd.Categorical(["c1"], categories=[f"c{n}" for n in range(300)])),
        pd.Series(pd.Categorical(["c1"], categories=[f"c{n}" for n in reversed(range(300))])),
        "out = docs.cat.codes",
    ),
    "what stands for masked values": (masked(7), masked(8), "out = docs.filled()"),
    "fields": (
        np.zeros(2, dtype=[("a", "i8")]),
        np.zeros(2, dtype=[("b", "i8")]),
        "out = [docs.dtype.names] * len(docs)",
    ),
}


@pytest.mark.parametrize(("before", "after", "code"), COMMON.values(), ids=COMMON.keys())
def test_what_all_items_have_in_common_counts(opened: Opener, before: Any, after: Any, code: str) -> None:
    session = opened(namespace={"__name__": "__main__"})
    session.declare("docs = given", ["docs"])
    session.declare(code, ["out"], map="docs")
    for given_now in (before, after):
        session.namespace["given"] = given_now
        names: dict[str, Any] = {"docs": given_now}
        exec(code, names)
        session.run()
        assert digest(session["out"]) == digest(names["out"])


@settings(max_examples=15, deadline=None)
@given(st.lists(st.lists(st.integers(0, 6), max_size=7), min_size=1, max_size=6), st.data())
def test_any_history_gives_what_a_plain_run_gives_and_computes_what_is_new(
    histories: list[list[int]], data: st.DataObject
) -> None:
    with tempfile.TemporaryDirectory() as place:

        def start() -> Session:
            return Session(".helix", folder=place, policy="all", namespace={"__name__": "__main__"})

        session, known = start(), set[str]()
        for numbers in histories:
            if data.draw(st.booleans()):
                session.close()
                session = start()
            docs = [f"doc {number}" for number in numbers]
            new = mapped(session, docs)
            assert new == list(dict.fromkeys(doc for doc in docs if doc not in known))
            assert session["upper"] == [doc.upper() for doc in docs]
            known.update(docs)
        session.close()


WRONG = {
    "a value without items": ("upper = len(docs)", "'upper' is of type int, which has no items"),
    "too few": ("upper = docs[1:]", "'upper' has 1 items for 2 of 'docs'. Give one for each."),
    "a text": ("upper = docs and 'ab'", "'upper' is of type str"),
}


@pytest.mark.parametrize(("code", "problem"), WRONG.values(), ids=WRONG.keys())
def test_what_does_not_give_one_for_each_is_refused(opened: Opener, code: str, problem: str) -> None:
    with pytest.raises(NodeFailed, match=problem):
        mapped(opened(), ["a", "b"], code)


def test_inputs_without_items_are_refused(opened: Opener) -> None:
    with pytest.raises(NodeFailed, match=r"'docs' is of type int, which has no items .* Give a list, a dict"):
        mapped(opened(), 7, "upper = docs")


def test_declarations_that_cannot_be_are_refused(opened: Opener) -> None:
    session = opened()
    with pytest.raises(UnknownOption, match=r"the cell does not read 'docs'\. It reads others"):
        session.declare("upper = others", ["upper"], map="docs")
    with pytest.raises(UnknownOption, match="--map does not go with --update"):
        session.declare("docs = docs", ["docs"], map="docs", update=True)
    session.namespace["docs"] = ["a"]
    session.declare("upper = docs", ["upper"], map="docs")
    with pytest.raises(HelixError, match="no node gives that name"):
        session.run()


def test_a_function_that_reads_the_whole_is_refused(opened: Opener) -> None:
    session = opened()
    exec("def whole():\n    return docs", session.namespace)
    session.declare("docs = ['a']", ["docs"])
    session.declare("upper = docs and whole()", ["upper"], map="docs")
    with pytest.raises(HelixError, match="hand it over as an argument"):
        session.run()

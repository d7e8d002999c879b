"""Steering: accept an edit, ask why, pin and forget."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from session_helpers import computed, declare_chain, define, ran, slow

from helix_jupyter import Session, State
from helix_jupyter.errors import HelixError, UnknownNode
from helix_jupyter.fingerprint.types import Part
from helix_jupyter.fingerprint.versions import module_part, version_of
from helix_jupyter.view.render import as_html, as_text


def test_joblib_1710_an_accepted_edit_computes_nothing(session: Session) -> None:
    declare_chain(session)
    session.run()
    session.declare(slow("print('hello')\ntotal = sum(rows)"), ["total"])
    assert session.plan(["total"]).states["total"] is State.COMPUTE
    assert "version 1" in session.accept("total")
    assert computed(session.run()) == []
    assert session["doubled"] == 12


def test_an_accepted_edit_holds_after_a_restart(opened, session: Session) -> None:  # type: ignore[no-untyped-def]
    session.declare(slow("total = 6"), ["total"])
    session.run()
    session.declare(slow("print('hello')\ntotal = 6"), ["total"])
    session.accept("total")
    session.run()
    session.close()
    second = opened()
    second.declare(slow("print('hello')\ntotal = 6"), ["total"])
    assert computed(second.run()) == []


def test_accepting_twice_in_a_row(session: Session) -> None:
    session.declare(slow("total = 6"), ["total"])
    session.run()
    for number in range(3):
        session.declare(slow(f"print({number})\ntotal = 6"), ["total"])
        session.accept("total")
        assert computed(session.run()) == []


def test_an_accepted_edit_still_follows_its_inputs(session: Session) -> None:
    declare_chain(session)
    session.run()
    session.declare(slow("print('hello')\ntotal = sum(rows)"), ["total"])
    session.accept("total")
    session.run()
    session.declare(slow("rows = [5]"), ["rows"])
    assert computed(session.run()) == ["rows", "total", "doubled"]
    assert session["doubled"] == 10


def test_an_edit_of_a_helper_can_be_accepted(session: Session) -> None:
    define(session.namespace, "def helper():\n    return 1")
    session.declare(slow("value = helper()"), ["value"])
    session.run()
    define(session.namespace, "def helper():\n    'documented'\n    x = 1\n    return x")
    session.accept("value")
    assert computed(session.run()) == []


def test_a_later_edit_is_not_accepted_by_itself(session: Session) -> None:
    session.declare(slow("total = 6"), ["total"])
    session.run()
    session.declare(slow("print(1)\ntotal = 6"), ["total"])
    session.accept("total")
    session.run()
    session.declare(slow("print(1)\ntotal = 7"), ["total"])
    assert computed(session.run()) == ["total"]
    assert session["total"] == 7


def test_an_acceptance_is_recorded(session: Session) -> None:
    session.declare(slow("total = 6"), ["total"])
    session.run()
    session.declare(slow("print(1)\ntotal = 6"), ["total"])
    session.accept("total")
    version = session.run()
    assert "accepted" in version.nodes["total"].reason
    assert any("accepted" in reason for reason in session.why("total").reasons)


@pytest.mark.parametrize("ran_before", [False, True], ids=["never run", "unchanged"])
def test_there_must_be_something_to_accept(session: Session, ran_before: bool) -> None:
    session.declare("total = 6", ["total"])
    if ran_before:
        session.run()
    with pytest.raises(HelixError) as problem:
        session.accept("total")
    assert "\n" not in str(problem.value)


def test_steering_an_unknown_node(session: Session) -> None:
    session.declare("total = 6", ["total"])
    for verb in (session.accept, session.why, session.pin, session.unpin, session.forget, session.get):
        with pytest.raises(UnknownNode, match="Did you mean 'total'"):
            verb("totl")


@pytest.mark.parametrize(
    ("change", "node", "words"),
    [
        (lambda s: None, "doubled", "unchanged"),
        (lambda s: s.declare(slow("total = max(rows)"), ["total"]), "total", "max(rows)"),
        (lambda s: s.declare(slow("total = max(rows)"), ["total"]), "doubled", "total"),
        (lambda s: s.namespace.update(K=5), "scaled", "K"),
        (lambda s: define(s.namespace, "def helper(x):\n    return -x"), "helped", "helper"),
        (lambda s: s.config(seed=9), "rows", "seed"),
        (lambda s: s.declare("new = 1", ["new"]), "new", "never run"),
    ],
    ids=["unchanged", "code", "upstream", "constant", "helper", "seed", "new"],
)
def test_why_names_the_cause(session: Session, change, node: str, words: str) -> None:  # type: ignore[no-untyped-def]
    define(session.namespace, "K = 3\ndef helper(x):\n    return x")
    declare_chain(session)
    session.declare(slow("scaled = K * 2"), ["scaled"])
    session.declare(slow("helped = helper(3)"), ["helped"])
    session.run()
    change(session)
    why = session.why(node)
    assert any(words in reason for reason in why.reasons), why.reasons
    assert all("\n" not in reason for reason in why.reasons)


def test_why_gives_every_reason(session: Session) -> None:
    define(session.namespace, "K = 3\ndef helper(x):\n    return x * K")
    session.declare(slow("value = helper(2)"), ["value"])
    session.run()
    define(session.namespace, "K = 4\ndef helper(x):\n    return x + K")
    session.declare(slow("value = helper(3)"), ["value"])
    text = " ".join(session.why("value").reasons)
    assert "K" in text
    assert "helper" in text
    assert "2" in text or "code" in text


def test_a_changed_constant_is_told_with_its_values(session: Session) -> None:
    session.namespace["K"] = 3
    session.declare(slow("value = K"), ["value"])
    session.run()
    session.namespace["K"] = 4
    reason = session.why("value").reasons[0]
    assert "`K`" in reason
    assert "3" in reason
    assert "4" in reason


def test_a_forgotten_value_is_computed_again(session: Session) -> None:
    declare_chain(session)
    session.run()
    session.flush()
    assert session.forget("doubled") > 0
    assert "doubled" not in session.namespace
    version = session.run()
    assert ran(version) == {"rows": "prune", "total": "load", "doubled": "compute"}
    assert "forgotten" in version.nodes["doubled"].reason


def test_forgetting_while_it_is_being_written(session: Session) -> None:
    session.declare(slow("value = bytes(5_000_000)"), ["value"])
    session.run()
    session.forget("value")
    session.flush()
    assert computed(session.run()) == ["value"]


def test_forgetting_takes_all_earlier_values_of_the_node(session: Session) -> None:
    session.declare(slow("value = 1"), ["value"])
    session.run()
    session.declare(slow("value = 2"), ["value"])
    session.run()
    session.flush()
    session.forget("value")
    session.declare(slow("value = 1"), ["value"])
    assert computed(session.run()) == ["value"]


def test_a_pin_survives_a_restart_and_ends_with_unpin(opened) -> None:  # type: ignore[no-untyped-def]
    session = opened(policy="none")
    session.declare(slow("value = 1"), ["value"])
    session.pin("value")
    session.run()
    session.close()
    second = opened(policy="none")
    second.declare(slow("value = 1"), ["value"])
    assert computed(second.run()) == []
    second.unpin("value")
    second.declare(slow("value = 2"), ["value"])
    second.run()
    second.close()
    third = opened(policy="none")
    third.declare(slow("value = 2"), ["value"])
    assert computed(third.run()) == ["value"]


# why, word by word


def _workflow(session: Session, bins: int = 10) -> None:
    define(session.namespace, "from words import clean\nimport pandas as pd\nK = 2")
    session.declare(slow("rows = pd.read_csv('adult.csv')"), ["rows"])
    session.declare(slow(f"tidy = clean(len(rows))\nshown = dict(bins={bins})"), ["tidy"])
    session.declare(slow("low, high = tidy, tidy * K"), ["low", "high"], name="pair")
    session.declare(slow("last = high + 1"), ["last"])


def _write_module(folder: Path, deep: str) -> None:
    text = f"def deep(x):\n    return {deep}\ndef clean(x):\n    return deep(x)\n"
    (folder / "words.py").write_text(text)
    if "words" in sys.modules:
        importlib.reload(sys.modules["words"])


@pytest.fixture
def words(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.syspath_prepend(folder)
    monkeypatch.chdir(folder)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    _write_module(folder, "x + 1")
    (folder / "adult.csv").write_text("a\n1\n2\n")
    yield folder
    sys.modules.pop("words", None)


@pytest.mark.parametrize("restart", [False, True], ids=["at once", "after a restart"])
def test_every_reason_is_told_in_a_users_words(
    opened: Callable[..., Session], words: Path, monkeypatch: pytest.MonkeyPatch, restart: bool
) -> None:
    session = opened()
    _workflow(session)
    assert session.why("last").reasons == ("never run before",)
    session.run()
    (words / "adult.csv").write_text("a\n1\n2\n3\n")
    _write_module(words, "x + 2")
    if restart:
        session.close()
        session = opened()
    _workflow(session, bins=12)
    session.namespace["K"] = 3
    with monkeypatch.context() as patch:
        newer = Part("module", "pandas", "99.1", "99.1")
        patch.setattr(
            "helix_jupyter.fingerprint.capture.module_part", lambda top: newer if top == "pandas" else module_part(top)
        )
        assert session.why("rows").reasons == (f"pandas {version_of('pandas')} -> 99.1",)
    session.plan()
    assert session.why("tidy").reasons[:2] == (
        "line 4 changed: bins=10 -> bins=12",
        "helper `deep` changed in words.py (called by `clean`)",
    )
    assert session.why("pair").reasons[0] == "`K` changed: 2 -> 3"
    assert "because of `rows`" in session.why("last").reasons[0]
    assert session.why("last").reasons[1] == "`rows`: adult.csv changed"
    assert session.why("rows").reasons == ("adult.csv changed",)
    session.run(["rows"])
    assert "input `rows` changed" in session.why("tidy").reasons


def test_a_package_is_told_by_the_name_that_it_is_installed_under(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    define(session.namespace, "from sklearn.linear_model import LinearRegression")
    session.declare(slow("value = LinearRegression().get_params()"), ["value"])
    session.run()
    assert "scikit-learn" in session.trace("value").packages
    assert f"scikit-learn {version_of('sklearn')}" in str(session.trace("value"))
    with monkeypatch.context() as patch:
        newer = Part("module", "sklearn", "99.1", "99.1")
        patch.setattr(
            "helix_jupyter.fingerprint.capture.module_part", lambda top: newer if top == "sklearn" else module_part(top)
        )
        assert session.why("value").reasons == (f"scikit-learn {version_of('sklearn')} -> 99.1",)
    session.declare(slow("value = 1"), ["value"])
    assert "it no longer uses scikit-learn" in session.why("value").reasons


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("x + 1", "x + 2", "helper `deep` changed in words.py"),
        ("LIMIT = 1", "LIMIT = 2", "constant `LIMIT` changed in words.py"),
        ("print(3)", "print(4)", "module `words` changed (words.py)"),
    ],
    ids=["helper", "constant", "what acts"],
)
def test_why_names_what_changed_in_a_module_that_the_node_imports(
    session: Session, words: Path, old: str, new: str, reason: str
) -> None:
    text = "LIMIT = 1\ndef deep(x):\n    return x + 1\ndef clean(x):\n    return deep(x) + LIMIT\nprint(3)\n"
    for now in (text, text.replace(old, new)):
        (words / "words.py").write_text(now)
        if "words" in sys.modules:
            importlib.reload(sys.modules["words"])
        session.declare(slow("from words import clean\nvalue = clean(1)"), ["value"])
        if now == text:
            session.run()
    assert session.why("value").reasons == (reason,)


def test_a_changed_table_is_told_with_its_entries(session: Session) -> None:
    session.namespace["K"] = {"a": 1}
    session.declare(slow("value = K['a']"), ["value"])
    session.run()
    session.namespace["K"] = {"a": 2}
    assert session.why("value").reasons == ("`K['a']` changed: 1 -> 2",)


def test_joblib_1710_what_was_accepted_is_recorded_and_shown(opened: Callable[..., Session]) -> None:
    session = opened()
    session.declare(slow("total = 6"), ["total"])
    session.run()
    session.declare(slow("print('<b>')\ntotal = 6"), ["total"])
    session.accept("total")
    version = session.run()
    session.close()
    session = opened()
    version = session.version(version.id)
    assert version.nodes["total"].accepted
    assert "  accepted as giving the same value: total" in as_text(version).splitlines()
    assert "accepted as giving the same value: total" in as_html(version)
    assert "accepted: an earlier code made this value" in str(session.trace("total"))
    assert not session.version(1).nodes["total"].accepted


@pytest.mark.parametrize("policy", ["adaptive", "helix", "all", "none", "memory"])
def test_what_is_never_to_be_stored_is_never_stored(opened, policy: str) -> None:  # type: ignore[no-untyped-def]
    session = opened(policy=policy)
    declare_chain(session)
    session.never_store("total")
    session.run()
    session.flush()
    assert "total" not in {fact.node for fact in session.store.artifacts().values()}
    assert computed(session.run()) == []  # memory still has it
    session.close()
    second = opened(policy=policy)
    declare_chain(second)
    assert second.plan(["total"]).states["total"] is State.COMPUTE


def test_never_storing_deletes_what_is_stored_and_unpin_takes_it_back(session: Session) -> None:
    declare_chain(session)
    session.pin("total")
    session.run()
    assert session.never_store("total") > 0
    assert session.store.pins("main") == set()
    assert session.status()["total"].keeping == "never stored"
    assert "never stored" in str(session.status())
    assert any("never stored" in reason for reason in session.why("total").reasons)
    session.unpin("total")
    session.run(force=["total"])
    session.flush()
    assert "total" in {fact.node for fact in session.store.artifacts().values()}
    session.pin("total")
    assert session.status()["total"].keeping == "pinned"


def test_never_storing_spares_an_equal_value_of_another_node(session: Session) -> None:
    session.declare(slow("one = [1, 2, 3]"), ["one"])
    session.declare(slow("two = [1, 2, 3]"), ["two"])
    session.run()
    session.flush()
    session.never_store("one")
    assert session.store.has([session.version().nodes["two"].outputs[0].digest])


FIELDS = """
def scaled(x, k={k}, *, bins={bins}): return x * k
class Config:
    rate = {rate}
    def doubled(self): return self.rate * 2
class Run:
    pass
run = Run()
run.size = {size}
"""
WHY_FIELDS = {
    "default": ({"k": 2}, "default of parameter `k` of `scaled` changed: 1 -> 2"),
    "default by name": ({"bins": "[5] * 50"}, "default of parameter `bins` of `scaled` changed: 7 -> list"),
    "class": ({"rate": 0.5}, "attribute `Config.rate` changed: 0.1 -> 0.5"),
    "instance": ({"size": "'large'"}, "attribute `run.size` changed: 3 -> 'large'"),
}


@pytest.mark.parametrize(("edit", "reason"), WHY_FIELDS.values(), ids=WHY_FIELDS)
def test_the_reason_names_the_field_that_changed(session: Session, edit: dict[str, object], reason: str) -> None:
    held: dict[str, object] = {"k": 1, "bins": "7", "rate": 0.1, "size": 3}
    define(session.namespace, FIELDS.format(**held))
    session.declare(slow("value = scaled(run.size), Config().doubled()"), ["value"])
    session.run()
    define(session.namespace, FIELDS.format(**held | edit))
    assert session.why("value").reasons == (reason,)
    assert computed(session.run()) == ["value"]
    define(session.namespace, FIELDS.format(**held))
    assert computed(session.run()) == []


def test_a_field_and_the_code_around_it_are_both_named(session: Session) -> None:
    define(session.namespace, "def scaled(x, k=1): return x * k")
    session.declare(slow("value = scaled(2)"), ["value"])
    session.run()
    define(session.namespace, "def scaled(x, k=2): return x + k")
    assert session.why("value").reasons == (
        "default of parameter `k` of `scaled` changed: 1 -> 2",
        "helper `scaled` changed",
    )
    define(session.namespace, "def scaled(x): return x")
    assert session.why("value").reasons == ("helper `scaled` changed",)


def test_attributes_that_are_no_content_are_no_reason(session: Session) -> None:
    source = "import functools\nclass Run:\n    @functools.cached_property\n    def size(self): return 1\nrun = Run()"
    define(session.namespace, source)
    session.declare(slow("value = run.size"), ["value"])
    session.run()
    assert session.namespace["run"].size == 1
    assert computed(session.run()) == []

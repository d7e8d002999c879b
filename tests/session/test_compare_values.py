"""Values of two versions beside each other: which are read, what is told of the rest, and having it computed again."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from session_helpers import define, ran, slow

from helix_jupyter import Session
from helix_jupyter.errors import CannotWrite, UnknownNode, UnknownOption, UnknownVersion
from helix_jupyter.session import comparing
from helix_jupyter.version.compare_arrays import ArrayDiff
from helix_jupyter.version.compare_frames import FrameDiff
from helix_jupyter.version.compare_models import ModelDiff
from helix_jupyter.version.compare_plain import EntryChange, PlainDiff
from helix_jupyter.view.render import as_html, as_text

Opener = Callable[..., Session]


def two_versions(session: Session) -> None:
    """rows -> total; the second version has another row."""
    session.declare(slow("rows = {'a': 1, 'b': 2}"), ["rows"])
    session.declare(slow("total = sum(rows.values())"), ["total"])
    session.run()
    session.declare(slow("rows = {'a': 1, 'b': 5}"), ["rows"])
    session.run()


def counted(session: Session, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The digests that are loaded from the store from now on; nothing is left in memory."""
    for identity in session._bench.memory.identities:
        session._bench.memory.drop(identity)
    loaded: list[str] = []
    load = session.store.load
    monkeypatch.setattr(session.store, "load", lambda digest: (loaded.append(digest), load(digest))[1])
    return loaded


def test_values_that_differ_are_compared(session: Session) -> None:
    two_versions(session)
    diff = session.diff(1, 2)
    assert list(diff.values) == ["rows", "total"]
    assert diff.values["rows"].detail == PlainDiff((EntryChange("b", "2", "5"),))
    assert diff.values["total"].detail == PlainDiff((EntryChange("", "3", "6"),))


def test_nothing_is_read_before_somebody_looks(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    two_versions(session)
    session.flush()
    loaded = counted(session, monkeypatch)
    diff = session.diff(1, 2)
    repr(diff)
    assert diff.parameters
    assert loaded == []
    assert len(diff.values) == 2
    assert len(loaded) == 4
    as_html(diff)
    assert len(loaded) == 4


def test_equal_digests_are_never_read(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    session.declare(slow("same = list(range(100))"), ["same"])
    session.declare(slow("other = len(same) + 1"), ["other"])
    session.run()
    session.declare(slow("other = len(same) + 2"), ["other"])
    session.run()
    session.flush()
    loaded = counted(session, monkeypatch)
    assert list(session.diff(1, 2).values) == ["other"]
    same = session.version(1).nodes["same"].outputs[0].digest
    assert loaded
    assert same not in loaded


def test_large_values_are_left_for_a_request(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    two_versions(session)
    session.flush()
    loaded = counted(session, monkeypatch)
    monkeypatch.setattr(comparing, "LARGEST_BYTES", 1)
    diff = session.diff(1, 2)
    (first, second) = diff.values["rows"].missing
    assert (first.why, first.version, second.version) == ("large", 1, 2)
    assert loaded == []
    assert "was not read: %helix diff 1 2 --values rows" in as_text(diff)
    assert isinstance(session.diff(1, 2, values="rows").values["rows"].detail, PlainDiff)


def test_all_values_together_have_a_limit(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    two_versions(session)
    of_rows = sum(session.version(number).nodes["rows"].outputs[0].bytes for number in (1, 2))
    monkeypatch.setattr(comparing, "TOTAL_BYTES", of_rows)
    values = session.diff(1, 2).values
    assert values["rows"].detail is not None
    assert [missing.why for missing in values["total"].missing] == ["large", "large"]


def test_what_is_no_longer_stored_is_told_with_its_price(opened: Opener) -> None:
    session = opened(policy="none")
    two_versions(session)
    session.close()
    session = opened(policy="none")
    diff = session.diff(1, 2)
    missing = diff.values["rows"].missing
    assert [(one.version, one.why) for one in missing] == [(1, "not stored"), (2, "not stored")]
    assert all(one.seconds >= 0.02 for one in missing)
    told = as_text(diff)
    price = r"rows of version 1 is no longer stored; computing it takes about [\d.]+ m?s: %helix diff 1 2 --values rows"
    assert re.search(price, told)
    # total needs rows again as well
    assert diff.values["total"].missing[0].seconds >= 0.04


def test_values_are_computed_again_on_request(opened: Opener, told: list[str]) -> None:
    session = opened(policy="none")
    two_versions(session)
    session.close()
    session = opened(policy="none")
    two = session.version(2)
    session.adopt(two)
    before = dict(session.namespace), session.store.artifacts(), session.store.costs("main"), len(session.versions)
    diff = session.diff(1, 2, values=["total"])
    assert diff.values["total"].detail == PlainDiff((EntryChange("", "3", "6"),))
    assert diff.values["total"].missing == ()
    assert diff.values["rows"].missing
    after = dict(session.namespace), session.store.artifacts(), session.store.costs("main"), len(session.versions)
    assert after == before
    said = [line.partition(": about")[0] for line in told if ": about" in line]
    assert said == ["computing total of version 1 again", "computing total of version 2 again"]


def test_shell_lines_run_again_where_no_notebook_is(opened: Opener) -> None:
    shell = SimpleNamespace(getoutput=lambda command: subprocess.getoutput(command).splitlines())

    def notebook() -> Session:
        return opened(policy="none", tools=lambda: {"get_ipython": lambda: shell})

    session = notebook()
    for word in ("one", "three"):
        session.declare(slow(f"length = len(get_ipython().getoutput('echo {word}')[0])"), ["length"])
        session.run()
    session.close()
    found = notebook().diff(1, 2, values=["length"]).values["length"]
    assert (found.detail, found.missing, found.notes) == (PlainDiff((EntryChange("", "3", "5"),)), (), ())


def test_what_is_stored_is_loaded_and_not_computed(opened: Opener, folder: Path) -> None:
    session, log = opened(), folder / "ran"
    session.declare(slow(f"open({str(log)!r}, 'a').write('x')\nrows = [1, 2, 3]"), ["rows"])
    session.declare(slow("total = sum(rows)"), ["total"])
    session.run()
    session.declare(slow("total = sum(rows) + 1"), ["total"])
    session.run()
    session.flush()
    first = session.version(1).nodes["total"].outputs[0].digest
    session.store.evict([first], "test")
    session._bench.memory.drop(first)
    assert log.read_text() == "x"
    assert [one.version for one in session.diff(1, 2).values["total"].missing] == [1]
    diff = session.diff(1, 2, values="total")
    assert diff.values["total"].detail == PlainDiff((EntryChange("", "6", "7"),))
    assert log.read_text() == "x"


def test_helpers_and_constants_are_those_of_the_version(opened: Opener) -> None:
    session = opened(policy="none")
    define(session.namespace, "C = 2")
    define(session.namespace, "def scale(x): return x * C")
    session.declare(slow("scaled = scale(10)"), ["scaled"])
    session.run()
    define(session.namespace, "C = 3")
    session.run()
    assert session.namespace["scaled"] == 30
    for identity in session._bench.memory.identities:
        session._bench.memory.drop(identity)
    diff = session.diff(1, 2, values="scaled")
    assert diff.values["scaled"].detail == PlainDiff((EntryChange("", "20", "30"),))
    assert (session.namespace["C"], session.namespace["scaled"]) == (3, 30)


def test_a_link_of_a_chain_is_computed_as_it_was_there(opened: Opener) -> None:
    session = opened(policy="none")
    session.declare(slow("table = [1]"), ["table"])
    session.declare(slow("table.append(2)"), ["table"], name="longer", update=True)
    session.run()
    session.declare(slow("table = [7]"), ["table"], name="table")
    session.run()
    for identity in session._bench.memory.identities:
        session._bench.memory.drop(identity)
    values = session.diff(1, 2, values=["table", "longer"]).values
    assert values["table"].detail == PlainDiff((EntryChange("0", "1", "7"),))
    assert values["longer.table"].detail == PlainDiff((EntryChange("0", "1", "7"),))


def test_a_value_that_comes_out_differently_is_told(opened: Opener, folder: Path) -> None:
    session = opened(policy="none")
    data = folder / "data.txt"
    data.write_text("1")
    session.declare(slow(f"rows = int(open({str(data)!r}).read())"), ["rows"])
    session.run()
    data.write_text("2")
    session.run()
    for identity in session._bench.memory.identities:
        session._bench.memory.drop(identity)
    value = session.diff(1, 2, values="rows").values["rows"]
    assert value.notes == ("computed again, rows of version 1 is not what it was then",)


def test_what_fails_when_computed_again_is_told(opened: Opener, folder: Path) -> None:
    session = opened(policy="none")
    data = folder / "data.txt"
    data.write_text("1")
    session.declare(slow(f"rows = int(open({str(data)!r}).read())"), ["rows"])
    session.run()
    data.write_text("2")
    session.run()
    data.unlink()
    for identity in session._bench.memory.identities:
        session._bench.memory.drop(identity)
    diff = session.diff(1, 2, values="rows")
    assert diff.values["rows"].detail is None
    assert "FileNotFoundError" in as_text(diff)


def test_who_asks_for_what_is_not_there_is_told(session: Session) -> None:
    two_versions(session)
    with pytest.raises(UnknownNode):
        session.diff(1, 2, values="nothing")
    with pytest.raises(UnknownVersion):
        session.diff(1, 9)
    with pytest.raises(UnknownOption):
        session.diff(1, 2, 1, values="rows")


def test_values_that_raise_do_not_break_a_diff(session: Session) -> None:
    define(session.namespace, "class Odd(dict):\n    def __len__(self): raise RuntimeError('no')")
    session.declare(slow("rows = Odd(a=1)"), ["rows"])
    session.run()
    session.declare(slow("rows = Odd(a=2)"), ["rows"])
    session.run()
    assert "rows" in as_text(session.diff(1, 2))
    assert "rows" in as_html(session.diff(1, 2))


def test_frames_arrays_and_models_are_compared(session: Session) -> None:
    define(session.namespace, "import numpy as np\nimport pandas as pd\nfrom sklearn.linear_model import Ridge")
    session.declare(slow("rows = pd.DataFrame({'a': [1.0, 2.0, 3.0, 4.0], 'b': [1.0, 0.0, 0.0, 1.0]})"), ["rows"])
    session.declare(
        slow("names = ['size', 'flag']\nfeatures = rows.to_numpy() * 2"), ["features", "names"], name="encode"
    )
    session.declare(slow("train = features[:4]"), ["train"])
    session.declare(slow("model = Ridge(alpha=1.0).fit(train, [1, 2, 3, 4])"), ["model"])
    session.run()
    session.declare(slow("rows = pd.DataFrame({'a': [1.0, 2.0, 3.0, 9.0], 'b': [1.0, 0.0, 0.0, 1.0]})"), ["rows"])
    session.declare(slow("model = Ridge(alpha=2.0).fit(train, [1, 2, 3, 4])"), ["model"])
    version = session.run()
    assert ran(version)["encode"] == "compute"
    values = session.diff(1, 2).values
    rows, features, model = (values[name].detail for name in ("rows", "encode.features", "model"))
    assert isinstance(rows, FrameDiff)
    assert [column.column for column in rows.columns] == ["a"]
    assert isinstance(features, ArrayDiff)
    assert (features.difference, features.changed) == (10.0, 1)
    assert isinstance(model, ModelDiff)
    assert [parameter.name for parameter in model.parameters] == ["alpha"]
    assert model.named
    # the features' names are a list beside them, two nodes above the model
    assert {weight.feature for weight in model.weights} == {"size", "flag", "(intercept)"}


FIGURE = """import numpy
from matplotlib.figure import Figure
figure = Figure(figsize=(12, 9))
figure.subplots().imshow(numpy.random.default_rng(SEED).random((300, 400)))
"""


def two_figures(session: Session) -> None:
    """A node whose value is a figure of some hundred kB, in two versions."""
    for seed in "12":
        session.declare(FIGURE.replace("SEED", seed), ["figure"])
        session.run()


def test_a_value_that_is_a_figure_is_among_the_figures(session: Session) -> None:
    two_figures(session)
    diff = session.diff(1, 2)
    assert dict(diff.values) == {}
    ((node, (pair,)),) = diff.figures.items()
    assert (node, pair.before.kind, pair.before.digest != pair.after.digest) == ("figure", "image/png", True)
    shown = as_html(diff)
    assert shown.index("Figures") < shown.index("data:image/png")


def test_figures_fit_into_a_saved_notebook_and_are_whole_in_a_file(session: Session, folder: Path) -> None:
    two_figures(session)
    diff = session.diff(1, 2)
    (pair,) = diff.figures["figure"]
    assert len(pair.before.data) > 150_000
    shown = as_html(diff)
    assert shown.count("data:image/png") == 2
    assert len(shown) < 140_000
    assert pair.before.data in session.export_diff("page.html", 1, 2).read_text()


def test_what_there_is_not_to_compare_is_told(session: Session, told: list[str]) -> None:
    two_versions(session)
    session.declare(slow("more = 1"), ["more"])
    session.run()
    assert session.diff(2, 3, values=["rows", "more"]).values == {}
    assert told[-2:] == [
        "more: only version 3 has it: there is nothing to compare",
        "rows: its value is the same in both versions",
    ]


def test_names_of_features_may_be_an_array(session: Session) -> None:
    define(session.namespace, "import numpy as np\nfrom sklearn.linear_model import Ridge")
    session.declare(
        slow("names = np.array(['size', 'flag'], object)\nfeatures = np.array([[1.0, 2.0], [3.0, 1.0]])"),
        ["features", "names"],
        name="encode",
    )
    for alpha in (1.0, 2.0):
        session.declare(slow(f"model = Ridge(alpha={alpha}).fit(features, [1, 2])"), ["model"])
        session.run()
    detail = session.diff(1, 2).values["model"].detail
    assert isinstance(detail, ModelDiff)
    assert detail.named


def test_metrics_are_told_once(session: Session) -> None:
    session.declare(slow("scores = {'accuracy': 0.5}"), ["scores"], metrics=True)
    session.run()
    session.declare(slow("scores = {'accuracy': 0.75}"), ["scores"], metrics=True)
    session.run()
    assert dict(session.diff(1, 2).values) == {}
    assert list(session.diff(1, 2, values="scores").values) == ["scores"]


def test_a_page_that_cannot_be_written_says_so_in_one_line(session: Session, folder: Path) -> None:
    two_versions(session)
    with pytest.raises(CannotWrite, match=r"nowhere.page\.html cannot be written \(No such file or directory\)"):
        session.export_diff("nowhere/page.html", 1, 2)


def test_a_page_needs_nothing_else(session: Session, folder: Path) -> None:
    two_versions(session)
    path = session.export_diff("diff.html", 1, 2)
    text = path.read_text(encoding="utf-8")
    assert path == folder / "diff.html"
    assert text.startswith("<!doctype html>")
    assert "default-src 'none'" in text
    assert "prefers-color-scheme:dark" in text
    assert "<script" not in text
    assert "http-equiv" in text
    assert 'src="http' not in text
    assert session.export_diff("many.html", 1, 2, 1).read_text(encoding="utf-8").count("<h4") >= 1

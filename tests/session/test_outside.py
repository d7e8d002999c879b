"""What nodes depend on outside the notebook besides the content of files, and what is said of the rest."""

from __future__ import annotations

import os
import sqlite3
import tempfile
import textwrap
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import xxhash
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from session_helpers import computed, define, slow

from helix_jupyter import Session
from helix_jupyter.errors import UnknownOption, WatchFailed
from helix_jupyter.fingerprint.framing import digest_fields

Opener = Callable[..., Session]


@pytest.fixture(autouse=True)
def beside(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The working directory is the notebook's, as it is in a notebook."""
    monkeypatch.chdir(folder)


def rerun(session: Session, *names: str) -> tuple[list[str], Any]:
    """What the next run computes, and the values."""
    ran = computed(session.run())
    return ran, tuple(session.namespace[name] for name in names)


# questions about files

QUESTIONS = [
    pytest.param("import os\nx = os.path.exists('new' + '.txt')", False, True, id="exists"),
    pytest.param("from pathlib import Path\nx = Path('new' + '.txt').is_file()", False, True, id="Path.is_file"),
    pytest.param("import glob\nx = len(glob.glob('*/*.txt'))", 0, 0, id="glob elsewhere"),
    pytest.param("import glob\nx = len(glob.glob('*.txt'))", 0, 1, id="glob"),
    pytest.param("import os\nx = len([n for n in os.listdir() if n.endswith('txt')])", 0, 1, id="listdir"),
    pytest.param(
        "try:\n    x = open('new' + '.txt').read()\nexcept FileNotFoundError:\n    x = 'none'",
        "none",
        "a",
        id="open fails",
    ),
]


@pytest.mark.parametrize(("code", "before", "after"), QUESTIONS)
def test_a_file_that_appears_and_vanishes_is_seen(session: Session, code: str, before: Any, after: Any) -> None:
    session.declare(code, ["x"])
    assert rerun(session, "x") == (["x"], (before,))
    Path("new.txt").write_text("a")
    assert rerun(session, "x")[1] == (after,)
    assert rerun(session)[0] == []
    Path("new.txt").unlink()
    assert rerun(session, "x") == ([], (before,))


@pytest.mark.parametrize("pattern", ["glob.glob('p/*/x.csv')", "list(Path('p').glob('*/x.csv'))"])
def test_a_part_that_appears_deep_in_a_glob_is_seen(session: Session, pattern: str) -> None:
    for name in "ab":
        Path("p", name).mkdir(parents=True)
    Path("p/a/x.csv").write_text("1")
    session.declare(f"import glob\nfrom pathlib import Path\nx = len({pattern})", ["x"])
    assert rerun(session, "x") == (["x"], (1,))
    Path("p/b/x.csv").write_text("1")
    assert rerun(session, "x") == (["x"], (2,))


def test_a_node_that_reads_a_files_age_is_computed_after_a_touch(session: Session) -> None:
    Path("a.txt").write_text("1")
    session.declare("import os\nage = os.path.getmtime('a.txt')", ["age"])
    session.declare("import os\nsize = os.path.getsize('a.txt')", ["size"])
    session.run()
    os.utime("a.txt", (1, 1))
    assert rerun(session, "age") == (["age"], (1.0,))


def test_the_reason_names_the_file_that_appeared(session: Session) -> None:
    session.declare("import os\nx = os.path.exists('new.txt')", ["x"])
    session.run()
    Path("new.txt").write_text("a")
    assert session.why("x").reasons[0] == "new.txt appeared"


def test_a_cache_that_a_node_looks_for_and_writes_is_no_input(session: Session) -> None:
    code = (
        "import os\nif os.path.exists('c'):\n    x = open('c').read()\nelse:\n    x = '1'\n    open('c', 'w').write(x)"
    )
    session.declare(code, ["x"])
    session.run()
    assert rerun(session)[0] == []


def test_a_file_whose_time_lies_in_the_future_is_reused(session: Session, told: list[str]) -> None:
    Path("a.txt").write_text("1")
    os.utime("a.txt", (time.time() + 10**6,) * 2)
    session.declare("x = open('a.txt').read()", ["x"])
    session.run()
    assert rerun(session)[0] == []
    assert told == []


def test_a_file_that_changes_while_it_is_read_is_not_reused(session: Session, told: list[str]) -> None:
    Path("a.txt").write_text("1")
    os.utime("a.txt", (1, 1))
    define(session.namespace, "import subprocess, sys")
    other = "subprocess.run([sys.executable, '-c', 'open(\\'a\\' + \\'.txt\\', \\'w\\').write(\\'2\\')'])"
    session.declare(f"x = open('a.txt').read()\nif x == '1':\n    {other}", ["x"])
    session.run()
    assert [line for line in told if "while it changed" in line]
    assert rerun(session, "x") == (["x"], ("2",))
    assert rerun(session)[0] == []


def test_a_relative_path_is_read_where_the_notebook_stands_now(session: Session) -> None:
    for name in "ab":
        Path(name).mkdir()
        Path(name, "f.txt").write_text(name)
    session.declare("x = open('f.txt').read()", ["x"])
    for place, ran in (("a", ["x"]), ("../b", ["x"]), ("../a", [])):
        os.chdir(place)
        assert rerun(session, "x") == (ran, (place[-1],))


def test_what_a_database_holds_in_its_log_is_seen(session: Session) -> None:
    with closing(sqlite3.connect("t.db")) as writer:
        writer.executescript("pragma journal_mode = wal; create table t (a); insert into t values (1)")
        query = "c.execute('select sum(a) from t').fetchone()[0]"
        session.declare(f"import sqlite3\nwith sqlite3.connect('t.db') as c:\n    x = {query}", ["x"])
        assert rerun(session, "x") == (["x"], (1,))
        assert rerun(session)[0] == []
        writer.execute("insert into t values (10)")
        writer.commit()
        assert rerun(session, "x") == (["x"], (11,))


def test_a_database_that_a_query_attaches_is_an_input(session: Session) -> None:
    def write(number: int) -> None:
        with closing(sqlite3.connect("other.db")) as writer:
            writer.executescript(f"drop table if exists t; create table t (a); insert into t values ({number})")

    write(1)
    code = """
        import contextlib, sqlite3
        with contextlib.closing(sqlite3.connect(":memory:")) as c:
            c.execute("attach 'other.db' as other")
            x = c.execute("select a from other.t").fetchone()[0]
    """
    session.declare(slow(textwrap.dedent(code)), ["x"])
    assert rerun(session, "x") == (["x"], (1,))
    assert rerun(session)[0] == []
    write(2)
    assert rerun(session, "x") == (["x"], (2,))


@pytest.mark.parametrize(
    "query",
    [
        "pl.sql(f\"select * from read_csv('{name}')\").collect()",
        "pl.SQLContext().execute(query=f\"select * from READ_CSV ( '{name}' )\", eager=True)",
        "pl.DataFrame({'b': [1]}).sql(f\"select v.* from read_csv('{name}') v\")",
    ],
)
def test_a_file_that_a_polars_query_names_is_an_input(opened: Opener, query: str) -> None:
    pytest.importorskip("polars")
    Path("d.csv").write_text("a\n1\n")
    session = opened()
    for text in ("1", "2"):
        Path("d.csv").write_text(f"a\n{text}\n")
        session.declare(slow(f"import polars as pl\nname = 'd' + '.csv'\nx = {query}['a'].to_list()"), ["x"])
        assert rerun(session, "x") == (["x"], ([int(text)],))
        assert rerun(session)[0] == []
    session.close()
    Path("d.csv").write_text("a\n3\n")
    session = opened()
    session.declare(slow(f"import polars as pl\nname = 'd' + '.csv'\nx = {query}['a'].to_list()"), ["x"])
    assert rerun(session, "x") == (["x"], ([3],))


def test_a_file_that_a_command_names_is_an_input(session: Session) -> None:
    Path("a.txt").write_text("1")
    code = "import subprocess\nx = subprocess.run(['cat', 'a.' + 'txt'], capture_output=True, text=True).stdout"
    session.declare(code, ["x"])
    session.run()
    Path("a.txt").write_text("2")
    assert rerun(session, "x") == (["x"], ("2",))


def test_a_database_that_one_node_changes_is_read_anew_by_another(session: Session, told: list[str]) -> None:
    insert = "c.executescript('drop table if exists t; create table t (a); insert into t values (N)')"
    session.declare(f"import sqlite3\nwith sqlite3.connect('t.db') as c:\n    {insert.replace('N', '1')}\nw = 1", ["w"])
    query = "c.execute('select a from t').fetchone()[0]"
    session.declare(slow(f"import sqlite3\nwith sqlite3.connect('t.db') as c:\n    x = {query}"), ["x"])
    session.run()
    session.declare(f"import sqlite3\nwith sqlite3.connect('t.db') as c:\n    {insert.replace('N', '2')}\nw = 1", ["w"])
    assert rerun(session, "x") == (["w", "x"], (2,))
    assert any("'x' reads t.db, which node 'w' writes" in line for line in told)


STATES = st.tuples(st.sampled_from([None, "1", "2"]), st.sampled_from([None, "a", "b"]), st.sampled_from(["", "sub"]))


@given(st.lists(STATES, min_size=1, max_size=8))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_always_what_a_fresh_run_gives_and_never_computed_twice(
    tmp_path: Path, states: list[tuple[str | None, str | None, str]]
) -> None:
    place = Path(tempfile.mkdtemp(dir=tmp_path))
    (place / "sub").mkdir()
    code = """
        import os
        x = [os.environ.get("MODE"), os.path.basename(os.getcwd()) == "sub"]
        x.append(open("f" + ".txt").read() if os.path.exists("f" + ".txt") else None)
    """
    seen = set()
    with pytest.MonkeyPatch.context() as patch, Session(folder=place, policy="all") as session:
        session.declare(textwrap.dedent(code), ["x"])
        for content, mode, sub in states:
            patch.chdir(place / sub)
            (place / sub / "f.txt").unlink(missing_ok=True)
            if content is not None:
                (place / sub / "f.txt").write_text(content)
                os.utime(place / sub / "f.txt", (1, 1))
            patch.delenv("MODE", raising=False)
            if mode is not None:
                patch.setenv("MODE", mode)
            ran = computed(session.run())
            assert session["x"] == [mode, sub == "sub", content]
            assert ran == ([] if (content, mode, sub) in seen else ["x"])
            seen.add((content, mode, sub))


# values that read later, or that have no digest

LATE = [
    pytest.param("import polars as pl\nv = pl.scan_csv('a.csv')", "x = v.collect().item()", id="polars"),
    pytest.param(
        "import pyarrow.dataset as ds\nv = ds.dataset('a.csv', format='csv')",
        "x = v.to_table()['n'][0].as_py()",
        id="pyarrow",
    ),
    pytest.param(
        "import threading\nclass Held: pass\nv = Held()\nv.lock = threading.Lock()\nv.n = open('a.csv').read()",
        "x = int(v.n.split()[1])",
        id="without a digest",
    ),
]


@pytest.mark.parametrize(("first", "second"), LATE)
def test_what_rests_on_a_file_by_way_of_a_value_without_content_is_computed(
    session: Session, first: str, second: str
) -> None:
    Path("a.csv").write_text("n\n1\n")
    session.declare(first, ["v"])
    session.declare(second, ["x"])
    session.run()
    assert rerun(session)[0] == []
    Path("a.csv").write_text("n\n2\n")
    assert rerun(session, "x") == (["v", "x"], (2,))


def test_a_lazy_frame_of_values_at_hand_has_a_digest(session: Session) -> None:
    session.declare("import polars as pl\nv = pl.DataFrame({'n': [1]}).lazy()", ["v"])
    assert session.run().nodes["v"].outputs[0].by_content


def test_what_rests_on_a_volatile_value_without_a_digest_is_computed(session: Session) -> None:
    code = "import threading, random\nclass Held: pass\nv = Held()\nv.lock = threading.Lock()"
    session.declare(code, ["v"], volatile=True)
    session.declare("x = v is not None", ["x"])
    session.run()
    assert rerun(session)[0] == ["v", "x"]


# files from one node to another


def test_a_file_from_one_node_to_another_is_told_and_followed(session: Session, told: list[str]) -> None:
    session.declare("open('out.csv', 'w').write('1')\nexport = 1", ["export"])
    session.declare("report = open('out.csv').read()", ["report"])
    assert rerun(session, "report")[1] == ("1",)
    assert len(told) == 1
    assert all(word in told[0] for word in ("'report' reads out.csv", "'export' writes"))
    assert rerun(session)[0] == []
    told.clear()
    session.declare("open('out.csv', 'w').write('2')\nexport = 1", ["export"])
    assert rerun(session, "report") == (["export", "report"], ("2",))
    assert len(told) == 1
    assert rerun(session)[0] == []
    assert session.trace("export").step.writes == ("out.csv",)


def test_a_reader_that_a_plan_had_loaded_first_is_computed_after_all(session: Session) -> None:
    session.declare(slow("import os\nreport = open('out.csv').read() if os.path.exists('out.csv') else ''"), ["report"])
    session.declare("open('out.csv', 'w').write('1')\nexport = 1", ["export"])
    session.run()
    session.run()
    session.declare("open('out.csv', 'w').write('2')\nexport = 1", ["export"])
    version = session.run()
    assert computed(version) == ["report", "export"]
    assert session["report"] == "2"


def test_a_file_along_an_edge_is_nothing_to_tell(session: Session, told: list[str]) -> None:
    session.declare("path = 'out.csv'\nopen(path, 'w').write('1')", ["path"])
    session.declare("report = open(path).read()", ["report"])
    session.run()
    session.declare("path = 'out.csv'\nopen(path, 'w').write('2')", ["path"])
    assert rerun(session, "report") == (["path", "report"], ("2",))
    assert told == []


# environment variables


def test_a_variable_that_a_node_reads_counts(opened: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    for value, ran in (("a", ["x"]), ("b", ["x"]), ("a", [])):
        session = opened()
        monkeypatch.setenv("MODE", value)
        define(session.namespace, "import os\ndef mode(): return os.environ.get('MODE')")
        session.declare(slow("x = mode()"), ["x"])
        assert rerun(session, "x") == (ran, (value,))
    monkeypatch.delenv("MODE")
    assert session.why("x").reasons[0] == "environment variable MODE changed"
    assert session.trace("x").step.environment == ("MODE",)


def test_the_value_of_a_variable_is_not_kept(session: Session, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setenv("TOKEN", "my-secret")
    session.declare("import os\nx = len(os.environ['TOKEN'])", ["x"])
    session.run()
    session.close()
    for path in folder.rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        assert b"my-secret" not in content
        # nor what it could be guessed from
        assert xxhash.xxh3_128_hexdigest(b"my-secret").encode() not in content
        assert digest_fields("my-secret").encode() not in content


def test_a_variable_that_a_node_sets_is_put_back(
    session: Session, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEPT", "a")
    monkeypatch.delenv("MADE", raising=False)
    session.declare("import os\nos.environ['KEPT'] = 'b'\nos.environ['MADE'] = 'c'\nx = os.environ['KEPT']", ["x"])
    session.run()
    assert (session["x"], os.environ["KEPT"], os.environ.get("MADE")) == ("b", "a", None)
    assert len(told) == 1
    assert "`KEPT`, `MADE`" in told[0]


def test_workers_stand_where_the_notebook_stands(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("other").mkdir()
    for name in "xy":
        session.declare(f"import os\n{name} = os.environ.get('MODE'), os.path.basename(os.getcwd())", [name])
    for mode, place in (("a", "."), ("b", "other")):
        monkeypatch.setenv("MODE", mode)
        monkeypatch.chdir(place)
        session.run(jobs=2, force=["x", "y"])
        assert session["x"] == session["y"] == (mode, Path.cwd().name)


# --watch


def test_a_watched_function_counts_by_its_value(session: Session) -> None:
    calls: list[int] = []
    newest = [1]

    def latest() -> int:
        calls.append(1)
        return newest[0]

    session.declare("x = 1", ["x"], watch=latest)
    session.declare("y = x", ["y"], watch="latest")
    session.run()
    calls.clear()
    assert rerun(session)[0] == []
    assert calls == [1]  # once a plan, however many watch it
    newest[0] = 2
    assert session.why("x").reasons[0] == "latest changed"
    assert rerun(session)[0] == ["x", "y"]
    newest[0] = 1
    assert rerun(session)[0] == []


def test_a_plain_cell_does_not_call_a_watched_function(session: Session) -> None:
    session.declare("x = 1", ["x"], watch="latest")
    session.namespace["latest"] = lambda: 1
    session.run()
    session.namespace["latest"].__defaults__ = None
    calls: list[int] = []
    session.namespace["latest"] = lambda: calls.append(1)
    session.run()
    calls.clear()
    session.prepare_names(["x"])
    assert calls == []


@pytest.mark.parametrize(
    ("source", "said"),
    [
        pytest.param("def latest(): raise ValueError('no\\nroute')", "ValueError: no route", id="raises"),
        pytest.param("def latest(): return open(__file__)", "NameError", id="fails"),
        pytest.param("def latest(): return (n for n in ())", "a generator gives its items once", id="no digest"),
    ],
)
def test_a_watched_function_that_fails_is_one_line(session: Session, source: str, said: str) -> None:
    define(session.namespace, source)
    session.declare("x = 1", ["x"], watch="latest")
    session.declare("y = 1", ["y"])
    assert computed(session.run("y")) == ["y"]
    with pytest.raises(WatchFailed, match="Node 'x' watches 'latest'") as failure:
        session.run("x")
    assert said in str(failure.value)
    assert "\n" not in str(failure.value)
    define(session.namespace, "def latest(): return 1")
    assert computed(session.run()) == ["x"]


def test_a_decorated_function_may_watch(session: Session) -> None:
    def latest() -> int:
        return 1

    @session.node(watch=latest)
    def x() -> int:
        return 1

    @session.node(watch="*.csv")
    def y() -> int:
        return 1

    session.run()
    Path("a.csv").write_text("")
    assert rerun(session)[0] == ["y"]
    assert set(session.trace("x").step.files) == {"latest"}


@pytest.mark.parametrize("watched", ["nothing", "NUMBER"])
def test_what_is_neither_function_nor_file_cannot_be_watched(session: Session, watched: str) -> None:
    session.namespace["NUMBER"] = 5
    session.declare("x = 1", ["x"], watch=watched)
    with pytest.raises(WatchFailed, match=f"Node 'x' watches '{watched}'.*neither a function"):
        session.run()


@pytest.mark.parametrize("source", ["def latest(): raise OSError('no route')", "import sys\nlatest = sys.exit", ""])
def test_a_watch_that_fails_concerns_its_node_alone(session: Session, source: str) -> None:
    session.namespace["latest"] = lambda: 1
    session.declare(slow("x = 1"), ["x"], watch="latest")
    session.declare(slow("behind = x"), ["behind"])
    session.declare(slow("other = 1"), ["other"])
    session.run()
    session.declare(slow("other = 2"), ["other"])
    del session.namespace["latest"]
    define(session.namespace, source)
    table = {row.node: (str(row.state), row.reason) for row in session.status().rows}
    assert table["x"][0] == "compute"
    assert table["x"][1].startswith("Node 'x' watches 'latest', which failed: ")
    assert table["behind"] == ("compute", "its input `x` will be made anew")
    assert "line 3 changed" in table["other"][1]
    assert session.plan().reasons["x"] == session.why("x").reasons[0] == table["x"][1]
    assert "line 3 changed" in session.why("other").reasons[0]
    assert computed(session.run("other")) == ["other"]
    assert session["other"] == 2
    for target in ("x", "behind", None):
        with pytest.raises(WatchFailed, match=r"Node 'x' watches 'latest', which failed: .*Mend it"):
            session.run(target)
    assert session.prepare_names(["x"]) == (table["x"][1],)
    assert len(session.versions) == 2


def test_a_watched_function_that_fails_is_called_once_a_plan(session: Session) -> None:
    calls: list[int] = []

    def latest() -> int:
        calls.append(1)
        raise ValueError("no route")

    session.declare("x = 1", ["x"], watch=latest)
    session.declare("y = 1", ["y"], watch="latest")
    calls.clear()
    assert [row.reason[:8] for row in session.status().rows] == ["Node 'x'", "Node 'y'"]
    assert calls == [1]


def test_a_function_without_a_name_cannot_be_watched(session: Session) -> None:
    with pytest.raises(UnknownOption, match="has a name"):
        session.declare("x = 1", ["x"], watch=[lambda: 1])


# what is said of a result

SAID = [
    pytest.param("import uuid\nx = uuid.uuid4().hex", "draws randomness that no seed governs (uuid.uuid4", id="uuid"),
    pytest.param("import datetime\nx = datetime.date.today()", "reads the clock (date.today in line 2)", id="date"),
    pytest.param(
        "import socket\nx = socket.socket().connect_ex(('127.0.0.1', 9))", "reads from the network (127.0", id="network"
    ),
]


@pytest.mark.parametrize(("code", "said"), SAID)
def test_what_no_seed_governs_is_told_and_recorded(opened: Opener, told: list[str], code: str, said: str) -> None:
    session = opened()
    session.declare(slow(code), ["x"])
    session.run()
    assert [line for line in told if said.replace("line 2", "line 4") in line and "--volatile" in line] == told != []
    told.clear()
    assert rerun(session)[0] == []
    assert told == []
    text = said.replace("line 2", "line 4")
    assert text in session.plan().reasons["x"]
    assert text in str(session.why("x"))
    assert text in str(session.trace("x"))
    session.declare(slow(code), ["x"], volatile=True)
    session.run()
    assert told == []


def test_how_long_something_took_is_recorded_and_not_told(session: Session, told: list[str]) -> None:
    code = "import time\nstarted = time.time()\nx = time.time() - started"
    session.declare(code, ["x"])
    session.run()
    assert told == []
    assert "reads the clock (time.time in line 2)" in str(session.trace("x"))
    assert "reads the clock (time.time in line 2)" in session.declare(code, ["x"]).action


def test_what_rests_on_an_unsteady_value_without_a_digest_is_computed_with_it(session: Session) -> None:
    code = "import threading, uuid\nclass Held: pass\nv = Held()\nv.lock = threading.Lock()\nv.n = uuid.uuid4().hex"
    session.declare(code, ["v"])
    session.declare("x = v.n", ["x"])
    session.run()
    session.run(force=["v"])
    assert session["x"] == session["v"].n


LISTED = {
    "os.listdir": "import os\nx = len(os.listdir('data'))",
    "glob": "import glob\nx = len(glob.glob('data/*.csv'))",
    "read, too": "from pathlib import Path\nx = sum(len(one.read_text()) for one in Path('data').glob('*.csv'))",
}


@pytest.mark.parametrize("code", LISTED.values(), ids=LISTED)
def test_the_reason_names_what_appeared_in_a_folder_and_vanished(session: Session, code: str) -> None:
    Path("data").mkdir()
    Path("data/a.csv").write_text("1")
    session.declare(code, ["x"])
    assert rerun(session, "x") == (["x"], (1,))
    Path("data/b.csv").write_text("1")
    assert session.why("x").reasons == ("data/b.csv appeared",)
    assert rerun(session, "x") == (["x"], (2,))
    Path("data/a.csv").unlink()
    assert session.why("x").reasons == ("data/a.csv vanished",)
    Path("data/c.csv").write_text("1")
    assert set(session.why("x").reasons) == {"data/a.csv vanished", "data/c.csv appeared"}
    assert rerun(session, "x") == (["x"], (2,))
    assert rerun(session)[0] == []


def test_the_reason_names_a_folder_and_what_appears_beside_the_notebook(opened: Opener) -> None:
    session = opened()
    session.declare("import os\nx = sorted(os.listdir('.'))", ["x"])
    session.run()
    session.close()
    session = opened()
    session.declare("import os\nx = sorted(os.listdir('.'))", ["x"])
    assert session.plan().reasons["x"] != "new/ appeared"
    Path("new").mkdir()
    assert session.why("x").reasons == ("new/ appeared",)


def test_many_files_are_told_in_one_line(session: Session) -> None:
    Path("data").mkdir()
    session.declare("import os\nx = len(os.listdir('data'))", ["x"])
    session.run()
    for number in range(5):
        Path(f"data/{number}.csv").write_text("1")
    assert session.why("x").reasons == ("5 entries of data/ appeared: 0.csv, 1.csv, 2.csv and 2 more",)


def test_of_a_folder_with_very_many_files_it_is_told_that_it_changed(session: Session) -> None:
    Path("data").mkdir()
    for number in range(50):
        Path(f"data/{'long ' * 20}{number}").touch()
    session.declare("import os\nx = len(os.listdir('data'))", ["x"])
    session.run()
    Path("data/one").touch()
    assert session.why("x").reasons == ("what lies in data/ changed",)
    assert rerun(session, "x") == (["x"], (51,))

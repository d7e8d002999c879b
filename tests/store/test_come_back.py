"""A store whose database could not be written goes back to it, with all rows that were new in memory."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from helix_jupyter.fingerprint.files import FileState
from helix_jupyter.store.items import ItemRow
from helix_jupyter.store.pickling import prepare
from helix_jupyter.store.rates import Rates
from helix_jupyter.store.schema import MIGRATIONS
from helix_jupyter.store.store import Store
from helix_jupyter.store.types import OutputFact, Result

Opened = Callable[..., Store]
RESULT = Result("k", "main", "rows", (OutputFact("rows", "aa", True, 10, "list"),), 1.5, 1000.0)
ITEMS = ItemRow("i", "main", "rows", (b"0" * 16,), {"rows": "aa"}, 2.0)
FILE = FileState("file", "ff", 1, 2, 3, 4, 5)


def execute(folder: Path, statement: str) -> None:
    """Do something to the database as another program would."""
    with closing(sqlite3.connect(folder / "helix.db", isolation_level=None)) as connection:
        connection.execute(statement)


@pytest.fixture
def lost(opened: Opened, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A store with one version that was lost meanwhile and could be written by now."""
    monkeypatch.setattr("helix_jupyter.store.database.BUSY_SECONDS", 0.05)
    store = opened()
    store.add_version("main", {"message": "before"}, [b"1"])
    with closing(sqlite3.connect(folder / "helix.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        store.add_alias("old", "older", "main", "rows")
    assert store.is_lost
    return store


def test_every_kind_of_row_is_written(lost: Store, opened: Opened) -> None:
    lost.add_result(RESULT, bytes_read=5)
    lost.add_items(ITEMS)
    lost.remember_file("a.csv", FILE)
    lost.remember_rates(Rates(file=7.0))
    lost.add_alias("new", "old", "main", "rows")
    lost.drop_alias("old", "main", "rows")
    lost.add_version("main", {"message": "lost", "parent": 1}, [b"1", b"2"])
    other = opened()
    other.set_pin("main", "of another kernel", True)
    assert lost.come_back() is not None
    assert (lost.problem, lost.is_lost) == (None, False)
    for store in (lost, other):
        assert store.results(["k"]) == {"k": [RESULT]}
        assert store.costs("main")["rows"].seconds == 1.5
        assert store.items("i") == [ITEMS]
        assert store.file_stats() == {"a.csv": FILE}
        assert store.known_rates().file == 7.0
        assert store.aliases() == {("main", "rows", "new"): "old"}
        assert store.version_payload("main", 2) == [b"1", b"2"]
        assert store.pins("main") == {"of another kernel"}
    assert lost.come_back() is None
    assert write(lost) == "stored"


def test_what_it_is_called_now(lost: Store, opened: Opened) -> None:
    numbers = [lost.add_version("main", {"parent": parent}, []) for parent in (1, 2, None)]
    lost.add_version("side", {}, [])
    other = opened()
    others = [other.add_version("main", {}, []) for _ in range(2)]
    assert (numbers, others) == ([2, 3, 4], [2, 3])
    numbering = lost.come_back()
    assert numbering is not None
    assert [numbering.of("main", number) for number in (1, 2, 3, 4)] == [1, 4, 5, 6]
    assert numbering.of("side", 1) == 1
    assert [(number, parent) for number, parent, _ in lost.version_index("main")] == [
        (1, None),
        (2, None),
        (3, None),
        (4, 1),
        (5, 4),
        (6, None),
    ]
    assert [line for line in lost.problems() if "side" in line] == []
    assert lost.add_version("main", {}, []) == 7


def test_all_of_it_is_written_or_nothing(lost: Store, opened: Opened, folder: Path) -> None:
    lost.add_version("main", {"message": "lost"}, [])
    lost.set_pin("main", "rows", True)
    execute(folder, "ALTER TABLE pins RENAME TO put_away")
    assert lost.come_back() is None
    assert lost.is_lost
    other = opened()
    assert [number for number, _ in other.versions("main")] == [1]
    lost.add_version("main", {"message": "lost as well"}, [])
    execute(folder, "ALTER TABLE put_away RENAME TO pins")
    assert lost.come_back() is not None
    assert [number for number, _ in other.versions("main")] == [1, 2, 3]
    assert other.pins("main") == {"rows"}


def test_what_another_kernel_has_deleted_stays_deleted(lost: Store, opened: Opened) -> None:
    lost.annotate_version("main", 1, {"note": "lost"})
    lost.add_version("main", {"parent": 1}, [])
    opened().delete_versions("main", [1])
    assert lost.come_back() is not None
    assert [number for number, _ in lost.versions("main")] == [2]


def test_a_store_that_another_release_has_migrated_meanwhile_stays_in_memory(
    lost: Store, opened: Opened, folder: Path
) -> None:
    execute(folder, f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    assert lost.come_back() is None
    assert lost.is_lost
    execute(folder, f"PRAGMA user_version = {len(MIGRATIONS)}")
    assert lost.come_back() is not None


def test_no_file_is_written_or_deleted_while_no_row_can_tell_of_it(
    opened: Opened, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("helix_jupyter.store.database.BUSY_SECONDS", 0.05)
    store = opened()
    assert write(store, "abc") == "stored"
    go_on = threading.Event()
    store.writer.submit(go_on.wait)
    pending = store.write("waiting", prepare(1), worth_seconds=1, node="rows", workflow="main")
    with closing(sqlite3.connect(folder / "helix.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert store.evict(["abc"], "forgotten") == 0
    go_on.set()
    store.flush()
    assert pending.state == "refused"
    assert write(store, "refused") == "refused"
    assert [path.name for path in (folder / "objects").rglob("*") if path.is_file()] == ["abc"]
    assert store.untaken(["waiting", "refused"]) == set()
    assert store.come_back() is not None
    assert store.untaken(["waiting", "refused"]) == {"waiting", "refused"}
    assert (store.has(["abc"]), store.evicted("abc")) == (set(), "forgotten")
    assert [path for path in (folder / "objects").rglob("*") if path.is_file()] == []
    assert write(store, "waiting") == "stored"
    assert store.untaken(["waiting", "refused"]) == set()


def test_two_threads_lose_it_and_go_back(opened: Opened, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("helix_jupyter.store.database.BUSY_SECONDS", 0.01)
    monkeypatch.setattr("helix_jupyter.store.store.RETURN_SECONDS", 0.01)
    store = opened()
    failures: list[BaseException] = []

    def work(name: str) -> None:
        try:
            for number in range(60):
                store.add_version(name, {"number": number}, [b"payload"])
                store.come_back()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(name,)) for name in ("one", "two")]
    with closing(sqlite3.connect(folder / "helix.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            threading.Event().wait(0.03)
            other.execute("COMMIT" if other.in_transaction else "BEGIN IMMEDIATE")
    store.come_back()
    assert failures == []
    assert any("Until it can be written" in line for line in store.problems())
    for name in ("one", "two"):
        expected = [(number + 1, {"number": number}) for number in range(60)]
        assert list(store.versions(name)) == expected
        assert list(opened().versions(name)) == expected


def write(store: Store, digest: str = "abc") -> str:
    """What becomes of a value that is to be stored."""
    pending = store.write(digest, prepare(1), worth_seconds=1, node="rows", workflow="main")
    assert pending.wait(30)
    return pending.state

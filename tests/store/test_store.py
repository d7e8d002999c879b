from __future__ import annotations

import decimal
import os
import shutil
import sqlite3
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from helix_jupyter.errors import ArtifactMissing, ArtifactUntrusted
from helix_jupyter.store import artifact_file
from helix_jupyter.store.pickling import prepare
from helix_jupyter.store.store import Store
from helix_jupyter.store.writer import Pending

Opened = Callable[..., Store]
MEGABYTE = np.zeros(10**6, dtype=np.uint8)


def write(store: Store, digest: str, value: object, **facts: Any) -> Pending:
    chosen = {"worth_seconds": 2.0, "node": "rows", "workflow": "main", **facts}
    return store.write(digest, prepare(value), **chosen)


def file_of(store: Store, digest: str) -> Path:
    return store.folder / "objects" / digest[:2] / digest


def paused(store: Store) -> threading.Event:
    """Hold the writer until the event is set."""
    go_on = threading.Event()
    store.writer.submit(go_on.wait)
    return go_on


def test_what_is_written_is_found_by_the_next_store(opened: Opened) -> None:
    first = opened()
    pending = write(first, "abc", {"x": np.arange(10_000)}, node="features", kind="output")
    assert pending.wait(30)
    assert (pending.state, pending.message) == ("stored", "")
    first.close()
    second = opened()
    assert second.has(["abc", "xyz"]) == {"abc"}
    assert (second.load("abc")["x"] == np.arange(10_000)).all()
    second.flush()
    fact = second.artifacts()["abc"]
    assert (fact.node, fact.workflow, fact.kind, fact.worth_seconds) == ("features", "main", "output", 2.0)
    assert fact.bytes == file_of(second, "abc").stat().st_size == second.used_bytes
    assert fact.last_used > fact.created
    assert second.verify() == []


def test_the_folder_is_private_and_ignored_by_git(store: Store) -> None:
    assert (store.folder / ".gitignore").read_text() == "*\n"
    if os.name == "posix":
        assert store.folder.stat().st_mode & 0o777 == 0o700


def test_what_is_being_written_is_waited_for(store: Store) -> None:
    go_on = paused(store)
    write(store, "abc", MEGABYTE)
    threading.Timer(0.1, go_on.set).start()
    assert (store.load("abc") == MEGABYTE).all()


def test_nothing_is_written_twice(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    written = []
    original = artifact_file.write
    monkeypatch.setattr(artifact_file, "write", lambda file, **given: written.append(1) or original(file, **given))
    go_on = paused(store)
    first, second = write(store, "abc", MEGABYTE), write(store, "abc", MEGABYTE)
    assert second is first
    go_on.set()
    store.flush()
    third = write(store, "abc", MEGABYTE)
    assert [first.state, third.state, len(written)] == ["stored", "stored", 1]


def test_a_change_between_asking_and_writing_is_caught(store: Store) -> None:
    value = MEGABYTE.copy()
    go_on = paused(store)
    pending = write(store, "abc", value, node="features")
    assert pending.state == "writing"
    value[-1] = 1
    go_on.set()
    assert pending.wait(30)
    assert pending.state == "changed"
    assert "features" in pending.message
    assert store.problems() == [pending.message]
    assert store.has(["abc"]) == set()
    assert store.used_bytes == 0
    assert write(store, "abc", value).wait(30)
    assert store.has(["abc"]) == {"abc"}


def test_the_budget_counts_what_is_being_written(opened: Opened) -> None:
    store = opened(budget=2_500_000)
    go_on = paused(store)
    states = [write(store, f"abc{number}", MEGABYTE).state for number in range(3)]
    assert states == ["writing", "writing", "refused"]
    assert 2_000_000 < store.used_bytes < 2_500_000
    go_on.set()
    store.flush()
    refused = write(store, "abc2", MEGABYTE)
    assert "budget=SIZE" in refused.message
    store.budget = 4_000_000
    assert write(store, "abc2", MEGABYTE).wait(30)
    assert store.has(["abc2"]) == {"abc2"}


def test_eviction_makes_room_and_its_reason_stays_known(opened: Opened) -> None:
    store = opened()
    write(store, "abc", MEGABYTE)
    store.flush()
    assert store.evicted("abc") is None
    assert store.evict(["abc", "xyz"], "worth too little") > 10**6
    assert not file_of(store, "abc").exists()
    assert store.used_bytes == 0
    store.close()
    store = opened()
    assert store.evicted("abc") == "worth too little"
    with pytest.raises(ArtifactMissing):
        store.load("abc")
    write(store, "abc", MEGABYTE).wait(30)
    assert store.evicted("abc") is None


def test_a_file_that_cannot_be_deleted_yet_stays_counted(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    """On Windows the file of a loaded value is in use; that refusal is put in place of the system's here."""
    store = opened()
    write(store, "abc", MEGABYTE)
    store.flush()
    with monkeypatch.context() as patched:
        patched.setattr("helix_jupyter.store.artifacts.remove", lambda path: False)
        store.evict(["abc"], "worth too little")
        assert store.has(["abc"]) == set()
        assert store.used_bytes > 10**6
        assert store.verify() == []
    store.close()
    assert opened().used_bytes == 0


def test_a_file_deleted_from_outside_is_missing_and_can_be_written_again(store: Store) -> None:
    write(store, "abc", MEGABYTE)
    store.flush()
    file_of(store, "abc").unlink()
    assert store.verify() == ["Artifact abc has a row but no file."]
    assert write(store, "abc", MEGABYTE).wait(30)
    file_of(store, "abc").unlink()
    with pytest.raises(ArtifactMissing):
        store.load("abc")
    assert store.has(["abc"]) == set()


@pytest.mark.parametrize("way", ["damaged", "moved", "other key"])
def test_what_is_not_trusted_counts_as_absent_and_is_told(
    opened: Opened, way: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    store = opened()
    write(store, "abc", MEGABYTE)
    write(store, "def", MEGABYTE)
    store.flush()
    if way == "damaged":
        file_of(store, "abc").write_bytes(file_of(store, "abc").read_bytes()[:-1])
    elif way == "moved":
        shutil.copy(file_of(store, "def"), file_of(store, "abc"))
    else:
        store.close()
        monkeypatch.setenv("HELIX_JUPYTER_HOME", str(tmp_path / "other"))
        store = opened()
    assert any("abc" in line for line in store.verify())
    with pytest.raises(ArtifactUntrusted) as caught:
        store.load("abc")
    assert store.problems() == [str(caught.value)]
    assert "not trusted" in (store.evicted("abc") or "")
    assert write(store, "abc", MEGABYTE).wait(30)
    assert (store.load("abc") == MEGABYTE).all()
    store.evict(["def"], "signed with the other key")


def test_changed_buffers_are_found_by_verify(store: Store) -> None:
    write(store, "abc", MEGABYTE)
    store.flush()
    content = bytearray(file_of(store, "abc").read_bytes())
    content[-1] ^= 1
    file_of(store, "abc").write_bytes(content)
    (problem,) = store.verify()
    assert "buffer 0" in problem
    store.evict(["abc"], problem)


def test_orphans_are_swept_when_the_store_is_opened(opened: Opened) -> None:
    store = opened()
    write(store, "abc", 1)
    store.close()
    orphan, temporary = file_of(store, "abd"), store.folder / "objects" / "tmp" / "abd.0"
    orphan.write_bytes(b"orphan")
    temporary.write_bytes(b"half")
    store = opened()
    assert not orphan.exists()
    assert not temporary.exists()
    assert store.load("abc") == 1


def test_another_store_that_opens_does_not_sweep_what_is_being_written(opened: Opened) -> None:
    first = opened()
    go_on = paused(first)
    pending = write(first, "abc", MEGABYTE)
    second = opened()
    followed = write(second, "abc", MEGABYTE)
    assert followed.state == "writing"
    go_on.set()
    assert pending.wait(30)
    assert followed.wait(30)
    assert followed.state == "stored"
    assert write(second, "abc", MEGABYTE).state == "stored"


def test_what_another_kernel_gives_up_is_written_after_all(opened: Opened) -> None:
    first, second = opened(), opened()
    value = MEGABYTE.copy()
    go_on = paused(first)
    given_up, followed = write(first, "abc", value), write(second, "abc", MEGABYTE)
    value[0] = 1
    go_on.set()
    assert given_up.wait(30)
    assert given_up.state == "changed"
    assert followed.wait(30)
    assert followed.state == "stored"
    assert (second.load("abc") == MEGABYTE).all()


def test_a_store_that_closes_waits_for_no_other_kernel(opened: Opened) -> None:
    first, second = opened(), opened()
    go_on = paused(first)
    write(first, "abc", MEGABYTE)
    followed = write(second, "abc", MEGABYTE)
    another = write(second, "other", MEGABYTE)
    assert another.wait(30)
    second.close()
    assert (followed.state, followed.message) == ("refused", "Another kernel is writing it at this moment.")
    go_on.set()


def test_names_that_are_no_digests_are_refused(store: Store) -> None:
    for name in ("../../etc/passwd", "a", "", "ab/cd", "ab\\cd", "abc\n"):
        with pytest.raises(ValueError, match="is not a digest"):
            write(store, name, 1)
    store.flush()


def blocked_by_a_file(folder: Path) -> None:
    folder.write_text("a file where the folder should be")


def blocked_above(folder: Path) -> None:
    folder.parent.rmdir()
    folder.parent.write_text("a file where the folder above should be")


def damaged_database(folder: Path) -> None:
    folder.mkdir()
    (folder / "helix.db").write_text("no database " * 500)


@pytest.mark.parametrize(
    "block", [blocked_by_a_file, blocked_above, damaged_database], ids=lambda block: block.__name__
)
def test_without_a_folder_it_works_in_memory(tmp_path: Path, block: Callable[[Path], None]) -> None:
    folder = tmp_path / "above" / ".helix"
    folder.parent.mkdir()
    block(folder)
    store = Store.open(folder, budget=10**9)
    assert store.problem
    assert "\n" not in store.problem
    assert store.problems() == [store.problem]
    assert store.problems() == []
    assert write(store, "abc", 1).state == "refused"
    with pytest.raises(ArtifactMissing):
        store.load("abc")
    assert store.evict(["abc"], "no reason") == 0
    assert [store.add_version("main", {}, [b"1"]), store.add_version("main", {}, [b"2"])] == [1, 2]
    assert store.version_payload("main", 2) == [b"2"]
    assert store.collect("main", needed=lambda number: set(), keep_last=1).dry_run
    store.close()


def test_without_a_key_no_artifacts_are_kept(home: Path, folder: Path) -> None:
    home.write_text("a file where the key's folder should be")
    store = Store.open(folder, budget=10**9)
    assert "HELIX_JUPYTER_HOME" in (store.problem or "")
    assert write(store, "abc", 1).state == "refused"
    store.close()


def test_a_database_that_is_lost_meanwhile_goes_on_in_memory(folder: Path) -> None:
    store = Store.open(folder, budget=10**9)
    store.add_version("main", {"message": "before"}, [b"1"])
    outside = sqlite3.connect(folder / "helix.db")
    outside.execute("DROP TABLE pins")
    outside.execute("CREATE TABLE pins (other TEXT)")
    outside.close()
    with pytest.raises(Exception, match="no column"):
        store.set_pin("main", "rows", True)
    assert store.problem
    assert store.add_version("main", {"message": "after"}, [b"2"]) == 2
    assert [summary["message"] for _, summary in store.versions("main")] == ["before", "after"]
    assert write(store, "abc", 1).state == "refused"
    store.close()


def test_two_threads_write_and_read(store: Store) -> None:
    failures: list[BaseException] = []

    def work(name: str) -> None:
        try:
            for number in range(40):
                pending = write(store, f"{name}{number}", np.full(3000, number))
                pending.wait(30)
                assert (store.load(f"{name}{number}") == number).all()
                store.add_version("main", {"name": name}, [b"payload"])
                store.artifacts()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(name,)) for name in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(store.artifacts()) == 80
    assert [number for number, _ in store.versions("main")] == list(range(1, 81))


def test_close_finishes_what_is_pending_and_may_be_repeated(opened: Opened) -> None:
    store = opened()
    pending = [write(store, f"abc{number}", np.full(3000, number)) for number in range(10)]
    store.close()
    store.close()
    assert {one.state for one in pending} == {"stored"}
    assert write(store, "late", 1).state == "refused"
    assert len(opened().artifacts()) == 10


def test_what_a_load_imports_is_no_part_of_its_cost(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first load in a process may import pandas: seconds that computing would take as well."""
    store.write("abc", prepare(decimal.Decimal(1)), worth_seconds=1, node="n", workflow="main")
    store.flush()
    expected = store.artifacts()["abc"].load_seconds
    monkeypatch.delitem(sys.modules, "decimal")
    store.load("abc")
    store.flush()
    assert store.artifacts()["abc"].load_seconds == expected
    store.load("abc")
    store.flush()
    assert store.artifacts()["abc"].load_seconds != expected

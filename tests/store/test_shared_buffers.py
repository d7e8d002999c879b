"""Buffers that artifacts share lie in the store once, and as long as one of these artifacts does."""

from __future__ import annotations

import sqlite3
import struct
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from xxhash import xxh3_128_digest

import helix_jupyter.store.compress as compressing
import helix_jupyter.store.layout as layouts
import helix_jupyter.store.publish as publishing
from helix_jupyter.errors import ArtifactMissing, ArtifactUntrusted
from helix_jupyter.store import artifacts, budget, owners, signature
from helix_jupyter.store.compress import compressed
from helix_jupyter.store.layout import lay_out
from helix_jupyter.store.pickling import Prepared, prepare
from helix_jupyter.store.schema import MIGRATIONS, migrate
from helix_jupyter.store.store import Store
from helix_jupyter.store.types import ArtifactFact
from helix_jupyter.store.writer import Pending

Opened = Callable[..., Store]
Worker = Callable[..., "subprocess.Popen[str]"]
ROWS = 200_000
COLUMN = ROWS * 8


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    random = np.random.default_rng(0)
    names = [f"name {number}" for number in random.integers(0, 10**6, ROWS)]
    return pd.DataFrame({"a": random.random(ROWS), "b": random.random(ROWS), "s": pd.Series(names, dtype="str")})


def write(store: Store, digest: str, value: object, node: str = "rows") -> Pending:
    return store.write(digest, prepare(value), worth_seconds=2.0, node=node, workflow="main")


def written(store: Store, **values: object) -> None:
    pending = [write(store, digest, value) for digest, value in values.items()]
    assert [one.wait(30) and one.state for one in pending] == ["stored"] * len(pending), pending


def sizes(store: Store) -> dict[str, int]:
    """All files of a store."""
    return {path.name: path.stat().st_size for path in (store.folder / "objects").rglob("*") if path.is_file()}


def shared(store: Store) -> list[Path]:
    return sorted((store.folder / "objects" / "buffers").iterdir())


def paused(store: Store) -> threading.Event:
    go_on = threading.Event()
    store.writer.submit(go_on.wait)
    return go_on


def test_a_column_that_two_frames_share_is_stored_once(store: Store, frame: pd.DataFrame) -> None:
    more = frame.assign(new=frame.a * 2)
    written(store, first=frame)
    alone = store.used_bytes
    written(store, second=more)
    assert COLUMN <= store.used_bytes - alone < COLUMN + 5000
    assert store.used_bytes == sum(sizes(store).values())
    assert sorted(store.artifacts()) == ["first", "second"]
    facts = store.artifacts()
    assert facts["first"].bytes == pytest.approx(alone, rel=0.01)
    assert facts["second"].bytes == pytest.approx(alone + COLUMN, rel=0.01)
    assert 0 <= store.used_bytes - sum(fact.disk_bytes for fact in facts.values()) < 10
    loaded, other = store.load("first"), store.load("second")
    pd.testing.assert_frame_equal(loaded, frame)
    loaded["a"] *= 0
    loaded.loc[0, "s"] = "changed"
    pd.testing.assert_frame_equal(other, more)
    pd.testing.assert_frame_equal(store.load("first"), frame)


@pytest.mark.parametrize("order", [("first", "second"), ("second", "first")], ids=" before ".join)
def test_the_last_to_go_takes_the_buffers_along(store: Store, frame: pd.DataFrame, order: tuple[str, str]) -> None:
    values = {"first": frame, "second": frame.assign(new=frame.b)}
    written(store, **values)
    before = store.used_bytes
    loaded = store.load(order[0])
    freed = store.evict([order[0]], "worth too little")
    assert freed == before - store.used_bytes < 10_000 + COLUMN
    assert sum(sizes(store).values()) == store.used_bytes
    pd.testing.assert_frame_equal(store.load(order[1]), values[order[1]])
    assert store.verify() == []
    assert store.evict([order[1]], "worth too little") == before - freed
    assert sizes(store) == {}
    assert store.used_bytes == 0
    if sys.platform != "win32":
        pd.testing.assert_frame_equal(loaded, values[order[0]])


def test_both_at_once_free_what_they_share(store: Store, frame: pd.DataFrame) -> None:
    written(store, first=frame, second=frame.rename(columns={"a": "x"}), third=np.arange(ROWS))
    used, third = store.used_bytes, store.artifacts()["third"].disk_bytes
    prepared = prepare(frame[["s"]])
    values = [lay_out("fourth", prepared)]
    assert store.used_after(["first", "second"], []) == third
    assert store.used_after(["first"], []) > used - 10_000
    assert 0 < store.used_after([], values) - used < 10_000
    # the buffers that only the evicted ones had have to be written again
    gone = store.used_after(["first", "second"], values)
    assert gone - third == pytest.approx(prepared.bytes, rel=0.01)
    assert store.evict(["first", "second"], "worth too little") == used - third
    written(store, fourth=frame[["s"]])
    assert store.used_bytes == gone


def test_equal_parts_of_one_value_share_a_file_and_no_memory(store: Store) -> None:
    column = np.arange(float(ROWS))
    written(store, twice=[column, column.copy()])
    assert store.used_bytes < COLUMN + 5000
    one, other = store.load("twice")
    one[0] = 99
    assert (other == column).all()


def test_only_so_many_buffers_become_files(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layouts, "MOST_SHARED", 3)
    value = [np.full(ROWS + number, number, dtype=float) for number in range(5)]
    written(store, many=value)
    assert sorted(path.stat().st_size for path in shared(store)) == [(ROWS + number) * 8 for number in (2, 3, 4)]
    assert all((one == other).all() for one, other in zip(store.load("many"), value, strict=True))


def test_what_another_kernel_is_writing_is_not_relied_on(opened: Opened, frame: pd.DataFrame) -> None:
    first, second = opened(), opened()
    go_on = paused(first)
    pending = write(first, "first", frame)
    written(second, second=frame.assign(new=1.0))
    assert shared(second) == [] or all(path.stat().st_size == COLUMN for path in shared(second))
    assert second.used_bytes > 2 * first.artifacts()["second"].bytes * 0.8
    go_on.set()
    assert pending.wait(30)
    first.evict(["first"], "worth too little")
    pd.testing.assert_frame_equal(second.load("second"), frame.assign(new=1.0))


def test_what_waits_in_the_same_store_is_relied_on_and_written_if_it_fails(store: Store, frame: pd.DataFrame) -> None:
    other = frame.copy()
    before = other.assign(new=1.0)
    go_on = paused(store)
    first, second = write(store, "first", [other, unlucky := np.zeros(10_000)]), write(store, "second", before)
    assert store.used_bytes < 1.5 * store.used_after([], {}) < 1.5 * (prepare(before).bytes + 200_000)
    unlucky[0] = 1
    go_on.set()
    assert first.wait(30)
    assert second.wait(30)
    assert [first.state, second.state] == ["changed", "stored"]
    pd.testing.assert_frame_equal(store.load("second"), before)
    assert store.used_bytes == sum(sizes(store).values())


def test_a_disk_that_fails_at_the_end_leaves_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    value = [np.arange(ROWS), np.arange(float(ROWS))]
    with monkeypatch.context() as patched:

        def fail(descriptor: int) -> None:
            raise OSError(5, "Input/output error")

        patched.setattr("helix_jupyter.store.flushing.os.fsync", fail)
        pending = write(store, "first", value)
        assert pending.wait(30)
    assert pending.state == "failed"
    assert "Input/output error" in pending.message
    assert sizes(store) == {}
    assert store.used_bytes == 0
    written(store, first=value)


def test_what_is_pending_at_exit_is_written_with_its_buffers(folder: Path, opened: Opened) -> None:
    script = (
        "import sys, numpy; from helix_jupyter.store.store import Store; "
        "from helix_jupyter.store.pickling import prepare\n"
        "store = Store.open(sys.argv[1], budget=10**9)\n"
        "value = prepare([numpy.full(200_000, number) for number in range(12)])\n"
        "store.write('first', value, worth_seconds=1, node='n', workflow='w')\n"
    )
    subprocess.run([sys.executable, "-c", script, str(folder)], check=True, timeout=60)
    assert [int(array[-1]) for array in opened().load("first")] == list(range(12))


def missing(path: Path) -> None:
    path.unlink()


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def changed(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("harm", [missing, cut_off], ids=lambda harm: harm.__name__)
def test_a_harmed_buffer_costs_its_artifacts_and_is_written_again(
    store: Store, frame: pd.DataFrame, harm: Callable[[Path], None]
) -> None:
    written(store, first=frame[["a"]], second=frame[["a", "s"]])
    (path,) = [path for path in shared(store) if path.stat().st_size == COLUMN and harm_is_for(path, frame.a)]
    harm(path)
    problems = store.verify()
    assert problems
    assert all(path.name[:12] in line for line in problems)
    with pytest.raises((ArtifactMissing, ArtifactUntrusted)):
        store.load("first")
    assert store.has(["first", "second"]) == {"second"}
    assert store.evicted("first")
    written(store, first=frame[["a"]])  # mends the other as well
    pd.testing.assert_frame_equal(store.load("second"), frame[["a", "s"]])
    assert store.verify() == []


def harm_is_for(path: Path, column: pd.Series[float]) -> bool:
    return path.read_bytes() == column.to_numpy().tobytes()


def test_writing_again_mends_what_is_incomplete(store: Store, frame: pd.DataFrame) -> None:
    written(store, first=frame)
    shared(store)[0].unlink()
    written(store, first=frame)
    assert store.verify() == []
    pd.testing.assert_frame_equal(store.load("first"), frame)


def test_changed_bytes_are_told_with_all_who_have_them(store: Store) -> None:
    column = np.arange(ROWS)
    written(store, first=column, second={"x": column})
    changed(shared(store)[0])
    (problem,) = store.verify()
    assert "(first, second)" in problem
    store.evict(["first", "second"], problem)
    written(store, first=column)


def test_an_orphan_is_swept(opened: Opened) -> None:
    store = opened()
    written(store, first=np.arange(ROWS))
    (store.folder / "objects" / "buffers" / ("0" * 32)).write_bytes(b"orphan")
    assert store.verify()[0] == f"Buffer {'0' * 32} has no row."
    opened()
    assert len(shared(store)) == 1


def test_a_buffer_in_use_that_cannot_be_deleted_stays_counted_and_is_used_again(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On Windows the file of a loaded value is in use; that refusal is put in place of the system's here."""
    store, column = opened(), np.arange(ROWS)
    written(store, first=column)
    with monkeypatch.context() as patched:
        patched.setattr("helix_jupyter.store.buffers.remove", lambda path: False)
        store.evict(["first"], "worth too little")
        assert store.used_bytes == COLUMN
        assert store.verify() == []
        written(store, second={"x": column})
        assert COLUMN < store.used_bytes < COLUMN + 5000
        store.evict(["second"], "worth too little")
        assert store.used_bytes == COLUMN
    store.close()
    assert opened().used_bytes == 0


def test_gc_frees_what_no_version_shares_and_counts_it_once(store: Store, frame: pd.DataFrame) -> None:
    written(store, first=frame, second=frame.assign(new=1.0), third=frame.assign(more=frame.a * 3))
    before = store.used_bytes
    preview = store.collect("main", needed=lambda number: (), dry_run=True)
    assert preview.bytes == before
    store.add_version("main", {}, b"")
    report = store.collect("main", needed=lambda number: ("second",))
    assert report.bytes == before - store.used_bytes
    assert COLUMN < report.bytes < COLUMN + 10_000
    pd.testing.assert_frame_equal(store.load("second"), frame.assign(new=1.0))


def format_1(digest: str, prepared: Prepared, key: bytes) -> bytes:
    """The bytes of an artifact as version 1 of the format had them."""
    name = digest.encode()
    end = 72 + len(name) + 32 * len(prepared.buffers) + len(prepared.stream)
    table, body = b"", b""
    for buffer in prepared.buffers:
        body += bytes(-(end + len(body)) % 64)
        table += struct.pack("<QQ16s", end + len(body), buffer.nbytes, xxh3_128_digest(buffer))
        body += bytes(buffer)
    signed = signature.sign(key, [(1).to_bytes(4, "little"), name, prepared.stream, table])
    lengths = (len(name), len(prepared.buffers), len(prepared.stream), end + len(body))
    return struct.pack("<8sIIQQQ32s", b"helixart", 1, *lengths, signed) + name + table + prepared.stream + body


def test_a_store_of_the_first_format_is_read_and_goes_on(folder: Path, opened: Opened, frame: pd.DataFrame) -> None:
    content = format_1("first", prepare(frame), signature.signing_key())
    (folder / "objects" / "fi").mkdir(parents=True)
    (folder / "objects" / "fi" / "first").write_bytes(content)
    connection = sqlite3.connect(folder / "helix.db", isolation_level=None)
    migrate(connection, "helix.db", MIGRATIONS[:1])
    row = ("first", len(content), 2.0, 0.1, 5.0, 4.0, "rows", "main", "output")
    connection.execute("INSERT INTO artifacts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
    connection.close()
    store = opened()
    assert store.artifacts() == {"first": ArtifactFact(*row, disk_bytes=len(content))}
    assert store.verify() == []
    loaded = store.load("first")
    pd.testing.assert_frame_equal(loaded, frame)
    written(store, second=frame)
    assert store.evict(["first"], "worth too little") == len(content)
    pd.testing.assert_frame_equal(store.load("second"), frame)


if sys.platform != "win32":  # which has no such limit

    def test_loaded_values_leave_file_descriptors_for_others(worker: Worker) -> None:
        output, errors = worker("hold_many", 64).communicate(timeout=60)
        assert output.split() == ["200", "True"], errors


@pytest.mark.parametrize("step", range(1, 5))
def test_killed_between_the_files_of_an_artifact(step: int, worker: Worker, opened: Opened) -> None:
    beside = opened()
    column = np.full(2**20, 1, dtype=np.uint8)
    process = worker("die_between_files", step)
    assert process.stdout is not None
    assert process.stdout.readline() == "standing still\n"
    assert opened().verify() == []
    written(beside, beside={"x": column})
    process.kill()
    process.wait()
    written(beside, another=1)
    assert set(beside.artifacts()) == {"beside", "another"}
    assert (beside.load("beside")["x"] == column).all()
    assert beside.used_bytes == sum(sizes(beside).values())
    assert beside.verify() == []
    beside.evict(["beside"], "worth too little")
    assert list(sizes(beside)) == ["another"]


def test_many_processes_with_common_columns_and_one_is_killed(folder: Path, worker: Worker, opened: Opened) -> None:
    opened().close()
    most, budget_bytes = 0, 12 * 2**20
    workers = [worker("share_and_evict", seed, 12, budget_bytes) for seed in range(4)]
    assert workers[0].stdout is not None
    assert workers[0].stdout.readline() == "started\n"
    workers[0].kill()
    while any(process.poll() is None for process in workers):
        most = max(most, bytes_of(folder / "objects"))
    for process in workers[1:]:
        _, errors = process.communicate()
        assert process.returncode == 0, errors
    assert 2**20 < most <= budget_bytes
    store = opened(budget_bytes)
    assert store.used_bytes == sum(sizes(store).values())
    store.evict(list(store.artifacts()), "at the end")
    assert sizes(store) == {}


def bytes_of(folder: Path) -> int:
    found = {}  # by inode: a file that is renamed while the folder is walked may be met twice
    for path in folder.rglob("*"):
        try:
            stat = path.stat()
        except FileNotFoundError:
            continue
        found[stat.st_ino] = 0 if path.is_dir() else stat.st_size
    return sum(found.values())


class Crash(BaseException):
    """The process ends here."""


COLUMNS = [np.full(2**10 + number, number, dtype=float) for number in range(6)]
subsets = st.integers(1, 2 ** len(COLUMNS) - 1)


def columns_of(subset: int) -> dict[int, Any]:
    return {number: column for number, column in enumerate(COLUMNS) if subset >> number & 1}


class SharingStores(RuleBasedStateMachine):
    """Two kernels on one store, values that share columns, crashes: the store is sound after every step."""

    BUDGET = 60_000

    def __init__(self) -> None:
        super().__init__()
        self.patched = pytest.MonkeyPatch()
        self.folder = tempfile.TemporaryDirectory()
        self.patched.setenv("HELIX_JUPYTER_HOME", str(Path(self.folder.name, "home")))
        self.patched.setattr(layouts, "SMALLEST_SHARED", 2**13)
        self.patched.setattr(compressing, "SMALLEST", 2**13)
        self.patched.setattr(publishing.os, "fsync", lambda descriptor: None)
        self.stores = [self.open(), self.open()]
        self.gates: list[threading.Event | None] = [None, None]
        self.values: list[tuple[dict[int, Any], int]] = []
        self.has_crashed = self.has_compressed = False

    def open(self) -> Store:
        return Store.open(Path(self.folder.name, ".helix"), budget=self.BUDGET)

    @initialize(subset=subsets)
    def begin(self, subset: int) -> None:
        self.write(0, subset)

    @rule(kernel=st.integers(0, 1), subset=subsets, compress=st.booleans())
    def write(self, kernel: int, subset: int, compress: bool = False) -> None:
        store, digest, prepared = self.stores[kernel], f"value{subset}", prepare(columns_of(subset))
        there = bool(store.has([digest]))
        layout = lay_out(digest, prepared)
        if compress:
            layout = compressed(layout, prepared) or layout
            self.has_compressed = True
        expected = store.used_after((), [layout])
        pending = store.write(digest, prepared, worth_seconds=1, node="n", workflow="w", layout=layout)
        if not any(self.gates) and not self.has_crashed:
            if not self.has_compressed:  # else less is used as soon as what is being written is there
                assert there or (pending.state == "refused") == (expected > self.BUDGET)
                assert pending.state == "refused" or store.used_bytes == expected or there
            assert pending.state == "refused" or store.used_bytes <= expected or there
        self.has_crashed = False  # whoever writes cleans up

    @rule(kernel=st.integers(0, 1))
    def hold_writer(self, kernel: int) -> None:
        if self.gates[kernel] is None:
            self.gates[kernel] = paused(self.stores[kernel])

    @rule(kernel=st.integers(0, 1))
    def let_writer_go(self, kernel: int) -> None:
        gate, self.gates[kernel] = self.gates[kernel], None
        if gate is not None:
            gate.set()

    @rule(kernel=st.integers(0, 1), subset=subsets)
    def evict(self, kernel: int, subset: int) -> None:
        store = self.stores[kernel]
        stored = sorted(store.artifacts())
        chosen = [digest for number, digest in enumerate(stored) if subset >> number & 1]
        self.settle()
        before = store.used_bytes
        assert store.used_after(chosen, []) == before - store.evict(chosen, "by the test") == store.used_bytes

    @rule(kernel=st.integers(0, 1))
    def load(self, kernel: int) -> None:
        for digest in self.stores[kernel].artifacts():
            subset = int(digest.removeprefix("value"))
            self.values.append((self.stores[kernel].load(digest), subset))

    @rule(subset=subsets, step=st.integers(0, 8))
    def crash(self, subset: int, step: int) -> None:
        """A third kernel dies after some of its files got their names."""
        store, prepared = self.stores[0], prepare(columns_of(subset))
        owner = owners.new_owner()
        layout = lay_out(f"value{subset}", prepared)
        with store._database.transaction() as connection:
            taken = budget.reserve(connection, store._objects, layout, owner, self.BUDGET)
        if isinstance(taken, budget.Reservation):
            steps = iter(range(step))
            original = publishing.os.replace

            def replace(source: Path, target: Path) -> None:
                if next(steps, None) is None:
                    raise Crash
                original(source, target)

            fact = ArtifactFact(f"value{subset}", layout.logical_bytes, 1, 1, 1, 1, "n", "w", "output")
            with pytest.MonkeyPatch.context() as patched:
                patched.setattr(publishing.os, "replace", replace)
                try:
                    publishing.publish(store._database, store._objects, taken, prepared, store._key, fact)
                except Crash:
                    self.stays_sound()
        owners.retire(owner)
        self.has_crashed = True

    @rule(kernel=st.integers(0, 1))
    def open_again(self, kernel: int) -> None:
        self.let_writer_go(0)
        self.let_writer_go(1)
        self.stores[kernel].close()
        self.stores[kernel] = self.open()

    @rule()
    def collect(self) -> None:
        artifact_digests = sorted(self.stores[0].artifacts())
        self.stores[0].add_version("w", {}, b"")
        self.stores[0].collect("w", needed=lambda number: artifact_digests[::2])

    def settle(self) -> None:
        for kernel in (0, 1):
            self.let_writer_go(kernel)
        for store in self.stores:
            store.flush()

    @invariant()
    def stays_sound(self) -> None:
        store = self.stores[0]
        if not any(self.gates):
            for one in self.stores:
                one.flush()
        assert store.verify() == []
        with store._database.transaction():
            on_disk = bytes_of(store.folder / "objects")
            assert on_disk <= store.used_bytes <= self.BUDGET
        parts = [fact.disk_bytes for fact in artifacts.facts(store._database).values()]
        assert sum(parts) <= store.used_bytes

    @invariant()
    def loaded_values_stay(self) -> None:
        for value, subset in self.values[-3:]:
            expected = columns_of(subset)
            assert value.keys() == expected.keys()
            assert all((value[number] == expected[number]).all() for number in expected)

    def teardown(self) -> None:
        self.settle()
        for store in self.stores:
            store.evict(list(store.artifacts()), "at the end")
            store.close()
        store = self.open()
        assert sizes(store) == {}
        assert store.used_bytes == 0
        store.close()
        self.values.clear()
        self.patched.undo()
        self.folder.cleanup()


SharingStores.TestCase.settings = settings(
    max_examples=25, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
)
TestSharingStores = SharingStores.TestCase

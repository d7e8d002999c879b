"""Several processes on one store, crashes, and disks that are full."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from helix_jupyter.store.owners import is_alive, new_owner, retire
from helix_jupyter.store.pickling import prepare
from helix_jupyter.store.store import Store
from helix_jupyter.store.types import OutputFact, Result

Worker = Callable[..., "subprocess.Popen[str]"]


def line_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def answer_of(process: subprocess.Popen[str]) -> str:
    """Let a waiting worker go on; its next line."""
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()
    return line_of(process)


def finished(process: subprocess.Popen[str]) -> str:
    output, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    return output


def test_a_new_process_finds_everything(opened: Callable[..., Store], worker: Worker) -> None:
    store = opened()
    store.write("abc", prepare(["a", 1]), worth_seconds=1, node="n", workflow="main")
    store.add_version("main", {"message": "first"}, [b"payload"])
    store.add_result(Result("k", "main", "rows", (OutputFact("x", "abc", True),), 1.0, 2.0))
    store.close()
    assert finished(worker("read_all")) == "{'abc': ['a', 1]}\n[(1, {'message': 'first'})] [b'payload'] rows\n"


def test_what_is_pending_is_finished_at_exit(folder: Path, opened: Callable[..., Store]) -> None:
    script = (
        "import sys, numpy; from helix_jupyter.store.store import Store; "
        "from helix_jupyter.store.pickling import prepare\n"
        "store = Store.open(sys.argv[1], budget=10**9)\n"
        "for number in range(30):\n"
        "    value = prepare(numpy.zeros(10_000))\n"
        "    store.write(f'abc{number}', value, worth_seconds=1, node='n', workflow='w')\n"
    )
    subprocess.run([sys.executable, "-c", script, str(folder)], check=True, timeout=60)
    assert len(opened().artifacts()) == 30


def test_killed_in_the_middle_of_many_writes(worker: Worker, opened: Callable[..., Store]) -> None:
    process = worker("write_forever")
    assert line_of(process) == "started"
    process.kill()
    process.wait()
    store = opened()
    assert store.verify() == []
    assert all(store.load(digest)[0] == int(digest[5:]) % 251 for digest in store.artifacts())
    assert store.used_bytes == sum(fact.bytes for fact in store.artifacts().values())


def files_of(store: Store) -> set[Path]:
    return {path for path in (store.folder / "objects").rglob("*") if path.is_file()}


@pytest.mark.parametrize("task", ["die_while_writing", "die_before_the_row"])
def test_killed_at_the_worst_moment(task: str, worker: Worker, opened: Callable[..., Store]) -> None:
    beside = opened()
    process = worker(task)
    assert line_of(process) == "opened"
    assert answer_of(process) in ("half", "renamed")
    before = files_of(beside)
    assert opened().verify() == []  # opening swept nothing of it
    assert files_of(beside) == before != set()
    assert beside.used_bytes > 200_000
    taken_over = beside.write("victim", prepare(1), worth_seconds=1, node="n", workflow="w")
    assert taken_over.state == "writing"
    process.kill()
    process.wait()
    assert taken_over.wait(30)
    assert taken_over.state == "stored"
    assert beside.load("victim") == 1
    assert {path.name for path in files_of(beside)} == {"victim"}
    assert beside.verify() == []


def test_a_late_deletion_spares_what_is_being_written_anew(
    worker: Worker, opened: Callable[..., Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An evicted file that was in use (as on Windows) is still to be deleted; another kernel replaces it."""
    store = opened()
    store.write("victim", prepare(1), worth_seconds=1, node="n", workflow="w").wait(30)
    process = worker("die_before_the_row")
    assert line_of(process) == "opened"
    with monkeypatch.context() as patched:
        patched.setattr("helix_jupyter.store.artifacts.remove", lambda path: False)
        store.evict(["victim"], "worth too little")
    assert answer_of(process) == "renamed"
    before = files_of(store)
    store.evict([], "nothing more")
    assert files_of(store) == before != set()


def test_eight_processes_on_the_same_digests_and_one_is_killed(worker: Worker, opened: Callable[..., Store]) -> None:
    workers = [worker("write_and_read", 8, 6) for _ in range(8)]
    assert line_of(workers[0]) == "started"
    workers[0].kill()
    for process in workers[1:]:
        finished(process)
    assert opened().verify() == []


def test_two_kernels_never_give_a_version_number_twice(worker: Worker) -> None:
    outputs = [finished(process) for process in [worker("add_versions", 60), worker("add_versions", 60)]]
    assert sorted(int(number) for output in outputs for number in output.split()) == list(range(1, 121))


def test_the_budget_holds_at_every_moment(folder: Path, worker: Worker, opened: Callable[..., Store]) -> None:
    budget = 10_000_000
    opened(budget).close()
    workers = [worker("fill", name, budget, 20, 1_000_000) for name in ("one", "two")]
    assert [line_of(process) for process in workers] == ["started", "started"]
    largest, done = [0], threading.Event()

    def watch() -> None:
        while not done.is_set():
            largest[0] = max(largest[0], bytes_in(folder / "objects"))

    watcher = threading.Thread(target=watch)
    watcher.start()
    stored = sum(int(process.communicate("go\n", timeout=120)[0]) for process in workers)
    done.set()
    watcher.join()
    assert stored == 9
    assert largest[0] <= budget
    assert bytes_in(folder / "objects") > 9_000_000
    assert opened(budget).used_bytes == bytes_in(folder / "objects")


def bytes_in(folder: Path) -> int:
    sizes = {}  # by inode: a file that is renamed while the folder is walked may be met twice
    for path in folder.rglob("*"):
        try:
            stat = path.stat()
        except FileNotFoundError:
            continue
        sizes[stat.st_ino] = 0 if path.is_dir() else stat.st_size
    return sum(sizes.values())


if sys.platform != "win32":  # Windows has no such limit to set

    @pytest.mark.parametrize(
        "limit", [pytest.param(4_900_000, id="no artifact"), pytest.param(300_000, id="nor the database")]
    )
    def test_a_full_disk_fails_the_write_and_nothing_else(
        worker: Worker, opened: Callable[..., Store], limit: int
    ) -> None:
        output = finished(worker("write_without_space", limit))
        state, message, late, problems = output.split(" | ")
        assert state == "failed"
        assert message.startswith("rows is not stored: File too large.")
        assert message in problems
        assert "\n" not in message
        assert late == ("refused" if "in memory" in problems else "stored")
        store = opened()
        assert store.has(["big"]) == set()
        assert store.verify() == []


def test_owners_live_as_long_as_their_store_and_process() -> None:
    owner = new_owner()
    host, process, _ = owner.rsplit("/", 2)
    assert is_alive(owner, since=0)
    assert not is_alive(f"{host}/{process}/0", since=0)  # an earlier process that had the same id
    retire(owner)
    assert not is_alive(owner, since=0)
    ended = subprocess.Popen([sys.executable, "-c", "print(input())"], stdin=subprocess.PIPE)
    assert is_alive(f"{host}/{ended.pid}/0", since=0)
    ended.communicate(b"\n")
    assert not is_alive(f"{host}/{ended.pid}/0", since=0)
    assert not is_alive("elsewhere/1/0", since=0)


def test_a_value_that_outlives_its_store_stays_readable(opened: Callable[..., Store]) -> None:
    store = opened()
    store.write("abc", prepare(np.arange(500_000)), worth_seconds=1, node="n", workflow="main").wait(30)
    value = store.load("abc")
    store.evict(["abc"], "worth too little")
    store.close()
    assert value.sum() == 124_999_750_000

"""What the other processes of these tests do: ``store_worker.py TASK FOLDER ARGUMENTS``."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np

from helix_jupyter.errors import StoreError
from helix_jupyter.store import artifact_file
from helix_jupyter.store.pickling import prepare
from helix_jupyter.store.store import Store


def value_of(number: int, size: int = 200_000) -> np.ndarray:
    return np.full(size, number % 251, dtype=np.uint8)


def write_and_read(folder: Path, rounds: int, artifacts: int) -> None:
    """Write the same digests as everybody else, again and again, and read what is there."""
    store = Store.open(folder, budget=10**9)
    print("started", flush=True)
    for number in range(rounds * artifacts):
        digest = f"shared{number % artifacts}"
        pending = store.write(digest, prepare(value_of(number % artifacts)), worth_seconds=1, node="n", workflow="w")
        pending.wait()
        assert pending.state in ("stored", "refused"), pending
        try:
            loaded = store.load(digest)
        except StoreError:
            continue
        assert (loaded == value_of(number % artifacts)).all()
        if number % 7 == 0:
            store.evict([digest], "to be written again")
    store.close()


def write_forever(folder: Path) -> None:
    """Write until killed."""
    store = Store.open(folder, budget=10**9)
    for number in range(10**6):
        store.write(f"crash{number}", prepare(value_of(number)), worth_seconds=1, node="n", workflow="w")
        if number == 20:
            print("started", flush=True)


def die_while_writing(folder: Path) -> None:
    """Stand still with a temporary file half written."""
    store = Store.open(folder, budget=10**9)
    print("opened", flush=True)
    sys.stdin.readline()
    write = artifact_file.write

    def half(file, **given):  # type: ignore[no-untyped-def]
        write(file, **given)
        file.flush()
        print("half", flush=True)
        time.sleep(600)

    artifact_file.write = half
    store.write("victim", prepare(value_of(1)), worth_seconds=1, node="n", workflow="w").wait()


def die_before_the_row(folder: Path) -> None:
    """Stand still with the file in its place and no row."""
    import helix_jupyter.store.publish as publishing

    def stand_still(folder: Path) -> None:
        print("renamed", flush=True)
        time.sleep(600)

    publishing._sync_folder = stand_still
    store = Store.open(folder, budget=10**9)
    print("opened", flush=True)
    sys.stdin.readline()
    store.write("victim", prepare(value_of(1)), worth_seconds=1, node="n", workflow="w").wait()


def die_between_files(folder: Path, step: int) -> None:
    """Stand still when some files have their names and others have not."""
    import helix_jupyter.store.publish as publishing

    replace, done = publishing.os.replace, []

    def stand_still(*given: Path) -> None:
        if len(done) == step - 1:
            print("standing still", flush=True)
            time.sleep(600)
        done.append(replace(*given))

    publishing.os.replace = stand_still
    publishing._sync_folder = lambda folder: stand_still() if step == 4 else None
    store = Store.open(folder, budget=10**9)
    value = [value_of(number, 2**20) for number in (1, 2)]
    store.write("victim", prepare(value), worth_seconds=1, node="n", workflow="w").wait()


def share_and_evict(folder: Path, seed: int, rounds: int, budget: int) -> None:
    """Write and evict values that have columns in common with those of other processes, and check what is loaded."""
    random = np.random.default_rng(seed)
    store = Store.open(folder, budget=budget)
    columns = [value_of(number, 2**20 + 7 * number) for number in range(6)]
    print("started", flush=True)
    for _ in range(rounds):
        chosen = sorted(random.choice(6, 3, replace=False))
        digest = "value" + "".join(map(str, chosen))
        store.write(digest, prepare([columns[number] for number in chosen]), worth_seconds=1, node="n", workflow="w")
        store.flush()
        for stored in sorted(store.artifacts()):
            try:
                loaded = store.load(stored)
            except StoreError:  # evicted by another process
                continue
            expected = [columns[int(number)] for number in stored.removeprefix("value")]
            assert all((one == other).all() for one, other in zip(loaded, expected, strict=True))
        store.evict(sorted(store.artifacts())[:: random.integers(1, 4)], "to be written again")
    store.close()


def hold_many(folder: Path, limit: int) -> None:
    """Hold more loaded buffers than there may be open files; prints how many, and whether a file opens."""
    import resource

    store = Store.open(folder, budget=10**9)
    value = [np.full(2**17 + number, number, dtype=float) for number in range(40)]
    store.write("many", prepare(value), worth_seconds=1, node="n", workflow="w").wait()
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    held = [array for _ in range(5) for array in store.load("many")]
    assert all((array == number % 40).all() for number, array in enumerate(held))
    with open(store.folder / "helix.db", "rb") as file:
        print(len(held), file.readable())


def fill(folder: Path, name: str, budget: int, count: int, size: int) -> None:
    """Write ``count`` values of ``size`` bytes; prints how many fitted."""
    store = Store.open(folder, budget=budget)
    print("started", flush=True)
    sys.stdin.readline()
    pending = [
        store.write(f"{name}{number}", prepare(value_of(number, size)), worth_seconds=1, node="n", workflow="w")
        for number in range(count)
    ]
    store.close()
    print(sum(one.state == "stored" for one in pending), flush=True)


def read_all(folder: Path) -> None:
    """Print what a new process finds."""
    store = Store.open(folder, budget=10**9)
    print({digest: store.load(digest) for digest in sorted(store.artifacts())})
    print(store.versions("main"), store.version_payload("main", 1), store.results(["k"])["k"][0].node)


def add_versions(folder: Path, count: int) -> None:
    """Record versions; prints their numbers."""
    store = Store.open(folder, budget=10**9)
    print(*(store.add_version("main", {}, [b"payload"]) for _ in range(count)))


def write_without_space(folder: Path, limit: int) -> None:
    """Write with a limit on the size of files, as if the disk were full."""
    import resource

    store = Store.open(folder, budget=10**9)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    pending = store.write("big", prepare(value_of(1, 5_000_000)), worth_seconds=1, node="rows", workflow="w")
    store.flush()
    numbers = [store.add_version("main", {"message": "m" * 2000}, [bytes(range(256)) * 40]) for _ in range(400)]
    small = store.write("late", prepare(1), worth_seconds=1, node="late", workflow="w")
    store.flush()
    assert numbers == list(range(1, 401)), numbers
    assert len(store.versions("main")) == 400
    print(pending.state, "|", pending.message, "|", small.state, "|", "\n".join(store.problems()))


if __name__ == "__main__":
    arguments = [int(text) if text.isdecimal() else text for text in sys.argv[3:]]
    globals()[sys.argv[1]](Path(sys.argv[2]), *arguments)

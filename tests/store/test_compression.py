"""What is stored compressed takes less room and comes back as it was, in memory of its own."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helix_jupyter.errors import ArtifactUntrusted, DoesNotCompress
from helix_jupyter.fingerprint.digest import digest
from helix_jupyter.store import artifact_file, buffer_file, zstd
from helix_jupyter.store.compress import compressed
from helix_jupyter.store.layout import Compression, Layout, lay_out
from helix_jupyter.store.pickling import prepare
from helix_jupyter.store.store import Store
from helix_jupyter.store.writer import Pending

ROWS = 400_000
REGULAR = np.arange(ROWS) % 97
RANDOM = np.random.default_rng(0).random(ROWS)
# several MB when it is compressed
LONG = np.random.default_rng(1).integers(0, 1000, 2_000_000)
WORDS = [f"word {number % 50}" for number in range(50_000)]


def packed(digest: str, value: object) -> Layout:
    prepared = prepare(value)
    layout = lay_out(digest, prepared)
    return compressed(layout, prepared) or layout


def write(store: Store, digest: str, value: object) -> Pending:
    pending = store.write(digest, prepare(value), worth_seconds=1, node="n", workflow="w", layout=packed(digest, value))
    assert pending.wait(30)
    return pending


def files(store: Store) -> dict[str, int]:
    return {path.name: path.stat().st_size for path in (store.folder / "objects").rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("value", "share"),
    [
        pytest.param(REGULAR, 0.1, id="an array in a file of its own"),
        pytest.param(REGULAR[:50_000], 0.1, id="an array in the artifact's file"),
        pytest.param(WORDS, 0.5, id="a list in the stream"),
        pytest.param(LONG, 0.3, id="more than is decompressed at a time"),
        pytest.param([str(number) for number in LONG[:400_000]], 0.9, id="the same in the stream"),
        pytest.param(
            pd.DataFrame({"a": REGULAR, "b": RANDOM, "s": pd.Series(WORDS * 8, dtype="str")}), 0.6, id="frame"
        ),
    ],
)
def test_less_room_and_the_same_value(store: Store, value: object, share: float) -> None:
    assert write(store, "abc", value).state == "stored"
    assert store.used_bytes == sum(files(store).values()) < share * prepare(value).bytes
    assert store.artifacts()["abc"].bytes >= prepare(value).bytes
    found = store.load("abc")
    assert digest(found) == digest(value)
    assert prepare(found).digests == prepare(value).digests


def test_what_does_not_compress_stays_as_it_is(store: Store) -> None:
    assert compressed(lay_out("abc", prepare(RANDOM)), prepare(RANDOM)) is None
    frame = pd.DataFrame({"a": REGULAR}).assign(b=RANDOM)
    write(store, "abc", frame)
    sizes = sorted(files(store).values())
    assert sizes[-1] == RANDOM.nbytes
    assert sizes[-2] < REGULAR.nbytes / 5


def test_loaded_values_may_be_changed_and_files_stay(store: Store) -> None:
    write(store, "abc", [REGULAR, WORDS])
    before = {path: path.read_bytes() for path in (store.folder / "objects").rglob("*") if path.is_file()}
    first = store.load("abc")
    first[0][:] = -1
    assert np.array_equal(store.load("abc")[0], REGULAR)
    assert {path: path.read_bytes() for path in before} == before


def test_one_buffer_is_one_file_in_whichever_form_it_was_stored_first(store: Store) -> None:
    write(store, "first", {"x": REGULAR})
    used = store.used_bytes
    pending = store.write("second", prepare({"y": REGULAR}), worth_seconds=1, node="n", workflow="w")
    assert pending.wait(30)
    assert store.used_bytes - used < 1000
    store.evict(["first"], "by the test")
    assert np.array_equal(store.load("second")["y"], REGULAR)
    store.evict(["second"], "by the test")
    assert store.used_bytes == 0 == len(files(store))


def test_more_than_the_budget_fits_when_it_is_compressed(opened: Callable[..., Store]) -> None:
    store = opened(budget=REGULAR.nbytes // 2)
    plain = store.write("plain", prepare(REGULAR), worth_seconds=1, node="n", workflow="w")
    assert plain.state == "refused"
    assert write(store, "abc", REGULAR).state == "stored"
    assert store.used_bytes < store.budget


def too_small(layout: Layout) -> list[Layout]:
    rooms = dict.fromkeys(layout.shared, 10_000)
    return [layout.compressed(compression) for compression in (Compression(None, rooms), Compression(20, rooms))]


def test_what_compresses_less_than_its_sample_is_stored_as_it_is(store: Store) -> None:
    prepared = prepare(RANDOM)
    for layout in too_small(lay_out("abc", prepared)):
        pending = store.write("abc", prepared, worth_seconds=1, node="n", workflow="w", layout=layout)
        assert pending.wait(30)
        assert pending.state == "stored"
        assert np.array_equal(store.load("abc"), RANDOM)
        store.evict(["abc"], "by the test")


def test_where_that_does_not_fit_it_is_refused_and_leaves_nothing(opened: Callable[..., Store]) -> None:
    store, prepared = opened(budget=RANDOM.nbytes // 2), prepare(RANDOM)
    for layout in too_small(lay_out("abc", prepared)):
        pending = store.write("abc", prepared, worth_seconds=1, node="n", workflow="w", layout=layout)
        assert pending.wait(30)
        assert pending.state == "refused"
        assert "compresses less" in pending.message
        assert store.used_bytes == 0 == len(files(store))


@pytest.mark.parametrize("place", ["head", "middle", "end"])
@pytest.mark.parametrize("value", [REGULAR, WORDS], ids=["buffer", "own file"])
def test_damage_is_told_and_nothing_is_unpickled(store: Store, value: object, place: str) -> None:
    write(store, "abc", value)
    stored = [path for path in (store.folder / "objects").rglob("*") if path.is_file()]
    path = max(stored, key=lambda path: path.stat().st_size)
    content = bytearray(path.read_bytes())
    at = {"head": len(content) - min(len(content) - 200, 1000), "middle": len(content) // 2, "end": -1}[place]
    content[at] ^= 0x55
    path.write_bytes(content)
    assert store.verify()
    with pytest.raises(ArtifactUntrusted):
        store.load("abc")
    assert store.artifacts() == {}


@pytest.mark.parametrize("keep", [0, 3, 20, -1], ids=["empty", "magic cut", "cut", "one byte short"])
def test_cut_off_files_are_told(store: Store, keep: int) -> None:
    write(store, "abc", REGULAR)
    (path,) = (store.folder / "objects" / "buffers").iterdir()
    path.write_bytes(path.read_bytes()[:keep])
    assert store.verify()
    with pytest.raises(ArtifactUntrusted):
        store.load("abc")


def test_a_frame_that_promises_too_much_gets_no_memory() -> None:
    library = zstd._library()
    liar = library.ZstdCompressor()
    liar.set_pledged_input_size(1 << 50)
    head = liar.compress(b"x", mode=library.ZstdCompressor.FLUSH_BLOCK)
    assert zstd.decompressed(memoryview(head), 1 << 50) is None


pieces = (
    st.binary(max_size=3000)
    | st.integers(0, 300_000).map(bytes)
    | st.integers(1, 400_000).map(lambda size: random.Random(size).randbytes(size))
)


@given(st.lists(pieces, max_size=5), st.booleans())
@settings(deadline=None, max_examples=40)
def test_every_value_comes_back(parts: list[bytes], own: bool) -> None:
    value = [np.frombuffer(part, np.uint8) for part in parts]
    prepared = prepare(value)
    layout = lay_out("abc", prepared)
    room = layout.plain_bytes + 10_000
    layout = layout.compressed(Compression(room if own else None, {}))
    key = b"k" * 32
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "abc")
        with open(path, "wb") as file:
            assert artifact_file.write(file, layout, prepared, key)
        artifact_file.verify(path, "abc", key)
        found = artifact_file.read(path, "abc", key, path.with_name)
    assert [part.tobytes() for part in found] == parts


@given(pieces)
@settings(deadline=None, max_examples=40)
def test_every_buffer_is_sound_in_both_forms(content: bytes) -> None:
    from xxhash import xxh3_128_hexdigest

    digest, buffer = xxh3_128_hexdigest(content), memoryview(content)
    with tempfile.TemporaryDirectory() as folder:
        for room in (len(content), len(content) - 1):
            path = Path(folder, str(room))
            with open(path, "wb") as file, suppress(DoesNotCompress):
                assert buffer_file.write(file, buffer, digest, room)
                file.flush()
                assert buffer_file.is_sound(path, digest)
                assert buffer_file.contents(memoryview(path.read_bytes()), len(content)) == content

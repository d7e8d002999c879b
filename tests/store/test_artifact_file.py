from __future__ import annotations

import os
import pickle
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from helix_jupyter.errors import ArtifactMissing, ArtifactUnreadable, ArtifactUntrusted
from helix_jupyter.store import artifact_file
from helix_jupyter.store.layout import ENTRY, HEADER, lay_out
from helix_jupyter.store.pickling import prepare

KEY = b"k" * 32

leaves = (
    st.none()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text()
    | st.binary(max_size=3000)
    | st.binary(max_size=3000).map(bytearray)
    | arrays.arrays(
        st.sampled_from([np.uint8, np.float64, "U3", np.bool_]), arrays.array_shapes(min_side=0, max_side=40)
    )
)
values = st.recursive(leaves, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8)


def store_as(path: Path, digest: str, value: object, key: bytes = KEY) -> Path:
    prepared = prepare(value)
    layout = lay_out(digest, prepared)
    for buffer, of_buffer in zip(prepared.buffers, prepared.digests, strict=True):
        if of_buffer in layout.shared:
            path.with_name(of_buffer).write_bytes(buffer)
    with open(path, "wb") as file:
        assert artifact_file.write(file, layout, prepared, key)
    assert path.stat().st_size == layout.bytes
    return path


def read(path: Path, digest: str) -> Any:
    return artifact_file.read(path, digest, KEY, path.with_name)


def same(first: Any, second: Any) -> bool:
    if isinstance(first, np.ndarray):
        return (
            first.dtype == second.dtype
            and first.shape == second.shape
            and first.tobytes() == second.tobytes()
            and first.flags.writeable == second.flags.writeable
        )
    if isinstance(first, list):
        return len(first) == len(second) and all(map(same, first, second))
    if isinstance(first, dict):
        return list(first) == list(second) and all(same(first[key], second[key]) for key in first)
    return type(first) is type(second) and bool(first == second)


@given(values)
@settings(deadline=None, max_examples=80)
def test_every_value_comes_back(value: object) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = store_as(Path(folder, "a"), "abc", value)
        artifact_file.verify(path, "abc", KEY)
        assert same(value, read(path, "abc"))
    assert same(value, prepare(value).copy())


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(None, id="no buffers"),
        pytest.param(np.empty((0, 3)), id="empty array"),
        pytest.param(np.arange(600_000.0).reshape(300, -1), id="mapped"),
        pytest.param(np.asfortranarray(np.arange(600_000.0).reshape(300, -1)), id="mapped, by columns"),
        pytest.param(np.arange(9000)[::3], id="not contiguous"),
    ],
)
def test_arrays_come_back_writable(tmp_path: Path, value: Any) -> None:
    path = store_as(tmp_path / "a", "abc", value)
    assert same(value, read(path, "abc"))


@pytest.mark.parametrize("rows", [300, 300_000], ids=["read", "mapped"])
def test_a_loaded_frame_is_changed_and_its_file_is_not(tmp_path: Path, rows: int) -> None:
    frame = pd.DataFrame({"a": np.arange(rows), "b": np.arange(rows) / 2, "c": ["x", "y", "z"] * (rows // 3)})
    path = store_as(tmp_path / "a", "abc", frame)
    before = {file: file.read_bytes() for file in tmp_path.iterdir()}
    loaded = read(path, "abc")
    pd.testing.assert_frame_equal(loaded, frame)
    loaded.loc[0, "a"] = 99
    loaded["b"] *= 2
    assert loaded.loc[0, "a"] == 99
    assert {file: file.read_bytes() for file in tmp_path.iterdir()} == before
    pd.testing.assert_frame_equal(read(path, "abc"), frame)


def test_large_buffers_are_aligned(tmp_path: Path) -> None:
    prepared = prepare([np.arange(n) for n in (200, 1001, 50_000)])
    layout = lay_out("abc", prepared)
    assert len(layout.entries) == 3
    assert all(entry.offset % 64 == 0 for entry in layout.entries)


class Payload:
    """What an attacker plants: unpickling it makes a file."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self.mark),)


def plain_pickle(path: Path, mark: Path) -> None:
    path.write_bytes(pickle.dumps(Payload(mark)) + bytes(500))


def signed_with_another_key(path: Path, mark: Path) -> None:
    store_as(path, "abc", Payload(mark), key=b"x" * 32)


def stored_under_another_name(path: Path, mark: Path) -> None:
    store_as(path, "abd", Payload(mark))


def name_edited(path: Path, mark: Path) -> None:
    store_as(path, "abd", Payload(mark))
    path.write_bytes(path.read_bytes().replace(b"abd", b"abc"))


def stream_swapped(path: Path, mark: Path) -> None:
    store_as(path, "abc", Payload(mark))
    harmful = path.read_bytes()
    store_as(path, "abc", ["harmless", 1, 2, 3])
    harmless = path.read_bytes()
    path.write_bytes(harmless[:40] + harmful[40:])


def other_format(path: Path, mark: Path) -> None:
    store_as(path, "abc", Payload(mark))
    content = bytearray(path.read_bytes())
    content[8] = 3
    path.write_bytes(content)


@pytest.mark.parametrize(
    "plant",
    [
        plain_pickle,
        signed_with_another_key,
        stored_under_another_name,
        name_edited,
        stream_swapped,
        other_format,
    ],
    ids=lambda plant: plant.__name__,
)
def test_nothing_is_unpickled_that_is_not_signed(tmp_path: Path, plant: Callable[[Path, Path], None]) -> None:
    path, mark = tmp_path / "a", tmp_path / "mark"
    plant(path, mark)
    with pytest.raises(ArtifactUntrusted, match="computed again"):
        read(path, "abc")
    assert not mark.exists()


def test_the_planted_payload_would_run_if_it_were_signed(tmp_path: Path) -> None:
    read(store_as(tmp_path / "a", "abc", Payload(tmp_path / "mark")), "abc")
    assert (tmp_path / "mark").exists()


SAMPLE = [np.arange(1000), "text", np.arange(300.0)]


@given(st.data())
@settings(deadline=None, max_examples=150)
def test_a_damaged_file_never_loads_unnoticed(data: st.DataObject) -> None:
    """Cuts and flipped bytes before the buffers are seen by read, flipped bytes in buffers by verify."""
    with tempfile.TemporaryDirectory() as folder:
        path = store_as(Path(folder, "a"), "abc", SAMPLE)
        content = bytearray(path.read_bytes())
        layout = lay_out("abc", prepare(SAMPLE))
        head = HEADER.size + 3 + ENTRY.size * 2 + layout.stream_bytes
        position = data.draw(st.integers(0, len(content) - 1))
        if data.draw(st.booleans(), label="cut"):
            path.write_bytes(content[:position])
            with pytest.raises(ArtifactUntrusted):
                read(path, "abc")
        elif position < head:
            content[position] ^= data.draw(st.integers(1, 255))
            path.write_bytes(content)
            with pytest.raises(ArtifactUntrusted):
                read(path, "abc")
        elif position >= layout.entries[1].offset:
            content[position] ^= 1
            path.write_bytes(content)
            with pytest.raises(ArtifactUntrusted, match="buffer"):
                artifact_file.verify(path, "abc", KEY)


@given(st.binary(max_size=400))
@settings(deadline=None)
def test_arbitrary_bytes_are_not_trusted(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a")
        path.write_bytes(artifact_file.MAGIC + artifact_file.PLAIN.to_bytes(4, "little") + content)
        with pytest.raises(ArtifactUntrusted):
            read(path, "abc")


def test_a_missing_file_is_told_apart(tmp_path: Path) -> None:
    with pytest.raises(ArtifactMissing):
        read(tmp_path / "a", "abc")


def vanish() -> None:
    raise AttributeError("module 'helpers' has no attribute 'Model'")


class Gone:
    def __reduce__(self) -> tuple[Any, ...]:
        return vanish, ()


def test_a_signed_pickle_that_does_not_load_is_told_apart(tmp_path: Path) -> None:
    path = store_as(tmp_path / "a", "abc", Gone())
    with pytest.raises(ArtifactUnreadable, match="no attribute 'Model'"):
        read(path, "abc")


def test_a_change_after_signing_is_seen_while_writing(tmp_path: Path) -> None:
    value = np.zeros(10_000)
    prepared = prepare(value)
    layout = lay_out("abc", prepared)
    value[-1] = 1
    with open(tmp_path / "a", "wb") as file:
        assert not artifact_file.write(file, layout, prepared, KEY)

"""Digest rules of Arrow data: by value, never by chunks, offsets or what lies under a null."""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pyarrow as pa
from xxhash import xxh3_128

from helix_jupyter.fingerprint.framing import frame

_OFFSETS = (
    pa.types.is_string,
    pa.types.is_large_string,
    pa.types.is_binary,
    pa.types.is_large_binary,
)
_WIDE_OFFSETS = (pa.types.is_large_string, pa.types.is_large_binary)
_TEXT = (pa.string(), pa.large_string(), pa.string_view())
_LISTS = (
    pa.types.is_list,
    pa.types.is_large_list,
    pa.types.is_fixed_size_list,
    pa.types.is_list_view,
    pa.types.is_large_list_view,
)


def digest_arrow_array(value: pa.Array) -> Iterator[tuple[str, object]]:
    yield ".type", value.type
    yield "", chunks_token([value])


def digest_chunked_array(value: pa.ChunkedArray) -> Iterator[tuple[str, object]]:
    yield ".type", value.type
    yield "", chunks_token(value.chunks)


def digest_table(value: pa.Table | pa.RecordBatch) -> Iterator[tuple[str, object]]:
    """Schema (with nullability and metadata) and columns; a record batch is not a table."""
    yield ".schema", value.schema
    yield ".num_rows", value.num_rows
    for name, column in zip(value.schema.names, value.columns, strict=True):
        yield f"[{name!r}]", chunks_token(column.chunks if isinstance(column, pa.ChunkedArray) else [column])


def digest_schema(value: pa.Schema) -> Iterator[tuple[str, object]]:
    yield ".fields", list(value)
    yield ".metadata", dict(value.metadata or {})


def digest_type(value: pa.DataType) -> Iterator[tuple[str, object]]:
    yield "", str(value)
    # what text leaves out: the metadata of fields within
    yield ".fields", [value.field(index) for index in range(value.num_fields)]


def digest_field(value: pa.Field) -> Iterator[tuple[str, object]]:
    yield ".name", value.name
    yield ".type", value.type
    yield ".nullable", value.nullable
    yield ".metadata", dict(value.metadata or {})


def digest_buffer(value: pa.Buffer) -> Iterator[tuple[str, object]]:
    yield "", memoryview(value).tobytes()


def chunks_token(chunks: Iterable[pa.Array]) -> bytes:
    """The token of the elements of some arrays of one type, as if they were one array."""
    content = _Content()
    for chunk in chunks:
        _tell(content, "", chunk)
    return content.token()


# by id: text that was digested, and its token, until it is gone
_told: dict[int, tuple[weakref.ref[pa.ChunkedArray], bytes]] = {}


def column_token(column: pa.ChunkedArray) -> bytes:
    """As ``chunks_token``; of text told once for as long as the very object lives.

    Arrow's memory is never written to. That of text is Arrow's own, while numbers may lie in an array of NumPy.
    """
    if column.type not in _TEXT:
        return chunks_token(column.chunks)
    name = id(column)
    told = _told.get(name)
    if told is not None and told[0]() is column:
        return told[1]
    token = chunks_token(column.chunks)
    _told[name] = weakref.ref(column, lambda gone: _forget(name, gone)), token
    return token


def _forget(name: int, gone: weakref.ref[pa.ChunkedArray]) -> None:
    if name in _told and _told[name][0] is gone:  # else a new object has its place already
        del _told[name]


class _Content:
    """Streams by name, each digested as it grows, so that chunk borders leave no trace."""

    def __init__(self) -> None:
        self._streams: dict[str, Any] = {}
        self._counts: dict[str, int] = {}

    def add(self, stream: str, data: Any) -> None:
        """Append bytes (or an array's bytes) to a stream."""
        view = memoryview(data)
        if view.nbytes:
            self._streams.setdefault(stream, xxh3_128()).update(view)

    def add_elements(self, path: str, array: pa.Array) -> None:
        """Count elements, and note the positions of nulls: no nulls cost nothing."""
        position = self._counts.get(path, 0)
        self._counts[path] = position + len(array)
        if array.null_count and not pa.types.is_null(array.type):
            self.add(path + "/nulls", _null_positions(array) + position)

    def token(self) -> bytes:
        counts = [frame(path, b"%d" % count) for path, count in sorted(self._counts.items()) if count]
        streams = [frame(name, content.digest()) for name, content in sorted(self._streams.items())]
        return b"".join(counts + streams)


def _tell(content: _Content, path: str, array: pa.Array) -> None:
    """Add an array's elements to the streams below ``path``."""
    kind = array.type
    if isinstance(kind, pa.BaseExtensionType):
        _tell(content, path + "/storage", array.storage)
    elif pa.types.is_dictionary(kind):
        _tell(content, path + "/decoded", array.dictionary_decode())
    elif pa.types.is_run_end_encoded(kind):
        import pyarrow.compute

        _tell(content, path + "/decoded", pyarrow.compute.run_end_decode(array))
    else:
        content.add_elements(path, array)
        if not pa.types.is_null(kind):
            _tell_elements(content, path, array)


def _tell_elements(content: _Content, path: str, array: pa.Array) -> None:
    kind = array.type
    if any(test(kind) for test in _OFFSETS):
        _tell_strings(content, path, array)
    elif kind in (pa.string_view(), pa.binary_view()):
        _tell_strings(content, path, array.cast(pa.large_string() if kind == pa.string_view() else pa.large_binary()))
    elif any(test(kind) for test in _LISTS):
        _tell_lists(content, path, array)
    elif pa.types.is_map(kind):
        _tell_lists(content, path, array.cast(pa.list_(pa.struct([kind.key_field, kind.item_field]))))
    elif pa.types.is_struct(kind):
        for index, child in enumerate(array.flatten()):
            _tell(content, f"{path}/{index}", child)
    elif pa.types.is_boolean(kind):
        filled = array.fill_null(False) if array.null_count else array
        content.add(path + "/data", filled.cast(pa.uint8()).to_numpy(zero_copy_only=False))
    elif _width(kind):
        _tell_fixed(content, path, array, _width(kind))
    else:
        # unions: rare enough to be told element by element
        for item in array:
            told = f"{getattr(item, 'type_code', '')}:{item.as_py()!r}"
            content.add(path + "/items", frame("item", told.encode("utf-8", "surrogatepass")))


def _width(kind: pa.DataType) -> int:
    """Bytes per element, 0 where elements have no fixed size."""
    try:
        return 0 if kind.num_fields else int(kind.byte_width)
    except (ValueError, AttributeError):
        return 0


def _null_positions(array: pa.Array) -> Any:
    """Where the nulls are, from the bitmap: Arrow's own way over ``is_null`` takes ten times as long."""
    bitmap = np.frombuffer(array.buffers()[0], dtype=np.uint8)
    valid = np.unpackbits(bitmap, count=array.offset + len(array), bitorder="little")[array.offset :]
    return np.flatnonzero(valid == 0).astype(np.int64, copy=False)


def _tell_fixed(content: _Content, path: str, array: pa.Array, width: int) -> None:
    buffer = array.buffers()[1]
    if buffer is None:
        return
    data = np.frombuffer(buffer, dtype=np.uint8)[array.offset * width : (array.offset + len(array)) * width]
    if array.null_count:
        data = data.reshape(-1, width).copy()
        data[_null_positions(array)] = 0
    content.add(path + "/data", np.ascontiguousarray(data).reshape(-1))


def _offsets(array: pa.Array) -> Any:
    wide = any(test(array.type) for test in _WIDE_OFFSETS)
    buffer = array.buffers()[1]
    if buffer is None or len(array) == 0:
        return np.zeros(1, dtype=np.int64)
    offsets = np.frombuffer(buffer, dtype=np.int64 if wide else np.int32)
    return offsets[array.offset : array.offset + len(array) + 1]


def _tell_strings(content: _Content, path: str, array: pa.Array) -> None:
    """Lengths in bytes and the data, which between them lie as they are."""
    offsets = _offsets(array)
    lengths = np.diff(offsets).astype(np.int64, copy=False)
    if array.null_count and np.any(lengths[_null_positions(array)]):
        # something lies under a null: the elements are laid out anew
        _tell_strings(content, path, array.fill_null("" if "string" in str(array.type) else b""))
        return
    content.add(path + "/lengths", lengths)
    buffer = array.buffers()[2]
    if buffer is not None:
        content.add(path + "/data", np.frombuffer(buffer, dtype=np.uint8)[int(offsets[0]) : int(offsets[-1])])


def _tell_lists(content: _Content, path: str, array: pa.Array) -> None:
    import pyarrow.compute

    counted = pyarrow.compute.list_value_length(array).fill_null(0)
    content.add(path + "/lengths", counted.cast(pa.int64()).to_numpy(zero_copy_only=False))
    _tell(content, path + "/items", array.flatten())

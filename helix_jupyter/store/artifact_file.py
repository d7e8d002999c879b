"""The file format of artifacts: write, read, verify. Knows neither the database nor the store's folders.

    header      72 bytes: magic, format version, lengths of digest, table and stream, size of the file,
    signature digest      the name that the artifact is stored under, UTF-8
    table       per buffer: offset (0: a file of its own), length (both uint64), xxh3-128 of its bytes
    stream      pickle protocol 5
    buffers     each at a multiple of 64 bytes

All numbers are little-endian. The signature covers format version, digest, stream and table. Only the stream
can run code, so it is checked before it is unpickled; the buffers are plain data and are compared with the
signed digests by :func:`verify` alone, so that loading takes constant time.

Large buffers are files of their own, named by their digest, so that artifacts share them. In format 1 every
buffer lay in the artifact's file. In format 3 all behind the table is one Zstandard frame; size and offsets tell
of the file as it is without that, and so does the signature.
"""

from __future__ import annotations

import pickle
import struct
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from helix_jupyter.errors import ArtifactMissing, ArtifactUnreadable, ArtifactUntrusted, StoreError
from helix_jupyter.store import buffer_file, signature, zstd
from helix_jupyter.store.buffer_file import Sink, copy_into
from helix_jupyter.store.layout import ENTRY, HEADER, Entry, Layout
from helix_jupyter.store.mapping import mapped, mapped_all
from helix_jupyter.store.pickling import Prepared, reason_of
from helix_jupyter.store.rates import Work

MAGIC = b"helixart"
PLAIN, COMPRESSED = 2, 3
READABLE = (1, PLAIN, COMPRESSED)
COMPUTED = "It is computed again when needed."

# the digest of a buffer's bytes -> where they lie
Locate = Callable[[str], Path | str]


def write(file: BinaryIO, layout: Layout, prepared: Prepared, key: bytes) -> bool:
    """Write an artifact, but for its shared buffers, into an empty file.

    Returns
    -------
    bool
        False if the bytes of a buffer are no longer those that the layout saw; the file is then of no use.

    Raises
    ------
    DoesNotCompress
        It takes more room than the layout gives.
    """
    name, table = layout.digest.encode(), b"".join(entry.packed() for entry in layout.entries)
    room = layout.compression.own
    version = PLAIN if room is None else COMPRESSED
    signed = signature.sign(key, _signed_parts(version, name, table, prepared.stream))
    lengths = (len(name), len(layout.entries), layout.stream_bytes, layout.plain_bytes)
    for part in (HEADER.pack(MAGIC, version, *lengths, signed), name, table):
        file.write(part)
    if room is None:
        return _write_parts(file, layout, prepared)
    compressed = zstd.Compressed(file, layout.plain_bytes - layout.stream_at, room)
    unchanged = _write_parts(compressed, layout, prepared)
    if unchanged:
        compressed.close()
    return unchanged


def _write_parts(file: Sink, layout: Layout, prepared: Prepared) -> bool:
    file.write(memoryview(prepared.stream))
    end = layout.stream_at + layout.stream_bytes
    for entry, buffer in zip(layout.entries, prepared.buffers, strict=True):
        if entry.offset:
            file.write(memoryview(bytes(entry.offset - end)))
            if not copy_into(file, buffer, entry.digest):
                return False
            end = entry.offset + entry.length
    return True


def read(
    path: Path | str, digest: str, key: bytes, locate: Locate, tell: Callable[[Work], object] | None = None
) -> Any:
    """The value of an artifact, in constant time; its large buffers are mapped copy-on-write.

    What is compressed takes its time. ``tell`` gets to know what there was to do.

    Raises
    ------
    ArtifactMissing
        There is no such file, or one of its buffers' is gone.
    ArtifactUntrusted
        It is cut off, damaged, signed with another key or stored under another name. Nothing was unpickled.
    ArtifactUnreadable
        It is signed, but unpickling it failed.
    """
    contents = _Contents(path, digest, key)
    buffers = contents.buffers(locate)
    if tell is not None:
        tell(contents.work)
    try:
        return pickle.loads(contents.stream, buffers=buffers)
    except Exception as error:
        raise ArtifactUnreadable(
            f"Artifact {digest[:12]} does not load here: {reason_of(error)}. {COMPUTED}"
        ) from error


def verify(path: Path, digest: str, key: bytes) -> dict[str, int]:
    """Compare every byte with what was signed; raises as :func:`read`, unpickles nothing.

    Returns
    -------
    dict
        ``{digest: bytes}`` of the buffers that are files of their own, which are not looked at.
    """
    from xxhash import xxh3_128_hexdigest

    contents = _Contents(path, digest, key)
    for number, entry in enumerate(contents.entries):
        if entry.offset and xxh3_128_hexdigest(contents.inside(entry)) != entry.digest:
            raise _untrusted(digest, f"the bytes of its buffer {number} were changed")
    return {entry.digest: entry.length for entry in contents.entries if not entry.offset}


class _Contents:
    """A mapped file whose signature holds."""

    def __init__(self, path: Path | str, digest: str, key: bytes) -> None:
        self._digest = digest
        view = _opened(path, digest)
        try:
            magic, version, name, count, stream, size, signed = HEADER.unpack_from(view)
        except struct.error:
            raise _untrusted(digest, "its file is cut off") from None
        if magic != MAGIC or version not in READABLE:
            raise _untrusted(digest, "its file is not of a format that this package reads")
        table_at = HEADER.size + name
        stream_at = table_at + count * ENTRY.size
        if (size != len(view)) if version != COMPRESSED else (size < stream_at + stream):
            raise _untrusted(digest, "its file is cut off or has grown")
        stored_under = bytes(view[HEADER.size : table_at])
        table = view[table_at:stream_at]
        self._start, self._parts = stream_at, view[stream_at:]
        if version == COMPRESSED:
            parts = zstd.decompressed(self._parts, size - stream_at)
            if parts is None:
                raise _untrusted(digest, "its file is damaged")
            self._parts = parts
        self._files, self._mapped, self._decompressed = 1, 0, size - stream_at if version == COMPRESSED else 0
        self.stream = self._parts[:stream]
        if stored_under != digest.encode():
            raise _untrusted(digest, "its file was made for another name")
        if not signature.verify(key, _signed_parts(version, stored_under, table, self.stream), signed):
            raise _untrusted(digest, "its signature does not verify")
        self.entries = [Entry(offset, length, of_buffer.hex()) for offset, length, of_buffer in _rows(table)]
        if any(entry.offset and entry.offset + entry.length > size for entry in self.entries):
            raise _untrusted(digest, "its file is cut off")

    def buffers(self, locate: Locate) -> list[memoryview]:
        """The bytes of all buffers, wherever they lie.

        Equal ones are mapped once each: they are parts of a value that may be changed one by one.
        """
        outside = [entry for entry in self.entries if not entry.offset]
        with _in_words(self._digest):
            views = iter(mapped_all([locate(entry.digest) for entry in outside]))
        return [self.inside(entry) if entry.offset else self._outside(entry, next(views)) for entry in self.entries]

    def _outside(self, entry: Entry, view: memoryview) -> memoryview:
        found = buffer_file.contents(view, entry.length)
        if found is None:
            raise _untrusted(self._digest, f"the file of its buffer {entry.digest[:12]} is cut off or has grown")
        self._files += 1
        if found is view:
            self._mapped += entry.length
        else:
            self._decompressed += entry.length
        return found

    @property
    def work(self) -> Work:
        """What there was to do until now."""
        return Work(self._files, len(self.stream), self._mapped, self._decompressed)

    def inside(self, entry: Entry) -> memoryview:
        """The bytes of a buffer that lies in the artifact's file."""
        at = entry.offset - self._start
        return self._parts[at : at + entry.length]


def _rows(table: memoryview) -> Iterable[tuple[int, int, bytes]]:
    return ENTRY.iter_unpack(table)


def _opened(path: Path | str, digest: str) -> memoryview:
    with _in_words(digest):
        return mapped(path)


@contextmanager
def _in_words(digest: str) -> Iterator[None]:
    try:
        yield
    except (FileNotFoundError, NotADirectoryError):
        raise ArtifactMissing(f"Artifact {digest[:12]} is not stored. {COMPUTED}") from None
    except OSError as error:
        raise StoreError(f"Artifact {digest[:12]} cannot be read ({error.strerror or error}). {COMPUTED}") from error


def _signed_parts(
    version: int, name: bytes, table: bytes | memoryview, stream: bytes | memoryview
) -> list[bytes | memoryview]:
    return [version.to_bytes(4, "little"), name, stream, table]


def _untrusted(digest: str, why: str) -> ArtifactUntrusted:
    return ArtifactUntrusted(f"Artifact {digest[:12]} is not trusted: {why}. {COMPUTED}")

"""The file format of artifacts: lay out, write, read, verify. Knows neither the database nor the store's
folders.

    header      72 bytes: magic, format version, lengths of digest, table and stream, size of the file,
    signature digest      the name that the artifact is stored under, UTF-8
    table       per buffer: offset (0: a file of its own), length (both uint64), xxh3-128 of its bytes
    stream      pickle protocol 5
    buffers     each at a multiple of 64 bytes

All numbers are little-endian. The signature covers format version, digest, stream and table. Only the stream
can run code, so it is checked before it is unpickled; the buffers are plain data and are compared with the
signed digests by :func:`verify` alone, so that loading takes constant time.

Large buffers are files of their own, named by their digest, so that artifacts share them. In format 1 every
buffer lay in the artifact's file.
"""

from __future__ import annotations

import pickle
import struct
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from helix_jupyter.errors import ArtifactMissing, ArtifactUnreadable, ArtifactUntrusted, StoreError
from helix_jupyter.store import signature
from helix_jupyter.store.buffer_file import copy_into
from helix_jupyter.store.mapping import SMALLEST_MAPPING, mapped
from helix_jupyter.store.pickling import Prepared, reason_of

MAGIC = b"helixart"
FORMAT = 2
READABLE = (1, 2)
ALIGNMENT = 64
HEADER = struct.Struct("<8sIIQQQ32s")
ENTRY = struct.Struct("<QQ16s")
COMPUTED = "It is computed again when needed."
# a file of its own costs opening it and, while the value lives, a mapping
SMALLEST_SHARED = SMALLEST_MAPPING
MOST_SHARED = 64

# the digest of a buffer's bytes -> where they lie
Locate = Callable[[str], Path]


class Entry(NamedTuple):
    """Where a buffer lies: at ``offset`` in the artifact's file, or at 0 in a file named by its ``digest``."""

    offset: int
    length: int
    digest: str

    def packed(self) -> bytes:
        """Its row of the table."""
        return ENTRY.pack(self.offset, self.length, bytes.fromhex(self.digest))


@dataclass(frozen=True)
class Layout:
    """Where all parts of an artifact lie; ``bytes`` is the size of its own file."""

    digest: str
    stream_bytes: int
    entries: tuple[Entry, ...]
    bytes: int

    @cached_property
    def shared(self) -> dict[str, int]:
        """``{digest: bytes}`` of the buffers that are files of their own; equal ones are one file."""
        return {entry.digest: entry.length for entry in self.entries if not entry.offset}

    @property
    def logical_bytes(self) -> int:
        """What the artifact takes if it shares nothing with others."""
        return self.bytes + sum(self.shared.values())

    def sharing(self, digests: Collection[str]) -> Layout:
        """The same artifact, with only these buffers as files of their own."""
        return _arranged(self.digest, self.stream_bytes, [(e.length, e.digest) for e in self.entries], digests)


def lay_out(digest: str, prepared: Prepared) -> Layout:
    """Digest the buffers: from here on, a change of the value no longer goes unnoticed."""
    buffers = [(buffer.nbytes, of_buffer) for buffer, of_buffer in zip(prepared.buffers, prepared.digests, strict=True)]
    large = {buffer for buffer in buffers if buffer[0] >= SMALLEST_SHARED}
    largest = sorted(large, reverse=True)[:MOST_SHARED]
    return _arranged(digest, len(prepared.stream), buffers, {of_buffer for _, of_buffer in largest})


def _arranged(digest: str, stream_bytes: int, buffers: Collection[tuple[int, str]], shared: Collection[str]) -> Layout:
    end = HEADER.size + len(digest.encode()) + ENTRY.size * len(buffers) + stream_bytes
    entries = []
    for length, of_buffer in buffers:
        if of_buffer in shared:
            entries.append(Entry(0, length, of_buffer))
        else:
            entries.append(Entry(_aligned(end), length, of_buffer))
            end = entries[-1].offset + length
    return Layout(digest, stream_bytes, tuple(entries), end)


def write(file: BinaryIO, layout: Layout, prepared: Prepared, key: bytes) -> bool:
    """Write an artifact, but for its shared buffers, into an empty file.

    Returns
    -------
    bool
        False if the bytes of a buffer are no longer those that :func:`lay_out` saw; the file is then of no
        use.
    """
    name, table = layout.digest.encode(), b"".join(entry.packed() for entry in layout.entries)
    signed = signature.sign(key, _signed_parts(FORMAT, name, table, prepared.stream))
    lengths = (len(name), len(layout.entries), layout.stream_bytes, layout.bytes)
    for part in (HEADER.pack(MAGIC, FORMAT, *lengths, signed), name, table, prepared.stream):
        file.write(part)
    for entry, buffer in zip(layout.entries, prepared.buffers, strict=True):
        if entry.offset:
            file.write(bytes(entry.offset - file.tell()))
            if not copy_into(file, buffer, entry.digest):
                return False
    return True


def read(path: Path, digest: str, key: bytes, locate: Locate) -> Any:
    """The value of an artifact, in constant time; its large buffers are mapped copy-on-write.

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
    # equal buffers are mapped once each: they are parts of a value that may be changed one by one
    buffers = [contents.buffer(entry, locate) for entry in contents.entries]
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

    def __init__(self, path: Path, digest: str, key: bytes) -> None:
        self._digest = digest
        self._view = _opened(path, digest)
        try:
            magic, version, name, count, stream, size, signed = HEADER.unpack_from(self._view)
        except struct.error:
            raise _untrusted(digest, "its file is cut off") from None
        if magic != MAGIC or version not in READABLE:
            raise _untrusted(digest, "its file is not of a format that this package reads")
        if size != len(self._view):
            raise _untrusted(digest, "its file is cut off or has grown")
        table_at = HEADER.size + name
        stream_at = table_at + count * ENTRY.size
        stored_under = bytes(self._view[HEADER.size : table_at])
        table = self._view[table_at:stream_at]
        self.stream = self._view[stream_at : stream_at + stream]
        if stored_under != digest.encode():
            raise _untrusted(digest, "its file was made for another name")
        if not signature.verify(key, _signed_parts(version, stored_under, table, self.stream), signed):
            raise _untrusted(digest, "its signature does not verify")
        self.entries = [Entry(offset, length, of_buffer.hex()) for offset, length, of_buffer in _rows(table)]
        if any(entry.offset and entry.offset + entry.length > size for entry in self.entries):
            raise _untrusted(digest, "its file is cut off")

    def buffer(self, entry: Entry, locate: Locate) -> memoryview:
        """The bytes of a buffer, wherever they lie."""
        if entry.offset:
            return self.inside(entry)
        view = _opened(locate(entry.digest), self._digest)
        if len(view) != entry.length:
            raise _untrusted(self._digest, f"the file of its buffer {entry.digest[:12]} is cut off or has grown")
        return view

    def inside(self, entry: Entry) -> memoryview:
        """The bytes of a buffer that lies in the artifact's file."""
        return self._view[entry.offset : entry.offset + entry.length]


def _rows(table: memoryview) -> Iterable[tuple[int, int, bytes]]:
    return ENTRY.iter_unpack(table)


def _opened(path: Path, digest: str) -> memoryview:
    try:
        return mapped(path)
    except (FileNotFoundError, NotADirectoryError):
        raise ArtifactMissing(f"Artifact {digest[:12]} is not stored. {COMPUTED}") from None
    except OSError as error:
        raise StoreError(f"Artifact {digest[:12]} cannot be read ({error.strerror or error}). {COMPUTED}") from error


def _signed_parts(
    version: int, name: bytes, table: bytes | memoryview, stream: bytes | memoryview
) -> list[bytes | memoryview]:
    return [version.to_bytes(4, "little"), name, stream, table]


def _aligned(offset: int) -> int:
    return -(-offset // ALIGNMENT) * ALIGNMENT


def _untrusted(digest: str, why: str) -> ArtifactUntrusted:
    return ArtifactUntrusted(f"Artifact {digest[:12]} is not trusted: {why}. {COMPUTED}")

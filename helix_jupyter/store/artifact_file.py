"""The file format of artifacts: lay out, write, read, verify. Knows neither the database nor the store's
folders.

    header      72 bytes: magic, format version, lengths of digest, table and stream, size of the file,
    signature digest      the name that the artifact is stored under, UTF-8
    table       per buffer: offset, length (both uint64), xxh3-128 of its bytes
    stream      pickle protocol 5
    buffers     each at a multiple of 64 bytes

All numbers are little-endian. The signature covers format version, digest, stream and table. Only the stream
can run code, so it is checked before it is unpickled; the buffers are plain data and are compared with the
signed digests by :func:`verify` alone, so that loading takes constant time.
"""

from __future__ import annotations

import mmap
import os
import pickle
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from helix_jupyter.errors import ArtifactMissing, ArtifactUnreadable, ArtifactUntrusted, StoreError
from helix_jupyter.store import signature
from helix_jupyter.store.pickling import Prepared, reason_of

MAGIC = b"helixart"
FORMAT = 1
ALIGNMENT = 64
HEADER = struct.Struct("<8sIIQQQ32s")
ENTRY = struct.Struct("<QQ16s")
CHUNK = 1 << 20
COMPUTED = "It is computed again when needed."
# below this, reading costs no more than mapping, and a mapping would hold a file descriptor as long as the
# value lives
SMALLEST_MAPPING = 1 << 20


@dataclass(frozen=True)
class Layout:
    """All that stands before the buffers, where each buffer goes, and the size of the file in bytes."""

    head: bytes
    offsets: tuple[int, ...]
    digests: tuple[bytes, ...]
    bytes: int


def lay_out(digest: str, prepared: Prepared, key: bytes) -> Layout:
    """Digest the buffers and sign: from here on, a change of the value no longer goes unnoticed."""
    from xxhash import xxh3_128_digest

    name = digest.encode()
    digests = tuple(xxh3_128_digest(buffer) for buffer in prepared.buffers)
    end = HEADER.size + len(name) + ENTRY.size * len(digests) + len(prepared.stream)
    offsets = []
    for buffer in prepared.buffers:
        offsets.append(_aligned(end))
        end = offsets[-1] + buffer.nbytes
    rows = zip(offsets, prepared.buffers, digests, strict=True)
    table = b"".join(ENTRY.pack(offset, buffer.nbytes, of_buffer) for offset, buffer, of_buffer in rows)
    signed = signature.sign(key, _signed_parts(name, table, prepared.stream))
    header = HEADER.pack(MAGIC, FORMAT, len(name), len(digests), len(prepared.stream), end, signed)
    return Layout(header + name + table + prepared.stream, tuple(offsets), digests, end)


def write(file: BinaryIO, layout: Layout, buffers: Sequence[memoryview]) -> bool:
    """Write an artifact into an empty file.

    Returns
    -------
    bool
        False if the bytes of a buffer are no longer those that :func:`lay_out` saw; the file is then of no
        use.
    """
    from xxhash import xxh3_128

    file.write(layout.head)
    for offset, buffer, expected in zip(layout.offsets, buffers, layout.digests, strict=True):
        file.write(bytes(offset - file.tell()))
        state = xxh3_128()
        for start in range(0, buffer.nbytes, CHUNK):
            # a private copy, so that what is digested is what is written, whatever happens to the value in
            # between
            chunk = bytes(buffer[start : start + CHUNK])
            state.update(chunk)
            file.write(chunk)
        if state.digest() != expected:
            return False
    return True


def read(path: Path, digest: str, key: bytes) -> Any:
    """The value of an artifact, in constant time; its large buffers are mapped copy-on-write.

    Raises
    ------
    ArtifactMissing
        There is no such file.
    ArtifactUntrusted
        It is cut off, damaged, signed with another key or stored under another name. Nothing was unpickled.
    ArtifactUnreadable
        It is signed, but unpickling it failed.
    """
    contents = _Contents(path, digest, key)
    try:
        return pickle.loads(contents.stream, buffers=contents.buffers)
    except Exception as error:
        raise ArtifactUnreadable(
            f"Artifact {digest[:12]} does not load here: {reason_of(error)}. {COMPUTED}"
        ) from error


def verify(path: Path, digest: str, key: bytes) -> None:
    """Compare every byte with what was signed; raises as :func:`read`, unpickles nothing."""
    from xxhash import xxh3_128_digest

    contents = _Contents(path, digest, key)
    for number, (buffer, expected) in enumerate(zip(contents.buffers, contents.digests, strict=True)):
        if xxh3_128_digest(buffer) != expected:
            raise _untrusted(digest, f"the bytes of its buffer {number} were changed")


class _Contents:
    """A mapped file whose signature holds."""

    def __init__(self, path: Path, digest: str, key: bytes) -> None:
        self._view = memoryview(_mapped(path, digest))
        try:
            magic, version, name, count, stream, size, signed = HEADER.unpack_from(self._view)
        except struct.error:
            raise _untrusted(digest, "its file is cut off") from None
        if magic != MAGIC or version != FORMAT:
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
        if not signature.verify(key, _signed_parts(stored_under, table, self.stream), signed):
            raise _untrusted(digest, "its signature does not verify")
        entries = list(ENTRY.iter_unpack(table))
        if any(offset + length > size for offset, length, _ in entries):
            raise _untrusted(digest, "its file is cut off")
        self.buffers = [self._view[offset : offset + length] for offset, length, _ in entries]
        self.digests = [of_buffer for _, _, of_buffer in entries]


def _mapped(path: Path, digest: str) -> mmap.mmap:
    """The file as private writable memory, aligned to pages."""
    try:
        with open(path, "rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size < HEADER.size:
                raise _untrusted(digest, "its file is cut off")
            if size >= SMALLEST_MAPPING:
                return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
            memory = mmap.mmap(-1, size)
            memory.write(file.read(size))
            return memory
    except (FileNotFoundError, NotADirectoryError):
        raise ArtifactMissing(f"Artifact {digest[:12]} is not stored. {COMPUTED}") from None
    except (StoreError, MemoryError):
        raise
    except OSError as error:
        raise StoreError(f"Artifact {digest[:12]} cannot be read ({error.strerror or error}). {COMPUTED}") from error


def _signed_parts(name: bytes, table: bytes | memoryview, stream: bytes | memoryview) -> list[bytes | memoryview]:
    return [FORMAT.to_bytes(4, "little"), name, stream, table]


def _aligned(offset: int) -> int:
    return -(-offset // ALIGNMENT) * ALIGNMENT


def _untrusted(digest: str, why: str) -> ArtifactUntrusted:
    return ArtifactUntrusted(f"Artifact {digest[:12]} is not trusted: {why}. {COMPUTED}")

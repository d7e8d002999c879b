"""Where the parts of an artifact lie: in its own file, or in files that it shares. Touches no file."""

from __future__ import annotations

import struct
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from helix_jupyter.store.mapping import SMALLEST_MAPPING
from helix_jupyter.store.pickling import Prepared
from helix_jupyter.store.rates import Work

ALIGNMENT = 64
HEADER = struct.Struct("<8sIIQQQ32s")
ENTRY = struct.Struct("<QQ16s")
# a file of its own costs opening it and, while the value lives, a mapping
SMALLEST_SHARED = SMALLEST_MAPPING
MOST_SHARED = 64


class Entry(NamedTuple):
    """Where a buffer lies: at ``offset`` in the artifact's file, or at 0 in a file named by its ``digest``."""

    offset: int
    length: int
    digest: str

    def packed(self) -> bytes:
        """Its row of the table."""
        return ENTRY.pack(self.offset, self.length, bytes.fromhex(self.digest))


@dataclass(frozen=True)
class Compression:
    """Room for what is stored compressed, in bytes: at most this much is written, or nothing.

    Attributes
    ----------
    own
        For the stream, and for the buffers in the artifact's own file; None: they are stored as they are.
    buffers
        ``{digest: bytes}`` of large buffers.
    """

    own: int | None = None
    buffers: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Layout:
    """Where all parts of an artifact lie.

    ``plain_bytes`` is the size of its own file if nothing in it is compressed; entries' offsets are places in that.
    """

    digest: str
    stream_bytes: int
    entries: tuple[Entry, ...]
    plain_bytes: int
    compression: Compression = Compression()

    @property
    def stream_at(self) -> int:
        """Where the part of its own file begins that may be compressed: behind header, name and table."""
        return HEADER.size + len(self.digest.encode()) + ENTRY.size * len(self.entries)

    @property
    def bytes(self) -> int:
        """Room for its own file; its size, if that is not compressed."""
        own = self.compression.own
        return self.plain_bytes if own is None else self.stream_at + own

    @cached_property
    def shared(self) -> dict[str, int]:
        """``{digest: bytes}`` of the buffers that are files of their own; equal ones are one file."""
        return {entry.digest: entry.length for entry in self.entries if not entry.offset}

    @cached_property
    def rooms(self) -> dict[str, int]:
        """As ``shared``, but with the room that the files take."""
        return {digest: self.compression.buffers.get(digest, length) for digest, length in self.shared.items()}

    @property
    def work(self) -> Work:
        """What loading it takes."""
        own = self.compression.own
        unpacked = 0 if own is None else self.plain_bytes - self.stream_at
        unpacked += sum(self.shared[digest] for digest in self.compression.buffers if digest in self.shared)
        outside = [entry for entry in self.entries if not entry.offset]
        mapped = sum(entry.length for entry in outside if entry.digest not in self.compression.buffers)
        return Work(1 + len(outside), self.stream_bytes, mapped, unpacked)

    @property
    def logical_bytes(self) -> int:
        """What the artifact takes if it shares nothing with others and nothing is compressed."""
        return self.plain_bytes + sum(self.shared.values())

    def compressed(self, compression: Compression) -> Layout:
        """The same parts, some of them compressed."""
        return Layout(self.digest, self.stream_bytes, self.entries, self.plain_bytes, compression)

    def sharing(self, digests: Collection[str]) -> Layout:
        """The same artifact, with only these buffers as files of their own."""
        other = _arranged(self.digest, self.stream_bytes, [(e.length, e.digest) for e in self.entries], digests)
        moved = [digest for digest in self.shared if digest not in other.shared]
        own = self.compression.own
        if own is not None:
            own += sum(self.rooms[digest] + ALIGNMENT for digest in moved)
        return other.compressed(Compression(own, self.compression.buffers))


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


def _aligned(offset: int) -> int:
    return -(-offset // ALIGNMENT) * ALIGNMENT

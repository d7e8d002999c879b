"""How much room a value would take if it were compressed, by a sample of its bytes. Compresses nothing for good."""

from __future__ import annotations

from collections.abc import Sequence

from helix_jupyter.store import zstd
from helix_jupyter.store.layout import Compression, Layout
from helix_jupyter.store.pickling import Prepared

# some ms for a value of many large buffers
PIECES, PIECE = 8, 1 << 14
# the room that is taken, against what the samples took: more would be refused when it is written
MARGIN, SPARE = 1.15, 1 << 12
# less is saved by it than decompressing is worth
LARGEST_SHARE = 0.75
# what is smaller is not worth looking at
SMALLEST = 1 << 16


def compressed(layout: Layout, prepared: Prepared) -> Layout | None:
    """The layout with all that is worth compressing compressed; None if nothing is."""
    by_digest = dict(zip(prepared.digests, prepared.buffers, strict=True))
    own_parts = [memoryview(prepared.stream)]
    own_parts += [
        buffer for entry, buffer in zip(layout.entries, prepared.buffers, strict=True) if entry.offset and entry.length
    ]
    own = _room(own_parts, layout.plain_bytes - layout.stream_at)
    rooms = {digest: _room([by_digest[digest]], length) for digest, length in layout.shared.items()}
    buffers = {digest: room for digest, room in rooms.items() if room is not None}
    return layout.compressed(Compression(own, buffers)) if buffers or own is not None else None


def _room(parts: Sequence[memoryview], length: int) -> int | None:
    """Room for ``parts`` (``length`` bytes in all); None if compressing them is not worth it."""
    if length < SMALLEST:
        return None
    sample = _sample(parts)
    share = zstd.compressed_bytes(sample) / sum(part.nbytes for part in sample)
    room = int(length * share * MARGIN) + SPARE
    return room if room <= LARGEST_SHARE * length else None


def _sample(parts: Sequence[memoryview]) -> list[memoryview]:
    """Pieces from evenly spaced places; all of it where it is small."""
    total = sum(part.nbytes for part in parts)
    if total <= PIECES * PIECE:
        return list(parts)
    places = iter([place * (total - PIECE) // (PIECES - 1) for place in range(PIECES)])
    found, start, place = [], 0, next(places)
    for part in parts:
        while place < start + part.nbytes:
            found.append(part[place - start : place - start + PIECE])
            place = next(places, total)
        start += part.nbytes
    return found

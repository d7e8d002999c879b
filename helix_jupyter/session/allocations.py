"""Which pieces of memory a value keeps alive, so that what several values share is counted once. Reads no bytes."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

from helix_jupyter.store.pickling import Prepared

# smaller ones are counted with each value
SMALLEST = 65_536


@dataclass(frozen=True)
class Extent:
    """``own`` bytes that no other value shares, and pieces of memory that others may look at, too, each by its size."""

    own: int
    pieces: Mapping[Hashable, int] = field(default_factory=dict)

    @property
    def bytes(self) -> int:
        """All of it."""
        return self.own + sum(self.pieces.values())


def extent(prepared: Prepared) -> Extent:
    """What a value that was just computed keeps alive: of a view, all that it is a view of."""
    own, pieces = prepared.bytes, dict[Hashable, int]()
    for buffer in prepared.buffers:
        if buffer.nbytes >= SMALLEST:
            own -= buffer.nbytes
            piece, size = _piece(buffer.obj)
            pieces[piece] = max(size, buffer.nbytes)
    return Extent(own, pieces)


def _piece(holder: Any) -> tuple[Hashable, int]:
    while type(base := getattr(holder, "base", None)) is type(holder):  # a view of an array, of its array
        holder = base
    where = getattr(holder, "__array_interface__", None)
    if where is not None:
        return where["data"][0], holder.nbytes
    if (address := getattr(holder, "address", None)) is not None:  # Arrow makes another object at each look
        return address, holder.size
    return ("object", id(holder)), 0

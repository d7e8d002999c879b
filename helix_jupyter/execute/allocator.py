"""Bring the C allocator to where it is in a process that has computed for a while. Knows nothing of nodes."""

from __future__ import annotations

# glibc's DEFAULT_MMAP_THRESHOLD_MAX on 64-bit machines, less room for its header and the object's
_LARGEST_BLOCK = 32 * 1024**2 - 64 * 1024


def settle_allocator() -> None:
    """Let blocks of up to 32 MiB be reused within the process, not fetched from the system at every allocation.

    glibc maps blocks above 128 KiB one by one, and gives free memory back beyond twice that. When a mapped block is
    freed, both limits rise to its size (mallopt(3), ``M_MMAP_THRESHOLD``). A process that computes its inputs gets
    there by itself; one that loads them does not, and pays with page faults for every round of temporary arrays. The
    block is never touched, so this takes no memory and some microseconds. Other allocators do not care.
    """
    bytes(_LARGEST_BLOCK)

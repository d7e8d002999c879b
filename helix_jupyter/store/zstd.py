"""Bytes compressed with Zstandard, and back: the one place that knows the library.

Level 3: level 1 is hardly faster and misses what repeats in regular columns, higher ones take seconds for little
room. Every frame tells its size and has a checksum.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from helix_jupyter.errors import DoesNotCompress
from helix_jupyter.store.mapping import fresh

MAGIC = b"\x28\xb5\x2f\xfd"
LEVEL = 3
CHUNK = 1 << 20
# nothing compresses better: 128 KiB of one byte take 4 bytes
MOST_RATIO = 1 << 16


class Compressed:
    """Stands for ``file`` and compresses what is written, ``size`` bytes in all, into at most ``limit`` bytes.

    Raises
    ------
    DoesNotCompress
        From ``write`` or ``close``: it takes more than ``limit``.
    """

    def __init__(self, file: BinaryIO, size: int, limit: int) -> None:
        self._file, self._left = file, limit
        self._compressor = _compressor(size)

    def write(self, part: bytes | memoryview) -> None:
        """Compress some more."""
        self._put(self._compressor.compress(part))

    def close(self) -> None:
        """Write what is left; the file stays open."""
        self._put(self._compressor.flush())

    def _put(self, compressed: bytes) -> None:
        self._left -= len(compressed)
        if self._left < 0:
            raise DoesNotCompress(
                "It compresses less than samples of it did. Raise the budget: %helix config budget=SIZE."
            )
        self._file.write(compressed)


def compressed_bytes(parts: Iterable[memoryview]) -> int:
    """How many bytes ``parts`` take, each by itself: what repeats between samples need not repeat in the whole."""
    compress = _library().compress
    return sum(len(compress(part, LEVEL)) for part in parts)


def decompressed(compressed: memoryview, size: int) -> memoryview | None:
    """Writable memory with the ``size`` bytes that were compressed; None if it is not that, or damaged."""
    if bytes(compressed[:4]) != MAGIC or size > MOST_RATIO * len(compressed):
        return None
    try:
        # what does not tell this size is not given memory for it
        if _library().get_frame_info(compressed).decompressed_size != size:
            return None
        memory, done = fresh(size), 0
        for part in chunks(compressed):
            if done + len(part) > size:
                return None
            memory[done : done + len(part)] = part
            done += len(part)
    except _library().ZstdError:
        return None
    return memory if done == size else None


def chunks(compressed: memoryview) -> Iterator[bytes]:
    """What was compressed, piece by piece.

    Raises
    ------
    Exception
        ``ZstdError`` of the library: it is damaged or cut off.
    """
    library = _library()
    decompressor = library.ZstdDecompressor()
    at = 0
    while not decompressor.eof:
        given: bytes | memoryview = b""
        if decompressor.needs_input:
            given = compressed[at : at + CHUNK]
            if not given:
                raise library.ZstdError("it is cut off")
            at += len(given)
        yield decompressor.decompress(given, CHUNK)
    if at < len(compressed) or decompressor.unused_data:
        raise library.ZstdError("something stands behind it")


def is_damaged(error: Exception) -> bool:
    """Whether ``chunks`` raised it."""
    return isinstance(error, _library().ZstdError)


def _compressor(size: int) -> Any:
    library = _library()
    parameter = library.CompressionParameter
    compressor = library.ZstdCompressor(options={parameter.compression_level: LEVEL, parameter.checksum_flag: 1})
    compressor.set_pledged_input_size(size)
    return compressor


def _library() -> Any:
    # when it is first needed: most stores have room
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd
    return zstd

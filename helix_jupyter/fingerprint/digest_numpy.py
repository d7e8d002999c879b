"""Digest rules of NumPy: dtype, shape and the elements in C order, straight over the buffer where it lies
so.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from xxhash import xxh3_128

from helix_jupyter.fingerprint.rules import STANDS_AS

BLOCK_BYTES = 1 << 20  # what fits a core's cache
# what a masked array holds of itself, and of the memory map that it was made from
PLUMBING = frozenset(
    {
        *("_fill_value", "_hardmask", "_sharedmask", "_isfield", "_mask", "_baseclass", "_optinfo", "_basedict"),
        *("_mmap", "filename", "offset", "mode"),
    }
)


# of dtypes whose arrays are told by their bytes alone
PLAIN_KINDS = frozenset("biufcmM")


def digest_array(value: np.ndarray[Any, Any]) -> Iterator[tuple[str, object]]:
    """C and Fortran order, strides and memory maps never count: the elements do."""
    yield from array_parts(value)
    yield ".__dict__", getattr(value, "__dict__", {})


def digest_memmap(value: np.memmap[Any, Any]) -> Iterator[tuple[str, object]]:
    """As the array in memory that it reads like."""
    yield STANDS_AS, np.ndarray
    yield from array_parts(value)
    yield ".__dict__", {}


def array_parts(value: np.ndarray[Any, Any]) -> Iterator[tuple[str, object]]:
    """What makes two arrays equal: dtype, shape, elements."""
    yield ".dtype", value.dtype
    yield ".shape", value.shape
    plain = value.view(np.ndarray)
    if value.dtype.names is not None:
        # field by field, since the padding between fields holds whatever was in memory
        for name in value.dtype.names:
            yield f"[{name!r}]", plain[name]
    elif value.dtype.hasobject or value.dtype.char == "T":
        yield "", plain.ravel().tolist()
    else:
        yield "", element_bytes(plain)


def element_bytes(value: np.ndarray[Any, Any]) -> object:
    """Digest of the elements in C order: in place where they lie so, block by block where they do not."""
    if value.size == 0:
        return b""
    content = xxh3_128()
    for block in _blocks(_unpadded(value)):
        content.update(block.reshape(-1).view(np.uint8).data)
    return content.digest()


def _unpadded(value: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Extended precision of x86 fills 10 of 16 bytes; the others hold whatever was in memory."""
    if value.dtype.char not in "gG" or np.finfo(np.longdouble).nmant != 63:
        return value
    width = np.dtype(np.longdouble).itemsize
    clean = np.array(value, order="C", copy=True)
    clean.reshape(-1).view(np.uint8).reshape(-1, width)[:, 10:] = 0
    return clean


def _blocks(value: np.ndarray[Any, Any]) -> Iterator[np.ndarray[Any, Any]]:
    """Contiguous pieces along the first axis that follow one another; a copy is never larger than a block."""
    if value.flags.c_contiguous:
        yield value
        return
    step = max(1, BLOCK_BYTES // max(1, value.nbytes // value.shape[0]))
    if step == 1 and value.ndim > 1 and value[0].nbytes > BLOCK_BYTES:
        for row in value:
            yield from _blocks(row)
        return
    for start in range(0, value.shape[0], step):
        yield np.ascontiguousarray(value[start : start + step])


def digest_masked(value: np.ma.MaskedArray[Any, Any]) -> Iterator[tuple[str, object]]:
    """What lies under the mask counts, since code can look at it; not objects, of which it could be anything."""
    mask = np.ma.getmaskarray(value)
    data = value.data
    if data.dtype.hasobject:
        data = np.array(data, copy=True, subok=not isinstance(data, np.memmap))
        _clear(data, mask)
    yield ".data", data
    yield ".mask", mask
    if value is not np.ma.masked:  # of which there is one only, which cannot be asked
        fill = value.fill_value
        # beside objects NumPy's own is one of its scalars, and after a load it is none any more
        yield ".fill_value", fill.item() if data.dtype.hasobject and isinstance(fill, np.generic) else fill
    yield ".hardmask", value.hardmask
    yield ".__dict__", {name: held for name, held in value.__dict__.items() if name not in PLUMBING}


def _clear(data: np.ndarray[Any, Any], mask: np.ndarray[Any, Any]) -> None:
    """Set what is masked to zero, field by field where there are fields."""
    if mask.dtype.names is None:
        data[mask] = np.zeros((), dtype=data.dtype)
    for name in mask.dtype.names or ():
        _clear(data[name], mask[name])


def digest_scalar(value: np.generic) -> Iterator[tuple[str, object]]:
    if type(value) is value.dtype.type:  # the dtype says it: ``longlong`` may be ``int64`` by another name
        yield STANDS_AS, np.generic
    yield "", np.asarray(value)


def digest_dtype(value: np.dtype[Any]) -> Iterator[tuple[str, object]]:
    if type(value).__module__ == "numpy.dtypes":
        yield STANDS_AS, np.dtype
    if value.names is not None or value.subdtype is not None or value.metadata or value.char == "T":
        yield "", repr(value)
        yield ".metadata", dict(value.metadata or {})
    else:
        yield "", value.str


def digest_vectorized(value: np.vectorize) -> Iterator[tuple[str, object]]:
    """Without the universal functions that it makes of its function when it is called."""
    yield ".__dict__", {name: held for name, held in vars(value).items() if name not in _NO_CONTENT}


_NO_CONTENT = frozenset({"_ufunc", "_doc", "__doc__"})

"""From a value to a pickle stream and the buffers beside it, and back. Touches no file.

Pickle protocol 5 (PEP 574): the bytes of arrays and frames are not copied into the stream but handed out as
buffers, which are views of the live value.
"""

from __future__ import annotations

import io
import pickle
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from helix_jupyter.errors import Unpicklable
from helix_jupyter.fingerprint.global_generators import pickler
from helix_jupyter.store.culprit import find_culprit

# smaller buffers cost more in the table, in padding and as Python objects than in the stream
SMALLEST_BUFFER = 1024


@dataclass(frozen=True, eq=False)
class Prepared:
    """A pickled value. ``buffers`` are flat byte views of the value itself: they change as it changes."""

    stream: bytes
    buffers: tuple[memoryview, ...]

    @property
    def bytes(self) -> int:
        """Size of stream and buffers together in bytes."""
        return len(self.stream) + sum(buffer.nbytes for buffer in self.buffers)

    @cached_property
    def digests(self) -> tuple[str, ...]:
        """xxh3-128 of each buffer's bytes, in hexadecimal, as they were when first asked for."""
        from xxhash import xxh3_128_hexdigest

        return tuple(xxh3_128_hexdigest(buffer) for buffer in self.buffers)

    def copy(self) -> Any:
        """An independent value, equal to the one that was pickled: it shares no memory with it."""
        return pickle.loads(self.stream, buffers=[bytearray(buffer) for buffer in self.buffers])


def prepare(value: object) -> Prepared:
    """Pickle ``value`` without copying its large buffers.

    Raises
    ------
    Unpicklable
        With the path to the part that cannot be pickled.
    """
    try:
        return pickled(value)
    except Exception as error:
        if too_deep(error):
            raise Unpicklable("", reason_of(error)) from error
        path, cause = find_culprit(value, error, pickled)
        raise Unpicklable(path, reason_of(cause)) from error


def pickled(value: object) -> Prepared:
    """As :func:`prepare`, but whatever pickling raises comes through."""
    buffers: list[memoryview] = []

    def goes_into_stream(buffer: pickle.PickleBuffer) -> bool:
        try:
            view = buffer.raw()
        except BufferError:  # not contiguous
            return True
        if view.nbytes < SMALLEST_BUFFER:
            return True
        buffers.append(view)
        return False

    file = io.BytesIO()
    value_pickler()(file, protocol=5, buffer_callback=goes_into_stream).dump(value)
    return Prepared(file.getvalue(), tuple(buffers))


@cache
def value_pickler() -> Any:
    """The ``Pickler`` of all values. Made when it is first needed."""
    from helix_jupyter.store import array_attributes, chunked_columns, notebook_classes

    class Pickler(pickler()):  # type: ignore[misc]  # cloudpickle has no types
        def reducer_override(self, obj: Any) -> Any:
            if type(obj) is memoryview:  # cloudpickle would give back bytes
                raise pickle.PicklingError("a memory view only looks at another value; keep its bytes")
            own = notebook_classes.reduced(obj) or chunked_columns.reduced(obj) or array_attributes.reduced(obj)
            return own or super().reducer_override(obj)

    return Pickler


def reason_of(error: Exception) -> str:
    """One line for people."""
    if too_deep(error):
        return "it is nested too deeply"
    text = str(error).strip().split("\n", 1)[0]
    return text or type(error).__name__


def too_deep(error: Exception) -> bool:
    """Whether the value is nested too deeply; cloudpickle wraps the error that says so."""
    return isinstance(error, RecursionError) or isinstance(error.__cause__, RecursionError)

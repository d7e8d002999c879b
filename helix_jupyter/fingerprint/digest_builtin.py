"""Digest rules of builtin and standard types whose pickled form is not their content."""

from __future__ import annotations

import contextvars
import functools
from collections.abc import Iterator
from typing import Any

from helix_jupyter.fingerprint.scalars import SCALARS
from helix_jupyter.fingerprint.shown import shown


def digest_range(value: range) -> Iterator[tuple[str, object]]:
    """Not as it compares: ``range(0, 5, 2)`` equals ``range(0, 6, 2)``, but who asks for ``stop`` gets another."""
    yield "", (value.start, value.stop, value.step)


def digest_slice(value: slice) -> Iterator[tuple[str, object]]:
    yield "", (value.start, value.stop, value.step)


def digest_memoryview(value: memoryview) -> Iterator[tuple[str, object]]:
    yield ".format", value.format
    yield ".shape", value.shape
    yield ".bytes", value.tobytes()


def digest_keys(value: Any) -> Iterator[tuple[str, object]]:
    yield "", dict.fromkeys(value)


def digest_values(value: Any) -> Iterator[tuple[str, object]]:
    yield "", list(value)


def digest_struct(value: Any) -> Iterator[tuple[str, object]]:
    yield ".format", value.format


def digest_mapping_proxy(value: Any) -> Iterator[tuple[str, object]]:
    yield "", dict(value)


def digest_cell(value: Any) -> Iterator[tuple[str, object]]:
    try:
        yield ".cell_contents", (value.cell_contents,)
    except ValueError:  # not filled yet
        yield ".cell_contents", ()


def digest_set_subclass(value: Any) -> Iterator[tuple[str, object]]:
    yield "", frozenset(value)
    yield ".__dict__", getattr(value, "__dict__", {})


def digest_ordered_dict(value: Any) -> Iterator[tuple[str, object]]:
    """Order counts, as it does in the type's own equality."""
    yield ".keys()", list(value.keys())
    for key, item in value.items():
        # a step counts, too: an object's own text may hold its address
        yield f"[{shown(key)}]" if type(key) in SCALARS else f"[<{type(key).__name__}>]", item
    yield ".__dict__", getattr(value, "__dict__", {})


def digest_partial(value: Any) -> Iterator[tuple[str, object]]:
    """Its ``__dict__`` is asked of its reduction: looking at it makes an empty one, and what is made of such a partial
    object is another than what is made of one that nobody looked at."""
    reduced: Any = functools.partial.__reduce__(value)
    yield ".func", value.func
    yield ".args", value.args
    yield ".keywords", value.keywords
    yield ".__dict__", reduced[2][3] or {}


def digest_new_type(value: Any) -> Iterator[tuple[str, object]]:
    yield ".__name__", value.__name__
    yield ".__supertype__", value.__supertype__


def digest_enum(value: Any) -> Iterator[tuple[str, object]]:
    yield ".name", value.name
    yield ".value", value.value


def digest_cached_function(value: Any) -> Iterator[tuple[str, object]]:
    """``functools.lru_cache``: the function and the cache's settings, never what the cache holds."""
    yield ".__wrapped__", value.__wrapped__
    yield ".cache_parameters()", value.cache_parameters()


def digest_memory_file(value: Any) -> Iterator[tuple[str, object]]:
    """``BytesIO`` and ``StringIO``: content and position. Whether somebody ever asked for attributes does not count."""
    *state, attributes = value.__getstate__()
    yield "", tuple(state)
    yield ".__dict__", attributes or {}


def digest_dispatched_method(value: Any) -> Iterator[tuple[str, object]]:
    """``functools.singledispatchmethod``: never what was looked up in it so far."""
    yield ".dispatcher", value.dispatcher
    yield ".func", value.func


def digest_path(value: Any) -> Iterator[tuple[str, object]]:
    """Not as it pickles itself since Python 3.13, which keeps how the path was spelled."""
    yield ".parts", value.parts


def digest_cached_property(value: Any) -> Iterator[tuple[str, object]]:
    yield ".func", value.func
    yield ".attrname", value.attrname


def digest_context_variable(value: contextvars.ContextVar[Any]) -> Iterator[tuple[str, object]]:
    """By what it is set to here, or gives as it is not."""
    yield ".name", value.name
    yield ".is_set", value in contextvars.copy_context()
    try:
        yield ".get()", (value.get(),)
    except LookupError:
        yield ".get()", ()


def digest_c_field(value: Any) -> Iterator[tuple[str, object]]:
    """Of a ``ctypes`` structure, whose ``_fields_`` tell the type."""
    yield ".offset", value.offset
    yield ".size", value.size

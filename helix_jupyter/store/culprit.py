"""From a value that does not pickle to the path of the part that is to blame. Touches nothing but the value.

Runs after pickling has failed: parts are tried one by one, and the first that fails on its own is entered.
Reading the pickler's own stack from the traceback was rejected: the C pickler leaves none.
"""

from __future__ import annotations

import functools
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from helix_jupyter.fingerprint.kinds import is_a
from helix_jupyter.fingerprint.shown import shown

DEEPEST = 60
MOST_PARTS = 100_000
_SIMPLE = (type(None), bool, int, float, complex, str, bytes)


def find_culprit(value: object, error: Exception, pickled: Callable[[object], object]) -> tuple[str, Exception]:
    """The path to the innermost part for which ``pickled`` fails on its own, and what that part raised.

    Returns
    -------
    tuple
        ``("['m']['lock']", error)``; the path is empty when no part alone is to blame.
    """
    path = ""
    entered: list[object] = []  # kept alive, so that an id is never met again by chance
    while len(entered) < DEEPEST:
        entered.append(value)
        found = _first_failing(value, entered, pickled)
        if found is None:
            break
        step, value, error = found
        path += step
    return path, error


def _first_failing(
    value: object, entered: Sequence[object], pickled: Callable[[object], object]
) -> tuple[str, Any, Exception] | None:
    for step, part in islice(_parts(value), MOST_PARTS):
        if type(part) in _SIMPLE or any(part is earlier for earlier in entered):
            continue
        try:
            pickled(part)
        except Exception as error:
            return step, part, error
    return None


def _parts(value: object) -> Iterator[tuple[str, Any]]:
    """The parts that pickling would enter, each with its step of the path; ends at one that cannot be had."""
    try:
        yield from _parts_by_kind(value)
    except Exception:
        return


def _parts_by_kind(value: Any) -> Iterator[tuple[str, Any]]:
    if is_a(value, Mapping):
        for key, item in list(value.items()):
            yield f"[{shown(key)}]", item
            yield f".keys()[{shown(key)}]", key
    elif is_a(value, (list, tuple)):
        yield from ((f"[{index}]", item) for index, item in enumerate(value))
    elif is_a(value, (set, frozenset)):
        yield from ((f"{{{shown(item)}}}", item) for item in list(value))
    elif is_a(value, types.FunctionType):
        yield from _parts_of_function(value)
    elif is_a(value, types.MethodType):
        yield ".__self__", value.__self__
    elif is_a(value, functools.partial):
        yield from ((".func", value.func), (".args", value.args), (".keywords", value.keywords))
    elif _is_column_like(value):
        yield from ((f"[{shown(label)}]", item) for label, item in value.items())
    elif _is_object_array(value):
        import numpy

        for index in numpy.ndindex(value.shape):
            yield f"[{', '.join(map(str, index))}]", value[index]
    yield from _parts_of_state(value)


def _parts_of_function(function: types.FunctionType) -> Iterator[tuple[str, Any]]:
    """What cloudpickle takes along: closure, defaults and the globals that the code names."""
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=False):
        yield f".__closure__[{name!r}]", cell.cell_contents
    for name in function.__code__.co_names:
        if name in function.__globals__:
            yield f".__globals__[{name!r}]", function.__globals__[name]
    yield ".__defaults__", function.__defaults__
    yield ".__kwdefaults__", function.__kwdefaults__


def _parts_of_state(value: Any) -> Iterator[tuple[str, Any]]:
    if is_a(value, (type, types.ModuleType, types.FunctionType)):
        return
    # object.__getstate__ gives __dict__, or (__dict__, slots) where the class has slots; a class may have its
    # own
    state = value.__getstate__()
    for part in state if is_a(state, tuple) and len(state) == 2 else (state,):
        if is_a(part, dict):
            yield from ((f".{name}", item) for name, item in list(part.items()))
        elif part is not None:
            yield ".__getstate__()", part
    kind: Any = type(value)
    if kind.__reduce_ex__ is not object.__reduce_ex__ or kind.__reduce__ is not object.__reduce__:
        yield from _parts_of_reduction(value)


def _parts_of_reduction(value: Any) -> Iterator[tuple[str, Any]]:
    """What a class with a ``__reduce__`` of its own hands over."""
    reduced = value.__reduce_ex__(5)
    if is_a(reduced, tuple):
        yield from ((".__reduce__()", part) for part in (*reduced[1], *reduced[2:3]))


def _is_column_like(value: object) -> bool:
    return type(value).__module__.partition(".")[0] == "pandas" and hasattr(value, "items")


def _is_object_array(value: object) -> bool:
    return type(value).__module__ == "numpy" and bool(getattr(getattr(value, "dtype", None), "hasobject", False))

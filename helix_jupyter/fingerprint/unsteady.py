"""What code reaches that gives something else each time: clocks, and randomness that no seed governs.

Found from names, as the code that ran left them; calls nothing. Wrapping such functions while a node runs was
rejected: ``datetime.now`` cannot be wrapped, and a loop would pay for the others.
"""

from __future__ import annotations

import datetime
import dis
import os
import random
import secrets
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from types import CodeType, FunctionType, ModuleType
from typing import Any

from helix_jupyter.fingerprint.code import code_reads
from helix_jupyter.fingerprint.kinds import is_a
from helix_jupyter.fingerprint.locality import Origin, origin

RANDOMNESS, DATE, CLOCK, STOPWATCH = "randomness", "date", "clock", "stopwatch"
_KNOWN: dict[Any, tuple[str, str]] = {
    **{getattr(secrets, name): (RANDOMNESS, f"secrets.{name}") for name in secrets.__all__ if name != "compare_digest"},
    **{getattr(uuid, name): (RANDOMNESS, f"uuid.{name}") for name in ("uuid1", "uuid4")},
    os.urandom: (RANDOMNESS, "os.urandom"),
    random.SystemRandom: (RANDOMNESS, "random.SystemRandom"),
    # a date is a result; these mostly tell how long something took
    **{
        getattr(time, name): (CLOCK, f"time.{name}")
        for name in ("time", "time_ns", "ctime", "localtime", "gmtime", "strftime", "asctime")
    },
}
# these always do: no matter for reuse, but two nodes that look at them do not look at the same time
_KNOWN |= {
    getattr(time, name + unit): (STOPWATCH, f"time.{name}{unit}")
    for name in ("perf_counter", "monotonic", "process_time", "thread_time")
    for unit in ("", "_ns")
}
_NOW = frozenset({"now", "utcnow", "today"})


@dataclass(frozen=True)
class Unsteady:
    """``kind`` is one of the above, ``name`` what is reached, ``where`` from where."""

    kind: str
    name: str
    where: str


def find_unsteady(codes: Iterable[CodeType], namespace: Mapping[str, Any]) -> tuple[Unsteady, ...]:
    """The first of each kind that the cell's ``codes`` reach, through local functions and classes too."""
    found: dict[str, Unsteady] = {}
    waiting: list[tuple[CodeType, Mapping[str, Any], str]] = [(code, namespace, "") for code in codes]
    seen: set[CodeType] = set()
    while waiting:
        code, names, owner = waiting.pop(0)
        if code in seen:
            continue
        seen.add(code)
        for name, chains in code_reads(code).globals.items():
            for chain in sorted(chains) if name in names else ():
                kind, label, functions = _resolved(names[name], chain.split(".") if chain else [])
                if kind:
                    where = f"in `{owner}`" if owner else f"in line {_line(code, name, chain.partition('.')[0])}"
                    found.setdefault(kind, Unsteady(kind, label, where))
                waiting += [(one.__code__, one.__globals__, one.__qualname__) for one in functions]
    return tuple(found[kind] for kind in sorted(found))


def _resolved(value: Any, steps: list[str]) -> tuple[str, str, list[FunctionType]]:
    """What a name and its attributes lead to: kind and label where that is unsteady, and local functions."""
    for step in steps:
        if is_a(value, type) and issubclass(value, datetime.date) and step in _NOW:
            return DATE, f"{value.__name__}.{step}", []
        if not is_a(value, ModuleType | type):
            return "", "", []
        value = vars(value).get(step)
        value = value.__func__ if is_a(value, staticmethod | classmethod) else value
    functions = list(_functions(value))
    try:
        return (*_KNOWN.get(value, ("", "")), functions)
    except TypeError:  # it has no hash
        return "", "", functions


def _functions(value: Any) -> Iterator[FunctionType]:
    if is_a(value, FunctionType):
        value = getattr(value, "__wrapped__", value)
        if is_a(value, FunctionType) and origin(value.__globals__.get("__name__")) is Origin.LOCAL:
            yield value
    elif is_a(value, type) and origin(value.__module__) is Origin.LOCAL:
        for member in vars(value).values():
            yield from _functions(member.__func__ if is_a(member, staticmethod | classmethod) else member)


def _line(code: CodeType, name: str, attribute: str) -> int | None:
    """The line of ``code``, or of the code nested in it, that first reads the global ``name``, and the attribute of it
    where one is named."""
    for instruction, after in pairwise(dis.get_instructions(code)):
        reads = instruction.argval == name and "LOAD" in instruction.opname
        if reads and instruction.positions is not None and (not attribute or after.argval == attribute):
            return instruction.positions.lineno
    nested = (constant for constant in code.co_consts if isinstance(constant, CodeType))
    return next((line for one in nested if (line := _line(one, name, attribute)) is not None), None)

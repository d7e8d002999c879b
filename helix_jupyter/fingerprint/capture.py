"""What the names that a node reads reach: functions, classes and constants, through any number of hops.

Reads the notebook's namespace and loaded local modules; calls nothing that they define. Names that other
nodes give are never digested here: they are edges. Dynamic access (``globals()[...]``, ``getattr`` with a
computed name) is not seen.
"""

from __future__ import annotations

import builtins
import functools
import os
import sys
from collections import deque
from collections.abc import Collection, Container, Iterable, Mapping
from dataclasses import dataclass, field
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any

from helix_jupyter.cell.types import WHOLE
from helix_jupyter.errors import Undigestable
from helix_jupyter.fingerprint.code import code_reads
from helix_jupyter.fingerprint.digest import Walk
from helix_jupyter.fingerprint.digest_code import counterpart, found_by_name, own_class, own_function
from helix_jupyter.fingerprint.fields import Fields, fields_of
from helix_jupyter.fingerprint.framing import digest_fields, frame, hexadecimal
from helix_jupyter.fingerprint.kinds import is_a
from helix_jupyter.fingerprint.local_imports import import_parts
from helix_jupyter.fingerprint.locality import Origin, origin
from helix_jupyter.fingerprint.module_source import resolve_relative
from helix_jupyter.fingerprint.module_state import note_used
from helix_jupyter.fingerprint.shown import literal, shown
from helix_jupyter.fingerprint.types import Part
from helix_jupyter.fingerprint.versions import module_part

_builtins = vars(builtins)
_PYTHON = dict(_builtins)


@dataclass(frozen=True)
class Captured:
    """What a node reaches outside itself and its inputs.

    Attributes
    ----------
    parts
        One part per thing reached, in an order that depends on content only.
    nodes
        Names of other nodes' outputs that helper functions reach through their globals: edges.
    missing
        Names that the node, or a helper of the notebook, reads and that neither the namespace nor the builtins define.
    unknown
        One line for each value that has no digest.
    reached
        The items of the namespace that were reached, directly or through helpers: what must be bound when the
        node runs elsewhere or is checked out.
    imports
        The modules that helper functions import when they run, with the attribute chains used of each.
    live
        Names of the local modules that were reached, or whose functions and classes were, as they lie in memory.
    """

    parts: tuple[Part, ...] = ()
    nodes: frozenset[str] = frozenset()
    missing: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    reached: Mapping[str, object] = field(default_factory=dict)
    imports: Mapping[str, frozenset[str]] = field(default_factory=dict)
    live: frozenset[str] = frozenset()


def capture(
    names: Iterable[str],
    attributes: Mapping[str, frozenset[str]],
    namespace: Mapping[str, object],
    outputs: Container[str],
) -> Captured:
    """Follow what ``names`` stand for in ``namespace``.

    Parameters
    ----------
    names
        Names that the node's code reads and that no node gives.
    attributes
        The attribute chains behind each name (``CellAnalysis.attributes``): of a local module only those
        members count.
    namespace
        The notebook's globals.
    outputs
        Names that nodes give.
    """
    search = _Search(namespace, outputs)
    for name in sorted(set(names)):
        search.read_name(name, attributes.get(name) or WHOLE)
    return search.finish()


def behind(references: Collection[Any], ordered: bool) -> bytes:
    """The token of all that some functions, classes and modules reach, for the digest of a value that holds
    them; ``ordered`` as there.

    Raises
    ------
    Undigestable
        They reach a value without content.
    """
    search = _Search({}, frozenset(), ordered)
    for reference in references:
        search.follow_told(reference)
    parts = search.finish(raising=True).parts
    told = sorted((part.kind, part.label, part.digest) for part in parts if part.kind != "module")
    return b"".join(frame("part", digest_fields(*part).encode()) for part in told)


@dataclass(frozen=True)
class _Item:
    """Something to tell: ``direct`` when the node's own code reads it under the name ``label``, else ``caller`` names
    the function that does."""

    label: str
    value: Any
    chains: frozenset[str]
    direct: bool = False
    caller: str = ""


class _Search:
    def __init__(self, namespace: Mapping[str, object], outputs: Container[str], ordered: bool = True) -> None:
        self._namespace, self._outputs, self._ordered = namespace, outputs, ordered
        self._queue: deque[_Item] = deque()
        self._parts: dict[tuple[str, str, str], Part] = {}
        self._followed: dict[tuple[int, str], object] = {}
        self._labels: dict[int, str] = {}
        self._modules: set[str] = set()
        self._imports: dict[str, set[str]] = {}
        self._live: set[str] = set()
        self._subclasses = False
        self._classes: list[type] = []
        self._nodes: set[str] = set()
        self._missing: list[str] = []
        self._failures: dict[str, Undigestable] = {}
        self._reached: dict[str, object] = {}

    def read_name(self, name: str, chains: frozenset[str]) -> None:
        """Take up a name of the node's own code."""
        self._subclasses = self._subclasses or any("__subclasses__" in chain for chain in chains)
        if name in self._outputs:
            self._nodes.add(name)
        elif name in self._namespace:
            self._reached[name] = self._namespace[name]
            self._queue.append(_Item(name, self._namespace[name], chains, direct=True))
        elif name in _builtins:
            self._follow_builtin(name, chains)
        else:
            self._missing.append(name)

    def _follow_builtin(self, name: str, chains: frozenset[str], caller: str = "") -> None:
        """A name that somebody added to Python's own, or took from it for something else, is one of the notebook's."""
        if _builtins[name] is not _PYTHON.get(name):
            self._queue.append(_Item(name, _builtins[name], chains, caller=caller))

    def finish(self, raising: bool = False) -> Captured:
        """Follow everything that waits, and sum up."""
        while self._queue or self._follow_subclasses():
            self._follow(self._queue.popleft())
        if raising and self._failures:
            label, error = next(iter(self._failures.items()))
            raise Undigestable(f" -> {label}{error.path}", error.reason)
        for top in self._modules:
            part = module_part(top)
            self._parts.setdefault((part.kind, part.label, part.digest), part)
        for part in import_parts(self._imports):
            self._parts.setdefault((part.kind, part.label, part.digest), part)
        return Captured(
            parts=tuple(self._parts[key] for key in sorted(self._parts)),
            nodes=frozenset(self._nodes),
            missing=tuple(self._missing),
            unknown=tuple(_unknown_line(label, error) for label, error in sorted(self._failures.items())),
            reached=self._reached,
            imports={name: frozenset(chains) for name, chains in self._imports.items()},
            live=frozenset(self._live),
        )

    def _add(self, kind: str, label: str, digest: str, detail: str = "") -> None:
        self._parts.setdefault((kind, label, digest), Part(kind, label, digest, detail))

    def _follow(self, item: _Item) -> None:
        value = item.value
        if is_a(value, ModuleType):
            self._follow_module(item)
            return
        if _is_host(value):
            return
        # a constant may be one object under two names, a function is one helper
        is_code = is_a(value, FunctionType | type)
        mark = (id(value), "" if is_code else item.label)
        if mark in self._followed:
            if is_code:
                self._stands_for(item.label, self._labels[id(value)])
            return
        self._followed[mark] = value
        self._labels.setdefault(id(value), item.label)
        try:
            self._tell(item)
        except Undigestable as error:
            self._failures.setdefault(item.label, error)

    def _stands_for(self, label: str, other: str) -> None:
        """Tell that a name stands for code that is told under another one: it may come to stand for something else."""
        if label != other:
            self._add("name", label, digest_fields(other), other)

    def _tell(self, item: _Item) -> None:
        value, walk = item.value, Walk(by_name=True, ordered=self._ordered)
        local = _is_local_code(value)
        if local:
            self._live.add(_home(value) or "")
        if is_a(value, FunctionType) and local:
            token = walk.guard(value, own_function)
            file = _file_name(value.__globals__.get("__name__"))
            self._add("function", item.label, hexadecimal(token), _called_by(file, item.caller))
            self._follow_globals(value)
        elif is_a(value, type) and local:
            self._classes.append(value)
            token = walk.guard(value, own_class)
            self._add("class", item.label, hexadecimal(token), _called_by(_file_name(value.__module__), item.caller))
        else:
            token = walk.token(value)
            # what is short in a module is recorded as it is: it may have been set there, and is put back by reproduce
            detail = ("." in item.label and literal(value)) or _short(value)
            self._add(_kind(value), item.label, hexadecimal(token), detail)
        self._tell_fields(walk, item.label, fields_of(value) if local or not is_a(value, FunctionType | type) else None)
        self._modules |= walk.modules
        for reference in walk.references:
            if reference is not value:
                self.follow_reference(reference)

    def _tell_fields(self, walk: Walk, label: str, fields: Fields | None) -> None:
        """Beside the whole: so that it can be said which of them is another, and whether nothing else is."""
        if fields is None:
            return
        for name, value in fields.named.items():
            self._add(fields.kind, f"{label}.{name}", hexadecimal(walk.token(value)), _short(value))
        self._add("rest", label, hexadecimal(walk.parts(fields.rest)))

    def follow_reference(self, reference: Any) -> None:
        """Take up a local function, class or module that some value holds."""
        if is_a(reference, ModuleType):
            self._queue.append(_Item(reference.__name__, reference, WHOLE))
            return
        module = _home(reference)
        if found_by_name(reference, module):
            self._queue.append(_Item(_label(module, reference.__qualname__), reference, WHOLE))
        elif is_a(reference, FunctionType):
            self.follow_told(reference)

    def follow_told(self, reference: Any) -> None:
        """Take up what a reference reaches, which is told in place already by what holds it.

        Whether its name leads back to it must not count: a function that was stored and loaded has globals of its
        own, with what it reads alone, and a class that a node gives is digested before the notebook has it.
        """
        if is_a(reference, type) and reference.__module__ == "__main__":
            self._classes.append(reference)  # its methods and bases are references of their own
        elif not is_a(reference, FunctionType):
            self.follow_reference(reference)
        elif (id(reference), "globals") not in self._followed:
            self._followed[id(reference), "globals"] = reference
            self._follow_globals(reference)

    def _follow_subclasses(self) -> bool:
        """Take up the subclasses of all classes that were reached, if some code asks for such; whether there were."""
        while self._subclasses and self._classes:
            subclasses: list[type] = type.__subclasses__(self._classes.pop())
            self._queue.extend(_Item(_label(_home(kind), kind.__qualname__), kind, WHOLE) for kind in subclasses)
        return bool(self._queue)

    def _follow_globals(self, function: FunctionType) -> None:
        module = function.__globals__.get("__name__")
        reads = code_reads(function.__code__)
        self._subclasses = self._subclasses or reads.subclasses
        in_notebook = function.__globals__ is self._namespace
        for name, chains in reads.globals.items():
            if in_notebook and name in self._outputs:
                self._nodes.add(name)
            elif name in function.__globals__:
                if in_notebook:
                    self._reached[name] = function.__globals__[name]
                self._follow_member(module, name, function.__globals__[name], chains, function.__name__)
            elif name in _builtins:
                self._follow_builtin(name, chains, function.__name__)
            elif in_notebook:
                self._missing.append(name)
        package = function.__globals__.get("__package__") or ""
        for level, name, members in reads.imports:
            self._imports.setdefault(resolve_relative(package, level, name), set()).update(members)

    def _follow_member(
        self, module: str | None, name: str, value: Any, chains: frozenset[str], caller: str = ""
    ) -> None:
        note_used(module or "", (name,))
        label = _label(module, name)
        if _is_local_code(value) and counterpart(value, _home(value)) is not None:
            label = _label(_home(value), value.__qualname__)
            self._stands_for(_label(module, name), label)
        self._queue.append(_Item(label, value, chains, caller=caller))

    def _follow_module(self, item: _Item) -> None:
        module = item.value
        whose = origin(module.__name__)
        if whose is Origin.HOST:
            return
        if module.__name__ not in (item.label, item.label.rpartition(".")[2]):
            self._add("value", item.label, digest_fields("module", module.__name__), module.__name__)
        if whose is Origin.THIRD_PARTY:
            self._modules.add(module.__name__.partition(".")[0])
        elif whose is Origin.LOCAL:
            self._live.add(module.__name__)
            for chain in sorted(item.chains):
                if (id(module), chain) not in self._followed:
                    self._followed[id(module), chain] = module
                    self._follow_chain(module, chain, item.caller)

    def _follow_chain(self, module: ModuleType, chain: str, caller: str) -> None:
        first, _, rest = chain.partition(".")
        if not first:
            for name, member in sorted(vars(module).items()):
                if not name.startswith("__"):
                    self._follow_member(module.__name__, name, member, WHOLE)
            return
        member = vars(module).get(first, sys.modules.get(f"{module.__name__}.{first}"))
        if member is not None or first in vars(module):
            self._follow_member(module.__name__, first, member, frozenset({rest}), caller)
        elif is_a(vars(module).get("__getattr__"), FunctionType):
            self._follow_member(module.__name__, "__getattr__", vars(module)["__getattr__"], WHOLE)
        else:
            self._imports.setdefault(f"{module.__name__}.{first}", set()).add(rest)


def _home(value: Any) -> str | None:
    name = value.__globals__.get("__name__") if is_a(value, FunctionType) else value.__module__
    return name if is_a(name, str) else None


def _is_local_code(value: Any) -> bool:
    return is_a(value, FunctionType | type) and origin(_home(value)) is Origin.LOCAL


def _is_host(value: Any) -> bool:
    """The environment's own tools (``get_ipython``, ``display``): no part of what a node computes."""
    if is_a(value, FunctionType) and hasattr(value, "__wrapped__"):
        return False
    if is_a(value, MethodType):
        return origin(type(value.__self__).__module__) is Origin.HOST
    if is_a(value, FunctionType | type):
        return origin(_home(value)) is Origin.HOST
    # the shell and its parts; but an IPython.display object is a value like any other
    home = type(value).__module__
    return origin(home) is Origin.HOST and not home.startswith(("IPython.core.display", "IPython.lib.display"))


def _label(module: str | None, name: str) -> str:
    return name if module in (None, "__main__", "__mp_main__") else f"{module}.{name}"


def _kind(value: Any) -> str:
    if is_a(value, type):
        return "class"
    if is_a(value, FunctionType | MethodType | BuiltinFunctionType | functools.partial):
        return "function"
    return "function" if "__wrapped__" in _held(value) else "value"


def _held(value: Any) -> Mapping[str, Any]:
    """A value's own attributes, without asking it: it may have a ``__getattr__``."""
    if is_a(value, functools.partial):  # it gets an empty dictionary by being asked for one, see its digest
        return {}
    try:
        held: Mapping[str, Any] = object.__getattribute__(value, "__dict__")
    except AttributeError:
        return {}
    return held


def _short(value: Any) -> str:
    """What people are shown beside a part: a short repr of plain values, the name of code, else the type."""
    try:
        return _told(value)
    except Exception:  # a subclass of a plain type may raise at any question
        return type(value).__name__


def _told(value: Any) -> str:
    if is_a(value, int) and value.bit_length() > 200:
        return f"an int of {value.bit_length()} bits"
    if is_a(value, bool | int | float | complex | str | bytes | None):
        return shown(value)
    if is_a(value, tuple | list | dict | set | frozenset) and len(value) <= 8:
        items = (*value, *value.values()) if is_a(value, dict) else value
        plain = all(is_a(item, bool | int | float | str | None) for item in items)
        text = shown(value) if plain else ""
        return text if text and not text.endswith("...") else type(value).__name__
    is_named = is_a(value, type | FunctionType | MethodType | BuiltinFunctionType) or "__qualname__" in _held(value)
    named = value if is_named else type(value)
    return _label(named.__module__, named.__qualname__).removeprefix("builtins.")


def _file_name(module: str | None) -> str:
    file = getattr(sys.modules.get(module or ""), "__file__", None)
    return os.path.basename(file) if file and module != "__main__" else ""


def _called_by(file: str, caller: str) -> str:
    return ", ".join(filter(None, (file, f"called by `{caller}`"))) if caller else file


def _unknown_line(label: str, error: Undigestable) -> str:
    kind, _, reason = error.reason.partition(": ")
    return f"captured `{label}{error.path}` ({kind}) cannot be digested" + (f": {reason}" if reason else "")

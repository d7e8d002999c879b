"""What was set on loaded local modules from outside since they were imported (``m.K = 2``, ``m.configure(2)``).

A module that a node imports itself counts by its text; what lies in memory is told beside it where it is another.
So the key is the same whether the module is loaded or not, as long as nobody sets anything. What nodes themselves
leave behind on a module does not count: a fresh kernel would not have it before the node.
Reads values; changes none, and calls nothing of theirs but what their digest needs.
"""

from __future__ import annotations

import sys
import uuid
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from types import FunctionType, ModuleType
from typing import Any

from helix_jupyter.fingerprint.digest import digest
from helix_jupyter.fingerprint.framing import digest_fields
from helix_jupyter.fingerprint.held import ABSENT, Held, hold, token_of
from helix_jupyter.fingerprint.kinds import is_a
from helix_jupyter.fingerprint.locality import HOSTS, Origin, origin

_PLUMBING = ("__builtins__", "__cached__", "__loader__", "__spec__", "__file__", "__path__", "__doc__")
_PROCESS = uuid.uuid4().hex
_numbers = count()


@dataclass
class _Module:
    """What is known of one module.

    Attributes
    ----------
    patched
        The names that its text surely binds, where it was given new text in place and not looked at since; else None.
    kept
        What was set on it before it was run again or patched, by name.
    nameless
        Values without a digest, with what they are told as: kept, so that no other takes an address over.
    """

    namespace: Mapping[str, Any]
    held: dict[str, Held]
    patched: Container[str] | None = None
    kept: dict[str, object] = field(default_factory=dict)
    nameless: dict[str, tuple[object, str]] = field(default_factory=dict)

    def told(self, name: str) -> str:
        """What the name counts as: empty where it is as the text gives it."""
        one, value = self.held.get(name), self.namespace.get(name, ABSENT)
        if one is None:
            # importing a package's module sets its name on the package
            return "" if value is ABSENT or is_a(value, ModuleType) else self._digest(name, value)
        if one.is_unchanged(value):
            return one.told
        token = token_of(value)
        # what has no token, and never told by other marks what it is, is what it was as long as it is the same
        if token == one.latest() if token is not None else value is one.value and one.marks is None:
            return one.told
        return "" if token is not None and token == one.original() else self._digest(name, value)

    def leave(self, name: str, told: str) -> None:
        """Take what the name stands for now for what counted as ``told``."""
        one = self.held.get(name)
        if self.told(name) != told:
            now = hold(self.namespace.get(name, ABSENT))
            self.held[name] = replace(now, loaded=one.original() if one is not None else token_of(ABSENT), told=told)

    def asked(self) -> tuple[str, ...]:
        """The names that have to be looked at: those that may be read, and those that cost nothing."""
        used = _used.get(self.namespace["__name__"], frozenset[str]())
        return tuple(
            name
            for name in self.names()
            if name not in _PLUMBING and (name in used or _WHOLE in used or self._is_free(name))
        )

    def _is_free(self, name: str) -> bool:
        one = self.held.get(name)
        return one is None or not one.is_read or one.value is not self.namespace.get(name, ABSENT)

    def set_now(self) -> dict[str, object]:
        """What is set on it, by name."""
        return {name: self.namespace[name] for name in self.asked() if name in self.namespace and self.told(name)}

    def names(self) -> tuple[str, ...]:
        """All names that it has, and those that it had."""
        return tuple({**self.held, **dict.fromkeys(self.namespace)})

    def _digest(self, name: str, value: object) -> str:
        if value is ABSENT:
            return digest_fields("deleted")
        try:
            return digest(value)
        except Exception:  # no digest, or the value's own code raises
            kept = self.nameless.get(name)
            if kept is None or kept[0] is not value:
                kept = self.nameless[name] = value, digest_fields("undigestable", _PROCESS, str(next(_numbers)))
            return kept[1]


_modules: dict[str, _Module] = {}
# names of modules, loaded or not, that some node may read: of the others large values are read for nobody
_used: dict[str, set[str]] = {}
_WHOLE = ""


def note_loaded(modules: Iterable[ModuleType], binds: Callable[[str], Container[str]] = lambda _: ()) -> None:
    """Take what modules hold now for what their text gives.

    ``binds`` gives the names that a module's text surely binds: what a reload found there and gave again is the text's.
    """
    for module in modules:
        name = module.__name__
        if name.partition(".")[0] in HOSTS:
            continue
        earlier = _modules.get(name)
        if earlier is not None and earlier.namespace is not vars(module):
            earlier = None
        held = {each: hold(value) for each, value in vars(module).copy().items() if each not in _PLUMBING}
        now = _modules[name] = _Module(vars(module), held)
        given = binds(name) if earlier is not None and earlier.kept else ()
        for each, value in earlier.kept.items() if earlier is not None else ():
            # set from outside, and left alone by the reload
            if each in held and held[each].value is value and each not in given:
                held.pop(each)
                held[each] = replace(hold(value), loaded=token_of(ABSENT), told=now.told(each))


def note_begun(module: ModuleType) -> None:
    """Take note of what was set on a module that is about to be run again."""
    known = _modules.get(module.__name__)
    if known is not None and known.namespace is vars(module):
        known.kept = known.set_now()


def note_patched(name: str, binds: Callable[[str], Container[str]]) -> None:
    """Take note that a module is given new text in place, now: its functions and classes, and values that the text
    binds (``binds``, as for ``note_loaded``)."""
    known = _modules.get(name)
    if known is not None:
        known.patched, known.kept = binds(name), known.set_now()


def note_used(module: str, names: Iterable[str]) -> None:
    """Take note that a node may read ``names`` of a module (one that is empty: any), be it loaded or not."""
    _used.setdefault(module, set()).update(names)


def names_of(module: str) -> tuple[str, ...]:
    """All names of a loaded module, and those that it had."""
    known = _asked_for(module)
    return () if known is None else known.names()


def set_since(module: str, name: str) -> tuple[str, object] | None:
    """The digest and the value of what ``name`` stands for, if that was set since the module was loaded."""
    known = _asked_for(module)
    if known is None or name in _PLUMBING:
        return None
    told = known.told(name)
    return (told, known.namespace.get(name, ABSENT)) if told else None


def any_set(modules: Iterable[str]) -> bool:
    """Whether something that nodes may read was set on one of ``modules``."""
    found = (known for module in modules if (known := _known(module)) is not None)
    return any(known.told(name) for known in found for name in known.asked())


@contextmanager
def left_alone(modules: Collection[str]) -> Iterator[None]:
    """What is set on ``modules`` meanwhile does not count: a node does it, as it would in a fresh kernel."""
    before = {
        (module, name): known.told(name)
        for module in modules
        if (known := _known(module)) is not None
        for name in known.asked()
    }
    try:
        yield
    finally:
        for module in modules:
            known = _known(module)
            if known is not None:
                for name in known.asked():
                    known.leave(name, before.get((module, name), ""))


def _asked_for(module: str) -> _Module | None:
    """As ``_known``; what was loaded unseen counts from now on, as it is."""
    known, loaded = _known(module), sys.modules.get(module)
    if known is None and is_a(loaded, ModuleType) and module != "__main__" and origin(module) is Origin.LOCAL:
        note_loaded([loaded])
    return known or _known(module)


def _known(module: str) -> _Module | None:
    """What is known of a loaded module; None where it is not loaded."""
    loaded, known = sys.modules.get(module), _modules.get(module)
    if known is None or getattr(loaded, "__dict__", None) is not known.namespace:
        return None
    if known.patched is not None:
        given, known.patched = known.patched, None
        for name, value in known.namespace.copy().items():
            if name not in known.held or known.kept.get(name, ABSENT) is value:
                continue
            one = known.held[name]
            if is_a(value, FunctionType | type) or (name in given and one.value is not value):
                known.held[name] = replace(hold(value), told=one.told)
    return known

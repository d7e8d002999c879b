"""Names by the scope in which they stand: what is bound where, and which uses reach the outside. No syntax here.

At the cell's top level a `Flow` says what is assigned at each point; a name used in a function is kept with the
function's scope until that ends, when all that the function binds is known, and then bubbles outwards.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum, IntEnum
from typing import NamedTuple

from helix_jupyter.cell.flow import Flow, Loop

STAR = "*"
"""Stands for the unknown names of ``from module import *``."""


class Certainty(IntEnum):
    """How surely a name is read from outside; the highest of all uses counts."""

    MAYBE = 0
    LATE = 1
    """By code that runs later: may be assigned then, if the cell assigns the name at all."""
    CERTAIN = 2


class Kind(Enum):
    """What opens a scope."""

    FUNCTION = "function"
    CLASS = "class"
    EXPRESSION = "expression"
    GENERATOR = "generator"


class Use(NamedTuple):
    """One use of a name; ``path`` is None where another use says which attributes are reached."""

    name: str
    path: str | None
    mutated: bool
    guarded: bool


@dataclass(slots=True)
class Scope:
    """A scope within the cell. ``walrus`` are names that a comprehension assigns outside of itself."""

    kind: Kind
    bound: set[str] = field(default_factory=set)
    shared: set[str] = field(default_factory=set)
    nonlocal_: set[str] = field(default_factory=set)
    uses: list[Use] = field(default_factory=list)
    walrus: set[str] = field(default_factory=set)


class Scopes:
    """What is known of the names so far, while statements are visited in order.

    Attributes
    ----------
    uses
        Names read from outside, in order of first use.
    bound
        Names bound at the cell's top level, in order of first binding.
    mutated
        Names of what is changed in place, in order of first change.
    paths
        By name, which attributes of it are reached; ``""`` stands for the whole.
    """

    def __init__(self) -> None:
        self.uses: dict[str, Certainty] = {}
        self.bound: dict[str, None] = {}
        self.mutated: dict[str, None] = {}
        self.paths: dict[str, set[str]] = {}
        self.is_async = False
        self._flow = Flow()
        self._scopes: list[Scope] = []
        self._loops: list[Loop] = []
        self._recorders: list[set[str]] = []
        self._bound_by_functions: set[str] = set()
        self._classes: list[str] = []
        self._conditional = False
        self._guarded = False

    def reads(self) -> Iterator[tuple[str, bool]]:
        """Each name read from outside, and whether certainly."""
        for name, certainty in self.uses.items():
            late_bound = name in self.bound or STAR in self.bound
            yield name, certainty is Certainty.CERTAIN or (certainty is Certainty.LATE and not late_bound)

    def writes(self) -> Iterator[str]:
        """Names bound at the top level, less those that are certainly gone again at the end."""
        left = self._flow.possible | self._bound_by_functions
        return (name for name in self.bound if name in left)

    def certain_writes(self) -> frozenset[str]:
        """Names that are bound at the end whatever way the code took."""
        return frozenset(self._flow.definite)

    def _use(self, name: str, path: str | None = "", mutated: bool = False, guarded: bool = False) -> None:
        use = Use(name, path, mutated, guarded or self._guarded)
        lazy = False
        for depth, scope in enumerate(reversed(self._scopes)):
            if scope.kind is Kind.FUNCTION:
                scope.uses.append(use)
                return
            if name in scope.shared:
                break
            # a class's names are seen by the code directly in its body alone
            if name in scope.bound and (scope.kind is not Kind.CLASS or depth == 0):
                return
            lazy = lazy or scope.kind is Kind.GENERATOR
        self._use_from_outside(use, lazy)

    def _use_from_outside(self, use: Use, lazy: bool) -> None:
        name = use.name
        if name in self._flow.definite or (lazy and name in self._classes):
            return
        if use.path is not None:
            self.paths.setdefault(name, set()).add(use.path)
        if use.mutated:
            self.mutated[name] = None
        self.uses[name] = max(self.uses.get(name, Certainty.MAYBE), self._certainty(use, lazy))

    def _certainty(self, use: Use, lazy: bool) -> Certainty:
        possible = self._flow.possible
        if use.guarded or use.name in possible or STAR in possible or use.name in self._bound_by_functions:
            return Certainty.MAYBE
        if lazy:
            return Certainty.LATE
        # An inner loop's body may run no time in the outer loop's first turn, so it is under a condition
        # there; what stands behind a `continue` is one in any case.
        is_conditional = self._conditional or (self._loops and self._loops[-1].continued)
        loops = self._loops if is_conditional else self._loops[:-1]
        if loops:
            loops[-1].waiting.append(use.name)
            return Certainty.MAYBE
        return Certainty.CERTAIN

    def _bind(self, name: str) -> None:
        if not self._scopes:
            self._bind_in_cell(name)
        elif name in self._scopes[-1].shared:
            self._bind_shared(name)
        else:
            self._scopes[-1].bound.add(name)

    def _bind_in_cell(self, name: str) -> None:
        self.bound.setdefault(name)
        self._flow.bind(name)
        for recorder in self._recorders:
            recorder.add(name)

    def _bind_shared(self, name: str) -> None:
        if self._is_deferred():
            self.bound.setdefault(name)
            self._bound_by_functions.add(name)
        else:
            self._bind_in_cell(name)

    def _unbind(self, name: str) -> None:
        if not self._scopes:
            self._flow.unbind(name)

    def _is_deferred(self) -> bool:
        return any(scope.kind in (Kind.FUNCTION, Kind.GENERATOR) for scope in self._scopes)

    def _awaits(self) -> None:
        self.is_async = self.is_async or not self._is_deferred()

    # scopes

    @contextmanager
    def _scope(self, kind: Kind) -> Iterator[Scope]:
        scope = Scope(kind)
        self._scopes.append(scope)
        try:
            yield scope
        finally:
            self._scopes.pop()

    @contextmanager
    def _function(self) -> Iterator[Scope]:
        flow, conditional, guarded = self._flow, self._conditional, self._guarded
        self._flow, self._guarded = Flow(), False
        with self._scope(Kind.FUNCTION) as scope:
            yield scope
        self._flow, self._conditional, self._guarded = flow, conditional, guarded
        for use in scope.uses:
            self._leave_function(use, scope)

    def _leave_function(self, use: Use, scope: Scope) -> None:
        if use.name not in scope.shared:
            if use.name in scope.bound and use.name not in scope.nonlocal_:
                return
            for outer in reversed(self._scopes):
                if outer.kind is Kind.FUNCTION:
                    outer.uses.append(use)
                    return
                if outer.kind is not Kind.CLASS and use.name in outer.bound:
                    return
        self._use_from_outside(use, lazy=True)

"""Fingerprints of nodes, made anew only where something that they rest on has become another.

Declaring a node makes its fingerprint; most plans after that find that nothing has changed. Reads what it is given.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from helix_jupyter.cell.nameless import Nameless
from helix_jupyter.fingerprint.capture import Captured
from helix_jupyter.fingerprint.key import fingerprint
from helix_jupyter.fingerprint.twin import twin_key
from helix_jupyter.fingerprint.types import Fingerprint, Part
from helix_jupyter.graph.declaration import Declaration
from helix_jupyter.session.twins import form_of, taken
from helix_jupyter.store.types import Result


@dataclass(eq=False)
class Mark:
    """A node's fingerprint, and what it would share with equal nodes; each made when it is first asked for."""

    fingerprint: Fingerprint
    declaration: Declaration
    through_helpers: frozenset[str]
    inputs: Mapping[str, str]
    _taken: tuple[Result, Result] | None = None

    @cached_property
    def _form(self) -> Nameless | None:
        return form_of(self.declaration, self.inputs, self.through_helpers)

    @cached_property
    def shared_key(self) -> str | None:
        """The key under which all equal nodes find one result; None where no other may stand in for it."""
        form = self._form
        return None if form is None else twin_key(form, self.declaration.outputs, self.fingerprint.parts)

    def taking(self, equal: Result) -> Result:
        """The result of an equal node as this one's."""
        if self._taken is None or self._taken[0] is not equal:
            key, form = self.fingerprint.key, self._form
            assert form is not None, "it has a shared key"
            assert key is not None, "it has a key"
            self._taken = equal, taken(equal, key, form, self.declaration.outputs)
        return self._taken[1]


class Marks:
    """The newest mark of each node."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[tuple[object, ...], Mark]] = {}

    def of(
        self,
        declaration: Declaration,
        captured: Captured,
        own: tuple[Part, ...],
        inputs: Mapping[str, str],
        aliases: Mapping[str, str],
    ) -> Mark:
        """The mark of a node; for the arguments see ``fingerprint``."""
        basis = (declaration, captured.parts, captured.nodes, captured.unknown, own, inputs, aliases)
        kept = self._kept.get(declaration.node)
        if kept is not None and kept[0] == basis:
            return kept[1]
        mark = Mark(fingerprint(declaration, captured, own, inputs, aliases), declaration, captured.nodes, inputs)
        self._kept[declaration.node] = (basis, mark)
        return mark

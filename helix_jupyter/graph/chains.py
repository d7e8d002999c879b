"""Who gives which name: reads declarations in order of place, returns a `Chain` per output name.

Knows no readers; edges are made in `dag`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from helix_jupyter.errors import DuplicateOutput, SelfReference
from helix_jupyter.graph.declaration import Declaration


@dataclass
class Chain:
    """The links that give one name: the ``base`` makes it, the updates change it, in order of place."""

    base: str
    updates: list[str] = field(default_factory=list)
    places: list[int] = field(default_factory=list)

    @property
    def last(self) -> str:
        """The link whose value the notebook sees."""
        return self.updates[-1] if self.updates else self.base

    def link_before(self, place: int) -> str:
        """The link whose value a reader at ``place`` takes: the latest update before it, else the base.

        The base counts as the first link wherever it stands: an update changes what exists.
        """
        count = bisect_left(self.places, place)
        return self.updates[count - 1] if count else self.base


def build_chains(declarations: Sequence[Declaration]) -> Mapping[str, Chain]:
    """The chain of every output name, in order of first declaration.

    Raises
    ------
    DuplicateOutput
        When two nodes without ``update`` give one name, or one node gives it twice.
    SelfReference
        When an update changes nothing that another node gives. Of what it gives besides it is the base.
    """
    bases: dict[str, Declaration] = {}
    for declaration in declarations:
        _refuse_repetition(declaration)
        if not declaration.update:
            _add_base(bases, declaration)
    chains = {output: Chain(base.node) for output, base in bases.items()}
    for place, declaration in enumerate(declarations):
        if declaration.update:
            _add_update(chains, declaration, place)
    return chains


def _refuse_repetition(declaration: Declaration) -> None:
    outputs = declaration.outputs
    if len(set(outputs)) < len(outputs):
        twice = next(output for output in outputs if outputs.count(output) > 1)
        raise DuplicateOutput(twice, _where(declaration))


def _add_base(bases: dict[str, Declaration], declaration: Declaration) -> None:
    for output in declaration.outputs:
        first = bases.setdefault(output, declaration)
        if first is not declaration:
            raise DuplicateOutput(output, _where(first), _where(declaration))


def _add_update(chains: dict[str, Chain], declaration: Declaration, place: int) -> None:
    if chains.keys().isdisjoint(declaration.outputs):
        raise SelfReference(declaration.node, declaration.outputs[0], update=True)
    for output in declaration.outputs:
        if output not in chains:
            chains[output] = Chain(declaration.node)
            continue
        chains[output].updates.append(declaration.node)
        chains[output].places.append(place)


def _where(declaration: Declaration) -> str:
    return f"node '{declaration.node}' ({declaration.origin.label})"

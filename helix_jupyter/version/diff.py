"""The difference of two versions: nodes, code, parameters, metrics, packages, seconds.

Reads two records and nothing else: no value is loaded, since outputs are compared by digest.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeVar

from helix_jupyter.errors import CellSyntaxError
from helix_jupyter.fingerprint.explain import Values
from helix_jupyter.fingerprint.versions import distribution_of
from helix_jupyter.version.compare_figures import FigureDiff
from helix_jupyter.version.definitions import DefinitionChange, changed_definitions
from helix_jupyter.version.metrics import MetricChange, direction
from helix_jupyter.version.reasons import input_reasons, output_differs, own_parts, own_reasons, recorded_literals
from helix_jupyter.version.types import NodeRecord, Version
from helix_jupyter.version.values import ValueDiff

_Number = TypeVar("_Number", int, float)


class Change(enum.Enum):
    """What became of a node from one version to another."""

    ADDED = "added"
    REMOVED = "removed"
    EDITED = "edited"
    AFFECTED = "affected"
    SAME = "same"

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True)
class ParameterChange:
    """A literal, captured constant or seed that differs. ``before`` and ``after`` are as Python would write
    them.

    ``line`` is 1-based in the newer code; None where the parameter stands outside the node's code.
    """

    node: str
    label: str
    before: str
    after: str
    line: int | None = None


@dataclass(frozen=True)
class NodeDiff:
    """One node in two versions; ``before`` is None where it was added, ``after`` where it was removed.

    ``outputs`` tells for each output name whether its value differs, by digest; None where a version has no
    value of it.
    """

    node: str
    change: Change
    before: NodeRecord | None
    after: NodeRecord | None
    reasons: tuple[str, ...] = ()
    parameters: tuple[ParameterChange, ...] = ()
    outputs: Mapping[str, bool | None] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def code(self) -> tuple[str, str]:
        """The node's code before and after, as the user wrote it; empty where there was none."""
        return (self.before.source if self.before else "", self.after.source if self.after else "")

    @property
    def shows(self) -> bool | None:
        """Whether what it printed and showed differs, by digest; None where it showed nothing in one of the two."""
        old, new = (record.console if record else "" for record in (self.before, self.after))
        return old != new if old and new else None

    @property
    def seconds(self) -> tuple[float, float]:
        """Seconds that computing the node took, before and after."""
        return _both(self, lambda record: record.compute_seconds)

    @property
    def bytes(self) -> tuple[int, int]:
        """Size of its outputs in bytes, before and after."""
        return _both(self, lambda record: record.bytes)


@dataclass(frozen=True, repr=False)
class Diff:
    """Version ``before`` against version ``after``.

    Attributes
    ----------
    all_nodes
        Every node of both versions, in the order of ``after``, removed ones last.
    all_metrics
        Every metric of both versions.
    packages
        ``{name: (before, after)}`` of the packages whose versions differ, as they are installed (``scikit-learn``);
        None where a version does not use it.
    values
        What differs in the values of the outputs that differ, by ``ValueDiff.label``; found when it is first looked
        into. Empty where nobody gave a way to read values.
    figures
        The pictures that differ of what nodes showed, by node; found like ``values``.
    shown
        Digests of what nodes printed and showed besides such pictures, before and after, where it looks otherwise, by
        node; found like ``values``.
    """

    before: Version
    after: Version
    all_nodes: Mapping[str, NodeDiff]
    all_metrics: Mapping[str, MetricChange]
    packages: Mapping[str, tuple[str | None, str | None]]
    values: Mapping[str, ValueDiff] = field(default_factory=lambda: MappingProxyType({}), compare=False)
    figures: Mapping[str, tuple[FigureDiff, ...]] = field(default_factory=lambda: MappingProxyType({}), compare=False)
    shown: Mapping[str, tuple[str, str]] = field(default_factory=lambda: MappingProxyType({}), compare=False)

    @property
    def nodes(self) -> Mapping[str, NodeDiff]:
        """The nodes that differ."""
        return {name: node for name, node in self.all_nodes.items() if node.change is not Change.SAME}

    @property
    def metrics(self) -> Mapping[str, MetricChange]:
        """The metrics that differ."""
        return {name: metric for name, metric in self.all_metrics.items() if metric.differs}

    @property
    def parameters(self) -> tuple[ParameterChange, ...]:
        """Every parameter that differs, one entry each."""
        return tuple(parameter for node in self.all_nodes.values() for parameter in node.parameters)

    @property
    def definitions(self) -> tuple[DefinitionChange, ...]:
        """The notebook's functions and classes that differ, where that counts for a node."""
        return changed_definitions(self.before, self.after)

    @property
    def seconds(self) -> tuple[float, float]:
        """Seconds that the two runs took."""
        return self.before.seconds, self.after.seconds

    def named(self, change: Change) -> tuple[str, ...]:
        """The nodes with this change."""
        return tuple(name for name, node in self.all_nodes.items() if node.change is change)

    def __repr__(self) -> str:
        counts = ", ".join(f"{len(self.named(change))} {change}" for change in Change if self.named(change))
        return f"<Diff {self.before.id} -> {self.after.id}: {counts or 'no nodes'}>"


def compare(a: Version, b: Version) -> Diff:
    """Compare version ``a`` (before) with version ``b`` (after).

    A node is *edited* when its own code, options, helpers, captured values or packages differ, *affected*
    when only what it reads differs: the value of an input, or, where that was not recorded, the code above it.
    """
    nodes = {node.node: node for node in _surviving(a, b, recorded_literals(a.captures, b.captures))}
    nodes |= {name: _removed(record) for name, record in a.nodes.items() if name not in b.nodes}
    return Diff(a, b, MappingProxyType(nodes), MappingProxyType(_metrics(a, b)), MappingProxyType(_packages(a, b)))


def _surviving(a: Version, b: Version, values: Values) -> Iterator[NodeDiff]:
    edited = set(a.nodes) - set(b.nodes)
    # nodes are in topological order: a parent is settled before its children
    for name in b.nodes:
        node = _compared(name, a.nodes, b.nodes, edited, values)
        if node.change is not Change.SAME:
            edited.add(name)
        yield node


def _compared(
    name: str, old: Mapping[str, NodeRecord], new: Mapping[str, NodeRecord], edited: set[str], values: Values
) -> NodeDiff:
    before, after = old.get(name), new[name]
    outputs = MappingProxyType(_outputs(before, after))
    if before is None:
        return NodeDiff(name, Change.ADDED, None, after, ("new",), (), outputs)
    own, inherited = own_reasons(before, after, values), input_reasons(before, after, old, new, edited)
    if any(outputs.values()) and not own and not inherited:  # volatile, or it rests on something that nobody saw
        inherited = ("gave another value",)
    change = Change.EDITED if own else Change.AFFECTED if inherited else Change.SAME
    parameters = tuple(_parameters(before, after)) if own else ()
    return NodeDiff(name, change, before, after, own + inherited, parameters, outputs)


def _removed(record: NodeRecord) -> NodeDiff:
    outputs = MappingProxyType({output.name: None for output in record.outputs})
    return NodeDiff(record.node, Change.REMOVED, record, None, ("removed",), (), outputs)


def _outputs(before: NodeRecord | None, after: NodeRecord) -> dict[str, bool | None]:
    names = dict.fromkeys(output.name for record in (after, before) if record for output in record.outputs)
    return {name: output_differs(before, after, name) for name in names}


# parts that people see as numbers and names
_VALUES = frozenset({"value", "default", "attribute"})


def _parameters(before: NodeRecord, after: NodeRecord) -> Iterator[ParameterChange]:
    for label, line, old, new in _literals(before, after):
        yield ParameterChange(after.node, label, repr(old), repr(new), line)
    old_parts, new_parts = ({(p.kind, p.label): p for p in own_parts(record)} for record in (before, after))
    for place, became in new_parts.items():
        was = old_parts.get(place, became)
        # equal words for unequal content (a long list, say) are a reason, but no row that tells anything
        if (
            was.kind in ("value", "default", "attribute")
            and was.digest != became.digest
            and was.detail != became.detail
        ):
            yield ParameterChange(after.node, was.label, was.detail, became.detail)
    seeds = before.options.get("seed"), after.options.get("seed")
    if seeds[0] != seeds[1]:
        yield ParameterChange(after.node, "seed", repr(seeds[0]), repr(seeds[1]))


def _literals(before: NodeRecord, after: NodeRecord) -> Iterator[tuple[str, int, object, object]]:
    from helix_jupyter.cell.literals import changed_by_name, changed_literals

    if before.normalised == after.normalised:
        return
    for old, new in ((before.source, after.source), (before.normalised, after.normalised)):
        try:
            changes = changed_literals(old, new)
        except CellSyntaxError:  # the source holds !shell or %magic lines: its normal form does not
            continue
        for change in changed_by_name(old, new) if changes is None else changes:
            yield change.label, change.line, change.before, change.after
        return


def _metrics(a: Version, b: Version) -> dict[str, MetricChange]:
    names = dict.fromkeys((*b.metrics, *a.metrics))
    # what the later version says of a metric holds
    declared = {**a.directions, **b.directions}
    return {name: MetricChange(a.metrics.get(name), b.metrics.get(name), direction(name, declared)) for name in names}


def _packages(a: Version, b: Version) -> dict[str, tuple[str | None, str | None]]:
    pairs = {name: (a.packages.get(name), b.packages.get(name)) for name in {*a.packages, *b.packages}}
    differing = {distribution_of(name): pair for name, pair in pairs.items() if pair[0] != pair[1]}
    return dict(sorted(differing.items()))


def _both(node: NodeDiff, read: Callable[[NodeRecord], _Number]) -> tuple[_Number | int, _Number | int]:
    return (read(node.before) if node.before else 0, read(node.after) if node.after else 0)

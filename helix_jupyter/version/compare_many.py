"""More than two versions: what differs among their parameters, metrics and nodes, as tables. Reads records only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from helix_jupyter.version.diff import Change, Diff, NodeDiff, compare
from helix_jupyter.version.metrics import MetricChange, direction, same_number
from helix_jupyter.version.types import Version


@dataclass(frozen=True)
class ParameterRow:
    """One parameter over all versions, as Python would write it; None where the version has no such place."""

    node: str
    label: str
    values: tuple[str | None, ...]


@dataclass(frozen=True)
class MetricRow:
    """One metric over all versions; ``direction`` as in ``MetricChange``."""

    name: str
    values: tuple[float | None, ...]
    direction: str = ""

    @property
    def differs(self) -> bool:
        """Whether the values are not all the same, but for rounding; nan is the same as nan."""
        first, *others = self.values
        return any(MetricChange(first, other).differs for other in others)

    @property
    def best(self) -> float | None:
        """The best value; None where the direction is not known or the values do not differ."""
        known = [value for value in self.values if value is not None and value == value]
        if not self.direction or len(known) < 2 or same_number(min(known), max(known)):
            return None
        return max(known) if self.direction == "higher" else min(known)


@dataclass(frozen=True, repr=False)
class Comparison:
    """Several versions beside each other, in the order in which they were asked for.

    ``nodes`` says what became of each node against the first version, of those that differ in any.
    """

    versions: tuple[Version, ...]
    parameters: tuple[ParameterRow, ...]
    metrics: tuple[MetricRow, ...]
    nodes: Mapping[str, tuple[Change | None, ...]] = field(default_factory=lambda: MappingProxyType({}))

    def __repr__(self) -> str:
        return f"<Comparison of versions {', '.join(str(version.id) for version in self.versions)}>"


def compare_many(versions: Sequence[Version]) -> Comparison:
    """Compare versions with the first of them; only what differs in any is told."""
    first, *others = versions
    diffs = [compare(first, other) for other in others]
    rows: dict[tuple[str, str, bool], dict[int, str]] = {}
    for place, diff in enumerate(diffs, 1):
        for parameter in diff.parameters:
            in_code = parameter.line is not None
            row = rows.setdefault((parameter.node, parameter.label, in_code), {0: parameter.before})
            row[place] = parameter.after
    parameters = tuple(
        ParameterRow(node, label, (row[0], *(_cell(diff, node, row, at, in_code) for at, diff in enumerate(diffs, 1))))
        for (node, label, in_code), row in rows.items()
    )
    names = dict.fromkeys(name for version in versions for name in version.metrics)
    declared = {name: way for version in versions for name, way in version.directions.items()}
    rows_of_metrics = (
        MetricRow(name, tuple(version.metrics.get(name) for version in versions), direction(name, declared))
        for name in names
    )
    metrics = tuple(row for row in rows_of_metrics if row.differs)
    changes = {
        name: (None, *(_change(diff.all_nodes.get(name)) for diff in diffs))
        for name in dict.fromkeys(name for diff in diffs for name in diff.nodes)
    }
    return Comparison(tuple(versions), parameters, metrics, MappingProxyType(changes))


def _cell(diff: Diff, node: str, row: Mapping[int, str], at: int, in_code: bool) -> str | None:
    """The parameter in one version: where it does not differ from the first, it is the first's.

    A literal has no counterpart in code of another shape.
    """
    if at in row:
        return row[at]
    found = diff.all_nodes.get(node)
    if found is None or found.before is None or found.after is None:
        return None
    edited = found.before.normalised != found.after.normalised
    another_shape = in_code and edited and all(parameter.line is None for parameter in found.parameters)
    return None if another_shape else row[0]


def _change(node: NodeDiff | None) -> Change | None:
    return node.change if node is not None else None

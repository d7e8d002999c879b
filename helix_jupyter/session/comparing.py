"""Values for the comparison of two versions: which are looked at, where they come from, what having them would take.

Only outputs whose digests differ are looked at; equal digests are equal values and are never read. Of those, what is
in memory or stored is read up to ``LARGEST_BYTES`` each and ``TOTAL_BYTES`` in all, by the sizes on record, when
somebody first looks. The rest is told with its price; it is read or computed for whoever asks by name.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from helix_jupyter.errors import HelixError, StoreError, UnknownNode
from helix_jupyter.plan.forecast import load_forecast
from helix_jupyter.plan.min_cut import optimal_reuse
from helix_jupyter.plan.types import State
from helix_jupyter.session.bench import Bench
from helix_jupyter.session.recomputing import Recomputed, recompute
from helix_jupyter.session.showing import seen_of
from helix_jupyter.units import format_duration
from helix_jupyter.version.codec import LazyMapping
from helix_jupyter.version.compare_figures import FigureDiff, Picture, compare_figures, pictures
from helix_jupyter.version.diff import Diff, NodeDiff
from helix_jupyter.version.types import NodeRecord, OutputRecord, Version
from helix_jupyter.version.values import Missing, ValueDiff, compare_values

LARGEST_BYTES = 64_000_000
TOTAL_BYTES = 256_000_000
# longer lists are no features' names, and a pickled list of that many short words is small
_MOST_NAMES = 20_000
_MOST_NAMES_BYTES = 4_000_000
_LIST = re.compile(r"(?:list of|tuple of|Index|ndarray) (\d+)(?! x)\b")


def with_values(bench: Bench, diff: Diff, wanted: Sequence[str] = ()) -> Diff:
    """The diff with its values and figures, found when first looked into; those of ``wanted`` nodes at once.

    Raises
    ------
    UnknownNode
        Neither version has such a node or output.
    """
    requested = frozenset(_resolved(diff, name) for name in wanted)
    for name in sorted(requested):
        if problem := _nothing_to_compare(diff, diff.all_nodes[name]):
            bench.progress().warn(f"{name}: {problem}")
    computed: Mapping[tuple[int, str, str], Recomputed] = _computed(bench, diff, requested) if requested else {}

    @cache
    def compared() -> Mapping[str, ValueDiff]:
        reader = _Reader(bench, computed)
        found = (
            _compared(reader, diff, node, name, node.node in requested)
            for node in _ordered(diff, requested)
            for name, differs in node.outputs.items()
            if differs and node.before and node.after and (node.node in requested or not _told_as_metrics(node))
        )
        return {one.label: one for one in found}

    def values() -> Mapping[str, ValueDiff]:
        return {label: one for label, one in compared().items() if not isinstance(one.detail, FigureDiff)}

    def figures() -> Mapping[str, tuple[FigureDiff, ...]]:
        reader = _Reader(bench, {})
        large = {fact.digest for fact in bench.store.artifacts().values() if fact.bytes > LARGEST_BYTES}
        found = {
            name: tuple(_figures(reader, node, large))
            for name, node in diff.all_nodes.items()
            if node.before and node.after and node.before.console != node.after.console
        }
        # a value that is a figure is looked at as one
        for one in compared().values():
            if isinstance(one.detail, FigureDiff):
                found[one.node] = (*found.get(one.node, ()), one.detail)
        return {name: pairs for name, pairs in found.items() if pairs}

    drawn = LazyMapping(figures)

    def shown() -> Mapping[str, tuple[str, str]]:
        found = {name: _seen(bench, node) for name, node in diff.all_nodes.items() if node.shows}
        return {name: pair for name, pair in found.items() if pair[0] != pair[1] and name not in drawn}

    return replace(diff, values=LazyMapping(values), figures=drawn, shown=LazyMapping(shown))


def values_of_node(bench: Bench, diff: Diff, name: str) -> Mapping[str, ValueDiff]:
    """The values of one node that differ, read or computed whatever that takes; no other value is read.

    Raises
    ------
    UnknownNode
        Neither version has such a node or output.
    """
    node = _resolved(diff, name)
    return dict(with_values(bench, replace(diff, all_nodes={node: diff.all_nodes[node]}), [node]).values)


def _told_as_metrics(node: NodeDiff) -> bool:
    return all(record is not None and bool(record.options.get("metrics")) for record in (node.before, node.after))


def _resolved(diff: Diff, name: str) -> str:
    if name in diff.all_nodes:
        return name
    for node in reversed(list(diff.all_nodes.values())):
        if name in node.outputs:
            return node.node
    raise UnknownNode(name, diff.all_nodes)


def _nothing_to_compare(diff: Diff, node: NodeDiff) -> str:
    """Why the values of a node cannot be compared; empty where they can."""
    if node.before is None or node.after is None:
        return f"only version {(diff.after if node.after else diff.before).id} has it: there is nothing to compare"
    if any(node.outputs.values()):
        return ""
    if all(differs is False for differs in node.outputs.values()):
        return "its value is the same in both versions"
    return "a version has no value of it on record: there is nothing to compare"


def _ordered(diff: Diff, requested: frozenset[str]) -> list[NodeDiff]:
    """What was asked for comes first: the limit of all is for the others."""
    return sorted(diff.all_nodes.values(), key=lambda node: node.node not in requested)


# one value


@dataclass
class _Reader:
    """Reads values for one comparison, within the limits."""

    bench: Bench
    computed: Mapping[tuple[int, str, str], Recomputed]
    left: int = field(default_factory=lambda: TOTAL_BYTES)

    def has(self, digest: str) -> bool:
        return digest in self.bench.memory or digest in self.bench.store.has([digest])

    def read(self, digest: str) -> tuple[bool, Any]:
        """Whether the value could be read, and the value."""
        found, value = self.bench.memory.take(digest)
        if found:
            return True, value
        try:
            return True, self.bench.store.load(digest)
        except StoreError:
            return False, None


def _compared(reader: _Reader, diff: Diff, node: NodeDiff, name: str, requested: bool) -> ValueDiff:
    assert node.before is not None, "only nodes that both versions have are compared"
    assert node.after is not None, "only nodes that both versions have are compared"
    facts = _output(node.before, name), _output(node.after, name)
    found = ValueDiff(node.node, name, (facts[0].summary, facts[1].summary), (facts[0].bytes, facts[1].bytes))
    sides = (diff.before, facts[0]), (diff.after, facts[1])
    missing = tuple(
        Missing(version.id, "not stored", recompute_seconds(reader.bench, version, node.node), fact.bytes)
        for version, fact in sides
        if (version.id, node.node, name) not in reader.computed and not reader.has(fact.digest)
    )
    size = sum(found.bytes)
    if not missing and not requested and (max(found.bytes) > LARGEST_BYTES or size > reader.left):
        missing = tuple(Missing(version.id, "large", load_forecast(f.bytes), f.bytes) for version, f in sides)
    if missing:
        return replace(found, missing=missing)
    reader.left -= 0 if requested else size
    return _detailed(reader, found, node, sides)


def _detailed(
    reader: _Reader, found: ValueDiff, node: NodeDiff, sides: Sequence[tuple[Version, OutputRecord]]
) -> ValueDiff:
    values: list[Any] = []
    notes: list[str] = []
    for version, fact in sides:
        computed = reader.computed.get((version.id, node.node, fact.name))
        there, value = (computed.problem == "", computed.value) if computed else reader.read(fact.digest)
        if not there:
            problem = computed.problem if computed else "it could not be read"
            return replace(found, notes=(*notes, f"{found.label} of version {version.id}: {problem}"))
        if computed and fact.by_content and computed.digest != fact.digest:
            notes.append(f"computed again, {found.label} of version {version.id} is not what it was then")
        values.append(value)
    names = (
        [_names(reader, version, node.node) for version, _ in sides] if hasattr(values[0], "get_params") else [(), ()]
    )
    try:
        detail = compare_values(*values, *names)
    except Exception as problem:  # values may be of the user's own classes, which raise anything
        return replace(found, notes=(*notes, f"{found.label} could not be compared: {type(problem).__name__}"))
    return replace(found, detail=detail, notes=tuple(notes))


def _output(record: NodeRecord, name: str) -> OutputRecord:
    return next(output for output in record.outputs if output.name == name)


def _names(reader: _Reader, version: Version, node: str) -> list[list[str]]:
    """Lists of words among the outputs of a node and of all above it, the nearest first: maybe the features' names."""
    near, seen = [node], {node}
    for name in near:  # it grows
        above = dict.fromkeys(one for one in version.nodes[name].inputs.values() if one in version.nodes)
        near += [one for one in above if one not in seen]
        seen |= above.keys()
    found = []
    for fact in {fact.digest: fact for name in near for fact in version.nodes[name].outputs}.values():
        length = _LIST.match(fact.summary)
        if length is None or int(length[1]) > _MOST_NAMES:
            continue
        if fact.bytes <= _MOST_NAMES_BYTES and reader.has(fact.digest):
            there, value = reader.read(fact.digest)
            if there and all(isinstance(one, str) for one in value):
                found.append(list(value))
    return found


# pictures


def _figures(reader: _Reader, node: NodeDiff, large: Container[str]) -> Iterator[FigureDiff]:
    shown: list[tuple[Picture, ...]] = []
    for record in (node.before, node.after):
        console = record.console if record else ""
        if not console:
            shown.append(())
            continue
        there, events = (False, ()) if console in large else reader.read(console)
        if not there:
            return
        shown.append(pictures(event.data for event in events if event.data))
    yield from compare_figures(*shown)


def _seen(bench: Bench, node: NodeDiff) -> tuple[str, str]:
    """Digests of what the node showed in both versions, to who looks; of the recordings where one is gone."""
    consoles = [record.console for record in (node.before, node.after) if record]
    before, after = (seen_of(bench, console) for console in consoles)
    return (before, after) if before and after else (consoles[0], consoles[1])


# what is no longer there


def recompute_seconds(bench: Bench, version: Version, node: str) -> float:
    """Seconds that having the value of ``node`` as of ``version`` again would take, with what is stored now."""
    parents = {
        name: [p for p in record.inputs.values() if p in version.nodes] for name, record in version.nodes.items()
    }
    compute = {name: record.compute_seconds for name, record in version.nodes.items()}
    stored = bench.store.has({output.digest for record in version.nodes.values() for output in record.outputs})
    load = {
        name: load_forecast(record.bytes)
        for name, record in version.nodes.items()
        if record.outputs and all(output.digest in stored for output in record.outputs)
    }
    states = optimal_reuse(parents, compute, load, [node])
    return sum(
        compute[name] if state is State.COMPUTE else load[name]
        for name, state in states.items()
        if state is not State.PRUNE
    )


def _computed(bench: Bench, diff: Diff, requested: Iterable[str]) -> dict[tuple[int, str, str], Recomputed]:
    """Compute what is neither in memory nor stored; says first what it takes."""
    reader = _Reader(bench, {})
    found: dict[tuple[int, str, str], Recomputed] = {}
    bench.store.flush()
    for side, version in (("before", diff.before), ("after", diff.after)):
        wanted: dict[str, list[str]] = {}
        for name in requested:
            node = diff.all_nodes[name]
            record = getattr(node, side)
            if record is None or not node.before or not node.after:
                continue
            facts = [fact for fact in record.outputs if node.outputs.get(fact.name)]
            gone = [fact.name for fact in facts if not reader.has(fact.digest)]
            if gone:
                wanted[name] = gone
        if not wanted:
            continue
        seconds = sum(recompute_seconds(bench, version, name) for name in wanted)
        told = ", ".join(wanted)
        bench.progress().warn(f"computing {told} of version {version.id} again: about {format_duration(seconds)}")
        try:
            outputs = [(name, output) for name, names in wanted.items() for output in names]
            found |= {(version.id, *place): one for place, one in recompute(bench, version, outputs).items()}
        except HelixError as problem:
            found |= {(version.id, *place): Recomputed("", None, str(problem)) for place in outputs}
    return found

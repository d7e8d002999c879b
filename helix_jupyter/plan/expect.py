"""What the next run may be, by what this workflow's history shows of its author's habits.

Reads the iterations so far, the newest last; returns an ``Outlook``. A next run is one of:

- an edit, to the workflow as it is or to an earlier version of it: of nodes that were edited together before, of nodes
  at the same distance from the results as these, or of any;
- new nodes that read one of the nodes that there are;
- an earlier version as it was (an edit taken back, a checkout), or the newest once more.

How often each happens is counted, with a prior that a first run goes by; what is recent counts more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, chain, pairwise

from helix_jupyter.plan.outlook import Outlook, Vertex
from helix_jupyter.plan.trace import NodeVersion, Step

CASES = 768
# What an iteration counts for, against the one after it.
FADING = 0.9
# Iterations' worth of evidence that the priors stand for.
PRIOR_ITERATIONS = 3.0
PRIOR_EDITS = 3.0
PRIOR_RETURN, PRIOR_BRANCH, PRIOR_GROWTH = 0.1, 0.1, 0.1
UNCHANGED = 0.05
# Share of an edit's weight that goes to nodes as far from the results as the edited one.
ALIKE = 0.3
# Share of the prior that goes by distance from the results and not by node (features are many, models few), and what
# a distance gets against the one before it: most work is done near the results.
BY_DISTANCE = 0.5
NEARER = 0.7
# Earlier versions that a run may return to or start from, and the nodes that all versions together may have.
EARLIER_VERSIONS = 24
NODES = 3_000


@dataclass(frozen=True)
class Habits:
    """What a history shows.

    Attributes
    ----------
    returns
        Chance that the next run is an earlier version as it was. Learned for the kind of the last edit: a parameter
        is rather put back than a function.
    branches
        Chance that it starts from a version before the newest.
    growth
        Chance that it has new nodes.
    edits
        Nodes that were edited together, each with a weight: the newest most.
    """

    returns: float = PRIOR_RETURN
    branches: float = PRIOR_BRANCH
    growth: float = PRIOR_GROWTH
    edits: tuple[tuple[frozenset[str], float], ...] = ()


def learn(steps: Sequence[Step]) -> Habits:
    """The habits that ``steps`` show, the newest last."""
    seen = returned = branched = grew = 0.0
    edits: list[tuple[frozenset[str], float]] = []
    by_kind: dict[str, float] = defaultdict(float)
    returned_by_kind: dict[str, float] = defaultdict(float)
    weight = 1.0
    for at in range(len(steps) - 1, 0, -1):
        step, before = steps[at], steps[at - 1]
        base = max(steps[:at][::-1], key=lambda earlier: len(step.keys & earlier.keys))
        seen += weight
        kinds = set(before.edits.values())
        for kind in kinds:
            by_kind[kind] += weight
        if step.keys <= base.keys:
            if base.keys != before.keys:
                returned += weight
                for kind in kinds:
                    returned_by_kind[kind] += weight
        else:
            branched += weight * (base is not before)
            grew += weight * any(name not in base.needed for name in step.needed)
            together = frozenset(name for name in step.edits if name in base.needed)
            if together:
                edits.append((together, weight))
        weight *= FADING
    returns = _rate(returned, seen, PRIOR_RETURN)
    for kind in dict.fromkeys(steps[-1].edits.values()):
        returns = _rate(returned_by_kind[kind], by_kind[kind], returns)
    return Habits(returns, _rate(branched, seen, PRIOR_BRANCH), _rate(grew, seen, PRIOR_GROWTH), tuple(edits))


def _rate(count: float, of: float, prior: float) -> float:
    return (count + PRIOR_ITERATIONS * prior) / (of + PRIOR_ITERATIONS)


@dataclass
class _Version:
    """A version that a next run may be or start from, and what may become of it, each with its chance."""

    step: Step
    edits: dict[frozenset[str], float] = field(default_factory=lambda: defaultdict(float))
    growth: dict[str, float] = field(default_factory=dict)

    @property
    def nodes(self) -> dict[str, NodeVersion]:
        return self.step.needed


def outlook(steps: Sequence[Step]) -> Outlook:
    """What the run after ``steps`` (at least one; the newest last) will need."""
    found, invalid_seconds = _expected(steps)
    return Outlook(found, CASES, invalid_seconds / CASES)


def vertices(steps: Sequence[Step]) -> list[Vertex]:
    """The values that the run after ``steps`` may need, each with the cases in which it does."""
    return _expected(steps)[0]


def _expected(steps: Sequence[Step]) -> tuple[list[Vertex], float]:
    habits = learn(steps)
    newest, *earlier = _distinct(steps)
    versions = [_Version(newest)]
    elsewhere = (habits.returns, (1 - habits.returns) * habits.branches) if earlier else (0.0, 0.0)
    _expect(versions[0], habits, 1 - sum(elsewhere))
    shares = [1 / rank for rank in range(1, len(earlier) + 1)]  # Zipf: the last version before is the likeliest
    for step, share in zip(earlier, shares, strict=True):
        version = _Version(step)
        version.edits[frozenset()] += elsewhere[0] * share / sum(shares)
        _expect(version, habits, elsewhere[1] * share / sum(shares))
        versions.append(version)
    return _vertices(versions)


def _distinct(steps: Sequence[Step]) -> list[Step]:
    """The newest version and some that differ from it, newest first."""
    found: dict[frozenset[str], Step] = {}
    for step in reversed(steps):
        room = NODES - sum(len(one.needed) for one in found.values())
        if len(found) > EARLIER_VERSIONS or (found and len(step.needed) > room):
            break
        found.setdefault(step.keys, step)
    return list(found.values())


def _expect(version: _Version, habits: Habits, chance: float) -> None:
    """Share ``chance`` among what may become of a version."""
    nodes = version.nodes
    distances = version.step.distances
    alike: dict[int, list[str]] = {}
    for name in nodes:
        alike.setdefault(distances[name], []).append(name)
    version.growth = dict.fromkeys(nodes, chance * habits.growth / len(nodes))
    chance *= 1 - habits.growth
    version.edits[frozenset()] += chance * UNCHANGED
    chance *= 1 - UNCHANGED
    learned = [(edited, weight) for names, weight in habits.edits if (edited := names.intersection(nodes))]
    total = PRIOR_EDITS + sum(weight for _, weight in learned)
    by_distance = BY_DISTANCE / sum(NEARER**distance for distance in alike)
    by_node = (1 - BY_DISTANCE) / len(nodes)
    for distance, names in alike.items():
        each = chance * PRIOR_EDITS / total * (by_distance * NEARER**distance / len(names) + by_node)
        for name in names:
            version.edits[frozenset([name])] += each
    for edited, weight in learned:
        share = chance * weight / total
        version.edits[edited] += share * (1 - ALIKE)
        for name in sorted(edited):  # a set's order, and so the last bit of a sum, differs from process to process
            others = alike[distances[name]]
            for other in others:
                version.edits[frozenset([other])] += share * ALIKE / len(edited) / len(others)


def _vertices(versions: Sequence[_Version]) -> tuple[list[Vertex], float]:
    """The values of all versions, the oldest first, so that parents stand before what reads them; and the seconds of
    what is computed whatever is stored, summed over all cases."""
    invalid_seconds = 0.0
    drawn = _draw(versions)
    made: dict[str, tuple[NodeVersion, tuple[str, ...]]] = {}
    wanted: dict[str, int] = defaultdict(int)
    for version, (edits, growth) in zip(reversed(versions), reversed(drawn), strict=True):
        nodes = version.nodes
        for name, cases, invalid in _wanted(version.step, edits, growth):
            node = nodes[name]
            invalid_seconds += invalid.bit_count() * node.compute_seconds
            wanted[node.key] |= cases
            made[node.key] = made.get(node.key) or (node, tuple(nodes[parent].key for parent in node.parents))
    vertices = [
        Vertex(key, parents, node.compute_seconds, node.load_seconds, wanted[key])
        for key, (node, parents) in made.items()
    ]
    return vertices, invalid_seconds


_Cases = list[tuple[frozenset[str], int]]


def _draw(versions: Sequence[_Version]) -> list[tuple[_Cases, dict[str, int]]]:
    """For each version, which of the ``CASES`` cases its edits and growth are: by systematic sampling, so that each has
    its chance times ``CASES`` of them, rounded up or down."""
    total = sum(sum(version.edits.values()) + sum(version.growth.values()) for version in versions)
    each = (chances.values() for version in versions for chances in (version.edits, version.growth))
    reached = accumulate(chance / total for chance in chain.from_iterable(each))
    taken = chain([0], (min(CASES, int(share * CASES + 0.5)) for share in reached))
    # most are too unlikely to be a case, and nothing has to look at them again
    cases = iter((1 << last) - (1 << first) if last > first else 0 for first, last in pairwise(taken))
    return [
        (
            [(names, drawn) for names, drawn in zip(version.edits, cases, strict=False) if drawn],
            {name: drawn for name, drawn in zip(version.growth, cases, strict=False) if drawn},
        )
        for version in versions
    ]


def _wanted(step: Step, edits: _Cases, growth: Mapping[str, int]) -> Iterator[tuple[str, int, int]]:
    """In which cases each node of a version is needed whatever is stored, and in which it is not valid any more."""
    nodes, targets = step.needed, set(step.targets)
    every = 0
    invalid = dict.fromkeys(nodes, 0)
    for names, cases in edits:
        every |= cases
        for name in names:
            invalid[name] |= cases
    readers = dict.fromkeys(nodes, 0)  # cases in which something that reads the node is not valid
    for name, node in nodes.items():
        for parent in node.parents:
            invalid[name] |= invalid[parent]
        for parent in node.parents:
            readers[parent] |= invalid[name]
    for name in nodes:
        valid = every & ~invalid[name]
        yield name, (valid if name in targets else valid & readers[name]) | growth.get(name, 0), invalid[name]

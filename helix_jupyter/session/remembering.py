"""What memory forgets where its budget is exceeded: what is expected to save the fewest seconds of the next run.

The same outlook as for the store (``expect``), with one more level: what the store holds, too, is worth its load only.
Looks at anything only where memory is short.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from helix_jupyter.graph.dag import Graph
from helix_jupyter.plan import expect
from helix_jupyter.plan.forecast import load_forecast
from helix_jupyter.plan.keeping import Stored
from helix_jupyter.plan.recall import Recall
from helix_jupyter.session.bench import Bench
from helix_jupyter.session.holdings import GONE_CHANCE
from helix_jupyter.session.resolve import Known
from helix_jupyter.session.steps import current_key, edits_since, step_ahead, value_key
from helix_jupyter.store.types import ArtifactFact, Result
from helix_jupyter.version.types import NodeRecord

Look = Callable[[], Mapping[str, Known]]


class Remembering:
    """Keeps a session's memory within its budget during one run, or while values are fetched.

    ``known`` gives what is known of every node at the moment, ``records`` are those of the version before.
    """

    def __init__(self, bench: Bench, graph: Graph, known: Look, records: Mapping[str, NodeRecord]) -> None:
        self._bench, self._graph, self._known, self._records = bench, graph, known, records
        self._recall: Recall | None = None
        self._ahead: dict[str, str] = {}
        self._made: dict[str, Result] = {}
        self._node: dict[str, str] = {}

    def note(self, node: str, result: Result) -> str:
        """A value of ``node`` is at hand; gives the key that it has in memory."""
        key = value_key(output.digest for output in result.outputs)
        self._made[key], self._node[key] = result, node
        return key

    def trim(self, in_use: Collection[str] = ()) -> None:
        """Forget until the budget holds. ``in_use``: identities that stay, since a run needs them still."""
        memory, store = self._bench.memory, self._bench.store
        while (excess := memory.excess(in_use)) > 0:
            names, before = self._held(in_use)
            recall = self._up_to_date(before)
            recall.trim(max(0, recall.bytes - excess))
            going = before.keys() - recall.held.keys()
            if not going:
                return
            for key in going:
                digests = _digests(names[key])
                if recall.is_on_disk(key) and store.has(digests) != digests:  # evicted there meanwhile
                    recall.note_gone(key)
                    recall.store(key, before[key])
                    continue
                for name in names[key]:
                    memory.drop_key(name)

    def _held(self, in_use: Collection[str]) -> tuple[dict[str, list[str]], dict[str, Stored]]:
        """What memory holds: the names that it has there by the outlook's keys, and its part of what is used."""
        memory, using = self._bench.memory, frozenset(in_use)
        names: dict[str, list[str]] = {}
        identities: dict[str, list[str]] = {}
        for name, its_identities in memory.keys().items():
            key = self._key(name)
            names.setdefault(key, []).append(name)
            identities.setdefault(key, []).extend(its_identities)
        held = {}
        for key, own in identities.items():
            made = self._made.get(names[key][0])
            pinned = not using.isdisjoint(own)
            held[key] = Stored(key, memory.shares_of(own), made.seconds if made else 0.0, GONE_CHANCE, pinned=pinned)
        return names, held

    def _key(self, name: str) -> str:
        """How the outlook calls a value: one that this run made was not known when it was taken."""
        recall = self._look() if self._recall is None else self._recall
        return name if name in recall else self._ahead.get(self._node.get(name, ""), name)

    def _up_to_date(self, held: Mapping[str, Stored]) -> Recall:
        recall = self._look() if self._recall is None else self._recall
        for key in recall.held.keys() - held.keys():
            recall.evict(key)
        for key, value in held.items():
            if recall.held.get(key) != value:
                recall.store(key, value)
        written = {self._key(name): _digests([name]) for name in self._made}
        new = {key: digests for key, digests in written.items() if key in held and not recall.is_on_disk(key)}
        stored = self._bench.store.has(set().union(*new.values())) if new else set()
        for key, digests in new.items():
            if digests <= stored:
                recall.note_on_disk(key, load_forecast(held[key].bytes))
        return recall

    def _look(self) -> Recall:
        """The outlook, made once, with what the store holds."""
        store, graph, known = self._bench.store, self._graph, self._known()
        edits = edits_since(self._records, known)
        step = step_ahead(graph, known, store.costs(self._bench.workflow), edits, graph.sinks())
        steps = [*self._bench.history.steps(expect.NODES), step]
        self._ahead = {node: current_key(node, one) for node, one in known.items()}
        artifacts = store.artifacts()
        on_disk = {}
        for node in (node for one in steps for node in one.nodes.values()):
            facts = [artifacts.get(digest) for digest in _digests([node.key])]
            if all(facts):
                on_disk[node.key] = sum(_load_seconds(fact) for fact in facts if fact)
        self._recall = Recall(expect.vertices(steps), expect.CASES)
        self._recall.begin({}, on_disk)
        return self._recall


def _digests(keys: Sequence[str]) -> set[str]:
    return {digest for key in keys for digest in key.split("+")}


def _load_seconds(fact: ArtifactFact) -> float:
    return load_forecast(fact.bytes, fact.load_seconds)

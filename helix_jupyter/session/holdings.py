"""What the store holds, as a policy sees it: values of nodes instead of files, with what may become of them.

Reads the store's rows and the versions, and only when a policy asks, which it does where room is short.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from helix_jupyter.graph.dag import Graph
from helix_jupyter.plan import expect
from helix_jupyter.plan.forecast import load_forecast
from helix_jupyter.plan.keeping import Candidate, Contents, Stored
from helix_jupyter.plan.outlook import Outlook
from helix_jupyter.plan.trace import Step
from helix_jupyter.plan.types import Plan, State
from helix_jupyter.session.bench import Bench
from helix_jupyter.session.resolve import Known
from helix_jupyter.session.steps import current_key, edits_since, step_ahead
from helix_jupyter.store.types import ArtifactFact
from helix_jupyter.store.writer import Pending
from helix_jupyter.version.types import NodeRecord

# Chances of being needed in the next run: another workflow's value, and one of a version long gone.
OTHERS_CHANCE = 0.05
GONE_CHANCE = 0.002


class Holdings:
    """The contents of the store during one run.

    Every node's value has one key for the whole run, by what was known when it began: see ``current_key``.
    """

    def __init__(
        self,
        bench: Bench,
        graph: Graph,
        known: Mapping[str, Known],
        records: Mapping[str, NodeRecord],
        ahead: Callable[[], Plan] | None,
    ) -> None:
        self._bench, self._graph, self._known, self._records = bench, graph, known, records
        self._ahead = ahead
        self.keys = {node: current_key(node, one) for node, one in known.items()}
        self._stored: dict[str, Stored] = {}
        self._digests: dict[str, tuple[str, ...]] = {}
        self._coming: dict[str, Stored] = {}
        self._found: frozenset[str] = frozenset()
        self._outlook: Outlook | None = None
        self._writing: dict[str, tuple[Stored, Sequence[Pending]]] = {}

    def look_again(self, known: Mapping[str, Known]) -> None:
        """Recorded values may stand in for nodes by now: these are not evicted in this run, whatever they were worth as
        long as their nodes seemed to change."""
        now = ((node, current_key(node, one)) for node, one in known.items())
        self._found = frozenset(key for node, key in now if key != self.keys[node])

    def contents(self) -> Contents:
        """What is stored now."""
        if self._outlook is None:
            self._outlook = self._look()
        being_written = self._settle()
        left = self._ahead().states if self._ahead else {}
        loads = {self.keys[node] for node, state in left.items() if state is State.LOAD}
        computes = (self.keys[node] for node, state in left.items() if state is State.COMPUTE)
        coming = {key: self._coming[key] for key in computes if key in self._coming}
        return Contents(self._stored, coming, self._found | loads | being_written, self._outlook)

    def add(self, candidate: Candidate, pending: Sequence[Pending]) -> None:
        """The candidate is being written."""
        key = candidate.key
        self._writing[key] = Stored(key, candidate.bytes, candidate.worth_seconds, pinned=candidate.pinned), pending

    def remove(self, keys: Iterable[str]) -> tuple[str, ...]:
        """These go; gives the digests of what that is in the store."""
        digests: list[str] = []
        for key in keys:
            self._stored.pop(key)
            digests += self._digests.pop(key)
        return tuple(digests)

    def weigh(self, keys: Iterable[str]) -> tuple[tuple[str, ...], int]:
        """The digests of what ``keys`` stand for, and the bytes that a policy believes them to take."""
        chosen = tuple(keys)
        digests = tuple(digest for key in chosen for digest in self._digests.get(key, ()))
        return digests, sum(self._stored[key].bytes for key in chosen)

    def _look(self) -> Outlook:
        store, workflow = self._bench.store, self._bench.workflow
        edits = edits_since(self._records, self._known)
        targets = self._ahead().targets if self._ahead else self._graph.sinks()
        step = step_ahead(self._graph, self._known, store.costs(workflow), edits, targets)
        never = store.never_stored(workflow)
        known_sizes = (one for name, one in step.nodes.items() if one.reusable and one.bytes and name not in never)
        self._coming = {node.key: Stored(node.key, node.bytes, 0.0) for node in known_sizes}
        written = {one.digest for _, pending in self._writing.values() for one in pending}
        artifacts = {digest: fact for digest, fact in store.artifacts().items() if digest not in written}
        steps = [*self._bench.history.steps(expect.NODES), step]
        self._stored, self._digests = grouped(artifacts, steps, store.pins(workflow), workflow)
        outlook = expect.outlook(steps)
        for key in self._stored:
            # a compressed one takes longer than its bytes tell
            seconds = sum(artifacts[digest].load_seconds for digest in key.split("+") if digest in artifacts)
            if seconds > load_forecast(sum(artifacts[d].bytes for d in key.split("+") if d in artifacts)):
                outlook.revise(key, None, seconds)
        return outlook

    def _settle(self) -> set[str]:
        """Take in what was written meanwhile; gives the keys of what is still being written."""
        for key, (value, pending) in list(self._writing.items()):
            states = {one.state for one in pending}
            if states <= {"writing", "stored"}:
                self._stored[key] = value
                self._digests[key] = tuple(one.digest for one in pending)
            else:
                self._stored.pop(key, None)
            if "writing" not in states:
                del self._writing[key]
        return set(self._writing)


def grouped(
    artifacts: Mapping[str, ArtifactFact], steps: Sequence[Step], pins: Collection[str], workflow: str
) -> tuple[dict[str, Stored], dict[str, tuple[str, ...]]]:
    """The stored values of ``steps``' nodes, and the digests that each takes along when it goes.

    A digest that several of them need (one of four outputs, unchanged) stays until one of them is left. What a node
    showed goes with its value: by itself it would seem worth nothing, and a node that is there for what it shows is of
    no use without it. An artifact that belongs to none is a value by itself.
    """
    values: dict[str, Sequence[str]] = {}
    for step in steps:
        for node in step.nodes.values():
            shown = (node.shows,) if node.shows in artifacts else ()
            if node.key in values and not shown:
                continue
            outputs = values.get(node.key, node.key.split("+"))
            if all(digest in artifacts for digest in outputs):
                values[node.key] = tuple(dict.fromkeys((*outputs, *shown)))
    uses = Counter(digest for digests in values.values() for digest in digests)
    for digest, fact in artifacts.items():
        if not uses[digest]:
            values[digest] = (fact.digest,)
    stored = {}
    own = {key: tuple(digest for digest in digests if uses[digest] < 2) for key, digests in values.items()}
    for key, digests in values.items():
        facts = [artifacts[digest] for digest in digests]
        stored[key] = Stored(
            key,
            sum(artifacts[digest].disk_bytes for digest in own[key]),
            max(fact.worth_seconds for fact in facts),
            GONE_CHANCE if facts[0].workflow == workflow else OTHERS_CHANCE,
            max(fact.last_used for fact in facts),
            any(fact.workflow == workflow and fact.node in pins for fact in facts),
        )
    return stored, own

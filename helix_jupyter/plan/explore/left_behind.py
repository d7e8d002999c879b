"""What a run leaves in the store: what goes before it, what the policy keeps and evicts while it runs.

Reads stored values and a plan; returns what would be stored. The policies are those of real runs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from helix_jupyter.plan.explore.choices import Choices
from helix_jupyter.plan.explore.situation import Situation
from helix_jupyter.plan.keeping import Candidate, Contents, Storage, Stored
from helix_jupyter.plan.materialise import POLICIES
from helix_jupyter.plan.outlook import Outlook
from helix_jupyter.plan.types import Fact, Plan, State


@dataclass
class Shelf:
    """The store as it would be: values by key, and bytes of what belongs to none of them. Changed step by step.

    ``used`` are the bytes of all.
    """

    stored: dict[str, Stored]
    elsewhere: int
    used: int = field(init=False)
    kept: dict[str, int] = field(default_factory=dict)
    evicted: list[Stored] = field(default_factory=list)
    unsized: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.used = self.elsewhere + sum(one.bytes for one in self.stored.values())

    def put(self, one: Stored) -> None:
        """One more value, which is not there yet."""
        self.stored[one.key] = one
        self.used += one.bytes

    def take(self, key: str) -> Stored:
        """``key`` goes; gives its value."""
        one = self.stored.pop(key)
        self.used -= one.bytes
        return one

    def evict(self, key: str) -> None:
        """``key`` goes, which the run is to tell of."""
        self.evicted.append(self.take(key))


def shelf_of(situation: Situation, chosen: Choices) -> Shelf:
    """What is stored now, with the pins that are chosen."""
    own = {node.key: name for name, node in situation.nodes.items()}
    stored = dict(situation.stored)
    if chosen.pinned != situation.pinned:
        for key, one in situation.stored.items():
            pinned = not chosen.pinned.isdisjoint(_writers(situation, key, own))
            stored[key] = one if pinned is one.pinned else replace(one, pinned=pinned)
    return Shelf(stored, situation.used - sum(one.bytes for one in stored.values()))


def _writers(situation: Situation, key: str, own: Mapping[str, str]) -> frozenset[str]:
    writers = {situation.writers.get(digest, "") for digest in situation.digests[key] or key.split("+")}
    return frozenset(writers | {own.get(key, "")})


def never_digests(situation: Situation, chosen: Choices) -> frozenset[str]:
    """What goes since it is never to be stored, but not what another node's current value needs."""
    nodes = chosen.never - situation.never
    if not nodes:
        return frozenset()
    own = {digest for digest, node in situation.writers.items() if node in nodes}
    others: set[str] = set()
    for name, standing in situation.standings.items():
        (own if name in nodes else others).update(standing.digests)
    return frozenset(own & situation.artifacts.keys()) - others


def take_out(shelf: Shelf, situation: Situation, digests: frozenset[str]) -> list[Stored]:
    """Take the values out that lose one of ``digests``; gives them."""
    gone = [one for key, one in shelf.stored.items() if not digests.isdisjoint(key.split("+"))]
    used = shelf.used - sum(situation.artifacts[digest] for digest in digests)
    for one in gone:
        shelf.take(one.key)
    shelf.elsewhere += used - shelf.used
    shelf.used = used
    return gone


def trim(shelf: Shelf, budget: int, outlook: Outlook, loaded: frozenset[str]) -> list[Stored]:
    """Take out what is expected to save least until ``budget`` holds the rest; what the coming run loads stays, if all
    of that fits."""
    room = max(0, budget - shelf.elsewhere)
    for spared in (loaded, frozenset[str]()):
        looking = outlook.branch()
        looking.assume({key: replace(one, pinned=True) if key in spared else one for key, one in shelf.stored.items()})
        looking.trim(room, shelf.stored)
        if looking.bytes <= room:
            break
    return [shelf.take(key) for key in list(shelf.stored) if key not in looking.held]


def store_at_hand(shelf: Shelf, situation: Situation, chosen: Choices, outlook: Outlook) -> None:
    """What is newly pinned and lies in memory is stored at once."""
    new = chosen.pinned - situation.pinned - chosen.dropped
    for name, standing in situation.standings.items():
        if name in new and standing.at_hand:
            seconds = situation.nodes[name].compute_seconds
            _offer(shelf, situation, chosen, name, seconds, lambda: Contents(shelf.stored, {}, (), outlook))


def run(
    shelf: Shelf,
    situation: Situation,
    chosen: Choices,
    plan: Plan,
    facts: Mapping[str, Fact],
    outlook: Outlook,
) -> None:
    """What the policy makes of what ``plan`` computes. ``outlook`` is one of this run's own: it is changed."""
    spent: dict[str, float] = {}
    above: dict[str, frozenset[str]] = {}
    nodes = situation.nodes
    in_use = {nodes[name].key for name in plan.nodes(State.LOAD)}
    coming = {
        nodes[name].key: Stored(nodes[name].key, nodes[name].bytes, 0.0)
        for name in plan.nodes(State.COMPUTE)
        if nodes[name].reusable and nodes[name].bytes and name not in chosen.never
    }

    def contents() -> Contents:
        return Contents(shelf.stored, coming, in_use, outlook)

    for name, state in plan.states.items():
        above[name] = frozenset([name]).union(*(above[parent] for parent in situation.graph[name]))
        if state is State.LOAD:
            spent[name] = facts[name].load_seconds
            in_use.discard(nodes[name].key)
        elif state is State.COMPUTE:
            spent[name] = facts[name].compute_seconds
            coming.pop(nodes[name].key, None)
            cumulative = sum(spent.get(one, 0.0) for one in above[name])
            _offer(shelf, situation, chosen, name, cumulative, contents)


def _offer(
    shelf: Shelf,
    situation: Situation,
    chosen: Choices,
    name: str,
    cumulative: float,
    contents: Callable[[], Contents],
) -> None:
    """Let the policy decide on one value."""
    node = situation.nodes[name]
    if not node.reusable or node.key in shelf.stored:
        return
    if not node.bytes:
        shelf.unsized.append(name)
        return
    pinned, never = name in chosen.pinned, name in chosen.never
    costs = (cumulative, node.load_seconds, node.compute_seconds, node.write_seconds)
    candidate = Candidate(name, node.key, node.bytes, *costs, pinned=pinned, never=never)
    decision = POLICIES[chosen.policy](candidate, Storage(chosen.budget, shelf.used, contents))
    for key in decision.evict:
        shelf.evict(key)
    if decision.keep:
        shelf.put(Stored(node.key, node.bytes, candidate.worth_seconds, pinned=pinned))
        shelf.kept[name] = node.bytes

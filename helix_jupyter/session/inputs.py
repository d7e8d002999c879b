"""The values that a run has at hand: fetched from memory or the store, lent to nodes, checked, released."""

from __future__ import annotations

import copy
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from helix_jupyter.errors import ArtifactMissing, ArtifactUntrusted, HelixError, StoreError, Unpicklable
from helix_jupyter.fingerprint.kinds import is_a
from helix_jupyter.graph.dag import Graph
from helix_jupyter.plan.types import Plan, State
from helix_jupyter.session.allocations import Extent, extent
from helix_jupyter.session.bench import Bench
from helix_jupyter.session.culprit import where_changed
from helix_jupyter.session.memory import unchanged
from helix_jupyter.session.remembering import Remembering
from helix_jupyter.session.resolve import Known
from helix_jupyter.store.pickling import Prepared, prepare
from helix_jupyter.store.types import OutputFact, Result

IMMUTABLE = (type(None), bool, int, float, complex, str, bytes)


@dataclass(frozen=True)
class _Held:
    fact: OutputFact
    value: Any


class Inputs:
    """Values by (node, output), for as long as this run needs them.

    Memory holds them as well and gives its room to them first; what is released stays there as far as it is worth it.
    """

    def __init__(
        self,
        bench: Bench,
        graph: Graph,
        warn: Callable[[str], None],
        remembering: Remembering,
        upcoming: Callable[[], Sequence[str]] = tuple,
        loading: Callable[[], Collection[str]] = tuple,
    ) -> None:
        """``upcoming`` gives the nodes still to be computed, in order, ``loading`` the digests still to be loaded."""
        self._bench, self._graph, self._warn, self._remembering = bench, graph, warn, remembering
        self._held: dict[tuple[str, str], _Held] = {}
        # values that were made, loaded or checked in this run; nodes that got one were checked after
        self._checked: set[str] = set()
        self.unreadable: set[str] = set()
        # nodes whose values were let go although they are needed still, since the store has them
        self.put_aside: set[str] = set()
        self._upcoming, self._loading = upcoming, loading

    @property
    def held(self) -> frozenset[str]:
        """The digests of all values at hand."""
        return frozenset(held.fact.digest for held in self._held.values())

    def hold(self, node: str, result: Result, fact: OutputFact, value: Any, prepared: Prepared | None = None) -> None:
        """Take a value that was just computed (``prepared`` to be written) or loaded; memory keeps it, too."""
        self._held[node, fact.name] = _Held(fact, value)
        self._checked.add(fact.digest)
        weighs = extent(prepared) if prepared is not None else Extent(fact.bytes)
        key = self._remembering.note(node, result)
        self._bench.memory.put(fact.digest, value, weighs, fact.by_content, key)
        self._trim()

    def hold_shown(self, node: str, result: Result, shown: Any, prepared: Prepared) -> None:
        """Take what ``node`` showed; memory keeps it as long as its value."""
        assert result.console is not None
        key = self._remembering.note(node, result)
        self._bench.memory.put(result.console, shown, Extent(prepared.bytes), False, key)

    def _trim(self) -> None:
        memory = self._bench.memory
        if memory.used_bytes > memory.budget:
            self._remembering.trim(self.held.union(self._loading()))

    def at_hand(self, node: str, output: str, result: Result) -> tuple[bool, Any]:
        """Whether the value is here without loading, and the value."""
        held = self._held.get((node, output))
        fact = _fact(result, output)
        if held is not None and held.fact.digest == fact.digest:
            return True, held.value
        return self._bench.memory.take(fact.digest, checked=fact.digest in self._checked)

    def fetch(self, node: str, output: str, result: Result | None) -> Any:
        """The value of one output, from memory or the store.

        Raises
        ------
        StoreError
            It is in neither, or does not load; a new plan has to be made.
        """
        if result is None:
            raise ArtifactMissing(f"the value of {node} is not known any more")
        found, value = self.at_hand(node, output, result)
        fact = _fact(result, output)
        if not found:
            value = self._load(fact.digest)
        elif (node, output) not in self._held and result.node != node:
            value = self.apart(node, output, fact.digest, value)  # an equal node's, which has a name of its own
        if (node, output) not in self._held or not found:
            self.hold(node, result, fact, value)
        return value

    def _load(self, digest: str) -> Any:
        try:
            return self._bench.store.load(digest)
        except StoreError:
            self.unreadable.add(digest)
            raise

    def value(self, node: str, name: str, producer: str, result: Result | None) -> Any:
        """What ``node`` gets for ``name``: the value itself, or a private one if the node is to change it."""
        value = self.fetch(producer, name, result)
        declaration = self._graph.declarations[node]
        if not (declaration.update and name in declaration.outputs) or is_a(value, IMMUTABLE):
            return value
        return self._private(node, name, _fact(result, name).digest, value)

    def apart(self, node: str, name: str, digest: str, value: Any) -> Any:
        """``value``, or an equal one where it can be changed in place: not to show under another node's name."""
        if is_a(value, IMMUTABLE):
            return value
        with suppress(HelixError):  # it cannot be copied, so it stays shared; what changes it is noticed by digest
            return self._private(node, name, digest, value)
        return value

    def _private(self, node: str, name: str, digest: str, value: Any) -> Any:
        """A value that can be changed without anybody else seeing it.

        A stored one is mapped once more, copy on write; a frame is shared lazily (pandas copies on write, too);
        only what has neither is copied.
        """
        if digest in self._bench.store.has([digest]):
            with suppress(StoreError):
                return self._bench.store.load(digest)
        if type(value).__module__.split(".")[0] == "pandas" and hasattr(value, "copy"):
            return value.copy(deep=False)
        try:
            return prepare(value).copy()
        except Unpicklable:
            pass
        try:
            return copy.deepcopy(value)
        except Exception as problem:  # deepcopy raises whatever the value's own hooks raise
            raise HelixError(
                f"Node '{node}' updates '{name}', which cannot be copied ({problem}). Give the result a new name."
            ) from problem

    def check(self, node: str, known: Known) -> bool:
        """Whether ``node`` changed an input in place; such a value is dropped, so that others get the earlier one.

        Raises
        ------
        StoreError
            An input was loaded from bytes that were damaged on disk: what ``node`` made of it is worth nothing, and a
            new plan has to be made.
        """
        changed, damaged = False, list[str]()
        declaration = self._graph.declarations[node]
        for name, producer in self._graph.inputs[node].items():
            if not self._is_changed((producer, name)):
                continue
            changed = True
            value = self._held[producer, name].value
            digest = self._held[producer, name].fact.digest
            self._drop((producer, name))
            if self._bench.store.evict_damaged(digest):
                damaged.append(name)
                self.unreadable.add(digest)
                continue
            place = where_changed(declaration, name, value, by_helper=name in known.captured.nodes)
            self._warn(
                f"Node '{node}' changed its input '{name}' in place{place}; others keep the earlier value. "
                f"Copy it first, or declare the cell with %%helix {name} --update."
            )
        if changed:
            self._checked.clear()
            for key in [key for key in self._held if self._is_changed(key)]:
                self._drop(key)  # it shares memory with the changed input
            self._bench.store.flush()  # what is still being written need not be computed again
        if damaged:
            raise ArtifactUntrusted(f"what was stored of {', '.join(damaged)} is damaged; it is computed anew")
        return changed

    def _is_changed(self, key: tuple[str, str]) -> bool:
        held = self._held.get(key)
        if held is None or is_a(held.value, IMMUTABLE):
            return False
        return not unchanged(held.value, held.fact.digest, held.fact.by_content)

    def _drop(self, key: tuple[str, str]) -> None:
        self._bench.memory.drop(self._held.pop(key).fact.digest)

    def release(self, node: str, plan: Plan, ran: Mapping[str, State]) -> None:
        """Let go of the values that no node still to be computed reads, now that ``node`` is done."""
        candidates = [(producer, name) for name, producer in self._graph.inputs[node].items()]
        candidates += [(node, output) for output in self._graph.declarations[node].outputs]
        self._release(candidates, plan, ran)

    def release_all(self, plan: Plan, ran: Mapping[str, State]) -> None:
        """Let go of all values that no node still to be computed reads, now that ``plan`` is another one."""
        self._release(list(self._held), plan, ran)

    def _release(self, candidates: Iterable[tuple[str, str]], plan: Plan, ran: Mapping[str, State]) -> None:
        for producer, output in candidates:
            if producer not in plan.targets and not self._needed(producer, output, plan, ran):
                self._held.pop((producer, output), None)
        self._trim()

    def put_aside_what_comes_last(self) -> None:
        """Where what is needed exceeds the memory budget, let go of what the store has and is needed last.

        It is mapped again when its turn comes. (Farthest next use first: Belady, IBM Systems Journal 5(2), 1966.)
        """
        memory = self._bench.memory
        if memory.used_bytes <= memory.budget or memory.bytes_of(self.held) <= memory.budget:
            return
        turn = {node: at for at, node in enumerate(self._upcoming())}
        never = len(turn)

        def next_use(key: tuple[str, str]) -> int:
            return min((turn.get(reader, never) for reader in self._graph.consumers(*key)), default=never)

        stored = self._bench.store.has(self.held)
        for use, key in sorted(((next_use(key), key) for key in self._held), reverse=True):
            if not use or memory.bytes_of(self.held) <= memory.budget:
                break
            # what nothing reads any more is held for the notebook, which sees it in the end in any case
            if use < never and self._held[key].fact.digest in stored:
                del self._held[key]
                self.put_aside.add(key[0])
        self._trim()

    def _needed(self, producer: str, output: str, plan: Plan, ran: Mapping[str, State]) -> bool:
        return any(
            plan.states[reader] is State.COMPUTE and reader not in ran
            for reader in self._graph.consumers(producer, output)
        )


def _fact(result: Result | None, output: str) -> OutputFact:
    assert result is not None
    return next(fact for fact in result.outputs if fact.name == output)

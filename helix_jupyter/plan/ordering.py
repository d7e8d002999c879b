"""In which order a run handles its nodes, so that few bytes are alive at the same time.

Reads the edges and sizes of what is to be handled, returns an order; decides nothing else and does not touch values.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from helix_jupyter.plan.planner import Graph

# Sets of finished nodes that the exact search looks at, at most (some 50 us each), and the nodes that it is tried for.
SETS = 1_500
EXACT_NODES = 64


def memory_order(parents: Graph, bytes: Mapping[str, int], kept: Collection[str], budget: int) -> tuple[str, ...]:
    """An order under which the peak of live bytes is low: the given one where that stays within ``budget``.

    A value is alive from when its node begins (its inputs are alive then, too) until the last node that reads it is
    done.

    Parameters
    ----------
    parents
        ``{node: nodes whose values it reads}`` of all nodes to be handled, in a topological order: the one that a user
        expects, so that it is left only where that gains something.
    bytes
        Size of what each node gives, in bytes; a node that is missing counts as nothing.
    kept
        Nodes whose values stay alive to the end.

    Returns
    -------
    tuple of str
        All nodes, parents first. Its peak is the lowest that any order has where the search for it ends within
        ``SETS`` sets of nodes, else the lowest of some greedy ones'; in neither case higher than the given order's.

    Notes
    -----
    To find the lowest peak is NP-hard for general graphs (register allocation: Sethi, SIAM J. Comput. 4(3), 1975).
    The search is best first over sets of finished nodes, by the peak so far; a node that frees at least what it gives
    and fits under the peak so far goes at once, which never costs anything, so chains and fans take few steps. The
    greedy orders take next what adds the fewest bytes, forwards, or what adds the fewest backwards, or go depth first,
    subtrees of the largest peak above what they leave first (optimal where every value has one reader and subtrees rise
    to one peak: Liu, SIAM J. Algebraic Discrete Methods 7(3), 1986).
    """
    given = tuple(parents)
    work = _Work(given, parents, [bytes.get(node, 0) for node in given], [node in kept for node in given])
    order: Sequence[int] = range(len(given))
    lowest = work.peak(order)
    if lowest <= budget:
        return given
    for other in (_fewest_next(work), _fewest_last(work), _depth_first(work)):
        if (peak := work.peak(other)) < lowest:
            order, lowest = other, peak
    if len(given) <= EXACT_NODES and lowest > max(map(work.at_least, range(len(given)))):
        order = _search(work, lowest) or order
    return tuple(given[at] for at in order)


def peak_bytes(order: Iterable[str], parents: Graph, bytes: Mapping[str, int], kept: Collection[str]) -> int:
    """The most bytes that are alive at any moment if nodes are handled in ``order``: see :func:`memory_order`."""
    given = tuple(parents)
    number = {node: at for at, node in enumerate(given)}
    work = _Work(given, parents, [bytes.get(node, 0) for node in given], [node in kept for node in given])
    return work.peak([number[node] for node in order])


@dataclass
class _Work:
    """What is to be ordered, by number."""

    nodes: Sequence[str]
    given: Graph
    bytes: list[int]
    kept: list[bool]
    parents: list[list[int]] = field(init=False)
    children: list[list[int]] = field(init=False)

    def __post_init__(self) -> None:
        number = {node: at for at, node in enumerate(self.nodes)}
        self.parents = [[number[parent] for parent in dict.fromkeys(self.given[node])] for node in self.nodes]
        self.children = [[] for _ in self.nodes]
        for at, above in enumerate(self.parents):
            for parent in above:
                self.children[parent].append(at)

    def peak(self, order: Iterable[int]) -> int:
        """The most bytes alive at any moment."""
        readers = [len(below) for below in self.children]
        live = most = 0
        for at in order:
            live += self.bytes[at]
            most = max(most, live)
            for parent in self.parents[at]:
                readers[parent] -= 1
                if not readers[parent] and not self.kept[parent]:
                    live -= self.bytes[parent]
            if not self.children[at] and not self.kept[at]:
                live -= self.bytes[at]
        return most

    def at_least(self, at: int) -> int:
        """What is alive while ``at`` is handled, whatever the order."""
        return self.bytes[at] + sum(self.bytes[parent] for parent in self.parents[at])


def _fewest_next(work: _Work) -> list[int]:
    """Of what is ready, take what leaves the fewest bytes more than before; of equals, what needs the fewest."""
    readers = [len(below) for below in work.children]
    missing = [len(above) for above in work.parents]

    def change(at: int) -> int:
        """How many bytes more are alive when ``at`` is done."""
        stays = work.bytes[at] if work.children[at] or work.kept[at] else 0
        return stays - sum(work.bytes[one] for one in work.parents[at] if readers[one] == 1 and not work.kept[one])

    ready = [(change(at), work.bytes[at], at) for at, count in enumerate(missing) if not count]
    heapq.heapify(ready)
    order = []
    while ready:
        known, _, at = heapq.heappop(ready)
        if missing[at] < 0 or known != change(at):
            continue  # done, or its inputs have fewer readers by now: it stands there anew
        missing[at] = -1
        order.append(at)
        for parent in work.parents[at]:
            readers[parent] -= 1
            if readers[parent] == 1:
                for one in work.children[parent]:
                    if not missing[one]:
                        heapq.heappush(ready, (change(one), work.bytes[one], one))
        for child in work.children[at]:
            missing[child] -= 1
            if not missing[child]:
                heapq.heappush(ready, (change(child), work.bytes[child], child))
    return order


def _fewest_last(work: _Work) -> list[int]:
    """From the end: of what may come last, what needs the fewest bytes that nothing after it needs anyway."""
    waiting = [len(below) for below in work.children]
    alive = list(work.kept)

    def change(at: int) -> int:
        """How many bytes more are alive before ``at`` than after it."""
        needs = sum(work.bytes[parent] for parent in work.parents[at] if not alive[parent])
        return needs - (work.bytes[at] if alive[at] else 0)

    ready = [(change(at), at) for at, count in enumerate(waiting) if not count]
    heapq.heapify(ready)
    order = []
    while ready:
        known, at = heapq.heappop(ready)
        if waiting[at] < 0:
            continue
        if known != (now := change(at)):
            heapq.heappush(ready, (now, at))
            continue
        waiting[at] = -1
        order.append(at)
        for parent in work.parents[at]:
            was_alive, alive[parent] = alive[parent], True
            waiting[parent] -= 1
            if not waiting[parent]:
                heapq.heappush(ready, (change(parent), parent))
            if not was_alive:  # its other readers need fewer bytes more by now
                for one in work.children[parent]:
                    if not waiting[one]:
                        heapq.heappush(ready, (change(one), one))
    return order[::-1]


def _depth_first(work: _Work) -> list[int]:
    """Parents of the largest peak above what they leave first, each with all that only then is needed."""
    peaks, above = [0] * len(work.nodes), [list[int]() for _ in work.nodes]
    for at, size in enumerate(work.bytes):
        above[at] = sorted(work.parents[at], key=lambda one: (work.bytes[one] - peaks[one], one))
        held = most = 0
        for parent in above[at]:
            most = max(most, held + peaks[parent])
            held += work.bytes[parent]
        peaks[at] = max(most, held + size)
    order: list[int] = []
    begun = [False] * len(work.nodes)
    for last in sorted((at for at, below in enumerate(work.children) if not below), key=lambda at: -peaks[at]):
        waiting = [(last, False)]
        while waiting:
            at, are_parents_done = waiting.pop()
            if are_parents_done:
                order.append(at)
            elif not begun[at]:
                begun[at] = True
                waiting.append((at, True))
                waiting += [(parent, False) for parent in reversed(above[at])]
    return order


def _search(work: _Work, below: int) -> list[int] | None:
    """The order of the lowest peak if that is less than ``below``; None if there is none or the search is too long."""
    count = len(work.nodes)
    parents = [sum(1 << parent for parent in above) for above in work.parents]
    children = [sum(1 << child for child in beneath) for beneath in work.children]
    before: dict[int, tuple[int, tuple[int, ...]]] = {0: (0, ())}
    waiting: list[tuple[int, int, int, int]] = [(0, 0, 0, 0)]  # peak, nodes that are left, bytes alive, nodes done
    seen: set[int] = set()

    def after(at: int, done: int, live: int) -> int:
        """Bytes alive once ``at`` is done as well."""
        now = done | 1 << at
        ended = (one for one in (*work.parents[at], at) if not work.kept[one] and not children[one] & ~now)
        return live + work.bytes[at] - sum(work.bytes[one] for one in ended)

    while waiting and len(seen) < SETS:
        peak, _, live, start = heapq.heappop(waiting)
        if start in seen:
            continue
        seen.add(start)
        done, taken = start, list[int]()
        ready = [at for at in range(count) if not done >> at & 1 and not parents[at] & ~done]
        while (free := next((at for at in ready if _is_free(work, at, after(at, done, live), live, peak)), -1)) >= 0:
            live = after(free, done, live)
            done |= 1 << free
            taken.append(free)
            ready = [at for at in range(count) if not done >> at & 1 and not parents[at] & ~done]
        if not ready:
            return _way(before, start) + taken
        for at in ready:
            step, then = max(peak, live + work.bytes[at]), done | 1 << at
            if step < below and then not in seen:
                known = before.get(then)
                if known is None or step < known[0]:
                    before[then] = (step, (*taken, at, start))
                    heapq.heappush(waiting, (step, count - then.bit_count(), after(at, done, live), then))
    return None


def _is_free(work: _Work, at: int, then: int, live: int, peak: int) -> bool:
    return then <= live and live + work.bytes[at] <= peak


def _way(before: Mapping[int, tuple[int, tuple[int, ...]]], done: int) -> list[int]:
    """The nodes that lead to a set, in order."""
    steps: list[tuple[int, ...]] = []
    while done:
        *taken, done = before[done][1]
        steps.append(tuple(taken))
    return [at for taken in reversed(steps) for at in taken]

"""Nodes that go through an input item by item (``%%helix NAME --map DOCS``): only new items are computed.

What such a node gives for some items is what it gives for each, put together: so its code is run on those that no
earlier value holds (some at a time, as a value of the input's type), and the others are taken out of earlier values of
the same code. Appended, deleted and moved items cost nothing but themselves; the whole is an ordinary value with an
ordinary key. What was done before a failure or an interrupt is stored, and now and then what a long run has so far.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from helix_jupyter.errors import HelixError, StoreError, Undigestable, Unpicklable
from helix_jupyter.execute.items import NotItemwise, Piece, count, item_digests, put_together, schema, take
from helix_jupyter.execute.types import Once
from helix_jupyter.fingerprint.digest import digest
from helix_jupyter.fingerprint.framing import digest_fields
from helix_jupyter.graph.declaration import Declaration
from helix_jupyter.session.bench import Bench
from helix_jupyter.session.resolve import Known
from helix_jupyter.store.items import ItemRow
from helix_jupyter.store.pickling import prepare
from helix_jupyter.store.types import OutsideFact, Result

# a part is to take about this long, and what was done is stored this often
PART_SECONDS = 2.0
SAVE_SECONDS = 30.0
_FIRST = 8
_MOST = 8_192
_ON_DISK_NOTHING = ("none", "memory")


@dataclass(frozen=True)
class _Source:
    """Values that hold some of the items: ``places`` in them by item."""

    values: Mapping[str, Any]
    places: Mapping[bytes, int]


@dataclass
class Itemwise:
    """One node item by item, in one run; ``afresh``: whatever earlier values hold; ``at_once``: as if it were none.

    After it ran: ``facts`` (of the outside, under which what was taken from earlier values holds), ``saved_seconds``
    (what that took when it was made), ``told`` (how many were new, for the version) and ``parts`` (of how many its
    values are made).
    """

    bench: Bench
    declaration: Declaration
    known: Known
    input: Any
    progress: Callable[[int, int], None]
    afresh: bool = False
    at_once: bool = False
    facts: tuple[OutsideFact, ...] = ()
    saved_seconds: float = 0.0
    told: str = ""
    parts: int = 0
    _items: tuple[bytes, ...] = ()
    _made: list[_Source] = field(default_factory=list)
    _unsaved: int = 0

    def __call__(self, once: Once) -> Mapping[str, Any]:
        """Run the node's code on what is new; gives the outputs for all items.

        Raises
        ------
        HelixError
            The input has no items, or the code does not give one for each.
        """
        name = self.declaration.map
        try:
            self._items = item_digests(self.input)
        except NotItemwise as problem:
            raise HelixError(f"--map {name}: '{name}' {problem}. Give a list, a dict, a frame or an array.") from None
        except Undigestable:
            self._items = ()
            return once.run(self.input)
        if self.at_once:
            return self._checked(once.run(self.input), len(self._items))
        first: dict[bytes, int] = {}
        for at, item in enumerate(self._items):
            first.setdefault(item, at)
        sources = list(self._earlier(first))
        have = {item for source in sources for item in source.places}
        new = [item for item in first if item not in have]
        self._run(once, new, first)
        total = len(self._items)
        self.told = f"{len(new):,} of {total:,} items are new" if have else ""
        if not self._items:
            return self._part(once, [])
        self.parts = len(sources) + len(self._made)
        return self._whole([*sources, *self._made])

    # what earlier values hold

    @property
    def _key(self) -> str | None:
        """Of all that decides what becomes of an item; None where that is not known."""
        if self.known.key is None:
            return None
        mapped = self.declaration.map or ""
        parts = [part for part in self.known.fingerprint.parts if (part.kind, part.label) != ("input", mapped)]
        marks = sorted(digest_fields(part.kind, part.label, part.digest) for part in parts)
        return digest_fields("map", mapped, schema(self.input), *marks)

    def _earlier(self, wanted: Mapping[bytes, int]) -> Iterable[_Source]:
        """Stored values that hold wanted items, each item from one of them; newest first."""
        key = self._key
        if key is None or self.afresh or self.declaration.volatile:
            return
        left = set(wanted)
        for row in self.bench.store.items(key):
            here = {item: at for at, item in enumerate(row.items) if item in left}
            if not here or self.bench.outside.changed(row.outside):
                continue
            try:
                values = {output: self._load(identity) for output, identity in row.outputs.items()}
            except StoreError:
                continue
            left -= here.keys()
            self.saved_seconds += row.seconds * len(here) / len(row.items)
            self.facts = tuple(dict.fromkeys((*self.facts, *row.outside)))
            yield _Source(values, here)

    def _load(self, identity: str) -> Any:
        found, value = self.bench.memory.take(identity)
        if found:
            return value
        try:
            return self.bench.store.load(identity)
        except StoreError:  # it may be underway
            self.bench.store.flush()
            return self.bench.store.load(identity)

    # what is new

    def _run(self, once: Once, new: Sequence[bytes], first: Mapping[bytes, int]) -> None:
        done, size, saved = 0, _FIRST, time.perf_counter()
        while done < len(new):
            items = new[done : done + size]
            self.progress(done, len(new))
            started = time.perf_counter()
            values = self._part(once, [first[item] for item in items])
            took = time.perf_counter() - started
            self._made.append(_Source(values, {item: at for at, item in enumerate(items)}))
            done += len(items)
            self._unsaved += 1
            # no more than twice as many as were tried: the next ones may be slower
            size = max(1, min(int(len(items) * PART_SECONDS / max(took, 1e-6)), 2 * size, _MOST))
            if time.perf_counter() - saved > SAVE_SECONDS and done < len(new):
                self.save(self.bench.outside.facts(once.seen(), ())[0], time.perf_counter() - saved)
                saved = time.perf_counter()

    def _part(self, once: Once, positions: Sequence[int]) -> Mapping[str, Any]:
        return self._checked(once.run(take(self.input, positions)), len(positions))

    def _checked(self, values: Mapping[str, Any], wanted: int) -> Mapping[str, Any]:
        for output, value in values.items():
            try:
                given = count(value)
            except NotItemwise as problem:
                raise HelixError(f"--map: '{output}' {problem}. Give a list with one entry for each item.") from None
            if given != wanted:
                asked = f"{wanted} of '{self.declaration.map}'"
                raise HelixError(f"--map: '{output}' has {given} items for {asked}. Give one for each.")
        return values

    def _whole(self, sources: Sequence[_Source]) -> dict[str, Any]:
        outputs = {}
        for output in self.declaration.outputs:
            pieces: list[Piece] = []
            for source in sources:
                into = [at for at, item in enumerate(self._items) if item in source.places]
                pieces.append((source.values[output], [source.places[self._items[at]] for at in into], into))
            try:
                outputs[output] = put_together(pieces, self.input)
            except NotItemwise as problem:
                raise HelixError(f"--map: '{output}' {problem}. Give the same type for all items.") from None
        return outputs

    # recording

    def record(self, result: Result) -> None:
        """Take down which items a finished node's values are made of."""
        key = self._key
        if key is None or not result.reusable or not self._items:
            return
        outputs = {output.name: output.digest for output in result.outputs}
        row = ItemRow(key, result.workflow, result.node, self._items, outputs, result.seconds, result.outside)
        self.bench.store.add_items(row)

    def save(self, facts: tuple[OutsideFact, ...], seconds: float) -> int:
        """Store what was made and is not stored yet, under the facts that it rests on; gives how many items."""
        if not self._unsaved:
            return 0
        made, self._unsaved = self._made[-self._unsaved :], 0
        store, node, workflow, key = self.bench.store, self.declaration.node, self.bench.workflow, self._key
        on_disk = self.bench.settings["policy"] not in _ON_DISK_NOTHING and node not in store.never_stored(workflow)
        if key is None or self.declaration.volatile or not on_disk:
            return 0
        items = tuple(item for source in made for item in source.places)
        outputs: dict[str, str] = {}
        for output in self.declaration.outputs:
            at, pieces = 0, []
            for source in made:
                pieces.append((source.values[output], range(len(source.places)), range(at, at + len(source.places))))
                at += len(source.places)
            try:
                value = put_together(pieces, self.input)
                outputs[output] = digest(value, ordered=True)
                store.write(outputs[output], prepare(value), worth_seconds=seconds, node=node, workflow=workflow)
            except (NotItemwise, Undigestable, Unpicklable):
                return 0
        store.add_items(ItemRow(key, workflow, node, items, outputs, seconds, facts))
        return len(items)

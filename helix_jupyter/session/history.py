"""The versions of one workflow: written, read (lazily), collected."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Any

from helix_jupyter.errors import StoreError, UnknownOption, UnknownVersion, listing
from helix_jupyter.plan.trace import Step
from helix_jupyter.plan.types import State
from helix_jupyter.session.steps import step_of
from helix_jupyter.store.store import Store
from helix_jupyter.store.types import GcReport
from helix_jupyter.version.codec import LazySequence, decode, encode
from helix_jupyter.version.types import Capture, NodeRecord, Version

# what another kernel may have changed of a version since it was read
_SAID_LATER: Mapping[str, Any] = {"parent": None, "message": "", "tags": (), "note": ""}
# versions that are looked through for a value of a node
_FARTHEST = 20


class History:
    """Reads and writes the versions of ``workflow`` in ``store``."""

    def __init__(self, store: Store, workflow: str) -> None:
        self._store, self._workflow = store, workflow
        self._read: dict[int, Version] = {}
        self._records: dict[int, Mapping[str, NodeRecord]] = {}
        self._steps: dict[int, Step] = {}
        self.edits = 0
        """How often something was said of versions here, or some were deleted."""

    def newest_id(self) -> int | None:
        """The number of the newest version; None before the first."""
        return self._store.newest_version(self._workflow)

    def or_newest(self, number: int) -> int | None:
        """This version's number if it is there, else the newest one's."""
        return number if any(number == one for one, *_ in self.index()) else self.newest_id()

    def all(self) -> Sequence[Version]:
        """All versions, oldest first; each is made when it is first looked at."""
        return LazySequence(self._store.versions(self._workflow), lambda row: self._decoded(*row))

    def index(self) -> list[tuple[int, int | None, int]]:
        """``(number, parent, mark)`` of every version, oldest first; the mark changes with what is said of it."""
        return self._store.version_index(self._workflow)

    def between(self, first: int, last: int) -> list[Version]:
        """The versions from ``first`` to ``last``, oldest first; no other is read."""
        return [self._decoded(*row) for row in self._store.versions_between(self._workflow, first, last)]

    def version(self, wanted: int | str | None) -> Version:
        """One version: by its number, or the newest with this tag.

        Raises
        ------
        UnknownVersion
        """
        if wanted is None:
            raise UnknownVersion(wanted, [version.id for version in self.all()])
        number = self._tagged(wanted) if isinstance(wanted, str) else wanted
        if number not in self._read:
            self._read[number] = self._decoded(number, self._store.version_summary(self._workflow, number))
        return self._read[number]

    def _tagged(self, tag: str) -> int:
        listed = self.all()
        found = next((version.id for version in reversed(listed) if tag in version.tags), None)
        if found is None:
            tags = dict.fromkeys(tag for version in listed for tag in version.tags)
            raise UnknownVersion(tag, [version.id for version in listed], tags)
        return found

    def records(self, number: int | None) -> Mapping[str, NodeRecord]:
        """What is known of each node at a version; none for None.

        A node that the version's run left without a value is told by the version before it that has one: what changed
        since then is why it is to run. Where none has one, by the newest in which it began.
        """
        if number is None:
            return {}
        if number not in self._records:
            self._records[number] = self._with_earlier(number)
        return self._records[number]

    def _with_earlier(self, number: int) -> Mapping[str, NodeRecord]:
        version = self._version_or_none(number)
        if version is None:
            return {}
        found = dict(version.nodes)
        missing = {node for node, record in found.items() if not record.outputs and record.outcome != "failed"}
        for _ in range(_FARTHEST):
            if not missing or version.parent is None:
                break
            if version.parent in self._records:
                found |= _telling_more(self._records[version.parent], found, missing)
                break
            version = self._version_or_none(version.parent)
            if version is None:
                break
            here = _telling_more(version.nodes, found, missing)
            found |= here
            missing -= {node for node, record in here.items() if record.outputs}
        return found

    def captures(self, number: int | None, node: str) -> Mapping[str, Capture]:
        """What the version captured that ``records`` has the node from."""
        told = self.records(number).get(node)
        version = None if number is None or told is None else self._version_or_none(number)
        for _ in range(_FARTHEST):
            if version is None or version.nodes.get(node) is told:
                break
            version = None if version.parent is None else self._version_or_none(version.parent)
        return version.captures if version is not None else {}

    def _version_or_none(self, number: int) -> Version | None:
        try:
            return self.version(number)
        except UnknownVersion:  # deleted by gc, perhaps from another kernel
            return None

    def add(self, version: Version, warn: Callable[[str], None]) -> Version:
        """Write a version and give it with its number; 0 where the store could not take it."""
        summary, payload = encode(version)
        try:
            number = self._store.add_version(self._workflow, summary, payload)
        except StoreError as problem:
            warn(f"The version could not be recorded: {problem}")
            return version
        numbered = replace(version, id=number)
        self._read[number] = numbered
        return numbered

    def annotate(
        self, number: int, message: str | None, tags: Sequence[str], untag: Sequence[str], note: str | None
    ) -> Version:
        """Say something of a version afterwards: see ``Session.annotate``."""
        version = self.current(number)
        for tag in tags:
            if tag.isdecimal():
                raise UnknownOption(f"'{tag}' would be taken for a version's number. Choose a tag with a letter in it.")
        for tag in untag:
            if tag not in version.tags:
                raise UnknownOption(f"Version {number} has no tag '{tag}'. Its tags: {listing(version.tags)}.")
        kept = [tag for tag in dict.fromkeys((*version.tags, *tags)) if tag not in untag]
        changes: dict[str, object] = {"tags": kept or None}
        changes |= {} if message is None else {"message": message}
        changes |= {} if note is None else {"note": note or None}
        self._store.annotate_version(self._workflow, number, changes)
        self.edits += 1
        return self.current(number)

    def delete(self, numbers: Sequence[int]) -> None:
        """Delete versions: see ``Session.delete_versions``."""
        for number in numbers:
            self.current(number)
        self._store.delete_versions(self._workflow, numbers)
        self.forget()

    def forget(self) -> None:
        """Read all anew when it is asked for: versions were deleted or numbered otherwise."""
        self.edits += 1
        self._read.clear()
        self._records.clear()
        self._steps.clear()

    def current(self, number: int) -> Version:
        """One version as it is said to be now, by whatever kernel; raises ``UnknownVersion``."""
        summary = self._store.version_summary(self._workflow, number)
        self._read[number] = self._decoded(number, summary)
        return self._read[number]

    def metrics_of(self, key: str) -> Mapping[str, float] | None:
        """The metrics that the node of this key gave, from the newest version that has them."""
        for version in reversed(self.all()):
            for record in version.nodes.values():
                if record.key == key:
                    return _given(version, record)
        return None

    def steps(self, nodes: float = math.inf) -> tuple[Step, ...]:
        """The newest versions that were done, as iterations, oldest first: one, and more up to ``nodes`` nodes in all.

        A failed version's edits count for the one after it.
        """
        done = [version for version in self.all() if version.status == "done" and version.targets]
        found: list[Step] = []
        for at in range(len(done) - 1, -1, -1):
            version = done[at]
            if version.id not in self._steps:
                self._steps[version.id] = step_of(version, done[at - 1].nodes if at else {})
            nodes -= len(self._steps[version.id].nodes)
            if found and nodes < 0:
                break
            found.append(self._steps[version.id])
        return tuple(reversed(found))

    def collect(self, keep_last: int | None, older_than: float | None, dry_run: bool, current: int | None) -> GcReport:
        """Delete versions and the artifacts that no version left refers to."""
        kept = {version.id for version in self.all() if version.tags or version.note or version.id == current}
        report = self._store.collect(
            self._workflow,
            needed=self._digests_of,
            keep_last=keep_last,
            older_than_seconds=older_than,
            dry_run=dry_run,
            kept=kept,
        )
        if report.versions and not report.dry_run:
            self.forget()
        return report

    def _digests_of(self, number: int) -> frozenset[str]:
        version = self.version(number)
        outputs = {output.digest for record in version.nodes.values() for output in record.outputs}
        captured = {capture.digest for capture in version.captures.values()}
        return frozenset(outputs | captured | {source.digest for source in version.sources.values()})

    def _decoded(self, number: int, summary: Mapping[str, Any]) -> Version:
        def payload() -> list[bytes]:
            return self._store.version_payload(self._workflow, number)

        read = self._read.get(number)
        if read is None:
            return decode(number, self._workflow, summary, payload)
        said = {name: summary.get(name, missing) for name, missing in _SAID_LATER.items()}
        said["tags"] = tuple(said["tags"])
        if all(getattr(read, name) == value for name, value in said.items()):
            return read
        return replace(read, **said)


def _given(version: Version, record: NodeRecord) -> Mapping[str, float]:
    """The metrics of one node; of a version that did not record whose they are only where no other node gave any."""
    if not record.metrics:
        is_alone = sum(bool(one.options.get("metrics")) for one in version.nodes.values()) == 1
        return version.metrics if is_alone else {}
    names = {name: f"{record.node}.{name}" for name in record.metrics}
    return {name: version.metrics[full if full in version.metrics else name] for name, full in names.items()}


def _telling_more(
    earlier: Mapping[str, NodeRecord], found: Mapping[str, NodeRecord], nodes: AbstractSet[str]
) -> dict[str, NodeRecord]:
    """Of ``nodes``, the earlier records with a value, and those of nodes that did not run since."""
    records = {node: earlier[node] for node in nodes & earlier.keys()}
    return {node: one for node, one in records.items() if one.outputs or found[node].state is State.PRUNE}

"""The versions of one workflow: written, read (lazily), collected."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace

from helix_jupyter.errors import StoreError, UnknownVersion
from helix_jupyter.plan.trace import Step
from helix_jupyter.session.steps import step_of
from helix_jupyter.store.store import Store
from helix_jupyter.store.types import GcReport
from helix_jupyter.version.codec import decode, encode
from helix_jupyter.version.types import NodeRecord, Version


class History:
    """Reads and writes the versions of ``workflow`` in ``store``."""

    def __init__(self, store: Store, workflow: str) -> None:
        self._store, self._workflow = store, workflow
        self._read: dict[int, Version] = {}
        self._steps: dict[int, Step] = {}

    def newest_id(self) -> int | None:
        """The number of the newest version; None before the first."""
        rows = self._store.versions(self._workflow)
        return rows[-1][0] if rows else None

    def all(self) -> tuple[Version, ...]:
        """All versions, oldest first."""
        return tuple(self._decoded(number, summary) for number, summary in self._store.versions(self._workflow))

    def version(self, number: int | None) -> Version:
        """One version.

        Raises
        ------
        UnknownVersion
        """
        if number in self._read:
            return self._read[number]
        found = {version.id: version for version in self.all()}
        if number not in found:
            raise UnknownVersion(number, list(found))
        self._read[number] = found[number]
        return found[number]

    def records(self, number: int | None) -> Mapping[str, NodeRecord]:
        """The node records of a version; none for None."""
        if number is None:
            return {}
        try:
            return self.version(number).nodes
        except UnknownVersion:  # deleted by gc, perhaps from another kernel
            return {}

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

    def metrics_of(self, key: str) -> Mapping[str, float] | None:
        """The metrics that the node of this key gave, from the newest version that has them."""
        for version in reversed(self.all()):
            if any(record.key == key for record in version.nodes.values()):
                return version.metrics
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

    def collect(self, keep_last: int | None, older_than: float | None, dry_run: bool) -> GcReport:
        """Delete versions and the artifacts that no version left refers to."""
        return self._store.collect(
            self._workflow,
            needed=self._digests_of,
            keep_last=keep_last,
            older_than_seconds=older_than,
            dry_run=dry_run,
        )

    def _digests_of(self, number: int) -> frozenset[str]:
        version = self.version(number)
        outputs = {output.digest for record in version.nodes.values() for output in record.outputs}
        return frozenset(outputs | {capture.digest for capture in version.captures.values()})

    def _decoded(self, number: int, summary: Mapping[str, object]) -> Version:
        def payload() -> bytes:
            return self._store.version_payload(self._workflow, number)

        return self._read.get(number) or decode(number, self._workflow, summary, payload)

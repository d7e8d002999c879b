"""The values that the store hands out. Reads nothing, decides nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from helix_jupyter.plan.forecast import Measured


@dataclass(frozen=True)
class ArtifactFact:
    """What is known of one stored artifact without opening it.

    Attributes
    ----------
    digest
        The name that it is stored under.
    bytes
        How large it is, in bytes, whatever it shares with others.
    worth_seconds
        Seconds that computing the value again would take.
    load_seconds
        Seconds that loading it takes: an estimate at first, which each measurement corrects by half.
    last_used, created
        Seconds since the epoch, UTC.
    node, workflow
        Who wrote it first.
    kind
        ``output`` or ``console``.
    disk_bytes
        Its part of what is used: its own file, and of each buffer its part among all that use it (rounded down). All
        parts together are what is used; evicting this artifact alone may free less.
    """

    digest: str
    bytes: int
    worth_seconds: float
    load_seconds: float
    last_used: float
    created: float
    node: str
    workflow: str
    kind: str
    disk_bytes: int = 0


@dataclass(frozen=True)
class OutputFact:
    """One output that a computation gave; ``bytes`` is its size when pickled (0: unknown).

    ``modules`` are the top-level modules that its types come from: whoever reads the value runs their code.
    """

    name: str
    digest: str
    by_content: bool
    bytes: int = 0
    summary: str = ""
    modules: tuple[str, ...] = ()


@dataclass(frozen=True)
class OutsideFact:
    """One thing outside the notebook that a computation depended on or did.

    ``kind`` is ``file`` (``name`` is its path, ``digest`` that of its content) or one of the kinds of
    ``session.outside``. ``names`` is what a folder held, so that it can be told what came and went; None of anything
    else, of a folder that holds much, and where an earlier release wrote it.
    """

    name: str
    digest: str
    kind: str = "file"
    names: tuple[str, ...] | None = field(default=None, compare=False)

    @property
    def row(self) -> tuple[object, ...]:
        """As it is stored."""
        plain = (self.name, self.digest, self.kind)
        return plain if self.names is None else (*plain, self.names)

    @classmethod
    def of(cls, row: Sequence[Any]) -> OutsideFact:
        """What was stored so."""
        return cls(*row[:3], *map(tuple, row[3:]))


@dataclass(frozen=True)
class Result:
    """What computing a key gave: a verifying trace.

    One key may have several, which differ in ``outside`` (Mokhov, Mitchell, Peyton Jones, "Build Systems a la
    Carte", JFP 2020, section 4.2.2).

    Attributes
    ----------
    seconds
        Compute time in seconds.
    created
        Seconds since the epoch, UTC.
    console
        Digest of the artifact that holds the captured output, if any was captured.
    reusable
        False where the values must not stand in for a new computation (volatile nodes); such a result still
        tells costs.
    """

    key: str
    workflow: str
    node: str
    outputs: tuple[OutputFact, ...]
    seconds: float
    created: float
    console: str | None = None
    outside: tuple[OutsideFact, ...] = ()
    reusable: bool = True

    @property
    def bytes(self) -> int:
        """Size of all outputs together in bytes."""
        return sum(output.bytes for output in self.outputs)


@dataclass(frozen=True)
class Cost:
    """The newest measurement of a node: compute time in seconds, size of its outputs in bytes.

    ``measured`` holds the newest measurements as text; it is parsed where somebody asks, which an unchanged run of a
    thousand nodes does for none.
    """

    seconds: float
    bytes: int
    measured: str = "[]"

    @cached_property
    def history(self) -> tuple[Measured, ...]:
        """The newest measurements, this one included, oldest first."""
        listed = json.loads(self.measured)  # without the code where an earlier release wrote it
        return tuple(Measured(seconds, bytes_read, key, *code) for seconds, bytes_read, _, key, *code in listed)

    @cached_property
    def sizes(self) -> Mapping[str, int]:
        """The size of each output in the newest, as far as it is known."""
        newest = json.loads(self.measured)[-1:]
        return dict(newest[0][2]) if newest else {}


@dataclass(frozen=True)
class NodeShare:
    """One node's part in a garbage collection: artifacts, bytes that are freed, seconds to compute them again.

    What several artifacts share is counted once, and not at all if one of them stays.
    """

    artifacts: int
    bytes: int
    worth_seconds: float


@dataclass(frozen=True)
class GcReport:
    """What a garbage collection deletes, or would delete.

    Attributes
    ----------
    dry_run
        Nothing was deleted.
    versions
        ``{workflow: numbers}`` of the versions.
    artifacts
        The artifacts, largest first.
    nodes
        ``{(workflow, node): NodeShare}``.
    pinned
        Bytes that no version needs and that stay all the same, since their node is pinned.
    """

    dry_run: bool
    versions: Mapping[str, tuple[int, ...]]
    artifacts: tuple[ArtifactFact, ...]
    nodes: Mapping[tuple[str, str], NodeShare]
    pinned: int = 0

    @property
    def bytes(self) -> int:
        """Bytes that are freed."""
        return sum(share.bytes for share in self.nodes.values())

    @property
    def worth_seconds(self) -> float:
        """Seconds that computing all of it again would take."""
        return sum(artifact.worth_seconds for artifact in self.artifacts)

"""The record of one iteration, as frozen values that turn into JSON and back without loss."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

from helix_jupyter.fingerprint.types import Part
from helix_jupyter.plan.types import State

# how the reason of a node begins whose turn did not come
NOT_REACHED = "not reached"
# what is recorded as the error of a node that was interrupted
INTERRUPTED = "interrupted before it was done"


class OutputRecord(NamedTuple):
    """One output of one node in one version.

    ``digest`` is the digest of its content, or of its provenance where the content has none (``by_content``
    false). ``bytes`` is its size when pickled (0: unknown), ``summary`` a line for people (``DataFrame 32561
    x 15``).
    """

    name: str
    digest: str
    by_content: bool
    bytes: int = 0
    summary: str = ""


@dataclass(frozen=True)
class Capture:
    """One thing of the notebook that nodes used, as it is brought back by ``checkout``, ``reproduce`` and
    ``export``.

    ``form`` is ``import`` (``text`` is the statement), ``source`` (``text`` defines it), ``literal``
    (``text`` is the expression), ``artifact`` (``digest`` names the stored value) or ``absent`` (``text``
    says why it was not kept).
    """

    name: str
    form: str
    text: str = ""
    digest: str = ""


@dataclass(frozen=True)
class Source:
    """One local module that nodes used: its file as it is told by Python's import (``pkg/__init__.py``), and the
    digest under which its text is stored."""

    module: str
    file: str
    digest: str


@dataclass(frozen=True)
class NodeRecord:
    """What one node was and did in one version.

    ``seconds`` is what this run spent on it (compute or load), ``compute_seconds`` what computing it took
    when its value was made, in this run or an earlier one. ``error`` is the one-line message where it failed.
    ``inputs`` maps each name that it read from other nodes to the node that gave it. ``code`` is the plain
    Python that ran. ``place`` is the node's place among the declarations, ``captures`` the names that it used
    of the notebook. ``console`` is the digest of what it printed and showed, empty where that was nothing.
    ``accepted``: ``%helix accept`` said that this code gives what an earlier one gave. ``offset`` is the number of
    lines of the cell above the code (the magic line): people count the cell's own lines. ``metrics`` are the names that
    it gave numbers under, where it is a metric node.
    """

    node: str
    outputs: tuple[OutputRecord, ...]
    source: str
    normalised: str
    state: State
    reason: str = ""
    seconds: float = 0.0
    compute_seconds: float = 0.0
    bytes: int = 0
    key: str | None = None
    parts: tuple[Part, ...] = ()
    inputs: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    options: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    error: str = ""
    code: str = ""
    place: int = 0
    captures: tuple[str, ...] = ()
    console: str = ""
    accepted: bool = False
    offset: int = 0
    metrics: tuple[str, ...] = ()

    @property
    def outcome(self) -> str:
        """What became of the node: its state, or ``failed`` or ``interrupted``."""
        if self.error:
            return "interrupted" if self.error == INTERRUPTED else "failed"
        # versions of before this was recorded: what was computed to its end gave something
        is_open = self.state is State.COMPUTE and not self.outputs
        return "interrupted" if is_open else self.state.value


@dataclass(frozen=True)
class AuditRow:
    """One node that was computed again to compare. ``outcome`` is ``same``, ``different`` or ``not compared``;
    ``detail`` says which outputs differ and what that may come from, or why nothing was compared."""

    node: str
    outcome: str
    detail: str = ""


@dataclass(frozen=True)
class Audit:
    """What an audit found. ``share`` of the nodes that would have been reused were drawn under ``seed``."""

    share: float
    seed: int
    rows: tuple[AuditRow, ...] = ()

    def named(self, outcome: str) -> tuple[str, ...]:
        """The nodes with this outcome."""
        return tuple(row.node for row in self.rows if row.outcome == outcome)


@dataclass(frozen=True, repr=False)
class Version:
    """One iteration and what it left behind.

    Attributes
    ----------
    id
        Number within the workflow, from 1.
    parent
        The version that this one was made from (the one before, or the one checked out); None for the first.
    status
        ``"done"``, ``"failed"`` or ``"interrupted"``.
    created
        Seconds since the epoch, UTC.
    seconds
        Wall time of the run. ``full_seconds`` is the sum of compute seconds of all its nodes: what a run of
        everything would have taken, as measured when each was computed.
    metrics
        ``{"accuracy": 0.84}``; two nodes that give one name are told apart as ``node.name``.
    packages
        Distribution versions of what the nodes used, by the names that they are imported under, and ``python``.
    captures
        The notebook's functions, classes, constants and imports that the nodes used, by name.
    audit
        What computing a share of the reused nodes again found; None where none was asked for.
    sources
        The local modules that the nodes used, by name.
    directions
        ``{"gini": "higher"}``: which way metrics are better, as declared (``--higher``, ``--lower``).
    tags
        Names that were given to it afterwards.
    note
        What was said of it afterwards.
    recorded_counts
        What ``count`` answers without looking at the nodes; set by ``codec.decode``, so that a list of versions
        reads no node. None: found from the nodes.
    recorded_full_seconds
        The same for ``full_seconds``.
    """

    id: int
    workflow: str
    parent: int | None
    message: str
    created: float
    status: str
    seconds: float
    nodes: Mapping[str, NodeRecord]
    targets: tuple[str, ...] = ()
    metrics: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    packages: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    captures: Mapping[str, Capture] = field(default_factory=lambda: MappingProxyType({}))
    sources: Mapping[str, Source] = field(default_factory=lambda: MappingProxyType({}))
    error: str = ""
    audit: Audit | None = None
    directions: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    tags: tuple[str, ...] = ()
    note: str = ""
    recorded_counts: Mapping[State, int] | None = field(default=None, compare=False, repr=False)
    recorded_full_seconds: float | None = field(default=None, compare=False, repr=False)

    @property
    def states(self) -> Mapping[str, State]:
        """``{node: State}`` in topological order."""
        return MappingProxyType({name: record.state for name, record in self.nodes.items()})

    @property
    def full_seconds(self) -> float:
        """Compute seconds of all nodes together, in seconds."""
        if self.recorded_full_seconds is not None:
            return self.recorded_full_seconds
        return sum(record.compute_seconds for record in self.nodes.values())

    def __repr__(self) -> str:
        # a line: the records of all nodes would fill pages; the views have the long forms
        counts = ", ".join(f"{self.count(state)} {state}" for state in State if self.count(state))
        said = f" {self.message!r}" if self.message else ""
        return f"<Version {self.id}{said} {self.status}: {counts or 'no nodes'}, {self.seconds:.3g} s>"

    def count(self, state: State) -> int:
        """How many nodes were in ``state``."""
        if self.recorded_counts is not None:
            return self.recorded_counts.get(state, 0)
        return sum(record.state is state for record in self.nodes.values())

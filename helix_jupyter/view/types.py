"""Answers to a user's questions that no lower layer has a value for, ready to be shown.

Frozen; each prints as its text form (``view.text``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from helix_jupyter.plan.types import State
from helix_jupyter.version.types import Version


class Printed:
    """Gives its text form as ``str`` and ``repr``, its HTML to notebooks."""

    def __str__(self) -> str:
        from helix_jupyter.view.render import as_text

        return as_text(self)

    def __repr__(self) -> str:
        return str(self)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        from helix_jupyter.view.render import mimebundle

        return mimebundle(self)


@dataclass(frozen=True, repr=False)
class StatusRow:
    """One node as it stands. ``seconds`` is predicted, ``bytes`` as last seen (0: never); ``fresh``: its value is
    current; ``keeping``: ``pinned``, ``never stored``, or empty where the policy decides."""

    node: str
    state: State
    reason: str
    seconds: float
    bytes: int
    fresh: bool
    keeping: str = ""

    @property
    def ran(self) -> bool:
        """Whether it ever gave a value; where it did not, ``seconds`` is but a guess."""
        return self.fresh or self.bytes > 0

    @property
    def value(self) -> str:
        """``fresh``, ``stale``, or ``none`` where there never was a value."""
        return "fresh" if self.fresh else "stale" if self.ran else "none"


@dataclass(frozen=True, repr=False)
class Status(Printed):
    """The workflow as it stands, in topological order."""

    rows: tuple[StatusRow, ...]

    def __iter__(self) -> Iterator[StatusRow]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, node: str) -> StatusRow:
        return {row.node: row for row in self.rows}[node]


@dataclass(frozen=True, repr=False)
class Card(Printed):
    """What a declaration answers with, one line.

    ``change`` says what is new about the node (``new``, ``code edited``), ``action`` what a run would do with
    it, in words; ``state`` colours that where it is known. ``note`` warns of a name that the notebook gives another
    meaning.
    """

    node: str
    outputs: tuple[str, ...]
    inputs: tuple[str, ...]
    change: str
    action: str
    state: State | None = None
    note: str = ""


@dataclass(frozen=True, repr=False)
class Why(Printed):
    """Every reason that a node would run or not, most specific first."""

    node: str
    state: State
    reasons: tuple[str, ...]


@dataclass(frozen=True, repr=False)
class Setting:
    """One setting and where its value comes from (``default``, ``environment``, ``.helix/config.toml``)."""

    key: str
    value: object
    origin: str


@dataclass(frozen=True, repr=False)
class Config(Printed):
    """All settings."""

    settings: tuple[Setting, ...]

    def __iter__(self) -> Iterator[Setting]:
        return iter(self.settings)

    def __getitem__(self, key: str) -> object:
        return {setting.key: setting.value for setting in self.settings}[key]


@dataclass(frozen=True, repr=False)
class ReproductionRow:
    """One output recomputed: the digest on record and the one that came out, empty where there is none.

    ``node`` is the label of the output: its node, and of several outputs its name as well (``pair.low``).
    """

    node: str
    expected: str
    got: str
    same: bool
    reason: str = ""


@dataclass(frozen=True, repr=False)
class Reproduction(Printed):
    """A version recomputed from what was recorded: its outputs, and of each node whether all of its own came out the
    same. ``first_difference`` is the label of the first output that came out otherwise."""

    version: int
    rows: tuple[ReproductionRow, ...]
    nodes: Mapping[str, bool]
    first_difference: str | None = None

    @property
    def same(self) -> bool:
        """Whether every node came out the same."""
        return all(row.same for row in self.rows)


@dataclass(frozen=True, repr=False)
class VersionList(Printed, Sequence[Version]):
    """Versions in order of their numbers; shown newest first, the newest ``limit`` of them."""

    versions: Sequence[Version]
    limit: int = 50

    def __len__(self) -> int:
        return len(self.versions)

    def __getitem__(self, place: Any) -> Any:
        return self.versions[place]

    @property
    def newest(self) -> Sequence[Version]:
        """The versions that are shown, newest first."""
        return self.versions[::-1][: self.limit]


@dataclass(frozen=True, repr=False)
class Dag(Printed):
    """A workflow as one JSON snapshot (``view.snapshot``), to be drawn.

    ``live`` opens a widget that draws it and gives what an output needs to show it; nothing where none can be shown.
    """

    snapshot: Mapping[str, Any]
    live: Callable[[Mapping[str, Any]], Mapping[str, Any]] | None = field(default=None, compare=False)

    def _repr_mimebundle_(self, **rest: Any) -> dict[str, Any]:
        # the static forms stay beside the widget: a saved notebook has no kernel that it could ask
        return {**super()._repr_mimebundle_(**rest), **(self.live(self.snapshot) if self.live else {})}

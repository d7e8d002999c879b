"""What versions are called in a folder when those of a kernel come to it: other kernels give out numbers as well."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Numbering:
    """What versions are called in the folder that were numbered in memory: other kernels give out numbers as well.

    Attributes
    ----------
    shared
        ``{workflow: number}`` given out last when the ways parted; up to it every version keeps its number.
    made
        The same in memory.
    taken
        The same in the folder, before what was made in memory comes behind it.
    """

    shared: Mapping[str, int] = field(default_factory=dict)
    made: Mapping[str, int] = field(default_factory=dict)
    taken: Mapping[str, int] = field(default_factory=dict)

    def of(self, workflow: str, number: int) -> int:
        """What a version is called now."""
        shared = self.shared.get(workflow, 0)
        return number if number <= shared else number - shared + self.taken.get(workflow, 0)

    def with_parent(self, workflow: str, summary: Mapping[str, Any]) -> Mapping[str, Any]:
        """A version's summary that names its parent as it is called now."""
        parent = summary.get("parent")
        return {**summary, "parent": self.of(workflow, parent)} if isinstance(parent, int) else summary

    def told(self) -> list[str]:
        """A line for each workflow of which versions have other numbers now."""
        lines = []
        for workflow, last in self.made.items():
            first = self.shared.get(workflow, 0) + 1
            if first <= last and self.of(workflow, last) != last:
                then, now = _named(first, last), _named(self.of(workflow, first), self.of(workflow, last))
                are = "is" if first == last else "are"
                lines.append(
                    f"Another kernel has recorded versions of '{workflow}' meanwhile: "
                    f"this kernel's {then} {are} {now} now."
                )
        return lines


def _named(first: int, last: int) -> str:
    return f"{first}" if first == last else f"{first} to {last}"

"""What an edit script is: iterations of one workflow, each an edit of one cell.

DPR is data preparation, L/I learning and inference, PPR post-processing (Xin et al., PVLDB 12(4), 2018).
The paper draws a kind and then an operator at random; these are fixed, so that two runs measure the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from benchmarks.kernel import ROOT
from benchmarks.workflow import Workflow, read_workflow

KINDS = ("DPR", "L/I", "PPR")


@dataclass(frozen=True)
class Edit:
    """One edit of one cell: ``old`` becomes ``new`` in the body of ``node``."""

    kind: str
    description: str
    node: str
    old: str
    new: str


@dataclass(frozen=True)
class Script:
    """The first version of a workflow (None) and its edits; ``scale`` makes the tutorial's size the benchmark's."""

    name: str
    iterations: tuple[Edit | None, ...]
    scale: tuple[str, str] | None = None

    @property
    def notebook(self) -> Path:
        """The tutorial that holds the workflow."""
        return ROOT / "notebooks" / f"{self.name}.ipynb"

    def workflow(self) -> Workflow:
        """The workflow of the tutorial, in its size."""
        return read_workflow(self.notebook)

    def scaled(self, workflow: Workflow) -> Workflow:
        """The same in the benchmark's size."""
        return workflow.with_setup(*self.scale) if self.scale else workflow

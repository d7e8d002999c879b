"""An ordinary notebook to one with ``%%helix`` lines: reads a notebook as plain data, returns `Adopted`. Runs nothing.

    notebook -> pieces of cells -> effects of each -> verdict (node or plain, what is joined) -> outputs -> new cells

Whatever the text leaves open is taken for the worse: a cell that might not mean the same as a node stays plain.
"""

from helix_jupyter.adopt.adopting import adopt
from helix_jupyter.adopt.document import document
from helix_jupyter.adopt.percent import from_percent, to_percent
from helix_jupyter.adopt.preview import preview, report
from helix_jupyter.adopt.types import Adopted, CellReport

__all__ = ["Adopted", "CellReport", "adopt", "document", "from_percent", "preview", "report", "to_percent"]

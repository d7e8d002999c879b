"""The tutorials, executed anew from top to bottom in an empty folder, written back with their outputs.

    python -m benchmarks.notebooks [NAME ...]

Do it on a quiet machine: what readers see are these seconds. Nothing of the machine but them goes into the files; the
run fails where a cell does, or where an output names a folder of the machine.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from benchmarks.kernel import ROOT
from benchmarks.scripts import SCRIPTS
from helix_jupyter.datasets import data_folder

SECONDS = 1200


def main() -> int:
    """Execute what the command line names; 0 if every cell of all of them ran."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(SCRIPTS)}; all if none is named")
    names = parser.parse_args().names
    if unknown := [name for name in names if name not in SCRIPTS]:
        parser.error(f"there is no tutorial {', '.join(unknown)}")
    for name in names or SCRIPTS:
        path = SCRIPTS[name].notebook
        text = executed(path)
        path.write_text(text, encoding="utf-8")
        print(f"{path.relative_to(ROOT)}: {len(text) / 1e3:.0f} kB", flush=True)
    return 0


def executed(path: Path) -> str:
    """The notebook's text with the outputs of a fresh kernel, which works in an empty folder.

    Raises
    ------
    nbclient.exceptions.CellExecutionError
        A cell fails.
    ValueError
        An output names the folder of the run or of the data.
    """
    with tempfile.TemporaryDirectory(prefix="helix-tutorial-", ignore_cleanup_errors=True) as folder:
        copy = Path(shutil.copy(path, folder))
        notebook = nbformat.read(copy, 4)
        NotebookClient(notebook, timeout=SECONDS, resources={"metadata": {"path": folder}}).execute()
        for cell in notebook.cells:
            cell.metadata.pop("execution", None)
        notebook.metadata.pop("widgets", None)
        text = nbformat.writes(notebook) + "\n"
        for private in (folder, str(data_folder())):
            if private in text:
                raise ValueError(f"{path.name}: an output names {private}")
    return text


if __name__ == "__main__":
    sys.exit(main())

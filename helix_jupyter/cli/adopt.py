"""``helix-jupyter adopt``: an ordinary notebook or script gets ``%%helix`` lines, with a report and a diff."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from helix_jupyter.errors import CannotAdopt, CannotWrite


def add_to(commands: Any) -> None:
    """Add the command to a parser's subcommands."""
    parser = commands.add_parser(
        "adopt",
        help="put %%%%helix lines on the cells of an ordinary notebook",
        description="Analyse an ordinary notebook (or a script in # %% form) and put %%helix lines on the cells that "
        "should be nodes. Says cell by cell what was done and why. Runs nothing; without -o it only shows the changes.",
    )
    parser.add_argument("notebook", type=Path, metavar="IN", help="a notebook, or a .py script in # %%%% form")
    parser.add_argument("-o", "--output", type=Path, metavar="OUT", help="where to write the adopted notebook")
    parser.add_argument("--in-place", action="store_true", help="write it over the original")
    parser.add_argument("--diff", action="store_true", help="show the changes as a diff, too")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Carry out the command; raises ``HelixError`` where it cannot be done as asked."""
    from helix_jupyter.adopt import adopt, preview, report

    target = _target(chosen)
    adopted = adopt(read_notebook(chosen.notebook))
    print(report(adopted))
    if chosen.diff or target is None:
        print()
        print(preview(adopted, chosen.notebook.name), end="")
    if target is None:
        print("nothing was written: -o OUT writes the notebook.")
        return 0
    write_notebook(target, adopted.notebook)
    print(f"written: {target}")
    return 0


def _target(chosen: argparse.Namespace) -> Path | None:
    source: Path = chosen.notebook
    target: Path | None = source if chosen.in_place else chosen.output
    if target is None:
        return None
    if chosen.in_place and chosen.output is not None:
        raise CannotAdopt("--in-place and -o name two places. Leave one out.")
    same = target.exists() and source.exists() and target.samefile(source)
    if same and not chosen.in_place:
        raise CannotAdopt(f"{target} is the original. Name another file, or say --in-place to write over it.")
    if target.suffix != ".ipynb":
        raise CannotAdopt(
            f"An adopted notebook is an .ipynb file, which {target.name} is not. Name another: -o OUT.ipynb."
        )
    return target


def read_notebook(path: Path) -> Mapping[str, Any]:
    """The notebook in a file, or what a ``.py`` script in ``# %%`` form is as one.

    Raises
    ------
    CannotAdopt
        There is no such file, or it is neither.
    """
    from helix_jupyter.adopt import from_percent

    try:
        text = path.read_text(encoding="utf-8")
    except OSError as problem:
        raise CannotAdopt(f"{path} cannot be read ({problem.strerror}). Name a notebook.") from problem
    except UnicodeDecodeError as problem:
        raise CannotAdopt(f"{path} is no text, so no notebook. Name a notebook.") from problem
    if path.suffix == ".py":
        return from_percent(text)
    try:
        notebook = json.loads(text)
    except ValueError as problem:
        raise CannotAdopt(
            f"{path} is no notebook (no JSON). Name a notebook, or a script that ends in .py."
        ) from problem
    if not isinstance(notebook, dict):
        raise CannotAdopt(f"{path} is no notebook (its JSON is no object). Name a notebook.")
    return notebook


def write_notebook(path: Path, notebook: Mapping[str, Any]) -> None:
    """Write a notebook as Jupyter does.

    Raises
    ------
    CannotWrite
    """
    try:
        path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as problem:
        raise CannotWrite(str(path), problem.strerror or str(problem)) from problem

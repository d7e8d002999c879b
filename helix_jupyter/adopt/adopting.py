"""``adopt``: composes the stages, and refuses what cannot be adopted."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

from helix_jupyter.adopt.calls import by_text
from helix_jupyter.adopt.composing import compose, source_of
from helix_jupyter.adopt.deciding import decide
from helix_jupyter.adopt.effects import surroundings_of
from helix_jupyter.adopt.functions import functions_of
from helix_jupyter.adopt.outputs import declared
from helix_jupyter.adopt.percent import to_percent
from helix_jupyter.adopt.pieces import imports_of, plain_python, units_of
from helix_jupyter.adopt.tracing import Surroundings
from helix_jupyter.adopt.types import Adopted, CellReport, Kind, Unit
from helix_jupyter.cell.analyse import analyse
from helix_jupyter.cell.options import parse_cell_comment
from helix_jupyter.cell.syntax import parse
from helix_jupyter.errors import CannotAdopt, CellSyntaxError

_DECLARES = re.compile(r"\s*%%helix\b")
_TIME = re.compile(r"\A\s*%%time[ \t]*\n")
_ERRORS = "is expected to fail"
_SHOWN_BEFORE = re.compile(r"_+|_i+|_i?\d+|In|Out")


def adopt(notebook: Mapping[str, Any]) -> Adopted:
    """Put ``%%helix`` lines on the cells that should be nodes.

    Parameters
    ----------
    notebook
        The notebook as nbformat 4 has it (what ``json.load`` gives); it stays as it is.

    Returns
    -------
    Adopted
        The new notebook gives what the original gives, run from top to bottom in a fresh kernel. A notebook that has
        ``%%helix`` cells already comes back unchanged.

    Raises
    ------
    CannotAdopt
        It is no notebook of Python cells, a cell does not parse, or code reaches names in a way that its text does
        not tell; with the reason and the cell.
    """
    cells = checked(notebook)
    texts = [source_of(cell) for cell in cells if cell["cell_type"] == "code"]
    before = to_percent(notebook)
    if any(_DECLARES.match(text) or parse_cell_comment(text) for text in texts):
        reports = tuple(CellReport(number, "unchanged") for number, _ in enumerate(texts, 1))
        return Adopted(deepcopy(dict(notebook)), reports, before, before, changed=False)
    timed = frozenset(at for at, text in enumerate(texts) if _TIME.match(text))
    units, around = _read([_TIME.sub("", text) for text in texts])
    fixed = _fixed([cell for cell in cells if cell["cell_type"] == "code"])
    verdict = decide(units, around, fixed)
    if all(at in verdict.plain for at in range(len(verdict.units))):
        raise CannotAdopt(_nothing_left(verdict.units, verdict.plain))
    lines = declared(verdict)
    new_cells, reports = compose(cells, verdict, lines, timed)
    adopted = {**deepcopy(dict(notebook)), "cells": _with_ids(new_cells, notebook)}
    nodes = tuple(line.options for line in lines.values())
    return Adopted(adopted, reports, before, to_percent(adopted), nodes=nodes)


def checked(notebook: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """The cells of a notebook that can be read here.

    Raises
    ------
    CannotAdopt
    """
    if not isinstance(notebook, Mapping) or "nbformat" not in notebook:
        raise CannotAdopt("This is no notebook (it has no nbformat). Give a file that Jupyter wrote, or a .py script.")
    if notebook["nbformat"] != 4:
        raise CannotAdopt(
            f"The notebook has nbformat {notebook['nbformat']}; 4 is read here. Open and save it in Jupyter, "
            "or: jupyter nbconvert --to notebook --nbformat 4."
        )
    cells = notebook.get("cells")
    fits = isinstance(cells, list) and all(isinstance(cell, Mapping) and "cell_type" in cell for cell in cells)
    if not isinstance(cells, list) or not fits:
        raise CannotAdopt("The notebook's cells cannot be read: it is damaged. Open and save it in Jupyter.")
    metadata = notebook.get("metadata") or {}
    language = (metadata.get("language_info") or {}).get("name") or (metadata.get("kernelspec") or {}).get("language")
    if language and str(language).lower() not in ("python", "ipython", "python3"):
        raise CannotAdopt(f"The notebook is written in {language}. Only Python notebooks can be adopted.")
    if not any(cell["cell_type"] == "code" and source_of(cell).strip() for cell in cells):
        raise CannotAdopt("The notebook has no code cell, so there is nothing to adopt.")
    return cells


def _read(texts: Sequence[str]) -> tuple[list[Unit], Surroundings]:
    codes = []
    for number, text in enumerate(texts, 1):
        try:
            codes.append(plain_python(text))
            analyse(codes[-1])
        except CellSyntaxError as problem:
            raise CannotAdopt(
                f"Cell {number} does not parse: line {problem.line}: {problem.problem}. Mend it first."
            ) from problem
        except SyntaxError as problem:  # IPython's own
            raise CannotAdopt(f"Cell {number} does not parse: {problem.msg}. Mend it first.") from problem
    imports = imports_of([parse(code) for code in codes])
    units = [
        unit
        for cell, (text, code) in enumerate(zip(texts, codes, strict=True))
        for unit in units_of(cell, text, code, imports)
    ]
    functions = functions_of([unit.code for unit in units if unit.kind is Kind.DEFINITION], imports)
    around = surroundings_of([unit.code for unit in units], Surroundings(imports, functions))
    _refuse_what_texts_do_not_tell(codes, units, around)
    return units, around


def _refuse_what_texts_do_not_tell(codes: Sequence[str], units: Sequence[Unit], around: Surroundings) -> None:
    for number, code in enumerate(codes, 1):
        if call := by_text(parse(code), around):
            raise CannotAdopt(
                f"Cell {number} uses {call}: which names it reads and binds cannot be told from its text. "
                "Write the names out, or adopt by hand."
            )
    bound: set[str] = set()
    worked = False
    for unit in units:
        analysis = analyse(unit.code)
        for name in (*analysis.reads, *analysis.may_read):
            if _SHOWN_BEFORE.fullmatch(name) and name not in bound:
                raise CannotAdopt(
                    f"Cell {unit.cell + 1} reads '{name}', what an earlier cell showed. Give that value a name first."
                )
        if "*" in analysis.writes and worked:
            raise CannotAdopt(
                f"Cell {unit.cell + 1} imports * behind other work: which names it binds anew cannot be told. "
                "Import at the top, or by name."
            )
        worked = worked or unit.kind is Kind.WORK
        bound.update(analysis.writes)


def _fixed(cells: Sequence[Mapping[str, Any]]) -> dict[int, str]:
    found = {}
    for at, cell in enumerate(cells):
        tags = (cell.get("metadata") or {}).get("tags") or ()
        if "parameters" in tags or "injected-parameters" in tags:
            found[at] = "holds parameters that papermill sets"
        elif "raises-exception" in tags:
            found[at] = _ERRORS
    return found


def _nothing_left(units: Sequence[Unit], plain: Mapping[int, str]) -> str:
    reasons = dict.fromkeys(
        f"cell {units[at].cell + 1} {why}" for at, why in plain.items() if units[at].kind is Kind.WORK
    )
    if not reasons:
        return "The notebook only imports, defines and sets constants: there is no work that a node could save."
    told = "; ".join(list(reasons)[:4])
    return f"No cell can be a node: {told}. Move what hinders into cells of its own."


def _with_ids(cells: Sequence[Mapping[str, Any]], notebook: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Cell ids from nbformat 4.5 on: those of the original where they are, else numbered."""
    if (notebook.get("nbformat_minor") or 0) < 5:
        return [{key: value for key, value in cell.items() if key != "id"} for cell in cells]
    taken = {cell["id"] for cell in cells if "id" in cell}
    result, number = [], 0
    for cell in cells:
        if "id" not in cell:
            while f"helix-{number}" in taken:
                number += 1
            taken.add(f"helix-{number}")
            cell = {**cell, "id": f"helix-{number}"}
        result.append(dict(cell))
    return result

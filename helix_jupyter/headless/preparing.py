"""The notebook that is executed: with other constants, and for some nodes alone. Reads and returns plain data."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

from helix_jupyter.cell.analyse import analyse
from helix_jupyter.cell.options import parse_cell_comment, parse_options
from helix_jupyter.cell.types import CellAnalysis
from helix_jupyter.errors import CannotRun, CellSyntaxError, UnknownNode, UnknownOption, UnknownParameter

_DECLARES = re.compile(r"\s*%%helix\b(?P<options>[^\n]*)\n?")
_ASKS = re.compile(r"^\s*%helix\s+(run|get)\b[^\n]*$", re.MULTILINE)
_MAGIC = re.compile(r"^\s*[%!]", re.MULTILINE)


def prepare(notebook: Mapping[str, Any], parameters: Sequence[str] = (), targets: Sequence[str] = ()) -> dict[str, Any]:
    """The notebook to execute; the original stays as it is.

    Parameters
    ----------
    parameters
        ``NAME=VALUE``: a cell that assigns the value goes behind the last plain cell that assigns a constant to the
        name. VALUE is a literal of Python, or else a text.
    targets
        Nodes or outputs: then every node is declared, and only these run at the end. Plain cells that read values of
        nodes are left out where nothing later reads what they bind.

    Raises
    ------
    CannotRun
        It is no notebook with ``%%helix`` cells.
    UnknownParameter, UnknownNode
    """
    if notebook.get("nbformat") != 4 or not isinstance(notebook.get("cells"), list):
        raise CannotRun("This is no notebook of nbformat 4. Name one that Jupyter wrote.")
    result = deepcopy(dict(notebook))
    cells = result["cells"]
    declared = [_outputs(cell) for cell in cells]
    if not any(names is not None for names in declared):
        raise CannotRun("The notebook has no %%helix cell, so nothing would be reused: helix-jupyter adopt it first.")
    if targets:
        known = dict.fromkeys(name for names in declared for name in names or ())
        for target in targets:
            if target.split(".")[0] not in known:  # links of a chain have numbers, which the kernel knows
                raise UnknownNode(target, known)
        cells = _for_targets(cells, declared, targets)
    result["cells"] = _with_parameters(cells, [_split(text) for text in parameters])
    if (notebook.get("nbformat_minor") or 0) >= 5:  # where each cell has an id, those put in as well
        for number, cell in enumerate(result["cells"]):
            cell.setdefault("id", f"helix-{number}")
    return result


def _source(cell: Mapping[str, Any]) -> str:
    source = cell.get("source", "")
    return source if isinstance(source, str) else "".join(source)


def _outputs(cell: Mapping[str, Any]) -> tuple[str, ...] | None:
    """The names that a node's cell gives, its own name besides; None for other cells."""
    if cell["cell_type"] != "code":
        return None
    text = _source(cell)
    found, comment = _DECLARES.match(text), parse_cell_comment(text)
    line = found["options"] if found else comment[0] if comment else None
    if line is None:
        return None
    try:
        options = parse_options(line)
    except UnknownOption:
        return ()
    return (*options.outputs, *([options.name] if options.name else []))


def _analysis(cell: Mapping[str, Any]) -> CellAnalysis:
    text = _DECLARES.sub("", _source(cell), count=1)
    try:
        return analyse(_MAGIC.sub("#", text))
    except CellSyntaxError:  # the cell itself will say so
        return CellAnalysis()


def _for_targets(
    cells: Sequence[dict[str, Any]], declared: Sequence[tuple[str, ...] | None], targets: Sequence[str]
) -> list[dict[str, Any]]:
    given: set[str] = set()
    kept = []
    later = [_later_reads(cells, at) for at in range(len(cells))]
    for at, cell in enumerate(cells):
        names = declared[at]
        if names is not None:
            given.update(names)
        if cell["cell_type"] != "code" or names is not None:
            kept.append(cell)
            continue
        text = _ASKS.sub("", _source(cell)).strip("\n")
        analysis = _analysis({**cell, "source": text})
        read = sorted(given & {*analysis.reads, *analysis.may_read})
        if not text.strip() or (read and later[at].isdisjoint({*analysis.writes, *analysis.mutates})):
            continue
        asked = f"%helix get {' '.join(read)}\n" if read else ""
        kept.append({**cell, "source": f"{asked}{text}"})
    return [*kept, _code(f"%helix run {' '.join(targets)}")]


def _later_reads(cells: Sequence[Mapping[str, Any]], at: int) -> frozenset[str]:
    following = (_analysis(cell) for cell in cells[at + 1 :] if cell["cell_type"] == "code")
    return frozenset(name for one in following for name in (*one.reads, *one.may_read))


def _code(text: str) -> dict[str, Any]:
    return {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": text}


def _split(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.isidentifier():
        raise UnknownOption(f"'{text}' is not NAME=VALUE. For instance: -p C=0.1.")
    try:
        return name, repr(ast.literal_eval(value))
    except (ValueError, SyntaxError):
        return name, repr(value)


def _with_parameters(cells: Sequence[dict[str, Any]], parameters: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
    constants = {name: at for at, cell in enumerate(cells) for name in _constants(cell)}
    injected: dict[int, list[str]] = {}
    for name, value in parameters:
        if name not in constants:
            raise UnknownParameter(name, constants)
        injected.setdefault(constants[name], []).append(f"{name} = {value}")
    result = []
    for at, cell in enumerate(cells):
        result.append(cell)
        if at in injected:
            made = _code("\n".join(injected[at]))
            made["metadata"] = {"tags": ["injected-parameters"]}
            result.append(made)
    return result


def _constants(cell: Mapping[str, Any]) -> list[str]:
    """The names to which a plain cell assigns a literal."""
    if cell["cell_type"] != "code" or _outputs(cell) is not None:
        return []
    try:
        tree = ast.parse(_MAGIC.sub("#", _source(cell)))
    except SyntaxError:
        return []
    found = []
    for statement in tree.body:
        if isinstance(statement, ast.Assign) and _is_literal(statement.value):
            found += [target.id for target in statement.targets if isinstance(target, ast.Name)]
        elif isinstance(statement, ast.AnnAssign) and statement.value is not None and _is_literal(statement.value):
            found += [statement.target.id] if isinstance(statement.target, ast.Name) else []
    return found


def _is_literal(value: ast.expr) -> bool:
    try:
        ast.literal_eval(value)
    except (ValueError, TypeError, SyntaxError):
        return False
    return True

r"""Code and names inside the calls that ``%magic`` and ``!shell`` lines turn into.

Reads one call's syntax (``get_ipython().run_line_magic('time', 'y = f(x)')``, ``rows.query('age > @old')``);
returns the statements that it runs and the names that its text expands. IPython need not be there.
"""

from __future__ import annotations

import ast
import re
import string
from dataclasses import dataclass

from helix_jupyter.cell.syntax import parse
from helix_jupyter.errors import CellSyntaxError

_CODE_MAGICS = frozenset({"time", "timeit", "prun", "capture"})
_SHELL_METHODS = frozenset({"system", "getoutput", "run_line_magic", "run_cell_magic"})
_QUERY_METHODS = frozenset({"query", "eval"})

_MAGIC_OPTIONS = re.compile(r"(?:-(?:[nrp]\s*\d+|[lsTD]\s*\S+|[a-zA-Z]+)\s+)+")
_MAGIC_LINE = re.compile(r"(?P<start>\s*(?:[\w.,\s]+=(?!=)\s*)?)(?P<sign>!!|!|%)(?P<rest>.*)")
_SHELL_NAME = re.compile(r"(?<!\$)\$\{?([^\W\d]\w*)")
_QUERY_NAME = re.compile(r"@([^\W\d]\w*)")


@dataclass(frozen=True)
class Embedded:
    """What one call holds.

    ``is_local`` says that names assigned in ``statements`` do not reach the cell (``timeit`` runs them in a
    function). ``names`` are expanded if they exist, ``binds`` is a name that the call assigns.
    """

    statements: tuple[ast.stmt, ...] = ()
    is_local: bool = False
    names: tuple[str, ...] = ()
    binds: str | None = None


def embedded(call: ast.Call) -> Embedded | None:
    """Read what a call holds besides its arguments' own syntax; None for an ordinary call."""
    function = call.func
    if not isinstance(function, ast.Attribute):
        return None
    texts = [part.value for part in call.args if isinstance(part, ast.Constant) and isinstance(part.value, str)]
    if function.attr in _QUERY_METHODS and texts:
        return Embedded(names=tuple(_QUERY_NAME.findall(texts[0])))
    if function.attr in _SHELL_METHODS and texts and _is_shell(function.value):
        return _shell_call(function.attr, texts)
    return None


def _is_shell(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "get_ipython"


def _shell_call(method: str, texts: list[str]) -> Embedded:
    if method in ("system", "getoutput"):
        return Embedded(names=_expanded_names(texts[0]))
    magic, line, *body = [*texts, ""]
    if magic not in _CODE_MAGICS:
        return Embedded(names=_expanded_names(line))
    if method == "run_line_magic":
        return _code_line(magic, line)
    return _code_cell(magic, line, body[0])


def _code_line(magic: str, line: str) -> Embedded:
    statements = _statements(line)
    if statements is None:
        statements = _statements(_MAGIC_OPTIONS.sub("", line, count=1))
    if statements is None:
        return Embedded(names=_expanded_names(line))
    return Embedded(tuple(statements), is_local=magic == "timeit")


def _code_cell(magic: str, line: str, body: str) -> Embedded:
    if magic == "capture":
        name = next((word for word in line.split() if word.isidentifier()), None)
        return Embedded(tuple(_statements(body) or ()), binds=name)
    # timeit's line is setup code and runs first; elsewhere a line holds options only and gives no statement
    setup = _statements(_MAGIC_OPTIONS.sub("", line + " ", count=1)) if magic == "timeit" else None
    return Embedded((*(setup or ()), *(_statements(body) or ())), is_local=magic == "timeit")


def _statements(code: str) -> list[ast.stmt] | None:
    """Parse; magic lines within (a cell magic's body comes as it was typed) become calls again."""
    for text in (code, "\n".join(map(_magic_as_call, code.split("\n")))):
        try:
            return parse(text.strip("\n") if "\n" in text else text.strip()).body
        except CellSyntaxError:
            continue
    return None


def _magic_as_call(line: str) -> str:
    found = _MAGIC_LINE.fullmatch(line)
    if found is None:
        return line
    if found["sign"] != "%":
        return f"{found['start']}get_ipython().system({found['rest']!r})"
    magic, _, rest = found["rest"].partition(" ")
    return f"{found['start']}get_ipython().run_line_magic({magic!r}, {rest!r})"


def _expanded_names(text: str) -> tuple[str, ...]:
    """Names in ``$name`` and ``{expression}``, as IPython expands them in shell and magic lines."""
    found = dict.fromkeys(_SHELL_NAME.findall(text))
    for expression in _braced(text):
        found.update(dict.fromkeys(_names_of(expression)))
    return tuple(found)


def _braced(text: str) -> list[str]:
    try:
        return [field for _, field, _, _ in string.Formatter().parse(text) if field]
    except ValueError:
        # unbalanced braces: IPython leaves the text as it is
        return []


def _names_of(expression: str) -> list[str]:
    try:
        tree = parse(expression.strip())
    except CellSyntaxError:
        return []
    return [node.id for node in ast.walk(tree) if isinstance(node, ast.Name)]

"""From a decorated function (``@session.node``) to the declaration of the cell that says the same."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

from helix_jupyter.cell.types import CellOptions
from helix_jupyter.errors import UnknownOption
from helix_jupyter.graph.declaration import Declaration, Origin
from helix_jupyter.graph.declare import make_declaration


def from_function(function: Callable[..., Any], **options: Any) -> tuple[Declaration, dict[str, Any]]:
    """The declaration of a function whose parameters are inputs, and the closure variables that it uses.

    A body with one ``return`` at its end becomes the cell ``...; NAME = returned``, so that key and result are those
    of the cell a notebook would hold. Any other body is kept as a function and called. Lines stay where they stand in
    the function's own file, so tracebacks point there.

    Raises
    ------
    UnknownOption
        The function's source cannot be found, or it takes ``*args``.
    """
    name = function.__name__
    try:
        lines, first = inspect.getsourcelines(function)
        # below "if True:" an indented definition parses as it stands, text in quotes included
        tree = ast.parse("if True:\n" + "".join(lines) if lines[0][:1].isspace() else "\n" + "".join(lines))
    except (OSError, TypeError, SyntaxError) as problem:
        raise UnknownOption(
            f"The source of '{name}' cannot be read ({problem}). Use session.declare(code)."
        ) from problem
    parameters = inspect.signature(function).parameters.values()
    if any(parameter.kind not in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY) for parameter in parameters):
        raise UnknownOption(f"'{name}' takes *args or **kwargs. A node's inputs are its parameters' names: list them.")
    definition = tree.body[0].body[0] if isinstance(tree.body[0], ast.If) else tree.body[0]
    if not isinstance(definition, ast.FunctionDef):
        raise UnknownOption(f"'{name}' is not a plain function. Use session.declare(code).")
    outputs = options.pop("outputs", ()) or (name,)
    outputs = (outputs,) if isinstance(outputs, str) else tuple(outputs)
    code, above = _as_cell(definition, ["", *lines], outputs)
    for way in ("lower", "higher"):
        if isinstance(options.get(way), str):
            options[way] = (options[way],)
    chosen = CellOptions(
        outputs,
        options.pop("name", None) or (None if outputs == (name,) else name),
        tuple(options.pop("watch", ())),
        **options,
    )
    file = inspect.getsourcefile(function) or "<function>"
    script = Path(file).name if Path(file).is_file() else ""
    # the list begins with a line of its own, so its second one is the file's line ``first``
    origin = Origin(file, first + above - 2, label=f"{Path(file).name}:{first}", script=script)
    closure = inspect.getclosurevars(function)
    return make_declaration(code, code, chosen, origin), {**closure.nonlocals, **closure.globals}


def _as_cell(definition: ast.FunctionDef, lines: list[str], outputs: tuple[str, ...]) -> tuple[str, int]:
    """The cell's code, and how many of ``lines`` stand above it."""
    returns = [node for node in ast.walk(definition) if isinstance(node, (ast.Return, ast.Yield, ast.YieldFrom))]
    last, targets = definition.body[-1], ", ".join(outputs)
    defaults = [*definition.args.defaults, *[value for value in definition.args.kw_defaults if value]]
    if len(returns) == 1 and isinstance(last, ast.Return) and last.value is not None and not defaults:
        plain = not any(isinstance(node, (ast.Nonlocal, ast.Global)) for node in ast.walk(definition))
        if plain and not definition.decorator_list[1:]:
            above = [ast.unparse(statement) for statement in definition.body[:-1]]
            meant = "\n".join([*above, f"{targets} = {ast.unparse(last.value)}"])
            written = _body(definition, lines, definition.col_offset + 4)
            rest = written[last.lineno - definition.body[0].lineno].lstrip().removeprefix("return")
            written[last.lineno - definition.body[0].lineno] = f"{targets} ={rest}"
            return _as_written("".join(written), definition.body[0].lineno - 1, meant)
    header, call = _kept(definition, targets)
    body = _body(definition, lines, definition.col_offset)
    meant = f"{header}\n" + "\n".join(f"    {line}" for line in _unparsed(definition.body)) + f"\n{call}"
    return _as_written(f"{header}\n{''.join(body)}{call}", definition.body[0].lineno - 2, meant)


def _kept(definition: ast.FunctionDef, targets: str) -> tuple[str, str]:
    """The head of the function as the cell keeps it, in one line, and the cell's last line, which calls it."""
    bare = ast.parse(ast.unparse(definition)).body[0]
    assert isinstance(bare, ast.FunctionDef)
    bare.decorator_list, bare.name, bare.returns, bare.body = [], f"_{definition.name}", None, [ast.Pass()]
    given = [argument.arg for argument in (*definition.args.args, *definition.args.kwonlyargs)]
    optional = len(definition.args.defaults) + len([value for value in definition.args.kw_defaults if value])
    taken = given[: len(given) - optional] if optional else given
    arguments = ", ".join(f"{name}={name}" for name in taken)
    return ast.unparse(bare).split("\n", 1)[0], f"{targets} = _{definition.name}({arguments})"


def _unparsed(body: list[ast.stmt]) -> list[str]:
    return "\n".join(ast.unparse(statement) for statement in body).split("\n")


def _body(definition: ast.FunctionDef, lines: list[str], indent: int) -> list[str]:
    """The lines of a function's body as they were written, without ``indent``; text in quotes keeps its own."""
    inside = {
        number
        for node in ast.walk(definition)
        if isinstance(node, (ast.Constant, ast.JoinedStr))
        for number in range(node.lineno + 1, (node.end_lineno or node.lineno) + 1)
    }
    first, last = definition.body[0].lineno, definition.body[-1].end_lineno or 0
    return [
        line if number in inside else line[min(indent, len(line) - len(line.lstrip(" \t"))) :]
        for number, line in enumerate(lines[first - 1 : last], start=first)
    ]


def _as_written(written: str, above: int, meant: str) -> tuple[str, int]:
    """``written`` if it says what is ``meant``, else that: one-line functions, other indents."""
    try:
        same = ast.dump(ast.parse(written)) == ast.dump(ast.parse(meant))
    except SyntaxError:
        same = False
    return (written, above) if same else (meant, above)

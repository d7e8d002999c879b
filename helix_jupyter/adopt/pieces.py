"""A code cell to `Unit`s: what stays plain apart from what works, in an order that means the same. Runs nothing.

IPython's own transformation turns magics and shell lines into calls, line for line.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from helix_jupyter.adopt.types import Kind, Unit
from helix_jupyter.adopt.words import (
    BY_TEXT,
    GIVING_MAGICS,
    LOOKS,
    PYPLOT_SETTINGS,
    SEEDERS,
    SETTING_PREFIXES,
    SETTINGS,
    path_of,
)
from helix_jupyter.cell.analyse import analyse
from helix_jupyter.cell.syntax import parse

Imports = Mapping[str, str]
"""Names that imports bind, each with the dotted name of what it stands for."""

_MAGICS = ("run_line_magic", "system", "getoutput", "run_cell_magic")
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_OPERATIONS = (
    ast.Constant, ast.Tuple, ast.List, ast.UnaryOp, ast.BinOp, ast.Name, ast.Load, ast.operator, ast.unaryop,
    ast.JoinedStr, ast.FormattedValue,
)  # fmt: skip


@dataclass(frozen=True)
class Piece:
    """One statement, or several on one line, with the comments above it."""

    kind: Kind
    text: str
    code: str
    shows: bool
    """Its value would be shown if it were a cell's last statement."""


def plain_python(text: str) -> str:
    """A cell without magics and shell lines, line for line where that is possible."""
    from IPython.core.inputtransformer2 import TransformerManager

    code: str = TransformerManager().transform_cell(text)  # type: ignore[no-untyped-call]  # IPython's are partial
    blank = len(text) - len(text.lstrip("\n"))
    return "\n" * blank + code.rstrip("\n")


def imports_of(trees: Collection[ast.Module]) -> dict[str, str]:
    """What the imports of a notebook bind, those inside functions and branches included."""
    found = {}
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    found[alias.asname or alias.name.partition(".")[0]] = (
                        alias.name if alias.asname else alias.name.partition(".")[0]
                    )
            elif isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    found[alias.asname or alias.name] = f"{node.module or ''}.{alias.name}"
    return found


def units_of(cell: int, text: str, code: str, imports: Imports) -> list[Unit]:
    """The units of one cell, in an order that gives what the cell gives.

    Constants above all work are units of their own, so that each can stay a constant or become a node. Imports and
    definitions that stand between pieces of work go above them where nothing tells the difference.
    """
    if not code.strip():
        return []
    pieces = _pieces(text, code, imports)
    if all(piece.kind is not Kind.WORK for piece in pieces):
        return [_unit(cell, [piece], is_last=at == len(pieces) - 1) for at, piece in enumerate(pieces)]
    ordered = _raised(pieces)
    first = next(at for at, piece in enumerate(ordered) if piece.kind is Kind.WORK)
    units = [_unit(cell, [piece], is_last=False) for piece in ordered[:first]]
    group: list[Piece] = []
    for piece in ordered[first:]:
        if piece.kind in (Kind.WORK, Kind.LITERAL):
            group.append(piece)
            continue
        if group:
            units.append(_unit(cell, group, is_last=False))
            group = []
        units.append(_unit(cell, [piece], is_last=piece is pieces[-1]))
    return [*units, *([_unit(cell, group, is_last=group[-1] is pieces[-1])] if group else [])]


def _unit(cell: int, pieces: list[Piece], is_last: bool) -> Unit:
    kind = Kind.WORK if any(piece.kind is Kind.WORK for piece in pieces) else pieces[0].kind
    text = "\n".join(piece.text for piece in pieces).rstrip("\n")
    code = "\n".join(piece.code for piece in pieces).rstrip("\n")
    if pieces[-1].shows and not is_last:  # it stood inside the cell, so its value was not shown
        hidden = "\nNone" if pieces[-1].kind is Kind.SETTING and text.lstrip().startswith("%") else ";"
        text, code = f"{text}{hidden}", f"{code}{hidden}"
    return Unit(cell, kind, text, code, (cell,))


def _pieces(text: str, code: str, imports: Imports) -> list[Piece]:
    tree = parse(code)
    lines, source = text.split("\n"), code.split("\n")
    if len(lines) < len(source) or (text.lstrip().startswith("%%") and len(tree.body) == 1):
        # not line for line: it is one piece
        kind = _whole(tree, imports)
        return [Piece(kind, text, code, _shows(tree.body[-1:]))]
    groups: list[list[ast.stmt]] = []
    for statement in tree.body:
        if groups and _first_line(statement) <= (groups[-1][-1].end_lineno or 0):
            groups[-1].append(statement)
        else:
            groups.append([statement])
    pieces, begin = [], 0
    for at, group in enumerate(groups):
        end = len(lines) if at == len(groups) - 1 else group[-1].end_lineno or 0
        kinds = [kind_of(statement, imports) for statement in group]
        kind = kinds[0] if len(set(kinds)) == 1 else Kind.WORK
        pieces.append(Piece(kind, "\n".join(lines[begin:end]), "\n".join(source[begin:end]), _shows(group[-1:])))
        begin = end
    return _without_docstring(pieces)


def _without_docstring(pieces: list[Piece]) -> list[Piece]:
    """A text that stands alone does nothing: it stays with what follows."""
    joined: list[Piece] = []
    for at, piece in enumerate(pieces):
        before = joined[-1] if joined else None
        if before is not None and _is_text(before.code) and at:
            text, code = f"{before.text}\n{piece.text}", f"{before.code}\n{piece.code}"
            joined[-1] = replace(piece, text=text, code=code)
        else:
            joined.append(piece)
    return joined


def _is_text(code: str) -> bool:
    body = parse(code).body
    return len(body) == 1 and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant)


def _first_line(statement: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(decorator.lineno for decorator in decorators)])


def _shows(statements: list[ast.stmt]) -> bool:
    if not statements or not isinstance(statements[0], ast.Expr):
        return False
    call = statements[0].value
    if not isinstance(call, ast.Call) or not _is_magic(call):
        return True
    magic = call.args[0] if call.args else None
    return isinstance(magic, ast.Constant) and magic.value in GIVING_MAGICS


def _whole(tree: ast.Module, imports: Imports) -> Kind:
    kinds = {kind_of(statement, imports) for statement in tree.body}
    return kinds.pop() if len(kinds) == 1 else Kind.WORK


def _is_magic(node: ast.expr | None) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in _MAGICS
        and isinstance(node.func.value, ast.Call)
        and path_of(node.func.value.func) == ("get_ipython",)
    )


def kind_of(statement: ast.stmt, imports: Imports) -> Kind:
    """What a statement is for."""
    match statement:
        case ast.Import() | ast.ImportFrom():
            return Kind.IMPORT
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return Kind.DEFINITION
        case ast.Assign(value=ast.Lambda()) | ast.AnnAssign(value=ast.Lambda()):
            return Kind.DEFINITION
        case ast.Expr(value=value) if _is_magic(value):
            return Kind.SETTING
        case ast.Assign(value=value) if _is_magic(value):
            return Kind.SETTING
        case ast.Expr(value=ast.Call() as call) if _is_setting(call, imports):
            return Kind.SETTING
        case ast.Assign(targets=targets) if all(_is_part_of_import(target, imports) for target in targets):
            return Kind.SETTING
        case ast.Assign(targets=targets, value=value) if all(map(_is_name, targets)) and _is_literal(value):
            return Kind.LITERAL
        case ast.AnnAssign(target=ast.Name(), value=ast.expr() as value) if _is_literal(value):
            return Kind.LITERAL
        case ast.Try() | ast.If() if _imports_alone(statement, imports):
            return Kind.IMPORT
    return Kind.WORK


def _imports_alone(statement: ast.stmt, imports: Imports) -> bool:
    """``try: import x`` and the like: branches of imports, constants and what raises."""
    found = False
    for node in ast.walk(statement):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            found = True
        elif isinstance(node, ast.stmt) and node is not statement:
            if not isinstance(node, (ast.Pass, ast.Raise, ast.Try, ast.If)) and kind_of(node, imports) is Kind.WORK:
                return False
        elif isinstance(node, ast.Call) and path_of(node.func)[:1] in [(name,) for name in BY_TEXT]:
            return False
    return found


def _is_name(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) or (isinstance(node, ast.Tuple) and all(map(_is_name, node.elts)))


def _is_literal(node: ast.expr) -> bool:
    """Constants and what is computed of them; a name that stands alone would be another value's second name."""
    if isinstance(node, ast.Name):
        return False
    if isinstance(node, (ast.Tuple, ast.List, ast.Set)):
        return all(map(_is_literal, node.elts))
    if isinstance(node, ast.Dict):
        return all(key is not None and _is_literal(key) for key in node.keys) and all(map(_is_literal, node.values))
    return all(isinstance(one, _OPERATIONS) for one in ast.walk(node))


def _is_part_of_import(target: ast.expr, imports: Imports) -> bool:
    if not isinstance(target, (ast.Attribute, ast.Subscript)):
        return False
    while isinstance(target, (ast.Attribute, ast.Subscript)):
        target = target.value
    return isinstance(target, ast.Name) and target.id in imports


def _is_setting(call: ast.Call, imports: Imports) -> bool:
    path = path_of(call.func)
    if not path or path[0] not in imports or path[-1] in SEEDERS:
        return False
    if imports[path[0]].startswith("matplotlib.pyplot") or "pyplot" in path[:-1]:
        return path[-1] in PYPLOT_SETTINGS
    name = imports[path[0]].split(".")[-1] if len(path) == 1 else path[-1]
    return name in SETTINGS or name.startswith(SETTING_PREFIXES) or (path[-2:-1] == ("path",) and path[0] == "sys")


def is_for_looks(code: str, imports: Imports) -> bool:
    """Whether a setting changes how things look alone: a later run cannot compute otherwise because of it."""
    return all(_looks(statement, imports) for statement in parse(code).body)


def _looks(statement: ast.stmt, imports: Imports) -> bool:
    value: ast.expr | None = getattr(statement, "value", None)
    if _is_magic(value):
        return True
    target = statement.targets[0] if isinstance(statement, ast.Assign) else value
    call = target if isinstance(target, ast.Call) else None
    root: ast.expr | None = call.func if call else target
    dotted = ast.unparse(root) if root is not None else ""
    while isinstance(root, (ast.Attribute, ast.Subscript)):
        root = root.value
    source = imports.get(root.id, "") if isinstance(root, ast.Name) else ""
    if source.split(".")[0] in LOOKS or dotted.endswith("set_printoptions") or ".display." in dotted:
        return True
    if dotted.startswith("sys.path"):
        return True
    if call is None:
        return False
    if {word.arg for word in call.keywords} and not call.args:
        return {word.arg for word in call.keywords} <= {"display", "print_changed_only"}
    first = call.args[0] if call.args else None
    return isinstance(first, ast.Constant) and str(first.value).startswith(("display.", "plotting.", "styler."))


def _raised(pieces: list[Piece]) -> list[Piece]:
    """Imports and definitions above work that has nothing to do with them."""
    result: list[Piece] = []
    for piece in pieces:
        at = len(result)
        if piece.kind in (Kind.IMPORT, Kind.DEFINITION):
            while at and result[at - 1].kind in (Kind.WORK, Kind.LITERAL) and _independent(result[at - 1], piece):
                at -= 1
            # all the way above the work, or not at all
            if any(one.kind is Kind.WORK for one in result[:at]):
                at = len(result)
        result.insert(at, piece)
    return result


def _independent(work: Piece, moved: Piece) -> bool:
    """Whether ``moved`` may as well run before ``work``."""
    worked, found = analyse(work.code), analyse(at_once(moved.code))
    names = {*found.writes, *analyse(moved.code).writes}
    used = {*worked.reads, *worked.may_read, *worked.writes, *worked.mutates}
    given = {*worked.writes, *worked.mutates}
    return names.isdisjoint(used) and given.isdisjoint({*found.reads, *found.may_read})


def at_once(code: str) -> str:
    """The code without the bodies of its functions: what runs when it is executed."""
    return ast.unparse(_Emptied().visit(parse(code)))


class _Emptied(ast.NodeTransformer):
    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:  # ast's name
        node.body = [ast.Pass()]
        return node

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:  # ast's name
        node.body = [ast.Pass()]
        return node

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:  # ast's name
        node.body = ast.Constant(None)
        return node

"""Which statements of a code may have changed the value of a name in place: reads text, returns lines. Runs nothing.

Asked only once a change was found, so it may guess: it says how sure it is.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from helix_jupyter.cell.syntax import deeply, parse


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


CHANGING = _words(
    "append appendleft extend extendleft insert remove pop popleft popitem clear sort reverse rotate update setdefault "
    "add discard difference_update intersection_update symmetric_difference_update subtract move_to_end "
    "fill put itemset partition resize setfield setflags set_index_names isetitem "
    "fit partial_fit fit_transform fit_predict set_params load_state_dict train eval step backward zero_grad "
    "shuffle random normal integers choice permutation standard_normal uniform write writelines seek"
)
"""Methods of Python's containers, of arrays, tables, estimators and generators that change the value itself."""

# functions that change what they are given
_CHANGING_FUNCTIONS = _words(
    "shuffle setattr delattr heappush heappop heapify heapreplace insort insort_left insort_right "
    "fill_diagonal copyto place putmask put_along_axis next"
)
# what these give shares the value's memory, or is a part of it
_SHARING = _words(
    "reshape ravel view transpose squeeze swapaxes diagonal get items values setdefault iterrows itertuples "
    "to_numpy numpy detach __getitem__ __iter__ getattr iter enumerate zip reversed"
)
_HARMLESS = _words(
    "len sum min max abs all any sorted list tuple set frozenset dict str repr print format hash id type isinstance "
    "issubclass range round float int bool complex bytes display map filter enumerate zip reversed iter hasattr "
    "getattr callable vars dir copy deepcopy"
)
_LONGEST = 60


@dataclass(frozen=True)
class Suspect:
    """A statement that may have changed a value; ``line`` is 1-based in the code, ``text`` its first line.

    ``sure``: it visibly changes the value; else it hands the value to code that may.
    """

    line: int
    text: str
    sure: bool


@deeply
def suspects(code: str, name: str, methods_known: bool = False) -> tuple[Suspect, ...]:
    """The statements that may have changed what ``name`` stood for when ``code`` began, in order.

    Where any is sure, only those; aliases (``part = name["part"]``) are followed. ``methods_known``: the value is of
    a common type, whose methods change it only if they are listed here.

    Raises
    ------
    CellSyntaxError
        When the code does not parse.
    """
    search = _Search(code, name, methods_known)
    search.read(parse(code).body, at_top=True)
    found = sorted(set(search.found), key=lambda one: one.line)
    return tuple(one for one in found if one.sure) or tuple(found)


def place_text(found: Sequence[Suspect], offset: int) -> str:
    """``in line 3 (df["v"] *= 10)``, ``in lines 3 or 7``; empty where nothing was found.

    ``offset``: lines of the cell above the code.
    """
    if not found:
        return ""
    sure = "" if found[0].sure else "most likely "
    lines = [str(line) for line in sorted({one.line + offset for one in found})]
    if len(lines) == 1:
        return f"{sure}in line {lines[0]} ({found[0].text})"
    return f"{sure}in lines {', '.join(lines[:-1])} or {lines[-1]}"


class _Search:
    """One reading of the code from top to bottom; ``aliases`` are the names that lead to the value by now."""

    def __init__(self, code: str, name: str, methods_known: bool) -> None:
        self._lines, self._methods_known = code.split("\n"), methods_known
        self._aliases = {name}
        self.found: list[Suspect] = []

    def read(self, block: Sequence[ast.stmt], at_top: bool = False) -> None:
        """Take the statements in order."""
        for statement in block:
            self._read_statement(statement, at_top)

    def _read_statement(self, statement: ast.stmt, at_top: bool) -> None:
        inner = list(_blocks(statement))
        if isinstance(statement, (ast.For, ast.AsyncFor)):
            self._bind([statement.target], statement.iter, False)
        elif isinstance(statement, (ast.With, ast.AsyncWith)):
            for item in statement.items:
                self._bind([item.optional_vars] if item.optional_vars else [], item.context_expr, False)
        # calls within expressions first: ``x = change(x)`` changes the old value
        for expression in _expressions(statement):
            self._read_expression(expression, statement)
        match statement:
            case ast.Assign(targets=targets, value=value):
                self._assign(targets, value, statement, at_top)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                self._assign([target], value, statement, at_top)
            case ast.AugAssign(target=target):
                self._note(statement, target)
            case ast.Delete(targets=targets):
                for one in targets:
                    if not isinstance(one, ast.Name):
                        self._note(statement, one)
        for block in inner:
            self.read(block)

    def _assign(self, targets: Sequence[ast.expr], value: ast.expr, statement: ast.stmt, at_top: bool) -> None:
        for one in (one for given in targets for one in _flat(given)):
            if not isinstance(one, ast.Name):
                self._note(statement, one)
        self._bind(targets, value, at_top)

    def _bind(self, targets: Sequence[ast.expr], value: ast.expr, at_top: bool) -> None:
        """Names that are given the value or a part of it lead to it, too; others no longer do."""
        names = {one.id for given in targets for one in _flat(given) if isinstance(one, ast.Name)}
        if self._leads(value):
            self._aliases |= names
        elif at_top:  # a branch may not have been taken
            self._aliases -= names

    def _leads(self, node: ast.expr) -> bool:
        """Whether an expression may give the value, a part of it, or something that holds it."""
        match node:
            case ast.Name(id=name):
                return name in self._aliases
            case ast.Attribute(value=value) | ast.Subscript(value=value) | ast.Starred(value=value):
                return self._leads(value)
            case ast.NamedExpr(value=value):
                return self._leads(value)
            case ast.Call(func=ast.Attribute(value=value, attr=method), args=arguments):
                return method in _SHARING and any(map(self._leads, [value, *arguments]))
            case ast.Call(func=ast.Name(id=function), args=arguments):
                return function in _SHARING and any(map(self._leads, arguments))
            case ast.IfExp(body=body, orelse=orelse):
                return self._leads(body) or self._leads(orelse)
            case ast.BoolOp(values=elements) | ast.Tuple(elts=elements) | ast.List(elts=elements):
                return any(map(self._leads, elements))
            case ast.Dict(values=elements):
                return any(map(self._leads, elements))
        return False

    def _read_expression(self, expression: ast.expr, statement: ast.stmt) -> None:
        for node in ast.walk(expression):
            if isinstance(node, ast.NamedExpr):
                self._bind([node.target], node.value, False)
            elif isinstance(node, ast.comprehension):
                self._bind([node.target], node.iter, False)
        for node in ast.walk(expression):
            if isinstance(node, ast.Call):
                self._read_call(node, statement)

    def _read_call(self, call: ast.Call, statement: ast.stmt) -> None:
        function = call.func
        if isinstance(function, ast.Attribute) and self._leads(function.value):
            in_place = any(
                word.arg == "inplace" and not (isinstance(word.value, ast.Constant) and not word.value.value)
                for word in call.keywords
            )
            is_torch = function.attr.endswith("_") and not function.attr.startswith("_")
            if in_place or is_torch or function.attr in CHANGING:
                self._add(statement, sure=True)
                return
            if not self._methods_known:
                self._add(statement, sure=False)
        called = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        given = [*call.args, *(word.value for word in call.keywords)]
        if any(word.arg == "out" and self._leads(word.value) for word in call.keywords):
            self._add(statement, sure=True)
        elif any(map(self._leads, given)) and called not in _HARMLESS:
            self._add(statement, sure=called in _CHANGING_FUNCTIONS)

    def _note(self, statement: ast.stmt, target: ast.expr) -> None:
        if self._leads(target):
            self._add(statement, sure=True)

    def _add(self, statement: ast.stmt, sure: bool) -> None:
        text = " ".join(self._lines[statement.lineno - 1].split())
        self.found.append(
            Suspect(statement.lineno, text[: _LONGEST - 3] + "..." if len(text) > _LONGEST else text, sure)
        )


def _blocks(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    for name in ("body", "orelse", "finalbody"):
        if block := getattr(statement, name, None):
            yield block
    for part in (*getattr(statement, "handlers", ()), *getattr(statement, "cases", ())):
        yield part.body


def _expressions(statement: ast.stmt) -> Iterator[ast.expr]:
    """The expressions of a statement itself, those of its blocks left out."""
    for node in ast.iter_child_nodes(statement):
        if isinstance(node, ast.expr):
            yield node
        elif isinstance(node, ast.withitem):
            yield node.context_expr


def _flat(target: ast.expr | None) -> Iterator[ast.expr]:
    if isinstance(target, (ast.Tuple, ast.List)):
        for element in target.elts:
            yield from _flat(element)
    elif isinstance(target, ast.Starred):
        yield from _flat(target.value)
    elif target is not None:
        yield target

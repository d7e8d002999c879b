"""Literals as parameters, and changes told statement by statement: reads two codes, returns what differs.

Both look at code without docstrings and other statements that do nothing. Nothing is run.
"""

from __future__ import annotations

import ast
import difflib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from helix_jupyter.cell.normalise import canonical_text, canonical_tree
from helix_jupyter.cell.syntax import deeply, parse
from helix_jupyter.cell.types import LiteralChange

Label = str | tuple[str, ...] | None
"""What stands in front of an expression: one name, one per element, or nothing."""

StatementChange = tuple[int | None, str | None, str | None]
"""Line in the newer code (of what was removed in the older), text before, text after; None where there is none."""

_DICTIONARY_KEY = "a key of a dictionary is a name"


@deeply
def changed_literals(before: str, after: str) -> tuple[LiteralChange, ...] | None:
    """The literals that differ between two codes, or None when more than literals differ.

    An element, a keyword or a dictionary's key that came, went or was renamed is an edit and gives None.

    Raises
    ------
    CellSyntaxError
        When one of them does not parse.
    """
    old, new = _read(before), _read(after)
    if old.shape != new.shape:
        return None
    pairs = zip(_labels(new), old.literals, new.literals, strict=True)
    return tuple(
        LiteralChange(label, now.line, was.value, now.value)
        for label, was, now in pairs
        if not _is_same(was.value, now.value)
    )


@deeply
def changed_by_name(before: str, after: str) -> tuple[LiteralChange, ...]:
    """The literals that both codes have once, under one name, and that differ, whatever else does.

    A name is that of a keyword or a target: places in calls and lists may have shifted.

    Raises
    ------
    CellSyntaxError
        When one of them does not parse.
    """
    old, new = (
        {one.label: one for one in found if _is_name(one.label, found)}
        for found in (
            _read(before).literals,
            _read(after).literals,
        )
    )
    return tuple(
        LiteralChange(label, now.line, old[label].value, now.value)
        for label, now in new.items()
        if label in old and not _is_same(old[label].value, now.value)
    )


def _is_name(label: str, found: Sequence[_Literal]) -> bool:
    return label.isidentifier() and sum(one.label == label for one in found) == 1


@deeply
def literals(code: str) -> dict[str, object]:
    """All literals of a code under their labels, in order: its parameters.

    Labels are those of `LiteralChange`; a second use of one gets `` (2)`` behind it, and so on.

    Raises
    ------
    CellSyntaxError
        When it does not parse.
    """
    found = _read(code)
    return dict(zip(_labels(found), (literal.value for literal in found.literals), strict=True))


@deeply
def with_literal(code: str, label: str, text: str) -> str:
    """The code with ``text`` in the place of the literal of this label; all else stays as it is written.

    Raises
    ------
    KeyError
        It has no literal of this label.
    CellSyntaxError
        When it does not parse.
    """
    found = _read(code)
    place = dict(zip(_labels(found), found.literals, strict=True))[label].place
    # columns count bytes
    lines = [line.encode() for line in code.split("\n")]
    before = b"\n".join([*lines[: place[0] - 1], lines[place[0] - 1][: place[1]]])
    after = b"\n".join([lines[place[2] - 1][place[3] :], *lines[place[2] :]])
    return before.decode() + text + after.decode()


@deeply
def changed_statements(before: str, after: str) -> tuple[StatementChange, ...]:
    """The statements that differ, in normalised form and in order of the newer code.

    A compound statement counts by its head, so that an edit deep in a function is told as the one line that
    it is.

    Raises
    ------
    CellSyntaxError
        When one of them does not parse.
    """
    old, new = _statements(before), _statements(after)
    matcher = difflib.SequenceMatcher(None, [text for text, _ in old], [text for text, _ in new], autojunk=False)
    changes: list[StatementChange] = []
    for kind, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        if kind != "equal":
            changes += _paired(old[old_start:old_end], new[new_start:new_end])
    return tuple(changes)


@dataclass(frozen=True)
class _Literal:
    label: str
    value: object
    # first line and column, last line and column behind it
    place: tuple[int, int, int, int]

    @property
    def line(self) -> int:
        return self.place[0]


@dataclass
class _Reading:
    """A code taken apart: its ``literals``, and the ``shape`` that is left when they are blanked."""

    shape: list[object] = field(default_factory=list)
    literals: list[_Literal] = field(default_factory=list)

    def read(self, node: ast.AST, label: Label) -> None:
        is_literal, value = _literal(node)
        if is_literal and label is not _DICTIONARY_KEY:
            self.shape.append(_Literal)
            self._add(node, label, value)
            return
        self.shape.append(type(node))
        labels = dict(_inner_labels(node, label))
        for name in node._fields:
            self._read_field(getattr(node, name, None), labels)

    def _read_field(self, value: object, labels: dict[int, Label]) -> None:
        if isinstance(value, list):
            self.shape.append(len(value))
            for item in value:
                self._read_field(item, labels)
        elif isinstance(value, ast.AST):
            self.read(value, labels.get(id(value)))
        else:
            # a type goes with its value: 1, True and 1.0 are equal in a list's comparison
            self.shape.append((type(value), value))

    def _add(self, node: ast.AST, label: Label, value: object) -> None:
        line, column = getattr(node, "lineno", 1), getattr(node, "col_offset", 0)
        end = getattr(node, "end_lineno", None) or line, getattr(node, "end_col_offset", None) or column
        told = label if isinstance(label, str) else f"line {line}"
        self.literals.append(_Literal(told, value, (line, column, *end)))


def _read(code: str) -> _Reading:
    reading = _Reading()
    reading.read(canonical_tree(code), None)
    return reading


def _literal(node: ast.AST) -> tuple[bool, object]:
    if isinstance(node, ast.Constant):
        return node.value is not Ellipsis, node.value
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.UAdd)):
        is_literal, value = _literal(node.operand)
        if is_literal and isinstance(value, (int, float, complex)) and not isinstance(value, bool):
            return True, -value if isinstance(node.op, ast.USub) else value
    return False, None


def _inner_labels(node: ast.AST, label: Label) -> Iterator[tuple[int, Label]]:
    """The labels of a node's direct children, by the child's identity; the others have nothing in front."""
    match node:
        case ast.Assign(targets=[*_, target], value=value):
            yield id(value), _target_label(target)
        case ast.AnnAssign(target=target, value=value) | ast.AugAssign(target=target, value=value):
            yield id(value), _target_label(target)
        case ast.NamedExpr(target=target, value=value):
            yield id(value), _target_label(target)
        case ast.keyword(arg=name, value=value):
            yield id(value), name
        case ast.arguments():
            yield from _default_labels(node)
        case ast.Call(func=function, args=arguments):
            called = _called_name(function)
            for position, argument in enumerate(arguments):
                yield id(argument), f"{called}[{position}]" if called else None
        case ast.Dict(keys=keys, values=values):
            for key, value in zip(keys, values, strict=True):
                is_name, known = _literal(key) if key else (False, None)
                yield id(key), _DICTIONARY_KEY if is_name else None
                yield id(value), str(known) if is_name else label
        case ast.Tuple(elts=elements) | ast.List(elts=elements) | ast.Set(elts=elements):
            yield from zip(map(id, elements), _element_labels(label, len(elements)), strict=True)
        case (
            ast.BinOp() | ast.UnaryOp() | ast.IfExp() | ast.BoolOp() | ast.Starred() | ast.Await()
            | ast.JoinedStr() | ast.FormattedValue()
        ):  # fmt: skip
            for child in ast.iter_child_nodes(node):
                yield id(child), label


def _target_label(target: ast.expr) -> Label:
    if isinstance(target, (ast.Tuple, ast.List)):
        return tuple(ast.unparse(element) for element in target.elts)
    return ast.unparse(target)


def _element_labels(label: Label, count: int) -> Sequence[Label]:
    if isinstance(label, tuple):
        return label if len(label) == count else [None] * count
    return [f"{label}[{position}]" if label else None for position in range(count)]


def _default_labels(arguments: ast.arguments) -> Iterator[tuple[int, Label]]:
    positional = [*arguments.posonlyargs, *arguments.args]
    for argument, default in zip(reversed(positional), reversed(arguments.defaults), strict=False):
        yield id(default), argument.arg
    for argument, value in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        yield id(value), argument.arg


def _called_name(function: ast.expr) -> str | None:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else None


def _labels(reading: _Reading) -> list[str]:
    """The literals' labels, made unique."""
    seen: Counter[str] = Counter()
    labels = []
    for literal in reading.literals:
        seen[literal.label] += 1
        count = seen[literal.label]
        labels.append(literal.label if count == 1 else f"{literal.label} ({count})")
    return labels


def _is_same(before: object, after: object) -> bool:
    # repr tells 0.0 from -0.0
    return type(before) is type(after) and repr(before) == repr(after)


def _statements(code: str) -> list[tuple[str, int | None]]:
    """The lines of the normalised code, a statement or a head each, with their line in ``code``."""
    tree = canonical_tree(code)
    text = canonical_text(tree)
    lines: dict[int, int] = {}
    # both trees have one shape; breadth first, so that a line is told by its statement
    for node, original in zip(ast.walk(parse(text)), ast.walk(tree), strict=False):
        if isinstance(node, (ast.stmt, ast.expr, ast.pattern, ast.excepthandler)):
            lines.setdefault(node.lineno, getattr(original, "lineno", 1))
    rows: list[tuple[str, int | None]] = []
    line = None
    for number, row in reversed(list(enumerate(text.split("\n") if text else [], 1))):
        # ``else:`` has no node: it gets the line of what follows
        line = lines.get(number, line)
        rows.append((row, line))
    return rows[::-1]


def _paired(old: Sequence[tuple[str, int | None]], new: Sequence[tuple[str, int | None]]) -> Iterator[StatementChange]:
    for was, now in zip_longest(old, new):
        yield (
            now[1] if now else was[1],
            was[0].strip() if was else None,
            now[0].strip() if now else None,
        )

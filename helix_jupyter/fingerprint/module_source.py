"""What one module's text says, statement by statement: the names that each binds and reads, and its imports.

From the text alone: nothing is imported or executed. Statements that only define something (functions, plain
classes, constants) are told from those that act when the module is imported (calls, decorators that might
register, loops): an edit of a definition that nothing reaches changes nothing, an edit of the others may.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from xxhash import xxh3_128_hexdigest

from helix_jupyter.cell.syntax import deeply
from helix_jupyter.cell.types import WHOLE
from helix_jupyter.fingerprint.framing import digest_fields

ALL = "*"
"""Stands for all members of a module, and for the names that they get."""


class Does(Enum):
    """What a statement does when its module is imported."""

    DEFINES = "defines"
    IMPORTS = "imports"
    ACTS = "acts"


@dataclass(frozen=True)
class Import:
    """``name`` (empty: none) is bound to ``module``, or to its ``member``."""

    name: str
    module: str
    member: str = ""


@dataclass(frozen=True)
class Statement:
    """One statement at a module's top level.

    ``reads`` maps every name that occurs in it, local ones included, to the attribute chains behind it (the
    empty string: a bare use). ``imports`` are those in nested functions, too. ``is_open``: it looks names up in
    ways that its text does not tell (``globals()``, ``eval``). ``evaluates``: the names that it reads when the
    module is imported, not those that only the functions in it read. ``is_helper``: it is a function or class.
    ``gives``: the names that it assigns and does not read.
    """

    digest: str
    does: Does
    binds: frozenset[str]
    reads: Mapping[str, frozenset[str]]
    imports: tuple[Import, ...]
    is_open: bool
    evaluates: frozenset[str] = frozenset()
    is_helper: bool = False
    gives: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Source:
    """A module's text: the digest of its whole syntax, docstrings left out, and its statements in order."""

    digest: str
    statements: tuple[Statement, ...]

    @cached_property
    def binders(self) -> Mapping[str, tuple[int, ...]]:
        """The numbers of the statements that bind each name."""
        found: dict[str, list[int]] = {}
        for number, statement in enumerate(self.statements):
            for name in statement.binds:
                found.setdefault(name, []).append(number)
        return {name: tuple(numbers) for name, numbers in found.items()}

    @cached_property
    def imported(self) -> tuple[Import, ...]:
        """What is imported when the module is."""
        return tuple(one for each in self.statements if each.does is Does.IMPORTS for one in each.imports)

    @cached_property
    def tops(self) -> frozenset[str]:
        """The top-level modules that any statement imports."""
        return frozenset(one.module.partition(".")[0] for each in self.statements for one in each.imports)

    @cached_property
    def ordered(self) -> frozenset[int]:
        """The numbers of the statements whose order may count; the others may stand anywhere.

        Those that act, with all that they reach; those that bind a name which others bind, too, with who reads it; and
        who makes something of a name of these when it is defined (``X = Y[0]``, a default, a base class).
        """
        found: set[int] = set()
        several = {name for name, numbers in self.binders.items() if len(numbers) > 1}
        waiting = [*self.acting]
        for number, statement in enumerate(self.statements):
            if not several.isdisjoint(statement.reads) or not several.isdisjoint(statement.binds):
                waiting.append(number)
        while waiting:
            number = waiting.pop()
            if number not in found:
                found.add(number)
                waiting += (one for name in self.statements[number].reads for one in self.binders.get(name, ()))
        before = -1
        while before != len(found):
            before = len(found)
            names = {name for number in found for name in self.statements[number].binds}
            found |= {number for number, one in enumerate(self.statements) if not names.isdisjoint(one.evaluates)}
        return frozenset(found)

    def told(self, numbers: Iterable[int]) -> tuple[str, ...]:
        """The digests of some statements: in their order where that may count, and on their side of each star."""
        chosen = sorted(numbers)
        if any(self.statements[number].is_open for number in chosen):
            return tuple(self.statements[number].digest for number in chosen)
        stars = [number for number, one in enumerate(self.statements) if any(each.name == ALL for each in one.imports)]
        lines = [self.statements[number].digest for number in stars] if len(stars) > 1 else []
        for start, end in zip([-1, *stars], [*stars, len(self.statements)], strict=True):
            inside = [number for number in chosen if start < number < end]
            free = sorted(self.statements[number].digest for number in inside if number not in self.ordered)
            if inside:
                lines += [*(self.statements[number].digest for number in inside if number in self.ordered), "", *free]
                lines.append("|")
        return tuple(lines)

    def stars_behind(self, name: str) -> tuple[Import, ...]:
        """The modules whose names may take the place of what binds ``name`` here, or that may give it."""
        first = min(self.binders.get(name, (-1,)))
        return tuple(one for each in self.statements[first + 1 :] for one in each.imports if one.name == ALL)

    @cached_property
    def acting(self) -> tuple[int, ...]:
        """The numbers of the statements that act when the module is imported."""
        return tuple(number for number, each in enumerate(self.statements) if each.does is Does.ACTS)


@deeply
def read_source(text: str | bytes, package: str) -> Source:
    """What ``text`` says; relative imports start from ``package``. What does not parse counts by its bytes."""
    raw = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # a binary module, or one that cannot be imported
        digest = digest_fields("bytes", xxh3_128_hexdigest(raw))
        return Source(digest, (Statement(digest, Does.ACTS, frozenset(), {}, (), False),))
    _drop_docstrings(tree)
    body = list(_one_by_one(tree.body))
    bound = [frozenset(_bound(node)) for node in body]
    judge = _Judge(body, bound)
    statements = tuple(_statement(*each, package, judge) for each in zip(body, bound, strict=True))
    return Source(digest_fields("syntax", *(statement.digest for statement in statements)), statements)


def _one_by_one(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements, with one for each name that an import gives: the others are nothing to who uses one."""
    for node in body:
        if isinstance(node, ast.Import):
            yield from (ast.Import([alias]) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (ast.ImportFrom(node.module, [alias], node.level) for alias in node.names)
        else:
            yield node


def _statement(node: ast.stmt, bound: frozenset[str], package: str, judge: _Judge) -> Statement:
    does = judge.does(node)
    if does is Does.DEFINES:
        _drop_annotations(node)
    reads, attributes = _reads(node)
    imports = tuple(dict.fromkeys(_imports(node, package)))
    return Statement(
        xxh3_128_hexdigest(ast.dump(node).encode("utf-8", "surrogatepass")),
        does,
        bound,
        {name: WHOLE if chains == WHOLE else frozenset(chains) for name, chains in reads.items()},
        imports,
        not _OPEN.isdisjoint(reads) or "__subclasses__" in attributes,
        frozenset(_evaluated(node)),
        isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef),
        _given(node),
    )


def _given(node: ast.stmt) -> frozenset[str]:
    if not isinstance(node, ast.Assign | ast.AnnAssign):
        return frozenset()
    names = [one for one in _walk(node) if isinstance(one, ast.Name)]
    read = {one.id for one in names if not isinstance(one.ctx, ast.Store)}
    return frozenset(one.id for one in names) - read


def _evaluated(tree: ast.AST) -> Iterator[str]:
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            waiting += [*node.decorator_list, node.args]
        else:
            waiting += _children(node.args if isinstance(node, ast.Lambda) else node)


_OPEN = frozenset({"globals", "locals", "vars", "eval", "exec", "compile"})


_LEAVES = frozenset({ast.Name, ast.Constant, ast.alias})


def _children(node: ast.AST) -> list[ast.AST]:
    """As ``ast.iter_child_nodes``, in a fifth of its time, and without ``Load`` and ``Store``."""
    if type(node) in _LEAVES:
        return []
    found: list[ast.AST] = []
    for name in node._fields:
        value = getattr(node, name, None)
        if isinstance(value, list):
            found += [item for item in value if isinstance(item, ast.AST)]
        elif isinstance(value, ast.AST) and name != "ctx":
            found.append(value)
    return found


def _walk(tree: ast.AST) -> list[ast.AST]:
    """As ``ast.walk``, in its order."""
    nodes = [tree]
    for node in nodes:
        nodes += _children(node)
    return nodes


def _reads(tree: ast.AST) -> tuple[dict[str, set[str]], set[str]]:
    """Names with the chains behind them, and all attributes."""
    names: dict[str, set[str]] = {}
    attributes: set[str] = set()
    waiting: list[ast.AST] = [tree]
    while waiting:
        node, steps = waiting.pop(), list[str]()
        while isinstance(node, ast.Attribute):
            steps.append(node.attr)
            node = node.value
        attributes.update(steps)
        if isinstance(node, ast.Name):
            names.setdefault(node.id, set()).add(".".join(reversed(steps)))
        else:
            waiting.extend(_children(node))
    return names, attributes


def _bound(node: ast.AST) -> Iterator[str]:
    """Names that a statement binds in its own scope, those that its functions declare global included."""
    waiting: list[ast.AST] = [node]
    while waiting:
        each = waiting.pop()
        if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield each.name
            yield from (name for inner in _walk(each) if isinstance(inner, ast.Global) for name in inner.names)
            continue
        if isinstance(each, ast.alias) and each.name != ALL:
            yield each.asname or _top(each)
        elif isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
            yield each.id
        elif isinstance(each, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and each.name:
            yield each.name
        elif isinstance(each, ast.MatchMapping) and each.rest:
            yield each.rest
        waiting.extend(_children(each))


def _imports(tree: ast.AST, package: str) -> Iterator[Import]:
    for node in _walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(alias.asname or alias.name.partition(".")[0], alias.name if alias.asname else _top(alias))
                yield Import("", alias.name)
        elif isinstance(node, ast.ImportFrom):
            base = resolve_relative(package, node.level, node.module or "")
            yield from (Import(alias.asname or alias.name, base, alias.name) for alias in node.names)
        elif isinstance(node, ast.Call):
            yield from _called_import(node, package)


def _top(alias: ast.alias) -> str:
    return alias.name.partition(".")[0]


def _called_import(call: ast.Call, package: str) -> Iterator[Import]:
    """``importlib.import_module("a.b")`` and ``__import__("a.b")`` with the name written out."""
    function = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if function in ("import_module", "__import__") and call.args and isinstance(call.args[0], ast.Constant):
        name = call.args[0].value
        if isinstance(name, str):
            stripped = name.lstrip(".")
            yield Import("", resolve_relative(package, len(name) - len(stripped), stripped), ALL)


def resolve_relative(package: str, level: int, name: str) -> str:
    """The absolute name of ``from ..name import x`` (``level`` dots) inside ``package``."""
    if level == 0:
        return name
    steps = package.split(".")
    base = ".".join(steps[: len(steps) - level + 1])
    return f"{base}.{name}" if name and base else base or name


class _Judge:
    """Tells statements that only define something from those that act.

    Decorators of Python's own that give the function back, dressed, are no acts; any other may register what it is
    given. So may a base class from elsewhere, or one with an ``__init_subclass__``.
    """

    def __init__(self, body: Sequence[ast.stmt], bound: Sequence[frozenset[str]]) -> None:
        self._imported = {one.name: one for node in body if _is_import(node) for one in _imports(node, "")}
        self._classes: set[str] = set()
        pairs = zip(body, bound, strict=True)
        self._rebound = {name for node, names in pairs if not _is_import(node) for name in names}

    def does(self, node: ast.stmt) -> Does:
        if _is_import(node):
            return Does.IMPORTS
        if not self._defines(node):
            return Does.ACTS
        if isinstance(node, ast.ClassDef):
            self._classes.add(node.name)
        return Does.DEFINES

    def _defines(self, node: ast.stmt) -> bool:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                evaluated = [node.args, *([node.returns] if node.returns else [])]
                return all(map(self._dresses, node.decorator_list)) and not any(map(_acts, evaluated))
            case ast.ClassDef(bases=bases, keywords=[], body=body):
                inherits = all(isinstance(base, ast.Name) and self._is_plain(base.id) for base in bases)
                return inherits and all(map(self._dresses, node.decorator_list)) and all(map(self._defines_in, body))
            case ast.Assign(targets=targets, value=value):
                return all(isinstance(target, ast.Name) for target in targets) and not _acts(value)
            case ast.AnnAssign(target=ast.Name()):
                return not _acts(node)
            case ast.If(test=ast.Compare(left=ast.Name(id="__name__")), orelse=[]):
                return "__main__" in ast.dump(node.test)
            case ast.If(test=test, body=body, orelse=[]) if self._is_for_type_checkers(test):
                return all(map(_is_import, body))
            case ast.Expr(value=ast.Constant()) | ast.Pass():
                return True
        return False

    def _is_for_type_checkers(self, test: ast.expr) -> bool:
        """Python itself never runs what stands below ``TYPE_CHECKING``."""
        match test:
            case ast.Name(id=name) if name not in self._rebound and (found := self._imported.get(name)) is not None:
                return (found.module, found.member) == ("typing", "TYPE_CHECKING")
            case ast.Attribute(value=ast.Name(id=name), attr="TYPE_CHECKING") if name not in self._rebound:
                found = self._imported.get(name)
                return found is not None and (found.module, found.member) == ("typing", "")
        return False

    def _defines_in(self, node: ast.stmt) -> bool:
        """The same for a statement of a class body."""
        return self._defines(node) and getattr(node, "name", "") not in ("__init_subclass__", "__class_getitem__")

    def _is_plain(self, name: str) -> bool:
        return name in self._classes or (hasattr(builtins, name) and not self._is_own(name))

    def _is_own(self, name: str) -> bool:
        return name in self._rebound or name in self._imported

    def _dresses(self, decorator: ast.expr) -> bool:
        if isinstance(decorator, ast.Call):
            arguments = [*decorator.args, *(word.value for word in decorator.keywords)]
            return self._dresses(decorator.func) and not any(map(_acts, arguments))
        if isinstance(decorator, ast.Attribute) and decorator.attr in ("setter", "getter", "deleter"):
            return True
        name = decorator.value if isinstance(decorator, ast.Attribute) else decorator
        if not isinstance(name, ast.Name) or name.id in self._rebound:
            return False
        if name.id in ("property", "staticmethod", "classmethod"):
            return name.id not in self._imported
        found = self._imported.get(name.id)
        return found is not None and found.module in ("functools", "contextlib", "dataclasses")


def _is_import(node: ast.stmt) -> bool:
    return isinstance(node, ast.Import | ast.ImportFrom)


def _acts(tree: ast.AST) -> bool:
    """Whether evaluating an expression may do more than give a value: it calls something, outside of lambdas."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Call | ast.Await | ast.NamedExpr):
            return True
        waiting += _children(node.args if isinstance(node, ast.Lambda) else node)
    return False


def _drop_annotations(node: ast.AST) -> None:
    """Take out the annotations of a function, or of a class's methods; those of fields say what a dataclass has."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        node.returns = None
        arguments = node.args
        for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg):
            if each is not None:
                each.annotation = None
    elif isinstance(node, ast.ClassDef):
        for inner in node.body:
            _drop_annotations(inner)


_BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")


def _drop_docstrings(tree: ast.Module) -> None:
    nodes: list[ast.AST] = [tree]
    for node in nodes:
        # no expression holds a statement
        nodes += [inner for name in _BLOCKS for inner in getattr(node, name, ())]
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0] if node.body else None
            if (
                isinstance(first, ast.Expr)
                and isinstance(first.value, ast.Constant)
                and isinstance(first.value.value, str)
            ):
                node.body = node.body[1:] or [ast.Pass()]

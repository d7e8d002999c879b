"""Which names a cell reads, binds and changes: walks a syntax tree, collects in a `NameFinder`. Runs nothing.

One pass in the order of execution; ``scopes`` keeps the books. ``symtable`` was rejected: it knows neither order nor
branches nor attributes, so that the tree would have to be walked all the same.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from helix_jupyter.cell.embedded import Embedded, embedded
from helix_jupyter.cell.flow import Flow, Loop, join
from helix_jupyter.cell.scopes import Certainty, Kind, Scopes

IN_PLACE_METHODS = frozenset(
    {"fit", "partial_fit", "append", "extend", "insert", "update", "pop", "popitem", "remove", "clear"}
    | {"sort", "reverse", "setdefault", "add", "discard"}
)
"""Methods that, called as a statement, are taken to change their object. Others are unknowable."""


class NameFinder(Scopes):
    """Collects while it visits statements in order.

    Attributes
    ----------
    modules, strings
        As in `CellAnalysis`, in order. The others are those of `Scopes`.
    """

    def __init__(self) -> None:
        super().__init__()
        self.modules: dict[str, None] = {}
        self.strings: dict[str, None] = {}
        self._annotations_run = True

    def visit(self, node: ast.AST) -> None:
        """Visit one node with all that is below it."""
        visitor = _VISITORS.get(type(node))
        if visitor is None:
            self._children(node)
        else:
            visitor(self, node)

    def visit_all(self, nodes: Iterable[ast.AST | None]) -> None:
        """Visit nodes in order."""
        for node in nodes:
            if node is not None:
                self.visit(node)

    def _children(self, node: ast.AST) -> None:
        for name in node._fields:
            value = getattr(node, name, None)
            if isinstance(value, list):
                self.visit_all(item for item in value if isinstance(item, ast.AST))
            elif isinstance(value, ast.AST) and not isinstance(value, _CHILDLESS):
                self.visit(value)

    def _mutate(self, node: ast.AST) -> None:
        while isinstance(node, (ast.Attribute, ast.Subscript, ast.Starred)):
            node = node.value
        if isinstance(node, ast.Name):
            self._use(node.id, path=None, mutated=True)

    def visit_name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Load):
            self._use(node.id)
        elif isinstance(node.ctx, ast.Store):
            self._bind(node.id)
        else:
            self._use(node.id)
            if self._scopes:
                self._bind(node.id)
            self._unbind(node.id)

    def visit_attribute(self, node: ast.Attribute) -> None:
        if not isinstance(node.ctx, ast.Load):
            self._mutate(node.value)
        path = [node.attr]
        value = node.value
        while isinstance(value, ast.Attribute):
            path.append(value.attr)
            value = value.value
        if isinstance(value, ast.Name):
            self._use(value.id, ".".join(reversed(path)))
        else:
            self.visit(value)

    def visit_subscript(self, node: ast.Subscript) -> None:
        self.visit(node.value)
        self.visit(node.slice)
        if not isinstance(node.ctx, ast.Load):
            self._mutate(node.value)

    def visit_constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str):
            self.strings.setdefault(node.value)

    def visit_joined_string(self, node: ast.JoinedStr) -> None:
        # the fixed parts are fragments, never a file's name
        self.visit_all(part for part in node.values if not isinstance(part, ast.Constant))

    def visit_call(self, node: ast.Call) -> None:
        self._children(node)
        if any(word.arg == "inplace" and _is_true(word.value) for word in node.keywords):
            self._mutate(node.func)
        found = embedded(node)
        if found is not None:
            self._visit_embedded(found)

    def _visit_embedded(self, found: Embedded) -> None:
        for name in found.names:
            self._use(name, guarded=True)
        if found.is_local:
            with self._function():
                self.visit_all(found.statements)
        else:
            self.visit_all(found.statements)
        if found.binds is not None:
            self._bind(found.binds)

    def visit_walrus(self, node: ast.NamedExpr) -> None:
        self.visit(node.value)
        name = node.target.id
        around = [scope for scope in self._scopes if scope.kind in (Kind.FUNCTION, Kind.CLASS)]
        if around:
            around[-1].bound.add(name)
            return
        if name not in self._flow.definite:
            for scope in self._scopes:
                scope.walrus.add(name)
        self._bind_in_cell(name)

    def visit_conditional(self, node: ast.IfExp) -> None:
        self.visit(node.test)
        self._branches([node.body], [node.orelse])

    def visit_boolean(self, node: ast.BoolOp) -> None:
        self.visit(node.values[0])
        self._branches(node.values[1:], [])

    def visit_lambda(self, node: ast.Lambda) -> None:
        self._defaults(node.args)
        with self._function() as scope:
            scope.bound.update(argument.arg for argument in _arguments(node.args))
            self.visit(node.body)

    def visit_comprehension(self, node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp) -> None:
        # the first iterable is evaluated at once and outside, even for a generator
        self.visit(node.generators[0].iter)
        is_lazy = isinstance(node, ast.GeneratorExp)
        if not is_lazy and any(generator.is_async for generator in node.generators):
            self._awaits()
        with self._scope(Kind.GENERATOR if is_lazy else Kind.EXPRESSION) as scope:
            for number, generator in enumerate(node.generators):
                if number:
                    self.visit(generator.iter)
                self.visit(generator.target)
                self.visit_all(generator.ifs)
            self.visit_all([node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt])
        self._flow.definite -= scope.walrus

    def visit_await(self, node: ast.Await) -> None:
        self._awaits()
        self.visit(node.value)

    # simple statements

    def visit_expression(self, node: ast.Expr) -> None:
        call = node.value
        self.visit(call)
        if (
            isinstance(call, ast.Call)
            and isinstance(call.func, ast.Attribute)
            and call.func.attr in IN_PLACE_METHODS
            and isinstance(call.func.value, ast.Name)
        ):
            self._mutate(call.func)

    def visit_assignment(self, node: ast.Assign) -> None:
        self.visit(node.value)
        self.visit_all(node.targets)

    def visit_augmented(self, node: ast.AugAssign) -> None:
        target = node.target
        if isinstance(target, ast.Name):
            self._use(target.id)
            self._mutate(target)
            self.visit(node.value)
            self._bind(target.id)
        else:
            self.visit(target)
            self.visit(node.value)

    def visit_annotated(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.visit(node.value)
        in_function = bool(self._scopes) and self._scopes[-1].kind is Kind.FUNCTION
        if self._annotations_run and not in_function:
            self.visit(node.annotation)
        if node.value is not None or not isinstance(node.target, ast.Name):
            self.visit(node.target)
        elif self._scopes and in_function:
            self._bind(node.target.id)

    def visit_assert(self, node: ast.Assert) -> None:
        self.visit(node.test)
        self._branches([node.msg] if node.msg else [], [])

    def visit_leaving(self, node: ast.Return | ast.Raise) -> None:
        self._children(node)
        self._leave()

    def visit_break(self, node: ast.Break) -> None:
        self._loops[-1].broken.append(self._flow)
        self._leave()

    def visit_continue(self, node: ast.Continue) -> None:
        self._loops[-1].continued.append(self._flow)
        self._leave()

    def _leave(self) -> None:
        self._flow = self._flow.copy()
        self._flow.live = False

    def visit_global(self, node: ast.Global) -> None:
        if self._scopes:
            self._scopes[-1].shared.update(node.names)

    def visit_nonlocal(self, node: ast.Nonlocal) -> None:
        self._scopes[-1].nonlocal_.update(node.names)

    def visit_import(self, node: ast.Import) -> None:
        for alias in node.names:
            self.modules.setdefault(alias.name)
            self._bind(alias.asname or alias.name.partition(".")[0])

    def visit_import_from(self, node: ast.ImportFrom) -> None:
        source = "." * node.level + (node.module or "")
        self.modules.setdefault(source)
        for alias in node.names:
            # what is imported from a package may be one of its modules
            if alias.name != "*":
                self.modules.setdefault(source + alias.name if source.endswith(".") else f"{source}.{alias.name}")
            self._bind(alias.asname or alias.name)
        if node.module == "__future__" and any(alias.name == "annotations" for alias in node.names):
            self._annotations_run = False

    # definitions

    def visit_function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self.visit_all(node.decorator_list)
        self._defaults(node.args)
        self._bind(node.name)
        with self._type_parameters(node):
            if self._annotations_run:
                self.visit_all(argument.annotation for argument in _arguments(node.args))
                self.visit_all([node.returns])
            with self._function() as scope:
                scope.bound.update(argument.arg for argument in _arguments(node.args))
                self.visit_all(node.body)

    def visit_class(self, node: ast.ClassDef) -> None:
        self.visit_all(node.decorator_list)
        self._classes.append(node.name)
        with self._type_parameters(node):
            self.visit_all(node.bases)
            self.visit_all(node.keywords)
            with self._scope(Kind.CLASS):
                self.visit_all(node.body)
        self._classes.pop()
        self._bind(node.name)

    def visit_type_alias(self, node: Any) -> None:
        self._bind(node.name.id)
        with self._type_parameters(node), self._function():
            self.visit(node.value)

    @contextmanager
    def _type_parameters(self, node: Any) -> Iterator[None]:
        # Python 3.12: def first[T](items: list[T]) -> T
        parameters = getattr(node, "type_params", None)
        if not parameters:
            yield
            return
        with self._scope(Kind.EXPRESSION) as scope:
            scope.bound.update(parameter.name for parameter in parameters)
            yield

    def _defaults(self, arguments: ast.arguments) -> None:
        self.visit_all(arguments.defaults)
        self.visit_all(arguments.kw_defaults)

    # compound statements

    def _branches(self, *branches: Sequence[ast.AST]) -> None:
        entry, conditional = self._flow, self._conditional
        self._conditional = True
        ends = []
        for nodes in branches:
            self._flow = entry.copy()
            self.visit_all(nodes)
            ends.append(self._flow)
        self._flow, self._conditional = join(ends), conditional

    def visit_if(self, node: ast.If) -> None:
        self.visit(node.test)
        self._branches(node.body, node.orelse)

    def visit_for(self, node: ast.For | ast.AsyncFor) -> None:
        if isinstance(node, ast.AsyncFor):
            self._awaits()
        self.visit(node.iter)
        self._loop([node.target, *node.body], node.orelse, is_endless=False)

    def visit_while(self, node: ast.While) -> None:
        self.visit(node.test)
        self._loop(node.body, node.orelse, _is_endless(node))

    def _loop(self, body: Sequence[ast.AST], otherwise: Sequence[ast.AST], is_endless: bool) -> None:
        entry, conditional, loop = self._flow, self._conditional, Loop()
        self._flow, self._conditional = entry.copy(), False
        self._loops.append(loop)
        self._recorders.append(loop.bound)
        self.visit_all(body)
        self._loops.pop()
        self._recorders.pop()
        self._conditional = conditional
        self._settle(loop)
        self._flow = join([entry, self._flow, *loop.continued])
        self._flow.live = self._flow.live and not is_endless
        self.visit_all(otherwise)
        self._flow = join([self._flow, *loop.broken])

    def _settle(self, loop: Loop) -> None:
        for name in loop.waiting:
            if name in loop.bound:
                continue
            if self._loops:
                self._loops[-1].waiting.append(name)
            else:
                self.uses[name] = Certainty.CERTAIN

    def visit_try(self, node: ast.Try) -> None:
        entry, guarded, conditional = self._flow.copy(), self._guarded, self._conditional
        recorder: set[str] = set()
        self._recorders.append(recorder)
        self._guarded = guarded or any(map(_catches_name_error, node.handlers))
        self._conditional = True
        self.visit_all(node.body)
        self._recorders.pop()
        self._guarded = guarded
        interrupted = Flow(entry.definite & self._flow.definite, entry.possible | recorder)
        self.visit_all(node.orelse)
        ends = [self._flow]
        for handler in node.handlers:
            self._flow = interrupted.copy()
            self.visit(handler)
            ends.append(self._flow)
        self._flow, self._conditional = join(ends), conditional
        if node.finalbody:
            self._finally(node.finalbody, interrupted)

    def visit_handler(self, node: ast.ExceptHandler) -> None:
        self.visit_all([node.type])
        if node.name:
            self._bind(node.name)
        self.visit_all(node.body)
        if node.name:
            self._unbind(node.name)

    def _finally(self, body: Sequence[ast.AST], interrupted: Flow) -> None:
        before = self._flow
        self._flow = Flow(set(interrupted.definite), before.possible | interrupted.possible)
        self.visit_all(body)
        after = self._flow
        self._flow = Flow(
            (before.definite | after.definite) & after.possible, after.possible, before.live and after.live
        )

    def visit_with(self, node: ast.With | ast.AsyncWith) -> None:
        if isinstance(node, ast.AsyncWith):
            self._awaits()
        self.visit_all(node.items)
        self.visit_all(node.body)

    def visit_match(self, node: ast.Match) -> None:
        self.visit(node.subject)
        always_matches = any(case.guard is None and _is_irrefutable(case.pattern) for case in node.cases)
        self._branches(*([case] for case in node.cases), *([] if always_matches else [[]]))

    def visit_pattern(self, node: ast.MatchAs | ast.MatchStar | ast.MatchMapping) -> None:
        self._children(node)
        name = node.rest if isinstance(node, ast.MatchMapping) else node.name
        if name is not None:
            self._bind(name)


def _arguments(arguments: ast.arguments) -> Iterator[ast.arg]:
    yield from arguments.posonlyargs
    yield from arguments.args
    if arguments.vararg:
        yield arguments.vararg
    yield from arguments.kwonlyargs
    if arguments.kwarg:
        yield arguments.kwarg


def _is_endless(loop: ast.While) -> bool:
    return isinstance(loop.test, ast.Constant) and bool(loop.test.value)


def _is_true(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is True


def _is_irrefutable(pattern: ast.pattern) -> bool:
    return isinstance(pattern, ast.MatchAs) and (pattern.pattern is None or _is_irrefutable(pattern.pattern))


def _catches_name_error(handler: ast.ExceptHandler) -> bool:
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(isinstance(kind, ast.Name) and kind.id == "NameError" for kind in caught)


_CHILDLESS = (ast.expr_context, ast.operator, ast.unaryop)

_VISITORS: dict[type[ast.AST], Callable[[NameFinder, Any], None]] = {
    ast.Name: NameFinder.visit_name,
    ast.Attribute: NameFinder.visit_attribute,
    ast.Subscript: NameFinder.visit_subscript,
    ast.Constant: NameFinder.visit_constant,
    ast.JoinedStr: NameFinder.visit_joined_string,
    ast.Call: NameFinder.visit_call,
    ast.NamedExpr: NameFinder.visit_walrus,
    ast.IfExp: NameFinder.visit_conditional,
    ast.BoolOp: NameFinder.visit_boolean,
    ast.Lambda: NameFinder.visit_lambda,
    ast.ListComp: NameFinder.visit_comprehension,
    ast.SetComp: NameFinder.visit_comprehension,
    ast.DictComp: NameFinder.visit_comprehension,
    ast.GeneratorExp: NameFinder.visit_comprehension,
    ast.Await: NameFinder.visit_await,
    ast.Expr: NameFinder.visit_expression,
    ast.Assign: NameFinder.visit_assignment,
    ast.AugAssign: NameFinder.visit_augmented,
    ast.AnnAssign: NameFinder.visit_annotated,
    ast.Assert: NameFinder.visit_assert,
    ast.Return: NameFinder.visit_leaving,
    ast.Raise: NameFinder.visit_leaving,
    ast.Break: NameFinder.visit_break,
    ast.Continue: NameFinder.visit_continue,
    ast.Global: NameFinder.visit_global,
    ast.Nonlocal: NameFinder.visit_nonlocal,
    ast.Import: NameFinder.visit_import,
    ast.ImportFrom: NameFinder.visit_import_from,
    ast.FunctionDef: NameFinder.visit_function,
    ast.AsyncFunctionDef: NameFinder.visit_function,
    ast.ClassDef: NameFinder.visit_class,
    ast.If: NameFinder.visit_if,
    ast.For: NameFinder.visit_for,
    ast.AsyncFor: NameFinder.visit_for,
    ast.While: NameFinder.visit_while,
    ast.Try: NameFinder.visit_try,
    ast.TryStar: NameFinder.visit_try,
    ast.ExceptHandler: NameFinder.visit_handler,
    ast.With: NameFinder.visit_with,
    ast.AsyncWith: NameFinder.visit_with,
    ast.Match: NameFinder.visit_match,
    ast.MatchAs: NameFinder.visit_pattern,
    ast.MatchStar: NameFinder.visit_pattern,
    ast.MatchMapping: NameFinder.visit_pattern,
}
if hasattr(ast, "TypeAlias"):
    _VISITORS[ast.TypeAlias] = NameFinder.visit_type_alias

"""What an expression's value hangs on: names that it shares memory with, generators that it holds, where it is tied to.

Reads syntax; knows no cells.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field

from helix_jupyter.adopt.words import (
    CLOCK_MODULES,
    CLOCKS,
    FIGURE_METHODS,
    GENERATORS,
    GIVING_THEMSELVES,
    HOLDERS,
    ITERATORS,
    PLOTTING_METHODS,
    PYPLOT_VALUES,
    SHARING,
    path_of,
)


@dataclass(frozen=True)
class Function:
    """What a function (or class) of the notebook does beyond giving a value.

    ``reads`` are outside names, ``changes`` those whose values it changes in place, ``rebinds`` those that it gives
    another value (``global``), ``parameters`` in order, ``changed`` those that it
    changes in place and ``returned`` those that its value may be or hold. ``methods`` of a class change their object.
    """

    reads: frozenset[str] = frozenset()
    changes: frozenset[str] = frozenset()
    rebinds: frozenset[str] = frozenset()
    parameters: tuple[str, ...] = ()
    changed: frozenset[str] = frozenset()
    returned: frozenset[str] = frozenset()
    methods: frozenset[str] = frozenset()
    is_class: bool = False
    seeds: frozenset[str] = frozenset()
    draws: bool = False
    writes_files: bool = False
    plain: str = ""


@dataclass(frozen=True)
class Surroundings:
    """What is known of the notebook's names wherever they are used."""

    imports: Mapping[str, str] = field(default_factory=dict)
    functions: Mapping[str, Function] = field(default_factory=dict)
    tied: frozenset[str] = frozenset()
    generators: frozenset[str] = frozenset()
    drawing: frozenset[str] = frozenset()

    def source(self, path: tuple[str, ...]) -> str:
        """The dotted name that a path stands for; empty where its first word is not imported."""
        if not path or path[0] not in self.imports:
            return ""
        return ".".join([self.imports[path[0]], *path[1:]])

    def is_value(self, name: str) -> bool:
        """Whether it names a value: neither a module nor a function of the notebook."""
        return name not in self.imports and name not in self.functions


def root_of(node: ast.AST) -> str:
    """The name at the beginning of ``x.a[0].b``; empty for other expressions."""
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Starred)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def targets_of(node: ast.AST) -> Iterator[ast.expr]:
    """The single targets of an assignment's target."""
    if isinstance(node, (ast.Tuple, ast.List)):
        for element in node.elts:
            yield from targets_of(element)
    elif isinstance(node, ast.Starred):
        yield from targets_of(node.value)
    elif isinstance(node, ast.expr):
        yield node


def assignments(tree: ast.AST) -> Iterator[tuple[list[ast.expr], ast.expr, bool]]:
    """Every (targets, value, whether the targets are elements of the value) of a tree, in order of text."""
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=targets, value=value):
                yield [one for given in targets for one in targets_of(given)], value, False
            case ast.AnnAssign(target=target, value=ast.expr() as value) | ast.NamedExpr(target=target, value=value):
                yield [target], value, False
            case ast.For(target=target, iter=value) | ast.AsyncFor(target=target, iter=value):
                yield list(targets_of(target)), value, True
            case ast.comprehension(target=target, iter=value):
                yield list(targets_of(target)), value, True
            case ast.withitem(context_expr=value, optional_vars=ast.expr() as target):
                yield list(targets_of(target)), value, False


def given(call: ast.Call) -> list[ast.expr]:
    """All arguments of a call."""
    return [*call.args, *(word.value for word in call.keywords)]


def shared(node: ast.expr | None, around: Surroundings, in_place: bool = False) -> frozenset[str]:
    """The names whose values an expression's value may be, hold or look into.

    ``in_place``: only those that it may change, too. Estimators of scikit-learn work on copies of what they were given,
    but for pipelines.
    """

    def union(*parts: ast.expr) -> frozenset[str]:
        return frozenset().union(*(shared(part, around, in_place) for part in parts))

    match node:
        case ast.Name(id=name):
            return frozenset([name]) if around.is_value(name) else frozenset()
        case ast.Attribute(value=value) | ast.Subscript(value=value) | ast.Starred(value=value):
            return union(value)
        case ast.NamedExpr(value=value) | ast.Await(value=value):
            return union(value)
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts) | ast.BoolOp(values=parts):
            return union(*parts)
        case ast.Dict(values=parts):
            return union(*parts)
        case ast.IfExp(body=body, orelse=orelse):
            return union(body, orelse)
        case ast.ListComp(elt=element, generators=loops) | ast.SetComp(elt=element, generators=loops):
            return union(element, *(loop.iter for loop in loops))
        case ast.GeneratorExp(elt=element, generators=loops) | ast.DictComp(value=element, generators=loops):
            return union(element, *(loop.iter for loop in loops))
        case ast.Call() if in_place and _copies(node, around):
            # what holds a generator draws from that very one
            return shared(node, around) & around.generators
        case ast.Call():
            return union(*_handed_on(node, around))
    return frozenset()


def _handed_on(call: ast.Call, around: Surroundings) -> list[ast.expr]:
    """The parts of a call that its value may be, hold or look into."""
    path = path_of(call.func)
    last = path[-1] if path else getattr(call.func, "attr", "")
    own = [call.func.value] if isinstance(call.func, ast.Attribute) else []
    function = around.functions.get(path[0]) if len(path) == 1 else None
    if function is not None:
        kept = function.parameters if function.is_class else function.returned | function.changed
        return [value for name, value in bound(call, function) if name in kept or not name]
    if last in GIVING_THEMSELVES and own:
        return own
    if last in SHARING:
        # ``random_state`` of ``train_test_split`` is in no part
        return [*(call.args if around.source(path).startswith("sklearn.") else given(call)), *own]
    if last[:1].isupper() or last in HOLDERS:
        return [*given(call), *_beginnings(given(call))]
    return []


def _beginnings(parts: Collection[ast.expr]) -> list[ast.expr]:
    """What method calls among the arguments of a constructor start from (``SGD(model.parameters())``)."""
    calls = [part for part in parts if isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute)]
    roots = [ast.Name(root_of(call.func), ast.Load()) for call in calls]
    return [root for root in roots if root.id]


def _copies(call: ast.Call, around: Surroundings) -> bool:
    path = path_of(call.func)
    return around.source(path).startswith("sklearn.") and path[-1] not in HOLDERS


def is_composed(node: ast.expr, around: Surroundings) -> bool:
    """Whether a value is or has what is composed of other names' values and works on these in place: pipelines."""
    calls = (call for call in ast.walk(node) if isinstance(call, ast.Call))
    return any((path_of(call.func) or ("",))[-1] in HOLDERS and shared(call, around) for call in calls)


def bound(call: ast.Call, function: Function) -> list[tuple[str, ast.expr]]:
    """The arguments of a call with the parameters that they go to; an empty name where that is open."""
    names = function.parameters
    pairs = []
    for place, value in enumerate(call.args):
        is_open = isinstance(value, ast.Starred) or place >= len(names)
        pairs.append(("" if is_open else names[place], value))
    return [*pairs, *((word.arg or "", word.value) for word in call.keywords)]


def holds_generator(node: ast.expr | None, around: Surroundings) -> bool:
    """Whether a value is or holds a random generator, so that each use may change it."""

    def made(call: ast.Call) -> bool:
        path = path_of(call.func)
        return bool(path) and path[-1] in GENERATORS and (bool(around.source(path)) or path[0] in GENERATORS)

    return _holds(node, around.generators, made)


def _holds(node: ast.expr | None, names: frozenset[str], made: Callable[[ast.Call], bool]) -> bool:
    match node:
        case ast.Name(id=name):
            return name in names
        case ast.Starred(value=value) | ast.NamedExpr(value=value) | ast.Subscript(value=value):
            return _holds(value, names, made)
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts) | ast.Dict(values=parts):
            return any(_holds(part, names, made) for part in parts)
        case ast.ListComp(elt=element) | ast.SetComp(elt=element) | ast.GeneratorExp(elt=element):
            return _holds(element, names, made)
        case ast.DictComp(value=element):
            return _holds(element, names, made)
        case ast.IfExp(body=body, orelse=orelse):
            return _holds(body, names, made) or _holds(orelse, names, made)
        case ast.Call(func=function):
            if made(node):
                return True
            path = path_of(function)
            last = path[-1] if path else getattr(function, "attr", "")
            if isinstance(function, ast.Attribute) and last in SHARING:
                return _holds(function.value, names, made) or any(_holds(one, names, made) for one in given(node))
            if last[:1].isupper() or last in HOLDERS or last in SHARING or last.startswith("make_"):
                # ``make_blobs(random_state=rng)`` gives numbers: what holds a generator has fit or split
                is_data = last.startswith("make_") and last not in HOLDERS
                return not is_data and any(_holds(one, names, made) for one in given(node))
    return False


def is_tied(node: ast.expr | None, around: Surroundings) -> bool:
    """Whether a value makes no sense away from where it was made: a figure, a moment, an open file, an iterator."""
    match node:
        case ast.Name(id=name):
            return name in around.tied
        case ast.Attribute(value=value) | ast.Subscript(value=value) | ast.Starred(value=value):
            return is_tied(value, around)
        case ast.NamedExpr(value=value):
            return is_tied(value, around)
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts) | ast.Dict(values=parts):
            return any(is_tied(part, around) for part in parts)
        case ast.ListComp(elt=element) | ast.SetComp(elt=element):
            return is_tied(element, around)
        case ast.GeneratorExp():
            return True
        case ast.IfExp(body=body, orelse=orelse):
            return is_tied(body, around) or is_tied(orelse, around)
        case ast.Call():
            return _is_tied_call(node, around)
    return False


def _is_tied_call(call: ast.Call, around: Surroundings) -> bool:
    path = path_of(call.func)
    last = path[-1] if path else getattr(call.func, "attr", "")
    source = around.source(path)
    if source.startswith("matplotlib.pyplot.") or ".pyplot." in source:
        return not PYPLOT_VALUES & set(path)
    if source.startswith("seaborn."):
        return last not in ("load_dataset", "color_palette", "cubehelix_palette", "light_palette", "diverging_palette")
    if last in CLOCKS and source.split(".")[0] in CLOCK_MODULES:
        return True
    if path[:1] and len(path) == 1 and last in ITERATORS and last not in around.functions:
        return True
    if source.startswith("itertools."):
        return True
    if any("Display" in word for word in (*path, last)):
        return True
    if isinstance(call.func, ast.Attribute):
        if is_tied(call.func.value, around):
            return not last.startswith("get_") and last not in CLOCKS and last not in _FROM_TIED
        return (last in FIGURE_METHODS or last in PLOTTING_METHODS) and not source
    return False


# of moments, files and iterators: their values stand for themselves
_FROM_TIED = frozenset(["read", "readlines", "readline", "strftime", "isoformat", "timestamp", "total_seconds", "date"])

"""What the notebook's own functions and classes do beyond giving a value: reads definitions, returns `Function`s."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from helix_jupyter.adopt.calls import changed_by_calls, draws, plain_reason, seeds_of, writes_files
from helix_jupyter.adopt.pieces import Imports
from helix_jupyter.adopt.tracing import Function, Surroundings, assignments, root_of, shared
from helix_jupyter.cell.analyse import analyse
from helix_jupyter.cell.mutations import suspects
from helix_jupyter.cell.syntax import parse

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
# what a function does is known once those that it calls are: chains of calls are seldom longer
_ROUNDS = 4


def functions_of(codes: Iterable[str], imports: Imports) -> dict[str, Function]:
    """The functions and classes that these definitions bind; of several of one name the worst of all counts."""
    statements = [statement for code in codes for statement in parse(code).body]
    found: dict[str, Function] = {}
    for _ in range(_ROUNDS):
        around = Surroundings(imports, found)
        latest: dict[str, Function] = {}
        for statement in statements:
            for name, function in _of_statement(statement, around):
                latest[name] = _worse(latest[name], function) if name in latest else function
        if latest == found:
            break
        found = latest
    return found


def closed(names: Collection[str], functions: Mapping[str, Function]) -> frozenset[str]:
    """``names`` and all that the functions among them read, through any number of them."""
    reached: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            if name in functions:
                waiting.extend(functions[name].reads)
    return frozenset(reached)


def _of_statement(statement: ast.stmt, around: Surroundings) -> Iterable[tuple[str, Function]]:
    match statement:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            yield statement.name, _of_function(statement, around)
        case ast.ClassDef():
            yield statement.name, _of_class(statement, around)
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Lambda() as value):
            yield name, _of_lambda(value, around)


def _of_function(made: ast.FunctionDef | ast.AsyncFunctionDef, around: Surroundings) -> Function:
    code = ast.unparse(made)
    body = "\n".join(map(ast.unparse, made.body))
    analysis = analyse(code)
    reads = frozenset((*analysis.reads, *analysis.may_read))
    parameters = _parameters(made.args)
    tree = ast.Module(made.body, [])
    by_calls = changed_by_calls(tree, around)
    changed = {name for name in parameters if _changes(body, name) or name in by_calls}
    rebound = {name for node in ast.walk(made) if isinstance(node, ast.Global) for name in node.names}
    outside = {name for name in reads if around.is_value(name)}
    changes = {name for name in outside if _changes(body, name) or name in by_calls}
    return Function(
        reads=reads,
        changes=frozenset(changes),
        rebinds=frozenset(rebound),
        parameters=parameters,
        changed=frozenset(changed),
        returned=_returned(made, parameters, around),
        seeds=seeds_of(tree, around)[0],
        draws=draws(tree, around),
        writes_files=writes_files(tree, around),
        plain=plain_reason(tree, around, in_function=True),
    )


def _of_class(made: ast.ClassDef, around: Surroundings) -> Function:
    analysis = analyse(ast.unparse(made))
    methods = [one for one in made.body if isinstance(one, _FUNCTIONS)]
    found = {one.name: _of_function(one, around) for one in methods}
    first = found.get("__init__")
    changing = {
        name
        for name, function in found.items()
        if function.parameters[:1] and function.parameters[0] in function.changed and name != "__init__"
    }
    return Function(
        reads=frozenset((*analysis.reads, *analysis.may_read)),
        changes=frozenset().union(*(one.changes for one in found.values())),
        rebinds=frozenset().union(*(one.rebinds for one in found.values())),
        parameters=first.parameters[1:] if first else (),
        methods=frozenset(changing),
        is_class=True,
        seeds=frozenset().union(*(one.seeds for one in found.values())),
        draws=any(one.draws for one in found.values()),
        writes_files=any(one.writes_files for one in found.values()),
        plain=next((one.plain for one in found.values() if one.plain), ""),
    )


def _of_lambda(made: ast.Lambda, around: Surroundings) -> Function:
    analysis = analyse(ast.unparse(made))
    tree = ast.Module([ast.Expr(made.body)], [])
    parameters = _parameters(made.args)
    return Function(
        reads=frozenset((*analysis.reads, *analysis.may_read)),
        parameters=parameters,
        changed=frozenset(name for name in parameters if name in changed_by_calls(tree, around)),
        returned=frozenset(parameters) & shared(made.body, around),
        draws=draws(tree, around),
        writes_files=writes_files(tree, around),
        plain=plain_reason(tree, around, in_function=True),
    )


def _parameters(arguments: ast.arguments) -> tuple[str, ...]:
    plain = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    rest = [one for one in (arguments.vararg, arguments.kwarg) if one is not None]
    return tuple(one.arg for one in [*plain, *rest])


def _changes(body: str, name: str) -> bool:
    found = suspects(body, name)
    return bool(found) and found[0].sure


def _returned(
    made: ast.FunctionDef | ast.AsyncFunctionDef, parameters: tuple[str, ...], around: Surroundings
) -> frozenset[str]:
    """The parameters that the value may be or hold, through local names."""
    leads: dict[str, set[str]] = {name: {name} for name in parameters}
    for targets, value, _ in assignments(made):
        sources = {name for one in shared(value, around) for name in leads.get(one, ())}
        for target in targets:
            leads.setdefault(root_of(target), set()).update(sources)
    values = [node.value for node in ast.walk(made) if isinstance(node, (ast.Return, ast.Yield))]
    return frozenset(name for value in values for one in shared(value, around) for name in leads.get(one, ()))


def _worse(one: Function, other: Function) -> Function:
    return replace(
        other,
        reads=one.reads | other.reads,
        changes=one.changes | other.changes,
        rebinds=one.rebinds | other.rebinds,
        changed=one.changed | other.changed,
        returned=one.returned | other.returned,
        methods=one.methods | other.methods,
        seeds=one.seeds | other.seeds,
        draws=one.draws or other.draws,
        writes_files=one.writes_files or other.writes_files,
        plain=one.plain or other.plain,
    )

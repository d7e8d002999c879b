"""What each unit does to names: composes the analysis of a cell's text with what is known of calls and functions."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence

from helix_jupyter.adopt.calls import (
    call_draws,
    calls_of,
    changed_by_calls,
    draws,
    magic_reason,
    name_of,
    plain_reason,
    seeds_of,
    writes_files,
)
from helix_jupyter.adopt.functions import closed
from helix_jupyter.adopt.pieces import at_once
from helix_jupyter.adopt.tracing import (
    Surroundings,
    assignments,
    holds_generator,
    is_composed,
    is_tied,
    root_of,
    shared,
)
from helix_jupyter.adopt.types import Effects, Kind, Unit
from helix_jupyter.adopt.words import (
    FIGURE_LIBRARIES,
    FIGURE_METHODS,
    PLOTTING_METHODS,
    QUIET_CALLS,
    TAKING_IN,
    path_of,
)
from helix_jupyter.cell.analyse import analyse
from helix_jupyter.cell.mutations import CHANGING, suspects
from helix_jupyter.cell.syntax import parse

_ROUNDS = 4


def surroundings_of(codes: Iterable[str], around: Surroundings) -> Surroundings:
    """``around`` with the names that hold generators, are tied to their place, or may draw when they are fitted."""
    trees = [parse(code) for code in codes]
    for _ in range(_ROUNDS):
        tied, generators, drawing = set(around.tied), set(around.generators), set(around.drawing)
        for tree in trees:
            for targets, value, by_element in assignments(tree):
                names = [target.id for target in targets if isinstance(target, ast.Name)]
                if is_tied(value, around) and not (by_element and isinstance(value, ast.Call)):
                    tied.update(names)
                if holds_generator(value, around):
                    generators.update(names)
                if _may_draw_later(value, around):
                    drawing.update(names)
        found = Surroundings(
            around.imports, around.functions, frozenset(tied), frozenset(generators), frozenset(drawing)
        )
        if found == around:
            break
        around = found
    return around


def _may_draw_later(value: ast.expr, around: Surroundings) -> bool:
    return any(
        (isinstance(node, ast.Name) and node.id in around.drawing)
        or (isinstance(node, ast.Call) and call_draws(node, around))
        for node in ast.walk(value)
    )


def effects_of(unit: Unit, around: Surroundings) -> Effects:
    """What running the unit does."""
    tree, analysis = parse(unit.code), analyse(unit.code)
    own = frozenset((*analysis.reads, *analysis.may_read))
    reads = closed(own, around.functions)
    at_first = analyse(at_once(unit.code)) if unit.kind is Kind.DEFINITION else analysis
    needs = own if unit.kind is not Kind.DEFINITION else frozenset((*at_first.reads, *at_first.may_read))
    called = [around.functions[name] for name in reads if name in around.functions]
    values = frozenset(name for name in own if around.is_value(name))
    runs = unit.kind is not Kind.DEFINITION
    by_functions = frozenset().union(*(one.changes for one in called)) | (reads & around.generators)
    rebound = frozenset().union(*(one.rebinds for one in called))
    reached = closed(needs, around.functions)
    seeds, first_seed = seeds_of(tree, around) if runs else (frozenset(), 0)
    may_draw = runs and draws(tree, around)
    return Effects(
        reads=reads,
        needs=reached if runs else needs,
        certain=frozenset(analysis.reads),
        helpers=frozenset(name for name in reached if name in around.functions),
        writes=tuple(name for name in analysis.writes if name != "*"),
        settles=analysis.certain_writes,
        changes=(_changes(unit.code, tree, values, around) | by_functions | rebound) if runs else frozenset(),
        shares=_shares(tree, around) if runs else frozenset(),
        built=_built(tree, around) if runs else frozenset(),
        tied=frozenset(around.tied & set(analysis.writes)) if runs else frozenset(),
        plain=_plain(unit, tree, analysis.is_async, rebound, around) if runs else "",
        writes_files=runs and writes_files(tree, around),
        strings=frozenset(analysis.strings),
        seeds=seeds,
        draws=may_draw,
        draws_first=may_draw and (not seeds or _draws_before(tree, first_seed, around)),
        pyplot=any(around.source(path_of(call.func)).startswith("matplotlib.pyplot") for call in calls_of(tree)),
        is_for_figures=bool(own) and all(_is_of_figures(name, around) for name in own),
        sees_figures=_sees_figures(tree, reached, around),
        is_trivial=all(name_of(call) in QUIET_CALLS for call in calls_of(tree)),
        results=_results(tree.body, around),
    )


def _draws_before(tree: ast.Module, line: int, around: Surroundings) -> bool:
    return any(call.lineno < line and call_draws(call, around) for call in calls_of(tree))


def _plain(unit: Unit, tree: ast.Module, is_async: bool, rebound: frozenset[str], around: Surroundings) -> str:
    if is_async:
        return "awaits, on the notebook's own event loop"
    if rebound:
        return f"calls a function that gives {_listed(rebound)} of the notebook another value"
    if writes_files(tree, around):
        return "writes files or folders"
    if unit.kind is Kind.SETTING:
        return magic_reason(tree) or "changes a setting"
    return plain_reason(tree, around)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names))


def _changes(code: str, tree: ast.Module, values: frozenset[str], around: Surroundings) -> frozenset[str]:
    changed = {name for name in values if (found := suspects(code, name)) and found[0].sure}
    # whatever asks a generator for numbers changes it
    changed |= (values & around.generators) | changed_by_calls(tree, around) | _visibly_changed(tree)
    # what is changed under another name that the code gives it, a pipeline's step for instance
    pairs, waiting = _shares(tree, around), list(changed)
    while waiting:
        name = waiting.pop()
        more = {other for one, other in pairs if one == name} - changed
        changed |= more
        waiting += more
    return frozenset(changed) & values


def _visibly_changed(tree: ast.Module) -> frozenset[str]:
    """Names that methods known to change their object are called on, or that are assigned into."""
    found = {root_of(call.func) for call in calls_of(tree) if name_of(call) in CHANGING}
    for node in ast.walk(tree):
        if isinstance(node, ast.AugAssign):
            found.add(root_of(node.target))
        elif isinstance(node, (ast.Attribute, ast.Subscript)) and not isinstance(node.ctx, ast.Load):
            found.add(root_of(node))
    return frozenset(found)


def _shares(tree: ast.Module, around: Surroundings) -> frozenset[tuple[str, str]]:
    """Pairs of names: a change of the first may show in the second."""
    pairs: set[tuple[str, str]] = set()

    def add(targets: Iterable[str], value: ast.expr) -> None:
        for target in filter(None, targets):
            pairs.update((source, target) for source in shared(value, around))
            pairs.update((target, source) for source in shared(value, around, in_place=True))

    for targets, value, _ in assignments(tree):
        add(map(root_of, targets), value)
    for call in calls_of(tree):
        if isinstance(call.func, ast.Attribute) and call.func.attr in TAKING_IN:
            for one in call.args:
                add([root_of(call.func.value)], one)
    return frozenset(
        (one, other) for one, other in pairs if one != other and around.is_value(one) and around.is_value(other)
    )


def _is_of_figures(name: str, around: Surroundings) -> bool:
    return around.imports.get(name, "").split(".")[0] in FIGURE_LIBRARIES


def _sees_figures(tree: ast.Module, reached: frozenset[str], around: Surroundings) -> bool:
    """Whether it draws, or may: what the notebook's functions call on their values is not looked into."""
    calls = {name_of(call) for call in calls_of(tree)}
    by_method = not calls.isdisjoint(FIGURE_METHODS | PLOTTING_METHODS)
    return by_method or any(
        name in around.functions or _is_of_figures(name, around) or "Display" in name for name in reached
    )


def _built(tree: ast.Module, around: Surroundings) -> frozenset[str]:
    return frozenset(
        root_of(target) for targets, value, _ in assignments(tree) if is_composed(value, around) for target in targets
    )


def _results(body: Sequence[ast.stmt], around: Surroundings) -> tuple[str, ...]:
    """The names of the last assignment that a reader may want to look at, where nothing later reads any."""
    for statement in reversed(body):
        if isinstance(statement, ast.Assign) and not is_tied(statement.value, around):
            names = [target.id for target in statement.targets if isinstance(target, ast.Name)]
            if names and not set(names) & around.tied:
                return tuple(names[:1])
    return ()

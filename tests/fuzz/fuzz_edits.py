"""What a user does to a workflow: pure functions from a workflow and a few drawn numbers to the next one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import fields, replace
from typing import TypeVar

from fuzz_model import (
    CLASSES,
    CONSTANTS,
    HOLDERS,
    IMPORTS,
    KINDS,
    NODE_KINDS,
    PASSING,
    SCOPES,
    Definition,
    Item,
    Node,
    Workflow,
)

T = TypeVar("T")
# what others hold and read comes more often
OFTEN = ("function", "int", *KINDS, "function", "int", "lambda", "class", "array")
MOST = {"h": 6, "a": 3, "b": 3, "p": 3, "n": 7}


class Picker:
    """Choices by numbers that were drawn before; the same numbers choose the same."""

    def __init__(self, numbers: Sequence[int]) -> None:
        self._numbers = list(numbers)
        self._place = 0

    def number(self, below: int) -> int:
        drawn = self._numbers[self._place % len(self._numbers)] + self._place // len(self._numbers)
        self._place += 1
        return drawn % below

    def one(self, choices: Sequence[T]) -> T:
        return choices[self.number(len(choices))]


Edit = Callable[[Workflow, Picker], Workflow]
EDITS: dict[str, Edit] = {}


def edit(function: Edit) -> Edit:
    """Count ``function`` among the edits."""

    EDITS[function.__name__] = function
    return function


def edited(workflow: Workflow, kind: str, numbers: Sequence[int]) -> Workflow:
    """What an edit makes of a workflow: the first of some choices that changes it and is sound."""
    for shift in range(8):
        with suppress(_NothingToEdit):
            after = EDITS[kind](workflow, Picker([number + shift for number in numbers]))
            if after != workflow and after.is_sound:
                return after
    return workflow


class _NothingToEdit(Exception):
    pass


def _some(items: Sequence[T], pick: Picker) -> T:
    if not items:
        raise _NothingToEdit
    return pick.one(items)


def _put(workflow: Workflow, item: Item) -> Workflow:
    """With ``item`` in the place of the one of its name, or at the end."""
    if isinstance(item, Node):
        known = any(one.name == item.name for one in workflow.nodes)
        nodes = tuple(item if one.name == item.name else one for one in workflow.nodes)
        return replace(workflow, nodes=nodes if known else (*nodes, item))
    known = any(one.name == item.name for one in workflow.definitions)
    definitions = tuple(item if one.name == item.name else one for one in workflow.definitions)
    return replace(workflow, definitions=definitions if known else (*definitions, item))


def _item(workflow: Workflow, pick: Picker) -> Item:
    """Mostly a definition that some node reaches, or a node; now and then one that nobody needs."""
    read = {name for node in workflow.nodes for name in workflow.reached(node.name)}
    reached = [one for one in workflow.definitions if one.name in read]
    groups: list[Sequence[Item]] = [workflow.nodes, reached, reached, workflow.definitions]
    return _some(pick.one([group for group in groups if group] or [workflow.nodes]), pick)


def _reads(workflow: Workflow, item: Item, pick: Picker, most: int) -> tuple[str, ...]:
    """Some names that an item of this scope may read."""
    scope = "h" if isinstance(item, Node) else item.scope
    allowed = scope + SCOPES[scope]
    names = [one.name for one in workflow.definitions if one.scope in allowed]
    if scope == "h":
        names += [output for output in workflow.bases if output not in (item.outputs if isinstance(item, Node) else ())]
    kept = item.base if isinstance(item, Node) else item.holds
    names = [name for name in names if name != kept]
    if not names or pick.number(4) == 3:
        names += list(workflow.files)
    return tuple(dict.fromkeys(pick.one(names) for _ in range(pick.number(most) + 1)))


# real changes


@edit
def add_definition(workflow: Workflow, pick: Picker) -> Workflow:
    scope = pick.one(list(SCOPES))
    taken = {one.name for one in workflow.scope(scope)}
    free = [name for place in range(MOST[scope]) if (name := f"{scope}{place}") not in taken]
    one = Definition(_some(free, pick), pick.one(OFTEN), pick.number(5))
    return _put(workflow, _completed(workflow, one, pick))


def _completed(workflow: Workflow, one: Definition, pick: Picker) -> Definition:
    holdable = [other.name for other in workflow.definitions if other.scope in one.scope + SCOPES[one.scope]]
    shapes = HOLDERS.get(one.kind, ("class",) if one.kind == "class" and pick.number(2) else ())
    fitting = [name for name in holdable if name != one.name and workflow.shape(name) in shapes]
    if one.kind in CLASSES:
        fitting = [name for name in fitting if workflow.definition(name).kind == "class"]
        holds = pick.one(fitting) if fitting else ""
    else:
        holds = _some(fitting, pick) if shapes else ""
    silent = (*CONSTANTS, "partial", "instance", "method", "table", "alias")
    reads = () if one.kind in silent else _reads(workflow, one, pick, 2)
    return replace(one, holds=holds, reads=reads)


@edit
def add_node(workflow: Workflow, pick: Picker) -> Workflow:
    taken = {one.name for one in workflow.nodes}
    free = [name for place in range(MOST["n"]) if (name := f"n{place}") not in taken]
    kind = pick.one(NODE_KINDS)
    base = _some([name for name in workflow.bases if name[0] == "n"], pick) if kind in PASSING else ""
    one = Node(_some(free, pick), kind, pick.number(5), base=base, modulus=pick.one((97, 2, 3)))
    return _put(workflow, replace(one, reads=_reads(workflow, one, pick, 3)))


@edit
def change_number(workflow: Workflow, pick: Picker) -> Workflow:
    item = _item(workflow, pick)
    return _put(workflow, replace(item, number=pick.number(5)))


@edit
def change_constant(workflow: Workflow, pick: Picker) -> Workflow:
    """A constant that some node reaches."""
    read = {name for node in workflow.nodes for name in workflow.reached(node.name)}
    one = _some([one for one in workflow.definitions if one.kind in CONSTANTS and one.name in read], pick)
    return _put(workflow, replace(one, number=pick.number(5)))


@edit
def change_reads(workflow: Workflow, pick: Picker) -> Workflow:
    item = _item(workflow, pick)
    if isinstance(item, Definition) and item.kind in (*CONSTANTS, "partial", "instance", "method", "table", "alias"):
        raise _NothingToEdit
    return _put(workflow, replace(item, reads=_reads(workflow, item, pick, 3)))


@edit
def change_holds(workflow: Workflow, pick: Picker) -> Workflow:
    one = _some([one for one in workflow.definitions if one.kind in HOLDERS or one.kind == "class"], pick)
    return _put(workflow, replace(_completed(workflow, one, pick), reads=one.reads))


@edit
def change_kind(workflow: Workflow, pick: Picker) -> Workflow:
    item = _item(workflow, pick)
    if isinstance(item, Node):
        if item.kind in PASSING:
            raise _NothingToEdit
        return _put(workflow, replace(item, kind=pick.one(NODE_KINDS[: -len(PASSING)])))
    one = Definition(item.name, pick.one(KINDS), item.number)
    return _put(workflow, _completed(workflow, one, pick))


@edit
def remove(workflow: Workflow, pick: Picker) -> Workflow:
    item = _item(workflow, pick)
    gone = {item.name, *(item.outputs if isinstance(item, Node) and item.kind != "update" else ())}
    strip = [
        replace(one, reads=tuple(name for name in one.reads if name not in gone))
        for one in (*workflow.definitions, *workflow.nodes)
        if one.name != item.name
    ]
    definitions = tuple(one for one in strip if isinstance(one, Definition))
    return replace(workflow, definitions=definitions, nodes=tuple(one for one in strip if isinstance(one, Node)))


@edit
def swap_reads(workflow: Workflow, pick: Picker) -> Workflow:
    item = _item(workflow, pick)
    return _put(workflow, replace(item, reads=item.reads[::-1]))


@edit
def rename(workflow: Workflow, pick: Picker) -> Workflow:
    """A node or function gets another name, and who reads it follows."""
    item = _item(workflow, pick)
    if isinstance(item, Node) and item.kind == "update":
        raise _NothingToEdit
    letter = item.name[0]
    free = [f"{letter}{place}" for place in range(MOST[letter]) if f"{letter}{place}" not in workflow.by_name]
    new = _some(free, pick)
    names = {item.name: new, f"m{item.name[1:]}": f"m{new[1:]}"} if isinstance(item, Node) else {item.name: new}

    def renamed(one: T) -> T:
        changes: dict[str, object] = {}
        for each in fields(one):  # type: ignore[arg-type]
            value = getattr(one, each.name)
            if each.name in ("name", "holds", "base"):
                changes[each.name] = names.get(value, value)
            elif each.name == "reads":
                changes["reads"] = tuple(names.get(name, name) for name in value)
        return replace(one, **changes)  # type: ignore[type-var]

    definitions = tuple(map(renamed, workflow.definitions))
    return replace(workflow, definitions=definitions, nodes=tuple(map(renamed, workflow.nodes)))


@edit
def write_file(workflow: Workflow, pick: Picker) -> Workflow:
    return replace(workflow, files={**workflow.files, pick.one(list(workflow.files)): pick.number(4)})


@edit
def toggle(workflow: Workflow, pick: Picker) -> Workflow:
    one = _some(workflow.nodes, pick)
    option = pick.one(("volatile", "fails", "watches", "imports_itself"))
    return _put(workflow, replace(one, **{option: not getattr(one, option)}))


@edit
def mend(workflow: Workflow, pick: Picker) -> Workflow:
    """Nothing fails any more, and nothing is volatile."""
    return replace(workflow, nodes=tuple(replace(one, fails=False, volatile=False) for one in workflow.nodes))


# changes that give the same value, or mean nothing


@edit
def spell_differently(workflow: Workflow, pick: Picker) -> Workflow:
    item = _item(workflow, pick)
    return _put(workflow, replace(item, spelling=1 - item.spelling))


@edit
def rename_local(workflow: Workflow, pick: Picker) -> Workflow:
    item = _item(workflow, pick)
    return _put(workflow, replace(item, local=1 - item.local))


@edit
def redress(workflow: Workflow, pick: Picker) -> Workflow:
    item = _item(workflow, pick)
    return _put(workflow, replace(item, cosmetic=pick.number(6)))


@edit
def annotate(workflow: Workflow, pick: Picker) -> Workflow:
    one = _some(workflow.definitions, pick)
    return _put(workflow, replace(one, annotated=not one.annotated))


@edit
def move(workflow: Workflow, pick: Picker) -> Workflow:
    """A cell or a definition goes to another place."""
    item = _item(workflow, pick)
    items: list[Item] = list(workflow.nodes if isinstance(item, Node) else workflow.definitions)
    items.remove(item)
    items.insert(pick.number(len(items) + 1), item)
    if isinstance(item, Node):
        return replace(workflow, nodes=tuple(items))
    return replace(workflow, definitions=tuple(items))


@edit
def import_differently(workflow: Workflow, pick: Picker) -> Workflow:
    scope, module = pick.one([scope + module for scope in SCOPES for module in SCOPES[scope]])
    return replace(workflow, imports={**workflow.imports, scope + module: pick.one(IMPORTS[module])})

"""What the calls in a piece of code do besides giving a value: changes, files, programs, seeds, draws. Reads syntax."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from helix_jupyter.adopt.sklearn_names import takes_random_state
from helix_jupyter.adopt.tracing import Surroundings, bound, given, root_of
from helix_jupyter.adopt.words import (
    ASKING,
    BY_TEXT,
    BY_TEXT_BARE,
    BY_TEXT_MAGICS,
    DRAWING_METHODS,
    FILE_WORDS,
    FILE_WRITERS,
    FITTING,
    GENERATORS,
    HARMLESS_STATEMENTS,
    PROGRAM_MODULES,
    PROGRAMS,
    SEEDERS,
    STEADY,
    STEADY_BUILTINS,
    TARGETS,
    WIDGETS,
    WRITERS_WITH_TARGET,
    path_of,
)

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_SHELL = ("system", "getoutput")
_SEED_WORDS = ("random_state", "seed", "rng", "random_seed")


def calls_of(tree: ast.AST) -> Iterator[ast.Call]:
    """All calls of a tree."""
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def name_of(call: ast.Call) -> str:
    """The last word of what is called."""
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def changed_by_calls(tree: ast.Module, around: Surroundings) -> frozenset[str]:
    """The names whose values calls change: those of the notebook's own functions, and calls for their effect alone."""
    changed: set[str] = set()
    changing_methods = frozenset().union(*(one.methods for one in around.functions.values()))
    for call in calls_of(tree):
        path = path_of(call.func)
        function = around.functions.get(path[0]) if len(path) == 1 else None
        if function is not None:
            pairs = bound(call, function)
            changed |= {root_of(value) for name, value in pairs if name in function.changed}
            if function.changed:
                changed |= {root_of(value) for name, value in pairs if not name}
        if isinstance(call.func, ast.Attribute) and call.func.attr in changing_methods:
            changed.add(root_of(call.func.value))
    last = tree.body[-1:] if isinstance(tree, ast.Module) else []
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Call)
            and isinstance(node.value.func, ast.Attribute)
        ):
            method = node.value.func.attr
            for_effect = node not in last or method.startswith(("set_", "add_", "update_", "remove_"))
            if for_effect and method not in HARMLESS_STATEMENTS:
                changed.add(root_of(node.value.func.value))
    return frozenset(name for name in changed if name and around.is_value(name))


def writes_files(tree: ast.AST, around: Surroundings) -> bool:
    """Whether it leaves files behind, as far as the names of what it calls tell."""
    statements = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for call in calls_of(tree):
        name = name_of(call)
        if name in FILE_WRITERS and _has_target(call, name):
            return True
        if name in FILE_WORDS and _is_of_files(call, id(call) in statements, around):
            return True
        if name == "open" and any(_is_mode(value) for value in [*call.args[:2], *_keyword(call, "mode")]):
            return True
        function = around.functions.get(name) if isinstance(call.func, ast.Name) else None
        if function is not None and function.writes_files:
            return True
    return False


def _has_target(call: ast.Call, name: str) -> bool:
    if name in WRITERS_WITH_TARGET:
        return bool(call.args) or any(word.arg is None or word.arg in TARGETS for word in call.keywords)
    # ``column.str.extractall(pattern)`` looks for texts
    return not (isinstance(call.func, ast.Attribute) and path_of(call.func.value)[-1:] == ("str",))


def _is_of_files(call: ast.Call, is_statement: bool, around: Surroundings) -> bool:
    """Whether ``remove``, ``rename`` and the like are those of a folder, not of a list, a table or a text."""
    if around.source(path_of(call.func)).split(".")[0] in ("os", "shutil"):
        return True
    if not isinstance(call.func, ast.Attribute):
        return False
    if any(isinstance(node, ast.Call) and name_of(node) == "Path" for node in ast.walk(call.func.value)):
        return True
    # nobody calls a table's ``rename`` for its effect without a keyword: it has none
    moves = is_statement and call.func.attr in ("rename", "replace") and len(call.args) == 1 and not call.keywords
    return moves and not isinstance(call.args[0], (ast.Dict, ast.Lambda))


def _keyword(call: ast.Call, name: str) -> list[ast.expr]:
    return [word.value for word in call.keywords if word.arg == name]


def _is_mode(value: ast.expr) -> bool:
    return (
        isinstance(value, ast.Constant)
        and isinstance(value.value, str)
        and 0 < len(value.value) <= 3
        and set(value.value) <= set("rwaxbt+")
        and not set("wax+").isdisjoint(value.value)
    )


def plain_reason(tree: ast.AST, around: Surroundings, in_function: bool = False) -> str:
    """Why code that runs this cannot be a node; empty where nothing tells against it."""
    for call in calls_of(tree):
        path, name = path_of(call.func), name_of(call)
        source = around.source(path) or ".".join(path)
        if source.split(".")[0] in PROGRAM_MODULES or (name in PROGRAMS and around.source(path)):
            return f"starts something of its own ({'.'.join(path) or name})"
        if path and len(path) == 1 and name in ASKING and name not in around.functions:
            return "asks the user"
        if source.startswith("ipywidgets.") or (name in WIDGETS and not around.functions.get(name)):
            return "makes a widget, which lives in its kernel"
        if magic := _magic(call):
            return magic
        function = around.functions.get(name) if len(path) == 1 else None
        if function is not None and function.plain:
            return f"calls {name}, which {function.plain}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Global) and not in_function:
            return "binds names of the notebook from inside a function"
    return ""


def magic_reason(tree: ast.AST) -> str:
    """Which magic or shell command code uses, as its text without IPython's syntax has it; empty where none."""
    return next(filter(None, map(_magic, calls_of(tree))), "")


def _magic(call: ast.Call) -> str:
    func = call.func
    if not (
        isinstance(func, ast.Attribute)
        and isinstance(func.value, ast.Call)
        and path_of(func.value.func) == ("get_ipython",)
    ):
        return ""
    if func.attr in _SHELL:
        return "runs a shell command"
    sign = {"run_line_magic": "%", "run_cell_magic": "%%"}.get(func.attr)
    named = call.args[0] if call.args else None
    if sign and isinstance(named, ast.Constant) and isinstance(named.value, str):
        return f"uses the magic {sign}{named.value}"
    return "uses a magic"


def by_text(tree: ast.Module, around: Surroundings) -> str:
    """The call by which code reaches names that its text does not show; empty where there is none."""
    asked = [node for node in ast.walk(tree) if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In)]
    # ``"__file__" in globals()`` asks how the code is run
    harmless = {id(node.comparators[0]) for node in asked if isinstance(node.left, ast.Constant)}
    for call in calls_of(tree):
        path = path_of(call.func)
        own = path[:1] and (path[0] in around.functions or path[0] in around.imports)
        if len(path) == 1 and path[0] in BY_TEXT and not own and id(call) not in harmless:
            return f"{path[0]}()"
        if _magic(call) and call.args and isinstance(call.args[0], ast.Constant):
            magic = call.args[0].value
            if name_of(call) == "run_line_magic" and magic in BY_TEXT_MAGICS:
                return f"%{magic}"
    for call in _at_top(tree):
        path = path_of(call.func)
        if len(path) == 1 and path[0] in BY_TEXT_BARE and not given(call):
            return f"{path[0]}()"
    return ""


def _at_top(node: ast.AST) -> Iterator[ast.Call]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, _FUNCTIONS):
            continue
        if isinstance(child, ast.Call):
            yield child
        yield from _at_top(child)


def seeds_of(tree: ast.Module, around: Surroundings) -> tuple[frozenset[str], int]:
    """The libraries whose global generator is set, and the first line that does so (0: none)."""
    found: dict[str, int] = {}
    for call in calls_of(tree):
        path = path_of(call.func)
        source = around.source(path)
        if source and source.split(".")[-1] in SEEDERS:
            found.setdefault(source.split(".")[0], call.lineno)
        function = around.functions.get(path[0]) if len(path) == 1 else None
        if function is not None:
            for library in function.seeds:
                found.setdefault(library, call.lineno)
    return frozenset(found), min(found.values(), default=0)


def draws(tree: ast.AST, around: Surroundings) -> bool:
    """Whether it may draw from a global random generator."""
    return any(call_draws(call, around) for call in calls_of(tree))


def call_draws(call: ast.Call, around: Surroundings) -> bool:
    """Whether one call may draw from a global random generator: unknown functions may."""
    path, name = path_of(call.func), name_of(call)
    source = around.source(path)
    if any(word.arg in _SEED_WORDS and not _is_none(word.value) for word in call.keywords):
        return False
    if source:
        return _import_draws(call, source, name, around)
    if len(path) == 1:
        if path[0] in around.functions:
            return around.functions[path[0]].draws
        return path[0] not in STEADY_BUILTINS
    if name in DRAWING_METHODS:
        return True
    root = root_of(call.func)
    return name in FITTING and (not root or root in around.drawing)


def _import_draws(call: ast.Call, source: str, name: str, around: Surroundings) -> bool:
    library = source.split(".")[0]
    if source.startswith(("numpy.random.", "random.")):
        return name not in GENERATORS and name not in SEEDERS and name not in ("get_state", "set_state", "getstate")
    if name in DRAWING_METHODS:
        return True
    if library in STEADY:
        return False
    if library == "sklearn" and (takes := takes_random_state(source)) is not None:
        return takes or any(
            isinstance(node, ast.Name) and node.id in around.drawing for one in given(call) for node in ast.walk(one)
        )
    return name not in SEEDERS


def _is_none(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is None

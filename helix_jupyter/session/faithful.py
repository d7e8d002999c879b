"""Whether the text of a function or class gives it as it is now: a notebook may have set parts of it since.

Runs nothing of the text. Where it cannot tell (decorators, metaclasses, defaults that are computed), the text is
believed.
"""

from __future__ import annotations
import __future__

import ast
from abc import ABCMeta
from collections.abc import Iterator
from types import CodeType, FunctionType
from typing import Any

from helix_jupyter.errors import Undigestable
from helix_jupyter.fingerprint.code import code_digest
from helix_jupyter.fingerprint.digest import digest

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_FUTURES = sum(
    getattr(__future__, name).compiler_flag for name in __future__.all_feature_names if name != "nested_scopes"
)


def is_faithful(definition: Definition, value: FunctionType | type) -> bool:
    """Whether running ``definition`` would give ``value``: its code, defaults and attributes."""
    if definition.decorator_list:
        return True
    if definition.name != value.__name__:
        return False
    if isinstance(value, FunctionType):
        return not isinstance(definition, ast.ClassDef) and _gives_function(definition, value)
    if not isinstance(definition, ast.ClassDef):
        return False
    return not _is_plain(definition, value) or _gives_class(definition, value)


def _gives_function(definition: ast.FunctionDef | ast.AsyncFunctionDef, value: FunctionType, owner: str = "") -> bool:
    held = value.__dict__.keys() - {"__isabstractmethod__"}
    return not held and _same_code(definition, value, owner) and _same_defaults(definition.args, value)


def _same_code(definition: ast.FunctionDef | ast.AsyncFunctionDef, value: FunctionType, owner: str) -> bool:
    """``owner`` is the class that it stands in, whose name goes into that of its private attributes."""
    body: ast.stmt = definition
    if owner:
        body = ast.copy_location(ast.ClassDef(owner, [], [], [definition], []), definition)
        body.type_params = []  # type: ignore[attr-defined]  # a field since Python 3.12
    module = compile(ast.Module([body], []), "<text>", "exec", value.__code__.co_flags & _FUTURES, dont_inherit=True)
    home = _code_of(owner, module) if owner else module
    found = _code_of(definition.name, home) if home is not None else None
    return found is not None and code_digest(found) == code_digest(value.__code__)


def _code_of(name: str, code: CodeType) -> CodeType | None:
    """The code of a definition: beside it stands that of its defaults; with type parameters it lies deeper."""
    return next((one for one in code.co_consts if isinstance(one, CodeType) and one.co_name == name), None)


def _same_defaults(arguments: ast.arguments, value: FunctionType) -> bool:
    given, held = arguments.defaults, value.__defaults__ or ()
    named = {one.arg: node for one, node in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if node}
    held_named = value.__kwdefaults__ or {}
    if len(given) != len(held) or named.keys() != held_named.keys():
        return False
    pairs = [*zip(given, held, strict=True), *((node, held_named[name]) for name, node in named.items())]
    return all(_same_value(node, one) for node, one in pairs)


def _same_value(node: ast.expr, value: Any) -> bool:
    try:
        written = ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):  # computed by the definition
        return True
    try:
        return digest(written) == digest(value)
    except Undigestable:
        return False


def _gives_class(definition: ast.ClassDef, value: type) -> bool:
    held = vars(value)
    bound = [*_bound(definition)]
    names = [name for name, _ in bound]
    for name, node in bound:
        if name.startswith("__") and not name.endswith("__"):
            continue  # stored under another name
        if names.count(name) == 1 and (name not in held or not _gives_member(node, held[name], value.__name__)):
            return False
    return not [*_additions(definition, value)]


def _bound(definition: ast.ClassDef) -> Iterator[tuple[str, ast.stmt | ast.expr]]:
    """What the body binds by plain statements, unless under conditions and the like."""
    for one in definition.body:
        if isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield one.name, one
        elif isinstance(one, ast.Assign):
            yield from ((target.id, one.value) for target in one.targets if isinstance(target, ast.Name))
        elif isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name) and one.value is not None:
            yield one.target.id, one.value


def _gives_member(node: ast.stmt | ast.expr, held: Any, owner: str) -> bool:
    if isinstance(node, ast.expr):
        return _same_value(node, held)
    if isinstance(node, ast.ClassDef):
        return not isinstance(held, type) or is_faithful(node, held)
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) or node.decorator_list:
        return True
    if node.name in ("__new__", "__init_subclass__", "__class_getitem__"):
        held = getattr(held, "__func__", held)
    return isinstance(held, FunctionType) and _gives_function(node, held, owner)


def _is_plain(definition: ast.ClassDef, value: type) -> bool:
    """Whether the class is what its body binds: no metaclass or base makes it otherwise (``Enum``, ``NamedTuple``)."""
    written = [ast.unparse(base).rpartition(".")[2] for base in definition.bases]
    bases = [base.__name__ for base in value.__bases__ if base is not object]
    hooked = any("__init_subclass__" in vars(base) for base in value.__mro__[1:-1])
    return written == bases and not hooked and type(value) in (type, ABCMeta)


def _additions(definition: ast.ClassDef, value: type) -> Iterator[str]:
    module = compile(ast.Module([definition], []), "<text>", "exec", dont_inherit=True)
    body = _code_of(definition.name, module)
    known = set(body.co_names if body is not None else ())
    slots = vars(value).get("__slots__", ())
    known.update((slots,) if isinstance(slots, str) else slots)
    known.add("_abc_impl")
    return (name for name in vars(value) if name not in known and not (name.startswith("__") and name.endswith("__")))

"""The notebook's own things that nodes used, in a form that brings them back: imports, source, literals, artifacts.

Source is preferred to a pickle: it survives a change of Python's version, reads well in ``trace`` and ``export``, and
what it defines lives in the notebook's globals again.
"""

from __future__ import annotations

import ast
import inspect
import linecache
import sys
import textwrap
import types
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from types import FunctionType
from typing import Any

from helix_jupyter.cell.analyse import analyse
from helix_jupyter.errors import StoreError, Undigestable, Unpicklable
from helix_jupyter.fingerprint.code import code_reads
from helix_jupyter.fingerprint.digest import Walk, digest
from helix_jupyter.fingerprint.kinds import is_a
from helix_jupyter.graph.dag import Graph
from helix_jupyter.session.bench import Bench
from helix_jupyter.session.faithful import is_faithful
from helix_jupyter.session.resolve import Known
from helix_jupyter.store.pickling import prepare
from helix_jupyter.store.store import Store
from helix_jupyter.version.types import Capture

LARGEST_BYTES = 16_000_000
_LONGEST_LITERAL = 2_000
_SIZED = frozenset({str, bytes, tuple, list, dict, set})
_LITERAL = _SIZED | {type(None), bool, int, float, complex}


def describe(name: str, value: Any, namespace: Mapping[str, Any], store: Store, workflow: str) -> Capture:
    """The form in which ``value``, which the notebook calls ``name``, can be brought back.

    Never raises: a value's own code may fail at any question (``__getattr__ = dict.__getitem__``), and no run is to
    fail with it.
    """
    for form in (_as_import, _as_source, _as_literal):
        with suppress(Exception):
            text = form(name, value, namespace)
            if text is not None:
                return Capture(name, form.__name__.removeprefix("_as_"), text)
    try:
        return _as_artifact(name, value, store, workflow)
    except Exception as problem:
        return Capture(name, "absent", str(problem) or type(problem).__name__)


def describe_captured(graph: Graph, known: Mapping[str, Known], bench: Bench) -> dict[str, Capture]:
    """The forms of all that the nodes of ``graph`` captured."""
    reached = {name: value for node in graph.order for name, value in known[node].captured.reached.items()}
    captures = describe_all(reached, bench.namespace, graph.outputs, bench.store, bench.workflow)
    chains = [declaration.analysis.attributes for declaration in graph.declarations.values()]
    chains += [code_reads(value.__code__).globals for value in reached.values() if is_a(value, FunctionType)]
    for name, capture in captures.items():
        value = reached.get(name)
        if is_a(value, types.ModuleType):
            behind = sorted({chain for found in chains for chain in found.get(name, ())})
            imports = [f"import {module}" for module in _submodules(value.__name__, behind)]
            captures[name] = replace(capture, text="\n".join([capture.text, *imports]))
    return captures


def _submodules(package: str, chains: Iterable[str]) -> dict[str, None]:
    """The loaded submodules that attribute chains behind a package lead to: ``import a`` may not bring ``a.b``."""
    found: dict[str, None] = {}
    for chain in chains:
        module = package
        for step in chain.split("."):
            module = f"{module}.{step}"
            if module in sys.modules:
                found[module] = None
    return found


def describe_all(
    reached: Mapping[str, Any], namespace: Mapping[str, Any], outputs: Container[str], store: Store, workflow: str
) -> dict[str, Capture]:
    """The forms of all that was ``reached``, and of what their source needs to be defined anew.

    Decorators, base classes and defaults are read when a definition runs, not by the nodes that use it. ``outputs``
    are the names that nodes give.
    """
    captures: dict[str, Capture] = {}
    waiting = dict(reached)
    while waiting:
        name = next(iter(waiting))
        value = waiting.pop(name)
        captures[name] = describe(name, value, namespace, store, workflow)
        for needed in (*needed_by(captures[name]), *_held_by(captures[name], value, namespace)):
            if needed in namespace and needed not in captures and needed not in outputs:
                waiting[needed] = namespace[needed]
    return captures


def _held_by(capture: Capture, value: Any, namespace: Mapping[str, Any]) -> Iterator[str]:
    """The notebook's classes and functions that a stored value holds: it is to find them as the notebook's own.

    One within a class is found in that.
    """
    if capture.form == "artifact" and not is_a(value, (type, types.FunctionType)):
        walk = Walk(by_name=True)
        walk.token(value)
        for reference in walk.references:
            name = getattr(reference, "__name__", "")
            if namespace.get(name) is reference:
                yield name
            elif path := path_within(namespace, reference):
                yield path.partition(".")[0]


def path_within(values: Mapping[str, Any], sought: Any) -> str | None:
    """The path (``Outer.Inner``) by which a class or function is found from ``values``, through classes alone."""
    if not is_a(sought, (type, types.FunctionType)):
        return None
    path: str = sought.__qualname__
    first, *steps = path.split(".")
    found = values.get(first)
    for step in steps:
        found = vars(found).get(step) if is_a(found, type) else None
    return path if found is sought else None


def needed_by(capture: Capture) -> tuple[str, ...]:
    """The names that have to be there before the source of ``capture`` can run."""
    return analyse(capture.text).reads if capture.form == "source" else ()


def in_order(
    captures: Mapping[str, Capture], needed_by: Callable[[Capture], Iterable[str]] = needed_by
) -> list[Capture]:
    """The captures, each behind those that it needs: its source does, where nothing else is said."""
    ordered: dict[str, Capture] = {}

    def place(name: str, above: frozenset[str]) -> None:
        if name in captures and name not in ordered and name not in above:
            for needed in needed_by(captures[name]):
                place(needed, above | {name})
            ordered[name] = captures[name]

    for name in captures:
        place(name, frozenset())
    return list(ordered.values())


def _as_import(name: str, value: Any, namespace: Mapping[str, Any]) -> str | None:
    if is_a(value, types.ModuleType):
        top = value.__name__.split(".")[0]
        return f"import {value.__name__}" + ("" if name == value.__name__ == top else f" as {name}")
    if not callable(value):
        return None
    module, qualified = getattr(value, "__module__", None), getattr(value, "__qualname__", None)
    if not is_a(module, str) or not is_a(qualified, str) or module == "__main__" or "." in qualified:
        return None
    if module == namespace.get("__name__"):
        return None
    home = _public_home(module, qualified, value)
    if home is None:
        return None
    return f"from {home} import {qualified}" + ("" if name == qualified else f" as {name}")


def _public_home(module: str, name: str, value: Any) -> str | None:
    """The outermost package on the way to ``module`` that gives ``value`` by this name: what people import is said
    there, while the module that defines it may be private (``sklearn.linear_model._logistic``)."""
    steps = module.split(".")
    for depth in range(1, len(steps) + 1):
        home = ".".join(steps[:depth])
        try:
            found = getattr(sys.modules.get(home), name, None)
        except Exception:  # a package that loads lazily runs its own code here
            continue
        if found is value:
            return home
    return None


def _as_source(name: str, value: Any, namespace: Mapping[str, Any]) -> str | None:
    function = inspect.unwrap(value) if callable(value) else value
    if not is_a(function, (types.FunctionType, type)) or getattr(function, "__closure__", None):
        return None
    if function.__name__ != name or function.__qualname__ != name:
        return None
    try:
        source = textwrap.dedent(_class_source(function) or inspect.getsource(function))
        tree = ast.parse(source)
    except (OSError, TypeError, SyntaxError):
        return None
    defined = tree.body[0] if len(tree.body) == 1 else None
    if not is_a(defined, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return None
    # what was wrapped afterwards is no worse off with its text than as a pickle, which finds it by name
    return source if value is not function or is_faithful(defined, function) else None


def _class_source(value: Any) -> str | None:
    """The text of a notebook's class, by the cell of one of its methods: ``inspect`` looks for a module's file."""
    if not is_a(value, type) or value.__module__ != "__main__":
        return None
    for method in vars(value).values():
        code = getattr(inspect.unwrap(method) if callable(method) else method, "__code__", None)
        if not is_a(code, types.CodeType):
            continue
        if lines := linecache.getlines(code.co_filename):
            tree = ast.parse("".join(lines))
            found = [one for one in tree.body if is_a(one, ast.ClassDef) and one.name == value.__name__]
            if found and found[-1].end_lineno is not None and found[-1].lineno <= code.co_firstlineno:
                first = min([found[-1].lineno, *(one.lineno for one in found[-1].decorator_list)])
                return "".join(lines[first - 1 : found[-1].end_lineno])
    return None


def _as_literal(name: str, value: Any, namespace: Mapping[str, Any]) -> str | None:
    if not _is_short(value):
        return None
    text = repr(value)
    if len(text) > _LONGEST_LITERAL:
        return None
    try:
        same = digest(ast.literal_eval(text)) == digest(value)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError, Undigestable):
        return None
    return text if same else None


def _is_short(value: Any) -> bool:
    """Whether it is of Python's own types throughout, and its text may be short enough to be worth writing."""
    waiting, room = [value], _LONGEST_LITERAL
    while waiting:
        one = waiting.pop()
        kind = type(one)
        if kind not in _LITERAL:
            return False
        # a digit takes more than three bits
        room -= 1 + (one.bit_length() // 4 if kind is int else len(one) if kind in _SIZED else 0)
        if room < 0:
            return False
        if kind is dict:
            waiting += one.keys()
            waiting += one.values()
        elif kind in (tuple, list, set):
            waiting += one
    return True


def _as_artifact(name: str, value: Any, store: Store, workflow: str) -> Capture:
    try:
        identity, prepared = digest(value, ordered=True), prepare(value)
    except (Undigestable, Unpicklable) as problem:
        return Capture(name, "absent", str(problem))
    if prepared.bytes > LARGEST_BYTES:
        return Capture(name, "absent", f"it is larger than {LARGEST_BYTES // 1_000_000} MB: make it a node", identity)
    store.write(identity, prepared, worth_seconds=0.0, node=name, workflow=workflow, kind="capture")
    return Capture(name, "artifact", "", identity)


def restore(captures: Mapping[str, Capture], store: Store, namespace: dict[str, Any]) -> dict[str, str]:
    """Bind ``captures`` in ``namespace``; gives, per name that could not be brought back, why.

    What fails is named in the answer, and the rest is bound.
    """
    problems: dict[str, str] = {}
    # classes before the values that are instances of them; a definition that needs a value is tried again
    order = ("import", "literal", "source", "artifact", "absent")
    waiting = sorted(captures.values(), key=lambda one: order.index(one.form))
    while waiting:
        failed = []
        for capture in waiting:
            try:
                _RESTORE[capture.form](capture, store, namespace)
            except Exception as problem:  # a definition runs the user's code, which may raise anything
                problems[capture.name] = str(problem) or type(problem).__name__
                failed.append(capture)
            else:
                problems.pop(capture.name, None)
        if len(failed) == len(waiting):
            break
        waiting = failed  # a decorator or base class may have been defined meanwhile
    return problems


def _restore_statement(capture: Capture, store: Store, namespace: dict[str, Any]) -> None:
    exec(compile(capture.text, f"<restored {capture.name}>", "exec", dont_inherit=True), namespace)


def _restore_source(capture: Capture, store: Store, namespace: dict[str, Any]) -> None:
    filename = f"<restored {capture.name} {digest(capture.text)[:8]}>"
    lines = capture.text.splitlines(keepends=True)
    linecache.cache[filename] = (len(capture.text), None, lines, filename)
    exec(compile(capture.text, filename, "exec", dont_inherit=True), namespace)


def _restore_literal(capture: Capture, store: Store, namespace: dict[str, Any]) -> None:
    namespace[capture.name] = ast.literal_eval(capture.text)


def _restore_artifact(capture: Capture, store: Store, namespace: dict[str, Any]) -> None:
    namespace[capture.name] = store.load(capture.digest)


def _restore_absent(capture: Capture, store: Store, namespace: dict[str, Any]) -> None:
    raise StoreError(f"it was not kept: {capture.text}")


_RESTORE: Mapping[str, Callable[[Capture, Store, dict[str, Any]], None]] = {
    "import": _restore_statement,
    "source": _restore_source,
    "literal": _restore_literal,
    "artifact": _restore_artifact,
    "absent": _restore_absent,
}

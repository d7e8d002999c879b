"""What is true of a workflow, found without the package under test: every node's value, and what decides it.

Values come from running all text from scratch with plain Python. What decides a value is told by content: the node's
text, the text of all that it reaches, its files, its inputs' values.
"""

from __future__ import annotations

import builtins
import copy
import hashlib
import importlib
import pickle
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stdout, suppress
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path
from types import ModuleType
from typing import IO, Any
from unittest import mock

import fuzz_text as text
import numpy as np
import pandas as pd
from fuzz_imported import by_text
from fuzz_model import CONSTANTS, MODULES, Definition, Item, Node, Workflow

Outputs = Mapping[str, Any]
_NAMELESS = ("lambda", "closure", "partial", "instance", "method", "table")


@dataclass(frozen=True)
class Truth:
    """By node: its outputs' values and the key of all that decides them. Nodes that fail, or rest on one, have none.

    ``imported`` are keys in which there counts besides what the text of the modules says that an import statement of
    a node or function brings (see ``fuzz_imported``): such a node may run, but need not, where these alone are new.
    What a module does when it is imported (a call, a decorator) could change any value; that here it never does is
    known to this fuzz, and to nobody who reads the text without running it.

    ``nameless`` are keys in which the names of a node's own variables and of its inputs do not count: such a node may
    run, but need not, where these alone are new. Equal computations share a result where nothing can show of their
    names, and what can is for the package to say: the fuzz only sees that the values are right.
    """

    values: Mapping[str, Outputs]
    keys: Mapping[str, str]
    imported: Mapping[str, str]
    nameless: Mapping[str, str]


def truth(workflow: Workflow, folder: Path, clock: int) -> Truth:
    """Run everything from scratch. ``folder`` holds the files and the modules as they stand."""
    values: dict[str, Outputs] = {}
    keys: dict[str, str] = {}
    imported: dict[str, str] = {}
    nameless: dict[str, str] = {}
    with fresh_modules(), redirect_stdout(StringIO()):
        notebook: dict[str, Any] = {"__name__": "__main__", "display": lambda _: clock}
        for cell in text.cells(workflow).values():
            exec(cell, notebook)
        assert workflow.order is not None
        for name in workflow.order:
            node, parents = workflow.node(name), workflow.parents[name]
            if any(parent not in values for parent in parents.values()):
                continue
            inputs = {read: values[parent][read] for read, parent in parents.items()}
            with _files_read() as files, suppress(ValueError):
                values[name] = _run(workflow, node, dict(notebook), copy.deepcopy(inputs), notebook)
            keys[name] = key(workflow, node, inputs, files)
            nameless[name] = nameless_key(workflow, node, inputs, files)
            imported[name] = hashlib.sha256(repr((keys[name], sorted(by_text(workflow, node)))).encode()).hexdigest()
    return Truth(values, keys, imported, nameless)


def _run(workflow: Workflow, node: Node, own: dict[str, Any], inputs: Outputs, notebook: dict[str, Any]) -> Outputs:
    notebook.update(copy.deepcopy(inputs))  # what helpers read, even where the node changes its own
    own.update(inputs)
    code = text.node(workflow, node)
    if node.kind == "shown":
        code, _, last = code.rpartition("\n")
        exec(code, own)
        return {node.name: eval(last, own)}
    exec(code, own)
    return {output: own[output] for output in node.outputs}


@contextmanager
def _files_read() -> Iterator[set[str]]:
    """The files that are opened meanwhile, each with its content: which ones may depend on what is computed."""
    read: set[str] = set()

    def noting(path: str) -> IO[str]:
        with really_open(path) as file:
            read.add(f"{path}: {file.read()}")
        return really_open(path)

    really_open = builtins.open
    with mock.patch("builtins.open", noting):
        yield read


@contextmanager
def fresh_modules() -> Iterator[None]:
    """Without the fuzz's modules that are loaded; they are back afterwards."""
    loaded = purge()
    try:
        yield
    finally:
        purge()
        sys.modules.update(loaded)


def purge() -> dict[str, ModuleType]:
    """Take the fuzz's modules out, so that the next import reads their files; gives them."""
    importlib.invalidate_caches()
    return {name: sys.modules.pop(name) for name in list(sys.modules) if name.startswith("fz_")}


# what decides a value


def nameless_key(workflow: Workflow, node: Node, inputs: Outputs, files: set[str]) -> str:
    """As ``key``, whatever the node's own variables and its inputs are called."""
    code = text.node(workflow, replace(node, local=0))
    numbers: dict[str, str] = {}

    def numbered(word: re.Match[str]) -> str:
        return numbers.setdefault(word[0], f"input {len(numbers)}") if word[0] in inputs else word[0]

    code = re.sub(r"\w+", numbered, code)
    return key(workflow, node, {numbers.get(name, name): value for name, value in inputs.items()}, files, code)


def key(workflow: Workflow, node: Node, inputs: Outputs, files: set[str], code: str = "") -> str:
    """A digest of all that decides what ``node`` gives; ``code``: what counts as its text."""
    watched = {name: workflow.files[name] for name in _watched(workflow, node)}
    facts = (
        code or text.node(workflow, node),
        node.outputs,
        node.kind == "update" and node.name,
        sorted(watched.items()),
        sorted(files),
        sorted(meaning(workflow, node)),
        [(name, content(value)) for name, value in sorted(inputs.items())],
    )
    return hashlib.sha256(repr(facts).encode()).hexdigest()


def _watched(workflow: Workflow, node: Node) -> tuple[str, ...]:
    return tuple(sorted(name for name in node.reads if name in workflow.files)) if node.watches else ()


def content(value: Any) -> str:
    """A text that tells values apart by type and content."""
    if isinstance(value, np.ndarray):
        return f"array {value.dtype} {value.shape} {hashlib.sha256(value.tobytes()).hexdigest()}"
    if isinstance(value, pd.DataFrame):
        return f"frame {dict(value.dtypes)} {value.to_dict('list')}"
    return f"{type(value).__name__} {pickle.loads(pickle.dumps(value))!r}"


def meaning(workflow: Workflow, item: Item) -> set[str]:
    """All that an item reaches outside itself and the nodes, one line each."""
    found: set[str] = set()
    told: set[str] = set()

    def take(reader: Item) -> None:
        if isinstance(reader, Definition):
            if reader.name in told:
                return
            told.add(reader.name)
        scope = "h" if isinstance(reader, Node) else reader.scope
        for name in reader.reads:
            if name in workflow.bases or name in workflow.files:
                continue
            if name[0] != scope and workflow.importing(scope, name[0]) in ("attribute", "package"):
                how = workflow.importing(scope, name[0])
                found.add(f"module {scope} {name[0]}: {'fz_p' if how == 'package' else MODULES[name[0]]}")
            follow(name, as_read=name)
        if isinstance(reader, Definition) and reader.holds:
            follow(reader.holds, as_read="")

    def follow(name: str, as_read: str) -> None:
        one = workflow.definition(name)
        if one.kind in CONSTANTS or one.kind in _NAMELESS or one.kind == "alias":
            if as_read:
                found.add(f"{as_read} is {identity(workflow, one)}")
        else:
            found.add(text.definition(workflow, one, holds=_held(workflow, one)))
        take(one)

    take(item)
    return found


def identity(workflow: Workflow, one: Definition) -> str:
    """What a holder of a definition sees of it: its name where that is a part of it, else what it is."""
    if one.kind in CONSTANTS:
        return text.constant(one)
    if one.kind == "alias":
        return _held(workflow, one)
    if one.kind in _NAMELESS:
        return text.definition(workflow, one, target="_", holds=_held(workflow, one))
    return one.name


def _held(workflow: Workflow, one: Definition) -> str:
    if not one.holds:
        return ""
    other = workflow.definition(one.holds)
    while one.kind == "partial" and other.kind in ("partial", "alias"):
        other = workflow.definition(other.holds)  # Python makes one partial of two
    return identity(workflow, other)

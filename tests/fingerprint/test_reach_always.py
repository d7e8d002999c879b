"""Whatever an edit of local modules changes in what a cell computes changes its parts: tried on generated modules."""

from __future__ import annotations

import importlib
import io
import re
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helix_jupyter.fingerprint.local_imports import import_parts
from helix_jupyter.fingerprint.module_state import left_alone

Module = list[tuple[str, str, str, int]]
NAMES = ("a", "b", "c", "d")
# what a statement may be; {n} is a name that it binds, {r} one that it reads, {k} a number
FORMS = (
    "{n} = {k}",
    "{n} = [{k}]",
    "{n} = f'{{show({r})}}'",
    "{n} = str(show({r}))",
    "{n}: int = {k}",
    "{n} = lambda: ({k}, show({r}))",
    "def {n}(): return {k}, show({r})",
    "def {n}(x={k}): return x, show({r})",
    "def {n}(x=str({r})): return x, {k}",
    "def {n}():\n    global {r}\n    {r} = {k}\n    return {r}",
    "def {n}():\n    from {o} import {r} as z\n    return {k}, show(z)",
    "def {n}():\n    import {o}\n    return {k}, show({o}.{r})",
    "def {n}(): return {k}, show(globals().get('{r}'))",
    "def {n}(): return {k}, sorted(c.__name__ for c in Root.__subclasses__())",
    "def {n}():\n    def inner(): return {k}, show({r})\n    return inner()",
    "@functools.lru_cache\ndef {n}(): return {k}, show({r})",
    "@register\ndef {n}(): return {k}",
    "class {n}:\n    k = {k}\n    def m(self): return show({r})",
    "class {n}(Root):\n    k = {k}\n    def m(self): return show({r})",
    "class {n}(Plain):\n    @property\n    def m(self): return show({r}), {k}",
    "LOG.append({k})",
    "LOG.append(show({r}))",
    "if {k} > 1:\n    {n} = {k}",
    "for {n} in range({k}): pass",
    "try:\n    {n} = {r}\nexcept NameError:\n    {n} = {k}",
    "with open_ as {n}: LOG.append({k})",
    "{n}, more = {k}, {k}",
    "{n} = show.__name__, {k}",
    "from {o} import {r}",
    "from {o} import {r} as {n}",
    "import {o} as {n}",
    "import {o}",
    "from {o} import *",
    "del {n}",
)
HEAD = """
import contextlib, functools
LOG = []
def register(f): LOG.append(f()); return f
def show(x):
    if hasattr(x, '__dict__') and 'LOG' in vars(x): return x.LOG, show(vars(x).get('a'))
    if isinstance(x, type): return x.__name__, x.k, show(x().m) if len(STACK) < 9 else 0
    if callable(x):
        STACK.append(1)
        return x() if len(STACK) < 9 else 0
    return x
STACK = []
open_ = contextlib.nullcontext(1)
class Plain: k = 0
class Root(Plain): m = 1
def dump(): return LOG
a = b = c = d = 7
"""
USES = (
    "import one\nvalue = one.show(one.{r}), one.dump()",
    "from one import {r}, show\nvalue = show({r})",
    "from one import *\nvalue = show({r})",
    "import one as m\nvalue = m.show(getattr(m, '{r}'))",
    "import one, two\nvalue = one.show(two.{r}), two.dump()",
    "from one import {r} as x, show as s\ndef f(): return s(x)\nvalue = f()",
)
statements = st.tuples(st.sampled_from(FORMS), st.sampled_from(NAMES), st.sampled_from(NAMES), st.integers(0, 3))
modules = st.lists(statements, min_size=2, max_size=7)


def text(module: Module, other: str) -> str:
    """A module of these statements; every name is there, so that most of them work."""
    return HEAD + "\n".join(form.format(n=n, r=r, k=k, o=other) for form, n, r, k in module) + "\n"


def value_of(cell: str) -> str | None:
    """What the cell gives in a fresh kernel; None if it fails."""
    for name in ("one", "two"):
        sys.modules.pop(name, None)
    namespace: dict[str, Any] = {"__name__": "__main__"}
    try:
        with redirect_stdout(io.StringIO()), left_alone(("one", "two")):  # as where a node runs it
            exec(cell, namespace)
    except Exception:
        return None  # a module that fails, whatever is used of it, is noticed when it is next imported
    return re.sub("0x[0-9a-f]+", "", repr(namespace["value"]))


@pytest.fixture
def folder(project: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    return Path(project.folder)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(modules, modules, st.data(), st.sampled_from(USES), st.sampled_from(NAMES))
def test_an_edit_that_changes_the_value_changes_the_parts(
    folder: Path, one: Module, two: Module, data: st.DataObject, use: str, name: str
) -> None:
    cell = use.format(r=name)
    number = data.draw(st.integers(0, 1), label="edited module")
    place = data.draw(st.integers(0, len((one, two)[number]) - 1), label="edited statement")
    after = [list(one), list(two)]
    after[number][place] = data.draw(statements, label="its new text")
    seen = []
    for first, second in ((one, two), after):
        (folder / "one.py").write_text(text(first, "two"))
        (folder / "two.py").write_text(text(second, "one"))
        importlib.invalidate_caches()
        for module in ("one", "two"):
            sys.modules.pop(module, None)
        parts = import_parts((), folder, cell)
        seen.append((parts, value_of(cell)))
        assert import_parts((), folder, cell) == parts, "whether it is loaded never counts"
    (parts_before, before), (parts_after, now) = seen
    if parts_before == parts_after and None not in (before, now):
        assert before == now

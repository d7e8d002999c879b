"""The form that codes share which differ in the names of their own variables alone. Reads code; touches nothing."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from helix_jupyter.cell.syntax import deeply

# code that asks for names, for the time or for somebody's answer, or that starts programs: what it gives or leaves
# behind may differ although nothing but names does
_ASKS = frozenset(
    {"eval", "exec", "compile", "locals", "globals", "vars", "dir", "breakpoint", "get_ipython", "import_module"}
)
_ACTS = frozenset({"input", "getpass", "subprocess", "Popen", "system", "timeit"})
_STATES = frozenset({"getstate", "get_state", "get_rng_state", "urandom", "getpid", "get_ident", "object", "id"})
_EXCLUDED = _ASKS | _ACTS | _STATES
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
_WORD = re.compile(r"[^\W\d]\w*")
# a string that is a file's name says nothing of variables; others may (``query``, formulas, SQL)
_FILE = re.compile(r"[\w./\\~-]+\.(csv|tsv|txt|json|jsonl|parquet|feather|pkl|npy|npz|xlsx?|gz|zip|arrow|html|xml)")


@dataclass(frozen=True)
class Nameless:
    """``text``, in which variables have numbers for names, and ``{variable: number}`` of those that have."""

    text: str
    numbers: Mapping[str, str]

    def number(self, name: str) -> str:
        """How ``name`` is called in the text."""
        return self.numbers.get(name, name)


@lru_cache(maxsize=4096)
@deeply
def nameless(code: str, inputs: frozenset[str], fixed: frozenset[str]) -> Nameless | None:
    """``code`` with its variables numbered in the order in which they come; None where names may matter.

    Renamed are names that the code assigns at its top level, and ``inputs``. Not those in ``fixed`` (they mean the
    notebook's), nor any that a name may show of: functions and classes know what they are called and by what names
    their code reads variables, imports say what they import, strings may name variables.
    """
    tree = ast.parse(code)
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    mentioned = {node.id for node in names} | {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    if not mentioned.isdisjoint(_EXCLUDED):
        return None
    assigned = {node.id for node in names if isinstance(node.ctx, ast.Store)}
    chosen = (assigned | inputs) - fixed - set(_shown(tree))
    numbers: dict[str, str] = {}
    for node in names:
        if node.id in chosen:
            node.id = numbers.setdefault(node.id, f"#{len(numbers)}")
    return Nameless(ast.unparse(tree), numbers)


def _shown(tree: ast.AST) -> Iterator[str]:
    """The names that something besides a plain variable shows of."""
    for node in ast.walk(tree):
        if isinstance(node, _FUNCTIONS):
            yield from (one.id for one in ast.walk(node) if isinstance(one, ast.Name))
        yield from _named(node)
        if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
            text = node.value if isinstance(node.value, str) else node.value.decode("latin-1")
            if not _FILE.fullmatch(text):
                yield from _WORD.findall(text)


def _named(node: ast.AST) -> Collection[str]:
    """The names that a node of the tree binds or means otherwise than by a ``Name``."""
    if isinstance(node, ast.Global | ast.Nonlocal):
        return node.names
    if isinstance(node, ast.alias):
        return [(node.asname or node.name).split(".")[0]]
    name = getattr(node, "name", None)  # def, class, except .. as, match .. as
    rest = getattr(node, "rest", None)
    return [one for one in (name, rest) if isinstance(one, str)]

"""Small notebooks on the left; which edits count, and what is named as reached, on the right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from helix_jupyter.fingerprint.capture import Captured, capture

Notebook = Callable[[str], dict[str, Any]]


def captured(namespace: dict[str, Any], *names: str, outputs: frozenset[str] = frozenset(), **chains: str) -> Captured:
    attributes = {name: frozenset(text.split()) for name, text in chains.items()}
    return capture([*names, *chains], attributes, namespace, outputs)


def keys(found: Captured) -> list[tuple[str, str, str]]:
    assert found.unknown == ()
    return [(part.kind, part.label, part.digest) for part in found.parts]


def labels(found: Captured) -> list[str]:
    return [f"{part.kind} {part.label}" for part in found.parts]


WRAPPED = """
import functools
def d(g):
    @functools.wraps(g)
    def w(): return g()
    return w
@d
def f(): return 1
"""
# id: what the name `f` is before, and after an edit that counts
COUNTS = {
    "body": ("def f(x): return x + 1", "def f(x): return x + 2"),
    "folded constants (marimo#8364)": ("def f(): return 11 + 19", "def f(): return 5 + 3"),
    "attribute": ("def f(x): return x.a", "def f(x): return x.b"),
    "called name": ("def f(x): return min(x)", "def f(x): return max(x)"),
    "default": ("def f(x, y=1): return x", "def f(x, y=2): return x"),
    "default of a keyword": ("def f(*, y=1): return y", "def f(*, y=2): return y"),
    "type of a constant": ("def f(): return 1", "def f(): return 1.0"),
    "sign of zero": ("def f(): return 0.0", "def f(): return -0.0"),
    "set of constants": ("def f(x): return x in {1, 2}", "def f(x): return x in {1, 3}"),
    "nested function": (
        "def f():\n    def g(): return 1\n    return g",
        "def f():\n    def g(): return 2\n    return g",
    ),
    "comprehension": ("def f(x): return [i for i in x if i > 1]", "def f(x): return [i for i in x if i > 2]"),
    "helper": ("def g(): return 1\ndef f(): return g()", "def g(): return 2\ndef f(): return g()"),
    "helper's helper": (
        "def h(): return 1\ndef g(): return h()\ndef f(): return g()",
        "def h(): return 2\ndef g(): return h()\ndef f(): return g()",
    ),
    "helper of a nested function": (
        "def h(): return 1\ndef f(): return lambda: h()",
        "def h(): return 2\ndef f(): return lambda: h()",
    ),
    "constant": ("LIMIT = 3\ndef f(): return LIMIT", "LIMIT = 5\ndef f(): return LIMIT"),
    "constant in a container": ("L = {'a': [1]}\ndef f(): return L", "L = {'a': [2]}\ndef f(): return L"),
    "closure": (
        "def make(n):\n    def g(): return n\n    return g\nf = make(1)",
        "def make(n):\n    def g(): return n\n    return g\nf = make(2)",
    ),
    "helper in a closure": (
        "def h(): return 1\ndef make(g): return lambda: g()\nf = make(h)",
        "def h(): return 2\ndef make(g): return lambda: g()\nf = make(h)",
    ),
    "wrapped body (marimo#8364)": (
        WRAPPED,
        WRAPPED.replace("return 1", "return 2"),
    ),
    "decorator's body": (
        WRAPPED,
        WRAPPED.replace("return g()", "return -g()"),
    ),
    "decorator taken off": (
        WRAPPED,
        "def f(): return 1",
    ),
    "cached function": (
        "import functools\n@functools.lru_cache\ndef f(): return 1",
        "import functools\n@functools.lru_cache\ndef f(): return 2",
    ),
    "helper of a cached function": (
        "import functools\ndef h(): return 1\n@functools.lru_cache\ndef f(): return h()",
        "import functools\ndef h(): return 2\n@functools.lru_cache\ndef f(): return h()",
    ),
    "single dispatch": (
        "import functools\n@functools.singledispatch\ndef f(x): return 1\n@f.register\ndef _(x: int): return 1",
        "import functools\n@functools.singledispatch\ndef f(x): return 1\n@f.register\ndef _(x: int): return 2",
    ),
    "context manager": (
        "import contextlib\n@contextlib.contextmanager\ndef f():\n    yield 1",
        "import contextlib\n@contextlib.contextmanager\ndef f():\n    yield 2",
    ),
    "lambda": ("f = lambda x: x + 1", "f = lambda x: x - 1"),
    "lambda in a list (joblib#274)": ("f = [lambda x: x + 1]", "f = [lambda x: x - 1]"),
    "order of lambdas": (
        "f = [lambda x: x + 1, lambda x: x - 1]",
        "f = [lambda x: x - 1, lambda x: x + 1]",
    ),
    "order of functions": (
        "def g(): return 1\ndef h(): return 2\nf = [g, h]",
        "def g(): return 1\ndef h(): return 2\nf = [h, g]",
    ),
    "function in a container": ("def g(): return 1\nf = {'g': g}", "def g(): return 2\nf = {'g': g}"),
    "partial": (
        "import functools\ndef g(x): return x\nf = functools.partial(g, 1)",
        "import functools\ndef g(x): return x\nf = functools.partial(g, 2)",
    ),
    "partial's function": (
        "import functools\ndef g(x): return x\nf = functools.partial(g, 1)",
        "import functools\ndef g(x): return -x\nf = functools.partial(g, 1)",
    ),
    "bound method": (
        "class C:\n    def m(self): return 1\nf = C().m",
        "class C:\n    def m(self): return 2\nf = C().m",
    ),
    "bound method's object": (
        "class C:\n    def __init__(self, n): self.n = n\n    def m(self): return self.n\nf = C(1).m",
        "class C:\n    def __init__(self, n): self.n = n\n    def m(self): return self.n\nf = C(2).m",
    ),
    "method": ("class f:\n    def m(self): return 1", "class f:\n    def m(self): return 2"),
    "class method": (
        "class f:\n    @classmethod\n    def m(cls): return 1",
        "class f:\n    @classmethod\n    def m(cls): return 2",
    ),
    "static method": (
        "class f:\n    @staticmethod\n    def m(): return 1",
        "class f:\n    @staticmethod\n    def m(): return 2",
    ),
    "property": (
        "class f:\n    @property\n    def m(self): return 1",
        "class f:\n    @property\n    def m(self): return 2",
    ),
    "cached property": (
        "import functools\nclass f:\n    @functools.cached_property\n    def m(self): return 1",
        "import functools\nclass f:\n    @functools.cached_property\n    def m(self): return 2",
    ),
    "class attribute": ("class f:\n    limit = 1", "class f:\n    limit = 2"),
    "helper of a method": (
        "def h(): return 1\nclass f:\n    def m(self): return h()",
        "def h(): return 2\nclass f:\n    def m(self): return h()",
    ),
    "helper of a property": (
        "def h(): return 1\nclass f:\n    @property\n    def m(self): return h()",
        "def h(): return 2\nclass f:\n    @property\n    def m(self): return h()",
    ),
    "base class": (
        "class B:\n    def m(self): return 1\nclass f(B): pass",
        "class B:\n    def m(self): return 2\nclass f(B): pass",
    ),
    "metaclass": (
        "class M(type):\n    def m(cls): return 1\nclass f(metaclass=M): pass",
        "class M(type):\n    def m(cls): return 2\nclass f(metaclass=M): pass",
    ),
    "nested class": (
        "class f:\n    class C:\n        n = 1",
        "class f:\n    class C:\n        n = 2",
    ),
    "class of an instance": (
        "class C:\n    def m(self): return 1\nf = C()",
        "class C:\n    def m(self): return 2\nf = C()",
    ),
    "dataclass default": (
        "import dataclasses\n@dataclasses.dataclass\nclass f:\n    n: int = 1",
        "import dataclasses\n@dataclasses.dataclass\nclass f:\n    n: int = 2",
    ),
    "dataclass field": (
        "import dataclasses\n@dataclasses.dataclass\nclass f:\n    n: int = 1",
        "import dataclasses\n@dataclasses.dataclass\nclass f:\n    m: int = 1",
    ),
    "enumeration": (
        "import enum\nclass f(enum.Enum):\n    A = 1",
        "import enum\nclass f(enum.Enum):\n    A = 2",
    ),
    "named tuple": (
        "import collections\nf = collections.namedtuple('f', 'a b')",
        "import collections\nf = collections.namedtuple('f', 'b a')",
    ),
    "attribute of a function": ("def f(): pass\nf.limit = 1", "def f(): pass\nf.limit = 2"),
    "recursion": (
        "def f(n): return f(n - 1) if n else 1",
        "def f(n): return f(n - 1) if n else 2",
    ),
    "mutual recursion": (
        "def f(n): return g(n)\ndef g(n): return f(n - 1) if n else 1",
        "def f(n): return g(n)\ndef g(n): return f(n - 1) if n else 2",
    ),
    "alias of one helper, then of another": (
        "def g(): return 1\ndef h(): return 2\nk = g\ndef f(): return g(), h(), k()",
        "def g(): return 1\ndef h(): return 2\nk = h\ndef f(): return g(), h(), k()",
    ),
    "other function of the same name": ("from math import sin as f", "from math import cos as f"),
    "other third-party function": ("from numpy import mean as f", "from numpy import median as f"),
    "other decorated third-party function": (
        "from sklearn.metrics import f1_score as f",
        "from sklearn.metrics import recall_score as f",
    ),
    "own wrapping of a third-party function": (
        WRAPPED.replace("@d\ndef f(): return 1", "from sklearn.metrics import f1_score\nf = d(f1_score)"),
        WRAPPED.replace("@d\ndef f(): return 1", "from sklearn.metrics import f1_score\nf = d(f1_score)").replace(
            "return g()", "return -g()"
        ),
    ),
    "other module": ("import math as f", "import cmath as f"),
    "other third-party module": ("import sklearn.svm as f", "import sklearn.tree as f"),
    "other function behind a helper": (
        "from math import sin as s\ndef f(): return s(1)",
        "from math import cos as s\ndef f(): return s(1)",
    ),
    "generator function": ("def f():\n    yield 1", "def f():\n    return iter([1])"),
    "exception handler": (
        "def f():\n    try: return 1\n    except ValueError: return 2",
        "def f():\n    try: return 1\n    except KeyError: return 2",
    ),
    "number for a flag": ("f = 1", "f = True"),
    "function of a vectorized one": (
        "import numpy as np\nf = np.vectorize(lambda x: x + 1)",
        "import numpy as np\nf = np.vectorize(lambda x: x + 2)",
    ),
    "types that a vectorized function gives": (
        "import numpy as np\nf = np.vectorize(abs, otypes=[float])",
        "import numpy as np\nf = np.vectorize(abs, otypes=[int])",
    ),
    "order of a dict": ("f = {'a': 1, 'b': 2}", "f = {'b': 2, 'a': 1}"),
    "order of a dict with keys of several types": ("f = {'a': 1, 2: 2}", "f = {2: 2, 'a': 1}"),
    "order of a dict's keys": ("f = {'a': 1, 'b': 2}.keys()", "f = {'b': 2, 'a': 1}.keys()"),
    "order of a nested dict": ("f = [({'a': 1, 'b': 2},)]", "f = [({'b': 2, 'a': 1},)]"),
    "order of a counter": (
        "import collections\nf = collections.Counter(a=1, b=2)",
        "import collections\nf = collections.Counter(b=2, a=1)",
    ),
    "order of a dict that a default holds": (
        "def f(x={'a': 1, 'b': 2}): return x",
        "def f(x={'b': 2, 'a': 1}): return x",
    ),
    "order of a dict that a helper reads": (
        "K = {'a': 1, 'b': 2}\ndef f(): return K",
        "K = {'b': 2, 'a': 1}\ndef f(): return K",
    ),
    "order of attributes": (
        "from types import SimpleNamespace\nf = SimpleNamespace(a=1, b=2)",
        "from types import SimpleNamespace\nf = SimpleNamespace(b=2, a=1)",
    ),
    "order of an instance's attributes": (
        "class C: pass\nf = C()\nf.a = 1\nf.b = 2",
        "class C: pass\nf = C()\nf.b = 2\nf.a = 1",
    ),
    "order of a class's attributes": ("class f:\n    a = 1\n    b = 2", "class f:\n    b = 2\n    a = 1"),
    "argument renamed": ("def f(x): return x", "def f(y): return y"),
    "collecting argument renamed": ("def f(*, a, **x): return x", "def f(*, a, **y): return y"),
    "local variable read by text": (
        "def f():\n    a = 1\n    return locals()",
        "def f():\n    b = 1\n    return locals()",
    ),
    "local variable named in a text": (
        "def f(t):\n    a = 1\n    return t.query('n > @a')",
        "def f(t):\n    b = 1\n    return t.query('n > @a')",
    ),
    "local variables named in a text and swapped": (
        "def f(t):\n    a = 1\n    b = 2\n    return t.query('n > @a')",
        "def f(t):\n    b = 1\n    a = 2\n    return t.query('n > @a')",
    ),
}


@pytest.mark.parametrize(("before", "after"), COUNTS.values(), ids=COUNTS.keys())
def test_an_edit_that_counts(before: str, after: str, notebook: Notebook) -> None:
    assert keys(captured(notebook(before), "f")) == keys(captured(notebook(before), "f"))
    assert keys(captured(notebook(before), "f")) != keys(captured(notebook(after), "f"))


# id: what the name `f` is before, and after an edit that does not count
NEVER_COUNTS = {
    "layout of a constant": ("def f(): return 0", "def f():\n    return (\n        0\n    )"),
    "layout inside loops": (
        "def f(x):\n    while x:\n        try: x = x[0]\n        except KeyError: pass\n    return 0",
        "def f(x):\n    while x:\n        try:\n            x = (\n                x[0]\n            )\n"
        "        except KeyError:\n            pass\n    return (\n        0\n    )",
    ),
    "comment": ("def f(x):\n    return x", "def f(x):\n    # why\n    return x"),
    "format": ("def f(x, y): return [x, y]", "def f(\n    x,\n    y,\n):\n    return [\n        x, y]"),
    "line": ("def f(x): return x", "\n\n\ndef f(x): return x"),
    "docstring": ("def f(x):\n    'one'\n    return x", "def f(x):\n    'two'\n    return x"),
    "docstring put on": ("def f(x):\n    return print(x)", "def f(x):\n    'doc'\n    return print(x)"),
    "docstring put on, nothing returned": ("def f(x):\n    print(x)", "def f(x):\n    'doc'\n    print(x)"),
    "docstring of a class": ("class f:\n    'one'\n    n = 1", "\nclass f:\n    'two'\n    n = 1"),
    "docstring of a nested class": (
        "def f():\n    class C:\n        'one'\n        n = 1\n    return C",
        "def f():\n\n    class C:\n        'two'\n        n = 1\n    return C",
    ),
    "parentheses": ("def f(x): return x + 1 * 2", "def f(x): return (x + (1 * 2))"),
    "quotes": ("def f(): return 'a'", 'def f(): return "a"'),
    "spelling of a number": ("def f(): return 1000", "def f(): return 1_000"),
    "order of a set": ("def f(x): return x in {1, 2}", "def f(x): return x in {2, 1}"),
    "order of methods": (
        "class f:\n    def a(self): pass\n    def b(self): pass",
        "class f:\n    def b(self): pass\n    def a(self): pass",
    ),
    "local variable renamed": (
        "def f(x):\n    a = x + 1\n    b = a\n    return b",
        "def f(x):\n    c = x + 1\n    a = c\n    return a",
    ),
    "what becomes of annotations": ("def f(x): return x", "from __future__ import annotations\ndef f(x): return x"),
    "another helper": ("def f(): return 1", "def g(): return 2\ndef f(): return 1"),
    "what the cache holds": (
        "import functools\n@functools.lru_cache\ndef f(n): return n",
        "import functools\n@functools.lru_cache\ndef f(n): return n\nf(1), f(2)",
    ),
    "calls of a single dispatch": (
        "import functools\n@functools.singledispatch\ndef f(x): return 1",
        "import functools\n@functools.singledispatch\ndef f(x): return 1\nf(1), f('a')",
    ),
}


@pytest.mark.parametrize(("before", "after"), NEVER_COUNTS.values(), ids=NEVER_COUNTS.keys())
def test_an_edit_that_never_counts(before: str, after: str, notebook: Notebook) -> None:
    assert keys(captured(notebook(before), "f")) == keys(captured(notebook(after), "f"))


def test_where_a_cell_stands_never_counts(notebook: Callable[..., dict[str, Any]]) -> None:
    """joblib#1312: keys hold no file name, cell number or memory address."""
    text = "LIMIT = 3\nclass C:\n    def m(self): return LIMIT\ndef f(): return C().m()"
    one = captured(notebook(text, "<ipython-input-1-abc>"), "f")
    other = captured(notebook("\n\n" + text, "/tmp/ipykernel_1/2.py"), "f")
    assert one.parts == other.parts


def test_a_decorated_function_of_a_package_is_told_by_version_alone(
    notebook: Notebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not by what its decorator holds: sklearn's holds tables of constraints, ten milliseconds' worth of them."""
    from sklearn.metrics import accuracy_score

    before = captured(notebook("from sklearn.metrics import accuracy_score as f"), "f")
    monkeypatch.setattr(accuracy_score, "held", iter(()), raising=False)  # what has no digest would be named
    after = captured(notebook("from sklearn.metrics import accuracy_score as f"), "f")
    assert labels(before) == ["function f", "module sklearn"]
    assert keys(before) == keys(after)


def test_each_helper_is_a_part_of_its_own(notebook: Notebook) -> None:
    namespace = notebook(
        """
        import math
        import numpy as np
        LIMIT = 3
        class Model:
            def fit(self): return helper()
        def helper(): return np.mean(LIMIT)
        def f(): return Model().fit() + math.pi
        unused = object()
        """
    )
    found = captured(namespace, "f")
    assert labels(found) == [
        *("class Model", "function Model.fit", "function f", "function helper"),
        *("module numpy", "value LIMIT", "value np"),
    ]
    assert set(found.reached) == {"f", "Model", "helper", "np", "math", "LIMIT"}
    assert {part.label: part.detail for part in found.parts}["LIMIT"] == "3"


def test_outputs_of_other_nodes_are_edges_and_never_digested(notebook: Notebook) -> None:
    namespace = notebook(
        "rows = (i for i in 'never digested')\ndef g(): return rows\ndef f(): return g(), lambda: model"
    )
    found = captured(namespace, "f", outputs=frozenset({"rows", "model"}))
    assert found.nodes == {"rows", "model"}
    assert labels(found) == ["function f", "function g"]
    assert "rows" not in found.reached


def test_names_that_nothing_defines_are_missing(notebook: Notebook) -> None:
    found = captured(notebook("def f(): return later"), "f", "nothing", "len", "rows", outputs=frozenset({"rows"}))
    assert found.missing == ("nothing", "later")


def test_a_helper_whose_global_appears_later_changes(notebook: Notebook) -> None:
    namespace = notebook("def f(): return later")
    before = keys(captured(namespace, "f"))
    namespace["later"] = 1
    assert keys(captured(namespace, "f")) != before


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("import threading\nf = threading.Lock()", "captured `f` (_thread.lock) cannot be digested"),
        ("import threading\nlock = threading.Lock()\ndef f(): return lock", "captured `lock` (_thread.lock)"),
        ("import threading\nf = {'m': {'lock': threading.Lock()}}", "captured `f['m']['lock']` (_thread.lock)"),
        ("f = (i for i in 'a')", "captured `f` (generator) cannot be digested"),
        ("import threading\nclass f:\n    lock = threading.Lock()", "captured `f.lock` (_thread.lock)"),
    ],
)
def test_what_cannot_be_digested_is_named(text: str, line: str, notebook: Notebook) -> None:
    (found,) = captured(notebook(text), "f").unknown
    assert found.startswith(line)


def test_two_names_of_one_constant_are_two_parts(notebook: Notebook) -> None:
    assert labels(captured(notebook("a = b = 3"), "a", "b")) == ["value a", "value b"]


def test_the_environment_is_no_part(notebook: Notebook) -> None:
    namespace = notebook("from IPython.display import display\nimport IPython")
    assert labels(captured(namespace, "display", "IPython")) == []


def test_order_and_repetition_of_names_never_count(notebook: Notebook) -> None:
    namespace = notebook("LIMIT = 1\ndef g(): return LIMIT\ndef f(): return g()")
    assert captured(namespace, "f", "g").parts == captured(namespace, "g", "f", "g").parts


# module edits: what is captured of the notebook, the modules before, the modules after
UTILS = """
    import helpers
    LIMIT = 3
    def clean(x): return helpers.strip(x)
    def other(x): return LIMIT
"""
HELPERS = "from deep import inner\ndef strip(x): return inner(x)"
DEEP = "FACTOR = 2\ndef inner(x): return FACTOR * x"


def parts_of(project: Any, chain: str = "clean", **edits: str) -> Captured:
    project.write(**{"utils": UTILS, "helpers": HELPERS, "deep": DEEP, **edits})
    return captured({"__name__": "__main__", "utils": project.load("utils")}, utils=chain)


def test_helpers_in_modules_are_parts_by_their_place(project: Any) -> None:
    found = parts_of(project)
    assert labels(found) == [
        *("function deep.inner", "function helpers.strip", "function utils.clean"),
        *("name helpers.inner", "value deep.FACTOR"),
    ]
    assert [part.detail for part in found.parts] == [
        "deep.py, called by `strip`",
        "helpers.py, called by `clean`",
        "utils.py",
        "deep.inner",
        "2",
    ]


def test_a_helper_imported_by_name_has_the_cell_s_name(project: Any) -> None:
    project.write(utils=UTILS, helpers=HELPERS, deep=DEEP)
    found = captured({"__name__": "__main__", "clean": project.load("utils").clean}, "clean")
    assert "function clean" in labels(found)
    assert "function utils.clean" not in labels(found)


@pytest.mark.parametrize(
    ("edits", "counts"),
    [
        pytest.param({"deep": DEEP.replace("* x", "+ x")}, True, id="two imports deep (joblib#1621)"),
        pytest.param({"deep": DEEP.replace("= 2", "= 3")}, True, id="constant two imports deep (redun#99)"),
        pytest.param({"helpers": HELPERS.replace("inner(x)", "inner(-x)")}, True, id="between"),
        pytest.param({"utils": UTILS.replace("LIMIT = 3", "LIMIT = 4")}, False, id="constant that is not reached"),
        pytest.param({"utils": UTILS.replace("return LIMIT", "return 0")}, False, id="member that is not reached"),
        pytest.param({"deep": "# why\n" + DEEP}, False, id="comment"),
        pytest.param({"deep": DEEP + "\ndef more(): pass"}, False, id="function put beside"),
    ],
)
def test_an_edit_in_a_module(edits: dict[str, str], counts: bool, project: Any) -> None:
    before = keys(parts_of(project))
    assert (keys(parts_of(project, **edits)) != before) is counts


def test_a_bare_use_of_a_module_reaches_all_that_it_defines(project: Any) -> None:
    before = keys(parts_of(project, chain=""))
    after = keys(parts_of(project, chain="", utils=UTILS.replace("LIMIT = 3", "LIMIT = 4")))
    assert {label for _, label, _ in before} >= {"utils.clean", "utils.other", "utils.LIMIT", "deep.inner"}
    assert before != after


def test_packages_relative_imports_and_reexports_are_followed(project: Any) -> None:
    def parts(factor: int) -> list[tuple[str, str, str]]:
        project.write(
            package____init__="from .public import *\nfrom . import inner",
            package__public="from .inner import scale\ndef clean(x): return scale(x)",
            package__inner=f"FACTOR = {factor}\ndef scale(x): return FACTOR * x",
        )
        namespace = {"__name__": "__main__", "package": project.load("package")}
        return keys(captured(namespace, package="clean inner.scale"))

    before, after = parts(1), parts(2)
    assert {label for kind, label, _ in before if kind != "name"} == {
        *("package.public.clean", "package.inner.scale", "package.inner.FACTOR"),
    }
    assert [label for (_, label, _) in set(before) - set(after)] == ["package.inner.FACTOR"]


def test_modules_that_a_helper_imports_itself_count(project: Any, notebook: Notebook) -> None:
    namespace = notebook("def f():\n    from late import work\n    import numpy.linalg\n    return work()")
    project.write(late="def work(): return 1")
    before = keys(captured(namespace, "f"))
    project.write(late="def work(): return 22")
    after = keys(captured(namespace, "f"))
    assert [label for _, label, _ in before] == ["f", "late.work", "numpy", "late"]
    assert before != after


def test_module_cycles_end(project: Any) -> None:
    project.write(one="import two\ndef f(): return two.g()", two="import one\ndef g(): return one.f()")
    found = captured({"__name__": "__main__", "one": project.load("one")}, one="f")
    assert labels(found) == ["function one.f", "function two.g"]


def test_an_instance_of_a_local_class_counts_with_the_class(project: Any) -> None:
    def digest_of(body: str) -> str:
        from helix_jupyter.fingerprint.digest import digest

        project.write(models=f"def help(x): return {body}\nclass Model:\n    def predict(self, x): return help(x)")
        return digest(project.load("models").Model())

    assert digest_of("x") == digest_of("x")
    assert digest_of("x") != digest_of("-x")

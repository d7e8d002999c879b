"""Code in all its forms, as the notebook holds it: an edit of ``$`` is seen, a comment or another place never."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from helix_jupyter.fingerprint.capture import capture

# what the name `f` is
FORMS = {
    "bare decorator": "def d(g):\n    def w(): return g() + $\n    return w\n@d\ndef f(): return 1",
    "bare decorated body": "def d(g):\n    def w(): return g()\n    return w\n@d\ndef f(): return $",
    "decorator with arguments": (
        "def d(n):\n"
        "    def e(g):\n"
        "        def w(): return g() + n\n"
        "        return w\n"
        "    return e\n"
        "@d($)\n"
        "def f(): return 1"
    ),
    "class as decorator": (
        "class D:\n"
        "    def __init__(self, g): self.g = g\n"
        "    def __call__(self): return self.g() + $\n"
        "@D\n"
        "def f(): return 1"
    ),
    "body behind class decorator": (
        "class D:\n"
        "    def __init__(self, g): self.g = g\n"
        "    def __call__(self): return self.g()\n"
        "@D\n"
        "def f(): return $"
    ),
    "decorated class": "def d(c):\n    c.k = $\n    return c\n@d\nclass f: pass",
    "helper of decorator": (
        "def h(): return $\ndef d(g):\n    def w(): return g() + h()\n    return w\n@d\ndef f(): return 1"
    ),
    "two decorators": (
        "import functools\n"
        "def d(g):\n"
        "    @functools.wraps(g)\n"
        "    def w(): return g() + $\n"
        "    return w\n"
        "@functools.lru_cache\n"
        "@d\n"
        "def f(): return 1"
    ),
    "lru cached method": "import functools\nclass f:\n    @functools.lru_cache\n    def m(self): return $",
    "wrapped staticmethod": (
        "import functools\n"
        "def d(g):\n"
        "    @functools.wraps(g)\n"
        "    def w(*a): return g(*a)\n"
        "    return w\n"
        "class f:\n"
        "    @staticmethod\n"
        "    @d\n"
        "    def m(): return $"
    ),
    "partialmethod": (
        "import functools\nclass f:\n    def m(self, n): return n\n    p = functools.partialmethod(m, $)"
    ),
    "nested partial": (
        "import functools\ndef g(a, b): return a + b\nf = functools.partial(functools.partial(g, 1), $)"
    ),
    "partial keyword": "import functools\ndef g(a, b=1): return a + b\nf = functools.partial(g, b=$)",
    "partial of method": (
        "import functools\nclass C:\n    def m(self, a): return a + $\nf = functools.partial(C().m, 1)"
    ),
    "callable instance": "class C:\n    def __call__(self): return $\nf = C()",
    "helper of callable": "def h(): return $\nclass C:\n    def __call__(self): return h()\nf = C()",
    "singledispatchmethod": (
        "import functools\n"
        "class f:\n"
        "    @functools.singledispatchmethod\n"
        "    def m(self, x): return 1\n"
        "    @m.register\n"
        "    def _(self, x: int): return $"
    ),
    "single dispatch by call": (
        "import functools\n@functools.singledispatch\ndef f(x): return 1\nf.register(int, lambda x: $)"
    ),
    "single dispatch on class": (
        "import functools\n"
        "class C: pass\n"
        "@functools.singledispatch\n"
        "def f(x): return 1\n"
        "@f.register(C)\n"
        "def _(x): return $"
    ),
    "total ordering": (
        "import functools\n"
        "@functools.total_ordering\n"
        "class f:\n"
        "    def __lt__(self, o): return $\n"
        "    def __eq__(self, o): return True"
    ),
    "property setter": (
        "class f:\n    @property\n    def m(self): return 1\n    @m.setter\n    def m(self, v): self.x = $"
    ),
    "descriptor": "class D:\n    def __get__(self, o, t): return $\nclass f:\n    m = D()",
    "slots": "class f:\n    __slots__ = ('a',)\n    def m(self): return $",
    "slots instance": "class C:\n    __slots__ = ('a',)\n    def __init__(self): self.a = $\nf = C()",
    "init_subclass": "class B:\n    def __init_subclass__(cls): cls.k = $\nclass f(B): pass",
    "grandparent": "class A:\n    def m(self): return $\nclass B(A): pass\nclass f(B): pass",
    "mixin": "class A:\n    def m(self): return $\nclass B: pass\nclass f(B, A): pass",
    "super": "class A:\n    def m(self): return $\nclass f(A):\n    def m(self): return super().m()",
    "metaclass call": "class M(type):\n    def __call__(cls): return $\nclass f(metaclass=M): pass",
    "metaclass base": "class N(type):\n    def m(cls): return $\nclass M(N): pass\nclass f(metaclass=M): pass",
    "abstract": (
        "import abc\n"
        "class A(abc.ABC):\n"
        "    @abc.abstractmethod\n"
        "    def m(self): ...\n"
        "    def n(self): return $\n"
        "class f(A):\n"
        "    def m(self): return 1"
    ),
    "generic": (
        "from typing import Generic, TypeVar\n"
        "T = TypeVar('T')\n"
        "class A(Generic[T]):\n"
        "    def m(self): return $\n"
        "f = A[int]"
    ),
    "protocol": "from typing import Protocol\nclass f(Protocol):\n    def m(self): return $",
    "NamedTuple": ("from typing import NamedTuple\nclass f(NamedTuple):\n    a: int = $\n    def m(self): return 1"),
    "NamedTuple method": (
        "from typing import NamedTuple\nclass f(NamedTuple):\n    a: int = 1\n    def m(self): return $"
    ),
    "enum method": "import enum\nclass f(enum.Enum):\n    A = 1\n    def m(self): return $",
    "enum member": "import enum\nclass E(enum.Enum):\n    A = 1\n    def m(self): return $\nf = E.A",
    "enum member value": "import enum\nclass E(enum.Enum):\n    A = $\nf = E.A",
    "default factory": (
        "import dataclasses\n"
        "@dataclasses.dataclass\n"
        "class f:\n"
        "    n: list = dataclasses.field(default_factory=lambda: [$])"
    ),
    "post init": (
        "import dataclasses\n@dataclasses.dataclass\nclass f:\n    n: int = 1\n    def __post_init__(self): self.n = $"
    ),
    "frozen dataclass instance": (
        "import dataclasses\n@dataclasses.dataclass(frozen=True)\nclass C:\n    n: int\nf = C($)"
    ),
    "dataclass order option": (
        "import dataclasses\n@dataclasses.dataclass(order=bool($ - 1))\nclass f:\n    n: int = 1"
    ),
    "defaultdict": "import collections\nf = collections.defaultdict(lambda: $)",
    "coroutine": "async def f(): return $",
    "async generator": "async def f():\n    yield $",
    "closure cell function": ("def make():\n    def g(): return $\n    def h(): return g()\n    return h\nf = make()"),
    "closure class": "def make():\n    class C:\n        def m(self): return $\n    return C\nf = make()",
    "instance of closure class": (
        "def make():\n    class C:\n        def m(self): return $\n    return C()\nf = make()"
    ),
    "nonlocal": (
        "def make(n):\n    def g():\n        nonlocal n\n        n += 1\n        return n\n    return g\nf = make($)"
    ),
    "default is function": "def g(): return $\ndef f(h=g): return h()",
    "default is lambda": "def f(h=lambda: $): return h()",
    "default is mutable": "def f(x=[$]): return x",
    "keyword default function": "def g(): return $\ndef f(*, h=g): return h()",
    "registry": (
        "R = {}\ndef reg(g):\n    R[g.__name__] = g\n    return g\n@reg\ndef g(): return $\ndef f(n): return R[n]()"
    ),
    "registry of classes": (
        "R = []\n"
        "class B:\n"
        "    def __init_subclass__(cls): R.append(cls)\n"
        "class C(B):\n"
        "    k = $\n"
        "def f(): return R[0].k"
    ),
    "subclasses": "class B: pass\nclass C(B):\n    k = $\ndef f(): return B.__subclasses__()[0].k",
    "vectorize": "import numpy as np\ndef g(x): return x + $\nf = np.vectorize(g)",
    "sklearn transformer": (
        "from sklearn.preprocessing import FunctionTransformer\ndef g(x): return x + $\nf = FunctionTransformer(g)"
    ),
    "pipeline": (
        "from sklearn.pipeline import make_pipeline\n"
        "from sklearn.preprocessing import FunctionTransformer\n"
        "def g(x): return x + $\n"
        "f = make_pipeline(FunctionTransformer(g))"
    ),
    "own estimator": (
        "from sklearn.base import BaseEstimator\nclass E(BaseEstimator):\n    def fit(self, x): return $\nf = E()"
    ),
    "method object": "import types\ndef g(self): return $\nclass C: pass\nf = types.MethodType(g, C())",
    "staticmethod object": "def g(): return $\nf = staticmethod(g)",
    "unbound method": "class C:\n    def m(self): return $\nf = C.m",
    "class method bound": "class C:\n    k = $\n    @classmethod\n    def m(cls): return cls.k\nf = C.m",
    "monkeypatched method": "class f:\n    def m(self): return 1\nf.m = lambda self: $",
    "instance attribute function": "class C: pass\nf = C()\nf.g = lambda: $",
    "string annotations default": "def f(x: 'int' = $): return x",
    "walrus": "def f(): return (y := $)",
    "match": "def f(x):\n    match x:\n        case $: return 1\n    return 0",
    "f-string": "def f(x): return f'{x:{$}d}'",
    "global writer": "K = $\ndef f():\n    global K\n    K = K + 1\n    return K",
    "del and assert": "def f(x):\n    assert x, $\n    return x",
    "comprehension helper": "def h(x): return x + $\ndef f(): return [h(i) for i in range(3)]",
    "lambda in map": "def f(x): return list(map(lambda i: i + $, x))",
    "try star": "def f():\n    try: return 1\n    except* ValueError: print($)",
    "contextmanager helper": ("import contextlib\ndef h(): return $\n@contextlib.contextmanager\ndef f(): yield h()"),
    "class with getattr": "class C:\n    def __getattr__(self, n): return $\nf = C()",
    "tuple of classes": "class A:\n    k = $\nf = (A, int)",
    "type()": "f = type('f', (), {'m': lambda self: $})",
    "make_dataclass": (
        "import dataclasses\nf = dataclasses.make_dataclass('f', [('n', int, dataclasses.field(default=$))])"
    ),
    "exec made": "ns = {}\nexec('def g(): return $', ns)\nf = ns['g']",
    "exec made, helper": "ns = {}\nexec('def h(): return $\\ndef g(): return h()', ns)\nf = ns['g']",
    "functools.reduce": ("import functools\ndef g(a, b): return a + b + $\ndef f(x): return functools.reduce(g, x)"),
    "operator.methodcaller": "import operator\nf = operator.methodcaller('m', $)",
    "itemgetter": "import operator\nf = operator.itemgetter($)",
    "compose": "def compose(*gs): return lambda x: [g(x) for g in gs]\nf = compose(lambda x: x, lambda x: $)",
    "attribute chain": "class A: pass\nA.b = A()\nA.b.c = lambda: $\ndef f(): return A.b.c()",
    "module type": "import types\nm = types.ModuleType('mm')\nm.k = $\ndef f(): return m.k",
    "simple namespace": "import types\nn = types.SimpleNamespace(g=lambda: $)\ndef f(): return n.g()",
    "mapping proxy": "import types\nn = types.MappingProxyType({'g': $})\ndef f(): return n['g']",
    "chain map": "import collections\nf = collections.ChainMap({'a': $})",
    "jitted-like": (
        "class Jit:\n"
        "    def __init__(self, py_func): self.py_func = py_func\n"
        "    def __call__(self, *a): return self.py_func(*a)\n"
        "def jit(g): return Jit(g)\n"
        "@jit\n"
        "def f(x): return x + $"
    ),
    "inherit dict": "class f(dict):\n    def m(self): return $",
    "exception class": "class f(Exception):\n    code = $",
    "bound builtin": "f = [$].append",
    "str method": "f = '{:d}$'.format",
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
def test_an_edit_of_a_form_of_code(form: str, notebook: Callable[..., dict[str, Any]]) -> None:
    def parts(number: int, above: str = "") -> list[tuple[str, str, str]]:
        found = capture(["f"], {}, notebook(above + form.replace("$", str(number))), frozenset())
        assert found.unknown == ()
        return [(part.kind, part.label, part.digest) for part in found.parts]

    before = parts(1)
    assert parts(1, "# why\n\n") == before
    assert parts(2) != before


@pytest.mark.parametrize(
    "text",
    [
        "import numpy as np\nf = np.frompyfunc(lambda x: x + 1, 1, 1)",
        "import functools\nf = functools.cmp_to_key(lambda a, b: 1)",
    ],
    ids=["frompyfunc", "cmp_to_key"],
)
def test_a_function_that_is_out_of_sight_is_named(text: str, notebook: Callable[..., dict[str, Any]]) -> None:
    (line,) = capture(["f"], {}, notebook(text), frozenset()).unknown
    assert line.startswith("captured `f` (")


def test_numpy_s_own_functions_have_a_digest(notebook: Callable[..., dict[str, Any]]) -> None:
    pytest.importorskip("scipy.special")
    namespace = notebook("import numpy as np\nfrom scipy.special import expit\nf = [np.add, expit]")
    assert capture(["f"], {}, namespace, frozenset()).unknown == ()


def test_an_object_that_answers_to_every_name_is_not_asked(notebook: Callable[..., dict[str, Any]]) -> None:
    namespace = notebook("class C:\n    def __getattr__(self, name): raise RuntimeError(name)\nf = C()")
    assert capture(["f"], {}, namespace, frozenset()).unknown == ()

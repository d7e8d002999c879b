"""What a cell does with names: a table of cells, and real execution as the judge of generated ones."""

# ruff: noqa: E501 - a row of a table is a line

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helix_jupyter.cell.analyse import analyse
from helix_jupyter.cell.literals import changed_literals, changed_statements
from helix_jupyter.cell.normalise import normalise
from helix_jupyter.errors import CellSyntaxError


def case(id: str, code: str, reads: str = "", may: str = "", writes: str = "", mutates: str = "") -> Any:
    """A row of the table; names are separated by blanks."""
    return pytest.param(code, reads.split(), may.split(), writes.split(), mutates.split(), id=id)


@pytest.mark.parametrize(
    ("code", "reads", "may_read", "writes", "mutates"),
    [
        case("empty", ""),
        case("assignment", "y = f(x)", reads="f x", writes="y"),
        case("read then assigned", "y = x\nx = 1", reads="x", writes="y x"),
        case("assigned then read", "x = 1\ny = x", writes="x y"),
        case("its own earlier value", "df = df.dropna()", reads="df", writes="df"),
        case("chained and unpacked", "a = b, *c = f", reads="f", writes="a b c"),
        case("annotated", "x: Kind = y", reads="y Kind", writes="x"),
        case("annotation without value", "x: int\nx", reads="int x"),
        case("postponed annotations", "from __future__ import annotations\ndef f(a: A) -> B: c: C = 1", writes="annotations f"),
        case("builtins are names", "print(len(x))", reads="print len x"),
        # in place
        case("item", "x['a'] = y", reads="y x", mutates="x"),
        case("nested attribute and item", "x.a[0].b = 1", reads="x", mutates="x"),
        case("augmented", "x += y", reads="x y", writes="x", mutates="x"),
        case("augmented item", "x[0] += 1", reads="x", mutates="x"),
        case("augmented own", "x = 0\nx += 1", writes="x"),
        case("deleted item", "del x['a'], y.b", reads="x y", mutates="x y"),
        case("loop target that is an item", "for x[0] in y: pass", reads="y x", mutates="x"),
        case("own value changed", "x = {}\nx['a'] = 1", writes="x"),
        case("rebound before", "df = df.copy()\ndf['a'] = 1", reads="df", writes="df"),
        case("fit as a statement", "model.fit(X)", reads="model X", mutates="model"),
        case("append in a loop", "for x in xs: out.append(x)", reads="xs out", writes="x", mutates="out"),
        case("fit with its value used", "m = model.fit(X)", reads="model X", writes="m"),
        case("fit of an attribute", "a.b.fit(X)", reads="a X"),
        case("unknowable method", "model.train(X)", reads="model X"),
        case("inplace", "y = df['a'].fillna(0, inplace=True)", reads="df", writes="y", mutates="df"),
        case("inplace=False", "df.fillna(0, inplace=False)", reads="df"),
        case("inplace on a call's value", "f(x).sort_values(inplace=True)", reads="f x"),
        case("in a function", "def f(): x['a'] = 1", reads="x", writes="f", mutates="x"),
        case("a parameter", "def f(x): x['a'] = 1", writes="f"),
        # del
        case("del then read", "x = 1\ndel x\ny = x", reads="x", writes="y"),
        case("del from outside", "del x", reads="x"),
        case("del in a branch", "x = 1\nif a: del x\ny = x", reads="a", may="x", writes="x y"),
        # branches
        case("assigned on one path", "if a: x = 1\ny = x", reads="a", may="x", writes="x y"),
        case("assigned on both paths", "if a: x = 1\nelse: x = 2\ny = x", reads="a", writes="x y"),
        case("read in a branch only", "if a: y = x\nx = 1", reads="a x", writes="y x"),
        case("the other path raises", "if a: x = 1\nelse: raise E\ny = x", reads="a E", writes="x y"),
        case("elif", "if a: x = 1\nelif b: x = 2\ny = x", reads="a b", may="x", writes="x y"),
        case("certain beats maybe", "y = x\nif a: x = 1\nz = x", reads="x a", writes="y x z"),
        case("conditional expression", "y = (x := 1) if a else x\nx", reads="a x", writes="x y"),
        case("and", "a and (x := 1)\nx", reads="a", may="x", writes="x"),
        case("message of an assert", "assert a, (x := 1)\nx", reads="a", may="x", writes="x"),
        # loops
        case("for", "for i in xs: y = i", reads="xs", writes="i y"),
        case("loop variable afterwards", "for i in xs: pass\ni", reads="xs", may="i", writes="i"),
        case("for else", "for i in xs:\n  if i: break\nelse: x = 1\nx", reads="xs", may="x", writes="i x"),
        case("for else without break", "for i in xs: pass\nelse: x = 1\nx", reads="xs", writes="i x"),
        case("accumulated", "for i in xs: total += i", reads="xs total", writes="i total", mutates="total"),
        case("from an earlier turn", "for i in xs:\n  if i: f(last)\n  last = i", reads="xs f", may="last", writes="i last"),
        case("in a branch of a loop, never assigned", "for i in xs:\n  if i: f(z)", reads="xs f z", writes="i"),
        case("in a branch of a loop, assigned behind it", "for i in xs:\n  if i: f(z)\nz = 1", reads="xs f z", writes="i z"),
        case("behind continue", "for i in xs:\n  if a:\n    if i:\n      p = i\n      continue\n  f(p)", reads="xs a f", may="p", writes="i p"),
        case("from the outer loop's earlier turn", "for a in A:\n  for b in a: f(p)\n  p = 1", reads="A f", may="p", writes="a b p"),
        case("in the inner loop only", "for a in A:\n  for b in a: f(p)\n  q = 1", reads="A f p", writes="a b q"),
        case("while", "while x < 3: x += 1", reads="x", writes="x", mutates="x"),
        case("while with walrus", "while (line := f()): pass\nline", reads="f", writes="line"),
        case("while True", "while True:\n  x = f()\n  if x: break\nx", reads="f", writes="x"),
        case("while a condition", "while a: x = 1\nx", reads="a", may="x", writes="x"),
        # try
        case("except name is gone", "try: f()\nexcept E as e: g(e)\ny = e", reads="f E g e", writes="y"),
        case("except name shadows", "e = 1\ntry: f()\nexcept E as e: pass\ny = e", reads="f E", may="e", writes="e y"),
        case("either import", "try: import a as m\nexcept ImportError: import b as m\nm", reads="ImportError", writes="m"),
        case("assigned before the failure or not", "try:\n  x = f()\nexcept E:\n  print(x)", reads="f E print", may="x", writes="x"),
        case("handler passes", "try: x = f()\nexcept E: pass\nx", reads="f E", may="x", writes="x"),
        case("handler raises", "try: x = f()\nexcept E: raise\nx", reads="f E", writes="x"),
        case("try else", "try: f()\nexcept E: x = 1\nelse: x = 2\nx", reads="f E", writes="x"),
        case("finally", "try: x = f()\nfinally: y = 1\nx, y", reads="f", writes="x y"),
        case("finally sees both", "try: x = f()\nfinally: g(x)", reads="f g", may="x", writes="x"),
        case("finally deletes", "try: x = f()\nfinally: del y\nx", reads="f y", writes="x"),
        case("guarded read", "try: x\nexcept NameError: x = 1\nx", reads="NameError", may="x", writes="x"),
        case("guarded among others", "try: x\nexcept (NameError, E): x = 1", reads="NameError E", may="x", writes="x"),
        case("except star", "try: f()\nexcept* E as e: pass", reads="f E"),
        # with and match
        case("with", "with f(p) as a, a.b() as (c, d): e = c\ne", reads="f p", writes="a c d e"),
        case("with an item", "with f() as x.a: pass", reads="f x", mutates="x"),
        case("match", "match v:\n  case [a, *b]: pass\n  case {'k': c, **d}: pass\n  case E.X | 1: pass\n  case P(q, r=s) if t: pass", reads="v E P t", writes="a b c d q s"),
        case("captured on one path", "match v:\n  case [a]: pass\na", reads="v", may="a", writes="a"),
        case("match that always matches", "match v:\n  case 1: a = 1\n  case other: a = 2\na", reads="v", writes="a other"),
        # comprehensions
        case("comprehension", "y = [x for x in xs if x > k]", reads="xs k", writes="y"),
        case("its variable does not leak", "[x for x in xs]\nx", reads="xs x"),
        case("first iterable is outside", "[x for x in x]", reads="x"),
        case("second iterable is inside", "[b for a in A for b in a]", reads="A"),
        case("dict comprehension", "{k: v for k, v in d.items()}", reads="d"),
        case("walrus leaks", "[(last := x) for x in xs]\nlast", reads="xs", may="last", writes="last"),
        case("walrus", "if (n := f()) > 1: y = n\nn", reads="f", writes="n y"),
        case("generator", "sum(x * w for x in xs)", reads="sum xs w"),
        case("generator that runs later", "g = (x * w for x in xs)\nw = 2\nsum(g)", reads="xs sum", may="w", writes="g w"),
        case("lambda in a comprehension", "[lambda: x for x in xs]", reads="xs"),
        # functions and classes
        case("function", "def f(a, /, b=c, *d, e=g, **h): return a, b, d, e, h, i", reads="c g i", writes="f"),
        case("defaults at once, body later", "x = 1\ndef f(a=y): return x, a\ny = 2", reads="y", writes="x f y"),
        case("assigned later", "def f(): return k\nk = 1\nf()", may="k", writes="f k"),
        case("recursion", "def f(n): return f(n - 1)", writes="f"),
        case("lambda", "f = lambda a, b=c: a + b + d", reads="c d", writes="f"),
        case("local", "def f():\n  x = 1\n  return x\nx", reads="x", writes="f"),
        case("local assigned below", "def f():\n  g(x)\n  x = 1", reads="g", writes="f"),
        case("nested", "def f():\n  x = 1\n  def g(): return x, y\n  return g", reads="y", writes="f"),
        case("nonlocal", "def f():\n  x = 1\n  def g():\n    nonlocal x\n    x += 1", writes="f"),
        case("global read", "def f():\n  global x\n  x += 1", reads="", may="x", writes="f x", mutates="x"),
        case("global assigned", "def f():\n  global x\n  x = 1\nf()\nx", may="x", writes="f x"),
        case("leaving a function is not leaving the cell", "def f(): return 1\nx = 1\nx", writes="f x"),
        case("guard inside a function", "def f():\n  try: x\n  except NameError: pass", reads="NameError", may="x", writes="f"),
        case("local annotations never run", "def f():\n  x: Kind = 1", writes="f"),
        case("decorator", "@d(x)\ndef f(): pass", reads="d x", writes="f"),
        case("class", "class A(B, metaclass=M):\n  k = v\n  def f(self): return k, A", reads="B M v k", writes="A"),
        case("class body sees its names", "class A:\n  k = 1\n  l = k\n  m = [k for _ in l]", reads="k", writes="A"),
        case("class body before its names", "class A:\n  x = x", reads="x", writes="A"),
        case("global in a class", "class A:\n  global x\n  x = 1\nx", writes="x A"),
        case("variable of a nested class", "def f():\n  class A:\n    def g(self): return A\n  return A", writes="f"),
        # imports
        case("imports", "import a.b, c as d\nfrom e.f import g as h, i", writes="a d h i"),
        case("star import", "from m import *\nx", may="x", writes="*"),
        case("read before a star import", "x\nfrom m import *", reads="x", writes="*"),
        # text
        case("f-string", "f'{x!r:>{w}} {y + 1}'", reads="x w y"),
        case("query", "df.query('age > @low and age < @high')", reads="df", may="low high"),
        # asynchronous
        case("async", "async with a as b:\n  async for c in b: await d(c)\nx = [e async for e in f]", reads="a d f", writes="b c x"),
    ],
)  # fmt: skip
def test_names(code: str, reads: list[str], may_read: list[str], writes: list[str], mutates: list[str]) -> None:
    found = analyse(code)
    assert (list(found.reads), list(found.may_read)) == (reads, may_read)
    assert (list(found.writes), list(found.mutates)) == (writes, mutates)


@pytest.mark.parametrize(
    ("call", "reads", "may_read", "writes", "mutates"),
    [
        case("time", "run_line_magic('time', 'y = f(x)')", "f x", "", "y"),
        case("time of an expression", "run_line_magic('time', ' f(x)')", "f x"),
        case("timeit does not assign", "run_line_magic('timeit', '-n 10 -r3 y = f(x)')", "f x"),
        case("timeit with switches", "run_line_magic('timeit', '-o -q f(x)')", "f x"),
        case("prun", "run_line_magic('prun', '-s cumulative -q y = f(x)')", "f x", "", "y"),
        case("time cell", "run_cell_magic('time', '', 'a = f(x)\\nb = a\\n')", "f x", "", "a b"),
        case("capture cell", "run_cell_magic('capture', 'out --no-stderr', 'a = x\\n')", "x", "", "a out"),
        case("timeit cell with set-up", "run_cell_magic('timeit', '-n 3 a = x', 'f(a, b)\\n')", "x f b"),
        case("magics within", "run_cell_magic('time', '', 'if c:\\n  !ls {x}\\n  %time y = f(z)\\n')", "c f z", "x", "y"),
        case("assigned from a magic within", "run_cell_magic('time', '', 'y = %time f(x)\\nn = !ls\\n')", "f x", "", "y n"),
        case("system", "system('cat $a {b} {c[0]} ${d} $$e {{f}}')", "", "a d b c"),
        case("awk is no expression", "system(\"awk '{print $1}' {path}\")", "", "path"),
        case("unbalanced", "system('echo } $x')", "", "x"),
        case("getoutput", "getoutput('ls {len(x)}')", "", "len x"),
        case("another magic", "run_line_magic('cd', '{folder}/a')", "", "folder"),
        case("code that is none", "run_line_magic('time', '?? {x}')", "", "x"),
        case("another language", "run_cell_magic('bash', '-s {x}', 'echo $y\\n')", "", "x"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("in_function", [False, True], ids=["in the cell", "in a function"])
def test_embedded_code(
    call: str, reads: list[str], may_read: list[str], writes: list[str], mutates: list[str], in_function: bool
) -> None:
    code = f"get_ipython().{call}"
    found = analyse(f"def g():\n  {code}" if in_function else code)
    assert (set(found.reads), set(found.may_read)) == ({"get_ipython", *reads}, set(may_read))
    assert (list(found.writes), list(found.mutates)) == (["g"] if in_function else writes, mutates)


def test_call_of_another_object_is_no_magic() -> None:
    assert analyse("shell.run_line_magic('time', 'y = f(x)')").reads == ("shell",)


@pytest.mark.parametrize(
    ("code", "attributes"),
    [
        pytest.param("utils.io.load(p)", {"utils": {"io.load"}, "p": {""}}, id="dotted"),
        pytest.param("a.b; a.c.d; a", {"a": {"b", "c.d", ""}}, id="several"),
        pytest.param("a.b[0].c", {"a": {"b"}}, id="up to an item"),
        pytest.param("a.b().c", {"a": {"b"}}, id="up to a call"),
        pytest.param("a[0].b", {"a": {""}}, id="item"),
        pytest.param("a.b = 1", {"a": {"b"}}, id="assigned"),
        pytest.param("def f(): return a.b(c)", {"a": {"b"}, "c": {""}}, id="in a function"),
        pytest.param("import a\na.b.c", {}, id="own import"),
        pytest.param("getattr(a, 'b')", {"getattr": {""}, "a": {""}}, id="getattr"),
        pytest.param("x.a\nx = 1\nx.b", {"x": {"a"}}, id="own afterwards"),
        pytest.param("x.fit(y)", {"x": {"fit"}, "y": {""}}, id="mutating call"),
    ],
)
def test_attributes(code: str, attributes: Mapping[str, set[str]]) -> None:
    assert analyse(code).attributes == attributes


@pytest.mark.parametrize(
    ("code", "modules"),
    [
        pytest.param("import a.b, c as d", ("a.b", "c"), id="import"),
        pytest.param("from a.b import c, d\nfrom a.b import e", ("a.b", "a.b.c", "a.b.d", "a.b.e"), id="from"),
        pytest.param("from . import a\nfrom ..b.c import d", (".", ".a", "..b.c", "..b.c.d"), id="relative"),
        pytest.param("from m import *", ("m",), id="star"),
        pytest.param("def f():\n  import a", ("a",), id="in a function"),
    ],
)
def test_modules(code: str, modules: tuple[str, ...]) -> None:
    assert analyse(code).modules == modules


@pytest.mark.parametrize(
    ("code", "strings"),
    [
        pytest.param("f('b', 'a')\ng('b')", ("b", "a"), id="order, once"),
        pytest.param("f('a' 'b', b'c', 1)", ("ab",), id="joined; bytes are none"),
        pytest.param("f(f'{x}/a.csv', f'{y[\"k\"]}')", ("k",), id="no part of an f-string"),
        pytest.param("def f(a='p'):\n  return ['q']", ("p", "q"), id="in a function"),
        pytest.param("get_ipython().run_line_magic('time', 'f(\"a.csv\")')", ("time", 'f("a.csv")', "a.csv"), id="magic"),
    ],
)  # fmt: skip
def test_strings(code: str, strings: tuple[str, ...]) -> None:
    assert analyse(code).strings == strings


@pytest.mark.parametrize(
    ("code", "has_value"),
    [
        pytest.param("x", True, id="expression"),
        pytest.param("x = 1\n(x\n)  # note;", True, id="comment with a semicolon"),
        pytest.param("x;", False, id="semicolon"),
        pytest.param("(x\n) ; # note\n\n", False, id="semicolon behind parentheses"),
        pytest.param("'ü;'", True, id="semicolon in a string"),
        pytest.param("'ü' ;", False, id="not ASCII"),
        pytest.param("a; b", True, id="two on a line"),
        pytest.param("x \\\n ;", False, id="continued line"),
        pytest.param("x = 1", False, id="assignment"),
        pytest.param("if a: x", False, id="in a branch"),
        pytest.param("", False, id="empty"),
        pytest.param("await x", True, id="await"),
    ],
)
def test_has_value(code: str, has_value: bool) -> None:
    assert analyse(code).has_value is has_value


@pytest.mark.parametrize(
    ("code", "is_async"),
    [
        pytest.param("await x", True, id="await"),
        pytest.param("async for a in b: pass", True, id="for"),
        pytest.param("async with a: pass", True, id="with"),
        pytest.param("[a async for a in b]", True, id="comprehension"),
        pytest.param("[await a for a in b]", True, id="await in a comprehension"),
        pytest.param("async def f(): await x", False, id="function"),
        pytest.param("g = (a async for a in b)", False, id="generator"),
        pytest.param("x", False, id="none"),
    ],
)
def test_is_async(code: str, is_async: bool) -> None:
    assert analyse(code).is_async is is_async


@pytest.mark.parametrize(
    ("code", "line", "text"),
    [
        pytest.param("x = 1\ny = (", 2, "y = (", id="parser"),
        pytest.param("x = 1\nreturn x", 2, "return x", id="return outside a function"),
        pytest.param("if a:\n  break", 2, "  break", id="break outside a loop"),
        pytest.param("x = 1\n  y = 2", 2, "  y = 2", id="indentation"),
        pytest.param("f(a=1, a=2)", 1, "f(a=1, a=2)", id="keyword twice"),
        pytest.param("x = '\0'", 1, "x = '\0'", id="null byte"),
        pytest.param("f(" * 300, 1, "f(" * 300, id="too deep"),
    ],
)
def test_syntax_errors(code: str, line: int, text: str) -> None:
    with pytest.raises(CellSyntaxError) as caught:
        analyse(code, "<cell 7>")
    assert (caught.value.line, caught.value.text, caught.value.filename) == (line, text, "<cell 7>")
    assert f"line {line} of the cell" in str(caught.value)


@pytest.mark.filterwarnings("error")
def test_warnings_are_left_to_the_run() -> None:
    assert analyse(r"x = '\d'").writes == ("x",)


_NAMES = st.sampled_from("abc")


class _Namespace(dict[str, Any]):
    """A notebook that has every name and notes those fetched from it that the cell has not assigned."""

    def __init__(self, **helpers: Any) -> None:
        super().__init__(helpers)
        self.fetched: set[str] = set()

    def __missing__(self, name: str) -> int:
        self.fetched.add(name)
        return 1

    def __delitem__(self, name: str) -> None:
        if name not in self:
            self.fetched.add(name)
        self.pop(name, None)


class _NoChoiceLeft(Exception):
    pass


def _fetched(cell: str, choices: list[bool]) -> set[str]:
    """The names that the cell really takes from outside on the path that ``choices`` pick, until they are used up."""
    left = iter(choices)

    def choose() -> bool:
        for choice in left:
            return choice
        raise _NoChoiceLeft

    def may_fail() -> None:
        if choose():
            raise ValueError

    namespace = _Namespace(choose=choose, may_fail=may_fail, turns=lambda: range(2 * choose()), E=ValueError, sum=sum)
    # What was fetched until a failure counts all the same. A walrus in a comprehension makes the cell's own `del`
    # pass the namespace by, which is a NameError here; an exception plus one is a TypeError.
    with suppress(_NoChoiceLeft, ValueError, NameError, TypeError):
        exec(cell, namespace)
    return namespace.fetched - {"__builtins__"}


def _indented(statements: list[str]) -> str:
    return "\n".join(f"  {line}" for statement in statements for line in statement.split("\n"))


def _compound(blocks: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds("if choose():\n{}\nelse:\n{}".format, blocks, blocks),
        st.builds("if choose():\n{}".format, blocks),
        st.builds("for {} in turns():\n{}".format, _NAMES, blocks),
        st.builds("for i in turns():\n{}\n  if choose(): continue\n{}".format, blocks, blocks),
        st.builds("for i in turns():\n{}\n  if choose(): break\n{}\nelse:\n{}".format, blocks, blocks, blocks),
        st.builds("while True:\n{}\n  if choose(): break\n{}".format, blocks, blocks),
        st.builds("while choose():\n{}".format, blocks),
        st.builds("try:\n{}\nexcept E as {}:\n{}".format, blocks, _NAMES, blocks),
        st.builds("try:\n{}\nexcept E:\n{}\nelse:\n{}\nfinally:\n{}".format, blocks, blocks, blocks, blocks),
        st.builds("def f():\n{}\nchoose() and f()".format, st.builds("  return {}".format, _NAMES)),
    )  # fmt: skip


_SIMPLE = st.one_of(
    st.builds("{} = {}".format, _NAMES, _NAMES),
    st.builds("{} += {}".format, _NAMES, st.just("1")),
    st.builds("del {}".format, _NAMES),
    st.just("may_fail()"),
)
_CONDITIONAL = st.one_of(
    st.builds("[({} := i) for i in turns() if {} or True]".format, _NAMES, _NAMES),
    st.builds("choose() and ({} := 1)".format, _NAMES),
    st.builds("sum(i for i in turns() if {})".format, _NAMES),
)
_CELLS = st.lists(
    st.recursive(
        _SIMPLE | _CONDITIONAL,
        lambda inner: _compound(st.lists(inner, min_size=1, max_size=2).map(_indented)),
        max_leaves=5,
    ),
    min_size=1,
    max_size=4,
).map("\n".join)


@settings(max_examples=200)
@given(_CELLS, st.lists(st.booleans(), max_size=12))
def test_no_name_is_ever_taken_from_outside_unseen(cell: str, choices: list[bool]) -> None:
    found = analyse(cell)
    assert _fetched(cell, choices) <= {*found.reads, *found.may_read}


@given(st.lists(_SIMPLE.filter(lambda line: line != "may_fail()")).map("\n".join))
def test_a_straight_cell_always_reads_exactly_what_it_fetches(cell: str) -> None:
    found = analyse(cell)
    assert (set(found.reads), found.may_read) == (_fetched(cell, []), ())


@pytest.mark.parametrize("terms", [10, 800])
def test_a_long_sum_is_no_nesting_too_deep(terms: int) -> None:
    code = f"total = {' + '.join(['a'] * terms)} + b"
    assert analyse(code).reads == ("a", "b")
    assert normalise(code) == code
    (change,) = changed_literals(f"{code} + 1", f"{code} + 2") or ()
    assert (change.before, change.after) == (1, 2)
    (told,) = changed_statements(code, f"{code} + 1")
    assert told[2] == f"{code} + 1"

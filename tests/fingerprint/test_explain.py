# ruff: noqa: E501  a case stands on one line
"""Two fingerprints on the left, the reasons in a user's words on the right."""

from __future__ import annotations

import pytest

from helix_jupyter.fingerprint.explain import explain
from helix_jupyter.fingerprint.types import Fingerprint, Part

CODE = "rows = read()\nlimit = 5\nbins = 10\n"


def print_of(*parts: Part) -> Fingerprint:
    return Fingerprint("k", parts)


def part(kind: str, label: str, digest: str, detail: str = "") -> Part:
    return Part(kind, label, digest, detail)


CASES = {
    "helper": ([part("function", "clean", "1", "utils.py")], [part("function", "clean", "2", "utils.py")], ["helper `clean` changed in utils.py"]),
    "helper of the notebook": ([part("function", "clean", "1")], [part("function", "clean", "2")], ["helper `clean` changed"]),
    "helper bound to another": ([part("function", "f", "1", "math.sin")], [part("function", "f", "2", "math.cos")], ["`f` changed: math.sin -> math.cos"]),
    "helper's helper": ([part("function", "utils.deep", "1", "utils.py, called by `clean`")], [part("function", "utils.deep", "2", "utils.py, called by `clean`")], ["helper `deep` changed in utils.py (called by `clean`)"]),
    "helper's helper of the notebook": ([part("function", "deep", "1", "called by `clean`")], [part("function", "deep", "2", "called by `other`")], ["helper `deep` changed (called by `other`)"]),
    "helper of a package": ([part("function", "pkg.io.load", "1", "io.py")], [part("function", "pkg.io.load", "2", "io.py")], ["helper `load` changed in io.py"]),
    "outputs": ([part("option", "outputs", "1", "a, b"), part("option", "seed", "1")], [part("option", "outputs", "2", "b, a"), part("option", "seed", "2")], ["outputs changed: a, b -> b, a"]),
    "class": ([part("class", "Model", "1")], [part("class", "Model", "2")], ["class `Model` changed"]),
    "constant": ([part("value", "THRESHOLD", "1", "3")], [part("value", "THRESHOLD", "2", "5")], ["`THRESHOLD` changed: 3 -> 5"]),
    "long constant": ([part("value", "TABLE", "1", "dict")], [part("value", "TABLE", "2", "dict")], ["`TABLE` changed"]),
    "version": ([part("module", "pandas", "1", "3.0.2")], [part("module", "pandas", "2", "3.1.1")], ["pandas 3.0.2 -> 3.1.1"]),
    "module": ([part("source", "utils", "1", "utils.py")], [part("source", "utils", "2", "utils.py")], ["module `utils` changed (utils.py)"]),
    "input": ([part("input", "rows", "1")], [part("input", "rows", "2")], ["input `rows` changed"]),
    "watched file": ([part("file", "a.csv", "1")], [part("file", "a.csv", "2")], ["a.csv changed"]),
    "new input": ([], [part("input", "extra", "1")], ["it now reads `extra`"]),
    "new module": ([], [part("module", "scipy", "1", "1.17")], ["it now uses scipy 1.17"]),
    "gone": ([part("value", "LIMIT", "1")], [], ["it no longer reads `LIMIT`"]),
    "seed": ([part("option", "seed", "1", "None")], [part("option", "seed", "2", "7")], ["seed changed: None -> 7"]),
    "python": ([part("python", "Python", "1", "3.11")], [part("python", "Python", "2", "3.12")], ["Python 3.11 -> 3.12"]),
    "nothing": ([part("value", "A", "1", "3")], [part("value", "A", "1", "3")], []),
    "what is reached by it": (
        [part("function", "f", "1"), part("value", "REGISTRY", "1")],
        [part("class", "G", "1"), part("value", "REGISTRY", "2")],
        ["`REGISTRY` changed", "it no longer reads `f`", "it now reads `G`"],
    ),
    "most specific first": (
        [part("python", "Python", "1", "3.11"), part("input", "rows", "1"), part("function", "clean", "1")],
        [part("python", "Python", "2", "3.12"), part("input", "rows", "2"), part("function", "clean", "2")],
        ["helper `clean` changed", "input `rows` changed", "Python 3.11 -> 3.12"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("before", "after", "lines"), CASES.values(), ids=CASES.keys())
def test_every_difference_is_a_line(before: list[Part], after: list[Part], lines: list[str]) -> None:
    assert list(explain(before, print_of(*after), CODE, CODE)) == lines


def test_what_never_ran_says_so() -> None:
    assert explain(None, print_of(), None, CODE) == ("never run before",)


def test_what_cannot_be_digested_stands_last() -> None:
    after = Fingerprint(None, (part("value", "A", "2", "4"),), ("captured `lock`",))
    assert explain([part("value", "A", "1", "3")], after, CODE, CODE) == ("`A` changed: 3 -> 4", "captured `lock`")


LONG = "table = pd.cut(people['age'], edges, right=False).astype('category').value_counts(sort=False, normalize=True)"
CODE_CASES = {
    "literal": (CODE.replace("10", "12"), ["line 3 changed: bins=10 -> bins=12"]),
    "new line": (CODE + "more = 1\n", ["line 4 added: more = 1"]),
    "line gone": (CODE.replace("limit = 5\n", ""), ["line 2 removed: limit = 5"]),
    "two": (
        CODE.replace("10", "12").replace("read()", "load()"),
        ["line 1 changed: rows = read() -> rows = load()", "line 3 changed: bins=10 -> bins=12"],
    ),
}


@pytest.mark.parametrize(("after", "lines"), CODE_CASES.values(), ids=CODE_CASES.keys())
def test_changed_lines_come_first(after: str, lines: list[str]) -> None:
    before = [part("code", "code", "1"), part("value", "A", "1", "3")]
    now = print_of(part("code", "code", "2"), part("value", "A", "2", "4"))
    assert list(explain(before, now, CODE, after)) == [*lines, "`A` changed: 3 -> 4"]


def test_code_that_is_not_known_any_more_is_still_a_reason() -> None:
    assert explain([part("code", "code", "1")], print_of(part("code", "code", "2")), None, CODE) == (
        "its code changed",
    )


def lines_of(before: str, after: str) -> tuple[str, ...]:
    return explain([part("code", "code", "1")], print_of(part("code", "code", "2")), before, after)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("a = 1", "a = 1\nb = 2", "line 2 added: b = 2"),
        ("a = 1\nb = 2", "b = 2", "line 1 removed: a = 1"),
        ("if a:\n    b()\n    c()", "if a:\n    b()", "line 3 removed: c()"),
        ("a = b(c)", "a = b", "line 1 changed: a = b(c) -> a = b"),
        (f"{LONG}.head()", LONG, "line 1 changed: ...normalize=True).head() -> ...normalize=True)"),
        (LONG, f"{LONG}.head()", "line 1 changed: ...normalize=True) -> ...normalize=True).head()"),
        (f"a = '{'b' * 80}'", "a = ''", f"line 1 changed: a='{'b' * 54}... -> a=''"),
        (f"a = '{'b' * 80}c'", f"a = '{'b' * 80}d'", f"line 1 changed: ...{'b' * 30}c' -> ...{'b' * 30}d'"),
    ],
)
def test_what_was_added_removed_or_changed_is_told_as_that(before: str, after: str, told: str) -> None:
    assert lines_of(before, after) == (told,)


def test_a_long_line_is_cut_to_where_it_changed() -> None:
    [line, *_] = lines_of(LONG, LONG.replace("edges", "np.linspace(0, 90, 10)"))
    assert line == (
        "line 1 changed: ...edges, right=False).astype('category').value_counts(so..."
        " -> ...np.linspace(0, 90, 10), right=False).astype('category'..."
    )


def test_a_literal_in_a_long_line_is_named() -> None:
    [line, *_] = lines_of(LONG, LONG.replace("sort=False", "sort=True"))
    assert line == "line 1 changed: sort=False -> sort=True"


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ("h = cut(bins=10)", "h = cut(bins=12)", "line 1 changed: bins=10 -> bins=12"),
        ("def f(bins=10):\n    pass", "def f(bins=12):\n    pass", "line 1 changed: bins=10 -> bins=12"),
        ("if x:\n    a\nelif f(k=1):\n    b", "if x:\n    a\nelif f(k=2):\n    b", "line 3 changed: k=1 -> k=2"),
        ("try:\n    a\nexcept f(k=1):\n    b", "try:\n    a\nexcept f(k=2):\n    b", "line 3 changed: k=1 -> k=2"),
        ("@deco(k=1)\ndef f():\n    pass", "@deco(k=2)\ndef f():\n    pass", "line 1 changed: k=1 -> k=2"),
        ("with f(k=1) as g:\n    b", "with f(k=2) as g:\n    b", "line 1 changed: k=1 -> k=2"),
    ],
    ids=["call", "default", "elif", "except", "decorator", "with"],
)
def test_a_literal_is_told_by_its_name_also_in_the_head_of_a_block(before: str, after: str, line: str) -> None:
    old, new = part("code", "code", "1"), part("code", "code", "2")
    assert explain([old], print_of(new), before, after) == (line,)


def test_a_literal_within_an_expression_is_told_with_what_stands_around_it() -> None:
    after = Fingerprint("k2", (Part("code", "code", "2"),))
    before = (Part("code", "code", "1"),)
    assert explain(before, after, "q = p + 1", "q = p + 2") == ("line 1 changed: q = p + 1 -> q = p + 2",)
    assert explain(before, after, "q = f(p, c=1)", "q = f(p, c=2)") == ("line 1 changed: c=1 -> c=2",)
    assert explain(before, after, "q = 1", "q = 2") == ("line 1 changed: q=1 -> q=2",)

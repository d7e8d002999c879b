"""Export: a plain script that gives the same values. Reproduce: a version recomputed in a fresh process."""

from __future__ import annotations

import asyncio
import html
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from session_helpers import declare_chain, define, slow

from helix_jupyter import Session
from helix_jupyter.errors import HelixError, NodeFailed, UnknownVersion
from helix_jupyter.view.render import as_html, as_text

Opener = Callable[..., Session]

BLOCKED = "import sys\nsys.modules['helix_jupyter'] = None\n"


def values_of(script: Path, *names: str) -> str:
    """What the script leaves in these names, where this package cannot be imported."""
    code = f"{BLOCKED}import runpy\nfound = runpy.run_path({str(script)!r})\n"
    code += f"print([found[name] for name in {names!r}])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=script.parent)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip().splitlines()[-1]


def test_an_exported_workflow_runs_without_this_package(session: Session, folder: Path) -> None:
    define(
        session.namespace,
        "import math\nimport os.path as p\nfrom functools import partial as part\n"
        "K = 3\ndef outer(x):\n    return inner(x) * K\ndef inner(x):\n    return x + 1\n"
        "class A:\n    k = 2\nclass B(A):\n    pass\n"
        "def doubling(f):\n    def g(x):\n        return 2 * f(x)\n    return g\n",
    )
    session.declare("late = mid + B.k + len(p.basename('a/bc'))", ["late"])
    session.declare("mid = outer(math.floor(start)) + part(int, base=2)('11')", ["mid"])
    session.declare("temporary = 2.5\ntemporary * 2", ["start"])
    session.declare("print('shown')", ["shown"])
    session.declare("x = [1]", ["x"])
    session.declare("early = list(x)", ["early"])
    session.declare("x.append(mid)", ["x"], update=True)
    session.run()
    path = session.export("workflow.py")
    assert path == folder / "workflow.py"
    names = ("late", "mid", "start", "early", "x")
    assert values_of(path, *names) == str([session[name] for name in names])
    assert "helix" not in path.read_text()


@pytest.mark.parametrize("functions", [False, True], ids=["script", "functions"])
def test_display_is_there_in_a_script_with_and_without_ipython(session: Session, functions: bool) -> None:
    session.namespace["display"] = print
    session.declare("shown = 3\ndisplay(shown)", ["shown"])
    session.run()
    path = session.export("workflow.py", functions=functions)
    code = "import runpy, sys\nsys.modules[sys.argv[1]] = None\nrunpy.run_path(sys.argv[2])['shown']"
    for absent in ("helix_jupyter", "IPython"):
        command = [sys.executable, "-c", code + "()" * functions, absent, str(path)]
        done = subprocess.run(command, capture_output=True, text=True)
        assert (done.stdout, done.stderr) == ("3\n", "")


def test_a_script_that_shows_nothing_asks_for_no_display(session: Session) -> None:
    session.declare("text = 'display'\nlength = len(text)", ["length"])
    session.run()
    assert "IPython" not in session.export("workflow.py").read_text()


def test_exported_helpers_are_defined_before_they_are_needed(session: Session) -> None:
    define(
        session.namespace,
        "import functools\nDEFAULT = 4\n"
        "def loud(f):\n    return functools.partial(f, 1)\n"
        "class Zero:\n    pass\nclass Base(Zero):\n    k = DEFAULT\nclass Alpha(Base):\n    pass\n"
        "def add(a, b=DEFAULT):\n    return a + b\n",
    )
    session.declare("value = Alpha.k + add(1) + loud(add)(2)", ["value"])
    session.run()
    assert values_of(session.export("workflow.py"), "value") == str([session["value"]])


def test_temporaries_of_one_node_do_not_reach_another_in_a_script(session: Session) -> None:
    session.namespace["k"] = 1
    session.declare("k = 100\na = k", ["a"])
    session.declare("b = k", ["b"])
    session.run()
    assert (session["a"], session["b"]) == (100, 1)
    assert values_of(session.export("workflow.py"), "a", "b") == "[100, 1]"


def test_links_of_a_chain_stay_apart_in_a_script(session: Session) -> None:
    session.declare("x = [1]", ["x"])
    session.declare("same = x", ["same"])
    session.declare("early = len(x) + z", ["early"])
    session.declare("x.append(2)", ["x"], update=True, name="one_more")
    session.declare("x = x + [3]", ["x"], update=True, name="and_more")
    session.declare("late = sum(x)", ["late"])
    session.declare("z = 5", ["z"])
    session.run()
    names = ("x", "same", "early", "late", "z")
    expected = str([session[name] for name in names])
    assert expected == "[[1, 2, 3], [1], 6, 6, 5]"
    assert values_of(session.export("workflow.py"), *names) == expected


def test_a_script_draws_the_same_random_numbers(session: Session) -> None:
    session.declare("import random\nx = random.random()", ["x"])
    session.declare("import numpy as np\ny = float(np.random.rand())", ["y"], seed=3)
    session.run()
    assert values_of(session.export("workflow.py"), "x", "y") == str([session["x"], session["y"]])


def test_an_array_constant_is_written_into_the_script(session: Session) -> None:
    define(session.namespace, "import numpy as np\ngrid = np.arange(5)")
    session.declare("total = int(grid.sum())", ["total"])
    session.run()
    assert values_of(session.export("workflow.py"), "total") == "[10]"


MODELS = """
import dataclasses, enum
class Model:
    rate = 2
    class Kind(enum.Enum):
        GOOD = 1
        def __repr__(self):
            return self.name
    def __init__(self, a):
        self.a, self.kind = a, Model.Kind.GOOD
    def __setstate__(self, state):
        self.__dict__.update(state, read=check(state))
    def go(self):
        return self.a * self.rate
def check(state):
    return len(state) == LENGTH
LENGTH = 2
@dataclasses.dataclass
class Settings:
    size: float = 1.0
base = Model(3)
held = {'base': base, 'call': base.go, 'kinds': WORDS, 'settings': Settings()} if (WORDS := ['a']) else None
kind = Model.Kind.GOOD
settings = Settings()
"""
OF_MODELS = """result = (
    base.go() if isinstance(base, Model) else 'not a Model',
    held['base'] is base and held['kinds'] is WORDS,
    held['call'](),
    kind is Model.Kind.GOOD and base.kind is kind,
    settings == Settings() and held['settings'] == settings,
)"""


def test_captured_values_are_of_the_classes_in_the_script(session: Session, folder: Path) -> None:
    define(session.namespace, MODELS)
    session.declare(OF_MODELS, ["result"])
    session.run()
    assert session["result"] == (6, True, 6, True, True)
    script = session.export("workflow.py")
    assert values_of(script, "result") == "[(6, True, 6, True, True)]"
    text = script.read_text()
    assert text.count("rate = 2") == 1
    script.write_text(text.replace("rate = 2", "rate = 100"))
    assert values_of(script, "result") == "[(300, True, 300, True, True)]"


@pytest.mark.parametrize("functions", [False, True], ids=["script", "functions"])
def test_an_exported_module_can_be_imported(session: Session, folder: Path, functions: bool) -> None:
    define(session.namespace, MODELS)
    session.declare(OF_MODELS, ["result"])
    session.run()
    session.export("workflow.py", functions=functions)
    code = f"{BLOCKED}import workflow\nprint(workflow.run()['result'] if {functions} else workflow.result)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=folder)
    assert done.stdout.strip() == "(6, True, 6, True, True)", done.stderr


def test_a_class_whose_text_is_there_needs_no_package_in_the_script(session: Session, folder: Path) -> None:
    define(session.namespace, "class Model:\n    def go(self):\n        return self.a\nbase = Model()\nbase.a = [5]")
    session.declare("result = base.go()", ["result"])
    session.run()
    script = session.export("workflow.py")
    done = subprocess.run(
        [sys.executable, "-c", f"import sys\nsys.modules['cloudpickle'] = None\n{script.read_text()}\nprint(result)"],
        capture_output=True,
        text=True,
    )
    assert done.stdout == "[5]\n", done.stderr


def test_a_function_node_is_exported(session: Session) -> None:
    @session.node
    def base():  # type: ignore[no-untyped-def]
        if True:
            return 3
        return 4

    @session.node
    def more(base):  # type: ignore[no-untyped-def]
        return base + 1

    session.run()
    assert values_of(session.export("workflow.py"), "base", "more") == "[3, 4]"


@pytest.mark.parametrize(
    ("code", "word"),
    [
        ("value = get_ipython().getoutput('ls')", "shell"),
        ("import asyncio\nvalue = await asyncio.sleep(0, 1)", "await"),
    ],
    ids=["shell", "await"],
)
def test_what_a_script_cannot_hold_is_refused_and_nothing_is_written(
    session: Session, folder: Path, code: str, word: str
) -> None:
    session.namespace["get_ipython"] = None
    session.declare(code, ["value"])
    with pytest.raises(HelixError, match=word) as problem:
        session.export("workflow.py")
    assert "'value'" in str(problem.value)
    assert not (folder / "workflow.py").exists()


def test_what_export_advises_in_place_of_await_works_in_notebook_and_script(session: Session) -> None:
    define(session.namespace, "import asyncio\nasync def f():\n    return await asyncio.sleep(0, 5)")
    session.declare("value = await f()", ["value"])
    with pytest.raises(HelixError) as problem:
        session.export("workflow.py")
    advised = re.findall("'(.*?)'", str(problem.value))[-1]
    session.declare(f"from concurrent.futures import ThreadPoolExecutor\nvalue = {advised}", ["value"])

    async def notebook() -> None:
        session.run()

    asyncio.run(notebook())
    assert session["value"] == 5
    assert values_of(session.export("workflow.py"), "value") == "[5]"


def test_a_version_is_reproduced_in_a_fresh_process(session: Session) -> None:
    define(
        session.namespace,
        "import numpy as np\nimport functools\nK = 3\n@functools.lru_cache\ndef helper(x):\n    return x * K\n",
    )
    session.declare("rows = np.arange(4) * helper(2)", ["rows"])
    session.declare("noise = np.random.rand(3)", ["noise"])
    session.declare(
        "import random\nlow, high = sorted([random.random(), random.random()])", ["low", "high"], name="pair"
    )
    session.declare("rows = rows + noise.sum()", ["rows"], update=True)
    session.declare("scores = {'a': float(rows.sum()) + low}", ["scores"], metrics=True)
    session.run()
    session.namespace["K"] = 100
    found = session.reproduce(1)
    assert found.same, found
    assert found.first_difference is None
    assert {row.node for row in found.rows} == {"rows", "rows.2", "noise", "pair.low", "pair.high", "scores"}
    assert found.nodes == dict.fromkeys(("rows", "rows.2", "noise", "pair", "scores"), True)
    assert as_text(found).endswith("version 1: 5 of 5 nodes came out the same")


PATCHED = {
    "attribute of a function": ("def f():\n    return f.n\nf.n = 4", "f()"),
    "defaults": ("def f(x=[1]):\n    return x[0]\nf.__defaults__ = ([9],)", "f()"),
    "keyword defaults": ("def f(*, x=1):\n    return x\nf.__kwdefaults__ = {'x': 9}", "f()"),
    "code": ("def f():\n    return 1\ndef g():\n    return 2\nf.__code__ = g.__code__", "f()"),
    "method": ("class f:\n    def g(self):\n        return 1\nf.g = lambda self: 7", "f().g()"),
    "another method": ("class f:\n    a = 1\n    def g(self):\n        return 1\nf.h = lambda self: 7", "f().h()"),
    "class attribute": ("class f:\n    a = 1\n    def g(self):\n        return self.a\nf.a = 7", "f().g()"),
    "attribute of a method": ("class f:\n    def g(self):\n        return f.g.n\nf.g.n = 7", "f().g()"),
}


@pytest.mark.parametrize(("plain", "code"), PATCHED.values(), ids=PATCHED)
def test_what_was_set_after_its_definition_is_reproduced(session: Session, plain: str, code: str) -> None:
    define(session.namespace, plain)
    session.declare(f"value = {code}", ["value"])
    assert session.run().captures["f"].form == "artifact"
    assert session.reproduce(1).same


AS_WRITTEN = {
    "defaults": "K = 2\ndef f(x, y=[1], z=K, *, w='a', v=None):\n    return x",
    "future": "from __future__ import annotations\ndef f(x: int = 1):\n    return x",
    "closures within": "def f(x=0):\n    'doc'\n    def g():\n        return x\n    return [g() for _ in range(2)]",
    "private names": "class f:\n    __a = 1\n    def __init__(self, x=0):\n        self.__b = self.__a\n"
    "    def g(self): pass",
    "slots": "class f:\n    __slots__ = ('a',)\n    def __init__(self, x=0):\n        super().__init__()",
    "special methods": "class f:\n    def __new__(cls, x=0):\n        return object.__new__(cls)\n"
    "    @property\n    def g(self): return 1\n    @staticmethod\n    def h(): return 2",
    "dataclass": "from dataclasses import dataclass\n@dataclass\nclass f:\n    x: int = 0\n    def g(self): return 1",
    "named tuple": "from typing import NamedTuple\nclass f(NamedTuple):\n    x: int = 0\n    def g(self): return 1",
    "abstract": "from abc import ABC, abstractmethod\nclass A(ABC):\n    @abstractmethod\n    def g(self): pass\n"
    "class f(A):\n    def __init__(self, x=0): pass\n    def g(self): return 1",
    "enum": "import enum\nclass f(enum.Enum):\n    a = 0\n    def g(self): return 1",
}


@pytest.mark.parametrize("plain", AS_WRITTEN.values(), ids=AS_WRITTEN)
def test_what_is_as_it_was_written_is_kept_as_its_text(session: Session, plain: str) -> None:
    define(session.namespace, plain)
    session.declare("value = type(f(0)).__name__", ["value"])
    assert session.run().captures["f"].form == "source"


def test_reproducing_names_the_first_node_that_differs(session: Session, folder: Path) -> None:
    (folder / "data.txt").write_text("1")
    session.declare(f"rows = open({str(folder / 'data.txt')!r}).read()", ["rows"])
    session.declare("same = 1", ["same"])
    session.declare("more = rows * 2", ["more"])
    session.run()
    (folder / "data.txt").write_text("2")
    found = session.reproduce(1)
    assert not found.same
    assert found.first_difference == "rows"
    assert {row.node: row.same for row in found.rows} == {"rows": False, "same": True, "more": False}


def test_a_node_without_determinism_is_found_out(session: Session) -> None:
    session.declare("import uuid\nvalue = uuid.uuid4().hex", ["value"])
    session.run()
    assert session.reproduce(1).first_difference == "value"


def test_reproducing_uses_the_seed_of_the_version(opened: Opener) -> None:
    session = opened()
    session.config(seed=5)
    session.declare("import random\nx = random.random()", ["x"])
    session.run()
    session.config(seed=6)
    assert session.reproduce(1).same


def test_reproducing_leaves_store_and_session_as_they_were(session: Session) -> None:
    declare_chain(session)
    session.run()
    session.flush()
    before = session.store.artifacts().keys()
    assert session.reproduce(1).same
    assert session.store.artifacts().keys() == before
    assert len(session.versions) == 1


def test_reproducing_an_unknown_version(session: Session) -> None:
    session.declare(slow("a = 1"), ["a"])
    session.run()
    with pytest.raises(UnknownVersion):
        session.reproduce(4)


@pytest.mark.parametrize("end", ["\\n", ""])
def test_printing_nodes_do_not_disturb_reproduction(session: Session, end: str) -> None:
    session.declare(f"print('{{\"nodes\": 1}}', end='{end}')\nvalue = 1", ["value"])
    session.run()
    assert session.reproduce(1).same


NOTEBOOK = """
import sys
sys.path.insert(0, {folder!r})
import linecache
from helix_jupyter import Session
cells = {cells!r}
for number, cell in enumerate(cells):
    name = f"<cell {{number}}>"
    linecache.cache[name] = (len(cell), None, cell.splitlines(keepends=True), name)
    exec(compile(cell, name, "exec", dont_inherit=True), globals())
session = Session(namespace=globals(), policy="all", folder={folder!r})
"""

DEFINITIONS = """
from dataclasses import dataclass
from enum import Enum
import pandas as pd
from modulesof.io import clean
import modulesof.more
K = 2
class Colour(Enum):
    RED = 1
@dataclass
class Conf:
    a: int = 1
    def twice(self):
        return 2 * self.a * K
conf, nested = Conf(3), {"c": [Conf(1)], "red": Colour.RED}
frame = pd.DataFrame({"z": [1.5, 2]})
def outer(k):
    return lambda x: x * k
thrice = outer(3)
"""


def _module(folder: Path, factor: int) -> None:
    package = folder / "modulesof"
    package.mkdir(exist_ok=True)
    (package / "__init__.py").write_text("")
    (package / "io.py").write_text("from .deep import FACTOR\ndef clean(x):\n    return x * FACTOR\n")
    (package / "deep.py").write_text(f"FACTOR = {factor}\n")
    (package / "more.py").write_text(f"def more(x):\n    return x + {factor}\n")


def test_an_earlier_version_is_reproduced_after_edits_of_all_that_it_used(
    answer: Callable[..., str], folder: Path
) -> None:
    """Helpers, constants, instances, frames and local modules come back as they were recorded."""
    _module(folder, 5)
    start = NOTEBOOK.format(folder=str(folder), cells=[DEFINITIONS])
    declare = """
session.declare("from modulesof.deep import FACTOR\\nx = clean(conf.twice()) + thrice(1) + FACTOR", ["x"])
session.declare("red = nested['red'] is Colour.RED\\nlow, high = x, nested['c'][0].twice() + red", ["low", "high"])
session.declare("y = [modulesof.more.more(low)]", ["y"])
session.declare("y.append(float(frame['z'].sum()))", ["y"], update=True)
session.declare("print('shown', y)", ["shown"])
"""
    answer(f"{start}{declare}session.run()\nsession.close()")
    _module(folder, 7)
    edited = DEFINITIONS.replace("K = 2", "K = 20").replace("Conf(3)", "Conf(4)").replace("x * k", "x")
    again = NOTEBOOK.format(folder=str(folder), cells=[edited])
    found = answer(f"{again}print(session.reproduce(1))\nprint(session.trace('x', 1))\nsession.close()")
    assert "version 1: 5 of 5 nodes came out the same" in found
    assert [line for line in found.splitlines() if "changed" in line] == []
    # the trace tells what they were then
    for text in ("K = 2,", "FACTOR = 5", "class Conf:", "def clean(x):"):
        assert text in found
    assert "FACTOR = 7" not in found


def test_reproducing_tells_which_file_changed(session: Session, folder: Path) -> None:
    (folder / "data.txt").write_text("1")
    session.declare(f"rows = open({str(folder / 'data.txt')!r}).read()", ["rows"])
    session.declare("a, b = 1, rows", ["a", "b"], name="pair")
    session.run()
    (folder / "data.txt").write_text("2")
    reasons = {row.node: row.reason for row in session.reproduce(1).rows}
    assert reasons == {"rows": "data.txt changed", "pair.a": "", "pair.b": "input `rows` came out differently"}


def test_reproducing_names_the_hidden_input(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HIDDEN", "1")
    session.declare("import uuid\nx = uuid.uuid4().hex", ["x"])
    session.declare("import os\ny = dict(os.environ)['HIDDEN']", ["y"])
    session.run(["x"])
    session.run(["y"])
    monkeypatch.setenv("HIDDEN", "2")
    (row,) = session.reproduce(1).rows
    assert "unseeded randomness (line 2)" in row.reason
    row = next(row for row in session.reproduce(2).rows if row.node == "y")
    assert row.reason.startswith("it consults the environment variables (line 2)")


def test_a_failed_version_is_reproduced_as_far_as_it_went(session: Session) -> None:
    session.declare("early = 1", ["early"])
    session.declare("bad = 1 / 0", ["bad"])
    session.declare("behind = bad", ["behind"])
    session.run(["early"])
    with pytest.raises(NodeFailed):
        session.run()
    session.declare("late = 2", ["late"])
    found = session.reproduce(2)
    assert found.same
    assert [row.node for row in found.rows] == ["early"]


def test_a_node_that_fails_now_does_not_hide_the_others(session: Session, folder: Path) -> None:
    (folder / "data.txt").write_text("1")
    session.declare(f"gone = open({str(folder / 'data.txt')!r}).read()", ["gone"])
    session.declare("behind = gone", ["behind"])
    session.declare("apart = 1", ["apart"])
    session.run()
    (folder / "data.txt").unlink()
    rows = {row.node: row for row in session.reproduce(1).rows}
    assert {node: row.same for node, row in rows.items()} == {"gone": False, "behind": False, "apart": True}
    assert "FileNotFoundError" in rows["gone"].reason


def test_a_trace_holds_seeds_digests_of_files_and_code_of_helpers(session: Session, folder: Path) -> None:
    (folder / "data.txt").write_text("1")
    define(session.namespace, "K = 3\ndef deep(x):\n    return x * K\ndef helper(x):\n    return deep(x)")
    session.declare(f"rows = open({str(folder / 'data.txt')!r}).read()", ["rows"])
    session.declare("total = helper(len(rows))", ["total"])
    session.run()
    define(session.namespace, "K = 4\ndef deep(x):\n    return -x")
    session.declare("total = helper(len(rows)) + 1", ["total"])
    session.run()
    found = session.trace("total", 1)
    assert found.step.code == "total = helper(len(rows))"
    assert dict(found.definitions) == {
        "deep": "def deep(x):\n    return x * K",
        "helper": "def helper(x):\n    return deep(x)",
    }
    assert found.step.values["K"] == "3"
    (digest,) = found.steps[0].files.values()
    assert len(digest) == 32
    assert isinstance(found.step.seed, int)
    assert json.loads(json.dumps(found.to_json()))["definitions"] == dict(found.definitions)
    in_html = html.unescape(re.sub("<[^>]*>", "", as_html(found)))  # code stands in colours there
    for shown in (as_text(found), in_html):
        assert "return x * K" in shown
        assert digest[:12] in shown


def test_a_script_imports_from_where_people_do(session: Session) -> None:
    exec("from json import JSONDecoder\nfrom sklearn.linear_model import LogisticRegression as LR", session.namespace)
    session.declare("made = (JSONDecoder().decode('1'), LR().C)", ["made"])
    script = session.export("out.py")
    imports = "from json import JSONDecoder\nfrom sklearn.linear_model import LogisticRegression as LR\n"
    assert imports in script.read_text()
    assert values_of(script, "made") == "[(1, 1.0)]"


def test_a_trace_tells_captured_values_apart(session: Session) -> None:
    define(session.namespace, "import numpy as np\nTABLE = {'rate': 2.5}\nWEIGHTS = np.arange(3.0)")
    session.declare("value = TABLE['rate'] * WEIGHTS.sum()", ["value"])
    session.run()
    first = session.trace("value").step.values
    assert first["TABLE"] == "{'rate': 2.5}"
    define(session.namespace, "WEIGHTS = np.arange(4.0)")
    session.run()
    second = session.trace("value").step.values
    assert first["WEIGHTS"].startswith("numpy.ndarray (")
    assert (second["TABLE"], second["WEIGHTS"] == first["WEIGHTS"]) == (first["TABLE"], False)


def test_what_nodes_show_is_reproduced(session: Session) -> None:
    session.declare("import time\nprint('at', time.time_ns())", ["shown"])
    session.declare("import time\nprint(time.time_ns())\nvalue = 3", ["value"])
    session.declare("print('as ever', 1)", ["steady"])
    session.run()
    reproduction = session.reproduce(1)
    assert reproduction.nodes == {"shown": False, "value": True, "steady": True}
    reasons = {row.node: row.reason for row in reproduction.rows}
    assert reasons == {
        "shown": "what it shows differs; it may come from the clock (line 2)",
        "value": "what it shows differs",
        "steady": "",
    }

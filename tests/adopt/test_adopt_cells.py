"""What adopting does with a cell, on small notebooks: cells on the left, what stands there afterwards on the right."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from adopt_helpers import Checked, notebook, sources

from helix_jupyter.adopt import adopt, from_percent, preview, report
from helix_jupyter.errors import CannotAdopt

LOAD, RUN = "%load_ext helix_jupyter", "%helix run"


def case(name: str, cells: Sequence[str], expected: Sequence[str]) -> object:
    return pytest.param(cells, [LOAD, *expected], id=name)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        case(
            "imports, definitions and constants stay plain",
            ["import math", "def f(x):\n    return x * K", "K = 3", "rows = f(math.pi)", "print(rows)"],
            ["import math", "def f(x):\n    return x * K", "K = 3", "%%helix rows\nrows = f(math.pi)",
             "%%helix --name shown_1\nprint(rows)", RUN],
        ),
        case(
            "a cell that does both is split",
            ["import math\nN = 2\nrows = [math.e] * N", "print(rows)"],
            ["import math\nN = 2", "%%helix rows\nrows = [math.e] * N", "%%helix --name shown_1\nprint(rows)", RUN],
        ),
        case(
            "an import goes above work that does not use it",
            ["rows = sorted([2, 1])\nimport math\ntop = math.ceil(rows[0])", "print(rows, top)"],
            ["import math", "%%helix rows top\nrows = sorted([2, 1])\ntop = math.ceil(rows[0])",
             "%%helix --name shown_1\nprint(rows, top)", RUN],
        ),
        case(
            "a changed value is an update",
            ["rows = sorted([2, 1])", "few = len(rows)", "rows.append(3)", "print(rows, few)"],
            ["%%helix rows\nrows = sorted([2, 1])", "%%helix few\nfew = len(rows)",
             "%%helix rows --update\nrows.append(3)", "%%helix --name shown_1\nprint(rows, few)", RUN],
        ),
        case(
            "an update may make a name as well",
            ["rows = sorted([2, 1])", "rows = rows[1:]\ncount = len(rows)", "print(rows, count)"],
            ["%%helix rows\nrows = sorted([2, 1])", "%%helix count rows --update\nrows = rows[1:]\ncount = len(rows)",
             "%%helix --name shown_1\nprint(rows, count)", RUN],
        ),
        case(
            "equal updates have names of their own",
            ["rows = sorted([2, 1])", "rows.append(3)", "rows.append(3)", "print(rows)"],
            ["%%helix rows\nrows = sorted([2, 1])", "%%helix rows --update\nrows.append(3)",
             "%%helix rows --update --name rows_again_1\nrows.append(3)", "%%helix --name shown_1\nprint(rows)", RUN],
        ),
        case(
            "a constant that changes is a node",
            ["found = []", "found.append(len('ab'))", "print(found)"],
            ["%%helix found\nfound = []", "%%helix found --update\nfound.append(len('ab'))",
             "%%helix --name shown_1\nprint(found)", RUN],
        ),
        case(
            "what writes a file stays plain, below a run",
            ["rows = sorted([2, 1])", "with open('rows.txt', 'w') as file:\n    file.write(str(rows))"],
            ["%%helix rows\nrows = sorted([2, 1])",
             "%helix run\nwith open('rows.txt', 'w') as file:\n    file.write(str(rows))"],
        ),
        case(
            "shell and magics stay plain",
            ["%precision 3\nrows = sorted([2, 1])", "!true\nprint(rows)"],
            ["%precision 3\nNone", "%%helix rows\nrows = sorted([2, 1])", "%helix run\n!true",
             "%%helix --name shown_1\nprint(rows)", "%helix run --once"],
        ),
        case(
            "a cell that awaits stays plain",
            ["import asyncio", "rows = sorted([2, 1])", "await asyncio.sleep(0)\nlast = rows[-1]", "print(last)"],
            ["import asyncio", "%%helix rows\nrows = sorted([2, 1])",
             "%helix run\nawait asyncio.sleep(0)\nlast = rows[-1]", "print(last)"],
        ),
        case(
            "what shares its value is one node where a change shows",
            ["rows = sorted([2, 1])", "other = rows", "other.append(5)", "print(rows, other)"],
            ["%%helix other rows --update\nother = rows\n\nother.append(5)"],
        ),
        case(
            "draws from a generator form a chain",
            ["import random", "rng = random.Random(0)", "one = rng.random()", "two = rng.random()", "print(one, two)"],
            ["import random", "%%helix rng\nrng = random.Random(0)", "%%helix one rng --update\none = rng.random()",
             "%%helix two rng --update\ntwo = rng.random()", "%%helix --name shown_1\nprint(one, two)", RUN],
        ),
        case(
            "what draws behind a global seed is one node",
            ["import random", "random.seed(0)\none = random.random()", "one", "two = random.random()",
             "print(one, two)"],
            ["import random",
             "%%helix one two\nrandom.seed(0)\none = random.random()\n\n"
             "shown_value = one\nif shown_value is not None:\n    display(shown_value)\n\ntwo = random.random()",
             "%%helix --name shown_1\nprint(one, two)", RUN],
        ),
        case(
            "a function that reads what its caller makes goes there",
            ["def total():\n    return sum(rows)\nrows = sorted([2, 1])\nprint(total())"],
            ["%%helix rows\ndef total():\n    return sum(rows)\n\nrows = sorted([2, 1])\nprint(total())", RUN],
        ),
        case(
            "a value that was not shown is not shown",
            ["rows = sorted([2, 1])\nrows\ndef f():\n    return 1", "print(rows, f())"],
            ["def f():\n    return 1", "%%helix rows\nrows = sorted([2, 1])\nrows;",
             "%%helix --name shown_1\nprint(rows, f())", RUN],
        ),
    ],
)  # fmt: skip
def test_cells(cells: Sequence[str], expected: list[str], same: Callable[..., Checked]) -> None:
    made = same(*cells).cells
    assert [text for text in expected if text not in made] == [], made
    if expected[-1].startswith(RUN):
        assert made == expected


PIPELINES = """import matplotlib.pyplot as plt
from sklearn.linear_model import Ridge, RidgeCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
X, y = [[0.0], [1.0], [3.0]], [0.0, 1.0, 2.0]"""
COMPOSED = ["model = Ridge()", "pipe = make_pipeline(FunctionTransformer(), model).fit(X, y)"]
FITTED_ANEW = ["again = model.fit(X, [0.0, 3.0, 1.0])", "print(again.coef_)"]


@pytest.mark.parametrize(
    ("cells", "nodes"),
    [
        pytest.param(
            [*COMPOSED, "print(pipe.predict(X))", *FITTED_ANEW],
            ["model", "again model --update", "--name shown_1"],
            id="a pipeline that nothing reads any more has its step fitted anew",
        ),
        pytest.param(
            [*COMPOSED, "count = len(pipe.predict(X))", "plt.rcParams['axes.grid'] = True", *FITTED_ANEW],
            ["model", "again model --update", "--name shown_1"],
            id="a setting of figures goes above what draws none",
        ),
        pytest.param(
            [*COMPOSED, "_ = plt.plot(pipe.predict(X))", "plt.rcParams['axes.grid'] = True", *FITTED_ANEW,
             "total = sum(y)", "print(total)"],
            ["total", "--name shown_1"],
            id="a setting of figures stays below what draws one",
        ),
        pytest.param(
            ["alphas = [float(one) for one in (1, 2)]", "pipe = make_pipeline(FunctionTransformer(), RidgeCV(alphas))",
             "print(len(alphas), pipe)", "score = pipe.fit(X, y).score(X, y)", "print(alphas, score)"],
            ["alphas", "pipe", "--name shown_1", "score pipe --update", "--name shown_2"],
            id="what a step is given it copies",
        ),
        pytest.param(
            ["first = FunctionTransformer()", "one = make_pipeline(first, Ridge())", "other = make_pipeline(Ridge())",
             "print(one, other)", "for pipe in (one, other):\n    pipe.fit(X, y)", "print(one, other)"],
            ["first", "one", "other", "--name shown_1", "one other --update", "--name shown_2"],
            id="what one of two shares from before does not join the two",
        ),
    ],
)  # fmt: skip
def test_pipelines(cells: Sequence[str], nodes: Sequence[str], same: Callable[..., Checked]) -> None:
    assert list(same(PIPELINES, *cells).adopted.nodes) == nodes


def test_time_magics_are_taken_off_and_that_is_said() -> None:
    adopted = adopt(notebook("%%time\nrows = sorted([2, 1])", "print(rows)"))
    assert sources(adopted.notebook)[1] == "%%helix rows\nrows = sorted([2, 1])"
    assert "%%time is taken off" in report(adopted)


def test_a_second_run_loads(same: Callable[..., Checked]) -> None:
    slow = "import time\ndef slow(x):\n    time.sleep(0.1)\n    return x"
    done = same(slow, "rows = slow([1])", "rows.append(slow(2))\ntotal = sum(rows)", "print(slow(total))")
    first, second = done.first.states, done.second.states[len(done.first.states) :]
    assert first == [("rows", "compute"), ("total", "compute"), ("shown_1", "compute")]
    assert "compute" not in [state for _, state in second]
    assert done.second.shown == ["3"]


def test_a_plain_cell_between_nodes_gets_their_values_and_shows_nothing_twice(same: Callable[..., Checked]) -> None:
    done = same(
        "rows = sorted([2, 1])\nprint('sorted')",
        "with open('rows.txt', 'w') as file:\n    file.write(str(rows))\nprint('written')",
        "import json\ntext = json.loads(open('rows.txt').read())",
        "print(rows, text)",
    )
    assert done.first.shown == ["sorted", "written", "[1, 2] [1, 2]"]


@pytest.mark.parametrize(
    ("cells", "parts"),
    [
        pytest.param(["x = 1", "globals()['y'] = x"], ["Cell 2", "globals()"], id="globals"),
        pytest.param(["x = eval('1')"], ["Cell 1", "eval()"], id="eval"),
        pytest.param(["%run other.py"], ["Cell 1", "%run"], id="%run"),
        pytest.param(["1 + 1", "y = _ + 1"], ["Cell 2", "'_'"], id="last shown value"),
        pytest.param(["x = (1"], ["Cell 1", "line 1"], id="syntax"),
        pytest.param(["rows = sorted([1])", "from math import *", "print(rows)"], ["Cell 2", "import"], id="late star"),
        pytest.param(["import math", "K = 1"], ["no work"], id="nothing to do"),
        pytest.param(["name = input()"], ["cell 1", "asks the user"], id="input"),
    ],
)
def test_what_cannot_be_adopted_is_refused_with_the_reason(cells: Sequence[str], parts: Sequence[str]) -> None:
    with pytest.raises(CannotAdopt) as refused:
        adopt(notebook(*cells))
    assert all(part in str(refused.value) for part in parts), refused.value
    assert "\n" not in str(refused.value)


def test_bad_notebooks_are_refused_in_a_line() -> None:
    julia = {**notebook("x = 1"), "metadata": {"language_info": {"name": "julia"}}}
    old = {"nbformat": 3, "worksheets": []}
    damaged = {"nbformat": 4, "cells": "none"}
    for bad, part in (
        (julia, "julia"),
        (old, "nbformat 3"),
        (damaged, "damaged"),
        ({}, "no notebook"),
        (notebook(), "no code"),
    ):
        with pytest.raises(CannotAdopt, match=part):
            adopt(bad)


def test_an_adopted_notebook_comes_back_as_it_is() -> None:
    adopted = adopt(notebook("rows = sorted([2, 1])", "print(rows)"))
    again = adopt(adopted.notebook)
    assert (again.changed, again.notebook) == (False, adopted.notebook)
    assert preview(again) == ""
    assert adopt(notebook("# helix: rows\nrows = [1]")).changed is False


def test_ids_metadata_and_text_stay_where_they_were() -> None:
    given = notebook("import math\nrows = sorted([math.e])", "print(rows)")
    given["nbformat_minor"] = 5
    for number, cell in enumerate(given["cells"]):
        cell |= {"id": f"c{number}", "metadata": {"tags": [f"t{number}"]}}
    given["cells"].insert(1, {"cell_type": "markdown", "id": "m", "metadata": {}, "source": "# Text"})
    before = repr(given)
    cells = adopt(given).notebook["cells"]
    assert repr(given) == before
    assert [cell["id"] for cell in cells if not cell["id"].startswith("helix-")] == ["c0", "m", "c1"]
    assert [cell["metadata"] for cell in cells if cell["id"] == "c1"] == [{"tags": ["t1"]}]
    assert len({cell["id"] for cell in cells}) == len(cells)


def test_cells_of_parameters_and_expected_errors_stay_plain() -> None:
    given = notebook("C = 1", "print(undefined)", "rows = sorted([C])", "print(rows)")
    given["cells"][0]["metadata"] = {"tags": ["parameters"]}
    given["cells"][1]["metadata"] = {"tags": ["raises-exception"]}
    made = sources(adopt(given).notebook)
    assert made[:4] == [LOAD, "C = 1", "print(undefined)", "%%helix rows\nrows = sorted([C])"]


def test_a_setting_that_is_taken_back_at_the_end_leaves_the_work_above_plain() -> None:
    cells = ("import os", "os.chdir('/')\nfound = sorted(os.listdir())", "print(found, len(found))", "os.chdir('/tmp')")
    with pytest.raises(CannotAdopt, match="a later run would compute it under the setting in cell 4"):
        adopt(notebook(*cells))


def test_the_report_tells_of_every_cell_and_the_preview_shows_the_changes() -> None:
    adopted = adopt(notebook("rows = sorted([2, 1])", "rows.append(3)", "open('x', 'w').write(str(rows))"))
    told = report(adopted).splitlines()
    assert told[0] == "cell   1  %%helix rows"
    assert told[1:3] == [
        "cell   2  %%helix rows --update",
        "          changes `rows`: --update, earlier readers keep the earlier value",
    ]
    assert told[3:] == ["cell   3  plain", "          stays plain: writes files or folders", "2 nodes in 3 code cells"]
    assert "+%%helix rows --update" in preview(adopted).splitlines()


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("!ls", "runs a shell command"),
        ("files = !ls", "runs a shell command"),
        ("%matplotlib inline", "uses the magic %matplotlib"),
        ("%%bash\nls", "uses the magic %%bash"),
    ],
)
def test_the_report_says_why_a_cell_stays_plain(cell: str, reason: str) -> None:
    told = adopt(notebook("rows = sorted([2, 1])", "print(rows)", cell)).cells[2]
    assert told.notes[0].endswith(f"plain: {reason}")


@pytest.mark.parametrize(
    ("cell", "writes"),
    [
        ("rows.remove(1)", False),
        ("table = table.rename(columns={'a': 'b'})", False),
        ("table = table.rename(str.lower)", False),
        ("table.rename(columns={'a': 'b'}, inplace=True)", False),
        ("table.truncate(before=1)", False),
        ("texts.str.extractall('(a)')", False),
        ("text = table.to_html(index=False)", False),
        ("text = name.replace('a', 'b')", False),
        ("os.remove('a')", True),
        ("remove('a')", True),
        ("Path('a').rename('b')", True),
        ("(Path('a') / 'b').replace('c')", True),
        ("path.rename('b')", True),
        ("table.to_html('page.html')", True),
        ("table.to_csv(path_or_buf='page.csv')", True),
        ("archive.extractall()", True),
        ("values.tofile('values.bin')", True),
    ],
)
def test_what_writes_files_is_told_from_what_has_the_same_name(cell: str, writes: bool) -> None:
    imports = "import os\nfrom os import remove\nfrom pathlib import Path"
    names = "\n".join(
        f"{name} = load('{name}')" for name in ["rows", "table", "texts", "name", "path", "archive", "values"]
    )
    made = adopt(notebook(f"{imports}\nfrom tables import load", names, cell, "print(load(1))")).cells[2]
    assert ("writes files" in " ".join(made.notes)) == writes


def test_scripts_in_percent_form() -> None:
    script = '"""A title."""\nimport math\n# %%\n# Some text\n# of two lines.\nx = math.sqrt(2)\n'
    script += "# %% [markdown]\n# # Head\n# %%\nx"
    cells = from_percent(script)["cells"]
    assert [(cell["cell_type"], cell["source"]) for cell in cells] == [
        ("markdown", "A title."),
        ("code", "import math"),
        ("markdown", "Some text\nof two lines."),
        ("code", "x = math.sqrt(2)"),
        ("markdown", "# Head"),
        ("code", "x"),
    ]
    plain = from_percent("x = 1\n# %%\n# a remark\ny = x\n")["cells"]
    assert [cell["source"] for cell in plain] == ["x = 1", "# a remark\ny = x"]

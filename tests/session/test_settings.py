"""What plain cells set of packages, and put into their classes, counts for the nodes that it can reach."""

from __future__ import annotations

import builtins
import math
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from session_helpers import computed, define, slow

from helix_jupyter import Session

Opener = Callable[..., Session]


# id: a plain cell with two values, a node, and why it is to run again
SETTINGS = {
    "decimal": (
        "import decimal\ndecimal.getcontext().prec = {}",
        (5, 9),
        "from decimal import Decimal\nvalue = str(Decimal(1) / 3)",
        "option `prec` of decimal changed: 5 -> 9",
    ),
    "numpy": (
        "import numpy as np\nnp.set_printoptions(precision={})",
        (2, 4),
        "import numpy as np\nvalue = str(np.array([1 / 3]))",
        "option `precision` of numpy changed: 2 -> 4",
    ),
    "pandas": (
        "import pandas as pd\npd.set_option('display.precision', {})",
        (3, 6),
        "import pandas as pd\nvalue = str(pd.Series([1 / 3]))",
        "option `display.precision` of pandas changed back to its default",
    ),
    "sklearn": (
        "import sklearn\nsklearn.set_config(transform_output={!r})",
        ("default", "pandas"),
        "import pandas as pd\nfrom sklearn.preprocessing import StandardScaler\n"
        "value = type(StandardScaler().fit_transform(pd.DataFrame({'a': [1.0, 2]}))).__name__",
        "option `transform_output` of sklearn changed to 'pandas'",
    ),
    "matplotlib": (
        "import matplotlib\nmatplotlib.rcParams['lines.linewidth'] = {}",
        (3.0, 4.0),
        "from matplotlib.lines import Line2D\nvalue = Line2D([0], [0]).get_linewidth()",
        "option `lines.linewidth` of matplotlib changed: 3.0 -> 4.0",
    ),
    "matplotlib, a list changed in place": (
        "import matplotlib\nmatplotlib.rcParams['font.family'][:] = [{!r}]",
        ("sans-serif", "serif"),
        "from matplotlib.font_manager import FontProperties\nvalue = FontProperties().get_family()",
        "option `font.family` of matplotlib changed to ['serif']",
    ),
    "time zone": (
        "import os, time\nos.environ['TZ'] = '{}'\ntime.tzset()",
        ("UTC", "EST+5"),
        "from datetime import datetime\nvalue = datetime.fromtimestamp(0).hour",
        "option `zone` of time changed to ('EST', 'EST', 18000)",
    ),
    "warnings that are errors": (
        "import warnings\nwarnings.simplefilter('{}', UserWarning)",
        ("ignore", "error"),
        "import warnings\ntry:\n    warnings.warn('odd')\n    value = 1\nexcept UserWarning:\n    value = 2",
        "option `errors` of warnings changed",
    ),
    "a logger's level": (
        "import logging\nlogging.getLogger('app').setLevel({})",
        (20, 10),
        "import logging\nvalue = logging.getLogger('app.part').isEnabledFor(10)",
        "option `level.app` of logging changed: 20 -> 10",
    ),
    "level of all loggers": (
        "import logging\nlogging.disable({})",
        (0, 50),
        "import logging\nvalue = logging.getLogger('app').isEnabledFor(40)",
        "option `disable` of logging changed to 50",
    ),
    "arguments": (
        "import sys\nsys.argv = ['train', '--rate', '{}']",
        (1, 2),
        "import argparse\nparser = argparse.ArgumentParser()\n_ = parser.add_argument('--rate')\n"
        "value = parser.parse_args().rate",
        "option `argv` of sys changed: ['train', '--rate', '1'] -> ['train', '--rate', '2']",
    ),
    "function of a package": (
        "import numpy as np\nnp.hello = lambda: {}",
        (1, 2),
        "value = np.hello()",
        "helper `numpy.hello` changed",
    ),
    "function of a package that the cell imports": (
        "import numpy as np\nnp.hello = lambda: {}",
        (1, 2),
        "import numpy\nvalue = numpy.hello()",
        "helper `numpy.hello` changed",
    ),
    "function of Python's own": (
        "import math\nmath.hello = lambda: {}\ndef helper():\n    import math\n    return math.hello()",
        (1, 2),
        "value = helper()",
        "helper `math.hello` changed",
    ),
    "name of Python's own": (
        "import builtins\nbuiltins.hello = {}",
        (1, 2),
        "value = hello + 1",
        "`hello` changed: 1 -> 2",
    ),
    "name of Python's own, in a helper": (
        "import builtins\nbuiltins.hello = {}\ndef helper():\n    return hello",
        (1, 2),
        "value = helper()",
        "`hello` changed: 1 -> 2",
    ),
    "method": (
        "import pandas as pd\npd.DataFrame.hello = lambda table: {}",
        (1, 2),
        "import pandas as pd\nvalue = pd.DataFrame().hello()",
        "helper `DataFrame.hello` changed",
    ),
    "accessor": (
        "import pandas as pd\n@pd.api.extensions.register_dataframe_accessor('geo')\nclass Geo:\n"
        "    def __init__(self, table): pass\n    def number(self): return {}",
        (1, 2),
        "import pandas as pd\nvalue = pd.DataFrame().geo.number()",
        "helper `DataFrame.geo` changed",
    ),
}


@pytest.mark.filterwarnings("ignore:registration of accessor")
@pytest.mark.parametrize(("plain", "values", "cell", "why"), SETTINGS.values(), ids=SETTINGS.keys())
def test_what_a_plain_cell_sets_counts(
    opened: Opener, monkeypatch: pytest.MonkeyPatch, plain: str, values: tuple[object, object], cell: str, why: str
) -> None:
    import numpy as np
    import pandas as pd

    monkeypatch.setattr("sys.argv", sys.argv)
    monkeypatch.setenv("TZ", "UTC")  # put back, and taken up, when the test is done
    for owner, name in (
        (pd.DataFrame, "hello"),
        (pd.DataFrame, "geo"),
        (np, "hello"),
        (math, "hello"),
        (builtins, "hello"),
    ):
        monkeypatch.setattr(owner, name, None, raising=False)  # taken away again then, too
    seen = []
    for value in (values[0], values[1], values[1], values[0]):
        session = opened()
        define(session.namespace, plain.format(value))
        session.declare(slow(cell), ["value"])
        session.declare(slow("other = 1"), ["other"])
        if len(seen) == 1:
            assert why in session.why("value").reasons
        seen.append((computed(session.run(["value"])), session["value"]))
        session.close()
    assert [ran for ran, _ in seen] == [["value"], ["value"], [], []]
    assert seen[0][1] != seen[1][1]
    assert [value for _, value in seen[2:]] == [seen[1][1], seen[0][1]]


@pytest.mark.parametrize("node", ["value = user.mean([1.0, 2.0])", "value = user.K"])
def test_a_function_put_into_a_package_counts_for_what_a_module_makes_of_it(
    session: Session, folder: Path, monkeypatch: pytest.MonkeyPatch, node: str
) -> None:
    (folder / "user.py").write_text("import numpy\nK = 1.5\ndef mean(values): return float(numpy.mean(values))\n")
    monkeypatch.syspath_prepend(str(folder))
    define(session.namespace, "import user\nimport numpy as np\noriginal = np.mean")
    monkeypatch.setattr("numpy.mean", session.namespace["original"])
    session.declare(slow(node), ["value"])
    session.run()
    reaches = "mean" in node
    define(session.namespace, "np.mean = lambda values: 7")
    assert computed(session.run()) == ["value"] * reaches
    assert session["value"] == (7 if reaches else 1.5)
    define(session.namespace, "np.mean = original")
    assert computed(session.run()) == []
    monkeypatch.delitem(sys.modules, "user")


def test_an_option_with_a_function_is_the_same_after_a_restart(opened: Opener) -> None:
    for expected in (["value"], []):
        session = opened()
        define(session.namespace, "import pandas as pd\npd.set_option('display.float_format', '{:.2f}'.format)")
        session.declare(slow("import pandas as pd\nvalue = str(pd.Series([1 / 3]))"), ["value"])
        assert computed(session.run()) == expected
        session.close()


def test_a_setting_counts_for_nodes_that_reach_its_package_alone(session: Session) -> None:
    define(session.namespace, "import pandas as pd")
    session.declare(slow("import pandas as pd\ntable = str(pd.Series([1 / 3]))"), ["table"])
    session.declare(slow("number = 1 / 3"), ["number"])
    session.run()
    session.namespace["pd"].set_option("display.precision", 2)
    assert computed(session.run()) == ["table"]


# id: a node, and whether each of these plain cells makes it run again: how text looks, how figures look
REACHES = {
    "numbers alone": ("value = pd.DataFrame({'a': [1.0]}).mean() + np.pi", False, False),
    "helpers of numbers": ("value = doubled(pd.Series([1 / 3]))", False, False),
    "a text": ("value = str(pd.Series([1 / 3]))", True, False),
    "an f-string": ("value = f'{np.array([1 / 3])}'", True, False),
    "the old way": ("value = '%s' % np.array([1 / 3])", True, False),
    "a helper's text": ("value = told(pd.Series([1 / 3]))", True, False),
    "a default's text": ("value = by_default(pd.Series([1 / 3]))", True, False),
    "a closure's text": ("value = closed(pd.Series([1 / 3]))", True, False),
    "a table's text": ("value = WAYS['text'](pd.Series([1 / 3]))", True, False),
    "a text that names a method": ("value = getattr(pd.Series([1 / 3]), WAY)()", True, False),
    "other defaults": ("value = measured(pd.Series([1 / 3]))", False, False),
    "a method's text": ("value = Teller().told(pd.Series([1 / 3]))", True, True),
    "what is shown": ("pd.DataFrame({'a': [1.0]})", True, False),
    "the option itself": ("value = pd.get_option('display.precision') + 0 * np.pi", True, False),
    "code in a string": ("value = eval('repr(v)', {'v': np.array([1 / 3])}) + pd.__name__", True, True),
    "a package's class": ("value = Ridge().fit([[0.0], [1.0]], [0, 1]).coef_ + pd.Series([1.0])", False, False),
    "a package's class, and a text": ("value = str(Ridge().fit([[0.0], [1.0]], [0, 1]).coef_)", True, False),
    "a package's figures": (
        "value = len(plot_tree(DecisionTreeClassifier().fit([[0.0], [1.0]], [0, 1])))",
        False,
        True,
    ),
    "a class of figures": ("value = type(ConfusionMatrixDisplay(np.eye(2)).plot()).__name__", False, True),
    "pandas' figures": ("value = pd.Series([1, 2]).plot().get_title()", False, True),
}
PLAIN = """
import numpy as np
import pandas as pd
import matplotlib
from sklearn.linear_model import Ridge
from sklearn.metrics import ConfusionMatrixDisplay
from sklearn.tree import DecisionTreeClassifier, plot_tree
matplotlib.use("agg")
def halved(value):
    return value / 2
def doubled(value):
    return 4 * halved(value)
def told(value):
    return repr(value)
def by_default(value, way=str):
    return way(value)
def measured(value, way=len, unit="m"):
    return way(value), unit
def closing(way):
    def inner(value):
        return way(value)
    return lambda value: inner(value)
closed = closing(repr)
WAYS = {"text": str}
WAY = "to_string"
class Teller:
    def told(self, value):
        return repr(value)
"""


@pytest.mark.parametrize(("cell", "text", "figures"), REACHES.values(), ids=REACHES.keys())
def test_how_things_look_counts_where_something_is_made_to_be_looked_at(
    session: Session, cell: str, text: bool, figures: bool
) -> None:
    define(session.namespace, PLAIN)
    session.declare(slow(cell), ["value"])
    session.run()
    define(session.namespace, "pd.set_option('display.precision', 2); np.set_printoptions(precision=2)")
    assert computed(session.run()) == ["value"] * text
    define(session.namespace, "matplotlib.rcParams['lines.linewidth'] = 5")
    assert computed(session.run()) == ["value"] * figures
    assert computed(session.run()) == []


# id: a node, and whether it asks for the level
LOGS = {
    "asks": ("value = log.level", True),
    "helper asks": ("value = verbose()", True),
    "asks beside a class": ("value = (log.isEnabledFor(10), Work().done())", True),
    "logs": ("import logging\nlog.info('done')\nlogging.warning('done')\nvalue = 1", False),
    "helper logs": ("value = logged()", False),
    "method logs": ("value = Work().done()", False),
}


@pytest.mark.parametrize(("cell", "asks"), LOGS.values(), ids=LOGS.keys())
def test_a_level_counts_where_it_is_asked_for_and_not_where_something_is_logged(
    session: Session, cell: str, asks: bool
) -> None:
    define(
        session.namespace,
        "import logging\nlog = logging.getLogger('app')\n"
        "def verbose(): return log.getEffectiveLevel()\ndef logged(): return log.info('done')\n"
        "class Work:\n    def done(self): return log.info('done')",
    )
    session.declare(slow(cell), ["value"])
    session.run()
    define(session.namespace, "log.setLevel(10)\nlogging.getLogger('asyncio').setLevel(50)")
    assert computed(session.run()) == ["value"] * asks
    define(session.namespace, "log.setLevel(0)")
    assert computed(session.run()) == []


def test_workers_log_at_the_notebooks_levels(session: Session) -> None:
    define(session.namespace, "import logging, os\nlogging.getLogger('app').setLevel(10)\nlogging.disable(5)")
    for node in ("one", "two"):
        session.declare(
            f"{node} = (logging.getLogger('app').level, logging.root.manager.disable, os.getpid(), {node!r})", [node]
        )
    for expected in ((10, 5), (0, 0)):
        assert computed(session.run(jobs=2)) == ["one", "two"]
        assert [session[node][:2] for node in ("one", "two")] == [expected, expected]
        assert os.getpid() not in (session["one"][2], session["two"][2])
        define(session.namespace, "logging.getLogger('app').setLevel(0)\nlogging.disable(0)")


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_a_node_sets_is_put_back_and_what_it_finds_is_the_notebooks(
    opened: Opener, told: list[str], jobs: int
) -> None:
    session = opened()
    session.config(jobs=jobs)
    define(session.namespace, "import pandas as pd\npd.set_option('display.precision', 2)")
    session.declare(slow("import pandas as pd\npd.set_option('display.precision', 8)\nculprit = 1"), ["culprit"])
    session.declare(slow("import pandas as pd\nculprit\nwitness = str(pd.Series([1 / 3]))"), ["witness"])
    session.declare(slow("import pandas as pd\nwitness2 = str(pd.Series([2 / 3]))"), ["witness2"])
    session.run()
    assert "0.33\n" in session["witness"]
    assert "0.67\n" in session["witness2"]
    assert computed(session.run()) == []
    (line,) = [line for line in told if "put back" in line]
    assert "'culprit' sets option `display.precision` of pandas, which is put back: set it in a plain cell" in line


@pytest.mark.parametrize("plain", ["import ctypes", "x = 1"])
def test_a_package_whose_members_answer_to_any_name_is_only_looked_at(opened: Opener, plain: str) -> None:
    """``ctypes.cdll.fget`` is a library of that name."""
    for ran in (["value"], []):
        session = opened()
        define(session.namespace, plain)
        session.declare("import ctypes\nvalue = ctypes.c_int(1).value", ["value"])
        assert computed(session.run()) == ran
        assert session["value"] == 1
        session.close()

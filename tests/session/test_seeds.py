"""Each node draws from generators under a seed of its own."""

from __future__ import annotations

import random
import textwrap
from collections.abc import Callable

import pytest
from session_helpers import computed

from helix_jupyter import Session

Opener = Callable[..., Session]

DRAWS = [
    pytest.param("import random\nx = random.random()", id="random"),
    pytest.param("import numpy as np\nx = float(np.random.rand())", id="numpy"),
    pytest.param("import random\nx = random.sample(range(1000), 5)", id="sample"),
    pytest.param(
        "import numpy as np\nfrom sklearn.model_selection import train_test_split\n"
        "x = train_test_split(np.arange(50))[0].tolist()",
        id="sklearn",
    ),
    pytest.param("import pandas as pd\nx = pd.Series(range(50)).sample(5).tolist()", id="pandas"),
]


@pytest.mark.parametrize("code", DRAWS)
def test_draws_do_not_depend_on_order_reuse_or_the_notebook(opened: Opener, code: str) -> None:
    one = opened(store="one")
    one.declare(code, ["x"])
    one.run()
    two = opened(store="two")
    random.seed(12345)
    two.declare("import random\nother = [random.random() for _ in range(7)]", ["other"])
    two.declare(code, ["x"])
    two.run()
    assert one["x"] == two["x"]


def test_two_nodes_draw_different_numbers(session: Session) -> None:
    session.declare("import random\na = random.random()", ["a"])
    session.declare("import random\nb = random.random()", ["b"])
    session.run()
    assert session["a"] != session["b"]


def test_the_notebooks_own_generators_are_left_alone(session: Session) -> None:
    import numpy as np

    session.declare("import random, numpy as np\nrandom.seed(1); np.random.seed(1)\nx = random.random()", ["x"])
    random.seed(5)
    np.random.seed(5)
    expected = random.Random(5).random(), np.random.RandomState(5).rand()
    session.run()
    assert (random.random(), np.random.rand()) == expected


def test_a_seed_of_its_own(session: Session) -> None:
    session.declare("import random\nx = random.random()", ["x"], seed=7)
    session.run()
    assert session["x"] == random.Random(7).random()
    session.declare("import random\nx = random.random()", ["x"], seed=8)
    assert computed(session.run()) == ["x"]


def test_the_workflows_seed_changes_all_draws(session: Session) -> None:
    session.declare("import random\nx = random.random()", ["x"])
    session.run()
    before = session["x"]
    session.config(seed=1)
    assert computed(session.run()) == ["x"]
    assert session["x"] != before


def test_a_node_that_is_the_first_to_import_numpy_is_seeded(answer: Callable[..., str]) -> None:
    script = """
        import sys
        import helix_jupyter
        session = helix_jupyter.Session(sys.argv[1])
        session.declare("import numpy as np; x = float(np.random.rand())", ["x"])
        session.run()
        print(session["x"])
        session.close()
    """
    assert answer(textwrap.dedent(script), "one") == answer(textwrap.dedent(script), "two")

"""Each node draws from generators under a seed of its own."""

from __future__ import annotations

import contextlib
import os
import random
import sys
import textwrap
from collections.abc import Callable
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest
from session_helpers import computed, define, slow

from helix_jupyter import Session
from helix_jupyter.errors import NodeFailed

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


def test_what_holds_the_global_generator_does_not_change_with_it(session: Session, told: list[str]) -> None:
    define(session.namespace, "from scipy.stats import hypergeom, norm")
    session.declare("x = norm.rvs(size=3)", ["x"])
    session.declare("y = hypergeom.sf(2, 20, 7, 12)", ["y"])
    assert computed(session.run()) == ["x", "y"]
    np.random.rand()
    assert computed(session.run()) == []
    assert told == []


def test_functions_of_the_global_generators_draw_the_same_in_workers(opened: Opener) -> None:
    def declared(store: str) -> Session:
        session = opened(store=store)
        define(
            session.namespace,
            "from numpy.random import rand\nfrom random import choice\nfrom scipy.stats import norm\n"
            "def spread():\n    return norm.rvs(size=2).tolist()",
        )
        session.declare("a = rand(2).tolist()", ["a"])
        session.declare("b = [choice('abcdef') for _ in range(9)]", ["b"])
        session.declare("c = spread()", ["c"])
        session.declare("pick = choice", ["pick"])
        session.declare("picked = [pick('abcdef') for _ in range(9)]", ["picked"])
        return session

    alone, together = declared("one"), declared("two")
    one, two = alone.run(), together.run(jobs=2)
    assert computed(one) == computed(two) == ["a", "b", "c", "pick", "picked"]
    assert {node: record.key for node, record in one.nodes.items()} == {
        node: record.key for node, record in two.nodes.items()
    }
    assert [alone[name] for name in ("a", "b", "c", "picked")] == [together[name] for name in ("a", "b", "c", "picked")]
    assert together["pick"].__self__ is random.choice.__self__


def test_a_function_of_pythons_global_generator_does_not_change_with_it(session: Session) -> None:
    define(session.namespace, "from random import choice, shuffle as mix")
    session.declare("x = choice('abcdef')", ["x"])
    session.declare("y = list(range(9))\nmix(y)", ["y"])
    assert computed(session.run()) == ["x", "y"]
    random.random()
    assert computed(session.run()) == []


HOLDERS = [
    pytest.param("from scipy import stats\nheld = stats.norm(0, 1)", "held.rvs(2).tolist()", id="scipy"),
    pytest.param("from numpy.random import rand\nheld = [rand]", "held[0](2).tolist()", id="numpy"),
    pytest.param("from random import choice\nheld = {'of': choice}", "[held['of']('abcdef')] * 9", id="random"),
    pytest.param("import random\nclass held:\n    draw = random.random", "held.draw()", id="class"),
]


@pytest.mark.parametrize(("code", "draw"), HOLDERS)
def test_a_loaded_value_holds_the_live_global_generator(opened: Opener, told: list[str], code: str, draw: str) -> None:
    first = opened()
    first.declare(slow(code), ["held"])
    first.declare(slow(f"drawn = {draw}"), ["drawn"])
    first.run()
    drawn = first["drawn"]
    first.close()
    second = opened()
    second.declare(slow(code), ["held"])
    second.declare(slow(f"drawn = {draw}\nx = 1"), ["drawn"])
    assert computed(second.run()) == ["drawn"]
    assert second["drawn"] == drawn
    assert told == []


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


UNSEEDED = [
    pytest.param("import numpy as np\nx = float(np.random.default_rng().random())", id="default_rng"),
    pytest.param("x = float(new_generator().random())", id="default_rng, imported before"),
    pytest.param("import numpy as np\nx = float(np.random.RandomState().rand())", id="RandomState"),
    pytest.param("import numpy as np\nnp.random.seed()\nx = float(np.random.rand())", id="numpy.random.seed()"),
    pytest.param("import random\nx = random.Random().random()", id="random.Random"),
    pytest.param("import random\nrandom.seed()\nx = random.random()", id="random.seed()"),
    pytest.param("import polars as pl\nx = pl.Series(range(50)).shuffle().to_list()", id="polars"),
    pytest.param(
        "import numpy as np\nfrom sklearn.linear_model import SGDClassifier\n"
        "x = SGDClassifier(max_iter=2, tol=None).fit(np.eye(4), [0, 1, 0, 1]).coef_.tolist()",
        id="sklearn",
    ),
]


@pytest.mark.parametrize("code", UNSEEDED)
def test_generators_without_a_seed_follow_the_nodes(session: Session, told: list[str], code: str) -> None:
    session.namespace["new_generator"] = np.random.default_rng
    session.declare(code, ["x"])
    session.run()
    first = session["x"]
    session.run(force=["x"])
    assert session["x"] == first
    session.declare(code, ["x"], seed=7)
    session.run()
    assert session["x"] != first
    assert told == []


def test_generators_without_a_seed_differ_from_each_other(session: Session) -> None:
    session.declare("import numpy as np\nx = [float(np.random.default_rng().random()) for _ in range(9)]", ["x"])
    session.declare("import random\ny = [random.Random().random() for _ in range(9)]", ["y"])
    session.declare("import numpy as np\nz = [float(np.random.default_rng().random()) for _ in range(9)]", ["z"])
    session.run()
    assert len({*session["x"], *session["y"], *session["z"]}) == 27


@pytest.mark.parametrize("ending", ["", "raise ValueError", "raise KeyboardInterrupt"])
def test_the_notebook_keeps_generators_without_a_seed(session: Session, ending: str) -> None:
    def state() -> tuple[object, ...]:
        return random.seed, vars(random.Random)["seed"], np.random.bit_generator.randbits

    before = state()
    session.declare(f"x = 1\n{ending}", ["x"])
    with contextlib.suppress(NodeFailed, KeyboardInterrupt):
        session.run()
    assert state() == before
    assert np.random.default_rng().random() != np.random.default_rng().random()


def test_names_of_temporary_files_stay_random(session: Session) -> None:
    session.declare("import tempfile\nx = next(tempfile._RandomNameSequence())", ["x"])
    session.run()
    first = session["x"]
    session.run(force=["x"])
    assert session["x"] != first


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forked children here")
def test_forked_children_draw_different_numbers(session: Session) -> None:
    code = """
        import os, numpy as np
        x = []
        for _ in range(2):
            reading, writing = os.pipe()
            child = os.fork()
            if not child:
                os.write(writing, str(np.random.default_rng().random()).encode())
                os._exit(0)
            os.waitpid(child, 0)
            x.append(os.read(reading, 99))
            os.close(reading)
            os.close(writing)
    """
    session.declare(textwrap.dedent(code), ["x"])
    session.run()
    assert len(set(session["x"])) == 2


GENERATORS = [
    pytest.param("np.random.default_rng(0)", "float(rng.random())", id="numpy"),
    pytest.param("np.random.RandomState(0)", "float(rng.rand())", id="RandomState"),
    pytest.param("random.Random(0)", "rng.random()", id="random"),
]


@pytest.mark.parametrize(("made", "draw"), GENERATORS)
@pytest.mark.parametrize("code", ["x = DRAW", "x = draw()"], ids=["itself", "by a helper"])
def test_a_generator_of_the_notebook_is_put_back(
    session: Session, told: list[str], made: str, draw: str, code: str
) -> None:
    define(session.namespace, f"import random\nimport numpy as np\nrng = {made}\ndef draw(): return {draw}")
    session.declare(code.replace("DRAW", draw), ["x"])
    session.run()
    assert computed(session.run()) == []
    assert len(told) == 1
    assert "the notebook's generator `rng`" in told[0]
    expected: dict[str, object] = {}
    define(expected, f"import random\nimport numpy as np\nrng = {made}\nfirst = {draw}")
    assert session["x"] == expected["first"] == session.namespace["draw"]()


def test_torch_is_seeded_where_it_is_there(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    class Torch(ModuleType):
        """What the seeding uses of PyTorch."""

        state = 5
        cuda = SimpleNamespace(is_available=lambda: False)

        def get_rng_state(self) -> int:
            return self.state

        def set_rng_state(self, state: int) -> None:
            self.state = state

        manual_seed = set_rng_state

    torch = Torch("torch")
    monkeypatch.setitem(sys.modules, "torch", torch)
    session.declare("import torch\nx = torch.state\ntorch.state = 1", ["x"], seed=7)
    session.run()
    assert (session["x"], torch.state) == (7, 5)

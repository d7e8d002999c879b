"""Local modules that were edited: taken up by a reload or by autoreload, or not, whatever way a node gets to them."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

TEXT = "K = 2\ndef scale(x):\n    return K * x\ndef other(x):\n    return x\nclass Box:\n    size = 5\n"
# how a node gets to the module's function: what a plain cell does first, and the node's code
WAYS = {
    "module": ("import taken_up", "value = taken_up.scale(1)"),
    "name": ("from taken_up import scale", "value = scale(1)"),
    "import in the cell": ("", "import taken_up\nvalue = taken_up.scale(1)"),
    "name in the cell": ("", "from taken_up import scale\nvalue = scale(1)"),
    "both": ("import taken_up", "from taken_up import scale\nvalue = scale(1)"),
    "import in a helper": ("def f(x):\n    import taken_up\n    return taken_up.scale(x)", "value = f(1)"),
    "through another module": ("", "import through\nvalue = through.go(1)"),
    "chosen at run time": ("import importlib\nNAME = 'taken_up'", "value = importlib.import_module(NAME).scale(1)"),
}
LINE = "taken_up.py was edited after it was imported; the kernel still runs the earlier code."
ways = pytest.mark.parametrize(("plain", "cell"), WAYS.values(), ids=WAYS.keys())


@pytest.fixture
def write(place: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Writes the module; every time with a time of its own, some while ago."""
    monkeypatch.syspath_prepend(str(place))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    moment = 1_700_000_000

    def put(text: str) -> None:
        nonlocal moment
        moment += 1
        (place / "taken_up.py").write_text(text)
        os.utime(place / "taken_up.py", (moment, moment))

    (place / "through.py").write_text("from taken_up import scale as go")
    put(TEXT)
    yield put
    for name in ("taken_up", "through"):
        sys.modules.pop(name, None)


def restart() -> None:
    """Unload the modules, as a restart does."""
    for name in ("taken_up", "through"):
        sys.modules.pop(name, None)


@ways
def test_an_edit_that_is_not_taken_up_computes_nothing_and_is_told_each_time(
    shell: Any, write: Callable[[str], None], plain: str, cell: str
) -> None:
    shell(plain)
    shell(f"%%helix value\n{cell}")
    assert shell.states() == {"value": "compute"}
    write(TEXT.replace("K = 2", "K = 1000"))
    first, second = shell("%helix run"), shell("%helix run")
    assert LINE in first.stdout + first.stderr
    assert LINE in second.stdout + second.stderr, "silence would look like all is well"
    assert [record.state.value for record in first.value.nodes.values()] == ["load"]
    assert any(LINE in reason for reason in shell("%helix why value").value.reasons)
    assert LINE in shell("%helix plan").stderr
    forced = shell("%helix run --force value")
    assert shell("value").value == 2, "the kernel runs the earlier code"
    assert forced.value.nodes["value"].key == first.value.nodes["value"].key
    write(TEXT.replace("K = 2", "K = 3000"))
    again = shell("%helix run")
    assert LINE in again.stdout + again.stderr, "another edit"
    # a fresh kernel reads the new file, and must not get what the older code gave
    restart()
    shell(plain)
    assert shell.states() == {"value": "compute"}
    assert shell("value").value == 3000
    write(TEXT)
    restart()
    shell(plain)
    assert shell.states() == {"value": "load"}


@ways
def test_a_reload_takes_an_edit_up(shell: Any, write: Callable[[str], None], plain: str, cell: str) -> None:
    shell(plain)
    shell(f"%%helix value\n{cell}")
    assert shell.states() == {"value": "compute"}
    write(TEXT.replace("K = 2", "K = 3"))
    reload = "import importlib, sys\nfor n in ('taken_up', 'through'):\n    n in sys.modules and importlib.reload("
    shell(f"{reload}sys.modules[n])\n{plain}")
    run = shell("%helix run")
    assert LINE not in run.stdout + run.stderr
    assert shell("value").value == 3


EDITS = {
    "body": (("K * x", "K * x + 1"), 3),
    "constant": (("K = 2", "K = 3"), 3),
    "computed constant": (("K = 2", "K = int('4')"), 4),
    "comment": (("K = 2", "K = 2  # why"), 2),
    "another function": (("return x\n", "return -x\n"), 2),
    "function taken away": (("def other(x):\n    return x\n", ""), 2),
    "function put beside": (("def other", "def more(x):\n    return x\ndef other"), 2),
    "syntax error": (("K * x", "K *"), None),
    "class": (("size = 5", "size = 6"), 2),
}


@pytest.mark.parametrize(("edit", "expected"), EDITS.values(), ids=EDITS.keys())
def test_autoreload_takes_an_edit_up(
    shell: Any, write: Callable[[str], None], edit: tuple[str, str], expected: int | None
) -> None:
    shell("%load_ext autoreload\n%autoreload 2")
    nodes = [f"node{number}" for number in range(len(WAYS))]
    for node, (plain, cell) in zip(nodes, WAYS.values(), strict=True):
        shell(plain)
        # the way's name, since equal cells would run once
        shell(f"%%helix {node}\nway = {node!r}\n{cell.replace('value', node)}")
    assert shell.states() == dict.fromkeys(nodes, "compute")
    write(TEXT.replace(*edit))
    run = shell("%helix run")
    assert (LINE in run.stdout + run.stderr) is (expected is None)
    states = {node: record.state.value for node, record in run.value.nodes.items()}
    # a module that was chosen at run time counts as a whole
    whole = states.pop(nodes[-1])
    assert states == dict.fromkeys(nodes[:-1], "load" if expected in (2, None) else "compute")
    assert whole == ("load" if edit[1] in ("K *", "K = 2  # why") else "compute")
    assert {shell(node).value for node in nodes} == {expected or 2}


@ways
@pytest.mark.parametrize("later", ["return x  # why\n", "return x + 1\n"], ids=["a comment", "another function"])
def test_autoreload_takes_up_what_was_edited_before_it_was_loaded_with_the_next_edit(
    shell: Any, write: Callable[[str], None], plain: str, cell: str, later: str
) -> None:
    """It would patch what differs from the text that it saw first, which the kernel never ran."""
    shell(plain)
    shell(f"%%helix value\n{cell}")
    assert shell.states() == {"value": "compute"}
    edited = TEXT.replace("K = 2", "K = 1000")
    write(edited)
    shell("%load_ext autoreload\n%autoreload 2")
    shell("1")
    assert LINE in shell("%helix run").stderr
    write(edited.replace("return x\n", later))
    run = shell("%helix run")
    assert LINE not in run.stderr
    assert [record.state.value for record in run.value.nodes.values()] == ["compute"]
    assert shell("value").value == 1000
    restart()
    shell(plain)
    # what another module has imported of one that was reloaded is not its own any more
    assert shell.states() == {"value": "compute" if "through" in cell else "load"}
    assert shell("value").value == 1000
    write(edited.replace("return x\n", later).replace("K * x", "K * x + 1"))
    assert shell.states() == {"value": "compute"}
    assert shell("value").value == 1001


REGISTRY = "TABLE = {}\ndef register(f):\n    TABLE[f.__name__] = f\n    return f\n"
REGISTERED = "@register\ndef scale(x):\n    return x + 1\n"


@pytest.mark.parametrize("home", ["taken_up", "through"])
def test_a_registry_that_autoreload_patched_is_what_a_restart_makes(
    shell: Any, write: Callable[[str], None], place: Path, home: str
) -> None:
    """autoreload patches the old function and registers another one; the fresh kernel has one for both."""
    own, imported = (REGISTRY, "") if home == "taken_up" else ("", "from through import register\n")
    (place / "through.py").write_text(REGISTRY)
    text = own + imported + REGISTERED
    write(text)
    plain = f"import taken_up, {home}"
    shell(f"%load_ext autoreload\n%autoreload 2\n{plain}")
    shell(f"%%helix value\nvalue = {home}.TABLE['scale'](1)")
    assert shell.states() == {"value": "compute"}
    write(text.replace("x + 1", "x + 5"))
    shell("1")
    assert shell.states() == {"value": "compute"}
    assert shell("value").value == 6
    restart()
    shell(plain)
    assert shell.states() == {"value": "load"}
    assert shell("value").value == 6


@pytest.mark.parametrize("autoreload", [True, False])
def test_workers_take_up_one_edit_after_another(shell: Any, write: Callable[[str], None], autoreload: bool) -> None:
    shell("import importlib, os, taken_up")
    if autoreload:
        shell("%load_ext autoreload\n%autoreload 2")
    shell("%%helix a\na = taken_up.scale(1), os.getpid()")
    shell("%%helix b\nb = taken_up.other(1), os.getpid()")
    for number in (10, 20, 30, 40):  # enough for each worker to have seen earlier ones
        write(TEXT.replace("K * x", f"K + x * {number}").replace("return x\n", f"return -{number}\n"))
        shell("1" if autoreload else "importlib.reload(taken_up)")
        version = shell("%helix run --jobs 2").value
        assert [record.state.value for record in version.nodes.values()] == ["compute", "compute"]
        (a, there), (b, where) = shell("a, b").value
        assert (a, b) == (2 + number, -number)
        assert os.getpid() not in (there, where), "neither ran in the notebook's own process"


def test_workers_import_from_where_the_notebook_does(shell: Any, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", sys.path.copy())
    for number, name in enumerate(("one", "two")):
        (place / name).mkdir()
        (place / name / "taken_up.py").write_text(f"def scale(x):\n    return x * {number + 1}\n")
    shell("import importlib, os, sys\nsys.path.insert(0, 'one')\nimport taken_up")
    for node in ("a", "b"):
        shell(f"%%helix {node}\n{node} = taken_up.scale(10), {node!r}, os.getpid()")
    for folder, expected in (("one", 10), ("two", 20)):
        shell(f"sys.path[0] = {folder!r}\nimportlib.reload(taken_up)")
        version = shell("%helix run --jobs 2").value
        assert [record.state.value for record in version.nodes.values()] == ["compute", "compute"]
        assert shell("a[0], b[0]").value == (expected, expected)
        assert os.getpid() not in shell("a[2], b[2]").value
    restart()

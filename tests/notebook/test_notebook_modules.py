"""Local modules beside the notebook: edited, reloaded, or edited and not reloaded."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def helpers(place: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A module in the notebook's folder."""
    monkeypatch.syspath_prepend(str(place))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    yield place / "helpers_of_test.py"
    sys.modules.pop("helpers_of_test", None)


_writes = iter(range(1, 1000))


def write(path: Path, text: str) -> None:
    """Write as an editor would some while ago; every write has a time of its own."""
    path.write_text(text)
    moment = time.time() - 10_000 + next(_writes)
    os.utime(path, (moment, moment))


def test_autoreload_brings_an_edit_into_the_next_run(shell: Any, helpers: Path) -> None:
    write(helpers, "K = 2\ndef scale(x):\n    return K * x\n")
    shell("%load_ext autoreload\n%autoreload 2\nimport helpers_of_test as helpers\nfrom helpers_of_test import scale")
    shell("%%helix a\na = helpers.scale(1)")
    shell("%%helix b\nb = scale(1)")
    assert shell.states() == {"a": "compute", "b": "compute"}
    assert shell("a, b").value == (2, 2)
    write(helpers, "K = 2\ndef scale(x):\n    # a comment\n    return K * x\n")
    assert shell.states() == {"a": "load", "b": "load"}
    write(helpers, "K = 2\ndef scale(x):\n    return K * x + 100\n")
    assert shell.states() == {"a": "compute", "b": "compute"}
    assert shell("a, b").value == (102, 102)
    write(helpers, "K = 3\ndef scale(x):\n    return K * x + 100\n")
    assert shell.states() == {"a": "compute", "b": "compute"}
    assert shell("a, b").value == (103, 103)


def test_a_constant_that_autoreload_gave_anew_is_what_a_restart_reads(
    shell: Any, helpers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a module that the node imports itself: its text counts, and beside it only what somebody else set."""
    # not a name that pytest's own loader takes
    helpers = helpers.with_name("given_anew.py")
    write(helpers, "K = 1\ndef scale(x): return K * x\n")
    shell("%load_ext autoreload\n%autoreload 2\ndef lazy():\n    from given_anew import scale\n    return scale(5)")
    shell("%%helix a\nimport time\ntime.sleep(0.03)\na = lazy()")
    assert shell.states() == {"a": "compute"}
    shell("1")  # autoreload takes note of the module, so that it patches it next
    write(helpers, "K = 22\ndef scale(x): return K * x\n")
    assert shell.states() == {"a": "compute"}
    assert shell("a").value == 110
    shell("import sys; del sys.modules['given_anew']")  # as after a restart
    assert shell.states() == {"a": "load"}
    shell("import given_anew; given_anew.K = 3")
    assert shell.states() == {"a": "compute"}
    assert shell("a").value == 15
    monkeypatch.delitem(sys.modules, "given_anew")


def test_an_instance_keeps_its_class_across_autoreload(shell: Any, helpers: Path) -> None:
    write(helpers, "class Box:\n    def __init__(self, x):\n        self.x = x\n")
    shell("%load_ext autoreload\n%autoreload 2\nimport helpers_of_test as helpers")
    shell("%%helix box\nbox = helpers.Box(1)")
    shell("%%helix same\nsame = isinstance(box, helpers.Box)")
    shell("%helix run")
    write(
        helpers,
        "class Box:\n    def __init__(self, x):\n        self.x = x\n    def more(self):\n        return self.x + 1\n",
    )
    shell("%helix run")
    assert shell("same, isinstance(box, helpers.Box), box.more()").value == (True, True, 2)


def test_an_edit_that_is_not_reloaded_is_never_stored_under_the_new_codes_key(shell: Any, helpers: Path) -> None:
    write(helpers, "def scale(x):\n    return 2 * x\n")
    shell("from helpers_of_test import scale")
    shell("%%helix a\na = scale(1)")
    shell("%helix run")
    write(helpers, "def scale(x):\n    return 1000 * x\n")
    shell("%helix run")
    in_memory = shell["scale"](1)
    assert shell("a").value == in_memory
    # as after a restart: the new code is what runs
    shell("import importlib, helpers_of_test\nimportlib.reload(helpers_of_test)\nfrom helpers_of_test import scale")
    shell("%helix run")
    assert shell("a").value == 1000


def test_a_module_imported_inside_a_node_counts(shell: Any, helpers: Path) -> None:
    write(helpers, "def scale(x):\n    return 2 * x\n")
    shell("%%helix a\nfrom helpers_of_test import scale\na = scale(1)")
    shell("%helix run")
    assert shell("a").value == 2
    assert shell.states() == {"a": "load"}
    write(helpers, "def scale(x):\n    return 3 * x\n")
    shell("import sys; sys.modules.pop('helpers_of_test')")
    assert shell.states() == {"a": "compute"}
    assert shell("a").value == 3


def test_what_was_set_on_a_module_still_counts_behind_autoreload(shell: Any, helpers: Path) -> None:
    write(helpers, "def scale(x): return x * 2\ndef other(): return 1\n")
    shell("%load_ext autoreload\n%autoreload 2\nimport helpers_of_test")
    shell("%%helix a\nfrom helpers_of_test import scale\na = scale(1)")
    shell("%helix run")
    assert shell("a").value == 2
    shell("helpers_of_test.scale = lambda x: 7")
    shell("%helix run")
    assert shell("a").value == 7
    write(helpers, "def scale(x): return x * 2\ndef other(): return 3\n")
    shell("set_now = helpers_of_test.scale(1)")
    shell("%helix run")
    assert shell("a").value == shell("set_now").value

"""Modules that cells import themselves: which parts they give, and which edits change them."""

from __future__ import annotations

import importlib
import os
import runpy
import sys
from pathlib import Path
from typing import Any

import pytest

from helix_jupyter.fingerprint.loaded import watch
from helix_jupyter.fingerprint.local_imports import edited, import_parts
from helix_jupyter.fingerprint.locality import Origin, origin
from helix_jupyter.fingerprint.versions import distribution_of, version_of

UTILS = "import json\nimport numpy\nfrom helpers import strip\ndef clean(x): return strip(x)\n"
HELPERS = "def strip(x):\n    'doc'\n    return x\n"


def labels(*modules: str) -> list[str]:
    parts = import_parts(modules)
    return [f"{part.kind} {part.label}" for part in parts if part.kind in ("source", "module")]


def test_local_modules_are_followed_and_others_told_by_version(project: Any) -> None:
    project.write(utils=UTILS, helpers=HELPERS)
    found = import_parts(["utils", "pandas", "os.path"])
    assert [(part.kind, part.label, part.detail) for part in found] == [
        ("module", "numpy", sys.modules["numpy"].__version__ if "numpy" in sys.modules else version_of("numpy")),
        ("module", "pandas", version_of("pandas")),
        ("source", "helpers", "helpers.py"),
        ("source", "utils", "utils.py"),
        ("helper", "helpers.strip", "helpers.py"),
        ("helper", "utils.clean", "utils.py"),
    ]
    assert "utils" not in sys.modules


EDITS = {
    "helper's body": ({"helpers": HELPERS.replace("return x", "return -x")}, True),
    "import taken off": ({"utils": UTILS.replace("import numpy\n", "")}, True),
    "comment": ({"helpers": "# why\n" + HELPERS}, False),
    "docstring": ({"helpers": HELPERS.replace("doc", "other")}, False),
    "format": ({"utils": UTILS.replace("strip(x)\n", "strip( x )\n\n")}, False),
    "another module": ({"another": "X = 1"}, False),
}


@pytest.mark.parametrize(("edits", "counts"), EDITS.values(), ids=EDITS.keys())
def test_an_edit(edits: dict[str, str], counts: bool, project: Any) -> None:
    project.write(utils=UTILS, helpers=HELPERS)
    before = import_parts(["utils"])
    project.write(**edits)
    assert (import_parts(["utils"]) != before) is counts


def test_whether_it_is_loaded_never_counts(project: Any) -> None:
    project.write(utils=UTILS, helpers=HELPERS)
    before = import_parts(["utils", "numpy"])
    project.load("utils")
    assert import_parts(["utils", "numpy"]) == before


PACKAGE = {
    "package____init__": "from .public import clean",
    "package__public": "from . import inner\nfrom .deep.work import go\ndef clean(x): return inner.scale(x)",
    "package__inner": "def scale(x): return x",
    "package__unused": "X = 1",
    "package__deep/work": "import package.lazy\ndef go(): pass",
    "package__lazy": "X = 1",
}


def test_packages_and_relative_imports_are_followed(project: Any) -> None:
    (project.folder / "package" / "deep").mkdir(parents=True)
    project.write(**PACKAGE)
    found = ["package", "package.deep.work", "package.inner", "package.lazy", "package.public"]
    assert labels("package") == [f"source {name}" for name in found]
    assert labels("package.inner.scale") == labels("package")


@pytest.mark.parametrize(
    "text",
    [
        "import inner",
        "def f():\n    import inner",
        "try:\n    import inner\nexcept ImportError:\n    inner = None",
        "if False:\n    from inner import f",
        "from inner import *",
        "import importlib\nimportlib.import_module('inner')",
        "__import__('inner')",
    ],
)
def test_every_form_of_import_is_seen(text: str, project: Any) -> None:
    project.write(utils=text, inner="X = 1")
    assert "source inner" in labels("utils")


def test_import_cycles_end(project: Any) -> None:
    project.write(one="import two", two="import one")
    assert labels("one") == ["source one", "source two"]


def test_a_module_that_is_missing_counts_when_it_appears(project: Any) -> None:
    before = import_parts(["appears_later"])
    assert [part.detail for part in before] == ["not found"]
    project.write(appears_later="X = 1")
    assert import_parts(["appears_later"]) != before


def test_a_module_that_does_not_parse_counts_by_its_bytes(project: Any) -> None:
    project.write(broken="def f(:")
    before = import_parts(["broken"])
    project.write(broken="def g(:")
    assert import_parts(["broken"]) != before


def test_a_folder_besides_the_path_is_searched(tmp_path: Any) -> None:
    (tmp_path / "only_here.py").write_text("X = 1")
    assert {part.detail for part in import_parts(["only_here"], tmp_path)} == {"only_here.py"}
    assert [part.detail for part in import_parts(["only_here"])] == ["not found"]


def test_an_edit_that_keeps_the_size_is_seen(project: Any) -> None:
    project.write(utils="X = 1")
    before = import_parts(["utils"])
    stat = os.stat(project.folder / "utils.py")
    project.write(utils="X = 2")
    os.utime(project.folder / "utils.py", ns=(stat.st_atime_ns, stat.st_mtime_ns + 1))
    assert import_parts(["utils"]) != before


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("__main__", Origin.LOCAL),
        ("numpy", Origin.THIRD_PARTY),
        ("sklearn.linear_model", Origin.THIRD_PARTY),
        ("json", Origin.PYTHON),
        ("json.decoder", Origin.PYTHON),
        ("builtins", Origin.PYTHON),
        ("IPython.core", Origin.HOST),
        ("helix_jupyter.session", Origin.HOST),
        (__name__, Origin.LOCAL),
    ],
)
def test_whose_a_module_is(name: str, expected: Origin) -> None:
    assert origin(name) is expected


@pytest.mark.parametrize("top", ["numpy", "pandas", "sklearn", "scipy", "pyarrow", "yaml", "PIL", "dateutil"])
def test_versions_are_those_of_the_installation(top: str) -> None:
    from importlib import metadata

    (distribution,) = set(metadata.packages_distributions()[top])
    assert version_of(top) == metadata.version(distribution)
    assert distribution_of(top) == distribution.lower()


def test_what_is_installed_while_the_kernel_runs_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(tmp_path)

    def install(name: str, version: str) -> None:
        (tmp_path / f"{name}.py").write_text("")
        (tmp_path / f"{name}-{version}.dist-info").mkdir()
        (tmp_path / f"{name}-{version}.dist-info" / "RECORD").write_text(f"{name}.py,,\n")
        os.utime(tmp_path, (1, int(version[0])))
        importlib.invalidate_caches()

    install("early_module", "1.0")
    assert version_of("early_module") == "1.0"
    assert version_of("no_such_module") == ""
    install("late_module", "2.0")
    assert version_of("late_module") == "2.0"


@pytest.mark.parametrize(
    ("top", "distribution"),
    [("attr", "attrs"), ("zmq", "pyzmq"), ("cv2", "opencv-python"), ("no_such_module", "no_such_module")],
)
def test_modules_have_the_name_by_which_people_install_them(top: str, distribution: str) -> None:
    assert distribution_of(top) == distribution


class Editable:
    """Finds one package outside of ``sys.path``, as an editable install does."""

    def __init__(self, name: str, file: Path) -> None:
        self._name, self._file = name, file

    def find_spec(self, name: str, path: object = None, target: object = None) -> Any:
        from importlib.util import spec_from_file_location

        return spec_from_file_location(name, self._file) if name == self._name else None


def test_an_editable_install_is_local(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "elsewhere" / "editable_package"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("from .inner import go")
    (package / "inner.py").write_text("def go(): return 1")
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path, Editable("editable_package", package / "__init__.py")])
    code = "import editable_package\nvalue = editable_package.go()"
    before = import_parts(code=code)
    assert [part.label for part in before if part.kind == "source"] == ["editable_package", "editable_package.inner"]
    (package / "inner.py").write_text("def go(): return 22")
    assert import_parts(code=code) != before


# what a cell uses of utils: an edit of which statement counts
STATEMENTS = {
    "constant": ("LIMIT = 1", "LIMIT = 2", False),
    "function": ("def f(): return 1", "def f(): return 2", False),
    "class": ("class C:\n    x = 1", "class C:\n    x = 2", False),
    "class with a plain base": (
        "class B: pass\nclass C(B):\n    x = 1",
        "class B: pass\nclass C(B):\n    x = 2",
        False,
    ),
    "dataclass": (
        "from dataclasses import dataclass\n@dataclass\nclass C:\n    x: int = 1",
        "from dataclasses import dataclass\n@dataclass\nclass C:\n    x: int = 2",
        False,
    ),
    "cached function": (
        "import functools\n@functools.lru_cache(maxsize=None)\ndef f(): return 1",
        "import functools\n@functools.lru_cache(maxsize=None)\ndef f(): return 2",
        False,
    ),
    "script part": ("if __name__ == '__main__':\n    print(1)", "if __name__ == '__main__':\n    print(2)", False),
    "imports for type checkers": (
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import json",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import decimal, utils2",
        False,
    ),
    "imports for type checkers, by the module": (
        "import typing as t\nif t.TYPE_CHECKING:\n    import json",
        "import typing as t\nif t.TYPE_CHECKING:\n    import decimal",
        False,
    ),
    "another's TYPE_CHECKING": (
        "from helpers import strip as TYPE_CHECKING\nif TYPE_CHECKING:\n    import json",
        "from helpers import strip as TYPE_CHECKING\nif TYPE_CHECKING:\n    import decimal",
        True,
    ),
    "lambda": ("g = lambda: print(1)", "g = lambda: print(2)", False),
    "import of a name": ("from helpers import strip", "from helpers import strip as other", False),
    "call": ("print(1)", "print(2)", True),
    "called constant": ("import re\nP = re.compile('1')", "import re\nP = re.compile('2')", True),
    "registered function": ("@register\ndef f(): return 1", "@register\ndef f(): return 2", True),
    "class of another's base": (
        "import abc\nclass C(abc.ABC):\n    x = 1",
        "import abc\nclass C(abc.ABC):\n    x = 2",
        True,
    ),
    "class that knows its subclasses": (
        "class B:\n    def __init_subclass__(cls): pass\nclass C(B):\n    x = 1",
        "class B:\n    def __init_subclass__(cls): pass\nclass C(B):\n    x = 2",
        True,
    ),
    "own decorator named like another": (
        "def cache(f): return f\n@cache\ndef f(): return 1",
        "def cache(f): return f\n@cache\ndef f(): return 2",
        True,
    ),
    "default that is called": ("def f(x=print(1)): pass", "def f(x=print(2)): pass", True),
    "item": ("T = {}\nT['a'] = 1", "T = {}\nT['a'] = 2", True),
    "attribute": ("def f(): pass\nf.a = 1", "def f(): pass\nf.a = 2", True),
    "condition": ("import sys\nif sys.path:\n    X = 1", "import sys\nif sys.path:\n    X = 2", True),
    "set-up of what is used": (
        "LIMIT = 1\ndef init():\n    global FACTOR\n    FACTOR = 1",
        "LIMIT = 1\ndef init():\n    global FACTOR\n    FACTOR = 3",
        True,
    ),
    "rebound": ("FACTOR = 1", "FACTOR = 3", True),
}


@pytest.mark.parametrize(("before", "after", "counts"), STATEMENTS.values(), ids=STATEMENTS.keys())
def test_a_definition_that_is_not_used_does_not_count(before: str, after: str, counts: bool, project: Any) -> None:
    def parts(text: str) -> Any:
        project.write(utils=f"FACTOR = 2\ndef register(f): return f\n{text}\ndef used(): return FACTOR")
        return import_parts(code="import utils\nvalue = utils.used()")

    project.write(helpers=HELPERS)
    first = parts(before)
    assert (parts(after) != first) is counts


_USED = "def used(x): return x"
# two texts of utils, of which a cell uses used(): whether it matters which one it is
TEXTS = {
    "definitions in another order": (f"A = 1\n{_USED}", f"{_USED}\nA = 1", False),
    "what is used in another order": ("A = 1\ndef used(): return A", "def used(): return A\nA = 1", False),
    "two of one name": (
        "def used(): return 1\ndef used(): return 2",
        "def used(): return 2\ndef used(): return 1",
        True,
    ),
    "calls in another order": (f"{_USED}\nprint(1)\nprint(2)", f"{_USED}\nprint(2)\nprint(1)", True),
    "used before a call and behind it": (f"{_USED}\nprint(1)", f"print(1)\n{_USED}", False),
    "what a call reads": (f"{_USED}\nused(1)", f"used(1)\n{_USED}", True),
    "what a call may ask for": (f"{_USED}\nprint(dir(), globals())", f"print(dir(), globals())\n{_USED}", True),
    "what is bound twice and read between": (
        "X = 1\nY = X\nX = 2\ndef used(): return Y",
        "X = 1\nX = 2\nY = X\ndef used(): return Y",
        True,
    ),
    "what is changed and read between": (
        "X = [1]\nY = X[0]\nX[0] = 2\ndef used(): return Y",
        "X = [1]\nX[0] = 2\nY = X[0]\ndef used(): return Y",
        True,
    ),
    "a default before and behind a change": (
        "X = [1]\ndef used(y=X[0]): return y\nX[0] = 2",
        "X = [1]\nX[0] = 2\ndef used(y=X[0]): return y",
        True,
    ),
    "stars that give one name": (
        "from helpers import *\nfrom others import *\ndef used(): return strip(1)",
        "from others import *\nfrom helpers import *\ndef used(): return strip(1)",
        True,
    ),
    "a star behind what it takes the place of": (
        "from helpers import *\ndef strip(x): return 0\ndef used(): return strip(1)",
        "def strip(x): return 0\nfrom helpers import *\ndef used(): return strip(1)",
        True,
    ),
    "a name read before a star and behind it": (
        "from helpers import *\nY = strip\nfrom others import *\ndef used(): return Y(1)",
        "from helpers import *\nfrom others import *\nY = strip\ndef used(): return Y(1)",
        True,
    ),
    "one star above definitions in another order": (
        "from helpers import *\nA = 1\ndef used(): return strip(A)",
        "from helpers import *\ndef used(): return strip(A)\nA = 1",
        False,
    ),
    "another name of one import": (
        "from helpers import strip\ndef used(): return strip(1)",
        "from helpers import lift, strip\ndef used(): return strip(1)",
        False,
    ),
    "the name that is used": (
        "from helpers import strip as f, lift as g\ndef used(): return f(1)",
        "from helpers import lift as f, strip as g\ndef used(): return f(1)",
        True,
    ),
    "annotations": ("def used(x: int, *, y: float = 1) -> int: return x", "def used(x, *, y=1): return x", False),
    "annotations of a method": (
        "class used:\n    def m(self, x: int): return x",
        "class used:\n    def m(self, x: str): return x",
        False,
    ),
    "annotations that a decorator reads": (
        f"{_USED}\ndef register(f): return f\n@register\ndef f(x: int): pass",
        f"{_USED}\ndef register(f): return f\n@register\ndef f(x: str): pass",
        True,
    ),
    "fields of a dataclass": (
        "import dataclasses\n@dataclasses.dataclass\nclass used:\n    x: int",
        "import dataclasses\n@dataclasses.dataclass\nclass used:\n    x: 'dataclasses.InitVar'",
        True,
    ),
    "an import inside another function": (
        "import helpers\ndef used(): return helpers.strip(1)\ndef other():\n    import helpers\n    return 1",
        "import helpers\ndef used(): return helpers.strip(1)\ndef other():\n    import helpers\n    return 2",
        False,
    ),
}


@pytest.mark.parametrize(("before", "after", "counts"), TEXTS.values(), ids=TEXTS.keys())
def test_what_does_not_matter_to_what_is_used(before: str, after: str, counts: bool, project: Any) -> None:
    def parts(text: str) -> Any:
        project.write(utils=text)
        return import_parts(code="import utils\nvalue = utils.used()")

    project.write(helpers=f"{HELPERS}def lift(x): return -x\n", others="def strip(x): return 7\n")
    first = parts(before)
    assert (parts(after) != first) is counts


def test_an_empty_module_that_appears_counts_where_somebody_tries_to_import_it(project: Any) -> None:
    code = "try:\n    from package import option\n    value = 1\nexcept ImportError:\n    value = 0"
    (project.folder / "package").mkdir()
    project.write(package____init__="")
    before = import_parts(code=code)
    project.write(package__option="")
    assert import_parts(code=code) != before


def test_the_text_of_the_loaded_module_counts_until_it_is_reloaded(project: Any) -> None:
    watch()
    project.write(utils="def f(): return 1")
    on_disk = import_parts(["utils"])
    module = project.load("utils")
    assert import_parts(["utils"]) == on_disk
    project.write(utils="def f(): return 22")
    assert import_parts(["utils"]) == on_disk
    assert list(edited(["utils"])) == [module.__file__]
    importlib.reload(module)
    assert import_parts(["utils"]) != on_disk
    assert edited(["utils"]) == {}


def test_a_script_that_runs_a_modules_file_loads_no_module(project: Any) -> None:
    watch()
    project.write(utils="def f(): return 1")
    module = project.load("utils")
    project.write(utils="def f(): return 22")
    runpy.run_path(str(module.__file__))
    exec(compile((project.folder / "utils.py").read_text(), str(module.__file__), "exec"), {})
    assert list(edited(["utils"])) == [module.__file__]

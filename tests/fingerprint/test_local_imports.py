"""Modules that cells import themselves: which parts they give, and which edits change them."""

from __future__ import annotations

import os
import sys
from typing import Any

import pytest

from helix_jupyter.fingerprint.local_imports import import_parts
from helix_jupyter.fingerprint.locality import Origin, origin
from helix_jupyter.fingerprint.versions import version_of

UTILS = "import json\nimport numpy\nfrom helpers import strip\ndef clean(x): return strip(x)\n"
HELPERS = "def strip(x):\n    'doc'\n    return x\n"


def labels(*modules: str) -> list[str]:
    return [f"{part.kind} {part.label}" for part in import_parts(modules)]


def test_local_modules_are_followed_and_others_told_by_version(project: Any) -> None:
    project.write(utils=UTILS, helpers=HELPERS)
    found = import_parts(["utils", "pandas", "os.path"])
    assert [(part.kind, part.label, part.detail) for part in found] == [
        ("module", "numpy", sys.modules["numpy"].__version__ if "numpy" in sys.modules else version_of("numpy")),
        ("module", "pandas", version_of("pandas")),
        ("source", "helpers", "helpers.py"),
        ("source", "utils", "utils.py"),
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
    assert [part.detail for part in import_parts(["only_here"], tmp_path)] == ["only_here.py"]
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

"""The built reference has what people look up there, as they have to type it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from helix_jupyter.magics.verbs import VERBS

pytest.importorskip("sphinx", reason="the documentation's own packages: make docs")
pytest.importorskip("myst_parser", reason="the documentation's own packages: make docs")
pytest.importorskip("furo", reason="the documentation's own packages: make docs")

DOCS = Path(__file__).parents[1] / "docs"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("html")
    subprocess.run([sys.executable, "-m", "sphinx", "-q", "-b", "html", str(DOCS), str(out)], check=True)
    return out / "reference"


def test_each_verb_has_its_method_in_the_reference(built: Path) -> None:
    told = set(re.findall(r'id="helix_jupyter\.Session\.(\w+)"', (built / "api.html").read_text("utf-8")))
    assert sorted({*VERBS, "declare", "node", "close"} - told) == []


def test_what_is_a_front_ends_is_not_in_it(built: Path) -> None:
    assert "open_panel" not in (built / "api.html").read_text("utf-8")


def test_options_stand_there_as_they_are_typed(built: Path) -> None:
    page = re.sub(r"<[^>]+>", "", (built / "magics.html").read_text("utf-8"))
    assert "with -m, --tag, --untag or --note the current one" in page
    assert "NODE.PARAMETER=[VALUES]" in page.split("or NAME=[VALUES] of the notebook")[0][-60:]

"""The tutorial that ``make lab`` opens: a copy that is the reader's own."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="needs make")


def make(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["make", *arguments], cwd=folder, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """What the rules need of the project."""
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "notebooks").mkdir()
    shutil.copy(ROOT / "notebooks" / "census.ipynb", tmp_path / "notebooks")
    return tmp_path


def test_the_copy_is_made_once_and_keeps_its_readers_edits(project: Path) -> None:
    original, copy = project / "notebooks" / "census.ipynb", project / "tutorial" / "census.ipynb"
    make(project, "tutorial/census.ipynb")
    assert copy.read_bytes() == original.read_bytes()
    copy.write_text("edited")
    original.touch()
    make(project, "tutorial/census.ipynb")
    assert copy.read_text() == "edited"


def test_lab_opens_the_copy_and_says_so(project: Path) -> None:
    planned = make(project, "--dry-run", "lab", "NPM=")
    opened = next(line for line in planned.splitlines() if "jupyter lab" in line)
    assert opened.endswith(" tutorial/census.ipynb")
    assert "cp notebooks/census.ipynb tutorial/census.ipynb" in planned
    assert "the notebooks in tutorial/ are your copies" in planned


def test_lab_brings_the_other_tutorials_along(project: Path) -> None:
    shutil.copy(ROOT / "notebooks" / "mnist.ipynb", project / "notebooks")
    assert "cp notebooks/mnist.ipynb tutorial/mnist.ipynb" in make(project, "--dry-run", "lab", "NPM=")


def test_git_leaves_the_copy_out() -> None:
    assert "tutorial/" in (ROOT / ".gitignore").read_text().splitlines()

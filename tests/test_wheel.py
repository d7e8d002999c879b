"""The wheel: it carries the extension, an upgrade leaves nothing old behind, an uninstall nothing at all."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BUILT = ROOT / "labextension" / "dist" / "labextensions" / "helix-jupyter"
EXTENSION = Path("share/jupyter/labextensions/helix-jupyter")
LEFT_OUT = shutil.ignore_patterns(
    "node_modules", ".git", ".venv*", "__pycache__", "*.ipynb", ".*_cache", "build", "docs"
)
pytestmark = pytest.mark.skipif(
    not BUILT.is_dir() or any(importlib.util.find_spec(name) is None for name in ("hatchling", "jupyterlab", "pip")),
    reason="needs the built extension (make assets), hatchling, jupyterlab and pip",
)


def pip(*arguments: str, python: Path | None = None) -> None:
    """Run pip, for another environment's Python where one is given; no index is asked."""
    chosen = ("--python", str(python)) if python else ()
    command = [sys.executable, "-m", "pip", *chosen, *arguments, "--disable-pip-version-check", "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def wheel(source: Path, target: Path) -> Path:
    """The wheel of a source tree, with what was built of its front end."""
    target.mkdir()
    pip("wheel", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", str(target), str(source))
    (made,) = target.iterdir()
    return made


class Environment:
    """A fresh environment; JupyterLab is this one's."""

    def __init__(self, folder: Path) -> None:
        venv.create(folder, symlinks=True)
        self.folder, self.python = folder, folder / "bin" / "python"

    def install(self, package: Path) -> None:
        """Install or upgrade."""
        pip("install", "--no-deps", "--no-index", "--ignore-installed", str(package), python=self.python)

    def listed(self) -> str:
        """What ``jupyter labextension list`` says of ours."""
        packages = os.pathsep.join(path for path in sys.path if path.endswith("-packages"))
        apart = {"JUPYTER_PATH": "", "JUPYTER_DATA_DIR": str(self.folder / "data"), "PYTHONPATH": packages}
        command = [self.python, "-m", "jupyterlab.labextensions", "list"]
        done = subprocess.run(command, capture_output=True, text=True, env=os.environ | apart)
        assert done.returncode == 0, done.stderr
        said = done.stdout + done.stderr
        return next((line for line in said.splitlines() if "helix-jupyter v" in line), "")

    @property
    def files(self) -> set[str]:
        """Of the extension, as it is installed."""
        found = self.folder / EXTENSION
        return {str(path.relative_to(found)) for path in found.rglob("*") if path.is_file()}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A copy of the sources, whose front end counts as built just now: what is there is packed, whatever was edited."""
    copied = Path(shutil.copytree(ROOT, tmp_path / "source", ignore=LEFT_OUT))
    for built in (copied / "helix_jupyter" / "view" / "static", copied / BUILT.relative_to(ROOT)):
        for file in built.rglob("*"):
            os.utime(file)
    return copied


def test_the_extension_comes_with_the_wheel_is_upgraded_with_it_and_goes_with_it(source: Path, tmp_path: Path) -> None:
    new = wheel(source, tmp_path / "new")
    pyproject = source / "pyproject.toml"
    pyproject.write_text(pyproject.read_text().replace('version = "0.1.0"', 'version = "0.0.9"'))
    built = source / BUILT.relative_to(ROOT)
    (built / "static" / "1.of-an-earlier-release.js").write_text("// a chunk that is no more")
    old = wheel(source, tmp_path / "old")
    assert "0.0.9" in old.name
    fresh = Environment(tmp_path / "environment")
    assert fresh.listed() == ""
    fresh.install(old)
    assert "enabled" in fresh.listed()
    assert "static/1.of-an-earlier-release.js" in fresh.files
    pip("uninstall", "--yes", "helix-jupyter", python=fresh.python)
    assert not (fresh.folder / EXTENSION).exists()
    fresh.install(old)
    pip("install", "--no-deps", "--no-index", "--upgrade", str(new), python=fresh.python)
    listed = fresh.listed()
    assert "enabled" in listed
    assert "OK" in listed
    assert fresh.files == {str(path.relative_to(BUILT)) for path in BUILT.rglob("*") if path.is_file()} | {
        "install.json"
    }
    pip("uninstall", "--yes", "helix-jupyter", python=fresh.python)
    assert fresh.listed() == ""
    assert not (fresh.folder / EXTENSION).exists()

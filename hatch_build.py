"""Builds the front end when the wheel (or an editable installation) is made; without npm the package does without."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FOLDER = "labextension"
WIDGET = "helix_jupyter/view/static/dag.js"  # one of them stands for all
EXTENSION = f"{FOLDER}/dist/labextensions/helix-jupyter"
# where Jupyter looks for extensions, below the environment
INSTALLED = "share/jupyter/labextensions/helix-jupyter"


class FrontEndHook(BuildHookInterface):
    """``npm ci`` and the bundlers, where the sources are newer than what was built; a wheel carries what is there."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before it gathers files."""
        root = Path(self.root)
        if _is_stale(root):
            _build(root / FOLDER)
        if self.target_name == "wheel" and (root / EXTENSION).is_dir():
            build_data["shared_data"] |= {
                EXTENSION: INSTALLED,
                f"{FOLDER}/install.json": f"{INSTALLED}/install.json",
            }


def _is_stale(root: Path) -> bool:
    source, built = root / FOLDER, [root / WIDGET, root / EXTENSION / "package.json"]
    if not (source / "src").is_dir():
        return False
    if not all(file.exists() for file in built):
        return True
    parts = [
        source / "package.json",
        # not folders: those of an unpacked sdist are of today, and it brings along what was built
        *(file for part in ("src", "style", "schema") for file in (source / part).rglob("*") if file.is_file()),
    ]
    return max(file.stat().st_mtime for file in parts) > min(file.stat().st_mtime for file in built)


def _build(source: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        print(f"helix_jupyter: no npm, so {FOLDER} is not built: pictures will be static.", file=sys.stderr)
        return
    installed = source / "node_modules" / ".package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < (source / "package-lock.json").stat().st_mtime:
        subprocess.run([npm, "ci", "--no-audit", "--no-fund"], cwd=source, check=True)
    subprocess.run([npm, "run", "--silent", "build"], cwd=source, check=True)

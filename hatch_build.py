"""Builds the front end when the wheel (or an editable installation) is made; without npm the package does without."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FOLDER = "labextension"
BUILT = "helix_jupyter/view/static/dag.js"  # one of them stands for all


class FrontEndHook(BuildHookInterface):
    """``npm ci`` and the bundler, where the sources are newer than what was built."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before it gathers files."""
        root = Path(self.root)
        source, built = root / FOLDER, root / BUILT
        if not (source / "src").is_dir() or not _is_stale(source, built):
            return  # an sdist holds what was built
        npm = shutil.which("npm")
        if npm is None:
            print(f"helix_jupyter: no npm, so {BUILT} is not built: pictures will be static.", file=sys.stderr)
            return
        if not (source / "node_modules").is_dir():
            subprocess.run([npm, "ci", "--no-audit", "--no-fund"], cwd=source, check=True)
        subprocess.run([npm, "run", "--silent", "build"], cwd=source, check=True)


def _is_stale(source: Path, built: Path) -> bool:
    if not built.exists():
        return True
    changed = [file.stat().st_mtime for file in (source / "src").rglob("*.ts")]
    return max(changed, default=0.0) > built.stat().st_mtime

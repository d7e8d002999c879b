"""Checks a wheel and an sdist: what must be in them, what must not, and how large they are. ``make dist`` runs it."""

from __future__ import annotations

import re
import sys
import tarfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

LARGEST = 2_000_000  # bytes
KINDS = ("comparison", "dag", "diff", "explore", "versions")  # of widgets, a module each
EXTENSION = "labextensions/helix-jupyter"
PACKAGE = {"helix_jupyter/__init__.py", "helix_jupyter/py.typed", *(f"helix_jupyter/view/static/{k}.js" for k in KINDS)}
MUST = {
    "wheel": PACKAGE | {f"share/jupyter/{EXTENSION}/{name}" for name in ("package.json", "install.json")},
    "sdist": PACKAGE
    | {f"labextension/{name}" for name in ("package.json", "package-lock.json", "install.json", "src/lab/index.ts")}
    | {f"labextension/dist/{EXTENSION}/package.json", "hatch_build.py", "pyproject.toml", "README.md", "LICENSE"},
}
MUST_NOT = re.compile(r"(^|/)(node_modules|__pycache__|tests|\.helix|\.venv|\.git)(/|$)|\.(pyc|map|tsbuildinfo)$")
# a folder of the machine that built it
PRIVATE = re.compile(rb"/(?:work|root|home/\w+|tmp/\w+)/[\w.]+/")


def problems(kind: str, size: int, files: Mapping[str, bytes]) -> Iterator[str]:
    """What is wrong with a distribution of this kind (``wheel``, ``sdist``), a line each."""
    if size > LARGEST:
        yield f"{size:,} bytes; {LARGEST:,} at most"
    yield from (f"{name} is missing" for name in sorted(MUST[kind] - files.keys()))
    for name, content in files.items():
        if MUST_NOT.search(name):
            yield f"{name} does not belong in it"
        if found := PRIVATE.search(content):
            yield f"{name} names {found.group().decode()}"


def wheel(path: Path) -> dict[str, bytes]:
    """The files of a wheel; those that go elsewhere than into the package by where they go."""
    with zipfile.ZipFile(path) as archive:
        return {re.sub(r"^[^/]+\.data/data/", "", name): archive.read(name) for name in archive.namelist()}


def sdist(path: Path) -> dict[str, bytes]:
    """The files of an sdist, below its one folder."""
    with tarfile.open(path) as archive:
        found = {member.name: archive.extractfile(member) for member in archive.getmembers() if member.isfile()}
        return {str(PurePosixPath(*PurePosixPath(name).parts[1:])): file.read() for name, file in found.items() if file}


def main(folder: Path) -> int:
    """Check the one wheel and the one sdist of a folder; 1 if anything is wrong."""
    wrong = 0
    for kind, pattern, read in (("wheel", "*.whl", wheel), ("sdist", "*.tar.gz", sdist)):
        [path] = folder.glob(pattern)
        files = read(path)
        print(f"{path.name}: {path.stat().st_size / 1e6:.2f} MB, {len(files)} files")
        for problem in problems(kind, path.stat().st_size, files):
            print(f"    {problem}")
            wrong = 1
    return wrong


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))

"""Versions of third-party distributions, found cheaply and kept for the life of the process.

The metadata of an installation comes first, so that a module has one version whether it is imported or not;
it is found by listing one folder, since ``packages_distributions()`` reads every installed file list (0.1 s
and more). A package that was upgraded under a running kernel is told by the version that is in memory.
"""

from __future__ import annotations

import os
import sys
import time
from functools import lru_cache
from typing import NamedTuple

from helix_jupyter.fingerprint.framing import digest_fields
from helix_jupyter.fingerprint.locality import find_file, library_paths
from helix_jupyter.fingerprint.types import Part

# import names whose distribution has another name: checked against its file list before it is believed
_KNOWN = {
    "sklearn": "scikit-learn",
    "PIL": "pillow",
    "cv2": "opencv-python",
    "yaml": "pyyaml",
    "bs4": "beautifulsoup4",
    "dateutil": "python-dateutil",
    "skimage": "scikit-image",
}
_STARTED = time.time()


@lru_cache(maxsize=4096)
def version_of(top: str) -> str:
    """The version of the distribution that the top-level module ``top`` comes from; empty if it has none."""
    file = find_file(top)
    found = _installed(top, file) if file else None
    declared = getattr(sys.modules.get(top), "__version__", None)
    if found is not None and not (found.since > _STARTED and isinstance(declared, str)):
        return found.version
    return declared if isinstance(declared, str) else _version_by_scan(top)


@lru_cache(maxsize=4096)
def module_part(top: str) -> Part:
    """The part of a third party's module: its version."""
    version = version_of(top)
    return Part("module", top, digest_fields(version), version)


@lru_cache(maxsize=4096)
def distribution_of(top: str) -> str:
    """The name by which people install the top-level module ``top`` (``scikit-learn`` for ``sklearn``), as PEP 503
    writes it; ``top`` itself where no distribution is found that gives it."""
    file = find_file(top)
    found = _installed(top, file) if file else None
    if found is not None:
        return found.name
    if top in _KNOWN or file is None:
        return _KNOWN.get(top, top)
    return next((_normal(name) for name in sorted(_packages().get(top, ()))), top)


class _Distribution(NamedTuple):
    """``since`` is when it was installed, in seconds since the epoch."""

    name: str
    version: str
    since: float


def _installed(top: str, file: str) -> _Distribution | None:
    """The distribution by the name of a ``.dist-info`` folder beside the module."""
    folder = os.path.dirname(file)
    if os.path.basename(folder) == top:
        folder = os.path.dirname(folder)
    wanted = {_normal(top), _normal(_KNOWN.get(top, top))}
    for distribution, version, place in _listed(folder):
        if distribution in wanted and _lists(place, top):
            return _Distribution(distribution, version, os.stat(place).st_mtime)
    return None


def find_distributions() -> None:
    """List once what is installed where Python installs; else the first question does: half a millisecond."""
    for folder in dict.fromkeys((library_paths()["purelib"], library_paths()["platlib"])):
        _listed(folder)


def _listed(folder: str) -> tuple[tuple[str, str, str], ...]:
    """Name, version and place of each distribution in a folder, as long as nothing comes to it or goes."""
    try:
        return _distributions(folder, os.stat(folder).st_mtime_ns)
    except OSError:
        return ()


@lru_cache(maxsize=64)
def _distributions(folder: str, changed_ns: int) -> tuple[tuple[str, str, str], ...]:
    try:
        names = os.listdir(folder)
    except OSError:
        return ()
    found = []
    for name in names:
        if name.endswith(".dist-info"):
            distribution, dash, version = name.removesuffix(".dist-info").rpartition("-")
            if dash:
                found.append((_normal(distribution), version, f"{folder}{os.sep}{name}"))
    return tuple(sorted(found))


def _lists(place: str, top: str) -> bool:
    """The distribution's file list has the module: names alone would believe a namesake."""
    try:
        with open(os.path.join(place, "RECORD"), encoding="utf-8") as lines:
            return any(line.startswith((f"{top}/", f"{top}.")) for line in lines)
    except OSError:
        return True


def _normal(name: str) -> str:
    """PEP 503's form, without a regular expression: every installed distribution passes here before a first plan."""
    normal = name.lower().replace("_", "-").replace(".", "-")
    while "--" in normal:
        normal = normal.replace("--", "-")
    return normal


def _version_by_scan(top: str) -> str:
    from importlib import metadata

    names = _packages().get(top, ())
    return ", ".join(sorted({metadata.version(name) for name in names}))


@lru_cache(maxsize=1)
def _packages() -> dict[str, list[str]]:
    from importlib import metadata

    return dict(metadata.packages_distributions())

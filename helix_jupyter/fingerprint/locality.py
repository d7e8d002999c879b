"""Whose code a module is (the project's own, a third party's, Python's) and in which version. Imports
nothing.

Local is what lies neither in an installation folder nor in Python's own library: the notebook, the project
folder, ``src/``, editable installs. Local code counts by content, third-party code by its version, Python's
by Python's.
"""

from __future__ import annotations

import enum
import os
import site
import sys
import sysconfig
from collections.abc import Iterable
from functools import lru_cache
from types import ModuleType

# the environment that runs a node, never a part of what it computes
HOSTS = frozenset({"helix_jupyter", "IPython", "ipykernel"})
_INSTALLED = ("site-packages", "dist-packages")


class Origin(enum.Enum):
    """Whose code something is."""

    LOCAL = "local"
    THIRD_PARTY = "third party"
    PYTHON = "python"
    HOST = "host"


def origin(name: str | None) -> Origin:
    """Whose the module ``name`` is; what cannot be found (code made by ``exec``) counts as local."""
    if name is None or name in ("__main__", "__mp_main__"):
        return Origin.LOCAL
    top = name.partition(".")[0]
    if top in HOSTS:
        return Origin.HOST
    module = sys.modules.get(name)
    return _origin(name, _file(module) if module is not None else None, module is not None)


@lru_cache(maxsize=8192)
def _origin(name: str, file: str | None, imported: bool) -> Origin:
    top = name.partition(".")[0]
    if file is None:
        if top in sys.stdlib_module_names or top in sys.builtin_module_names:
            return Origin.PYTHON
        return _origin_by_top(top, imported) if name != top or not imported else Origin.LOCAL
    return origin_of_file(file)


def _origin_by_top(top: str, imported: bool) -> Origin:
    found = find_file(top)
    return origin_of_file(found) if found else Origin.LOCAL


@lru_cache(maxsize=8192)
def origin_of_file(file: str) -> Origin:
    """Whose the code in ``file`` is, by where it lies."""
    if file in ("built-in", "frozen"):
        return Origin.PYTHON
    path = os.path.normcase(os.path.abspath(file))
    if any(part in _INSTALLED for part in path.split(os.sep)) or _inside(path, _installation_folders()):
        return Origin.THIRD_PARTY
    return Origin.PYTHON if _inside(path, _library_folders()) else Origin.LOCAL


def find_file(top: str) -> str | None:
    """The file (a namespace package: the folder) of the top-level module ``top``, found without importing
    it.
    """
    from importlib.util import find_spec

    try:
        spec = find_spec(top)
    except (ImportError, ValueError, AttributeError):
        return None
    if spec is None:
        return None
    if spec.has_location and spec.origin:
        return spec.origin
    if spec.origin in ("built-in", "frozen"):
        return spec.origin
    return next(iter(spec.submodule_search_locations or ()), None)


def _file(module: ModuleType) -> str | None:
    file = getattr(module, "__file__", None)
    if isinstance(file, str):
        return file
    # a namespace package has folders only; iterating over them asks the import system, so only the first
    path = getattr(module, "__path__", None)
    return next((str(folder) for folder in path), None) if path else None


def _inside(path: str, folders: tuple[str, ...]) -> bool:
    return any(path.startswith(folder) for folder in folders)


def find_folders() -> None:
    """Find once where Python and installed code lie; else the first question does.

    Before anybody watches imports: Python 3.13 imports a module of its own to tell, and fails if asked meanwhile.
    """
    _installation_folders()
    _library_folders()


@lru_cache(maxsize=1)
def _installation_folders() -> tuple[str, ...]:
    folders = [library_paths()["purelib"], library_paths()["platlib"]]
    # old virtual environments bring a site module without these
    if hasattr(site, "getsitepackages"):
        folders += [*site.getsitepackages(), site.getusersitepackages()]
    return _prefixes(folders)


@lru_cache(maxsize=1)
def _library_folders() -> tuple[str, ...]:
    return _prefixes([library_paths()["stdlib"], library_paths()["platstdlib"]])


@lru_cache(maxsize=1)
def library_paths() -> dict[str, str]:
    """Where Python's own library and installed code lie: ``purelib``, ``platlib``, ``stdlib``, ``platstdlib``."""
    return sysconfig.get_paths()


def _prefixes(folders: Iterable[str]) -> tuple[str, ...]:
    absolute = {os.path.normcase(os.path.abspath(folder)) + os.sep for folder in folders}
    return tuple(sorted(absolute))


def installed_or_python(file: str) -> bool:
    """The file belongs to an installed distribution or to Python itself."""
    return origin_of_file(file) is not Origin.LOCAL

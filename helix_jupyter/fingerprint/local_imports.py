"""The modules that a cell imports itself, as parts: local ones by their source, through all that they import.

Works on files alone: nothing is imported or executed, so a module has one digest whether it is loaded or not.
Sources are told by their syntax tree without docstrings; comments and formatting never count. Kept per
process by stat.
"""

from __future__ import annotations

import ast
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from xxhash import xxh3_128_hexdigest

from helix_jupyter.fingerprint.framing import digest_fields
from helix_jupyter.fingerprint.locality import HOSTS, Origin, find_file, origin_of_file
from helix_jupyter.fingerprint.types import Part
from helix_jupyter.fingerprint.versions import version_of


@dataclass(frozen=True)
class Source:
    """What one file of source says: its digest, and the absolute names that it imports (or may: ``from a
    import b``
    gives ``a`` and ``a.b``)."""

    digest: str
    imports: tuple[str, ...]


def import_parts(modules: Iterable[str], folder: str | os.PathLike[str] | None = None) -> tuple[Part, ...]:
    """The parts of absolute dotted module names and of all that they import.

    A local module gives ``source`` with the digest of its syntax, a third-party one ``module`` with its
    version; Python's own give none. A name that leads to no module is told as such, so that the key changes
    when it appears.

    Parameters
    ----------
    folder
        Where local modules lie besides ``sys.path``.
    """
    parts, _ = _found(modules, folder)
    return tuple(parts[key] for key in sorted(parts))


def local_files(modules: Iterable[str], folder: str | os.PathLike[str] | None = None) -> dict[str, str]:
    """``{module: file}`` of the local ones among ``modules`` and all that they import."""
    _, files = _found(modules, folder)
    return files


def _found(
    modules: Iterable[str], folder: str | os.PathLike[str] | None
) -> tuple[dict[tuple[str, str], Part], dict[str, str]]:
    parts: dict[tuple[str, str], Part] = {}
    files: dict[str, str] = {}
    waiting = list(dict.fromkeys(modules))
    seen: set[str] = set()
    while waiting:
        for module in _with_parents(waiting.pop()):
            if module not in seen:
                seen.add(module)
                waiting += _add(parts, files, module, folder)
    return parts, files


def _add(
    parts: dict[tuple[str, str], Part], files: dict[str, str], name: str, folder: str | os.PathLike[str] | None
) -> tuple[str, ...]:
    """Add the part of one module, and its file if it is local; gives the names that it imports."""
    top = name.partition(".")[0]
    if top in sys.stdlib_module_names or top in HOSTS or not top:
        return ()
    place = _place(top, folder)
    if place is None:
        parts["source", top] = Part("source", top, digest_fields("missing"), "not found")
        return ()
    whose = origin_of_file(place)
    if whose is Origin.THIRD_PARTY:
        version = version_of(top)
        parts["module", top] = Part("module", top, digest_fields(version), version)
    if whose is not Origin.LOCAL:
        return ()
    file = place if name == top else _inside(place, name.split(".")[1:])
    if file is None or os.path.isdir(file):
        return ()  # an attribute of the module before it, or a folder without code
    source = source_of(file, name)
    parts["source", name] = Part("source", name, source.digest, os.path.basename(file))
    files[name] = file
    return source.imports


def _with_parents(name: str) -> Iterator[str]:
    """``a``, ``a.b``, ``a.b.c``: importing a module runs its packages first."""
    steps = name.split(".")
    for count in range(1, len(steps) + 1):
        yield ".".join(steps[:count])


def _place(top: str, folder: str | os.PathLike[str] | None) -> str | None:
    """The file of a top-level module: by looking along ``sys.path``, which is never out of date, then by
    asking the
    import system, which knows editable installs."""
    installed = _installed_place(top)
    if installed is not None:
        return installed
    folders = [entry or os.curdir for entry in sys.path]
    for entry in [*folders, os.fspath(folder)] if folder is not None else folders:
        found = _module_file(os.path.join(entry, top))
        if found is not None:
            return found
    return find_file(top)


# a module that is installed stays so for the life of the process; a local one may come, go and move
_installed: dict[str, str] = {}


def _installed_place(top: str) -> str | None:
    if top in _installed:
        return _installed[top]
    found = find_file(top)
    if found is not None and origin_of_file(found) is not Origin.LOCAL:
        _installed[top] = found
        return found
    return None


def _inside(package: str, steps: list[str]) -> str | None:
    """The file of a module below a package's file or folder."""
    place: str | None = package
    for step in steps:
        if place is None:
            return None
        if not os.path.isdir(place):
            if not os.path.basename(place).startswith("__init__."):
                return None
            place = os.path.dirname(place)
        place = _module_file(os.path.join(place, step)) or _folder(os.path.join(place, step))
    return place


def _module_file(stem: str) -> str | None:
    for candidate in (os.path.join(stem, "__init__.py"), stem + ".py"):
        if os.path.isfile(candidate):
            return candidate
    return next((stem + suffix for suffix in _binary_suffixes() if os.path.isfile(stem + suffix)), None)


@lru_cache(maxsize=1)
def _binary_suffixes() -> tuple[str, ...]:
    from importlib.machinery import EXTENSION_SUFFIXES

    return tuple(EXTENSION_SUFFIXES)


def _folder(path: str) -> str | None:
    return path if os.path.isdir(path) else None


_sources: dict[tuple[str, str], tuple[tuple[int, int, int], Source]] = {}


def source_of(file: str, name: str) -> Source:
    """What the source ``file`` of the module ``name`` says; read again only when its stat changed."""
    stat = os.stat(file)
    state = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
    known = _sources.get((file, name))
    if known is None or known[0] != state:
        known = _sources[file, name] = (state, _read(file, name))
    return known[1]


def _read(file: str, name: str) -> Source:
    with open(file, "rb") as stream:
        text = stream.read()
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):  # a binary module, or one that will fail when it is imported
        return Source(digest_fields("bytes", xxh3_128_hexdigest(text)), ())
    package = name if os.path.basename(file) == "__init__.py" else name.rpartition(".")[0]
    imports = tuple(dict.fromkeys(_imports(tree, package)))
    return Source(digest_fields("syntax", _text_digest(ast.dump(_without_docstrings(tree)))), imports)


def _text_digest(text: str) -> str:
    return xxh3_128_hexdigest(text.encode("utf-8", "surrogatepass"))


def _imports(tree: ast.Module, package: str) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = resolve_relative(package, node.level, node.module or "")
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names if alias.name != "*")
        elif isinstance(node, ast.Call):
            yield from _called_import(node, package)


def _called_import(call: ast.Call, package: str) -> Iterator[str]:
    """``importlib.import_module("a.b")`` and ``__import__("a.b")`` with the name written out."""
    function = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if function in ("import_module", "__import__") and call.args and isinstance(call.args[0], ast.Constant):
        name = call.args[0].value
        if isinstance(name, str):
            stripped = name.lstrip(".")
            yield resolve_relative(package, len(name) - len(stripped), stripped)


def resolve_relative(package: str, level: int, name: str) -> str:
    """The absolute name of ``from ..name import x`` (``level`` dots) inside ``package``."""
    if level == 0:
        return name
    steps = package.split(".")
    base = ".".join(steps[: len(steps) - level + 1])
    return f"{base}.{name}" if name and base else base or name


def _without_docstrings(tree: ast.Module) -> ast.Module:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0] if node.body else None
            if (
                isinstance(first, ast.Expr)
                and isinstance(first.value, ast.Constant)
                and isinstance(first.value.value, str)
            ):
                node.body = node.body[1:] or [ast.Pass()]
    return tree

"""The local modules that a cell or a helper imports itself, as parts: by what their source says of what is used.

Works on text: nothing is imported or executed; of loaded modules what was set on them from outside is told
beside it (``module_state``). The text is that of the module in memory where one is
loaded, else that of its file, since that is what ``import`` gives; so a module has one digest whether it is
loaded or not, and an edit counts once it is taken up. Of a module count the definitions that are reached,
through any number of modules, and all that acts when it is imported. Comments, formatting and docstrings never
count. Kept per process by stat.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from helix_jupyter.fingerprint.files import RACY_NANOSECONDS
from helix_jupyter.fingerprint.framing import digest_fields
from helix_jupyter.fingerprint.loaded import loaded_modules, loaded_text
from helix_jupyter.fingerprint.locality import HOSTS, Origin, find_file, origin_of_file
from helix_jupyter.fingerprint.module_reads import changed_since
from helix_jupyter.fingerprint.module_source import ALL, Does, Import, Source, read_source
from helix_jupyter.fingerprint.module_state import names_of, note_used, set_since
from helix_jupyter.fingerprint.shown import literal
from helix_jupyter.fingerprint.types import Part
from helix_jupyter.fingerprint.versions import module_part

WHOLE = ""
"""The chain that stands for any use of a module."""


def import_parts(
    modules: Iterable[str] | Mapping[str, Iterable[str]] = (),
    folder: str | os.PathLike[str] | None = None,
    code: str = "",
) -> tuple[Part, ...]:
    """The parts of modules and of all that they import.

    A local module gives ``source`` with the digest of what is used of it, ``helper`` and ``constant`` for each
    definition among that, and ``value`` for each name used on which something was set since it was loaded; a
    third-party one ``module`` with its
    version; Python's own give none. A name that leads to no module is told as such, so that the key changes
    when it appears.

    Parameters
    ----------
    modules
        Absolute dotted names. A mapping says which attribute chains are used of each (``""``: any; none at all:
        it is imported only).
    folder
        Where local modules lie besides ``sys.path``.
    code
        Python code that imports what it uses.
    """
    uses = modules if isinstance(modules, Mapping) else dict.fromkeys(modules, (WHOLE,))
    source = _source_of_code(code) if code else None
    if source is not None and not uses and (installed := installed_parts(source.tops)) is not None:
        return installed
    reach = _Reach(folder)
    for module, chains in uses.items():
        reach.ask(module)
        for chain in chains:
            reach.ask(module, chain)
    if source is not None:
        reach.read(_Module("", "", source))
    return reach.parts()


def local_files(modules: Iterable[str], folder: str | os.PathLike[str] | None = None) -> dict[str, str]:
    """``{module: file}`` of the local ones among ``modules`` and all that any of their code imports."""
    reach = _Reach(folder)
    for module in modules:
        reach.ask(module, WHOLE)
    return reach.files()


@dataclass(frozen=True)
class _Module:
    name: str
    file: str
    source: Source
    reached: set[int] = field(default_factory=set)


# with more of them people are told the module alone
_MOST_NAMED = 40


def _definitions(module: _Module) -> Iterator[Part]:
    """What is reached of a module, name by name: ``source`` tells it all, these say what of it is another."""
    reached = [module.source.statements[number] for number in sorted(module.reached)]
    named = [one for one in reached if one.does is Does.DEFINES and len(one.binds) == 1]
    for one in named if len(named) <= _MOST_NAMED else ():
        label = f"{module.name}.{next(iter(one.binds))}"
        yield Part("helper" if one.is_helper else "constant", label, one.digest, os.path.basename(module.file))


class _Reach:
    """What is reached of each module; asked for chain by chain until nothing new comes up."""

    def __init__(self, folder: str | os.PathLike[str] | None) -> None:
        self._folder = folder
        self._others: dict[tuple[str, str], Part] = {}
        self._modules: dict[str, _Module | None] = {}
        self._asked: set[tuple[str, str | None]] = set()
        self._waiting: list[tuple[str, str | None]] = []
        self._followed: set[tuple[str, str, str]] = set()
        self._names: dict[str, set[str]] = {}

    def ask(self, module: str, chain: str | None = None) -> None:
        """Ask for what ``module`` gives under ``chain``; without one, that it is imported."""
        if (module, chain) not in self._asked:
            self._asked.add((module, chain))
            self._waiting.append((module, chain))

    def read(self, code: _Module) -> None:
        """Reach all of some code that is no module."""
        for number in range(len(code.source.statements)):
            self._take(code, number)

    def files(self) -> dict[str, str]:
        """Follow everything that waits; the file of each local module."""
        self._follow_all()
        return {module.name: module.file for module in self._modules.values() if module is not None}

    def parts(self) -> tuple[Part, ...]:
        """Follow everything that waits, and sum up."""
        self._follow_all()
        found = dict(self._others)
        for module in filter(None, self._modules.values()):
            digest = digest_fields("source", *module.source.told(module.reached))
            found["source", module.name] = Part("source", module.name, digest, os.path.basename(module.file))
            found.update({(part.kind, part.label): part for part in self._set_on(module.name)})
        named = (part for module in filter(None, self._modules.values()) for part in _definitions(module))
        return (*(found[key] for key in sorted(found)), *sorted(named))

    def _set_on(self, module: str) -> Iterable[Part]:
        names = self._names.get(module, set())
        note_used(module, names)
        for name in names_of(module) if WHOLE in names else names:
            found = set_since(module, name)
            if found is not None:
                digest, value = found
                yield Part("value", f"{module}.{name}", digest, literal(value))

    def _follow_all(self) -> None:
        while self._waiting:
            name, chain = self._waiting.pop()
            module = self._enter(name)
            if chain is None:
                continue
            if module is not None:
                self._give(module, chain)
                continue
            # a folder without code, or no module of its own but a member of the one before it
            first, _, rest = chain.partition(".")
            if first and self._enter(f"{name}.{first}") is not None:
                self.ask(f"{name}.{first}", rest)
            before, _, last = name.rpartition(".")
            if before:
                self.ask(before, f"{last}.{chain}".rstrip("."))

    def _enter(self, name: str) -> _Module | None:
        """The local module ``name``, imported with its packages; None if it is none."""
        if name not in self._modules:
            package = name.rpartition(".")[0]
            if package:
                self._enter(package)
            self._modules[name] = None
            module = self._modules[name] = self._find(name)
            if module is not None:
                for one in module.source.imported:
                    self._run(one)
                for number in module.source.acting:
                    self._take(module, number)
        return self._modules[name]

    def _find(self, name: str) -> _Module | None:
        top = name.partition(".")[0]
        if top in HOSTS or not top or is_python(top):
            return None
        place = _place(top, self._folder)
        if place is None:
            self._others["source", top] = Part("source", top, digest_fields("missing"), "not found")
            return None
        whose = origin_of_file(place)
        if whose is Origin.THIRD_PARTY:
            self._others["module", top] = module_part(top)
        if whose is not Origin.LOCAL:
            return None
        file = place if name == top else _inside(place, name.split(".")[1:])
        if file is None or os.path.isdir(file):
            return None  # an attribute of the module before it, or a folder without code
        return _Module(name, file, source_of(file, name))

    def _run(self, one: Import) -> None:
        self.ask(one.module)
        if one.member not in ("", ALL):
            self.ask(f"{one.module}.{one.member}")  # which may be a module

    def _give(self, module: _Module, chain: str) -> None:
        if chain == WHOLE:
            self._take_all(module)
            return
        first, _, rest = chain.partition(".")
        self._read(module, first)
        self._follow(module, first, rest)
        if first not in module.source.binders:
            self._read(module, "__getattr__")
            self._follow(module, "__getattr__", WHOLE)
        if self._enter(f"{module.name}.{first}") is not None:
            self.ask(f"{module.name}.{first}", rest)

    def _take_all(self, module: _Module) -> None:
        self._read(module, WHOLE)
        for number, statement in enumerate(module.source.statements):
            self._take(module, number)
            for one in statement.imports:
                self._use(one, ALL if one.name == ALL else WHOLE)

    def _take(self, module: _Module, number: int) -> None:
        """Reach one statement, and what its names stand for."""
        if number in module.reached:
            return
        module.reached.add(number)
        statement = module.source.statements[number]
        for one in statement.imports:
            self._run(one)
            if (one.name, one.member) == ("", ALL):
                self.ask(one.module, WHOLE)
        if statement.is_open:
            self._take_all(module)
        for name, chains in statement.reads.items():
            if name not in statement.gives:
                self._read(module, name)
            for chain in chains:
                self._follow(module, name, chain)
                for one in statement.imports:
                    if one.name == name:
                        self._use(one, chain)

    def _read(self, module: _Module, name: str) -> None:
        """Take note that what a name stands for now counts, not what its text says alone."""
        self._names.setdefault(module.name, set()).add(name)

    def _follow(self, module: _Module, name: str, chain: str) -> None:
        """Reach what binds ``name`` in ``module``, which is used under ``chain``."""
        if (module.name, name, chain) in self._followed:
            return
        self._followed.add((module.name, name, chain))
        source = module.source
        for number in source.binders.get(name, ()):
            self._take(module, number)
            for one in source.statements[number].imports:
                if one.name == name:
                    self._use(one, chain)
        for one in source.stars_behind(name):
            self.ask(one.module, f"{name}.{chain}".rstrip("."))

    def _use(self, one: Import, chain: str) -> None:
        if one.member == "":
            self.ask(one.module, chain)
        elif one.member == ALL:
            self.ask(one.module, WHOLE)
        else:
            member = f"{one.module}.{one.member}"
            if self._enter(member) is not None:
                self.ask(member, chain)
            self.ask(one.module, f"{one.member}.{chain}".rstrip("."))


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


def installed_parts(modules: Iterable[str]) -> tuple[Part, ...] | None:
    """The parts of modules (absolute dotted names) of which none is local, without reading any; None where one may be.

    What is installed imports nothing local, so that this is all that there is to tell.
    """
    found = set()
    for top in {module.partition(".")[0] for module in modules}:
        if top in HOSTS or is_python(top):
            continue
        file = _installed_place(top) if top else None
        if file is None:
            return None
        if origin_of_file(file) is Origin.THIRD_PARTY:
            found.add(module_part(top))
    return tuple(sorted(found))


def is_python(top: str) -> bool:
    """Whether an import of this top-level module gives Python's own: a file of the project may take its place."""
    if top not in sys.stdlib_module_names:
        return False
    if top in _BUILT_IN:
        return True
    if (loaded := sys.modules.get(top)) is not None:
        file = getattr(loaded, "__file__", None)
        return not isinstance(file, str) or origin_of_file(file) is not Origin.LOCAL
    return not any(_has_module(entry or os.curdir, top) for entry in sys.path)


_BUILT_IN = frozenset(sys.builtin_module_names)


def _has_module(folder: str, top: str) -> bool:
    """Whether a folder of the project has a module of that name; asked of its listing, which is kept by its stat."""
    if origin_of_file(os.path.join(folder, top)) is not Origin.LOCAL:
        return False
    try:
        changed = os.stat(folder).st_mtime_ns
        known = _listings.get(folder)
        if known is None or known[0] != changed or known[1] < changed + RACY_NANOSECONDS:
            known = _listings[folder] = changed, time.time_ns(), frozenset(os.listdir(folder))
    except OSError:  # an archive, or a folder that is not there
        return False
    return (top in known[2] or f"{top}.py" in known[2]) and _module_file(os.path.join(folder, top)) is not None


_listings: dict[str, tuple[int, int, frozenset[str]]] = {}


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
    """What the source of the module ``name`` in ``file`` says: the one in memory, else the one on disk."""
    text = loaded_text(name, file)
    return file_source(file, name) if text is None else _source_of_text(text, _package(file, name))


def file_source(file: str, name: str) -> Source:
    """What ``file`` says; read again only when its stat changed."""
    stat = os.stat(file)
    state = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
    known = _sources.get((file, name))
    if known is None or known[0] != state:
        with open(file, "rb") as stream:
            known = _sources[file, name] = (state, _source_of_text(stream.read(), _package(file, name)))
    return known[1]


def file_digest(file: str) -> str:
    """The digest of what a file of source says, comments and formatting left out; of nothing if it is gone."""
    return file_source(file, "").digest if os.path.isfile(file) else digest_fields("missing")


def forget_edited(all_of_them: bool = False) -> None:
    """Unload all local modules, to be imported anew, if one's file was edited, or what it read when imported;
    or in any case (``all_of_them``).
    """
    names = loaded_modules()
    if all_of_them or edited(names) or changed_since(names):
        for name in names:
            del sys.modules[name]


def edited(modules: Iterable[str]) -> dict[str, str]:
    """``{file: digest of its text}`` of those loaded local modules whose file says something else by now."""
    found = {}
    for name in modules:
        file = getattr(sys.modules.get(name), "__file__", None)
        text = loaded_text(name, file) if isinstance(file, str) else None
        if text is None or not isinstance(file, str) or not os.path.isfile(file):
            continue
        now = file_source(file, name).digest
        if now != _source_of_text(text, _package(file, name)).digest:
            found[file] = now
    return found


def _package(file: str, name: str) -> str:
    return name if os.path.basename(file) == "__init__.py" else name.rpartition(".")[0]


_source_of_text = lru_cache(maxsize=4096)(read_source)


@lru_cache(maxsize=4096)
def _source_of_code(code: str) -> Source:
    return read_source(code, "")

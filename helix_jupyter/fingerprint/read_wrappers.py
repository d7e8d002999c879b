"""Readers that open files in C, unseen by the audit hook: wrapped while somebody records.

Where a class does the reading its ``__init__`` is wrapped, so that functions that were imported by name
earlier are seen as well; other functions are wrapped as attributes of their modules. A module that is
imported while somebody records is wrapped right after its code ran. Everything is put back when the last
recorder leaves.
"""

from __future__ import annotations

import functools
import os
import re
import sys
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

from helix_jupyter.fingerprint.patches import Patches

# module -> names; a dot leads into a class
READERS: dict[str, tuple[str, ...]] = {
    "pyarrow.parquet.core": ("ParquetFile.__init__", "ParquetDataset.__init__"),
    "pyarrow.parquet": ("read_table", "read_pandas", "read_metadata", "read_schema"),
    "pyarrow.dataset": ("dataset", "parquet_dataset"),
    "pyarrow.csv": ("read_csv", "open_csv"),
    "pyarrow.json": ("read_json", "open_json"),
    "pyarrow.feather": ("read_table", "read_feather"),
    "pyarrow.orc": ("ORCFile.__init__", "read_table"),
    "pyarrow": ("memory_map", "input_stream"),
    "pyarrow.ipc": ("open_file", "open_stream"),
    "pandas": ("read_parquet", "read_feather", "read_orc"),
    "polars": (
        *("read_avro", "read_csv", "read_delta", "read_excel", "read_ipc", "read_ipc_stream", "read_json"),
        *("read_ndjson", "read_ods", "read_parquet", "scan_csv", "scan_delta", "scan_ipc", "scan_ndjson"),
        "scan_parquet",
    ),
    "polars.sql.context": ("SQLContext.execute",),
}
# their argument is a query, which names files: read_csv('d.csv')
_QUERIES = {"polars.sql.context"}
_FILE_IN_QUERY = re.compile(r"\b(?:read|scan)_\w+\s*\(\s*'([^']+)'", re.IGNORECASE)
Note = Callable[[Any], None]


class Wrappers:
    """Puts wrappers in place and takes them away. ``note`` is told each path that a reader is asked for."""

    def __init__(self, note: Note) -> None:
        self._note = note
        self._patches = Patches()
        self._finder = _Finder(self._wrap_module)

    def install(self) -> None:
        """Wrap the readers of all modules that are loaded, and await the others."""
        for name in READERS:
            module = sys.modules.get(name)
            if module is not None:
                self._wrap_module(module)
        sys.meta_path.insert(0, self._finder)

    def remove(self) -> None:
        """Put everything back as it was."""
        if self._finder in sys.meta_path:
            sys.meta_path.remove(self._finder)
        self._patches.remove()

    def _wrap_module(self, module: ModuleType) -> None:
        named = _files_in if module.__name__ in _QUERIES else _paths
        for owner, name in _targets(module):
            original = vars(owner).get(name)
            if callable(original) and not hasattr(original, "__helix_reads__"):
                self._patches.put(owner, name, _wrapped(original, self._note, named, int(isinstance(owner, type))))


def _targets(module: ModuleType) -> Iterator[tuple[Any, str]]:
    for target in READERS[module.__name__]:
        first, _, rest = target.partition(".")
        if rest:
            owner = vars(module).get(first)
            if isinstance(owner, type) and rest in vars(owner):
                yield owner, rest
        else:
            yield module, first


def _wrapped(
    original: Callable[..., Any], note: Note, named_by: Callable[[Any], Iterator[Any]], position: int
) -> Callable[..., Any]:
    @functools.wraps(original)
    def reader(*arguments: Any, **named: Any) -> Any:
        for source in (*arguments[position : position + 1], *(named.get(name) for name in _SOURCE_NAMES)):
            for path in named_by(source):
                note(path)
        return original(*arguments, **named)

    reader.__helix_reads__ = True  # type: ignore[attr-defined]  # marks it, so that it is wrapped once
    return reader


_SOURCE_NAMES = ("source", "path", "where", "input_file", "path_or_paths", "path_or_buf", "metadata_path", "query")


def _paths(source: Any) -> Iterator[Any]:
    if isinstance(source, str | bytes | os.PathLike):
        yield source
    elif isinstance(source, list | tuple):
        for item in source:
            yield from _paths(item)


def _files_in(query: Any) -> Iterator[str]:
    if isinstance(query, str):
        yield from _FILE_IN_QUERY.findall(query)


class _Finder:
    """Lets the other finders find a reader's module, and has it wrapped once it is loaded."""

    def __init__(self, wrap: Callable[[ModuleType], None]) -> None:
        self._wrap = wrap

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> Any:
        if fullname not in READERS:
            return None
        for finder in sys.meta_path:
            spec = None if finder is self else finder.find_spec(fullname, path, target)
            if spec is not None:
                if spec.loader is not None:
                    spec.loader = _Loader(spec.loader, self._wrap)  # type: ignore[assignment]  # a loader by its methods
                return spec
        return None


class _Loader:
    def __init__(self, loader: Any, wrap: Callable[[ModuleType], None]) -> None:
        self._loader, self._wrap = loader, wrap

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)

    def create_module(self, spec: Any) -> ModuleType | None:
        made: ModuleType | None = self._loader.create_module(spec)
        return made

    def exec_module(self, module: ModuleType) -> None:
        # the module keeps the loader that it would have had
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader
        module.__loader__ = self._loader
        self._loader.exec_module(module)
        self._wrap(module)

"""The values that fingerprinting gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from helix_jupyter.fingerprint.files import FileState

# the detail of a part that was seen while the node ran
READ = "read"


class Part(NamedTuple):
    """One labelled thing that a node depends on.

    ``kind`` is one of ``code``, ``option``, ``function``, ``class``, ``name`` (it stands for one of these, which is
    told under another), ``value``, ``module`` (third party: a version), ``setting`` (of a package, where it is not the
    default), ``source`` (a local module imported by the cell), ``helper`` and ``constant`` (a definition in it),
    ``default`` and ``attribute`` (what a function, class or instance holds by name) and ``rest`` (what else it is),
    ``input`` (another node's output), ``python``, ``unknown``. ``label`` names it in the user's words (``clean``,
    ``pandas``, ``rows``); ``detail`` is what people are shown beside it: a version, a short repr, the file that a
    helper stands in. Only ``kind``, ``label`` and ``digest`` count for equality of keys.

    A tuple, since there are many: a node has some ten, and each version records them as they are.
    """

    kind: str
    label: str
    digest: str
    detail: str = ""


@dataclass(frozen=True)
class ModuleReads:
    """What a local module turned to when it was imported: as ``reads.Seen``, files with their state of that moment.

    ``folder`` is where it stood, if it used a relative path.
    """

    files: Mapping[Path, FileState]
    looks: Mapping[tuple[Path, str], str]
    variables: Mapping[str, str | None]
    folder: Path | None


@dataclass(frozen=True)
class Imported:
    """Local modules that were imported while some code ran.

    ``chosen`` are names that were made up at run time (``import_module``, unpickling), ``stated`` those of import
    statements; ``files`` are source files that were run otherwise.
    ``reads`` holds what modules in this process read when they were imported.
    """

    chosen: tuple[str, ...] = ()
    stated: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    reads: Mapping[str, ModuleReads] = field(default_factory=dict)


@dataclass(frozen=True)
class Fingerprint:
    """A node's key and what it is made of.

    ``key`` is None when something cannot be digested; ``unknown`` then says what, one line each. Two
    fingerprints with equal keys have equal parts.
    """

    key: str | None
    parts: tuple[Part, ...]
    unknown: tuple[str, ...] = ()

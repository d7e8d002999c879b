"""From a declaration, what it captured and its inputs' identities to the node's key. Digests no values
itself.

Built as a *constructive trace* key (Mokhov, Mitchell, Peyton Jones: Build Systems a la Carte, ICFP 2018,
section 4.2.3): inputs count by the digests of their values, not by how those were made.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from helix_jupyter.fingerprint.capture import Captured
from helix_jupyter.fingerprint.framing import digest_fields, frame, hexadecimal
from helix_jupyter.fingerprint.types import Fingerprint, Part

if TYPE_CHECKING:
    from helix_jupyter.graph.declaration import Declaration

_NO_ALIASES: Mapping[str, str] = MappingProxyType({})
_VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"
_PYTHON = Part("python", "Python", digest_fields(_VERSION), _VERSION)


def fingerprint(
    declaration: Declaration,
    captured: Captured,
    imports: tuple[Part, ...],
    inputs: Mapping[str, str],
    aliases: Mapping[str, str] = _NO_ALIASES,
) -> Fingerprint:
    """The key of a node and its parts.

    Parameters
    ----------
    imports
        Further parts: modules that the cell imports, watched files, the seed that it runs under. A part given
        here takes the place of an option with the same label.
    inputs
        Name of each input and the identity digest of its value.
    aliases
        Digests that stand for others (``%helix accept``): a part's, or ``own_digest`` of all that the node is by
        itself.
    """
    parts = {
        (part.kind, part.label, part.digest): part
        for part in (*_own(declaration, imports), *captured.parts, *imports, *_inputs(inputs))
    }
    ordered = tuple(parts[key] for key in sorted(parts))
    key = None if captured.unknown else _key(ordered, aliases)
    return Fingerprint(key, ordered, captured.unknown)


def _own(declaration: Declaration, given: Iterable[Part]) -> Iterable[Part]:
    outputs = ", ".join(declaration.outputs)
    yield Part("code", "code", digest_fields(declaration.normalised))
    yield _PYTHON
    yield Part("option", "outputs", digest_fields(*declaration.outputs), outputs)
    if not any(part.kind == "option" and part.label == "seed" for part in given):
        yield Part("option", "seed", digest_fields(str(declaration.seed)), str(declaration.seed))


def _inputs(inputs: Mapping[str, str]) -> Iterable[Part]:
    return (Part("input", name, digest) for name, digest in inputs.items())


def own_digest(parts: Iterable[Part], aliases: Mapping[str, str] = _NO_ALIASES) -> str:
    """The digest of what a node is by itself: all its parts but inputs and files."""
    return _digest((part for part in parts if part.kind not in _OTHERS), aliases)


_OTHERS = frozenset({"input", "file"})


def code_digest(parts: Iterable[Part]) -> str:
    """The digest of a node's code alone: its own, that which it calls, and the values that it captured. Known before
    its inputs are, and the same on another machine."""
    return _digest((part for part in parts if part.kind not in _NO_CODE), _NO_ALIASES)


_NO_CODE = _OTHERS | {"module", "python"}


def _key(parts: tuple[Part, ...], aliases: Mapping[str, str]) -> str:
    own = own_digest(parts)
    if aliases:
        own = aliases.get(own) or own_digest(parts, aliases)
    return digest_fields(own, _digest((part for part in parts if part.kind in _OTHERS), aliases))


def _digest(parts: Iterable[Part], aliases: Mapping[str, str]) -> str:
    fields = sorted([(part.kind, part.label, aliases.get(part.digest, part.digest)) for part in parts])
    return hexadecimal(b"".join([_part_token(*field) for field in fields]))


@lru_cache(maxsize=10_000)
def _part_token(kind: str, label: str, digest: str) -> bytes:
    """Kept, since most parts are those of the plan before, and many nodes share one."""
    return frame("part", digest_fields(kind, label, digest).encode())

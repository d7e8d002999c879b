"""The key that nodes share which are equal but for the names of their outputs, variables and inputs."""

from __future__ import annotations

from collections.abc import Iterable

from helix_jupyter.cell.nameless import Nameless
from helix_jupyter.fingerprint.framing import digest_fields
from helix_jupyter.fingerprint.types import Part

# what is told by the nameless text, and the seed: only what draws nothing is shared
_BY_NAME = frozenset({"code", "option"})


def twin_key(form: Nameless, outputs: Iterable[str], parts: Iterable[Part]) -> str:
    """The key of whatever computes this: ``parts`` are those of one such node's key, whose code has this ``form``."""
    fields = sorted(
        (part.kind, form.number(part.label) if part.kind == "input" else part.label, part.digest)
        for part in parts
        if part.kind not in _BY_NAME
    )
    numbers = sorted(map(form.number, outputs))
    described = [digest_fields(*field) for field in fields]
    return digest_fields("twin", form.text, *numbers, "parts", *described)

"""Values of the notebook that are another each time they are looked at: they count as without a digest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from helix_jupyter.fingerprint.capture import Captured


class UnsteadyValues:
    """Those that were found, by name, for as long as the name stands for them."""

    def __init__(self, namespace: Mapping[str, Any]) -> None:
        self._namespace = namespace
        self._found: dict[str, object] = {}

    def note(self, names: Iterable[str]) -> None:
        """From now on what these stand for has no digest."""
        self._found |= {name: self._namespace[name] for name in names if name in self._namespace}

    def taken_out(self, captured: Captured) -> Captured:
        """``captured``, in which they are unknown."""
        names = [name for name, value in self._found.items() if captured.reached.get(name, self) is value]
        if not names:
            return captured
        parts = tuple(part for part in captured.parts if not any(_is_of(part.label, name) for name in names))
        lines = (f"captured `{name}` is another each time it is looked at" for name in names)
        return replace(captured, parts=parts, unknown=(*captured.unknown, *lines))


def _is_of(label: str, name: str) -> bool:
    return label == name or label.startswith(f"{name}.")

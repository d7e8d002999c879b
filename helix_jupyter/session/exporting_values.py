"""The notebook's constants as a plain script has them: as their text, or as a pickle.

A pickle refers by name to what the script defines itself: a class that was pickled by value would be a twin of the
script's own, for which ``isinstance`` is false and which an edit of the script does not reach.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable, Mapping
from typing import Any

from helix_jupyter.errors import HelixError, Unpicklable
from helix_jupyter.fingerprint.global_generators import pickler
from helix_jupyter.session.captures import in_order, needed_by, path_within
from helix_jupyter.store.pickling import prepare
from helix_jupyter.version.types import Capture

_LARGEST_BYTES = 100_000
_FORMS = ("literal", "source", "artifact", "absent")
_READING = '''def _unpickled(text):
    """The value that is written in ``text``; what it holds of this script's classes and values is the script's own."""
    import base64
    import io
    import pickle

    class Unpickler(pickle.Unpickler):
        def persistent_load(self, path):
            name, *attributes = path.split(".")
            found = globals()[name]
            for attribute in attributes:
                found = getattr(found, attribute)
            return found

    return Unpickler(io.BytesIO(base64.b64decode(text))).load()
'''


def definitions(captures: Mapping[str, Capture], namespace: Mapping[str, Any]) -> list[str]:
    """Statements that define all of ``captures`` but imports, each behind what it needs.

    Raises
    ------
    HelixError
        One of them cannot be written into a script.
    """
    # definitions first: what a value runs when it is unpickled is there then
    defined = sorted((one for one in captures.values() if one.form in _FORMS), key=lambda one: _FORMS.index(one.form))
    can_be_named = [one.name for one in defined if not _is_short(one, namespace)]

    def needed(capture: Capture) -> Iterable[str]:
        if capture.form in ("literal", "source"):
            return needed_by(capture)
        others = [name for name in can_be_named if name != capture.name]
        return _pickle(capture.name, namespace, others)[1]

    ordered = in_order({one.name: one for one in defined}, needed)
    blocks = []
    for place, capture in enumerate(ordered):
        if capture.form == "literal":
            blocks.append(f"{capture.name} = {capture.text}")
        elif capture.form == "source":
            blocks.append(capture.text.rstrip() + "\n")
        else:
            above = [one.name for one in ordered[:place] if one.name in can_be_named]
            text = base64.b64encode(_pickle(capture.name, namespace, above)[0]).decode()
            blocks.append(f"{capture.name} = _unpickled({text!r})")
    return [_READING, *blocks] if any(one.form in ("artifact", "absent") for one in ordered) else blocks


def _is_short(capture: Capture, namespace: Mapping[str, Any]) -> bool:
    """Whether it is a number or text: equal ones may be one object by chance."""
    return capture.form == "literal" and type(namespace[capture.name]) not in (list, dict, set)


def _pickle(name: str, namespace: Mapping[str, Any], others: Iterable[str]) -> tuple[bytes, list[str]]:
    """The value as a pickle that refers to ``others`` by name, and those of them that it refers to."""
    value = namespace[name]
    try:
        prepared = prepare(value)
    except Unpicklable as problem:
        raise HelixError(f"'{name}' cannot be written into a script: {problem}. Make it a node.") from problem
    if prepared.bytes > _LARGEST_BYTES:
        raise HelixError(f"'{name}' ({prepared.bytes} bytes) is too large for a script. Make it a node.")
    met: dict[str, None] = {}
    values = {other: namespace[other] for other in others}
    names = {id(value): other for other, value in values.items()}

    class Pickler(pickler()):  # type: ignore[misc]  # made when it is first needed
        def persistent_id(self, obj: Any) -> str | None:
            path = names.get(id(obj)) or path_within(values, obj)
            if path is not None:
                met[path.partition(".")[0]] = None
            return path

    file = io.BytesIO()
    Pickler(file).dump(value)
    return file.getvalue(), list(met)

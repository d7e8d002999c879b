"""Why a node of one version differs from the node of the same name in another, in words.

Reads two records; looks neither at values nor at the store.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from helix_jupyter.fingerprint.explain import Values, explain
from helix_jupyter.fingerprint.types import READ, Fingerprint, Part
from helix_jupyter.version.types import Capture, NodeRecord

# they say how a metric is to be read, and change no value
_SAID_OF_METRICS = frozenset({"lower", "higher"})


def own_reasons(before: NodeRecord, after: NodeRecord, values: Values) -> tuple[str, ...]:
    """What was changed at the node itself, most specific first; empty if nothing was.

    ``values``: captured values before and after, see ``explain``.
    """
    return (*_code(before, after), *_options(before, after), *_parts(before, after, values))


def recorded_literals(before: Mapping[str, Capture], after: Mapping[str, Capture]) -> Values:
    """Finds captured values that two versions have as text."""

    def values(kind: str, label: str) -> tuple[object, object] | None:
        pair = before.get(label), after.get(label)
        if kind != "value" or any(capture is None or capture.form != "literal" for capture in pair):
            return None
        was, became = (ast.literal_eval(capture.text) for capture in pair if capture is not None)
        return was, became

    return values


def input_reasons(
    before: NodeRecord,
    after: NodeRecord,
    old: Mapping[str, NodeRecord],
    new: Mapping[str, NodeRecord],
    edited: set[str],
) -> tuple[str, ...]:
    """What changed in what the node reads, input by input: an equal digest is no reason, whatever became of the node
    that gave it.

    Parameters
    ----------
    old, new
        All nodes of the two versions.
    edited
        Nodes that were edited, added or removed, or stand below such a node.
    """
    reasons = []
    for name, parent in after.inputs.items():
        given = f"`{name}`" if name == parent else f"`{name}` of `{parent}`"
        differs = output_differs(old.get(parent), new.get(parent), name)
        if before.inputs.get(name) != parent:
            reasons.append(f"reads {given} now")
        elif differs:
            reasons.append(f"{given} has another value")
        elif differs is None and parent in edited:
            reasons.append(f"{given} comes from edited code")
    return (*reasons, *(f"no longer reads `{name}`" for name in before.inputs if name not in after.inputs))


def output_differs(before: NodeRecord | None, after: NodeRecord | None, name: str) -> bool | None:
    """Whether an output has another digest; None where a version has none of it."""
    old, new = _digest(before, name), _digest(after, name)
    return old != new if old and new else None


def _digest(record: NodeRecord | None, name: str) -> str:
    outputs = record.outputs if record else ()
    return next((output.digest for output in outputs if output.name == name), "")


def own_parts(record: NodeRecord) -> tuple[Part, ...]:
    """The parts that are the node's own: all but code and options (compared as text) and other nodes' outputs."""
    return tuple(part for part in record.parts if part.kind not in ("code", "option", "input"))


def _code(before: NodeRecord, after: NodeRecord) -> Iterator[str]:
    if before.normalised != after.normalised:
        yield "code edited"


def _options(before: NodeRecord, after: NodeRecord) -> Iterator[str]:
    names = [output.name for output in before.outputs], [output.name for output in after.outputs]
    if all(names) and names[0] != names[1]:  # a node that never ran has none on record
        yield f"outputs {', '.join(names[0])} -> {', '.join(names[1])}"
    for name in dict.fromkeys((*before.options, *after.options)):
        if name in _SAID_OF_METRICS:
            continue
        old, new = before.options.get(name), after.options.get(name)
        if old != new:
            yield f"option {name}: {_shown(old)} -> {_shown(new)}"


def _shown(value: object) -> str:
    return "none" if value is None else repr(value)


def _parts(before: NodeRecord, after: NodeRecord, values: Values) -> tuple[str, ...]:
    old, new = own_parts(before), own_parts(after)
    if not (before.outputs and after.outputs):  # what a node turns to is known once it has run
        old, new = (tuple(part for part in parts if part.detail != READ) for parts in (old, new))
        # and so are the packages of its inputs' types
        both = {part.label for part in old if part.kind == "module"} & {p.label for p in new if p.kind == "module"}
        old, new = (tuple(p for p in parts if p.kind != "module" or p.label in both) for parts in (old, new))
    return explain(old, Fingerprint(after.key, new), None, "", values=values)

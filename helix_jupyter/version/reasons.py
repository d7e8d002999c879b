"""Why a node of one version differs from the node of the same name in another, in words.

Reads two records; looks neither at values nor at the store.
"""

from __future__ import annotations

from collections.abc import Iterator

from helix_jupyter.version.types import NodeRecord, PartRecord

_WORDS = {
    "function": "function '{}'",
    "class": "class '{}'",
    "value": "captured '{}'",
    "module": "{}",
    "source": "module '{}'",
    "file": "file '{}'",
    "input": "input '{}'",
    "python": "Python",
}


def own_reasons(before: NodeRecord, after: NodeRecord) -> tuple[str, ...]:
    """What was changed at the node itself, most specific first; empty if nothing was."""
    return (*_code(before, after), *_options(before, after), *_parts(before, after))


def input_reasons(before: NodeRecord, after: NodeRecord, altered: set[str], edited: set[str]) -> tuple[str, ...]:
    """What changed in what the node reads.

    Parameters
    ----------
    altered
        Nodes that gave other values than before.
    edited
        Nodes that were edited, added or removed, or stand below such a node.
    """
    reasons = []
    for name, parent in after.inputs.items():
        given = f"'{name}'" if name == parent else f"'{name}' of '{parent}'"
        if before.inputs.get(name) != parent:
            reasons.append(f"reads {given} now")
        elif parent in altered:
            reasons.append(f"{given} has another value")
        elif parent in edited:
            reasons.append(f"{given} comes from edited code")
    return (*reasons, *(f"no longer reads '{name}'" for name in before.inputs if name not in after.inputs))


def own_parts(record: NodeRecord) -> dict[tuple[str, str], PartRecord]:
    """The parts that are the node's own: all but code and options (compared as text) and other nodes'
    outputs."""
    return {(p.kind, p.label): p for p in record.parts if p.kind not in ("code", "option", "input")}


def _code(before: NodeRecord, after: NodeRecord) -> Iterator[str]:
    if before.normalised != after.normalised:
        yield "code edited"


def _options(before: NodeRecord, after: NodeRecord) -> Iterator[str]:
    names = [output.name for output in before.outputs], [output.name for output in after.outputs]
    if names[0] != names[1]:
        yield f"outputs {', '.join(names[0])} -> {', '.join(names[1])}"
    for name in dict.fromkeys((*before.options, *after.options)):
        old, new = before.options.get(name), after.options.get(name)
        if old != new:
            yield f"option {name}: {_shown(old)} -> {_shown(new)}"


def _shown(value: object) -> str:
    return "none" if value is None else repr(value)


def _parts(before: NodeRecord, after: NodeRecord) -> Iterator[str]:
    old, new = own_parts(before), own_parts(after)
    for place in dict.fromkeys((*old, *new)):
        kind, label = place
        words = _WORDS.get(kind, "'{}'").format(label)
        if place not in new:
            yield f"{words} no longer used"
        elif place not in old:
            yield f"{words} used now"
        elif old[place].digest != new[place].digest:
            yield f"{words} changed{_details(old[place].detail, new[place].detail)}"


def _details(before: str, after: str) -> str:
    return f": {before} -> {after}" if before != after else ""

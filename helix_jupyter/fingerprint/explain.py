"""Why two fingerprints differ, in a user's words, most specific first. Compares parts; digests nothing."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from helix_jupyter.fingerprint.excerpts import excerpts, one_line
from helix_jupyter.fingerprint.types import Fingerprint, Part
from helix_jupyter.fingerprint.versions import distribution_of

if TYPE_CHECKING:
    from helix_jupyter.cell.types import LiteralChange

NEVER = "never run before"
# the more a line tells a user where to look, the earlier it stands
_ORDER = (
    *("default", "attribute", "function", "class", "name", "value", "helper", "constant", "source"),
    *("file", "setting", "module", "option", "input", "python"),
)


Values = Callable[[str, str], "tuple[Any, Any] | None"]
"""Gives, by a part's kind and label, the value as it was and as it is; None where one of them is not at hand."""


def explain(
    before: Sequence[Part] | None,
    after: Fingerprint,
    code_before: str | None,
    code_after: str,
    offset: int = 0,
    values: Values = lambda kind, label: None,
) -> tuple[str, ...]:
    """Every difference as one line.

    Parameters
    ----------
    before
        The parts of the earlier fingerprint, None if there is none.
    code_before, code_after
        Code of the node, for naming the lines that changed.
    offset
        Lines of the cell above the code (the magic line): people count the cell's own lines.
    values
        Captured values before and after, so that their elements can be told; asked only of those that changed. Short
        ones need none: the parts have their text.
    """
    if before is None:
        return (NEVER, *after.unknown)
    lines = list(_code_lines(code_before, code_after, offset))
    old, new = _by_place(before), _by_place(after.parts)
    if not lines and old.get(("code", "code")) != new.get(("code", "code")):
        lines.append("its code changed")
    if old.get(("option", "outputs")) != new.get(("option", "outputs")):
        new[_SEED] = old.get(_SEED, {})  # the seed follows from the outputs' names
    places = sorted((place for place in old.keys() | new.keys() if place[0] in _ORDER), key=_rank)
    named, by_fields = set[str](), set[str]()
    reached: list[str] = []
    for place in places:
        kind, label = place
        told = list(_differences(place, old.get(place, {}), new.get(place, {}), values))
        if kind in _FIELDS and told:
            owner = "rest", label.rpartition(".")[0]
            if owner not in old or owner not in new:
                continue
            if old[owner].keys() == new[owner].keys():
                by_fields.add(owner[1])
        if kind in _WHOLES and label in by_fields:
            continue
        if place[0] in _NAMED and told:
            named.add(place[1].rpartition(".")[0])
        if kind in _REACHED and (place not in old or place not in new):
            reached += told
        elif place[0] != "source" or place[1] not in named:
            lines += told
    return tuple(dict.fromkeys([*lines, *reached, *after.unknown]))


# what code and instances hold by name: where nothing else of them is another, nobody needs to hear that they are
_FIELDS = frozenset({"default", "attribute"})
_VALUES = frozenset({"value", *_FIELDS})
_WHOLES = frozenset({"function", "class", "value"})
# what code reaches by name: that it reaches another follows from an edit, which stands before it
_REACHED = frozenset({*_WHOLES, "name"})
# definitions in a module: where they say what changed, nobody needs to hear that the module did
_NAMED = frozenset({"helper", "constant"})


def _rank(place: tuple[str, str]) -> tuple[int, str]:
    return _ORDER.index(place[0]), place[1]


_SEED = ("option", "seed")


def _by_place(parts: Sequence[Part]) -> dict[tuple[str, str], dict[str, str]]:
    """Digest -> detail of all parts of one kind and label."""
    places: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for part in parts:
        places[part.kind, part.label][part.digest] = part.detail
    return places


def _differences(place: tuple[str, str], old: dict[str, str], new: dict[str, str], values: Values) -> Iterator[str]:
    if old.keys() == new.keys():
        return
    kind, label = place
    before = ", ".join(detail for digest, detail in old.items() if digest not in new)
    after = ", ".join(detail for digest, detail in new.items() if digest not in old)
    if kind in _NAMED and not (old and new):
        return
    if kind in _FIELDS and not (old and new):
        yield f"{_field(kind, label)} {'went' if old else f'is new: {after}'}"
    elif not old:
        yield _appeared(kind, label, after)
    elif not new:
        yield _vanished(kind, label)
    elif inside := _inside(kind, label, before, after, values):
        yield from inside
    else:
        yield _CHANGED[kind](label, before, after)


def _appeared(kind: str, label: str, detail: str) -> str:
    if kind == "module":
        return f"it now uses {distribution_of(label)} {detail}".rstrip()
    if kind == "setting":
        return f"{label} changed" + (f" to {detail}" if detail else "")
    if kind == "option":
        return f"{label} is now {detail}"
    return f"it now reads `{label}`"


def _vanished(kind: str, label: str) -> str:
    if kind == "setting":
        return f"{label} changed back to its default"
    return f"it no longer uses {distribution_of(label)}" if kind == "module" else f"it no longer reads `{label}`"


def _arrow(label: str, before: str, after: str) -> str:
    if before and after:
        before, after = excerpts(before, after)
    return f"{label} changed: {before} -> {after}" if before != after and before and after else f"{label} changed"


def _field(kind: str, label: str, path: str = "") -> str:
    """How people are told of what code or an instance holds by name, or of the element that ``path`` leads to."""
    owner, _, name = label.rpartition(".")
    return f"default of parameter `{name}{path}` of `{owner}`" if kind == "default" else f"attribute `{label}{path}`"


def _value(kind: str, label: str, path: str) -> str:
    return _field(kind, label, path) if kind in _FIELDS else f"`{label}{path}`"


def _inside(kind: str, label: str, before: str, after: str, values: Values) -> list[str]:
    """What of a value is another, where that can be told."""
    pair = (values(kind, label) or _written_out(before, after)) if kind in _VALUES else None
    if pair is None:
        return []
    from helix_jupyter.fingerprint.elements import element_changes

    return [f"{_value(kind, label, path)}{what}" for path, what in element_changes(*pair)]


def _written_out(before: str, after: str) -> tuple[Any, Any] | None:
    """Two values whose text is all of them."""
    try:
        return ast.literal_eval(before), ast.literal_eval(after)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):  # cut, or no literal
        return None


def _helper(label: str, before: str, after: str) -> str:
    # a name that was bound to other code altogether
    was, became = _CALLER.sub("", before), _CALLER.sub("", after)
    if was != became and was and became:
        return f"`{label}` changed: {was} -> {became}"
    return _definition("helper", label, after)


def _class(label: str, before: str, after: str) -> str:
    return _definition("class", label, after)


# who calls a helper that the cell itself does not name
_CALLER = re.compile(r"(?:^|, )(called by `[^`]*`)$")


def _definition(kind: str, label: str, detail: str) -> str:
    """``helper `deep` changed in utils.py (called by `clean`)``."""
    called = _CALLER.search(detail)
    file = _CALLER.sub("", detail)
    is_file = file.endswith(".py")
    stem = file.removesuffix(".py") if is_file else ""
    name = label.partition(f"{stem}.")[2] if stem and f"{stem}." in label else label
    where = f" in {file}" if is_file else ""
    return f"{kind} `{name}` changed{where}" + (f" ({called[1]})" if called else "")


def _module(label: str, before: str, after: str) -> str:
    name = distribution_of(label)
    return f"{name} {before} -> {after}" if before and after else f"{name} changed"


_CHANGED: dict[str, Callable[[str, str, str], str]] = {
    "default": lambda label, before, after: _arrow(_field("default", label), before, after),
    "attribute": lambda label, before, after: _arrow(_field("attribute", label), before, after),
    "function": _helper,
    "class": _class,
    "name": lambda label, before, after: _arrow(f"`{label}`", before, after),
    "value": lambda label, before, after: _arrow(f"`{label}`", before, after),
    "helper": lambda label, _, after: _definition("helper", label, after),
    "constant": lambda label, _, after: _definition("constant", label, after),
    "source": lambda label, _, after: f"module `{label}` changed" + (f" ({after})" if after else ""),
    "file": lambda label, _, __: f"{label} changed",
    "setting": lambda label, before, after: _arrow(label, before, after),
    "module": _module,
    "option": lambda label, before, after: _arrow(label, before, after),
    "input": lambda label, _, __: f"input `{label}` changed",
    "python": lambda label, before, after: f"{label} {before} -> {after}",
}


def _code_lines(before: str | None, after: str, offset: int) -> Iterator[str]:
    if before is None or before == after:
        return
    from helix_jupyter.cell.literals import changed_statements

    for place, old, new in changed_statements(before, after):
        line = "a line" if place is None else f"line {place + offset}"
        if old is None:
            yield f"{line} added: {one_line(new)}"
        elif new is None:
            yield f"{line} removed: {one_line(old)}"
        else:
            yield f"{line} changed: {_what_changed(old, new)}"


# the head of a compound statement is no code by itself
_AROUND = ("{}", "{} pass", "if x: pass\n{} pass", "try: pass\n{} pass", "match x:\n {} pass", "{}\ndef f(): pass")


def _literals(old: str, new: str) -> Sequence[LiteralChange]:
    """The literals that changed where nothing else did, else none."""
    from helix_jupyter.cell.literals import changed_literals

    for around in _AROUND:
        try:
            return changed_literals(around.format(old), around.format(new)) or ()
        except SyntaxError:
            continue
    return ()


def _what_changed(old: str, new: str) -> str:
    """The literals that changed, where nothing else did; else the two texts, cut to where they differ."""
    changes = _literals(old, new)
    # within an expression (q = p + 1) the label alone would read as an assignment that nobody wrote
    if changes and all(f"{one.label}={one.before!r}" in old.replace(" = ", "=") for one in changes):
        return ", ".join(_turned(f"{one.label}={one.before!r}", f"{one.label}={one.after!r}") for one in changes)
    return _turned(old, new)


def _turned(old: str, new: str) -> str:
    return "{} -> {}".format(*excerpts(old, new))

"""Why a node is in its state, in a user's words. Pure."""

from __future__ import annotations

import math
import re

from helix_jupyter.plan.types import Fact, Place
from helix_jupyter.units import format_bytes, format_duration


def computes(fact: Fact, *, forced: bool, needed_by: str | None) -> str:
    """Why a node is computed; ``needed_by`` is the first computed child, None where the node is a target."""
    if forced:
        return "forced"
    if not fact.must_compute and fact.load_seconds < math.inf:
        seconds, instead = format_duration(fact.compute_seconds), format_duration(fact.load_seconds)
        return f"cheaper to compute ({seconds}) than to load ({instead})"
    if fact.reason:
        return fact.reason
    what = "may not be loaded" if fact.must_compute else "not stored"
    return f"{what}, and `{needed_by}` needs it" if needed_by else what


def loads(fact: Fact, *, needed_by: str | None) -> str:
    """Why a node is loaded, and where from."""
    where = f"stored ({format_bytes(fact.bytes)})" if fact.place is Place.STORE else "in memory"
    known = f"{fact.reason}; that value is {where}" if fact.reason else f"unchanged, {where}"
    noted = f"{known}; it {fact.note}" if fact.note else known
    return f"{noted}; `{needed_by}` needs it" if needed_by else noted


def prunes(fact: Fact | None, *, in_slice: bool) -> str:
    """Why a node is left alone."""
    if not in_slice or fact is None:
        return "no target needs it"
    changed = fact.must_compute or fact.reason
    return "nothing that runs needs it" if changed else "unchanged, and nothing that runs needs it"


def past(reason: str) -> str:
    """A reason of the coming run as one of a run that is over: ``needs it`` is ``needed it``. Names stay."""
    waited = _WAITS.fullmatch(reason)
    if waited:
        was = "were" if waited["many"] else "was"
        return f"its input{waited['many']} {waited['names']} {was} made anew{waited['because']}"
    # names stand between backticks: at the odd places
    pieces = reason.split("`")
    return "`".join(piece if place % 2 else _in_the_past(piece) for place, piece in enumerate(pieces))


_WAITS = re.compile(r"its input(?P<many>s?) (?P<names>`.+`) will be made anew(?P<because>.*)")
_PAST = {
    "nothing that runs needs it": "nothing that ran needed it",
    "needs it": "needed it",
    "that value is": "that value was",
    "may not be loaded": "could not be loaded",
    "cheaper to compute": "it was cheaper to compute",
}


def _in_the_past(text: str) -> str:
    for now, then in _PAST.items():
        text = text.replace(now, then)
    return text

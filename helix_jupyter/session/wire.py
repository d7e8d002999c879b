"""What goes over the comm between a kernel and a front end with the extension; ``labextension/src/lab/wire.ts`` is the
other end. Reads messages strictly, knows no comm.

A page opens a comm with ``{protocol}`` and asks ``{ask, id, ...}``. The kernel says ``{hello: {protocol, package}}``
first, and then ``{show: {part: JSON}}`` (the parts of a ``session.panel_pane`` that are others than before),
``{event, ...}`` (``view.live``), ``{answer: id, data}`` or ``{answer: id, problem}``.

``PROTOCOL`` counts up when a message changes its meaning or goes; a new one does not count.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import version
from typing import Any, TypeGuard

from helix_jupyter.errors import MalformedMessage

PROTOCOL = 1
TARGET = "helix_jupyter"


def hello() -> Mapping[str, Any]:
    """What the kernel says first, to whoever asks and to all when the extension is loaded."""
    return {"hello": {"protocol": PROTOCOL, "package": version("helix-jupyter")}}


def read_greeting(data: object) -> int:
    """The protocol that a page speaks.

    Raises
    ------
    MalformedMessage
    """
    protocol = _mapping(data).get("protocol")
    if not _is_count(protocol):
        raise MalformedMessage(f"protocol is {protocol!r:.40}, no number")
    return protocol


def read_question(data: object) -> Mapping[str, Any]:
    """A question: ``ask`` is its name, ``id`` its number; the rest is for whoever answers.

    Raises
    ------
    MalformedMessage
    """
    message = _mapping(data)
    number, name = message.get("id"), message.get("ask")
    if not _is_count(number):
        raise MalformedMessage(f"id is {number!r:.40}, no number")
    if not isinstance(name, str) or not name:
        raise MalformedMessage(f"ask is {name!r:.40}, no name of a question", number)
    return message


def _mapping(data: object) -> Mapping[str, Any]:
    if not isinstance(data, Mapping):
        raise MalformedMessage(f"it is {type(data).__name__}, no object")
    return data


def _is_count(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0

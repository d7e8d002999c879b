"""Values that have no content to digest, each refused in words. Gives nothing."""

from __future__ import annotations

from typing import Any, NoReturn

from helix_jupyter.errors import Undigestable


def _refuse(value: object, reason: str) -> NoReturn:
    kind = type(value)
    prefix = "" if kind.__module__ == "builtins" else f"{kind.__module__}."
    raise Undigestable("", f"{prefix}{kind.__qualname__}: {reason}")


def refuse_generator(value: Any) -> NoReturn:
    _refuse(value, "a generator gives its items once only; make it a list")


def refuse_coroutine(value: Any) -> NoReturn:
    _refuse(value, "a coroutine runs once only; await it")


def refuse_frame(value: Any) -> NoReturn:
    _refuse(value, "a frame of running code has no lasting content; keep what you need from it")


def refuse_file(value: Any) -> NoReturn:
    _refuse(value, "an open file has no content of its own; keep its path")


def refuse_lock(value: Any) -> NoReturn:
    _refuse(value, "a lock belongs to this process; make it where it is used")


def refuse_thread(value: Any) -> NoReturn:
    _refuse(value, "a thread's state belongs to this process; make it where it is used")


def refuse_connection(value: Any) -> NoReturn:
    _refuse(value, "a live connection cannot be compared; open it inside the node")


def refuse_process(value: Any) -> NoReturn:
    _refuse(value, "a running process or pool cannot be compared; start it inside the node")


def refuse_drawing(value: Any) -> NoReturn:
    _refuse(value, "a drawing's state changes whenever it is looked at; keep the data that it shows")


def refuse_weak(value: Any) -> NoReturn:
    _refuse(value, "a weak reference has no content of its own; keep the object")


def refuse_dataset(value: Any) -> NoReturn:
    _refuse(value, "it reads its files when it is used; keep their path, or the table")

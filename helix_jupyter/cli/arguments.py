"""What several commands take, from text; what does not fit is told beside the command's usage."""

from __future__ import annotations

import argparse

from helix_jupyter.errors import HelixError
from helix_jupyter.units import parse_duration


def duration(text: str) -> float:
    """Seconds, of ``60s``, ``2m`` or a number."""
    try:
        return parse_duration(text)
    except HelixError as problem:
        raise argparse.ArgumentTypeError(str(problem)) from problem


def which(text: str) -> int | str:
    """A version: its number, or a tag, which is never a number."""
    return int(text) if text.isdecimal() else text

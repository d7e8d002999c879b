"""Seconds, bytes and numbers as people write and read them. Touches nothing."""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from typing import Any

from helix_jupyter.errors import ConfigError, UnknownOption

_SECONDS = {"ms": 1e-3, "s": 1.0, "sec": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0, "d": 86400.0}
_DURATION = re.compile(r"(\d+\.?\d*|\.\d+)\s*([a-z]+)\s*", re.IGNORECASE)

_BYTES = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12, "p": 10**15}
_BINARY = {"": 1, "k": 2**10, "m": 2**20, "g": 2**30, "t": 2**40, "p": 2**50}
_DECIMAL = [(1e3, "kB"), (1e6, "MB"), (1e9, "GB"), (1e12, "TB"), (1e15, "PB")]
_ENDS = [999.95 * unit for unit, _ in _DECIMAL[:-1]]  # from where on the next unit is written
_SIZE = re.compile(r"\s*(\d[\d_]*\.?\d*|\.\d+)\s*([kmgtp]?)(i?)b?\s*", re.IGNORECASE)


def parse_duration(text: str) -> float:
    """Seconds of ``"60s"``, ``"2m"``, ``"1h30m"``, ``"250ms"``, ``"2 min 5 s"`` or a plain number of seconds.

    Raises
    ------
    UnknownOption
        It is no duration.
    """
    text = text.strip()
    if re.fullmatch(r"\d+\.?\d*|\.\d+", text):
        return float(text)
    parts = _DURATION.findall(text)
    if not parts or _DURATION.sub("", text) or any(unit.lower() not in _SECONDS for _, unit in parts):
        raise UnknownOption(f"'{text}' is no duration. Write it as 60s, 2m, 1h30m or a number of seconds.")
    return sum(float(number) * _SECONDS[unit.lower()] for number, unit in parts)


def format_duration(seconds: float) -> str:
    """``0.4 ms``, ``0.02 s``, ``3.2 s``, ``2 min 5 s``, ``1 h 30 min``, ``2 d 3 h``."""
    if not math.isfinite(seconds):
        return "unknown"
    if seconds < 0.00005:
        return "0 s"
    if seconds < 0.00995:
        return f"{seconds * 1000:.1f} ms"
    if seconds < 0.995:
        return f"{seconds:.2f} s"
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    return _two_units(round(seconds))


def format_range(low: float, high: float) -> str:
    """``1.8-2.6`` where one unit stands for both as ``format_duration`` writes them, else ``52 s-1 min 8 s``; empty
    where they are written alike."""
    first, last = format_duration(low), format_duration(high)
    if first == last:
        return ""
    number, _, unit = first.partition(" ")
    return f"{number}-{last.partition(' ')[0]}" if last.partition(" ")[2] == unit and unit else f"{first}-{last}"


def _two_units(seconds: int) -> str:
    for large, small, name, rest_name in (
        (86400, 3600, "d", "h"),
        (3600, 60, "h", "min"),
        (60, 1, "min", "s"),
    ):
        # rounded to the smaller unit first, so that 3599 min 59 s do not become 59 h 60 min
        count, rest = divmod(round(seconds / small), large // small)
        if count:
            return f"{count} {name} {rest} {rest_name}" if rest else f"{count} {name}"
    return f"{seconds} s"


def parse_share(value: str | float) -> float:
    """A share above 0 and up to 1: ``"10%"``, ``"0.1"`` or a number.

    Raises
    ------
    UnknownOption
        It is no share.
    """
    text = str(value).strip()
    try:
        share = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        share = math.nan
    if isinstance(value, bool) or not 0 < share <= 1:
        raise UnknownOption(f"'{text}' is no share. Write it as 0.1 or 10%: above 0, at most 1.")
    return share


def parse_bytes(text: str) -> int:
    """Bytes of ``"2GB"``, ``"1.5G"``, ``"1GiB"`` or a plain number; ``kB`` is 1,000 and ``KiB`` 1,024.

    Raises
    ------
    ConfigError
        It is no size.
    """
    match = _SIZE.fullmatch(text)
    if not match or (match[3] and not match[2]):
        raise ConfigError(f"'{text}' is no size. Write it as 500MB, 2GB, 1GiB or a number of bytes.")
    unit = (_BINARY if match[3] else _BYTES)[match[2].lower()]
    number = match[1].replace("_", "")
    # whole numbers never pass through a float
    return int(number) * unit if number.isdigit() else round(float(number) * unit)


def format_bytes(size: int) -> str:
    """``512 B``, ``1.5 kB``, ``12.3 MB``, ``2 GB``; decimal units."""
    if size < 1000:
        return f"{size} B"
    # by value as shown, so that 999,960 is 1 MB and not 1000 kB
    unit, name = _DECIMAL[bisect_right(_ENDS, size)]
    return f"{size / unit:.1f}".removesuffix(".0") + f" {name}"


def plain_scalar(value: Any) -> Any:
    """A scalar of NumPy as what it reads as in Python (a float64 is a float); anything else as it is."""
    return value.item() if type(value).__module__ == "numpy" and getattr(value, "shape", None) == () else value

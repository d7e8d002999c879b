"""Seconds and bytes as people write them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helix_jupyter.errors import ConfigError, UnknownOption
from helix_jupyter.units import format_bytes, format_duration, format_range, parse_bytes, parse_duration


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("60s", 60),
        ("2m", 120),
        ("1h30m", 5400),
        ("1.5", 1.5),
        (" 250ms ", 0.25),
        ("2 min 5 s", 125),
        ("1D", 86400),
        ("0", 0),
        (".5h", 1800),
    ],
)
def test_parse_duration(text, seconds):
    assert parse_duration(text) == pytest.approx(seconds)


@pytest.mark.parametrize("text", ["", "s", "-5s", "5 parsecs", "1h x", "1h30", "nan", "1..5", "5s!"])
def test_no_duration(text):
    with pytest.raises(UnknownOption, match="is no duration"):
        parse_duration(text)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (0.0004, "0.4 ms"),
        (0.02, "0.02 s"),
        (0.4, "0.40 s"),
        (0.999, "1.0 s"),
        (3.2, "3.2 s"),
        (59.94, "59.9 s"),
        (59.96, "1 min"),
        (125, "2 min 5 s"),
        (3599.8, "1 h"),
        (5400, "1 h 30 min"),
        (86399, "1 d"),
        (2 * 86400 + 3 * 3600, "2 d 3 h"),
        (math.inf, "unknown"),
    ],
)
def test_format_duration(seconds, text):
    assert format_duration(seconds) == text


@given(st.floats(0.001, 1e7))
def test_durations_read_back_nearly(seconds):
    assert parse_duration(format_duration(seconds)) == pytest.approx(seconds, rel=0.26)


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("2GB", 2 * 10**9),
        ("500 MB", 5 * 10**8),
        ("1.5g", 15 * 10**8),
        ("1GiB", 2**30),
        ("1KiB", 1024),
        ("10kB", 10_000),
        ("0", 0),
        ("1_000", 1000),
        (" 7 B ", 7),
        ("9007199254740993", 9007199254740993),
    ],
)
def test_parse_bytes(text, size):
    assert parse_bytes(text) == size


@pytest.mark.parametrize("text", ["", "GB", "-1GB", "2 GBs", "1iB", "lots", "1e9", "1,5GB"])
def test_no_size(text):
    with pytest.raises(ConfigError, match="is no size"):
        parse_bytes(text)


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1500, "1.5 kB"),
        (999_960, "1 MB"),
        (12_300_000, "12.3 MB"),
        (2 * 10**9, "2 GB"),
        (10**19, "10000 PB"),
    ],
)
def test_format_bytes(size, text):
    assert format_bytes(size) == text


@given(st.integers(0, 10**20))
def test_sizes_read_back_nearly(size):
    assert parse_bytes(format_bytes(size)) == pytest.approx(size, rel=0.05)


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (1.8, 2.6, "1.8-2.6"),
        (0.5, 2.6, "0.50-2.6"),
        (0.005, 0.02, "5.0 ms-0.02 s"),
        (52, 68, "52.0 s-1 min 8 s"),
        (62, 75, "1 min 2 s-1 min 15 s"),
        (120, 240, "2-4"),
        (2.0, 2.01, ""),
        (0, 0, ""),
    ],
)
def test_format_range(low, high, text):
    assert format_range(low, high) == text

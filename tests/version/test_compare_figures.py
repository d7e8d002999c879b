"""What nodes showed as pictures, paired and compared by digest."""

from __future__ import annotations

import base64

import pytest

from helix_jupyter.version.compare_figures import compare_figures, pictures


def png(content: str) -> dict[str, str]:
    return {"image/png": base64.b64encode(content.encode()).decode(), "text/plain": "<Figure>"}


def pairs(before: str, after: str) -> list[tuple[str, str]]:
    old, new = (pictures(png(one) for one in side) for side in (before, after))
    return [
        tuple(base64.b64decode(one.data).decode() if one else "" for one in (pair.before, pair.after))
        for pair in compare_figures(old, new)
    ]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param("ab", "ab", [], id="equal"),
        pytest.param("ab", "ac", [("b", "c")], id="changed"),
        pytest.param("ab", "axb", [("", "x")], id="added"),
        pytest.param("axb", "ab", [("x", "")], id="removed"),
        pytest.param("", "a", [("", "a")], id="first"),
        pytest.param("abc", "xyc", [("a", "x"), ("b", "y")], id="two"),
    ],
)
def test_pictures_are_paired(before: str, after: str, expected: list[tuple[str, str]]) -> None:
    assert pairs(before, after) == expected


def test_displays_without_a_picture_do_not_count() -> None:
    assert pictures([{"text/plain": "x"}, {"image/svg+xml": ["<svg>", "</svg>"]}])[0].data == "<svg></svg>"
    assert pictures([{"image/png": b"\x89PNG"}])[0].data == "iVBORw=="


def test_50_pictures_are_compared_by_digest() -> None:
    """nbdime#396: fifty pictures, one of them another; no pixel is looked at."""
    before = pictures(png(f"{number}" * 100_000) for number in range(50))
    after = pictures(png(f"{number if number != 7 else 'x'}" * 100_000) for number in range(50))
    (found,) = compare_figures(before, after)
    assert (found.before, found.after) == (before[7], after[7])

"""What notebooks show: the facts are there as words, with and without a style sheet."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest

from helix_jupyter.plan.types import State
from helix_jupyter.version.compare_models import ModelDiff, WeightChange
from helix_jupyter.version.diff import ValueDiff, compare
from helix_jupyter.version.types import Version
from helix_jupyter.view.html_versions import version_html
from helix_jupyter.view.render import as_html
from helix_jupyter.view.side_by_side import side_by_side
from helix_jupyter.view.sparkline import sparkline
from helix_jupyter.view.style import AFTER, AFTER_WORD, BEFORE, BEFORE_WORD, COLOURS, SYNTAX, mixed
from helix_jupyter.view.svg import _DARK, _LIGHT
from helix_jupyter.view.types import Card, VersionList


def version_of(id: int, *records, **fields) -> Version:
    settings = {"parent": None, "message": "", "created": 1.7e9, "status": "done", "seconds": 1.8} | fields
    return Version(id=id, workflow="main", nodes={record.node: record for record in records}, **settings)


def plain(markup: str) -> str:
    """What is left where styles, classes and pictures are dropped, as on GitHub."""
    without = re.sub(r"<(style|svg).*?</\1>", "", markup, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", without)).split())


def test_a_card_reads_well_without_styles() -> None:
    markup = as_html(Card("split", ("X", "y"), ("rows",), "code edited", "a run would load it", State.LOAD))
    assert plain(markup) == "split: rows → X, y · code edited · ↓ a run would load it"


def test_metrics_carry_a_verdict_in_words() -> None:
    markup = version_html(
        version_of(2, metrics={"f1": 0.75, "loss": 0.5}), version_of(1, metrics={"f1": 0.5, "loss": 0.25})
    )
    assert "f1 0.7500 ✓ +0.2500 better" in plain(markup)
    assert "loss 0.5000 ✗ +0.2500 worse" in plain(markup)


def test_versions_have_curves_and_the_best_is_marked() -> None:
    versions = VersionList(tuple(version_of(id, metrics={"f1": id / 10, "loss": id / 10}) for id in range(1, 6)))
    markup = as_html(versions)
    assert re.findall('alt="([^"]+)"', markup) == [
        "f1 over 5 versions",
        "loss over 5 versions",
    ]
    assert re.findall(r'title="best">([\d.]+)', markup) == ["0.5000", "0.1000"]
    assert re.findall(r'data-version="(\d+)"', markup) == ["5", "4", "3", "2", "1"]


def test_a_branch_names_where_it_came_from() -> None:
    shown = plain(as_html(VersionList((version_of(1), version_of(2, parent=1), version_of(3, parent=1)))))
    assert "3 from 1" in shown
    assert "2 from 1" not in shown


def test_a_diff_shows_only_what_differs(record) -> None:
    unchanged = "\n".join(f"line_{index} = {index}" for index in range(40))
    before = version_of(1, record("m", f"{unchanged}\nm = fit(C=0.1)", "d", ""), record("quiet", "q", "d", ""))
    after = version_of(2, record("m", f"{unchanged}\nm = fit(C=1.0)", "e", ""), record("quiet", "q", "d", ""))
    markup = as_html(compare(before, after))
    shown = plain(markup)
    assert "37 equal lines" in shown
    assert "line_39" in shown
    assert "line_3 " not in shown
    assert "quiet" not in shown
    assert re.search("<del[^>]*><span[^>]*>0.1</span></del>", markup)
    assert re.search("<ins[^>]*><span[^>]*>1.0</span></ins>", markup)
    assert "value differs" in shown


def test_folded_coefficients_have_no_picture_so_that_a_saved_notebook_stays_light(record) -> None:
    weights = tuple(WeightChange(f"feature {at}", 1.0, 1.0 + 1 / (at + 1)) for at in range(200))
    model = ModelDiff(("Ridge", "Ridge"), weight="coefficient", weights=weights)
    changed = compare(version_of(1, record("m", "m", "d", "")), version_of(2, record("m", "m", "e", "")))
    values = {"m": ValueDiff("m", "m", ("Ridge", "Ridge"), (1, 2), model)}
    markup = as_html(replace(changed, values=values))
    assert "feature 199" in plain(markup)
    assert markup.count('alt="feature') == 15


@pytest.mark.parametrize("background", [(255, 255, 255), (17, 17, 17)], ids=["light", "dark"])
@pytest.mark.parametrize("state", COLOURS)
def test_lines_and_shapes_have_contrast_in_both_themes(state: str, background: tuple[int, int, int]) -> None:
    assert contrast(rgb(COLOURS[state]), background) >= 3.0


@pytest.mark.parametrize("ground", [_LIGHT, _DARK], ids=["light", "dark"])
@pytest.mark.parametrize("state", COLOURS)
def test_words_in_a_picture_have_contrast_on_their_boxes(state: str, ground: tuple[str, str, str]) -> None:
    text, quiet, paper = ground
    box = rgb(mixed(COLOURS[state], paper, 0.1))
    assert contrast(rgb(text), box) >= 7
    assert contrast(rgb(quiet), box) >= 4.5


def rgb(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[place : place + 2], 16) for place in (1, 3, 5))


def contrast(one, other) -> float:
    """WCAG 2.2, relative luminance and contrast ratio."""

    def luminance(colour) -> float:
        parts = (value / 255 for value in colour)
        linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_only_our_own_classes_are_styled() -> None:
    markup = as_html(VersionList((version_of(1),)))
    style = re.search(r"<style>(.*?)</style>", markup, re.DOTALL)
    assert style
    selectors = re.findall(r"([^{}]+)\{", re.sub(r"@media[^{]*\{", "", style[1]))
    assert selectors
    assert all(".helix" in part for selector in selectors for part in selector.split(","))


@pytest.mark.parametrize(
    ("before", "after", "rows"),
    [
        pytest.param("a\nb", "a\nb", [(None, None)], id="equal: one row for what is left out"),
        pytest.param("", "a", [(None, "a")], id="added"),
        pytest.param("a", "", [("a", None)], id="removed"),
        pytest.param(
            "model = fit(C=0.1)",
            "scale = Scaler()\nX = scale(X)\nmodel = fit(C=1.0)",
            [(None, "scale = Scaler()"), (None, "X = scale(X)"), ("model = fit(C=0.1)", "model = fit(C=1.0)")],
            id="like lines stand side by side",
        ),
    ],
)
def test_side_by_side(before: str, after: str, rows) -> None:
    def text(line) -> str | None:
        return None if line is None else "".join(piece for piece, _ in line.pieces)

    assert [(text(row.before), text(row.after)) for row in side_by_side(before, after)] == rows


def test_words_are_marked() -> None:
    (row,) = side_by_side("fit(C=0.1, n=5)", "fit(C=1.0, n=5)")
    assert row.after is not None
    assert [piece for piece in row.after.pieces if piece[1]] == [("1.0", True)]


@pytest.mark.parametrize(
    ("values", "curves"),
    [
        pytest.param([], 0, id="none"),
        pytest.param([None, float("nan")], 0, id="no number"),
        pytest.param([1.0], 1, id="one"),
        pytest.param([1.0, 1.0], 1, id="level"),
        pytest.param([1.0, None, 2.0, float("inf"), 3.0], 1, id="gaps"),
        pytest.param([-1.7e308, 1.7e308], 1, id="largest floats"),
    ],
)
def test_sparkline(values, curves: int) -> None:
    drawn = sparkline(values, "f1")
    assert drawn.count("<img") == curves
    assert "nan" not in drawn
    assert "inf" not in drawn


def test_a_gap_breaks_the_curve() -> None:
    assert re.findall("[ML]", re.search("d='([^']+)'", sparkline([1, 2, None, 3, 4], "x"))[1]) == ["M", "L", "M", "L"]


def _channels(colour: str) -> tuple[float, ...]:
    """``rgba(...)`` or ``#rrggbb`` as numbers, the last one how much it covers."""
    if colour.startswith("#"):
        return (*(int(colour[place : place + 2], 16) for place in (1, 3, 5)), 1.0)
    return tuple(float(part) for part in re.findall(r"[\d.]+", colour))


def _laid_over(ground: tuple[float, ...], *covers: str) -> tuple[int, ...]:
    for cover in covers:
        *channels, share = _channels(cover)
        ground = tuple(share * one + (1 - share) * below for one, below in zip(channels, ground, strict=True))
    return tuple(round(one) for one in ground)


@pytest.mark.parametrize("kind", SYNTAX)
@pytest.mark.parametrize(("dark", "paper"), [(False, (255, 255, 255)), (True, (17, 17, 17))], ids=["light", "dark"])
def test_code_in_colour_can_be_read_on_every_ground(kind: str, dark: bool, paper: tuple[int, int, int]) -> None:
    old, new = (re.findall(r"rgba\([^)]*\)", style)[0] for style in (BEFORE_WORD, AFTER_WORD))
    grounds = [(), (BEFORE,), (AFTER,), (BEFORE, old), (AFTER, new)]
    colour = tuple(int(one) for one in _channels(SYNTAX[kind][dark])[:3])
    assert min(contrast(colour, _laid_over(paper, *covers)) for covers in grounds) >= 4.5


def test_of_versions_that_are_equally_good_the_first_is_marked() -> None:
    versions = VersionList(tuple(version_of(id, metrics={"f1": 0.1 if id < 2 else 0.5}) for id in range(1, 5)))
    rows = as_html(versions).split("<tr")
    assert [re.findall(r'data-version="(\d+)"', row) for row in rows if 'title="best"' in row] == [["2"]]

"""What is left of our HTML in a notebook that is not trusted, and where every attribute is dropped."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

import pytest

from helix_jupyter.plan.types import State
from helix_jupyter.version.types import Version
from helix_jupyter.view.layers import lay_out_in_layers
from helix_jupyter.view.layout import lay_out
from helix_jupyter.view.markup import state
from helix_jupyter.view.render import as_html, mimebundle
from helix_jupyter.view.snapshot import snapshot
from helix_jupyter.view.style import COLOURS
from helix_jupyter.view.svg import place
from helix_jupyter.view.types import Card, Dag
from helix_jupyter.view.words import NONE

# JupyterLab 4: @jupyterlab/apputils, sanitizer.ts; as much of it as our HTML meets
DROPPED_WITH_CONTENT = ("style", "script", "textarea", "option")
ELEMENTS = {
    "b", "bdi", "br", "code", "del", "details", "div", "h4", "img", "ins", "li", "p", "pre", "samp", "span", "summary",
    "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTES = {"class", "dir", "hidden", "id", "lang", "style", "title"}
MORE_ATTRIBUTES = {"img": {"alt", "src", "width", "height"}, "td": {"colspan"}, "details": {"open"}}
PROPERTIES = {
    "background", "border", "border-collapse", "border-radius", "color", "display", "font-size", "font-weight",
    "height", "margin", "max-width", "min-width", "opacity", "overflow-wrap", "overflow-x", "padding", "table-layout",
    "text-align", "text-decoration", "text-indent", "vertical-align", "white-space", "width",
}  # fmt: skip
REFUSED = re.compile(r"var\(|color-mix|inherit|-content|anywhere|break-word(?<!overflow-wrap:break-word)|url\(")

KINDS = {
    "card": ["rows → rows, rows child", "▸ rows"],
    "status": ["node", "rows", "↓ load", "0.10 s", "1 kB", "✓ fresh"],
    "plan": ["1 to compute (time unknown: never run), 1 to load (1 kB)", "▸ compute", "?", "store"],
    "version": ["version 2", "failed", "0.50 s", "0.2500", "rows child"],
    "versions": ["2", "1", "rows", "0.2500", "0.5000", f"0.2500{NONE}0.5000", "2.0 s"],
    "diff": ["version 1", "version 2", "~ 2 edited", "+ 1 added", "x = 1", "x = 2", "before", "after"],
    "comparison": ["3 versions", "Metrics", "rows", "0.7500"],
    "why": ["rows", f"{NONE} prune", "because"],
    "config": ["setting", "rows"],
    "gc": ["Would delete 2 versions", "rows"],
    "reproduction": ["0 of 1 node came out the same", "✗ differs"],
    "trace": ["version 2", "2 nodes upstream", "y = x"],
    "dag": ["2 nodes", "▸ 1 compute", "↓ 1 load"],
}


class Sanitiser(HTMLParser):
    """Drops what JupyterLab drops: elements but not their text, attributes, inline styles of other kinds."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: list[str] = []
        self.refused: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag, attrs) -> None:
        self._hidden += tag in DROPPED_WITH_CONTENT
        if tag in ELEMENTS and not self._hidden:
            shown = "".join(f' {name}="{html.escape(value or "")}"' for name, value in self._allowed(tag, attrs))
            self.kept.append(f"<{tag}{shown}>")

    def handle_endtag(self, tag) -> None:
        self._hidden -= tag in DROPPED_WITH_CONTENT
        if tag in ELEMENTS and not self._hidden:
            self.kept.append(f"</{tag}>")

    def handle_data(self, data) -> None:
        if not self._hidden:
            self.kept.append(html.escape(data))

    def _allowed(self, tag, attrs):
        for name, value in attrs:
            if name == "style":
                yield name, ";".join(part for part in value.split(";") if self._passes(part))
            elif name in ATTRIBUTES | MORE_ATTRIBUTES.get(tag, set()):
                yield name, value

    def _passes(self, declaration: str) -> bool:
        passes = declaration.partition(":")[0] in PROPERTIES and not REFUSED.search(declaration)
        if not passes:
            self.refused.append(declaration)
        return passes


def sanitised(markup: str) -> tuple[str, list[str]]:
    """What JupyterLab shows of an output in a notebook that is not trusted, and the inline styles that it refused."""
    sanitiser = Sanitiser()
    sanitiser.feed(markup)
    sanitiser.close()
    return "".join(sanitiser.kept), sanitiser.refused


def words(markup: str) -> str:
    """All text that a reader sees where even pictures are dropped."""
    return " ".join(html.unescape(re.sub(r"<(style).*?</\1>|<br>|<[^>]+>", _space, markup, flags=re.DOTALL)).split())


def _space(match: re.Match[str]) -> str:
    # as on a page: blocks and cells stand apart, inline elements do not
    return " " if re.match(r"</?(div|td|th|tr|li|br|h4|pre|summary|p)\b", match[0]) else ""


@pytest.mark.parametrize("kind", KINDS)
def test_untrusted_html_keeps_the_facts_and_nothing_else(values, kind: str) -> None:
    markup = as_html(values("rows")[kind])
    shown, _ = sanitised(markup)
    assert words(shown) == words(markup)
    for fact in KINDS[kind]:
        assert fact in words(shown)
    assert "{" not in words(shown)
    assert "<svg" not in markup
    assert shown.count("<img") == markup.count("<img")


@pytest.mark.parametrize("kind", KINDS)
def test_every_inline_style_is_one_that_jupyterlab_lets_through(values, kind: str) -> None:
    shown, refused = sanitised(as_html(values("rows")[kind]))
    assert refused == []
    assert all("style=" in cell and "text-align" in cell for cell in re.findall(r"<td[^>]*>", shown))


@pytest.mark.parametrize("kind", ["dag", "versions", "diff"])
def test_pictures_are_told_in_words_too(values, kind: str) -> None:
    shown, _ = sanitised(as_html(values("rows")[kind]))
    told = re.findall(r'<img[^>]* alt="([^"]+)"', shown)
    assert told
    assert all("rows" in text for text in told)


def test_a_picture_holds_names_and_states_for_programs(values) -> None:
    svg = mimebundle(values("rows")["dag"])["image/svg+xml"]
    assert re.findall("data-node='([^']+)' data-state='([^']+)'", svg) == [("rows", "load"), ("rows child", "compute")]


def census(count: int) -> dict[str, dict[str, str]]:
    """A workflow like that of the tutorial: five blocks of features side by side, then a chain with branches."""
    blocks = ["categorical", "continuous", "age_bucket", "education_x_occupation", "country_x_occupation"]
    inputs: dict[str, dict[str, str]] = {"rows": {}, "clean": {"rows": "rows"}}
    inputs |= {block: {"people": "clean", "is_train": "clean"} for block in blocks}
    inputs |= {"features": {block: block for block in blocks}, "split": {"X": "features", "people": "clean"}}
    last = "split"
    for index in range(count - len(inputs)):
        inputs[f"step_{index}"] = {last: last, "y_test": "split"} if last != "split" else {"X_train": "split"}
        last = f"step_{index}"
    return inputs


@pytest.mark.parametrize("lay", [lay_out, lay_out_in_layers], ids=["as installed", "without dot"])
def test_twelve_nodes_fit_the_page(graph, lay) -> None:
    inputs = census(12)
    found = snapshot(graph(inputs))
    sizes = {name: (box.width, box.height) for name, box in place(found).boxes.items()}
    edges = [(edge["parent"], edge["child"]) for edge in found["edges"]]
    assert lay(list(inputs), edges, sizes).width <= 720


def test_saved_notebooks_stay_small(graph, record) -> None:
    inputs = census(17)
    card = Card("split", ("X_train", "X_test", "y_train", "y_test"), ("people", "X", "is_train"), "new", "computes it")
    reason = "unchanged, in memory; `features` needs it"
    nodes = {name: record(name, "code", "digest", "", state=State.LOAD, reason=reason) for name in inputs}
    run = Version(1, "main", None, "first", 1.7e9, "done", 1.8, nodes, metrics={"accuracy": 0.5, "f1": 0.6, "auc": 0.7})
    assert len(as_html(card)) < 600
    assert len(as_html(run)) < 10_000
    assert len("".join(mimebundle(Dag(snapshot(graph(inputs)))).values())) < 40_000


@pytest.mark.parametrize("name", COLOURS)
def test_every_state_has_a_sign_beside_its_word(name: str) -> None:
    assert re.fullmatch(rf"\S {name}", html.unescape(re.sub("<[^>]+>", "", state(name))).replace("\xa0", " "))

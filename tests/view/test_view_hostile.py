"""Text from outside never becomes markup, never drives a terminal, never reorders a line."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helix_jupyter.view.documents import comparison_document, diff_document, versions_document
from helix_jupyter.view.markup import attribute, escape
from helix_jupyter.view.page import page
from helix_jupyter.view.render import as_html, as_text, mimebundle
from helix_jupyter.view.svg import dag_svg

KINDS = (
    "card", "status", "plan", "version", "versions", "diff", "comparison", "why", "config", "gc", "reproduction",
    "trace", "dag",
)  # fmt: skip
HOSTILE = {
    "script": "<script>alert(1)</script>",
    "attribute": "\"onmouseover='alert(1)' x=\"",
    "image": "<img src=x onerror=alert(1)>",
    "cdata": "]]><svg onload=alert(1)>",
    "closing": "</title></style></svg></pre></div><b>",
    "entity": "&lt;b&gt; &amp; &#60;",
    "control": "a\x00b\x1b[31mred\x07\x85",
    "bidi": "a\u202eb\u2066c\u200f",
    "surrogate": "\ud800 \ufffe",
    "lines": "a\nb\r\nc\u2028d",
    "long": "x" * 5_000,
    "emoji": "🎉👩‍👩‍👧 data 漢字",
    "rtl": "שלום עולם",
    "blank": " ",
    "empty": "",
}
ELEMENTS = {
    "style", "div", "span", "b", "br", "h4", "ul", "li", "table", "thead", "tbody", "tr", "th", "td", "code", "samp",
    "pre", "bdi", "details", "summary", "del", "ins", "img",
}  # fmt: skip


class Audit(HTMLParser):
    """Collects every element and attribute name that a browser would see."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.attributes: set[str] = set()
        self.pictures: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag, attrs) -> None:
        self.elements.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.pictures += [value for name, value in attrs if name == "src"]
        if tag not in ("br", "img"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs) -> None:
        self.elements.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_endtag(self, tag) -> None:
        assert self.open.pop() == tag


def audited(markup: str) -> Audit:
    audit = Audit()
    audit.feed(markup)
    audit.close()
    assert not audit.open
    return audit


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_html_holds_our_elements_only(values, kind: str, text: str) -> None:
    markup = as_html(values(text)[kind])
    found = audited(markup)
    assert found.elements <= ELEMENTS
    assert not any(name.startswith("on") or name == "href" for name in found.attributes)
    for picture in found.pictures:
        kind_of_data, _, content = picture.partition(",")
        assert not set(content) & set('<>"')
        if kind_of_data == "data:image/png;base64":
            assert re.fullmatch("[A-Za-z0-9+/=]*", content)
            continue
        assert kind_of_data == "data:image/svg+xml"
        if unquote(content) == text.encode("utf-8", "replace").decode():
            continue  # what a node showed as SVG: an image runs no script, whatever it is
        assert ElementTree.fromstring(unquote(content)).tag.endswith("svg")
    markup.encode("utf-8")
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", markup)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_svg_is_well_formed_xml(values, text: str) -> None:
    root = ElementTree.fromstring(dag_svg(values(text)["dag"].snapshot))
    assert len(root.findall(".//*[@data-node]")) == 2


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_text_cannot_drive_a_terminal(values, kind: str, text: str) -> None:
    shown = as_text(values(text)[kind])
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", shown)
    assert not shown.endswith("\n")


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_text_and_html(values, kind: str) -> None:
    bundle = mimebundle(values("rows")[kind])
    assert "rows" in bundle["text/plain"]
    assert "rows" in bundle["text/html"]
    assert ("image/svg+xml" in bundle) == (kind == "dag")


@pytest.mark.parametrize("kind", ["versions", "diff", "comparison"])
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_documents_are_strict_json(values, kind: str, text: str) -> None:
    make = {"versions": versions_document, "diff": diff_document, "comparison": comparison_document}[kind]
    document = make(values(text)[kind])
    assert document["format"] == 1
    assert json.loads(json.dumps(document, allow_nan=False)) == document


@pytest.mark.parametrize("kind", ["diff", "comparison", "versions"])
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_page_holds_our_elements_only(values, kind: str, text: str) -> None:
    written = page(values(text)[kind])
    found = Audit()
    found.feed(written.removeprefix("<!doctype html>\n").replace("<meta ", "<br "))
    assert not found.open
    assert found.elements <= ELEMENTS | {"html", "head", "title", "body"}
    assert not any(name.startswith("on") or name == "href" for name in found.attributes)
    written.encode("utf-8")


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_the_snapshot_is_strict_json(values, text: str) -> None:
    snapshot = values(text)["dag"].snapshot
    assert json.loads(json.dumps(snapshot, allow_nan=False)) == snapshot


@settings(deadline=None)
@given(st.text(st.characters()))
def test_any_text_stays_text(text: str) -> None:
    parsed = ElementTree.fromstring(f'<a b="{attribute(text)}">{escape(text)}</a>')
    assert len(parsed) == 0
    assert list(parsed.attrib) == ["b"]

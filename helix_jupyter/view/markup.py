"""The few pieces that all HTML is built from. Whatever comes from outside goes through ``escape`` or
``attribute``."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence

from helix_jupyter.view.icons import inline_icon
from helix_jupyter.view.style import BASE_STYLE, TABLE_STYLE
from helix_jupyter.view.words import clean


def escape(text: object) -> str:
    """``text`` as the content of an element: no markup, no control or direction characters."""
    return html.escape(clean(text), quote=True)


def attribute(text: object) -> str:
    """``text`` as the value of a quoted attribute."""
    return escape(text).replace("\n", "&#10;")


def name(text: object) -> str:
    """A name from outside, monospaced and isolated: right-to-left text does not reorder what stands beside
    it."""
    return f'<code class="helix-name"><bdi>{escape(text)}</bdi></code>'


def words(text: object) -> str:
    """A message or reason from outside, isolated."""
    return f"<bdi>{escape(text)}</bdi>"


def tag(element: str, content: str, classes: str = "", title: str = "") -> str:
    """An element; ``content`` is markup already, ``title`` is not."""
    class_part = f' class="{classes}"' if classes else ""
    title_part = f' title="{attribute(title)}"' if title else ""
    return f"<{element}{class_part}{title_part}>{content}</{element}>"


def table(head: Sequence[str], rows: Iterable[Sequence[str]], numeric: Iterable[int] = (), classes: str = "") -> str:
    """A table of markup; ``numeric`` are the columns whose figures stand below one another."""
    right = set(numeric)

    def cell(element: str, index: int, content: str) -> str:
        # align is what GitHub keeps when it drops the style sheet
        look = 'class="helix-number" align="right"' if index in right else 'align="left"'
        return f"<{element} {look}>{content}</{element}>"

    header = "".join(cell("th", index, content) for index, content in enumerate(head))
    body = "".join(
        f"<tr>{''.join(cell('td', index, content) for index, content in enumerate(row))}</tr>" for row in rows
    )
    top = f"<thead><tr>{header}</tr></thead>" if any(head) else ""
    return f'<table class="helix-table {classes}">{top}<tbody>{body}</tbody></table>'


def details(summary: str, content: str, is_open: bool = False) -> str:
    """A part that opens and closes without a script; both arguments are markup."""
    return f"<details{' open' if is_open else ''}><summary>{summary}</summary>{content}</details>"


def frame(content: str, style: str = TABLE_STYLE) -> str:
    """A whole output: ``content``, markup, with the style sheet that it needs."""
    return f'<style>{BASE_STYLE}{style}</style><div class="helix">{content}</div>'


def state(name_of_state: str, shown: str | None = None) -> str:
    """A state as icon and word in its colour. ``name_of_state`` comes from our own enumerations."""
    word = escape(shown or name_of_state)
    return f'<span class="helix-state helix-is-{name_of_state}">{inline_icon(name_of_state)}{word}</span>'


def told(name_of_state: str, text: object) -> str:
    """A sentence in the colour of a state, with its icon; ``text`` is escaped."""
    look = f"helix-told helix-is-{name_of_state}"
    return f'<span class="{look}">{inline_icon(name_of_state)}{words(text)}</span>'


def soft(text: object) -> str:
    """What is said in a lower voice; ``text`` is escaped."""
    return f'<span class="helix-soft">{words(text)}</span>'

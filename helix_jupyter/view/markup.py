"""The few pieces that all HTML is built from. Whatever comes from outside goes through ``escape`` or
``attribute``."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import quote

from helix_jupyter.view.style import BLOCK, CELL, CODE, COLOURS, FIGURE, HEADING, SCROLLED, SHEET, SOFT, TABLE
from helix_jupyter.view.words import MARKS, clean


def escape(text: object) -> str:
    """``text`` as the content of an element: no markup, no control or direction characters."""
    return html.escape(clean(text), quote=True)


def attribute(text: object) -> str:
    """``text`` as the value of a quoted attribute."""
    return escape(text).replace("\n", "&#10;")


def name(text: object) -> str:
    """A name from outside, monospaced and isolated: right-to-left text does not reorder what stands beside
    it."""
    return code(isolated(text))


def code(content: str) -> str:
    """Markup in the page's font for code, without the grey ground that pages put behind it."""
    return f'<code style="{CODE}">{content}</code>'


def isolated(text: object) -> str:
    """A message, reason or name from outside, in the running font."""
    safe = escape(text)
    # nothing in ASCII runs from right to left
    return safe if safe.isascii() else f"<bdi>{safe}</bdi>"


def tag(element: str, content: str, style: str = "", title: str = "") -> str:
    """An element; ``content`` is markup already, ``title`` is not."""
    style_part = f' style="{style}"' if style else ""
    title_part = f' title="{attribute(title)}"' if title else ""
    return f"<{element}{style_part}{title_part}>{content}</{element}>"


def block(content: str) -> str:
    """A line or paragraph of markup."""
    return tag("div", content, BLOCK)


def heading(text: str) -> str:
    """The title of a part; ``text`` is escaped."""
    return tag("h4", escape(text), HEADING)


def table(
    head: Sequence[str], rows: Iterable[Sequence[str]], numeric: Iterable[int] = (), quiet: Iterable[int] = ()
) -> str:
    """A table of markup that scrolls where it is too wide.

    ``numeric`` are the columns of figures, ``quiet`` those said in a lower voice. Columns whose cells are all empty
    are left out.
    """
    listed = [tuple(row) for row in rows]
    kept = [index for index in range(len(head)) if any(row[index] for row in listed)]
    looks = dict.fromkeys(kept, CELL) | dict.fromkeys(numeric, FIGURE)
    body_looks = looks | {index: f"{looks[index]};{SOFT}" for index in quiet if index in looks}
    header = (
        _row("th", head, kept, {index: f"{look};vertical-align:bottom" for index, look in looks.items()})
        if any(head)
        else ""
    )
    body = "".join(_row("td", row, kept, body_looks) for row in listed)
    return tag("div", tag("table", f"<thead>{header}</thead><tbody>{body}</tbody>", TABLE), SCROLLED)


def _row(element: str, row: Sequence[str], kept: Iterable[int], looks: Mapping[int, str]) -> str:
    return tag("tr", "".join(tag(element, row[index], looks[index]) for index in kept))


def details(summary: str, content: str, is_open: bool = False) -> str:
    """A part that opens and closes without a script; both arguments are markup."""
    return f"<details{' open' if is_open else ''}><summary>{summary}</summary>{content}</details>"


def frame(content: str, sheet: bool = False) -> str:
    """A whole output; ``sheet`` where it holds pictures or numbered code."""
    return f'{SHEET if sheet else ""}<div class="helix">{content}</div>'


def mark(name_of_state: str) -> str:
    """The sign of a state in its colour: a character, which no front end drops."""
    return f'<b style="color:{COLOURS[name_of_state]}">{MARKS[name_of_state]}</b>'


def state(name_of_state: str, shown: str | None = None) -> str:
    """A state as sign and word. ``name_of_state`` comes from our own enumerations."""
    return f"{mark(name_of_state)}\N{NO-BREAK SPACE}{escape(shown or name_of_state)}"


def told(name_of_state: str, text: object) -> str:
    """A sentence after the sign of a state; ``text`` is escaped."""
    return f"{mark(name_of_state)} {isolated(text)}"


def soft(text: object) -> str:
    """What is said in a lower voice; ``text`` is escaped."""
    return f'<span style="{SOFT}">{isolated(text)}</span>'


def picture(svg: str, told: str, style: str = "") -> str:
    """A drawing as an image that shows where elements of SVG are dropped; ``told`` stands for it in words.

    Percent-encoded rather than Base64: a fifth smaller, and a saved notebook's differences can be read.
    """
    source = quote(svg, safe=" !$'()*+,-./:;=?@_~")
    style_part = f' style="{style}"' if style else ""
    return f'<img src="data:image/svg+xml,{source}" alt="{attribute(told)}"{style_part}>'

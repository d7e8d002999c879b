"""Whether two recordings of what a node showed are the same to who looks: prints, displays and figures.

Streams of errors are left out: they hold warnings, which Python shows once in a process, and progress bars.
"""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterable, Iterator
from typing import Any

from helix_jupyter.execute.types import Event
from helix_jupyter.fingerprint.digest import digest
from helix_jupyter.version.compare_figures import Picture, pictures

SHOWS = "what it shows differs"

# addresses, and the identifiers that packages give to parts of a page, are others each time
_NOT_SEEN = re.compile(
    r"0x[0-9a-fA-F]{4,}"
    r"|\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b"
    r"|\b[0-9a-f]{32}\b"
    r"|\bT_[0-9a-f]{5}"  # pandas' styled tables
    r"|\bsk-[a-z-]+-\d+"  # scikit-learn's estimators
)
# Matplotlib's dates and names of parts
_NOT_SEEN_IN_SVG = re.compile(r"<metadata>.*?</metadata>|\b[a-z]{1,8}[0-9a-f]{10}\b", re.DOTALL)


def shown_digest(events: Iterable[Event]) -> str:
    """The digest of what people see of ``events``: equal ones look the same."""
    return digest(tuple(part for event in events for part in _seen(event)))


def _seen(event: Event) -> Iterator[object]:
    if event.stream:
        if event.stream != "stderr":
            yield _NOT_SEEN.sub("", event.text)
        return
    found = pictures([event.data])
    if found:
        yield _pixels(found[0])
        return
    yield from (_NOT_SEEN.sub("", _text(content)) for _, content in sorted(event.data.items()))


def _text(content: Any) -> str:
    return content if isinstance(content, str) else repr(content)


def _pixels(picture: Picture) -> object:
    """The picture as it is seen: packages write other bytes of one picture."""
    if picture.kind == "image/svg+xml":
        return _NOT_SEEN_IN_SVG.sub("", picture.data)
    try:
        from PIL import Image

        with Image.open(io.BytesIO(base64.b64decode(picture.data))) as image:
            return image.size, image.convert("RGBA").tobytes()
    except Exception:  # no Pillow, or no picture
        return picture.data

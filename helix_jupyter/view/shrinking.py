"""Pictures that are saved with a notebook, within few bytes: fewer colours, then fewer pixels. Pure.

By Pillow, which whoever draws with Matplotlib has; without it only what is small enough is shown.
"""

from __future__ import annotations

import base64
import io
from functools import lru_cache
from typing import Any

from helix_jupyter.version.compare_figures import Picture

# what is tried in turn: colours (None: all) and the share of the width
_STEPS = ((None, 1.0), (128, 1.0), (64, 0.75), (48, 0.5), (32, 0.35))
_PIXELS = 20_000_000


def within(picture: Picture, room: int) -> Picture | None:
    """The picture in at most ``room`` characters; None where that cannot be had."""
    if len(picture.data) <= room:
        return picture
    if picture.kind not in ("image/png", "image/jpeg", "image/gif", "image/webp"):
        return None
    try:
        return _smaller(picture, room)
    except Exception:  # no Pillow, or bytes that are no picture: its readers raise anything
        return None


@lru_cache(maxsize=32)
def _smaller(picture: Picture, room: int) -> Picture | None:
    from PIL import Image

    opened = Image.open(io.BytesIO(base64.b64decode(picture.data)))
    if opened.width * opened.height > _PIXELS:
        return None
    image = opened.convert("RGBA")
    for colours, share in _STEPS:
        data = base64.b64encode(_written(image, colours, share)).decode()
        if len(data) <= room:
            return Picture("image/png", data, picture.digest)
    return None


def _written(image: Any, colours: int | None, share: float) -> bytes:
    if share < 1:
        image = image.resize((max(round(image.width * share), 1), max(round(image.height * share), 1)))
    if colours is not None:
        image = image.quantize(colours, method=2)  # the one method that keeps transparency
    file = io.BytesIO()
    image.save(file, "png", optimize=True)
    return file.getvalue()

"""A small drawn mark for each state, 10 by 10 pixels, so that colour never tells anything alone."""

from __future__ import annotations

_STROKE = 'fill="none" stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round"'

_SHAPES = {
    "compute": '<path d="M2,1L9,5L2,9Z" stroke-width="1" stroke-linejoin="round"/>',
    "load": f'<path d="M5,0.8V6.2M2.4,3.8L5,6.4L7.6,3.8M1,9.2H9" {_STROKE}/>',
    "prune": f'<path d="M1.5,5H8.5" {_STROKE}/>',
    "failed": f'<path d="M2,2L8,8M8,2L2,8" {_STROKE}/>',
    "done": f'<path d="M1.2,5.4L4,8.2L8.8,2" {_STROKE}/>',
    "added": f'<path d="M5,1.2V8.8M1.2,5H8.8" {_STROKE}/>',
    "removed": f'<path d="M1.2,5H8.8" {_STROKE}/>',
    "edited": f'<path d="M1.4,8.6L2,6.3L6.9,1.4L8.6,3.1L3.7,8Z" {_STROKE}/>',
    "affected": f'<path d="M1.2,5H8M5.4,2.2L8.2,5L5.4,7.8" {_STROKE}/>',
    "same": f'<path d="M1.5,3.4H8.5M1.5,6.6H8.5" {_STROKE}/>',
    "none": f'<circle cx="5" cy="5" r="3.4" {_STROKE}/>',
}


def icon(state: str) -> str:
    """The shape alone, to be put into an SVG group that gives it its colour."""
    return _SHAPES.get(state, _SHAPES["none"])


def inline_icon(state: str) -> str:
    """The shape as a picture of its own in running text; the word beside it is what is read aloud."""
    return (
        '<svg class="helix-mark" width="10" height="10" viewBox="0 0 10 10" aria-hidden="true" '
        f'fill="currentColor" stroke="currentColor">{icon(state)}</svg>'
    )

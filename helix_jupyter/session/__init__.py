"""The composer of all stages: what a notebook, a script or a test holds in its hands. Knows nothing of IPython.

``Session`` loads when first used: the extension needs other modules of this package before there is one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from helix_jupyter.session.session import Session as Session

__all__ = ["Session"]


def __getattr__(name: str) -> Any:
    if name == "Session":
        from helix_jupyter.session.session import Session

        return Session
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

"""Versioned, incremental machine-learning workflows in Jupyter notebooks.

``%load_ext helix_jupyter`` in a notebook; ``helix_jupyter.Session`` in a script. Names load when first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from helix_jupyter import plan as plan
    from helix_jupyter.config import Settings as Settings
    from helix_jupyter.errors import HelixError as HelixError
    from helix_jupyter.fingerprint.rules import register_digest as register_digest
    from helix_jupyter.plan.types import Plan as Plan
    from helix_jupyter.plan.types import State as State
    from helix_jupyter.session import Session as Session
    from helix_jupyter.session.simulating import simulate as simulate
    from helix_jupyter.version.types import Version as Version

__version__ = "0.1.0"
__all__ = ["HelixError", "Plan", "Session", "Settings", "State", "Version", "plan", "register_digest", "simulate"]

_HOMES = {
    "HelixError": "helix_jupyter.errors",
    "Plan": "helix_jupyter.plan.types",
    "Session": "helix_jupyter.session",
    "Settings": "helix_jupyter.config",
    "State": "helix_jupyter.plan.types",
    "Version": "helix_jupyter.version.types",
    "register_digest": "helix_jupyter.fingerprint.rules",
    "simulate": "helix_jupyter.session.simulating",
}


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    if name in {"plan", "datasets"}:
        return import_module(f"helix_jupyter.{name}")
    raise AttributeError(f"module 'helix_jupyter' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])


def load_ipython_extension(shell: Any) -> None:
    """``%load_ext helix_jupyter``."""
    from helix_jupyter.magics import load

    load(shell)


def unload_ipython_extension(shell: Any) -> None:
    """``%unload_ext helix_jupyter``."""
    from helix_jupyter.magics import unload

    unload(shell)

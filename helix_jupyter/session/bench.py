"""What every operation of a session works with: one frozen bundle instead of a dozen arguments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from helix_jupyter.config import Settings
from helix_jupyter.execute.console import Console
from helix_jupyter.execute.memos import Memos
from helix_jupyter.session.history import History
from helix_jupyter.session.memory import Memory
from helix_jupyter.session.outside import Outside
from helix_jupyter.session.resolve import Resolver
from helix_jupyter.store.store import Store
from helix_jupyter.view.progress import Progress


@dataclass(frozen=True)
class Bench:
    """Store, namespace, memory and edges of one session. ``folder`` is where recorded file names start."""

    workflow: str
    folder: Path
    namespace: dict[str, Any]
    settings: Settings
    store: Store
    memory: Memory
    outside: Outside
    resolver: Resolver
    history: History
    console: Console
    progress: Callable[[], Progress]
    tools: Callable[[], dict[str, Any]]
    memos: Memos = field(default_factory=Memos)

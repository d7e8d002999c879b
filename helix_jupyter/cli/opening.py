"""A store and one of its workflows, opened without a kernel."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helix_jupyter.errors import HelixError, StoreError, listing, nearest

if TYPE_CHECKING:
    from helix_jupyter.session import Session


def add_store(parser: Any) -> None:
    """The options that say which store and which workflow."""
    parser.add_argument(
        "--store", default=Path(".helix"), type=Path, metavar="FOLDER", help="the store (default: .helix)"
    )
    parser.add_argument("--workflow", metavar="NAME", help="the notebook's name (default: the only one, or main)")


@contextmanager
def opened(
    chosen: argparse.Namespace, namespace: dict[str, Any] | None = None, *, whichever: bool = False
) -> Iterator[Session]:
    """The session of the chosen workflow, where none is chosen and it does not matter of ``whichever``; closed behind
    the block.

    Raises
    ------
    StoreError
        There is no store, or it cannot be read.
    HelixError
        The store knows no such workflow.
    """
    from helix_jupyter.session import Session

    name = workflow(chosen.store, chosen.workflow, whichever=whichever)
    folder = chosen.store.absolute()
    with Session(folder, name, namespace=namespace, folder=folder.parent) as session:
        yield session


def workflow(store: Path, wanted: str | None, *, whichever: bool = False) -> str:
    """The name of the workflow that is meant; raises as ``opened``."""
    from helix_jupyter.store.store import Store

    if not (store / "helix.db").is_file():
        raise StoreError(f"There is no store in {store}. Name the folder that %helix config shows: --store.")
    known = _known(Store, store)
    if not known:
        raise HelixError(f"The store {store} has no versions yet: %helix run makes the first.")
    if wanted is None:
        if len(known) > 1 and "main" not in known and not whichever:
            raise HelixError(f"The store {store} has several workflows: {listing(known)}. Choose one: --workflow.")
        return "main" if "main" in known else known[0]
    if wanted not in known:
        hint = nearest(wanted, known)
        fix = f"Did you mean '{hint}'?" if hint else f"There are: {listing(known)}."
        raise HelixError(f"The store {store} has no versions of a workflow '{wanted}'. {fix}")
    return wanted


def _known(kind: Any, folder: Path) -> list[str]:
    found = kind.open(folder, budget=0)
    try:
        if found.problem:
            raise StoreError(found.problem)
        names: list[str] = found.workflows()
        return names
    finally:
        found.close()

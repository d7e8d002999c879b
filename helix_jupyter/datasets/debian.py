"""Files out of a package of Debian, brought by ``apt-get download`` and unpacked by dpkg; nothing is installed."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from helix_jupyter.datasets.command import only, run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

COMMAND = "apt-get download"


@contextmanager
def opened(requirement: str, folder: Path) -> Iterator[Callable[[str], IO[bytes]]]:
    """Bring a package into ``folder``; gives what opens a file of it. Raises OSError."""
    run(["apt-get", "download", "--quiet", requirement], folder)
    run(["dpkg-deb", "--extract", str(only(folder, "*.deb")), "unpacked"], folder)
    yield lambda member: (folder / "unpacked" / member).open("rb")

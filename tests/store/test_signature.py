from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helix_jupyter.errors import StoreError
from helix_jupyter.store import signature

parts = st.lists(st.binary(max_size=8), max_size=4)


@given(parts, parts)
def test_only_equal_parts_sign_alike(first: list[bytes], second: list[bytes]) -> None:
    assert (signature.sign(b"k", first) == signature.sign(b"k", second)) == (first == second)


def test_another_key_signs_differently() -> None:
    assert not signature.verify(b"other", [b"part"], signature.sign(b"key", [b"part"]))
    assert signature.verify(b"key", [b"part"], signature.sign(b"key", [b"part"]))


def test_the_key_is_made_once_and_is_the_users_alone(home: Path) -> None:
    key = signature.signing_key()
    assert len(key) == 32
    assert signature.signing_key() == key == (home / "key").read_bytes()
    if os.name == "posix":
        assert (home / "key").stat().st_mode & 0o777 == 0o600


def test_the_key_lies_in_the_users_data_folder_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HELIX_JUPYTER_HOME")
    assert "helix-jupyter" in str(signature.home())
    assert signature.home().is_absolute()


def test_processes_that_start_at_once_share_one_key() -> None:
    script = "from helix_jupyter.store.signature import signing_key; print(signing_key().hex())"
    started = [subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) for _ in range(4)]
    assert len({process.communicate()[0] for process in started}) == 1


def test_a_key_that_a_crash_cut_off_is_made_anew(home: Path) -> None:
    home.mkdir()
    (home / "key").write_bytes(b"short")
    assert signature._read(home / "key", patience=0) == signature.signing_key() != b"short"


def test_a_key_that_cannot_be_made_is_told(home: Path) -> None:
    home.write_text("a file where the folder should be")
    with pytest.raises(StoreError, match="HELIX_JUPYTER_HOME"):
        signature.signing_key()

from __future__ import annotations

import hashlib
import os
import shutil
import socket
from pathlib import Path

import pytest

from helix_jupyter.datasets import DATASETS, data_folder, fetch
from helix_jupyter.errors import DataUnavailable


@pytest.fixture(scope="module")
def census(tmp_path_factory) -> Path:
    """A data folder that the registry has filled."""
    folder = tmp_path_factory.mktemp("data")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HELIX_JUPYTER_DATA", str(folder))
        fetch("census")
    return folder


@pytest.fixture
def offline(monkeypatch) -> None:
    """The registry is a port on which nobody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{port}/simple")
    for variable in ("PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS"):
        monkeypatch.setenv(variable, "")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_CACHE_DIR", "1")


@pytest.fixture
def data(tmp_path, monkeypatch) -> Path:
    """An empty data folder of this test's own."""
    monkeypatch.setenv("HELIX_JUPYTER_DATA", str(tmp_path))
    return tmp_path


def test_fetch_brings_the_published_rows(census, monkeypatch):
    monkeypatch.setenv("HELIX_JUPYTER_DATA", str(census))
    paths = fetch("census")
    rows = {name: path.read_text().strip().splitlines() for name, path in paths.items()}
    assert len(rows["adult.data"]) == 32_561
    assert len(rows["adult.test"]) == 16_281 + 1
    assert rows["adult.data"][0].startswith("39, State-gov, 77516")


def test_fetch_leaves_nothing_but_the_files(census):
    found = [path.relative_to(census).as_posix() for path in census.rglob("*") if path.is_file()]
    assert sorted(found) == ["census/adult.data", "census/adult.test"]


@pytest.mark.usefixtures("offline")
def test_second_call_needs_no_network(census, monkeypatch):
    monkeypatch.setenv("HELIX_JUPYTER_DATA", str(census))
    assert fetch("census")["adult.test"] == census / "census" / "adult.test"


@pytest.mark.usefixtures("offline")
def test_without_network_the_error_says_where_the_files_go(data):
    with pytest.raises(DataUnavailable) as raised:
        fetch("census")
    message = str(raised.value)
    assert "\n" not in message
    assert message.startswith("adult.data, adult.test could not be fetched")
    assert f"put them into {data / 'census'}" in message
    assert message.endswith("census/adult.data.")
    assert not list(data.rglob("*.data"))


@pytest.mark.usefixtures("offline")
def test_files_put_there_by_hand_are_taken(census, data):
    shutil.copytree(census / "census", data / "census")
    assert fetch("census")["adult.data"].parent == data / "census"


@pytest.mark.usefixtures("offline")
def test_only_what_is_missing_is_asked_for(census, data):
    shutil.copytree(census / "census", data / "census")
    (data / "census" / "adult.test").unlink()
    with pytest.raises(DataUnavailable, match=r"^adult\.test could not be fetched") as raised:
        fetch("census")
    assert raised.value.file == "adult.test"


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda content: content[:-1], id="cut short"),
        pytest.param(lambda content: content.replace(b"39", b"93", 1), id="a digit changed"),
        pytest.param(lambda content: b"", id="empty"),
    ],
)
def test_changed_content_is_refused_and_kept(census, data, damage):
    shutil.copytree(census / "census", data / "census")
    path = data / "census" / "adult.data"
    path.write_bytes(damage(path.read_bytes()))
    before = path.read_bytes()
    with pytest.raises(DataUnavailable, match="is not the file that was published") as raised:
        fetch("census")
    assert raised.value.file == "adult.data"
    assert str(raised.value).endswith("Delete it, and it is fetched again.")
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("name", "fix"),
    [("cenus", "Did you mean 'census'?"), ("weather", "There are: census.")],
)
def test_unknown_data_set_names_the_nearest(name, fix):
    with pytest.raises(DataUnavailable, match="There is no data set") as raised:
        fetch(name)
    assert str(raised.value).endswith(fix)


def test_folder_is_the_users_cache_unless_said_otherwise(monkeypatch, tmp_path):
    monkeypatch.delenv("HELIX_JUPYTER_DATA", raising=False)
    assert "helix-jupyter" in data_folder().as_posix()
    monkeypatch.setenv("HELIX_JUPYTER_DATA", str(tmp_path))
    assert data_folder() == tmp_path


def test_every_data_set_pins_a_version_and_full_digests():
    for dataset in DATASETS.values():
        assert "==" in dataset.requirement
        assert all(len(bytes.fromhex(file.sha256)) == hashlib.sha256().digest_size for file in dataset.files.values())

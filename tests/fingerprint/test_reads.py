"""Ways of reading on the left, what was recorded on the right."""

from __future__ import annotations

import contextlib
import glob
import importlib.metadata
import json
import linecache
import operator
import os
import pathlib
import pkgutil
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import tokenize
import traceback
from collections.abc import Callable, Iterator
from os.path import isfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.csv
import pyarrow.dataset
import pyarrow.feather
import pyarrow.parquet
import pytest
from pyarrow.parquet import read_table as read_table_by_name

from helix_jupyter.fingerprint.reads import ReadRecorder
from helix_jupyter.fingerprint.types import Imported


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of tables in many formats, the current one."""
    frame = pd.DataFrame({"a": [1, 2]})
    frame.to_csv(tmp_path / "t.csv", index=False)
    frame.to_parquet(tmp_path / "t.parquet")
    frame.to_feather(tmp_path / "t.feather")
    (tmp_path / "parts").mkdir()
    frame.to_parquet(tmp_path / "parts" / "0.parquet")
    (tmp_path / "t.json").write_text("[1]")
    np.save(tmp_path / "t.npy", np.arange(3))
    sqlite3.connect(tmp_path / "t.db").close()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def package(data: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A package with data beside its code."""
    (data / "kept").mkdir()
    (data / "kept" / "__init__.py").write_text("")
    (data / "kept" / "d.txt").write_text("one")
    monkeypatch.syspath_prepend(str(data))
    yield
    sys.modules.pop("kept", None)


def recorded(run: Callable[[], Any], folder: Path, **options: Any) -> set[str]:
    with ReadRecorder(**options) as recorder:
        run()
    return {path.relative_to(folder).as_posix() for path in recorder.paths if path.is_relative_to(folder)}


READERS: dict[str, tuple[Callable[[], Any], set[str]]] = {
    "open": (lambda: open("t.csv").close(), {"t.csv"}),
    "open bytes": (lambda: open(b"t.csv", "rb").close(), {"t.csv"}),
    "pathlib": (lambda: pathlib.Path("t.csv").read_text(), {"t.csv"}),
    "os.open": (lambda: os.close(os.open("t.csv", os.O_RDONLY)), {"t.csv"}),
    "read_csv": (lambda: pd.read_csv("t.csv"), {"t.csv"}),
    "numpy.load": (lambda: np.load("t.npy"), {"t.npy"}),
    "memory map, to be changed": (lambda: np.memmap("t.npy", np.uint8), {"t.npy"}),
    "numpy.fromfile": (lambda: np.fromfile("t.npy", np.uint8), {"t.npy"}),
    "input stream": (lambda: pa.input_stream("t.csv").close(), {"t.csv"}),
    "memory map": (lambda: np.load("t.npy", mmap_mode="r"), {"t.npy"}),
    "json": (lambda: json.loads(pathlib.Path("t.json").read_bytes()), {"t.json"}),
    "sqlite": (lambda: sqlite3.connect("t.db").close(), {"t.db", "t.db-wal"}),
    "sqlite by URI": (lambda: sqlite3.connect("file:t.db?mode=ro", uri=True).close(), {"t.db", "t.db-wal"}),
    "sqlite in memory": (lambda: sqlite3.connect(":memory:").close(), set()),
    "listdir": (lambda: os.listdir("parts"), {"parts"}),
    "scandir": (lambda: list(os.scandir("parts")), {"parts"}),
    "iterdir": (lambda: list(pathlib.Path("parts").iterdir()), {"parts"}),
    "glob": (lambda: glob.glob("parts/*.parquet"), {"parts"}),
    "glob in a folder that is missing": (lambda: glob.glob("none/*.parquet"), {"none"}),
    "pandas.read_parquet": (lambda: pd.read_parquet("t.parquet"), {"t.parquet"}),
    "pandas.read_feather": (lambda: pd.read_feather("t.feather"), {"t.feather"}),
    "pyarrow.parquet": (lambda: pyarrow.parquet.read_table("t.parquet"), {"t.parquet"}),
    "pyarrow.parquet, imported by name": (lambda: read_table_by_name("t.parquet"), {"t.parquet"}),
    "pyarrow.parquet, named argument": (lambda: pyarrow.parquet.read_table(source="t.parquet"), {"t.parquet"}),
    "ParquetFile": (lambda: pyarrow.parquet.ParquetFile("t.parquet").close(), {"t.parquet"}),
    "parquet schema": (lambda: pyarrow.parquet.read_schema("t.parquet"), {"t.parquet"}),
    "folder of parts": (lambda: pyarrow.parquet.read_table("parts"), {"parts", "parts/0.parquet"}),
    "dataset": (lambda: pyarrow.dataset.dataset("parts"), {"parts", "parts/0.parquet"}),
    "pyarrow.csv": (lambda: pyarrow.csv.read_csv("t.csv"), {"t.csv"}),
    "pyarrow.feather": (lambda: pyarrow.feather.read_table("t.feather"), {"t.feather"}),
    "polars": (lambda: pl.read_csv("t.csv"), {"t.csv"}),
    "polars, lazy": (lambda: pl.scan_parquet("parts/*.parquet").collect(), {"parts", "parts/0.parquet"}),
    "a package's data": (lambda: pkgutil.get_data("kept", "d.txt"), {"kept/d.txt"}),
    "a line of a file": (lambda: fresh_line("kept/d.txt"), {"kept/d.txt"}),
    "a file in its own encoding": (lambda: tokenize.open("kept/d.txt").close(), {"kept/d.txt"}),
    "the line of a traceback": (lambda: traceback_of("kept/d.txt"), set()),
    "another thread": (lambda: in_thread(lambda: open("t.csv").close()), {"t.csv"}),
}


def fresh_line(path: str) -> str:
    linecache.clearcache()
    return linecache.getline(path, 1)


def traceback_of(path: str) -> list[str]:
    linecache.clearcache()
    try:
        exec(compile("1 / 0", path, "exec"))
    except ZeroDivisionError:
        return traceback.format_exc().splitlines()
    raise AssertionError("it fails")


def in_thread(run: Callable[[], Any]) -> None:
    thread = threading.Thread(target=run)
    thread.start()
    thread.join()


@pytest.mark.usefixtures("package")
@pytest.mark.parametrize(("run", "expected"), READERS.values(), ids=READERS.keys())
def test_readers_are_seen(run: Callable[[], Any], expected: set[str], data: Path) -> None:
    assert recorded(run, data) == expected


def test_a_file_that_is_missing_is_recorded(data: Path) -> None:
    def look() -> None:
        with pytest.raises(FileNotFoundError):
            pathlib.Path("missing.csv").read_text()

    assert recorded(look, data) == {"missing.csv"}


def write_and_read_back() -> None:
    pathlib.Path("out.csv").write_text("a")
    pathlib.Path("out.csv").read_text()


def write_and_rename() -> None:
    pathlib.Path("part").write_text("a")
    os.replace("part", "whole")
    pathlib.Path("whole").read_text()


def temporary_folder() -> None:
    with tempfile.TemporaryDirectory(dir=".") as folder:
        pathlib.Path(folder, "a").write_text("a")
        os.listdir(folder)
        pathlib.Path(folder, "a").read_text()


def looked_for_and_written() -> None:
    with contextlib.suppress(FileNotFoundError):
        pathlib.Path("cache").read_text()
    pathlib.Path("cache").write_text("a")


WRITERS: dict[str, tuple[Callable[[], Any], set[str]]] = {
    "written and read back": (write_and_read_back, set()),
    "renamed and read back": (write_and_rename, set()),
    "temporary": (temporary_folder, set()),
    "linked": (lambda: os.symlink("t.csv", "link.csv"), set()),
    "looked for in vain, then written": (looked_for_and_written, set()),
    "appended": (lambda: open("t.csv", "a").close(), set()),
    "copied": (lambda: shutil.copyfile("t.csv", "copy.csv"), {"t.csv"}),
    "made or not": (lambda: (os.makedirs("parts", exist_ok=True), os.listdir("parts")), {"parts"}),
    "read, then written": (
        lambda: (pathlib.Path("t.csv").read_text(), pathlib.Path("t.csv").write_text("a")),
        {"t.csv"},
    ),
}


@pytest.mark.parametrize(("run", "expected"), WRITERS.values(), ids=WRITERS.keys())
def test_what_is_written_is_no_input(run: Callable[[], Any], expected: set[str], data: Path) -> None:
    assert recorded(run, data) == expected


def test_ignored_folders_and_threads_are_left_out(data: Path) -> None:
    assert recorded(lambda: os.listdir("parts"), data, ignore=[data]) == set()
    assert recorded(lambda: open("t.csv").close(), data, ignore_threads={threading.get_ident()}) == set()


def test_nothing_is_recorded_before_and_after(data: Path) -> None:
    recorder = ReadRecorder()
    open("t.csv").close()
    with recorder:
        pass
    pl.read_csv("t.csv")
    assert recorder.paths == ()


def test_installed_files_and_the_system_s_are_left_out(data: Path) -> None:
    with ReadRecorder() as recorder:
        pathlib.Path(np.__file__).read_bytes()
        pathlib.Path(json.__file__).read_bytes()
        pathlib.Path(os.devnull).read_bytes()
    assert recorder.paths == ()


@pytest.mark.skipif(not os.access("/dev/shm", os.W_OK), reason="there is no folder in memory here")
def test_files_in_memory_are_files_like_any_other() -> None:
    with tempfile.TemporaryDirectory(dir="/dev/shm") as place:
        folder = Path(place)
        (folder / "t.txt").write_text("1")
        assert recorded((folder / "t.txt").read_text, folder) == {"t.txt"}


def test_imported_modules_are_sources_and_no_reads(project: Any) -> None:
    project.write(utils="import helpers", helpers="X = 1")
    for _ in ("compiled anew", "from the cache"):
        with ReadRecorder() as recorder:
            import utils  # noqa: F401  # type: ignore[import-not-found]
        assert recorder.imported == Imported(stated=("helpers", "utils"))
        assert recorder.paths == ()
        for name in ("utils", "helpers"):
            del sys.modules[name]


def test_recorders_may_overlap(data: Path) -> None:
    with ReadRecorder() as outer:
        with ReadRecorder() as inner:
            open("t.csv").close()
        pl.read_csv("t.csv")
        open("t.json").close()
    assert [path.name for path in inner.paths] == ["t.csv"]
    assert [path.name for path in outer.paths] == ["t.csv", "t.json"]


def test_readers_are_put_back(data: Path) -> None:
    def state() -> tuple[Any, ...]:
        kinds = (type(os.environ), type(os.environb), os.stat, os.lstat, os.supports_follow_symlinks)
        return (pd.read_parquet, pl.read_csv, pa.parquet.ParquetFile.__init__, list(sys.meta_path), *kinds)

    before = state()
    with contextlib.suppress(KeyboardInterrupt), ReadRecorder():
        assert pd.read_parquet is not before[0]
        assert os.stat is not before[6]
        raise KeyboardInterrupt
    assert state() == before


LOOKS: dict[str, tuple[Callable[[], Any], dict[tuple[str, str], str]]] = {
    "os.path.exists": (lambda: os.path.exists("none"), {("none", "exists"): "missing"}),
    "a name that was imported": (lambda: isfile("t.csv"), {("t.csv", "exists"): "file"}),
    "isdir": (lambda: os.path.isdir("parts"), {("parts", "exists"): "directory"}),
    "Path.exists": (lambda: pathlib.Path("none").exists(), {("none", "exists"): "missing"}),
    "Path.is_file": (lambda: pathlib.Path("t.csv").is_file(), {("t.csv", "exists"): "file"}),
    "size": (lambda: os.path.getsize("t.csv"), {("t.csv", "size"): "file 6"}),
    "age": (lambda: os.path.getmtime("t.csv"), {("t.csv", "stat"): "file 6 1000000000"}),
    "os.stat": (lambda: os.stat("t.csv"), {("t.csv", "stat"): "file 6 1000000000"}),
    "Path.stat": (lambda: pathlib.Path("t.csv").stat(), {("t.csv", "stat"): "file 6 1000000000"}),
    "age of what is opened": (
        lambda: (os.path.getmtime("t.csv"), open("t.csv").close()),
        {("t.csv", "stat"): "file 6 1000000000"},
    ),
    "opened, so its content tells": (lambda: (os.path.exists("t.csv"), open("t.csv").close()), {}),
    "made": (lambda: (os.path.exists("new"), pathlib.Path("new").write_text("a")), {}),
    "glob": (lambda: glob.glob("*/t.csv"), {("parts/t.csv", "exists"): "missing"}),
    "Path.glob": (
        lambda: list(pathlib.Path().glob("*/t.csv")),
        # Python 3.12 lists the folder instead
        {} if sys.version_info[:2] == (3, 12) else {("parts/t.csv", "exists"): "missing"},
    ),
    "resolved only": (lambda: (pathlib.Path("t.csv").resolve(), os.path.realpath("t.csv")), {}),
    "an open file": (lambda: os.stat(0), {}),
    "library code": (lambda: pd.io.common.file_exists("t.csv"), {}),
}


@pytest.mark.parametrize(("run", "expected"), LOOKS.values(), ids=LOOKS.keys())
def test_questions_about_files_are_seen(
    run: Callable[[], Any], expected: dict[tuple[str, str], str], data: Path
) -> None:
    os.utime("t.csv", ns=(10**9, 10**9))
    with ReadRecorder() as recorder:
        run()
    found = {(path.relative_to(data).as_posix(), asked): told for (path, asked), told in recorder.seen().looks.items()}
    assert found == expected


@pytest.mark.parametrize("pattern", ["*/t.csv", "parts/t.csv", "**/t.csvx", "parts/*.csvx"])
def test_what_a_pattern_would_find_is_seen(pattern: str, data: Path) -> None:
    with ReadRecorder() as recorder:
        assert not list(pathlib.Path().glob(pattern))
    seen = recorder.seen()
    told = {path.relative_to(data).as_posix() for path in [*seen.files, *(path for path, _ in seen.looks)]}
    assert told & {"parts", "parts/t.csv"}


def test_a_question_that_python_answers_in_c_is_seen(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os.path, "isfile", operator.truth)  # on Windows these are builtin functions
    with ReadRecorder() as recorder:
        os.path.isfile("none")
    assert recorder.seen().looks == {(data / "none", "exists"): "missing"}
    assert os.path.isfile is operator.truth


def test_a_question_is_taken_once_more_after_a_change_of_folder(data: Path) -> None:
    with ReadRecorder() as recorder:
        for folder in (".", "parts"):
            os.chdir(folder)
            os.path.exists("t.csv")
    assert {path.relative_to(data).as_posix() for path, _ in recorder.seen().looks} == {"t.csv", "parts/t.csv"}


FOLDERS: dict[str, tuple[Callable[[], Any], bool]] = {
    "absolute": (lambda: pathlib.Path(tempfile.gettempdir()).exists(), False),
    "relative": (lambda: open("t.csv").close(), True),
    "asked for": (lambda: (os.getcwd(), pathlib.Path.cwd()), True),
    "made absolute": (lambda: os.path.abspath("t.csv"), True),
}


@pytest.mark.parametrize(("run", "expected"), FOLDERS.values(), ids=FOLDERS.keys())
def test_whether_the_working_directory_counts(run: Callable[[], Any], expected: bool, data: Path) -> None:
    with ReadRecorder() as recorder:
        run()
    assert recorder.seen().relative is expected


def test_copying_works_while_recording(data: Path) -> None:
    os.symlink("t.csv", "link.csv")
    with ReadRecorder():
        shutil.copy2("link.csv", "copy.csv", follow_symlinks=False)
        shutil.copytree("parts", "others", symlinks=True)
        shutil.rmtree("others")
    assert os.path.islink("copy.csv")


COMMANDS: dict[str, tuple[Callable[[], Any], set[str]]] = {
    "words": (lambda: subprocess.run([sys.executable, "-c", "", "t.csv"], check=True), {"t.csv"}),
    "shell": (lambda: subprocess.run("true t.csv 'parts/0.parquet'", shell=True), {"t.csv", "parts/0.parquet"}),
    "os.system": (lambda: os.system("true t.csv"), {"t.csv"}),
    "redirected": (lambda: subprocess.run("cat <t.csv >out.txt", shell=True), {"t.csv"}),
    "piped": (lambda: os.system("cat t.csv|cat>/dev/null;true t.json&&true"), {"t.csv", "t.json"}),
    "a script": (lambda: subprocess.run("./parts/run.sh t.csv", shell=True), {"parts/run.sh", "t.csv"}),
    "in another folder": (lambda: subprocess.run(["true", "0.parquet"], cwd="parts"), {"parts/0.parquet"}),
}


@pytest.mark.parametrize(("run", "expected"), COMMANDS.values(), ids=COMMANDS.keys())
def test_files_that_a_command_names_are_noted(run: Callable[[], Any], expected: set[str], data: Path) -> None:
    (data / "parts" / "run.sh").write_text("")
    with ReadRecorder() as recorder:
        run()
    assert {path.relative_to(data).as_posix() for path in recorder.seen().named} == expected


ENVIRONMENT: dict[str, tuple[Callable[[], Any], dict[str, str | None]]] = {
    "os.environ": (lambda: os.environ["MODE"], {"MODE": "a"}),
    "get": (lambda: os.environ.get("MODE"), {"MODE": "a"}),
    "os.getenv": (lambda: os.getenv("NONE", "b"), {"NONE": None}),
    "in": (lambda: "MODE" in os.environ, {"MODE": "a"}),
    "a prefix": (lambda: [os.environ[name] for name in os.environ if name.startswith("MOD")], {"MODE": "a"}),
    "all of it": (lambda: ({**os.environ}, dict(os.environ), os.environ.copy(), list(os.environ.items())), {}),
    "all of it, and one": (lambda: (dict(os.environ), os.environ["MODE"]), {"MODE": "a"}),
    "set before": (lambda: (os.environ.update(MODE="b"), os.environ["MODE"]), {}),
    "by library code": (lambda: (tempfile.gettempdir(), shutil.which("python")), {}),
}


@pytest.mark.parametrize(("run", "expected"), ENVIRONMENT.values(), ids=ENVIRONMENT.keys())
def test_environment_variables_are_seen(
    run: Callable[[], Any], expected: dict[str, str | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MODE", "a")
    monkeypatch.delenv("NONE", raising=False)
    monkeypatch.setattr(tempfile, "tempdir", None)
    with ReadRecorder() as recorder:
        run()
    assert recorder.seen().variables == expected


def test_a_connection_is_noted() -> None:
    with ReadRecorder() as recorder, contextlib.suppress(OSError), socket.socket() as one:
        one.connect(("127.0.0.1", 9))
    assert recorder.seen().hosts == ("127.0.0.1:9",)


def test_a_reader_imported_while_recording_is_seen(data: Path) -> None:
    code = (
        "from helix_jupyter.fingerprint.reads import ReadRecorder\n"
        "with ReadRecorder() as recorder:\n"
        "    import polars, pyarrow.parquet\n"
        "    polars.read_csv('t.csv'); pyarrow.parquet.read_table('t.parquet')\n"
        "print(*(path.name for path in recorder.paths))\n"
        "print(type(polars.__spec__.loader).__name__, hasattr(polars.read_csv, '__helix_reads__'))\n"
    )
    path = os.pathsep.join([str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        capture_output=True,
        text=True,
        cwd=data,
        env={**os.environ, "PYTHONPATH": path},
    )
    assert done.stdout.splitlines() == ["t.csv t.parquet", "SourceFileLoader False"]


def test_pythons_own_searches_are_no_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    with ReadRecorder() as recorder:
        list(importlib.metadata.entry_points(group="nobody.has.this"))
        list(pkgutil.iter_modules())
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            importlib.metadata.version("nobody-has-this")
    assert recorder.paths == ()


def test_the_list_of_fonts_that_matplotlib_keeps_is_no_input(tmp_path: Path) -> None:
    path = tmp_path / "matplotlib" / "fontlist-v390.json"
    path.parent.mkdir()
    path.write_text("{}")
    with ReadRecorder() as recorder:
        path.read_text()
    assert recorder.paths == ()

"""The state of files: what changes it, and when content is read at all."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from helix_jupyter.fingerprint import files
from helix_jupyter.fingerprint.files import MISSING, FileState, expand_watch, file_state, glance, named_files

LONG_AGO = 1_500_000_000_000_000_000


def aged(path: Path, nanoseconds: int = LONG_AGO) -> Path:
    os.utime(path, ns=(nanoseconds, nanoseconds))
    return path


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "table.csv"
    path.write_text("a,b\n1,2\n")
    return aged(path)


def test_a_state_whose_stat_holds_is_given_back(table: Path) -> None:
    before = file_state(table)
    assert file_state(table, before) is before


def test_touch_alone_keeps_the_digest(table: Path) -> None:
    before = file_state(table)
    aged(table, LONG_AGO + 10**9)
    after = file_state(table, before)
    assert after.digest == before.digest
    assert after != before


def test_changed_content_changes_the_digest(table: Path) -> None:
    before = file_state(table)
    table.write_text("a,b\n1,3\n")
    assert file_state(table, before).digest != before.digest


def test_an_edit_behind_a_restored_time_is_seen_by_the_change_time(table: Path) -> None:
    before = file_state(table)
    table.write_text("a,b\n1,3\n")
    aged(table)
    found = os.stat(table)
    if found.st_ctime_ns != before.ctime_ns:
        assert file_state(table, before).digest != before.digest


def test_an_edit_within_one_tick_of_the_clock_is_seen(table: Path) -> None:
    table.write_text("a,b\n1,2\n")
    before = file_state(table)
    table.write_text("a,b\n1,3\n")
    stat = os.stat(table)
    same_tick = FileState(
        "file", before.digest, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino, before.checked_ns
    )
    assert file_state(table, same_tick).digest != before.digest


def test_the_digest_is_of_the_content_alone(table: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_bytes(table.read_bytes())
    assert file_state(other).digest == file_state(table).digest


def test_large_files_are_digested_like_small_ones(table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = file_state(table).digest
    monkeypatch.setattr(files, "CHUNK_BYTES", 3)
    assert file_state(table).digest == whole


def test_missing_empty_and_folder_differ(tmp_path: Path) -> None:
    (tmp_path / "empty").write_bytes(b"")
    (tmp_path / "folder").mkdir()
    states = [file_state(tmp_path / name) for name in ("nothing", "empty", "folder")]
    assert [state.kind for state in states] == ["missing", "file", "directory"]
    assert len({state.digest for state in states}) == 3


def test_a_file_that_vanishes_and_comes_back(table: Path) -> None:
    before = file_state(table)
    content = table.read_bytes()
    table.unlink()
    gone = file_state(table, before)
    assert gone.kind == "missing"
    table.write_bytes(content)
    assert file_state(table, gone).digest == before.digest


def test_a_folder_is_its_names(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("1")
    before = file_state(tmp_path)
    (tmp_path / "a").write_text("2")
    assert file_state(tmp_path, before).digest == before.digest
    (tmp_path / "b").write_text("")
    assert file_state(tmp_path, before).digest != before.digest


def test_watch_patterns_are_expanded_in_order(tmp_path: Path) -> None:
    for name in ("b.csv", "a.csv", "c.txt", "deep/d.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    found = expand_watch(["*.csv", "c.txt", "a.csv", "**/*.csv"], tmp_path)
    assert [path.relative_to(tmp_path).as_posix() for path in found] == ["a.csv", "b.csv", "c.txt", "deep/d.csv"]


def test_a_pattern_without_a_match_is_a_state_until_a_file_appears(tmp_path: Path) -> None:
    (before,) = expand_watch(["*.csv"], tmp_path)
    assert file_state(before).kind == "missing"
    (tmp_path / "a.csv").write_text("")
    assert expand_watch(["*.csv"], tmp_path) == (tmp_path / "a.csv",)


def test_absolute_patterns_stay_where_they_are(table: Path, tmp_path: Path) -> None:
    assert expand_watch([str(table)], tmp_path / "elsewhere") == (table,)


def test_strings_that_name_files_are_found(table: Path, tmp_path: Path) -> None:
    strings = ["table.csv", "other.csv", "", ".", "a\nb", "x" * 5000, "nul\0", str(table), table, 3, "table.csv"]
    assert named_files(strings, tmp_path) == (table,)


def test_a_file_in_the_future_stands_while_it_is_not_written(table: Path) -> None:
    aged(table, time.time_ns() + 10**15)
    was = glance(table)
    assert was.stands(table, file_state(table).digest)
    table.write_text("a,b\n1,3\n")
    assert not was.stands(table, file_state(table).digest)


@pytest.mark.parametrize("age", [0, 10**13], ids=["just written", "long ago"])
def test_what_is_written_meanwhile_does_not_stand(table: Path, age: int) -> None:
    aged(table, time.time_ns() - age)
    was = glance(table)
    table.write_text("a,b\n1,3\n")
    if not age:
        aged(table, was.state.mtime_ns)  # within one tick of the clock
    assert not was.stands(table, file_state(table).digest)


def test_a_file_that_appears_or_vanishes_does_not_stand(table: Path, tmp_path: Path) -> None:
    missing, there = glance(tmp_path / "new"), glance(table)
    (tmp_path / "new").write_text("")
    table.unlink()
    assert not missing.stands(tmp_path / "new", file_state(tmp_path / "new").digest)
    assert not there.stands(table, MISSING.digest)


def test_a_folder_stands_but_for_what_comes_from_elsewhere(tmp_path: Path) -> None:
    was = glance(tmp_path)
    (tmp_path / "own").write_text("")
    now = file_state(tmp_path).digest
    assert was.stands(tmp_path, now, [tmp_path / "own"])
    assert not was.stands(tmp_path, now)


def test_an_empty_log_beside_a_database_is_as_good_as_none(tmp_path: Path) -> None:
    log = tmp_path / "t.db-wal"
    log.write_bytes(b"")
    assert file_state(log) == MISSING == glance(log).state
    log.write_bytes(b"1")
    assert file_state(log) != MISSING

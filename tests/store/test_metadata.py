from __future__ import annotations

import random
import zlib
from collections.abc import Callable
from dataclasses import replace

import pytest

from helix_jupyter.errors import UnknownVersion
from helix_jupyter.fingerprint.files import FileState
from helix_jupyter.plan.forecast import Measured
from helix_jupyter.store.store import Store
from helix_jupyter.store.types import OutputFact, OutsideFact, Result
from helix_jupyter.store.versions import Summaries

A, B = OutputFact("x", "d1", True, 100, "array 3"), OutputFact("y", "d2", False)
FACTS = (OutsideFact("MODE", "f2", "variable"), OutsideFact("a.csv", "f1"))
RESULT = Result("k", "main", "rows", (A, B), 1.5, 1000.0, "c1", FACTS)


@pytest.fixture
def reopened(opened: Callable[..., Store]) -> Callable[[], Store]:
    """Each call closes the store and opens it anew."""
    stores = [opened()]

    def again() -> Store:
        stores[-1].close()
        stores.append(opened())
        return stores[-1]

    return again


def test_a_result_comes_back_as_it_was(reopened: Callable[[], Store]) -> None:
    reopened().add_result(RESULT)
    assert reopened().results(["k", "other"]) == {"k": [RESULT]}


def test_results_of_one_key_differ_in_their_files_and_come_newest_first(store: Store) -> None:
    other = replace(RESULT, outside=(OutsideFact("a.csv", "f9"),))
    for result in (RESULT, other, replace(RESULT, seconds=9.0)):
        store.add_result(result)
    assert store.results(["k"])["k"] == [replace(RESULT, seconds=9.0), other]


def test_many_keys_are_found_in_one_call(store: Store) -> None:
    for number in range(50):
        store.add_result(replace(RESULT, key=f"k{number}"))
    found = store.results(f"k{number}" for number in range(20, 5000))
    assert sorted(found) == sorted(f"k{number}" for number in range(20, 50))
    assert store.results([]) == {}


def test_costs_are_the_newest_of_each_node(store: Store) -> None:
    store.add_result(RESULT)
    store.add_result(replace(RESULT, key="k2", seconds=4.0, reusable=False))
    store.add_result(replace(RESULT, node="model", seconds=7.0, outputs=()))
    store.add_result(replace(RESULT, workflow="other", seconds=8.0, key="k3"))
    rows = (Measured(RESULT.seconds, 0, RESULT.key), Measured(4.0, 0, "k2"))
    model = (Measured(7.0, 0, RESULT.key),)
    costs = store.costs("main")
    assert {node: (cost.seconds, cost.bytes) for node, cost in costs.items()} == {"rows": (4.0, 100), "model": (7.0, 0)}
    assert {node: cost.history for node, cost in costs.items()} == {"rows": rows, "model": model}
    assert costs["rows"].sizes == {output.name: output.bytes for output in RESULT.outputs}
    assert store.results(["k2"])["k2"][0].reusable is False


def test_versions_are_numbered_per_workflow_and_numbers_are_not_reused(reopened: Callable[[], Store]) -> None:
    store = reopened()
    for text in ("one", "two", "three"):
        store.add_version("main", {"message": text, "metrics": {"accuracy": 0.5}}, [text.encode()])
    assert store.add_version("other", {}, [b""]) == 1
    store.delete_versions("main", [2, 3])
    store = reopened()
    assert store.add_version("main", {"message": "four"}, [b"four"]) == 4
    assert [(number, summary["message"]) for number, summary in store.versions("main")] == [
        (1, "one"),
        (4, "four"),
    ]
    assert store.version_payload("main", 1) == [b"one"]
    assert store.workflows() == ["main", "other"]
    with pytest.raises(UnknownVersion, match="no version 2"):
        store.version_payload("main", 2)


def test_small_facts_last(reopened: Callable[[], Store]) -> None:
    store = reopened()
    store.set_pin("main", "rows", True)
    store.set_pin("main", "rows", True)
    store.set_pin("main", "model", True)
    store.set_pin("main", "model", False)
    store.add_alias("new", "old", "main", "rows")
    store.add_alias("new", "older", "main", "rows")
    store.add_alias("new", "other", "main", "model")
    state = FileState("file", "f1", 10, 5, 6, inode=2**64 - 1, checked_ns=7)
    store.remember_file("/data/a.csv", FileState("missing", "f0"))
    store.remember_file("/data/a.csv", state)
    store = reopened()
    assert store.pins("main") == {"rows"}
    assert store.pins("other") == set()
    assert store.aliases() == {("main", "rows", "new"): "older", ("main", "model", "new"): "other"}
    assert store.file_stats() == {"/data/a.csv": state}


def test_what_versions_have_in_common_is_kept_once_and_goes_with_the_last_of_them(store: Store) -> None:
    draw = random.Random(0)
    code, first, second = (draw.randbytes(4000) for _ in range(3))
    for payload in ([first, code, code], [second, code], []):
        store.add_version("main", {}, payload)
    store.add_version("other", {}, [code])
    assert pieces(store) == {first, code, second}
    assert [store.version_payload("main", number) for number in (1, 2, 3)] == [[first, code, code], [second, code], []]
    store.delete_versions("main", [1])
    assert pieces(store) == {code, second}
    assert store.version_payload("main", 2) == [second, code]
    store.delete_versions("main", [2, 3])
    assert pieces(store) == {code}
    assert store.version_payload("other", 1) == [code]


def pieces(store: Store) -> set[bytes]:
    return {zlib.decompress(data) for (data,) in store._database.rows("SELECT data FROM pieces")}


def test_a_version_of_schema_1_is_read(store: Store) -> None:
    number = store.add_version("main", {"message": "old"}, [b"anything"])
    with store._database.transaction() as connection:
        connection.execute("UPDATE versions SET payload = ?, pieces = x''", (zlib.compress(b"as it was"),))
    assert store.version_payload("main", number) == [b"as it was"]


def test_one_version_is_found_without_the_others(store: Store) -> None:
    assert store.newest_version("main") is None
    for text in ("one", "two"):
        store.add_version("main", {"message": text}, [])
    assert store.newest_version("main") == 2
    assert store.version_summary("main", 1) == {"message": "one"}
    with pytest.raises(UnknownVersion, match=r"no version 3\. Versions go from 1 to 2"):
        store.version_summary("main", 3)


def test_summaries_are_parsed_when_looked_at() -> None:
    texts = ["no JSON", *(f'{{"message": "m{number}"}}' for number in range(1, 300))]
    summaries = Summaries(list(enumerate(texts)))
    assert summaries[-1] == (299, {"message": "m299"})
    assert summaries[130:132] == [(130, {"message": "m130"}), (131, {"message": "m131"})]
    assert len(summaries) == 300
    with pytest.raises(IndexError):
        summaries[300]
    with pytest.raises(ValueError, match="Expecting value"):
        summaries[1]

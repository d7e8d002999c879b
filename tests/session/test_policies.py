"""What is kept on disk: policies under a byte budget, pins, garbage collection."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from session_helpers import computed, declare_chain, ran, slow

from helix_jupyter import Session

Opener = Callable[..., Session]


@pytest.fixture(autouse=True)
def sizes_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """Values here are of zeros, to be made quickly; compressed they would all fit. See test_compressed.py for that."""
    monkeypatch.setenv("HELIX_JUPYTER_COMPRESSION", "off")


def kept(session: Session) -> set[str]:
    session.flush()
    return {fact.node for fact in session.store.artifacts().values() if fact.kind == "output"}


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("all", {"quick", "costly"}),
        ("none", set()),
        ("helix", {"costly"}),
        ("adaptive", {"costly"}),
    ],
)
def test_what_a_policy_keeps(opened: Opener, policy: str, expected: set[str]) -> None:
    session = opened(policy=policy)
    session.declare("quick = bytes(60_000_000)", ["quick"])  # made in less time than it takes to load
    session.declare("import time\ntime.sleep(0.1)\ncostly = 2", ["costly"])
    session.run()
    assert kept(session) == expected


@pytest.mark.parametrize("policy", ["all", "none", "helix", "adaptive"])
def test_values_are_the_same_under_every_policy(opened: Opener, policy: str) -> None:
    for expected in (12, 12, 24):
        session = opened(policy=policy)
        declare_chain(session, "rows = [1, 2, 3]" if expected == 12 else "rows = [2, 4, 6]")
        session.run()
        assert session["doubled"] == expected
        session.close()


def test_under_policy_none_a_session_still_reuses_what_it_has_in_memory(opened: Opener) -> None:
    session = opened(policy="none")
    declare_chain(session)
    session.run()
    assert computed(session.run()) == []
    session.declare("doubled = total * 3", ["doubled"])
    assert computed(session.run()) == ["doubled"]


def test_under_policy_none_a_restart_computes_all(opened: Opener) -> None:
    for _ in range(2):
        session = opened(policy="none")
        declare_chain(session)
        assert len(computed(session.run())) == 3
        session.close()


@pytest.mark.parametrize("policy", ["all", "helix", "adaptive"])
def test_joblib_574_the_budget_holds_at_every_moment(opened: Opener, folder: Path, policy: str) -> None:
    budget = 10_000_000
    session = opened(policy=policy, budget=budget)
    for number in range(20):
        session.declare(slow(f"part{number} = bytes([{number}]) * 1_000_000"), [f"part{number}"])
    peaks: list[int] = []
    over = threading.Event()

    def watch() -> None:
        while not over.is_set():
            total = 0
            for place, _, names in os.walk(folder / ".helix" / "objects"):
                for name in names:
                    try:
                        total += os.path.getsize(os.path.join(place, name))
                    except OSError:
                        continue
            peaks.append(total)
            time.sleep(0.002)

    watcher = threading.Thread(target=watch)
    watcher.start()
    session.run()
    session.flush()
    over.set()
    watcher.join()
    assert 0 < max(peaks) <= budget
    assert 0 < session.store.used_bytes <= budget
    assert all(session[f"part{number}"][:1] == bytes([number]) for number in range(20))


@pytest.mark.parametrize("policy", ["all", "helix", "adaptive"])
def test_an_artifact_larger_than_the_budget(opened: Opener, told: list[str], policy: str) -> None:
    session = opened(policy=policy, budget="10MB")
    session.declare(slow("big = bytes(20_000_000)"), ["big"])
    session.declare(slow("small = len(big)"), ["small"])
    assert session.run().status == "done"
    assert session["small"] == 20_000_000
    (line,) = [line for line in told if "'big'" in line]
    assert line == "Node 'big' is not stored: 20 MB is more than the whole budget (10 MB): %helix config budget=SIZE"
    session.flush()
    assert kept(session) == {"small"}
    assert computed(session.run()) == []


def test_a_pinned_node_stays_when_others_need_room(opened: Opener) -> None:
    session = opened(policy="adaptive", budget="5MB")
    session.declare(slow("precious = bytes(3_000_000)"), ["precious"])
    session.pin("precious")
    session.run()
    assert kept(session) == {"precious"}
    for number in range(4):
        session.declare(f"import time\ntime.sleep(0.15)\nother = bytes([{number}]) * 3_000_000", ["other"])
        session.run()
    assert kept(session) == {"precious"}


def test_a_pinned_node_is_kept_under_policy_none(opened: Opener) -> None:
    session = opened(policy="none")
    session.declare("value = 1", ["value"])
    session.declare("other = 2", ["other"])
    session.pin("value")
    session.run()
    assert kept(session) == {"value"}


def test_a_node_pinned_after_it_ran_is_kept(opened: Opener) -> None:
    session = opened(policy="none")
    session.declare(slow("value = 1"), ["value"])
    session.run()
    session.pin("value")
    session.run()
    assert kept(session) == {"value"}


@pytest.mark.parametrize("lost", [False, True], ids=["at-hand", "computed-again"])
def test_a_pin_without_room_is_kept_once_there_is_room(opened: Opener, lost: bool) -> None:
    session = opened(policy="adaptive", budget="1MB", memory="1kB" if lost else "1GB")
    session.declare(slow("value = bytes(3_000_000)"), ["value"])
    session.run()
    session.pin("value")
    assert kept(session) == set()
    session.config(budget="1GB")
    assert computed(session.run()) == (["value"] if lost else [])
    assert kept(session) == {"value"}


def test_an_evicted_value_says_so(opened: Opener) -> None:
    session = opened(policy="adaptive", budget="5MB", memory="1kB")
    session.declare("import time\ntime.sleep(0.15)\nfirst = bytes(3_000_000)", ["first"])
    session.run()
    session.flush()
    session.declare("import time\ntime.sleep(0.5)\nsecond = bytes([2]) * 3_000_000", ["second"])
    session.run()
    session.flush()
    assert kept(session) == {"second"}
    version = session.run()
    assert computed(version) == ["first"]
    assert "second" in version.nodes["first"].reason


@pytest.mark.parametrize("code", ["print('shown ' * 200)\n7", "print('shown ' * 200)"], ids=["value", "print"])
def test_what_a_node_shows_stays_with_its_value_when_others_need_room(opened: Opener, code: str) -> None:
    """A node that is there for what it shows is of no use without it, though its value lies in the store."""
    pause = "import time\ntime.sleep(0.2)\n"
    session = opened(policy="adaptive", budget="20kB")
    session.declare(pause + code, ["shown"], name="shown")
    for number in (1, 2):
        session.declare(f"{pause}edited = bytes([{number}]) * 5000", ["edited"])
        session.run()
    session.flush()
    room = session.store.budget - session.store.used_bytes
    # a little more than there is room for: what was superseded is worth less than what the node shows
    session.declare(f"{pause}large = bytes({room})", ["large"])
    session.run()
    assert kept(session) == {"shown", "edited", "large"}
    declarations = dict(session.declarations)
    session.close()
    again = opened(policy="adaptive", budget="20kB")
    for name, one in declarations.items():
        again.declare(one.code, one.outputs, name=name)
    assert computed(again.run()) == []


def test_a_node_says_that_what_it_showed_is_no_longer_stored(opened: Opener) -> None:
    session = opened(memory="1kB")
    session.declare(slow("print('shown ' * 200)\n7"), ["shown"], name="shown")
    console = session.run().nodes["shown"].console
    session.flush()
    session.store.evict([console], "evicted for other (budget)")
    version = session.run()
    assert computed(version) == ["shown"]
    assert version.nodes["shown"].reason == "what it showed is no longer stored: evicted for other (budget)"


def test_gc_previews_and_then_deletes(session: Session) -> None:
    for number in range(3):
        session.declare(slow(f"value = bytes([{number}]) * 1000"), ["value"])
        session.run()
    session.flush()
    before = session.store.used_bytes
    preview = session.gc(dry_run=True, keep_last=1)
    assert session.store.used_bytes == before
    assert len(session.versions) == 3
    done = session.gc(keep_last=1)
    assert preview.bytes == done.bytes > 0
    assert preview.versions == done.versions == {"main": (1, 2)}
    assert ("main", "value") in done.nodes
    assert [version.id for version in session.versions] == [3]
    assert session["value"] == bytes([2]) * 1000
    assert computed(session.run()) == []


def test_gc_leaves_what_is_pinned(session: Session) -> None:
    session.declare(slow("value = 1"), ["value"])
    session.pin("value")
    session.run()
    session.declare(slow("value = 2"), ["value"])
    session.run()
    session.gc(keep_last=1)
    session.declare(slow("value = 1"), ["value"])
    assert computed(session.run()) == []


def test_workflows_share_values_but_not_versions(opened: Opener) -> None:
    one = opened(workflow="one")
    declare_chain(one)
    one.run()
    one.flush()
    two = opened(workflow="two")
    declare_chain(two)
    assert ran(two.run()) == {"rows": "prune", "total": "prune", "doubled": "load"}
    assert [version.id for version in two.versions] == [1]


def test_what_nodes_share_makes_room_when_all_of_them_are_evicted(opened: Opener) -> None:
    """Neither renamed table frees anything alone; the store must not be stuck with them."""
    session = opened(policy="adaptive", budget="5MB", memory="1kB")
    session.declare(
        "import time\nimport numpy as np\ntime.sleep(0.15)\ntable = {'a': np.arange(400_000.0)}",
        ["table"],
    )
    session.declare("renamed = {'b': table['a']}", ["renamed"])
    session.run()
    assert kept(session) == {"table", "renamed"}
    assert session.store.used_bytes < 3_300_000  # the column once
    session.declare("import time\ntime.sleep(0.8)\nother = bytes([1]) * 3_000_000", ["other"])
    session.run("other")
    assert kept(session) == {"other"}


def test_a_value_that_shares_its_bytes_fits_where_they_would_not(opened: Opener) -> None:
    session = opened(policy="helix", budget="5MB", memory="1kB")
    session.declare(
        "import time\nimport numpy as np\ntime.sleep(0.15)\ntable = {'a': np.arange(400_000.0)}",
        ["table"],
    )
    session.declare("renamed = {'b': table['a']}", ["renamed"])
    session.declare("import time\ntime.sleep(0.15)\nother = bytes([1]) * 3_000_000", ["other"])
    session.run()
    assert kept(session) == {"table", "renamed"}


def test_what_is_still_being_written_is_waited_for_and_loaded(opened: Callable[..., Session]) -> None:
    session = opened(policy="all", memory="1kB")
    go_on = threading.Event()
    session.store.writer.submit(go_on.wait)
    session.declare(slow("value = list(range(5000))"), ["value"])
    try:
        session.run()
        session.declare(slow("behind = len(value)"), ["behind"])
        assert [str(state) for state in session.plan().states.values()] == ["load", "compute"]
        threading.Timer(0.1, go_on.set).start()
        assert ran(session.run()) == {"value": "load", "behind": "compute"}
    finally:
        go_on.set()
    assert session["behind"] == 5000


def test_what_was_not_written_after_all_is_computed(opened: Callable[..., Session], told: list[str]) -> None:
    session = opened(policy="all", memory="1kB")
    go_on = threading.Event()
    session.store.writer.submit(go_on.wait)
    session.declare(slow("import numpy as np\nvalue = np.zeros(50_000)"), ["value"])
    try:
        session.run()
        session.namespace["value"][0] = 1  # in place, while it waits to be written
        session.declare(slow("behind = value.sum()"), ["behind"])
        threading.Timer(0.1, go_on.set).start()
        assert computed(session.run()) == ["value", "behind"]
    finally:
        go_on.set()
    assert session["behind"] == 0


@pytest.mark.parametrize("policy", ["all", "helix", "adaptive"])
@pytest.mark.parametrize(
    ("budget", "stay"), [(0, set()), ("250kB", {"pinned", "size"}), ("10MB", {"pinned", "large", "size"})]
)
def test_a_lowered_budget_is_held_by_the_next_run_that_loads_everything(
    opened: Opener, told: list[str], policy: str, budget: object, stay: set[str]
) -> None:
    session = opened(policy=policy)
    session.declare(slow("pinned = bytes(249_000)"), ["pinned"])
    session.declare(slow("large = b'x' * len(pinned)"), ["large"])
    session.declare(slow("size = len(large)"), ["size"])
    session.pin("pinned")
    session.run()
    session.flush()
    session.config(budget=budget)
    assert computed(session.run()) == []
    assert session.store.used_bytes <= session.store.budget
    assert {fact.node for fact in session.store.artifacts().values()} == stay
    assert [line for line in told if "is less than what was stored" in line] == (told if len(stay) < 3 else [])
    assert len(told) == (len(stay) < 3)
    assert session.pin("pinned") == (("pinned",) if budget == 0 else ())

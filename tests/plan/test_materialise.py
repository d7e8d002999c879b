"""What to keep under a budget."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helix_jupyter.plan.keeping import Candidate, Contents, Storage, Stored
from helix_jupyter.plan.materialise import POLICIES
from helix_jupyter.plan.outlook import Outlook, Vertex

MB = 10**6
CASES = 10


def candidate(size=4 * MB, cumulative=10.0, load=1.0, pinned=False):
    return Candidate("model", "new", size, cumulative, load, cumulative, pinned=pinned)


OLD = Stored("old", 4 * MB, 1.0, chance=1.0)
POOR = Stored("poor", 4 * MB, 0.5, chance=1.0)
RICH = Stored("rich", 4 * MB, 100.0, chance=1.0)
UNLIKELY = Stored("unlikely", 4 * MB, 100.0, chance=0.001)
PINNED = Stored("pinned", 4 * MB, 0.1, chance=1.0, pinned=True)
LARGE = Stored("large", 8 * MB, 15.0, chance=1.0)


def storage(stored, budget, new=None, in_use=(), used=None):
    """Of what is stored only its worth and chance are known; the candidate is needed in every next run."""
    new = new or candidate()
    vertex = Vertex("new", (), new.compute_seconds, new.load_seconds, (1 << CASES) - 1)
    contents = Contents({one.key: one for one in stored}, {}, frozenset(in_use), Outlook([vertex], CASES))
    held = sum(one.bytes for one in stored)
    return Storage(budget, held if used is None else used, lambda: contents)


@pytest.mark.parametrize(
    ("policy", "new", "stored", "keep", "evict"),
    [
        pytest.param("helix", candidate(), [], True, (), id="helix: worth it"),
        pytest.param("helix", candidate(cumulative=2.0), [], False, (), id="helix: C(n) = 2 load(n)"),
        pytest.param("helix", candidate(), [OLD, POOR], False, (), id="helix: never evicts"),
        pytest.param("helix", candidate(6 * MB), [OLD], True, (), id="helix: fits exactly"),
        pytest.param("all", candidate(cumulative=0.0), [OLD], True, (), id="all: whatever fits"),
        pytest.param("all", candidate(), [OLD, POOR], False, (), id="all: never evicts"),
        pytest.param("none", candidate(), [], False, (), id="none"),
        pytest.param("none", candidate(pinned=True), [], True, (), id="none: pinned"),
        pytest.param("memory", candidate(), [], False, (), id="memory"),
        pytest.param("memory", candidate(pinned=True), [], True, (), id="memory: pinned"),
        pytest.param("adaptive", candidate(), [OLD], True, (), id="adaptive: fits"),
        pytest.param("adaptive", candidate(cumulative=2.0), [], True, (), id="adaptive: dearer than its load"),
        pytest.param("adaptive", candidate(cumulative=1.0), [], False, (), id="adaptive: no dearer than its load"),
        pytest.param("adaptive", candidate(), [OLD, POOR], True, ("poor",), id="adaptive: lowest first"),
        pytest.param("adaptive", candidate(), [RICH, UNLIKELY], True, ("unlikely",), id="adaptive: by chance"),
        pytest.param("adaptive", candidate(8 * MB, 50), [OLD, POOR], True, ("old", "poor"), id="adaptive: two"),
        pytest.param("adaptive", candidate(8 * MB), [RICH, POOR], False, (), id="adaptive: not enough"),
        pytest.param("adaptive", candidate(8 * MB), [PINNED, POOR], False, (), id="adaptive: pins stay"),
        pytest.param("adaptive", candidate(), [LARGE], False, (), id="adaptive: not a large one for a small"),
        pytest.param("helix", candidate(cumulative=0.0, pinned=True), [RICH, OLD], True, ("old",), id="pinned evicts"),
        pytest.param("helix", candidate(8 * MB, pinned=True), [PINNED, OLD], False, (), id="pinned beside pinned"),
        pytest.param("all", candidate(12 * MB, pinned=True), [], False, (), id="beyond the budget"),
        pytest.param("adaptive", candidate(0), [OLD, POOR], True, (), id="no bytes"),
    ],
)
def test_decisions(policy, new, stored, keep, evict):
    decision = POLICIES[policy](new, storage(stored, 10 * MB, new))
    assert (keep, evict) == (decision.keep, tuple(sorted(decision.evict)))


@pytest.mark.parametrize("pinned", [False, True])
def test_what_is_in_use_stays(pinned):
    assert not POLICIES["adaptive"](
        candidate(pinned=pinned), storage([OLD, POOR], 10 * MB, in_use=("old", "poor"))
    ).keep
    kept = POLICIES["adaptive"](candidate(pinned=pinned), storage([OLD, POOR], 10 * MB, in_use=("poor",)))
    assert not kept.keep or kept.evict == ("old",)


@pytest.mark.parametrize(
    ("policy", "new", "stored", "reason"),
    [
        pytest.param(
            "all",
            candidate(12 * MB),
            [],
            "12 MB is more than the whole budget (10 MB): %helix config budget=SIZE",
            id="too large",
        ),
        pytest.param(
            "helix", candidate(cumulative=1.5), [], "quickly made again (1.5 s; loading takes 1.0 s)", id="cheap"
        ),
        pytest.param(
            "all",
            candidate(),
            [OLD, RICH],
            "4 MB do not fit: 2 MB of the budget (10 MB) are free: %helix config budget=SIZE",
            id="full",
        ),
        pytest.param(
            "adaptive",
            candidate(),
            [OLD, RICH],
            "a reuse saves 9.0 s; evicts old (4 MB), which is worth less",
            id="evicts",
        ),
        pytest.param(
            "adaptive",
            candidate(8 * MB),
            [RICH, LARGE],
            "8 MB do not fit: 0 B of the budget (10 MB) are free, and what is stored is worth more: "
            "%helix config budget=SIZE",
            id="worth less",
        ),
    ],
)
def test_reasons(policy, new, stored, reason):
    assert reason == POLICIES[policy](new, storage(stored, 10 * MB, new)).reason


def test_where_there_is_room_nobody_looks_at_the_history():
    def looked():
        raise AssertionError("looked")

    for policy in POLICIES.values():
        policy(candidate(), Storage(10 * MB, 0, looked))


seconds = st.floats(0, 1000)
sizes = st.integers(0, 20)
artifacts = st.lists(
    st.builds(Stored, st.uuids().map(str), sizes, seconds, st.floats(0, 1), seconds, st.booleans()),
    unique_by=lambda one: one.key,
    max_size=8,
)


@pytest.mark.parametrize("policy", POLICIES)
@given(st.builds(candidate, sizes, seconds, seconds, st.booleans()), artifacts, st.integers(0, 30), st.data())
def test_budget_always_holds_and_pins_are_never_evicted(policy, new, stored, slack, data):
    used = sum(one.bytes for one in stored) + data.draw(st.integers(0, 5))
    budget = used + slack
    in_use = data.draw(st.sets(st.sampled_from([one.key for one in stored]))) if stored else set()
    decision = POLICIES[policy](new, storage(stored, budget, new, in_use, used))
    by_key = {one.key: one for one in stored}
    evicted = [by_key[key] for key in decision.evict]
    after = used - sum(one.bytes for one in evicted) + (new.bytes if decision.keep else 0)
    assert after <= budget
    assert not any(one.pinned or one.key in in_use for one in evicted)
    assert len(set(decision.evict)) == len(decision.evict)
    assert decision.keep or not decision.evict
    assert decision.reason
    fixed = used - sum(one.bytes for one in stored if not one.pinned and one.key not in in_use)
    if new.pinned and new.bytes + fixed <= budget:
        assert decision.keep


@pytest.mark.parametrize(
    ("policy", "new", "smaller", "stored", "keep", "evict", "compressed"),
    [
        pytest.param("adaptive", (4, 1), (2, 2), [OLD], True, (), False, id="it fits as it is"),
        pytest.param("adaptive", (8, 1), (4, 2), [RICH], True, (), True, id="else another would have to go"),
        pytest.param("adaptive", (8, 1), (4, 6), [OLD], True, ("old",), False, id="what goes is worth less than that"),
        pytest.param("adaptive", (8, 1), (4, 11), [RICH], False, (), False, id="made again in less than its load"),
        pytest.param("adaptive", (9, 1), (4, 2), [RICH], True, (), True, id="more than the whole budget"),
        pytest.param("adaptive", (8, 1), (6, 2), [POOR, OLD], True, ("poor", "old"), False, id="saves no eviction"),
        pytest.param("all", (8, 1), (4, 2), [OLD], True, (), True, id="all: fits only compressed"),
        pytest.param("all", (8, 1), (6, 2), [OLD], False, (), False, id="all: nor so"),
        pytest.param("helix", (8, 1), (4, 2), [OLD], False, (), False, id="helix: never"),
        pytest.param("none", (8, 1), (4, 2), [], False, (), False, id="none"),
    ],
)
def test_compressed_where_that_saves_more(policy, new, smaller, stored, keep, evict, compressed):
    form = candidate(smaller[0] * MB, load=smaller[1])
    one = replace(candidate(new[0] * MB, load=new[1]), compressed=lambda: form)
    decision = POLICIES[policy](one, storage(stored, 8 * MB, one))
    assert (decision.keep, set(decision.evict), decision.compressed and decision.keep) == (keep, set(evict), compressed)


def test_a_pinned_value_is_compressed_if_it_fits_only_so():
    form = candidate(4 * MB, pinned=True)
    one = replace(candidate(8 * MB, pinned=True), compressed=lambda: form)
    decision = POLICIES["helix"](one, storage([PINNED, POOR], 8 * MB, one))
    assert (decision.keep, decision.evict, decision.compressed) == (True, ("poor",), True)

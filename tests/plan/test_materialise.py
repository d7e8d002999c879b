"""What to keep under a budget."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helix_jupyter.plan.materialise import POLICIES, Candidate, Stored

MB = 10**6


def candidate(size=4 * MB, cumulative=10.0, load=1.0):
    return Candidate("model", "new", size, cumulative, load)


OLD = Stored("old", 4 * MB, worth_seconds=1.0)
POOR = Stored("poor", 4 * MB, worth_seconds=0.5)
RICH = Stored("rich", 4 * MB, worth_seconds=100.0)
PINNED = Stored("pinned", 4 * MB, worth_seconds=0.1, pinned=True)
LARGE = Stored("large", 8 * MB, worth_seconds=15.0)


@pytest.mark.parametrize(
    ("policy", "new", "stored", "pinned", "keep", "evict"),
    [
        pytest.param("helix", candidate(), [], False, True, (), id="helix: worth it"),
        pytest.param("helix", candidate(cumulative=2.0), [], False, False, (), id="helix: C(n) = 2 load(n)"),
        pytest.param("helix", candidate(), [OLD, POOR], False, False, (), id="helix: never evicts"),
        pytest.param("helix", candidate(6 * MB), [OLD], False, True, (), id="helix: fits exactly"),
        pytest.param("all", candidate(cumulative=0.0), [OLD], False, True, (), id="all: whatever fits"),
        pytest.param("all", candidate(), [OLD, POOR], False, False, (), id="all: never evicts"),
        pytest.param("none", candidate(), [], False, False, (), id="none"),
        pytest.param("none", candidate(), [], True, True, (), id="none: pinned"),
        pytest.param("adaptive", candidate(), [OLD], False, True, (), id="adaptive: fits"),
        pytest.param("adaptive", candidate(cumulative=2.0), [], False, False, (), id="adaptive: cheap"),
        pytest.param("adaptive", candidate(), [OLD, POOR], False, True, ("poor",), id="adaptive: lowest first"),
        pytest.param("adaptive", candidate(8 * MB, 50), [OLD, POOR], False, True, ("poor", "old"), id="adaptive: two"),
        pytest.param("adaptive", candidate(8 * MB), [RICH, POOR], False, False, (), id="adaptive: not enough"),
        pytest.param("adaptive", candidate(8 * MB), [PINNED, POOR], False, False, (), id="adaptive: pins stay"),
        pytest.param("adaptive", candidate(), [LARGE], False, False, (), id="adaptive: not a large one for a small"),
        pytest.param("helix", candidate(cumulative=0.0), [RICH, OLD], True, True, ("old",), id="pinned evicts"),
        pytest.param("helix", candidate(8 * MB), [PINNED, OLD], True, False, (), id="pinned beside pinned"),
        pytest.param("all", Candidate("m", "old", 4 * MB, 1, 1), [OLD, RICH], False, True, (), id="stored already"),
        pytest.param("all", candidate(12 * MB), [], True, False, (), id="beyond the budget"),
        pytest.param("adaptive", candidate(0), [OLD, POOR], False, True, (), id="no bytes"),
    ],
)
def test_decisions(policy, new, stored, pinned, keep, evict):
    used = sum(artifact.bytes for artifact in stored)
    decision = POLICIES[policy](new, stored, 10 * MB, used, pinned)
    assert (keep, evict) == (decision.keep, decision.evict)


@pytest.mark.parametrize(
    ("policy", "new", "stored", "reason"),
    [
        pytest.param(
            "all",
            candidate(12 * MB),
            [],
            "12 MB is more than the whole budget (10 MB): %helix config budget=..",
            id="too large",
        ),
        pytest.param(
            "helix",
            candidate(cumulative=1.5),
            [],
            "quickly made again (1.5 s; loading takes 1.0 s)",
            id="cheap",
        ),
        pytest.param(
            "all",
            candidate(),
            [OLD, RICH],
            "4 MB do not fit: 2 MB of the budget (10 MB) are free: %helix config budget=..",
            id="full",
        ),
        pytest.param(
            "adaptive",
            candidate(),
            [OLD, RICH],
            "a reuse saves 9.0 s; evicts old (4 MB), which saves less per byte",
            id="evicts",
        ),
    ],
)
def test_reasons(policy, new, stored, reason):
    used = sum(artifact.bytes for artifact in stored)
    assert reason == POLICIES[policy](new, stored, 10 * MB, used, False).reason


seconds = st.floats(0, 1000)
sizes = st.integers(0, 20)
artifacts = st.lists(
    st.builds(Stored, st.uuids().map(str), sizes, seconds, seconds, st.booleans()),
    unique_by=lambda a: a.digest,
)


@pytest.mark.parametrize("policy", POLICIES)
@given(st.builds(candidate, sizes, seconds, seconds), artifacts, st.integers(0, 30), st.booleans())
def test_budget_always_holds_and_pins_are_never_evicted(policy, new, stored, slack, pinned):
    used = sum(artifact.bytes for artifact in stored)
    budget = used + slack
    decision = POLICIES[policy](new, stored, budget, used, pinned)
    by_digest = {artifact.digest: artifact for artifact in stored}
    evicted = [by_digest[digest] for digest in decision.evict]
    after = used - sum(artifact.bytes for artifact in evicted) + (new.bytes if decision.keep else 0)
    assert after <= budget
    assert not any(artifact.pinned for artifact in evicted)
    assert len(set(decision.evict)) == len(decision.evict)
    assert decision.keep or not decision.evict
    assert decision.reason
    pins = sum(artifact.bytes for artifact in stored if artifact.pinned)
    if pinned and new.bytes + pins <= budget:
        assert decision.keep

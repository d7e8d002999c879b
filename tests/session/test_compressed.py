"""Where room is short a value is stored compressed, if the seconds that saves are more than those that it takes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from session_helpers import ran, slow

from helix_jupyter import Session

Opener = Callable[..., Session]
# 8 MB that take less than 0.1 MB compressed, and 8 MB that nothing makes smaller
REGULAR = "import numpy as np\n{name} = np.arange(1_000_000) % 89 + {more}"
RANDOM = "import numpy as np\n{name} = np.random.default_rng({more}).random(1_000_000)"
SLOW = "import time\ntime.sleep(0.3)\n"


def declare(session: Session, kind: str = REGULAR) -> None:
    for more, name in enumerate(("first", "second", "third")):
        session.declare(SLOW + kind.format(name=name, more=more), [name])
        session.declare(slow(f"{name}_sum = float({name}.sum())"), [f"{name}_sum"])


def kept(session: Session) -> set[str]:
    session.flush()
    return {fact.node for fact in session.store.artifacts().values() if fact.kind == "output"}


@pytest.mark.parametrize("policy", ["adaptive", "all"])
def test_what_would_not_fit_is_kept_and_reused(opened: Opener, policy: str) -> None:
    session = opened(policy=policy, budget="10MB")
    declare(session)
    session.run()
    assert kept(session) >= {"first", "second", "third"}
    assert session.store.used_bytes <= 10_000_000 < sum(fact.bytes for fact in session.store.artifacts().values())
    session.close()
    session = opened(policy=policy, budget="10MB")
    declare(session)
    session.declare(slow("second_sum = float(second.max())"), ["second_sum"])
    assert ran(session.run()) == {
        **dict.fromkeys(["first", "third"], "prune"),
        **dict.fromkeys(["first_sum", "third_sum"], "load"),
        "second": "load",
        "second_sum": "compute",
    }
    assert session["second_sum"] == 89
    found = session["second"]
    found[:] = 0
    assert np.array_equal(
        session.store.load(session.versions[-1].nodes["second"].outputs[0].digest), np.arange(10**6) % 89 + 1
    )


@pytest.mark.parametrize(("policy", "setting"), [("adaptive", "off"), ("all", "off"), ("helix", "auto")])
def test_not_where_it_is_switched_off_nor_by_the_paper_s_rule(opened: Opener, policy: str, setting: str) -> None:
    session = opened(policy=policy, budget="10MB")
    session.settings.put("compression", setting)
    declare(session)
    session.run()
    assert len(kept(session) & {"first", "second", "third"}) == 1


def test_what_does_not_compress_is_stored_as_it_is(opened: Opener) -> None:
    session = opened(policy="adaptive", budget="10MB")
    declare(session, RANDOM)
    session.run()
    assert len(kept(session) & {"first", "second", "third"}) == 1


def test_with_room_nothing_is_compressed(opened: Opener) -> None:
    session = opened(policy="adaptive", budget="100MB")
    declare(session)
    session.run()
    session.flush()
    assert session.store.used_bytes > 24_000_000


def test_a_value_larger_than_the_budget_fits_compressed(opened: Opener, told: list[str]) -> None:
    session = opened(policy="adaptive", budget="2MB")
    declare(session)
    session.run()
    assert kept(session) >= {"first", "second", "third"}
    assert told == []


def test_a_pinned_value_that_fits_only_compressed(opened: Opener) -> None:
    session = opened(policy="adaptive", budget="2MB")
    declare(session)
    session.pin("first")
    session.run()
    assert "first" in kept(session)
    session.close()
    session = opened(policy="adaptive", budget="2MB")
    declare(session)
    assert session.plan().states["first"].value != "compute"

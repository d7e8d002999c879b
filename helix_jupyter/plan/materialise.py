"""Which results to keep: the policies by name, and the simple ones among them.

Reads a candidate and what is stored as plain values, returns a decision; writes and deletes nothing itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from helix_jupyter.plan.adaptive import adaptive
from helix_jupyter.plan.keeping import Candidate, Decision, Policy, Storage, beyond_choice, if_it_fits, quickly_made


def helix(candidate: Candidate, storage: Storage) -> Decision:
    """HELIX's rule: keep what took over twice its load to make and fits the rest of the budget; never evict.

    OPT-MAT-PLAN's heuristic (Xin et al., PVLDB 12(4), 2018, section 5.3): C(n) > 2 load(n), that is, writing
    it (about as long as reading) and reading it once takes less than making it again.
    """
    decision = beyond_choice(candidate, storage)
    if decision is None and candidate.cumulative_seconds <= 2 * candidate.load_seconds:
        return quickly_made(candidate)
    # as the paper has it, that is, never compressed
    return decision or if_it_fits(replace(candidate, compressed=lambda: None), storage)


def keep_all(candidate: Candidate, storage: Storage) -> Decision:
    """Keep whatever fits, as DeepDive does; never evict."""
    return beyond_choice(candidate, storage) or if_it_fits(candidate, storage)


def keep_none(candidate: Candidate, storage: Storage) -> Decision:
    """Keep nothing but what is pinned."""
    return beyond_choice(candidate, storage) or Decision(
        keep=False, reason="the policy keeps nothing: %helix config policy=adaptive"
    )


def keep_in_memory(candidate: Candidate, storage: Storage) -> Decision:
    """Keep nothing on disk but what is pinned: values are reused while the kernel lives, within the memory budget, as
    KeystoneML caches them for one job."""
    return beyond_choice(candidate, storage) or Decision(
        keep=False, reason="the policy keeps values in memory only: %helix config policy=adaptive"
    )


POLICIES: Mapping[str, Policy] = MappingProxyType(
    {"adaptive": adaptive, "helix": helix, "all": keep_all, "none": keep_none, "memory": keep_in_memory}
)

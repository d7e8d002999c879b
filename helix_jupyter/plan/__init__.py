"""From graph, facts and measured costs to a plan (what to load, compute, prune) and keep/evict decisions.

Sees the store only as facts (what exists, what it costs), never how values are stored.
"""

from helix_jupyter.plan.min_cut import optimal_reuse
from helix_jupyter.plan.planner import make_plan
from helix_jupyter.plan.types import Fact, Place, Plan, State
from helix_jupyter.plan.within import plan_within

__all__ = ["Fact", "Place", "Plan", "State", "make_plan", "optimal_reuse", "plan_within"]

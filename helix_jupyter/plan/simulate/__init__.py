"""Replays of a workflow's history, recorded or generated, under any policy and budget, beside the clairvoyant bound."""

from helix_jupyter.plan.simulate.bound import Bound, clairvoyant
from helix_jupyter.plan.simulate.compare import Comparison, compare
from helix_jupyter.plan.simulate.replay import Replay, replay

__all__ = ["Bound", "Comparison", "Replay", "clairvoyant", "compare", "replay"]

"""What if: the plan, what stays stored and what that buys, were some of a user's choices otherwise. Changes nothing."""

from helix_jupyter.plan.explore.explorer import Explorer, explore
from helix_jupyter.plan.explore.situation import Output, Situation, Standing
from helix_jupyter.plan.explore.types import CurvePoint, Explored, Prospect, WhatIf

__all__ = ["CurvePoint", "Explored", "Explorer", "Output", "Prospect", "Situation", "Standing", "WhatIf", "explore"]

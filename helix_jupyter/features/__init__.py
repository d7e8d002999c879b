"""Feature selection for linear models that costs small updates, not refits: see ``Gram``.

An idea of Columbus (Zhang, Kumar, Re: Materialization Optimizations for Feature Selection Workloads, SIGMOD 2014): what
an analyst does next to a set of features mostly shares its factorisation.
"""

from helix_jupyter.features.gram import Fit, Gram, IllConditioned
from helix_jupyter.features.select import Step, backward, forward
from helix_jupyter.features.warm import warm_started

__all__ = ["Fit", "Gram", "IllConditioned", "Step", "backward", "forward", "warm_started"]

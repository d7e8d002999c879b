"""What stands between helix and the lower bound, in seconds by kind.

Reads the measured iterations; the parts add up to helix less the bound, both of the last measurement of each iteration.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def excess(iterations: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """Seconds of all iterations together.

    The first part is what the new nodes themselves took in helix's kernel less what they took in the full rerun's: no
    work of helix, but the machine's noise, or a node that goes through new items only.
    """
    parts = [_parts(iteration) for iteration in iterations]
    return {kind: sum(part[kind] for part in parts) for kind in parts[0]}


def _parts(iteration: Mapping[str, Any]) -> dict[str, float]:
    helix, plain = iteration["helix"], iteration["rerun"]["seconds"]
    took, states, new = helix["node_seconds"], helix["states"], set(iteration["new"])
    computed = [name for name, state in states.items() if state == "compute"]
    nodes = sum(took.values())
    return {
        "new nodes, other seconds than in the rerun": sum(took[name] for name in computed if name in new)
        - sum(plain[name] for name in new),
        "known nodes, computed again": sum(took[name] for name in computed if name not in new),
        "loading": nodes - sum(took[name] for name in computed),
        "declaring": helix["declare_seconds"],
        "digests, planning, storing, showing": helix["seconds"] - helix["declare_seconds"] - nodes,
    }

"""What is to be reached, and one table of what was measured: ``python -m benchmarks.targets``.

Every benchmark notes its figures when it is done. The table shows the newest of each, and when it was measured; raw
figures lie beside them in ``benchmarks/results``.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).parent / "results" / "targets.json"


@dataclass(frozen=True)
class Target:
    """A figure and its limit, which it must not exceed, or (``at_least``) not fall short of."""

    what: str
    limit: float
    unit: str = ""
    at_least: bool = False

    def is_met(self, value: float) -> bool:
        """Whether ``value`` is within the limit."""
        return value >= self.limit if self.at_least else value <= self.limit


_BOUND = "simulated time / clairvoyant bound, budget of"
TARGETS: Mapping[str, Target] = {
    "census / hamilton": Target("ten Census x10 iterations / Apache Hamilton's cache", 0.6),
    "census / joblib": Target("the same / joblib.Memory", 0.55),
    "census / rerun": Target("the same / full rerun", 0.42),
    "adaptive at 100 %": Target(f"{_BOUND} 100 %: median", 1.02),
    "adaptive at 50 %": Target(f"{_BOUND} 50 %: median", 1.10),
    "adaptive at 12 %": Target(f"{_BOUND} 12 %: median", 1.25),
    "adaptive at 5 %": Target(f"{_BOUND} 5 %: median", 1.4),
    "tenth at 100 %": Target(f"{_BOUND} 100 %: worst tenth", 1.53),
    "tenth at 50 %": Target(f"{_BOUND} 50 %: worst tenth", 1.65),
    "tenth at 12 %": Target(f"{_BOUND} 12 %: worst tenth", 1.875),
    "tenth at 5 %": Target(f"{_BOUND} 5 %: worst tenth", 2.1),
    "adaptive worse": Target("traces on which `adaptive` is 2 % worse than HELIX's rule", 1.0, "%"),
    "speed-up at 12 %": Target("speed-up over no reuse, budget of 12 %, shared traces", 1.97, "x", at_least=True),
    "plan 1000": Target("plan 1,000 nodes: the slowest case", 2.0, "ms"),
    "plan 10000": Target("plan 10,000 nodes: the slowest case", 30.0, "ms"),
    "plan 100000": Target("plan 100,000 nodes: the slowest case", 1000.0, "ms"),
    "unchanged 100": Target("unchanged run of 100 nodes, fresh process", 30.0, "ms"),
    "unchanged 1000": Target("unchanged run of 1,000 nodes, 10 GB stored, fresh process", 150.0, "ms"),
    "load frame": Target("load a frame of 250 MB", 1.0, "ms"),
    "hit": Target("100 MB hit end to end", 5.0, "ms"),
    "write": Target("written and durable, of what plain writes and fsync take", 80.0, "%", at_least=True),
    "waiting": Target("waiting for what is stored, of computing: Census", 2.0, "%"),
    "waiting small": Target("the same: 1,000 nodes of 8 ms, room for 12 % of them", 2.0, "%"),
    "declare": Target("declare a cell", 3.0, "ms"),
    "load_ext": Target("%load_ext over IPython", 100.0, "ms"),
    "open versions": Target("10,000 versions of 100 nodes: open the list", 200.0, "ms"),
    "database": Target("10,000 versions of 100 nodes: the database", 100.0, "MB"),
    "forecast": Target("forecasts of nodes of 50 ms that ran twice: median error", 20.0, "%"),
    "digest": Target("digest of an array of 1 GB, one core", 10.0, "GB/s", at_least=True),
    "key": Target("fingerprint of a cell of ordinary size", 5.0, "ms"),
} | {
    # of every published workflow, its edit script whole (``benchmarks.workflows``)
    f"{name} / {of}": Target(f"{name}'s iterations / {what}", limit)
    for name in ("census", "genomics", "extraction", "mnist", "columbus")
    for of, what, limit in (("bound", "lower bound", 1.05), ("best", "the best of rerun, joblib.Memory, Hamilton", 1.0))
}


def note(figures: Mapping[str, float]) -> None:
    """Take figures into the table, by the keys of ``TARGETS``; an unknown key is a mistake."""
    if unknown := figures.keys() - TARGETS.keys():
        raise KeyError(f"no such target: {', '.join(sorted(unknown))}")
    when = time.strftime("%Y-%m-%d %H:%M")
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(json.dumps(noted() | {key: (value, when) for key, value in figures.items()}, indent=1))


def noted() -> dict[str, tuple[float, str]]:
    """By key: value, and the day and minute on which it was measured."""
    try:
        found = json.loads(FILE.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return {key: (float(value), str(when)) for key, (value, when) in found.items()}


def table() -> str:
    """All targets, with what was measured last."""
    found, lines = noted(), [f"{'what':<66}{'must':>12}{'measured':>12}   "]
    for key, target in TARGETS.items():
        must = f"{'>=' if target.at_least else '<='} {target.limit:g} {target.unit}".rstrip()
        if key not in found:
            lines.append(f"{target.what:<66}{must:>12}{'-':>12}")
            continue
        value, when = found[key]
        verdict = "met" if target.is_met(value) else "NOT MET"
        lines.append(f"{target.what:<66}{must:>12}{value:>12,.3g}   {verdict:<8}{when}")
    return "\n".join(lines)


if __name__ == "__main__":
    print(table())

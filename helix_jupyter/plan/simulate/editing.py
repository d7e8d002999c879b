"""A workflow under edit: gives keys to nodes as edits come and go, and so makes a trace.

The only thing here that changes; what it makes does not.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from helix_jupyter.plan.forecast import load_forecast, write_forecast
from helix_jupyter.plan.trace import NodeVersion, Step, Trace


@dataclass(frozen=True)
class Operator:
    """One node to be: ``stage`` is the kind of edits that it gets, ``weight`` how often it is drawn among them.

    ``fresh``: its value is another one whenever it is computed (random features), so only what rests on it and
    was kept beside it can be reused.
    """

    parents: tuple[str, ...]
    seconds: float
    bytes: int
    stage: str = "DPR"
    weight: float = 1.0
    fresh: bool = False


class Workbench:
    """Operators, and for each the variant that its code is in now."""

    def __init__(self, name: str, operators: Mapping[str, Operator], draw: random.Random, spread: float = 0.1) -> None:
        self.name = name
        self.operators = dict(operators)
        self._draw = draw
        self._spread = spread
        self._variants = dict.fromkeys(operators, 0)
        self._newest = dict.fromkeys(operators, 0)
        self._before: dict[str, list[int]] = {name: [] for name in operators}
        self._costs: dict[str, tuple[float, int]] = {}
        self._edits: dict[str, str] = {}
        self._steps: list[Step] = []

    def add(self, name: str, operator: Operator) -> None:
        """Put in a new operator."""
        self.operators[name] = operator
        self._variants[name] = self._newest[name] = 0
        self._before[name] = []
        self._edits[name] = operator.stage

    def edit(self, name: str) -> None:
        """Give an operator new code."""
        self._before[name].append(self._variants[name])
        self._newest[name] += 1
        self._variants[name] = self._newest[name]
        self._edits[name] = self.operators[name].stage

    def revert(self, name: str) -> None:
        """Give an operator the code that it had before its last edit; without one, new code."""
        if not self._before[name]:
            self.edit(name)
            return
        self._variants[name] = self._before[name].pop()
        self._edits[name] = self.operators[name].stage

    def run(self, targets: Iterable[str] | None = None) -> None:
        """One iteration; by default, of all that nothing reads."""
        nodes: dict[str, NodeVersion] = {}
        for name, operator in self.operators.items():
            above = "".join(f"[{nodes[parent].key}]" for parent in operator.parents)
            key = _short(f"{name}.{self._variants[name]}{above}")
            seconds, size = self._cost(key, operator)
            nodes[name] = NodeVersion(key, operator.parents, seconds, load_forecast(size), size, write_forecast(size))
            if operator.fresh:
                nodes[name] = replace(nodes[name], reusable=False)
        read = {parent for operator in self.operators.values() for parent in operator.parents}
        wanted = tuple(targets) if targets is not None else tuple(name for name in nodes if name not in read)
        self._steps.append(Step(nodes, wanted, dict(self._edits)))
        self._edits.clear()

    def trace(self) -> Trace:
        """What was run so far."""
        return Trace(self.name, tuple(self._steps))

    def _cost(self, key: str, operator: Operator) -> tuple[float, int]:
        if key not in self._costs:
            change = self._draw.lognormvariate(0, self._spread)
            self._costs[key] = operator.seconds * change, round(operator.bytes * change)
        return self._costs[key]


def _short(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=9).hexdigest()

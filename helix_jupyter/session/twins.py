"""Equal computations under different names: which nodes may take each other's results, and under what key.

A node that draws no random numbers, asks for no clock and changes nothing gives what an equal one gave, whatever its
outputs are called. Its result is recorded once more under a key without names; a node that has none of its own looks
there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from helix_jupyter.cell.nameless import Nameless, nameless
from helix_jupyter.execute.types import Outcome
from helix_jupyter.fingerprint.twin import twin_key
from helix_jupyter.fingerprint.types import Part
from helix_jupyter.graph.declaration import Declaration
from helix_jupyter.session.outside import WRITTEN
from helix_jupyter.store.types import Result


def form_of(declaration: Declaration, inputs: Iterable[str], through_helpers: frozenset[str]) -> Nameless | None:
    """The node's code without names; None where another node may not stand in for it.

    ``through_helpers`` are the inputs that its helpers read, by their names.

    Not for updates (their outputs are their inputs), volatile nodes and metrics, whose names are part of the version.
    """
    if declaration.update or declaration.volatile or declaration.metrics or declaration.watch or declaration.map:
        return None
    analysis = declaration.analysis
    if not set(declaration.outputs) <= set(analysis.writes):
        return None  # the value of its last expression
    own = frozenset(inputs) - through_helpers
    outside = frozenset((*analysis.reads, *analysis.may_read)) - own
    return nameless(declaration.normalised, own, outside)


def to_share(result: Result, declaration: Declaration, form: Nameless, parts: Iterable[Part]) -> Result:
    """``result`` as it is recorded for all equal nodes; ``parts`` are those of its key."""
    key = twin_key(form, declaration.outputs, parts)
    return _renamed(result, key, {name: form.number(name) for name in (output.name for output in result.outputs)})


def taken(result: Result, key: str, form: Nameless, outputs: Iterable[str]) -> Result:
    """What is recorded for all equal nodes, as the result of one of them; ``node`` still names the one that ran."""
    names = {form.number(name): name for name in outputs}
    renamed = _renamed(result, key, names)
    order = {name: at for at, name in enumerate(outputs)}
    return replace(renamed, outputs=tuple(sorted(renamed.outputs, key=lambda output: order[output.name])))


def _renamed(result: Result, key: str, names: dict[str, str]) -> Result:
    outputs = tuple(replace(output, name=names[output.name]) for output in result.outputs)
    return replace(result, key=key, outputs=outputs)


def may_be_shared(result: Result, done: Outcome, parts: Iterable[Part]) -> bool:
    """Whether what ran depends on nothing that differs from node to node, and left nothing behind but its values.

    ``parts`` are those of its key. Nobody can tell whether polars drew random numbers: code that
    reaches it may have.
    """
    if any(part.label == "polars" for part in parts):
        return False
    steady = result.reusable and not done.drew and not done.notes
    alone = all(fact.kind != WRITTEN for fact in result.outside)
    return steady and alone and all(output.by_content and output.bytes for output in result.outputs)

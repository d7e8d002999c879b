"""From a node that is to be computed to its task: code, inputs, the notebook's names that it reaches."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from helix_jupyter.errors import HelixError
from helix_jupyter.execute.seeds import is_generator, node_seed
from helix_jupyter.execute.types import Task
from helix_jupyter.graph.dag import Graph
from helix_jupyter.session.bench import Bench
from helix_jupyter.session.inputs import Inputs
from helix_jupyter.session.itemwise import Itemwise
from helix_jupyter.session.resolve import Known


def task_of(
    bench: Bench,
    graph: Graph,
    node: str,
    known: Mapping[str, Known],
    values: Inputs,
    told: Callable[[str, int, int], None],
    afresh: bool,
    observed: bool,
) -> Task:
    """``node``, ready to run.

    Parameters
    ----------
    told
        Called with the node, how many of its new items are done and how many there are, where it goes item by item.
    afresh
        Compute every item, whatever earlier values hold.
    observed
        An audit: note what it consults besides, and run it on all items at once.

    Raises
    ------
    StoreError
        An input is neither in memory nor in the store; a new plan has to be made.
    HelixError
        An input that it updates cannot be copied, or one that it maps is none.
    """
    declaration = graph.declarations[node]
    inputs = {
        name: values.value(node, name, producer, known[producer].result)
        for name, producer in graph.inputs[node].items()
    }
    namespace = bench.namespace
    bindings = {name: namespace[name] for name in graph.outside(node) if name in namespace}
    # an audit asks what the code gives for all of them, which is what items are to be put together to
    each = _itemwise(bench, graph, known[node], node, inputs, told, afresh, at_once=observed)
    return Task(
        declaration,
        inputs,
        {**bench.tools(), **bindings},
        node_seed(bench.settings["seed"], declaration),
        consumed=any(graph.consumers(node, output) for output in declaration.outputs),
        helpers_read=tuple(name for name in inputs if name in known[node].captured.nodes),
        ignored_folders=(bench.store.folder,),
        observed=observed,
        generators={name: value for name, value in known[node].captured.reached.items() if is_generator(value)},
        each=each,
        modules=known[node].modules,
    )


def _itemwise(
    bench: Bench,
    graph: Graph,
    known: Known,
    node: str,
    inputs: Mapping[str, Any],
    told: Callable[[str, int, int], None],
    afresh: bool,
    at_once: bool,
) -> Itemwise | None:
    declaration = graph.declarations[node]
    mapped = declaration.map
    if mapped is None:
        return None
    if mapped not in inputs:
        raise HelixError(
            f"Node '{node}' is to go through '{mapped}' (--map), but no node gives that name: put %%helix "
            f"{mapped} on the cell that assigns it."
        )
    if mapped in known.captured.nodes:
        raise HelixError(
            f"Node '{node}' is to go through '{mapped}' item by item (--map), but a function that it calls "
            "reads all of it: hand it over as an argument."
        )
    return Itemwise(bench, declaration, known, inputs[mapped], partial(told, node), afresh, at_once)

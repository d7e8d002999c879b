"""What a user says of keeping, beside the policy: pinned nodes, and nodes whose values are never to lie on disk.

Writes the store's rows; deletes what may no longer be stored.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress

from helix_jupyter.errors import Unpicklable
from helix_jupyter.session.bench import Bench
from helix_jupyter.session.holdings import Holdings
from helix_jupyter.session.keep import Keeper
from helix_jupyter.session.resolve import Known
from helix_jupyter.session.workflow import Survey
from helix_jupyter.store.pickling import Prepared, prepare
from helix_jupyter.store.types import ArtifactFact, Result
from helix_jupyter.units import format_bytes
from helix_jupyter.version.types import NodeRecord


def pin(bench: Bench, survey: Survey, records: Mapping[str, NodeRecord], nodes: Iterable[str]) -> tuple[str, ...]:
    """Keep these nodes' values from now on, those too that memory holds and the policy did not store.

    Gives those of them whose values are larger than the whole budget.
    """
    chosen = tuple(nodes)
    for node in chosen:
        bench.store.set_pin(bench.workflow, node, True)
    store_at_hand(bench, survey, records, chosen)
    results = {node: survey.known[node].result for node in chosen}
    return tuple(node for node, one in results.items() if one is not None and one.bytes > bench.store.budget)


def hold_budget(bench: Bench, survey: Survey, records: Mapping[str, NodeRecord]) -> None:
    """Make what is stored fit a budget that was lowered, and say what goes: first what is expected to save least of the
    next run, what is pinned last."""
    store = bench.store
    if store.problem or store.used_bytes <= store.budget:
        return
    store.flush()  # what is being written is to be weighed as well
    before = store.artifacts()
    holdings = Holdings(bench, survey.graph, survey.known, records, None)
    contents = holdings.contents()
    elsewhere = store.used_bytes - sum(one.bytes for one in contents.stored.values())
    contents.outlook.assume(contents.stored)
    contents.outlook.trim(store.budget - elsewhere, contents.stored)
    why = "evicted for a lower budget"
    store.evict(holdings.remove([key for key in contents.stored if key not in contents.outlook.held]), why)
    pins = store.pins(bench.workflow)
    left = sorted(
        store.artifacts().values(), key=lambda fact: (fact.node in pins, fact.worth_seconds / max(1, fact.bytes))
    )
    for fact in left:
        if store.used_bytes <= store.budget:
            break
        store.evict([fact.digest], why)
    gone = before.keys() - store.artifacts().keys()
    nodes = ", ".join(sorted({before[digest].node for digest in gone}))
    size = format_bytes(sum(before[digest].disk_bytes for digest in gone))
    limit = format_bytes(store.budget)
    bench.progress().warn(f"The budget ({limit}) is less than what was stored: values of {nodes} went ({size}).")


def store_due(bench: Bench, survey: Survey, records: Mapping[str, NodeRecord]) -> None:
    """Store what ought to be stored and is not, where memory holds it: pinned values that had no room before and that
    the budget allows for now, and what the disk did not take. Of earlier code's values the latter waits until that code
    is current again."""
    store, due = bench.store, list[str]()
    if store.problem:
        return
    results = {node: one.result for node, one in survey.known.items() if one.result is not None}
    pinned = store.pins(bench.workflow) & results.keys()
    untaken = store.untaken([digest for result in results.values() for digest in _digests(result)])
    for node in sorted(results if untaken else pinned):
        result = results[node]
        digests = {output.digest for output in result.outputs}
        if not untaken.isdisjoint(_digests(result)):
            due.append(node)
        elif node in pinned and sum(output.bytes for output in result.outputs) <= store.budget:
            due += [node] if store.has(digests) != digests else []
    if due:
        store_at_hand(bench, survey, records, due)


def never_store(bench: Bench, survey: Survey, nodes: Collection[str]) -> int:
    """Store no value of these nodes from now on, and delete what is stored; gives the bytes freed."""
    for node in nodes:
        bench.store.set_never(bench.workflow, node)
    bench.store.flush()  # what is still being written would come back
    digests = digests_of(bench.workflow, survey.known, bench.store.artifacts(), nodes)
    return bench.store.evict(digests, "never to be stored")


def keeping(bench: Bench) -> dict[str, str]:
    """What was said of keeping: ``{node: "pinned" or "never stored"}``."""
    pinned = dict.fromkeys(bench.store.pins(bench.workflow), "pinned")
    return pinned | dict.fromkeys(bench.store.never_stored(bench.workflow), "never stored")


def say(bench: Bench, node: str, said: str) -> None:
    """Say of a node what ``keeping`` says; stores and deletes nothing."""
    if said == "never stored":
        bench.store.set_never(bench.workflow, node)
    else:
        bench.store.set_pin(bench.workflow, node, said == "pinned")


def store_at_hand(bench: Bench, survey: Survey, records: Mapping[str, NodeRecord], nodes: Iterable[str]) -> None:
    """Let the policy decide once more on these nodes' current values, as far as memory holds them."""
    keeper = Keeper(bench, survey.graph, survey.known, records, bench.progress().warn)
    seconds = {node: one.result.seconds for node, one in survey.known.items() if one.result is not None}
    for node in nodes:
        result = survey.known[node].result
        if result is not None:
            keeper.keep(node, result, _at_hand(bench, result), seconds)


def digests_of(
    workflow: str, known: Mapping[str, Known], artifacts: Mapping[str, ArtifactFact], nodes: Collection[str]
) -> tuple[str, ...]:
    """What is stored of these nodes, of earlier versions too; not what another node's current value needs as well."""
    results = {node: one.result for node, one in known.items() if one.result is not None}
    others = {output.digest for node, result in results.items() if node not in nodes for output in result.outputs}
    own = [output.digest for node in nodes if node in results for output in results[node].outputs]
    own += [fact.digest for fact in artifacts.values() if fact.node in nodes and fact.workflow == workflow]
    return tuple(digest for digest in dict.fromkeys(own) if digest in artifacts and digest not in others)


def _at_hand(bench: Bench, result: Result) -> dict[str, Prepared]:
    """What memory holds of ``result`` (its outputs, and what it showed) and can be written, by digest."""
    prepared = {}
    for digest in _digests(result):
        found, value = bench.memory.take(digest)
        if found:
            with suppress(Unpicklable):  # the run that made it has said so
                prepared[digest] = prepare(value)
    return prepared


def _digests(result: Result) -> tuple[str, ...]:
    """Of its outputs and of what it showed."""
    return (*(output.digest for output in result.outputs), *filter(None, [result.console]))

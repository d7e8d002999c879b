"""``accept``: the user says that an edit does not change a node's result. Recorded; the earlier value is reused."""

from __future__ import annotations

from helix_jupyter.errors import HelixError
from helix_jupyter.fingerprint.key import own_digest
from helix_jupyter.fingerprint.types import Fingerprint
from helix_jupyter.session.bench import Bench
from helix_jupyter.session.history import History
from helix_jupyter.version.types import NodeRecord


def accept_edit(bench: Bench, history: History, base: int | None, node: str, after: Fingerprint) -> str:
    """Let the node's own parts count as those of the newest version that has a value of it.

    Raises
    ------
    HelixError
        No version has a value of the node, or its own parts are the same.
    """
    record, number = _last_valued(history, base, node)
    before = own_digest(record.parts)
    now = own_digest(after.parts)
    if before == now:
        raise HelixError(f"Nothing of node '{node}' itself changed since version {number}: there is nothing to accept.")
    first = bench.store.aliases().get((bench.workflow, node, before), before)
    bench.store.add_alias(now, first, bench.workflow, node)
    return f"Accepted: '{node}' as edited gives what it gave in version {number}."


def _last_valued(history: History, base: int | None, node: str) -> tuple[NodeRecord, int]:
    number = base
    while number is not None:
        version = history.version(number)
        record = version.nodes.get(node)
        if record is not None and record.key is not None and record.outputs:
            return record, number
        number = version.parent
    raise HelixError(f"Node '{node}' has no earlier value that could be kept: run it first.")

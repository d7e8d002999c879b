"""Values of an earlier version, computed again in a process of its own; store and session stay as they are.

The process reads the store (what is stored is loaded, not computed), keeps its own rows in memory, and hands the
values over in a store that goes when they have been read. Run as a module, this file is that process.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from helix_jupyter.errors import HelixError, StoreError
from helix_jupyter.execute.console import Console
from helix_jupyter.session.another_process import answer, ask
from helix_jupyter.session.bench import Bench
from helix_jupyter.store.store import Store
from helix_jupyter.version.types import Version

# the values are there to be read once; no policy has a say in it
_ROOM = 2**62


@dataclass(frozen=True)
class Recomputed:
    """A value that was had again: its digest as it came out (empty: it has none), or the problem."""

    digest: str
    value: Any
    problem: str = ""


def recompute(bench: Bench, version: Version, outputs: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Recomputed]:
    """The values of ``outputs`` (node, output) as of ``version``.

    Raises
    ------
    HelixError
        The process did not answer.
    """
    # on Windows a mapped file cannot be deleted: it goes with the system's temporary files
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        answered = ask(
            "helix_jupyter.session.recomputing",
            bench,
            version,
            f"Values of version {version.id} could not be computed",
            outputs=[list(place) for place in outputs],
            seed=bench.settings["seed"],
            scratch=scratch,
        )
        return _received(answered, Path(scratch))


def _received(answered: Sequence[Mapping[str, str]], scratch: Path) -> dict[tuple[str, str], Recomputed]:
    store = Store.open(scratch / "values", budget=_ROOM)
    found = {}
    for one in answered:
        value, problem = None, one["problem"]
        if not problem:
            try:
                value = store.load(one["name"])
            except StoreError as error:
                problem = str(error)
        found[one["node"], one["output"]] = Recomputed(one["digest"], value, problem)
    store.close()
    return found


def _recompute(request: Mapping[str, Any]) -> list[dict[str, str]]:
    from helix_jupyter.session.captures import restore
    from helix_jupyter.session.modules import bring_back
    from helix_jupyter.session.session import Session
    from helix_jupyter.session.stand_in import stand_in, tools_of

    sys.path[:] = request["path"]
    notebook = stand_in()
    scratch = Path(request["scratch"])
    session = Session(
        request["store"],
        request["workflow"],
        memory=_ROOM,
        policy="none",
        namespace=vars(notebook),
        folder=request["folder"],
        console=Console(live=False),
        tools=partial(tools_of, notebook),
    )
    session.store.detach()
    session.settings.put("seed", request["seed"])
    session.settings.put("jobs", "1")
    version = session.version(request["version"])
    # where the text of a module is gone, what is imported now is what there is, and the digest will tell
    with suppress(StoreError):
        if bring_back(version.sources, session.store, Path(request["folder"]), scratch / "modules"):
            sys.path.insert(0, str(scratch / "modules"))
    restore(version.captures, session.store, vars(notebook))
    session.adopt(version)
    values = Store.open(scratch / "values", budget=_ROOM)
    answer = [_had_again(session, values, *place) for place in request["outputs"]]
    values.close()
    session.close()
    return answer


def _had_again(session: Any, values: Store, node: str, output: str) -> dict[str, str]:
    from helix_jupyter.errors import Undigestable
    from helix_jupyter.fingerprint.digest import digest
    from helix_jupyter.store.pickling import prepare

    told = {"node": node, "output": output, "digest": "", "name": "", "problem": ""}
    try:
        (value,) = session.values_of([(node, output)])
        prepared = prepare(value)
    except HelixError as problem:
        return {**told, "problem": str(problem)}
    with suppress(Undigestable):  # known by what made it: there is nothing to compare with what was recorded
        told["digest"] = digest(value, ordered=True)
    told["name"] = f"value-{node.encode().hex()[:40]}-{output.encode().hex()[:40]}"
    pending = values.write(told["name"], prepared, worth_seconds=0.0, node=node, workflow="values")
    values.flush()
    return told if pending.state == "stored" else {**told, "problem": pending.message or "it could not be handed over"}


if __name__ == "__main__":
    answer(_recompute)

"""Adopts a folder of scripts in ``# %%`` form, and checks each against its original: values, what it shows, second run.

    python -m benchmarks.adopt_gallery FOLDER [--first N] [--only TEXT] [--seconds 30] [--json FILE]

Each script runs as a notebook in a fresh kernel without network: as it is; adopted; adopted once more. Counted are the
scripts that run here by themselves within the time limit. scikit-learn's gallery is a good folder:
``tar xzf scikit_learn-*.tar.gz`` and then ``scikit_learn-*/examples``.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError

from helix_jupyter.adopt import Adopted, adopt, from_percent
from helix_jupyter.cell.analyse import analyse
from helix_jupyter.errors import HelixError

# what a run may show otherwise although it computed the same
_VARYING = re.compile(r"sk-[\w-]*id-\d+|0x[0-9a-f]+|/tmp/[\w/.-]+|\$\w+\$_\d+|\b\d+\.\d+ ?m?s(ec)?\b")
_NO_NETWORK = """
import socket as _socket
def _refuse(*_a, **_k):
    raise OSError("no network here")
_socket.socket.connect = _refuse
_socket.getaddrinfo = _refuse
"""
_PROBE = """
from helix_jupyter.fingerprint.digest import digest as _digest
_found = {{}}
for _name, _value in [{pairs}]:
    try:
        _found[_name] = _digest(_value)
    except Exception as _error:
        _found[_name] = None
import json as _json
print("PROBE" + _json.dumps(_found))
"""
_STATES = """
_versions = get_ipython()._helix_session.versions
print("STATES" + _json.dumps([
    [node, state.name, _version.nodes[node].compute_seconds or 0.0]
    for _version in _versions for node, state in _version.states.items()]))
"""
LOADING_SECONDS = 0.1
"""A node that takes less may as well be computed again: the plan says so."""


@dataclass
class Outcome:
    """What became of one script."""

    script: str
    status: str
    """``adopted``, ``refused``, ``differs``, ``fails``, or ``no run`` (the original does not run here)."""
    detail: str = ""
    seconds: float = 0.0
    first: float = 0.0
    second: float = 0.0
    nodes: int = 0
    cells: int = 0
    plain_work: int = 0
    loads: bool = False
    computed_again: list[str] = field(default_factory=list)


def check(script: Path, limit: float) -> Outcome:
    """Run a script, adopt it, and run that twice."""
    outcome = Outcome(str(script), "no run")
    notebook = from_percent(script.read_text(encoding="utf-8"))
    adopted: Adopted | None = None
    names: list[str] = []
    try:
        adopted = adopt(notebook)
        names = _comparable(adopted)
    except HelixError as problem:
        outcome.detail = str(problem)
    with tempfile.TemporaryDirectory(prefix="gallery-") as place:
        folder = Path(place)
        original = _run(notebook, folder / "original", names, limit, script.parent)
        outcome.seconds = original.seconds
        if original.error:
            outcome.detail = original.error
            return outcome
        if adopted is None:
            outcome.status = "refused"
            return outcome
        outcome.cells, outcome.nodes = len(adopted.cells), len(adopted.nodes)
        outcome.plain_work = sum(any("plain:" in note for note in cell.notes) for cell in adopted.cells)
        first = _run(adopted.notebook, folder / "adopted", names, 4 * limit + 60, script.parent)
        outcome.first = first.seconds
        if first.error:
            outcome.status, outcome.detail = "fails", first.error
            return outcome
        differing = _differing(original, first)
        if differing:
            again = _run(notebook, folder / "again", names, 4 * limit, script.parent)
            differing = _differing(original, first, again)
        if differing:
            outcome.status, outcome.detail = "differs", "; ".join(differing)[:600]
            return outcome
        second = _run(adopted.notebook, folder / "adopted", names, 4 * limit + 60, script.parent)
        outcome.second = second.seconds
        if second.error:
            outcome.status, outcome.detail = "fails", f"second run: {second.error}"
            return outcome
        changed = [name for name in names if second.values.get(name) != first.values.get(name)]
        if changed:
            outcome.status, outcome.detail = "differs", f"second run gives other values of {', '.join(changed)}"
            return outcome
        took = {node: seconds for node, state, seconds in first.states if state == "COMPUTE"}
        later = second.states[len(first.states) :]
        again_computed = [node for node, state, _ in later if state == "COMPUTE"]
        outcome.computed_again = [f"{node} {took.get(node, 0):.2f} s" for node in again_computed]
        outcome.loads = all(took.get(node, 0) < LOADING_SECONDS for node in again_computed)
        outcome.status = "adopted"
    return outcome


@dataclass
class _Ran:
    seconds: float
    error: str
    shown: Counter[str]
    values: Mapping[str, str | None]
    states: list[tuple[str, str, float]]


def _run(notebook: Mapping[str, Any], folder: Path, names: Iterable[str], limit: float, path: Path) -> _Ran:
    folder.mkdir(exist_ok=True)
    made = nbformat.v4.reads(json.dumps(notebook))
    # behind %load_ext, so that both notebooks begin alike
    made.cells.insert(0, nbformat.v4.new_code_cell(_NO_NETWORK))
    probe = _PROBE.format(pairs=", ".join(f"({name!r}, {name})" for name in names))
    is_adopted = any(cell.source.startswith("%%helix") for cell in made.cells)
    made.cells.append(nbformat.v4.new_code_cell(probe))
    if is_adopted:
        made.cells.append(nbformat.v4.new_code_cell(_STATES))
    client = NotebookClient(made, timeout=limit, kernel_name="python3", resources={"metadata": {"path": str(folder)}})
    started, error = time.perf_counter(), ""
    try:
        client.execute()
    except CellExecutionError as problem:
        error = f"{problem.ename}: {problem.evalue}"[:400]
    except CellTimeoutError:
        error = f"takes more than {limit:g} s"
    except Exception as problem:  # a kernel that dies, for instance
        error = f"{type(problem).__name__}: {problem}"[:400]
    seconds = time.perf_counter() - started
    values, states = {}, []
    for cell in made.cells[-2:]:
        for text in (output.get("text", "") for output in cell.get("outputs", ())):
            for line in text.splitlines():
                if line.startswith("PROBE"):
                    values = json.loads(line.removeprefix("PROBE"))
                elif line.startswith("STATES"):
                    states = [tuple(one) for one in json.loads(line.removeprefix("STATES"))]
    return _Ran(seconds, error, Counter(_shown(made.cells)), values, states)


def _shown(cells: Iterable[Any]) -> Iterator[str]:
    """What a notebook shows, a text for each line and each display; this package's own cards are left out."""
    for cell in cells:
        if cell.cell_type != "code" or cell.source.startswith("%%helix"):
            continue
        for output in cell.get("outputs", ()):
            if output.output_type == "stream" and output.name == "stdout":
                yield from (
                    _VARYING.sub("#", line)
                    for line in output.text.splitlines()
                    if line.strip() and not line.startswith(("PROBE", "STATES"))
                )
            elif output.output_type in ("display_data", "execute_result"):
                data = output.data
                text = data.get("text/plain", "")
                if not data or (text.startswith("version ") and cell.source.startswith("%helix")):
                    continue
                yield data.get("image/png") or _VARYING.sub("#", data.get("text/html", "") or text)


def _differing(original: _Ran, adopted: _Ran, again: _Ran | None = None) -> list[str]:
    found = []
    for name, value in original.values.items():
        if adopted.values.get(name) != value and (again is None or again.values.get(name) == value):
            found.append(f"value of {name}")
    missing, extra = original.shown - adopted.shown, adopted.shown - original.shown
    if again is not None:
        unsteady = (original.shown - again.shown) | (again.shown - original.shown)
        missing = missing - unsteady
        # as many as the original's own runs differ in may differ here
        extra = Counter() if sum(extra.values()) <= sum(unsteady.values()) else extra
    found += [f"not shown: {text[:60]!r}" for text in missing]
    found += [f"shown besides: {text[:60]!r}" for text in extra]
    return found


def _comparable(adopted: Adopted) -> list[str]:
    """The outputs of nodes that nothing gives anew behind the last node that gives them, as a temporary."""
    last: dict[str, bool] = {}
    for cell in adopted.notebook["cells"]:
        text = cell["source"]
        if cell["cell_type"] != "code" or text.startswith("%"):
            body, _, given = text, "", ()
            if not text.startswith("%%helix"):
                continue
            line, _, body = text.partition("\n")
            given = set(line.removeprefix("%%helix").split("--")[0].split())
            last.update(dict.fromkeys(analyse(body).writes, False))
            last.update(dict.fromkeys(given, True))
    return [name for name, is_given in last.items() if is_given]


def main() -> None:
    """Check the scripts of a folder, print a table and the share."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--first", type=int, help="the first N scripts of an even sample of all")
    parser.add_argument("--only", default="", help="scripts whose path contains this")
    parser.add_argument("--seconds", type=float, default=30.0, help="a cell of the original may take as long")
    parser.add_argument("--json", type=Path, help="write the outcomes there, and go on where it ends")
    chosen = parser.parse_args()
    scripts = [path for path in sorted(chosen.folder.rglob("*.py")) if chosen.only in str(path)]
    if chosen.first:
        step = max(1, len(scripts) // chosen.first)
        scripts = scripts[::step][: chosen.first]
    os.environ.setdefault("HELIX_JUPYTER_HOME", tempfile.mkdtemp(prefix="gallery-home-"))
    outcomes: list[Outcome] = []
    if chosen.json and chosen.json.exists():
        outcomes = [Outcome(**one) for one in json.loads(chosen.json.read_text())]
    done = {one.script for one in outcomes}
    for script in scripts:
        if str(script.relative_to(chosen.folder)) in done:
            continue
        outcome = check(script, chosen.seconds)
        outcome.script = str(script.relative_to(chosen.folder))
        outcomes.append(outcome)
        again = f" (again: {', '.join(outcome.computed_again)})" if outcome.computed_again else ""
        print(
            f"{outcome.status:8} {outcome.script:70} {outcome.nodes:3} nodes {outcome.plain_work:2} plain "
            f"{outcome.seconds:6.1f} {outcome.first:6.1f} {outcome.second:6.1f} s "
            f"{'loads' if outcome.loads else ''}{again} {outcome.detail}",
            flush=True,
        )
        if chosen.json:
            chosen.json.write_text(json.dumps([asdict(one) for one in outcomes], indent=1))
    print(summary(outcomes))


def summary(outcomes: Iterable[Outcome]) -> str:
    """The figures in a line."""
    counts = Counter(one.status for one in outcomes)
    ran = sum(count for status, count in counts.items() if status != "no run")
    good = sum(one.status == "adopted" and one.loads for one in outcomes)
    share = f"{good / ran:.0%}" if ran else "none"
    return f"{ran} run here, {good} adopted, equal and loading ({share}); {dict(counts)}"


if __name__ == "__main__":
    main()

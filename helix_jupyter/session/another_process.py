"""Ask a fresh process of this package for something about a version: a JSON request in, a JSON answer out."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from helix_jupyter.errors import HelixError
from helix_jupyter.session.bench import Bench
from helix_jupyter.version.types import Version

# whatever the recorded code prints stands before or behind the answer
_MARK = "helix-answer:"


def ask(module: str, bench: Bench, version: Version, problem: str, **more: object) -> Any:
    """What ``module``, run as a program, answers about ``version`` of the session's workflow.

    ``more`` joins the request, which holds ``store``, ``workflow``, ``version``, ``folder`` and ``path``.

    Raises
    ------
    HelixError
        The process did not answer: ``problem`` and its last line.
    """
    request = {
        "store": str(bench.store.folder),
        "workflow": bench.workflow,
        "version": version.id,
        "folder": str(bench.folder),
        "path": sys.path,
        **more,
    }
    done = subprocess.run(
        [sys.executable, "-m", module],
        input=json.dumps(request),
        capture_output=True,
        text=True,
        cwd=bench.folder,
    )
    answer = next((line for line in done.stdout.splitlines() if line.startswith(_MARK)), None)
    if answer is None:
        last = (done.stderr.strip().splitlines() or ["it gave no reason"])[-1]
        raise HelixError(f"{problem}: {last}")
    return json.loads(answer.removeprefix(_MARK))


def answer(recomputed: Callable[[dict[str, Any]], object]) -> None:
    """Be that process: read the request, print the answer."""
    print(f"\n{_MARK}" + json.dumps(recomputed(json.load(sys.stdin))))

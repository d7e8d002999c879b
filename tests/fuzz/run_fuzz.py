"""Run the state machine for as many edits, or as long, as wanted, with other seeds every time.

FUZZ_EDITS (default 20000) or FUZZ_SECONDS say when to stop, FUZZ_SEED where to begin; prints what was done and every
failure with the calls that reproduce it. Ends with an error if there were any.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import time
import traceback

from fuzz_machine import Notebook, SmallBudget, TinyBudget
from fuzz_world import close_remotes, counted
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

# in turn
MACHINES = (Notebook, Notebook, Notebook, TinyBudget, SmallBudget)
MOST_FAILURES = int(os.environ.get("FUZZ_FAILURES", "20"))


def main() -> int:
    edits = int(os.environ.get("FUZZ_EDITS", "20000"))
    seconds = float(os.environ.get("FUZZ_SECONDS", "inf"))
    first = int(os.environ.get("FUZZ_SEED", random.randrange(1 << 32)))
    phases = [Phase.generate] if os.environ.get("FUZZ_SHRINK") == "no" else [Phase.generate, Phase.shrink]
    os.environ["HELIX_JUPYTER_HOME"] = tempfile.mkdtemp(prefix="fuzz-home-")  # the signing key is the fuzz's own
    started, failures, number = time.monotonic(), 0, 0
    while counted["edits"] < edits and time.monotonic() - started < seconds and failures < MOST_FAILURES:
        machine = seed(first + number)(MACHINES[number % len(MACHINES)])
        chosen = settings(
            max_examples=20,
            stateful_step_count=40,
            database=None,
            deadline=None,
            phases=phases,
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        )
        try:
            run_state_machine_as_test(machine, settings=chosen)
        except Exception:
            failures += 1
            print(f"\nFUZZ_SEED={first + number} ({machine.__name__})", flush=True)
            traceback.print_exc()
        number += 1
        spent = time.monotonic() - started
        print(f"{counted['edits']} edits, {counted['edits'] / spent:.0f} per second, {failures} failures", flush=True)
    close_remotes()
    print("\n".join(f"{name}: {count}" for name, count in sorted(counted.items())))
    print(f"{counted['edits']} edits in {time.monotonic() - started:.0f} s, {failures} failures; seeds from {first}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())

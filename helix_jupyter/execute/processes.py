"""Run independent nodes in other processes (joblib's loky). Values travel by cloudpickle."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Mapping
from concurrent.futures import Future
from typing import Any

from helix_jupyter.execute.console import Console
from helix_jupyter.execute.memos import empty
from helix_jupyter.execute.node import _lent, run_node
from helix_jupyter.execute.types import Outcome, Task
from helix_jupyter.fingerprint.global_generators import dumps
from helix_jupyter.fingerprint.loaded import watch
from helix_jupyter.fingerprint.local_imports import forget_edited
from helix_jupyter.fingerprint.settings import changed_settings, put_settings


class Processes:
    """A pool of worker processes, started when first used and shared by the runs of this process."""

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs

    def submit(self, task: Task, notebook_globals: dict[str, Any]) -> Future[bytes]:
        """Start ``task`` in a worker; ``outcome`` turns the future's bytes into its Outcome.

        Raises whatever pickling raises when the task's inputs or captured names cannot travel.
        """
        from joblib.externals.loky import get_reusable_executor

        lent = {name: task.inputs[name] for name in task.helpers_read}
        with _lent(notebook_globals, lent):
            message: bytes = dumps((task, dict(os.environ), changed_settings()))
        executor = get_reusable_executor(max_workers=self._jobs)
        future: Future[bytes] = executor.submit(_work, message, os.getcwd(), list(sys.path))
        return future

    def stop(self) -> None:
        """Kill the workers with whatever they are doing; the next task starts new ones."""
        from joblib.externals.loky import get_reusable_executor

        # waits, since loky forgets that they are to be killed when it is asked for new workers before they are
        get_reusable_executor(max_workers=self._jobs).shutdown(wait=True, kill_workers=True)


def outcome(message: bytes) -> Outcome:
    """The Outcome that a worker sent."""
    import cloudpickle

    result: Outcome = cloudpickle.loads(message)
    return result


def _work(message: bytes, folder: str, path: list[str]) -> bytes:
    import cloudpickle

    # the worker may have run other tasks before, with what the modules said then, or with others of the same names
    watch()
    elsewhere = not _stands(folder, path)
    os.chdir(folder)
    sys.path[:] = path
    forget_edited(all_of_them=elsewhere)
    task, environment, settings = cloudpickle.loads(message)
    _take_over(environment)
    for package in settings:
        importlib.import_module(package)
    put_settings(settings)
    empty()
    answer: bytes = dumps(run_node(task, Console(live=False)))
    return answer


def _stands(folder: str, path: list[str]) -> bool:
    try:
        return (os.getcwd(), sys.path) == (folder, path)
    except OSError:  # where it stood is gone
        return False


_taken: set[str] = set()


def _take_over(environment: Mapping[str, str]) -> None:
    """Have the notebook's environment variables, which may have changed since this worker began."""
    for name in _taken - environment.keys():
        os.environ.pop(name, None)
    _taken.update(environment)
    os.environ.update(environment)

"""A kernel in a process of its own, with a hash seed of its own: takes requests on stdin, answers on stdout."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fuzz_kernel import Kernel, Report, place_of_work
from fuzz_model import Workflow


@dataclass(frozen=True)
class Request:
    """Start anew in ``folder``, show ``workflow`` and run it."""

    folder: Path
    workflow: Workflow
    clock: int
    targets: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    options: dict[str, Any] = field(default_factory=dict)


class Remote:
    """The process, seen from outside."""

    def __init__(self) -> None:
        environment = {**os.environ, "PYTHONHASHSEED": "7"}
        command = [sys.executable, __file__]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, cwd=Path(__file__).parents[2]
        )

    def run(self, request: Request) -> Report:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        pickle.dump(request, self._process.stdin)
        self._process.stdin.flush()
        answer = pickle.load(self._process.stdout)
        if isinstance(answer, BaseException):
            raise answer
        assert isinstance(answer, Report)
        return answer

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()


def answer(request: Request) -> Report | BaseException:
    try:
        with place_of_work(request.folder):
            kernel = Kernel(request.folder, **request.options)
            try:
                kernel.clock = request.clock
                kernel.show(request.workflow)
                return kernel.run(request.targets, (), request.names)
            finally:
                kernel.close()
    except Exception as problem:
        return AssertionError(f"in another process: {problem!r}")


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what nodes print must not get in between
    while True:
        try:
            one = pickle.load(requests)
        except EOFError:
            break
        pickle.dump(answer(one), answers)
        answers.flush()

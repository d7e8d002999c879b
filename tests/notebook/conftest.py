"""Drives the notebook surface as people do: a stock shell in this process, real kernels, whole notebooks."""

from __future__ import annotations

import atexit
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
import pytest
from IPython.core.displaypub import CapturingDisplayPublisher
from IPython.core.interactiveshell import ExecutionResult, InteractiveShell
from IPython.utils.capture import capture_output
from jupyter_client.manager import KernelManager
from nbclient import NotebookClient
from traitlets.config import Config

PATIENCE = 60.0


@pytest.fixture(scope="module", autouse=True)
def home(own_home: Path) -> Path:
    """Nothing of these tests reaches the user's own home."""
    return own_home


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the notebook, which is the working directory."""
    folder = tmp_path / "place"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


# a stock shell in this process


@dataclass(frozen=True)
class Ran:
    """What one cell of a shell did and showed."""

    result: ExecutionResult
    stdout: str
    stderr: str
    displays: list[dict[str, Any]]

    @property
    def value(self) -> Any:
        """The value of the cell's last expression; the cell must not have failed."""
        assert self.result.success, self.stdout + self.stderr
        return self.result.result

    @property
    def error(self) -> BaseException:
        """What the cell raised; it must have failed."""
        error = self.result.error_before_exec or self.result.error_in_exec
        assert error is not None, "the cell raised nothing"
        return error

    @property
    def card(self) -> str:
        """The text form of what was displayed last."""
        return str(self.displays[-1]["data"]["text/plain"])


class Shell:
    """Runs cells in a stock InteractiveShell."""

    def __init__(self) -> None:
        # a history on disk has a thread per shell, which would live until all tests are done
        config = Config({"HistoryManager": {"enabled": False}})
        self.ip = InteractiveShell.instance(colors="nocolor", config=config)

    def __call__(self, cell: str, cell_id: str | None = None) -> Ran:
        publisher, self.ip.display_pub = self.ip.display_pub, CapturingDisplayPublisher()
        try:
            with capture_output(display=False) as captured:
                result = self.ip.run_cell(cell, store_history=True, cell_id=cell_id)
            displays = self.ip.display_pub.outputs
        finally:
            self.ip.display_pub = publisher
        return Ran(result, captured.stdout, captured.stderr, displays)

    def __getitem__(self, name: str) -> Any:
        return self.ip.user_ns[name]

    def __contains__(self, name: str) -> bool:
        return name in self.ip.user_ns

    def states(self, *targets: str) -> dict[str, str]:
        """What ``%helix run`` did with each node."""
        version = self(" ".join(["%helix run", *targets])).value
        return {node: record.state.value for node, record in version.nodes.items()}

    def complete(self, text: str) -> list[str]:
        """What stands in the completer's list behind ``text``."""
        from IPython.core.completer import provisionalcompleter

        with provisionalcompleter():
            return [completion.text for completion in self.ip.Completer.completions(text, len(text))]


@pytest.fixture
def bare_shell(place: Path) -> Iterator[Shell]:
    """A stock shell that has not loaded the extension."""
    shell = Shell()
    yield shell
    session = getattr(shell.ip, "_helix_session", None)
    if session is not None:
        session.close()
    # what the shell would do at exit takes half a second for each
    atexit.unregister(shell.ip.atexit_operations)
    InteractiveShell.clear_instance()


@pytest.fixture
def shell(bare_shell: Shell) -> Shell:
    """A stock shell with the extension loaded."""
    bare_shell("%load_ext helix_jupyter")
    return bare_shell


# real kernels


@dataclass
class Cell:
    """What one cell of a kernel sent, as a notebook would hold it."""

    outputs: list[dict[str, Any]] = field(default_factory=list)
    reply: dict[str, Any] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)

    def text(self, stream: str = "stdout") -> str:
        """All that was written on one stream."""
        return "".join(o["text"] for o in self.outputs if o["output_type"] == "stream" and o["name"] == stream)

    def data(self, kind: str) -> list[Any]:
        """All that was shown of one MIME type."""
        return [o["data"][kind] for o in self.outputs if kind in o.get("data", {})]

    @property
    def value(self) -> str:
        """The text form of the cell's value."""
        (value,) = (o["data"]["text/plain"] for o in self.outputs if o["output_type"] == "execute_result")
        return str(value)

    @property
    def error(self) -> str:
        """The traceback's text; empty where the cell did not fail."""
        return "\n".join("\n".join(o["traceback"]) for o in self.outputs if o["output_type"] == "error")


class Kernel:
    """A real ipykernel, spoken to as a front end does."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.manager = KernelManager(kernel_name="python3")
        self.manager.start_kernel(cwd=str(folder), env=dict(environment))
        self._connect()

    def _connect(self) -> None:
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=PATIENCE)
        self("%colors nocolor\n%load_ext helix_jupyter")

    def __call__(self, code: str, cell_id: str | None = None) -> Cell:
        return self.finish(self.send(code, cell_id))

    def send(self, code: str, cell_id: str | None = None) -> str:
        """Ask for a cell to be run; gives the request's id."""
        content = {"code": code, "silent": False, "store_history": True, "allow_stdin": False, "stop_on_error": True}
        metadata = {"cellId": cell_id} if cell_id else {}
        message = self.client.session.msg("execute_request", content, metadata=metadata)
        self.client.shell_channel.send(message)
        return str(message["header"]["msg_id"])

    def until(self, request: str, text: str) -> None:
        """Wait until a running cell has written ``text``."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            message = self.client.get_iopub_msg(timeout=PATIENCE)
            if message["parent_header"].get("msg_id") == request and text in message["content"].get("text", ""):
                return
        raise TimeoutError(text)

    def finish(self, request: str) -> Cell:
        """Gather what the cell sends until it is done."""
        cell = Cell()
        shown: dict[str, dict[str, Any]] = {}
        while True:
            message = self.client.get_iopub_msg(timeout=PATIENCE)
            if message["parent_header"].get("msg_id") != request:
                continue
            kind, content = message["msg_type"], message["content"]
            cell.seen.append(kind)
            if kind == "status" and content["execution_state"] == "idle":
                break
            if kind == "clear_output":
                cell.outputs.clear()
            elif kind == "update_display_data":
                if (known := shown.get(content["transient"]["display_id"])) is not None:
                    known.update(data=content["data"], metadata=content["metadata"])
            elif kind in {"stream", "display_data", "execute_result", "error"}:
                output = nbformat.v4.output_from_msg(message)
                cell.outputs.append(output)
                if display_id := content.get("transient", {}).get("display_id"):
                    shown[display_id] = output
        while True:
            reply: dict[str, Any] = self.client.get_shell_msg(timeout=PATIENCE)
            if reply["parent_header"].get("msg_id") == request:
                cell.reply = reply["content"]
                return cell

    def states(self, *targets: str) -> dict[str, str]:
        """What ``%helix run`` did with each node."""
        cell = self(f"_run = %helix run {' '.join(targets)}\n{{n: r.state.value for n, r in _run.nodes.items()}}")
        return dict(eval(cell.value))

    def restart(self) -> None:
        """A new process on the same connection, as the front end's Restart does."""
        self.client.stop_channels()
        self.manager.restart_kernel(now=False)
        self._connect()

    def stop(self) -> None:
        """End the process."""
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)
        self.manager.cleanup_resources()


@contextmanager
def started() -> Iterator[Callable[..., Kernel]]:
    kernels: list[Kernel] = []

    def start(folder: Path, **environment: str) -> Kernel:
        kernels.append(Kernel(folder, {**os.environ, **environment}))
        return kernels[-1]

    try:
        yield start
    finally:
        for kernel in kernels:
            kernel.stop()


@pytest.fixture
def start_kernel() -> Iterator[Callable[..., Kernel]]:
    """Starts kernels in a folder; they end with the test."""
    with started() as start:
        yield start


@pytest.fixture
def kernel(start_kernel: Callable[..., Kernel], place: Path) -> Kernel:
    """One real kernel with the extension loaded."""
    return start_kernel(place)


@pytest.fixture(scope="module")
def shared_kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    """One real kernel for all tests of a file: they name their nodes apart."""
    with started() as start:
        yield start(tmp_path_factory.mktemp("shared"))


# whole notebooks


@pytest.fixture
def execute(place: Path) -> Callable[..., Any]:
    """Executes cells as a notebook with nbclient; gives the notebook, outputs in it."""

    def execute(*cells: str) -> Any:
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
        NotebookClient(
            notebook, timeout=PATIENCE, kernel_name="python3", resources={"metadata": {"path": "."}}
        ).execute()
        nbformat.validate(notebook)
        return notebook

    return execute

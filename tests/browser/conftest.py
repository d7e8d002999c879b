"""JupyterLab and Notebook as people see them, in a real browser. Where one cannot be had, these tests are not collected
and a line says what is missing.
"""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from helix_jupyter.view.assets import widget_module
from tests.browser.jupyter import CHROMIUM, EXTENSIONS, FLAGS, PATIENCE, served, write_notebook

MISSING = [
    what
    for what, is_there in (
        ("playwright (pip install playwright)", importlib.util.find_spec("playwright") is not None),
        ("chromium (apt install chromium)", CHROMIUM is not None),
        ("the built widget (npm; make assets)", widget_module("dag") is not None),
        ("the built extension (npm; make assets)", (EXTENSIONS / "labextensions").is_dir()),
    )
    if not is_there
]
collect_ignore_glob = ["test_*.py"] if MISSING else []


def pytest_report_header() -> str | None:
    """Said once, above all tests."""
    return f"no tests in a browser, for want of: {', '.join(MISSING)}" if MISSING else None


# errors that are not ours: Notebook's as it starts, whatever notebook is opened; that of JupyterLab's comms when a
# kernel ends before it has told of its subshells; and that of its rate limiters, which go on when a notebook is closed
NOISE = (
    "Cannot read properties of undefined (reading 'schema')",
    "Canceled future for create_subshell_request",
    "Cannot read properties of null (reading 'promise')",
)
RUN = """async place => {
  const notebook = window.jupyterapp.shell.currentWidget.content;
  notebook.activeCellIndex = place;
  await window.jupyterapp.commands.execute('notebook:run-cell');
}"""
SAID = """place => {
  const { outputs } = window.jupyterapp.shell.currentWidget.content.widgets[place].model;
  const text = one => one.text ?? one.data?.['text/plain'] ?? `${one.ename}: ${one.evalue}`;
  return outputs.toJSON().map(one => [text(one)].flat().join('')).join('\\n');
}"""
# keeps what stands in elements that come and go, however short that is
KEEP = """selector => {
  window.kept = [];
  const look = () => document.querySelectorAll(selector).forEach(one => window.kept.push(one.textContent));
  new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""
THERE = (
    "() => window.jupyterapp?.shell?.currentWidget?.sessionContext?.session?.kernel?.connectionStatus === 'connected'"
    " && window.jupyterapp.shell.currentWidget.content.widgets.length > 0"
)
IDLE = THERE.replace("connectionStatus === 'connected'", "status === 'idle'")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium. For one file: the event loop of playwright stands in the way of other tests' loops."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE * 1000)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


def eventually(read: Callable[[], object], expected: object) -> None:
    """Wait until ``read`` gives what is expected: what it reads follows an event by itself, a moment later."""
    deadline = time.monotonic() + PATIENCE
    while (found := read()) != expected and time.monotonic() < deadline:
        time.sleep(0.1)
    assert found == expected


class Book:
    """One notebook in a page."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.loaded: list[str] = []
        self.outside: list[str] = []
        self.errors: list[str] = []
        page.on("request", lambda request: self._note(request.url))
        page.on("pageerror", lambda error: self._note_error(str(error)))

    def _note(self, url: str) -> None:
        self.loaded.append(url)
        if not url.startswith(("http://127.0.0.1", "ws://127.0.0.1", "data:", "blob:")):
            self.outside.append(url)

    def _note_error(self, error: str) -> None:
        if not any(noise in error for noise in NOISE):
            self.errors.append(error)

    def start(self, place: int) -> None:
        """Run a cell and do not wait for it."""
        self.page.evaluate(f"place => {{ ({RUN})(place); }}", place)

    def run(self, *places: int) -> None:
        """Run cells one after the other."""
        for place in places:
            self.page.evaluate(RUN, place)

    def text(self, place: int) -> str:
        """What a cell's output says: as the notebook has it, which is drawn a moment later."""
        return str(self.page.evaluate(SAID, place))

    def command(self, name: str, **arguments: Any) -> None:
        """Execute a command of the application, and wait for what it does."""
        execute = "([name, given]) => window.jupyterapp.commands.execute(name, given).then(() => null)"
        self.page.evaluate(execute, [name, arguments])

    def start_command(self, name: str, **arguments: Any) -> None:
        """The same, and do not wait: it asks the user something."""
        execute = "([name, given]) => void window.jupyterapp.commands.execute(name, given)"
        self.page.evaluate(execute, [name, arguments])

    @property
    def sources(self) -> list[str]:
        """The text of all cells."""
        read = "() => window.jupyterapp.shell.currentWidget.content.model.sharedModel.cells.map(one => one.getSource())"
        return list(self.page.evaluate(read))

    def write(self, place: int, text: str) -> None:
        """Type over a cell."""
        set_it = (
            "([place, text]) => window.jupyterapp.shell.currentWidget.content.widgets[place]"
            ".model.sharedModel.setSource(text)"
        )
        self.page.evaluate(set_it, [place, text])

    def keep(self, selector: str) -> None:
        """Remember what stands in such elements from now on, for ``kept``: they may be gone when one looks."""
        self.page.evaluate(KEEP, selector)

    def kept(self, text: str) -> None:
        """Wait until one has said this, if it has not already."""
        self.page.wait_for_function("text => window.kept.some(one => one.includes(text))", arg=text)

    def laid_out(self, *saved: str) -> None:
        """Wait until JupyterLab has saved its layout with this in it, which it does a moment after a change."""
        read = "() => fetch('/lab/api/workspaces').then(answer => answer.text())"
        eventually(lambda: [one for one in saved if one not in self.page.evaluate(read)], [])

    @property
    def sidebar(self) -> Any:
        """The extension's sidebar."""
        return self.page.locator(".helix-Sidebar")

    @property
    def view(self) -> Any:
        """The widget (of the first cell that shows one)."""
        return self.page.locator(".hx").first

    def node(self, name: str) -> Any:
        """A node in the picture."""
        return self.view.locator(f'.hx-node[data-node="{name}"]')


@pytest.fixture(scope="module", params=["lab", "notebook"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str, Path]]:
    """Which application, its address, its folder."""
    folder = tmp_path_factory.mktemp(f"books-{request.param}")
    with served(request.param, folder, tmp_path_factory.mktemp("home")) as address:
        yield request.param, address, folder


@pytest.fixture
def open_book(browser: Any, server: tuple[str, str, Path], request: pytest.FixtureRequest) -> Iterator[Callable]:
    """Opens a notebook with these cells, its kernel idle; nothing outside may be asked for meanwhile."""
    app, address, folder = server
    books: list[Book] = []

    def opened(*cells: str, dark: bool = False, load: bool = True) -> Book:
        # what moves is measured where it happens to be
        looks = {"color_scheme": "dark" if dark else "light", "reduced_motion": "reduce"}
        context = browser.new_context(viewport={"width": 1280, "height": 900}, **looks)
        context.set_default_timeout(PATIENCE * 1000)
        name = f"{request.node.originalname}-{len(list(folder.iterdir()))}"  # every case of a test has its own
        where = folder / name
        where.mkdir()
        write_notebook(where / "book.ipynb", ["%load_ext helix_jupyter", *cells])
        books.append(Book(context.new_page()))
        path = f"lab/tree/{name}/book.ipynb?reset" if app == "lab" else f"notebooks/{name}/book.ipynb"
        books[-1].page.goto(f"{address}/{path}")
        books[-1].page.wait_for_function(IDLE, timeout=PATIENCE * 1000)
        if load:
            books[-1].run(0)
        return books[-1]

    yield opened
    for book in books:
        outside, errors = book.outside, book.errors
        book.page.evaluate("() => window.jupyterapp.serviceManager.sessions.shutdownAll()")
        book.page.context.close()
        assert not outside
        assert not errors

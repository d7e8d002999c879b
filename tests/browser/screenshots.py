"""Pictures of every view, light and dark, small and large: ``python -m tests.browser.screenshots [FOLDER]``.

Taken in JupyterLab, of the widget alone, at twice the usual density; of cells in Notebook, too, and one that moves.
"""

from __future__ import annotations

import argparse
import io
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image

from tests.browser.conftest import IDLE, Book
from tests.browser.jupyter import CHROMIUM, FLAGS, PATIENCE, ROOT, served, write_notebook

PIPELINE = (
    "import time, numpy as np, pandas as pd\nfrom sklearn.linear_model import LogisticRegression\n"
    "def clean(frame):\n    return frame[frame['hours'] > 0].reset_index(drop=True)\nC = 0.5",
    "%%helix rows --group data\ntime.sleep(0.3)\nrandom = np.random.default_rng(0)\nrows = pd.DataFrame({\n"
    "    'age': random.integers(17, 90, 30_000),\n    'hours': random.integers(0, 80, 30_000),\n"
    "    'education': random.choice(['Bachelors', 'HS-grad', 'Masters'], 30_000),\n"
    "    'income': random.random(30_000) > 0.7,\n})",
    "%%helix cleaned --group data\ntime.sleep(0.2)\nprint(len(rows), 'rows read')\ncleaned = clean(rows)",
    "%%helix age_bucket --group features\ntime.sleep(0.1)\nage_bucket = pd.cut(cleaned['age'], 10, labels=False)",
    "%%helix education --group features\ntime.sleep(0.1)\neducation = pd.get_dummies(cleaned['education'])",
    "%%helix hours_scaled --group features\ntime.sleep(0.1)\nhours_scaled = cleaned['hours'] / 80",
    "%%helix features\ntime.sleep(0.2)\nfeatures = pd.concat([age_bucket, education, hours_scaled], axis=1)",
    "%%helix X_train X_test y_train y_test --name split\ntime.sleep(0.1)\nk = 20_000\ny = cleaned['income']\n"
    "X_train, X_test, y_train, y_test = features[:k], features[k:], y[:k], y[k:]",
    "%%helix model\ntime.sleep(0.6)\nmodel = LogisticRegression(C=C).fit(X_train, y_train)",
    "%%helix baseline\ntime.sleep(0.1)\nbaseline = y_train.mean()",
    "%%helix predictions\ntime.sleep(0.1)\npredictions = model.predict(X_test)",
    "%%helix scores --metrics\nscores = {\n    'accuracy': float((predictions == y_test).mean()),\n"
    "    'baseline': float(1 - baseline),\n}",
    "%%helix report --name report\nreport = pd.DataFrame({'predicted': predictions, 'is': y_test}).value_counts()",
)
# the same pipeline after an evening: another rule, another feature, another model; then a few more values of C
EDITED = (
    "def clean(frame):\n    return frame[frame['hours'].between(5, 70)].reset_index(drop=True)\nC = 2.0",
    "%%helix rows --group data --replace\ntime.sleep(0.3)\nrandom = np.random.default_rng(0)\nrows = pd.DataFrame({\n"
    "    'age': random.integers(17, 75, 30_000),\n    'hours': random.normal(38, 12, 30_000).clip(0, 80).astype(int),\n"
    "    'education': random.choice(['Bachelors', 'HS-grad', 'Masters'], 30_000, p=[0.5, 0.3, 0.2]),\n"
    "    'gain': random.exponential(800, 30_000),\n    'income': random.random(30_000) > 0.66,\n})",
    "%%helix gain_log --group features\ntime.sleep(0.1)\ngain_log = np.log1p(cleaned['gain'])",
    "%%helix features --replace\ntime.sleep(0.2)\nparts = [age_bucket, education, hours_scaled, gain_log]\n"
    "features = pd.concat(parts, axis=1)",
    "%%helix model --replace\ntime.sleep(0.6)\nmodel = LogisticRegression(C=C, max_iter=500).fit(X_train, y_train)",
)
CHART = (
    "%config InlineBackend.figure_formats = ['png']\nimport matplotlib.pyplot as plt",
    "%%helix chart\nfigure, axes = plt.subplots(figsize=(4.6, 2.6))\n"
    "axes.hist(model.predict_proba(X_test)[:, 1], bins=40)\naxes.set_title('predicted probability')\n"
    "plt.show()\nchart = 1",
)
COMPARED = (
    *PIPELINE,
    *CHART,
    "%helix run -m 'as it was'",
    *EDITED,
    "%helix run -m 'gain, cleaner hours'",
    "%helix diff 1 2",
    *("C = 8.0\n%helix run -m 'C = 8'", "C = 0.01\n%helix run -m 'C = 0.01'", "%helix diff 1 2 3 4"),
)
LARGE = """import helix_jupyter, random
draw = random.Random(4)
big = helix_jupyter.Session('.helix-large', namespace={})
for at in range(200):
    near = {max(0, at - 1 - int(draw.expovariate(1 / 12))) for _ in range(draw.choice([1, 1, 2, 2, 3]))}
    reads = [] if at % 25 == 0 else sorted(near)
    code = f"step_{at} = {' + '.join(f'step_{one}' for one in reads) or '1'}"
    big.declare(code, outputs=[f'step_{at}'], group=f'part {at // 25 + 1}' if at < 50 else None)
_ = big.run()
for at in (60, 90, 140):
    big.declare(f"step_{at} = {at}", outputs=[f'step_{at}'])
big"""

TRIED = """import helix_jupyter
from sklearn.datasets import make_classification
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, log_loss, roc_auc_score
tuning = helix_jupyter.Session('.helix-tuning', workflow='income', namespace=globals())
DATA = "X, y = make_classification(3000, 24, n_informative=9, n_redundant=6, flip_y=0.06, class_sep=0.7)"
SCORES = (
    "scores = {'accuracy': accuracy_score(y[2000:], p[2000:] > 0.5), 'auc': roc_auc_score(y[2000:], p[2000:]), "
    "'log_loss': log_loss(y[2000:], p[2000:])}"
)
def attempt(message, columns, model):
    tuning.declare(DATA, ['X', 'y'], name='rows')
    tuning.declare(f'features = X[:, :{columns}]', ['features'])
    tuning.declare(f'model = {model}.fit(features[:2000], y[:2000])', ['model'])
    tuning.declare('p = model.predict_proba(features)[:, 1]', ['p'])
    tuning.declare(SCORES, ['scores'], metrics=True)
    try:
        return tuning.run(message=message)
    except Exception:
        pass
LINEAR, TREES = 'LogisticRegression', 'HistGradientBoostingClassifier'
for columns in (2, 4, 6, 9):
    attempt(f'{columns} columns', columns, f'{LINEAR}(C=0.01)')
attempt('C=0.1', 9, f'{LINEAR}(C=0.1)')
attempt('no columns at all', 0, f'{LINEAR}(C=0.1)')
attempt('C=1', 9, f'{LINEAR}(C=1)')
tuning.checkout(4)
for depth, count in ((2, 8), (3, 8), (3, 20), (3, 40)):
    attempt(f'{count} trees of depth {depth}', 9, f'{TREES}(max_depth={depth}, max_iter={count}, random_state=0)')
tuning.checkout(7)
for columns in (12, 18, 24):
    attempt(f'{columns} columns', columns, f'{LINEAR}(C=1)')
tuning.checkout(11)
for columns, count in ((12, 40), (18, 40), (24, 40), (24, 80)):
    attempt(f'{columns} columns, {count} trees', columns, f'{TREES}(max_depth=3, max_iter={count}, random_state=0)')
attempt('deep trees', 24, f'{TREES}(max_depth=12, max_iter=80, random_state=0)')
tuning.checkout(18)
for rate in (0.05, 0.2):
    attempt(f'learning rate {rate}', 24, f'{TREES}(max_depth=3, max_iter=80, learning_rate={rate}, random_state=0)')
tuning.checkout(18)
attempt('depth 5', 24, f'{TREES}(max_depth=5, max_iter=80, random_state=0)')
tuning.annotate(4, tags=['baseline'])
tuning.annotate(18, tags=['candidate'], note='what the report shows')
from IPython.display import display
display({'text/plain': '', **tuning.live(tuning.versions)}, raw=True)"""


LOAD = "%load_ext helix_jupyter\n%config InlineBackend.figure_formats = []"
SHORT = (
    "import time\nK = 3",
    "%%helix rows\ntime.sleep(0.4)\nrows = list(range(1000))",
    "%%helix squares\ntime.sleep(0.2)\nsquares = [row**2 for row in rows]",
    "%%helix total\ntime.sleep(0.1)\ntotal = sum(squares) * K",
    "# helix: scores --metrics\nscores = {'mean': total / len(rows)}",
    "%%helix report\nreport = f'{total:,}'",
)
MOVING = (
    "import time\nK = 3",
    "%%helix rows\ntime.sleep(0.6)\nrows = list(range(1000))",
    "%%helix squares\ntime.sleep(0.8)\nsquares = [row**2 for row in rows]",
    "%%helix total\ntime.sleep(0.6)\ntotal = sum(squares) * K",
    "%%helix report\ntime.sleep(0.5)\nreport = f'{total:,}'",
)
ORDINARY = (
    "import numpy as np\nimport pandas as pd\nfrom sklearn.linear_model import LogisticRegression",
    "rows = pd.DataFrame({'age': np.arange(1000) % 70, 'hours': np.arange(1000) % 60})\nrows.head()",
    "def clean(frame):\n    return frame[frame['hours'] > 0]",
    "rows['old'] = rows['age'] > 40\ncleaned = clean(rows)",
    "model = LogisticRegression().fit(cleaned[['age', 'hours']], cleaned['old'])",
    "print('accuracy', model.score(cleaned[['age', 'hours']], cleaned['old']))",
)
WHAT_IF = "%helix plan --explore --pin features --force education --drop report --budget 1MB"
WORKFLOWS = (*PIPELINE, "%helix dag", "%helix run", LARGE, "C = 0.8", WHAT_IF)


def main(target: Path) -> None:
    """Take all of them."""
    from playwright.sync_api import sync_playwright

    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        place = Path(folder)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        with served("lab", place, place / "home") as address:
            for theme in ("light", "dark"):
                with opened(browser, address, place / theme, theme) as book:
                    small(book, target, theme)
                    large(book, target, theme)
                    explored(book, target, theme)
                    sidebar(book, target, theme)
                with opened(browser, address, place / f"cells-{theme}", theme, SHORT) as book:
                    cells(book, target, theme)
                with opened(browser, address, place / f"compare-{theme}", theme, COMPARED) as book:
                    compared(book, target, theme)
                with opened(browser, address, place / f"versions-{theme}", theme, (TRIED,)) as book:
                    versions(book, target, theme)
                with opened(browser, address, place / f"adopt-{theme}", theme, ORDINARY, load="import math") as book:
                    adopted(book, target, theme)
            with opened(browser, address, place / "moving", "light", MOVING, scale=1) as book:
                moving(book, target)
        with served("notebook", place, place / "home-notebook") as address:
            for theme in ("light", "dark"):
                where = place / f"notebook-{theme}"
                with opened(browser, address, where, theme, SHORT, app="notebooks") as book:
                    cells(book, target, theme, "notebook")
        browser.close()


@contextmanager
def opened(
    browser: Any,
    address: str,
    folder: Path,
    theme: str,
    cells: Sequence[str] = WORKFLOWS,
    *,
    load: str = LOAD,
    app: str = "lab/tree",
    scale: int = 2,
) -> Iterator[Book]:
    """A notebook under a theme; unless other cells are given, of both workflows."""
    folder.mkdir()
    write_notebook(folder / "book.ipynb", [load, *cells])
    size = {"width": 1440, "height": 1000}
    context = browser.new_context(viewport=size, color_scheme=theme, device_scale_factor=scale)
    context.set_default_timeout(PATIENCE * 1000)
    book = Book(context.new_page())
    book.page.goto(f"{address}/{app}/{folder.name}/book.ipynb{'?reset' if app == 'lab/tree' else ''}")
    book.page.wait_for_function(IDLE)
    name = "JupyterLab Dark" if theme == "dark" else "JupyterLab Light"
    book.page.evaluate("theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})", name)
    if app == "lab/tree":
        book.page.evaluate("() => window.jupyterapp.commands.execute('application:toggle-left-area')")
    yield book
    context.close()


def small(book: Book, target: Path, theme: str) -> None:
    """Twelve nodes: before a run, in it, after it, with the panel."""
    count = len(PIPELINE)
    book.run(*range(count + 2))
    book.view.scroll_into_view_if_needed()
    shot(book, target / f"dag-12-{theme}.png")
    book.start(count + 2)
    book.node("cleaned").and_(book.page.locator('[data-state="done"]')).wait_for()
    shot(book, target / f"run-12-{theme}.png")
    book.node("scores").and_(book.page.locator('[data-state="done"]')).wait_for()
    book.page.wait_for_timeout(1500)
    book.node("cleaned").click()
    book.view.locator(".hx-frame").wait_for()
    shot(book, target / f"panel-12-{theme}.png")
    book.page.keyboard.press("Escape")


def large(book: Book, target: Path, theme: str) -> None:
    """Two hundred nodes: as a whole, and near."""
    book.run(len(PIPELINE) + 3)
    view = book.page.locator(".hx").nth(1)
    view.locator('[data-node="step_199"]').wait_for()
    view.scroll_into_view_if_needed()
    book.page.wait_for_timeout(500)
    view.screenshot(path=target / f"dag-200-{theme}.png")
    view.locator(".hx-search").fill("step_90")
    book.page.wait_for_timeout(300)
    view.screenshot(path=target / f"found-200-{theme}.png")


def explored(book: Book, target: Path, theme: str) -> None:
    """What would be: of twelve nodes, and of two hundred."""
    count = len(PIPELINE)
    book.run(count + 4, count + 5)
    view = book.page.locator('.hx[data-view="explore"]').nth(0)
    view.locator(".hx-buys").wait_for()
    view.locator('[data-node="education"]').click()
    view.scroll_into_view_if_needed()
    book.page.mouse.move(1, 1)
    book.page.wait_for_timeout(300)
    view.screenshot(path=target / f"explore-12-{theme}.png")
    view = book.page.locator(".hx", has=book.page.locator('[data-node="step_40"]'))
    view.get_by_role("button", name="What if").click()
    view.locator(".hx-buys").wait_for()
    for node, key in (("step_40", "p"), ("step_120", "f"), ("step_150", "d")):
        view.locator(".hx-search").first.fill(node)
        view.locator(f'[data-node="{node}"]').click()
        book.page.keyboard.press(key)
    view.locator(".hx-search").first.fill("")
    view.get_by_role("button", name="Fit").click()
    view.scroll_into_view_if_needed()
    book.page.mouse.move(1, 1)
    book.page.wait_for_timeout(600)
    view.screenshot(path=target / f"explore-200-{theme}.png")


def sidebar(book: Book, target: Path, theme: str) -> None:
    """All of JupyterLab, the sidebar open: after an edit, with the plan."""
    book.page.evaluate("""() => {
      const cell = window.jupyterapp.shell.currentWidget.content.widgets[1].model.sharedModel;
      cell.setSource(cell.getSource().replace("C = 0.5", "C = 5.0"));
    }""")
    book.run(1)
    book.command("helix:plan")
    book.sidebar.locator(".helix-Plan li").first.wait_for()
    book.page.wait_for_timeout(1000)
    book.page.screenshot(path=target / f"sidebar-{theme}.png")


def cells(book: Book, target: Path, theme: str, name: str = "cells") -> None:
    """A notebook whose cells have badges: one edited, one broken, one deleted; the sidebar beside it."""
    book.page.set_viewport_size({"width": 1280, "height": 860})
    book.run(*range(len(SHORT) + 1))
    book.command("helix:run")
    book.write(3, SHORT[2] + " * 2")
    book.page.evaluate("() => window.jupyterapp.shell.currentWidget.content.model.sharedModel.deleteCell(6)")
    book.command("helix:show-dag")
    book.page.locator('.helix-Badge[data-state="stale"]').first.wait_for()
    book.page.wait_for_timeout(1500)
    book.page.screenshot(path=target / f"{name}-{theme}.png")
    book.write(4, SHORT[3] + " + (")
    book.page.locator('.helix-Badge[data-state="error"]').wait_for()
    book.page.locator('.hx-node[data-node="total"]').first.click()
    book.page.wait_for_timeout(1000)
    book.page.screenshot(path=target / f"{name}-broken-{theme}.png")


def adopted(book: Book, target: Path, theme: str) -> None:
    """An ordinary notebook, and what would become of it."""
    book.start_command("helix:adopt")
    book.page.locator(".helix-AdoptDialog .helix-Adopt-cells > li").first.wait_for()
    book.page.wait_for_timeout(1000)
    book.page.screenshot(path=target / f"adopt-{theme}.png")


def moving(book: Book, target: Path) -> None:
    """From an edit over the badges, as it is typed, to the end of the run: in motion."""
    book.page.set_viewport_size({"width": 1000, "height": 640})
    book.run(*range(len(MOVING) + 1))
    book.command("helix:run")
    book.command("helix:show-dag")
    settled = book.page.get_by_text("All is up to date.")
    settled.wait_for()
    film = Film(book.page)
    film.take(1.5)
    book.page.locator(".jp-CodeCell").nth(3).locator(".cm-content").click()
    book.page.keyboard.press("Control+End")
    for key in " * 2":
        book.page.keyboard.type(key)
        film.take(0.2)
    book.page.locator('.helix-Badge[data-state="stale"]').first.wait_for()
    film.take(2.5)
    book.start_command("helix:run")
    last = book.page.locator('.helix-Badge[data-node="report"][data-state="fresh"]')
    began = time.monotonic()
    while not last.count() or time.monotonic() - began < 2:
        film.take()
    book.page.mouse.move(1, 1)
    settled.wait_for()
    film.take(3.0)
    film.write(target / "edit-and-run.webp")


class Film:
    """Pictures of a page, one after the other, each shown for as long as it was so."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.pictures: list[Image.Image] = []
        self.shown: list[int] = []
        self.taken = 0.0

    def take(self, seconds: float | None = None) -> None:
        """As it is now; shown for so long, or until the next is taken."""
        now = time.monotonic()
        if self.shown and not self.shown[-1]:
            self.shown[-1] = round((now - self.taken) * 1000)
        self.pictures.append(Image.open(io.BytesIO(self.page.screenshot())).convert("RGB"))
        self.shown.append(round((seconds or 0) * 1000))
        self.taken = now

    def write(self, path: Path) -> None:
        """As one that moves."""
        first, *rest = self.pictures
        first.save(path, save_all=True, append_images=rest, duration=self.shown, loop=0, quality=80, method=6)


def compared(book: Book, target: Path, theme: str) -> None:
    """Two versions, their code, data and model; then four."""
    book.page.set_viewport_size({"width": 1440, "height": 1500})
    last = len(COMPARED)
    two = last - 3
    book.run(*range(two + 1))
    view = book.page.locator(".hx").first
    view.locator('[data-node="model"]').first.wait_for()
    view.scroll_into_view_if_needed()
    shot(book, target / f"compare-{theme}.png")
    for title in ("Code", "Data", "Models", "Figures", "Time and size"):
        view.locator(".hxd-jump", has_text=title).click()
        book.page.wait_for_timeout(1500)
        shot(book, target / f"compare-{title.split()[0].lower()}-{theme}.png")
    book.run(*range(two + 1, last + 1))
    view = book.page.locator('[data-view="comparison"]')
    view.scroll_into_view_if_needed()
    view.locator('td[data-at="1"]').first.hover()
    book.page.wait_for_timeout(300)
    view.screenshot(path=target / f"compare-several-{theme}.png")


def versions(book: Book, target: Path, theme: str) -> None:
    """Some twenty versions in branches: the list, one of them opened, two compared."""
    book.run(0, 1)
    view = book.page.locator('[data-view="versions"]')
    view.locator("[data-version]").first.wait_for()
    view.scroll_into_view_if_needed()
    book.page.wait_for_timeout(500)
    view.screenshot(path=target / f"versions-{theme}.png")
    view.locator('[data-version="18"]').click()
    view.locator(".hxv-nodes").wait_for()
    view.screenshot(path=target / f"version-{theme}.png")
    book.page.set_viewport_size({"width": 1440, "height": 2000})
    for number in (14, 18):
        view.locator(f'[data-version="{number}"] input').click()
    view.get_by_role("button", name="Compare").click()
    view.locator(".hxv-below").wait_for()
    book.page.wait_for_timeout(300)
    view.screenshot(path=target / f"versions-compared-{theme}.png")


def shot(book: Book, path: Path) -> None:
    """One picture, once all has come to rest."""
    book.page.mouse.move(1, 1)
    book.page.wait_for_timeout(200)
    book.view.screenshot(path=path)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Pictures of every view, light and dark, small and large.")
    parser.add_argument("folder", type=Path, nargs="?", default=ROOT / "build" / "screenshots")
    main(parser.parse_args().folder)

"""Writes a small store as the current format has it, with the key that signed it: ``schema-N.zip`` beside this file.

Run ``python tests/data/stores/make_store.py`` when a new schema is made, before it is released. What a released version
wrote is never made anew: later versions have to read it as it is, or refuse it in words.
"""

from __future__ import annotations

import linecache
import os
import tempfile
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
DATA = "age,kind\n31,a\n17,b\n58,a\n44,c\n"
HELPERS = "LIMIT = 30\ndef clean(rows):\n    return rows[rows['age'] > LIMIT].reset_index(drop=True)\n"
# long enough that loading is cheaper
PAUSE = "import time\ntime.sleep(0.2)\n"
ROWS = PAUSE + "import pandas as pd\nrows = clean(pd.read_csv('data.csv'))\nprint(len(rows), 'rows')"
NUMBERS = PAUSE + "numbers = {'squares': [i * i for i in range(5)], 'words': {'b', 'a'}}"
MODEL = (
    PAUSE
    + "from sklearn.linear_model import LogisticRegression\n"
    + "model = LogisticRegression(C={C}).fit(rows[['age']], rows['kind'] == 'a')"
)
SCORES = PAUSE + "scores = {'accuracy': float(model.score(rows[['age']], rows['kind'] == 'a')), 'count': len(rows)}"
TOTAL = PAUSE + "total = sum(numbers['squares'])"
BROKEN = PAUSE + "total = sum(numbers['squares']) / 0"
ACCEPTED = PAUSE + "total = 0\nfor square in numbers['squares']:\n    total += square"


def make(folder: Path) -> None:
    """Five versions in ``folder/.helix``: first, edited, failed, mended, and with an accepted edit."""
    import numpy as np

    from helix_jupyter import HelixError, Session
    from helix_jupyter.store.pickling import prepare

    (folder / "data.csv").write_text(DATA)
    namespace: dict[str, Any] = {"__name__": "__main__"}
    linecache.cache["<helpers>"] = (len(HELPERS), None, HELPERS.splitlines(keepends=True), "<helpers>")
    exec(compile(HELPERS, "<helpers>", "exec"), namespace)
    session = Session(".helix", folder=folder, namespace=namespace, policy="all", workflow="frozen")
    session.declare(ROWS, ["rows"])
    session.declare(NUMBERS, ["numbers"])
    session.declare(MODEL.format(C=1.0), ["model"])
    session.declare(SCORES, ["scores"], metrics=True)
    session.declare(TOTAL, ["total"])
    session.run(message="first")
    session.declare(MODEL.format(C=0.1), ["model"])
    session.run(message="less C")
    session.declare(BROKEN, ["total"])
    with suppress(HelixError):
        session.run(message="it fails")
    session.declare(TOTAL, ["total"])
    session.run()
    session.declare(ACCEPTED, ["total"])
    session.accept("total")
    session.pin("rows")
    session.run(message="accepted")
    for name in ("zeros", "renamed"):  # two artifacts with one large buffer
        session.store.write(name, prepare({name: np.zeros(150_000)}), worth_seconds=1, node="rows", workflow="other")
    session.close()


def main() -> None:
    from helix_jupyter.store.schema import MIGRATIONS

    with tempfile.TemporaryDirectory() as place:
        project, home = Path(place, "project"), Path(place, "home")
        project.mkdir()
        os.environ["HELIX_JUPYTER_HOME"] = str(home)
        os.chdir(project)
        make(project)
        target = HERE / f"schema-{len(MIGRATIONS)}.zip"
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(Path(place).rglob("*")):
                if path.is_file():
                    archive.write(path, path.relative_to(place))
        print(target.name, target.stat().st_size, "bytes")


if __name__ == "__main__":
    main()

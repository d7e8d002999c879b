"""Where the tests of adopting run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from adopt_helpers import Checked, check


@pytest.fixture(scope="session", autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keys and history of these tests lie apart."""
    folder = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HELIX_JUPYTER_HOME", str(folder / "keys"))
        patch.setenv("IPYTHONDIR", str(folder / "ipython"))
        patch.delenv("JPY_SESSION_NAME", raising=False)
        yield


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the notebook, which is the working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def same(place: Path) -> Callable[..., Checked]:
    """Adopt cells, and see that the adopted notebook shows what the original shows, twice."""
    return check

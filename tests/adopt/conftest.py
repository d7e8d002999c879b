"""Where the tests of adopting run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from adopt_helpers import Checked, check


@pytest.fixture(scope="module", autouse=True)
def home(own_home: Path) -> Path:
    """Nothing of these tests reaches the user's own home."""
    return own_home


@pytest.fixture(autouse=True)
def shown_nowhere(no_figures: None) -> None:
    """No test here shows a figure that an earlier one of the process left open."""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the notebook, which is the working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def same(place: Path) -> Callable[..., Checked]:
    """Adopt cells, and see that the adopted notebook shows what the original shows, twice."""
    return check

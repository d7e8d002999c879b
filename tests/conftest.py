"""What all tests share: no deadlines (machines are noisy, and no test asserts times), a key of their own."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from helix_jupyter.fingerprint.settings import changed_settings, put_settings

settings.register_profile("calm", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("calm")

# the signing key lies outside a project: here in a folder that goes with the test run
os.environ.setdefault("HELIX_JUPYTER_HOME", tempfile.mkdtemp(prefix="helix-home-"))


@pytest.fixture(autouse=True)
def packages_as_before() -> Iterator[None]:
    """What a test sets of packages (``%precision 3``) counts for every node: it is not left to the next tests."""
    before = changed_settings()
    yield
    put_settings(before)


@pytest.fixture
def no_figures() -> Iterator[None]:
    """No figure is open, and none is shown: an earlier test of the process may have chosen IPython's backend."""
    import matplotlib.pyplot as plt

    before = plt.get_backend()
    plt.switch_backend("agg")
    yield
    plt.close("all")
    plt.switch_backend(before)


@pytest.fixture(scope="module")
def own_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keys and history of one file's tests lie apart; what a front end would tell is not told."""
    folder = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HELIX_JUPYTER_HOME", str(folder / "keys"))
        patch.setenv("IPYTHONDIR", str(folder / "ipython"))
        patch.delenv("JPY_SESSION_NAME", raising=False)
        yield folder

"""What ``make dist`` checks of a wheel and an sdist."""

from __future__ import annotations

import pytest

from tests.distribution import LARGEST, MUST, problems


@pytest.mark.parametrize("kind", ["wheel", "sdist"])
def test_a_whole_distribution_is_fine(kind: str) -> None:
    assert list(problems(kind, LARGEST, dict.fromkeys(MUST[kind], b"text"))) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"helix_jupyter/py.typed": None}, "helix_jupyter/py.typed is missing"),
        ({"tests/test_run.py": b""}, "tests/test_run.py does not belong in it"),
        ({"helix_jupyter/__pycache__/a.cpython-311.pyc": b""}, "does not belong in it"),
        ({"helix_jupyter/a.js": b"at /home/somebody/helix/src/a.ts"}, "names /home/somebody/helix/"),
    ],
    ids=["missing", "tests", "compiled", "a folder of the machine"],
)
def test_what_is_wrong_is_told(change: dict[str, bytes | None], told: str) -> None:
    files = {**dict.fromkeys(MUST["wheel"], b"text"), **change}
    [problem] = problems("wheel", 1, {name: content for name, content in files.items() if content is not None})
    assert told in problem


def test_a_large_one_is_told() -> None:
    [problem] = problems("wheel", LARGEST + 1, dict.fromkeys(MUST["wheel"], b""))
    assert problem.startswith("2,000,001 bytes")

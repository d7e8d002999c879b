"""A run is stopped from another thread, as a button does."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from helix_jupyter import Session


def test_a_run_is_stopped_from_another_thread(tmp_path: Path) -> None:
    with Session(folder=tmp_path) as session:
        session.declare("first = 1", ["first"])
        session.declare("import time\nfor _ in range(1200):\n    time.sleep(0.05)\nnap = first", ["nap"])
        assert session.stop() is False

        def press() -> None:
            while not session.stop():
                time.sleep(0.01)

        button = threading.Thread(target=press)
        button.start()
        with pytest.raises(KeyboardInterrupt):
            session.run()
        button.join()
        assert session.versions[-1].status == "interrupted"
        assert session.stop() is False
        session.declare("nap = first + 1", ["nap"])
        assert session.get("nap") == 2


def test_an_interrupt_that_a_finaliser_lost_is_sent_again(tmp_path: Path) -> None:
    with Session(folder=tmp_path) as session:
        session.declare(
            "import time, weakref\nclass Held: pass\ndef ended(_): raise KeyboardInterrupt\n"
            "held = Held()\nseen = weakref.ref(held, ended)\ndel held\n"
            "for _ in range(1200):\n    time.sleep(0.05)\nnap = 1",
            ["nap"],
        )
        with pytest.raises(KeyboardInterrupt):
            session.run()
        assert session.versions[-1].status == "interrupted"


def test_a_run_that_is_not_on_the_main_thread_is_not_stopped(tmp_path: Path) -> None:
    with Session(folder=tmp_path) as session:
        session.declare("import time\ntime.sleep(1)\nnap = 1", ["nap"])
        run = threading.Thread(target=session.run)
        run.start()
        problem = None
        while problem is None and run.is_alive():
            try:
                session.stop()
                time.sleep(0.01)
            except ValueError as raised:
                problem = raised
        run.join()
        assert "main thread" in str(problem)
        assert session["nap"] == 1

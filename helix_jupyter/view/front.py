"""What front end there is: whether a widget can be shown, and how to get onto the thread that runs cells.

Both are asked of what is imported already, so that a script that shows nothing imports nothing.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from typing import Any


def can_show_widgets() -> bool:
    """Whether this process is a kernel whose front end may show widgets; no terminal and no script is."""
    comm = sys.modules.get("comm")
    # kernels put their own in the place of one that does nothing
    return comm is not None and getattr(comm.create_comm, "__module__", "comm") != "comm"


def on_main_thread(act: Callable[[], None]) -> None:
    """Act where cells run, once none is running: what a view asks for may arrive on a thread of its own."""
    loop = _loop()
    if loop is None or threading.current_thread() is threading.main_thread():
        act()
    else:
        loop.add_callback(act)


def soon_on_main_thread(act: Callable[[], None], patience: float) -> bool:
    """Act where cells run, if that begins within so many seconds; else never, and False. ``act`` raises nothing."""
    begun: Future[None] = Future()

    def take_turn() -> None:
        if begun.set_running_or_notify_cancel():
            act()
            begun.set_result(None)

    on_main_thread(take_turn)
    wait([begun], patience)
    return not begun.cancel()


def after_a_while(seconds: float, act: Callable[[], None]) -> None:
    """Act on the thread that runs cells, called from it, when so many seconds have passed and none is running."""
    loop = _loop()
    if loop is None:
        act()
    else:
        loop.call_later(seconds, act)


def answer_where_asked(comm: Any) -> None:
    """Let what a page sends over ``comm`` arrive on the subshell that the page chose, which answers while a cell runs,
    and let that be no end of a cell.

    ipykernel 7.4 sends it to the subshell that used the comm last instead: to the thread of cells, where it waits. And
    round each message a comm tells the shell of an execution, at whose end Matplotlib's figures are shown and closed:
    those of the cell that runs meanwhile, half drawn. Private names of theirs; where one is not there, or the front end
    has no subshells, this changes nothing.
    """
    if hasattr(comm, "_reply_subshell_for"):
        comm._reply_subshell_for = lambda data, chosen: chosen
    if hasattr(comm, "_msg_callback"):

        def handle(message: Any) -> None:
            if comm._msg_callback:
                comm._msg_callback(message)

        comm.handle_msg = handle


def _loop() -> Any:
    kernels = sys.modules.get("ipykernel.kernelbase")
    return kernels.Kernel.instance().io_loop if kernels is not None and kernels.Kernel.initialized() else None

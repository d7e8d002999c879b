"""Real kernels: restarts, interrupts, cell ids of the front end, two kernels at once, progress, async cells."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

WORKFLOW = {
    "rows": "%%helix rows\nimport time\ntime.sleep(0.05)\nrows = list(range(1000))",
    "scaled": "%%helix scaled\nimport time\ntime.sleep(0.05)\nscaled = [K * row for row in rows]",
    "total": "%%helix total\nimport time\ntime.sleep(0.05)\ntotal = sum(scaled)",
}


def declare(kernel: Any) -> None:
    kernel("K = 2")
    for cell in WORKFLOW.values():
        assert not kernel(cell).error


def test_after_a_restart_everything_loads_and_nothing_computes(kernel: Any) -> None:
    declare(kernel)
    assert kernel.states() == {"rows": "compute", "scaled": "compute", "total": "compute"}
    kernel.restart()
    declare(kernel)
    assert "up to date" in kernel(WORKFLOW["total"]).data("text/plain")[0]
    assert "compute" not in kernel.states().values()
    assert kernel("total, sum(scaled), len(rows)").value == "(999000, 999000, 1000)"


def test_a_plain_cell_loads_what_it_reads_without_a_run(kernel: Any) -> None:
    declare(kernel)
    kernel("%helix run")
    kernel.restart()
    declare(kernel)
    cell = kernel("total")
    assert cell.value == "999000"
    assert cell.text("stderr") == ""


def test_an_instance_of_a_class_of_the_notebook_comes_back(kernel: Any) -> None:
    define = "class Box:\n    def __init__(self, x):\n        self.x = x"
    node = "%%helix box\nimport time\ntime.sleep(0.05)\nbox = Box(3)"
    for cell in (define, node, "%helix run"):
        kernel(cell)
    kernel.restart()
    for cell in (define, node):
        kernel(cell)
    assert kernel.states() == {"box": "load"}
    assert kernel("box.x, type(box).__name__").value == "(3, 'Box')"


def test_an_interrupt_that_a_shell_line_takes_for_itself_ends_the_node(kernel: Any) -> None:
    """IPython ends the command and goes on with the next line: what follows would be of half a file."""
    kernel("%%helix part\n!echo one; sleep 30; echo two\npart = 1")
    request = kernel.send("%helix run")
    kernel.until(request, "one")
    kernel.manager.interrupt_kernel()
    assert_stopped(kernel.finish(request))
    kernel("v = %helix versions")
    assert kernel("v[-1].status").value == "'interrupted'"
    kernel("%%helix part\n!echo one\npart = 1")
    assert kernel.states() == {"part": "compute"}


def test_an_interrupt_leaves_a_version_and_a_usable_session(kernel: Any) -> None:
    declare(kernel)
    kernel(
        "%%helix nap\nprint('asleep', flush=True)\nimport time\nfor _ in range(600):\n    time.sleep(0.05)\nnap = total"
    )
    request = kernel.send("%helix run -m tired")
    kernel.until(request, "asleep")
    time.sleep(0.2)
    kernel.manager.interrupt_kernel()
    cell = kernel.finish(request)
    lines = cell.error.splitlines()
    assert lines[0].startswith("KeyboardInterrupt")
    assert "helix_jupyter" not in cell.error
    assert "time.sleep(0.05)" in cell.error
    assert "-> 5" in cell.error or "-> 4" in cell.error
    kernel("v = %helix versions")
    assert kernel("v[-1].status, v[-1].message").value == "('interrupted', 'tired')"
    assert kernel("v[-1].nodes['total'].state.value").value == "'compute'"
    kernel("%%helix nap\nnap = total + 1")
    assert kernel.states() == {"rows": "prune", "scaled": "prune", "total": "load", "nap": "compute"}
    assert kernel("nap").value == "999001"


def test_an_interrupt_reaches_an_awaiting_node(kernel: Any) -> None:
    kernel("%%helix nap\nimport asyncio\nprint('asleep', flush=True)\nawait asyncio.sleep(60)\nnap = 1")
    request = kernel.send("%helix run")
    kernel.until(request, "asleep")
    time.sleep(0.2)
    kernel.manager.interrupt_kernel()
    assert_stopped(kernel.finish(request))
    kernel("%%helix nap\nimport asyncio\nawait asyncio.sleep(0)\nnap = 2")
    assert kernel.states() == {"nap": "compute"}
    assert kernel("nap").value == "2"


def test_an_interrupt_of_workers_shows_no_line_of_theirs(kernel: Any, tmp_path: Path) -> None:
    started = tmp_path / "started"
    for node in ("one", "two"):
        kernel(
            f"%%helix {node}\nimport pathlib, time\npathlib.Path({str(started)!r}).touch()\ntime.sleep(60)\n{node} = 1"
        )
    request = kernel.send("%helix run --jobs 2")
    while not started.exists():
        time.sleep(0.05)
    kernel.manager.interrupt_kernel()
    assert_stopped(kernel.finish(request))


def assert_stopped(cell: Any) -> None:
    assert cell.error.startswith("KeyboardInterrupt: stopped")
    assert len(cell.error.splitlines()) == 1


def test_await_in_a_node_beside_the_kernels_running_loop(kernel: Any) -> None:
    kernel("import asyncio\nasync def double(x):\n    await asyncio.sleep(0.01)\n    return 2 * x")
    kernel("%%helix a\na = await double(20)\na += sum(await asyncio.gather(double(1), double(0)))")
    kernel("%%helix b\nb = a + await double(0)")
    assert kernel("%helix run").error == ""
    assert kernel("a, b").value == "(42, 42)"
    assert kernel("await double(a)").value == "84"


def test_cell_ids_of_the_front_end_tell_cells_apart(kernel: Any) -> None:
    kernel("%%helix df\ndf = [1]", cell_id="c1")
    cell = kernel("%%helix df\ndf = [2]", cell_id="c2")
    assert cell.error.startswith("DuplicateOutput")
    assert "[2]" in cell.error
    assert "[3]" in cell.error
    assert len(cell.error.splitlines()) == 1
    kernel("%%helix df --update\ndf.append(2)", cell_id="c2")
    kernel("%%helix df --update\ndf.append(3)", cell_id="c3")
    kernel("%helix run", cell_id="c4")
    assert kernel("df").value == "[1, 2, 3]"
    kernel("%%helix df --update\ndf.append(20)", cell_id="c2")
    kernel("%helix run", cell_id="c4")
    assert kernel("df").value == "[1, 20, 3]"
    renamed = kernel("%%helix frame\nframe = [1]", cell_id="c1").error
    assert "'df'" in renamed
    assert len(renamed.splitlines()) == 1


def test_two_kernels_work_on_one_store_at_once(start_kernel: Any, place: Path) -> None:
    first, second = start_kernel(place), start_kernel(place)
    for kernel in (first, second):
        kernel("K = 2")
        for cell in WORKFLOW.values():
            kernel(cell)
    requests = [(kernel, kernel.send("v = %helix run")) for kernel in (first, second)]
    for kernel, request in requests:
        cell = kernel.finish(request)
        assert cell.reply["status"] == "ok", cell.error
        assert kernel("total").value == "999000"
    numbers = {kernel("v.id").value for kernel in (first, second)}
    assert numbers == {"1", "2"}
    third = start_kernel(place)
    declare(third)
    assert "compute" not in third.states().values()


def test_a_long_run_shows_its_progress_and_leaves_nothing_behind(kernel: Any) -> None:
    kernel("%%helix slow\nimport time\ntime.sleep(0.6)\nslow = 1")
    kernel("%helix run")
    request = kernel.send("v = %helix run --force slow")
    cell = kernel.finish(request)
    assert "comm_open" in cell.seen
    assert "comm_close" in cell.seen
    assert all(not output["data"] for output in cell.outputs)


def test_a_short_run_shows_no_progress(kernel: Any) -> None:
    kernel("%%helix quick\nquick = 1")
    kernel("%helix run")
    cell = kernel("v = %helix run --force quick")
    assert "comm_open" not in cell.seen
    assert cell.outputs == []


def test_a_session_without_magics_shows_its_values(kernel: Any) -> None:
    kernel(
        "%unload_ext helix_jupyter\nimport helix_jupyter as hx\nsession = hx.Session(namespace=globals())\nfactor = 3"
    )
    kernel("@session.node\ndef rows():\n    return [1, 2]")
    kernel("@session.node\ndef total(rows):\n    print('adding')\n    return factor * sum(rows)")
    ran = kernel("session.run(message='by hand')")
    assert "version 1" in ran.value
    assert ran.text() == "adding\n"
    assert kernel("session['total']").value == "9"
    assert kernel("total").value == "9"
    for line in (
        "session.plan()",
        "session.status()",
        "session.versions",
        "session.diff(1, 1)",
        "session.trace('total')",
    ):
        cell = kernel(line)
        (text,), html = cell.data("text/plain"), cell.data("text/html")
        assert "object at 0x" not in text
        assert "MappingProxyType" not in text
        assert html, line


def test_a_session_beside_the_magics_has_the_same_keys(kernel: Any) -> None:
    kernel("import helix_jupyter as hx\nsession = hx.Session('elsewhere', namespace=globals())")
    kernel("session.declare('x = 1 + 1', outputs=['x'])\nk1 = session.run().nodes['x'].key")
    kernel("%%helix x\n# the same\nx = 1 + 1")
    kernel("v = %helix run")
    assert kernel("v.nodes['x'].key == k1 is not None").value == "True"


def test_ipyflow_147_it_is_an_extension_of_the_stock_kernel(shared_kernel: Any) -> None:
    """No kernel and no shell of our own, and none of their classes is touched."""
    asked = "ip = get_ipython()\n[f'{type(one).__module__}.{type(one).__name__}' for one in (ip, ip.kernel)]"
    assert eval(shared_kernel(asked).value) == [
        "ipykernel.zmqshell.ZMQInteractiveShell",
        "ipykernel.ipkernel.IPythonKernel",
    ]
    patched = "[name for name, it in vars(type(ip)).items() if getattr(it, '__module__', '').startswith('helix')]"
    assert shared_kernel(patched).value == "[]"
    shared_kernel("%%helix flow_rows\nflow_rows = [1, 2]")
    shared_kernel("%%helix flow_total\nflow_total = sum(flow_rows)")
    assert shared_kernel.states("flow_total")["flow_total"] == "compute"
    assert shared_kernel("flow_total").value == "3"
    shared_kernel("%unload_ext helix_jupyter")
    assert "helix" not in shared_kernel("[m for m in ip.magics_manager.magics['line'] if m == 'helix']").value
    shared_kernel("%load_ext helix_jupyter")
    assert "compute" not in shared_kernel.states("flow_total").values()

"""Run one node: private namespace, seed, captured output, recorded reads. Binds nothing in the notebook."""

from __future__ import annotations

import builtins
import os
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from helix_jupyter.errors import MissingOutput
from helix_jupyter.execute.cell_code import CellCode, compile_cell, run_cell
from helix_jupyter.execute.console import Console, Recording
from helix_jupyter.execute.consulted import Consulted, system_sources
from helix_jupyter.execute.figures import own_figures
from helix_jupyter.execute.interrupts import noticed
from helix_jupyter.execute.notes import ENVIRONMENT, find_notes
from helix_jupyter.execute.seeds import Draws, seeded
from helix_jupyter.execute.types import Note, Once, Outcome, Task
from helix_jupyter.fingerprint.kinds import is_a
from helix_jupyter.fingerprint.module_reads import all_module_reads
from helix_jupyter.fingerprint.module_state import left_alone
from helix_jupyter.fingerprint.read_events import words_of
from helix_jupyter.fingerprint.reads import ReadRecorder
from helix_jupyter.fingerprint.settings import changed_settings, put_settings

_QUOTED = re.compile(r"(['\"])(.+?)\1")


def run_node(task: Task, console: Console, notebook_globals: dict[str, Any] | None = None) -> Outcome:
    """Run ``task`` here and now.

    The code runs in a namespace of its own, so that temporaries never leak and names that were not captured cannot be
    read unseen. Functions of the notebook keep their own globals (``notebook_globals``): running the cell there
    instead, and cleaning up behind it, was rejected, since a function that a node gives would lose the names it uses.
    Whatever the node raises comes back in ``Outcome.error``, interrupts included.
    """
    namespace: dict[str, Any] = {
        "__name__": "__main__",
        "__builtins__": builtins,
        **task.bindings,
        **task.inputs,
    }
    recorder = ReadRecorder(ignore=task.ignored_folders)
    consulted = Consulted(task.declaration.origin.filename) if task.observed else None
    recording: Recording | None = None
    values: Mapping[str, Any] = {}
    notes: tuple[Note, ...] = ()
    draws = Draws(by_seed=True)
    changed: list[str] = []
    error: BaseException | None = None
    started = time.perf_counter()
    try:
        with ExitStack() as stack:
            # outermost, since a console shows figures when it is done
            stack.enter_context(own_figures(nobody_looks=not console.live))
            recording = stack.enter_context(console.recording())
            draws = stack.enter_context(seeded(task.seed, task.declaration.analysis.modules, task.generators))
            stack.enter_context(_lent(notebook_globals, {name: task.inputs[name] for name in task.helpers_read}))
            # ended in reverse: the time zone is set as the environment says
            stack.enter_context(_same_settings(changed))
            stack.enter_context(_same_environment(recorder))
            stack.enter_context(left_alone(task.modules))
            stack.enter_context(recorder)
            stack.enter_context(_same_folder())
            swallowed = stack.enter_context(noticed(task.declaration.code))
            recorder.note_texts(_texts(task))
            code = compile_cell(task.declaration)
            if consulted is not None:
                stack.enter_context(consulted)
            # not before: seeds are set in NumPy, whose first import would be taken for this node's own time
            started = time.perf_counter()
            if task.each is None:
                has_last, last = run_cell(code, namespace)
                if has_last and task.declaration.analysis.has_value:
                    console.show_value(last, recording)
                values = _outputs(task, namespace, has_last, last)
            else:
                values = task.each(Once(lambda part: _part(task, code, namespace, part), recorder.seen))
            if swallowed.came:
                raise KeyboardInterrupt
        notes = find_notes(code, namespace, recorder.seen(), draws.generators)
    except BaseException as raised:  # an interrupt, too, ends the node and must leave a version behind
        error, values = raised, {}
    seconds = time.perf_counter() - started
    if changed:
        more = f" and {len(changed) - 2} more" if len(changed) > 3 else ""
        notes += (Note(ENVIRONMENT, f"sets {', '.join(changed[: 2 if more else 3])}{more}"),)
    events = recording.events() if recording else ()
    line = failing_line(error, task.declaration.origin.filename)
    consults = (*consulted.sources, *system_sources(recorder.seen().system)) if consulted is not None else ()
    imported = replace(recorder.imported, reads=all_module_reads())
    return Outcome(values, seconds, events, recorder.seen(), notes, error, line, consults, imported, draws.by_seed)


def _part(task: Task, code: CellCode, namespace: Mapping[str, Any], part: Any) -> Mapping[str, Any]:
    """Run the code with ``part`` in the place of the mapped input; a value behind it is shown for no part."""
    names = {**namespace, str(task.declaration.map): part}
    has_last, last = run_cell(code, names)
    return _outputs(task, names, has_last, last)


def _texts(task: Task) -> Iterator[str]:
    """What the node holds and that may be the name of a file."""
    strings = task.declaration.analysis.strings
    yield from strings
    for text in strings:  # a query's: attach 'other.db'
        yield from (name for _, name in _QUOTED.findall(text))
    if "get_ipython" in task.declaration.code:  # a shell command
        yield from words_of(strings)
    for value in (*task.bindings.values(), *task.inputs.values()):
        if is_a(value, str | Path):
            yield str(value)


def failing_line(error: BaseException | None, filename: str) -> int | None:
    """The last line of the file ``filename`` on the error's traceback, 1-based."""
    line = None
    frame = error.__traceback__ if error else None
    while frame is not None:
        if frame.tb_frame.f_code.co_filename == filename:
            line = frame.tb_lineno
        frame = frame.tb_next
    return line


@contextmanager
def _same_folder() -> Iterator[None]:
    """Come back to the working directory: where a node goes to must not depend on who ran before it."""
    folder = os.getcwd()
    try:
        yield
    finally:
        os.chdir(folder)


@contextmanager
def _same_environment(recorder: ReadRecorder) -> Iterator[None]:
    """Put variables back that the node set: what the next one reads must not depend on whether this one ran."""
    try:
        yield
    finally:
        for name, value in recorder.seen().variables_set.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextmanager
def _same_settings(told: list[str]) -> Iterator[None]:
    """Put back what the node set of packages, as variables are; ``told`` fills with what it was."""
    before = changed_settings()
    try:
        yield
    finally:
        told += put_settings(before)


@contextmanager
def _lent(notebook_globals: dict[str, Any] | None, values: Mapping[str, Any]) -> Iterator[None]:
    """Lend the notebook's functions the inputs that they read as globals, for as long as the node runs."""
    if notebook_globals is None or not values:
        yield
        return
    before = {name: notebook_globals[name] for name in values if name in notebook_globals}
    notebook_globals.update(values)
    try:
        yield
    finally:
        for name in values:
            notebook_globals.pop(name, None)
        notebook_globals.update(before)


def _outputs(task: Task, namespace: dict[str, Any], has_last: bool, last: Any) -> dict[str, Any]:
    declaration = task.declaration
    values: dict[str, Any] = {}
    for output in declaration.outputs:
        if output in namespace and (output in declaration.analysis.writes or output in task.inputs):
            values[output] = namespace[output]
        elif (
            len(declaration.outputs) == 1
            and output not in declaration.analysis.writes
            and (has_last or not task.consumed)
        ):
            values[output] = last
        else:
            raise MissingOutput(declaration.node, output, declaration.analysis.writes)
    return values

"""How results and errors are shown in IPython: formatters for our values, one line first for our errors."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Any

from helix_jupyter.errors import CellSyntaxError, HelixError, NodeFailed

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from helix_jupyter.version.types import Version

_SHOWN = {
    "helix_jupyter.view.types": ("VersionList",),
    "helix_jupyter.plan.types": ("Plan",),
    "helix_jupyter.plan.explore.types": ("Explored",),
    "helix_jupyter.version.diff": ("Diff",),
    "helix_jupyter.version.compare_many": ("Comparison",),
    "helix_jupyter.version.trace": ("Trace",),
    "helix_jupyter.store.types": ("GcReport",),
}
_STOPPED = "stopped. What was computed is kept; %helix run goes on from there."
_THEN = "When it ran:"
# frames that lie between a magic and the code of a cell; others' where the cell awaits, or runs in another process
_AROUND_CELLS = ("helix_jupyter.", "asyncio.", "concurrent.futures.", "joblib.", "threading")


def register_formatters(
    shell: InteractiveShell,
    parent_of: Callable[[Version], Version | None],
    live: Callable[[object], Mapping[str, Any]],
    is_recalled: Callable[[Version], bool],
) -> None:
    """Show the values that print nothing of their own (they live below the views) as text, HTML and widget.

    A version is shown beside the one that it was made from, which ``parent_of`` finds; one that ``is_recalled`` did
    what it shows when it ran, not now. ``live`` gives the part of an output that shows a widget.
    """

    def bundle(value: object, include: object = None, exclude: object = None) -> dict[str, Any]:
        from helix_jupyter.view.render import mimebundle

        # the static forms stay beside the widget: a saved notebook has no kernel that it could ask
        return {**mimebundle(value), **live(value)}

    def html(value: object) -> str:
        from helix_jupyter.view.render import as_html

        return as_html(value)

    def text(value: object, printer: Any, cycle: bool) -> None:
        from helix_jupyter.view.render import as_text

        printer.text(as_text(value))

    def version_html(version: Version) -> str:
        from helix_jupyter.view import html_versions

        shown = html_versions.version_html(version, parent_of(version))
        return f"<div>{_THEN}</div>{shown}" if is_recalled(version) else shown

    def version_text(version: Version, printer: Any, cycle: bool) -> None:
        from helix_jupyter.view import text as text_forms

        shown = text_forms.version_text(version, parent_of(version))
        printer.text(f"{_THEN} {shown}" if is_recalled(version) else shown)

    formatters = shell.display_formatter.formatters  # type: ignore[union-attr]  # always set
    for module, names in _SHOWN.items():
        for name in names:
            formatters["text/html"].for_type_by_name(module, name, html)
            formatters["text/plain"].for_type_by_name(module, name, text)
            shell.display_formatter.mimebundle_formatter.for_type_by_name(module, name, bundle)  # type: ignore[union-attr]
    formatters["text/html"].for_type_by_name("helix_jupyter.version.types", "Version", version_html)
    formatters["text/plain"].for_type_by_name("helix_jupyter.version.types", "Version", version_text)


class CellProblem(HelixError, ValueError):
    """A cell's syntax error as notebooks show it: one line, then the line of the cell."""


@contextmanager
def one_line_errors(shell: InteractiveShell) -> Iterator[None]:
    """Errors of ours that leave this block are shown as one line; a node's own error with its cell's traceback."""
    try:
        yield
    except CellSyntaxError as error:
        # IPython shows whatever is a SyntaxError in its own way, several lines and the message last
        problem = CellProblem(str(error))
        text = error.text.rstrip("\n") if isinstance(error.text, str) else ""
        _show_as(problem, [f"CellSyntaxError: {error}", *([f"    {text}"] if text else [])])
        raise problem from None
    except NodeFailed as error:
        _show_as(error, [f"NodeFailed: {error}", *_cell_traceback(shell, error.__cause__)])
        raise
    except KeyboardInterrupt as error:
        _show_as(error, [f"KeyboardInterrupt: {_STOPPED}", *_cell_traceback(shell, error)])
        raise
    except HelixError as error:
        _show_as(error, [f"{type(error).__name__}: {error}"])
        raise


def _show_as(error: BaseException, lines: list[str]) -> None:
    error._render_traceback_ = lambda: lines  # type: ignore[attr-defined]  # IPython's hook for such errors


def _cell_traceback(shell: InteractiveShell, error: BaseException | None) -> list[str]:
    traceback = _from_cell(error.__traceback__) if error is not None else None
    if traceback is None:
        return []
    lines: list[str] = shell.InteractiveTB.structured_traceback(type(error), error, traceback, tb_offset=0)
    return lines


def _from_cell(traceback: TracebackType | None) -> TracebackType | None:
    """The part of a traceback below our own frames: what the cell did; None where the error is one of ours."""
    while traceback is not None and traceback.tb_frame.f_globals.get("__name__", "").startswith(_AROUND_CELLS):
        traceback = traceback.tb_next
    return traceback

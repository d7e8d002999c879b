"""What happens around cells: names of nodes are bound before a plain cell reads them, ``# helix:`` cells are cells
of nodes, ``%helix VERB?`` explains a verb, and verbs, nodes and versions complete.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from helix_jupyter.cell.options import parse_cell_comment
from helix_jupyter.errors import HelixError
from helix_jupyter.magics.completion import matcher_for

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from helix_jupyter.magics.helix_magics import HelixMagics

_VERB_HELP = re.compile(r"^\s*%helix\s+(\w+)\s*\?+\s*$")
_DECLARES = re.compile(r"\s*%%helix\b")
# a cell that runs the workflow itself binds what it reads; no need to say what is missing before
_RUNS = re.compile(r"%helix\s+(run|get|checkout)\b|run_line_magic\('helix'")


class Hooks:
    """Attached to a shell when the extension loads, detached when it is unloaded."""

    def __init__(self, shell: InteractiveShell, magics: HelixMagics) -> None:
        self._shell, self._magics = shell, magics
        self._matcher = matcher_for(magics)
        self.running: Any = None

    def attach(self) -> None:
        """Register all hooks."""
        self._shell.events.register("pre_run_cell", self.before_cell)
        self._shell.events.register("post_run_cell", self.after_cell)
        self._shell.input_transformers_cleanup.append(helix_lines)
        if self._shell.Completer is not None:
            self._shell.Completer.custom_matchers.append(self._matcher)

    def detach(self) -> None:
        """Take all hooks off."""
        self._shell.events.unregister("pre_run_cell", self.before_cell)
        self._shell.events.unregister("post_run_cell", self.after_cell)
        self._shell.input_transformers_cleanup.remove(helix_lines)
        if self._shell.Completer is not None:
            self._shell.Completer.custom_matchers.remove(self._matcher)

    def before_cell(self, info: Any) -> None:
        """Bind the nodes' values that a plain cell is about to read; say what it takes where they are not at hand."""
        self.running = info
        raw = info.raw_cell or ""
        if not self._magics.has_session or _DECLARES.match(raw) or parse_cell_comment(raw):
            return
        for line in (*self._drop_nodes_of(getattr(info, "cell_id", None)), *self._bind_names(raw)):
            print(f"helix: {line}", file=sys.stderr)

    def after_cell(self, result: Any) -> None:
        """Let the open pictures show what the cell declared; a plain one is known by what it said."""
        self._magics.plain_cells.ran(result)
        if self._magics.has_session:
            self._magics.session.refresh_views()

    def _drop_nodes_of(self, cell: str | None) -> Iterable[str]:
        """A cell that was a node's and has lost its ``%%helix`` line is an ordinary cell again."""
        session = self._magics.session
        for node, declaration in tuple(session.declarations.items()):
            if cell is not None and declaration.origin.cell == cell:
                try:
                    session.remove(node)
                    yield f"'{node}' is no longer a node: its cell has lost the %%helix line."
                except HelixError as problem:
                    yield f"'{node}' stays a node although its cell has lost the %%helix line. {problem}"

    def _bind_names(self, raw: str) -> Iterable[str]:
        from helix_jupyter.magics.reads import names_read

        session, runs = self._magics.session, _RUNS.search(raw)
        try:
            names = names_read(self._shell.transform_cell(raw), session.namespace)
            lines = session.prepare_names(names)
            if lines and session.settings["auto"] and not runs:
                session.run([name for name in names if name in session.graph.outputs and name not in session.namespace])
                return ()
        except HelixError as problem:
            return (str(problem),)
        except SyntaxError:  # the cell itself will say so
            return ()
        return () if runs else lines


def helix_lines(lines: list[str]) -> list[str]:
    """An input transformation: ``# helix: NAME`` cells become ``%%helix NAME``, ``%helix VERB?`` asks for help."""
    comment = parse_cell_comment("".join(lines))
    if comment is not None:
        options, body = comment
        rest = body.split("\n")
        first = next(place for place, line in enumerate(lines) if line.strip())
        return [f"%%helix {options}\n", *(f"{line}\n" for line in rest[first + 1 :])]
    return (
        [f"%helix {match[1]} --help\n" if (match := _VERB_HELP.match(line)) else line for line in lines]
        if not (lines and lines[0].startswith("%%"))
        else lines
    )

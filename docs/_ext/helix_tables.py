"""Directives that make the reference of magics, options and settings from the tables that the package itself uses."""

from __future__ import annotations

import re
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from docutils import nodes
from docutils.parsers.rst import Directive

Row = Sequence[str]


def setup(app: Any) -> dict[str, bool]:
    """Register the directives."""
    tables = {"helix-verbs": verbs, "helix-options": options, "helix-settings": settings, "helix-commands": commands}
    for name, make in tables.items():
        app.add_directive(name, type(name, (_Table,), {"make": staticmethod(make)}))
    return {"parallel_read_safe": True}


def verbs() -> list[Row]:
    """One row for each verb of ``%helix``."""
    from helix_jupyter.magics.verbs import VERBS

    rows: list[Row] = [("line magic", "does")]
    for verb in VERBS.values():
        rows += _of_parser(verb.parser(), verb.help)
    return rows


def options() -> list[Row]:
    """One row for each option of ``%%helix``."""
    from helix_jupyter.cell.options import OPTIONS

    rows = [("option", "says")]
    return rows + [(f"{one.flag} {one.metavar or ''}".strip(), one.help) for one in OPTIONS]


def settings() -> list[Row]:
    """One row for each setting, with its default."""
    from helix_jupyter.config import OPTIONS

    rows: list[Row] = [("setting", "default", "means")]
    for key, one in OPTIONS.items():
        choice = f" ({', '.join(one.words)})" if one.words else ""
        rows.append((key, str(one.default), one.help + choice))
    return rows


def commands() -> list[Row]:
    """One row for each command of the terminal, and one for each of its options."""
    import argparse

    from helix_jupyter.cli import parser

    [known] = [action for action in parser()._actions if isinstance(action, argparse._SubParsersAction)]
    rows: list[Row] = [("in a terminal", "does")]
    for command in known.choices.values():
        rows += _of_parser(command, command.description or "")
    return rows


def _of_parser(parser: ArgumentParser, does: str) -> Iterator[Row]:
    """One row for what a parser is of, and one for each of its arguments."""
    yield " ".join(parser.format_usage().removeprefix("usage: ").split()), does
    for action in parser._actions:
        if action.help and "--help" not in action.option_strings:
            shown = ", ".join(action.option_strings) or str(action.metavar or action.dest)
            yield "    " + shown, parser._get_formatter()._expand_help(action)


class _Table(Directive):
    make: Callable[[], list[Row]]

    def run(self) -> list[nodes.Node]:
        head, *rows = type(self).make()
        table = nodes.table()
        group = nodes.tgroup(cols=len(head))
        group.extend(nodes.colspec(colwidth=1) for _ in head)
        group += nodes.thead("", _row(head, plain=True))
        group += nodes.tbody("", *(_row(row) for row in rows))
        table += group
        return [table]


def _row(cells: Row, plain: bool = False) -> nodes.row:
    row = nodes.row()
    for at, cell in enumerate(cells):
        parts = [nodes.literal(text=cell)] if not at and not plain else _told(cell)
        row += nodes.entry("", nodes.paragraph("", "", *parts))
    return row


def _told(text: str) -> list[nodes.Node]:
    """Options as code: in plain text their two hyphens would become a dash."""
    parts = re.split(r"((?<![\w-])--?[a-z][a-z-]*)", text)
    return [nodes.literal(text=part) if at % 2 else nodes.Text(part) for at, part in enumerate(parts) if part]

"""The options of a declaring line: reads the text behind ``%%helix`` or ``# helix:``, returns `CellOptions`.

One table, `OPTIONS`, drives the parsing, the help text and completion. Nothing here prints or exits:
argparse was rejected since its errors do, and since it would accept any unique prefix of a flag.
"""

from __future__ import annotations

import keyword
import re
import shlex
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from helix_jupyter.cell.line import words_of
from helix_jupyter.cell.types import CellOptions
from helix_jupyter.errors import UnknownOption, nearest

LARGEST_SEED = 2**32 - 1
"""What ``numpy.random.seed`` takes at most."""

# what IPython gives each notebook and writes itself, cell by cell, and what Python writes
_OF_THE_NOTEBOOK = re.compile(r"In|Out|get_ipython|display|exit|quit|_{1,3}|_i{1,3}|_[iod]h|_i?\d+|__\w+__", re.ASCII)
_CELL_COMMENT = re.compile(r"\s*#\s*helix:(?P<options>.*)$")


@dataclass(frozen=True)
class Option:
    """One flag of a declaring line.

    ``metavar`` stands for its value in the help text and is None for a switch. ``convert`` turns the text
    behind the flag into the value, and raises `UnknownOption` where it does not fit. Without ``repeatable``
    it may stand once.
    """

    flag: str
    help: str
    metavar: str | None = None
    repeatable: bool = False
    convert: Callable[[str], Any] = str

    @property
    def field(self) -> str:
        """The attribute of `CellOptions` that it sets."""
        return self.flag.removeprefix("--")


def _seed(text: str) -> int:
    if not re.fullmatch(r"\d+", text, re.ASCII) or int(text) > LARGEST_SEED:
        raise UnknownOption(f"--seed takes a whole number from 0 to {LARGEST_SEED}, not '{text}': --seed 7.")
    return int(text)


def _as_python_reads(name: str) -> str:
    """The form of a name in code (NFKC): a keyboard's micro sign is the letter mu there."""
    return unicodedata.normalize("NFKC", name)


def _node_name(text: str) -> str:
    if not text or re.search(r"\s", text) or text.startswith("-"):
        raise UnknownOption(f"--name takes a name without blanks, not '{text}'. {_suggestion(text)}")
    return _as_python_reads(text)


def _names(text: str) -> tuple[str, ...]:
    return tuple(name for part in text.split(",") if (name := part.strip()))


OPTIONS: tuple[Option, ...] = (
    Option("--name", "the node's own name (default: the first output)", "NAME", convert=_node_name),
    Option(
        "--watch",
        "a file, a glob, or a function of the notebook whose value the node depends on; may be repeated",
        "PATH",
        repeatable=True,
    ),
    Option("--metrics", "the value is a number, or numbers by name: tracked and plotted per version"),
    Option("--lower", "metrics that are better when lower, where the name does not say so", "A,B", True, _names),
    Option("--higher", "metrics that are better when higher", "A,B", True, _names),
    Option("--volatile", "compute it in every run (it reads a clock, a web page, ...)"),
    Option("--update", "a further link in the chain of its outputs: it changes values that earlier cells gave"),
    Option("--replace", "this cell takes the place of another that declared the node so far"),
    Option(
        "--map",
        "it gives one item for each item of this input, by that item alone: only new ones are computed",
        "NAME",
        convert=_as_python_reads,
    ),
    Option("--seed", "seed random numbers with this before the node runs", "INT", convert=_seed),
    Option("--group", "the box that the DAG view may collapse it into", "NAME"),
    Option("--run", "declare, then run up to this node"),
)
_BY_FLAG = {option.flag: option for option in OPTIONS}


def _help() -> str:
    usages = [option.flag + (f" {option.metavar}" if option.metavar else "") for option in OPTIONS]
    width = max(map(len, usages))
    lines = [f"  {usage:{width}}  {option.help}" for usage, option in zip(usages, OPTIONS, strict=True)]
    return "\n".join(
        [
            "%%helix OUTPUT [OUTPUT ...] [options]",
            "",
            "Declare this cell as a node that gives OUTPUT: the names that it assigns, or, where it assigns",
            "no such name, the value of its last expression. A first line '# helix: OUTPUT ...' does the same.",
            "",
            *lines,
        ]
    )


OPTIONS_HELP: str = _help()


def parse_options(line: str) -> CellOptions:
    r"""Read the text behind ``%%helix`` or ``# helix:``.

    Words are split at blanks; quotes hold a word together and are taken off. A backslash is an ordinary
    character, so that ``--watch C:\data\adult.csv`` is what it says. A ``#`` at the beginning of a word begins a
    comment.

    Raises
    ------
    UnknownOption
        For a flag that does not exist, lacks its value, has one that does not fit or stands twice, for an
        output that is no Python name, and when neither an output nor a name is given.
    """
    named: list[str] = []
    values: dict[str, Any] = {}
    words = iter(_words(line))
    for word in words:
        if word.startswith("-"):
            _take_option(word, words, values)
        else:
            named.append(word)
    if not named:
        _require_name(values.get("name"))
    return CellOptions(outputs=tuple(_identifier(word, named) for word in named), **values)


def line_of(options: CellOptions) -> str:
    """The text behind ``%%helix`` that ``parse_options`` reads as these options."""
    words = list(options.outputs)
    for option in OPTIONS:
        value = getattr(options, option.field)
        if option.metavar is None:
            words += [option.flag] if value else []
        elif option.convert is _names:
            words += [_written(option.flag, ",".join(value))] if value else []
        else:
            values = value if option.repeatable else (value,)
            words += [_written(option.flag, str(one)) for one in values if one not in (None, "")]
    return " ".join(words)


def _written(flag: str, value: str) -> str:
    # a backslash is an ordinary character here, and shlex.quote would take it for one that needs quotes
    quoted = value if re.fullmatch(r"[^\s'\"#][^\s'\"]*", value) else shlex.quote(value)
    return f"{flag}={quoted}" if value.startswith("-") else f"{flag} {quoted}"


def check_outputs(outputs: Sequence[str], name: str | None) -> None:
    """Check names that were given as arguments, not as a line.

    Raises
    ------
    UnknownOption
        As ``parse_options`` does.
    """
    for output in outputs:
        _identifier(output)
    if name is not None:
        _node_name(name)
    if not outputs:
        _require_name(name)


def parse_cell_comment(source: str) -> tuple[str, str] | None:
    """Split a cell that declares itself by a comment.

    Returns
    -------
    tuple of (options line, body), or None
        None when the first line that is not blank is no ``# helix:`` comment. The body keeps the number of
        lines: the comment's becomes an empty one.
    """
    lines = source.split("\n")
    first = next((number for number, line in enumerate(lines) if line.strip()), None)
    found = None if first is None else _CELL_COMMENT.match(lines[first])
    if first is None or found is None:
        return None
    return found["options"].strip(), "\n".join([*lines[:first], "", *lines[first + 1 :]])


def _words(line: str) -> list[str]:
    try:
        return words_of(line)
    except ValueError:
        raise UnknownOption(f"A quote is not closed in '{line.strip()}'. Close it.") from None


def _take_option(word: str, words: Iterator[str], values: dict[str, Any]) -> None:
    flag, is_joined, joined = word.partition("=")
    option = _BY_FLAG.get(flag)
    if option is None:
        raise UnknownOption(_unknown(flag))
    if option.metavar is None:
        if is_joined:
            raise UnknownOption(f"{flag} takes no value. Write {flag} alone.")
        value: Any = True
    else:
        text = joined if is_joined else next(words, "")
        if not text or (not is_joined and text.startswith("--")):
            raise UnknownOption(f"{flag} lacks its value: {flag} {option.metavar}.")
        value = option.convert(text)
    if option.repeatable:
        values[option.field] = (*values.get(option.field, ()), *(value if isinstance(value, tuple) else (value,)))
    elif option.metavar and option.field in values:
        raise UnknownOption(f"{flag} is given twice. Keep one of them.")
    else:
        values[option.field] = value


def _unknown(flag: str) -> str:
    hint = nearest(flag, _BY_FLAG) or nearest(f"--{flag.lstrip('-')}", _BY_FLAG)
    fix = f"Did you mean '{hint}'?" if hint else f"There are {', '.join(_BY_FLAG)}: see %helix?"
    return f"There is no option '{flag}'. {fix}"


def _identifier(word: str, among: Sequence[str] = ()) -> str:
    if keyword.iskeyword(word):
        raise UnknownOption(f"'{word}' is a keyword of Python and cannot be an output. {_suggestion(word, among)}")
    if not word.isidentifier():
        raise UnknownOption(f"'{word}' is no Python name and cannot be an output. {_suggestion(word, among)}")
    if _OF_THE_NOTEBOOK.fullmatch(word):
        raise UnknownOption(f"'{word}' is a name of the notebook's own and cannot be an output. Write another name.")
    return _as_python_reads(word)


def _require_name(name: str | None) -> None:
    if name is None:
        raise UnknownOption(
            "Nothing is named. Write the names that the cell assigns (%%helix rows), or --name plot for a "
            "cell that only shows something."
        )
    try:
        _identifier(name)
    except UnknownOption:
        # without outputs the name is also what the notebook binds
        raise UnknownOption(
            f"Without outputs the name must be a Python name, '{name}' is none. {_suggestion(name)}"
        ) from None


def _suggestion(word: str, among: Sequence[str] = ()) -> str:
    if re.search("[,;]", word):
        names = re.split(r"[,;\s]+", " ".join(among or (word,)))
        return f"Separate outputs by blanks: {' '.join(filter(None, names))}."
    name = re.sub(r"\W+", "_", word).strip("_")
    if not name:
        return "Write a name such as rows."
    if name[0].isdigit():
        name = f"_{name}"
    return f"Write {name}_ or another name." if keyword.iskeyword(name) else f"Write {name} or another name."

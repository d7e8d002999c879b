"""What each character of a text of code is: keyword, string, comment. Reads text; draws nothing.

Pygments rather than ``tokenize``, which gives up on a magic line or an open bracket.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

# beyond this, colour costs more than it tells
_LONG = 100_000

Run = tuple[str, str]
"""A stretch of text and its kind; the kind is empty for what has no colour."""


def kinds(code: str) -> list[str]:
    """The kinds of all characters, line by line, as one letter each: ``k``, ``s``, ``c``, ``n``, ``f``, ``b``, or a
    blank. One string for each line of ``code.splitlines()``."""
    lines = code.splitlines(keepends=True)
    letters = _letters(code) if len(code) <= _LONG else ""
    if len(letters) != len(code):  # never take another text's colours
        return [" " * len(line) for line in lines]
    found, start = [], 0
    for line in lines:
        found.append(letters[start : start + len(line)])
        start += len(line)
    return found


def runs(text: str, letters: str) -> Iterator[Run]:
    """``text`` in stretches of one kind."""
    start = 0
    for letter, group in groupby(letters[: len(text)].ljust(len(text))):
        length = len(list(group))
        yield text[start : start + length], letter.strip()
        start += length


def _letters(code: str) -> str:
    from pygments.lexers.python import PythonLexer

    lexer = PythonLexer(stripnl=False, ensurenl=False)
    return "".join(_letter(str(kind)) * len(text) for kind, text in lexer.get_tokens(code))


_PREFIXES = {
    "Token.Keyword": "k",
    "Token.Operator.Word": "k",
    "Token.Literal.String": "s",
    "Token.Comment": "c",
    "Token.Literal.Number": "n",
    "Token.Name.Function": "f",
    "Token.Name.Class": "f",
    "Token.Name.Decorator": "f",
    "Token.Name.Builtin": "b",
    "Token.Name.Exception": "b",
}


def _letter(kind: str) -> str:
    return next((letter for prefix, letter in _PREFIXES.items() if kind.startswith(prefix)), " ")

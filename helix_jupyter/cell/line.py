"""The text of a magic line as words: blanks part them, quotes hold them together, a ``#`` begins a comment."""

from __future__ import annotations

import shlex

_QUOTES = "'\""


def without_comment(line: str) -> str:
    """The line up to the first ``#`` that stands outside quotes at the beginning of a word.

    What stands behind it may hold anything: an apostrophe there opens no quote.
    """
    quote = ""
    for at, sign in enumerate(line):
        if quote:
            quote = "" if sign == quote else quote
        elif sign in _QUOTES:
            quote = sign
        elif sign == "#" and not line[:at][-1:].strip():
            return line[:at]
    return line


def words_of(line: str) -> list[str]:
    r"""The words of a line, without its comment; quotes are taken off, and a backslash is an ordinary character.

    Raises
    ------
    ValueError
        A quote is not closed.
    """
    lexer = shlex.shlex(without_comment(line), posix=True)
    lexer.whitespace_split, lexer.commenters, lexer.escape = True, "", ""
    return list(lexer)

"""A magic line as words: blanks part them, quotes hold them together. Knows no verb."""

from __future__ import annotations

from IPython.core.error import UsageError

from helix_jupyter.cell import line as text

_OPENING, _CLOSING, _QUOTES = "([{", ")]}", "'\""


def words_of(line: str) -> list[str]:
    """The words of a line, without its comment; quotes are taken off.

    Raises
    ------
    UsageError
        A quote is not closed.
    """
    try:
        return text.words_of(line)
    except ValueError:
        raise _not_closed("quote", line) from None


def words_with_values(line: str) -> list[str]:
    """As ``words_of``, with what stands in brackets as it is written, blanks and quotes: ``C=[0.1, 1] kind=['a']``.

    Raises
    ------
    UsageError
        A quote or a bracket is not closed.
    """
    words: list[str] = []
    word: str | None = None
    quote, depth = "", 0
    for sign in text.without_comment(line):
        if quote:
            quote = "" if sign == quote else quote
            word = (word or "") + (sign if depth or quote else "")
        elif sign in _QUOTES:
            quote, word = sign, (word or "") + (sign if depth else "")
        elif sign.isspace() and not depth:
            words += [word] if word is not None else []
            word = None
        else:
            depth += (sign in _OPENING) - (sign in _CLOSING)
            word = (word or "") + sign
    if quote or depth:
        raise _not_closed("quote" if quote else "bracket", line)
    return [*words, *([word] if word is not None else [])]


def _not_closed(what: str, line: str) -> UsageError:
    return UsageError(f"A {what} is not closed in '%helix {line.strip()}'. Close it.")

"""Completion behind ``%helix`` and ``%%helix``: verbs, flags, nodes, versions, settings."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from helix_jupyter.cell.options import OPTIONS
from helix_jupyter.config import OPTIONS as SETTINGS
from helix_jupyter.magics.verbs import VERBS

if TYPE_CHECKING:
    from helix_jupyter.magics.helix_magics import HelixMagics

_LINE = re.compile(r"^\s*(?:(?:[\w, ]+=\s*)?%helix\s+(?P<verb>.*)|(?:%%helix\s|#\s*helix:)(?P<options>.*))$")


def matcher_for(magics: HelixMagics) -> Any:
    """The matcher to put into ``shell.Completer.custom_matchers``."""
    from IPython.core.completer import SimpleCompletion, SimpleMatcherResult, context_matcher

    @context_matcher()
    def helix_matcher(context: Any) -> SimpleMatcherResult:
        found = _LINE.match(context.line_with_cursor[: context.cursor_position])
        if found is None:
            return SimpleMatcherResult(completions=[])
        text = found["verb"]
        fragment = re.split(r"[\s=]", found[0])[-1]
        candidates = _options() if text is None else _for_verb(text, magics)
        completions = [SimpleCompletion(text, type=kind) for text, kind in candidates if text.startswith(fragment)]
        return SimpleMatcherResult(completions=completions, suppress=bool(completions), matched_fragment=fragment)

    return helix_matcher


def _options() -> Iterable[tuple[str, str]]:
    return [(option.flag, "option") for option in OPTIONS]


def _for_verb(text: str, magics: HelixMagics) -> Iterable[tuple[str, str]]:
    words = text.split()
    if len(words) + text.endswith(" ") <= 1:
        return [(verb, "verb") for verb in VERBS]
    verb = VERBS.get(words[0])
    if verb is None:
        return []
    before, last = (words[-1], "") if text.endswith(" ") else (words[-2], words[-1])
    argument = next((one for one in verb.arguments if one.takes_value and before in one.names), None)
    if argument is not None:
        return _of_kind(argument.kind, last, magics)
    found = list(_of_kind(verb.positional_kind, last, magics))
    # IPython sorts what is offered: flags would stand before the versions that were asked for
    flags = verb.flags if last.startswith("-") or verb.positional_kind != "version" or not found else ()
    return [*found, *((flag, "option") for flag in flags)]


def _of_kind(kind: str, word: str, magics: HelixMagics) -> Iterable[tuple[str, str]]:
    if kind == "setting":
        key, equals, _ = word.partition("=")
        if equals:
            return [(value, "value") for value in SETTINGS[key].words] if key in SETTINGS else []
        return [(f"{key}=", "setting") for key in SETTINGS]
    if kind == "policy":
        return [(policy, "value") for policy in SETTINGS["policy"].words]
    if not magics.has_session:
        return []
    session = magics.session
    if kind == "version":
        listed = list(reversed(session.versions))
        tags = dict.fromkeys(tag for version in listed for tag in version.tags)
        return [*((str(version.id), "version") for version in listed), *((tag, "tag") for tag in tags)]
    if kind == "parameter":
        from helix_jupyter.session.sweeping import parameters

        return [(f"{node}.{label}=[", "parameter") for node, label in parameters(session.declarations)]
    if kind == "node":
        return [(name, "node") for name in dict.fromkeys((*session.graph.order, *session.graph.outputs))]
    return []

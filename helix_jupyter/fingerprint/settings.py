"""Settings of packages that a plain cell changed, as parts of the nodes that reach them, and put back behind nodes.

Only what differs from a default counts, so that nothing is told of a package for being loaded. Reads what is loaded
and imports nothing; what there is to know of each package stands in ``packages``.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator
from typing import Any

from helix_jupyter.errors import Undigestable
from helix_jupyter.fingerprint.digest import digest
from helix_jupyter.fingerprint.framing import digest_fields
from helix_jupyter.fingerprint.packages import PACKAGES, TEXT, Options
from helix_jupyter.fingerprint.types import Part

# values that are no default, by package and option
Changed = dict[str, Options]


def changed_settings() -> Changed:
    """All settings that are not as their package has them."""
    found: Changed = {}
    for name, package in PACKAGES.items():
        module = sys.modules.get(name)
        if module is None:
            continue
        try:
            options = {option: value for option, value, default in package.options(module) if not _same(value, default)}
        except (AttributeError, ImportError):  # another version of it, or it is being imported
            continue
        if options:
            found[name] = options
    return found


def put_settings(wanted: Changed) -> tuple[str, ...]:
    """Make settings differ from their defaults as ``wanted`` says and nowhere else; names those that did not."""
    now = changed_settings()
    told = []
    for name in sorted(now.keys() | wanted.keys()):
        before, after = wanted.get(name, {}), now.get(name, {})
        names = before.keys() | after.keys()
        other = {
            option
            for option in names
            if (option in before) != (option in after) or not _same(before.get(option), after.get(option))
        }
        if other and name in sys.modules:
            package, module = PACKAGES[name], sys.modules[name]
            defaults = {option: default for option, _, default in package.options(module)}
            package.put(module, {option: before.get(option, defaults.get(option)) for option in sorted(other)})
            told += [_label(name, option) for option in sorted(other)]
    return tuple(told)


class SettingParts:
    """The parts that settings are, made once for all nodes of one look."""

    def __init__(self, changed: Changed) -> None:
        self._told = {
            name: [(option, Part("setting", _label(name, option), *_told(value))) for option, value in options.items()]
            for name, options in changed.items()
        }

    def __bool__(self) -> bool:
        return bool(self._told)

    def of(
        self, reached: Collection[str], mentioned: Collection[str] | None = None, own: Collection[str] = ()
    ) -> Iterator[Part]:
        """Those of a node that reaches the packages ``reached`` and mentions the names ``mentioned`` (None: any), in
        its own code ``own``.
        """
        makes_text = mentioned is None or not TEXT.isdisjoint(mentioned)
        for name, told in self._told.items():
            package = PACKAGES[name]
            if package.is_used(reached, mentioned, own):
                yield from (part for option, part in told if makes_text or not option.startswith(package.of_text))


def _label(package: str, option: str) -> str:
    return f"option `{option}` of {package}"


def _told(value: Any) -> tuple[str, str]:
    """Digest, and what people are shown."""
    text = repr(value)
    shown = text if len(text) <= 40 and " at 0x" not in text else ""
    try:
        return digest(value, ordered=True), shown
    except Undigestable:
        return digest_fields(type(value).__qualname__), shown


def _same(one: Any, other: Any) -> bool:
    try:
        return bool(one == other)
    except Exception:  # an array, or whatever somebody has put there
        return one is other

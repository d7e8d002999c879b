"""The notebook's names that stand for node outputs: always the current version's value, or not bound at all."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from helix_jupyter.session.memory import unchanged


class Bindings:
    """Binds outputs in the notebook's namespace and takes back only what it bound itself.

    A name that the user has bound to something else since is the user's, and stays.
    """

    def __init__(self, namespace: dict[str, Any]) -> None:
        self._namespace = namespace
        self._bound: dict[str, tuple[str, Any]] = {}
        self._superseded: dict[str, Any] = {}
        self._functions: dict[str, Any] = {}

    @property
    def names(self) -> frozenset[str]:
        """All names that are bound here still."""
        return frozenset(filter(self._is_ours, self._bound))

    def bind(self, name: str, identity: str, value: Any) -> None:
        """Bind ``name``; ``identity`` is the digest of ``value``."""
        self._namespace[name] = value
        self._bound[name] = (identity, value)
        self._superseded.pop(name, None)  # it would be kept alive here

    def holds(self, name: str, identity: str) -> bool:
        """Whether ``name`` is bound, by us, to the value of this digest."""
        return self._is_ours(name) and self._bound[name][0] == identity

    def holds_unchanged(self, name: str, identity: str, by_content: bool) -> bool:
        """Whether ``name`` is bound, by us, to the value of this digest, and nobody changed it in place."""
        return self.holds(name, identity) and unchanged(self._namespace[name], identity, by_content)

    def was_changed(self, name: str, identity: str, by_content: bool, value: Any) -> bool:
        """Whether somebody changed in place what is bound and ``value``, of the same digest, is to replace."""
        return (
            self.holds(name, identity)
            and self._namespace[name] is not value
            and not unchanged(self._namespace[name], identity, by_content)
        )

    def value(self, name: str) -> Any:
        """What ``name`` is bound to."""
        return self._namespace[name]

    def is_users(self, name: str) -> bool:
        """Whether the user has given ``name`` a value of their own since a node gives it."""
        if name not in self._namespace or self._is_ours(name):
            return False
        return name not in self._superseded or self._superseded[name] is not self._namespace[name]

    def supersede(self, names: Iterable[str]) -> tuple[str, ...]:
        """From now on nodes give ``names``: what the user bound to them before is no longer meant; gives those."""
        found = tuple(name for name in names if name in self._namespace and not self._is_ours(name))
        for name in found:
            self._superseded.setdefault(name, self._namespace[name])
        return found

    def stands_for(self, name: str, function: Any) -> None:
        """A decorated function has the name of the value that its node gives: it is no value of the user's own."""
        self._functions[name] = function

    def loses(self, name: str, identity: str, by_content: bool) -> bool:
        """Whether to bind the value of this digest takes a value from the user that nobody has told them of."""
        if not self.is_users(name) or self._functions.get(name) is self._namespace[name]:
            return False
        return not (by_content and unchanged(self._namespace[name], identity, by_content))

    def unbind(self, names: Iterable[str]) -> None:
        """Take back ``names`` where they still hold what was bound here."""
        for name in names:
            if self._is_ours(name):
                del self._namespace[name]
            self._bound.pop(name, None)

    def _is_ours(self, name: str) -> bool:
        return name in self._bound and name in self._namespace and self._namespace[name] is self._bound[name][1]

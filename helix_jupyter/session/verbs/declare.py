"""Verbs that change what is declared."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from helix_jupyter.errors import UnknownOption
from helix_jupyter.graph.declaration import Declaration
from helix_jupyter.session import declaring
from helix_jupyter.session.looking import card
from helix_jupyter.session.planning import surroundings_of
from helix_jupyter.session.verbs.base import Base
from helix_jupyter.view.types import Card


class Declare(Base):
    """``declare``, ``node``, ``add``, ``remove``."""

    def declare(
        self,
        code: str,
        outputs: Sequence[str] = (),
        name: str | None = None,
        watch: declaring.Watch = (),
        metrics: bool = False,
        volatile: bool = False,
        seed: int | None = None,
        update: bool = False,
        group: str | None = None,
        lower: str | Sequence[str] = (),
        higher: str | Sequence[str] = (),
        map: str | None = None,
    ) -> Card:
        """Declare one node from the text of a cell; runs nothing.

        ``watch``: files, globs or functions (or names of functions) whose content or returned value it depends on.
        ``lower``, ``higher``: names of metrics that are better so, where the name does not say it. ``map``: the input
        that it goes through item by item, see ``session.itemwise``.

        Raises
        ------
        CellSyntaxError, UnknownOption, CycleError, DuplicateOutput, SelfReference
            The workflow then stays as it was.
        """
        options = declaring.options(outputs, name, watch, metrics, volatile, seed, update, group, lower, higher, map)
        self._bring(declaring.watched(watch)[1])
        return self.add(declaring.from_text(code, options, self._workflow.declarations))

    def node(self, function: Callable[..., Any] | None = None, **options: Any) -> Any:
        """Declare a function as a node (``@session.node``): its parameters' names are its inputs.

        The node is the same, key included, as a cell with the function's body that assigns the returned value to
        the function's name.
        """
        if function is None:
            return lambda decorated: self.node(decorated, **options)
        from helix_jupyter.session.functions import from_function

        watched, functions = declaring.watched(options.pop("watch", ()))
        declaration, closure = from_function(function, watch=watched, **options)
        self._bring({name: value for name, value in closure.items() if name not in self.graph.outputs} | functions)
        self._bindings.stands_for(function.__name__, function)
        self.add(declaration)
        return function

    def _bring(self, brought: Mapping[str, Any]) -> None:
        """Bind what a declaration brings along, where the notebook has nothing else under its name."""
        for name, value in brought.items():
            if name not in self._brought and self.namespace.get(name, value) is not value:
                raise UnknownOption(
                    f"The declaration uses a '{name}' of its own and the notebook another one. Rename one."
                )
        self._brought.update(name for name in brought if name not in self.namespace)
        self.namespace.update(brought)

    def add(self, declaration: Declaration, runs: bool = False) -> Card:
        """Put a finished declaration into the workflow, in the place of the one that it replaces, if any.

        ``runs``: the caller is about to run it, which the card then says.
        """
        before = self._workflow.declarations.get(declaration.node)
        self._bindings.unbind(self._workflow.put(declaration))
        superseded = self._bindings.supersede(declaration.outputs) if before is None else ()
        node = declaration.node
        around = surroundings_of(self._bench, self.graph, self._workflow.known, self._records, node)
        missing = self._bench.resolver.watching.missing(declaration.watch)
        return card(around, declaration, before, superseded, missing, runs)

    def remove(self, *nodes: str) -> None:
        """Take nodes out of the workflow, all or none; what they computed stays in the store.

        Raises
        ------
        UnknownNode
        StillUpdated
            Others that stay update what one of them gives.
        """
        self._bindings.unbind(self._workflow.drop([self.graph.resolve(node) for node in nodes]))

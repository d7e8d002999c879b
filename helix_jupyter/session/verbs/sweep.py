"""The verb that runs variants of a workflow beside each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from helix_jupyter.errors import NodeFailed
from helix_jupyter.session.verbs.run import Run

if TYPE_CHECKING:
    from helix_jupyter.graph.declaration import Declaration
    from helix_jupyter.version.compare_many import Comparison
    from helix_jupyter.version.types import Version


class Sweep(Run):
    """``sweep``."""

    def sweep(
        self,
        grid: Mapping[str, Sequence[Any]],
        targets: Iterable[str] | str | None = None,
        message: str = "",
        jobs: int | None = None,
    ) -> Comparison:
        """Run the workflow once for each combination of parameters, and set the versions side by side.

        What no parameter touches is computed once for all. Each variant is a version, made from the one that was
        current; afterwards declarations, names and the current version are what they were. A variant that fails leaves
        a failed version, and the others go on. What the nodes print and show is recorded with each variant and not
        shown: a figure a variant would bury the table.

        Parameters
        ----------
        grid
            ``{"NODE.PARAMETER": values}`` for literals in a node's cell, called as ``diff`` calls them (``C``,
            ``bins``); ``{"NAME": values}`` for a value of the notebook.

        Raises
        ------
        UnknownNode, UnknownOption
            Nothing has run then.
        NodeFailed
            All variants failed; it is the last one's.
        """
        from helix_jupyter.session.sweeping import axes, variants
        from helix_jupyter.version.compare_many import compare_many

        self._come_back()
        chosen = variants(axes(grid, self.graph, self.namespace), self.graph)
        wanted = self._workflow.targets(targets) or self.graph.sinks()
        base, before = self._base, dict(self.declarations)
        names = {name: self.namespace[name] for variant in chosen for name in variant.names}
        progress = self._bench.progress()
        quiet = replace(self._bench, console=self._bench.console.quiet())
        made: list[Version] = []
        unread = set(names)
        failure: NodeFailed | None = None
        try:
            for variant in chosen:
                self._base = base
                self._take_variant(before, variant.declarations, variant.names)
                told = " ".join(part for part in (message, variant.told) if part)
                try:
                    version = self._run(quiet, wanted, told, jobs)
                except NodeFailed as problem:
                    failure = problem
                    progress.warn(f"{variant.told}: {problem}")
                    version = self._history.version(problem.version)
                made.append(version)
                unread.difference_update(*(one.captured.reached for one in self._workflow.known.values()))
        finally:
            self._take_variant(before, (), names)
            self._base = base if base is not None or not made else made[0].id
            self.refresh_views()
        for name in sorted(unread):
            progress.warn(f"No node that ran reads '{name}', so its values make no difference.")
        if failure is not None and all(version.status != "done" for version in made):
            raise failure
        return compare_many(made)

    def _take_variant(
        self, before: Mapping[str, Declaration], changed: Iterable[Declaration], names: Mapping[str, Any]
    ) -> None:
        by_node = {one.node: one for one in changed}
        self._bindings.unbind(self._workflow.bring({node: by_node.get(node, one) for node, one in before.items()}))
        if names:
            known = self._workflow.known.items()
            reading = self.graph.descendants(
                node for node, one in known if not names.keys().isdisjoint(one.captured.reached)
            )
            self._bindings.unbind(output for node in reading for output in before[node].outputs)
            self.namespace.update(names)

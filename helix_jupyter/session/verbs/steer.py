"""Verbs that steer what is kept and how: pins, settings, collection, export."""

from __future__ import annotations

import os
from pathlib import Path

from helix_jupyter.errors import HelixError
from helix_jupyter.session import steering
from helix_jupyter.session.verbs.base import Base
from helix_jupyter.store.types import GcReport
from helix_jupyter.view.types import Config, Setting


class Steer(Base):
    """``pin``, ``forget``, ``accept``, ``config``, ``gc``, ``export`` and their like."""

    def pin(self, *nodes: str) -> tuple[str, ...]:
        """Keep these nodes' values, whatever the policy says; gives the nodes that the whole budget has no room for."""
        names = [self.graph.giver(name) for name in nodes]
        return steering.pin(self._bench, self._workflow.survey(shown=True), self._records, names)

    def never_store(self, *nodes: str) -> int:
        """Store no value of these nodes, whatever the policy says, and delete what is stored; gives the bytes freed."""
        names = [self.graph.giver(name) for name in nodes]
        return steering.never_store(self._bench, self._workflow.survey(shown=True), names)

    def unpin(self, *nodes: str) -> None:
        """Leave these nodes' values to the policy again."""
        for node in [self.graph.giver(name) for name in nodes]:
            self.store.set_pin(self.workflow, node, False)

    def forget(self, *nodes: str) -> int:
        """Drop these nodes' values from store and memory; gives the bytes freed on disk."""
        names = [self.graph.giver(name) for name in nodes]
        self.flush()  # what is still being written would come back
        survey = self._workflow.survey(shown=True)
        digests = [
            fact.digest
            for node in names
            if (result := survey.known[node].result) is not None
            for fact in result.outputs
        ]
        digests += [
            fact.digest
            for fact in self.store.artifacts().values()
            if fact.node in names and fact.workflow == self.workflow
        ]
        for digest in digests:
            self._bench.memory.drop(digest)
        self._bindings.unbind(name for node in names for name in self.graph.declarations[node].outputs)
        return self.store.evict(list(dict.fromkeys(digests)), "forgotten on request")

    def accept(self, node: str) -> str:
        """Declare that the last edit of ``node`` does not change its result; gives the version whose value is reused.

        Raises
        ------
        HelixError
            There is nothing to accept: nothing was computed before, or nothing of the node itself changed.
        """
        from helix_jupyter.session.accepting import accept_edit

        survey = self._workflow.survey(shown=True)
        name = self.graph.resolve(node)
        return accept_edit(self._bench, self._history, self._base, name, survey.known[name].fingerprint)

    def config(self, **settings: object) -> Config:
        """Change settings for this session, and give all of them with where each came from."""
        for key, value in settings.items():
            if key == "store" and str(value) != self.settings.setting("store").text:
                raise HelixError(
                    "A session keeps its store: set store before the first %%helix cell, or in the environment."
                )
            self.settings.put(key, value)
        self.apply_settings()
        return Config(tuple(Setting(one.key, one.text, one.origin) for one in self.settings.all()))

    def gc(self, dry_run: bool = False, keep_last: int | None = None, older_than: float | None = None) -> GcReport:
        """Delete versions and artifacts that are no longer needed; ``older_than`` in seconds. See ``store.collect``.

        The current version stays, and those that have a tag or a note.
        """
        return self._history.collect(keep_last, older_than, dry_run, self._base)

    def export(self, path: str | os.PathLike[str], functions: bool = False) -> Path:
        """Write the workflow as a plain Python script that runs without this package; gives its path.

        ``functions``: as a module of plain functions, one a node, and a ``run`` that calls them in order.
        """
        from helix_jupyter.session import exporting

        survey = self._workflow.survey(shown=True)
        return exporting.export(survey.graph, survey.known, self._bench, Path(path), functions)

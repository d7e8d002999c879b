"""Verbs that ask what would be, and make it so."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING

from helix_jupyter.errors import HelixError
from helix_jupyter.session.verbs.base import Base

if TYPE_CHECKING:
    from helix_jupyter.plan.explore import Explored, Explorer
    from helix_jupyter.session.applying import Applied


class WhatIf(Base):
    """``explorer``, ``explore``, ``apply``, ``applied``, ``undo``."""

    def explorer(self) -> Explorer:
        """One look at the workflow as it is now, from which ``explore`` answers many questions in milliseconds each."""
        from helix_jupyter.plan.explore import Explorer
        from helix_jupyter.session import exploring

        survey = self._workflow.survey()
        self.store.flush(exploring.WRITE_SECONDS)
        return Explorer(exploring.look(self._bench, replace(self._around(), graph=survey.graph)))

    def explore(
        self,
        targets: Collection[str] | str | None = None,
        force: Collection[str] = (),
        pin: Collection[str] = (),
        never: Collection[str] = (),
        unpin: Collection[str] = (),
        drop: Collection[str] = (),
        budget: int | str | None = None,
        policy: str | None = None,
        explorer: Explorer | None = None,
        with_curve: bool = True,
    ) -> Explored:
        """What if: the coming run, what it leaves stored, and what that buys, beside things as they are.

        Changes nothing, runs nothing, writes nothing; ``apply`` makes it so.

        Parameters
        ----------
        targets, force
            As for ``run``.
        pin, never, unpin
            Nodes to keep whatever the policy says, never to store, to leave to the policy.
        drop
            Nodes to take out of the DAG, with all that rests on them.
        budget, policy
            Other settings of that name.
        explorer
            One of ``explorer()``, whose look the answer is to rest on; default: a new look.
        with_curve
            Whether to say what storage buys, which takes longest; ``explorer.curve(answer.what_if)`` gives it later.

        Raises
        ------
        UnknownNode, UnknownName, ConfigError, UnknownOption
        """
        from helix_jupyter.session import exploring

        asked = {"targets": targets, "force": force, "pin": pin, "never": never, "unpin": unpin, "drop": drop}
        look = explorer or self.explorer()
        asked_for = exploring.what_if(self.graph, self.settings, asked | {"budget": budget, "policy": policy})
        return look.explore(asked_for, with_curve)

    def apply(self, explored: Explored) -> Applied:
        """Make what was explored so: pins, the DAG, budget and policy; ``run(**applied.run)`` then runs it.

        Values that a lower budget does not hold, and those never to be stored, are deleted at once.

        Raises
        ------
        HelixError
            It cannot be made so, or the workflow has changed since; nothing was changed then.
        """
        from helix_jupyter.session import applying

        applying.check_still_so(explored, self.explorer().explore(explored.what_if))
        applied = applying.apply(self._bench, self._workflow, self._records, explored)
        self.apply_settings()
        if explored.dropped:
            self._bindings.unbind(self._workflow.drop(explored.dropped))
        self._applied.append(applied)
        return applied

    @property
    def applied(self) -> tuple[Applied, ...]:
        """What ``apply`` made so and ``undo`` has not taken back, oldest first."""
        return tuple(self._applied)

    def undo(self, applied: Applied | None = None) -> tuple[str, ...]:
        """Take back what ``apply`` did last (or ``applied``); gives the nodes whose stored values are gone for good.

        Raises
        ------
        HelixError
            Nothing was applied.
        """
        from helix_jupyter.session import applying

        if applied is None:
            if not self._applied:
                raise HelixError("No what-if was applied, so there is nothing to take back: %helix plan --apply.")
            applied = self._applied[-1]
        if applied.explored.dropped:
            self._bindings.unbind(self._workflow.bring(applying.with_dropped(self._workflow, applied)))
        lost = applying.undo(self._bench, self._workflow, self._records, applied)
        self._applied = [one for one in self._applied if one is not applied]
        return lost

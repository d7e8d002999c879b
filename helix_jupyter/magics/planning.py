"""``%helix plan``: the plan as it is, or with a what-if both, and making that so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helix_jupyter.errors import UnknownOption

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence

    from helix_jupyter.plan.explore.types import Going
    from helix_jupyter.session import Session
    from helix_jupyter.session.applying import Applied

_ASKED = ("force", "pin", "never", "unpin", "drop", "budget", "policy")


def plan_verb(session: Session, arguments: Namespace) -> Any:
    """A ``Plan``, or where something is asked for that is otherwise an ``Explored``; applied or reset on request."""
    asked = {key: getattr(arguments, key) for key in _ASKED}
    otherwise = any(asked.values())
    if arguments.reset:
        if otherwise or arguments.target or arguments.apply:
            raise UnknownOption("--reset takes back what was applied and goes with nothing else: %helix plan --reset.")
        applied = session.applied[-1:]
        lost = session.undo()  # raises where nothing was applied
        _tell_reset(applied[0].gone_for_good(lost))
        return None
    if not (otherwise or arguments.explore or arguments.apply):
        return session.plan(arguments.target, within=arguments.within)
    if arguments.within is not None:
        raise UnknownOption("--within does not go with a what-if. Leave it out, or ask for the plan alone.")
    if arguments.apply and not (otherwise or arguments.target):
        raise UnknownOption("--apply makes a what-if so, and none is asked for: %helix plan --budget 2GB --apply.")
    explored = session.explore(arguments.target, **asked)
    if arguments.apply:
        _tell_applied(session.apply(explored))
    return explored


def _tell_applied(applied: Applied) -> None:
    from helix_jupyter.view.text_explore import gone_words

    gone = f" (deleted: {gone_words(applied.gone)})" if applied.gone else ""
    print(f"helix: applied{gone}. {applied.command} runs it, %helix plan --reset takes it back.")


def _tell_reset(gone: Sequence[Going]) -> None:
    from helix_jupyter.view.text_explore import gone_words

    but = f", but not what was deleted: {gone_words(gone)}. It is computed again when it is needed" if gone else ""
    print(f"helix: taken back what was applied last{but}.")

"""Every error that a user can meet, as one tree.

Each is also a fitting builtin, keeps its data as attributes, and its message is one line that ends with the fix.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence


class HelixError(Exception):
    """Base of all errors raised by helix_jupyter."""

    def __str__(self) -> str:
        # KeyError would show the repr of its argument
        return str(self.args[0]) if self.args else ""


class CellSyntaxError(HelixError, SyntaxError):
    """A cell does not parse. ``line`` is 1-based within the cell's body."""

    def __init__(self, problem: str, line: int, text: str, filename: str = "<cell>") -> None:
        super().__init__(f"Syntax error in line {line} of the cell: {problem.rstrip('?')}. The node was not declared.")
        self.problem = problem
        self.line = self.lineno = line
        self.text = text
        self.filename = filename

    def below(self, lines: int, filename: str) -> CellSyntaxError:
        """The same, with all its lines counted from so many lines above."""
        problem = re.sub(r"(?<=\bline )\d+", lambda found: str(int(found[0]) + lines), self.problem)
        return CellSyntaxError(problem, self.line + lines, self.text or "", filename)


class UnknownOption(HelixError, ValueError):
    """A magic line or a call holds an option that does not exist or does not fit."""


class UnknownName(HelixError, NameError):
    """A node reads a name that neither a node nor the notebook defines."""

    def __init__(
        self, node: str, missing: str, known: Iterable[str], given: Iterable[str] = (), assigned_by: str | None = None
    ) -> None:
        hint = nearest(missing, known)
        fix = f"Did you mean '{hint}'?" if hint else "Run the cell that defines it, or declare the node that makes it."
        if given := list(given):  # it is a node's name and none of its outputs'
            fix = f"The node of this name gives {listing(given)}: read that."
        elif assigned_by is not None:
            fix = f"Node '{assigned_by}' assigns it and keeps it to itself: name it on that cell's %%helix line."
        super().__init__(f"Node '{node}' reads '{missing}', which nothing defines. {fix}")
        self.node, self.missing, self.hint = node, missing, hint


class UnknownNode(HelixError, KeyError):
    """No node or output of this name is declared."""

    def __init__(self, wanted: str, known: Iterable[str]) -> None:
        known = list(known)
        hint = nearest(wanted, known)
        fix = f"Did you mean '{hint}'?" if hint else f"Declared: {listing(known)}."
        super().__init__(f"There is no node or output '{wanted}'. {fix}")
        self.wanted, self.hint = wanted, hint


class NothingDeclared(HelixError, LookupError):
    """``%helix run`` before any node is declared; ``newest`` is the number of the newest version, if any."""

    def __init__(self, newest: int | None = None) -> None:
        back = f", or %helix checkout {newest}" if newest is not None else ""
        super().__init__(f"No cell has declared a node yet, so nothing can run. Run the %%helix cells{back}.")
        self.newest = newest


class UnknownTarget(UnknownNode, ValueError):
    """A plan was asked for a target that is not in its graph."""


class PlanError(HelixError, ValueError):
    """No plan can be made from the graph, facts or seconds that were given."""


class UnknownVersion(HelixError, KeyError):
    """No version of this number (or tag) is recorded."""

    def __init__(self, wanted: object, known: Sequence[int], tags: Iterable[str] = ()) -> None:
        fix = f"Versions go from {known[0]} to {known[-1]}." if known else "Nothing has run yet: %helix run."
        if isinstance(wanted, str):
            fix = f"Tags: {listing(tags)}. {fix}" if tags else f"None has a tag. {fix}"
        named = "yet" if wanted is None else repr(wanted)
        super().__init__(f"There is no version {named}. {fix}")
        self.wanted = wanted


class VersionInUse(HelixError, ValueError):
    """The current version cannot be deleted: the next run is compared with it and made from it."""

    def __init__(self, number: int) -> None:
        super().__init__(
            f"Version {number} is the current one and cannot be deleted. %helix checkout another version first."
        )
        self.number = number


class CycleError(HelixError, ValueError):
    """The declarations form a cycle; ``path`` names it, first node repeated at the end."""

    def __init__(self, path: Sequence[str]) -> None:
        super().__init__(f"Cycle: {' -> '.join(path)}. Merge these cells or rename an output.")
        self.path = tuple(path)


class DuplicateOutput(HelixError, ValueError):
    """Two nodes give the same name, or one gives it twice: then there is no ``second``."""

    def __init__(self, output: str, first: str, second: str | None = None) -> None:
        if second is None:
            told = f"{first} names its output '{output}' twice: name each output once."
        else:
            told = (
                f"'{output}' is given by {first} and by {second}. Say --replace if the second takes the first's place, "
                f"--update if it changes the first's value, or rename one of them."
            )
        super().__init__(told[0].upper() + told[1:])
        self.output, self.first, self.second = output, first, second


class SelfReference(HelixError, ValueError):
    """A node reads its own output and no other node gives it."""

    def __init__(self, node: str, output: str, update: bool = False) -> None:
        if update:
            told = (
                f"Node '{node}' is to update '{output}', which no other cell gives. Declare the cell that makes it "
                f"as a node, or name what this one changes: %%helix NAME --name {node} --update."
            )
        else:
            told = (
                f"Node '{node}' reads its own output '{output}', which no other cell gives. Declare the cell that "
                f"makes '{output}' as a node and put --update on this one, or rename the output."
            )
        super().__init__(told)
        self.node, self.output = node, output


class StillUpdated(SelfReference):
    """A node is to be taken out whose output others update, and nobody else gives it."""

    def __init__(self, nodes: Iterable[str], updates: Iterable[str], problem: SelfReference) -> None:
        removed, left = list(nodes), list(updates)
        HelixError.__init__(
            self,
            f"{listing(map(repr, removed))} cannot be removed: {listing(map(repr, left))} "
            f"{'updates' if len(left) == 1 else 'update'} what it gives. Remove all of them: "
            f"%helix remove {' '.join([*removed, *left])}",
        )
        self.node, self.output = problem.node, problem.output


class WatchFailed(HelixError, RuntimeError):
    """A function that a node watches raised, or gave a value that has no digest."""

    def __init__(self, node: str, watched: str, problem: str) -> None:
        super().__init__(
            f"Node '{node}' watches '{watched}', which failed: {problem}. Mend it, or take --watch {watched} off."
        )
        self.node, self.watched, self.problem = node, watched, problem


class MissingOutput(HelixError, NameError):
    """A node ran but did not assign one of its declared outputs."""

    def __init__(self, node: str, output: str, assigned: Iterable[str]) -> None:
        hint = nearest(output, assigned := tuple(assigned))
        fix = f"Did you mean '{hint}'?" if hint else "Assign it in the cell or take it off the %%helix line."
        if output in assigned:
            fix = "The line that assigns it did not run, or it was deleted again. Assign it in any case."
        super().__init__(f"Node '{node}' did not assign its output '{output}'. {fix}")
        self.node, self.output = node, output


class NodeFailed(HelixError, RuntimeError):
    """A node raised; the original exception is ``__cause__`` and ``version`` the failed version's number.

    ``line`` is 1-based within the cell, or within the ``script`` that declares the node (None when the node's own code
    is not on the traceback). ``hint`` is a further sentence.
    """

    def __init__(
        self,
        node: str,
        line: int | None,
        cause: BaseException,
        version: int | None = None,
        script: str = "",
        hint: str = "",
    ) -> None:
        where = (f" at {script}:{line}" if script else f" at line {line}") if line else ""
        try:
            message = str(cause).split("\n", 1)[0]
        except Exception:  # the node's own exception may fail to show itself
            message = ""
        if not isinstance(cause, MissingOutput):  # which is a sentence about the node already
            message = f"Node '{node}' failed{where}: {type(cause).__name__}{': ' if message else ''}{message}"
        super().__init__(f"{message}{hint}")
        self.node, self.line, self.version = node, line, version
        self.__cause__ = cause


class Undigestable(HelixError, TypeError):
    """A value has no digest. ``path`` leads to the part that has none, ``reason`` says why."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path or 'the value'} cannot be digested: {reason}")
        self.path, self.reason = path, reason


class Unpicklable(HelixError, TypeError):
    """A value cannot be stored. ``path`` is the attribute path to the part that cannot, e.g. ``['m']['lock']``."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path or 'the value'} cannot be pickled: {reason}")
        self.path, self.reason = path, reason


class StoreError(HelixError, OSError):
    """The store cannot be used as asked."""


class NewerStore(StoreError):
    """The store was written by a newer version of this package."""

    def __init__(self, found: int, supported: int, path: str) -> None:
        super().__init__(
            f"The store {path} has schema {found}, this package reads up to {supported}. "
            f"Upgrade helix-jupyter, or choose another store: %helix config store=PATH, in scripts Session(store=PATH)."
        )
        self.found, self.supported, self.path = found, supported, path


class DoesNotCompress(StoreError):
    """A value takes more room than was reserved by samples of it."""


class ArtifactMissing(StoreError):
    """An artifact is not there (evicted, deleted from outside, or never written)."""


class ArtifactUntrusted(StoreError):
    """An artifact does not carry this user's signature or its bytes were changed; it counts as absent."""


class ArtifactUnreadable(StoreError):
    """An artifact is intact and signed, but its pickle does not load here (a class or module is gone)."""


class CannotWrite(HelixError, OSError):
    """A file that was asked for cannot be written."""

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(f"{path} cannot be written ({problem}). Name a file in a folder that exists.")
        self.path, self.problem = path, problem


class CannotAdopt(HelixError, ValueError):
    """A notebook cannot be adopted; the message says why and what to do."""


class CannotRun(HelixError, ValueError):
    """A notebook cannot be executed as asked; the message says why and what to do."""


class UnknownParameter(HelixError, KeyError):
    """No plain cell of the notebook assigns a constant to this name."""

    def __init__(self, wanted: str, known: Iterable[str]) -> None:
        known = list(known)
        hint = nearest(wanted, known)
        fix = f"Did you mean '{hint}'?" if hint else f"There are: {listing(known)}."
        super().__init__(f"No plain cell assigns a constant to '{wanted}'. {fix}")
        self.wanted, self.hint = wanted, hint


class ConfigError(HelixError, ValueError):
    """A setting does not exist or has a value that does not fit."""


class MalformedMessage(HelixError, ValueError):
    """A front end sent something that is no message of the protocol; ``question`` is its number, where it has one."""

    def __init__(self, problem: str, question: int | None = None) -> None:
        super().__init__(f"The message was not understood ({problem}). Reload the page, or update helix-jupyter.")
        self.question = question


class DataUnavailable(HelixError, OSError):
    """A data set (or one ``file`` of it) is not on this machine and could not be fetched."""

    def __init__(self, message: str, file: str | None = None) -> None:
        super().__init__(message)
        self.file = file


def nearest(wanted: str, known: Iterable[str]) -> str | None:
    """The known name that is closest in spelling to ``wanted``, if any is close."""
    close = difflib.get_close_matches(wanted, list(known), n=1, cutoff=0.6)
    return close[0] if close else None


def listing(names: Iterable[str], limit: int = 8) -> str:
    """Names joined for a one-line message; none gives ``nothing yet``."""
    names = list(names)
    if not names:
        return "nothing yet"
    return ", ".join(names[:limit]) + (f" and {len(names) - limit} more" if len(names) > limit else "")

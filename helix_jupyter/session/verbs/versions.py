"""Verbs on versions: list, compare, annotate, check out, trace."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, overload

from helix_jupyter.errors import CannotWrite, UnknownOption, VersionInUse, listing
from helix_jupyter.session import declaring
from helix_jupyter.session.checking_out import bring_back
from helix_jupyter.session.modules import text_of
from helix_jupyter.session.verbs.base import Base
from helix_jupyter.version.types import Version
from helix_jupyter.view.types import Reproduction, VersionList

if TYPE_CHECKING:
    from helix_jupyter.version.compare_many import Comparison
    from helix_jupyter.version.diff import Diff
    from helix_jupyter.version.trace import Trace
    from helix_jupyter.version.values import ValueDiff

Which = int | str  # a version's number, or a tag


class Versions(Base):
    """``versions``, ``diff``, ``checkout``, ``trace`` and their like."""

    @property
    def versions(self) -> VersionList:
        """All versions of this workflow, oldest first; nodes are read when first looked at."""
        return VersionList(self._history.all())

    def version(self, number: Which | None = None) -> Version:
        """One version, by its number or its tag; default: the current one.

        Raises
        ------
        UnknownVersion
        """
        return self._history.version(self._base if number is None else number)

    @overload
    def diff(self, a: Which | None = None, b: Which | None = None, *, values: Iterable[str] | str = ()) -> Diff: ...
    @overload
    def diff(self, a: Which, b: Which, c: Which, /, *more: Which, values: Iterable[str] | str = ()) -> Comparison: ...
    def diff(
        self, a: Which | None = None, b: Which | None = None, *more: Which, values: Iterable[str] | str = ()
    ) -> Diff | Comparison:
        """What differs between versions ``a`` and ``b`` (numbers or tags); default: the current one against its parent.

        Values of outputs that differ are compared where they are in memory or stored, when ``Diff.values`` is first
        looked into; see ``session.comparing`` for the limits.

        Parameters
        ----------
        more
            Further versions: then parameters and metrics are set side by side.
        values
            Nodes whose values are to be compared whatever their size. Those that are no longer stored are computed
            for it, in a process of its own: neither the workflow as it stands nor the store changes.

        Raises
        ------
        UnknownVersion, UnknownNode
        """
        from helix_jupyter.session.comparing import with_values
        from helix_jupyter.version.compare_many import compare_many
        from helix_jupyter.version.diff import compare

        if more:
            if values:
                raise UnknownOption("Values are compared of two versions: leave the others out.")
            return compare_many([self._history.version(number) for number in (a, b, *more)])
        later = self.version(b)
        if a is None:
            a = later.parent if later.parent is not None else later.id
        wanted = (values,) if isinstance(values, str) else tuple(values)
        return with_values(self._bench, compare(self._history.version(a), later), wanted)

    def values_of_diff(self, diff: Diff, node: str) -> Mapping[str, ValueDiff]:
        """What differs in the values of one node of a difference, by label, whatever having them takes: see ``diff``.

        Raises
        ------
        UnknownNode
        """
        from helix_jupyter.session.comparing import values_of_node

        return values_of_node(self._bench, diff, node)

    def export_diff(self, path: str | os.PathLike[str], *versions: Which, values: Iterable[str] | str = ()) -> Path:
        """Write ``diff`` as one HTML file that needs nothing else, no script either; gives its path.

        Raises
        ------
        CannotWrite
            And what ``diff`` raises.
        """
        from helix_jupyter.view.page import write_page

        where, found = self.folder / path, self.diff(*versions, values=values)
        try:
            return write_page(where, found)
        except OSError as problem:
            raise CannotWrite(str(where), problem.strerror or str(problem)) from problem

    def annotate(
        self,
        number: Which | None = None,
        message: str | None = None,
        tags: Iterable[str] | str = (),
        note: str | None = None,
        untag: Iterable[str] | str = (),
    ) -> Version:
        """Say something of a version (default: the current one): another message, tags to add or take off, a note.

        What is None stays as it was; an empty note takes it off.

        Raises
        ------
        UnknownVersion, UnknownOption
            There is no such version, or it has no such tag to take off.
        """
        added, removed = ((one,) if isinstance(one, str) else tuple(one) for one in (tags, untag))
        return self._history.annotate(self.version(number).id, message, added, removed, note)

    def delete_versions(self, *versions: Which) -> None:
        """Delete versions from the list. Their numbers are not given out again.

        What was made from one of them counts as made from the nearest version above that is left. Values stay in the
        store until ``gc`` finds that no version needs them.

        Raises
        ------
        UnknownVersion
            One of them is not there; nothing is deleted then.
        VersionInUse
            One of them is the current version; nothing is deleted then.
        """
        numbers = [self.version(one).id for one in versions]
        if self._base in numbers:
            raise VersionInUse(self._base)
        self._history.delete(numbers)

    def checkout(
        self,
        number: Which,
        tell: Callable[[str], None] | None = None,
        cells: Mapping[str, str] | None = None,
    ) -> Version:
        """Make a version's declarations the session's, with the functions and constants that they captured.

        Local modules stay as they are: those that differ from the version's are named, and a run computes with them.
        ``tell`` is given each line worth knowing (default: it is shown as a warning). ``cells``: by node, the id of
        the notebook's cell that a front end lets say the same, see ``version.restoring``.
        """
        version = self._history.version(number)
        lines = (*bring_back(version, self._bench), *_left(version, self.declarations))
        self.adopt(version, cells)
        self._base = version.id
        for line in lines:
            (tell or self._bench.progress().warn)(line)
        return version

    def adopt(self, version: Version, cells: Mapping[str, str] | None = None) -> None:
        """Make a version's declarations the session's; the notebook's own names stay as they are."""
        self._bindings.unbind(self._workflow.replace(declaring.from_version(version, cells)))

    def trace(
        self,
        node: str,
        version: Which | None = None,
        html: str | os.PathLike[str] | None = None,
        json: str | os.PathLike[str] | None = None,
    ) -> Trace:
        """Everything that made this node's value in a version (default: the current one).

        ``html`` and ``json`` name files to write it to as well.

        Raises
        ------
        UnknownNode, UnknownVersion, CannotWrite
        """
        from helix_jupyter.version.trace import trace

        found = trace(self.version(version), node, lambda source: text_of(source, self.store))
        if html is not None or json is not None:
            from helix_jupyter.view.trace_file import write_html, write_json

            if html is not None:
                write_html(found, Path(html))
            if json is not None:
                write_json(found, Path(json))
        return found

    def reproduce(self, number: Which) -> Reproduction:
        """Recompute a version in a fresh process from what was recorded, and compare digests node by node."""
        from helix_jupyter.session import reproducing

        return reproducing.reproduce(self._bench, self._history.version(number))


def _left(version: Version, nodes: Iterable[str]) -> Iterator[str]:
    """A line that names the nodes which the version does not have."""
    gone = [f"'{node}'" for node in nodes if node not in version.nodes]
    if gone:
        cells = ("its cell", "it") if len(gone) == 1 else ("their cells", "them")
        yield f"version {version.id} has no node {listing(gone)}. Run {cells[0]} to have {cells[1]} back."

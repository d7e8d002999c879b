"""``%helix`` and ``%%helix``: parse, delegate to the session, show what it answers."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from IPython.core.error import UsageError
from IPython.core.magic import Magics, line_cell_magic, magics_class
from traitlets import TraitError, Unicode, validate

from helix_jupyter.cell.options import OPTIONS_HELP, parse_cell_comment, parse_options
from helix_jupyter.cell.types import CellOptions
from helix_jupyter.config import OPTIONS as SETTINGS
from helix_jupyter.config import ORIGINS, Settings
from helix_jupyter.errors import (
    CellSyntaxError,
    ConfigError,
    HelixError,
    NothingDeclared,
    UnknownNode,
    UnknownOption,
    UnknownVersion,
)
from helix_jupyter.graph.declaration import Origin
from helix_jupyter.magics.drafts import Readings
from helix_jupyter.magics.hooks import Hooks
from helix_jupyter.magics.links import Links
from helix_jupyter.magics.place import notebook_place
from helix_jupyter.magics.plain_cells import PlainCells
from helix_jupyter.magics.planning import plan_verb
from helix_jupyter.magics.rendering import one_line_errors, register_formatters
from helix_jupyter.magics.verbs import HELP, overview, parse
from helix_jupyter.units import format_bytes
from helix_jupyter.view.types import VersionList
from helix_jupyter.view.words import plural

if TYPE_CHECKING:
    from argparse import Namespace

    from IPython.core.interactiveshell import InteractiveShell

    from helix_jupyter.graph.declaration import Declaration
    from helix_jupyter.session import Session
    from helix_jupyter.session.drafting import DraftCell
    from helix_jupyter.version.types import Version

# the session of a shell outlives %reload_ext: a reload must not lose what is declared
_SESSION = "_helix_session"
# cell magics of IPython that run the lines below them among the notebook's own names
_IN_NOTEBOOK = re.compile(r"\s*(%%(?:time|timeit|capture|prun))\b")
_ONCE_WRITTEN = "by the first run that can write the store"


def _tell(problem: str) -> None:
    print(f"helix: {problem}", file=sys.stderr)


@magics_class
class HelixMagics(Magics):
    """The magics of one shell, and its session once one is needed."""

    budget = Unicode("", help="bytes that the store may hold on disk").tag(config=True)
    memory = Unicode("", help="bytes of values kept in memory between runs").tag(config=True)
    policy = Unicode("", help="what to keep on disk").tag(config=True)
    compression = Unicode("", help="whether values may be stored compressed").tag(config=True)
    executor = Unicode("", help="where nodes run").tag(config=True)
    jobs = Unicode("", help="processes that run independent nodes").tag(config=True)
    auto = Unicode("", help="a %%helix cell runs its node as soon as it is declared").tag(config=True)
    seed = Unicode("", help="the workflow's seed").tag(config=True)
    store = Unicode("", help="folder of the store").tag(config=True)

    _is_loaded = False
    _recalled: Version | None = None

    def __init__(self, shell: InteractiveShell) -> None:
        super().__init__(shell)
        self.started = time.time()
        self.workflow, self.folder = notebook_place(shell.user_ns)
        self.settings = self.session.settings if self.has_session else Settings(self.folder / ".helix", tell=_tell)
        self.hooks, self.links = Hooks(shell, self), Links(shell, self)
        self._readings, self.plain_cells = Readings(self._plain_python), PlainCells(self._plain_python)
        register_formatters(shell, self._parent_of, self._live, lambda version: version is self._recalled)
        for key in SETTINGS:
            self._from_trait({"name": key, "new": getattr(self, key)})
        self.observe(self._from_trait, names=list(SETTINGS))
        self._is_loaded = True

    @validate(*SETTINGS)
    def _fits(self, proposal: Any) -> str:
        key, text = proposal["trait"].name, proposal["value"]
        try:
            if text:
                Settings(environ={}).check(key, text, ORIGINS[1])
        except ConfigError as problem:
            if self._is_loaded:  # traitlets takes the value back for a TraitError only
                raise TraitError(str(problem)) from None
            _tell(f"{problem} It is left out.")
            return ""
        return str(text)

    def _from_trait(self, change: Any) -> None:
        key, text = change["name"], change["new"]
        if not text:
            self.settings.clear(key, ORIGINS[1])
            return
        self.settings.put(key, text, ORIGINS[1])
        if self.has_session:
            self.session.apply_settings()

    def _live(self, value: object) -> Mapping[str, Any]:
        return self.session.live(value) if self.has_session else {}

    def _parent_of(self, version: Version) -> Version | None:
        if not self.has_session or version.parent is None or version.workflow != self.session.workflow:
            return None
        try:
            return self.session.version(version.parent)
        except UnknownVersion:
            return None

    @property
    def has_session(self) -> bool:
        """Whether a session was needed so far."""
        return hasattr(self.shell, _SESSION)

    @property
    def has_store(self) -> bool:
        """Whether earlier sessions left a store, so that there may be versions to show."""
        return bool((self.folder / self.settings["store"]).is_dir())

    @property
    def session(self) -> Session:
        """The shell's session; made when first needed, since opening a store costs."""
        if not self.has_session:
            from helix_jupyter.execute.notebook_console import NotebookConsole
            from helix_jupyter.magics.progress import NotebookProgress
            from helix_jupyter.session import Session
            from helix_jupyter.view.progress import TerminalProgress

            shell = self._shell
            session = Session(
                workflow=self.workflow,
                namespace=shell.user_ns,
                folder=self.folder,
                settings=self.settings,
                console=NotebookConsole(shell),
                progress=NotebookProgress if hasattr(shell, "kernel") else TerminalProgress,
                tools=self._tools,
            )
            setattr(shell, _SESSION, session)
            for problem in session.store.problems():
                print(f"helix: {problem}", file=sys.stderr)
        return getattr(self.shell, _SESSION)  # type: ignore[no-any-return]  # an attribute that only this method sets

    @property
    def _shell(self) -> InteractiveShell:
        assert self.shell is not None
        return self.shell

    def _tools(self) -> dict[str, Any]:
        return {name: self._shell.user_ns[name] for name in ("get_ipython",) if name in self._shell.user_ns}

    @line_cell_magic
    def helix(self, line: str, cell: str | None = None) -> Any:
        """Declare nodes (%%helix) and run, look at and compare the workflow (%helix).

        (replaced by the tables of options and verbs below)
        """
        with one_line_errors(self._shell):
            return self._verb(line) if cell is None else self._declare(line, cell)

    # cells

    def _declare(self, line: str, cell: str) -> None:
        try:
            options = parse_options(line)
        except UnknownOption as problem:
            raise UsageError(str(problem)) from problem
        if (magic := _IN_NOTEBOOK.match(cell)) is not None:
            raise HelixError(
                f"{magic[1]} runs the lines below it in the notebook and not as the node, so nothing is kept of them. "
                "Take it out: a node tells how long it took, and keeps what it shows. The node was not declared."
            )
        code = self._plain_python(cell)
        origin = replace(self._origin(cell), replaces=options.replace)
        from helix_jupyter.session import declaring

        session = self.session
        try:
            declaration = declaring.from_text(code, options, session.declarations, cell, origin)
        except CellSyntaxError as error:
            # counted from the magic line on, as the editor and tracebacks do
            raise error.below(origin.offset, origin.filename) from None
        runs = options.run or self.settings["auto"]
        card = session.add(self._taking_over(declaration), runs)
        self._show(card._repr_mimebundle_())
        if runs:
            self._run_to(card.node, options)

    def _taking_over(self, declaration: Declaration) -> Declaration:
        """The same, as one that replaces the node's where the cell of that gives way."""
        origin, before = declaration.origin, self.session.declarations.get(declaration.node)
        owner = before.origin.cell if before is not None else None
        if not owner or not origin.cell or origin.replaces or not self.links.gives_way(owner, origin.cell):
            return declaration
        return replace(declaration, origin=replace(origin, replaces=True))

    def _plain_python(self, body: str) -> str:
        """The body without magics and shell lines, line for line."""
        comment = parse_cell_comment(body)  # left below %%helix it is a comment like any other
        text = comment[1] if comment else body
        # IPython takes off leading blank lines, which tracebacks count
        blank = sum(1 for _ in takewhile(lambda line: not line.strip(), text.split("\n")))
        code: str = self._shell.transform_cell(text)
        return "\n" * blank + code

    def draft(self, cells: Mapping[str, str], by_text: bool = False) -> tuple[DraftCell, ...]:
        """What a run would do if these cells stood as they are typed; by cell, in the document's order.

        Runs and declares nothing. Of plain cells there are no rows: they count by the names that they bind otherwise
        than when they ran. ``by_text`` as for ``Session.draft``; a notebook that never used a store gets none for that.
        """
        from helix_jupyter.session.drafting import Looked, from_text

        if not self.has_session and (by_text or not self.has_store):
            return from_text(self._readings.of(cells, {}), {}, Looked(), {})
        session = self.session
        return session.draft(self._readings.of(cells, session.declarations), by_text, self.plain_cells.edited(cells))

    def _run_to(self, node: str, options: CellOptions) -> None:
        self.session.run([self.session.graph.word_for(node)], message=f"run {node}")

    def _origin(self, body: str) -> Origin:
        """Where the running cell stands, so that tracebacks name it and its own lines."""
        info, shell = self.hooks.running, self._shell
        raw = info.raw_cell if info is not None else body
        offset = max(len(raw.rstrip("\n").split("\n")) - len(body.rstrip("\n").split("\n")), 0)
        # the shell itself counts on before a cell runs, or (older ones) behind it
        number = getattr(shell.displayhook.exec_result, "execution_count", None) or shell.execution_count
        filename = shell.compile.cache(raw, number, raw_code=raw)
        return Origin(filename, offset, getattr(info, "cell_id", None), f"cell [{number}]")

    # verbs

    def _verb(self, line: str) -> Any:
        if line.strip() in HELP:
            print(HelixMagics.helix.__doc__)
            return None
        verb, arguments = parse(line)
        if arguments is None:
            print(verb.parser().format_help())
            return None
        action: Callable[[Namespace], Any] = getattr(self, f"_do_{verb.name}")
        return action(arguments)

    def _do_status(self, arguments: Namespace) -> Any:
        session = self.session
        if not session.declarations and session.versions:
            print(f"helix: {self._nothing_declared()}", file=sys.stderr)
        return session.status()

    def _nothing_declared(self) -> NothingDeclared:
        versions = self.session.versions
        return NothingDeclared(versions[-1].id if versions else None)

    def _do_run(self, arguments: Namespace) -> Any:
        if not self.session.declarations:
            raise self._nothing_declared()
        try:
            return self.session.run(
                arguments.target,
                message=arguments.message,
                jobs=arguments.jobs,
                force=arguments.force,
                within=arguments.within,
                audit=arguments.audit,
                audit_seed=arguments.audit_seed,
                once=arguments.once,
            )
        except UnknownNode as problem:
            if not arguments.message or problem.wanted not in arguments.target:
                raise
            fix = f'A message of several words is quoted: -m "{arguments.message} {" ".join(arguments.target)}".'
            raise UsageError(f"{problem} {fix}") from None

    def _do_sweep(self, arguments: Namespace) -> Any:
        from helix_jupyter.session.sweeping import parse_axis

        grid = dict(parse_axis(text, self._shell.user_ns) for text in arguments.grid)
        return self.session.sweep(grid, arguments.target, arguments.message, arguments.jobs)

    def _do_plan(self, arguments: Namespace) -> Any:
        planned = plan_verb(self.session, arguments)
        for line in self.session.not_taken_up():
            print(f"helix: {line}", file=sys.stderr)
        return planned

    def _do_why(self, arguments: Namespace) -> Any:
        return self.session.why(arguments.node)

    def _do_dag(self, arguments: Namespace) -> Any:
        return self.session.dag()

    def _do_versions(self, arguments: Namespace) -> Any:
        session, chosen = self.session, arguments.version
        said = (arguments.message, arguments.note) != (None, None) or arguments.tag or arguments.untag
        if arguments.delete:
            if said or not chosen:
                raise UsageError("%helix versions: --delete takes the numbers of versions, and nothing else.")
            session.delete_versions(*chosen)
            print(f"helix: deleted: {plural(len(chosen), 'version')}. What only they needed goes with %helix gc.")
            return None
        if said:
            for number in chosen or [session.version().id]:
                session.annotate(number, arguments.message, arguments.tag, arguments.note, arguments.untag)
        if not chosen:
            return session.versions
        return VersionList([session.version(number) for number in chosen])

    def _do_diff(self, arguments: Namespace) -> Any:
        session, versions, values = self.session, arguments.version, arguments.values
        if len(versions) > 2 and values:
            raise UsageError("%helix diff: --values compares two versions. Leave the others out.")
        if arguments.html is None:
            return session.diff(*versions, values=values)
        return session.export_diff(arguments.html, *versions, values=values)

    def _do_get(self, arguments: Namespace) -> Any:
        return self.session.get(*arguments.node)

    def _do_checkout(self, arguments: Namespace) -> Any:
        version = self.session.checkout(arguments.version)
        self._recalled = version
        told = f"version {version.id} is checked out. %helix run binds its values; the cells keep their text."
        self._show({"text/plain": f"helix: {told}"})
        return version

    def _do_pin(self, arguments: Namespace) -> None:
        if arguments.never:
            freed = self.session.never_store(*arguments.node)
            print(f"helix: never stored from now on: {', '.join(arguments.node)} ({self._freed(freed)})")
            return
        no_room = self.session.pin(*arguments.node)
        when = f"pinned, to be stored {_ONCE_WRITTEN}" if self.session.store.is_lost else "kept from now on"
        print(f"helix: {when}: {', '.join(arguments.node)}")
        if no_room:
            print(
                f"helix: not stored as long as the budget has no room: {', '.join(no_room)}. %helix config budget=SIZE"
            )

    def _freed(self, count: int) -> str:
        return f"deleted {_ONCE_WRITTEN}" if self.session.store.is_lost else f"{format_bytes(count)} freed"

    def _do_unpin(self, arguments: Namespace) -> None:
        self.session.unpin(*arguments.node)
        print(f"helix: left to the policy: {', '.join(arguments.node)}")

    def _do_forget(self, arguments: Namespace) -> None:
        freed = self.session.forget(*arguments.node)
        print(f"helix: forgotten: {', '.join(arguments.node)} ({self._freed(freed)})")

    def _do_remove(self, arguments: Namespace) -> None:
        self.session.remove(*arguments.node)
        print(f"helix: removed from the DAG: {', '.join(arguments.node)}")

    def _do_accept(self, arguments: Namespace) -> None:
        print(f"helix: {self.session.accept(arguments.node)}")

    def _do_config(self, arguments: Namespace) -> Any:
        pairs = {}
        for text in arguments.setting:
            key, equals, value = text.partition("=")
            if not equals:
                raise ConfigError(f"'{text}' is not KEY=VALUE. For instance: %helix config budget=5GB.")
            self.settings.check(key, value)
            pairs[key] = value
        if self.has_session:
            return self.session.config(**pairs)
        # the store is chosen before it is opened
        for key, value in pairs.items():
            self.settings.put(key, value)
        return self.session.config()

    def _do_trace(self, arguments: Namespace) -> Any:
        files = {"html": arguments.html, "json": arguments.json}
        trace = self.session.trace(arguments.node, arguments.version, **files)
        for file in filter(None, files.values()):
            print(f"helix: written: {file}")
        return trace

    def _do_reproduce(self, arguments: Namespace) -> Any:
        return self.session.reproduce(arguments.version)

    def _do_gc(self, arguments: Namespace) -> Any:
        return self.session.gc(arguments.dry_run, arguments.keep_last, arguments.older_than)

    def _do_export(self, arguments: Namespace) -> Path:
        return self.session.export(arguments.file)

    def _show(self, forms: dict[str, Any]) -> None:
        from IPython.display import publish_display_data

        publish_display_data(forms)  # no formatter is asked for what else a card could be shown as


HelixMagics.helix.__doc__ = (
    f"Declare nodes (%%helix) and run, look at and compare the workflow (%helix).\n\n{OPTIONS_HELP}\n\n{overview()}\n\n"
    "%helix VERB? explains one verb."
)

"""What is known of every node before anything runs: its key, and the recorded result that holds for that key.

One direction along the graph: a node's key rests on the identities of its inputs' values, which are known from the
recorded results of its parents, whether or not those values still exist. So no value is read to find its child.
Reads namespace, files and the store's rows; changes nothing.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any

from helix_jupyter.cell.types import WHOLE
from helix_jupyter.errors import WatchFailed
from helix_jupyter.execute.seeds import node_seed
from helix_jupyter.fingerprint.added import Added
from helix_jupyter.fingerprint.capture import Captured, capture
from helix_jupyter.fingerprint.key import own_digest
from helix_jupyter.fingerprint.kinds import is_a
from helix_jupyter.fingerprint.local_imports import import_parts, installed_parts
from helix_jupyter.fingerprint.mentions import mentions, mentions_of_cell
from helix_jupyter.fingerprint.settings import SettingParts, changed_settings
from helix_jupyter.fingerprint.types import Fingerprint, Part
from helix_jupyter.fingerprint.versions import module_part
from helix_jupyter.graph.dag import Graph
from helix_jupyter.graph.declaration import Declaration
from helix_jupyter.session.marks import Marks
from helix_jupyter.session.outside import Outside, module_of
from helix_jupyter.session.recorded import Recorded
from helix_jupyter.session.unsteady_values import UnsteadyValues
from helix_jupyter.session.watching import Watching
from helix_jupyter.store.store import Store
from helix_jupyter.store.types import OutputFact, Result

# the notebook's own tools: nodes may use them, but they are no part of what a node computes
TOOLS = frozenset({"get_ipython", "display", "In", "Out", "exit", "quit", "__name__", "__builtins__"})
PENDING = "pending"


@dataclass(frozen=True)
class Known:
    """What is known of one node at one moment.

    ``result`` is the recorded result that holds now (None: it has to be computed to be known). ``waiting`` names the
    inputs whose values are not known yet; the key then is provisional. ``earlier`` says that results for this very
    key exist, but that something outside was otherwise then; ``changed`` says what. ``accepted``: its
    edit was said not to change its value (``accept``). ``problem``: why it cannot be told whether it has to run.
    ``shared_key``: where the result of an equal node would be found, if it has none of its own.
    """

    fingerprint: Fingerprint
    captured: Captured
    result: Result | None = None
    waiting: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    accepted: bool = False
    problem: WatchFailed | None = None
    shared_key: str | None = None

    @property
    def key(self) -> str | None:
        """The node's key, None while it is not final or something cannot be digested."""
        return None if self.waiting else self.fingerprint.key

    @property
    def modules(self) -> frozenset[str]:
        """Names of the local modules whose code the node runs."""
        outside = self.result.outside if self.result else ()
        chosen = {name for fact in outside if (name := module_of(fact))}
        return self.captured.live | chosen | {part.label for part in self.fingerprint.parts if part.kind == "source"}


@dataclass(frozen=True)
class Latest:
    """What this session computed last for a node that no later run may reuse: the notebook still shows its value.

    ``changed``: what the node captured was changed in place since, and ``parts`` tell of that; a result recorded
    for them is another one.
    """

    parts: tuple[Part, ...]
    result: Result
    changed: bool = False


@dataclass(frozen=True)
class Moment:
    """What holds for all nodes alike when they are looked at: accepted edits by node, settings, own code put in."""

    accepted: Mapping[str, Mapping[str, str]]
    settings: SettingParts
    added: Added


class Resolver:
    """Resolves nodes against one namespace, one folder and one store."""

    def __init__(
        self, store: Store, namespace: Mapping[str, Any], folder: Path, outside: Outside, workflow: str
    ) -> None:
        self._store, self._namespace, self._folder = store, namespace, folder
        self._workflow = workflow
        self.watching = Watching(namespace, folder, outside.files)
        self.recorded = Recorded(store, outside)
        self.unsteady = UnsteadyValues(namespace)
        self._marks = Marks()
        # every name of the notebook that some node reached, or missed, when it was looked at
        self.looked_for: set[str] = set()

    def captured(self, declaration: Declaration, outputs: frozenset[str]) -> Captured:
        """What the node's code reaches in the notebook; names that nodes give are left to the graph."""
        return self.all_captured([declaration], outputs)[declaration.node]

    def all_captured(self, declarations: Iterable[Declaration], outputs: frozenset[str]) -> dict[str, Captured]:
        """The same for several nodes at one moment; those that read the same names share one answer."""
        shared: dict[tuple[tuple[str, frozenset[str]], ...], Captured] = {}
        found = {}
        for declaration in declarations:
            analysis, namespace = declaration.analysis, self._namespace
            left = {*analysis.reads, *analysis.may_read} - TOOLS
            left = {name for name in left if name not in outputs}
            names = tuple((name, analysis.attributes.get(name, WHOLE)) for name in sorted(left))
            if names not in shared:
                one = self.unsteady.taken_out(capture(left, analysis.attributes, namespace, outputs))
                shared[names] = one
                self.looked_for.update(one.reached, one.missing)
            found[declaration.node] = shared[names]
        return found

    def look(self) -> Moment:
        """Look at what holds for all nodes; from now on what others have recorded meanwhile counts."""
        self.recorded.look_again()
        return Moment(self._aliases(), SettingParts(changed_settings()), Added())

    def resolve(
        self,
        graph: Graph,
        captured: Mapping[str, Captured],
        seed: int,
        fresh: Mapping[str, Result],
        nodes: Iterable[str] | None = None,
        known: Mapping[str, Known] | None = None,
        latest: Mapping[str, Latest] | None = None,
        moment: Moment | None = None,
    ) -> dict[str, Known]:
        """Resolve ``nodes`` (default: all) in topological order.

        ``fresh`` holds results that this run made and that stand whatever the store says. ``known`` holds what is
        already resolved and stays as it is. ``latest`` is given to find the values that a notebook sees now, and left
        out to plan a run. ``moment``: a look that is as new as this call.
        """
        now = moment or self.look()
        found = dict(known or {})
        for node in graph.order if nodes is None else nodes:
            stands_for = now.accepted.get(node, {})
            one = self._one(graph, node, captured[node], seed, found, fresh, now)
            if stands_for and own_digest(one.fingerprint.parts) in stands_for:
                one = replace(one, accepted=True)
            last = (latest or {}).get(node)
            if last is not None and self._is_shown(last, one):
                one = replace(one, result=last.result)
            found[node] = one
        return found

    def _is_shown(self, last: Latest, now: Known) -> bool:
        """Whether the notebook still sees what was computed last."""
        if now.waiting or now.changed or last.parts != now.fingerprint.parts:
            return False
        return self.recorded.holds(last.result) if last.changed else now.result is None

    def _one(
        self,
        graph: Graph,
        node: str,
        captured: Captured,
        seed: int,
        known: Mapping[str, Known],
        fresh: Mapping[str, Result],
        now: Moment,
    ) -> Known:
        declaration, aliases = graph.declarations[node], now.accepted.get(node, {})
        facts = {name: output_fact(known[producer].result, name) for name, producer in graph.inputs[node].items()}
        inputs = {name: fact.digest for name, fact in facts.items() if fact is not None}
        waiting = tuple(name for name in facts if name not in inputs)
        problem: WatchFailed | None = None
        watched: tuple[Part, ...] = ()
        try:
            watched = self.watching.parts(node, declaration.watch)
        except WatchFailed as failure:
            problem = failure
        own = (
            *self._imported(declaration),
            *watched,
            *_modules_of_inputs(fact for fact in facts.values() if fact is not None),
            Part("option", "seed", str(node_seed(seed, declaration))),
        )
        own += _settings(now, declaration, captured, own)
        mark = self._marks.of(declaration, captured, own, {name: inputs.get(name, PENDING) for name in facts}, aliases)
        found = mark.fingerprint
        if problem is not None:
            found = replace(found, key=None, unknown=(*found.unknown, str(problem)))
            return Known(found, captured, None, waiting, problem=problem)
        if node in fresh:
            return Known(found, captured, fresh[node], waiting)
        if waiting or found.key is None or declaration.volatile:
            return Known(found, captured, None, waiting)
        result, changed = self.recorded.holding(found.key)
        if result is not None or changed or aliases:
            return Known(found, captured, result, waiting, changed)
        shared = mark.shared_key
        equal = None if shared is None else self.recorded.holding(shared)[0]
        return Known(found, captured, None if equal is None else mark.taking(equal), shared_key=shared)

    def _imported(self, declaration: Declaration) -> tuple[Part, ...]:
        modules, code = declaration.analysis.modules, declaration.code
        if "import_module" not in code and "__import__" not in code:
            if not modules:
                return ()
            if (installed := installed_parts(modules)) is not None:
                return installed
        # code within magics is text to whoever looks for the members that are used
        return import_parts(modules if "get_ipython" in code else (), self._folder, code)

    def still_imports(self, declaration: Declaration, known: Known, warn: Callable[[str], None]) -> bool:
        """Whether a node that just ran imported what its key says: a file may change before it is loaded."""
        held = set(known.fingerprint.parts)
        now = (*self._imported(declaration), *import_parts(known.captured.imports))
        changed = dict.fromkeys(part.detail or part.label for part in now if part not in held)
        if changed:
            warn(f"Node '{declaration.node}' imported {', '.join(changed)} while it changed: its result is not reused.")
        return not changed

    def _aliases(self) -> dict[str, dict[str, str]]:
        by_node: dict[str, dict[str, str]] = {}
        for (workflow, node, new), old in self._store.aliases().items():
            if workflow == self._workflow:
                by_node.setdefault(node, {})[new] = old
        return by_node


def output_fact(result: Result | None, name: str) -> OutputFact | None:
    """What a result tells of one of its outputs."""
    return next((fact for fact in result.outputs if fact.name == name), None) if result else None


def _settings(now: Moment, declaration: Declaration, captured: Captured, own: Iterable[Part]) -> tuple[Part, ...]:
    """What a plain cell changed of the packages that a node reaches, and put into them."""
    reached = {part.label for part in (*own, *captured.parts) if part.kind == "module"}
    added = now.added.within(sorted({*reached, *declaration.analysis.modules, *_modules_in(captured)}))
    if not now.settings and not added:
        return ()
    mentioned = mentions(declaration.code, captured)
    if mentioned is not None and declaration.analysis.has_value:
        mentioned |= {"display"}  # as the cell's last value is
    in_cell = mentions_of_cell(declaration.code) if mentioned is None else mentioned
    put = (part for name, part in added if name is None or mentioned is None or name in mentioned)
    return (*now.settings.of(reached, mentioned, in_cell), *put)


def _modules_in(captured: Captured) -> Iterable[str]:
    """The modules that the notebook's names stand for, and that helpers import."""
    yield from (value.__name__ for value in captured.reached.values() if is_a(value, ModuleType))
    yield from captured.imports


def _modules_of_inputs(facts: Iterable[OutputFact]) -> Iterable[Part]:
    """Versions of the packages whose types the inputs have: the node runs their methods, imported or not."""
    return map(module_part, sorted({module for fact in facts for module in fact.modules}))


def undefined(declaration: Declaration, outside: Iterable[str], namespace: Mapping[str, Any]) -> str | None:
    """The first name that the node certainly reads and that nothing defines."""
    certain = set(declaration.analysis.reads)
    for name in outside:
        if name in certain and name not in namespace and name not in TOOLS and not hasattr(builtins, name):
            return name
    return None

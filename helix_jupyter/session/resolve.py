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
from typing import Any

from helix_jupyter.errors import WatchFailed
from helix_jupyter.execute.seeds import node_seed
from helix_jupyter.fingerprint.capture import Captured, capture
from helix_jupyter.fingerprint.framing import digest_fields
from helix_jupyter.fingerprint.key import fingerprint, own_digest
from helix_jupyter.fingerprint.local_imports import import_parts
from helix_jupyter.fingerprint.twin import twin_key
from helix_jupyter.fingerprint.types import Fingerprint, Part
from helix_jupyter.fingerprint.versions import version_of
from helix_jupyter.graph.dag import Graph
from helix_jupyter.graph.declaration import Declaration
from helix_jupyter.session.outside import Outside, module_of
from helix_jupyter.session.twins import form_of, taken
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
    """What this session computed last for a node that no later run may reuse: the notebook still shows its value."""

    parts: tuple[Part, ...]
    result: Result


class Resolver:
    """Resolves nodes against one namespace, one folder and one store."""

    def __init__(
        self, store: Store, namespace: Mapping[str, Any], folder: Path, outside: Outside, workflow: str
    ) -> None:
        self._store, self._namespace, self._folder, self._outside = store, namespace, folder, outside
        self._workflow = workflow
        self.watching = Watching(namespace, folder, outside.files)
        self._found: dict[str, list[Result]] = {}

    def captured(self, declaration: Declaration, outputs: frozenset[str]) -> Captured:
        """What the node's code reaches in the notebook; names that nodes give are left to the graph."""
        analysis = declaration.analysis
        names = [name for name in (*analysis.reads, *analysis.may_read) if name not in outputs and name not in TOOLS]
        return capture(names, analysis.attributes, self._namespace, outputs)

    def preload(self, keys: Iterable[str]) -> None:
        """Read the results of many keys at once (those of the last version: most of them will be asked for)."""
        self._found.update(self._store.results([key for key in keys if key not in self._found]))

    def remember(self, result: Result) -> None:
        """Take note of a result that was just recorded."""
        self._found.setdefault(result.key, []).insert(0, result)

    def resolve(
        self,
        graph: Graph,
        captured: Mapping[str, Captured],
        seed: int,
        fresh: Mapping[str, Result],
        nodes: Iterable[str] | None = None,
        known: Mapping[str, Known] | None = None,
        latest: Mapping[str, Latest] | None = None,
    ) -> dict[str, Known]:
        """Resolve ``nodes`` (default: all) in topological order.

        ``fresh`` holds results that this run made and that stand whatever the store says. ``known`` holds what is
        already resolved and stays as it is. ``latest`` is given to find the values that a notebook sees now, and left
        out to plan a run.
        """
        aliases = self._aliases()
        found = dict(known or {})
        for node in graph.order if nodes is None else nodes:
            stands_for = aliases.get(node, {})
            one = self._one(graph, node, captured[node], seed, found, fresh, stands_for)
            if stands_for and own_digest(one.fingerprint.parts) in stands_for:
                one = replace(one, accepted=True)
            last = (latest or {}).get(node)
            if one.result is None and last is not None and not one.waiting and last.parts == one.fingerprint.parts:
                one = replace(one, result=last.result)
            found[node] = one
        return found

    def _one(
        self,
        graph: Graph,
        node: str,
        captured: Captured,
        seed: int,
        known: Mapping[str, Known],
        fresh: Mapping[str, Result],
        aliases: Mapping[str, str],
    ) -> Known:
        declaration = graph.declarations[node]
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
        mark = fingerprint(
            declaration,
            captured,
            own,
            {name: inputs.get(name, PENDING) for name in facts},
            aliases,
        )
        if problem is not None:
            mark = replace(mark, key=None, unknown=(*mark.unknown, str(problem)))
            return Known(mark, captured, None, waiting, problem=problem)
        if node in fresh:
            return Known(mark, captured, fresh[node], waiting)
        if waiting or mark.key is None or declaration.volatile:
            return Known(mark, captured, None, waiting)
        result, changed = self._holding(mark.key)
        if result is not None or changed or aliases:
            return Known(mark, captured, result, waiting, changed)
        form = form_of(declaration, captured, facts)
        shared = None if form is None else twin_key(form, declaration.outputs, mark.parts)
        if form is not None and shared is not None:
            equal, _ = self._holding(shared)
            result = taken(equal, mark.key, form, declaration.outputs) if equal is not None else None
        return Known(mark, captured, result, shared_key=shared)

    def _holding(self, key: str) -> tuple[Result | None, tuple[str, ...]]:
        """The newest result of ``key`` for which all is outside as it was then, else what changed."""
        result, changed = self._found_holding(key)
        if result is None:  # another kernel may have recorded one since
            self._found.update(self._store.results([key]))
            result, changed = self._found_holding(key)
        return result, changed

    def _found_holding(self, key: str) -> tuple[Result | None, tuple[str, ...]]:
        changed: tuple[str, ...] = ()
        for result in self._found.get(key, ()):
            if not result.reusable:
                continue
            differing = self._outside.changed(result.outside)
            if not differing:
                return result, ()
            changed = changed or differing
        return None, changed

    def _imported(self, declaration: Declaration) -> tuple[Part, ...]:
        modules, code = declaration.analysis.modules, declaration.code
        if not modules and "import_module" not in code and "__import__" not in code:
            return ()
        # code within magics is text to whoever looks for the members that are used
        return import_parts(modules if "get_ipython" in code else (), self._folder, code)

    def still_imports(self, declaration: Declaration, known: Known, warn: Callable[[str], None]) -> bool:
        """Whether a node that just ran imported what its key says: a file may change before it is loaded."""
        held = set(known.fingerprint.parts)
        now = (*self._imported(declaration), *import_parts(known.captured.imports))
        changed = [part.detail or part.label for part in now if part not in held]
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


def _modules_of_inputs(facts: Iterable[OutputFact]) -> Iterable[Part]:
    """Versions of the packages whose types the inputs have: the node runs their methods, imported or not."""
    for top in sorted({module for fact in facts for module in fact.modules}):
        version = version_of(top)
        yield Part("module", top, digest_fields(version), version)


def undefined(declaration: Declaration, outside: Iterable[str], namespace: Mapping[str, Any]) -> str | None:
    """The first name that the node certainly reads and that nothing defines."""
    certain = set(declaration.analysis.reads)
    for name in outside:
        if name in certain and name not in namespace and name not in TOOLS and not hasattr(builtins, name):
            return name
    return None

"""The declarations of a session, the graph that they make, and what is known of each node. Runs nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from operator import is_not

from helix_jupyter.errors import SelfReference, StillUpdated, UnknownName
from helix_jupyter.fingerprint.capture import Captured
from helix_jupyter.graph.dag import Graph, build_graph
from helix_jupyter.graph.declaration import Declaration
from helix_jupyter.graph.extend import extend_graph
from helix_jupyter.session.bench import Bench
from helix_jupyter.session.declaring import placed
from helix_jupyter.session.resolve import Known, Latest, undefined


@dataclass(frozen=True)
class Survey:
    """The workflow at one moment: its graph, and what is known of each node."""

    graph: Graph
    known: dict[str, Known]


class Workflow:
    """Declared nodes in order of place. Whatever raises leaves all as it was.

    Attributes
    ----------
    declarations
        By node, in order of place.
    graph
        What they make, bound as last looked at.
    known
        What is known of the nodes that were looked at since they (or what they rest on) last changed.
    latest
        What this session computed last for nodes that no run may reuse.
    """

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self.declarations: dict[str, Declaration] = {}
        self.graph = build_graph(())
        self.known: dict[str, Known] = {}
        self.latest: dict[str, Latest] = {}

    def put(self, declaration: Declaration) -> frozenset[str]:
        """Take a declaration, in the place of the one that it replaces; gives the names whose values are stale now."""
        # what is done for all nodes here runs in C: a cell costs what it is, not what stands beside it
        declarations, node = placed(self.declarations, declaration), declaration.node
        reaching = self._reaching(declaration.outputs)
        captured = self._captured(declarations, [node, *reaching], self._outputs_of(declarations, declaration))
        graph = None if reaching else extend_graph(self.graph, declarations, node, captured[node].nodes)
        if graph is None:
            extra = {other: known.captured.nodes for other, known in self.known.items()}
            extra |= {other: found.nodes for other, found in captured.items()}
            graph = build_graph(declarations.values(), extra)
        stale = self._take(declarations, graph)
        self._look_at(node, captured)
        return stale

    def _reaching(self, outputs: Iterable[str]) -> Collection[str]:
        """The nodes whose helpers read one of these names, which no node gave when they were looked at."""
        found: dict[str, None] = {}
        for name in outputs:
            if name not in self.graph.producers and name in self._bench.resolver.looked_for:
                reached = ((node, known.captured) for node, known in self.known.items())
                found.update({node: None for node, one in reached if name in one.reached or name in one.missing})
        return found

    def drop(self, nodes: Collection[str]) -> frozenset[str]:
        """Take nodes out, all or none; gives the names whose values are stale now.

        Raises
        ------
        StillUpdated
        """
        left = {node: one for node, one in self.declarations.items() if node not in nodes}
        try:
            return self.bring(left)
        except SelfReference as problem:
            raise StillUpdated(nodes, self._updating(nodes, left), problem) from None

    def _updating(self, nodes: Collection[str], left: Mapping[str, Declaration]) -> list[str]:
        gone = {output for node in nodes for output in self.declarations[node].outputs}
        return [node for node, one in left.items() if one.update and not gone.isdisjoint(one.outputs)]

    def bring(self, declarations: dict[str, Declaration]) -> frozenset[str]:
        """Take all of these, most of which are there already; gives the names whose values are stale now."""
        extra = {node: known.captured.nodes for node, known in self.known.items() if node in declarations}
        return self._take(declarations, build_graph(declarations.values(), extra))

    def replace(self, declarations: dict[str, Declaration]) -> frozenset[str]:
        """Take all new declarations; gives the names that nodes gave before."""
        before, graph = self.graph.outputs, build_graph(declarations.values())
        self.declarations, self.graph, self.known = declarations, graph, {}
        return frozenset(before)

    def _take(self, declarations: dict[str, Declaration], graph: Graph) -> frozenset[str]:
        before = self.declarations
        # most are the same object: only what is not is worth comparing
        others = compress(before, map(is_not, before.values(), map(declarations.get, before)))
        touched = {node for node in others if before[node] != declarations.get(node)}
        touched |= declarations.keys() - before.keys()
        names: set[str] = set()
        stale: set[str] = set()
        for one in (self.graph, graph):
            below = one.descendants(touched & one.declarations.keys())
            names.update(name for node in below for name in one.declarations[node].outputs)
            stale |= below
        self.known = dict(self.known)
        for node in stale & self.known.keys():
            del self.known[node]
        self.declarations, self.graph = declarations, graph
        return frozenset(names)

    def _outputs_of(self, declarations: Mapping[str, Declaration], declaration: Declaration) -> frozenset[str]:
        """The names that ``declarations`` give, of which ``declaration`` is the newest."""
        before = self.declarations.get(declaration.node, declaration)
        if before.outputs == declaration.outputs and self.declarations.keys() <= declarations.keys():
            return frozenset((*self.graph.producers, *declaration.outputs))
        return _outputs(declarations)

    def _captured(
        self, declarations: Mapping[str, Declaration], nodes: Iterable[str], outputs: frozenset[str]
    ) -> dict[str, Captured]:
        return self._bench.resolver.all_captured((declarations[node] for node in nodes), outputs)

    def survey(self, shown: bool = False) -> Survey:
        """Look at everything anew: the notebook's names, files and store may all have changed since last time.

        ``shown``: look for the values that the notebook sees now, those included that no run may reuse.
        """
        if not shown:
            self._bench.resolver.watching.forget()
        captured = self._captured(self.declarations, self.declarations, _outputs(self.declarations))
        graph, extra = self.graph, {node: found.nodes for node, found in captured.items() if found.nodes}
        if extra != graph.extra_reads:
            graph = build_graph(self.declarations.values(), extra)
        latest = self.latest if shown else {}
        known = self._bench.resolver.resolve(graph, captured, self._bench.settings["seed"], {}, latest=latest)
        self.graph, self.known = graph, known
        return Survey(graph, known)

    def _look_at(self, node: str, captured: Mapping[str, Captured]) -> None:
        """Find what is known of one node by what is known of its parents, if that is enough."""
        if any(parent not in self.known for parent in self.graph.parents(node)):
            return
        seed = self._bench.settings["seed"]
        self.known = self._bench.resolver.resolve(self.graph, captured, seed, {}, [node], self.known, self.latest)

    def targets(self, names: Iterable[str] | str | None) -> tuple[str, ...]:
        """The nodes that a person means by ``names`` (see ``Graph.giver``).

        Raises
        ------
        UnknownNode
        """
        chosen = [names] if isinstance(names, str) else names or ()
        return tuple(dict.fromkeys(map(self.graph.giver, chosen)))

    def _assigned_by(self, name: str) -> str | None:
        """The first node that assigns this name as a temporary."""
        return next((node for node, one in self.declarations.items() if name in one.analysis.writes), None)

    def require(self, targets: Sequence[str]) -> None:
        """See that ``targets`` can run.

        Raises
        ------
        UnknownName, WatchFailed
            A node that is needed reads a name that nothing defines, or watches what fails.
        """
        graph, namespace = self.graph, self._bench.namespace
        for node in graph.slice(targets):
            missing = undefined(graph.declarations[node], graph.outside(node), namespace)
            if missing:
                named = graph.declarations.get(missing)
                given = named.outputs if named is not None else ()
                raise UnknownName(node, missing, [*graph.outputs, *namespace], given, self._assigned_by(missing))
            if (known := self.known.get(node)) is not None and known.problem is not None:
                raise known.problem


def _outputs(declarations: Mapping[str, Declaration]) -> frozenset[str]:
    return frozenset(name for declaration in declarations.values() for name in declaration.outputs)

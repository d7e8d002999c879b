"""The workflow as an immutable graph: reads declarations, returns a `Graph`. Knows not how a node runs.

Edges come from names and are bound late, so cells may stand in any order; only readers of a name that has
updates take the link that stands before them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from helix_jupyter.errors import SelfReference, UnknownNode
from helix_jupyter.graph.chains import Chain, build_chains
from helix_jupyter.graph.declaration import Declaration
from helix_jupyter.graph.order import topological_order

if TYPE_CHECKING:
    import networkx

_NOTHING: Mapping[str, Collection[str]] = MappingProxyType({})
_FIRST = ".1"


@dataclass(frozen=True)
class Graph:
    """Nodes and edges of a workflow; made by `build_graph` (or `extend_graph`), never changed.

    Attributes
    ----------
    declarations
        ``{node: declaration}``, in order of place.
    order
        All nodes, each behind those that it reads; otherwise in order of place.
    inputs
        ``{node: {name: node that gives it}}``.
    outputs
        All names that nodes give, in order of place.
    extra_reads
        Names that nodes read through helper functions, for those that do.
    producers
        ``{name: node}``: whose value the notebook sees, the last link of the name's chain.
    parents_of, children_of
        Neighbours of each node.
    reads, all_reads
        Names that each node reads or may read, and those of all of them.
    """

    declarations: Mapping[str, Declaration]
    order: tuple[str, ...]
    inputs: Mapping[str, Mapping[str, str]]
    outputs: tuple[str, ...]
    extra_reads: Mapping[str, frozenset[str]]
    producers: Mapping[str, str]
    parents_of: Mapping[str, tuple[str, ...]]
    children_of: Mapping[str, tuple[str, ...]]
    reads: Mapping[str, tuple[str, ...]]
    all_reads: frozenset[str]

    def parents(self, node: str) -> tuple[str, ...]:
        """The nodes whose outputs ``node`` reads."""
        return self.parents_of[node]

    def children(self, node: str) -> tuple[str, ...]:
        """The nodes that read an output of ``node``, in order of place."""
        return self.children_of[node]

    def outside(self, node: str) -> tuple[str, ...]:
        """The names that ``node`` reads, or may read, and no node gives."""
        return tuple(name for name in self.reads[node] if name not in self.producers)

    def consumers(self, node: str, output: str) -> tuple[str, ...]:
        """The nodes that take ``output`` from ``node``, in order of place."""
        return tuple(child for child in self.children_of[node] if self.inputs[child].get(output) == node)

    def producer(self, name: str) -> str:
        """The node whose ``name`` the notebook sees: the last link of its chain.

        Raises
        ------
        UnknownNode
            When no node gives it.
        """
        if name not in self.producers:
            raise UnknownNode(name, self.outputs)
        return self.producers[name]

    def resolve(self, target: str) -> str:
        """The node that is called ``target``, or else the one that gives the output of this name.

        ``NAME.1`` is the node ``NAME`` as well: so one says that a chain's first link is meant, not its last.

        Raises
        ------
        UnknownNode
            When there is neither.
        """
        if target in self.declarations:
            return target
        if target in self.producers:
            return self.producers[target]
        if (first := target.removesuffix(_FIRST)) in self.declarations:
            return first
        raise UnknownNode(target, dict.fromkeys([*self.declarations, *self.outputs]))

    def giver(self, target: str) -> str:
        """The node that a person means by ``target``: of a chain that gives this name, the last link.

        Who asks for ``df`` wants what it is now, though ``df`` is the name of the first link as well. Between stages
        a node goes by its own name, which ``resolve`` takes.

        Raises
        ------
        UnknownNode
        """
        node = self.resolve(target)
        return self.producers[target] if target in self.declarations[node].outputs else node

    def word_for(self, node: str) -> str:
        """What a person writes for this very node: what ``giver`` takes for it."""
        return node if self.giver(node) == node else node + _FIRST

    def sinks(self) -> tuple[str, ...]:
        """The nodes that no node reads, in topological order."""
        return tuple(node for node in self.order if not self.children_of[node])

    def ancestors(self, nodes: Iterable[str]) -> frozenset[str]:
        """The nodes and all that they rest on."""
        return _reached(nodes, self.parents)

    def descendants(self, nodes: Iterable[str]) -> frozenset[str]:
        """The nodes and all that rests on them."""
        return _reached(nodes, self.children)

    def slice(self, targets: Iterable[str]) -> tuple[str, ...]:
        """What the targets (names of nodes or outputs) need, themselves included, in topological order.

        Raises
        ------
        UnknownNode
            When a target does not exist.
        """
        needed = self.ancestors(map(self.resolve, targets))
        return tuple(node for node in self.order if node in needed)

    def to_networkx(self) -> networkx.DiGraph:
        """A networkx graph of the nodes; each edge holds the ``names`` that it carries, as a tuple."""
        import networkx

        graph = networkx.DiGraph()
        graph.add_nodes_from(self.order)
        for node in self.order:
            for parent in self.parents_of[node]:
                names = tuple(name for name, giver in self.inputs[node].items() if giver == parent)
                graph.add_edge(parent, node, names=names)
        return graph


def build_graph(declarations: Iterable[Declaration], extra_reads: Mapping[str, Collection[str]] = _NOTHING) -> Graph:
    """Bind names to the nodes that give them. Takes O(V + E).

    Parameters
    ----------
    declarations
        In order of place.
    extra_reads
        ``{node: names}`` that a node reads through helper functions.

    Raises
    ------
    DuplicateOutput
        When two nodes without ``update`` give one name, or one node gives it twice.
    SelfReference
        When a node certainly reads its own output and is no update, or is an update of what no node makes.
    CycleError
        With the path.
    ValueError
        When two declarations have the same node name.
    """
    placed = tuple(declarations)
    by_node = {made.node: made for made in placed}
    if len(by_node) < len(placed):
        raise ValueError("two declarations have the same node name")
    chains = build_chains(placed)
    reads = {made.node: names_read(made, extra_reads.get(made.node, ())) for made in placed}
    inputs = {made.node: _bindings(made, place, reads[made.node], chains) for place, made in enumerate(placed)}
    parents = {node: tuple(dict.fromkeys(givers.values())) for node, givers in inputs.items()}
    children = _turned(parents)
    return Graph(
        declarations=by_node,
        order=topological_order(parents, children),
        inputs=inputs,
        outputs=tuple(dict.fromkeys(output for made in placed for output in made.outputs)),
        extra_reads={node: frozenset(names) for node, names in extra_reads.items() if names and node in by_node},
        producers={output: chain.last for output, chain in chains.items()},
        parents_of=parents,
        children_of=children,
        reads=reads,
        all_reads=frozenset().union(*reads.values()),
    )


def names_read(made: Declaration, extra: Collection[str]) -> tuple[str, ...]:
    """The names that a node reads or may read, itself and through helpers; in an order that is always the same."""
    # an update takes the values before it even if its code shows no read: what it leaves alone is theirs
    own = made.outputs if made.update else ()
    # a set has no order of its own
    extra = sorted(extra) if isinstance(extra, (set, frozenset)) else extra
    return tuple(dict.fromkeys([*made.analysis.reads, *made.analysis.may_read, *extra, *own]))


def _bindings(made: Declaration, place: int, names: Iterable[str], chains: Mapping[str, Chain]) -> dict[str, str]:
    """Each name that another node gives, with that node."""
    givers = {}
    for name in names:
        if name not in chains:
            continue
        if chains[name].base == made.node:  # it makes the name itself
            if name in made.analysis.reads:
                raise SelfReference(made.node, name)
        else:
            givers[name] = chains[name].link_before(place)
    return givers


def _turned(parents: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    """The children of every node, from its parents; in order of place."""
    children: dict[str, list[str]] = {node: [] for node in parents}
    for node, above in parents.items():
        for parent in above:
            children[parent].append(node)
    return {node: tuple(below) for node, below in children.items()}


def _reached(nodes: Iterable[str], neighbours: Callable[[str], tuple[str, ...]]) -> frozenset[str]:
    reached: set[str] = set()
    waiting = list(nodes)
    while waiting:
        node = waiting.pop()
        if node not in reached:
            reached.add(node)
            waiting += neighbours(node)
    return frozenset(reached)

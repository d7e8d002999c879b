"""Workflows as plain values: what a notebook, its modules and its files hold at one moment.

A name says where a thing lies: ``h0`` in the notebook, ``a0`` and ``b0`` in modules, ``p0`` inside a package, ``f0`` is
a file, ``n0`` and ``m0`` are outputs of nodes. Knows nothing of text or of the package under test.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

# whose functions may use whose, in order: no circular imports
SCOPES: Mapping[str, str] = {"h": "abp", "a": "bp", "b": "p", "p": ""}
MODULES: Mapping[str, str] = {"a": "fz_a", "b": "fz_b", "p": "fz_p.inner"}
IMPORTS: Mapping[str, tuple[str, ...]] = {
    "a": ("attribute", "from", "star"),
    "b": ("attribute", "from", "star"),
    "p": ("attribute", "from", "star", "reexport", "package"),
}
CONSTANTS = ("int", "tuple", "dict", "array")
# what can be called with a number: by name, and by what the definition keeps of another one from the start
FUNCTIONS = ("function", "lambda", "decorated", "closure", "dispatched", "lazy", "partial", "default")
CLASSES = ("class", "dataclass")
HOLDERS: Mapping[str, tuple[str, ...]] = {
    "partial": ("function",),
    "default": ("int",),
    "instance": ("class",),
    "method": ("class",),
    "table": ("function",),
    "alias": ("function", "class", "instance", "table", *CONSTANTS),
}
KINDS = (*FUNCTIONS, *CLASSES, "instance", "method", "table", "alias", *CONSTANTS)
PASSING = ("pass", "mutate", "update")
NODE_KINDS = ("int", "tuple", "list", "dict", "array", "frame", "shown", "two", "pass", "mutate", "update")


@dataclass(frozen=True)
class Definition:
    """Something that a plain cell or a module defines.

    ``reads`` are looked up when it is called; ``holds`` is what it takes hold of when it is defined. ``spelling``,
    ``local``: ways of writing that give the same value. ``cosmetic``, ``annotated``: text that means nothing.
    """

    name: str
    kind: str
    number: int = 1
    reads: tuple[str, ...] = ()
    holds: str = ""
    spelling: int = 0
    local: int = 0
    cosmetic: int = 0
    annotated: bool = False

    @property
    def scope(self) -> str:
        return self.name[0]


@dataclass(frozen=True)
class Node:
    """A declared cell. ``base`` is the output that it passes on, mutates or updates."""

    name: str
    kind: str
    number: int = 1
    reads: tuple[str, ...] = ()
    base: str = ""
    modulus: int = 97
    spelling: int = 0
    local: int = 0
    cosmetic: int = 0
    imports_itself: bool = False
    volatile: bool = False
    fails: bool = False
    watches: bool = False

    @property
    def outputs(self) -> tuple[str, ...]:
        if self.kind == "update":
            return (self.base,)
        return (self.name, f"m{self.name[1:]}") if self.kind == "two" else (self.name,)


Item = Definition | Node


@dataclass(frozen=True)
class Workflow:
    """``imports``: how a scope imports a module, by both letters; ``files``: contents, None where there is no file."""

    nodes: tuple[Node, ...] = ()
    definitions: tuple[Definition, ...] = ()
    imports: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, int | None] = field(default_factory=lambda: {"f0": 3, "f1": 5})

    @cached_property
    def by_name(self) -> Mapping[str, Item]:
        return {item.name: item for item in (*self.definitions, *self.nodes)}

    def node(self, name: str) -> Node:
        item = self.by_name[name]
        assert isinstance(item, Node)
        return item

    def definition(self, name: str) -> Definition:
        item = self.by_name[name]
        assert isinstance(item, Definition)
        return item

    def importing(self, scope: str, module: str) -> str:
        return self.imports.get(scope + module, "attribute")

    def scope(self, letter: str) -> tuple[Definition, ...]:
        return tuple(one for one in self.definitions if one.scope == letter)

    # who gives what

    @cached_property
    def bases(self) -> Mapping[str, Node]:
        return {output: node for node in self.nodes if node.kind != "update" for output in node.outputs}

    @cached_property
    def outputs(self) -> Mapping[str, str]:
        """The node whose value a name shows in the end, by name."""
        last = {output: node.name for output, node in self.bases.items()}
        last.update({node.base: node.name for node in self.nodes if node.kind == "update"})
        return last

    def producer(self, output: str, reader: Node) -> str:
        """The node that gives ``output`` to ``reader``: of its updates, the last one that stands before the reader."""
        found = self.bases[output].name
        for node in self.nodes:
            if node.name == reader.name:
                return found
            if node.kind == "update" and node.base == output:
                found = node.name
        return found

    def shape(self, name: str) -> str:
        """What a name's value is like."""
        if name in self.bases:
            node = self.bases[name]
            if node.kind == "pass":
                return self.shape(node.base)
            return "int" if node.kind in ("shown", "two", "mutate") else node.kind
        one = self.definition(name)
        if one.kind == "alias":
            return self.shape(one.holds)
        if one.kind in FUNCTIONS or one.kind == "method":
            return "function"
        return "class" if one.kind in CLASSES else one.kind

    # what reaches what

    def reached(self, name: str) -> Iterator[str]:
        """All names that an item reaches through definitions, outputs and files included; in no order that matters."""
        seen: set[str] = set()
        waiting = list(self._next(name))
        while waiting:
            one = waiting.pop()
            if one not in seen:
                seen.add(one)
                yield one
                if one in self.by_name and isinstance(self.by_name[one], Definition):
                    waiting += self._next(one)

    def _next(self, name: str) -> tuple[str, ...]:
        item = self.by_name[name]
        if isinstance(item, Definition):
            return (*item.reads, item.holds) if item.holds else item.reads
        return (*item.reads, item.base) if item.base else item.reads

    @cached_property
    def parents(self) -> Mapping[str, Mapping[str, str]]:
        """For each node its inputs: the node that gives it, by name."""
        return {
            node.name: {
                name: self.producer(name, node) for name in sorted(self.reached(node.name)) if name in self.bases
            }
            for node in self.nodes
        }

    @cached_property
    def order(self) -> tuple[str, ...] | None:
        """The nodes in an order in which they can run; None where they make a cycle."""
        done: dict[str, None] = {}
        waiting = [node.name for node in self.nodes]
        while waiting:
            ready = [name for name in waiting if all(parent in done for parent in self.parents[name].values())]
            if not ready:
                return None
            done.update(dict.fromkeys(ready))
            waiting = [name for name in waiting if name not in done]
        return tuple(done)

    def slice(self, targets: tuple[str, ...]) -> frozenset[str]:
        """The targets and all nodes above them; of no targets, all nodes."""
        if not targets:
            return frozenset(node.name for node in self.nodes)
        found: set[str] = set()
        waiting = list(targets)
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting += self.parents[name].values()
        return frozenset(found)

    # whether it can be

    @property
    def is_sound(self) -> bool:
        """Whether every name leads somewhere, nothing needs itself to be defined, and nodes make no cycle."""
        return (
            all(self._fits(item) for item in (*self.definitions, *self.nodes))
            and all(self._holds_soundly(one) for one in self.definitions)
            and self._passes_soundly()
            and self.order is not None
        )

    def _fits(self, item: Item) -> bool:
        known = {*self.by_name, *self.bases, *self.files} - {n.name for n in self.nodes if n.name not in self.bases}
        if any(name not in known for name in self._next(item.name)):
            return False
        if isinstance(item, Node):
            return (not item.base or item.base in self.bases) and bool(item.base) == (item.kind in PASSING)
        allowed = item.scope + SCOPES[item.scope] + "f" + ("nm" if item.scope == "h" else "")
        return all(name[0] in allowed for name in self._next(item.name))

    def _holds_soundly(self, one: Definition) -> bool:
        seen = {one.name}
        step = one
        while step.holds:
            if step.holds in seen or step.holds not in self.by_name or step.holds[0] in "nm":
                return False
            seen.add(step.holds)
            step = self.definition(step.holds)
        if one.kind in CLASSES:
            return not one.holds or (one.kind == "class" and self.definition(one.holds).kind == "class")
        if one.kind not in HOLDERS:
            return not one.holds
        return bool(one.holds) and self.shape(one.holds) in HOLDERS[one.kind]

    def _passes_soundly(self) -> bool:
        places = {node.name: place for place, node in enumerate(self.nodes)}
        for node in self.nodes:
            if node.kind == "update" and places.get(self.bases[node.base].name, 99) > places[node.name]:
                return False
            seen: set[str] = set()
            step = node
            while step.kind == "pass":
                if step.base in seen or step.base not in self.bases:
                    return False
                seen.add(step.base)
                step = self.bases[step.base]
            if node.kind == "mutate" and self.shape(node.base) not in ("list", "dict", "array", "frame"):
                return False
        return True

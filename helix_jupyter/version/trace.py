"""Everything that made one value: code, helpers, captured values, files, seeds, package versions, upstream.

Reads a version's record; loads no value.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any

from helix_jupyter.errors import UnknownNode
from helix_jupyter.version.types import NodeRecord, PartRecord, Version


@dataclass(frozen=True)
class TraceStep:
    """One node on the way to the value.

    ``helpers``, ``values``, ``files`` and ``modules`` are ``{label: detail}``; ``inputs`` is ``{name: node
    that gave it}``; ``digests`` ``{output: digest}``; ``state`` what the version's run did with it;
    ``seconds`` what computing it took; ``environment`` names the variables that it read, ``writes`` the files
    that it wrote, and ``notes`` say what its value rests on besides (``reads the clock``).
    """

    node: str
    code: str
    outputs: tuple[str, ...]
    inputs: Mapping[str, str]
    helpers: Mapping[str, str]
    values: Mapping[str, str]
    files: Mapping[str, str]
    modules: Mapping[str, str]
    seed: int | None
    state: str
    seconds: float
    digests: Mapping[str, str]
    environment: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, repr=False)
class Trace:
    """What made ``node`` in ``version``: its own step last, those of all nodes upstream before it, in
    order."""

    version: int
    workflow: str
    created: float
    node: str
    steps: tuple[TraceStep, ...]
    packages: Mapping[str, str]

    @property
    def step(self) -> TraceStep:
        """The traced node's own step."""
        return self.steps[-1]

    @property
    def upstream(self) -> tuple[str, ...]:
        """The nodes above, in topological order."""
        return tuple(step.node for step in self.steps[:-1])

    def to_json(self) -> dict[str, Any]:
        """The trace as plain values that JSON can hold."""
        steps = [{**asdict(_plain(step)), **_listed(step)} for step in self.steps]
        return {
            "version": self.version,
            "workflow": self.workflow,
            "created": self.created,
            "node": self.node,
            "steps": steps,
            "packages": dict(self.packages),
        }

    def __str__(self) -> str:
        return "\n".join(_lines(self))

    __repr__ = __str__


def trace(version: Version, node: str) -> Trace:
    """Gather everything that made ``node`` in ``version``.

    ``node`` may be an output's name too.

    Raises
    ------
    UnknownNode
        The version has no such node.
    """
    name = _resolved(version, node)
    wanted = _ancestors(version, name)
    steps = tuple(_step(record) for other, record in version.nodes.items() if other in wanted and other != name)
    steps += (_step(version.nodes[name]),)
    modules = {module for step in steps for module in step.modules} | {"python"}
    packages = {name: number for name, number in version.packages.items() if name in modules}
    return Trace(
        version.id,
        version.workflow,
        version.created,
        name,
        steps,
        MappingProxyType(packages or version.packages),
    )


def _resolved(version: Version, wanted: str) -> str:
    if wanted in version.nodes:
        return wanted
    # the last link of a chain of updates is what its readers see
    for name, record in reversed(list(version.nodes.items())):
        if any(output.name == wanted for output in record.outputs):
            return name
    raise UnknownNode(wanted, version.nodes)


def _ancestors(version: Version, node: str) -> set[str]:
    found, waiting = {node}, [node]
    while waiting:
        parents = {p for p in version.nodes[waiting.pop()].inputs.values() if p in version.nodes} - found
        found |= parents
        waiting += parents
    return found


def _step(record: NodeRecord) -> TraceStep:
    seed = record.options.get("seed")
    watched = record.options.get("watch")
    files = {str(path): "watched" for path in watched} if isinstance(watched, (list, tuple)) else {}
    return TraceStep(
        node=record.node,
        code=record.source,
        outputs=tuple(output.name for output in record.outputs),
        inputs=record.inputs,
        helpers=_details(record.parts, "function", "class", "source"),
        values=_details(record.parts, "value"),
        files=MappingProxyType(files | _details(record.parts, "file", "exists", "size", "stat")),
        modules=_details(record.parts, "module", "python"),
        seed=seed if isinstance(seed, int) else None,
        state=record.state.value,
        seconds=record.compute_seconds,
        digests=MappingProxyType({output.name: output.digest for output in record.outputs}),
        environment=tuple(_details(record.parts, "variable")),
        writes=tuple(_details(record.parts, "written")),
        notes=tuple(_details(record.parts, "note")),
    )


def _details(parts: tuple[PartRecord, ...], *kinds: str) -> dict[str, str]:
    return {part.label: part.detail for part in parts if part.kind in kinds}


def _listed(step: TraceStep) -> dict[str, list[str]]:
    return {name: list(value) for name, value in vars(step).items() if isinstance(value, tuple)}


def _plain(step: TraceStep) -> TraceStep:
    fields = {name: dict(value) for name, value in vars(step).items() if isinstance(value, Mapping)}
    return TraceStep(**{**vars(step), **fields})


def _lines(trace: Trace) -> Iterator[str]:
    yield f"{trace.node} in version {trace.version} of {trace.workflow}"
    for step in reversed(trace.steps):
        yield ""
        yield f"{step.node} ({step.state}) -> {', '.join(step.outputs)}"
        yield from (f"    | {line}" for line in step.code.rstrip().splitlines())
        yield from (f"    {line}" for line in facts(step))
    if trace.packages:
        yield ""
        yield "packages: " + ", ".join(f"{name} {number}" for name, number in trace.packages.items())


def facts(step: TraceStep) -> Iterator[str]:
    """What the step depended on besides its code, one line per kind; nothing for what it had none of."""
    if step.inputs:
        yield "inputs: " + ", ".join(n if n == p else f"{n} (from {p})" for n, p in step.inputs.items())
    for title in ("helpers", "values", "files"):
        found: Mapping[str, str] = getattr(step, title)
        if found:
            yield f"{title}: " + ", ".join(
                f"{label} = {detail}" if title == "values" else _noted(label, detail) for label, detail in found.items()
            )
    for title in ("environment", "writes", "notes"):
        if listed := getattr(step, title):
            yield f"{title}: {', '.join(listed)}"
    if step.seed is not None:
        yield f"seed: {step.seed}"


def _noted(label: str, detail: str) -> str:
    return f"{label} ({detail})" if detail else label

"""Everything that made one value: code, helpers, captured values, files, seeds, package versions, upstream.

Reads a version's record; loads no value.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from types import MappingProxyType
from typing import Any

from helix_jupyter.errors import UnknownNode
from helix_jupyter.fingerprint.types import Part
from helix_jupyter.fingerprint.versions import distribution_of
from helix_jupyter.version.types import Capture, NodeRecord, Source, Version


@dataclass(frozen=True)
class TraceStep:
    """One node on the way to the value.

    ``helpers`` and ``modules`` are ``{label: detail}``, ``values`` ``{label: a short literal, or type and digest}``,
    ``files`` ``{path: digest of its content}``; ``inputs`` is ``{name: node that gave it}``; ``digests``
    ``{output: digest}``; ``seed`` what its random generators started from; ``state`` what the version's run did with
    it; ``seconds`` what computing it took. ``accepted``: an earlier code made the value, and ``%helix accept`` said
    that this one gives the same. ``environment`` names the variables that it read, ``writes`` the files that it wrote,
    and ``notes`` say what its value rests on besides (``reads the clock``).
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
    accepted: bool = False
    environment: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, repr=False)
class Trace:
    """What made ``node`` in ``version``: its own step last, those of all nodes upstream before it, in order.

    ``definitions`` is ``{name: source}`` of the functions, classes and constants that the steps used, as they were
    then.
    """

    version: int
    workflow: str
    created: float
    node: str
    steps: tuple[TraceStep, ...]
    packages: Mapping[str, str]
    definitions: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

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
            "definitions": dict(self.definitions),
        }

    def __str__(self) -> str:
        return "\n".join(_lines(self))

    __repr__ = __str__


def trace(version: Version, node: str, text_of: Callable[[Source], str] = lambda source: "") -> Trace:
    """Gather everything that made ``node`` in ``version``.

    ``node`` may be an output's name too. ``text_of`` reads the text of a local module as it was then; empty where that
    is not kept.

    Raises
    ------
    UnknownNode
        The version has no such node.
    """
    name = _resolved(version, node)
    wanted = _ancestors(version, name)
    records = [record for other, record in version.nodes.items() if other in wanted and other != name]
    records.append(version.nodes[name])
    steps = tuple(_step(record, version.captures) for record in records)
    modules = {module for step in steps for module in step.modules} | {"python"}
    installed = {distribution_of(name): number for name, number in version.packages.items()}
    packages = {name: number for name, number in installed.items() if name in modules}
    return Trace(
        version.id,
        version.workflow,
        version.created,
        name,
        steps,
        MappingProxyType(packages or installed),
        MappingProxyType(dict(sorted(_definitions(version, records, text_of)))),
    )


def _definitions(
    version: Version, records: Iterable[NodeRecord], text_of: Callable[[Source], str]
) -> Iterator[tuple[str, str]]:
    """The source of what the nodes reached: of the notebook, and of local modules, definition by definition."""
    labels = {part.label for record in records for part in record.parts if part.kind in ("function", "class", "value")}
    names = {name for record in records for name in record.captures} | {label.partition(".")[0] for label in labels}
    for name in names & set(version.captures):
        capture = version.captures[name]
        if capture.form == "source":
            yield name, capture.text.rstrip()
        elif capture.form == "literal" and len(capture.text) > _SHOWN_BESIDE_ITS_NAME:
            yield name, f"{name} = {capture.text}"
    for module, source in version.sources.items():
        inside = {label.removeprefix(f"{module}.") for label in labels if label.startswith(f"{module}.")}
        # a function that the cell calls by its bare name is told by that name
        inside |= {
            capture.text.split()[3] for capture in _imported(version, names) if capture.text.split()[1] == module
        }
        for name, text in _defined(text_of(source), inside):
            yield f"{module}.{name}", text


_SHOWN_BESIDE_ITS_NAME = 60


def _imported(version: Version, names: Iterable[str]) -> Iterator[Capture]:
    """Those of ``names`` that were imported: ``from module import name``."""
    for name in names:
        capture = version.captures.get(name)
        if capture is not None and capture.form == "import" and capture.text.startswith("from "):
            yield capture


def _defined(text: str, names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The definitions of ``names`` in a module's text."""
    wanted = {name.partition(".")[0] for name in names}
    try:
        body = ast.parse(text).body
    except SyntaxError:
        return
    lines = text.splitlines()
    for one in body:
        if isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and one.name in wanted:
            first = min([one.lineno, *(decorator.lineno for decorator in one.decorator_list)])
            yield one.name, "\n".join(lines[first - 1 : one.end_lineno])


def _resolved(version: Version, wanted: str) -> str:
    node = version.nodes.get(wanted)
    if node is not None and all(output.name != wanted for output in node.outputs):
        return wanted
    # the last link of a chain of updates is what its readers see
    for name, record in reversed(list(version.nodes.items())):
        if any(output.name == wanted for output in record.outputs):
            return name
    if node is not None:
        return wanted
    raise UnknownNode(wanted, version.nodes)


def _ancestors(version: Version, node: str) -> set[str]:
    found, waiting = {node}, [node]
    while waiting:
        parents = {p for p in version.nodes[waiting.pop()].inputs.values() if p in version.nodes} - found
        found |= parents
        waiting += parents
    return found


_FILES = frozenset({"file", "exists", "size", "stat"})


def _step(record: NodeRecord, captures: Mapping[str, Capture]) -> TraceStep:
    watched = record.options.get("watch")
    files = {str(path): "" for path in watched} if isinstance(watched, (list, tuple)) else {}
    seeds = [int(part.digest) for part in record.parts if (part.kind, part.label) == ("option", "seed")]
    seed = seeds[0] if seeds else record.options.get("seed")
    return TraceStep(
        node=record.node,
        code=record.source,
        outputs=tuple(output.name for output in record.outputs),
        inputs=record.inputs,
        helpers=_details(record.parts, "function", "class", "source"),
        values={part.label: _value(part, captures) for part in record.parts if part.kind == "value"},
        files=MappingProxyType(files | {part.label: part.digest for part in record.parts if part.kind in _FILES}),
        modules={
            **{distribution_of(name): number for name, number in _details(record.parts, "module").items()},
            **_details(record.parts, "python"),
        },
        seed=seed if isinstance(seed, int) else None,
        state=record.state.value,
        seconds=record.compute_seconds,
        digests=MappingProxyType({output.name: output.digest for output in record.outputs}),
        accepted=record.accepted,
        environment=tuple(_details(record.parts, "variable")),
        writes=tuple(_details(record.parts, "written")),
        notes=tuple(_details(record.parts, "note")),
    )


def _value(part: Part, captures: Mapping[str, Capture]) -> str:
    """A short literal as it reads, anything else by its type and digest."""
    capture = captures.get(part.label)
    if capture is not None and capture.form == "literal" and len(capture.text) <= _SHOWN_BESIDE_ITS_NAME:
        return capture.text
    if capture is not None and capture.form == "import":
        return part.detail
    try:
        ast.literal_eval(part.detail)
    except (ValueError, SyntaxError):
        return f"{part.detail} ({part.digest[:12]})" if part.digest else part.detail
    return part.detail


def _details(parts: tuple[Part, ...], *kinds: str) -> dict[str, str]:
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
    for name, text in trace.definitions.items():
        yield ""
        yield f"{name}:"
        yield from (f"    | {line}" for line in text.splitlines())
    if trace.packages:
        yield ""
        yield "packages: " + ", ".join(f"{name} {number}" for name, number in trace.packages.items())


def facts(step: TraceStep) -> Iterator[str]:
    """What the step depended on besides its code, one line per kind; nothing for what it had none of."""
    if step.accepted:
        yield "accepted: an earlier code made this value; the edit was said to give the same"
    if step.inputs:
        yield "inputs: " + ", ".join(n if n == p else f"{n} (from {p})" for n, p in step.inputs.items())
    for title in ("helpers", "values", "files"):
        found: Mapping[str, str] = getattr(step, title)
        if found:
            yield f"{title}: " + ", ".join(
                f"{label} = {detail}"
                if title == "values"
                else _noted(label, detail[:12] if title == "files" else detail)
                for label, detail in found.items()
            )
    for title in ("environment", "writes", "notes"):
        if listed := getattr(step, title):
            yield f"{title}: {', '.join(listed)}"
    if step.seed is not None:
        yield f"seed: {step.seed}"


def _noted(label: str, detail: str) -> str:
    return f"{label} ({detail})" if detail else label

"""Edges, chains of updates and errors: small cells on the left, expected edges on the right."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helix_jupyter.cell.options import parse_options
from helix_jupyter.errors import CycleError, DuplicateOutput, HelixError, SelfReference, UnknownNode
from helix_jupyter.graph.dag import Graph, build_graph
from helix_jupyter.graph.declaration import Declaration, Origin
from helix_jupyter.graph.declare import make_declaration
from helix_jupyter.graph.extend import extend_graph

# ruff: noqa: E501 - a row of a table is a line


def declare(*cells: str) -> list[Declaration]:
    """Cells written as ``options: code``, labelled ``cell [1]`` and so on."""
    declarations = []
    for number, cell in enumerate(cells, 1):
        line, _, code = cell.partition(": ")
        declarations.append(make_declaration(code, code, parse_options(line), Origin(label=f"cell [{number}]")))
    return declarations


def edges(graph: Graph) -> set[str]:
    """Edges written as ``producer.name>consumer``."""
    return {
        f"{producer}.{name}>{node}"
        for node, names in graph.inputs.items()
        for name, producer in names.items()
    }  # fmt: skip


def case(id: str, cells: Sequence[str], expected: str, order: str) -> Any:
    """A row of the table; edges and order are separated by blanks."""
    return pytest.param(cells, set(expected.split()), order.split(), id=id)


@pytest.mark.parametrize(
    ("cells", "expected", "order"),
    [
        case("nothing", [], "", ""),
        case("one behind the other", ["a: a = 1", "b: b = a"], "a.a>b", "a b"),
        case("late bound", ["b: b = a", "a: a = 1"], "a.a>b", "a b"),
        case("earliest ready node first", ["c: c = b", "x: x = 1", "b: b = 1", "a: a = 1"], "b.b>c", "x b c a"),
        case("several outputs", ["x y --name s: x, y = f()", "m: m = x", "n: n = x + y"], "s.x>m s.x>n s.y>n", "s m n"),
        case("diamond", ["a: a = 1", "b: b = a", "c: c = a", "d: d = b, c"], "a.a>b a.a>c b.b>d c.c>d", "a b c d"),
        case("may read", ["a: a = 1", "b: \nif t: a = 2\nb = a"], "a.a>b", "a b"),
        case("own output that is a maybe", ["a: \nif t: a = 2\na"], "", "a"),
        case("own temporary of another's name", ["a: a = 1", "b: a = 2\nb = a"], "", "a b"),
        case("display only", ["a: a = 1", "--name p: plot(a)"], "a.a>p", "a p"),
        case("update", ["d: d = 1", "d --name u --update: d = d + 1", "r: r = d"], "d.d>u u.d>r", "d u r"),
        case("reader before the update", ["d: d = 1", "r: r = d", "d --name u --update: d += 1"], "d.d>r d.d>u", "d r u"),
        case(
            "reader between updates",
            ["d: d = 1", "d --name u --update: d += 1", "r: r = d", "d --name v --update: d += 1", "s: s = d"],
            "d.d>u u.d>r u.d>v v.d>s",
            "d u r v s",
        ),
        case("reader before everything", ["r: r = d", "d --name u --update: d += 1", "d: d = 1"], "d.d>r d.d>u", "d r u"),
        case(
            "base behind its update",
            ["d --name u --update: d += 1", "r: r = d", "d: d = 1", "s: s = d", "d --name v --update: d += 1", "t: t = d"],
            "d.d>u u.d>r u.d>s u.d>v v.d>t",
            "d u r s v t",
        ),
        case("update without a visible read", ["d: d = 1", "d --name u --update: d = 2"], "d.d>u", "d u"),
        case(
            "update of two chains",
            ["x: x = 1", "y: y = 1", "x --name u --update: x += 1", "x y --name v --update: x, y = y, 2", "r: r = x, y"],
            "x.x>u u.x>v y.y>v v.x>r v.y>r",
            "x y u v r",
        ),
        case(
            "an update that reads another chain",
            ["x: x = 1", "y: y = 1", "y --name v --update: y += 1", "x --name u --update: x += y", "r: r = x"],
            "y.y>v x.x>u v.y>u u.x>r",
            "x y v u r",
        ),
        case(
            "update of one of several outputs",
            ["x y --name s: x, y = f()", "x --name u --update: x += 1", "r: r = x, y"],
            "s.x>u u.x>r s.y>r",
            "s u r",
        ),
        case(
            "an update that makes a name, too",
            ["x: x = 1", "x y --name u --update: x = y = x", "y --name v --update: y += 1", "r: r = x, y"],
            "x.x>u u.y>v u.x>r v.y>r",
            "x u v r",
        ),
        case("update given by a mutation", ["d: d = 1", "d --name u --update: d['a'] = 1", "r: r = d"], "d.d>u u.d>r", "d u r"),
    ],
)  # fmt: skip
def test_edges(cells: Sequence[str], expected: set[str], order: list[str]) -> None:
    graph = build_graph(declare(*cells))
    assert edges(graph) == expected
    assert list(graph.order) == order


@pytest.mark.parametrize(
    ("cells", "error", "parts"),
    [
        pytest.param(["a: a = 1", "a --name b: a = 2"], DuplicateOutput, ["'a'", "node 'a' (cell [1])", "node 'b' (cell [2])", "--update"], id="two producers"),
        pytest.param(["a a: a = 1"], DuplicateOutput, ["Node 'a' (cell [1]) names its output 'a' twice"], id="given twice by one"),
        pytest.param(["a: a = a + 1"], SelfReference, ["'a'", "--update"], id="own output"),
        pytest.param(["a: a += 1"], SelfReference, ["'a'"], id="own output augmented"),
        pytest.param(["a: a = a", "a --name u --update: a += 1"], SelfReference, ["'a'"], id="own output, updated behind"),
        pytest.param(["a --update: a += 1"], SelfReference, ["'a'", "as a node"], id="update without base"),
        pytest.param(["x: x = 1", "x y --name u --update: x = y = y"], SelfReference, ["'y'"], id="update that reads what it makes itself"),
        pytest.param(["a: a = b", "b: b = a"], CycleError, ["a -> b -> a"], id="cycle of two"),
        pytest.param(["z: z = 1", "c: c = b, z", "a: a = c", "b: b = a", "d: d = b"], CycleError, ["c -> a -> b -> c"], id="cycle of three, others around"),
        pytest.param(["d: d = 1", "r: r = d", "d --name u --update: d = s", "s: s = d"], CycleError, ["u -> s -> u"], id="cycle through an update"),
    ],
)  # fmt: skip
def test_errors(cells: Sequence[str], error: type[HelixError], parts: list[str]) -> None:
    with pytest.raises(error) as caught:
        build_graph(declare(*cells))
    assert all(part in str(caught.value) for part in parts), str(caught.value)
    assert "\n" not in str(caught.value)


def test_cycle_keeps_its_path() -> None:
    with pytest.raises(CycleError) as caught:
        build_graph(declare("a: a = b", "b: b = a"))
    assert caught.value.path == ("a", "b", "a")


def test_one_node_declared_twice_is_the_callers_bug() -> None:
    with pytest.raises(ValueError, match="same node name"):
        build_graph(declare("a: a = 1", "b --name a: b = 1"))


def test_reads_through_helpers() -> None:
    cells = declare("a: a = 1", "b: b = f()", "c: c = 1")
    graph = build_graph(cells, {"b": {"a", "limit", "b"}, "c": ["b"]})
    assert edges(graph) == {"a.a>b", "b.b>c"}
    assert graph.outside("b") == ("f", "limit")


EXAMPLE = (
    "rows: rows = load(path)",
    "x y --name split: x, y = cut(rows)",
    "rows --name clean --update: rows = tidy(rows)",
    "model: model = fit(x)",
    "scores: scores = rate(model, y, rows)",
    "--name plot: show(rows)",
)


@pytest.fixture(scope="module")
def graph() -> Graph:
    return build_graph(declare(*EXAMPLE))


@pytest.mark.parametrize(
    ("ask", "answer"),
    [
        pytest.param(lambda g: tuple(g.declarations), ("rows", "split", "clean", "model", "scores", "plot"), id="declarations"),
        pytest.param(lambda g: g.outputs, ("rows", "x", "y", "model", "scores", "plot"), id="outputs"),
        pytest.param(lambda g: g.inputs["scores"], {"model": "model", "y": "split", "rows": "clean"}, id="inputs"),
        pytest.param(lambda g: g.parents("scores"), ("model", "split", "clean"), id="parents"),
        pytest.param(lambda g: g.parents("rows"), (), id="no parents"),
        pytest.param(lambda g: g.children("split"), ("model", "scores"), id="children"),
        pytest.param(lambda g: g.children("plot"), (), id="no children"),
        pytest.param(lambda g: g.outside("rows"), ("load", "path"), id="outside"),
        pytest.param(lambda g: g.outside("clean"), ("tidy",), id="outside of an update"),
        pytest.param(lambda g: g.consumers("split", "x"), ("model",), id="consumers"),
        pytest.param(lambda g: g.consumers("rows", "rows"), ("split", "clean"), id="consumers of a base"),
        pytest.param(lambda g: g.consumers("scores", "scores"), (), id="no consumers"),
        pytest.param(lambda g: g.sinks(), ("scores", "plot"), id="sinks"),
        pytest.param(lambda g: g.ancestors(["model"]), {"rows", "split", "model"}, id="ancestors"),
        pytest.param(lambda g: g.descendants(["split"]), {"split", "model", "scores"}, id="descendants"),
        pytest.param(lambda g: g.slice(["plot", "x"]), ("rows", "split", "clean", "plot"), id="slice"),
        pytest.param(lambda g: g.slice([]), (), id="empty slice"),
        pytest.param(lambda g: g.producer("rows"), "clean", id="producer: the last link"),
        pytest.param(lambda g: g.producer("y"), "split", id="producer of one output"),
        pytest.param(lambda g: g.resolve("split"), "split", id="resolve a node"),
        pytest.param(lambda g: g.resolve("y"), "split", id="resolve an output"),
        pytest.param(lambda g: g.resolve("rows"), "rows", id="resolve: nodes first"),
    ],
)  # fmt: skip
def test_questions(graph: Graph, ask: Callable[[Graph], object], answer: object) -> None:
    assert ask(graph) == answer


@pytest.mark.parametrize(
    ("ask", "hint"),
    [
        pytest.param(lambda g: g.resolve("modle"), "model", id="resolve"),
        pytest.param(lambda g: g.slice(["rows", "scroes"]), "scores", id="slice"),
        pytest.param(lambda g: g.producer("split"), "plot", id="a node's name is no output"),
    ],
)
def test_unknown_names(graph: Graph, ask: Callable[[Graph], object], hint: str | None) -> None:
    with pytest.raises(UnknownNode) as caught:
        ask(graph)
    assert caught.value.hint == hint


def test_to_networkx(graph: Graph) -> None:
    converted = graph.to_networkx()
    assert list(converted) == list(graph.order)
    assert converted.edges["split", "scores"]["names"] == ("y",)
    assert {(a, b) for a, b in converted.edges} == {(p, n) for n in graph.order for p in graph.parents(n)}


@st.composite
def _workflows(draw: st.DrawFn, updates: bool = True) -> list[Declaration]:
    """Acyclic workflows, shuffled; an update stands anywhere and reads only names made by earlier bases."""
    size = draw(st.integers(1, 8))
    cells = []
    for number in range(size):
        known = [f"n{other}" for other in range(number)]
        read = draw(st.lists(st.sampled_from(known), max_size=3)) if known else []
        cells.append(f"n{number}: n{number} = {', '.join(['f', *read])}")
    cells = draw(st.permutations(cells))
    for number in range(draw(st.integers(0, 4)) if updates else 0):
        target = draw(st.integers(0, size - 1))
        cells.append(f"n{target} --name u{number} --update: n{target} += 1")
    return declare(*cells)


@given(_workflows())
def test_order_is_always_topological(declarations: list[Declaration]) -> None:
    graph = build_graph(declarations)
    position = {node: number for number, node in enumerate(graph.order)}
    assert set(position) == {declaration.node for declaration in declarations}
    assert all(position[parent] < position[node] for node in position for parent in graph.parents(node))


@given(_workflows())
def test_among_ready_nodes_the_earliest_declared_always_comes_first(declarations: list[Declaration]) -> None:
    graph = build_graph(declarations)
    done: set[str] = set()
    for node in graph.order:
        ready = (name for name in graph.declarations if name not in done and done.issuperset(graph.parents(name)))
        assert node == next(ready)
        done.add(node)


@given(_workflows(updates=False), st.randoms(use_true_random=False))
def test_without_updates_the_place_never_counts(declarations: list[Declaration], random: Any) -> None:
    shuffled = random.sample(declarations, len(declarations))
    assert edges(build_graph(shuffled)) == edges(build_graph(declarations))


@given(_workflows(), st.data())
def test_a_slice_always_is_the_ancestors(declarations: list[Declaration], data: st.DataObject) -> None:
    graph = build_graph(declarations)
    targets = data.draw(st.lists(st.sampled_from(graph.order), unique=True))
    needed = set(targets)
    for node in reversed(graph.order):
        if node in needed:
            needed.update(graph.parents(node))
    assert graph.slice(targets) == tuple(node for node in graph.order if node in needed)
    assert graph.ancestors(targets) == needed
    assert all((a in graph.descendants([b])) == (b in graph.ancestors([a])) for a in graph.order for b in targets)


@given(_workflows())
def test_updates_always_form_a_chain(declarations: list[Declaration]) -> None:
    graph = build_graph(declarations)
    links: Mapping[str, list[str]] = {output: [output] for output in graph.outputs}
    for declaration in declarations:
        if declaration.update:
            (output,) = declaration.outputs
            assert graph.inputs[declaration.node][output] == links[output][-1]
            links[output].append(declaration.node)
    assert {output: graph.producer(output) for output in graph.outputs} == {o: chain[-1] for o, chain in links.items()}


@given(st.integers(1, 6), st.integers(0, 4), st.randoms(use_true_random=False))
def test_a_cycle_is_always_found_and_named(length: int, others: int, random: Any) -> None:
    cells = [f"c{i}: c{i} = f(c{(i + 1) % (length + 1)})" for i in range(length + 1)]
    cells += [f"o{i}: o{i} = c{i % length}" for i in range(others)]
    with pytest.raises(CycleError) as caught:
        build_graph(declare(*random.sample(cells, len(cells))))
    path = caught.value.path
    assert path[0] == path[-1]
    assert sorted(path[1:]) == [f"c{i}" for i in range(length + 1)]
    # along the edges: each node is read by the next
    assert all(int(giver[1:]) == (int(reader[1:]) + 1) % (length + 1) for giver, reader in pairwise(path))


@given(_workflows(), st.data())
def test_a_graph_that_is_extended_always_equals_one_that_is_built(
    declarations: list[Declaration], data: st.DataObject
) -> None:
    """Cell after cell, then one of them edited: the same graph, or none where another has to be built."""
    names = st.frozensets(st.sampled_from(["n0", "n1", "n2", "x"]), max_size=2)
    edited = data.draw(st.sampled_from(declarations)) if declarations else None
    again = [replace(data.draw(st.sampled_from([edited, *declarations])), node=edited.node)] if edited else []
    graph, placed, extras = build_graph(()), {}, {}
    for made in (*declarations, *again):
        placed = {**placed, made.node: made}
        extras = {**extras, made.node: data.draw(names)}
        try:
            built = build_graph(placed.values(), extras)
        except HelixError:
            assert extend_graph(graph, placed, made.node, extras[made.node]) is None
            return
        extended = extend_graph(graph, placed, made.node, extras[made.node])
        if extended is not None:
            assert extended == built
            assert (list(extended.declarations), list(extended.inputs)) == (
                list(built.declarations),
                list(built.inputs),
            )
        graph = built


def test_appending_and_editing_a_body_build_nothing_anew() -> None:
    first, second, edited = declare("a: a = 1", "b: b = a", "b: b = a + 1")
    graph = extend_graph(build_graph(()), {"a": first}, "a", ())
    assert graph is not None
    graph = extend_graph(graph, {"a": first, "b": second}, "b", ())
    assert graph is not None
    again = extend_graph(graph, {"a": first, "b": edited}, "b", ())
    assert again is not None
    assert again.declarations["b"] is edited
    assert edges(again) == {"a.a>b"}
    assert extend_graph(again, {"a": first}, "a", ("b",)) is None

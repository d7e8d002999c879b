"""Traces to try policies on: the shapes and edit mixes of HELIX's four workflows, shared workflows as in Experiment
Graph, random graphs. All drawn from an explicit seed.

Sizes and seconds are of the order that the papers show (Xin et al., PVLDB 12(4), 2018, section 6.2 and figure 5;
Derakhshan et al., SIGMOD 2020, section 7), not taken from them; each trace draws its own factors.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence

from helix_jupyter.plan.simulate.editing import Operator, Workbench
from helix_jupyter.plan.trace import Trace

MB = 10**6
# An edit takes back the one before on this node, a habit of trying things.
REVERTS = 0.1


def census(seed: int, iterations: int = 10) -> Trace:
    """Wide feature extraction from a table, one cheap model, scores: mostly post-processing and features."""
    draw = random.Random(f"census {seed}")
    operators = {
        "data": Operator((), 1.0, 60 * MB, weight=0.2),
        "rows": Operator(("data",), 3.0, 90 * MB, weight=0.5),
    }
    fields = [f"field{number}" for number in range(10)]
    for name in fields:
        operators[name] = Operator(("rows",), 0.4, 6 * MB)
    operators["age_bucket"] = Operator(("field0",), 0.3, 3 * MB)
    operators["crossed0"] = Operator(("field1", "field2"), 0.6, 9 * MB)
    operators["crossed1"] = Operator(("field3", "field4"), 0.6, 9 * MB)
    operators["target"] = Operator(("rows",), 0.3, 3 * MB, weight=0.3)
    features = (*fields, "age_bucket", "crossed0", "crossed1", "target")
    operators["income"] = Operator(features, 3.0, 120 * MB)
    operators["split"] = Operator(("income",), 0.5, 120 * MB, weight=0.3)
    operators["model"] = Operator(("split",), 5.0, 1 * MB, "L/I", 2.0)
    operators["predictions"] = Operator(("model", "split"), 0.6, 4 * MB, "L/I")
    operators["checked"] = Operator(("predictions", "target"), 0.3, 10_000, "PPR")
    operators["by_group"] = Operator(("predictions", "rows"), 0.5, 20_000, "PPR")
    return _worked_on("census", operators, {"DPR": 0.3, "L/I": 0.2, "PPR": 0.5}, draw, iterations)


def genomics(seed: int, iterations: int = 10) -> Trace:
    """Two knowledge sources, embeddings that take long to learn, clusters: learning and looking at it."""
    draw = random.Random(f"genomics {seed}")
    operators = {
        "articles": Operator((), 6.0, 900 * MB, weight=0.3),
        "genes": Operator((), 0.5, 4 * MB, weight=0.3),
        "sentences": Operator(("articles",), 20.0, 700 * MB),
        "tokens": Operator(("sentences",), 30.0, 800 * MB),
        "mentions": Operator(("tokens", "genes"), 15.0, 60 * MB),
        "embeddings": Operator(("tokens",), 120.0, 200 * MB, "L/I"),
        "gene_vectors": Operator(("embeddings", "mentions"), 3.0, 20 * MB, "L/I", 0.5),
        "clusters": Operator(("gene_vectors",), 8.0, 1 * MB, "L/I", 2.0),
        "quality": Operator(("clusters", "gene_vectors"), 2.0, 10_000, "PPR"),
        "figure": Operator(("clusters", "gene_vectors"), 4.0, 2 * MB, "PPR"),
        "report": Operator(("clusters", "genes"), 0.5, 100_000, "PPR"),
    }
    return _worked_on("genomics", operators, {"DPR": 0.2, "L/I": 0.4, "PPR": 0.4}, draw, iterations)


def extraction(seed: int, iterations: int = 6) -> Trace:
    """Information extraction: parsing of text dwarfs all else, and most edits are of the features behind it."""
    draw = random.Random(f"extraction {seed}")
    operators = {
        "articles": Operator((), 2.0, 100 * MB, weight=0.1),
        "parsed": Operator(("articles",), 240.0, 600 * MB, weight=0.2),
        "persons": Operator(("parsed",), 6.0, 20 * MB),
        "pairs": Operator(("persons",), 4.0, 50 * MB),
        "known": Operator((), 0.4, 2 * MB, weight=0.5),
        "labels": Operator(("pairs", "known"), 2.0, 5 * MB),
    }
    features = [f"feature{number}" for number in range(6)]
    for name in features:
        operators[name] = Operator(("pairs", "parsed"), draw.uniform(3, 12), 30 * MB)
    operators["matrix"] = Operator((*features, "labels"), 5.0, 150 * MB, weight=0.5)
    operators["model"] = Operator(("matrix",), 12.0, 2 * MB, "L/I")
    operators["extracted"] = Operator(("model", "matrix"), 2.0, 8 * MB, "L/I", 0.5)
    operators["scores"] = Operator(("extracted", "labels"), 0.5, 10_000, "PPR")
    return _worked_on("extraction", operators, {"DPR": 0.65, "L/I": 0.2, "PPR": 0.15}, draw, iterations)


def images(seed: int, iterations: int = 10) -> Trace:
    """MNIST: random features that are drawn anew whenever they are computed, a solver, scores."""
    draw = random.Random(f"images {seed}")
    operators = {
        "images": Operator((), 3.0, 180 * MB, weight=0.3),
        "features": Operator(("images",), 12.0, 900 * MB, fresh=True),
        "model": Operator(("features",), 25.0, 8 * MB, "L/I"),
        "predictions": Operator(("model", "features"), 2.0, 3 * MB, "L/I", 0.3),
        "errors": Operator(("predictions",), 0.5, 10_000, "PPR"),
        "confusions": Operator(("predictions",), 0.8, 100_000, "PPR"),
    }
    return _worked_on("images", operators, {"DPR": 0.15, "L/I": 0.4, "PPR": 0.45}, draw, iterations)


def _worked_on(
    name: str, operators: Mapping[str, Operator], mix: Mapping[str, float], draw: random.Random, iterations: int
) -> Trace:
    """Draw the kind of each edit, then an operator of that kind: as in HELIX's section 6.2."""
    size, speed = draw.lognormvariate(0, 0.7), draw.lognormvariate(0, 0.7)
    drawn = {
        node: Operator(
            operator.parents,
            operator.seconds * speed * draw.lognormvariate(0, 0.5),
            round(operator.bytes * size * draw.lognormvariate(0, 0.5)),
            operator.stage,
            operator.weight,
            operator.fresh,
        )
        for node, operator in operators.items()
    }
    bench = Workbench(name, drawn, draw)
    bench.run()
    for _ in range(iterations - 1):
        (stage,) = draw.choices(list(mix), list(mix.values()))
        nodes = [node for node, operator in drawn.items() if operator.stage == stage]
        (node,) = draw.choices(nodes, [drawn[node].weight for node in nodes])
        (bench.revert if draw.random() < REVERTS else bench.edit)(node)
        bench.run()
    return bench.trace()


def shared(seed: int, workloads: int = 16) -> Trace:
    """Scripts of several people on one data set, as in Experiment Graph (section 7.1: kernels of a Kaggle contest).

    Three scripts clean, aggregate and join some large tables to wide frames, and train a model or two on the last one.
    Most of the others go on from the last frames of one or two of these, as five of its eight workloads do; some are an
    earlier script with a late step changed, or the same once more. Most bytes are frames that no other script reads.
    """
    draw = random.Random(f"shared {seed}")
    tables = {
        f"table{number}": Operator((), draw.uniform(1, 10), round(draw.lognormvariate(5.3, 0.8) * MB))
        for number in range(7)
    }
    people = _People(Workbench("shared", tables, draw), tuple(tables), draw)
    for _ in range(3):
        people.write()
    for _ in range(workloads - 3):
        (act,) = draw.choices([people.write, people.go_on, people.change, people.run_again], [0.1, 0.45, 0.25, 0.2])
        act()
    return people.bench.trace()


class _People:
    """Those who write and run the scripts of ``shared``. A script is its frames, and the scores that it asks for."""

    def __init__(self, bench: Workbench, tables: Sequence[str], draw: random.Random) -> None:
        self.bench = bench
        self._tables = tables
        self._draw = draw
        self._scripts: list[tuple[list[str], list[str]]] = []

    def write(self) -> None:
        """A script from the tables on."""
        draw, frames = self._draw, []
        for table in draw.sample(self._tables, draw.randint(3, 6)):
            current = table
            for _ in range(draw.randint(2, 5)):
                frames.append(current := self._frame((current,), draw.uniform(0.6, 1.2), 1.0))
            frames.append(self._frame((current,), 0.3, 2.5))
        joined = frames[-1]
        for other in draw.sample(frames, min(len(frames), draw.randint(4, 8))):
            frames.append(joined := self._frame((joined, other), draw.uniform(1.0, 1.3), 1.5))
        self._train(frames)

    def go_on(self) -> None:
        """A script on the last frame of an earlier one, or of two, joined."""
        draw = self._draw
        bases = [frames for frames, _ in draw.sample(self._scripts, draw.randint(1, 2))]
        frames = [self._frame(tuple(dict.fromkeys(base[-1] for base in bases)), 1.1, 1.0)]
        for _ in range(draw.randint(1, 6)):
            frames.append(self._frame((frames[-1],), draw.uniform(0.8, 1.2), 0.7))
        self._train(frames)

    def change(self) -> None:
        """A model, or one of the last frames, of an earlier script made otherwise."""
        frames, scores = self._draw.choice(self._scripts)
        models = [self.bench.operators[score].parents[0] for score in scores]
        self.bench.edit(self._draw.choice(models * 3 + frames[-3:]))
        self.bench.run(scores)

    def run_again(self) -> None:
        """An earlier script as it is."""
        self.bench.run(self._draw.choice(self._scripts)[1])

    def _train(self, frames: list[str]) -> None:
        scores = []
        for _ in range(self._draw.randint(1, 2)):
            model = self._put(Operator((frames[-1],), self._draw.lognormvariate(3.2, 0.7), 3 * MB, "L/I"))
            scores.append(self._put(Operator((model, frames[-1]), 1.0, 1 * MB, "PPR")))
        self._scripts.append((frames, scores))
        self.bench.run(scores)

    def _frame(self, parents: tuple[str, ...], factor: float, seconds: float) -> str:
        size = max(self.bench.operators[parent].bytes for parent in parents) * factor
        return self._put(Operator(parents, self._draw.lognormvariate(1.0, 0.9) * seconds, round(min(size, 3e9))))

    def _put(self, operator: Operator) -> str:
        name = f"n{len(self.bench.operators)}"
        self.bench.add(name, operator)
        return name


def random_graph(seed: int, nodes: int | None = None, iterations: int = 12) -> Trace:
    """A layered random graph of 10 to 2,000 nodes (log-uniform) with seconds and bytes over six decades each.

    Some nodes are edited far more often than others, and the node that was just edited is likely to be edited again.
    """
    draw = random.Random(f"random {seed}")
    count = nodes or round(10 ** draw.uniform(1, 3.3))
    width = max(2, round(count ** draw.uniform(0.3, 0.6)))
    names = [f"n{number}" for number in range(count)]
    operators: dict[str, Operator] = {}
    for number, name in enumerate(names):
        first = number // width * width
        above = names[max(0, first - 2 * width) : first]
        parents = tuple(draw.sample(above, min(len(above), draw.randint(1, 3))))
        operators[name] = Operator(parents, 10 ** draw.uniform(-3, 3), round(10 ** draw.uniform(3, 9)))
    weights = [draw.paretovariate(1.0) for _ in names]
    bench = Workbench("random", operators, draw)
    bench.run()
    node = names[0]
    for _ in range(iterations - 1):
        if draw.random() > 0.4:
            (node,) = draw.choices(names, weights)
        (bench.revert if draw.random() < REVERTS else bench.edit)(node)
        bench.run()
    return bench.trace()


FAMILIES: Mapping[str, Callable[[int], Trace]] = {
    "census": census,
    "genomics": genomics,
    "extraction": extraction,
    "images": images,
    "shared": shared,
    "random": random_graph,
}

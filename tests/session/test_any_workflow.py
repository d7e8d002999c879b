"""Whatever is edited: a run gives what a fresh computation gives, and a second run computes nothing."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from session_helpers import Told, computed

from helix_jupyter import Session

NAMES = ["a", "b", "c", "d", "e", "f"]


@dataclass
class Workflow:
    """Nodes as a user would see them: code by name, in order of declaration, links and constants."""

    nodes: dict[str, tuple[str, bool]] = field(default_factory=dict)
    constants: dict[str, int] = field(default_factory=lambda: {"K": 1, "M": 2})

    def declare(self, session: Session) -> None:
        session.namespace.update(self.constants)
        for name in list(session.declarations)[::-1]:
            if name not in self.nodes:
                session.remove(name)
        for name, (code, update) in self.nodes.items():
            session.declare(code, [name.split("_")[0]], name=name, update=update)


def reading(position: int, parents: list[int], constant: str | None, number: int, helper: bool) -> str:
    terms = [f"sum({NAMES[parent]})" for parent in parents if parent < position]
    terms += [constant] if constant else []
    terms += [f"helper({number})"] if helper else [str(number)]
    return f"{NAMES[position]} = [{' + '.join(terms)} % 7, {position}]"


@st.composite
def node(draw: st.DrawFn, position: int) -> tuple[str, str, bool]:
    code = reading(
        position,
        draw(st.lists(st.integers(0, 5), unique=True, max_size=3)),
        draw(st.sampled_from([None, "K", "M"])),
        draw(st.integers(0, 3)),
        draw(st.booleans()),
    )
    return NAMES[position], code, False


@st.composite
def link(draw: st.DrawFn, position: int) -> tuple[str, str, bool]:
    name = NAMES[position]
    change = draw(st.sampled_from([f"{name}.append(K)", f"{name} = {name} + [M]", f"{name}[0] = 5"]))
    return f"{name}_{draw(st.integers(1, 2))}", change, True


edits = st.one_of(
    st.integers(0, 5).flatmap(node),
    st.integers(0, 2).flatmap(link),
    st.tuples(st.sampled_from(["K", "M"]), st.integers(0, 3), st.none()),
    st.tuples(st.just("helper"), st.integers(0, 2), st.none()),
    st.tuples(st.just("restart"), st.none(), st.none()),
    st.tuples(st.just("plain cell"), st.integers(0, 5), st.none()),
)


def define_helper(session: Session, shift: int) -> None:
    exec(f"def helper(x):\n    return x + {shift}", session.namespace)


def opened(folder: Path, store: str, policy: str) -> Session:
    return Session(store, namespace={"__name__": "__main__"}, folder=folder, policy=policy, progress=lambda: Told([]))


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.tuples(*(node(position) for position in range(6))),
    st.lists(edits, min_size=1, max_size=5),
    st.sampled_from(["all", "none", "adaptive"]),
)
def test_a_run_gives_what_a_fresh_computation_gives(
    first: tuple[tuple[str, str, bool], ...], changes: list[tuple[str, object, object]], policy: str
) -> None:
    with tempfile.TemporaryDirectory() as place, mock.patch.dict(os.environ, HELIX_JUPYTER_HOME=f"{place}/home"):
        folder, workflow, shift = Path(place), Workflow(), 0
        for name, code, update in first:
            workflow.nodes[name] = (code, update)
        session = opened(folder, "kept", policy)
        for number, (kind, value, update) in enumerate([("start", None, None), *changes]):
            if kind == "restart":
                session.close()
                session = opened(folder, "kept", policy)
            elif kind == "helper":
                shift = int(str(value))
            elif kind == "plain cell":  # somebody changes a bound value in place
                bound = session.namespace.get(NAMES[int(str(value))])
                if isinstance(bound, list):
                    bound.append(1_000)
            elif update is None and kind in workflow.constants:
                workflow.constants[kind] = int(str(value))
            elif update is not None:
                workflow.nodes[kind] = (str(value), bool(update))
            define_helper(session, shift)
            workflow.declare(session)
            assert session.run().status == "done"
            assert computed(session.run()) == []
            fresh = opened(folder, f"fresh{number}", "none")
            define_helper(fresh, shift)
            # the places of first declaration are part of the workflow
            for name, declaration in session.declarations.items():
                fresh.namespace.update(workflow.constants)
                fresh.declare(declaration.code, declaration.outputs, name=name, update=declaration.update)
            fresh.run()
            names = [name for name in NAMES if name in session.graph.outputs]
            assert {name: session[name] for name in names} == {name: fresh[name] for name in names}
            fresh.close()
        session.flush()
        assert session.store.verify() == []
        session.close()

"""Versions made by hand, for tests of what is done with them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from helix_jupyter.fingerprint.types import Part
from helix_jupyter.plan.types import State
from helix_jupyter.version.types import NodeRecord, OutputRecord, Version


@pytest.fixture
def record() -> Callable[..., NodeRecord]:
    """A node whose code is also its normal form and whose one output carries its name."""

    def build(node: str, code: str = "", digest: str = "d", **fields: object) -> NodeRecord:
        code = code or f"{node} = 1"
        outputs = (OutputRecord(node, digest, True, 10),) if digest else ()
        parts = tuple(Part(*part) for part in fields.pop("parts", ()))  # type: ignore[attr-defined]
        return NodeRecord(node, outputs, code, code, fields.pop("state", State.COMPUTE), parts=parts, **fields)

    return build


@pytest.fixture
def version() -> Callable[..., Version]:
    """A version of the given nodes."""

    def build(id: int, *nodes: NodeRecord, **fields: object) -> Version:
        settings = {"parent": None, "message": "", "created": 1e9, "status": "done", "seconds": 1.0} | fields
        return Version(id=id, workflow="main", nodes={node.node: node for node in nodes}, **settings)

    return build

"""What a widget carries: the document, as a short text that a page unpacks."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from helix_jupyter.view.packing import pack

TWICE = "a text that comes twice"
DOCUMENT = {
    "nodes": [
        {"name": "a", "last": {"state": "load", "reason": TWICE}},
        {"name": TWICE, "last": {"state": "compute", "reason": None}},
    ],
    "odd": {"": 1, "__proto__": []},
}


def unpacked(text: str) -> Any:
    """What ``src/widget/unpack.ts`` makes of it."""
    texts, value = json.loads(text)

    def whole(value: Any) -> Any:
        if isinstance(value, list):
            return [whole(one) for one in value]
        if not isinstance(value, dict) or "" not in value:
            return {name: whole(one) for name, one in value.items()} if isinstance(value, dict) else value
        what = value[""]
        if isinstance(what, int):
            return texts[what]
        if isinstance(what, dict):
            return dict(zip(what["names"], map(whole, what["values"]), strict=True))
        columns = [whole(column) for column in value["columns"]]
        return [dict(zip(what, row, strict=True)) for row in zip(*columns, strict=True)]

    return whole(value)


def test_the_text_is_what_the_front_end_reads() -> None:
    # the same text stands in unpack.spec.ts
    assert pack(DOCUMENT) == (
        '[["a text that comes twice"],{"nodes":{"":["name","last"],"columns":[["a",{"":0}],{"":["state","reason"],'
        '"columns":[["load","compute"],[{"":0},null]]}]},"odd":{"":{"names":["","__proto__"],"values":[1,[]]}}}]'
    )


values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.sampled_from(["", TWICE, "rows", "columns"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["", "a", "rows"]), inner, max_size=3),
    max_leaves=20,
)


@given(st.dictionaries(st.sampled_from(["", "a", "b"]), values, max_size=3))
def test_whatever_goes_in_comes_out(document: dict[str, Any]) -> None:
    assert unpacked(pack(document)) == document


def test_what_comes_again_is_said_once() -> None:
    nodes = [{"name": f"step {at}", "reason": "its input will be made anew", "state": "compute"} for at in range(200)]
    assert len(pack({"nodes": nodes})) < len(json.dumps({"nodes": nodes})) / 2

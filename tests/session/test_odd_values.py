"""Values of the notebook whose own code raises: they stop no declaration and no run."""

from __future__ import annotations

import collections
import importlib
from collections.abc import Callable

import pytest
from session_helpers import computed, define

from helix_jupyter import Session

Opener = Callable[..., Session]

RAISES = "class R:\n    def __repr__(self): raise RuntimeError('detached')\n"

RAISES_ALWAYS = "class O:\n    def __getattribute__(self, name): raise KeyError(name)\n"
RAISES_FOR_ITS_CLASS = """
class O(dict):
    @property
    def __class__(self): raise RuntimeError('detached')
"""

# what a plain cell defines, what the node reads, what that gives
ODD = {
    "attributes are items": (
        "class Cfg(dict):\n    __getattr__ = dict.__getitem__\nheld = Cfg(lr=0.1)",
        "held.lr",
        0.1,
    ),
    "attributes are items, called": (
        "class Cfg(dict):\n    __getattr__ = dict.__getitem__\n    def __call__(self): return 2\nheld = Cfg(lr=0.1)",
        "held()",
        2,
    ),
    "attributes raise": (
        "class Lazy:\n    def __getattr__(self, name): raise ConnectionError(name)\nheld = Lazy()",
        "isinstance(held, Lazy)",
        True,
    ),
    "attributes are whatever is asked for": (
        "class Chain:\n    def __getattr__(self, name): return self\n    def __call__(self): return 3\nheld = Chain()",
        "held()",
        3,
    ),
    "no text in a list": (f"{RAISES}held = [R()]", "len(held)", 1),
    "no text in a dict": (f"{RAISES}held = {{'a': R()}}", "len(held)", 1),
    "no text as a key": (f"{RAISES}held = {{R(): 1}}", "len(held)", 1),
    "no text in a set": (f"{RAISES}held = {{R()}}", "len(held)", 1),
    "no text as an ordered key": (
        f"{RAISES}from collections import OrderedDict\nheld = OrderedDict([(R(), 1)])",
        "len(held)",
        1,
    ),
    "no text though a string": (
        "class S(str):\n    def __repr__(self): raise RuntimeError('detached')\nheld = [S('a')]",
        "len(held)",
        1,
    ),
    "no items": (
        "class L(list):\n    def __iter__(self): raise RuntimeError('detached')\nheld = L()",
        "isinstance(held, L)",
        True,
    ),
    "no text at a lock": (f"{RAISES}import threading\nheld = {{R(): threading.Lock()}}", "len(held)", 1),
    "nested deeply": ("held = []\nfor _ in range(3000):\n    held = [held]", "len(held)", 1),
    "holding itself": ("held = []\nheld.append(held)", "len(held)", 1),
    "every attribute raises": (f"{RAISES_ALWAYS}held = O()", "held is None", False),
    "every attribute raises, in a list": (f"{RAISES_ALWAYS}held = [O()]", "len(held)", 1),
    "its class raises": (f"{RAISES_FOR_ITS_CLASS}held = O()", "held is None", False),
    "an int of many digits": ("held = [10**5000]", "len(held)", 1),
}


@pytest.mark.parametrize(("plain", "code", "expected"), ODD.values(), ids=ODD)
def test_no_value_stops_a_run(session: Session, plain: str, code: str, expected: object) -> None:
    define(session.namespace, plain)
    session.declare(f"value = {code}", ["value"])
    version = session.run()
    assert (version.status, computed(version)) == ("done", ["value"])
    assert session["value"] == expected
    assert "held" in version.captures
    assert session.run(jobs=2).status == "done"


GIVEN = {
    "no text": f"{RAISES}value = [R(), {{R(): {{R()}}}}]",
    "attributes are items": "class Cfg(dict):\n    __getattr__ = dict.__getitem__\nvalue = Cfg(lr=0.1)",
    "no items": "class L(list):\n    def __iter__(self): raise RuntimeError('detached')\nvalue = L()",
    "every attribute raises": f"{RAISES_ALWAYS}value = [O()]",
    "every attribute of it raises": f"{RAISES_ALWAYS}value = O()",
    "its class raises": f"{RAISES_FOR_ITS_CLASS}value = O()",
    "nested deeply": "value = []\nfor _ in range(3000):\n    value = [value]",
}


@pytest.mark.parametrize("code", GIVEN.values(), ids=GIVEN)
def test_a_node_may_give_any_value(session: Session, code: str) -> None:
    for package in ("scipy.sparse", "pandas", "polars", "pyarrow"):  # whose values are looked for where they are loaded
        importlib.import_module(package)
    session.declare(code, ["value"])
    session.declare("behind = value is None", ["behind"])
    version = session.run()
    assert (version.status, computed(version)) == ("done", ["value", "behind"])
    assert type(session["value"]).__name__ in ("list", "Cfg", "L", "O")
    assert session["behind"] is False
    assert computed(session.run(force=["behind"])) == ["behind"]


def test_the_reason_names_a_value_whose_attributes_raise(session: Session, told: list[str]) -> None:
    define(session.namespace, f"{RAISES_ALWAYS}held = [O()]")
    session.declare("value = held", ["value"])
    session.run()
    assert session.why("value").reasons == ("captured `held[0]` (__main__.O) cannot be digested: '__reduce_ex__'",)
    assert "Node 'value': value[0] cannot be stored" in told[0]


def test_an_object_whose_attributes_are_its_items_comes_back(opened: Opener) -> None:
    first = opened()
    define(first.namespace, "class Cfg(dict):\n    __getattr__ = dict.__getitem__\ncfg = Cfg(lr=0.1)")
    first.declare("value = cfg.lr", ["value"])
    assert computed(first.run()) == ["value"]
    assert computed(first.run()) == []
    first.close()
    second = opened()
    second.checkout(1)
    assert second.namespace["cfg"].lr == 0.1


def test_an_ordered_dict_by_objects_without_a_text_of_their_own_is_the_same_again(session: Session) -> None:
    define(session.namespace, "class Key:\n    pass")
    session.declare("value = len(table)", ["value"])
    for _ in range(2):
        session.namespace["table"] = collections.OrderedDict([(session.namespace["Key"](), 1)])
        version = session.run()
    assert computed(version) == []


def test_the_text_of_a_large_constant_is_never_made(session: Session) -> None:
    asked: list[str] = []

    class Word(str):
        def __repr__(self) -> str:
            asked.append(self)
            return super().__repr__()

    session.namespace["table"] = {name: [Word(name)] * 5 for name in "abcdefgh"}
    session.declare("value = len(table)", ["value"])
    assert session.run().captures["table"].form == "artifact"
    assert asked == []


def test_looking_at_a_partial_object_does_not_change_what_is_made_of_it(session: Session) -> None:
    """Python takes a partial object within another apart, unless somebody asked the inner one for its attributes."""
    define(session.namespace, "import functools\ninner = functools.partial(sorted, reverse=True)\nouter = inner")
    session.declare("x = outer([1, 2]), inner([3])", ["x"])
    session.run()
    define(session.namespace, "outer = functools.partial(inner, reverse=True)")
    assert session.namespace["outer"].func is sorted
    assert computed(session.run()) == []

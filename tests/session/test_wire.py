"""The messages of the comm: what is taken, and what is refused with which words."""

from __future__ import annotations

from typing import Any

import pytest

from helix_jupyter.errors import HelixError, MalformedMessage
from helix_jupyter.session.wire import PROTOCOL, hello, read_greeting, read_question


def test_the_kernel_says_which_protocol_it_speaks() -> None:
    told = hello()["hello"]
    assert read_greeting({"protocol": told["protocol"]}) == PROTOCOL
    assert told["package"]


def test_a_question_keeps_all_that_it_came_with() -> None:
    message = {"ask": "details", "id": 0, "node": "rows"}
    assert read_question(message) == message


@pytest.mark.parametrize("data", [None, [], "1", {}, {"protocol": "1"}, {"protocol": True}, {"protocol": -1}])
def test_a_greeting_without_a_protocol_is_refused(data: Any) -> None:
    with pytest.raises(MalformedMessage, match="not understood"):
        read_greeting(data)


@pytest.mark.parametrize(
    ("data", "words", "question"),
    [
        (None, "NoneType, no object", None),
        ([1], "list, no object", None),
        ({"ask": "details"}, "id is None", None),
        ({"ask": "details", "id": "1"}, "id is '1'", None),
        ({"ask": "details", "id": True}, "id is True", None),
        ({"id": 3}, "ask is None", 3),
        ({"ask": "", "id": 3}, "ask is ''", 3),
        ({"ask": {"x": "y" * 500}, "id": 3}, "ask is {'x'", 3),
    ],
)
def test_what_is_no_question_is_refused_with_the_reason(data: Any, words: str, question: int | None) -> None:
    with pytest.raises(HelixError) as refused:
        read_question(data)
    assert words in str(refused.value)
    assert len(str(refused.value)) < 200
    assert isinstance(refused.value, MalformedMessage)
    assert refused.value.question == question

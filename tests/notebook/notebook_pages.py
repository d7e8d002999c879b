"""A page of JupyterLab with the extension, as a kernel sees it: its end of a comm."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

TARGET = "helix_jupyter"
PATIENCE = 60


class Page:
    """A page's end of a comm."""

    def __init__(self, kernel: Any, greeting: Any = None, subshell: str | None = None, name: str = "page") -> None:
        self.kernel, self.name, self.subshell = kernel, name, subshell
        self.shown: dict[str, Any] = {}
        self.closed = False
        self.count = 0
        opening = {"target_name": TARGET, "data": {"protocol": 1} if greeting is None else greeting}
        self._post("comm_open", opening)

    def _post(self, kind: str, content: dict[str, Any]) -> None:
        client = self.kernel.client
        message = client.session.msg(kind, {"comm_id": self.name, **content})
        message["header"] |= {"subshell_id": self.subshell} if self.subshell else {}
        client.shell_channel.send(message)

    def messages(self) -> Iterator[dict[str, Any]]:
        """What comes over the comm, until it is closed; parts that are shown are gathered in ``shown``."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and not self.closed:
            message = self.kernel.client.get_iopub_msg(timeout=PATIENCE)
            if message["content"].get("comm_id") != self.name:
                continue
            if message["msg_type"] == "comm_close":
                self.closed = True
            elif message["msg_type"] == "comm_msg":
                data = message["content"]["data"]
                self.shown |= data.get("show", {})
                yield data

    def until(self, key: str) -> Any:
        """The next message that has this key, by that key."""
        for message in self.messages():
            if key in message:
                return message[key]
        raise TimeoutError(key)

    def send(self, data: Any) -> None:
        """Anything at all."""
        self._post("comm_msg", {"data": data})

    def ask(self, question: str, /, **details: Any) -> Any:
        """A question's answer, or its problem."""
        self.count += 1
        self.send({"ask": question, "id": self.count, **details})
        for message in self.messages():
            if message.get("answer") == self.count:
                return message.get("data", message.get("problem"))
        raise TimeoutError(question)

    def close(self) -> None:
        """As a page does that is left."""
        self._post("comm_close", {"data": {}})

    @property
    def nodes(self) -> dict[str, str]:
        """What the next run would do with each node, as shown."""
        return {node["name"]: node["state"] for node in self.shown["dag"]["nodes"]}


def new_subshell(kernel: Any) -> str:
    """A subshell of the kernel, made as a page makes one: the control channel answers while a cell runs."""
    client = kernel.client
    client.control_channel.send(client.session.msg("create_subshell_request", {}))
    return str(client.get_control_msg(timeout=PATIENCE)["content"]["subshell_id"])

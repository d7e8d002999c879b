"""A page's end of a widget, for tests that speak to real kernels."""

from __future__ import annotations

import time
from typing import Any

VIEW = "application/vnd.jupyter.widget-view+json"


class Widget:
    """A page's end of a widget's comm."""

    def __init__(self, kernel: Any, cell: Any) -> None:
        self.kernel = kernel
        (view,) = cell.data(VIEW)
        self.model = view["model_id"]
        self.subshell: str | None = None

    def ask(self, question: str, /, **details: Any) -> Any:
        """A question's answer, or its problem."""
        client = self.kernel.client
        data = {"method": "custom", "content": {"ask": question, "id": 1, **details}}
        message = client.session.msg("comm_msg", {"comm_id": self.model, "data": data})
        message["header"] |= {"subshell_id": self.subshell} if self.subshell else {}
        client.shell_channel.send(message)
        for message in self.messages():
            if message.get("answer") == 1:
                return message.get("data", message.get("problem"))
        raise TimeoutError(question)

    def messages(self) -> Any:
        """The custom messages of this widget as they come."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            message = self.kernel.client.get_iopub_msg(timeout=60)
            if message["msg_type"] == "comm_msg" and message["content"]["comm_id"] == self.model:
                yield message["content"]["data"].get("content", {})

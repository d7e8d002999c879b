"""A node's code as a plain script has it: with its outputs assigned, without IPython. Reads a declaration."""

from __future__ import annotations

import ast

from helix_jupyter.errors import HelixError
from helix_jupyter.graph.declaration import Declaration

_SHELL = "get_ipython()"


def plain_code(declaration: Declaration) -> str:
    """The node's code, in which its outputs are assigned.

    Raises
    ------
    HelixError
        It needs IPython or awaits.
    """
    node = declaration.node
    if _SHELL in declaration.code:
        raise HelixError(
            f"Node '{node}' uses a magic or a shell command, which a plain script has not. Rewrite it in Python."
        )
    if declaration.analysis.is_async:
        raise HelixError(
            f"Node '{node}' awaits at its top level, which a plain script cannot. In place of 'await f()' write "
            "'ThreadPoolExecutor().submit(asyncio.run, f()).result()' (of concurrent.futures): that works in a "
            "notebook as well, where a loop runs already."
        )
    code = declaration.code.strip("\n")
    assigned = set(declaration.outputs) <= set(declaration.analysis.writes) or declaration.update
    if not assigned and declaration.analysis.has_value:
        return _assign_last(code, declaration.outputs[0])
    if not assigned:  # it is there for what it shows
        return f"{code}\n{declaration.outputs[0]} = None"
    return code


def _assign_last(code: str, output: str) -> str:
    last = ast.parse(code).body[-1]
    lines = code.splitlines()
    first = lines[last.lineno - 1]
    lines[last.lineno - 1] = f"{first[: last.col_offset]}{output} = {first[last.col_offset :]}"
    return "\n".join(lines)

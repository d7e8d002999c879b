"""The built front end that ships with the package: made by ``labextension/build.mjs``, absent where nobody built it."""

from __future__ import annotations

NOT_BUILT = (
    "the interactive picture was not built (npm was not there when helix_jupyter was installed), so this is the static "
    "one. Install npm, then install helix_jupyter again."
)


def widget_module(kind: str) -> str | None:
    """The text of the module of a kind of widget; None where it was not built."""
    from importlib.resources import files

    file = files("helix_jupyter.view") / "static" / f"{kind}.js"
    try:
        return file.read_text("utf-8")
    except FileNotFoundError:
        return None

"""An IPython shell without a front end, for processes that have none. Import it where code asks for a shell."""

from __future__ import annotations

from IPython.core.interactiveshell import InteractiveShell


class BareShell(InteractiveShell):
    """Runs ``!command`` and ``%magic`` lines; no window opens."""

    def enable_gui(self, gui: str | None = None) -> None:
        """Nothing: ``%matplotlib`` asks for it, and figures are drawn without."""

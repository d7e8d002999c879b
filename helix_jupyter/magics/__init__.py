"""The edge to IPython: magics parse and delegate, nothing more. Nothing else imports IPython, but for
what stands in for a shell or takes notebooks apart without one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

_NAME = "HelixMagics"


def load(shell: InteractiveShell) -> None:
    """Register the magics and hooks; a second time changes nothing."""
    from helix_jupyter.fingerprint.loaded import watch
    from helix_jupyter.magics.helix_magics import HelixMagics

    if _NAME in shell.magics_manager.registry:
        return
    watch()
    magics = HelixMagics(shell)
    shell.register_magics(magics)
    magics.hooks.attach()
    magics.links.attach()


def unload(shell: InteractiveShell) -> None:
    """Take hooks and magics off again; what is being written is finished first. The session waits for a reload."""
    magics = shell.magics_manager.registry.pop(_NAME, None)
    if magics is None:
        return
    magics.links.detach()
    magics.hooks.detach()
    shell.configurables.remove(magics)
    for kind in ("line", "cell"):
        shell.magics_manager.magics[kind].pop("helix", None)

"""Edit scripts of the published workflows, by name."""

from __future__ import annotations

from collections.abc import Mapping

from benchmarks.scripts import census, columbus, extraction, genomics, mnist
from benchmarks.scripts.script import Script

SCRIPTS: Mapping[str, Script] = {
    module.SCRIPT.name: module.SCRIPT for module in (census, genomics, extraction, mnist, columbus)
}

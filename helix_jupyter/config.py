"""Settings: what exists, what each means, and where a value came from.

Five layers, first one that says something wins: ``%helix config``, ``%config HelixMagics``, ``.helix/config.toml``,
the environment (``HELIX_JUPYTER_BUDGET`` ...), the default. Reads the file and the environment; changes neither.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helix_jupyter.errors import ConfigError, nearest
from helix_jupyter.units import parse_bytes

ORIGINS = ("%helix config", "%config HelixMagics", "config.toml", "environment", "default")


@dataclass(frozen=True)
class Option:
    """One setting: its default, how text becomes a value, a line of help, and the words to choose from, if any."""

    key: str
    default: str
    parse: Callable[[str], Any]
    help: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Setting:
    """The value of one setting as it stands, with the text that gave it and the layer that it came from."""

    key: str
    value: Any
    text: str
    origin: str


def _flag(text: str) -> bool:
    if text.lower() in {"true", "yes", "on", "1"}:
        return True
    if text.lower() in {"false", "no", "off", "0"}:
        return False
    raise ValueError("say true or false")


def _one_of(*words: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in words:
            raise ValueError(f"say one of {', '.join(words)}")
        return text

    return parse


def _jobs(text: str) -> int:
    if int(text) < 1:
        raise ValueError("say a number of processes, 1 or more")
    return int(text)


_POLICIES = ("adaptive", "helix", "all", "none", "memory")
_COMPRESSION = ("auto", "off")
_EXECUTORS = ("inline", "processes")

OPTIONS: Mapping[str, Option] = {
    option.key: option
    for option in (
        Option("budget", "2GB", parse_bytes, "bytes that the store may hold on disk"),
        Option("memory", "4GB", parse_bytes, "bytes of values kept in memory between runs"),
        Option("policy", "adaptive", _one_of(*_POLICIES), "what to keep on disk", _POLICIES),
        Option(
            "compression",
            "auto",
            _one_of(*_COMPRESSION),
            "auto: store a value compressed where room is short and that saves time",
            _COMPRESSION,
        ),
        Option("executor", "inline", _one_of(*_EXECUTORS), "where nodes run", _EXECUTORS),
        Option("jobs", "1", _jobs, "processes that run independent nodes at the same time"),
        Option("auto", "false", _flag, "a %%helix cell runs its node as soon as it is declared", ("true", "false")),
        Option("seed", "0", int, "the workflow's seed: each node draws from a seed derived from it"),
        Option("store", ".helix", str, "folder of the store, beside the notebook unless absolute"),
    )
}


class Settings:
    """All settings of one session, layer by layer.

    What does not fit in the file or the environment raises ``ConfigError``; where there is a ``tell``, it is told
    instead and left out, so that a lower layer decides.
    """

    def __init__(
        self,
        folder: Path | None = None,
        environ: Mapping[str, str] | None = None,
        tell: Callable[[str], None] | None = None,
    ) -> None:
        self._tell = tell
        self._layers: dict[str, dict[str, str]] = {origin: {} for origin in ORIGINS}
        self._layers["default"] = {key: option.default for key, option in OPTIONS.items()}
        for key in OPTIONS:
            variable = f"HELIX_JUPYTER_{key.upper()}"
            text = (os.environ if environ is None else environ).get(variable)
            if text is not None:
                self._take(key, text, "environment", f"{variable} in the environment")
        if folder is not None:
            self._read(folder / "config.toml")

    def _read(self, path: Path) -> None:
        try:
            table = tomllib.loads(path.read_text(encoding="utf-8"))
        except (FileNotFoundError, NotADirectoryError):  # what is no folder is for the store to tell
            return
        except (OSError, tomllib.TOMLDecodeError) as error:
            problem = ConfigError(f"{path} cannot be read: {error}. Mend or delete it.")
            if self._tell is None:
                raise problem from error
            self._tell(f"{problem} Until then it is left out.")
            return
        for key, value in table.items():
            self._take(key, str(value).lower() if isinstance(value, bool) else str(value), "config.toml", str(path))

    def _take(self, key: str, text: str, origin: str, where: str) -> None:
        try:
            self.put(key, text, origin, where)
        except ConfigError as problem:
            if self._tell is None:
                raise
            self._tell(f"{problem} It is left out.")

    def put(self, key: str, text: object, origin: str = ORIGINS[0], where: str = "") -> None:
        """Set ``key`` in one layer; ``where`` tells the user of the place more closely.

        Raises
        ------
        ConfigError
            The setting does not exist, or the text does not fit it.
        """
        self.check(key, text, where or origin)
        self._layers[origin][key] = str(text)

    def check(self, key: str, text: object, where: str = ORIGINS[0]) -> None:
        """Raise ``ConfigError`` where ``put`` would."""
        option = OPTIONS.get(key)
        if option is None:
            hint = nearest(key, OPTIONS)
            fix = f"Did you mean '{hint}'?" if hint else f"There are: {', '.join(OPTIONS)}."
            raise ConfigError(f"There is no setting '{key}' ({where}). {fix}")
        try:
            option.parse(str(text))
        except ValueError as error:
            raise ConfigError(f"{key}={text} ({where}) does not fit: {str(error).rstrip('.')}.") from error

    def clear(self, key: str, origin: str) -> None:
        """Take ``key`` out of one layer; a lower layer then decides."""
        self._layers[origin].pop(key, None)

    def setting(self, key: str) -> Setting:
        """The value of ``key`` with its origin."""
        for origin in ORIGINS:
            text = self._layers[origin].get(key)
            if text is not None:
                return Setting(key, OPTIONS[key].parse(text), text, origin)
        raise ConfigError(f"There is no setting '{key}'.")

    def __getitem__(self, key: str) -> Any:
        return self.setting(key).value

    def all(self) -> tuple[Setting, ...]:
        """Every setting, in the order of ``OPTIONS``."""
        return tuple(self.setting(key) for key in OPTIONS)

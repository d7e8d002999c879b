"""The verbs of ``%helix``: one table that parses, explains and completes them."""

from __future__ import annotations

import argparse
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from IPython.core.error import UsageError

from helix_jupyter.errors import HelixError, nearest
from helix_jupyter.magics.words import words_of, words_with_values
from helix_jupyter.units import parse_duration, parse_share


class _Parser(argparse.ArgumentParser):
    """argparse without its habits: errors are raised, nothing is printed, flags are not abbreviated."""

    def error(self, message: str) -> NoReturn:
        flags = [flag for action in self._actions for flag in action.option_strings if flag.startswith("--")]
        unknown = next((word for word in message.split() if word.startswith("--")), "").rstrip(":,")
        # the dashes are alike in all of them
        hint = nearest(unknown.lstrip("-"), [flag.lstrip("-") for flag in flags]) if unknown not in flags else None
        fix = f"Did you mean --{hint}?" if unknown and hint else f"See {self.prog}?"
        raise UsageError(f"{self.prog}: {message.rstrip('.')}. {fix}")


@dataclass(frozen=True)
class Argument:
    """One argument of a verb; ``kind`` says what completes it: node, version, setting, or nothing."""

    names: tuple[str, ...]
    settings: Mapping[str, Any]
    kind: str = ""

    @property
    def takes_value(self) -> bool:
        """Whether it is a flag with a value behind it."""
        return self.names[0].startswith("-") and self.settings.get("action") != "store_true"


@dataclass(frozen=True)
class Verb:
    """One verb: what it does, its arguments, and a parser made from both."""

    name: str
    help: str
    arguments: tuple[Argument, ...] = ()

    def parser(self) -> argparse.ArgumentParser:
        """The parser of what follows the verb."""
        parser = _Parser(f"%helix {self.name}", description=self.help, add_help=False, allow_abbrev=False)
        for argument in self.arguments:
            parser.add_argument(*argument.names, **argument.settings)
        return parser

    @property
    def flags(self) -> tuple[str, ...]:
        """Its flags, for completion."""
        return tuple(name for argument in self.arguments for name in argument.names if name.startswith("-"))

    @property
    def positional_kind(self) -> str:
        """What completes its positional arguments."""
        return next((one.kind for one in self.arguments if not one.names[0].startswith("-")), "")


def _seconds(text: str) -> float:
    try:
        return parse_duration(text)
    except HelixError as problem:
        raise argparse.ArgumentTypeError(str(problem)) from problem


def _share(text: str) -> float:
    try:
        return parse_share(text)
    except HelixError as problem:
        raise argparse.ArgumentTypeError(str(problem)) from problem


def _number(least: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not text.isdecimal() or int(text) < least:
            raise argparse.ArgumentTypeError(f"'{text}' is not a whole number from {least}")
        return int(text)

    return parse


def _version_of(text: str) -> int | str:
    """A number, or else a tag."""
    if text.isdecimal():
        return _number(1)(text)
    if text.lstrip("-").isdecimal():
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number from 1")
    return text


def _as_python_reads(name: str) -> str:
    return unicodedata.normalize("NFKC", name)


def _node(name: str, **settings: Any) -> Argument:
    return Argument((name,), {"type": _as_python_reads, **settings}, "node")


def _many(name: str, help: str, at_least_one: bool = False) -> Argument:
    return _node(name, nargs="+" if at_least_one else "*", help=help, metavar=name.upper())


def _flag(*names: str, **settings: Any) -> Argument:
    return Argument(names, settings)


def _nodes(name: str, help: str) -> Argument:
    """A flag that may stand several times, each with a node."""
    return _node(name, action="append", default=[], metavar="NODE", help=help)


def _version(name: str, help: str, required: bool = True) -> Argument:
    nargs = {} if required else {"nargs": "?"}
    return Argument((name,), {"type": _version_of, "help": help, "metavar": name.upper(), **nargs}, "version")


_NODE = _node("node", metavar="NODE")
_WITHIN = _flag(
    "--within",
    type=_seconds,
    metavar="TIME",
    help="bring up to date what fits, e.g. 60s or 2m; metrics first",
)

VERBS: Mapping[str, Verb] = {
    verb.name: verb
    for verb in (
        Verb("status", "The DAG as a table: node, state, reason, predicted seconds, size."),
        Verb(
            "run",
            "One iteration: plan, execute, record a version, bind the results.",
            (
                _many(
                    "target",
                    "nodes to bring up to date (default: all that nothing consumes); df.1: a chain's first link",
                ),
                _flag("-m", "--message", default="", help="what this version is about"),
                _flag("--jobs", type=_number(1), metavar="N", help="processes that compute independent nodes"),
                _nodes("--force", "compute it whatever is stored"),
                _WITHIN,
                _flag("--once", action="store_true", help="show again nothing that an earlier run has shown"),
                _flag(
                    "--audit",
                    type=_share,
                    metavar="P",
                    help="compute this share of the reused nodes again, e.g. 0.1 or 10%%, and compare",
                ),
                _flag("--audit-seed", type=_number(0), metavar="N", help="draw the nodes that an earlier audit drew"),
            ),
        ),
        Verb(
            "plan",
            "What a run would do, with reason and estimate per node; with a what-if, beside what it would do then.",
            (
                _many("target", "nodes to bring up to date"),
                _WITHIN,
                _nodes("--force", "what if it were computed whatever is stored"),
                _nodes("--pin", "what if it were kept whatever the policy says"),
                _nodes("--never", "what if it were never stored"),
                _nodes("--unpin", "what if it were left to the policy"),
                _nodes("--drop", "what if it were taken out of the DAG, with all that rests on it"),
                _flag("--budget", metavar="SIZE", help="what if the store might hold this, e.g. 1GB"),
                Argument(("--policy",), {"metavar": "NAME", "help": "what if this decided what is kept"}, "policy"),
                _flag("--explore", action="store_true", help="show what the budget buys, without a what-if too"),
                _flag("--apply", action="store_true", help="make the what-if so; runs nothing"),
                _flag("--reset", action="store_true", help="take back what --apply did last"),
            ),
        ),
        Verb(
            "sweep",
            "Run once for each combination of parameters, what they share once for all; the versions side by side.",
            (
                Argument(
                    ("grid",),
                    {"nargs": "+", "metavar": "NODE.PARAMETER=[VALUES]", "help": "or NAME=[VALUES] of the notebook"},
                    "parameter",
                ),
                _nodes("--target", "node to bring up to date (default: every node that nothing consumes)"),
                _flag("-m", "--message", default="", help="what these versions are about"),
                _flag("--jobs", type=_number(1), metavar="N", help="processes that compute independent nodes"),
            ),
        ),
        Verb(
            "why",
            "Every reason that a node would run or not, most specific first.",
            (_NODE,),
        ),
        Verb("dag", "The DAG as a picture."),
        Verb(
            "versions",
            "All versions, with metric curves; or say something of some, or delete them.",
            (
                Argument(
                    ("version",),
                    {
                        "type": _version_of,
                        "nargs": "*",
                        "metavar": "VERSION",
                        "help": "numbers or tags (default: all; with -m, --tag, --untag or --note the current one)",
                    },
                    "version",
                ),
                _flag("-m", "--message", metavar="TEXT", help="give it another message"),
                _flag("--tag", action="append", default=[], metavar="TAG", help="put a tag on it"),
                _flag("--untag", action="append", default=[], metavar="TAG", help="take a tag off"),
                _flag("--note", metavar="TEXT", help="write a note on it; an empty one takes it off"),
                _flag(
                    "--delete",
                    action="store_true",
                    help="delete it: what was made from it moves up, values stay until %%helix gc",
                ),
            ),
        ),
        Verb(
            "diff",
            "Versions side by side: code, data, models, figures (default: previous against current).",
            (
                Argument(
                    ("version",),
                    {
                        "type": _version_of,
                        "nargs": "*",
                        "metavar": "VERSION",
                        "help": "two numbers or tags, or more for tables and curves",
                    },
                    "version",
                ),
                Argument(
                    ("--values",),
                    {
                        "type": _as_python_reads,
                        "action": "append",
                        "default": [],
                        "metavar": "NODE",
                        "help": "compare its value whatever its size; compute it where it is no longer stored",
                    },
                    "node",
                ),
                _flag("--html", metavar="FILE", help="write it as one HTML file that needs nothing else"),
            ),
        ),
        Verb(
            "get",
            "Bind a node's value, loading or computing what is needed.",
            (_many("node", "nodes or outputs", True),),
        ),
        Verb(
            "checkout",
            "Make a version's declarations the session's DAG.",
            (_version("version", "its number or tag"),),
        ),
        Verb(
            "pin",
            "Keep these nodes' values whatever the policy says; with --never, never store them.",
            (
                _many("node", "nodes", True),
                _flag("--never", action="store_true", help="the opposite: their values never lie on disk"),
            ),
        ),
        Verb("unpin", "Leave these nodes' values to the policy again.", (_many("node", "nodes", True),)),
        Verb("forget", "Drop these nodes' values from store and memory.", (_many("node", "nodes", True),)),
        Verb(
            "remove",
            "Take these nodes out of the DAG; their values stay stored.",
            (_many("node", "nodes", True),),
        ),
        Verb(
            "accept",
            "My edit does not change the result: reuse it, recorded.",
            (_NODE,),
        ),
        Verb(
            "config",
            "Show all settings with where each came from, or change some for this session.",
            (Argument(("setting",), {"nargs": "*", "metavar": "KEY=VALUE"}, "setting"),),
        ),
        Verb(
            "trace",
            "Everything that made this node's value.",
            (
                _NODE,
                Argument(
                    ("--version",),
                    {"type": _version_of, "metavar": "VERSION", "help": "in that version (default: current)"},
                    "version",
                ),
                _flag("--html", metavar="FILE", help="write it as a page of its own, too"),
                _flag("--json", metavar="FILE", help="write it as JSON, too"),
            ),
        ),
        Verb(
            "reproduce",
            "Recompute a version in a fresh process and compare digests node by node.",
            (_version("version", "its number or tag"),),
        ),
        Verb(
            "gc",
            "Delete versions and artifacts that are no longer needed; names them first.",
            (
                _flag("--dry-run", action="store_true", help="name what would be deleted, delete nothing"),
                _flag("--keep-last", type=_number(0), metavar="N", help="keep the last N versions"),
                _flag(
                    "--older-than",
                    type=_seconds,
                    metavar="D",
                    help="delete versions older than this, e.g. 30d",
                ),
            ),
        ),
        Verb("export", "Write the workflow as a plain Python script.", (_flag("file", metavar="FILE"),)),
    )
}


HELP = ("help", "--help", "-h")


def parse(line: str) -> tuple[Verb, argparse.Namespace | None]:
    """The verb of a ``%helix`` line and its arguments; None in place of these where help is asked for.

    Raises
    ------
    UsageError
        The verb or an option does not exist or does not fit.
    """
    words = words_with_values(line) if line.split()[:1] == ["sweep"] else words_of(line)
    name = words[0] if words else "status"
    verb = VERBS.get(name)
    if verb is None:
        hint = nearest(name, VERBS)
        fix = f"Did you mean '{hint}'?" if hint else f"There are: {', '.join(VERBS)}."
        raise UsageError(f"%helix has no verb '{name}'. {fix}")
    if any(word in ("--help", "-h") for word in words[1:]):
        return verb, None
    return verb, verb.parser().parse_args(words[1:])


def overview() -> str:
    """All verbs, a line each, for ``%helix?``."""
    width = max(map(len, VERBS))
    return "\n".join(f"  %helix {verb.name:{width}}  {verb.help}" for verb in VERBS.values())

"""``helix-jupyter status | versions | diff | gc | verify``: what a store tells without a kernel."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helix_jupyter.cli.arguments import duration, which
from helix_jupyter.cli.opening import add_store, opened
from helix_jupyter.units import format_bytes
from helix_jupyter.version.plain import as_json

if TYPE_CHECKING:
    from helix_jupyter.session import Session
    from helix_jupyter.version.compare_many import Comparison
    from helix_jupyter.version.diff import Diff


def add_to(commands: Any) -> None:
    """Add the commands to a parser's subcommands."""
    _add(commands, "status", "the newest version node by node, and how full the store is", _status)
    versions = _add(commands, "versions", "all versions of a workflow, with their metrics", _versions)
    versions.add_argument("version", nargs="*", type=which, metavar="VERSION", help="numbers or tags (default: all)")
    diff = _add(commands, "diff", "what differs between two versions (default: the newest and the one before)", _diff)
    diff.add_argument("version", nargs="*", type=which, metavar="VERSION", help="two numbers or tags, or more")
    diff.add_argument("--html", type=Path, metavar="FILE", help="write it as one HTML file that needs nothing else")
    gc = _add(commands, "gc", "delete versions and values that are no longer needed; names them first", _gc)
    gc.add_argument("--dry-run", action="store_true", help="name what would be deleted, delete nothing")
    gc.add_argument("--keep-last", type=_count, metavar="N", help="keep the last N versions")
    gc.add_argument("--older-than", type=duration, metavar="TIME", help="delete versions older than this, as 30d")
    verified = "check every file and row of the store; 1 if something is wrong"
    _add(commands, "verify", verified, _verify, whichever=True)


def _add(
    commands: Any,
    name: str,
    help: str,
    run: Callable[[argparse.Namespace, Session], int],
    *,
    whichever: bool = False,
) -> Any:
    parser = commands.add_parser(name, help=help, description=f"{help[0].upper()}{help[1:]}.")
    add_store(parser)
    parser.add_argument("--json", action="store_true", help="as JSON")

    def carry_out(chosen: argparse.Namespace) -> int:
        with opened(chosen, whichever=whichever) as session:
            return run(chosen, session)

    parser.set_defaults(run=carry_out)
    return parser


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number from 0")
    return int(text)


def _text(value: object) -> str:
    from helix_jupyter.view.render import as_text

    return as_text(value)


def _status(chosen: argparse.Namespace, session: Session) -> int:
    version = session.version()
    stored = session.store.artifacts([one.digest for record in version.nodes.values() for one in record.outputs])
    kept = {
        node: sum(stored[one.digest].bytes for one in record.outputs if one.digest in stored)
        for node, record in version.nodes.items()
    }
    used, budget = session.store.used_bytes, session.store.budget
    if chosen.json:
        nodes = {node: {**of_node, "stored_bytes": kept[node]} for node, of_node in as_json(version)["nodes"].items()}
        told = {**as_json(version), "nodes": nodes, "used_bytes": used, "budget_bytes": budget}
        print(json.dumps(told, indent=1))
        return 0
    print(_text(version))
    print(f"workflow {session.workflow}: {format_bytes(used)} of {format_bytes(budget)} are used in {chosen.store}")
    return 0


def _versions(chosen: argparse.Namespace, session: Session) -> int:
    from helix_jupyter.view.types import VersionList

    shown = [session.version(number) for number in chosen.version] or list(session.versions)
    print(json.dumps([as_json(version) for version in shown], indent=1) if chosen.json else _text(VersionList(shown)))
    return 0


def _diff(chosen: argparse.Namespace, session: Session) -> int:
    if chosen.html is not None:
        print(f"written: {session.export_diff(chosen.html.absolute(), *chosen.version)}")
        return 0
    diff = session.diff(*chosen.version)
    print(json.dumps(_diff_as_json(diff), indent=1) if chosen.json else _text(diff))
    return 0


def _diff_as_json(diff: Diff | Comparison) -> dict[str, Any]:
    """What the browser's view has of it (``view.documents`` says what), but for what is there to be drawn."""
    from helix_jupyter.version.compare_many import Comparison
    from helix_jupyter.view.documents import comparison_document, diff_document

    if isinstance(diff, Comparison):
        told = comparison_document(diff)
        return {name: told[name] for name in ("format", "versions", "parameters", "metrics", "nodes")}
    told = diff_document(diff)
    told["nodes"] = [{**node, "code": list(diff.nodes[node["name"]].code)} for node in told["nodes"]]
    return {name: part for name, part in told.items() if name not in ("graph", "figures", "everything")}


def _gc(chosen: argparse.Namespace, session: Session) -> int:
    report = session.gc(chosen.dry_run, chosen.keep_last, chosen.older_than)
    if chosen.json:
        versions = {name: list(numbers) for name, numbers in report.versions.items()}
        told = {"dry_run": report.dry_run, "versions": versions, "bytes": report.bytes}
        print(json.dumps({**told, "artifacts": [fact.digest for fact in report.artifacts]}, indent=1))
    else:
        print(_text(report))
    return 0


def _verify(chosen: argparse.Namespace, session: Session) -> int:
    problems = session.store.verify()
    if chosen.json:
        print(json.dumps({"problems": problems}, indent=1))
    else:
        print("\n".join(problems) or f"{chosen.store} is sound.")
    return 1 if problems else 0

"""Collapse groups of nodes into one node each: reads a snapshot, gives another one.

A group whose nodes have others between them cannot be one node: the picture would have a cycle. It stays as it is, and
its problem is told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from helix_jupyter.view.words import line, names, plural

_GRAVEST_FIRST = ("failed", "interrupted", "compute", "load", "prune")


def groups(snapshot: Mapping[str, Any], collapsed: Collection[str]) -> list[dict[str, Any]]:
    """The groups of a snapshot in order: ``name``, ``members``, ``collapsed``, ``problem`` (empty: it can be)."""
    members: dict[str, list[str]] = {}
    for node in snapshot["nodes"]:
        if node["group"]:
            members.setdefault(node["group"], []).append(node["name"])
    place = {node["name"]: node["name"] for node in snapshot["nodes"]}
    listed = []
    for name, inside in members.items():
        wanted = name in collapsed
        between = _between(snapshot["edges"], place, inside)
        if wanted and not between:
            place.update(dict.fromkeys(inside, group_id(name)))
        listed.append({
            "name": name,
            "members": inside,
            "collapsed": wanted and not between,
            "problem": f"It cannot be one box: {names(between, 3)} stands between its nodes." if between else "",
        })  # fmt: skip
    return listed


def collapse(snapshot: Mapping[str, Any], listed: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The snapshot with a node in the place of each collapsed group of ``listed``."""
    shut = {group["name"]: group for group in listed if group["collapsed"]}
    place = {member: group_id(name) for name, group in shut.items() for member in group["members"]}
    by_name = {node["name"]: node for node in snapshot["nodes"]}
    nodes: dict[str, dict[str, Any]] = {}
    for node in snapshot["nodes"]:
        name = place.get(node["name"], node["name"])
        if name not in nodes:
            members = [by_name[one] for one in shut[node["group"]]["members"]] if name != node["name"] else []
            nodes[name] = _box(node["group"], members) if members else {**node, "members": []}
    edges: dict[tuple[str, str], dict[str, Any]] = {}
    for edge in snapshot["edges"]:
        ends = place.get(edge["parent"], edge["parent"]), place.get(edge["child"], edge["child"])
        if ends[0] != ends[1]:
            known = edges.setdefault(ends, {"parent": ends[0], "child": ends[1], "names": [], "chain": False})
            known["names"] += [name for name in edge["names"] if name not in known["names"]]
            known["chain"] = known["chain"] or edge["chain"]
    order = _order(nodes, edges)
    return {**snapshot, "nodes": [nodes[name] for name in order], "edges": list(edges.values())}


def group_id(name: str) -> str:
    """The name of the node that stands for a group; no node has one with a blank in it."""
    return f"group {name}"


def _box(group: str, members: list[dict[str, Any]]) -> dict[str, Any]:
    """What is said of a group: the most that any of its nodes is to do, and what all take together."""
    states = Counter(node["state"] for node in members)
    state = next((one for one in _GRAVEST_FIRST if states[one]), None)
    seconds = [node["seconds"] for node in members if node["state"] in ("compute", "load")]
    counted = ", ".join(f"{count} {one}" for one, count in states.items() if one)
    return {
        **members[0],
        "name": group_id(group),
        "outputs": [],
        "members": [node["name"] for node in members],
        "group": group,
        "state": state,
        "reason": f"{line(group, 60)}: {plural(len(members), 'node')}" + (f", {counted}" if counted else ""),
        "seconds": None if None in seconds else sum(seconds),
        "compute_seconds": None,
        "bytes": sum(node["bytes"] or 0 for node in members),
        "update": False,
        "metrics": False,
        "last": _last([node["last"] for node in members if node["last"]]),
        "value": None,
    }


def _last(lasts: list[dict[str, Any]]) -> dict[str, Any] | None:
    states = [last["state"] for last in lasts]
    state = next((one for one in _GRAVEST_FIRST if one in states), None)
    seconds = sum(last["seconds"] or 0.0 for last in lasts)
    return {"state": state, "seconds": seconds, "reason": ""} if state else None


def _between(edges: Iterable[Mapping[str, Any]], place: Mapping[str, str], inside: Collection[str]) -> list[str]:
    """What lies on a way that leaves the group and comes back into it."""
    children: dict[str, set[str]] = {}
    parents: dict[str, set[str]] = {}
    for edge in edges:
        parent, child = place[edge["parent"]], place[edge["child"]]
        if parent != child:
            children.setdefault(parent, set()).add(child)
            parents.setdefault(child, set()).add(parent)
    below, above = _reach(inside, children), _reach(inside, parents)
    return [name for name in dict.fromkeys(place.values()) if name in below and name in above and name not in inside]


def _reach(start: Collection[str], following: Mapping[str, Collection[str]]) -> set[str]:
    found: set[str] = set()
    left = list(start)
    while left:
        new = set(following.get(left.pop(), ())) - found
        found |= new
        left += new
    return found


def _order(nodes: Iterable[str], edges: Iterable[tuple[str, str]]) -> list[str]:
    """Topological, otherwise as given: a group may stand above what it reads where its first node does."""
    above: dict[str, set[str]] = {name: set() for name in nodes}
    for parent, child in edges:
        above[child].add(parent)
    order: list[str] = []
    placed: set[str] = set()
    for name in above:
        left = [name]
        while left:
            waiting = [parent for parent in above[left[-1]] if parent not in placed]
            if waiting:
                left += waiting
            elif (ready := left.pop()) not in placed:
                placed.add(ready)
                order.append(ready)
    return order

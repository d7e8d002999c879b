"""A version as plain data, for schedulers and other programs."""

from __future__ import annotations

from typing import Any

from helix_jupyter.version.types import Version


def as_json(version: Version) -> dict[str, Any]:
    """A version as plain data: what a scheduler asks for."""
    return {
        "version": version.id,
        "workflow": version.workflow,
        "parent": version.parent,
        "message": version.message,
        "created": version.created,
        "status": version.status,
        "error": version.error,
        "seconds": version.seconds,
        "full_seconds": version.full_seconds,
        "metrics": dict(version.metrics),
        "nodes": {
            node: {
                "state": record.state.value,
                "reason": record.reason,
                "seconds": record.seconds,
                "error": record.error,
            }
            for node, record in version.nodes.items()
        },
    }

"""Digest rule of torch tensors: dtype, shape, device and the elements' bytes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def digest_tensor(value: Any) -> Iterator[tuple[str, object]]:
    yield ".dtype", str(value.dtype)
    yield ".shape", tuple(value.shape)
    yield ".device", str(value.device)
    yield ".requires_grad", bool(value.requires_grad)
    import torch

    # as bytes, since NumPy has no bfloat16
    yield "", value.detach().cpu().contiguous().reshape(-1).view(torch.uint8).numpy()

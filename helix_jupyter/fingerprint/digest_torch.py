"""Digest rules of torch: tensors by dtype, shape, device and elements, modules as pickle would take them apart.

Gradients and the graph that computes them never count; pickle does not keep them either.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def digest_tensor(value: Any) -> Iterator[tuple[str, object]]:
    """The layout counts; strides and lazy conjugation do not."""
    yield ".dtype", str(value.dtype)
    yield ".shape", tuple(value.shape)
    yield ".device", str(value.device)
    yield ".layout", str(value.layout)
    yield ".requires_grad", bool(value.requires_grad)
    yield from _elements(value.detach())
    yield ".__dict__", value.__dict__


def _elements(value: Any) -> Iterator[tuple[str, object]]:
    import torch

    if value.is_quantized:
        yield ".dequantize()", value.dequantize()
    if value.layout is torch.strided:
        flat = value.cpu().resolve_conj().resolve_neg().contiguous().reshape(-1)
        if flat.stride(0) != 1:  # one element counts as contiguous at any stride
            flat = flat.clone(memory_format=torch.contiguous_format)
        yield "", flat.view(torch.uint8).numpy()  # as bytes, since NumPy has no bfloat16
    elif value.layout is torch.sparse_coo:
        entries = value.coalesce()
        yield ".indices()", entries.indices()
        yield ".values()", entries.values()
    else:  # compressed by rows or by columns
        along = "row" if value.layout in (torch.sparse_csr, torch.sparse_bsr) else "col"
        across = "col" if along == "row" else "row"
        yield f".c{along}_indices()", getattr(value, f"c{along}_indices")()
        yield f".{across}_indices()", getattr(value, f"{across}_indices")()
        yield ".values()", value.values()


def digest_module(value: Any) -> Iterator[tuple[str, object]]:
    """Hooks count in their order, not by the numbers that torch gives them in the order of a session."""
    maker, arguments, state, *rest = (*value.__reduce_ex__(5), None)[:6]
    yield ".__reduce__()", (maker, arguments, tuple(rest))
    if not isinstance(state, dict):
        yield "", state
        return
    hooks = {name: held for name, held in state.items() if "_hooks" in name and isinstance(held, dict)}
    numbers = sorted({number for held in hooks.values() for number in held})
    for name in sorted(state):
        held = state[name]
        yield f".{name}", {numbers.index(number): hook for number, hook in held.items()} if name in hooks else held

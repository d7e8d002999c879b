"""Digests of torch values: tensors, modules, optimizers. Skipped where torch is not installed."""

from __future__ import annotations

import itertools
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from helix_jupyter.fingerprint.digest import digest
from helix_jupyter.store.pickling import prepare

torch = pytest.importorskip("torch")


def network(seed: int = 0) -> Any:
    torch.manual_seed(seed)
    nn = torch.nn
    return nn.Sequential(nn.Linear(3, 2), nn.ReLU(), nn.BatchNorm1d(2), nn.Linear(2, 1))


def with_hook(earlier: int) -> Any:
    """A network with a hook; others took ``earlier`` numbers before it."""
    for _ in range(earlier):
        network().register_forward_hook(print)
    made = network()
    made.register_forward_hook(print)
    return made


def noted(note: str) -> Any:
    value = torch.ones(1)
    value.note = note
    return value


def used(steps: int) -> Any:
    """A network after some backward passes, which leave gradients."""
    made = network().eval()
    for _ in range(steps):
        made(torch.ones(4, 3)).sum().backward()
    return made


def adam(steps: int = 0) -> Any:
    made = network().eval()
    optimizer = torch.optim.Adam(made.parameters())
    for _ in range(steps):
        made(torch.ones(4, 3)).sum().backward()
        optimizer.step()
    return optimizer


EQUAL: dict[str, tuple[Callable[[], Any], Callable[[], Any]]] = {
    "strides": (lambda: torch.arange(6).reshape(2, 3).T, lambda: torch.arange(6).reshape(2, 3).T.clone().contiguous()),
    "one element of a column": (lambda: torch.tensor([[1.0, 2.0], [3.0, 4.0]])[:1, 1], lambda: torch.tensor([2.0])),
    "conjugate view": (lambda: torch.tensor([1 + 2j]).conj(), lambda: torch.tensor([1 - 2j])),
    "negative view": (lambda: torch.tensor([1 + 2j, 3j]).conj().imag, lambda: torch.tensor([-2.0, -3.0])),
    "entries in any order": (
        lambda: torch.sparse_coo_tensor([[1, 0, 0]], [2.0, 1.0, 3.0], (3,)),
        lambda: torch.sparse_coo_tensor([[0, 1]], [4.0, 2.0], (3,)),
    ),
    "gradients": (lambda: used(0), lambda: used(2)),
    "module": (network, network),
    "hooks": (lambda: with_hook(0), lambda: with_hook(3)),
    "optimizer": (lambda: adam(1), lambda: adam(1)),
    "state": (lambda: network().state_dict(), lambda: network().state_dict()),
    "data": (
        lambda: torch.utils.data.DataLoader(torch.utils.data.TensorDataset(torch.ones(3)), batch_size=2),
        lambda: torch.utils.data.DataLoader(torch.utils.data.TensorDataset(torch.ones(3)), batch_size=2),
    ),
}


@pytest.mark.parametrize(("first", "second"), EQUAL.values(), ids=EQUAL.keys())
def test_equal_content_has_one_digest(first: Callable[[], Any], second: Callable[[], Any]) -> None:
    assert digest(first()) == digest(second())


UNEQUAL: dict[str, Callable[[], list[Any]]] = {
    "tensors": lambda: [
        torch.tensor([1, 2]),
        torch.tensor([1, 3]),
        torch.tensor([[1, 2]]),
        torch.tensor([1, 2], dtype=torch.int32),
        *(torch.tensor([1.0, 2.0], dtype=kind) for kind in (torch.float32, torch.float16, torch.bfloat16)),
        torch.tensor([1.0, 2.0], requires_grad=True),
        torch.nn.Parameter(torch.tensor([1.0, 2.0])),
        torch.tensor(1),
        torch.tensor([1]),
        torch.tensor(True),
        torch.tensor(0.0),
        torch.tensor(-0.0),
        torch.empty(0),
        torch.empty(0, 3),
        np.array([1, 2]),
        noted("a"),
        noted("b"),
    ],
    "layouts": lambda: [
        torch.eye(4),
        torch.eye(4).to_sparse(),
        2 * torch.eye(4).to_sparse(),
        torch.eye(4).to_sparse_csr(),
        torch.eye(4).to_sparse_csc(),
        torch.eye(4).to_sparse_bsr((2, 2)),
        torch.eye(4).to_sparse_bsc((2, 2)),
    ],
    "modules": lambda: [network(0), network(1), network(0).eval(), with_hook(0), network(0).state_dict()],
    "optimizers": lambda: [adam(0), adam(1), adam(2), torch.optim.SGD(network().parameters(), lr=0.1)],
    "kinds": lambda: [torch.float32, torch.float64, torch.device("cpu"), torch.Size([1, 2]), (1, 2), torch.sum],
}


@pytest.mark.filterwarnings("ignore:Sparse:UserWarning")
@pytest.mark.parametrize("make", UNEQUAL.values(), ids=UNEQUAL.keys())
def test_unequal_values_never_have_one_digest(make: Callable[[], list[Any]]) -> None:
    values = make()
    pairs = itertools.combinations([(digest(value), value) for value in values], 2)
    assert [(one, other) for (left, one), (right, other) in pairs if left == right] == []
    for value in values:
        assert digest(pickle.loads(pickle.dumps(value))) == digest(value), repr(value)
        assert digest(prepare(value).copy()) == digest(value), repr(value)

"""Each node draws from random generators under its own seed, so that order, reuse and restarts do not matter."""

from __future__ import annotations

import hashlib
import os
import random
import secrets
import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from helix_jupyter.fingerprint.digest import digest
from helix_jupyter.fingerprint.kinds import is_a
from helix_jupyter.fingerprint.locality import Origin, origin
from helix_jupyter.fingerprint.patches import Patches
from helix_jupyter.graph.declaration import Declaration

_forks = 0


def _count_fork() -> None:
    global _forks
    _forks += 1


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_parent=_count_fork)


@dataclass
class Draws:
    """What was drawn while a node ran; filled at the end.

    ``generators`` are the names of the notebook's own generators that it drew from. ``by_seed``: it drew, or may have
    drawn, numbers that follow from its seed.
    """

    generators: list[str] = field(default_factory=list)
    by_seed: bool = False


def node_seed(workflow_seed: int, declaration: Declaration) -> int:
    """The seed of a node, 32 bits: its own where it declares one, else derived from the workflow's and its outputs.

    The links of a chain give one name, so a link's own name counts, too.
    """
    if declaration.seed is not None:
        return declaration.seed % 2**32
    names = (*declaration.outputs, *([declaration.node] if declaration.update else []))
    return _derived(f"{workflow_seed}:{','.join(names)}")


@lru_cache(maxsize=10_000)
def _derived(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")


@contextmanager
def seeded(
    seed: int, modules: Collection[str] = (), generators: Mapping[str, Any] = MappingProxyType({})
) -> Iterator[Draws]:
    """Seed the global generators inside, and give the notebook its own states back after.

    Generators that are made inside without a seed get one that follows from ``seed``, too.

    Parameters
    ----------
    modules
        What the code imports: the generators of PyTorch and polars are seeded where it does, or where they are loaded.
    generators
        The notebook's own generator objects, by name; put back as well.

    Yields
    ------
    Draws
    """
    # imported, though it costs 70 ms once: a node that is the first to import it would draw unseeded numbers
    from numpy import random as numpy_random

    python_state, numpy_state = random.getstate(), numpy_random.get_state()
    before = {name: state_of(generator) for name, generator in generators.items()}
    draws, forks = Draws(), _forks
    patches = Patches()
    with ExitStack() as stack:
        stack.callback(numpy_random.set_state, numpy_state)
        stack.callback(random.setstate, python_state)
        random.seed(seed)
        numpy_random.seed(seed)
        for name, seed_module in (("torch", _seed_torch), ("polars", _seed_polars)):
            if name in sys.modules or name in modules:
                stack.callback(seed_module(seed))
        stack.callback(patches.remove)
        source = _seed_the_unseeded(patches, seed)
        began = _states(source)
        try:
            yield draws
        finally:
            # a forked child draws from a copy; polars cannot be asked (see session.twins)
            draws.by_seed = _forks != forks or _states(source) != began
            for name, state in before.items():
                if digest(state_of(generators[name])) != digest(state):
                    draws.generators.append(name)
                    put_back(generators[name], state)


def is_generator(value: object) -> bool:
    """A random generator of Python or NumPy, as an object of its own."""
    numpy_random = sys.modules.get("numpy.random")
    kinds = (numpy_random.Generator, numpy_random.RandomState) if numpy_random else ()
    return is_a(value, (random.Random, *kinds)) and not is_a(value, random.SystemRandom)


def state_of(generator: Any) -> Any:
    """The state of a generator."""
    if isinstance(generator, random.Random):
        return generator.getstate()
    bits = getattr(generator, "bit_generator", None)
    return generator.get_state() if bits is None else bits.state


def put_back(generator: Any, state: Any) -> None:
    """Give a generator a state that it had."""
    if isinstance(generator, random.Random):
        generator.setstate(state)
    elif hasattr(generator, "bit_generator"):
        generator.bit_generator.state = state
    else:
        generator.set_state(state)


def _seed_torch(seed: int) -> Callable[[], None]:
    import torch

    cuda = torch.cuda.get_rng_state_all() if torch.cuda.is_available() else None
    state = torch.get_rng_state()
    torch.manual_seed(seed)

    def back() -> None:
        torch.set_rng_state(state)
        if cuda is not None:
            torch.cuda.set_rng_state_all(cuda)

    return back


def _seed_polars(seed: int) -> Callable[[], None]:
    import polars

    polars.set_random_seed(seed)
    # its state cannot be asked for: the notebook goes on with one that nobody knows, as polars begins
    return lambda: polars.set_random_seed(secrets.randbits(63))


def _states(source: random.Random) -> tuple[object, ...]:
    """The states of all that the seed governs, to be compared; PyTorch's is missing until it is imported."""
    torch = sys.modules.get("torch")
    state: list[str] = []
    if torch is not None and hasattr(torch, "get_rng_state"):
        state.append(digest(torch.get_rng_state()))
        state += map(digest, torch.cuda.get_rng_state_all() if torch.cuda.is_available() else ())
    return random.getstate(), source.getstate(), _numpy_state(), state


def _numpy_state() -> object:
    from numpy import random as numpy_random

    state: object = numpy_random.get_state()
    if not isinstance(state, tuple):  # of another generator than NumPy begins with
        return digest(state)
    name, keys, *rest = state
    return name, keys.tobytes(), *rest


def _seed_the_unseeded(patches: Patches, seed: int) -> random.Random:
    """Have generators that are made without a seed take numbers that follow from ``seed``, each other ones.

    NumPy takes entropy for all of its generators in one place, whoever makes them and however ``default_rng`` was
    imported. Python's library (names of temporary files) keeps its own randomness, and so do forked children, which
    would otherwise all draw the same.
    """
    from numpy.random import bit_generator

    source, process = random.Random(f"helix:{seed}"), os.getpid()
    entropy, seed_python = vars(bit_generator).get("randbits"), random.Random.seed

    def randbits(count: int) -> int:
        chosen = source.getrandbits if os.getpid() == process else secrets.randbits
        return chosen(count)

    def seed_method(self: random.Random, a: Any = None, version: int = 2) -> None:
        if a is None and os.getpid() == process and not _asked_by_python():
            a = source.getrandbits(128)
        seed_python(self, a, version)

    if entropy is not None:
        patches.put(bit_generator, "randbits", randbits)
    patches.put(random.Random, "seed", seed_method)
    # the module's function is a method bound to the one before
    patches.put(random, "seed", random._inst.seed)
    return source


def _asked_by_python() -> bool:
    frame = sys._getframe(2)
    while frame.f_globals.get("__name__") == "random" and frame.f_back is not None:
        frame = frame.f_back
    return origin(frame.f_globals.get("__name__")) is Origin.PYTHON

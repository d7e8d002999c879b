"""The digest of a value: of its content, with type, shape and schema, not of a pickle. Only reads values.

How a value is told (first that fits): a scalar by its bytes; a list, tuple, dict or set by its elements; code
(functions, classes, modules) as ``digest_code`` says; a type with a rule (``rules``) by the rule's parts;
anything else by the parts that pickle protocol 5 takes it apart into. Pickling it whole was rejected: the
stream depends on which equal objects are one object, on the order of sets and attributes, and on how tables
lie in memory.

Limits, stated: shared references are told like equal copies (``[a, a]`` as ``[a, copy(a)]``), except within a
cycle; an object whose ``__reduce_ex__`` leaves something out is equal to one that differs there only;
``object()`` sentinels are all alike; annotations and docstrings of functions never count.
"""

from __future__ import annotations

import builtins
import copyreg
import sys
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary

from xxhash import xxh3_128_digest

from helix_jupyter.errors import Undigestable
from helix_jupyter.fingerprint.digest_code import CODE, code_token, type_token
from helix_jupyter.fingerprint.framing import frame, hexadecimal, seal
from helix_jupyter.fingerprint.global_generators import global_name
from helix_jupyter.fingerprint.kinds import is_a
from helix_jupyter.fingerprint.locality import Origin, origin
from helix_jupyter.fingerprint.rules import STANDS_AS, register_digest, rule_for
from helix_jupyter.fingerprint.scalars import COLUMN_LENGTH, SCALARS, column_token, rows_token
from helix_jupyter.fingerprint.shown import shown

__all__ = ["Walk", "digest", "register_digest"]


def digest(value: object, ordered: bool = False) -> str:
    """The digest of ``value``'s content.

    Parameters
    ----------
    ordered
        Whether the order of dictionaries and of attributes counts, which equality does not see and code does.

    Returns
    -------
    str
        32 hexadecimal digits (XXH3-128), equal for equal content across processes and hash seeds. Versions of
        third-party packages do not count. Functions and classes of the notebook and of local modules count
        with their code and all that it reaches.

    Raises
    ------
    Undigestable
        Something in ``value`` has no content to digest (a generator, a lock, an open file); the error names
        it.
    """
    walk = Walk(ordered=ordered)
    token = walk.token(value)
    if walk.references:
        from helix_jupyter.fingerprint.capture import behind

        token += behind(walk.references, ordered)
    return hexadecimal(token)


# calls within calls; a level of nesting takes up to eight
_DEEPEST = 50_000
# a level that no value lies at
_NOWHERE = 1 << 60


@dataclass
class Walk:
    """One walk over one value.

    Attributes
    ----------
    by_name
        Tell functions and classes that have a findable name by that name alone: whoever asked tells their
        code apart.
    ordered
        Tell dictionaries and attributes in the order in which they stand, not in one of their own.
    references
        Local functions, classes and modules that were met, for whoever asked to follow.
    modules
        Top-level names of third-party modules whose functions or classes were met.
    """

    by_name: bool = False
    ordered: bool = False
    references: list[Any] = field(default_factory=list)
    modules: set[str] = field(default_factory=set)
    # what stands before and behind the elements of an array, by its dtype's identity and its shape
    around_arrays: dict[tuple[int, tuple[int, ...]], tuple[bytes, bytes]] = field(default_factory=dict)
    _active: dict[int, int] = field(default_factory=dict)
    _known: dict[int, tuple[object, bytes]] = field(default_factory=dict)
    # objects told on cycles that are still open, numbered; how many there were when each active level began
    _open: dict[int, tuple[int, object]] = field(default_factory=dict)
    _levels: list[int] = field(default_factory=list)
    _reached_back: int = _NOWHERE

    def token(self, value: object, path: str = "") -> bytes:
        """The token of ``value``; ``path`` leads to it in the error that says what cannot be digested."""
        try:
            return self.tell(value)
        except Undigestable as error:
            raise Undigestable(path + error.path, error.reason) from None
        except RecursionError:
            return self._deep_token(value, path)

    def _deep_token(self, value: object, path: str) -> bytes:
        """Told once more with room for long chains of objects: these are calls in Python, which need no C stack."""
        limit = sys.getrecursionlimit()
        fresh = Walk(self.by_name, self.ordered, self.references, self.modules)
        sys.setrecursionlimit(max(limit, _DEEPEST))
        try:
            return fresh.tell(value)
        except Undigestable as error:
            raise Undigestable(path + error.path, error.reason) from None
        except RecursionError:
            raise Undigestable(path, "it is nested too deeply; flatten it") from None
        finally:
            sys.setrecursionlimit(limit)

    def tell(self, value: object) -> bytes:
        """The token of ``value``: scalars at once, everything else behind a guard against cycles."""
        kind = type(value)
        scalar = SCALARS.get(kind)
        if scalar is not None:
            return scalar(value)
        known = self._known.get(id(value))
        return known[1] if known is not None else self.guard(value, _WAYS.get(kind) or _way(kind))

    def guard(self, value: object, way: Callable[[Walk, Any], bytes]) -> bytes:
        """The token that ``way`` gives: once per object, and a value inside itself by the levels between."""
        identity = id(value)
        known = self._known.get(identity)
        if known is not None:
            return known[1]
        if identity in self._active:
            began = self._active[identity]
            self._reached_back = min(self._reached_back, began)
            return b"back:%d;" % (len(self._active) - began)
        if identity in self._open:
            return self._again(self._open[identity][0])
        return self._told(value, way)

    def _again(self, number: int) -> bytes:
        """An object on a cycle that is still open, met once more: by its number within the level that holds it.

        Telling it anew from each side would follow every path through the cycle, of which there are exponentially many.
        """
        level = bisect_right(self._levels, number) - 1
        self._reached_back = min(self._reached_back, level)
        return b"again:%d:%d;" % (len(self._active) - level, number - self._levels[level])

    def _told(self, value: object, way: Callable[[Walk, Any], bytes]) -> bytes:
        identity, depth, outside = id(value), len(self._active), self._reached_back
        self._active[identity] = depth
        self._levels.append(len(self._open))
        self._reached_back = _NOWHERE
        try:
            token = way(self, value)
        finally:
            del self._active[identity]
            first = self._levels.pop()
            # what reaches back beyond this value would be told otherwise from elsewhere: not remembered
            closed = self._reached_back >= depth
            self._reached_back = outside if closed else min(outside, self._reached_back)
        if not closed:
            self._open[identity] = (len(self._open), value)
            return token
        while len(self._open) > first:
            self._open.popitem()
        if not (way in _OF_RULES and hasattr(type(value), "__len__")) or type(value).__module__ == _DTYPES:
            self._known[identity] = (value, token)
        return token

    def step(self, value: object, step: str) -> bytes:
        """The token of a part of the value that is being told."""
        try:
            return self.tell(value)
        except Undigestable as error:
            raise Undigestable(step + error.path, error.reason) from None

    def sequence(self, values: list[Any] | tuple[Any, ...]) -> bytes:
        """The token of elements in order."""
        return self._elements(values, "[{}]".format)

    def _elements(self, values: list[Any] | tuple[Any, ...], step: Callable[[int], str]) -> bytes:
        """The same; ``step`` gives what leads to the element at an index."""
        if len(values) >= COLUMN_LENGTH:
            column = column_token(values) or rows_token(values)
            if column is not None:
                return column
        index = 0
        tokens = []
        try:
            for index, value in enumerate(values):  # noqa: B007  the handler reads it
                tokens.append(self.tell(value))
        except Undigestable as error:
            raise Undigestable(step(index) + error.path, error.reason) from None
        return b"%d:" % len(tokens) + b"".join(tokens)

    def mapping(self, items: dict[Any, Any]) -> bytes:
        """The token of items: in any order, unless the walk is ordered."""
        keys = list(items) if self.ordered else sorted_scalars(items)
        if keys is not None:
            return self.sequence(keys) + self._values(keys, [items[key] for key in keys])
        pairs = sorted([(self.step(key, ".keys()"), index) for index, key in enumerate(items)])
        order = list(items)
        keys = [order[index] for _, index in pairs]
        return b"".join(token for token, _ in pairs) + self._values(keys, [items[key] for key in keys])

    def _values(self, keys: list[Any], values: list[Any]) -> bytes:
        return self._elements(values, lambda index: f"[{shown(keys[index])}]")

    def parts(self, steps: list[tuple[str, Any]]) -> bytes:
        """The token of named parts, in order."""
        return b"".join([frame("step", step.encode()) + self.step(part, step) for step, part in steps])


def _way(kind: type) -> Callable[[Walk, Any], bytes]:
    if kind in CODE or issubclass(kind, type):
        return code_token
    rule = rule_for(kind)
    if rule is None:
        return _by_reduction
    # not a subclass, and no rule that somebody else registered
    is_array = kind.__qualname__ == "ndarray" and rule.__module__ == _ARRAYS
    return _by_rule_of_arrays if is_array else _by_rule


def _list(walk: Walk, value: list[Any]) -> bytes:
    return seal("list", walk.sequence(value))


def _tuple(walk: Walk, value: tuple[Any, ...]) -> bytes:
    return seal("tuple", walk.sequence(value))


def _dict(walk: Walk, value: dict[Any, Any]) -> bytes:
    if value is vars(builtins):  # in any namespace of ``exec``; own additions to it are told in ``added``
        return frame("module", b"builtins")
    return seal("dict", b"%d:" % len(value) + walk.mapping(value))


def _set(walk: Walk, value: set[Any] | frozenset[Any]) -> bytes:
    kind = type(value).__name__
    ordered = sorted_scalars(value)
    if ordered is not None:
        return seal(kind, walk.sequence(ordered))
    tokens = []
    try:
        for item in value:
            tokens.append(walk.tell(item))
    except Undigestable as error:
        raise Undigestable(f"{{{shown(item)}}}{error.path}", error.reason) from None
    tokens.sort()
    return seal(kind, b"%d:" % len(tokens) + b"".join(tokens))


def sorted_scalars(values: Collection[Any]) -> list[Any] | None:
    """The elements in an order of their own, where all are strings or all are integers."""
    kinds = set(map(type, values))
    return sorted(values) if kinds in ({str}, {int}) else None


def _by_rule(walk: Walk, value: Any) -> bytes:
    rule = rule_for(type(value))
    assert rule is not None
    label = type(value)
    digester = bytearray()
    try:
        for step, part in rule(value):
            if step is STANDS_AS:
                label = part  # type: ignore[assignment]  # a rule gives a type with this step
                continue
            # a list that a rule made is told unguarded: remembered, it would keep a copy of a column alive
            told = _list(walk, part) if type(part) is list else walk.step(part, step)
            digester += frame("step", step.encode("utf-8", "surrogatepass")) + told
    except (Undigestable, RecursionError, MemoryError):
        raise
    except Exception as error:  # a rule's mistake, or a kind of the type that it does not know
        raise _undigestable(value, error) from error
    return seal("rule", type_token(walk, label) + digester)


def _by_rule_of_arrays(walk: Walk, value: Any) -> bytes:
    """As ``_by_rule`` tells it, three times as fast where an array of the same dtype and shape was told before: the
    columns of a frame."""
    from helix_jupyter.fingerprint.digest_numpy import PLAIN_KINDS, element_bytes

    dtype, shape = value.dtype, value.shape
    if dtype.kind not in PLAIN_KINDS:
        return _by_rule(walk, value)
    before, behind = walk.around_arrays.get((id(dtype), shape)) or (b"", b"")
    if not before:
        before = type_token(walk, type(value)) + walk.parts([(".dtype", dtype), (".shape", shape)]) + frame("step", b"")
        behind = walk.parts([(".__dict__", {})])
        if id(dtype) in walk._known:  # so that nothing else comes to have its identity
            walk.around_arrays[id(dtype), shape] = before, behind
    return seal("rule", before + walk.tell(element_bytes(value)) + behind)


def _by_reduction(walk: Walk, value: Any) -> bytes:
    """By the parts that pickle protocol 5 would write: what makes it, with what, and its state."""
    reduced = _reduce(value)
    if isinstance(reduced, str):
        return seal("global", _global_name(walk, value, reduced))
    maker, arguments, state, items, pairs, setter = reduced
    told = [
        frame("by", type_token(walk, type(value))),
        walk.step(maker, ".__reduce__()"),
        walk.step(_plain(arguments), ".__reduce__()"),
        _state(walk, _without_caches(type(value), state), _in_order(walk, type(value))),
        walk.sequence(items) if items is not None else b"-",
        walk.mapping(pairs) if pairs is not None else b"-",
        walk.step(setter, ".__reduce__()"),
    ]
    return seal("object", b"".join(told))


def _reduce(value: Any) -> Any:
    """A name, or six parts as pickle takes them, the items in a list and the pairs in a dict."""
    if (name := global_name(value)) is not None:
        return name
    kind = type(value)
    special = copyreg.dispatch_table.get(kind)
    try:
        reduced = special(value) if special is not None else value.__reduce_ex__(5)
        if isinstance(reduced, str):
            return reduced
        maker, arguments, state, items, pairs, setter = (*reduced, None, None, None, None)[:6]
        # a subclass may give them in a way of its own
        items, pairs = items if items is None else list(items), pairs if pairs is None else dict(pairs)
        return maker, arguments, state, items, pairs, setter
    except Undigestable:
        raise
    except Exception as error:
        raise _undigestable(value, error) from None


def _undigestable(value: Any, error: Exception) -> Undigestable:
    kind = type(value)
    reason = str(error) or type(error).__name__
    if is_a(value, Iterator):
        reason = "an iterator gives its items once only; make it a list"
    return Undigestable("", f"{kind.__module__}.{kind.__qualname__}: {reason}")


def _plain(arguments: Any) -> Any:
    return arguments if is_a(arguments, tuple) else (arguments,)


def _without_caches(kind: type, state: Any) -> Any:
    """The state of an instance without the values of ``functools.cached_property``: they follow from the rest."""
    if type(state) is not dict:
        return state
    caches = caches_of(kind)
    left = {name: held for name, held in state.items() if name not in caches} if caches else state
    # as of an instance without attributes: an exception has an empty state once somebody asked for its attributes
    return left or None


def caches_of(kind: type) -> frozenset[str]:
    """The names of a class's cached properties: their values are no content."""
    if kind not in _cached_properties:
        held = [name for base in kind.__mro__ for name, one in vars(base).items() if isinstance(one, cached_property)]
        _cached_properties[kind] = frozenset(held)
    return _cached_properties[kind]


_cached_properties: WeakKeyDictionary[type, frozenset[str]] = WeakKeyDictionary()


def _in_order(walk: Walk, kind: type) -> bool:
    """Whether the order of attributes counts. An installed package may set them in another one when it is unpickled."""
    return walk.ordered and origin(kind.__module__) is not Origin.THIRD_PARTY


def _state(walk: Walk, state: Any, in_order: bool) -> bytes:
    """Attributes by name, so that a path reads ``.lock``; any other state as it is."""
    if (
        type(state) is tuple
        and len(state) == 2
        and type(state[1]) is dict
        and (state[0] is None or type(state[0]) is dict)
    ):
        return seal("slots", _state(walk, state[0], in_order) + _state(walk, state[1], False))
    if type(state) is dict and all(type(name) is str for name in state):
        names = list(state) if in_order else sorted(state)
        return seal("state", walk.parts([(f".{name}", state[name]) for name in names]))
    return walk.step(state, "")


def _global_name(walk: Walk, value: Any, name: str) -> bytes:
    module = getattr(value, "__module__", None) or type(value).__module__
    if origin(module) is Origin.THIRD_PARTY and _is_lost(value, module, name):
        # a ufunc that np.frompyfunc made: the function inside it is out of sight
        raise Undigestable("", f"{type(value).__module__}.{type(value).__qualname__}: no module has it as {name!r}")
    walk.modules.add(str(module).partition(".")[0])
    return frame("module", str(module).encode()) + frame("name", name.encode())


def _is_lost(value: Any, module: str, name: str) -> bool:
    """Whether no module has the value under the name that it goes by."""
    from pickle import whichmodule  # type: ignore[attr-defined]  # the annotations leave it out

    return getattr(sys.modules.get(module), name, None) is not value and whichmodule(value, name) == "__main__"


def _pickle_buffer(walk: Walk, value: Any) -> bytes:
    return b"buffer:" + xxh3_128_digest(value.raw())


def _ways() -> dict[type, Callable[[Walk, Any], bytes]]:
    from pickle import PickleBuffer

    return {
        list: _list,
        tuple: _tuple,
        dict: _dict,
        set: _set,
        frozenset: _set,
        PickleBuffer: _pickle_buffer,
    }


_WAYS = _ways()
# remembering arrays would keep temporary copies alive; a dtype, which has a length as well, is met once a column
_OF_RULES = (_by_rule, _by_rule_of_arrays)
_DTYPES = "numpy.dtypes"
_ARRAYS = "helix_jupyter.fingerprint.digest_numpy"

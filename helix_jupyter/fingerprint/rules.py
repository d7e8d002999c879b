"""Which rule stands for a type: by the type itself or by its dotted name, along the method resolution order.

A rule takes a value and gives its parts: pairs of a step (``['column']``, ``.dtype``: what a path to the part
would say) and a simpler value. Rules for pandas and the like are known by name, so nothing is imported until
such a value is met. Holds the registry; digests nothing.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterable
from functools import lru_cache
from importlib import import_module
from typing import Any
from weakref import WeakKeyDictionary

Rule = Callable[[Any], Iterable[tuple[str, object]]]

ENTRY_POINT_GROUP = "helix_jupyter.digests"
# says that a type is taken apart as pickle would, whatever rule its bases have
GENERIC = "generic"
# the step with which a rule says that its value counts as one of another type (a memory map as an array)
STANDS_AS = "(stands as)"

_HERE = "helix_jupyter.fingerprint.digest_"
_named: dict[str, str | Rule] = {
    "builtins.range": _HERE + "builtin:digest_range",
    "builtins.slice": _HERE + "builtin:digest_slice",
    "builtins.memoryview": _HERE + "builtin:digest_memoryview",
    "builtins.dict_keys": _HERE + "builtin:digest_keys",
    "builtins.dict_values": _HERE + "builtin:digest_values",
    "builtins.dict_items": _HERE + "builtin:digest_mapping_proxy",
    "_struct.Struct": _HERE + "builtin:digest_struct",
    "builtins.mappingproxy": _HERE + "builtin:digest_mapping_proxy",
    "builtins.cell": _HERE + "builtin:digest_cell",
    "builtins.set": _HERE + "builtin:digest_set_subclass",
    "builtins.frozenset": _HERE + "builtin:digest_set_subclass",
    "builtins.generator": _HERE + "refused:refuse_generator",
    "builtins.coroutine": _HERE + "refused:refuse_coroutine",
    "builtins.async_generator": _HERE + "refused:refuse_generator",
    "builtins.frame": _HERE + "refused:refuse_frame",
    "builtins.traceback": _HERE + "refused:refuse_frame",
    "_io._IOBase": _HERE + "refused:refuse_file",
    "_io.BytesIO": _HERE + "builtin:digest_memory_file",
    "_io.StringIO": _HERE + "builtin:digest_memory_file",
    "_contextvars.ContextVar": _HERE + "builtin:digest_context_variable",
    "_thread.lock": _HERE + "refused:refuse_lock",
    "_thread.RLock": _HERE + "refused:refuse_lock",
    "threading.Thread": _HERE + "refused:refuse_thread",
    "threading.Condition": _HERE + "refused:refuse_lock",
    "threading.Event": _HERE + "refused:refuse_lock",
    "threading.Semaphore": _HERE + "refused:refuse_lock",
    "threading.Barrier": _HERE + "refused:refuse_lock",
    "threading.local": _HERE + "refused:refuse_thread",
    "_thread._local": _HERE + "refused:refuse_thread",
    "socket.socket": _HERE + "refused:refuse_connection",
    "_socket.socket": _HERE + "refused:refuse_connection",
    "sqlite3.Connection": _HERE + "refused:refuse_connection",
    "sqlite3.Cursor": _HERE + "refused:refuse_connection",
    "subprocess.Popen": _HERE + "refused:refuse_process",
    "multiprocessing.process.BaseProcess": _HERE + "refused:refuse_process",
    "concurrent.futures._base.Executor": _HERE + "refused:refuse_process",
    "weakref.ReferenceType": _HERE + "refused:refuse_weak",
    "weakref.ProxyType": _HERE + "refused:refuse_weak",
    "weakref.CallableProxyType": _HERE + "refused:refuse_weak",
    "weakref.WeakKeyDictionary": _HERE + "refused:refuse_weak",
    "weakref.WeakValueDictionary": _HERE + "refused:refuse_weak",
    "weakref.WeakSet": _HERE + "refused:refuse_weak",
    "_weakrefset.WeakSet": _HERE + "refused:refuse_weak",
    "collections.OrderedDict": _HERE + "builtin:digest_ordered_dict",
    "typing.NewType": _HERE + "builtin:digest_new_type",
    "enum.Enum": _HERE + "builtin:digest_enum",
    "functools._lru_cache_wrapper": _HERE + "builtin:digest_cached_function",
    "functools.cached_property": _HERE + "builtin:digest_cached_property",
    "functools.partial": _HERE + "builtin:digest_partial",
    "_ctypes.CField": _HERE + "builtin:digest_c_field",
    "functools.singledispatchmethod": _HERE + "builtin:digest_dispatched_method",
    "joblib.memory.MemorizedFunc": _HERE + "joblib:digest_memorized",
    # as Python 3.13 calls it; earlier ones take it apart into its parts themselves
    "pathlib._local.PurePath": _HERE + "builtin:digest_path",
    "matplotlib.colors.Colormap": _HERE + "matplotlib:digest_colormap",
    "matplotlib.cbook.CallbackRegistry": _HERE + "matplotlib:digest_callbacks",
    "matplotlib.artist.Artist": _HERE + "refused:refuse_drawing",
    "numpy.ndarray": _HERE + "numpy:digest_array",
    "numpy.ma.MaskedArray": _HERE + "numpy:digest_masked",
    "numpy.ma.core.MaskedArray": _HERE + "numpy:digest_masked",
    "numpy.memmap": _HERE + "numpy:digest_memmap",
    "numpy.generic": _HERE + "numpy:digest_scalar",
    "numpy.dtype": _HERE + "numpy:digest_dtype",
    "numpy.vectorize": _HERE + "numpy:digest_vectorized",
    "pandas.DataFrame": _HERE + "pandas:digest_frame",
    "pandas.Series": _HERE + "pandas:digest_series",
    "pandas.Index": _HERE + "pandas:digest_index",
    "pandas.MultiIndex": _HERE + "pandas:digest_multi_index",
    "pandas.Timestamp": GENERIC,
    "pandas.core.groupby.groupby.BaseGroupBy": _HERE + "pandas:digest_groups",
    "pandas.core.window.rolling.BaseWindow": _HERE + "pandas:digest_window",
    "pandas.io.formats.style.Styler": _HERE + "refused:refuse_drawing",
    "pandas.api.extensions.ExtensionDtype": _HERE + "pandas:digest_extension_dtype",
    "pandas.api.extensions.ExtensionArray": _HERE + "pandas:digest_extension_array",
    "pyarrow.lib.Array": _HERE + "arrow:digest_arrow_array",
    "pyarrow.lib.ChunkedArray": _HERE + "arrow:digest_chunked_array",
    "pyarrow.lib.Table": _HERE + "arrow:digest_table",
    "pyarrow.lib.RecordBatch": _HERE + "arrow:digest_table",
    "pyarrow.lib.Schema": _HERE + "arrow:digest_schema",
    "pyarrow.lib.Field": _HERE + "arrow:digest_field",
    "pyarrow.lib.DataType": _HERE + "arrow:digest_type",
    "pyarrow.lib.Buffer": _HERE + "arrow:digest_buffer",
    "pyarrow._dataset.Dataset": _HERE + "refused:refuse_dataset",
    "polars.dataframe.frame.DataFrame": _HERE + "polars:digest_frame",
    "polars.lazyframe.frame.LazyFrame": _HERE + "polars:digest_lazy_frame",
    "polars.series.series.Series": _HERE + "polars:digest_series",
    "scipy.sparse._base._spbase": _HERE + "scipy:digest_sparse",
    "sklearn.base.BaseEstimator": _HERE + "sklearn:digest_estimator",
    "sklearn.utils._bunch.Bunch": _HERE + "sklearn:digest_bunch",
    "sklearn.neighbors._kd_tree.BinaryTree64": _HERE + "sklearn:digest_tree",
    "sklearn.neighbors._kd_tree.BinaryTree32": _HERE + "sklearn:digest_tree",
    "sklearn.neighbors._ball_tree.BinaryTree64": _HERE + "sklearn:digest_tree",
    "sklearn.neighbors._ball_tree.BinaryTree32": _HERE + "sklearn:digest_tree",
    "torch.nn.modules.module.Module": _HERE + "torch:digest_module",
    "torch.Tensor": _HERE + "torch:digest_tensor",
    "torch._tensor.Tensor": _HERE + "torch:digest_tensor",
}
_typed: dict[type, Rule] = {}
# answers given, so that a type is looked up once; weak, since notebooks define their classes again and again
_found: WeakKeyDictionary[type, Rule | None] = WeakKeyDictionary()


def register_digest(type_or_name: type | str, rule: Rule) -> None:
    """Make ``rule`` stand for a type and its subclasses.

    Parameters
    ----------
    type_or_name
        The type, or its dotted name (module and qualified name), which imports nothing.
    rule
        Takes a value; gives pairs of a step (``.name`` or ``['key']``, for the path in an error) and a part.
        Parts are digested in order, each with its step; what is large should be a ``memoryview`` or a NumPy
        array.
    """
    if isinstance(type_or_name, str):
        _named[type_or_name] = rule
    else:
        _typed[type_or_name] = rule
    _found.clear()


def rule_for(kind: type) -> Rule | None:
    """The rule of ``kind`` or of its nearest base that has one; None: it is taken apart as pickle would."""
    try:
        return _found[kind]
    except KeyError:
        found = _registered(kind)
    if found is None and _from_entry_points(kind):
        found = _registered(kind)
    plain = found is None or found == GENERIC
    rule = _found[kind] = None if plain else _load(found) if isinstance(found, str) else found
    return rule


def _registered(kind: type) -> str | Rule | None:
    for base in kind.__mro__:
        found = _typed.get(base) or _named.get(f"{base.__module__}.{base.__qualname__}")
        if found is not None:
            return found
    return None


def _load(place: str) -> Rule:
    module, _, name = place.partition(":")
    rule: Rule = getattr(import_module(module), name)
    return rule


@lru_cache(maxsize=1)
def _entry_points() -> dict[str, Any]:
    from importlib.metadata import entry_points

    return {point.name: point for point in entry_points(group=ENTRY_POINT_GROUP)}


def _from_entry_points(kind: type) -> bool:
    """Register the rule that a distribution gives for ``kind``: entry points are named by the dotted type."""
    if kind.__module__.partition(".")[0] in sys.stdlib_module_names:  # looking costs some 10 ms, once
        return False
    for base in kind.__mro__:
        name = f"{base.__module__}.{base.__qualname__}"
        point = _entry_points().get(name)
        if point is None:
            continue
        try:
            _named[name] = point.load()
        except Exception as error:  # a broken plug-in must not stop the workflow
            logging.getLogger("helix_jupyter").warning("The digest rule %s cannot be loaded: %s", point.value, error)
            return False
        return True
    return False

"""Settings of packages that a plain cell changed, as parts of the nodes that reach them, and put back behind nodes.

Only what differs from a default counts, so that nothing is told of a package for being loaded. Knows NumPy, pandas,
scikit-learn, Matplotlib, ``decimal`` and ``sys.argv``; reads what is loaded and imports nothing.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from types import FunctionType
from typing import Any

from helix_jupyter.errors import Undigestable
from helix_jupyter.fingerprint.digest import digest
from helix_jupyter.fingerprint.framing import digest_fields
from helix_jupyter.fingerprint.locality import Origin, origin
from helix_jupyter.fingerprint.scalars import SCALARS
from helix_jupyter.fingerprint.types import Part

Options = dict[str, Any]
# pandas' own attributes of its tables, so that hundreds of them are looked at once
_THEIRS: dict[str, dict[str, object]] = {}
# values that are no default, by package and option
Changed = dict[str, Options]


@dataclass(frozen=True)
class _Package:
    """``options`` gives each option's value and default.

    They act in nodes that reach one of ``used_by`` (none: in any), and in those that reach one of ``drawn_by`` and ask
    it to draw; where ``asked_by`` is given, in those that mention one of these names. Those whose names begin as in
    ``of_text`` shape what is printed and shown, and nothing else.
    """

    options: Callable[[Any], Iterator[tuple[str, Any, Any]]]
    put: Callable[[Any, Options], None]
    used_by: frozenset[str] = frozenset()
    drawn_by: frozenset[str] = frozenset()
    of_text: tuple[str, ...] = ()
    asked_by: frozenset[str] = frozenset()

    def is_used(self, reached: Collection[str], mentioned: Collection[str] | None) -> bool:
        """Whether code acts through this package that reaches these packages and mentions these names (None: any)."""
        if self.asked_by:
            return mentioned is None or not self.asked_by.isdisjoint(mentioned)
        if not self.used_by or not self.used_by.isdisjoint(reached):
            return True
        return not self.drawn_by.isdisjoint(reached) and (mentioned is None or not _DRAWING.isdisjoint(mentioned))


def changed_settings() -> Changed:
    """All settings that are not as their package has them."""
    found: Changed = {}
    for name, package in _PACKAGES.items():
        module = sys.modules.get(name)
        if module is None:
            continue
        try:
            options = {option: value for option, value, default in package.options(module) if not _same(value, default)}
        except (AttributeError, ImportError):  # another version of it, or it is being imported
            continue
        if options:
            found[name] = options
    return found


def put_settings(wanted: Changed) -> tuple[str, ...]:
    """Make settings differ from their defaults as ``wanted`` says and nowhere else; names those that did not."""
    now = changed_settings()
    told = []
    for name in sorted(now.keys() | wanted.keys()):
        before, after = wanted.get(name, {}), now.get(name, {})
        names = before.keys() | after.keys()
        other = {
            option
            for option in names
            if (option in before) != (option in after) or not _same(before.get(option), after.get(option))
        }
        if other and name in sys.modules:
            package, module = _PACKAGES[name], sys.modules[name]
            defaults = {option: default for option, _, default in package.options(module)}
            with warnings.catch_warnings():  # options on their way out say so
                warnings.simplefilter("ignore")
                package.put(module, {option: before.get(option, defaults.get(option)) for option in sorted(other)})
            told += [_label(name, option) for option in sorted(other)]
    return tuple(told)


def setting_parts(
    changed: Changed, reached: Collection[str], mentioned: Collection[str] | None = None
) -> tuple[Part, ...]:
    """The parts of a node that reaches the packages ``reached`` and mentions the names ``mentioned`` (None: any)."""
    makes_text = mentioned is None or not _TEXT.isdisjoint(mentioned)
    return tuple(
        Part("setting", _label(name, option), _digest(value), _short(value))
        for name, options in changed.items()
        if (package := _PACKAGES[name]).is_used(reached, mentioned)
        for option, value in options.items()
        if makes_text or not option.startswith(package.of_text)
    )


def added_parts() -> tuple[Part, ...]:
    """The notebook's and local modules' own code among the attributes of pandas' tables, accessors too."""
    pandas = sys.modules.get("pandas")
    parts = []
    for kind in ("DataFrame", "Series", "Index"):
        theirs = _THEIRS.setdefault(kind, {})
        for name, held in vars(getattr(pandas, kind, object)).items():
            if theirs.get(name) is held:
                continue
            code = getattr(held, "_accessor", None) or getattr(held, "fget", None) or held
            home = _home(code) if isinstance(code, FunctionType | type) else "pandas."
            if (home or "").startswith("pandas."):
                theirs[name] = held
            elif origin(home) is Origin.LOCAL:
                parts.append(Part("function", f"{kind}.{name}", _digest(code)))
    return tuple(parts)


def _home(code: Any) -> str | None:
    home = code.__globals__.get("__name__") if isinstance(code, FunctionType) else code.__module__
    return home if isinstance(home, str) else None


def _label(package: str, option: str) -> str:
    return f"option `{option}` of {package}"


def _digest(value: Any) -> str:
    try:
        return digest(value, ordered=True)
    except Undigestable:
        return digest_fields(type(value).__qualname__)


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 40 and " at 0x" not in text else ""


def _same(one: Any, other: Any) -> bool:
    try:
        return bool(one == other)
    except Exception:  # an array, or whatever somebody has put there
        return one is other


def _decimal(module: Any) -> Iterator[tuple[str, Any, Any]]:
    context, default = module.getcontext(), module.Context(**_DECIMAL)
    for option in _DECIMAL:
        yield option, getattr(context, option), getattr(default, option)


def _put_decimal(module: Any, options: Options) -> None:
    for option, value in options.items():
        setattr(module.getcontext(), option, value)


def _numpy(module: Any) -> Iterator[tuple[str, Any, Any]]:
    now = module.geterr()
    yield from ((option, now[option], default) for option, default in _NUMPY.items())
    printed = module.get_printoptions()
    yield from ((option, printed[option], default) for option, default in _NUMPY_PRINTING.items())


def _put_numpy(module: Any, options: Options) -> None:
    module.seterr(**{option: value for option, value in options.items() if option in _NUMPY})
    module.set_printoptions(**{option: value for option, value in options.items() if option in _NUMPY_PRINTING})


def _pandas(module: Any) -> Iterator[tuple[str, Any, Any]]:
    config = module._config.config  # the public way warns of options on their way out
    for option, registered in config._registered_options.items():
        value: Any = config._global_config
        for step in option.split("."):
            value = value[step]
        yield option, value, registered.defval


def _put_pandas(module: Any, options: Options) -> None:
    for option, value in options.items():
        module.set_option(option, value)


def _sklearn(module: Any) -> Iterator[tuple[str, Any, Any]]:
    now = module.get_config()
    yield from ((option, now[option], default) for option, default in _SKLEARN.items() if option in now)


def _matplotlib(module: Any) -> Iterator[tuple[str, Any, Any]]:
    now = module.rcParams
    for option, default in dict.items(module.rcParamsOrig):
        value = dict.get(now, option)  # its own way of asking checks the option, and warns of some
        if not (type(value) in SCALARS and value == default) and not option.startswith(_OF_THE_FRONT_END):
            yield option, value, default


def _sys(module: Any) -> Iterator[tuple[str, Any, Any]]:
    yield "argv", list(module.argv), _ARGUMENTS


def _put_sys(module: Any, options: Options) -> None:
    module.argv = list(options["argv"])


# of the process: a kernel's are others each time
_ARGUMENTS = list(sys.argv)
_DECIMAL: dict[str, Any] = {
    "prec": 28,
    "rounding": "ROUND_HALF_EVEN",
    "Emin": -999999,
    "Emax": 999999,
    "capitals": 1,
    "clamp": 0,
}
_NUMPY = {"divide": "warn", "over": "warn", "under": "ignore", "invalid": "warn"}
_NUMPY_PRINTING: Mapping[str, Any] = {
    "precision": 8,
    "suppress": False,
    "threshold": 1000,
    "edgeitems": 3,
    "linewidth": 75,
    "floatmode": "maxprec",
    "sign": "-",
    "formatter": None,
}
_SKLEARN: Mapping[str, Any] = {
    "transform_output": "default",
    "assume_finite": False,
    "array_api_dispatch": False,
    "enable_metadata_routing": False,
    "display": "diagram",
    "print_changed_only": True,
}
# names without which no code makes text of a table or an array (``format``: f-strings, too), asks for an option, or has
# pandas draw
_TEXT = frozenset(
    {
        "ascii",
        "array2string",
        "array_repr",
        "array_str",
        "critical",
        "debug",
        "display",
        "error",
        "exception",
        "format",
        "get_config",
        "get_option",
        "get_printoptions",
        "info",
        "option_context",
        "options",
        "pp",
        "pprint",
        "print",
        "printoptions",
        "repr",
        "str",
        "style",
        "tabulate",
        "to_html",
        "to_latex",
        "to_markdown",
        "to_string",
        "warn",
        "warning",
        "__format__",
        "__repr__",
        "__str__",
    }
)
_DRAWING = frozenset({"plot", "hist", "boxplot", "plotting"})
_OF_THE_FRONT_END = ("backend", "interactive", "toolbar", "webagg", "figure.hooks", "keymap")
_PACKAGES = {
    "decimal": _Package(_decimal, _put_decimal),
    "sys": _Package(
        _sys,
        _put_sys,
        asked_by=frozenset({"argv", "parse_args", "parse_known_args", "parse_intermixed_args"}),
    ),
    "numpy": _Package(_numpy, _put_numpy, of_text=tuple(_NUMPY_PRINTING)),
    "pandas": _Package(_pandas, _put_pandas, frozenset({"pandas"}), of_text=("display.", "styler.")),
    "sklearn": _Package(
        _sklearn,
        lambda module, options: module.set_config(**options),
        frozenset({"sklearn"}),
        of_text=("display", "print_changed_only"),
    ),
    "matplotlib": _Package(
        _matplotlib,
        lambda module, options: module.rcParams.update(options),
        frozenset({"matplotlib", "seaborn"}),
        drawn_by=frozenset({"pandas"}),
    ),
}

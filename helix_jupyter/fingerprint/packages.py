"""Which settings packages have, what their defaults are, which code they can act in, and how they are put back.

Knows NumPy, pandas, scikit-learn, Matplotlib, ``decimal``, ``locale``, ``logging``, ``time``, ``warnings`` and
``sys.argv``. Not counted is what decides no value: filters that silence warnings, the limit of recursion, numbers of
threads.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from helix_jupyter.fingerprint.locality import HOSTS, Origin, origin
from helix_jupyter.fingerprint.scalars import SCALARS

Options = dict[str, Any]


@dataclass(frozen=True)
class Package:
    """``options`` gives each option's value and default.

    They act in nodes that reach one of ``used_by`` (none: in any); where ``drawn_by`` is given, in those that ask
    anything to draw too, or that reach one of these and may ask it; where ``asked_by`` is given, in those that mention
    one of these names, ``for_sure`` in their own code or as far as it can be looked through. Those whose names begin as
    in ``of_text`` shape what is printed and shown, and nothing else.
    """

    options: Callable[[Any], Iterator[tuple[str, Any, Any]]]
    put: Callable[[Any, Options], None]
    used_by: frozenset[str] = frozenset()
    drawn_by: frozenset[str] = frozenset()
    of_text: tuple[str, ...] = ()
    asked_by: frozenset[str] = frozenset()
    for_sure: bool = False

    def is_used(self, reached: Collection[str], mentioned: Collection[str] | None, own: Collection[str] = ()) -> bool:
        """Whether code acts through this package that reaches these packages and mentions these names.

        ``mentioned`` is None where code may mention any; ``own`` is what the node's own code does.
        """
        if self.for_sure and mentioned is None:
            mentioned = own
        if self.asked_by:
            return mentioned is None or not self.asked_by.isdisjoint(mentioned)
        if not self.used_by or not self.used_by.isdisjoint(reached):
            return True
        if not self.drawn_by:
            return False
        return not (self.drawn_by.isdisjoint(reached) if mentioned is None else _DRAWING.isdisjoint(mentioned))


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
    with warnings.catch_warnings():  # options on their way out say so
        warnings.simplefilter("ignore")
        for option, value in options.items():
            module.set_option(option, value)


def _sklearn(module: Any) -> Iterator[tuple[str, Any, Any]]:
    now = module.get_config()
    yield from ((option, now[option], default) for option, default in _SKLEARN.items() if option in now)


def _matplotlib(module: Any) -> Iterator[tuple[str, Any, Any]]:
    now = module.rcParams
    for option, default in dict.items(module.rcParamsOrig):
        value = dict.get(now, option)  # its own way of asking checks the option, and warns of some
        if (type(value) in SCALARS and value == default) or option.startswith(_OF_THE_FRONT_END):
            continue
        if type(value) is list:  # changed in place, it is changed in all that Matplotlib holds, the defaults included
            value, default = value.copy(), _matplotlib_lists(module).get(option, default)
        yield option, value, default


@cache
def _matplotlib_lists(module: Any) -> Options:
    """The lists among the options as Matplotlib's own file and the user's have them."""
    lists = {option for option, default in dict.items(module.rcParamsOrig) if type(default) is list}
    texts = {}
    for file, mark in ((Path(module.get_data_path(), "matplotlibrc"), "#"), (Path(module.matplotlib_fname()), "")):
        for line in file.read_text(encoding="utf-8").splitlines():
            option, _, text = line.removeprefix(mark).partition(":")
            if option.strip() in lists:
                texts[option.strip()] = text.partition("#")[0].strip()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return dict(dict.items(module.RcParams(texts)))


def _put_matplotlib(module: Any, options: Options) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        module.rcParams.update(options)


def _time(module: Any) -> Iterator[tuple[str, Any, Any]]:
    yield "zone", (*module.tzname, module.timezone), ("UTC", "UTC", 0)


def _put_time(module: Any, options: Options) -> None:
    if hasattr(module, "tzset"):  # as the environment has it, which was put back before
        module.tzset()


def _locale(module: Any) -> Iterator[tuple[str, Any, Any]]:
    for option in _LOCALE:
        if hasattr(module, option):
            yield option, module.setlocale(getattr(module, option)), "C"


def _put_locale(module: Any, options: Options) -> None:
    for option, value in options.items():
        module.setlocale(getattr(module, option), value)


def _warnings(module: Any) -> Iterator[tuple[str, Any, Any]]:
    yield "errors", _errors(module), []


def _errors(module: Any) -> list[tuple[Any, ...]]:
    """The filters that make errors of warnings, without those that an earlier one for all such warnings goes before."""
    found: list[tuple[Any, ...]] = []
    wider: list[type] = []
    for one in module.filters:
        action, message, category, place, line = one
        is_told = category.__module__.partition(".")[0] not in _OWN_WARNINGS
        if action == "error" and is_told and not issubclass(category, tuple(wider)):
            found.append(one)
        if message is None and place is None and line == 0:
            wider.append(category)
    return found


def _put_warnings(module: Any, options: Options) -> None:
    now = _errors(module)
    module.filters[:] = [*options["errors"], *(one for one in module.filters if one not in now)]
    with module.catch_warnings():  # on the way out of it Python takes note that the filters are others
        pass


def _logging(module: Any) -> Iterator[tuple[str, Any, Any]]:
    yield "disable", module.root.manager.disable, module.NOTSET
    yield "level", module.root.level, module.WARNING
    for name, logger in module.root.manager.loggerDict.copy().items():
        level = getattr(logger, "level", module.NOTSET)  # a place that is kept for a logger has none
        # packages set those of their own loggers when they are imported
        if level != module.NOTSET and origin(name.partition(".")[0]) is Origin.LOCAL:
            yield _LEVEL_OF + name, level, module.NOTSET


def _put_logging(module: Any, options: Options) -> None:
    for option, value in options.items():
        if option == "disable":
            module.disable(value)
        else:
            module.getLogger(option.removeprefix(_LEVEL_OF) if option != "level" else None).setLevel(value)


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
TEXT = frozenset(
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
# of what is told by the clock on the wall
_LOCAL_TIME = frozenset(
    {
        *("fromtimestamp", "localtime", "mktime", "timestamp", "astimezone", "ctime", "strftime", "today", "now"),
        *("tzname", "timezone", "altzone", "tzlocal", "gettz", "tz_localize", "tz_convert"),
    }
)
_LOCALE = ("LC_COLLATE", "LC_MONETARY", "LC_NUMERIC", "LC_TIME")
_BY_LOCALE = frozenset(
    {
        *("locale", "localeconv", "strxfrm", "strcoll", "currency", "atof", "atoi", "delocalize", "format_string"),
        *("format", "strftime", "strptime", "day_name", "month_name", "nl_langinfo", "__format__"),
    }
)
# whoever runs the notebook's code, or this package's tests, makes errors of warnings of its own
_OWN_WARNINGS = HOSTS | {"pytest", "_pytest"}
_LEVEL_OF = "level."
_OF_THE_FRONT_END = ("backend", "interactive", "toolbar", "webagg", "figure.hooks", "keymap")
PACKAGES = {
    "decimal": Package(_decimal, _put_decimal),
    "time": Package(_time, _put_time, asked_by=_LOCAL_TIME),
    "locale": Package(_locale, _put_locale, asked_by=_BY_LOCALE),
    "warnings": Package(_warnings, _put_warnings),
    # who only logs gives the same at every level, and levels are turned often
    "logging": Package(
        _logging, _put_logging, asked_by=frozenset({"isEnabledFor", "getEffectiveLevel", "level"}), for_sure=True
    ),
    "sys": Package(
        _sys,
        _put_sys,
        asked_by=frozenset({"argv", "parse_args", "parse_known_args", "parse_intermixed_args"}),
    ),
    "numpy": Package(_numpy, _put_numpy, of_text=tuple(_NUMPY_PRINTING)),
    "pandas": Package(_pandas, _put_pandas, frozenset({"pandas"}), of_text=("display.", "styler.")),
    "sklearn": Package(
        _sklearn,
        lambda module, options: module.set_config(**options),
        frozenset({"sklearn"}),
        of_text=("display", "print_changed_only"),
    ),
    "matplotlib": Package(
        _matplotlib,
        _put_matplotlib,
        frozenset({"matplotlib", "seaborn"}),
        drawn_by=frozenset({"pandas"}),
    ),
}

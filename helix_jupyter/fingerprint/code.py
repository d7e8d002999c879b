"""What a code object does, as a token, and which globals, attributes and imports it reads. Runs no code.

The compiled code is told rather than its source: it is what really runs, decorators and ``exec`` included,
and comments, formatting, file names, line numbers and docstrings are not in it.
"""

from __future__ import annotations

import dis
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import CodeType
from typing import Any

from helix_jupyter.fingerprint.framing import frame, seal
from helix_jupyter.fingerprint.scalars import SCALARS

_CONSTANT = frozenset(dis.hasconst)
_EXTENDED = dis.EXTENDED_ARG
_STORE_NAME = dis.opmap["STORE_NAME"]
# what a class body says of its own text: no behaviour
_TEXT_ONLY = frozenset({"__doc__", "__firstlineno__", "__static_attributes__"})
_GLOBAL_LOADS = frozenset({"LOAD_GLOBAL", "LOAD_NAME", "LOAD_FROM_DICT_OR_GLOBALS"})
_ATTRIBUTE_LOADS = frozenset({"LOAD_ATTR", "LOAD_METHOD"})


@dataclass(frozen=True)
class CodeReads:
    """Names that a code object and the code nested in it read from outside.

    ``globals`` maps a global's name to the attribute chains behind it (the empty string: a bare use);
    ``imports`` holds ``(level, module, chains)`` of its import statements and of ``import_module("name")``.
    ``subclasses``: it asks some class for its subclasses.
    """

    globals: Mapping[str, frozenset[str]]
    imports: tuple[tuple[int, str, frozenset[str]], ...]
    subclasses: bool = False


@lru_cache(maxsize=8192)
def code_digest(code: CodeType) -> bytes:
    """The token of what ``code`` does."""
    instructions, constants = _normalised(code)
    fields = [
        instructions,
        b"".join(map(constant_token, constants)),
        *(_names(names) for names in (code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars)),
        code.co_exceptiontable,
        code.co_name.encode(),
        b"%d,%d,%d,%d"
        % (
            code.co_flags & ~_IRRELEVANT_FLAGS,
            code.co_argcount,
            code.co_posonlyargcount,
            code.co_kwonlyargcount,
        ),
    ]
    return seal("code", b"".join(frame("field", field) for field in fields))


# CO_HAS_DOCSTRING of Python 3.14
_IRRELEVANT_FLAGS = 0x4000000


def _names(names: tuple[str, ...]) -> bytes:
    return b"".join(frame("name", name.encode()) for name in names)


def _normalised(code: CodeType) -> tuple[bytes, list[Any]]:
    """Instructions with constants numbered by their first use, and those constants.

    So a constant that nothing uses, a docstring above all, leaves no trace, not even by shifting the others.
    """
    numbers: dict[int, int] = {}
    instructions = bytearray()
    pairs = list(_instructions(code))
    following = [*pairs[1:], (0, 0)]
    for (operation, argument), (next_operation, next_argument) in zip(pairs, following, strict=True):
        if next_operation == _STORE_NAME and code.co_names[next_argument] in _TEXT_ONLY:
            continue
        if operation in _CONSTANT:
            argument = numbers.setdefault(argument, len(numbers))
        instructions += b"%d %d;" % (operation, argument)
    return bytes(instructions), [code.co_consts[index] for index in numbers]


def _instructions(code: CodeType) -> Iterator[tuple[int, int]]:
    raw = code.co_code
    extended = 0
    for position in range(0, len(raw), 2):
        operation, argument = raw[position], raw[position + 1] | extended
        extended = argument << 8 if operation == _EXTENDED else 0
        if operation != _EXTENDED and operation != 0:
            yield operation, argument


def constant_token(value: Any) -> bytes:
    """The token of a constant of the compiler: scalars, tuples, frozensets, slices, nested code."""
    kind = type(value)
    if kind in SCALARS:
        return SCALARS[kind](value)
    if kind is CodeType:
        return code_digest(value)
    if kind is tuple:
        return seal("tuple", b"".join(map(constant_token, value)))
    if kind is frozenset:
        return seal("frozenset", b"".join(sorted(map(constant_token, value))))
    if kind is slice:
        return seal("slice", b"".join(map(constant_token, (value.start, value.stop, value.step))))
    return seal("constant", repr(value).encode())


@lru_cache(maxsize=8192)
def code_reads(code: CodeType) -> CodeReads:
    """What ``code`` reads from outside. Found from its instructions, whether or not they would run."""
    globals_read: dict[str, set[str]] = {}
    imports: list[tuple[int, str, frozenset[str]]] = []
    bodies = [list(dis.get_instructions(nested)) for nested in _nested(code)]
    for instructions in bodies:
        for index, instruction in enumerate(instructions):
            if instruction.opname in _GLOBAL_LOADS:
                globals_read.setdefault(instruction.argval, set()).add(_chain(instructions, index + 1))
            elif instruction.opname == "IMPORT_NAME":
                imports.append(_import(instructions, index, bodies))
            if instruction.argval in _IMPORTERS:
                imports += _called_import(instructions, index)
    subclasses = any("__subclasses__" in nested.co_names for nested in _nested(code))
    found = {name: frozenset(globals_read[name]) for name in sorted(globals_read)}
    return CodeReads(found, tuple(imports), subclasses)


def _chain(instructions: list[dis.Instruction], index: int) -> str:
    names = []
    while index < len(instructions) and instructions[index].opname in _ATTRIBUTE_LOADS:
        names.append(instructions[index].argval)
        index += 1
    return ".".join(names)


_IMPORTERS = ("import_module", "__import__")


def _import(
    instructions: list[dis.Instruction], index: int, bodies: list[list[dis.Instruction]]
) -> tuple[int, str, frozenset[str]]:
    """Level, module and members (else the chains behind the name that the module gets) of a statement."""
    level, members, module = (instruction.argval for instruction in instructions[index - 2 : index + 1])
    bound = instructions[index + 1]
    if not members and bound.opname.startswith("STORE") and "." not in module:
        members = {chain for body in bodies for chain in _chains(body, bound.argval)}
    return level if isinstance(level, int) else 0, module, frozenset(members or {""})


def _chains(instructions: list[dis.Instruction], name: str) -> Iterator[str]:
    for index, instruction in enumerate(instructions):
        if instruction.opname.startswith("LOAD") and instruction.argval == name:
            yield _chain(instructions, index + 1)
        elif isinstance(instruction.argval, tuple) and name in instruction.argval:  # two loads in one
            yield ""


def _called_import(instructions: list[dis.Instruction], index: int) -> Iterator[tuple[int, str, frozenset[str]]]:
    """``importlib.import_module("a.b")`` and ``__import__("a.b")`` with the name written out."""
    behind = next((each for each in instructions[index + 1 :] if each.opname != "PUSH_NULL"), None)
    if behind is not None and behind.opname == "LOAD_CONST" and isinstance(behind.argval, str):
        name = behind.argval.lstrip(".")
        yield len(behind.argval) - len(name), name, frozenset({""})


def _nested(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _nested(constant)

"""What a code object does, as a token, and which globals, attributes and imports it reads. Runs no code.

The compiled code is told rather than its source: it is what really runs, decorators and ``exec`` included,
and comments, formatting, file names, line numbers and docstrings are not in it.
"""

from __future__ import annotations
import __future__

import dis
import inspect
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import CodeType
from typing import Any

from helix_jupyter.fingerprint.framing import frame, seal
from helix_jupyter.fingerprint.scalars import SCALARS

_CONSTANT = frozenset(dis.hasconst)
_JUMPS = frozenset((*dis.hasjrel, *dis.hasjabs))
_SILENT = frozenset((dis.EXTENDED_ARG, dis.opmap["NOP"]))
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
    arguments = code.co_argcount + code.co_kwonlyargcount + sum(bool(code.co_flags & flag) for flag in _STARRED)
    fields = [
        instructions,
        b"".join(map(constant_token, constants)),
        *(_names(names) for names in (code.co_names, code.co_varnames[:arguments], code.co_freevars, code.co_cellvars)),
        _locals(code, arguments, constants),
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


# CO_HAS_DOCSTRING of Python 3.14, and what is to become of annotations
_IRRELEVANT_FLAGS = 0x4000000 | __future__.annotations.compiler_flag
_STARRED = (inspect.CO_VARARGS, inspect.CO_VARKEYWORDS)


def _names(names: tuple[str, ...]) -> bytes:
    return b"".join(frame("name", name.encode()) for name in names)


def _locals(code: CodeType, arguments: int, constants: list[Any]) -> bytes:
    """The names of local variables that something might look up by their text, each with its place.

    Instructions know the others by their places alone.
    """
    by_text = not _LOOKED_UP.isdisjoint(code.co_names)
    texts = [text for constant in constants for text in _texts(constant)]
    return b"".join(
        b"%d:" % place + frame("name", name.encode())
        for place, name in enumerate(code.co_varnames[arguments:])
        if by_text or any(name in text for text in texts)
    )


def _texts(constant: Any) -> Iterator[str]:
    if isinstance(constant, str):
        yield constant
    elif isinstance(constant, tuple | frozenset):
        for item in constant:
            yield from _texts(item)


def _normalised(code: CodeType) -> tuple[bytes, list[Any]]:
    """Instructions with constants numbered by their first use, and those constants.

    So a constant that nothing uses, a docstring above all, leaves no trace, not even by shifting the others. Nor do
    the instructions that only hold a place for a line number; so whatever jumps goes to the n-th one that is left.
    """
    numbers: dict[int, int] = {}
    text = bytearray()
    kept = [one for one in _instructions(code) if one.opcode not in _SILENT]
    offsets = [one.offset for one in kept]
    for place, one in enumerate(kept):
        operation, argument = one.opcode, one.arg or 0
        following = kept[place + 1] if place + 1 < len(kept) else one
        if following.opcode == _STORE_NAME and following.argval in _TEXT_ONLY:
            continue
        if operation in _CONSTANT:
            argument = numbers.setdefault(argument, len(numbers))
        elif operation in _JUMPS:
            argument = bisect_left(offsets, one.argval)
        text += b"%d %d;" % (operation, argument)
    for entry in dis.Bytecode(code).exception_entries if code.co_exceptiontable else ():  # type: ignore[attr-defined]  # typeshed lacks it
        places = (bisect_left(offsets, offset) for offset in (entry.start, entry.end, entry.target))
        text += b"%d %d %d %d %d;" % (*places, entry.depth, entry.lasti)
    return bytes(text), [code.co_consts[index] for index in numbers]


@lru_cache(maxsize=64)
def _instructions(code: CodeType) -> list[dis.Instruction]:
    """Kept for the moment: whoever wants the digest of a function asks what it reads, too."""
    return list(dis.get_instructions(code))


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
    bodies = [_instructions(nested) for nested in _nested(code)]
    for instructions in bodies:
        for index, instruction in enumerate(instructions):
            if instruction.opname in _GLOBAL_LOADS:
                globals_read.setdefault(instruction.argval, set()).add(_chain(instructions, index + 1))
            elif instruction.opname == "IMPORT_NAME":
                imports += _import(instructions, index, bodies)
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
) -> Iterator[tuple[int, str, frozenset[str]]]:
    """Level, module and chains (none at all: it is imported only) of all that an import statement imports."""
    level, members, module = (instruction.argval for instruction in instructions[index - 2 : index + 1])
    level = level if isinstance(level, int) else 0
    if not members:
        yield level, module, frozenset()
        yield level, *_bound(instructions, index + 1, module, bodies)
        return
    stored = instructions[index + 1 : index + 1 + 2 * len(members)]
    for get, put in zip(stored[::2], stored[1::2], strict=False):
        uses = _uses(put, bodies)
        if get.opname != "IMPORT_FROM" or uses is None:  # a star, or a name that others may read
            yield level, module, frozenset(members)
            return
        yield level, f"{module}.{get.argval}" if module else get.argval, frozenset()  # which may be a module
        yield level, module, frozenset(f"{get.argval}.{chain}".rstrip(".") for chain in uses)


def _bound(
    instructions: list[dis.Instruction], index: int, module: str, bodies: list[list[dis.Instruction]]
) -> tuple[str, frozenset[str]]:
    """What ``import a.b`` binds, and the chains behind that name: ``a``, or ``a.b`` where it says ``as``."""
    first = instructions[index]
    while instructions[index].opname in _STEPS_TO_A_SUBMODULE:
        index += 1
    uses = _uses(instructions[index], bodies)
    if uses is None:
        return module, frozenset({""})
    return module if instructions[index] is not first else module.partition(".")[0], uses


# what stands between IMPORT_NAME and the name in ``import a.b as name``
_STEPS_TO_A_SUBMODULE = frozenset({"IMPORT_FROM", "SWAP", "POP_TOP"})


def _uses(bound: dis.Instruction, bodies: list[list[dis.Instruction]]) -> frozenset[str] | None:
    """The chains behind a local name; None where it cannot be told."""
    if bound.opname not in ("STORE_FAST", "STORE_DEREF"):
        return None
    if any(each.opname in _GLOBAL_LOADS and each.argval in _BY_TEXT for body in bodies for each in body):
        return None
    return frozenset(chain for body in bodies for chain in _chains(body, bound.argval))


# look local names up by their text
_BY_TEXT = frozenset({"locals", "vars", "eval", "exec"})
_LOOKED_UP = _BY_TEXT | {"dir", "f_locals"}
# what a name is closed over for is a body, too
_NO_LOCALS = frozenset({"LOAD_CONST", "LOAD_CLOSURE", *_ATTRIBUTE_LOADS})


def _chains(instructions: list[dis.Instruction], name: str) -> Iterator[str]:
    for index, instruction in enumerate(instructions):
        if instruction.opname in _NO_LOCALS:
            continue
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

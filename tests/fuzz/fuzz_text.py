"""A workflow as text: plain cells, modules, node cells. The only place that knows Python's syntax.

``plain`` text leaves out what means nothing (comments, layout, docstrings, annotations).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from fuzz_model import MODULES, Definition, Item, Node, Workflow

PRELUDE = "import functools\nimport dataclasses\nimport os\nimport numpy as np\nimport pandas as pd"
_TERMS: Mapping[str, str] = {
    "function": "{name}({x})",
    "class": "{name}().m({x})",
    "instance": "{name}.m({x})",
    "table": '{name}["f"]({x})',
    "int": "{name}",
    "tuple": "sum({name})",
    "list": "sum({name})",
    "dict": '{name}["v"]',
    "array": "int({name}.sum())",
    "frame": 'int({name}["v"].sum())',
}
_LOCALS = ("y", "total")


def said(workflow: Workflow, scope: str, name: str) -> str:
    """How ``scope`` says the name of a definition."""
    if name[0] == scope or name[0] not in MODULES:
        return name
    return f"{name[0].upper()}.{name}" if workflow.importing(scope, name[0]) in ("attribute", "package") else name


def imports(workflow: Workflow, scope: str, module: str, inside: bool = False) -> str:
    """The statement with which ``scope`` imports ``module``; ``inside`` a function or node, where a star cannot be."""
    names = ", ".join(sorted(one.name for one in workflow.scope(module)))
    how = workflow.importing(scope, module)
    if how in ("attribute", "package"):
        return f"import {'fz_p' if how == 'package' else MODULES[module]} as {module.upper()}"
    if not names:
        return ""
    return f"from {'fz_p' if how == 'reexport' else MODULES[module]} import {names if how != 'star' or inside else '*'}"


def own_modules(item: Item) -> tuple[str, ...]:
    """The modules that an item imports by a statement of its own."""
    own = item.imports_itself if isinstance(item, Node) else item.kind == "lazy"
    scope = "h" if isinstance(item, Node) else item.scope
    return tuple(sorted({name[0] for name in item.reads if name[0] in MODULES and name[0] != scope})) if own else ()


def term(workflow: Workflow, item: Item, name: str, x: str) -> str:
    """A number made of what ``name`` stands for."""
    if name[0] == "f":
        return _reading(name, item.number)
    scope = "h" if isinstance(item, Node) else item.scope
    text = _TERMS[workflow.shape(name)].format(name=said(workflow, scope, name), x="{x}")
    if "{x}" in text and isinstance(item, Definition) and name[0] not in "nm" and _comes_back(workflow, name, item):
        return f"({text.format(x=f'{x} - 1')} if {x} > 0 else 1)"
    return text.format(x=x)


def _comes_back(workflow: Workflow, name: str, item: Definition) -> bool:
    return name == item.name or item.name in workflow.reached(name)


def _reading(name: str, how: int) -> str:
    path = f'"{name}.txt"' if how % 2 else f'"{name[0]}" + "{name[1]}.txt"'
    return f"int(open({path}).read())"


def _sum(workflow: Workflow, item: Item, x: str) -> str:
    terms = [f"{place + 2} * {term(workflow, item, name, x)}" for place, name in enumerate(item.reads)]
    return " + ".join([str(item.number), *terms])


def definition(workflow: Workflow, one: Definition, target: str | None = None, holds: str | None = None) -> str:
    """The plain text of a definition; ``target``, ``holds``: what stands for its own name, and for what it holds."""
    name = one.name if target is None else target
    held = said(workflow, one.scope, one.holds) if one.holds and holds is None else holds
    local = _LOCALS[one.local % 2]
    double = f"{local} * 2" if one.spelling % 2 == 0 else f"{local} + {local}"
    own = "".join(f"    {imports(workflow, one.scope, module, inside=True)}\n" for module in own_modules(one))
    # a closure's number is nowhere but in its cell
    total = _sum(workflow, replace(one, number=0) if one.kind == "closure" else one, "x")
    body = f"{own}    {local} = {total}\n    return ({double} + x * y) % 997"
    match one.kind:
        case "function" | "lazy":
            return f"def {name}(x, y=1):\n{body}"
        case "default":
            return f"def {name}(x, y={held}):\n{body}"
        case "lambda":
            return f"{name} = lambda x, y=1: ({total} + x * y) % 997"
        case "decorated":
            return (
                f"def {name}_deco(g):\n    @functools.wraps(g)\n    def w(*args, **options):\n"
                f"        return g(*args, **options) + {one.number}\n    return w\n"
                f"@{name}_deco\ndef {name}(x, y=1):\n{body}"
            )
        case "closure":
            inner = body.replace("    ", "        ")
            return (
                f"def {name}_make(n):\n    def inner(x, y=1):\n{inner} + n\n    return inner\n"
                f"{name} = {name}_make({one.number})"
            )
        case "dispatched":
            return (
                f"@functools.singledispatch\ndef {name}(x, y=1):\n    return 0\n"
                f"@{name}.register\ndef {name}_int(x: int, y=1):\n{body}"
            )
        case "class":
            inner = body.replace("    ", "        ").replace(
                "return (", "return (self.k + self.twice + self.plus(x) + "
            )
            base = f"({held})" if held else ""
            above = "        x = min(x, super().m(x) % 3)\n" if held else ""
            return (
                f"class {name}{base}:\n    k = {one.number}\n    def m(self, x, y=1):\n{above}{inner}\n"
                f"    @property\n    def twice(self):\n        return self.k * 2\n"
                f"    @staticmethod\n    def plus(x):\n        return x + {one.number}"
            )
        case "dataclass":
            inner = body.replace("    ", "        ").replace("return (", "return (self.k + ")
            return (
                f"@dataclasses.dataclass\nclass {name}:\n    k: int = {one.number}\n    def m(self, x, y=1):\n{inner}"
            )
        case "partial":
            return f"{name} = functools.partial({held}, y={one.number})"
        case "instance":
            return f"{name} = {held}()\n{name}.k = {one.number}"
        case "method":
            return f"{name} = {held}().m"
        case "table":
            return f'{name} = {{"f": {held}, "v": {one.number}}}'
        case "alias":
            return f"{name} = {held}"
        case _:
            return f"{name} = {constant(one)}"


def constant(one: Definition) -> str:
    """The text of a constant's value."""
    values = {"int": "{0}", "tuple": "({0}, 2)", "dict": '{{"v": {0}, "w": (1, {0})}}', "array": "np.array([{0}, 1])"}
    return values[one.kind].format(one.number)


def node(workflow: Workflow, one: Node) -> str:
    """The plain text of a node's cell. What it calls first tells the harness that it runs, and what time it is."""
    local = _LOCALS[one.local % 2]
    total = _sum(workflow, one, str(one.number % 4))
    lines = [imports(workflow, "h", module, inside=True) for module in own_modules(one)]
    lines.append(f'_now = display("{one.name}")')
    lines.append(f"{local} = ({total}{' + _now' if one.volatile else ''}) % {one.modulus}")
    if one.fails:
        lines.append(f'raise ValueError("{one.name}")')
    v = f"{local} * 2" if one.spelling % 2 == 0 else f"{local} + {local}"
    lines += _ending(workflow, one, v).split("\n")
    return "\n".join(line for line in lines if line)


def _ending(workflow: Workflow, one: Node, v: str) -> str:
    name, base = one.name, one.base
    endings = {
        "int": f"{name} = {v}",
        "tuple": f"{name} = ({v}, {one.number})",
        "list": f"{name} = [{v}, {one.number}]",
        "dict": f'{name} = {{"v": {v}}}',
        "array": f"{name} = np.full({2000 if one.number % 3 == 0 else 4}, {v})",
        "frame": f'{name} = pd.DataFrame({{"v": [{v}, {one.number}]}})',
        "shown": f'print("shown", {v})\n{v}',
        "two": f"{name} = {v}\nm{name[1:]} = ({v}) % 3",
        "pass": f"{name} = {base}",
    }
    if one.kind in endings:
        return endings[one.kind]
    changes = {
        "int": f"{base} = {base} + {v}",
        "tuple": f"{base} = (*{base}, {v})",
        "list": f"{base}.append({v})",
        "dict": f'{base}["v"] += {v}',
        "array": f"{base} += {v}",
        "frame": f'{base}["v"] += {v}',
    }
    change = changes[workflow.shape(base)]
    if one.kind == "update":
        return change
    if workflow.shape(base) == "array":
        change = f"{base}[0] = {v}"
    return f"{change}\n{name} = {_TERMS[workflow.shape(base)].format(name=base)}"


def module(workflow: Workflow, letter: str, plain: bool = False) -> str:
    """The text of a module's file; ``plain``: what its syntax tree without docstrings says."""
    texts = [PRELUDE, *(imports(workflow, letter, other) for other in MODULES if other > letter)]
    for one in defined_in_order(workflow.scope(letter)):
        text = definition(workflow, one)
        texts.append(annotate(one, text) if plain else written(workflow, one))
    return "\n".join(text for text in texts if text) + "\n"


def package(workflow: Workflow) -> str:
    """The text of the package's ``__init__.py``, which gives all names of the module inside."""
    names = ", ".join(sorted(one.name for one in workflow.scope("p")))
    return f"from .inner import {names}\n" if names else ""


def defined_in_order(definitions: tuple[Definition, ...]) -> list[Definition]:
    """The definitions in their order, but each behind what it holds."""
    by_name = {one.name: one for one in definitions}
    done: dict[str, Definition] = {}

    def place(one: Definition) -> None:
        if one.holds in by_name:
            place(by_name[one.holds])
        done.setdefault(one.name, one)

    for one in definitions:
        place(one)
    return list(done.values())


def written(workflow: Workflow, item: Item) -> str:
    """The text as it stands in the cell or module."""
    if isinstance(item, Definition):
        return dressed(annotate(item, definition(workflow, item)), item.cosmetic)
    text = dressed(node(workflow, item), item.cosmetic)
    return f'"""Says something."""\n{text}' if item.cosmetic % 6 == 3 else text


def annotate(one: Definition, text: str) -> str:
    if not one.annotated or one.kind not in ("function", "lazy", "decorated"):
        return text
    return text.replace(f"def {one.name}(x, y=1):", f"def {one.name}(x: int, y: int = 1) -> int:")


_VALUE = re.compile(r"^( *)((?:return|\w+ =) )(.*)$", re.MULTILINE)


def dressed(text: str, cosmetic: int) -> str:
    """The same code in other clothes."""
    match cosmetic % 6:
        case 1:
            return "# a comment\n" + text.replace("\n", "  # and one more\n")
        case 2:
            return "\n\n" + re.sub(r"\n(?=\S)", "\n\n", text) + "\n\n"
        case 3:
            return re.sub(r"^( *)((?:def|class) .*:)$", r'\1\2\n\1    """Says something."""', text, flags=re.MULTILINE)
        case 4:
            return re.sub(r"^( +)", lambda found: found[1][::2], text, flags=re.MULTILINE)
        case 5:
            return _VALUE.sub(r"\1\2(\n\1    \3\n\1)", text)
        case _:
            return text


def cells(workflow: Workflow) -> dict[str, str]:
    """The plain cells of the notebook, in order: what each defines, and its text."""
    result = {"prelude": PRELUDE}
    for letter in MODULES:
        result[f"import {letter}"] = imports(workflow, "h", letter)
    for one in defined_in_order(workflow.scope("h")):
        result[one.name] = written(workflow, one)
    return result


def sources(workflow: Workflow) -> dict[str, str]:
    """The files of the modules by path."""
    files = {f"{MODULES[letter].replace('.', '/')}.py": module(workflow, letter) for letter in MODULES}
    return {**files, "fz_p/__init__.py": package(workflow)}


def story(workflow: Workflow) -> str:
    """All that a user would see, for the report of a failure."""
    parts = [f"# --- {path}\n{text}" for path, text in sources(workflow).items()]
    parts += [f"# --- file {name}: {content}\n" for name, content in workflow.files.items()]
    parts += [f"# --- cell {name}\n{text}\n" for name, text in cells(workflow).items()]
    for one in workflow.nodes:
        options = " ".join(name for name in ("volatile", "watches") if getattr(one, name))
        update = " update" if one.kind == "update" else ""
        parts.append(f"# --- node {one.name} -> {' '.join(one.outputs)} {options}{update}\n{written(workflow, one)}\n")
    return "\n".join(parts)

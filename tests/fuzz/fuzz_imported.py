"""What the text of modules says that an import statement of a node or function brings, line by line.

The rule of ``docs/limits.md``: of such a module count the definitions that are reached, as they are written, and all
that acts when it is imported, with what that reaches in turn; and which modules are imported at all, since an import
may fail. Knows the generated text only; nothing of the package under test.
"""

from __future__ import annotations

import re

from fuzz_model import CONSTANTS, MODULES, Definition, Item, Node, Workflow
from fuzz_text import annotate, defined_in_order, definition, imports, own_modules

# what calls or decorates when it is defined: written as such by ``fuzz_text``
_ACTS = ("decorated", "closure", "dispatched", "partial", "instance", "method", "array")

# what every module imports first; a star that comes after gives these names once more, as another module has them
_PACKAGES = re.compile(r"\b(functools|dataclasses|os|np|pd)\.")


def by_text(workflow: Workflow, node: Node) -> set[str]:
    """All lines for a node, by its own statements and by those of functions that it reaches."""
    reader = _Reader(workflow)
    for item in (node, *(workflow.by_name[name] for name in workflow.reached(node.name) if name in workflow.by_name)):
        if own_modules(item) and (item is node or isinstance(item, Definition)):
            reader.follow(item)
    return reader.lines


class _Reader:
    """Gathers lines."""

    def __init__(self, workflow: Workflow) -> None:
        self._workflow = workflow
        self.lines: set[str] = set()

    def follow(self, item: Item) -> None:
        """Take what the statements inside ``item`` import, and what it uses of that."""
        scope, own = "h" if isinstance(item, Node) else item.scope, own_modules(item)
        for module in own:
            self._enter_by(scope, module)
        for name in item.reads:
            if name[0] in own:
                self._take(self._workflow.definition(name))

    def _enter_by(self, scope: str, module: str) -> None:
        how = self._workflow.importing(scope, module)
        if how == "attribute" or self._workflow.scope(module):
            self._enter("fz_p" if how in ("package", "reexport") else MODULES[module])

    def _enter(self, file: str) -> None:
        if f"imported: {file}" in self.lines:
            return
        self.lines.add(f"imported: {file}")
        if file == "fz_p":
            if self._workflow.scope("p"):
                self._enter(MODULES["p"])
            return
        if file == MODULES["p"]:
            self._enter("fz_p")
        letter = next(letter for letter, module in MODULES.items() if module == file)
        others = [other for other in MODULES if other > letter and imports(self._workflow, letter, other)]
        for other in others:
            self._enter_by(letter, other)
        stars = [other for other in others if self._workflow.importing(letter, other) == "star"]
        if len(stars) > 1:  # the later one wins
            self.lines.add(f"in {file} stars {stars}")
        first: set[str] = set()
        for one in self._workflow.scope(letter):
            if self._acts(one):
                self._take(one)
                first |= {one.name, *self._workflow.reached(one.name)}
        for one in defined_in_order(self._workflow.scope(letter)):
            if one.holds in first:
                first.add(one.name)
        # what happens on import happens in some order; the other definitions may stand anywhere
        ordered = [one.name for one in defined_in_order(self._workflow.scope(letter)) if one.name in first]
        self.lines.add(f"in {file} first {ordered}")

    def _acts(self, one: Definition) -> bool:
        if one.kind == "class" and one.holds:  # a base from elsewhere may have an __init_subclass__
            base = self._workflow.definition(one.holds)
            return base.scope != one.scope or self._acts(base)
        return one.kind in _ACTS

    def _take(self, one: Definition) -> None:
        told = definition(self._workflow, one)
        # of what a decorator is given annotations may count
        line = f"{one.name}: {annotate(one, told) if one.kind == 'decorated' else told}"
        if line in self.lines:
            return
        self.lines.add(line)
        if one.scope in MODULES and _PACKAGES.search(told):
            self.lines.add(f"{one.scope} has packages by {self._through_stars(one.scope)}")
        if one.kind in CONSTANTS:
            return
        own = own_modules(one)
        self.follow(one)
        for name in (*one.reads, *filter(None, [one.holds])):
            if name not in self._workflow.by_name or name[0] in own:
                continue
            if name[0] != one.scope:
                self.lines.add(f"{one.scope} has {name} by {self._workflow.importing(one.scope, name[0])}")
            self._take(self._workflow.definition(name))

    def _through_stars(self, letter: str) -> list[str]:
        others = [other for other in MODULES if other > letter and imports(self._workflow, letter, other)]
        stars = [other for other in others if self._workflow.importing(letter, other) == "star"]
        return [name for star in stars for name in (star, *self._through_stars(star))]

"""Values of one node in the forms in which they may be stored: as they are, and compressed. Writes nothing."""

from __future__ import annotations

from collections.abc import Mapping

from helix_jupyter.store.compress import compressed
from helix_jupyter.store.layout import Layout, lay_out
from helix_jupyter.store.pickling import Prepared
from helix_jupyter.store.rates import Work
from helix_jupyter.store.store import Store


class Forms:
    """Layouts of ``values`` (by digest), each made when it is first asked for: that takes a look at the bytes."""

    def __init__(self, store: Store, values: Mapping[str, Prepared]) -> None:
        self._store, self._values = store, values
        self._plain: dict[str, Layout] = {}
        self._compressed: dict[str, Layout] = {}

    @property
    def bytes(self) -> int:
        """Size of all values as they are."""
        return sum(value.bytes for value in self._values.values())

    def layout(self, digest: str, compressed: bool = False) -> Layout:
        """One value in one form; as it is, where compressing is not worth it."""
        return self._as_compressed(digest) if compressed else self._as_it_is(digest)

    def layouts(self, compressed: bool = False) -> list[Layout]:
        """All values in one form."""
        return [self.layout(digest, compressed) for digest in self._values]

    def load_seconds(self, compressed: bool = False) -> float:
        """What loading all of them will take."""
        if compressed:
            return sum(self._store.rates.loading(layout.work) for layout in self.layouts(compressed))
        # by sizes alone, without a look at the bytes
        sizes = ((len(value.stream), value.bytes) for value in self._values.values())
        return sum(self._store.rates.loading(Work(1, stream, size - stream, 0)) for stream, size in sizes)

    def _as_it_is(self, digest: str) -> Layout:
        if digest not in self._plain:
            self._plain[digest] = lay_out(digest, self._values[digest])
        return self._plain[digest]

    def _as_compressed(self, digest: str) -> Layout:
        if digest not in self._compressed:
            plain = self._as_it_is(digest)
            self._compressed[digest] = compressed(plain, self._values[digest]) or plain
        return self._compressed[digest]

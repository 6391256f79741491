"""The dictionary's automata, read directly: what a word may be, at a fraction of the time of a general reader.

pymorphy3 keeps its dictionary as acyclic automata in the format of the dawgdic library: ``units`` hold the
transitions of each node, ``guide`` the first child and the next sibling of each, and a word is followed by a
separator and its records in base 64. A node that holds records is unpacked once, however many words end in it.
"""

from __future__ import annotations

import struct
from binascii import a2b_base64
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:  # numbers of the machine where this is compiled
    from mypy_extensions import i64

_SEPARATOR: Final = b"\x01"
_HAS_LEAF: Final = 1 << 8
_FAR: Final = 1 << 9
_MOST_NODES: Final = 200_000
_BYTES: Final = [bytes((label,)) for label in range(256)]
_YE: Final = "е"
_YO: Final = "ё"
_YE_BYTES: Final = _YE.encode()
_YO_BYTES: Final = _YO.encode()
"""«е» may stand for «ё» in a text, and never the other way round."""

Record = tuple[int, ...]


class Automaton:
    """Words and their records.

    Parameters
    ----------
    path : Path
        A file of the dictionary.
    record : str
        Format of one record, as ``struct`` has it; empty where words have a number each instead.

    Examples
    --------
    >>> import pymorphy3
    >>> morph = read_directly(pymorphy3.MorphAnalyzer(lang="ru"))
    >>> [word for word, records in morph.dictionary.words.similar_items("елка")]
    ['ёлка']
    """

    def __init__(self, path: Path, record: str = "") -> None:
        self._record = record
        with path.open("rb") as f:
            self._units = f.read(4 * struct.unpack("<I", f.read(4))[0])
            self._guide = f.read(2 * struct.unpack("<I", f.read(4))[0]) if record else b""
        self._known: dict[int, list[Record]] = {}

    def _unit(self, node: i64) -> i64:
        """The 32 bits of a node: where its children lie, whether it ends a key, and the label that leads to it."""
        units, at = self._units, 4 * node
        return units[at] | units[at + 1] << 8 | units[at + 2] << 16 | units[at + 3] << 24

    def _follow(self, key: bytes, node: i64) -> i64:
        """The node that ``key`` leads to; 0, the root, where it leads nowhere."""
        units = self._units
        i: i64 = 0
        n: i64 = len(key)
        while i < n:
            label: i64 = key[i]
            at: i64 = 4 * node
            base: i64 = units[at] | units[at + 1] << 8 | units[at + 2] << 16 | units[at + 3] << 24
            node = node ^ ((base >> 10) << ((base & _FAR) >> 6)) ^ label
            at = 4 * node
            if units[at] != label or units[at + 3] > 127:  # no node of that label, or the number of a key
                return 0
            i += 1
        return node

    def _children(self, node: i64) -> i64:
        """Where the block of a node's children lies; each child stands at this, xor its label."""
        base = self._unit(node)
        return node ^ ((base >> 10) << ((base & _FAR) >> 6))

    def number(self, key: bytes, start: i64 = 0) -> int | None:
        """The number of a word, or of one whose beginning led to a node; None where it has none."""
        node = self._follow(key, start)
        if not node or not self._unit(node) & _HAS_LEAF:
            return None
        return self._unit(self._children(node)) & 0x7FFFFFFF

    def __contains__(self, word: str) -> bool:
        """Whether the word has records, letter for letter."""
        return self._follow(word.encode() + _SEPARATOR, 0) != 0

    def similar_items(self, word: str, replaces: object = None) -> list[tuple[str, list[Record]]]:
        """The word, and its twins where an «е» may be «ё», each with its records; as pymorphy3 asks for them."""
        if _YE not in word:
            node = self._follow(word.encode() + _SEPARATOR, 0)
            return [(word, self._records(node))] if node else []
        found: list[tuple[str, list[Record]]] = []
        self._add_similar(word, 0, 0, "", found)
        return found

    def similar_keys(self, word: str, replaces: object = None) -> list[str]:
        """The word and its twins that have records."""
        return [key for key, _ in self.similar_items(word)]

    def _add_similar(
        self, word: str, start: int, node: i64, before: str, found: list[tuple[str, list[Record]]]
    ) -> None:
        """As it stands first, then with the first «е» changed, and so on."""
        places: list[tuple[int, int]] = []
        at = start
        while (i := word.find(_YE, at)) >= 0:
            node = self._follow(word[at:i].encode(), node) if i > at else node
            if not node and i:
                break
            places.append((i, node))
            node, at = self._follow(_YE_BYTES, node), i + 1
            if not node:
                break
        else:
            node = self._follow(word[at:].encode() + _SEPARATOR, node)
            if node:
                found.append((before + word[start:], self._records(node)))
        for i, parent in places:
            twin: i64 = self._follow(_YO_BYTES, parent)
            if twin:
                self._add_similar(word, i + 1, twin, before + word[start:i] + _YO, found)

    def _records(self, node: i64) -> list[Record]:
        """The records below a node; nodes with the same children share them."""
        children = self._children(node)
        known = self._known.get(children)
        if known is None:
            if len(self._known) >= _MOST_NODES:
                self._known.clear()
            known = [struct.unpack(self._record, a2b_base64(key)) for key in self._keys(node)]
            self._known[children] = known
        return known

    def _keys(self, node: i64) -> list[bytes]:
        """All keys below a node, in the order of their bytes."""
        guide = self._guide
        keys: list[bytes] = []
        waiting: list[tuple[int, bytes]] = [(node, b"")]
        while waiting:
            node, key = waiting.pop()
            if self._unit(node) & _HAS_LEAF:
                keys.append(key)
            children = self._children(node)
            label: i64 = guide[2 * node]
            below: list[tuple[int, bytes]] = []
            while label:
                below.append((children ^ label, key + _BYTES[label]))
                label = guide[2 * (children ^ label) + 1]
            waiting.extend(reversed(below))
        return keys


def read_directly(morph: Any) -> Any:
    """The analyser of pymorphy3 with these automata in place of its own: the same answers, sooner.

    Notes
    -----
    The three kinds of files and their records are those of ``pymorphy3.dawg``, which is pinned.
    """
    folder = Path(morph.dictionary.path)
    morph.dictionary.words = Automaton(folder / "words.dawg", ">HH")
    morph.dictionary.prediction_suffixes_dawgs = [
        Automaton(folder / f"prediction-suffixes-{i}.dawg", ">IHH")
        for i, _ in enumerate(morph.dictionary.prediction_suffixes_dawgs)
    ]
    morph.prob_estimator.p_t_given_w = Probabilities(folder / "p_t_given_w.intdawg")
    return morph


class Probabilities(Automaton):
    """How often an ambiguous word has a tag."""

    def prob(self, word: str, tag: object) -> float:
        """Probability of a tag given the word; 0 where nothing is known."""
        return (self.number(f"{word}:{tag}".encode()) or 0) / 1_000_000

    def counts(self, word: str, tags: list[str]) -> list[int]:
        """How often the word has each tag; nothing where it is not known."""
        start: i64 = self._follow(f"{word}:".encode(), 0)
        return [self.number(tag.encode(), start) or 0 for tag in tags] if start else []

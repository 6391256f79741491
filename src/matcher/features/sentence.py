"""One sentence as rules see it: its clauses and brackets, its items and cues, and what is decided of each item."""

from __future__ import annotations

from typing import Final

from matcher.features.lexicon import LATIN
from matcher.features.meanings import Cue, Hit
from matcher.features.text import CLOSE, END, OPEN, SOFT, Tokens

BUT: Final = frozenset({"а", "но", "зато", "однако", "but"})
"""Words that turn a sentence: a clause begins with them."""
_CONTENT: Final = frozenset({"N", "A", "V", LATIN})


class Judgement:
    """What was decided about one item, and by which rule."""

    __slots__ = ("explicit", "group", "level", "rules", "silent", "stance", "tier")

    def __init__(self, tier: str | None = None) -> None:
        self.tier = tier
        self.explicit = False
        self.stance = "claimed"
        self.level: int | None = None
        self.silent = False
        self.group: int | None = None
        self.rules: list[str] = []


class Sentence:
    """One sentence: token range, its hits by kind, and where its clauses and brackets are."""

    __slots__ = ("_covered", "_numbers", "cues", "end", "items", "pos", "start", "tokens")

    def __init__(
        self, tokens: Tokens, pos: str, start: int, end: int, items: list[Hit], cues: list[tuple[Hit, Cue]]
    ) -> None:
        self.tokens = tokens
        self.pos = pos
        self.start = start
        self.end = end
        self.items = items
        self.cues = cues
        self._numbers: tuple[list[int], list[int]] | None = None
        self._covered: set[int] | None = None

    @property
    def covered(self) -> set[int]:
        """Words of the cues."""
        if self._covered is None:
            self._covered = {i for h, _ in self.cues for i in range(h.start, h.end)}
        return self._covered

    @property
    def chunk(self) -> list[int]:
        """Number of the clause of each token."""
        return self._numbered()[0]

    @property
    def bracket(self) -> list[int]:
        """Number of the bracket of each token, 0 outside."""
        return self._numbered()[1]

    def _numbered(self) -> tuple[list[int], list[int]]:
        """Number the clauses and brackets of each token once, when first asked."""
        if self._numbers is not None:
            return self._numbers
        chunks: list[int] = []
        brackets: list[int] = []
        chunk = bracket = opened = 0
        for i in range(self.start, self.end):
            gap = self.tokens.gaps[i] if i > self.start else END
            if i > self.start and (gap != SOFT or self.tokens.words[i] in BUT):
                chunk += 1
            if gap == OPEN:
                opened += 1
                bracket = opened
            elif gap == CLOSE:
                bracket = opened + 1 if ("(" in self.tokens.seps[i] and i > self.start) else 0
                opened = max(opened, bracket)
            chunks.append(chunk)
            brackets.append(bracket)
        self._numbers = chunks, brackets
        return self._numbers

    def chunk_of(self, i: int) -> int:
        """Number of the clause that token i stands in."""
        return self.chunk[i - self.start]

    def bracket_of(self, i: int) -> int:
        """Number of the bracket that token i stands in, 0 outside."""
        return self.bracket[i - self.start]

    def bounds(self, i: int, of: list[int]) -> tuple[int, int]:
        """Token range of the clause or bracket around token i."""
        number, a, b = of[i - self.start], i, i + 1
        while a > self.start and of[a - 1 - self.start] == number:
            a -= 1
        while b < self.end and of[b - self.start] == number:
            b += 1
        return a, b

    def has_content(self, a: int, b: int) -> bool:
        """Whether tokens a..b hold a content word that is no cue."""
        return any(self.pos[i] in _CONTENT and i not in self.covered for i in range(a, b))

    def items_in(self, a: int, b: int) -> list[int]:
        """Numbers of the items that begin in tokens a..b."""
        return [k for k, h in enumerate(self.items) if a <= h.start < b]

    def cue_in(self, kind: str, a: int, b: int) -> bool:
        """Whether a cue of a kind begins in tokens a..b."""
        return any(c.kind == kind and a <= h.start < b for h, c in self.cues)


def clause_before(s: Sentence, i: int) -> int:
    """Where the clause before word i begins."""
    return s.bounds(i - 1, s.chunk)[0] if i > s.start else i

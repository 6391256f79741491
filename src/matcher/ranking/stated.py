"""What candidates state, by criterion: their facts as arrays that know no vacancy.

A batch and a live index meet vacancies with the same arrays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np

from matcher.features.facts import Profile
from matcher.records import Fact
from matcher.settings import Settings

Array = Any
"""``numpy.ndarray``; this module is compiled, where numpy's own types say nothing."""

NAMED: Final = ("skills", "role")
"""Criteria whose facts are met through the taxonomy."""
VALUED: Final = ("languages", "licences")
"""Criteria whose facts are ordered values."""
PREFIXES: Final = {
    "skills": ("skill:", "phrase:"),
    "role": ("role:",),
    "languages": ("language:",),
    "licences": ("licence:",),
}
"""Beginnings of the keys of facts that speak to a criterion."""
_CRITERION: Final = {prefix.rstrip(":"): name for name, prefixes in PREFIXES.items() for prefix in prefixes}
_SHARED: Final = frozenset({"text", "implied", "inferred_role"})

Have = tuple[str, float, float | None]
"""A language or licence that somebody has: name, strength of the evidence, value."""


def facts_for(p: Profile, criterion: str) -> list[Fact]:
    """Facts of a candidate that speak to a criterion."""
    return [f for f in p.facts if f.key.startswith(PREFIXES[criterion])]


class Strengths:
    """What facts are worth by their evidence.

    Parameters
    ----------
    settings : Settings
        Its section ``evidence``.
    """

    def __init__(self, settings: Settings) -> None:
        evidence = settings.evidence
        self._worth: dict[str, float] = {f.name: float(getattr(evidence, f.name)) for f in fields(evidence)}
        self._budget: float = float(evidence.list_budget)

    def own(self, f: Fact) -> float:
        """Strength of a fact in [0, 1] where few are claimed."""
        return self._worth[f.kind] * f.strength

    def share(self, n_claimed: int) -> float:
        """What claims of lists and texts count for: in full up to the budget, which many share."""
        return min(1.0, self._budget / max(1, n_claimed))

    def of(self, f: Fact, n_claimed: int) -> float:
        """Strength of a fact among so many claims."""
        return self.own(f) * (self.share(n_claimed) if is_claim(f) else 1.0)


def is_claim(f: Fact) -> bool:
    """Whether a fact shares the budget of claims."""
    kind = f.kind
    return f.evidence.column == "skills" if kind == "listed" else kind in _SHARED


@dataclass(frozen=True)
class Named:
    """Facts of a criterion that are met through the taxonomy.

    Attributes
    ----------
    names : tuple of (id, level)
        Distinct facts, in the order of first sight.
    rows, facts, strengths : ndarray of shape (n,)
        Row ``rows[k]`` has fact ``facts[k]`` (a place in ``names``) with that strength; rows ascend. Denials are none.
    contested : ndarray of bool, shape (n,)
        Whether the same candidate denies the very thing elsewhere.
    denied : mapping of id to rows
        Who denies what.
    known : ndarray of bool, shape (n_rows,)
        Of whom anything is known here, denials too.
    """

    names: tuple[tuple[str, int | None], ...]
    rows: Array
    facts: Array
    strengths: Array
    contested: Array
    denied: Mapping[str, Sequence[int]]
    known: Array


@dataclass(frozen=True)
class Valued:
    """Facts of a criterion that are ordered values: the code of each candidate, and what each code stands for."""

    codes: Array
    keys: tuple[tuple[Have, ...], ...]
    known: Array


@dataclass(frozen=True)
class Stated:
    """What some candidates state, by criterion."""

    n_rows: int
    named: Mapping[str, Named]
    valued: Mapping[str, Valued]


_AT_HAND: Final = 4096
"""Facts that are held as Python's own numbers before they go into arrays."""


class _Facts:
    """Facts of a criterion while they are gathered."""

    def __init__(self) -> None:
        self.known: list[int] = []
        """Rows of which anything is known, each once."""

    def know(self, row: int) -> None:
        """Something is known of the row that is being taken."""
        if not self.known or self.known[-1] != row:
            self.known.append(row)

    def known_of(self, n_rows: int) -> Array:
        """Of which rows anything is known, shape (n_rows,)."""
        out = np.zeros(n_rows, dtype=np.bool_)
        out[self.known] = True
        return out


class _NamedFacts(_Facts):
    """Facts of a criterion that are met through the taxonomy."""

    def __init__(self) -> None:
        super().__init__()
        self.numbers: dict[tuple[str, int | None], int] = {}
        self.n = 0
        self.facts: list[int] = []
        self.strengths: list[float] = []
        self.ends: list[int] = []
        self.contested: list[int] = []
        self.denied: dict[str, list[int]] = {}
        self._facts: list[Array] = []
        self._strengths: list[Array] = []

    def number(self, name: str, level: int | None) -> int:
        """Number of a distinct fact."""
        return self.numbers.setdefault((name, level), len(self.numbers))

    def add(self, number: int, strength: float) -> None:
        """Note a fact of the row that is being taken."""
        self.facts.append(number)
        self.strengths.append(strength)
        self.n += 1

    def deny(self, name: str, row: int) -> None:
        """Note a denial."""
        rows = self.denied.setdefault(name, [])
        if not rows or rows[-1] != row:
            rows.append(row)

    def end_row(self) -> None:
        """The row has been taken; numbers go into arrays while they are at hand, which later takes four times as long."""
        self.ends.append(self.n)
        if len(self.facts) > _AT_HAND:
            self._put_away()

    def _put_away(self) -> None:
        self._facts.append(np.array(self.facts, dtype=np.int64))
        self._strengths.append(np.array(self.strengths, dtype=np.float64))
        self.facts, self.strengths = [], []

    def done(self) -> Named:
        """The facts as arrays."""
        self._put_away()
        contested = np.zeros(self.n, dtype=np.bool_)
        contested[self.contested] = True
        return Named(
            tuple(self.numbers),
            np.repeat(np.arange(len(self.ends)), np.diff(np.array([0, *self.ends]))),
            np.concatenate(self._facts),
            np.concatenate(self._strengths),
            contested,
            self.denied,
            self.known_of(len(self.ends)),
        )


class _ValuedFacts(_Facts):
    """Facts of a criterion that are ordered values."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: dict[int, tuple[Have, ...]] = {}

    def add(self, have: Have, row: int) -> None:
        """Note a fact of the row that is being taken."""
        self.rows[row] = (*self.rows.get(row, ()), have)

    def done(self, n_rows: int) -> Valued:
        """The facts as codes; who has none has the same one."""
        numbers: dict[tuple[Have, ...], int] = {}
        codes = [numbers.setdefault(self.rows.get(row, ()), len(numbers)) for row in range(n_rows)]
        return Valued(np.array(codes, dtype=np.int64), tuple(numbers), self.known_of(n_rows))


class _Place:
    """Where facts of one key go: the criterion, the name, and the facts that are met through the taxonomy."""

    def __init__(self, key: str, named: dict[str, _NamedFacts], valued: dict[str, _ValuedFacts]) -> None:
        kind, _, self.name = key.partition(":")
        criterion = _CRITERION.get(kind, "")
        self.named = named.get(criterion)
        self.valued = valued.get(criterion)
        self._plain = -1

    def number(self, to: _NamedFacts, level: int | None) -> int:
        """Number of the fact with a level, and of that without one, which most are."""
        if level is not None:
            return to.number(self.name, level)
        if self._plain < 0:
            self._plain = to.number(self.name, None)
        return self._plain


class Gathering:
    """Takes profiles one after another, in the order of their rows, and tells what they state.

    A profile is best taken when it was just read: its hundred pieces are at hand then, and strewn over all memory later.

    Parameters
    ----------
    settings : Settings
        Their section ``evidence`` says what facts are worth.
    """

    def __init__(self, settings: Settings) -> None:
        self.n_rows = 0
        self._strengths = Strengths(settings)
        self._named: dict[str, _NamedFacts] = {name: _NamedFacts() for name in NAMED}
        self._valued: dict[str, _ValuedFacts] = {name: _ValuedFacts() for name in VALUED}
        self._places: dict[str, _Place] = {}

    def take(self, p: Profile) -> None:
        """Take the next profile."""
        row = self.n_rows
        self.n_rows += 1
        strengths, places = self._strengths, self._places
        share = strengths.share(p.n_claimed)
        for f in p.facts:
            place = places.get(f.key)
            if place is None:
                place = places[f.key] = _Place(f.key, self._named, self._valued)
            to = place.named
            if to is None:
                valued = place.valued
                if valued is not None:
                    valued.know(row)
                    if not f.negated:
                        valued.add((place.name, f.strength, f.value), row)
                continue
            to.know(row)
            if f.negated:
                to.deny(place.name, row)
            else:
                if p.negated and f.key in p.negated:
                    to.contested.append(to.n)
                to.add(place.number(to, f.level), strengths.own(f) * share if is_claim(f) else strengths.own(f))
        for gathered in self._named.values():
            gathered.end_row()

    def done(self) -> Stated:
        """What all of them state."""
        return Stated(
            self.n_rows,
            {name: to.done() for name, to in self._named.items()},
            {name: to.done(self.n_rows) for name, to in self._valued.items()},
        )


def stated(profiles: Sequence[Profile], settings: Settings) -> Stated:
    """What candidates state."""
    gathering = Gathering(settings)
    for p in profiles:
        gathering.take(p)
    return gathering.done()

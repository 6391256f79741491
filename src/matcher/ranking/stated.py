"""What candidates state, by criterion: their facts as arrays that know no vacancy.

A batch and a live index meet vacancies with the same arrays, made in one pass over the facts.
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

    def of(self, f: Fact, n_claimed: int) -> float:
        """Strength of a fact in [0, 1]; claims of lists and texts share a budget."""
        kind = f.kind
        value: float = self._worth[kind] * f.strength
        if n_claimed > self._budget and (
            kind in _SHARED or (kind == "listed" and f.evidence.column == "skills")
        ):  # up to the budget each claim counts in full
            value *= self._budget / n_claimed
        return value


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
    """What some candidates state, by criterion; see :func:`stated`."""

    n_rows: int
    named: Mapping[str, Named]
    valued: Mapping[str, Valued]


class _NamedFacts:
    """Facts of a criterion while they are gathered."""

    def __init__(self, strengths: Strengths) -> None:
        self.worth = strengths
        self.numbers: dict[tuple[str, int | None], int] = {}
        self.rows: list[int] = []
        self.facts: list[int] = []
        self.strengths: list[float] = []
        self.contested: list[int] = []
        self.denied: dict[str, list[int]] = {}

    def add(self, f: Fact, name: str, p: Profile, row: int) -> None:
        """Take a fact of a candidate."""
        if f.negated:
            rows = self.denied.setdefault(name, [])
            if not rows or rows[-1] != row:
                rows.append(row)
            return
        asked = (name, f.level)
        number = self.numbers.get(asked)
        if number is None:
            number = self.numbers[asked] = len(self.numbers)
        if p.negated and f.key in p.negated:
            self.contested.append(len(self.rows))
        self.rows.append(row)
        self.facts.append(number)
        self.strengths.append(self.worth.of(f, p.n_claimed))

    def done(self, known: Array) -> Named:
        """The facts as arrays."""
        contested = np.zeros(len(self.rows), dtype=np.bool_)
        contested[self.contested] = True
        return Named(
            tuple(self.numbers),
            np.array(self.rows, dtype=np.int64),
            np.array(self.facts, dtype=np.int64),
            np.array(self.strengths, dtype=np.float64),
            contested,
            self.denied,
            known,
        )


def stated(profiles: Sequence[Profile], settings: Settings) -> Stated:
    """What candidates state, in one pass over their facts."""
    n = len(profiles)
    named = {name: _NamedFacts(Strengths(settings)) for name in NAMED}
    haves: dict[str, list[tuple[Have, ...]]] = {name: [()] * n for name in VALUED}
    known = {name: np.zeros(n, dtype=np.bool_) for name in (*NAMED, *VALUED)}
    split: dict[str, tuple[str, str]] = {}
    for i, p in enumerate(profiles):
        heard: set[str] = set()
        for f in p.facts:
            parts = split.get(f.key)
            if parts is None:
                kind, _, own = f.key.partition(":")
                parts = split[f.key] = (_CRITERION.get(kind, ""), own)
            criterion, name = parts
            if not criterion:
                continue
            heard.add(criterion)
            to = named.get(criterion)
            if to is not None:
                to.add(f, name, p, i)
            elif not f.negated:
                haves[criterion][i] = (*haves[criterion][i], (name, f.strength, f.value))
        for criterion in heard:
            known[criterion][i] = True
    return Stated(
        n,
        {name: to.done(known[name]) for name, to in named.items()},
        {name: _coded(haves[name], known[name]) for name in VALUED},
    )


def _coded(haves: Sequence[tuple[Have, ...]], known: Array) -> Valued:
    numbers: dict[tuple[Have, ...], int] = {}
    codes = [numbers.setdefault(have, len(numbers)) for have in haves]
    return Valued(np.array(codes, dtype=np.int64), tuple(numbers), known)

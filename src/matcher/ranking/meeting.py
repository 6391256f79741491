"""How far facts meet requirements: the columns of a set of vacancies and the degrees of every candidate."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from matcher.features.facts import Profile
from matcher.features.requests import Request
from matcher.ranking.degrees import best_degrees, related, related_roles, relation_matrix
from matcher.ranking.units import to_degrees
from matcher.ranking.worth import fact_strength
from matcher.records import Fact, Requirement
from matcher.settings import Settings
from matcher.taxonomy import Taxonomy


@dataclass(frozen=True, slots=True)
class Column:
    """One requirement shared by all vacancies that ask for it: key, level or value, and the ids that meet it."""

    key: str
    level: int | None
    value: float | None
    ids: tuple[str, ...]

    @classmethod
    def of(cls, r: Requirement) -> Column:
        """The column of a requirement."""
        return cls(r.key, r.level, r.value, r.any_of or (r.key.partition(":")[2],))


def columns_of(requests: Sequence[Request], criterion: str) -> list[Column]:
    """Distinct columns of a criterion, in a fixed order."""
    found = {Column.of(q) for r in requests for q in r.requirements if q.criterion == criterion}
    return sorted(found, key=lambda c: (c.key, c.level or 0, c.value or 0.0))


PREFIXES = {
    "skills": ("skill:", "phrase:"),
    "role": ("role:",),
    "languages": ("language:",),
    "licences": ("licence:",),
}
"""Beginnings of the keys of facts that speak to a criterion."""


def facts_for(p: Profile, criterion: str) -> list[Fact]:
    """Facts of a candidate that speak to a criterion."""
    return [f for f in p.facts if f.key.startswith(PREFIXES[criterion])]


def taxonomy_degrees(
    profiles: Sequence[Profile], columns: Sequence[Column], criterion: str, settings: Settings, taxonomy: Taxonomy
) -> sparse.csr_matrix:
    """Degrees of skill and role columns, from the best relation of any fact."""
    near: Callable[[str], Mapping[str, float]] = (
        (lambda name: related_roles(taxonomy, name, settings.relations))
        if criterion == "role"
        else (lambda name: related(taxonomy, name, settings.relations))
    )
    numbers: dict[tuple[str, int | None], int] = {}
    rows, facts, strengths = [], [], []
    for i, p in enumerate(profiles):
        for f in facts_for(p, criterion):
            if not f.negated:
                rows.append(i)
                facts.append(numbers.setdefault((f.key.partition(":")[2], f.level), len(numbers)))
                strengths.append(fact_strength(f, p.n_claimed, settings))
    relation = relation_matrix(list(numbers), [(c.ids, c.level) for c in columns], near, settings.relations)
    out = best_degrees(
        np.array(rows, dtype=np.int64), np.array(facts, dtype=np.int64), np.array(strengths), relation, len(profiles)
    )
    return _without_negated(out, profiles, columns, criterion, taxonomy)


def _without_negated(
    degrees: sparse.csr_matrix,
    profiles: Sequence[Profile],
    columns: Sequence[Column],
    criterion: str,
    taxonomy: Taxonomy,
) -> sparse.csr_matrix:
    """A denied skill blocks itself and what is under it."""
    at: dict[str, list[int]] = {}
    for j, c in enumerate(columns):
        if len(c.ids) == 1:
            at.setdefault(c.ids[0], []).append(j)
    rows, cells = [], []
    for i, p in enumerate(profiles):
        for key in p.negated:
            if key.startswith(PREFIXES[criterion]):
                name = key.partition(":")[2]
                for blocked in (name, *taxonomy.descendants.get(name, ())):
                    for j in at.get(blocked, ()):
                        rows.append(i)
                        cells.append(j)
    if not rows:
        return degrees
    mask = sparse.csr_matrix((np.ones(len(rows), dtype=np.int64), (rows, cells)), shape=degrees.shape)
    mask.data[:] = 1
    out = sparse.csr_matrix(degrees - degrees.multiply(mask))
    out.eliminate_zeros()
    return out


def value_degree(have: Sequence[tuple[str, Fact]], column: Column, settings: Settings) -> float:
    """Degree of a language or licence column: met, short by steps, or of a family that is near.

    A разряд of a trade answers a разряд asked for without a trade, and the other way round in part.
    """
    best = 0.0
    family = column.key.partition(":")[2]
    for name, f in have:
        share = 1.0
        if name != family:
            if (family == "driver" and name.startswith("driver.")) or (family == "grade" and name.startswith("grade.")):
                share = 1.0
            elif name == "grade" and family.startswith("grade."):
                share = 0.9
            else:
                continue
        if column.value is None or family.startswith("driver"):
            degree = 1.0
        elif f.value is None:
            degree = settings.relations.level_unknown
        else:
            degree = settings.relations.level_short ** max(0.0, column.value - f.value)
        best = max(best, share * degree * f.strength)
    return best


def value_degrees(
    profiles: Sequence[Profile], columns: Sequence[Column], criterion: str, settings: Settings
) -> sparse.csr_matrix:
    """Degrees of ordered facts: languages with CEFR, licences, groups, разряды."""
    out = sparse.lil_matrix((len(profiles), len(columns)), dtype=np.int64)
    for i, p in enumerate(profiles):
        have = [(f.key.partition(":")[2], f) for f in facts_for(p, criterion) if not f.negated]
        if have:
            for j, c in enumerate(columns):
                degree = value_degree(have, c, settings)
                if degree:
                    out[i, j] = int(to_degrees(degree))
    return sparse.csr_matrix(out)

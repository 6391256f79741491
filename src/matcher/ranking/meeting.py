"""How far facts meet requirements: the columns of a set of vacancies and the degrees of every candidate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy import sparse

from matcher.features.requests import Request
from matcher.ranking.degrees import Reach, best_of_rows, related, related_roles
from matcher.ranking.stated import Have, Named, Valued
from matcher.ranking.units import DEGREE_ONE, to_degrees
from matcher.records import Requirement
from matcher.settings import Settings
from matcher.taxonomy import Taxonomy


class Column(NamedTuple):
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


def reach_of(columns: Sequence[Column], criterion: str, settings: Settings, taxonomy: Taxonomy) -> Reach:
    """How far any skill or role meets the columns of its criterion."""
    find = related_roles if criterion == "role" else related
    return Reach(
        [(c.ids, c.level) for c in columns], lambda n: find(taxonomy, n, settings.relations), settings.relations
    )


def taxonomy_degrees(named: Named, columns: Sequence[Column], reach: Reach, taxonomy: Taxonomy) -> sparse.csr_matrix:
    """Degrees of skill or role columns, from the best relation of any fact; ``reach`` is :func:`reach_of` the columns."""
    n_rows = len(named.known)
    best = best_of_rows(named.rows, named.facts, named.strengths, reach.of(named.names), n_rows)
    whole = np.rint(best.data * DEGREE_ONE).astype(np.int64)
    out = sparse.csr_matrix((whole, best.indices, best.indptr), shape=best.shape)
    _clear_denied(out, named, columns, taxonomy)
    out.eliminate_zeros()
    return out


def _clear_denied(degrees: sparse.csr_matrix, named: Named, columns: Sequence[Column], taxonomy: Taxonomy) -> None:
    """A denied skill blocks itself and what is under it; columns of each row ascend."""
    if not named.denied:
        return
    at: dict[str, list[int]] = {}
    for j, c in enumerate(columns):
        if len(c.ids) == 1:
            at.setdefault(c.ids[0], []).append(j)
    n_columns = degrees.shape[1]
    blocked = [
        np.add.outer(np.array(rows, dtype=np.int64) * n_columns, np.array(at[name], dtype=np.int64)).ravel()
        for denied, rows in named.denied.items()
        for name in (denied, *taxonomy.descendants.get(denied, ()))
        if name in at
    ]
    if blocked:
        cells = np.repeat(np.arange(degrees.shape[0]), np.diff(degrees.indptr)) * n_columns + degrees.indices
        degrees.data[np.isin(cells, np.concatenate(blocked))] = 0


def value_degree(have: Sequence[Have], column: Column, settings: Settings) -> float:
    """Degree of a language or licence column: met, short by steps, or of a family that is near.

    A разряд of a trade answers a разряд asked for without a trade, and the other way round in part.
    """
    best = 0.0
    family = column.key.partition(":")[2]
    for name, strength, value in have:
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
        elif value is None:
            degree = settings.relations.level_unknown
        else:
            degree = settings.relations.level_short ** max(0.0, column.value - value)
        best = max(best, share * degree * strength)
    return best


def value_degrees(valued: Valued, columns: Sequence[Column], settings: Settings) -> sparse.csr_matrix:
    """Degrees of ordered facts: languages with CEFR, licences, groups, разряды; each distinct set is met once."""
    met = [[value_degree(have, c, settings) for c in columns] for have in valued.keys]
    by_code: sparse.csr_matrix = sparse.csr_matrix(to_degrees(met).reshape(len(valued.keys), len(columns)))
    out: sparse.csr_matrix = by_code[valued.codes]
    return out

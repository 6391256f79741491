"""What a set of vacancies asks, as the columns, weights and terms that no candidate changes.

The weight of a requirement within its criterion is tier x rarity x confidence; the criteria that a vacancy states
share its weight by the settings. Largest remainders make the weights of a vacancy sum to one exactly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from matcher.features.requests import Request
from matcher.ranking.coded import CRITERIA, CodedCriterion
from matcher.ranking.degrees import Reach
from matcher.ranking.gates import codes_of
from matcher.ranking.meeting import Column, columns_of, reach_of
from matcher.ranking.stated import NAMED, VALUED
from matcher.ranking.units import THIN_ONE, IntArray, to_weights
from matcher.ranking.worth import Statistics, request_bag, requirement_weight
from matcher.settings import Settings, Weights
from matcher.taxonomy import Taxonomy

COLUMN_CRITERIA = (*NAMED, *VALUED)
COSINE_CRITERIA = ("profile", "title", "text")
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Asked:
    """Vacancies as read, with all that scoring needs of them; each piece is worked out once, when it is asked for."""

    requests: list[Request]
    statistics: Statistics
    settings: Settings
    taxonomy: Taxonomy

    @cached_property
    def columns(self) -> dict[str, tuple[Column, ...]]:
        """Distinct requirements by criterion, in a fixed order."""
        return {name: tuple(columns_of(self.requests, name)) for name in COLUMN_CRITERIA}

    @cached_property
    def reach(self) -> dict[str, Reach]:
        """How far any skill or role meets the columns, by criterion; what was worked out is kept for the next block."""
        return {name: reach_of(self.columns[name], name, self.settings, self.taxonomy) for name in NAMED}

    @cached_property
    def terms(self) -> dict[str, sparse.csr_matrix]:
        """Rows of length one by likeness, shape (n_vacancies, n_terms)."""
        told = self.statistics
        return {
            "profile": told.profile.transform(request_bag(r, self.settings, self.taxonomy) for r in self.requests),
            "title": told.title.transform_words([r.title_words for r in self.requests]),
            "text": told.text.transform_words([r.words for r in self.requests]),
        }

    @cached_property
    def coded(self) -> tuple[CodedCriterion, ...]:
        """Coded criteria that have a weight."""
        return tuple(c for c in CRITERIA if getattr(self.settings.weights, c.name) > 0)

    @cached_property
    def codes(self) -> dict[str, tuple[IntArray, list[Any]]]:
        """Codes of the vacancies by coded criterion, and what each stands for; None where it is not stated."""
        return {c.name: codes_of([c.right(r) if c.stated(r) else None for r in self.requests]) for c in self.coded}

    @cached_property
    def weights(self) -> _Weights:
        """Weights of every vacancy in units of 2^-20, summing to one over all its entries."""
        filled = {n: np.diff(rows.indptr) > 0 for n, rows in self.terms.items()}
        return _weights(self.requests, self.columns, filled, self.coded, self.statistics, self.settings, self.taxonomy)

    @cached_property
    def thin(self) -> IntArray:
        """Thinness factor of each vacancy in 1/1024."""
        return thinness(self.requests, self.settings)


@dataclass(frozen=True, slots=True)
class _Weights:
    """Of requirement columns, shape (n_vacancies, n_columns), and of single criteria, shape (n_vacancies,)."""

    sparse: Mapping[str, sparse.csr_matrix]
    single: Mapping[str, IntArray]


def _weights(
    requests: Sequence[Request],
    columns: Mapping[str, Sequence[Column]],
    filled: Mapping[str, Bools],
    coded: Sequence[CodedCriterion],
    statistics: Statistics,
    settings: Settings,
    taxonomy: Taxonomy,
) -> _Weights:
    """Weights of every vacancy in units of 2^-20, summing to one over all its entries."""
    n = len(requests)
    at = {name: {c: j for j, c in enumerate(cs)} for name, cs in columns.items()}
    single = {name: np.zeros(n, dtype=np.int64) for name in (*COSINE_CRITERIA, *(c.name for c in coded))}
    cells: dict[str, tuple[list[int], list[int], list[int]]] = {name: ([], [], []) for name in COLUMN_CRITERIA}
    for v, r in enumerate(requests):
        entries = entries_of(r, v, filled, coded, statistics, settings, taxonomy)
        units = to_weights([w for _, _, w in entries])
        for (name, column, _), unit in zip(entries, units, strict=True):
            if column is None:
                single[name][v] = unit
            else:
                for kept, value in zip(cells[name], (v, at[name][column], int(unit)), strict=True):
                    kept.append(value)
    matrices = {
        name: sparse.csr_matrix(
            (np.array(w, dtype=np.int64), (rows, cols)), shape=(n, len(columns[name])), dtype=np.int64
        )
        for name, (rows, cols, w) in cells.items()
    }
    return _Weights(matrices, single)


def entries_of(
    r: Request,
    v: int,
    filled: Mapping[str, Bools],
    coded: Sequence[CodedCriterion],
    statistics: Statistics,
    settings: Settings,
    taxonomy: Taxonomy,
) -> list[tuple[str, Column | None, float]]:
    """All entries of one vacancy with their share before rounding: criterion weight x share within it."""
    out: list[tuple[str, Column | None, float]] = []
    weights = {n: getattr(settings.weights, n) * r.record.factor(n) for n in Weights.__dataclass_fields__}
    for name in COLUMN_CRITERIA:
        asked = [
            (Column.of(q), requirement_weight(q, statistics, settings, taxonomy))
            for q in r.requirements
            if q.criterion == name
        ]
        total = sum(w for _, w in asked)
        if weights[name] > 0 and total > 0:
            out.extend((name, c, weights[name] * w / total) for c, w in asked if w > 0)
    out.extend((name, None, weights[name]) for name in COSINE_CRITERIA if filled[name][v] and weights[name] > 0)
    out.extend((c.name, None, weights[c.name]) for c in coded if c.stated(r) and weights[c.name] > 0)
    return out


def thinness(requests: Sequence[Request], settings: Settings) -> IntArray:
    """The factor I / (I + m): I is the sum of the tiers a vacancy states, plus one for having words at all."""
    m = settings.scoring.thinness
    stated = np.array(
        [sum(getattr(settings.tiers, q.tier) for q in r.requirements) + bool(r.words) for r in requests],
        dtype=np.float64,
    )
    if m == 0:
        return np.full(len(requests), THIN_ONE, dtype=np.int64)
    return np.rint(stated / (stated + m) * THIN_ONE).astype(np.int64)

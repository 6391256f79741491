"""From profiles and requests to the parts of a score: columns, degrees, weights.

The weight of a requirement within its criterion is tier x rarity x confidence; the criteria that a vacancy states
share its weight by the settings. Largest remainders make the weights of a vacancy sum to one exactly.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from matcher.features.encode import TermVectorizer
from matcher.features.facts import Profile
from matcher.features.requests import Request
from matcher.ranking.caps import Caps, build_caps
from matcher.ranking.coded import CRITERIA, CodedCriterion
from matcher.ranking.gates import codes_of
from matcher.ranking.meeting import Column, columns_of, facts_for, taxonomy_degrees, value_degrees
from matcher.ranking.parts import CodedPart, CosinePart, Part, SparsePart
from matcher.ranking.units import THIN_ONE, IntArray, to_degrees, to_weights
from matcher.ranking.worth import Statistics, profile_bag, request_bag, requirement_weight
from matcher.settings import Settings, Weights
from matcher.taxonomy import Taxonomy

COLUMN_CRITERIA = ("skills", "role", "languages", "licences")
COSINE_CRITERIA = ("profile", "title", "text")
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Parts:
    """All parts of a score with the columns of the requirement criteria, the thinness of each vacancy, and the caps."""

    parts: tuple[Part, ...]
    columns: Mapping[str, tuple[Column, ...]]
    thin: IntArray
    caps: Caps | None


def build_parts(
    profiles: Sequence[Profile],
    requests: Sequence[Request],
    statistics: Statistics,
    settings: Settings,
    taxonomy: Taxonomy,
) -> Parts:
    """Turn profiles and requests into the parts of a score.

    Parameters
    ----------
    profiles, requests
        Candidates and vacancies as read.
    statistics : Statistics
        Learnt at ``fit``.
    """
    columns = {name: tuple(columns_of(requests, name)) for name in COLUMN_CRITERIA}
    bags = cosine_rows(profiles, requests, statistics, settings, taxonomy)
    coded = [c for c in CRITERIA if getattr(settings.weights, c.name) > 0]
    weights = _weights(
        requests,
        columns,
        {n: np.diff(r.indptr) > 0 for n, (_, r) in bags.items()},
        coded,
        statistics,
        settings,
        taxonomy,
    )
    parts: list[Part] = []
    parts.extend(
        _sparse_part(name, profiles, columns[name], weights.sparse[name], settings, taxonomy)
        for name in COLUMN_CRITERIA
        if len(columns[name]) and getattr(settings.weights, name) > 0
    )
    for name in COSINE_CRITERIA:
        if getattr(settings.weights, name) > 0:
            power = settings.scoring.text_power
            left, right = bags[name]
            parts.append(CosinePart(name, left, right, weights.single[name], power, has_terms(name, profiles)))
    parts.extend(_coded_part(c, profiles, requests, weights.single[c.name], settings) for c in coded)
    kept = tuple(p for p in parts if p.total.any())
    caps = build_caps(kept, columns, requests, settings.scoring.dealbreaker)
    return Parts(kept, columns, thinness(requests, settings), caps)


def cosine_rows(
    profiles: Sequence[Profile],
    requests: Sequence[Request],
    statistics: Statistics,
    settings: Settings,
    taxonomy: Taxonomy,
) -> dict[str, tuple[sparse.csr_matrix, sparse.csr_matrix]]:
    """Rows of length one of both sides, by criterion."""
    return {
        "profile": (
            statistics.profile.transform(profile_bag(p, settings, taxonomy) for p in profiles),
            statistics.profile.transform(request_bag(r, settings, taxonomy) for r in requests),
        ),
        "title": title_rows(profiles, requests, statistics.title),
        "text": (
            statistics.text.transform(Counter(p.words) for p in profiles),
            statistics.text.transform(Counter(r.words) for r in requests),
        ),
    }


def title_rows(
    profiles: Sequence[Profile], requests: Sequence[Request], title: TermVectorizer
) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
    """Words of wished titles and of vacancies' titles, as rows of length one."""
    return (
        title.transform(Counter(p.title_words) for p in profiles),
        title.transform(Counter(r.title_words) for r in requests),
    )


def has_terms(name: str, profiles: Sequence[Profile]) -> Bools:
    """Who has anything to compare: skills, a wished title, words."""
    told: Mapping[str, Callable[[Profile], bool]] = {
        "profile": lambda p: any(not f.negated for f in facts_for(p, "skills")),
        "title": lambda p: bool(p.title_words),
        "text": lambda p: bool(p.words),
    }
    return np.array([told[name](p) for p in profiles], dtype=np.bool_)


def _sparse_part(
    name: str,
    profiles: Sequence[Profile],
    columns: Sequence[Column],
    weights: sparse.csr_matrix,
    settings: Settings,
    taxonomy: Taxonomy,
) -> SparsePart:
    if name in {"skills", "role"}:
        degrees = taxonomy_degrees(profiles, columns, name, settings, taxonomy)
    else:
        degrees = value_degrees(profiles, columns, name, settings)
    known = np.array([bool(facts_for(p, name)) for p in profiles], dtype=np.bool_)  # a denial is known too
    return SparsePart(name, degrees, weights, known, int(to_degrees(getattr(settings.unknown, name, 0.0))))


def _coded_part(
    c: CodedCriterion, profiles: Sequence[Profile], requests: Sequence[Request], weight: IntArray, settings: Settings
) -> CodedPart:
    rows, columns, table, known = met_codes(c, profiles, requests, getattr(settings.unknown, c.name, 0.0))
    return CodedPart(c.name, rows, columns, table, weight, known)


def met_codes(
    c: CodedCriterion, profiles: Sequence[Profile], requests: Sequence[Request], neutral: float
) -> tuple[IntArray, IntArray, IntArray, Bools]:
    """Codes of candidates and of vacancies, the degrees of all pairs of codes, and which rest on known facts."""
    rows, had = codes_of([c.left(p) for p in profiles])
    columns, asked = codes_of([c.right(r) if c.stated(r) else None for r in requests])
    table = np.zeros((len(had), len(asked)), dtype=np.int64)
    known = np.zeros(table.shape, dtype=np.bool_)
    for a, h in enumerate(had):
        for b, q in enumerate(asked):
            degree = None if h is None or q is None else c.degree(h, q)
            table[a, b] = to_degrees(neutral if degree is None else degree)
            known[a, b] = degree is not None
    return rows, columns, table, known


@dataclass(frozen=True, slots=True)
class _Weights:
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

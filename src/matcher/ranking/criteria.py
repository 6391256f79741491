"""From profiles and requests to the parts of a score: how far every candidate meets what is asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from matcher.features.encode import TermVectorizer
from matcher.features.facts import Profile
from matcher.features.requests import Request
from matcher.ranking.asking import COLUMN_CRITERIA, COSINE_CRITERIA, Asked
from matcher.ranking.caps import Caps, build_caps
from matcher.ranking.coded import CodedCriterion
from matcher.ranking.gates import codes_of
from matcher.ranking.meeting import Column, facts_for, taxonomy_degrees, value_degrees
from matcher.ranking.parts import CodedPart, CosinePart, Part, SparsePart
from matcher.ranking.units import IntArray, to_degrees
from matcher.ranking.worth import Statistics, profile_bag
from matcher.settings import Settings
from matcher.taxonomy import Taxonomy

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
    """Turn profiles and requests into the parts of a score; ``statistics`` were learnt at ``fit``."""
    return parts_of(profiles, Asked(list(requests), statistics, settings, taxonomy))


def parts_of(profiles: Sequence[Profile], asked: Asked) -> Parts:
    """The parts of a score of candidates for vacancies that were worked out before."""
    settings, taxonomy, columns, weights = asked.settings, asked.taxonomy, asked.columns, asked.weights
    parts: list[Part] = []
    parts.extend(
        _sparse_part(name, profiles, columns[name], weights.sparse[name], settings, taxonomy)
        for name in COLUMN_CRITERIA
        if len(columns[name]) and getattr(settings.weights, name) > 0
    )
    left = profile_rows(profiles, asked.statistics, settings, taxonomy)
    for name in COSINE_CRITERIA:
        if getattr(settings.weights, name) > 0:
            known, power = has_terms(name, profiles), settings.scoring.text_power
            parts.append(CosinePart(name, left[name], asked.terms[name], weights.single[name], power, known))
    for c in asked.coded:
        neutral = getattr(settings.unknown, c.name, 0.0)
        rows, table, known = met_keys(c, [c.left(p) for p in profiles], asked.codes[c.name][1], neutral)
        parts.append(CodedPart(c.name, rows, asked.codes[c.name][0], table, weights.single[c.name], known))
    kept = tuple(p for p in parts if p.total.any())
    caps = build_caps(kept, columns, asked.requests, settings.scoring.dealbreaker)
    return Parts(kept, columns, asked.thin, caps)


def profile_rows(
    profiles: Sequence[Profile], statistics: Statistics, settings: Settings, taxonomy: Taxonomy
) -> dict[str, sparse.csr_matrix]:
    """Rows of length one of candidates, by likeness."""
    return {
        "profile": statistics.profile.transform(profile_bag(p, settings, taxonomy) for p in profiles),
        "title": statistics.title.transform(Counter(p.title_words) for p in profiles),
        "text": statistics.text.transform(Counter(p.words) for p in profiles),
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


def met_codes(
    c: CodedCriterion, profiles: Sequence[Profile], requests: Sequence[Request], neutral: float
) -> tuple[IntArray, IntArray, IntArray, Bools]:
    """Codes of candidates and of vacancies, the degrees of all pairs of codes, and which rest on known facts."""
    columns, asked = codes_of([c.right(r) if c.stated(r) else None for r in requests])
    rows, table, known = met_keys(c, [c.left(p) for p in profiles], asked, neutral)
    return rows, columns, table, known


def met_keys(
    c: CodedCriterion, keys: Sequence[Any], asked: Sequence[Any], neutral: float
) -> tuple[IntArray, IntArray, Bools]:
    """Codes of what candidates have, the degrees of these against all that is asked, and which rest on known facts."""
    rows, had = codes_of(keys)
    table = np.zeros((len(had), len(asked)), dtype=np.int64)
    known = np.zeros(table.shape, dtype=np.bool_)
    for a, h in enumerate(had):
        for b, q in enumerate(asked):
            degree = None if h is None or q is None else c.degree(h, q)
            table[a, b] = to_degrees(neutral if degree is None else degree)
            known[a, b] = degree is not None
    return rows, table, known

"""From profiles and requests to the parts of a score: how far every candidate meets what is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
from matcher.ranking.meeting import Column, taxonomy_degrees, value_degrees
from matcher.ranking.parts import CodedPart, CosinePart, Part, SparsePart
from matcher.ranking.stated import NAMED, Stated, stated
from matcher.ranking.units import IntArray, to_degrees
from matcher.ranking.worth import Statistics, profile_terms
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


def parts_of(profiles: Sequence[Profile], asked: Asked, told: Stated | None = None) -> Parts:
    """The parts of a score of candidates for vacancies; ``told`` is what they state, where it was gathered before."""
    settings, columns, weights = asked.settings, asked.columns, asked.weights
    told = told or stated(profiles, settings)
    parts: list[Part] = []
    parts.extend(
        _sparse_part(name, told, asked)
        for name in COLUMN_CRITERIA
        if len(columns[name]) and getattr(settings.weights, name) > 0
    )
    left = profile_rows(profiles, told, asked.statistics, settings, asked.taxonomy)
    for name in COSINE_CRITERIA:
        if getattr(settings.weights, name) > 0:
            known, power = has_terms(name, profiles, told), settings.scoring.text_power
            parts.append(CosinePart(name, left[name], asked.terms[name], weights.single[name], power, known))
    for c in asked.coded:
        neutral = getattr(settings.unknown, c.name, 0.0)
        rows, table, known = met_keys(c, [c.left(p) for p in profiles], asked.codes[c.name][1], neutral)
        parts.append(CodedPart(c.name, rows, asked.codes[c.name][0], table, weights.single[c.name], known))
    kept = tuple(p for p in parts if p.total.any())
    caps = build_caps(kept, columns, asked.requests, settings.scoring.dealbreaker)
    return Parts(kept, columns, asked.thin, caps)


def profile_rows(
    profiles: Sequence[Profile], told: Stated, statistics: Statistics, settings: Settings, taxonomy: Taxonomy
) -> dict[str, sparse.csr_matrix]:
    """Rows of length one of candidates, by likeness; ``told`` is what they state."""
    title, text, profile = statistics.title, statistics.text, statistics.profile
    return {
        "profile": profile.weigh(profile_terms(told.named["skills"], profile, settings, taxonomy)),
        "title": title.transform_words([p.title_words for p in profiles]),
        "text": text.transform_words([p.words for p in profiles]),
    }


def title_rows(
    profiles: Sequence[Profile], requests: Sequence[Request], title: TermVectorizer
) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
    """Words of wished titles and of vacancies' titles, as rows of length one."""
    return (
        title.transform_words([p.title_words for p in profiles]),
        title.transform_words([r.title_words for r in requests]),
    )


def has_terms(name: str, profiles: Sequence[Profile], told: Stated) -> Bools:
    """Who has anything to compare: skills, a wished title, words."""
    if name == "profile":
        skills = told.named["skills"]
        return np.bincount(skills.rows, minlength=told.n_rows) > 0
    words = [p.title_words if name == "title" else p.words for p in profiles]
    return np.array([bool(w) for w in words], dtype=np.bool_)


def _sparse_part(name: str, told: Stated, asked: Asked) -> SparsePart:
    columns, settings = asked.columns[name], asked.settings
    if name in NAMED:
        degrees = taxonomy_degrees(told.named[name], columns, asked.reach[name], asked.taxonomy)
        known = told.named[name].known
    else:
        degrees, known = value_degrees(told.valued[name], columns, settings), told.valued[name].known
    neutral = int(to_degrees(getattr(settings.unknown, name, 0.0)))
    return SparsePart(name, degrees, asked.weights.sparse[name], known, neutral)


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
    met = [[None if h is None or q is None else c.degree(h, q) for q in asked] for h in had]
    table = to_degrees([[neutral if degree is None else degree for degree in row] for row in met])
    known = np.array([[degree is not None for degree in row] for row in met], dtype=np.bool_)
    shape = len(had), len(asked)
    return rows, table.reshape(shape), known.reshape(shape)

"""From profiles and requests to the parts of a score: columns, degrees, weights.

The weight of a requirement within its criterion is tier x rarity x confidence; the criteria that a vacancy states
share its weight by the settings. Largest remainders make the weights of a vacancy sum to one exactly.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from matcher.features.encode import TermVectorizer
from matcher.features.facts import Profile, Request
from matcher.ranking.coded import CRITERIA, CodedCriterion
from matcher.ranking.degrees import best_degrees, related, related_roles, relation_matrix
from matcher.ranking.gates import codes_of
from matcher.ranking.parts import CodedPart, CosinePart, Part, SparsePart
from matcher.ranking.units import DEGREE_ONE, THIN_ONE, WEIGHT_ONE, IntArray, to_degrees, to_weights
from matcher.records import Fact, Requirement
from matcher.settings import Settings
from matcher.taxonomy import Taxonomy

COLUMN_CRITERIA = ("skills", "role", "languages", "licences")
COSINE_CRITERIA = ("profile", "title", "text")
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Statistics:
    """What is learnt at ``fit`` and frozen: rarities of requirements and the three vocabularies."""

    n_vacancies: int
    counts: Mapping[str, int]
    text: TermVectorizer
    title: TermVectorizer
    profile: TermVectorizer

    def rarity(self, key: str) -> float:
        """``log(1 + n / df)`` of a requirement among the fitted vacancies; unseen ones count as seen once.

        The commonest members decide for an any-of group.
        """
        names = key.partition(":")[2].split("|") if key.startswith("any:") else [key.partition(":")[2]]
        seen = max(self.counts.get(n, 0) for n in names)
        return math.log(1 + self.n_vacancies / max(1, seen))


def learn(requests: Sequence[Request], settings: Settings, taxonomy: Taxonomy) -> Statistics:
    """Rarities and vocabularies from vacancies."""
    counts: Counter[str] = Counter()
    for r in requests:
        names = {n for q in r.requirements for n in (q.any_of or (q.key.partition(":")[2],))}
        counts.update(names | {a for n in names for a in taxonomy.ancestors.get(n, ())})
    return Statistics(
        n_vacancies=len(requests),
        counts=dict(counts),
        text=TermVectorizer().fit(Counter(r.words) for r in requests),
        title=TermVectorizer().fit(Counter(r.title_words) for r in requests),
        profile=TermVectorizer(sublinear=False).fit(request_bag(r, settings, taxonomy) for r in requests),
    )


# ---------------------------------------------------------------- what facts and requirements are worth


def requirement_weight(r: Requirement, statistics: Statistics, settings: Settings, taxonomy: Taxonomy) -> float:
    """Tier x rarity x confidence of a requirement within its criterion."""
    weight = getattr(settings.tiers, r.tier) * r.confidence
    if r.criterion == "skills":
        name = r.key.partition(":")[2]
        if name in taxonomy and taxonomy[name].kind == "soft":
            weight *= settings.tiers.soft
        weight *= statistics.rarity(r.key) ** settings.scoring.rarity
    return float(weight)


def fact_strength(f: Fact, n_listed: int, settings: Settings) -> float:
    """What a fact is worth by its evidence; bare list items share a budget."""
    value = getattr(settings.evidence, f.kind) * f.strength
    if f.kind == "listed" and f.evidence.column == "skills":
        value *= min(1.0, settings.evidence.list_budget / max(1, n_listed))
    return float(value)


def request_bag(r: Request, settings: Settings, taxonomy: Taxonomy) -> dict[str, float]:
    """Skills of a vacancy with their tiers, and half of each for what is broader."""
    bag: dict[str, float] = {}
    for q in r.requirements:
        if q.criterion == "skills":
            weight = getattr(settings.tiers, q.tier) * q.confidence
            for name in q.any_of or (q.key.partition(":")[2],):
                _add_with_broader(bag, name, weight * _soft(name, settings, taxonomy), taxonomy)
    return bag


def profile_bag(p: Profile, settings: Settings, taxonomy: Taxonomy) -> dict[str, float]:
    """Skills of a candidate with the strength of their evidence, and half of each for what is broader."""
    bag: dict[str, float] = {}
    for f in p.facts:
        name = f.key.partition(":")[2]
        if f.key.startswith(("skill:", "phrase:")) and not f.negated and f.key not in p.negated:
            _add_with_broader(
                bag, name, fact_strength(f, p.n_listed, settings) * _soft(name, settings, taxonomy), taxonomy
            )
    return bag


def _soft(name: str, settings: Settings, taxonomy: Taxonomy) -> float:
    return settings.tiers.soft if name in taxonomy and taxonomy[name].kind == "soft" else 1.0


def _add_with_broader(bag: dict[str, float], name: str, weight: float, taxonomy: Taxonomy) -> None:
    bag[name] = max(weight, bag.get(name, 0.0))
    for broader in taxonomy.ancestors.get(name, ()):
        bag[broader] = max(weight * 0.5, bag.get(broader, 0.0))


# ---------------------------------------------------------------- columns


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


_PREFIXES = {
    "skills": ("skill:", "phrase:"),
    "role": ("role:",),
    "languages": ("language:",),
    "licences": ("licence:",),
}


def facts_for(p: Profile, criterion: str) -> list[Fact]:
    """Facts of a candidate that speak to a criterion."""
    return [f for f in p.facts if f.key.startswith(_PREFIXES[criterion])]


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
                strengths.append(fact_strength(f, p.n_listed, settings))
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
            if key.startswith(_PREFIXES[criterion]):
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


# ---------------------------------------------------------------- the parts


@dataclass(frozen=True, slots=True)
class Parts:
    """All parts of a score with the columns of the requirement criteria and the thinness of each vacancy."""

    parts: tuple[Part, ...]
    columns: Mapping[str, tuple[Column, ...]]
    thin: IntArray


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
    bags = _cosine_rows(profiles, requests, statistics, settings, taxonomy)
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
            parts.append(CosinePart(name, bags[name][0], bags[name][1], weights.single[name], power))
    parts.extend(_coded_part(c, profiles, requests, weights.single[c.name], settings) for c in coded)
    return Parts(tuple(p for p in parts if p.total.any()), columns, _thinness(requests, settings))


def _cosine_rows(
    profiles: Sequence[Profile],
    requests: Sequence[Request],
    statistics: Statistics,
    settings: Settings,
    taxonomy: Taxonomy,
) -> dict[str, tuple[sparse.csr_matrix, sparse.csr_matrix]]:
    return {
        "profile": (
            statistics.profile.transform(profile_bag(p, settings, taxonomy) for p in profiles),
            statistics.profile.transform(request_bag(r, settings, taxonomy) for r in requests),
        ),
        "title": (
            statistics.title.transform(Counter(p.title_words) for p in profiles),
            statistics.title.transform(Counter(r.title_words) for r in requests),
        ),
        "text": (
            statistics.text.transform(Counter(p.words) for p in profiles),
            statistics.text.transform(Counter(r.words) for r in requests),
        ),
    }


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
    rows, had = codes_of([c.left(p) for p in profiles])
    columns, asked = codes_of([c.right(r) if c.stated(r) else None for r in requests])
    neutral = getattr(settings.unknown, c.name, 0.0)
    table = np.zeros((len(had), len(asked)), dtype=np.int64)
    known = np.zeros(table.shape, dtype=np.bool_)
    for a, h in enumerate(had):
        for b, q in enumerate(asked):
            degree = None if h is None or q is None else c.degree(h, q)
            table[a, b] = to_degrees(neutral if degree is None else degree)
            known[a, b] = degree is not None
    return CodedPart(c.name, rows, columns, table, weight, known)


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
        entries = _entries(r, v, filled, coded, statistics, settings, taxonomy)
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


def _entries(
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
    for name in COLUMN_CRITERIA:
        weight = getattr(settings.weights, name)
        asked = [
            (Column.of(q), requirement_weight(q, statistics, settings, taxonomy))
            for q in r.requirements
            if q.criterion == name
        ]
        total = sum(w for _, w in asked)
        if weight > 0 and total > 0:
            out.extend((name, c, weight * w / total) for c, w in asked if w > 0)
    cosines = [name for name in COSINE_CRITERIA if filled[name][v] and getattr(settings.weights, name) > 0]
    out.extend((name, None, getattr(settings.weights, name)) for name in cosines)
    out.extend((c.name, None, getattr(settings.weights, c.name)) for c in coded if c.stated(r))
    return out


def _thinness(requests: Sequence[Request], settings: Settings) -> IntArray:
    """The factor I / (I + m): I is the sum of the tiers a vacancy states, plus one for having words at all."""
    m = settings.scoring.thinness
    stated = np.array(
        [sum(getattr(settings.tiers, q.tier) for q in r.requirements) + bool(r.words) for r in requests],
        dtype=np.float64,
    )
    if m == 0:
        return np.full(len(requests), THIN_ONE, dtype=np.int64)
    return np.rint(stated / (stated + m) * THIN_ONE).astype(np.int64)


__all__ = [
    "COLUMN_CRITERIA",
    "COSINE_CRITERIA",
    "DEGREE_ONE",
    "WEIGHT_ONE",
    "Column",
    "Parts",
    "Statistics",
    "build_parts",
    "columns_of",
    "fact_strength",
    "facts_for",
    "learn",
    "profile_bag",
    "request_bag",
    "requirement_weight",
    "taxonomy_degrees",
    "value_degree",
]

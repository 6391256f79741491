"""Explanations as data: every requirement of a pair with its degree, evidence and contribution.

The lines are the kept terms of the sum, so their contributions add up to the score exactly. Words come one floor up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from matcher.features.facts import Profile
from matcher.features.requests import Request
from matcher.ranking.criteria import Parts
from matcher.ranking.degrees import level_factor, related, related_roles
from matcher.ranking.meeting import Column, facts_for, value_degree
from matcher.ranking.parts import CodedPart, CosinePart, SparsePart
from matcher.ranking.scoring import Model
from matcher.ranking.units import DEGREE_ONE, SCORE_ONE, THIN_ONE, WEIGHT_ONE
from matcher.ranking.worth import fact_strength
from matcher.records import Evidence, Fact, Requirement
from matcher.settings import Relations, Settings
from matcher.taxonomy import Taxonomy

MET, PARTIAL, MISSING, UNKNOWN, DENIED = "met", "partial", "missing", "unknown", "denied"

LICENCES = {
    "driver": "Водительские права",
    "tractor": "Удостоверение тракториста-машиниста",
    "electrical": "Группа по электробезопасности",
    "grade": "Разряд",
}
"""Families of typed licences and their Russian names."""
_ORDERED = ("licence:electrical", "licence:grade")


@dataclass(frozen=True, slots=True)
class Line:
    """One requirement's share of a score.

    ``weight`` and ``degree`` are in [0, 1]; ``contribution`` is their product times one, in the score's own units;
    ``wanted`` says where the vacancy asks for it, ``found`` where the candidate's fact was read.
    """

    criterion: str
    label: str
    tier: str | None
    need: str
    state: str
    weight: float
    degree: float
    contribution: float
    fact: str = ""
    wanted: Evidence | None = None
    found: Evidence | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """The kept terms of one pair's score."""

    vacancy_id: Any
    candidate_id: Any
    score: float
    known: float
    lines: tuple[Line, ...]
    thinness: float
    refused: tuple[str, ...]
    unverified: tuple[str, ...]


class Explainer:
    """Explains pairs of one scored world.

    Parameters
    ----------
    profiles, requests
        Candidates and vacancies in the order of the model's rows and columns.
    vocabularies : mapping of str to sequence of str
        Terms of each cosine part in column order.
    """

    def __init__(
        self,
        model: Model,
        parts: Parts,
        profiles: Sequence[Profile],
        requests: Sequence[Request],
        vocabularies: Mapping[str, Sequence[str]],
        settings: Settings,
        taxonomy: Taxonomy,
    ) -> None:
        self.model = model
        self.columns = parts.columns
        self.profiles, self.requests = profiles, requests
        self.vocabularies = vocabularies
        self.settings, self.taxonomy = settings, taxonomy
        self._skill = lru_cache(maxsize=20_000)(lambda name: _best_of(related, taxonomy, name, settings.relations))
        self._role = lru_cache(maxsize=5_000)(lambda name: _best_of(related_roles, taxonomy, name, settings.relations))

    def explain(self, i: int, j: int) -> Terms:
        """The terms of candidate row i and vacancy row j."""
        profile, request = self.profiles[i], self.requests[j]
        lines: list[Line] = []
        raw = 0
        known = 0
        row, column = np.array([i]), np.array([j])
        for part in self.model.parts:
            known += int(part.total[j]) if bool(part.knows(row, column)[0]) else 0
            if isinstance(part, SparsePart):
                new = list(self._columns(part, profile, request, i, j))
            else:
                new = list(self._single(part, profile, request, i, j))
            lines += [line for line, _ in new]
            raw += sum(units for _, units in new)
        thin = int(self.model.thin[j])
        refused = tuple(g.code for g in self.model.gates if g.refuses[g.rows[i], g.columns[j]])
        unverified = tuple(g.code for g in self.model.gates if g.unverified[g.rows[i], g.columns[j]])
        return Terms(
            vacancy_id=request.record.id,
            candidate_id=profile.record.id,
            score=raw * thin / SCORE_ONE,
            known=known / WEIGHT_ONE,
            lines=tuple(lines),
            thinness=raw * (thin - THIN_ONE) / SCORE_ONE,
            refused=refused,
            unverified=unverified,
        )

    # ------------------------------------------------------------ columns

    def _columns(
        self, part: SparsePart, profile: Profile, request: Request, i: int, j: int
    ) -> Iterator[tuple[Line, int]]:
        weights = _row(part.weights, j)
        degrees = _row(part.degrees, i)
        asked = {Column.of(q): q for q in request.requirements if q.criterion == part.name}
        for number in sorted(weights):
            column = self.columns[part.name][number]
            requirement = asked[column]
            degree = degrees.get(number, 0) if part.known[i] or not part.neutral else part.neutral
            units = weights[number] * degree
            fact, denied = self._fact(profile, part.name, column)
            fact, denied = (fact, None) if number in degrees else (None, denied)
            state = _state(degree, bool(part.known[i]), fact, denied)
            yield (
                Line(
                    criterion=part.name,
                    label=self._label(requirement, column),
                    tier=requirement.tier,
                    need=_need(requirement),
                    state=state,
                    weight=weights[number] / WEIGHT_ONE,
                    degree=degree / DEGREE_ONE,
                    contribution=units * THIN_ONE / SCORE_ONE,
                    fact=self._fact_label(fact) if fact else "",
                    wanted=requirement.evidence,
                    found=fact.evidence if fact else (denied.evidence if denied else None),
                ),
                units,
            )

    def _fact(self, profile: Profile, criterion: str, column: Column) -> tuple[Fact | None, Fact | None]:
        """The fact that meets a column best, and a fact that denies it."""
        best: tuple[float, Fact] | None = None
        denied = None
        near = self._role if criterion == "role" else self._skill
        for f in facts_for(profile, criterion):
            name = f.key.partition(":")[2]
            if f.negated:
                denied = f if self._blocks(name, column) else denied
                continue
            if criterion in {"skills", "role"}:
                relation = max((near(name).get(x, 0.0) for x in column.ids), default=0.0)
                value = (
                    relation
                    * level_factor(f.level, column.level, self.settings.relations)
                    * fact_strength(f, profile.n_claimed, self.settings)
                )
            else:
                value = value_degree([(name, f)], column, self.settings)
            if value > 0 and (best is None or value > best[0]):
                best = (value, f)
        return (best[1] if best else None), denied

    def _blocks(self, name: str, column: Column) -> bool:
        """Whether the denial of a name denies a column: the thing itself, or something broader."""
        return any(name == x or name in self.taxonomy.ancestors.get(x, ()) for x in column.ids)

    def _label(self, r: Requirement, column: Column) -> str:
        if len(column.ids) > 1:
            return " / ".join(self.taxonomy[x].label for x in column.ids if x in self.taxonomy)
        return self._name(column.key, r.label)

    def _fact_label(self, f: Fact) -> str:
        return self._name(f.key, f.evidence.text or f.key.partition(":")[2])

    def _name(self, key: str, otherwise: str) -> str:
        """The Russian name of a fact or requirement: ``language:en`` is «Английский язык»."""
        prefix, _, name = key.partition(":")
        if prefix == "licence":
            return self._licence(name) or otherwise
        name = f"lang.{name}" if prefix == "language" else name
        return self.taxonomy[name].label if name in self.taxonomy else otherwise

    def _licence(self, name: str) -> str:
        family, _, part = name.partition(".")
        label = LICENCES.get(family, "")
        if not part or not label:
            return label
        if family == "grade":
            trade = f"role.{part}"
            return f"{label}, {self.taxonomy[trade].label.lower() if trade in self.taxonomy else part}"
        return f"{label}, категория {part}"

    # ------------------------------------------------------------ cosines and codes

    def _single(
        self, part: CosinePart | CodedPart, profile: Profile, request: Request, i: int, j: int
    ) -> Iterator[tuple[Line, int]]:
        weight = int(part.total[j])
        if not weight:
            return
        units = int(part.pairs(np.array([i]), np.array([j]))[0])
        known = bool(part.knows(np.array([i]), np.array([j]))[0])
        degree = units // weight
        fact = self._shared(part, i, j) if isinstance(part, CosinePart) else _coded_fact(part.name, profile)
        yield (
            Line(
                criterion=part.name,
                label=part.name,
                tier=None,
                need="" if isinstance(part, CosinePart) else _coded_need(part.name, request),
                state=UNKNOWN
                if not known
                else MET
                if degree >= 0.75 * DEGREE_ONE
                else PARTIAL
                if degree > 0
                else MISSING,
                weight=weight / WEIGHT_ONE,
                degree=degree / DEGREE_ONE,
                contribution=units * THIN_ONE / SCORE_ONE,
                fact=fact,
                wanted=request.experience_evidence if part.name == "experience" else None,
                found=profile.experience_evidence if part.name == "experience" else None,
            ),
            units,
        )

    def _shared(self, part: CosinePart, i: int, j: int) -> str:
        """The terms that add most to a cosine."""
        left, right = _row(part.left, i), _row(part.right, j)
        common = sorted(((left[t] * right[t], t) for t in left.keys() & right.keys()), key=lambda x: (-x[0], x[1]))[:5]
        names = self.vocabularies[part.name]
        shown = [names[t] for _, t in common]
        return ", ".join(self.taxonomy[n].label if n in self.taxonomy else n for n in shown)


def _best_of(
    near: Callable[[Taxonomy, str, Relations], dict[str, float]], taxonomy: Taxonomy, name: str, rules: Relations
) -> dict[str, float]:
    return near(taxonomy, name, rules) if name in taxonomy else {name: 1.0}


def _row(matrix: Any, i: int) -> dict[int, int]:
    a, b = matrix.indptr[i], matrix.indptr[i + 1]
    return dict(zip(matrix.indices[a:b].tolist(), matrix.data[a:b].tolist(), strict=True))


def _state(degree: int, known: bool, fact: Fact | None, denied: Fact | None) -> str:
    if denied:
        return DENIED
    if fact is None:
        return MISSING if known else UNKNOWN
    return MET if degree >= 0.75 * DEGREE_ONE else PARTIAL


def _need(r: Requirement) -> str:
    if r.criterion == "languages" and r.value:
        from matcher.features.typed import CEFR

        return CEFR[int(r.value) - 1]
    if r.criterion == "licences":
        return f"{r.value:g}" if r.value is not None and r.key.startswith(_ORDERED) else ""
    return f"{r.level}" if r.level else ""


def _coded_fact(name: str, p: Profile) -> str:
    c = p.record
    shown: Mapping[str, object] = {
        "experience": p.experience_months,
        "education": "; ".join(filter(None, [p.education_level, *c.education_code])) or None,
        "place": c.city,
        "schedule": "; ".join(filter(None, [str(c.hours_per_week) if c.hours_per_week else "", *c.schedule])) or None,
        "dates": " – ".join(str(d) for d in (c.available_from, c.available_to) if d) or None,
        "salary": c.salary_rub,
    }
    value = shown.get(name)
    return "" if value is None else str(value)


def _coded_need(name: str, r: Request) -> str:
    v = r.record
    shown: Mapping[str, object] = {
        "experience": r.experience_months_min,
        "education": "; ".join([*v.education_levels, *v.education_codes]) or r.education_level,
        "place": "; ".join(filter(None, [v.city, *v.sites, "remote" if v.remote else ""])),
        "schedule": "; ".join(filter(None, [str(v.hours_per_week) if v.hours_per_week else "", *v.schedule])),
        "dates": " – ".join(str(d) for d in (v.start, v.end) if d),
        "salary": v.salary_rub,
    }
    value = shown.get(name)
    return "" if value is None else str(value)

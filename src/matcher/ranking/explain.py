"""Explanations as data: every requirement of a pair with its degree, evidence and contribution.

The lines are the kept terms of the sum, so their contributions add up to the score exactly. Words come one floor up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from matcher.features.facts import Profile
from matcher.features.requests import Request
from matcher.ranking.criteria import Parts
from matcher.ranking.degrees import level_factor, related, related_roles
from matcher.ranking.lines import (
    MET,
    MISSING,
    PARTIAL,
    UNKNOWN,
    Line,
    Terms,
    coded_fact,
    coded_need,
    name_of,
    need_of,
    state_of,
)
from matcher.ranking.meeting import Column, value_degree
from matcher.ranking.parts import CodedPart, CosinePart, SparsePart
from matcher.ranking.scoring import Model, rest_of, with_rest
from matcher.ranking.stated import Strengths, facts_for
from matcher.ranking.units import DEGREE_ONE, SCORE_ONE, THIN_ONE, WEIGHT_ONE
from matcher.ranking.wishes import Wishes
from matcher.records import Fact, Requirement
from matcher.settings import Relations, Settings
from matcher.taxonomy import Taxonomy


class Explainer:
    """Explains pairs of one scored world.

    Parameters
    ----------
    profiles, requests
        Candidates and vacancies in the order of the model's rows and columns.
    vocabularies : mapping of str to sequence of str
        Terms of each cosine part in column order.
    wishes : Wishes
        The other direction, told of whether or not it takes part in the score.
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
        wishes: Wishes,
    ) -> None:
        self.model, self.wishes = model, wishes
        self.columns = parts.columns
        self.profiles, self.requests = profiles, requests
        self.vocabularies = vocabularies
        self.settings, self.taxonomy = settings, taxonomy
        self._strengths = Strengths(settings)
        self._skill = lru_cache(maxsize=20_000)(lambda name: _best_of(related, taxonomy, name, settings.relations))
        self._role = lru_cache(maxsize=5_000)(lambda name: _best_of(related_roles, taxonomy, name, settings.relations))

    def explain(self, i: int, j: int) -> Terms:
        """The terms of candidate row i and vacancy row j; contributions are filled in once all are known."""
        profile, request = self.profiles[i], self.requests[j]
        row, column = np.array([i]), np.array([j])
        told: list[tuple[Line, int]] = []
        known = 0
        for part in self.model.parts:
            known += int(part.total[j]) if bool(part.knows(row, column)[0]) else 0
            if isinstance(part, SparsePart):
                told += self._columns(part, profile, request, i, j)
            else:
                told += self._single(part, profile, request, i, j)
        raw = sum(units for _, units in told)
        terms = np.array([[*(units * THIN_ONE for _, units in told), raw * (int(self.model.thin[j]) - THIN_ONE)]])
        terms = with_rest(self.model, terms, row, column)
        values = (terms[0] / SCORE_ONE).tolist()
        rest = dict(zip(rest_of(self.model), values[len(told) :], strict=True))
        gates = [(g, g.rows[i], g.columns[j]) for g in self.model.gates]
        wishes = tuple(self._wished(profile, request, i, j))
        return Terms(
            vacancy_id=request.record.id,
            candidate_id=profile.record.id,
            score=int(terms.sum()) / SCORE_ONE,
            known=known / WEIGHT_ONE,
            lines=tuple(replace(line, contribution=v) for (line, _), v in zip(told, values, strict=False)),
            thinness=rest.pop("thinness"),
            refused=tuple(g.code for g, a, b in gates if g.refuses[a, b]),
            unverified=tuple(g.code for g, a, b in gates if g.unverified[a, b]),
            wishes=wishes,
            wish_score=sum(x.contribution for x in wishes) if wishes else None,
            rest=rest,
        )

    def _wished(self, profile: Profile, request: Request, i: int, j: int) -> Iterator[Line]:
        """What candidate i wishes for and how vacancy j meets it."""
        for part in self.wishes.parts:
            weight = int(part.total[i])
            if not weight:
                continue
            units = int(part.pairs(np.array([j]), np.array([i]))[0])
            known = bool(part.knows(np.array([j]), np.array([i]))[0])
            degree = units // weight
            yield Line(
                criterion=part.name,
                label=part.name,
                tier=None,
                need=profile.record.title if part.name in {"title", "role"} else coded_fact(part.name, profile),
                state=_single_state(degree, known),
                weight=weight / WEIGHT_ONE,
                degree=degree / DEGREE_ONE,
                contribution=units * THIN_ONE / SCORE_ONE,
                fact=request.record.title if part.name in {"title", "role"} else coded_need(part.name, request),
            )

    # ------------------------------------------------------------ columns

    def _columns(
        self, part: SparsePart, profile: Profile, request: Request, i: int, j: int
    ) -> Iterator[tuple[Line, int]]:
        weights = _row(part.weights, j)
        degrees = _row(part.degrees, i)
        asked = {Column.of(q): q for q in request.requirements if q.criterion == part.name}
        near = self._near(profile, part.name, asked)
        for number in sorted(weights):
            column = self.columns[part.name][number]
            requirement = asked[column]
            degree = degrees.get(number, 0) if part.known[i] or not part.neutral else part.neutral
            units = weights[number] * degree
            fact, denied = self._fact(near, profile, part.name, column)
            fact, denied = (fact, None) if number in degrees else (None, denied)
            state = state_of(degree, bool(part.known[i]), fact, denied)
            yield (
                Line(
                    criterion=part.name,
                    label=self._label(requirement, column),
                    tier=requirement.tier,
                    need=need_of(requirement),
                    state=state,
                    weight=weights[number] / WEIGHT_ONE,
                    degree=degree / DEGREE_ONE,
                    contribution=0.0,
                    fact=self._fact_label(fact) if fact else "",
                    wanted=requirement.evidence,
                    found=fact.evidence if fact else (denied.evidence if denied else None),
                ),
                units,
            )

    def _fact(self, near: _Near, profile: Profile, criterion: str, column: Column) -> tuple[Fact | None, Fact | None]:
        """The fact that meets a column best, and a fact that denies it."""
        best: tuple[float, Fact] | None = None
        denied = None
        for f in near.denied:
            denied = f if self._blocks(f.key.partition(":")[2], column) else denied
        for f, relation in near.meeting(column):
            if criterion in {"skills", "role"}:
                value = (
                    relation
                    * level_factor(f.level, column.level, self.settings.relations)
                    * self._strengths.of(f, profile.n_claimed)
                )
            else:
                value = value_degree([(f.key.partition(":")[2], f.strength, f.value)], column, self.settings)
            if value > 0 and (best is None or value > best[0]):
                best = (value, f)
        return (best[1] if best else None), denied

    def _near(self, profile: Profile, criterion: str, columns: Iterable[Column]) -> _Near:
        """The facts of a candidate that speak to any of some columns."""
        facts = facts_for(profile, criterion)
        claimed = [f for f in facts if not f.negated]
        denied = [f for f in facts if f.negated]
        if criterion not in {"skills", "role"}:
            return _Near({}, claimed, denied)
        wanted = {x for column in columns for x in column.ids}
        of = self._role if criterion == "role" else self._skill
        found: dict[str, list[tuple[int, Fact, float]]] = {}
        for n, f in enumerate(claimed):
            known = of(f.key.partition(":")[2])
            for x in wanted & known.keys():
                found.setdefault(x, []).append((n, f, known[x]))
        return _Near(found, [], denied)

    def _blocks(self, name: str, column: Column) -> bool:
        """Whether the denial of a name denies a column: the thing itself, or something broader."""
        return any(name == x or name in self.taxonomy.ancestors.get(x, ()) for x in column.ids)

    def _label(self, r: Requirement, column: Column) -> str:
        return name_of(column.key, r.label, self.taxonomy, column.ids)

    def _fact_label(self, f: Fact) -> str:
        return name_of(f.key, f.evidence.text or f.key.partition(":")[2], self.taxonomy)

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
        fact = self._shared(part, i, j) if isinstance(part, CosinePart) else coded_fact(part.name, profile)
        yield (
            Line(
                criterion=part.name,
                label=part.name,
                tier=None,
                need="" if isinstance(part, CosinePart) else coded_need(part.name, request),
                state=_single_state(degree, known),
                weight=weight / WEIGHT_ONE,
                degree=degree / DEGREE_ONE,
                contribution=0.0,
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


@dataclass(frozen=True, slots=True)
class _Near:
    """Facts of one candidate by the ids that they count for, in the order of the profile."""

    by_id: Mapping[str, list[tuple[int, Fact, float]]]
    valued: Sequence[Fact]
    denied: Sequence[Fact]

    def meeting(self, column: Column) -> list[tuple[Fact, float]]:
        """Facts that may meet a column, each with its best relation, in the order of the profile."""
        best: dict[int, tuple[Fact, float]] = {}
        for x in column.ids:
            for n, f, relation in self.by_id.get(x, ()):
                if n not in best or relation > best[n][1]:
                    best[n] = (f, relation)
        return [*(best[n] for n in sorted(best)), *((f, 1.0) for f in self.valued)]


def _single_state(degree: int, known: bool) -> str:
    """State of a criterion that is one line."""
    if not known:
        return UNKNOWN
    return MET if degree >= 0.75 * DEGREE_ONE else PARTIAL if degree > 0 else MISSING


def _best_of(
    near: Callable[[Taxonomy, str, Relations], dict[str, float]], taxonomy: Taxonomy, name: str, rules: Relations
) -> dict[str, float]:
    return near(taxonomy, name, rules) if name in taxonomy else {name: 1.0}


def _row(matrix: Any, i: int) -> dict[int, int]:
    a, b = matrix.indptr[i], matrix.indptr[i + 1]
    return dict(zip(matrix.indices[a:b].tolist(), matrix.data[a:b].tolist(), strict=True))

"""Frozen nouns: what is passed between the floors."""

from __future__ import annotations

import copyreg
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Mention:
    """A skill or typed fact found in a text, with its place in that text.

    Attributes
    ----------
    skill : str or None
        Canonical id; None when the taxonomy does not know the phrase or the fact has no id of its own.
    label : str
        Russian label of the skill, or the phrase as typed.
    kind : str
        ``skill``, ``language``, ``licence``, ``permit``, ``grade``, ``experience``, ``education``, ``standard``,
        ``soft``, ``role``, ``material``, ``hours``, ``quality``, ``category``, ``employment`` or ``unlawful``.
    tier : {'must', 'nice', None}
        What the words around it, or the heading above it, say.
    stance : {'claimed', 'negated', 'wish'}
        Whether the text claims it, denies it, or only wishes for it.
    level : int or None
        1 basics, 2 working, 3 advanced, 4 expert.
    value : Mapping
        Typed facts: ``cefr``, ``grade``, ``grade_min``, ``grade_max``, ``group``, ``categories``, ``months_min``,
        ``months_max``, ``hours``, ``version``, ``any_of``, ``ra``, ``schedule``, ``ground`` ...
    text : str
        The fragment as it stands in the original string.
    start, end : int
        Offsets of the fragment in the original string.
    rule : str
        Name of the rule that found it.
    confidence : float
        In (0, 1]; 1 for a plain name, less for repaired, ambiguous and implied ones.
    """

    skill: str | None
    label: str
    kind: str
    tier: str | None = None
    stance: str = "claimed"
    level: int | None = None
    value: Mapping[str, Any] = field(default_factory=dict, hash=False)
    text: str = ""
    start: int = 0
    end: int = 0
    rule: str = ""
    confidence: float = 1.0

    @property
    def negated(self) -> bool:
        """True unless the text claims it."""
        return self.stance != "claimed"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One row of the candidates table after the door: checked, typed, personal columns gone."""

    id: Any
    title: str = ""
    skills: tuple[str, ...] = ()
    text: str = ""
    status: str | None = None
    education_level: str | None = None
    education_code: tuple[str, ...] = ()
    institution: tuple[str, ...] = ()
    course: int | None = None
    graduation_year: int | None = None
    experience_months: int | None = None
    languages: tuple[str, ...] = ()
    licences: tuple[str, ...] = ()
    certificates: tuple[str, ...] = ()
    city: str | None = None
    district: str | None = None
    remote: bool | None = None
    relocate: bool | None = None
    available_from: dt.date | None = None
    available_to: dt.date | None = None
    hours_per_week: int | None = None
    schedule: tuple[str, ...] = ()
    is_minor: bool | None = None
    adult_from: dt.date | None = None
    salary_rub: int | None = None
    interests: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Vacancy:
    """One row of the vacancies table after the door."""

    id: Any
    title: str = ""
    company: str | None = None
    text: str = ""
    must_skills: tuple[str, ...] = ()
    nice_skills: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    graduated_within_years: int | None = None
    education_levels: tuple[str, ...] = ()
    education_codes: tuple[str, ...] = ()
    institutions: tuple[str, ...] = ()
    agreement_only: bool | None = None
    experience_months_min: int | None = None
    languages: tuple[str, ...] = ()
    licences: tuple[str, ...] = ()
    city: str | None = None
    sites: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    place_required: bool | None = None
    remote: bool | None = None
    start: dt.date | None = None
    end: dt.date | None = None
    hours_per_week: int | None = None
    schedule: tuple[str, ...] = ()
    slots: int | None = None
    company_slots: int | None = None
    min_group: int | None = None
    reserved: tuple[str, ...] = ()
    team_size: int | None = None
    salary_rub: int | None = None
    hazardous: bool | None = None
    weights: tuple[str, ...] = ()
    dealbreakers: tuple[str, ...] = ()

    def factor(self, criterion: str) -> float:
        """By how much this vacancy multiplies the weight of a criterion; 1 where it says nothing."""
        told = next((w for w in self.weights if w.startswith(f"{criterion}:")), None) if self.weights else None
        return float(told.partition(":")[2]) if told else 1.0


@dataclass(frozen=True, slots=True)
class Agreement:
    """A partner agreement between a company and an institution, open-ended where a date is missing."""

    company: str
    institution: str
    start: dt.date | None = None
    end: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a fact or requirement was read: a column, and the fragment in it with offsets when it was text."""

    column: str
    text: str = ""
    start: int = 0
    end: int = 0
    rule: str = "typed"


@dataclass(frozen=True, slots=True)
class Fact:
    """What a candidate is known to have.

    ``key`` is ``skill:<id>``, ``role:<id>``, ``language:<code>``, ``licence:<name>``, ``word:<phrase>`` ...;
    ``level`` is the skill level (1..4) or None; ``value`` the typed number (months, grade, group, CEFR rank);
    ``strength`` in [0, 1] is what the kind of evidence is worth; ``negated`` facts block their key.
    """

    key: str
    strength: float = 1.0
    level: int | None = None
    value: float | None = None
    negated: bool = False
    kind: str = "stated"
    evidence: Evidence = field(default_factory=lambda: Evidence(""))


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a vacancy asks: one column of the requirement space, with its tier and where it was read."""

    key: str
    criterion: str
    label: str
    tier: str = "must"
    level: int | None = None
    value: float | None = None
    any_of: tuple[str, ...] = ()
    confidence: float = 1.0
    evidence: Evidence = field(default_factory=lambda: Evidence(""))

    @property
    def is_dealbreaker(self) -> bool:
        """Whether the vacancy cannot do without it: it stands in the column of dealbreakers."""
        return self.evidence.column == "dealbreakers"


_IS_COMPILED: Final = not __file__.endswith(".py")
"""The fields of a frozen record are set by a call each; compiled code may set those of its own records directly."""


def new_mention(
    skill: str | None,
    label: str,
    kind: str,
    tier: str | None,
    stance: str,
    level: int | None,
    value: Mapping[str, Any],
    text: str,
    start: int,
    end: int,
    rule: str,
    confidence: float,
) -> Mention:
    """``Mention(...)``, several times as fast where this is compiled: reading makes them by the million."""
    if not _IS_COMPILED:
        return Mention(skill, label, kind, tier, stance, level, value, text, start, end, rule, confidence)
    made = Mention.__new__(Mention)
    made.skill = skill  # type: ignore[misc]
    made.label = label  # type: ignore[misc]
    made.kind = kind  # type: ignore[misc]
    made.tier = tier  # type: ignore[misc]
    made.stance = stance  # type: ignore[misc]
    made.level = level  # type: ignore[misc]
    made.value = value  # type: ignore[misc]
    made.text = text  # type: ignore[misc]
    made.start = start  # type: ignore[misc]
    made.end = end  # type: ignore[misc]
    made.rule = rule  # type: ignore[misc]
    made.confidence = confidence  # type: ignore[misc]
    return made


def new_evidence(column: str, text: str, start: int, end: int, rule: str) -> Evidence:
    """``Evidence(...)``, made as :func:`new_mention` makes mentions."""
    if not _IS_COMPILED:
        return Evidence(column, text, start, end, rule)
    made = Evidence.__new__(Evidence)
    made.column = column  # type: ignore[misc]
    made.text = text  # type: ignore[misc]
    made.start = start  # type: ignore[misc]
    made.end = end  # type: ignore[misc]
    made.rule = rule  # type: ignore[misc]
    return made


def new_fact(
    key: str, strength: float, level: int | None, value: float | None, negated: bool, kind: str, evidence: Evidence
) -> Fact:
    """``Fact(...)``, made as :func:`new_mention` makes mentions."""
    if not _IS_COMPILED:
        return Fact(key, strength, level, value, negated, kind, evidence)
    made = Fact.__new__(Fact)
    made.key = key  # type: ignore[misc]
    made.strength = strength  # type: ignore[misc]
    made.level = level  # type: ignore[misc]
    made.value = value  # type: ignore[misc]
    made.negated = negated  # type: ignore[misc]
    made.kind = kind  # type: ignore[misc]
    made.evidence = evidence  # type: ignore[misc]
    return made


def as_call(record: Any) -> tuple[Any, tuple[Any, ...]]:
    """A frozen record as the call that makes it: a compiled class cannot be given its fields one by one."""
    return type(record), tuple(getattr(record, f.name) for f in fields(record))


for _record in (Mention, Candidate, Vacancy, Agreement, Evidence, Fact, Requirement):
    copyreg.pickle(_record, as_call)

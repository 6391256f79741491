"""The kept terms of a score as data: lines of an explanation, and what coded facts are in words of the tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from matcher.features.facts import Profile
from matcher.features.requests import Request
from matcher.ranking.units import DEGREE_ONE
from matcher.records import Evidence, Fact, Requirement
from matcher.taxonomy import Taxonomy

MET, PARTIAL, MISSING, UNKNOWN, DENIED = "met", "partial", "missing", "unknown", "denied"

LICENCES = {
    "driver": "Водительские права",
    "tractor": "Удостоверение тракториста-машиниста",
    "electrical": "Группа по электробезопасности",
    "grade": "Разряд",
}
"""Families of typed licences and their Russian names."""
TRADES = {
    "welder": "сварщик", "kip_fitter": "слесарь КИПиА", "electrician": "электромонтёр", "turner": "токарь",
    "cnc_operator": "оператор станков с ЧПУ", "repair_fitter": "слесарь-ремонтник", "rea_assembler": "монтажник РЭА",
    "rea_adjuster": "регулировщик РЭА", "controller": "контролёр ОТК", "lab_chemist": "лаборант химического анализа",
    "optician": "оптик", "miller": "фрезеровщик", "grinder": "шлифовщик", "line_operator": "оператор линии",
    "fitter": "слесарь", "assembler": "слесарь-сборщик", "adjuster": "наладчик", "crane_operator": "машинист крана",
}  # fmt: skip
"""Trades of typed grades (``grade.turner:4``) and their Russian names; others go by the profession of that id."""
_ORDERED = ("licence:electrical", "licence:grade")


def licence_label(name: str, trade: str | None = None) -> str:
    """Russian name of a typed licence, empty where it is of no known family.

    >>> licence_label("driver.B"), licence_label("grade.turner", "Токарь")
    ('Водительские права, категория B', 'Разряд, токарь')
    """
    family, _, part = name.partition(".")
    label = LICENCES.get(family, "")
    if not part or not label:
        return label
    return (
        f"{label}, {TRADES.get(part) or (trade or part).lower()}" if family == "grade" else f"{label}, категория {part}"
    )


def name_of(key: str, otherwise: str, taxonomy: Taxonomy, any_of: Sequence[str] = ()) -> str:
    """The Russian name of a fact or requirement; of several of which any will do, all names.

    >>> name_of("language:en", "en", Taxonomy.default()), name_of("phrase:вжух", "вжух", Taxonomy.default())
    ('Английский язык', 'вжух')
    """
    if len(any_of) > 1:
        return " / ".join(taxonomy[x].label for x in any_of if x in taxonomy)
    prefix, _, name = key.partition(":")
    if prefix == "licence":
        trade = f"role.{name.partition('.')[2]}"
        return licence_label(name, taxonomy[trade].label if trade in taxonomy else None) or otherwise
    name = f"lang.{name}" if prefix == "language" else name
    return taxonomy[name].label if name in taxonomy else otherwise


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
    """The kept terms of one pair's score.

    ``wishes`` say how the vacancy meets what the candidate wishes for and add up to ``wish_score`` (None where nothing
    is wished); ``rest`` are contributions besides lines and thinness: ``cap`` where a
    vacancy has dealbreakers, ``wishes`` where both directions make the score.
    """

    vacancy_id: Any
    candidate_id: Any
    score: float
    known: float
    lines: tuple[Line, ...]
    thinness: float
    refused: tuple[str, ...]
    unverified: tuple[str, ...]
    wishes: tuple[Line, ...] = ()
    wish_score: float | None = None
    rest: Mapping[str, float] = field(default_factory=dict, hash=False)


def state_of(degree: int, known: bool, fact: Fact | None, denied: Fact | None) -> str:
    """Met, partial, missing, unknown or denied."""
    if denied:
        return DENIED
    if fact is None:
        return MISSING if known else UNKNOWN
    return MET if degree >= 0.75 * DEGREE_ONE else PARTIAL


def need_of(r: Requirement) -> str:
    """The level or value that a requirement asks for, as shown."""
    if r.criterion == "languages" and r.value:
        from matcher.features.typed import CEFR

        return CEFR[int(r.value) - 1]
    if r.criterion == "licences":
        return f"{r.value:g}" if r.value is not None and r.key.startswith(_ORDERED) else ""
    return f"{r.level}" if r.level else ""


def coded_fact(name: str, p: Profile) -> str:
    """What a candidate has of a coded criterion, as the tables write it."""
    c = p.record
    shown: Mapping[str, object] = {
        "experience": p.experience_months,
        "education": "; ".join(filter(None, [p.education_level, *c.education_code])) or None,
        "place": c.city,
        "schedule": "; ".join(filter(None, [str(c.hours_per_week) if c.hours_per_week else "", *c.schedule])) or None,
        "dates": " – ".join(str(d) for d in (c.available_from, c.available_to) if d) or None,
        "salary": c.salary_rub,
        "interests": "; ".join(c.interests) or None,
    }
    value = shown.get(name)
    return "" if value is None else str(value)


def coded_need(name: str, r: Request) -> str:
    """What a vacancy asks or offers of a coded criterion, as the tables write it."""
    v = r.record
    shown: Mapping[str, object] = {
        "experience": r.experience_months_min,
        "education": "; ".join([*v.education_levels, *v.education_codes]) or r.education_level,
        "place": "; ".join(filter(None, [v.city, *v.sites, "remote" if v.remote else ""])),
        "schedule": "; ".join(filter(None, [str(v.hours_per_week) if v.hours_per_week else "", *v.schedule])),
        "dates": " – ".join(str(d) for d in (v.start, v.end) if d),
        "salary": v.salary_rub,
        "interests": v.company,
    }
    value = shown.get(name)
    return "" if value is None else str(value)

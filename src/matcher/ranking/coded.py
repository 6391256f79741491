"""Degrees of coded facts: pure functions of what a candidate has and what a vacancy asks.

Each returns a degree in [0, 1], or None when nothing is known of the candidate (the neutral degree stands in).
``STATED`` says when a vacancy asks for the thing at all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from matcher.features.facts import Profile
from matcher.features.institutions import company_key, institution_key
from matcher.features.requests import Request

LEVEL_ORDER = {"general": 0, "vocational": 1, "bachelor": 2, "specialist": 3, "master": 3, "postgraduate": 4}
_READ_LEVELS = {"higher": "bachelor", "student": "vocational"}
_OTHER_CITY, _MAYBE_MOVES, _MOVES = 0.1, 0.4, 0.9
_SAME_GROUP, _OTHER_GROUP = 0.7, 0.2
_OVERQUALIFIED = 0.8


def experience(have: int, need: int) -> float:
    """Months had over months needed, at most 1."""
    return min(1.0, have / need)


def level_rank(level: str | None) -> int | None:
    """Position of an education level on the ladder; None when unknown."""
    return LEVEL_ORDER.get(_READ_LEVELS.get(level or "", level or ""))


def code_match(code: str, wanted: str) -> float:
    """1 for the programme asked for (or its twin on another level, or the group asked for), a part for its group.

    >>> code_match("09.03.01", "09.04.01"), code_match("09.03.02", "09.03.01"), code_match("18.03.01", "18.00.00")
    (1.0, 0.7, 1.0)
    """
    if code == wanted or (wanted[3:] == "00.00" and code[:2] == wanted[:2]):
        return 1.0
    if code[:2] != wanted[:2]:
        return 0.0
    return 1.0 if code[6:] == wanted[6:] and "02" not in (code[3:5], wanted[3:5]) else _SAME_GROUP


def education(have: tuple[str | None, tuple[str, ...]], need: tuple[tuple[str, ...], tuple[str, ...]]) -> float | None:
    """Level against the levels asked for, and programme against the programmes; their mean where both are asked."""
    level, codes = have
    levels, wanted = need
    degrees = []
    rank = level_rank(level)
    if levels and rank is not None:
        asked = [r for r in (level_rank(x) for x in levels) if r is not None]
        if asked:
            degrees.append(1.0 if min(asked) <= rank <= max(asked) else _OVERQUALIFIED if rank > max(asked) else 0.0)
    if wanted and codes:
        degrees.append(max(_OTHER_GROUP, *(code_match(c, w) for c in codes for w in wanted)))
    return sum(degrees) / len(degrees) if degrees else None


def place(have: tuple[str | None, bool | None, bool | None], need: tuple[tuple[str, ...], bool | None]) -> float | None:
    """Same city or remote work fully; another city by readiness to relocate."""
    city, remote, relocate = have
    cities, may_be_remote = need
    if may_be_remote and remote is not False:
        return 1.0
    if city is None:
        return None
    if city in cities:
        return 1.0
    return _MOVES if relocate else _OTHER_CITY if relocate is False else _MAYBE_MOVES


def schedule(have: tuple[int | None, tuple[str, ...]], need: tuple[int | None, tuple[str, ...]]) -> float | None:
    """Hours a week had over needed, and a common kind of schedule; the lower of the two."""
    hours, kinds = have
    hours_needed, kinds_offered = need
    degrees = []
    if hours is not None and hours_needed:
        degrees.append(min(1.0, hours / hours_needed))
    if kinds and kinds_offered:
        degrees.append(
            1.0 if set(kinds) & set(kinds_offered) else 0.5 if "flexible" in (*kinds, *kinds_offered) else 0.0
        )
    return min(degrees) if degrees else None


def dates(have: tuple[dt.date | None, dt.date | None], need: tuple[dt.date | None, dt.date | None]) -> float | None:
    """Share of the request's time in which the candidate is free; for an open end, free at the start or soon after."""
    free_from, free_to = have
    start, end = need
    if free_from is None and free_to is None:
        return None
    if start and end and end > start:
        a = max(start, free_from or start)
        b = min(end, free_to or end)
        return max(0.0, (b - a).days / (end - start).days)
    point = start or end
    if point is None:
        return None
    if free_to and free_to < point:
        return 0.0
    late = (free_from - point).days if free_from else 0
    return max(0.0, 1 - max(0, late) / 180)


def salary(have: int, need: int) -> float:
    """1 where the offer covers the wish, else their ratio."""
    return min(1.0, need / have) if have else 1.0


def institution(have: tuple[str, ...], need: tuple[str, ...]) -> float:
    """1 where the candidate comes from an institution that the request names."""
    return float(bool(set(have) & set(need)))


def interests(have: tuple[str, ...], need: str) -> float:
    """1 where the candidate took an interest in an event of the company."""
    return float(any(need in event for event in have))


@dataclass(frozen=True, slots=True)
class CodedCriterion:
    """A criterion of coded facts: keys of both sides, when a vacancy states it, and its degree function.

    ``wished`` says when a candidate wishes for it, where it is something to wish for.
    """

    name: str
    left: Callable[[Profile], Any]
    right: Callable[[Request], Any]
    stated: Callable[[Request], bool]
    degree: Callable[[Any, Any], float | None]
    wished: Callable[[Profile], bool] | None = None


def city_key(name: str | None) -> str | None:
    """Cities are compared without «г.», case and ё."""
    if not name:
        return None
    folded = name.lower().replace("ё", "е").strip()
    return folded.removeprefix("город ").removeprefix("г.").removeprefix("г ").strip() or None


def _cities(r: Request) -> tuple[str, ...]:
    names = (r.record.city, *r.record.sites, *r.record.regions)
    return tuple(dict.fromkeys(c for c in (city_key(n) for n in names) if c))


def _levels(r: Request) -> tuple[str, ...]:
    return r.record.education_levels or ((r.education_level,) if r.education_level else ())


CRITERIA: tuple[CodedCriterion, ...] = (
    CodedCriterion(
        "experience",
        lambda p: p.experience_months,
        lambda r: r.experience_months_min,
        lambda r: bool(r.experience_months_min),
        experience,
    ),
    CodedCriterion(
        "education",
        lambda p: (
            (p.education_level, p.record.education_code) if p.education_level or p.record.education_code else None
        ),
        lambda r: (_levels(r), r.record.education_codes),
        lambda r: bool(_levels(r) or r.record.education_codes),
        education,
    ),
    CodedCriterion(
        "place",
        lambda p: (city_key(p.record.city), p.record.remote, p.record.relocate),
        lambda r: (_cities(r), r.record.remote),
        lambda r: bool(_cities(r) or r.record.remote),
        place,
        lambda p: bool(p.record.city),
    ),
    CodedCriterion(
        "schedule",
        lambda p: (p.record.hours_per_week, p.record.schedule),
        lambda r: (r.record.hours_per_week, r.record.schedule),
        lambda r: bool(r.record.hours_per_week or r.record.schedule),
        schedule,
        lambda p: bool(p.record.hours_per_week or p.record.schedule),
    ),
    CodedCriterion(
        "dates",
        lambda p: (p.record.available_from, p.record.available_to),
        lambda r: (r.record.start, r.record.end),
        lambda r: bool(r.record.start or r.record.end),
        dates,
        lambda p: bool(p.record.available_from or p.record.available_to),
    ),
    CodedCriterion(
        "salary",
        lambda p: p.record.salary_rub,
        lambda r: r.record.salary_rub,
        lambda r: bool(r.record.salary_rub),
        salary,
        lambda p: bool(p.record.salary_rub),
    ),
    CodedCriterion(
        "institution",
        lambda p: tuple(sorted({institution_key(i) for i in p.record.institution})) or None,
        lambda r: tuple(sorted({institution_key(i) for i in r.record.institutions})),
        lambda r: bool(r.record.institutions),
        institution,
    ),
    CodedCriterion(
        "interests",
        lambda p: tuple(company_key(i) for i in p.record.interests) or None,
        lambda r: company_key(r.record.company or ""),
        lambda r: bool(r.record.company),
        interests,
        lambda p: bool(p.record.interests),
    ),
)
"""All coded criteria; the settings give each its weight."""

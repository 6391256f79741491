"""Gates: hard rules outside the score, each with a reason code.

A gate is a pure function of a candidate's and a vacancy's key: True refuses, False passes, None passes because a
fact is unknown (the explanation marks it ``unverified``). Only typed columns are looked at.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from matcher.features.facts import licence_key
from matcher.features.institutions import company_key, institution_key, is_known_institution
from matcher.ranking.coded import city_key, code_match, level_rank
from matcher.ranking.parts import Gate
from matcher.records import Agreement, Candidate, Vacancy

_STUDYING = frozenset({"student", "vocational_student", "postgraduate"})


@dataclass(frozen=True, slots=True)
class World:
    """What gates need to know besides the two records: today's date and the partner agreements."""

    today: dt.date
    agreements: tuple[Agreement, ...] = ()

    def partners(self, v: Vacancy) -> frozenset[str]:
        """Institutions that a partner-only request is open to at its start."""
        when = v.start or self.today
        named = {institution_key(i) for i in v.institutions}
        company = company_key(v.company) if v.company else None
        named |= {
            institution_key(a.institution)
            for a in self.agreements
            if company
            and company_key(a.company) == company
            and (a.start is None or a.start <= when)
            and (a.end is None or when <= a.end)
        }
        return frozenset(named)


Key = Any


def _status(c: Key, v: Key) -> bool | None:
    return None if c is None else c not in v


def _graduation(c: Key, v: Key) -> bool | None:
    status, year = c
    years, at = v
    if status in _STUDYING:
        return False
    return None if year is None else at - year > years


def _education(c: Key, v: Key) -> bool | None:
    level, codes = c
    levels, wanted = v
    rank, asked = level_rank(level), [r for r in map(level_rank, levels) if r is not None]
    if rank is not None and asked and rank < min(asked):
        return True
    if wanted and codes and not any(code_match(code, w) >= 1.0 for code in codes for w in wanted):
        return True
    unknown = (bool(asked) and rank is None) or (bool(wanted) and not codes)
    return None if unknown else False


def _agreement(c: Key, v: Key) -> bool | None:
    """Refused where the institution is known and no partner; one under a name we do not know stays open."""
    if set(c) & v:
        return False
    return True if c and all(is_known_institution(i) for i in c) else None


def _minors(c: Key, v: Key) -> bool | None:
    minor, adult_from = c
    start = v
    if minor is None:
        return None
    return bool(minor) and not (adult_from and start and adult_from <= start)


def _dates(c: Key, v: Key) -> bool | None:
    free_from, free_to = c
    start, end = v
    if free_from is None and free_to is None:
        return None
    return bool((free_to and start and free_to < start) or (free_from and end and free_from > end))


def _licences(c: Key, v: Key) -> bool | None:
    """Refused where the same licence is known to be lower, or the driver lacks the category; absent ones are unknown."""
    have = dict(c)
    unknown = False
    for key, need in v:
        family, _, category = key.removeprefix("licence:").partition(".")
        if key in have:
            if need is not None and have[key] < need:
                return True
        elif family == "driver" and any(k.startswith("licence:driver.") for k in have):
            if category:
                return True
        else:
            unknown = True
    return None if unknown else False


def _place(c: Key, v: Key) -> bool | None:
    city, relocate = c
    if city is None:
        return None
    if city in v:
        return False
    return None if relocate is None else not relocate


def _licence_items(items: Sequence[str]) -> tuple[tuple[str, float | None], ...]:
    return tuple(sorted(pair for item in items for pair in licence_key(item)))


@dataclass(frozen=True, slots=True)
class Rule:
    """A gate as data: its code, the settings flag that turns it off, keys of both sides, and the test."""

    code: str
    flag: str
    candidate: Callable[[Candidate], Key]
    vacancy: Callable[[Vacancy, World], Key | None]
    test: Callable[[Key, Key], bool | None]


RULES: tuple[Rule, ...] = (
    Rule(
        "status",
        "status",
        lambda c: c.status,
        lambda v, w: frozenset(v.statuses) or None,
        _status,
    ),
    Rule(
        "graduation_window",
        "graduation",
        lambda c: (c.status, c.graduation_year),
        lambda v, w: (
            None if v.graduated_within_years is None else (v.graduated_within_years, (v.start or w.today).year)
        ),
        _graduation,
    ),
    Rule(
        "education",
        "education",
        lambda c: (c.education_level, c.education_code),
        lambda v, w: (v.education_levels, v.education_codes) if v.education_levels or v.education_codes else None,
        _education,
    ),
    Rule(
        "no_agreement",
        "agreement",
        lambda c: tuple(sorted({institution_key(i) for i in c.institution})),
        lambda v, w: w.partners(v) if v.agreement_only else None,
        _agreement,
    ),
    Rule(
        "minor_hazardous",
        "minors",
        lambda c: (c.is_minor, c.adult_from),
        lambda v, w: (v.start,) if v.hazardous else None,
        lambda c, v: _minors(c, v[0]),
    ),
    Rule(
        "dates",
        "dates",
        lambda c: (c.available_from, c.available_to),
        lambda v, w: (v.start, v.end) if v.start or v.end else None,
        _dates,
    ),
    Rule(
        "licence",
        "licences",
        lambda c: _licence_items(c.licences),
        lambda v, w: _licence_items(v.licences) or None,
        _licences,
    ),
    Rule(
        "place",
        "place",
        lambda c: (city_key(c.city), c.relocate),
        lambda v, w: _vacancy_places(v) if v.place_required and not v.remote else None,
        _place,
    ),
)
"""All gates in the order in which reasons are given."""


def _vacancy_places(v: Vacancy) -> tuple[str, ...] | None:
    names = (v.city, *v.sites, *v.regions)
    return tuple(sorted({c for c in map(city_key, names) if c})) or None


def codes_of(keys: Sequence[Any]) -> tuple[np.ndarray[Any, np.dtype[np.int64]], list[Any]]:
    """Number distinct keys in the order of first sight."""
    seen: dict[Any, int] = {}
    codes = np.fromiter((seen.setdefault(k, len(seen)) for k in keys), dtype=np.int64, count=len(keys))
    return codes, list(seen)


def build_gates(
    candidates: Sequence[Candidate], vacancies: Sequence[Vacancy], world: World, enabled: Mapping[str, bool]
) -> tuple[Gate, ...]:
    """The enabled gates as small tables over distinct keys."""
    out = []
    for rule in RULES:
        if not enabled.get(rule.flag, True):
            continue
        columns, asked = codes_of([rule.vacancy(v, world) for v in vacancies])
        if all(a is None for a in asked):
            continue
        rows, had = codes_of([rule.candidate(c) for c in candidates])
        verdicts = [[False if a is None else rule.test(h, a) for a in asked] for h in had]
        table = np.array([[v is True for v in line] for line in verdicts], dtype=np.bool_).reshape(len(had), len(asked))
        open_ = np.array([[v is None for v in line] for line in verdicts], dtype=np.bool_).reshape(len(had), len(asked))
        out.append(Gate(rule.code, rows, columns, table, open_))
    return tuple(out)


__all__ = ["RULES", "World", "build_gates", "codes_of"]

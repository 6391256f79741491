"""Why a pair is not shown, in Russian and with the values that decided it: one sentence per gate."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence

from matcher.features.facts import licence_key
from matcher.ranking.coded import level_rank
from matcher.ranking.lines import licence_label
from matcher.records import Candidate, Vacancy
from matcher.wording import LEVELS

STATUSES: Mapping[str, str] = {
    "student": "студент", "postgraduate": "аспирант", "graduate": "выпускник", "vocational_student": "студент колледжа",
    "worker": "работающий", "other": "другой",
}  # fmt: skip


def _status(c: Candidate, v: Vacancy) -> str:
    wanted = ", ".join(STATUSES.get(s, s) for s in v.statuses)
    return f"Статус кандидата — {STATUSES.get(c.status or '', c.status)}, а компания приглашает других: {wanted}."


def _graduation(c: Candidate, v: Vacancy) -> str:
    years = v.graduated_within_years
    return f"Год выпуска — {c.graduation_year}: прошло больше лет, чем допускает запрос (не больше {years})."


def _education(c: Candidate, v: Vacancy) -> str:
    asked = sorted((level for level in v.education_levels if level_rank(level) is not None), key=level_rank)  # type: ignore[arg-type]
    have, need = level_rank(c.education_level), level_rank(asked[0]) if asked else None
    if have is not None and need is not None and have < need:
        return (
            f"Нужно образование не ниже: {LEVELS[asked[0]]}; у кандидата — {LEVELS.get(c.education_level or '', '')}."
        )
    return f"Нужно направление {_listed(v.education_codes)}; у кандидата — {_listed(c.education_code)}."


def _agreement(c: Candidate, v: Vacancy) -> str:
    company = f"компании {v.company}" if v.company else "компании"
    return f"У {company} нет действующего соглашения с учебным заведением кандидата: {_listed(c.institution)}."


def _minors(c: Candidate, v: Vacancy) -> str:
    del c, v  # a date would tell the birthday
    return "Работа с вредными или опасными условиями запрещена до 18 лет (ст. 265 ТК РФ)."


def _dates(c: Candidate, v: Vacancy) -> str:
    return (
        f"Кандидат свободен {_span(c.available_from, c.available_to)}, а запрос рассчитан на время "
        f"{_span(v.start, v.end)}."
    )


def _licence(c: Candidate, v: Vacancy) -> str:
    have = {key: value for item in c.licences for key, value in licence_key(item)}
    for item in v.licences:
        for key, need in licence_key(item):
            told = licence_label(key.partition(":")[2]) or key.partition(":")[2]
            if key in have and need is not None and (have[key] or 0) < need:
                return f"{told}: нужно не ниже {need:g}, у кандидата {have[key]:g}."
            if key not in have and key.startswith("licence:driver."):
                others = sorted(k.rpartition(".")[2] for k in have if k.startswith("licence:driver."))
                if others:
                    return f"{told} не открыта, у кандидата: {', '.join(others)}."
    return "Нет обязательного допуска, категории или разряда."


def _place(c: Candidate, v: Vacancy) -> str:
    where = _listed([p for p in (v.city, *v.sites, *v.regions) if p])
    return f"Нужно быть на месте ({where}), а кандидат живёт в другом городе ({c.city}) и не готов к переезду."


SENTENCES: Mapping[str, Callable[[Candidate, Vacancy], str]] = {
    "status": _status, "graduation_window": _graduation, "education": _education, "no_agreement": _agreement,
    "minor_hazardous": _minors, "dates": _dates, "licence": _licence, "place": _place,
}  # fmt: skip
"""Code of a gate -> its sentence for a pair that it refuses."""


def _listed(names: Sequence[str]) -> str:
    return ", ".join(dict.fromkeys(names))


def _span(start: dt.date | None, end: dt.date | None) -> str:
    told = [f"с {start:%d.%m.%Y}" if start else "", f"по {end:%d.%m.%Y}" if end else ""]
    return " ".join(t for t in told if t)

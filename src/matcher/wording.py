"""Words for lines: criteria, tiers and states in Russian, and one sentence for each kind of line."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from matcher.ranking.lines import DENIED, MET, MISSING, PARTIAL, UNKNOWN, Line

CRITERIA_RU: Mapping[str, str] = {
    "skills": "Навыки", "role": "Профессия", "languages": "Языки", "licences": "Допуски и разряды",
    "profile": "Сходство наборов навыков", "title": "Желаемая должность", "text": "Общие слова описаний",
    "experience": "Опыт", "education": "Образование", "place": "Место", "schedule": "График", "dates": "Сроки",
    "salary": "Оплата", "institution": "Связь с вузом", "interests": "Интерес к мероприятиям",
    "thinness": "Поправка на краткость запроса", "wishes": "Пожелания кандидата",
    "base": "Основа", "cap": "Потолок: нет решающего требования",
}  # fmt: skip
_TIERS = {"must": "обязательно", "nice": "будет плюсом", "title": "из названия", "mentioned": "упомянуто"}
_MARKS = {
    MET: "есть",
    PARTIAL: "частично",
    MISSING: "нет",
    UNKNOWN: "неизвестно",
    DENIED: "кандидат пишет, что этого нет",
}
_COLUMNS_RU = {
    "skills": "навыки", "title": "должность", "text": "текст", "certificates": "сертификаты", "languages": "языки",
    "licences": "допуски", "education_code": "программа обучения", "must_skills": "обязательные навыки",
    "nice_skills": "желательные навыки", "experience_months": "опыт", "experience_months_min": "опыт",
}  # fmt: skip
_UNITS = {"experience": " мес.", "salary": " ₽"}
STATUS_RU: Mapping[str, str] = {
    "student": "студент", "postgraduate": "аспирант", "graduate": "выпускник", "vocational_student": "учащийся колледжа",
    "worker": "работает", "other": "другое",
}  # fmt: skip
NAMED = frozenset({"skills", "role", "languages", "licences"})
_LEVELS = {"1": "начальный", "2": "рабочий", "3": "продвинутый", "4": "экспертный"}
LEVELS: Mapping[str, str] = {
    "general": "среднее общее", "vocational": "среднее профессиональное", "bachelor": "бакалавриат",
    "specialist": "специалитет", "master": "магистратура", "postgraduate": "аспирантура", "higher": "высшее",
}  # fmt: skip
_WORDS = {  # words of the enumerated columns
    **LEVELS, "student": "учится", "full": "полный день", "part": "неполный день", "shift": "сменный график",
    "flexible": "гибкий график", "remote": "удалённо",
}  # fmt: skip
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_WORDED = frozenset({"education", "place", "schedule"})
GATE_NAMES = {
    "status": "статус", "graduation_window": "год выпуска", "education": "образование", "no_agreement": "соглашение с вузом",
    "minor_hazardous": "возраст для вредных условий", "dates": "сроки", "licence": "допуски", "place": "место",
}  # fmt: skip


def number(value: float, digits: int = 3) -> str:
    """A number as Russian prints it: a decimal comma and a true minus."""
    return f"{value:.{digits}f}".replace(".", ",").replace("-", "−")


def shares(values: Sequence[float], total: float, digits: int = 3) -> list[float]:
    """Round values so that what is printed adds up to the printed total (largest remainder).

    >>> shares([0.3333, 0.3333, 0.3334], 1.0, 2)
    [0.33, 0.33, 0.34]
    """
    unit = 10**digits
    exact = [v * unit for v in values]
    whole = [int(x // 1) for x in exact]
    missing = round(total * unit) - sum(whole)
    order = sorted(range(len(values)), key=lambda i: (-(exact[i] - whole[i]), i))
    for i in order[:missing]:
        whole[i] += 1
    return [w / unit for w in whole]


def sentence(x: Line) -> str:
    """One line in Russian: what was asked, whether it is there, and by what evidence."""
    if x.criterion in {"title", "text", "profile"}:
        common = (
            f"общее: {x.fact}" if x.fact else "общего не найдено" if x.state != UNKNOWN else "у кандидата не указано"
        )
        return f"{common} (степень {number(x.degree, 2)})"
    unit = _UNITS.get(x.criterion, "")
    if x.criterion == "salary":
        wanted_pay = f"кандидат хочет {x.fact}{unit}" if x.fact else "пожелание кандидата неизвестно"
        return f"вакансия даёт {x.need}{unit}, {wanted_pay} (степень {number(x.degree, 2)})"
    if x.criterion in {"experience", "education", "place", "schedule", "dates"}:
        unknown = "у кандидата не указано, взято среднее" if x.state == UNKNOWN else "у кандидата не указано"
        have = f"у кандидата {_in_russian(x, x.fact)}{unit}" if x.fact else unknown
        return f"нужно {_in_russian(x, x.need)}{unit}, {have} (степень {number(x.degree, 2)})"
    need = (
        f" ≥ {x.need}"
        if x.need and x.criterion in {"languages", "licences"}
        else f" (уровень: {_LEVELS[x.need]})"
        if x.need in _LEVELS
        else ""
    )
    tier = f", {_TIERS[x.tier]}" if x.tier else ""
    head = f"{x.label}{need}{tier} — {'вероятно есть' if is_inferred(x) else _MARKS[x.state]}"
    return head + _evidence(x)


def is_inferred(x: Line) -> bool:
    """Whether a line is met by what follows from the programme or the set of skills, not by what is stated."""
    return x.found is not None and x.found.rule in {"programme", "typical-skills"}


def wish(x: Line) -> str:
    """One wish in Russian: what the candidate wants and what the vacancy gives."""
    unit = _UNITS.get(x.criterion, "")
    wanted = f"хочет {_in_russian(x, x.need)}{unit}" if x.need else "пожелание есть"
    given = f"вакансия даёт {_in_russian(x, x.fact)}{unit}" if x.fact else "в вакансии не указано"
    return f"{wanted}, {given} (степень {number(x.degree, 2)})"


def _in_russian(x: Line, told: str) -> str:
    """What a coded line asks or finds, with words and dates as Russian writes them, a bare number of the schedule as hours."""
    if x.criterion == "dates":
        return _ISO.sub(r"\3.\2.\1", told)
    if x.criterion not in _WORDED:
        return told
    hours = x.criterion == "schedule"
    return "; ".join(f"{w} ч в неделю" if hours and w.isdigit() else _WORDS.get(w, w) for w in told.split("; "))


def short(x: Line) -> str:
    """A requirement met, with the fragment that meets it."""
    return x.label + (" (вероятно)" if is_inferred(x) else f" («{x.found.text}»)" if x.found and x.found.text else "")


def wanted(x: Line) -> str:
    """A requirement as something to have."""
    if x.criterion == "experience":
        return f"опыт от {x.need}{_UNITS['experience']}"
    return f"{x.label} {x.need}" if x.need and x.criterion in {"languages", "licences"} else x.label


def _evidence(x: Line) -> str:
    if x.found is None:
        return ""
    where = _COLUMNS_RU.get(x.found.column, x.found.column)
    if x.found.rule == "programme":
        return f": следует из программы {x.found.text}"
    if x.found.rule == "typical-skills":
        return f": {x.fact} — по набору навыков"
    fragment = f"«{x.found.text}»" if x.found.text else ""
    named = f"{x.fact}, " if x.fact and x.fact != x.label else ""
    degree = f", степень {number(x.degree, 2)}" if x.state == PARTIAL else ""
    return f": {named}{fragment} ({where}){degree}"

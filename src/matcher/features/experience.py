"""Months of experience: «опыт от полутора лет», «1–3 года», «без опыта», «5 лет работал слесарем»."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from matcher.features.fragments import MONTHS, NUMBER, WORD_NUMBER, YEARS, Typed, number_of, quick_pattern

_WITHOUT: Final = r"без\s+(?:опыта|стажа)(?!\s+(?:релокац|команд))"
_NOT_ASKED: Final = (
    r"\w*(?:(?:\s+(?:работы|работ))?\s*(?:[-:]\s*)?(?:не\s+(?:требу\w+|обязател\w+|нуж\w+|важ\w+)|необязател\w+|нет(?![а-я]))"
    r"|(?:\s+работы)?[^.;\n]{0,25}?,?\s+но\s+не\s+(?:обязател|требу)\w+)"
)
_NO_EXPERIENCE: Final = re.compile(
    rf"(?:возможно\s+{_WITHOUT}|можно\s+{_WITHOUT}|рассм\w+\s+{_WITHOUT}|{_WITHOUT}|опыт{_NOT_ASKED}|стаж{_NOT_ASKED}"
    r"|no experience(?: required| needed)?)"
)
_EXPERIENCE_WORD: Final = r"(?:опыт\w*|стаж\w*|практик\w*|experience)"
_WORKED_WORD: Final = r"(?:проработал[аи]?|работал[аи]?|проработаю|работаю|работ[аы](?=\s+[а-я\s-]{4,40}\d))"
_YEARS_OLD: Final = re.compile(
    rf"(?<![а-яa-z0-9])(?P<n>{NUMBER}|двух|трех|пяти|десяти)-?летн\w+\s+(?:\w+\s+)?(?:опыт|стаж|практик)\w*"
)
_AT_MOST: Final = r"(?:не\s+(?:более|больше|свыше)|максимум|up\s+to)(?:\s+чем)?"
_BOUND: Final = (
    r"(?:от|не\s+менее|не\s+меньше|более|больше|свыше|минимум|не\s+ниже|min|at\s+least|over|от\s+не\s+менее|>=?)"
)
_ENDING: Final = r"(?:-?(?:х|го|и|ти)(?![а-я]))?"
_UNIT: Final = rf"(?:{YEARS}|{MONTHS})(?![а-яa-z])"
_SPAN: Final = (
    rf"(?P<low>{NUMBER}){_ENDING}(?P<half>\s+с\s+половиной)?(?:\s*(?P<plus>\+))?(?:(?:\s*(?P<low_unit>{_UNIT}))?\s*(?:-|до|to|или)\s*(?P<high>{NUMBER}))?"
    rf"\s*(?P<plus2>\+)?{_ENDING}\s*(?P<unit>{_UNIT})"
)
_UNITS: Final[tuple[str, ...]] = ("лет", "год", "мес", "year", "yrs", "month", "0г", "1г", "2г", "3г", "5г", " г.")
"""A span of time has one of these; most talk of experience has none."""
_DIGIT: Final = re.compile(r"\d")
_IN_WORDS: Final = re.compile(f"год|{WORD_NUMBER}")
"""A span of time has a number or is a year."""
_NO: Final[tuple[str, ...]] = ("без", "не ", "не\n", "нет", "необяз", "no exp")
_UNIT_BEFORE: Final = re.compile(
    rf"(?:лет|год|г\.|мес|years?|yrs|months?)\S*(?:\s+[а-яa-z]+){{0,2}}?\s+(?:{_EXPERIENCE_WORD}|{_WORKED_WORD})"
)
_MAY_BEGIN: Final = rf"(?=\d|>|{WORD_NUMBER}|до|не\s|максимум|up\s|от|более|больше|свыше|минимум|min|at\s|over|пол|год)"
"""What a span of time and the words that bound it begin with: a quick no at most words."""
_Patterns = tuple[re.Pattern[str], re.Pattern[str]]


def _around(word: str) -> _Patterns:
    """The span of time behind a word («опыт от 2 лет») and before it («2 года опыта»)."""
    after = quick_pattern(
        rf"(?<![а-яa-z]){word}(?P<mid>[^.;\n]{{0,90}}?)(?<![а-яa-z0-9]){_MAY_BEGIN}(?:(?P<upto>до|{_AT_MOST})\s+|(?P<bound>{_BOUND})\s+)?"
        rf"(?:{_SPAN}(?:\s*(?:и\s*)?(?P<months>\d{{1,2}})\s*{MONTHS})?|(?P<alone>полгода|полугода|год[а]?)(?![а-яa-z])(?:\s+до\s+(?:(?P<high_alone>года)(?![а-яa-z])|(?P<high_n>{NUMBER})\s*(?P<high_unit>{YEARS}|{MONTHS})(?![а-яa-z])))?)"
    )
    before = re.compile(
        rf"(?<![а-яa-z0-9]){_MAY_BEGIN}(?:(?P<bound>{_BOUND})\s+)?{_SPAN}(?:\s+[а-яa-z]+){{0,2}}?\s+(?:{word})"
    )
    return after, before


_EXPERIENCE: Final = _around(_EXPERIENCE_WORD)
_WORKED: Final = _around(_WORKED_WORD)


def _months(low: str, unit: str) -> int:
    return round(number_of(low) * (1 if re.match(MONTHS, unit) else 12))


def experience(text: str) -> Iterator[Typed]:
    """«опыт от полутора лет», «1–3 года», «без опыта», «2+ years experience»."""
    taken: list[tuple[int, int]] = []
    if any(word in text for word in _NO):
        for m in _NO_EXPERIENCE.finditer(text):
            if not m.start() or not text[m.start() - 1].isalpha():
                taken.append(m.span())
                yield Typed(*m.span(), "experience", {"months_min": 0}, "no-experience")
    if not any(unit in text for unit in _UNITS):
        return
    for m in _YEARS_OLD.finditer(text) if "летн" in text else ():
        taken.append(m.span())
        yield Typed(*m.span(), "experience", {"months_min": round(12 * number_of(m["n"]))}, "experience")
    yield from _spans(text, _EXPERIENCE, taken)


def worked(text: str) -> Iterator[Typed]:
    """«5 лет работал слесарем», «работа бухгалтером 3–6 лет», where no word of experience stands."""
    if "опыт" not in text and "стаж" not in text and "работ" in text:
        yield from _spans(text, _WORKED, [])


def _spans(text: str, patterns: _Patterns, taken: list[tuple[int, int]]) -> Iterator[Typed]:
    if not _DIGIT.search(text) and not _IN_WORDS.search(text):
        return
    behind, before = patterns
    for pattern in (behind, before) if _UNIT_BEFORE.search(text) else (behind,):
        for m in pattern.finditer(text):
            if not any(a < m.end() and m.start() < b for a, b in taken):
                taken.append(m.span())
                yield Typed(*m.span(), "experience", _experience_value(m), "experience")


def _experience_value(m: re.Match[str]) -> dict[str, Any]:
    found = m.groupdict()
    value: dict[str, Any]
    if found.get("alone"):
        months = 12 if found["alone"].startswith("год") else 6
        value = {"months_max" if found.get("upto") else "months_min": months}
        if found["high_alone"]:
            value["months_max"] = 12
        elif found["high_n"]:
            value["months_max"] = _months(found["high_n"], found["high_unit"])
        return value
    low = _months(found["low"], found["low_unit"] or found["unit"]) + int(found.get("months") or 0)
    if found.get("upto"):
        return {"months_max": low}
    value = {"months_min": low + 6 * bool(found["half"])}
    if found["high"]:
        value["months_max"] = _months(found["high"], found["unit"])
    return value

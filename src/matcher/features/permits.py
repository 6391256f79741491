"""What is granted by an examination: разряд, electrical-safety group, driving and tractor categories."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from matcher.features.fragments import ORDINAL_WORD, ROMAN_DIGIT, SMALL, Typed, quick_pattern, small_number

TRACTOR: Final = "log.tractor_permit"
_TRACTOR: Final = re.compile(r"тракторист|самоходн|гостехнадзор|машинист\w*\s+(?:экскаватор|бульдозер|погрузчик)")
ELECTRICAL: Final = "power.electrical_safety"
DRIVING: Final = "log.driving_licence"

_ORDINAL: Final = r"(?:\s?-?\s?(?:го|му|ый|ой|ого|м|й|я|ю|ую|е))?"
_GRADE: Final = re.compile(
    rf"(?:(?P<bound>не\s+ниже|от|не\s+менее|минимум|начиная\s+с|выше)\s+)?(?<![a-zа-я0-9.,])(?P<low>{SMALL}){_ORDINAL}(?:\s?\([а-я]+\))?"
    rf"(?:\s?(?:-|,|и|или|до|/)\s?(?P<high>{SMALL}){_ORDINAL})?\s*(?:разряд\w*|разр\.?|р-да?|(?<=[гй]о\s)р\.|(?<=го)\s?р\.|(?<=[1-8])\s?р(?:\.|(?=[\s,;)]|$)))(?![а-я])"
    r"(?P<up>\s*(?:и\s+(?:выше|более)|\+))?"
)
_GRADE_AFTER: Final = re.compile(
    rf"разряд\w*\s*(?::|-)?\s*(?P<bound>не\s+ниже|от|не\s+менее|минимум|с)?\s*(?P<low>{ROMAN_DIGIT})(?![0-9a-zа-я]|\.[0-9])"
    rf"{_ORDINAL}(?:\s?(?:-|до)\s?(?P<high>{ROMAN_DIGIT})(?![0-9]))?(?P<up>\s*(?:и\s+(?:выше|более)|\+))?"
)


def grade(text: str) -> Iterator[Typed]:
    """«4 разряд», «IV разряда», «не ниже 4 разряда», «3–4 разряд», «4-го р.»."""
    ends: set[int] = set()
    for pattern in (_GRADE, _GRADE_AFTER):
        for m in pattern.finditer(text):
            low = small_number(m["low"])
            high = small_number(m["high"]) if m["high"] else None
            word = text.find("р", m.start("low"))
            if low is None or not 1 <= low <= 8 or word in ends:
                continue
            ends.add(word)
            value: dict[str, Any]
            if high is not None and high != low and 1 <= high <= 8:
                value = {"grade_min": min(low, high), "grade_max": max(low, high)}
            elif m["bound"] or m["up"]:
                value = {"grade_min": low}
            else:
                value = {"grade": low}
            yield Typed(*m.span(), "grade", value, "grade")


_SAFETY: Final = r"(?:электро-?\s?безопасност\w*|эл\.?\s?безопасност\w*|эб(?![а-я])|электробез\w*)"
_GROUP: Final = re.compile(
    rf"(?<![a-zа-я0-9])(?P<n>{ORDINAL_WORD}|[ivі]+|[1-5]){_ORDINAL}\s*(?:\(\w+\)\s*)?(?:гр\.|групп\w*|гр(?![а-я])|кв\.?\s?групп\w*)(?:\([^)\n]*\)|[^.;)\n]){{0,40}}?{_SAFETY}"
)
# «группа допуска 4 до 1 кВ», «3-я группа допуска»: safety is understood where no other допуск has groups
_GROUP_ALONE: Final = re.compile(
    rf"(?<![a-zа-я0-9])(?:(?P<n>{ORDINAL_WORD}|[ivі]+|[2-5]){_ORDINAL}\s*(?:гр\.|групп\w*|гр)\s*(?:эл\w*\.?\s*)?допуск\w*"
    rf"|(?:групп\w*|гр\.?)\s*(?:эл\w*\.?\s*)?допуск\w*\s*(?:-|:)?\s*(?:не\s+ниже\s+)?(?P<n2>[ivі]+|[2-5])(?![0-9a-zа-я])"
    rf"|допуск\w*[^.;\n]{{0,12}}?до\s+1000\s?в[,\s(-]+(?P<n3>[ivі]+|[2-5]){_ORDINAL}\s*гр\w*"
    rf"|(?P<n4>[ivі]+|[2-5]){_ORDINAL}\s*гр(?:упп\w*|\.)?\s+(?:до|выше|свыше)\s+(?:и\s+(?:выше|свыше)\s+)?(?:1000\s?в|1\s?кв))"
)
_GROUP_AFTER: Final = re.compile(
    rf"(?:групп\w*|гр\.|допуск\w*)[^.;\n]{{0,30}}?{_SAFETY}\s*(?::|-|\()?\s*(?:не\s+ниже|от)?\s*(?P<n>[ivі]+|[2-5])(?![0-9a-zа-я])"
    rf"|{_SAFETY}\s*(?::|-)?\s*(?P<n5>i{{2,3}}|iv|v)(?![a-zа-я0-9])"
    rf"|{_SAFETY}\s*(?::|-|\(|,)?\s*(?:не\s+ниже\s+|от\s+)?(?P<n2>[ivі]+|[2-5]){_ORDINAL}\s*(?:гр|групп)"
)
_VOLTS: Final = re.compile(
    r"(?P<how>до\s+и\s+(?:выше|свыше)|выше|свыше|до)\s+(?:1000\s?(?:в(?![а-я])|вольт|v)|1\s?кв(?![а-я]))"
)


def electrical_group(text: str) -> Iterator[Typed]:
    """«III группа по электробезопасности до 1000 В», «3 гр. по ЭБ»."""
    seen: list[tuple[int, int]] = []
    for pattern in (_GROUP, _GROUP_AFTER, _GROUP_ALONE):
        for m in pattern.finditer(text):
            n = small_number(next(filter(None, m.groups()), ""))
            if n is None or not 1 <= n <= 5 or any(a < m.end() and m.start() < b for a, b in seen):
                continue
            seen.append(m.span())
            value: dict[str, Any] = {"group": n}
            volts = _VOLTS.search(text, m.start(), m.end() + 40)
            if volts:
                value["max_v"] = 1000 if volts["how"] == "до" else 1_000_000
            yield Typed(*m.span(), "permit", value, "electrical-group", ELECTRICAL)


_LETTERS: Final = {
    "а": "A",
    "в": "B",
    "с": "C",
    "д": "D",
    "е": "E",
    "м": "M",
    "a": "A",
    "b": "B",
    "c": "C",
    "d": "D",
    "e": "E",
    "m": "M",
}
_CATEGORY: Final = r"(?:[авсдемabcdem](?:1|е|e)?)"
_ENDS: Final = "(?![а-яa-z])"
_CATEGORIES: Final = quick_pattern(
    rf"(?<![а-яa-z])(?:категори[а-я]*(?![а-я])|кат\.?|права{_ENDS}|правами{_ENDS}|прав{_ENDS}|ву{_ENDS}|в/у{_ENDS}|водител\w+{_ENDS}"
    rf"|удостоверени[а-я]*(?![а-я]))\s*(?:-|:)?\s*(?:\(\s*)?(?:кат(?:егори\w*|\.)?\s*)?"
    rf"\"?(?P<list>(?<=\s)(?:всд?е?|bcd?e?|сде?|cde?)(?![а-яa-z0-9])|{_CATEGORY}(?![а-яa-z0-9])\"?(?:\s*(?:,|и|/|;|или|\+|\s)\s*\"?{_CATEGORY}(?![а-яa-z0-9])\"?)*)"
)
# «ваши права в суде»: the preposition, unless what follows speaks of the licence
_IN_PROSE: Final = re.compile(
    r"[вса] (?!обязат|желат|приветств|будет|будут|требует|не\s|и\s|от\s|стаж|опыт|необход|есть|как\s|на\s)[а-я]"
)
_OF_DRIVING: Final = re.compile(r"прав|удостов|водит|(?<![а-я])в/?у(?![а-я])")
_ONE_CATEGORY: Final = re.compile(rf"{_CATEGORY}(?![а-яa-z0-9])")


def driving(text: str) -> Iterator[Typed]:
    """«права категории B, C», «ВУ кат. В», «категория «В»»."""
    for m in _CATEGORIES.finditer(text):
        raw = m["list"]
        joined = len(raw) > 1 and raw.isalpha()  # «категории ВС» names two
        found: list[str] = list(raw) if joined else _ONE_CATEGORY.findall(raw)
        if joined and "кат" not in m[0]:
            continue
        # «категории с опытом»: a lone preposition is no category unless the capital or quotes say so
        if found == ["с"] and not raw.startswith('"') and _IN_PROSE.match(text, m.start("list")):
            continue
        near = text[max(0, m.start() - 30) : m.start("list")]
        if (
            len(found) == 1
            and "кат" in m[0]
            and not _OF_DRIVING.search(near)
            and _IN_PROSE.match(text, m.start("list"))
        ):
            continue  # «по категориям в разрезе магазинов»
        if (
            len(found) == 1
            and "кат" not in m[0]
            and (m[0].startswith("водит") or _IN_PROSE.match(text, m.start("list")))
        ):
            continue
        names = list(dict.fromkeys("".join(_LETTERS.get(c, c) for c in f) for f in found))
        if (
            "".join(names) in {"A", "E"}
            and "прав" not in m[0]
            and "водител" not in text[max(0, m.start() - 12) : m.end()]
            and "удост" not in text[max(0, m.start() - 40) : m.end()]
        ):
            continue
        is_tractor = _TRACTOR.search(text, max(0, m.start() - 45), m.end()) is not None
        skill, rule = (TRACTOR, "tractor") if is_tractor else (DRIVING, "driving")
        yield Typed(m.start(), m.end("list"), "licence", {"categories": names}, rule, skill)

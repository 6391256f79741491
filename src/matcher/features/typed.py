"""Typed facts: experience, language levels, разряд, electrical-safety group, driving categories, hours, education.

Each rule is a small function over the folded text, named in ``RULES`` beside the words that make it worth
trying; it yields fragments with their values. Numbers may be digits, Roman numerals or words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

ELECTRICAL, DRIVING = "power.electrical_safety", "log.driving_licence"


@dataclass(frozen=True, slots=True)
class Typed:
    """A typed fact at ``start..end`` of the folded text."""

    start: int
    end: int
    kind: str
    value: Mapping[str, Any]
    rule: str
    skill: str | None = None


_NUMBERS = {
    "пол": 0.5, "полгода": 0.5, "полутора": 1.5, "полтора": 1.5, "один": 1, "одного": 1, "одной": 1, "одна": 1,
    "год": 1, "года": 1, "первый": 1, "два": 2, "двух": 2, "две": 2, "три": 3, "трех": 3, "четыре": 4, "четырех": 4,
    "пять": 5, "пяти": 5, "шесть": 6, "шести": 6, "семь": 7, "семи": 7, "восемь": 8, "восьми": 8, "девять": 9,
    "девяти": 9, "десять": 10, "десяти": 10, "one": 1, "two": 2, "three": 3, "five": 5,
}  # fmt: skip
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8}
_WORD_NUMBER = "|".join(sorted((w for w in _NUMBERS if w not in ("год", "года", "пол", "полгода")), key=len)[::-1])
_N = rf"(?:\d+(?:[.,]\d+)?|{_WORD_NUMBER})"
_YEARS = r"(?:лет|годов|года|году|год|г\.|г|years?|yrs?)"
_MONTHS = r"(?:месяц(?:ев|а|ы)?|мес\.?|months?)"
_ROMAN_DIGIT = r"(?:[ivіх]+|\d)"
_ORDINALS = {"перв": 1, "втор": 2, "трет": 3, "четверт": 4, "пят": 5, "шест": 6, "седьм": 7, "восьм": 8}
_ORDINAL_WORD = rf"(?:{'|'.join(_ORDINALS)})(?:ый|ой|ий|ая|ья|ого|ьего|ей|ьей|ому|ьему|ую|ью|ым|ьим)"
_SMALL = rf"(?:{_ORDINAL_WORD}|{_ROMAN_DIGIT})"


def _number(raw: str) -> float:
    raw = raw.strip()
    return _NUMBERS[raw] if raw in _NUMBERS else float(raw.replace(",", "."))


def _small(raw: str) -> int | None:
    """A digit, a Roman numeral typed in either alphabet, or an ordinal in words."""
    word = next((n for stem, n in _ORDINALS.items() if raw.startswith(stem)), None)
    if word is not None:
        return word
    raw = raw.replace("і", "i").replace("х", "x").strip()
    return int(raw) if raw.isdigit() else _ROMAN.get(raw)


# ---------------------------------------------------------------- experience

_NO_EXPERIENCE = re.compile(
    r"(?<![а-яa-z])(?:(?:можно\s+|рассм\w+\s+)?без\s+(?:опыта|стажа)(?!\s+(?:релокац|команд))"
    r"|(?:опыт|стаж)\w*(?:\s+(?:работы|работ))?\s*(?:[-:]\s*)?(?:не\s+(?:требу\w+|обязател\w+|нуж\w+|важ\w+)|необязател\w+|нет(?![а-я]))"
    r"|no experience(?: required| needed)?)"
)
_EXPERIENCE_WORD = r"(?:опыт\w*|стаж\w*|практик\w*|experience)"
_AT_MOST = r"(?:не\s+(?:более|больше|свыше)|максимум|up\s+to)(?:\s+чем)?"
_BOUND = r"(?:от|не\s+менее|не\s+меньше|более|больше|свыше|минимум|не\s+ниже|min|at\s+least|over|от\s+не\s+менее|>=?)"
_ENDING = r"(?:-?(?:х|го|и|ти)(?![а-я]))?"
_UNIT = rf"(?:{_YEARS}|{_MONTHS})(?![а-яa-z])"
_SPAN = (
    rf"(?P<low>{_N}){_ENDING}(?:\s*(?P<plus>\+))?(?:(?:\s*(?P<low_unit>{_UNIT}))?\s*(?:-|до|to|или)\s*(?P<high>{_N}))?"
    rf"\s*(?P<plus2>\+)?{_ENDING}\s*(?P<unit>{_UNIT})"
)
_AFTER_WORD = re.compile(
    rf"(?<![а-яa-z]){_EXPERIENCE_WORD}(?P<mid>[^.;\n]{{0,90}}?)(?<![а-яa-z0-9])(?:(?P<upto>до|{_AT_MOST})\s+|(?P<bound>{_BOUND})\s+)?"
    rf"(?:{_SPAN}(?:\s*(?:и\s*)?(?P<months>\d{{1,2}})\s*{_MONTHS})?|(?P<alone>полгода|полугода|год[а]?)(?![а-яa-z])(?:\s+до\s+(?:(?P<high_alone>года)(?![а-яa-z])|(?P<high_n>{_N})\s*(?P<high_unit>{_YEARS}|{_MONTHS})(?![а-яa-z])))?)"
)
_BEFORE_WORD = re.compile(
    rf"(?<![а-яa-z0-9])(?:(?P<bound>{_BOUND})\s+)?{_SPAN}(?:\s+[а-яa-z]+){{0,2}}?\s+(?:{_EXPERIENCE_WORD})"
)


def _months(low: str, unit: str) -> int:
    return round(_number(low) * (1 if re.match(_MONTHS, unit) else 12))


def experience(text: str) -> Iterator[Typed]:
    """«опыт от полутора лет», «1–3 года», «без опыта», «2+ years experience»."""
    taken: list[tuple[int, int]] = []
    for m in _NO_EXPERIENCE.finditer(text):
        taken.append(m.span())
        yield Typed(*m.span(), "experience", {"months_min": 0}, "no-experience")
    for m in _AFTER_WORD.finditer(text):
        if any(a < m.end() and m.start() < b for a, b in taken):
            continue
        taken.append(m.span())
        yield Typed(*m.span(), "experience", _experience_value(m), "experience")
    for m in _BEFORE_WORD.finditer(text):
        if not any(a < m.end() and m.start() < b for a, b in taken):
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
    value = {"months_min": low}
    if found["high"]:
        value["months_max"] = _months(found["high"], found["unit"])
    return value


# ---------------------------------------------------------------- language levels

CEFR = ("A1", "A2", "B1", "B2", "C1", "C2")
_CEFR = re.compile(r"(?<![a-zа-я0-9])([abcавс])\s?([12])(?:\s?\+)?(?![0-9a-zа-я])")
_SCALE: tuple[tuple[str, str], ...] = (
    (r"pre[\s-]*intermediate", "A2"), (r"upper[\s-]*intermediate|апер[\s-]*интермедиат\w*", "B2"),
    (r"low(?:er)?[\s-]*intermediate", "B1"), (r"intermediate|интермедиат\w*", "B1"), (r"pre[\s-]*advanced", "B2"),
    (r"advanced|эдванст|адвансед", "C1"), (r"proficien\w+", "C2"), (r"fluent\w*", "C1"), (r"native", "C2"),
    (r"elementary|элементарн\w+", "A1"), (r"beginner", "A1"), (r"выше\s+среднего", "B2"), (r"ниже\s+среднего", "A2"),
    (r"средне-продвинут\w+", "B2"), (r"на\s+среднем\s+уровне|средн\w+(?:\s+уров\w+)?", "B1"), (r"разговорн\w+", "B1"),
    (r"свободн\w+|бегл\w+", "C1"), (r"продвинут\w+", "C1"), (r"в\s+совершенстве", "C2"), (r"носител\w+|родно\w+", "C2"),
    (r"со\s+словарем|читаю\s+(?:тех|док)\w*|чтени\w+\s+(?:технич\w+\s+)?документ\w+", "A2"), (r"базов\w+", "A2"),
    (r"начальн\w+", "A1"), (r"рабоч\w+", "B1"), (r"хорош\w+", "B2"), (r"технич\w+", "B1"),
)  # fmt: skip
_VERBAL = re.compile("|".join(f"(?P<s{i}>(?<![a-zа-я])(?:{p})(?![a-zа-я]))" for i, (p, _) in enumerate(_SCALE)))
_CODE = str.maketrans("авс", "abc")


def language_level(text: str, start: int, end: int) -> tuple[str, int, int] | None:
    """The CEFR level told in ``text[start:end]``: a code first, else the school scale in words.

    >>> language_level("английский — выше среднего", 0, 26)[0]
    'B2'
    """
    m = _CEFR.search(text, start, end)
    if m:
        return m.group(1).translate(_CODE).upper() + m.group(2), m.start(), m.end()
    m = _VERBAL.search(text, start, end)
    if m and m.lastgroup:
        return _SCALE[int(m.lastgroup[1:])][1], m.start(), m.end()
    return None


# ---------------------------------------------------------------- разряд, groups, categories

_ORDINAL = r"(?:\s?-?\s?(?:го|му|ый|ой|ого|м|й|я|ю|ую|е))?"
_GRADE = re.compile(
    rf"(?:(?P<bound>не\s+ниже|от|не\s+менее|минимум|начиная\s+с|выше)\s+)?(?<![a-zа-я0-9.,])(?P<low>{_SMALL}){_ORDINAL}(?:\s?\([а-я]+\))?"
    rf"(?:\s?(?:-|,|и|или|до|/)\s?(?P<high>{_SMALL}){_ORDINAL})?\s*(?:разряд\w*|разр\.?|р-да?|(?<=[гй]о\s)р\.|(?<=го)\s?р\.|(?<=[1-8])\s?р(?:\.|(?=[\s,;)]|$)))(?![а-я])"
    r"(?P<up>\s*(?:и\s+(?:выше|более)|\+))?"
)
_GRADE_AFTER = re.compile(
    rf"разряд\w*\s*(?::|-)?\s*(?P<bound>не\s+ниже|от|не\s+менее|минимум|с)?\s*(?P<low>{_ROMAN_DIGIT})(?![0-9a-zа-я]|\.[0-9])"
    rf"{_ORDINAL}(?:\s?(?:-|до)\s?(?P<high>{_ROMAN_DIGIT})(?![0-9]))?(?P<up>\s*(?:и\s+(?:выше|более)|\+))?"
)


def grade(text: str) -> Iterator[Typed]:
    """«4 разряд», «IV разряда», «не ниже 4 разряда», «3–4 разряд», «4-го р.»."""
    ends: set[int] = set()
    for pattern in (_GRADE, _GRADE_AFTER):
        for m in pattern.finditer(text):
            low = _small(m["low"])
            high = _small(m["high"]) if m["high"] else None
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


_SAFETY = r"(?:электро-?\s?безопасност\w*|эл\.?\s?безопасност\w*|эб(?![а-я])|электробез\w*)"
_GROUP = re.compile(
    rf"(?<![a-zа-я0-9])(?P<n>{_ORDINAL_WORD}|[ivі]+|[1-5]){_ORDINAL}\s*(?:\(\w+\)\s*)?(?:гр\.|групп\w*|гр(?![а-я])|кв\.?\s?групп\w*)(?:\([^)\n]*\)|[^.;)\n]){{0,40}}?{_SAFETY}"
)
# «группа допуска 4 до 1 кВ», «3-я группа допуска»: safety is understood where no other допуск has groups
_GROUP_ALONE = re.compile(
    rf"(?<![a-zа-я0-9])(?:(?P<n>{_ORDINAL_WORD}|[ivі]+|[2-5]){_ORDINAL}\s*(?:гр\.|групп\w*|гр)\s*(?:эл\w*\.?\s*)?допуск\w*"
    rf"|(?:групп\w*|гр\.?)\s*(?:эл\w*\.?\s*)?допуск\w*\s*(?:-|:)?\s*(?:не\s+ниже\s+)?(?P<n2>[ivі]+|[2-5])(?![0-9a-zа-я])"
    rf"|допуск\w*[^.;\n]{{0,12}}?до\s+1000\s?в[,\s(-]+(?P<n3>[ivі]+|[2-5]){_ORDINAL}\s*гр\w*"
    rf"|(?P<n4>[ivі]+|[2-5]){_ORDINAL}\s*гр(?:упп\w*|\.)?\s+(?:до|выше|свыше)\s+(?:и\s+(?:выше|свыше)\s+)?(?:1000\s?в|1\s?кв))"
)
_GROUP_AFTER = re.compile(
    rf"(?:групп\w*|гр\.|допуск\w*)[^.;\n]{{0,30}}?{_SAFETY}\s*(?::|-|\()?\s*(?:не\s+ниже|от)?\s*(?P<n>[ivі]+|[2-5])(?![0-9a-zа-я])"
    rf"|{_SAFETY}\s*(?::|-|\(|,)?\s*(?:не\s+ниже\s+|от\s+)?(?P<n2>[ivі]+|[2-5]){_ORDINAL}\s*(?:гр|групп)"
)
_VOLTS = re.compile(
    r"(?P<how>до\s+и\s+(?:выше|свыше)|выше|свыше|до)\s+(?:1000\s?(?:в(?![а-я])|вольт|v)|1\s?кв(?![а-я]))"
)


def electrical_group(text: str) -> Iterator[Typed]:
    """«III группа по электробезопасности до 1000 В», «3 гр. по ЭБ»."""
    seen: list[tuple[int, int]] = []
    for pattern in (_GROUP, _GROUP_AFTER, _GROUP_ALONE):
        for m in pattern.finditer(text):
            n = _small(next(filter(None, m.groups()), ""))
            if n is None or not 1 <= n <= 5 or any(a < m.end() and m.start() < b for a, b in seen):
                continue
            seen.append(m.span())
            value: dict[str, Any] = {"group": n}
            volts = _VOLTS.search(text, m.start(), m.end() + 40)
            if volts:
                value["max_v"] = 1000 if volts["how"] == "до" else 1_000_000
            yield Typed(*m.span(), "permit", value, "electrical-group", ELECTRICAL)


_LETTERS = {
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
_CATEGORY = r"(?:[авсдемabcdem](?:1|е|e)?)"
_CATEGORIES = re.compile(
    rf"(?<![а-яa-z])(?:категори\w*|кат\.?|(?:права|правами|прав|ву|в/у|водител\w+)(?![а-яa-z])|удостоверени\w*)\s*(?:-|:)?\s*(?:\(\s*)?(?:кат(?:егори\w*|\.)?\s*)?"
    rf"\"?(?P<list>(?<=\s)(?:всд?е?|bcd?e?|сде?|cde?)(?![а-яa-z0-9])|{_CATEGORY}(?![а-яa-z0-9])\"?(?:\s*(?:,|и|/|;|или|\+|\s)\s*\"?{_CATEGORY}(?![а-яa-z0-9])\"?)*)"
)
# «ваши права в суде»: the preposition, unless what follows speaks of the licence
_IN_PROSE = re.compile(
    r"[вса] (?!обязат|желат|приветств|будет|будут|требует|не\s|и\s|от\s|стаж|опыт|необход|есть|как\s)[а-я]"
)
_ONE_CATEGORY = re.compile(rf"{_CATEGORY}(?![а-яa-z0-9])")


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
            and "удост" not in text[max(0, m.start() - 40) : m.end()]
        ):
            continue
        yield Typed(m.start(), m.end("list"), "licence", {"categories": names}, "driving", DRIVING)


# ---------------------------------------------------------------- hours, quality, education

_HOURS = re.compile(
    r"(?<![0-9])(?P<n>\d{1,4})\s*(?:-?ти\s*)?(?:академическ\w+\s+|ак(?:ад)?\.?\s*)?(?:часов|часа|часы|час|ч\.?)(?![а-я/])(?!\s*(?:утра|вечера|дня|ночи|до|-|/))"
)
_CLOCK = re.compile(r"(?<![а-я])(?:с|от)\s\d{1,2}(?:[:.]\d\d)?\s?(?:часов\s|ч\.?\s)?(?:до|-)\s?$")
_QUALITY = re.compile(
    r"(?<![0-9])(?P<low>\d{1,2})(?:\s?(?:-|,|и)\s?(?P<high>\d{1,2}))?\s?-?(?:му|го|й|м)?\s+квалитет\w*"
)
_EDUCATION: tuple[tuple[str, str], ...] = (
    (r"аспирант\w*|аспирантур\w*|кандидат\w*\s+(?:[\w-]+\s+){0,2}?наук", "postgraduate"),
    (r"магистр(?!ал)\w*", "master"), (r"специалитет\w*", "specialist"), (r"бакалавр\w*", "bachelor"),
    (r"неоконченн\w+\s+высш\w+|неполн\w+\s+высш\w+|незаконченн\w+\s+высш\w+", "student"),
    (r"средн\w+[\s-]+(?:специальн\w+|профессиональн\w+|техническ\w+)(?:\s+образован\w+)?|спо(?![а-я])|колледж\w*\s+образован\w+", "vocational"),
    (r"высш\w+(?:\s+\w+){0,2}?\s+образован\w+|образован\w+\s*(?:-|:)?\s*(?:не\s+ниже\s+)?высш\w+|higher\s+education", "higher"),
)  # fmt: skip
_EDUCATION_ANY = re.compile("|".join(f"(?P<e{i}>(?<![а-яa-z])(?:{p}))" for i, (p, _) in enumerate(_EDUCATION)))
_PROGRAMME = re.compile(r"(?<![0-9.])(\d{2}\.0[0-9]\.\d{2})(?![0-9.])")
_COURSE = re.compile(
    r"студент\w*\s+(?P<n>[1-6])(?:-?(?:го|ого|й))?(?:\s?-\s?[1-6])?(?:-?(?:го|ого|й))?\s+курс|(?<![0-9])(?P<n2>[1-6])(?:-?(?:й|ый|го))?\s+курс(?:а|е)?(?![а-я])"
)
_STANDARD = re.compile(
    r"(?<![а-яa-z])(?:гост(?:\s?р)?(?:\s?(?:исо|iso|мэк))?|снип|санпин|ост|ту)\s?(?P<n>\d[\d.\-]*\d)"
)


def hours(text: str) -> Iterator[Typed]:
    """«600 часов практики»."""
    for m in _HOURS.finditer(text):
        if _CLOCK.search(text, max(0, m.start() - 14), m.start()):  # «с 8 до 17 часов» is the time of day
            continue
        yield Typed(*m.span(), "hours", {"hours": int(m["n"])}, "hours")


def quality(text: str) -> Iterator[Typed]:
    """«по 7–8 квалитету»."""
    for m in _QUALITY.finditer(text):
        low, high = int(m["low"]), int(m["high"] or m["low"])
        start = m.start()
        if low > high:  # «сталь 45, 7 квалитет»
            low, start = high, m.start("high")
        yield Typed(start, m.end(), "quality", {"it_grade": low, "it_grade_max": high}, "quality")


def education(text: str) -> Iterator[Typed]:
    """«высшее техническое образование», «студент 3 курса», «18.03.01»."""
    for m in _EDUCATION_ANY.finditer(text):
        level = _EDUCATION[int((m.lastgroup or "e0")[1:])][1]
        yield Typed(*m.span(), "education", {"education_level": level}, "education")
    for m in _PROGRAMME.finditer(text):
        yield Typed(*m.span(), "education", {"education_code": m[1]}, "programme")
    for m in _COURSE.finditer(text):
        yield Typed(*m.span(), "education", {"course": int(m["n"] or m["n2"])}, "course")


def standard(text: str) -> Iterator[Typed]:
    """«ГОСТ 2.105-95»."""
    for m in _STANDARD.finditer(text):
        yield Typed(*m.span(), "standard", {"number": m["n"]}, "standard")


RULES: tuple[tuple[tuple[str, ...], Callable[[str], Iterator[Typed]]], ...] = (
    (("опыт", "стаж", "практик", "experience"), experience),
    (("разряд", "разр", "-го р", *(f"{n}{gap}р" for n in "12345678" for gap in ("", " "))), grade),
    (("безопасн", "эб", "электробез", "допуск", "1000", "1 кв"), electrical_group),
    (("катего", "кат", "прав", "удостов", "ву ", "в/у", "водит"), driving),
    (("час", " ч", "0ч", "2ч", "4ч", "6ч", "8ч", ".ч"), hours),
    (("квалитет",), quality),
    (
        (
            "образован",
            "студент",
            "курс",
            "бакалавр",
            "магистр",
            "аспирант",
            "спо",
            "специалитет",
            ".0",
            "наук",
            "высш",
            "средн",
            "колледж",
            "education",
        ),
        education,
    ),
    (("гост", "снип", "санпин", "ост ", "ту "), standard),
)
"""Each rule with the fragments of which one must stand in the text for the rule to be tried."""


_BEFORE, _AFTER = 120, 160


def _windows(text: str, triggers: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """Stretches of text around the triggers, cut at spaces and merged where they meet."""
    places = sorted(m for t in triggers for m in _places(text, t))
    low = high = -1
    for place in places:
        start = text.rfind(" ", 0, max(0, place - _BEFORE)) + 1
        end = text.find(" ", place + _AFTER)
        end = len(text) if end < 0 else end
        if high < 0:
            low, high = start, end
        elif start <= high:
            high = max(high, end)
        else:
            yield low, high
            low, high = start, end
    if high >= 0:
        yield low, high


def _places(text: str, fragment: str) -> Iterator[int]:
    place = text.find(fragment)
    while place >= 0:
        yield place
        place = text.find(fragment, place + 1)


def find_typed(text: str) -> list[Typed]:
    """All typed facts of a folded text, by place; rules look only around their triggers."""
    found = []
    for triggers, rule in RULES:
        for low, high in _windows(text, triggers):
            found += [replace(t, start=t.start + low, end=t.end + low) for t in rule(text[low:high])]
    return sorted(found, key=lambda t: (t.start, t.end))


# ---------------------------------------------------------------- versions

GLUED_VERSION = re.compile(r"\d{1,2}(?:\.\d{1,3}){0,2}")
_VERSION = re.compile(
    r"\s?(?:-\s?)?(?:v\.?\s?|ver\.?\s?|верси\w+\s+|платформ\w+\s+)?(?P<n>\d{1,4}(?:\.\d{1,3}){0,3})(?P<plus>\s?\+)?(?![\d%a-zа-я]|-[а-я])(?!\s?(?:лет|год|г\.|мес|час|разряд|чел|руб|тыс|-\s?\d|шт|%|к\b|дн))"
)


def version_after(text: str, end: int) -> tuple[str, int, bool] | None:
    """The version number that follows a product's name: the number, where it ends, and whether «+» follows.

    >>> version_after("python 3.10+", 6)
    ('3.10', 12, True)
    """
    m = _VERSION.match(text, end)
    if not m or (m.start("n") == end and text[end - 1 : end] not in {"+", "#"}):  # «C++17»
        return None
    return m["n"], m.end(), bool(m["plus"])

"""Typed facts: experience, language levels, разряд, electrical-safety group, driving categories, hours, education.

Each rule is a small function over the folded text, named in ``RULES`` beside the words that make it worth
trying; it yields fragments with their values. Numbers may be digits, Roman numerals or words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from matcher.features.experience import experience, worked
from matcher.features.fragments import SMALL, Typed, small_number
from matcher.features.lawful import STEMS as UNLAWFUL_STEMS
from matcher.features.lawful import WORDS as UNLAWFUL_WORDS
from matcher.features.lawful import unlawful
from matcher.features.permits import driving, electrical_group, grade

# ---------------------------------------------------------------- language levels

CEFR: Final[tuple[str, ...]] = ("A1", "A2", "B1", "B2", "C1", "C2")
_CEFR: Final = re.compile(r"(?<![a-zа-я0-9])([abcавс])\s?([12])(?:\s?\+)?(?![0-9a-zа-я])")
_SCALE: Final[tuple[tuple[str, str], ...]] = (
    (r"pre[\s-]*intermediate", "A2"), (r"upper[\s-]*intermediate|апер[\s-]*интермедиат\w*", "B2"),
    (r"upper[\s-]*int\w*", "B2"), (r"не\s+ниже\s+средн\w+", "B1"), (r"low(?:er)?[\s-]*intermediate", "B1"), (r"intermediate|интермедиат\w*", "B1"), (r"pre[\s-]*advanced", "B2"),
    (r"advanced|эдванст|адвансед", "C1"), (r"proficien\w+", "C2"), (r"fluent\w*", "C1"), (r"native", "C2"),
    (r"elementary|элементарн\w+", "A1"), (r"beginner", "A1"), (r"выше\s+среднего", "B2"), (r"ниже\s+среднего", "A2"),
    (r"средне-продвинут\w+", "B2"), (r"на\s+среднем\s+уровне|средн\w+(?:\s+уров\w+)?", "B1"), (r"разговорн\w+", "B1"),
    (r"свободн\w+|бегл\w+", "C1"), (r"продвинут\w+", "C1"), (r"в\s+совершенстве", "C2"), (r"носител\w+|родно\w+", "C2"),
    (r"со\s+словарем|читаю\s+(?:тех|док)\w*|чтени\w+\s+(?:технич\w+\s+)?документ\w+", "A2"), (r"базов\w+", "A2"),
    (r"начальн\w+", "A1"), (r"рабоч\w+", "B1"), (r"хорош\w+", "B2"), (r"технич\w+", "B1"),
)  # fmt: skip
_VERBAL: Final = re.compile(
    f"(?<![a-zа-я])(?:{'|'.join(f'(?P<s{i}>(?:{p})(?![a-zа-я]))' for i, (p, _) in enumerate(_SCALE))})"
)
_CODE: Final = str.maketrans("авс", "abc")


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


# ---------------------------------------------------------------- hours, quality, education

_HOURS: Final = re.compile(
    r"(?<![0-9])(?P<n>\d{1,4})\s*(?:-?ти\s*)?(?:академическ\w+\s+|ак(?:ад)?\.?\s*)?(?:часов|часа|часы|час|ч\.?)(?![а-я/])(?!\s*(?:утра|вечера|дня|ночи|до|-|/))"
)
_CLOCK: Final = re.compile(r"(?<![а-я])(?:с|от)\s\d{1,2}(?:[:.]\d\d)?\s?(?:часов\s|ч\.?\s)?(?:до|-)\s?$")
_QUALITY: Final = re.compile(
    r"(?<![0-9])(?P<low>\d{1,2})(?:\s?(?:-|,|и)\s?(?P<high>\d{1,2}))?\s?-?(?:му|го|й|м)?\s+квалитет\w*"
)
_ROUGHNESS: Final = re.compile(
    r"(?<![a-zа-я])(?P<kind>r[aаz])\s?(?:=|-|до|не\s+(?:хуже|более))?\s?(?P<n>\d{1,3}(?:[.,]\d{1,2})?)(?![\d%])"
)


def _first_letter(rows: Sequence[tuple[str, object]]) -> re.Pattern[str]:
    """One pattern of many, the number of the row that matched as ``lastindex``; each row begins with a plain letter.

    Such a pattern is looked for only where one of these letters stands, which is several times as fast; whether it
    begins a word is left to the caller.
    """
    return re.compile("|".join(f"{pattern}()" for pattern, _ in rows))


def _begins_word(m: re.Match[str]) -> bool:
    return not m.start() or not m.string[m.start() - 1].isalpha()


_REMOTE: Final = {"remote": True}
_HYBRID: Final = {"remote": "hybrid"}
_PART: Final = {"schedule": "part"}
_FULL: Final = {"schedule": "full"}
_SHIFT: Final = {"schedule": "shift"}
_FORMAT: Final = r"(?:работ\w*|формат\w*|режим\w*|график\w*)"
_PART_OF: Final = r"(?:занятост\w*|(?:рабоч\w+\s+)?(?:день|дня|недел\w*)|ставк\w*)"
_STOP: Final = r"(?![а-яa-z])"
_EMPLOYMENT: Final[tuple[tuple[str, Mapping[str, Any]], ...]] = (
    (rf"удаленн\w+\s+{_FORMAT}{_STOP}", _REMOTE), (rf"удаленно{_STOP}", _REMOTE), (rf"удаленка{_STOP}", _REMOTE),
    (rf"дистанционн\w+\s+(?:работ\w*|формат\w*){_STOP}", _REMOTE), (rf"remote(?:ly)?{_STOP}", _REMOTE),
    (rf"гибридн\w+\s+(?:формат\w*|график\w*|режим\w*){_STOP}", _HYBRID),
    (rf"частичн\w+\s+{_PART_OF}{_STOP}", _PART), (rf"неполн\w+\s+{_PART_OF}{_STOP}", _PART),
    (rf"подработк\w*{_STOP}", _PART), (rf"part[\s-]?time{_STOP}", _PART), (rf"полставк\w*{_STOP}", _PART),
    (rf"полн\w+\s+(?:занятост\w*|рабоч\w+\s+(?:день|дня)|ставк\w*){_STOP}", _FULL),
    (rf"пятидневк\w*{_STOP}", _FULL), (rf"график\w*\s+5/2{_STOP}", _FULL), (rf"full[\s-]?time{_STOP}", _FULL),
    (rf"сменн\w+\s+график\w*{_STOP}", _SHIFT), (rf"график\w*\s+сменн\w+{_STOP}", _SHIFT),
    (rf"посменн\w+{_STOP}", _SHIFT), (rf"сутки\s+через\s+(?:двое|трое){_STOP}", _SHIFT),
    *((rf"{n}(?<!\d\d)/[1-4](?!\d|/){_STOP}", _SHIFT) for n in "1234"),
    (rf"гибк\w+\s+график\w*{_STOP}", {"schedule": "flexible"}), (rf"гибк\w+\s+начал\w+{_STOP}", {"schedule": "flexible"}),
    (rf"свободн\w+\s+график\w*{_STOP}", {"schedule": "flexible"}),
    (rf"вахт\w*(?:\s+метод\w*)?{_STOP}", {"schedule": "rotation"}),
)  # fmt: skip
_EMPLOYMENT_ANY: Final = _first_letter(_EMPLOYMENT)
_LADDER: Final = re.compile(
    rf"(?<![а-яa-z0-9])(?P<n>высш(?:ей|ая|ую)|{SMALL})(?:-?(?:й|ей|ой|ая|я))?\s+(?:квалификационн\w+\s+)?категори[яию](?![а-я])"
)
_EDUCATION: Final[tuple[tuple[str, str], ...]] = (
    (r"аспирант\w*", "postgraduate"), (r"кандидат\w*\s+(?:[\w-]+\s+){0,2}?наук", "postgraduate"),
    (r"магистр(?!ал)\w*", "master"), (r"специалитет\w*", "specialist"), (r"бакалавр\w*", "bachelor"),
    (r"неоконченн\w+\s+высш\w+", "student"), (r"неполн\w+\s+высш\w+", "student"),
    (r"незаконченн\w+\s+высш\w+", "student"),
    (r"средн\w+[\s-]+(?:специальн\w+|профессиональн\w+|техническ\w+)(?:\s+образован\w+)?", "vocational"),
    (r"спо(?![а-я])", "vocational"), (r"колледж\w*\s+образован\w+", "vocational"),
    (r"высш\w+(?:\s+\w+){0,2}?\s+образован\w+", "higher"),
    (r"образован\w+\s*(?:-|:)?\s*(?:не\s+ниже\s+)?высш\w+", "higher"), (r"higher\s+education", "higher"),
)  # fmt: skip
_EDUCATION_ANY: Final = _first_letter(_EDUCATION)
_EDUCATED: Final[tuple[str, ...]] = (
    "высш", "средн", "аспирант", "кандидат", "магистр", "специалитет", "бакалавр", "спо", "колледж", "higher"
)  # fmt: skip
"""Each row of education has one of these."""
_PROGRAMME: Final = re.compile(r"(\d(?<![0-9.]\d)\d\.0[0-9]\.\d{2})(?![0-9.])")
_COURSE: Final = re.compile(
    r"студент\w*\s+(?P<n>[1-6])(?:-?(?:го|ого|й))?(?:\s?-\s?[1-6])?(?:-?(?:го|ого|й))?\s+курс(?:а|е)?|(?<![0-9])(?P<n2>[1-6])(?:-?(?:й|ый|го))?\s+курс(?:а|е)?(?![а-я])"
)
_STANDARD: Final = re.compile(
    r"(?<![а-яa-z])(?:гост(?:\s?р)?(?:\s?(?:исо|iso|мэк))?|iso|исо|снип|санпин|ост|ту)\s?(?P<n>\d[\d.\-:]*\d)"
)


def hours(text: str) -> Iterator[Typed]:
    """«600 часов практики»."""
    for m in _HOURS.finditer(text):
        if _CLOCK.search(text, max(0, m.start() - 14), m.start()):  # «с 8 до 17 часов» is the time of day
            continue
        yield Typed(*m.span(), "hours", {"hours": int(m["n"])}, "hours")


def quality(text: str) -> Iterator[Typed]:
    """«по 7–8 квалитету», «шероховатость Ra 1,6»."""
    for m in _ROUGHNESS.finditer(text):
        value = {m["kind"].replace("а", "a"): float(m["n"].replace(",", "."))}
        yield Typed(*m.span(), "quality", value, "roughness")
    for m in _QUALITY.finditer(text):
        low, high = int(m["low"]), int(m["high"] or m["low"])
        start = m.start()
        if low > high:  # «сталь 45, 7 квалитет»
            low, start = high, m.start("high")
        yield Typed(start, m.end(), "quality", {"it_grade": low, "it_grade_max": high}, "quality")


def education(text: str) -> Iterator[Typed]:
    """«высшее техническое образование», «студент 3 курса», «18.03.01»."""
    for m in _EDUCATION_ANY.finditer(text) if any(stem in text for stem in _EDUCATED) else ():
        if _begins_word(m):
            level = _EDUCATION[(m.lastindex or 1) - 1][1]
            yield Typed(*m.span(), "education", {"education_level": level}, "education")
    for m in _PROGRAMME.finditer(text) if ".0" in text else ():
        yield Typed(*m.span(), "education", {"education_code": m[1]}, "programme")
    for m in _COURSE.finditer(text) if "курс" in text else ():
        yield Typed(*m.span(), "education", {"course": int(m["n"] or m["n2"])}, "course")


def standard(text: str) -> Iterator[Typed]:
    """«ГОСТ 2.105-95»."""
    for m in _STANDARD.finditer(text):
        yield Typed(*m.span(), "standard", {"number": m["n"]}, "standard")


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule with the words that make it worth trying, and how far around them it looks.

    Attributes
    ----------
    find : callable
        Takes a stretch of folded text, yields facts.
    stems : tuple of str
        Fragments of which one must stand in a word.
    words : frozenset of str
        Whole words, for those too short to be fragments.
    shape : pattern, optional
        Words by their shape.
    before, after : int
        Characters around the word that belong to the stretch.
    """

    find: Callable[[str], Iterator[Typed]]
    stems: tuple[str, ...] = ()
    words: frozenset[str] = frozenset()
    shape: re.Pattern[str] | None = None
    before: int = 60
    after: int = 70

    def is_tried_at(self, word: str) -> bool:
        """Whether a word makes the rule worth trying."""
        return (
            word in self.words
            or any(stem in word for stem in self.stems)
            or (self.shape is not None and self.shape.match(word) is not None)
        )


def employment(text: str) -> Iterator[Typed]:
    """«частичная занятость», «график 2/2», «удалённая работа»."""
    for m in _EMPLOYMENT_ANY.finditer(text):
        if _begins_word(m):
            yield Typed(*m.span(), "employment", _EMPLOYMENT[(m.lastindex or 1) - 1][1], "employment")


def ladder(text: str) -> Iterator[Typed]:
    """«инженер II категории», «врач высшей категории»: 1 is the highest but for «высшая», told as 0."""
    for m in _LADDER.finditer(text):
        number = 0 if m["n"].startswith("высш") else small_number(m["n"])
        if number is not None and number <= 3:
            yield Typed(*m.span(), "category", {"category": number}, "category")


RULES: Final[tuple[Rule, ...]] = (
    Rule(
        experience,
        ("опыт", "стаж", "практик", "experience", "летн"),
        before=80,
        after=130,
    ),
    Rule(worked, ("работал", "работаю"), frozenset({"лет", "года"}), before=70, after=60),
    Rule(grade, ("разряд",), frozenset({"р", "разр"}), re.compile("[1-8]р(азр)?$")),
    Rule(electrical_group, ("безопасн", "электробез", "допуск"), frozenset({"эб", "1000", "1000в", "1кв", "кв"})),
    Rule(driving, ("катег", "удостов"), frozenset({"кат", "ву", "у", "права", "прав", "правами"}), re.compile("водит")),
    Rule(hours, (), frozenset({"ч", "час", "часа", "часов", "часы"}), re.compile(r"\d+ч$"), before=30),
    Rule(quality, ("квалитет", "шероховат"), frozenset({"ra", "rz", "rа"})),
    Rule(
        employment,
        (
            "удален",
            "дистанц",
            "remote",
            "гибк",
            "гибридн",
            "частичн",
            "неполн",
            "занятост",
            "подработк",
            "сменн",
            "вахт",
        ),
        frozenset({"график", "графику", "part", "full", "пятидневка", "полставки", "сутки", "свободный"}),
    ),
    Rule(ladder, ("категори",)),
    Rule(
        education,
        ("образован", "студент", "бакалавр", "магистр", "аспирант", "специалитет", "наук", "высш", "education"),
        frozenset({"спо", "курс", "курса", "курсе", "средне", "среднее", "среднего", "средним", "колледжа"}),
        re.compile(r"0\d$"),
    ),
    Rule(standard, ("снип", "санпин"), frozenset({"ост", "ту", "iso", "исо"}), re.compile("гост(?![еияь])"), before=10),
    Rule(unlawful, UNLAWFUL_STEMS, UNLAWFUL_WORDS),
)


EVERY_RULE: Final = (1 << len(RULES)) - 1


def bits_of(*found_by: Callable[[str], Iterator[Typed]]) -> int:
    """Some rules as bits in the order of ``RULES``."""
    return sum(1 << i for i, rule in enumerate(RULES) if rule.find in found_by)


_WORDS: Final = frozenset(word for rule in RULES for word in rule.words)


def _any_of(stems: Iterable[str]) -> re.Pattern[str]:
    """One pattern of many stems, apart by their first letters, so that few of them are tried at each letter."""
    by_letter: dict[str, list[str]] = {}
    for stem in sorted(stems):
        by_letter.setdefault(stem[0], []).append(stem[1:])
    return re.compile("|".join(f"{letter}(?:{'|'.join(rests)})" for letter, rests in by_letter.items()))


_STEMS: Final = _any_of({stem for rule in RULES for stem in rule.stems})
_SHAPES_OF_WORDS: Final = re.compile("|".join(rule.shape.pattern for rule in RULES if rule.shape))
_ANY_WORD: Final = re.compile(r"\w+")


def rules_of(word: str) -> int:
    """Which rules a word makes worth trying, as bits in the order of ``RULES``."""
    if word not in _WORDS and not _STEMS.search(word) and not _SHAPES_OF_WORDS.match(word):
        return 0
    return sum(1 << i for i, rule in enumerate(RULES) if rule.is_tried_at(word))


def find_typed(text: str, places: list[tuple[int, int]] | None = None) -> list[Typed]:
    """The typed facts of a folded text, by place; rules look only around the words that are worth it.

    Parameters
    ----------
    places : list of (int, int)
        Where words that some rule is tried at begin, in order, each with its :func:`rules_of`; worked out when None.
    """
    if places is None:
        places = [(m.start(), rules_of(m[0])) for m in _ANY_WORD.finditer(text)]
    found: list[Typed] = []
    tried = 0
    for _, rules in places:
        tried |= rules
    for i, rule in enumerate(RULES):
        if tried >> i & 1:
            for low, high in _stretches(text, [place for place, rules in places if rules >> i & 1], rule):
                found += [
                    Typed(t.start + low, t.end + low, t.kind, t.value, t.rule, t.skill)
                    for t in rule.find(text[low:high])
                ]
    if len(found) > 1:
        found.sort(key=lambda t: (t.start, t.end))
    return found


def _stretches(text: str, places: list[int], rule: Rule) -> list[tuple[int, int]]:
    """Stretches of text around places, cut at spaces and merged where they meet."""
    out: list[tuple[int, int]] = []
    low = high = -1
    for place in places:
        start = text.rfind(" ", 0, max(0, place - rule.before)) + 1
        end = text.find(" ", place + rule.after)
        end = len(text) if end < 0 else end
        if high < 0:
            low, high = start, end
        elif start <= high:
            high = max(high, end)
        else:
            out.append((low, high))
            low, high = start, end
    if high >= 0:
        out.append((low, high))
    return out


# ---------------------------------------------------------------- versions

GLUED_VERSION: Final = re.compile(r"\d{1,2}(?:\.\d{1,3}){0,2}")
_VERSION: Final = re.compile(
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

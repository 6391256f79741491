"""Wording that asks for what an employer may not ask: sex, age, looks, nationality, family, registration.

Such wording is found and typed so that `matcher lint` can show it; no criterion and no gate reads it. The grounds
are those of the Labour Code of Russia, articles 3 and 64; only wording that speaks of the person sought is meant,
so «мужская одежда» and «компании 25 лет» are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from matcher.features.fragments import Typed, quick_pattern

KIND: Final = "unlawful"
ARTICLES: Final = "ТК РФ, ст. 3 и 64"

_PERSON: Final = (
    r"(?:мужчин[аыу]?|женщин[аыу]?|девушк[аиу]|девушек|парн(?:я|и|ей|ь)|парень|юнош[ауией]+|молод(?:ой|ого)\s+(?:человек\w*|парн\w+)"
    r"|дам[аыу]?|жительниц\w+)"
)
_SEEK: Final = (
    r"(?:ищ\w+|требу\w+|нуж(?:ен|на|ны|но)|приглаша\w+|рассматрива\w+|рассмотрим|только|строго|предпочт\w+|желательн?\w*"
    r"|возьм\w+|прин(?:има\w+|мем)|подойд[её]\w*|вакансия\s+для|работа\s+для|исключительно|лучше)"
)
_START: Final = r"(?:^|(?<=[\n.;:!?•(])|(?<=\n-)|(?<=требования:))\s*(?:-\s*)?"
_AGE_SPAN: Final = r"(?:(?:от\s+)?\d{2}\s*(?:-|до)\s*\d{2}|(?:до|от)\s+(?!18(?!\d))\d{2})(?:\s*-?\s*(?:ти|и|х))?"

_SEX: Final[tuple[re.Pattern[str], ...]] = (
    quick_pattern(rf"(?<![а-я]){_SEEK}\s+(?:(?:на\s+работу|молод\w+|ответственн\w+|энергичн\w+|активн\w+|к\s+нам)\s+){{0,2}}{_PERSON}(?![а-я])"),
    quick_pattern(rf"{_START}{_PERSON}(?=\s*(?:,|/|\(|-|до\s|от\s|\d|в\s+возрасте|без\s|со\s|с\s|славян|$|\n))"),
    quick_pattern(r"(?<![а-я])пол\s*(?:-|:)\s*(?:муж|жен|м(?![а-я])|ж(?![а-я]))\w*|(?<![а-я])(?:муж|жен)ск(?:ий|ого|ой)\s+пол\w*"),
    quick_pattern(r"(?<![а-я])(?:для\s+)?(?:мужчин|женщин|девушек)\s+(?:от|до)\s+\d{2}(?!\d)"),
    quick_pattern(r"(?<![а-я])(?:служба\s+в\s+армии|отслуживш\w+|служивш\w+\s+в\s+армии|военный\s+билет|после\s+армии)(?![а-я])"),
)  # fmt: skip
_AGE: Final[tuple[re.Pattern[str], ...]] = (
    quick_pattern(r"(?<![а-я])возраст\w*[ \t]*(?:-|:)?[ \t]*(?:строго |примерно )?(?:(?:от|до|с|не старше|не моложе|старше) )?\d\d(?!\d)(?:[ \t]*(?:-|до|и|по)[ \t]*\d\d)?(?: лет)?"),
    quick_pattern(r"(?<![а-я])(?:не\s+(?:старше|моложе)|старше|моложе)\s+(?!18(?!\d))\d{2}(?:\s*-?\s*(?:ти|и))?(?:\s*лет)?"),
    quick_pattern(rf"(?:{_PERSON}|кандидат\w*|человек|специалист\w*|сотрудник\w*|студент\w*)\s*[,(]?\s*(?:в\s+возрасте\s+)?{_AGE_SPAN}(?:\s*лет)?(?!\s*(?:час|мин|%|тыс|руб|р\.|стаж|опыт))"),
    quick_pattern(r"(?<![а-я])(?:ищем|требу\w+|нуж\w+|только)\s+(?:энергичн\w+\s+|активн\w+\s+)?молод(?:ого|ую|ых)\s+(?:сотрудни\w+|специалист\w*|кандидат\w*|люд\w+|энергичн\w+)"),
    quick_pattern(rf"{_START}(?:от\s+)?(?:1[89]|[2-6]\d)\s*(?:-|до)\s*[2-6]\d\s*лет(?=\s*(?:,|\.|;|\n|$))"),
)  # fmt: skip
_LOOKS: Final[tuple[re.Pattern[str], ...]] = (
    quick_pattern(r"(?<![а-я])(?:приятн|презентабельн|привлекательн|модельн|эффектн|хорош|ярк|представительн)\w+\s+(?:внешност\w*|внешн\w+\s+(?:вид\w*|данн\w+)|вид(?![а-я]))"),
    quick_pattern(r"(?<![а-я])внешн(?:ие|ость|их|юю)\s+(?:данн\w+|привлекательн\w*|обязательн\w*|приятн\w*)"),
    quick_pattern(r"(?<![а-я])(?:модельные\s+параметры|рост\s*(?:-|:)?\s*(?:от|не\s+ниже|выше)\s+1[5-9]\d|стройн(?:ая|ое|ую|ые)\s+(?:фигур\w*|девушк\w*)|без\s+(?:пирсинга|татуировок|тату))(?![а-я])"),
)  # fmt: skip
_NATION: Final[tuple[re.Pattern[str], ...]] = (
    quick_pattern(r"(?<![а-я])славянск\w+\s+(?:внешност\w*|национальност\w*|наружност\w*)"),
    quick_pattern(r"(?<![а-я])(?:граждан(?:ин|е|ка)\s+(?:рф|россии|российской\s+федерации|рб|снг)(?!\s*(?:,\s*)?(?:обращ|обслуж|прием))|гражданство\s*(?:-|:)?\s*(?:рф|россии|россия|российск\w+))"),
    quick_pattern(r"(?<![а-я])(?:русск(?:ий|ая|ие)\s+(?:по\s+национальност\w+|национальност\w+)|национальност\w+\s*(?:-|:)?\s*(?:русск\w+|славян\w+)|(?:не\s+)?рассматрива\w+\s+(?:кавказ\w+|азиат\w+))(?![а-я])"),
)  # fmt: skip
_FAMILY: Final[tuple[re.Pattern[str], ...]] = (
    quick_pattern(r"(?<![а-я])семейное\s+положение|(?<![а-я])(?:не ?)?(?:замужн\w+|замужем|женат\w*|холост|холостяк\w*)(?![а-я])"),
    quick_pattern(r"(?<![а-я])(?:без\s+(?:маленьких\s+|малолетних\s+)?детей|(?:отсутствие|наличие)\s+(?:маленьких\s+|малолетних\s+)?детей|с\s+(?:взрослыми\s+)?детьми\s+не|без\s+семьи|семейн(?:ый|ая|ых)\s+(?:человек|пар\w+))(?![а-я])"),
    quick_pattern(r"(?<![а-я])(?:не\s+)?планиру\w+\s+(?:декрет|беременност\w+)|(?<![а-я])беременн\w+\s+не"),
)  # fmt: skip
_HOME: Final[tuple[re.Pattern[str], ...]] = (
    quick_pattern(r"(?<![а-я])(?:московск\w+|постоянн\w+|местн\w+|столичн\w+)\s+(?:прописк\w+|регистраци\w+)|(?<![а-я])прописк\w+"),
    quick_pattern(r"(?<![а-я])регистраци\w+\s+(?:обязательн\w*\s+)?(?:в\s+)?(?:москв\w+|мо(?![а-я])|московск\w+|спб(?![а-я])|санкт-петербург\w*|подмосков\w+|рф(?![а-я])|по\s+месту\s+жительства)"),
    quick_pattern(r"(?<![а-я])(?:(?:только|строго|исключительно)\s+(?:для\s+)?(?:москвич(?:и|ам|ей)|жител(?:и|ям|ей)\s+(?:москвы|мо|подмосковья|спб))|проживани\w+\s+(?:строго|только|исключительно)\s+в)(?![а-я])"),
)  # fmt: skip

_NOT_SOUGHT: Final = re.compile(
    r"(?:средн\w+|дет(?:и|ей|ьми|ям)|ребен\w+|учени\w+|школьник\w*|пациент\w*|клиент\w*|гостей|посетител\w+|компании)\s+(?:в\s+)?$"
)
"""Words before an age that tell it is not that of the person sought."""


class Ground(NamedTuple):
    """What may not be asked: key, Russian name, wording, and the words that make the wording worth looking for."""

    key: str
    name: str
    wording: tuple[re.Pattern[str], ...]
    stems: tuple[str, ...]
    words: frozenset[str]


def _split(raw: str) -> frozenset[str]:
    return frozenset(raw.split())


_PEOPLE: Final[tuple[str, ...]] = ("мужч", "женщ", "девуш", "юнош")
_MEN: Final = "дам дамы парень парня парни парней молодой молодого"
GROUNDS: Final[tuple[Ground, ...]] = (
    Ground("sex", "пол", _SEX, (*_PEOPLE, "мужск", "женск", "отслуж", "служивш"), _split(f"{_MEN} пол армии армию военный")),
    Ground(
        "age", "возраст", _AGE, (*_PEOPLE, "возраст", "старше", "моложе", "кандидат"), _split(f"{_MEN} молодую молодых")
    ),
    Ground(
        "looks", "внешность", _LOOKS,
        ("презентабельн", "приятн", "привлекательн", "модельн", "эффектн", "представительн", "внешн", "стройн", "пирсинг",
         "татуир"), _split("рост тату"),
    ),
    Ground("nationality", "национальность или гражданство", _NATION, ("славян", "граждан", "национальн", "кавказ", "азиат"), _split("")),
    Ground(
        "family", "семейное положение", _FAMILY, ("семейн", "замуж", "женат", "холост", "декрет", "беременн"),
        _split("детей детьми семьи"),
    ),
    Ground("registration", "место жительства или регистрация", _HOME, ("пропис", "регистрац", "москвич", "проживан"), _split("жители жителям жителей")),
)  # fmt: skip


STEMS: Final[tuple[str, ...]] = tuple(dict.fromkeys(stem for ground in GROUNDS for stem in ground.stems))
WORDS: Final = frozenset(word for ground in GROUNDS for word in ground.words)
"""Parts of words, and words, that make it worth looking for such wording."""


def unlawful(text: str) -> Iterator[Typed]:
    """«только мужчины до 35 лет», «приятная внешность», «прописка в Москве», with the ground of each."""
    seen: list[tuple[int, int]] = []
    for ground, _, patterns, stems, words in GROUNDS:
        if not any(stem in text for stem in stems) and not any(word in text for word in words):
            continue
        for pattern in patterns:
            for m in pattern.finditer(text):
                start, end = m.start() + len(m[0]) - len(m[0].lstrip(" -\n•")), m.start() + len(m[0].rstrip(" ,-"))
                if ground == "age" and _NOT_SOUGHT.search(text, max(0, start - 30), start):
                    continue
                if start < end and not any(a <= start and end <= b for a, b in seen):
                    seen.append((start, end))
                    yield Typed(start, end, KIND, {"ground": ground, "article": ARTICLES}, f"unlawful-{ground}")


def ground_in_russian(ground: str) -> str:
    """The Russian name of a ground.

    >>> ground_in_russian("age")
    'возраст'
    """
    return next(g.name for g in GROUNDS if g.key == ground)

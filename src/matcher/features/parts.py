"""What a phrase says that is only a part of a longer name in a list of skills.

An entry has names that are not its own words: «анализ защищённости» for penetration testing. As a whole name such a
phrase is another word for the entry; where the name goes on, it is as often a piece of another thing. These rules hold
for names that are listed, where nothing but the name itself tells what is meant; a sentence has its neighbours.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Final

from matcher.features.found import Found, Rule
from matcher.features.meanings import Form
from matcher.features.text import SOFT, Tokens

_PART_ENDS: Final = re.compile(r"[,;:/()]| и | или ")
_WORDS: Final = re.compile(r"[\w+#]+")
_STEM: Final = 4
_SMALL: Final = frozenset(
    ["и", "или", "а", "в", "во", "на", "с", "со", "по", "для", "к", "о", "об", "от", "до", "из", "за", "при"]
)
_SAYS_NOTHING: Final[tuple[str, ...]] = ("работ", "ведени", "прочие", "други", "систем")
_ALSO: Final = frozenset({"и", "или", "а"})
_HOW_WELL: Final[tuple[str, ...]] = (
    "год",
    "лет",
    "мес",
    "разряд",
    "уров",
    "люб",
    "желательн",
    "обязательн",
    "приветств",
    "преимущ",
    "являет",
)
KNOWING: Final[tuple[str, ...]] = ("знани", "умени", "навык", "опыт", "владени", "основ", "понимани", "правил", "метод", "поряд", "принцип",
            "способ", "работ", "уметь", "знать", "уверенн", "хорош", "пользовател")  # fmt: skip
_FAR: Final = 5
"""So many words between the head of a name and a phrase, and the phrase is about something else."""
_ABBREVIATION: Final = 6
_OWN_KINDS: Final = frozenset({"skill", "role"})
_BOUGHT: Final[tuple[str, ...]] = ("закупк", "поставщик", "покупк")
_BOUGHT_WITHIN: Final = 4
_PROVED_BY: Final[tuple[str, ...]] = ("удостоверени", "диплом", "карт", "инструкци")
_SERVICED: Final[tuple[str, ...]] = ("обслуживани", "ремонт", "наладк", "настройк", "подналадк")
_SERVICED_WITHIN: Final = 3
_ADJECTIVES: Final[tuple[str, ...]] = (
    "ый",
    "ий",
    "ой",
    "ая",
    "яя",
    "ое",
    "ее",
    "ые",
    "ие",
    "ого",
    "ую",
    "ым",
    "ых",
    "ыми",
)
_OF_MAN: Final[tuple[str, ...]] = (
    "подход", "отнош", "челов", "люд", "работ", "сотрудн", "исполн", "выполн", "реч", "позици", "мышлен", "поведен",
    "почерк", "внешн", "стил", "характер", "настро", "коллег", "вид",
)  # fmt: skip


def _goes_on(tokens: Tokens, i: int) -> bool:
    """Whether a clause says more from a word on than how well or how long a thing is known."""
    while i < len(tokens) and tokens.gaps[i] == SOFT:
        if means(tokens.words[i]) and not tokens.words[i].startswith(_HOW_WELL):
            return True
        i += 1
    return False


def means(word: str) -> bool:
    """Whether a word says more than how other words hang together."""
    return len(word) > 1 and not word[0].isdigit() and word not in _SMALL


def is_called(tokens: Tokens, form: Form, start: int, end: int) -> bool:
    """Whether the clause around a phrase says all of one part of the label of its entry."""
    while start and tokens.gaps[start] == SOFT:
        start -= 1
    while end < len(tokens) and tokens.gaps[end] == SOFT:
        end += 1
    words = tokens.words[start:end]
    return any(_is_said(part, words) for part in _parts(form.skill.label))


def _is_said(part: Sequence[str], words: Sequence[str]) -> bool:
    return all(any(word.startswith(stem) for word in words) for stem in part)


@cache
def _parts(label: str) -> tuple[tuple[str, ...], ...]:
    """The beginnings of the words of each part of a label: «Токарные и фрезерные работы» has two."""
    parts = (_stems(part) for part in _PART_ENDS.split(label.lower().replace("ё", "е")))
    return tuple(part for part in parts if part)


def _stems(text: str) -> tuple[str, ...]:
    return tuple(w[:_STEM] for w in _WORDS.findall(text) if w not in _SMALL and not w.startswith(_SAYS_NOTHING))


def _is_far(tokens: Tokens, f: Found) -> bool:
    """«проверка затяжки болтов крепления опор стрелы крана»: a name is about what it begins with."""
    i, between = f.hit.start, 0
    if i < _FAR:
        return False
    while i and tokens.gaps[i] == SOFT:
        i -= 1
        between += means(tokens.words[i]) and not tokens.words[i].startswith(KNOWING)
    return between >= _FAR


def _is_bought(tokens: Tokens, f: Found) -> bool:
    """«закупка морепродуктов», «закупка масел для ремонта станков»: who buys a thing does not work on it."""
    return _stands_behind(tokens, f.hit.start, _BOUGHT, _BOUGHT_WITHIN)


def _is_proved(tokens: Tokens, f: Found) -> bool:
    """«карта водителя»: a paper of those who do the work."""
    return _stands_behind(tokens, f.hit.start, _PROVED_BY, 1)


def _is_serviced(tokens: Tokens, f: Found) -> bool:
    """«обслуживание шлифовальных станков»: who services a machine does not grind."""
    return _stands_behind(tokens, f.hit.start, _SERVICED, _SERVICED_WITHIN)


def _stands_behind(tokens: Tokens, i: int, stems: tuple[str, ...], within: int) -> bool:
    least = max(0, i - within)
    while i > least and tokens.gaps[i] == SOFT and tokens.words[i - 1] not in _ALSO:
        i -= 1
        if tokens.words[i].startswith(stems):
            return True
    return False


def _is_of_a_thing(tokens: Tokens, f: Found) -> bool:
    """«аккуратная разводка плат», «адаптивное планирование»: how a thing is, and no trait of who makes it."""
    i = f.hit.end
    while i < len(tokens) and tokens.gaps[i] == SOFT and not tokens.words[i].startswith(_OF_MAN):
        if tokens.words[i] in _SMALL and tokens.words[i] not in _ALSO:
            return False
        if tokens.words[i] not in _ALSO and not tokens.words[i].endswith(_ADJECTIVES):
            return tokens.words[f.hit.start].endswith(_ADJECTIVES)
        i += 1
    return False


@cache
def is_other_name(form: Form) -> bool:
    """Whether a form shares with no part of the label of its entry all words, and is no abbreviation or Latin name."""
    text = form.alias.text
    if form.skill.kind not in _OWN_KINDS or form.alias.weak or text.isascii():
        return False
    if text.isupper() and len(text) < _ABBREVIATION:
        return False
    words = _WORDS.findall(text.lower().replace("ё", "е"))
    return not any(_is_said(part, words) for part in _parts(form.skill.label))


def _is_of_work(form: Form) -> bool:
    return form.skill.kind == "skill" and not form.alias.weak and not form.alias.text.isascii()


def _is_role(form: Form) -> bool:
    return form.skill.kind == "role"


def _is_on_machines(form: Form) -> bool:
    return form.alias.text.lower().endswith(("станки", "станок", "станках")) and "работы" in form.skill.label


def _is_one_word_of_man(form: Form) -> bool:
    return form.skill.kind == "soft" and " " not in form.alias.text


NO_PARTS: Final[tuple[Rule, ...]] = (
    Rule(_is_far, _is_of_work),
    Rule(_is_bought, _is_of_work),
    Rule(_is_proved, _is_role),
    Rule(_is_serviced, _is_on_machines),
    Rule(_is_of_a_thing, _is_one_word_of_man),
)
"""Rules for names that are listed, and for these alone."""


def without_parts(tokens: Tokens, chosen: list[Found]) -> list[Found]:
    """Leave out phrases of a listed name that stand for an entry by other words than its own, and not alone.

    «анализ защищённости» is another name of penetration testing; «анализ защищённости периметра» goes on and nowhere
    says so, and in «расстановка датчиков в литейном цехе» the shop is only where another thing is done.
    """
    if len(chosen) == 1 and chosen[0].hit.end == len(tokens):
        return chosen
    out: list[Found] = []
    last: Found | None = None
    for f in chosen:
        form = f.form
        if form is None or not is_other_name(form) or not _is_part(tokens, form, f, last):
            out.append(f)
        if form and form.skill.kind != "soft":
            last = f
    return out


def _is_part(tokens: Tokens, form: Form, f: Found, before: Found | None) -> bool:
    start, end = f.hit.start, f.hit.end
    if before and _is_behind(tokens, before, start):
        return not is_called(tokens, form, start, end)
    if end >= len(tokens) or tokens.gaps[end] != SOFT or tokens.words[end] in _ALSO:
        return False
    if tokens.slice(end, end + 1).istitle():
        return False  # the next item of a list without commas
    return _goes_on(tokens, end) and not is_called(tokens, form, start, end)


def _is_behind(tokens: Tokens, before: Found, start: int) -> bool:
    """Whether a phrase belongs to the one before it, and is no member of a row with it."""
    if before.hit.end > start or tokens.words[start - 1] in _ALSO:
        return False
    return all(tokens.gaps[i] == SOFT for i in range(before.hit.end, start + 1))

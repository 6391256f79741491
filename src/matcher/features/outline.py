"""The outline of a text: its sentences, and the sections that headings open.

A heading («Требования:», «Будет плюсом», «Мы предлагаем») sets the section of what follows until the next one.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Container
from typing import Final

from matcher.features.meanings import Cue, Hit
from matcher.features.text import CLOSE, COLON, DASH, END, OPEN, SOFT, Tokens

SILENT: Final = "silent"


_COMPANY: Final = frozenset(
    ["компания", "холдинг", "корпорация", "фирма", "агентство", "студия", "организация", "ооо", "ао", "пао", "оао", "зао",
     "производитель", "поставщик", "дистрибьютор", "сервис", "платформа", "провайдер", "интегратор", "лидер", "мы", "бюро", "завод", "предприятие"]
)  # fmt: skip
_OF_ITSELF: Final = frozenset(
    ["являться", "заниматься", "специализироваться", "оказывать", "предлагать", "лидер", "лидировать", "основать", "рынок",
     "крупный", "ведущий", "лидирующий", "производить", "выпускать", "поставлять", "обеспечивать", "создавать", "помогать",
     "разрабатывать", "развивать", "наш", "мы", "входить", "работать", "год", "аккредитовать", "аккредитованный"]
)  # fmt: skip
_SEEKING: Final = frozenset(
    ["искать", "требоваться", "приглашать", "нужный", "вакансия", "должность", "позиция", "разыскивать", "обязанность",
     "стажировка", "стажер", "соискатель", "кандидат", "предстоять", "поиск", "приглашаться", "ждать", "подбирать", "набирать",
     "важный", "качество"]
)  # fmt: skip


_YOU: Final = frozenset(
    ["ты", "вы", "твой", "ваш", "предстоять", "задача", "стек", "технология", "you", "your", "candidate", "candidates",
     "experience", "knowledge", "skills", "ability", "must", "need", "required", "responsible", "responsibilities"]
)  # fmt: skip
_DUTIES: Final = frozenset(
    ["участие", "ведение", "составление", "контроль", "осуществление", "подготовка", "обеспечение", "проведение",
     "выполнение", "организация", "разработка", "работа", "сопровождение", "анализ", "информирование", "помощь"]
)  # fmt: skip
"""What duties begin with, where no heading tells that they are duties."""
_ITEM: Final = re.compile(r"[•;]|(?:^|\n)\s*-\s")
"""What stands before an item of a list."""


_OFFERED: Final = frozenset({"предлагает", "предлагаем", "предлагают", "гарантирует", "гарантируем", "предоставляет"})
_OFFERED_WITHIN: Final = 5


class Span:
    """A sentence, without the heading it may begin with: word range, cues, section, and whether one was seen."""

    __slots__ = ("cues", "end", "has_heading", "section", "start")

    def __init__(
        self, start: int, end: int, cues: list[tuple[Hit, Cue]], section: str | None, has_heading: bool
    ) -> None:
        self.start = start
        self.end = end
        self.cues = cues
        self.section = section
        self.has_heading = has_heading


def break_at_capitals(tokens: Tokens, hits: list[Hit]) -> None:
    """«… с Git Опыт работы …»: a capital head word begins a sentence even where the stop is missing."""
    for hit in hits:
        i = hit.start
        if hit.meaning.is_break and i and tokens.gaps[i] == SOFT and tokens.is_capital(i) and " " in tokens.seps[i]:
            before = tokens.original[tokens.folded.original(tokens.starts[i - 1], tokens.ends[i - 1])[1] - 1]
            if not before.isupper():
                tokens.gaps[i] = END


def outline(tokens: Tokens, lemmas: list[str], hits: list[Hit], context: str | None) -> list[Span]:
    """The sentences of a text that say something of skills; those of silent sections are left out.

    A candidate promises no benefits, so nothing of a profile is silent. A vacancy that has headings tells of the
    company above the first of them.
    """
    rows = _sentences(tokens, hits)
    out: list[Span] = []
    section: str | None = None
    above = context == "vacancy"
    names_company = above and not _COMPANY.isdisjoint(lemmas)
    has_heading = speaks_of_company = is_listed = False
    roles = {h.start for h in hits if h.meaning.is_role} if above else set()
    has_any = any(row.heading is not None for row in rows)
    for row in rows:
        start, end, here, found = row.start, row.end, row.cues, row.heading
        if found and not (found[1] == SILENT and context == "candidate"):
            start, section = found
            has_heading, above = True, False
            here = [(h, c) for h, c in here if h.start >= start]
        else:
            of_company = names_company and _is_of_company(tokens, lemmas, start, end)
            speaks_of_company = above and (of_company or (speaks_of_company and has_any))
            is_listed = is_listed or (above and ":" in tokens.seps[start])
            is_blurb = above and has_any and not is_listed and not _speaks_to_you(tokens, lemmas, start, end, roles)
            # «компания по монтажу окон ищет сварщика»: what follows the search
            if of_company or speaks_of_company or is_blurb:
                start = _first_search(lemmas, start, end, here)
                here = [(h, c) for h, c in here if h.start >= start]
        if section != SILENT and start < end:
            here = [pair for pair in here if pair[1].kind != "section"] if here else here
            out.append(Span(start, end, here, section, has_heading))
    return out


class _Row:
    """Where a sentence begins and ends, its cues, and the heading that it begins with."""

    __slots__ = ("cues", "end", "heading", "start")

    def __init__(self, start: int, end: int, cues: list[tuple[Hit, Cue]], heading: tuple[int, str] | None) -> None:
        self.start = start
        self.end = end
        self.cues = cues
        self.heading = heading


def _sentences(tokens: Tokens, hits: list[Hit]) -> list[_Row]:
    """The sentences of a text."""
    cues = [(h, c) for h in hits for c in h.meaning.cues]
    names = [h.start for h in hits if h.meaning.forms]
    bounds = [i for i, g in enumerate(tokens.gaps) if g == END]
    bounds.append(len(tokens))
    has_colons = ":" in tokens.seps[-1] or any(":" in tokens.seps[i] for i in tokens.odd)
    rows: list[_Row] = []
    at = 0
    for k in range(1, len(bounds)):
        start, end = bounds[k - 1], bounds[k]
        first = at
        while at < len(cues) and cues[at][0].start < end:
            at += 1
        here = cues[first:at]
        opened = _offer(tokens, start, end) if has_colons else None
        if opened is None and here:
            opened = heading(tokens, start, end, here, names)
        rows.append(_Row(start, end, here, opened))
    return rows


def _is_of_company(tokens: Tokens, lemmas: list[str], start: int, end: int) -> bool:
    """«Ромашка — крупнейший оператор …», «Наша компания занимается …»: who speaks of itself."""
    said = lemmas[start:end]
    if _COMPANY.isdisjoint(said):
        return False
    return DASH in tokens.gaps[start + 1 : end] or not _OF_ITSELF.isdisjoint(said)


def _speaks_to_you(tokens: Tokens, lemmas: list[str], start: int, end: int, roles: Container[int]) -> bool:
    """Whether a sentence above the headings is an item of a list, speaks to the reader, or begins as duties do."""
    if start in roles or lemmas[start] in _DUTIES or _ITEM.search(tokens.seps[start]):
        return True
    return not _YOU.isdisjoint(lemmas[start:end])


def _first_search(lemmas: list[str], start: int, end: int, cues: list[tuple[Hit, Cue]]) -> int:
    """Where a sentence begins to speak of the person sought; its end where it does not."""
    places = [h.start for h, c in cues if c.kind in {"head", "tier"}]
    places += [i for i in range(start, end) if lemmas[i] in _SEEKING]
    return min(places, default=end)


def _offer(tokens: Tokens, start: int, end: int) -> tuple[int, str] | None:
    """«#Ромашка предлагает:» opens what the company gives, whoever it is."""
    for i in range(start, min(start + _OFFERED_WITHIN, end)):
        if ":" in tokens.seps[i + 1] and tokens.words[i] in _OFFERED:
            return i + 1, SILENT
    return None


def heading(
    tokens: Tokens, start: int, end: int, cues: list[tuple[Hit, Cue]], names: list[int]
) -> tuple[int, str] | None:
    """Where the text after a heading begins, and which section it opens.

    What stands between the heading's words and its colon belongs to it («Требования к кандидату:»), unless it names
    something («Опыт работы с ПЛК: Siemens, Овен»); ``names`` are the places of names.
    """
    for hit, cue in cues:
        if cue.kind != "section":
            continue
        if hit.start > start and not all(tokens.words[i].isdigit() for i in range(start, hit.start)):
            return None
        if any(c.kind == "tier" and h.start < hit.start for h, c in cues):
            return None
        if hit.end >= end:
            return hit.end, cue.value
        gap = tokens.gaps[hit.end]
        if (
            gap == COLON
            or (gap == DASH and cue.value != "nice")
            or (gap in (OPEN, CLOSE) and ":" in tokens.seps[hit.end])
        ):
            return hit.end, cue.value
        colon = next((i for i in range(hit.end, min(hit.end + 4, end)) if tokens.gaps[i] == COLON), None)
        if colon is not None and hit.start == start:
            at = bisect_left(names, hit.end)
            return None if at < len(names) and names[at] < colon else (colon, cue.value)
        if tokens.is_capital(hit.end) and tokens.is_capital(hit.start) and hit.start == start:
            return hit.end, cue.value
        if cue.value == "silent" and hit.start == start and hit.end - hit.start > 1:
            return hit.end, cue.value
        return None
    return None

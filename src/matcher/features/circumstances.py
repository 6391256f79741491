"""When, where and by which papers a thing is done: names that only say the circumstances of another one."""

from __future__ import annotations

from functools import cache
from typing import Final

from matcher.features.found import Found, Rule
from matcher.features.meanings import Form
from matcher.features.text import SOFT, Tokens
from matcher.taxonomy import read_resource

_AFTER: Final = frozenset({"после", "перед"})
_ENDS: Final = frozenset(["окончании", "окончанию", "завершении", "завершению"])
_TIME_WITHIN: Final = 4
_PAPER_WITHIN: Final = 4
_PAPERS: Final[tuple[str, ...]] = (
    "документац",
    "чертеж",
    "техническое задание",
    "технические задания",
    "технологическ",
    "инструкц",
    "табел",
)
_WITH: Final = frozenset({"с", "со"})
_PLACES: Final[tuple[str, ...]] = ("скважин", "устье")
_DONE: Final[tuple[str, ...]] = tuple(
    stem + ending
    for stem in ("ем", "им", "нн")
    for ending in ("ый", "ого", "ому", "ым", "ом", "ая", "ой", "ую", "ое", "ые", "ых", "ыми")
)
_AS_WRITTEN: Final = frozenset(["phrase", "shared_tail"])
_BEHIND_FUNDS: Final = frozenset(["и", "или", "в", "на", "по", "организации", "предприятия", "компании", "фирмы"])
_AREAS: Final[tuple[str, ...]] = ("област", "зон", "сфер")


def _is_when(tokens: Tokens, f: Found) -> bool:
    """«замена ламп по окончании работ на скважине», «осмотр лебёдки перед буровыми работами»: only the time."""
    i = f.hit.start
    for k in range(i - 1, max(-1, i - 1 - _TIME_WITHIN), -1):
        if tokens.gaps[k + 1] != SOFT:
            return False
        if tokens.words[k] in _AFTER or (tokens.words[k] in _ENDS and k and tokens.words[k - 1] == "по"):
            return True
    return False


def _is_where(tokens: Tokens, f: Found) -> bool:
    """«установка видеокамер на скважине»: only the place."""
    i = f.hit.start
    return i > 1 and tokens.words[i - 1] == "на" and tokens.gaps[i] == SOFT


def _is_given(tokens: Tokens, f: Found) -> bool:
    """«фрезеровать пазы в соответствии с чертежом»: a paper one goes by, and does not write."""
    i = f.hit.start
    for k in range(i - 1, max(1, i - 1 - _PAPER_WITHIN), -1):
        if tokens.gaps[k + 1] != SOFT:
            return False
        if tokens.words[k] == "согласно" or (
            tokens.words[k] in _WITH and tokens.words[k - 1].startswith("соответстви")
        ):
            return True
    return False


def _is_done_to(tokens: Tokens, f: Found) -> bool:
    """«схема обслуживаемого оборудования», «настроенные станки»: a thing that work is done to, and not the work."""
    return f.hit.end - f.hit.start > 1 and f.rule in _AS_WRITTEN and tokens.words[f.hit.start].endswith(_DONE)


def _is_in_respect(tokens: Tokens, f: Found) -> bool:
    """«расти в финансовом плане»: in that respect, nobody plans."""
    i, end = f.hit.start, f.hit.end
    return tokens.words[end - 1] == "плане" and i > 0 and tokens.words[i - 1] == "в"


def _is_main_means(tokens: Tokens, f: Found) -> bool:
    """«основные средства автоматизации учёта»: the chief means of something, no fixed assets."""
    end = f.hit.end
    return end < len(tokens) and tokens.gaps[end] == SOFT and tokens.words[end] not in _BEHIND_FUNDS


def _is_charge(tokens: Tokens, f: Found) -> bool:
    """«объекты в области ответственности отдела»: what one is in charge of, no trait."""
    i = f.hit.start
    return i > 1 and tokens.words[i - 1].startswith(_AREAS) and tokens.words[i - 2] in ("в", "из")


@cache
def _doings() -> frozenset[str]:
    """Nouns of work that stand for their verbs too, and so for the participles of these."""
    return frozenset(row["noun"] for row in read_resource("verbs.csv"))


def _is_paper(form: Form) -> bool:
    return any(paper in form.alias.text.lower().replace("ё", "е") for paper in _PAPERS)


def _is_doing(form: Form) -> bool:
    words = form.alias.text.lower().split()
    return len(words) > 1 and words[0] in _doings()


CIRCUMSTANCES: Final[tuple[Rule, ...]] = (
    Rule(_is_when, words=_AFTER | _ENDS),
    Rule(_is_where, lambda form: form.alias.text.lower().startswith(_PLACES)),
    Rule(_is_given, _is_paper),
    Rule(_is_done_to, _is_doing),
    Rule(_is_in_respect, lambda form: form.alias.text.lower().endswith("план")),
    Rule(_is_main_means, lambda form: form.alias.text.lower() == "основные средства"),
    Rule(_is_charge, lambda form: form.alias.text.lower() == "ответственность"),
)
"""Rules that drop a name which only says when, where or by what another thing is done."""

"""What one text tells of a candidate: its facts, its content words, and mentions that speak of the whole profile."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from matcher.features.lexicon import word_of
from matcher.features.permits import DRIVING, ELECTRICAL, TRACTOR
from matcher.features.recent import LONGEST_REMEMBERED
from matcher.features.skills import Reader
from matcher.features.text import tokenize
from matcher.features.typed import CEFR
from matcher.records import Evidence, Fact, Mention, new_evidence, new_fact

CEFR_RANK: Final = {name: i + 1 for i, name in enumerate(CEFR)}
DECLARED: Final = frozenset({"grade", "licence", "permit"})
_OF_THE_WHOLE: Final = frozenset({"experience", "education"})
_STOP: Final = frozenset(
    [
        "и",
        "в",
        "на",
        "с",
        "по",
        "к",
        "у",
        "о",
        "от",
        "до",
        "для",
        "из",
        "при",
        "за",
        "под",
        "над",
        "со",
        "во",
        "об",
        "а",
        "но",
        "или",
        "либо",
        "не",
        "ни",
        "как",
        "что",
        "это",
        "быть",
        "мы",
        "вы",
        "наш",
        "ваш",
        "свой",
        "он",
        "она",
        "они",
        "его",
        "ее",
        "их",
        "который",
        "также",
        "так",
        "же",
        "бы",
        "если",
        "то",
        "все",
        "весь",
        "работа",
        "опыт",
        "год",
        "г",
        "the",
        "a",
        "an",
        "of",
        "and",
        "in",
        "to",
        "for",
        "with",
        "or",
        "on",
        "at",
        "is",
        "are",
        "be",
        "as",
        "by",
        "we",
        "you",
        "our",
        "your",
    ]
)


class Told:
    """What a text tells.

    Attributes
    ----------
    facts : list of Fact
    words : list of str
        Its content lemmas.
    loose : list of Mention
        Experience and education, of which a profile has one each.
    """

    __slots__ = ("facts", "loose", "words")

    def __init__(self, facts: list[Fact], words: list[str], loose: list[Mention]) -> None:
        self.facts = facts
        self.words = words
        self.loose = loose


def told_by(text: str, column: str, context: str, reader: Reader) -> Told:
    """What a text of a column tells; short ones, as most skills are, are worked out once."""
    if len(text) > LONGEST_REMEMBERED:
        return _told_by(text, column, context, reader)
    known: Told | None = reader.told.get((text, column))
    if known is None:
        known = _told_by(text, column, context, reader)
        reader.told.keep((text, column), known)
    return known


def _told_by(text: str, column: str, context: str, reader: Reader) -> Told:
    mentions, words = reader.read_with_words(text, context)
    facts: list[Fact] = []
    for m in mentions:
        facts += facts_of(m, column)
    return Told(facts, content(words), [m for m in mentions if m.kind in _OF_THE_WHOLE])


def lemmas(text: str) -> list[str]:
    """Content lemmas of a text, for the text criterion.

    >>> lemmas("Опыт работы токарем на станках")
    ['токарь', 'станок']
    """
    return content([word_of(w).lemma for w in tokenize(text).words])


def content(words: Iterable[str]) -> list[str]:
    """Lemmas without function words and single letters."""
    return [w for w in words if w not in _STOP and (len(w) > 1 or w.isdigit())]


_LISTS: Final = frozenset({"skills", "certificates"})


def facts_of(m: Mention, column: str) -> list[Fact]:
    """A mention as facts; wishes are none."""
    if m.stance == "wish":
        return []
    kind = "implied" if m.rule == "implied" else "listed" if column in _LISTS else column
    where = new_evidence(column, m.text, m.start, m.end, m.rule)
    if m.kind in DECLARED and (m.value or m.skill in (DRIVING, ELECTRICAL)):
        return list(licence_facts(m, kind, where))
    skill, negated = m.skill, m.negated
    if skill is None:
        if m.rule != "unknown-item":
            return []
        return [new_fact(phrase_key(m.text), 1.0, None, None, negated, kind, where)]
    if m.kind == "language":
        rank = CEFR_RANK.get(m.value.get("cefr", ""))
        return [new_fact(f"language:{skill.partition('.')[2]}", m.confidence, None, rank, negated, kind, where)]
    key = f"role:{skill}" if m.kind == "role" else f"skill:{skill}"
    return [new_fact(key, m.confidence, m.level, None, negated, kind, where)]


def phrase_key(text: str) -> str:
    """Key of a skill phrase that the taxonomy does not know: its sorted lemmas."""
    return "phrase:" + " ".join(sorted(set(lemmas(text)) or {text.lower()[:80]}))


def licence_facts(m: Mention, kind: str, where: Evidence) -> Iterator[Fact]:
    """Driving categories, electrical group and grade of a mention, one fact each."""
    value = m.value
    family = "tractor" if m.skill == TRACTOR else "driver"
    for category in value.get("categories", ()):
        yield Fact(f"licence:{family}.{category}", m.confidence, None, 1, m.negated, kind, where)
    if "group" in value:
        yield Fact("licence:electrical", m.confidence, None, value["group"], m.negated, kind, where)
    low = value.get("grade", value.get("grade_min"))
    if low is not None:
        yield Fact("licence:grade", m.confidence, None, value.get("grade_max", low), m.negated, kind, where)
    if m.skill == DRIVING and not value.get("categories"):
        yield Fact("licence:driver", m.confidence, None, 1, m.negated, kind, where)

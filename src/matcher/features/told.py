"""What one text tells of a candidate: its facts, its content words, and mentions that speak of the whole profile."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from matcher.features.experience import experience, worked
from matcher.features.lawful import unlawful
from matcher.features.lexicon import says_something, word_of
from matcher.features.permits import DRIVING, ELECTRICAL, TRACTOR, driving, electrical_group, grade
from matcher.features.recent import LONGEST_REMEMBERED, Recent
from matcher.features.skills import Reader
from matcher.features.text import tokenize
from matcher.features.trace import Steps
from matcher.features.typed import CEFR, bits_of, education
from matcher.records import Evidence, Fact, Mention, new_evidence, new_fact

CEFR_RANK: Final = {name: i + 1 for i, name in enumerate(CEFR)}
DECLARED: Final = frozenset({"grade", "licence", "permit"})
_OF_THE_WHOLE: Final = frozenset({"experience", "education"})
OF_EXPERIENCE: Final = bits_of(experience, worked)
OF_EDUCATION: Final = bits_of(education)
_ASKED: Final = OF_EXPERIENCE | OF_EDUCATION | bits_of(grade, electrical_group, driving, unlawful)
"""Rules of typed facts that a profile has a use for; what is unlawful is no skill."""


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


def told_by(
    texts: Sequence[str], column: str, context: str, reader: Reader, known_otherwise: Sequence[int] = ()
) -> list[Told]:
    """What each text of a column tells; short ones, as most skills are, are worked out once.

    ``known_otherwise`` are for each text the rules of typed facts that need not be tried, since a column of its row
    tells what they would find; short texts are tried by all.
    """
    recent = reader.told.get(column)
    if recent is None:
        recent = reader.told[column] = Recent()

    def work_out(asked: list[str], places: list[int]) -> list[Told]:
        rules = [_ASKED] * len(asked)
        for n, i in enumerate(places):
            if known_otherwise and len(asked[n]) > LONGEST_REMEMBERED:
                rules[n] &= ~known_otherwise[i]
        return [_told_by(steps, column) for steps in reader.steps_of(asked, context, rules)]

    return recent.answers(texts, work_out)


def _told_by(steps: Steps, column: str) -> Told:
    facts: list[Fact] = []
    loose: list[Mention] = []
    for m in steps.mentions:
        _add_facts(m, column, facts)
        if m.kind in _OF_THE_WHOLE:
            loose.append(m)
    return Told(facts, [key.lemma for key in steps.keys.rows if key.is_told], loose)


def lemmas(text: str) -> list[str]:
    """Content lemmas of a text, for the text criterion.

    >>> lemmas("Опыт работы токарем на станках")
    ['токарь', 'станок']
    """
    return content([word_of(w).lemma for w in tokenize(text).words])


def content(words: Iterable[str]) -> list[str]:
    """Lemmas without function words and single letters."""
    return [w for w in words if says_something(w)]


_LISTS: Final = frozenset({"skills", "certificates"})


def _add_facts(m: Mention, column: str, out: list[Fact]) -> None:
    """A mention as facts; wishes are none."""
    skill = m.skill
    if m.stance == "wish":
        return
    is_declared = m.kind in DECLARED and (bool(m.value) or skill in (DRIVING, ELECTRICAL))
    if skill is None and not is_declared and m.rule != "unknown-item":
        return
    kind = "implied" if m.rule == "implied" else "listed" if column in _LISTS else column
    where = new_evidence(column, m.text, m.start, m.end, m.rule)
    negated = m.stance != "claimed"
    if is_declared:
        out += licence_facts(m, kind, where)
    elif skill is None:
        out.append(new_fact(phrase_key(m.text), 1.0, None, None, negated, kind, where))
    elif m.kind == "language":
        rank = CEFR_RANK.get(m.value.get("cefr", ""))
        out.append(new_fact("language:" + skill.partition(".")[2], m.confidence, None, rank, negated, kind, where))
    else:
        key = "role:" + skill if m.kind == "role" else "skill:" + skill
        out.append(new_fact(key, m.confidence, m.level, None, negated, kind, where))


def phrase_key(text: str) -> str:
    """Key of a skill phrase that the taxonomy does not know: its sorted lemmas."""
    return "phrase:" + " ".join(sorted(set(lemmas(text)) or {text.lower()[:80]}))


def licence_facts(m: Mention, kind: str, where: Evidence) -> list[Fact]:
    """Driving categories, electrical group and grade of a mention, one fact each."""
    value = m.value
    negated = m.stance != "claimed"
    family = "tractor" if m.skill == TRACTOR else "driver"
    out = [
        new_fact(f"licence:{family}.{category}", m.confidence, None, 1, negated, kind, where)
        for category in value.get("categories", ())
    ]
    if "group" in value:
        out.append(new_fact("licence:electrical", m.confidence, None, value["group"], negated, kind, where))
    low = value.get("grade", value.get("grade_min"))
    if low is not None:
        most = value.get("grade_max", low)
        out.append(new_fact("licence:grade", m.confidence, None, most, negated, kind, where))
    if m.skill == DRIVING and not value.get("categories"):
        out.append(new_fact("licence:driver", m.confidence, None, 1, negated, kind, where))
    return out

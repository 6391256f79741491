"""From records to what is known: facts of a candidate, requirements of a vacancy. No weights here.

A typed column wins over what was read from text; both keep where they were read.
"""

from __future__ import annotations

import copyreg
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from matcher.features.programmes import Programmes
from matcher.features.skills import Reader
from matcher.features.told import CEFR_RANK, OF_EDUCATION, OF_EXPERIENCE, Told, told_by
from matcher.records import Candidate, Evidence, Fact, Mention, as_call, new_evidence, new_fact

_TYPED_LANGUAGE: Final = re.compile(r"^\s*([a-zA-Z]{2,3})\s*(?::\s*([A-Ca-cАВСавс][12])\+?)?\s*$")
_TYPED_LICENCE: Final = re.compile(r"^\s*([a-zA-Z_.]+)\s*(?::\s*(.+?))?\s*$")
_CODE: Final = str.maketrans("АВСавс", "ABCabc")


@dataclass(frozen=True, slots=True)
class Profile:
    """Everything read from one candidate."""

    record: Candidate
    facts: tuple[Fact, ...]
    words: tuple[str, ...]
    title_words: tuple[str, ...]
    n_claimed: int
    experience_months: int | None = None
    experience_evidence: Evidence | None = None
    education_level: str | None = None
    negated: frozenset[str] = frozenset()

    @property
    def is_empty(self) -> bool:
        """Nothing known: no fact and no word."""
        return not (self.facts or self.words or self.experience_months is not None or self.education_level)


copyreg.pickle(Profile, as_call)


_STEPS: Final = frozenset(
    [
        "стажер",
        "стажировка",
        "практика",
        "практикант",
        "интерн",
        "intern",
        "internship",
        "trainee",
        "junior",
        "джуниор",
        "джун",
        "middle",
        "мидл",
        "senior",
        "младший",
        "старший",
        "ведущий",
        "главный",
        "начинающий",
    ]
)


def title_content(words: Iterable[str]) -> tuple[str, ...]:
    """Words of a title without the steps of a career: «стажёр» says nothing of the trade."""
    words = tuple(words)
    return tuple(w for w in words if w not in _STEPS) or words


# ---------------------------------------------------------------- candidates


def profiles_of(records: Sequence[Candidate], reader: Reader, programmes: Programmes) -> list[Profile]:
    """Read candidates: typed columns, skills as typed, wished title, text, programme.

    A few dozen at once are read soonest, see :meth:`Reader.steps_of`.
    """
    skills = told_by([text for c in records for text in c.skills], "skills", "skills", reader)
    certificates = told_by([text for c in records for text in c.certificates], "certificates", "skills", reader)
    titles = told_by([c.title or "" for c in records], "title", "title", reader)
    texts = told_by(
        [c.text or "" for c in records], "text", "candidate", reader, [_known_otherwise(c) for c in records]
    )
    rows: list[_Read] = []
    n_skills = n_certificates = 0
    for i, c in enumerate(records):
        row = _Read(c, titles[i].words)
        row.add("skills", skills[n_skills : n_skills + len(c.skills)])
        row.add("certificates", certificates[n_certificates : n_certificates + len(c.certificates)])
        row.add("title", titles[i : i + 1])
        row.add("text", texts[i : i + 1])
        row.facts += typed_languages(c.languages)
        row.facts += _typed_licences(c.licences)
        rows.append(row)
        n_skills += len(c.skills)
        n_certificates += len(c.certificates)
    return [_profile(row, programmes) for row in rows]


def _known_otherwise(c: Candidate) -> int:
    """The rules of typed facts whose answers the columns of a candidate tell."""
    return (OF_EXPERIENCE if c.experience_months is not None else 0) | (OF_EDUCATION if c.education_level else 0)


class _Read:
    """What the texts and lists of one candidate tell."""

    __slots__ = ("facts", "loose", "record", "title_words", "words")

    def __init__(self, record: Candidate, title_words: list[str]) -> None:
        self.record = record
        self.title_words = title_words
        self.facts: list[Fact] = []
        self.loose: list[tuple[str, Mention]] = []
        self.words: list[str] = []

    def add(self, column: str, told: list[Told]) -> None:
        """Add what texts of a column tell."""
        for t in told:
            self.words += t.words
            self.facts += t.facts
            if t.loose:
                self.loose += [(column, m) for m in t.loose]


def _profile(row: _Read, programmes: Programmes) -> Profile:
    """A candidate with what his programmes and skills speak for."""
    c, facts = row.record, row.facts
    # a programme claims and denies nothing, and no role follows from its skills
    n_claimed, negated = _n_claimed(facts, len(c.skills)), frozenset([f.key for f in facts if f.negated])
    inferred = [] if _tells_role(facts) else _inferred_roles(facts, programmes)
    for code in c.education_code:
        facts += programmes.facts_of(code)
    facts += inferred
    months, months_from = experience_of(c.experience_months, row.loose, "experience_months")
    return Profile(
        c, tuple(facts), tuple(row.words), title_content(row.title_words), n_claimed, months, months_from,
        education_of(c.education_level, row.loose), negated,
    )  # fmt: skip


def joined(p: Profile, more: Sequence[Profile], programmes: Programmes) -> Profile:
    """A profile with the skills of others listed beside its own, and the roles that follow from them all.

    What is brought is not denied any more, and where no role is told, one is inferred anew.
    """
    brought = [f for other in more for f in other.facts if f.kind != "inferred_role"]
    keys = {f.key for f in brought}
    facts = [f for f in p.facts if f.kind != "inferred_role" and not (f.negated and f.key in keys)]
    facts += brought
    if not _tells_role(facts):
        facts += _inferred_roles(facts, programmes)
    words = (*p.words, *(w for other in more for w in other.words))
    n_listed = len(p.record.skills) + sum(len(other.record.skills) for other in more)
    return replace(
        p, facts=tuple(facts), words=words, n_claimed=_n_claimed(facts, n_listed),
        negated=frozenset(f.key for f in facts if f.negated),
    )  # fmt: skip


def _n_claimed(facts: list[Fact], n_listed: int) -> int:
    """How many skills a profile claims: the items of its list, or the distinct ones of list and texts if more."""
    told: set[str] = set()
    for f in facts:
        if f.kind in ("listed", "text") and f.key.startswith(("skill:", "phrase:")):
            told.add(f.key)
    return max(n_listed, len(told))


def typed_languages(items: Iterable[str]) -> Iterator[Fact]:
    """``en:B2`` of the languages column; what does not look so is left out."""
    for item in items:
        m = _TYPED_LANGUAGE.match(item)
        if m:
            rank = CEFR_RANK.get((m[2] or "").translate(_CODE).upper())
            yield Fact(f"language:{m[1].lower()}", 1.0, None, rank, False, "listed", Evidence("languages", item))


def licence_key(item: str) -> list[tuple[str, float | None]]:
    """Keys and values of a typed licence: ``driver:B``, ``electrical:3``, ``grade.turner:4``.

    >>> licence_key("driver:B,C"), licence_key("grade.turner:4")
    ([('licence:driver.B', 1.0), ('licence:driver.C', 1.0)], [('licence:grade.turner', 4.0)])
    """
    m = _TYPED_LICENCE.match(item)
    if not m:
        return [(f"licence:{item.strip().lower()}", 1.0)]
    name, raw = m[1].lower(), (m[2] or "").strip()
    if name in {"driver", "tractor"} and raw:
        return [
            (f"licence:{name}.{c.strip().translate(_CODE).upper()}", 1.0) for c in re.split(r"[,/ ]+", raw) if c.strip()
        ]
    number = re.search(r"\d+", raw)
    return [(f"licence:{name}", float(number[0]) if number else 1.0)]


def _typed_licences(items: Iterable[str]) -> Iterator[Fact]:
    for item in items:
        for key, value in licence_key(item):
            yield Fact(key, 1.0, None, value, False, "listed", Evidence("licences", item))


def _tells_role(facts: list[Fact]) -> bool:
    """Whether a title or a text tells a role."""
    return any(f.kind in ("text", "title") and f.key.startswith("role:") for f in facts)


def _inferred_roles(facts: list[Fact], programmes: Programmes) -> list[Fact]:
    """Roles whose typical skills the candidate has, where no role is told."""
    skills: dict[str, float] = {}
    for f in facts:
        if not f.negated and f.kind != "programme" and f.key.startswith("skill:"):
            skills[f.key[6:]] = f.strength
    where = new_evidence("skills", "", 0, 0, "typical-skills")
    return [
        new_fact(f"role:{role}", strength, None, None, False, "inferred_role", where)
        for role, strength in programmes.roles_from_skills(skills)
    ]


def experience_of(
    typed_months: int | None, loose: Sequence[tuple[str, Mention]], column: str
) -> tuple[int | None, Evidence | None]:
    """Months of experience: the typed column, else the longest told in a text, and where it stands."""
    if typed_months is not None:
        return typed_months, new_evidence(column, str(typed_months), 0, 0, "typed")
    best: tuple[int, Evidence] | None = None
    for where, m in loose:
        if m.kind == "experience" and "months_min" in m.value and (best is None or m.value["months_min"] > best[0]):
            best = (int(m.value["months_min"]), Evidence(where, m.text, m.start, m.end, m.rule))
    return best or (None, None)


def education_of(typed_level: str | None, loose: Sequence[tuple[str, Mention]]) -> str | None:
    """Education level: the typed column, else the first told in a text."""
    if typed_level:
        return typed_level
    levels = [m.value["education_level"] for _, m in loose if m.kind == "education" and "education_level" in m.value]
    return levels[0] if levels else None


# ---------------------------------------------------------------- vacancies

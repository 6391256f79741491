"""What a vacancy asks: its requirements, read from typed columns, skill lists, title and text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from matcher.features.facts import (
    education_of,
    experience_of,
    licence_key,
    title_content,
    typed_languages,
)
from matcher.features.permits import DRIVING, ELECTRICAL
from matcher.features.skills import Reader
from matcher.features.told import CEFR_RANK, DECLARED, content, licence_facts, phrase_key
from matcher.records import Evidence, Fact, Mention, Requirement, Vacancy


@dataclass(frozen=True, slots=True)
class Request:
    """Everything read from one vacancy."""

    record: Vacancy
    requirements: tuple[Requirement, ...]
    words: tuple[str, ...]
    title_words: tuple[str, ...]
    experience_months_min: int | None = None
    experience_evidence: Evidence | None = None
    education_level: str | None = None

    @property
    def is_empty(self) -> bool:
        """No requirement and no word even in its title."""
        return not (self.requirements or self.words or self.title_words)


_LISTED = ("dealbreakers", "must_skills", "nice_skills")
"""Columns of listed skills, in the order in which they are read."""
_TIERS = {"dealbreakers": "must", "must_skills": "must", "nice_skills": "nice", "title": "title"}
"""The tier of what a column asks; a text tells it itself."""
_TIER_RANK = {"must": 3, "title": 2, "mentioned": 1, "nice": 0}


_Read = tuple[list[Mention], list[str]]
"""What a text tells: its mentions, and its lemmas."""


def requests_of(records: Sequence[Vacancy], reader: Reader) -> list[Request]:
    """Read vacancies: typed columns, must and nice lists, title, text; doubles and ancestors dropped.

    A few dozen at once are read soonest, see :meth:`Reader.steps_of`.
    """
    listed = [[(column, text) for column in _LISTED for text in getattr(v, column)] for v in records]
    items = iter(reader.read_with_words([text for row in listed for _, text in row], "skills"))
    titles = reader.read_with_words([v.title or "" for v in records], "title")
    texts = reader.read_with_words([v.text or "" for v in records], "vacancy")
    return [
        _request(v, [*((column, next(items)) for column, _ in row), ("title", title), ("text", text)], reader)
        for v, row, title, text in zip(records, listed, titles, texts, strict=True)
    ]


def _request(v: Vacancy, sources: list[tuple[str, _Read]], reader: Reader) -> Request:
    """A vacancy by what its texts tell, each with its column."""
    found: dict[str, Requirement] = {}
    loose: list[tuple[str, Mention]] = []
    words: list[str] = []
    title_words: tuple[str, ...] = ()
    for column, (mentions, lemmas_) in sources:
        read = content(lemmas_)
        words += read
        title_words = title_content(read) if column == "title" else title_words
        for m in mentions:
            if not m.negated:
                loose.append((column, m))
                for r in _requirements_of(m, column, _TIERS.get(column)):
                    _keep(found, r)
    for r in (*_typed_language_requirements(v), *_typed_licence_requirements(v)):
        if r.key not in found or not found[r.key].is_dealbreaker:
            found[r.key] = r
    requirements = _without_ancestors(list(found.values()), reader)
    months, months_from = experience_of(v.experience_months_min, loose, "experience_months_min")
    return Request(v, tuple(requirements), tuple(words), title_words, months, months_from, education_of(None, loose))


def _requirements_of(m: Mention, column: str, tier: str | None) -> Iterator[Requirement]:
    tier = tier or m.tier or "mentioned"
    where = Evidence(column, m.text, m.start, m.end, m.rule)
    if m.kind in DECLARED and (m.value or m.skill in {DRIVING, ELECTRICAL}):
        for f in licence_facts(m, "text", where):
            yield Requirement(f.key, "licences", m.label, tier, None, _lowest(m, f), (), m.confidence, where)
    elif m.kind == "language" and m.skill:
        rank = CEFR_RANK.get(m.value.get("cefr", ""))
        yield Requirement(
            f"language:{m.skill.partition('.')[2]}", "languages", m.label, tier, None, rank, (), m.confidence, where
        )
    elif m.kind == "role" and m.skill:
        if column == "title":
            yield Requirement(f"role:{m.skill}", "role", m.label, tier, m.level, None, (), m.confidence, where)
    elif m.skill:
        members = tuple(sorted(m.value.get("any_of", ())))
        key = "any:" + "|".join(members) if len(members) > 1 else f"skill:{m.skill}"
        yield Requirement(key, "skills", m.label, tier, m.level, None, members, m.confidence, where)
    elif m.rule == "unknown-item":
        yield Requirement(phrase_key(m.text), "skills", m.text.strip(), tier, None, None, (), 0.5, where)


def _lowest(m: Mention, f: Fact) -> float | None:
    low = m.value.get("grade_min", m.value.get("grade"))
    return float(low) if low is not None and f.key == "licence:grade" else f.value


def _keep(found: dict[str, Requirement], r: Requirement) -> None:
    """Of two requirements with one key: a dealbreaker wins, then a typed list over text, then the stronger tier, level, and the earlier."""
    old = found.get(r.key)
    if old is not None and old.evidence.column in _LISTED and (old.is_dealbreaker or r.evidence.column not in _LISTED):
        return
    if old is None or (_TIER_RANK[r.tier], r.level or 0, r.value or 0) > (
        _TIER_RANK[old.tier],
        old.level or 0,
        old.value or 0,
    ):
        found[r.key] = r


def _typed_language_requirements(v: Vacancy) -> Iterator[Requirement]:
    for f in typed_languages(v.languages):
        yield Requirement(
            f.key, "languages", f.evidence.text, "must", None, f.value, (), 1.0, Evidence("languages", f.evidence.text)
        )


def _typed_licence_requirements(v: Vacancy) -> Iterator[Requirement]:
    for item in v.licences:
        for key, value in licence_key(item):
            yield Requirement(key, "licences", item, "must", None, value, (), 1.0, Evidence("licences", item))


def _without_ancestors(requirements: list[Requirement], reader: Reader) -> list[Requirement]:
    """Drop what is broader than something asked for at least as strongly, and members of an any-of group named apart.

    A must C++ stays beside a nice Qt: who has C++ alone meets the must.
    """
    broader: dict[str, int] = {}
    for r in requirements:
        if r.criterion == "skills":
            for s in r.any_of or (r.key.partition(":")[2],):
                for a in reader.taxonomy.ancestors.get(s, ()):
                    broader[a] = max(_TIER_RANK[r.tier], broader.get(a, -1))
    grouped = {s for r in requirements for s in r.any_of}
    roles = {r.key.partition(":")[2] for r in requirements if r.criterion == "role"}
    broader_roles = {a for s in roles for a in reader.taxonomy.ancestors.get(s, ())}
    out = []
    for r in requirements:
        name = r.key.partition(":")[2]
        if (
            r.criterion == "skills"
            and not r.is_dealbreaker
            and not r.any_of
            and (_TIER_RANK[r.tier] <= broader.get(name, -1) or name in grouped)
        ):
            continue
        if r.criterion == "role" and name in broader_roles:
            continue
        out.append(r)
    return sorted(out, key=lambda r: r.key)

"""From records to what is known: facts of a candidate, requirements of a vacancy. No weights here.

A typed column wins over what was read from text; both keep where they were read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from matcher.features.programmes import Programmes
from matcher.features.skills import Reader
from matcher.features.text import tokenize, word_of
from matcher.features.typed import CEFR, DRIVING, ELECTRICAL
from matcher.records import Candidate, Evidence, Fact, Mention, Requirement, Vacancy

_CEFR_RANK = {name: i + 1 for i, name in enumerate(CEFR)}
_TYPED_LANGUAGE = re.compile(r"^\s*([a-zA-Z]{2,3})\s*(?::\s*([A-Ca-cАВСавс][12])\+?)?\s*$")
_TYPED_LICENCE = re.compile(r"^\s*([a-zA-Z_.]+)\s*(?::\s*(.+?))?\s*$")
_CODE = str.maketrans("АВСавс", "ABCabc")
_STOP = frozenset(
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
_DECLARED = frozenset({"grade", "licence", "permit"})


@dataclass(frozen=True, slots=True)
class Profile:
    """Everything read from one candidate."""

    record: Candidate
    facts: tuple[Fact, ...]
    words: tuple[str, ...]
    title_words: tuple[str, ...]
    n_listed: int
    experience_months: int | None = None
    experience_evidence: Evidence | None = None
    education_level: str | None = None
    negated: frozenset[str] = frozenset()

    @property
    def is_empty(self) -> bool:
        """Nothing known: no fact and no word."""
        return not (self.facts or self.words or self.experience_months is not None or self.education_level)


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


def lemmas(text: str) -> list[str]:
    """Content lemmas of a text, for the text criterion.

    >>> lemmas("Опыт работы токарем на станках")
    ['токарь', 'станок']
    """
    return content([word_of(w).lemma for w in tokenize(text).words])


def content(words: Iterable[str]) -> list[str]:
    """Lemmas without function words and single letters."""
    return [w for w in words if w not in _STOP and (len(w) > 1 or w.isdigit())]


@dataclass(slots=True)
class _Gathered:
    facts: list[Fact] = field(default_factory=list)
    mentions: list[tuple[str, Mention]] = field(default_factory=list)


# ---------------------------------------------------------------- candidates


def profile_of(c: Candidate, reader: Reader, programmes: Programmes) -> Profile:
    """Read one candidate: typed columns, skills as typed, wished title, text, programme."""
    facts: list[Fact] = []
    loose: list[tuple[str, Mention]] = []
    words: dict[str, list[str]] = {}
    for column, strings, context in (("skills", c.skills, "skills"), ("certificates", c.certificates, "skills"),
                                     ("title", (c.title,) if c.title else (), "title"), ("text", (c.text,) if c.text else (), "candidate")):  # fmt: skip
        for text in strings:
            mentions, lemmas_ = reader.read_with_words(text, context)
            words.setdefault(column, []).extend(content(lemmas_))
            for m in mentions:
                facts.extend(_facts_of(m, column))
                loose.append((column, m))
    facts.extend(_typed_languages(c.languages))
    facts.extend(_typed_licences(c.licences))
    facts.extend(_programme_facts(c.education_code, programmes))
    if not any(f.key.startswith("role:") for f in facts if f.kind in {"title", "text"}):
        facts.extend(_inferred_roles(facts, programmes))
    months, months_from = _experience(c.experience_months, loose, "experience_months")
    return Profile(
        record=c, facts=tuple(facts), words=tuple(w for ws in words.values() for w in ws), title_words=tuple(words.get("title", ())), n_listed=len(c.skills),
        experience_months=months, experience_evidence=months_from, education_level=_education(c.education_level, loose),
        negated=frozenset(f.key for f in facts if f.negated),
    )  # fmt: skip


def _facts_of(m: Mention, column: str) -> Iterator[Fact]:
    """A mention as facts; wishes are none."""
    if m.stance == "wish":
        return
    kind = "implied" if m.rule == "implied" else {"skills": "listed", "certificates": "listed"}.get(column, column)
    where = Evidence(column, m.text, m.start, m.end, m.rule)
    if m.kind in _DECLARED and (m.value or m.skill in {DRIVING, ELECTRICAL}):
        yield from _licence_facts(m, kind, where)
        return
    if m.kind == "language" and m.skill:
        rank = _CEFR_RANK.get(m.value.get("cefr", ""))
        yield Fact(f"language:{m.skill.partition('.')[2]}", m.confidence, None, rank, m.negated, kind, where)
    elif m.kind == "role" and m.skill:
        yield Fact(f"role:{m.skill}", m.confidence, m.level, None, m.negated, kind, where)
    elif m.skill:
        yield Fact(f"skill:{m.skill}", m.confidence, m.level, None, m.negated, kind, where)
    elif m.rule == "unknown-item":
        yield Fact(phrase_key(m.text), 1.0, None, None, m.negated, kind, where)


def phrase_key(text: str) -> str:
    """Key of a skill phrase that the taxonomy does not know: its sorted lemmas."""
    return "phrase:" + " ".join(sorted(set(lemmas(text)) or {text.lower()[:80]}))


def _licence_facts(m: Mention, kind: str, where: Evidence) -> Iterator[Fact]:
    value = m.value
    for category in value.get("categories", ()):
        yield Fact(f"licence:driver.{category}", m.confidence, None, 1, m.negated, kind, where)
    if "group" in value:
        yield Fact("licence:electrical", m.confidence, None, value["group"], m.negated, kind, where)
    low = value.get("grade", value.get("grade_min"))
    if low is not None:
        yield Fact("licence:grade", m.confidence, None, value.get("grade_max", low), m.negated, kind, where)
    if m.skill == DRIVING and not value.get("categories"):
        yield Fact("licence:driver", m.confidence, None, 1, m.negated, kind, where)


def _typed_languages(items: Iterable[str]) -> Iterator[Fact]:
    for item in items:
        m = _TYPED_LANGUAGE.match(item)
        if m:
            rank = _CEFR_RANK.get((m[2] or "").translate(_CODE).upper())
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


def _programme_facts(codes: Sequence[str], programmes: Programmes) -> Iterator[Fact]:
    for code in codes:
        where = Evidence("education_code", code, rule="programme")
        for link in programmes.of(code):
            prefix, kind = ("role", "programme_role") if link.is_role else ("skill", "programme")
            yield Fact(f"{prefix}:{link.id}", link.strength, None, None, False, kind, where)


def _inferred_roles(facts: Sequence[Fact], programmes: Programmes) -> Iterator[Fact]:
    """Roles whose typical skills the candidate has, where no role is told."""
    skills = {
        f.key.partition(":")[2]: f.strength
        for f in facts
        if f.key.startswith("skill:") and not f.negated and f.kind != "programme"
    }
    for role, strength in programmes.roles_from_skills(skills):
        yield Fact(
            f"role:{role}", strength, None, None, False, "inferred_role", Evidence("skills", rule="typical-skills")
        )


def _experience(
    typed_months: int | None, loose: Sequence[tuple[str, Mention]], column: str
) -> tuple[int | None, Evidence | None]:
    if typed_months is not None:
        return typed_months, Evidence(column, str(typed_months))
    best: tuple[int, Evidence] | None = None
    for where, m in loose:
        if m.kind == "experience" and "months_min" in m.value and (best is None or m.value["months_min"] > best[0]):
            best = (int(m.value["months_min"]), Evidence(where, m.text, m.start, m.end, m.rule))
    return best or (None, None)


def _education(typed_level: str | None, loose: Sequence[tuple[str, Mention]]) -> str | None:
    if typed_level:
        return typed_level
    levels = [m.value["education_level"] for _, m in loose if m.kind == "education" and "education_level" in m.value]
    return levels[0] if levels else None


# ---------------------------------------------------------------- vacancies

_TIER_RANK = {"must": 3, "title": 2, "mentioned": 1, "nice": 0}


def request_of(v: Vacancy, reader: Reader) -> Request:
    """Read one vacancy: typed columns, must and nice lists, title, text; doubles and ancestors dropped."""
    found: dict[str, Requirement] = {}
    loose: list[tuple[str, Mention]] = []
    words: list[str] = []
    title_words: tuple[str, ...] = ()
    sources = [("must_skills", s, "skills", "must") for s in v.must_skills]
    sources += [("nice_skills", s, "skills", "nice") for s in v.nice_skills]
    if v.title:
        sources.append(("title", v.title, "title", "title"))
    if v.text:
        sources.append(("text", v.text, "vacancy", None))  # type: ignore[arg-type]
    for column, text, context, tier in sources:
        mentions, lemmas_ = reader.read_with_words(text, context)
        read = content(lemmas_)
        words += read
        title_words = tuple(read) if column == "title" else title_words
        for m in mentions:
            if not m.negated:
                loose.append((column, m))
                for r in _requirements_of(m, column, tier):
                    _keep(found, r)
    for r in (*_typed_language_requirements(v), *_typed_licence_requirements(v)):
        found[r.key] = r
    requirements = _without_ancestors(list(found.values()), reader)
    months, months_from = _experience(v.experience_months_min, loose, "experience_months_min")
    return Request(v, tuple(requirements), tuple(words), title_words, months, months_from, _education(None, loose))


def _requirements_of(m: Mention, column: str, tier: str | None) -> Iterator[Requirement]:
    tier = tier or m.tier or "mentioned"
    where = Evidence(column, m.text, m.start, m.end, m.rule)
    if m.kind in _DECLARED and (m.value or m.skill in {DRIVING, ELECTRICAL}):
        for f in _licence_facts(m, "text", where):
            yield Requirement(
                _required_grade(m, f.key), "licences", m.label, tier, None, _lowest(m, f), (), m.confidence, where
            )
    elif m.kind == "language" and m.skill:
        rank = _CEFR_RANK.get(m.value.get("cefr", ""))
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


def _required_grade(m: Mention, key: str) -> str:
    return key


def _lowest(m: Mention, f: Fact) -> float | None:
    low = m.value.get("grade_min", m.value.get("grade"))
    return float(low) if low is not None and f.key == "licence:grade" else f.value


def _keep(found: dict[str, Requirement], r: Requirement) -> None:
    """Of two requirements with one key, the stronger tier; then the one with a level; then the earlier."""
    old = found.get(r.key)
    if old is None or (_TIER_RANK[r.tier], r.level or 0, r.value or 0) > (
        _TIER_RANK[old.tier],
        old.level or 0,
        old.value or 0,
    ):
        found[r.key] = r


def _typed_language_requirements(v: Vacancy) -> Iterator[Requirement]:
    for f in _typed_languages(v.languages):
        yield Requirement(
            f.key, "languages", f.evidence.text, "must", None, f.value, (), 1.0, Evidence("languages", f.evidence.text)
        )


def _typed_licence_requirements(v: Vacancy) -> Iterator[Requirement]:
    for item in v.licences:
        for key, value in licence_key(item):
            yield Requirement(key, "licences", item, "must", None, value, (), 1.0, Evidence("licences", item))


def _without_ancestors(requirements: list[Requirement], reader: Reader) -> list[Requirement]:
    """Drop what is broader than something asked for, and members of an any-of group named apart."""
    asked = {s for r in requirements if r.criterion == "skills" for s in (r.any_of or (r.key.partition(":")[2],))}
    broader = {a for s in asked if s in reader.taxonomy for a in reader.taxonomy.ancestors[s]}
    grouped = {s for r in requirements for s in r.any_of}
    roles = {r.key.partition(":")[2] for r in requirements if r.criterion == "role"}
    broader_roles = {a for s in roles for a in reader.taxonomy.ancestors.get(s, ())}
    out = []
    for r in requirements:
        name = r.key.partition(":")[2]
        if r.criterion == "skills" and not r.any_of and (name in broader or name in grouped):
            continue
        if r.criterion == "role" and name in broader_roles:
            continue
        out.append(r)
    return sorted(out, key=lambda r: r.key)

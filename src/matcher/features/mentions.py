"""From judged items to mentions: values, levels, versions, what a name implies, what no list of ours knows."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final

from matcher.features import polarity, typed
from matcher.features.found import Found
from matcher.features.fragments import Typed
from matcher.features.lexicon import LATIN, word_of
from matcher.features.meanings import Form, Hit
from matcher.features.outline import Span
from matcher.features.sentence import Judgement, Sentence
from matcher.features.text import DASH, SOFT, Tokens
from matcher.records import Mention, new_mention
from matcher.taxonomy import Skill, Taxonomy, read_resource

_RUSSIAN_PRODUCTS: Final = frozenset(
    {"1с", "компас", "битрикс", "битрикс24", "лоцман", "логос", "гарант", "консультант"}
)
_BEFORE_VERSIONS: Final[tuple[str, ...]] = ("v", "вер", "платф")
_GLUED: Final = re.compile(r"(?<=[a-z]{2})\d{1,2}$")
ITEM_KINDS: Final = frozenset({"grade", "permit", "licence"})
"""Typed facts that markers speak of, as they do of skills; the others stand for themselves."""

_SEEKING: Final = frozenset(
    [
        "ищем",
        "ищет",
        "требуется",
        "требуются",
        "нужен",
        "нужна",
        "нужны",
        "приглашаем",
        "приглашает",
        "приглашаются",
        "вакансия",
    ]
)
_LOWERED_WITHOUT_HEADINGS: Final = 0.7
_IMPLIED_CONFIDENCE: Final = 0.8


class MentionBuilder:
    """Writes the mentions of a text, sentence by sentence.

    Parameters
    ----------
    taxonomy : Taxonomy
    implied : mapping of id to entries
        What the name of an entry proves.
    """

    def __init__(self, taxonomy: Taxonomy, implied: dict[str, tuple[Skill, ...]]) -> None:
        self.taxonomy = taxonomy
        self.implied = implied

    def build(
        self,
        tokens: Tokens,
        pos: str,
        spans: list[Span],
        found: list[Found],
        context: str | None,
        *,
        may_turn: bool = True,
    ) -> list[Mention]:
        """Mentions of all sentences; ``may_turn`` as in :func:`polarity.judge`."""
        out: list[Mention] = []
        at, n = 0, len(found)
        for span in spans:
            while at < n and found[at].hit.start < span.start:
                at += 1
            first = at
            while at < n and found[at].hit.start < span.end:
                at += 1
            items = found[first:at]
            if items:
                s = Sentence(tokens, pos, span.start, span.end, [f.hit for f in items], span.cues)
                tier = span.section if span.section in ("must", "nice") else None
                verdicts = polarity.judge(s, tier=tier, may_turn=may_turn)
                lowered = _LOWERED_WITHOUT_HEADINGS if context == "vacancy" and not span.has_heading else 1.0
                self._sentence(s, items, verdicts, lowered, context, out)
            elif span.cues:
                _add_unknown_after_head(tokens, pos, span, out)
        return out

    def _sentence(
        self,
        s: Sentence,
        items: list[Found],
        verdicts: list[Judgement],
        lowered: float,
        context: str | None,
        out: list[Mention],
    ) -> None:
        groups = _alternatives(items, verdicts) if len(items) > 1 else {}
        for k, f in enumerate(items):
            v = verdicts[k]
            if v.silent and context != "candidate":
                continue
            confidence = f.confidence * lowered
            if f.form is None:
                out.append(self._fact(s.tokens, f, v, confidence))
                continue
            skill = f.form.skill
            if skill.kind == "role" and context == "vacancy" and f.hit.start > s.start and not _is_sought(s, f.hit):
                continue  # «взаимодействие с разработчиками»: a colleague
            value = self._value(s, f.hit, skill)
            if v.group is not None:
                members = tuple(groups.get(v.group, ()))
                if len(members) > 1 and skill.id in members:
                    value["any_of"] = members
            mention = self._skill(s.tokens, f, skill, v, value, confidence)
            out.append(mention)
            implied = self.implied.get(skill.id)
            if implied and not (skill.kind == "role" and context == "vacancy" and not _is_sought(s, f.hit)):
                _add_implied(implied, mention, out)

    def _fact(self, tokens: Tokens, f: Found, v: Judgement, confidence: float) -> Mention:
        """A typed fact that stands in the sentence as an item."""
        assert f.fact is not None
        a, b = _offsets(tokens, f.hit)
        skill = self.taxonomy.get(f.fact.skill) if f.fact.skill else None
        return Mention(
            skill=skill.id if skill else None,
            label=skill.label if skill else tokens.original[a:b],
            kind=f.fact.kind,
            tier=v.tier,
            stance=v.stance,
            value=dict(f.fact.value),
            text=tokens.original[a:b],
            start=a,
            end=b,
            rule="+".join([f.rule, *v.rules]),
            confidence=confidence,
        )

    def _skill(
        self, tokens: Tokens, f: Found, skill: Skill, v: Judgement, value: Mapping[str, Any], confidence: float
    ) -> Mention:
        a, b = _offsets(tokens, f.hit)
        level = v.level if v.level or f.form is None else _own_level(f.form)
        rule = "+".join([f.rule, *v.rules]) if v.rules else f.rule
        text = tokens.original[a:b]
        return new_mention(
            skill.id, skill.label, skill.kind, v.tier, v.stance, level, value, text, a, b, rule, confidence
        )

    def _value(self, s: Sentence, hit: Hit, skill: Skill) -> dict[str, Any]:
        """CEFR of a language, version of a product."""
        if skill.kind == "language":
            level = _language_level(s, hit)
            return {"cefr": level} if level else {}
        if skill.kind == "skill":
            version = _version(s.tokens, hit)
            if version:
                number, _, is_least = version
                return {"version": number, "version_min": number} if is_least else {"version": number}
        return {}


def _add_implied(implied: tuple[Skill, ...], m: Mention, out: list[Mention]) -> None:
    """«токарь» -> токарная обработка; but «взаимодействие с разработчиками» asks for no programming."""
    confidence = m.confidence * _IMPLIED_CONFIDENCE
    out += [
        new_mention(s.id, s.label, s.kind, m.tier, m.stance, m.level, {}, m.text, m.start, m.end, "implied", confidence)
        for s in implied
    ]


@cache
def _level_words() -> dict[str, int]:
    rows = [r for r in read_resource("cues.csv") if r["kind"] == "level"]
    return {_lemmas(r["phrase"].split()): int(r["value"]) for r in rows}


def _lemmas(words: Sequence[str]) -> str:
    return " ".join(word_of(w).lemma for w in words)


def _own_level(form: Form) -> int | None:
    """The level that an alias tells, worked out once."""
    if form.level < 0:
        form.level = _told_level(form) or 0
    return form.level or None


def _told_level(form: Form) -> int | None:
    """«продвинутый пользователь ПК» tells one, where «пользователь ПК» names the same skill."""
    words = form.alias.text.lower().split()
    if len(words) < 2 or " ".join(words[1:]) not in {a.text.lower() for a in form.skill.aliases}:
        return None
    levels = _level_words()
    return levels.get(_lemmas(words[:2])) or levels.get(_lemmas(words[:1]))


def _offsets(tokens: Tokens, hit: Hit) -> tuple[int, int]:
    return tokens.folded.original(tokens.starts[hit.start], tokens.ends[hit.end - 1])


def _is_named_so(hit: Hit, word: str) -> bool:
    """Whether the number belongs to the name («3ds», «SAP R3»): without it no alias of the entry is left."""
    bare = _GLUED.sub("", word)
    return not any(bare == a.text.lower() for form in hit.meaning.forms for a in form.skill.aliases)


def _alternatives(items: list[Found], verdicts: list[Judgement]) -> dict[int, dict[str, None]]:
    """The skills of each group of alternatives."""
    groups: dict[int, dict[str, None]] = {}
    for k, v in enumerate(verdicts):
        f = items[k]
        if v.group is not None and f.form and f.form.skill.kind != "role":
            groups.setdefault(v.group, {})[f.form.skill.id] = None
    return groups


def _is_product(word: str) -> bool:
    """Names that have versions are Latin, but for a few."""
    return "a" <= word[0] <= "z" or word[0] == "." or word in _RUSSIAN_PRODUCTS


def _may_tell_version(tokens: Tokens, last: int) -> bool:
    """A quick no for most names: no digit in their last word, and no number behind it."""
    if tokens.words[last][-1].isdigit():
        return True
    if last + 1 == len(tokens):
        return False
    word = tokens.words[last + 1]
    return word[0].isdigit() or word[-1].isdigit() or word.startswith(_BEFORE_VERSIONS)


def _version(tokens: Tokens, hit: Hit) -> tuple[str, int, bool] | None:
    """The version after a product's name, or at its end («Python 3.10», where «Python 3» is a name too)."""
    last = hit.end - 1
    if not _may_tell_version(tokens, last) or not any(_is_product(w) for w in tokens.words[hit.start : hit.end]):
        return None
    if glued := _GLUED.search(tokens.words[last]):  # «Java17», «Python3.9»
        stop = typed.GLUED_VERSION.match(tokens.folded.text, tokens.starts[last] + glued.start())
        return (stop[0], stop.end(), False) if stop and not _is_named_so(hit, tokens.words[last]) else None
    while last > hit.start and tokens.words[last].isdigit():
        last -= 1
    if last + 1 < len(tokens) and tokens.gaps[last + 1] not in (SOFT, DASH):
        return None
    return typed.version_after(tokens.folded.text, tokens.ends[last])


def _language_level(s: Sentence, hit: Hit) -> str | None:
    """CEFR told after the language's name, else before it in its clause."""
    tokens, text = s.tokens, s.tokens.folded.text
    others = [tokens.starts[h.start] for h in s.items if h.start > hit.start and not _is_language(h, hit)]
    stop = min([*others, tokens.ends[s.end - 1], tokens.ends[hit.end - 1] + 70])
    found = typed.language_level(text, tokens.ends[hit.end - 1], stop)
    if not found:
        a, _ = s.bounds(hit.start, s.chunk)
        found = typed.language_level(text, tokens.starts[a], tokens.starts[hit.start])
    if not found:  # «технический английский» is a name of its own
        found = typed.language_level(text, tokens.starts[hit.start], tokens.ends[hit.end - 1])
    return found[0] if found else None


def loose_facts(tokens: Tokens, facts: list[Typed]) -> list[Mention]:
    """Typed facts that no marker speaks of: experience, hours, education, standards."""
    out: list[Mention] = []
    for fact in facts:
        if fact.kind not in ITEM_KINDS:
            a, b = tokens.folded.original(fact.start, fact.end)
            text = tokens.original[a:b]
            out.append(
                new_mention(None, text, fact.kind, None, "claimed", None, fact.value, text, a, b, fact.rule, 1.0)
            )
    return out


def _is_sought(s: Sentence, hit: Hit) -> bool:
    """Whether the words before a role seek the person or the experience of one."""
    a, _ = s.bounds(hit.start, s.chunk)
    return s.cue_in("head", a, hit.start) or not _SEEKING.isdisjoint(s.tokens.words[s.start : hit.start])


def _is_language(other: Hit, hit: Hit) -> bool:
    """Whether two hits name one language («английский Upper-Intermediate»)."""
    return not set(other.meaning.names).isdisjoint(hit.meaning.names)


def token_range(tokens: Tokens, start: int, end: int) -> tuple[int, int]:
    """Words that a stretch of the folded text touches."""
    return bisect_left(tokens.ends, start + 1), bisect_right(tokens.starts, end - 1)


def add_unknown(tokens: Tokens, start: int, end: int, rule: str, out: list[Mention]) -> None:
    """A phrase that the taxonomy does not know, kept under no id."""
    a, b = tokens.folded.original(tokens.starts[start], tokens.ends[end - 1])
    text = tokens.original[a:b].strip()
    if text:
        out.append(new_mention(None, text[:200], "skill", None, "claimed", None, {}, text, a, b, rule, 0.3))


def _add_unknown_after_head(tokens: Tokens, pos: str, span: Span, out: list[Mention]) -> None:
    """«Опыт работы с X»: what follows a head word and is in no list of ours is kept under no id."""
    i = -1
    for hit, cue in span.cues:
        if cue.kind == "head":
            i = hit.end
    if i < 0:
        return
    a, b = i, i
    while b < span.end and tokens.gaps[b] in (SOFT, DASH) and b - a < 6:
        b += 1
    while a < b and (pos[a] not in ("N", "A", LATIN) or tokens.words[a] in ("работы", "опыт")):
        a += 1
    if a < b:
        add_unknown(tokens, a, b, "unknown-after-head", out)

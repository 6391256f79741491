"""Reading skill text: from a string to mentions, in one visible order of steps.

    fold -> words -> phrases -> coordination -> sentences and headings -> polarity -> typed facts -> mentions

``normalize`` reads one string, ``normalize_many`` many (each distinct string once).
"""

from __future__ import annotations

import re
import threading
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from matcher.errors import MatcherError, wrong_parameter
from matcher.features import coordination, polarity, typed
from matcher.features.outline import Span, break_at_capitals, outline
from matcher.features.phrases import Form, Hit, Keys, PhraseIndex
from matcher.features.polarity import Judgement, Sentence
from matcher.features.repair import Repairer, switch_layout
from matcher.features.senses import Found, choose
from matcher.features.text import (
    DASH,
    LATIN,
    NUMBER,
    SOFT,
    Folded,
    Tokens,
    fold,
    repair_script,
    tokenize_folded,
    word_of,
)
from matcher.records import Mention
from matcher.taxonomy import Skill, Taxonomy

CONTEXTS = (None, "skills", "title", "vacancy", "candidate")

_LAYOUT_CHUNK = re.compile(r"(?<!\S)(?=[^\s]*[a-z])(?=[^\s]*[\[\];'`,.])[a-z\[\];'`,.]{4,}(?!\S)")
_SCHOOLS = frozenset(["университет", "институт", "академия", "колледж", "техникум", "училище", "лицей"])
_SEEKING = frozenset(
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
_ITEM_KINDS = frozenset({"grade", "permit", "licence"})
_REACH = 40
_FILLERS = frozenset({"и", "с", "в", "на", "по", "из", "the", "a", "of", "with", "in"})


_Key = tuple[str, str | None, str, str | None]
"""Lemma, exact form, part of speech, and the rule that mended the word."""


class Reader:
    """Reads texts against one taxonomy; safe to share between threads once built.

    Parameters
    ----------
    taxonomy : Taxonomy, optional
        The shipped one when None.

    Examples
    --------
    >>> [m.skill for m in Reader().read("уверенное знание С++")]
    ['it.cpp']
    """

    def __init__(self, taxonomy: Taxonomy | None = None) -> None:
        self.taxonomy = taxonomy or Taxonomy.default()
        self.index = PhraseIndex(self.taxonomy)
        self.repairer = Repairer(self.index.words)
        self._keys: tuple[dict[str, _Key], dict[str, _Key]] = {}, {}  # of lists and titles, of running prose
        self._implied: dict[str, tuple[Skill, ...]] = {}
        for skill in self.taxonomy.values():
            if skill.implies:
                self._implied[skill.id] = tuple(self._resolve(p) for p in skill.implies if self._resolve(p))  # type: ignore[misc]

    def _resolve(self, phrase: str) -> Skill | None:
        """The entry that a phrase or id of the data files means."""
        if phrase in self.taxonomy:
            return self.taxonomy[phrase]
        found = [m.skill for m in self.read(phrase, "skills") if m.skill and m.rule != "implied"]
        return self.taxonomy[found[0]] if found else None

    def resolve(self, phrase: str) -> str | None:
        """Id of the entry that a phrase of the data files means, or None."""
        skill = self._resolve(phrase)
        return skill.id if skill else None

    def implied_by(self, skill: str) -> tuple[Skill, ...]:
        """Entries that the name of another proves («токарь» -> токарная обработка)."""
        return self._implied.get(skill, ())

    # ------------------------------------------------------------ the steps

    def read(self, text: str, context: str | None = None) -> list[Mention]:
        """All mentions of a text, by place."""
        return self.read_with_words(text, context)[0]

    def read_with_words(self, text: str, context: str | None = None) -> tuple[list[Mention], list[str]]:
        """All mentions of a text, and the lemma of every word, misspelt ones repaired."""
        folded = self._unswitch(fold(text))
        tokens = tokenize_folded(folded, text)
        if not tokens.words:
            return [], []
        keys, repaired = self._look_up(tokens, in_prose=context == "vacancy")
        return self._read(tokens, keys, repaired, context), keys.lemma

    def _read(self, tokens: Tokens, keys: Keys, repaired: Mapping[int, str], context: str | None) -> list[Mention]:
        hits = self._phrases(tokens, keys)
        break_at_capitals(tokens, hits)
        spans = list(outline(tokens, hits, context))
        live = bytearray(len(tokens))
        for span in spans:
            live[span.start : span.end] = b"\x01" * (span.end - span.start)
        facts = [
            t for t in typed.find_typed(tokens.folded.text) if any(live[slice(*_token_range(tokens, t.start, t.end))])
        ]
        found = self._candidates(tokens, keys, [h for h in hits if live[h.start]], repaired, facts)
        found = choose(tokens, found, self._fields, context)
        mentions = list(self._sentences(tokens, keys, spans, found, context))
        mentions += _loose_facts(tokens, facts)
        if context == "skills" and not any(m.skill for m in mentions):
            mentions += _unknown(tokens, 0, len(tokens), "unknown-item")
        return sorted(mentions, key=lambda m: (m.start, m.end, m.skill or "", m.kind))

    def _unswitch(self, folded: Folded) -> Folded:
        """«xthnt;», «[hjvfnjuhfabz»: a word typed on the other layout whose letters sit on punctuation keys."""

        def switched(m: re.Match[str]) -> str:
            for cut in (0, 1):
                raw = m[0][: len(m[0]) - cut]
                other = switch_layout(raw).replace("ё", "е")
                if len(other) >= 4 and other.isalpha() and (word_of(other).known or other in self.index.words):
                    return other + m[0][len(raw) :]
            return m[0]

        if not _LAYOUT_CHUNK.search(folded.text):
            return folded
        return Folded(_LAYOUT_CHUNK.sub(switched, folded.text), folded.offsets)

    def _look_up(self, tokens: Tokens, *, in_prose: bool) -> tuple[Keys, dict[int, str]]:
        """Lemma, exact form and part of speech of every word; misspelt words repaired."""
        known = self._keys[in_prose]
        rows = []
        repaired: dict[int, str] = {}
        for i, word in enumerate(tokens.words):
            row = known.get(word)
            if row is None:
                row = known[word] = self._key(word, in_prose)
            if row[3]:
                repaired[i] = row[3]
            rows.append(row)
        return Keys([r[0] for r in rows], [r[1] for r in rows], [r[2] for r in rows]), repaired

    def _key(self, raw: str, in_prose: bool) -> _Key:
        word = word_of(raw)
        exact = "=" + repair_script(raw)
        exact_or_none = exact if exact in self.index.exact else None
        if word.lemma in self.index.words or exact_or_none or word.known or word.pos == NUMBER or len(raw) < 3:
            return word.lemma, exact_or_none, word.pos, None
        fixed = self.repairer.repair(repair_script(raw), in_prose=in_prose)
        if fixed is None:
            return word.lemma, None, word.pos, None
        return fixed[0], None, word_of(fixed[0]).pos, fixed[1]

    def _phrases(self, tokens: Tokens, keys: Keys) -> list[Hit]:
        """Leftmost-longest phrases, skills and cues together."""
        hits: list[Hit] = []
        root, prefixes, gaps = self.index.root, self.index.prefixes, tokens.gaps
        i, n = 0, len(tokens)
        while i < n:
            lemma = keys.lemma[i]
            found = self.index.longest(keys, gaps, i) if lemma in root or keys.exact[i] else None
            if lemma in prefixes:
                joined = self._joined(tokens, keys, i)
                if joined and (found is None or joined[0] > found[0]):
                    found = joined
            if found:
                hits.append(Hit(i, found[0], tuple(found[1])))
                i = found[0]
            else:
                i += 1
        return hits

    def _joined(self, tokens: Tokens, keys: Keys, i: int) -> tuple[int, list[Any]] | None:
        """«Sprut CAM», «КИП и А»: a one-word name typed in pieces."""
        whole = repair_script(tokens.words[i])
        for j in range(i + 1, min(i + 4, len(tokens))):
            if tokens.gaps[j] != SOFT:
                return None
            whole += repair_script(tokens.words[j])
            if whole in self.index.joined:
                found = self.index.find_path([whole])
                if found:
                    return j + 1, [p for p in found[1] if isinstance(p, Form)]
            if whole not in self.index.prefixes:
                return None
        return None

    def _candidates(
        self, tokens: Tokens, keys: Keys, hits: Sequence[Hit], repaired: Mapping[int, str], facts: Sequence[typed.Typed]
    ) -> list[Found]:
        """Everything that may become an item of a sentence: phrases, coordinated phrases, typed facts."""
        out: list[Found] = []
        blocked = self._school_words(tokens, keys)
        spans = []
        for fact in facts:
            if fact.kind in _ITEM_KINDS:
                hit = Hit(*_token_range(tokens, fact.start, fact.end), ())
                if hit.start < hit.end:
                    spans.append(hit)
                    out.append(Found(hit, fact.rule, fact=fact))
        unsaid = coordination.expand(self.index, tokens, keys, hits)
        heads = {h.start for rule, h in unsaid if rule == "shared_tail"}  # «японской, грузинской кухни» is no language
        pairs = [("phrase", h) for h in hits if h.end - h.start > 1 or h.start not in heads] + unsaid
        for rule, hit in pairs:
            if any(i in blocked for i in range(hit.start, hit.end)):
                continue
            swallowed = any(s.start <= hit.start and hit.end <= s.end for s in spans)
            mended = next((repaired[i] for i in range(hit.start, hit.end) if i in repaired), None)
            forms = [p for p in hit.payload if isinstance(p, Form) and not (swallowed and p.skill.kind == "permit")]
            out.extend(Found(hit, mended or rule, p, confidence=0.8 if mended else 1.0) for p in forms)
        return out

    def _school_words(self, tokens: Tokens, keys: Keys) -> set[int]:
        """Words of the names of institutions: «химико-технологический университет» is no skill."""
        out: set[int] = set()
        for i, lemma in enumerate(keys.lemma):
            if lemma in _SCHOOLS:
                j = i - 1
                while j >= 0 and tokens.gaps[j + 1] == SOFT and keys.pos[j] in "AXN" and i - j < 6:
                    out.add(j)
                    j -= 1
        return out

    def _fields(self, skill: Skill) -> set[str]:
        if skill.kind != "role":
            return {skill.field}
        return {s.field for s in self._implied.get(skill.id, ())}

    # ------------------------------------------------------------ sentences

    def _sentences(
        self, tokens: Tokens, keys: Keys, spans: Sequence[Span], found: Sequence[Found], context: str | None
    ) -> Iterator[Mention]:
        starts = [f.hit.start for f in found]
        for span in spans:
            items = found[bisect_left(starts, span.start) : bisect_left(starts, span.end)]
            if not items and not span.cues:
                continue
            covered = {i for h, _ in span.cues for i in range(h.start, h.end)}
            s = Sentence(tokens, keys.pos, span.start, span.end, [f.hit for f in items], list(span.cues), covered)
            verdicts = polarity.judge(s, tier=span.section if span.section in {"must", "nice"} else None)
            lowered = 0.7 if (context == "vacancy" and not span.has_heading) else 1.0
            yield from self._mentions(tokens, s, items, verdicts, lowered, context)

    def _mentions(
        self,
        tokens: Tokens,
        s: Sentence,
        items: Sequence[Found],
        verdicts: Sequence[Judgement],
        lowered: float,
        context: str | None,
    ) -> Iterator[Mention]:
        groups: dict[int, list[str]] = {}
        for f, v in zip(items, verdicts, strict=True):
            if v.group is not None and f.form:
                groups.setdefault(v.group, []).append(f.form.skill.id)
        for f, v in zip(items, verdicts, strict=True):
            if v.silent and context != "candidate":
                continue
            value: dict[str, Any] = dict(f.fact.value) if f.fact else {}
            members = tuple(dict.fromkeys(groups.get(v.group, ()))) if v.group is not None else ()
            if len(members) > 1 and f.form:
                value["any_of"] = members
            yield from self._mention(tokens, s, f, v, value, f.confidence * lowered, context)
        if s.cues and not items:
            yield from _unknown_after_head(tokens, s)

    def _mention(
        self,
        tokens: Tokens,
        s: Sentence,
        f: Found,
        v: Judgement,
        value: dict[str, Any],
        confidence: float,
        context: str | None,
    ) -> Iterator[Mention]:
        a, b = tokens.folded.original(tokens.starts[f.hit.start], tokens.ends[f.hit.end - 1])
        rule = "+".join([f.rule, *v.rules])
        if f.fact is not None:
            skill = self.taxonomy.get(f.fact.skill) if f.fact.skill else None
            label = skill.label if skill else tokens.original[a:b]
            yield Mention(
                f.fact.skill if skill else None,
                label,
                f.fact.kind,
                v.tier,
                v.stance,
                None,
                value,
                tokens.original[a:b],
                a,
                b,
                rule,
                confidence,
            )
            return
        assert f.form is not None
        skill = f.form.skill
        end = b
        if skill.kind == "language":
            level = self._language_level(tokens, s, f.hit)
            if level:
                value["cefr"] = level[0]
        elif skill.kind in {"skill", "standard"}:
            version = self._version(tokens, f.hit)
            if version:
                value["version"] = version[0]
                if version[2]:
                    value["version_min"] = version[0]
        mention = Mention(
            skill.id,
            skill.label,
            skill.kind,
            v.tier,
            v.stance,
            v.level,
            value,
            tokens.original[a:end],
            a,
            end,
            rule,
            confidence,
        )
        yield mention
        if skill.kind == "role" and context == "vacancy" and not _is_sought(s, f.hit):
            return  # «взаимодействие с разработчиками» asks for no programming
        for other in self._implied.get(skill.id, ()):
            yield replace(
                mention,
                skill=other.id,
                label=other.label,
                kind=other.kind,
                value={},
                rule="implied",
                confidence=confidence * 0.8,
            )

    def _version(self, tokens: Tokens, hit: Hit) -> tuple[str, int, bool] | None:
        """The version after a product's name, or at its end («Python 3.10», where «Python 3» is a name too)."""
        last = hit.end - 1
        while last > hit.start and tokens.words[last].isdigit():
            last -= 1
        if last + 1 < len(tokens) and tokens.gaps[last + 1] not in (SOFT, DASH):
            return None
        return typed.version_after(tokens.folded.text, tokens.ends[last])

    def _language_level(self, tokens: Tokens, s: Sentence, hit: Hit) -> tuple[str, int, int] | None:
        """CEFR told after the language's name, else before it in its clause."""
        others = [
            h.start for h in s.items if h.start > hit.start and h.payload != hit.payload and not _is_language(h, hit)
        ]
        stop = min([tokens.starts[o] for o in others] + [tokens.ends[s.end - 1], tokens.ends[hit.end - 1] + 70])
        found = typed.language_level(tokens.folded.text, tokens.ends[hit.end - 1], stop)
        if found:
            return found
        a, _ = s.bounds(hit.start, s.chunk)
        return typed.language_level(tokens.folded.text, tokens.starts[a], tokens.starts[hit.start])


def _loose_facts(tokens: Tokens, facts: Sequence[typed.Typed]) -> Iterator[Mention]:
    """Typed facts that no marker speaks of: experience, hours, education, standards."""
    for fact in facts:
        if fact.kind not in _ITEM_KINDS:
            a, b = tokens.folded.original(fact.start, fact.end)
            fragment = tokens.original[a:b]
            yield Mention(None, fragment, fact.kind, None, "claimed", None, fact.value, fragment, a, b, fact.rule)


def _is_sought(s: Sentence, hit: Hit) -> bool:
    """Whether the words before a role seek the person or the experience of one."""
    a, _ = s.bounds(hit.start, s.chunk)
    return s.cue_in("head", a, hit.start) or any(s.tokens.words[i] in _SEEKING for i in range(a, hit.start))


def _is_language(other: Hit, hit: Hit) -> bool:
    """Whether two hits name one language («английский Upper-Intermediate»)."""
    names = [{p.skill.id for p in h.payload if isinstance(p, Form)} for h in (other, hit)]
    return bool(names[0] & names[1])


def _token_range(tokens: Tokens, start: int, end: int) -> tuple[int, int]:
    return bisect_left(tokens.ends, start + 1), bisect_right(tokens.starts, end - 1)


def _unknown(tokens: Tokens, start: int, end: int, rule: str) -> Iterator[Mention]:
    a, b = tokens.folded.original(tokens.starts[start], tokens.ends[end - 1])
    fragment = tokens.original[a:b].strip()
    if fragment:
        yield Mention(None, fragment[:200], "skill", text=fragment, start=a, end=b, rule=rule, confidence=0.3)


def _unknown_after_head(tokens: Tokens, s: Sentence) -> Iterator[Mention]:
    """«Опыт работы с X»: what follows a head word and is in no list of ours is kept under no id."""
    heads = [h for h, c in s.cues if c.kind == "head"]
    if not heads:
        return
    i = heads[-1].end
    a, b = i, i
    while b < s.end and tokens.gaps[b] in (SOFT, DASH) and b - a < 6:
        b += 1
    while a < b and (s.pos[a] not in {"N", "A", LATIN} or tokens.words[a] in {"работы", "опыт"}):
        a += 1
    if a < b:
        yield from _unknown(tokens, a, b, "unknown-after-head")


# ---------------------------------------------------------------- the public functions

_readers: dict[str, Reader] = {}
_lock = threading.Lock()


def reader_for(taxonomy: Taxonomy | None = None) -> Reader:
    """The reader of a taxonomy, built once per process."""
    taxonomy = taxonomy or Taxonomy.default()
    with _lock:
        if taxonomy.digest not in _readers:
            _readers[taxonomy.digest] = Reader(taxonomy)
        return _readers[taxonomy.digest]


def normalize(text: str, context: str | None = None, *, taxonomy: Taxonomy | None = None) -> list[Mention]:
    """Find skills and typed facts in one Russian (or mixed) string.

    Parameters
    ----------
    text : str
        Any text: a skill as typed, a line of requirements, a whole vacancy or profile.
    context : {None, 'skills', 'title', 'vacancy', 'candidate'}
        Where the text stands; sections that promise benefits are read only for candidates.
    taxonomy : Taxonomy, optional
        The shipped one when None.

    Returns
    -------
    list of Mention
        By place; offsets are those of ``text``.

    Raises
    ------
    MatcherError
        If ``text`` is no string or ``context`` is unknown.

    Examples
    --------
    >>> for m in normalize("уверенное знание С++, английский В2 будет плюсом"):
    ...     print(m.skill, m.tier, m.level, dict(m.value), m.text)
    it.cpp None 2 {} С++
    lang.en nice None {'cefr': 'B2'} английский
    """
    if not isinstance(text, str):
        raise MatcherError(wrong_parameter("text", "normalize", "a str", text))
    if context not in CONTEXTS:
        raise MatcherError(wrong_parameter("context", "normalize", f"one of {CONTEXTS}", context))
    return reader_for(taxonomy).read(text, context)


def normalize_many(
    texts: Iterable[str], context: str | None = None, *, taxonomy: Taxonomy | None = None
) -> Iterator[list[Mention]]:
    """Read many strings, one list of mentions each; a distinct string is read once.

    Examples
    --------
    >>> [len(ms) for ms in normalize_many(["Python", "Python", ""])]
    [1, 1, 0]
    """
    seen: dict[str, list[Mention]] = {}
    for text in texts:
        if text not in seen:
            seen[text] = normalize(text, context, taxonomy=taxonomy)
        yield list(seen[text])

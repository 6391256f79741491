"""Reading skill text: from a string to mentions, in one visible order of steps.

fold -> words -> phrases -> coordination -> sentences and headings -> polarity -> typed facts -> mentions
"""

from __future__ import annotations

import gc
import threading
from typing import Final

from matcher.collector import no_collector
from matcher.features import coordination, polarity, typed
from matcher.features.company import in_company
from matcher.features.found import Found
from matcher.features.fragments import Typed
from matcher.features.lawful import KIND as UNLAWFUL
from matcher.features.lexicon import word_of
from matcher.features.meanings import NOTHING, Hit, Keys
from matcher.features.mentions import ITEM_KINDS, MentionBuilder, add_unknown, loose_facts, token_range
from matcher.features.outline import Span, break_at_capitals, outline
from matcher.features.phrases import PhraseIndex
from matcher.features.recent import LONGEST_REMEMBERED, Recent
from matcher.features.senses import Fields, choose, is_governed, weakest
from matcher.features.text import SOFT, Tokens, tokenize
from matcher.features.trace import Steps
from matcher.features.words import WordReader, cuts_a_word, find_phrases
from matcher.records import Mention
from matcher.taxonomy import Skill, Taxonomy

CONTEXTS: Final = (None, "skills", "title", "vacancy", "candidate")

_AHEAD: Final = 6
_WEAK: Final = 1
_SCHOOL: Final = 2
_TURNS: Final = 4
"""Kinds of words: of weak names, of the names of schools, and those that a rule of polarity waits for."""
_SCHOOLS: Final = frozenset(["университет", "институт", "академия", "колледж", "техникум", "училище", "лицей"])


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
        weak = frozenset(
            word_of(tokenize(a.text).words[0]).lemma for s in self.taxonomy.values() for a in s.aliases if a.weak
        )
        self.words = WordReader(self.index, (weak, _SCHOOLS), polarity.WORDS)
        self._implied: dict[str, tuple[Skill, ...]] = {}
        self._fields = Fields(self._implied)
        self._builder = MentionBuilder(self.taxonomy, self._implied)
        for skill in self.taxonomy.values():
            if skill.implies:
                self._implied[skill.id] = tuple(s for p in skill.implies if (s := self._resolve(p)) is not None)
        self._fields.forget()
        self._recent = {context: Recent() for context in CONTEXTS}
        self.told: dict[str, Recent] = {}
        """What short texts of each column tell of a candidate; see ``told.told_by``."""

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
        steps = self.steps(text, context)
        return steps.mentions if steps else []

    def read_with_words(self, text: str, context: str | None = None) -> tuple[list[Mention], list[str]]:
        """All mentions of a text, and the lemma of every word, misspelt ones repaired, names and numbers left out.

        Short texts are remembered, the last 65,536 distinct ones at least: six of seven skills as typed were met before.
        """
        if len(text) > LONGEST_REMEMBERED:
            return self._read_anew(text, context)
        recent = self._recent[context]
        known: tuple[list[Mention], list[str]] | None = recent.get(text)
        if known is None:
            known = self._read_anew(text, context)
            recent.keep(text, known)
        return known

    def _read_anew(self, text: str, context: str | None) -> tuple[list[Mention], list[str]]:
        steps = self.steps(text, context)
        if steps is None:
            return [], []
        keys = steps.keys
        return steps.mentions, [key.lemma for key in keys.rows if key.is_content]

    def steps(self, text: str, context: str | None = None) -> Steps | None:
        """Everything that was decided on the way from a text to its mentions; None where it holds no words."""
        in_prose = context == "vacancy"
        tokens, keys = self.words.read(text, in_prose=in_prose)
        if not tokens.words:
            return None
        repaired = keys.mended()
        hits = find_phrases(self.index, tokens, keys)
        break_at_capitals(tokens, hits)
        spans = outline(tokens, keys.lemma, hits, context)
        live = _live(spans, len(keys.rows))
        facts = self._facts(tokens, keys, live) if keys.facts else []
        found = self._candidates(tokens, keys, [h for h in hits if live[h.start]], repaired, facts, live)
        weak: list[Found] = []
        strong = found
        if keys.kinds & _WEAK:
            weak = [f for f in found if f.form is not None and f.form.alias.weak]
            strong = [f for f in found if f.form is None or not f.form.alias.weak]
        chosen = choose(tokens, keys, strong, self._fields, context)
        if in_prose:
            chosen = in_company(tokens, spans, chosen, self._fields)
        if weak and context in (None, "skills") and not any(f.form for f in chosen):
            chosen = sorted([*chosen, *weakest(tokens, keys, weak, context)], key=lambda f: f.hit.start)
        turns = keys.kinds & _TURNS != 0
        mentions = self._builder.build(tokens, keys.pos, spans, chosen, context, may_turn=turns)
        if facts:
            mentions = [m for m in [*mentions, *loose_facts(tokens, facts)] if not _is_told(m, facts, tokens)]
        if context == "skills" and not any(m.skill for m in mentions):
            add_unknown(tokens, 0, len(tokens), "unknown-item", mentions)
        if not _are_sorted(mentions):
            mentions.sort(key=lambda m: (m.start, m.end, m.skill or "", m.kind))
        return Steps(tokens, keys, repaired, hits, spans, facts, found, chosen, mentions)

    def _facts(self, tokens: Tokens, keys: Keys, live: list[bool]) -> list[Typed]:
        # a heading may begin a fact that the section below it ends: «Опыт работы: от 1 года»
        places = [
            (tokens.starts[i], key.facts)
            for i, key in enumerate(keys.rows)
            if key.facts and (live[i] or any(live[i : i + _AHEAD]))
        ]
        facts = typed.find_typed(tokens.folded.text, places) if places else []
        return [t for t in facts if any(live[slice(*token_range(tokens, t.start, t.end))])]

    def _candidates(
        self,
        tokens: Tokens,
        keys: Keys,
        hits: list[Hit],
        repaired: dict[int, str],
        facts: list[Typed],
        live: list[bool],
    ) -> list[Found]:
        """Everything that may become an item of a sentence: phrases, coordinated phrases, typed facts."""
        out = _items(tokens, facts) if facts else []
        taken = [f.hit for f in out]
        blocked = self._blocked(tokens, keys, facts)
        unsaid = coordination.expand(self.index, tokens, keys, hits, live)
        rows = [h for rule, h in unsaid if rule == "shared_tail"] if unsaid else []
        for hit in hits:
            if hit.meaning.forms and not (rows and _is_member(hit, rows)):
                self._add_found(tokens, keys, "phrase", hit, blocked, taken, repaired, out)
        for rule, hit in unsaid:
            if hit.meaning.forms and not cuts_a_word(tokens, hit.start, hit.end):
                self._add_found(tokens, keys, rule, hit, blocked, taken, repaired, out)
        return out

    def _add_found(
        self,
        tokens: Tokens,
        keys: Keys,
        rule: str,
        hit: Hit,
        blocked: set[int] | None,
        taken: list[Hit],
        repaired: dict[int, str],
        out: list[Found],
    ) -> None:
        """Add the names of a phrase, unless it belongs to something that is no skill or is read already."""
        if blocked is not None and self._is_blocked(keys, hit, blocked):
            return
        is_taken = bool(taken) and any(t.start <= hit.start and hit.end <= t.end for t in taken)
        confidence = 1.0
        if repaired:
            for i in range(hit.start, hit.end):
                if i in repaired:
                    rule, confidence = repaired[i], 0.8
                    break
        for form in hit.meaning.forms:
            if is_taken and form.skill.kind == "permit":
                continue
            if (
                not form.alias.governed
                or hit.end - hit.start == len(keys.rows)  # an item of a list that says no more
                or is_governed(tokens, keys.lemma, self.index.actions, hit.start)
            ):
                out.append(Found(hit, rule, form, None, confidence))

    def _blocked(self, tokens: Tokens, keys: Keys, facts: list[Typed]) -> set[int] | None:
        """Words of what is no skill: of the names of institutions, and of what may not be asked; None for most texts."""
        blocked = self._school_words(tokens, keys) if keys.kinds & _SCHOOL else set()
        for fact in facts:
            if fact.kind == UNLAWFUL:  # «служба в армии» is no skill where it is asked of men
                blocked.update(range(*token_range(tokens, fact.start, fact.end)))
        return blocked or None

    @staticmethod
    def _is_blocked(keys: Keys, hit: Hit, blocked: set[int]) -> bool:
        """Whether a phrase is a part of a name that is no skill; «преподаватель колледжа» is more than a part."""
        words = range(hit.start, hit.end)
        return not blocked.isdisjoint(words) and _SCHOOLS.isdisjoint(keys.lemma[i] for i in words)

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


def _live(spans: list[Span], n: int) -> list[bool]:
    """Whether each of ``n`` words stands in a sentence that is read."""
    live = [False] * n
    for span in spans:
        for i in range(span.start, span.end):
            live[i] = True
    return live


def _are_sorted(mentions: list[Mention]) -> bool:
    """A quick yes for most texts: each mention begins behind the one before it."""
    return all(mentions[i].start < mentions[i + 1].start for i in range(len(mentions) - 1))


def _items(tokens: Tokens, facts: list[Typed]) -> list[Found]:
    """Typed facts that stand in a sentence as skills do."""
    out: list[Found] = []
    for fact in facts:
        if fact.kind in ITEM_KINDS:
            hit = Hit(*token_range(tokens, fact.start, fact.end), NOTHING)
            if hit.start < hit.end:
                out.append(Found(hit, fact.rule, fact=fact))
    return out


def _is_member(hit: Hit, rows: list[Hit]) -> bool:
    """«японской, грузинской кухни» is no language: one word that is only a part of a coordinated phrase."""
    if hit.end - hit.start > 1:
        return False
    is_language = hit.meaning.is_language
    return any(row.start == hit.start or (is_language and row.start <= hit.start < row.end - 1) for row in rows)


def _is_told(mention: Mention, facts: list[Typed], tokens: Tokens) -> bool:
    """Whether an unknown phrase is only a piece of a typed fact: the «3 лет» of «опыт до 3 лет»."""
    if mention.rule != "unknown-after-head":
        return False
    spans = (tokens.folded.original(f.start, f.end) for f in facts)
    return any(a < mention.end and mention.start < b for a, b in spans)


# ---------------------------------------------------------------- one reader a process

_readers: Final[dict[str, Reader]] = {}
_lock: Final = threading.Lock()


def reader_for(taxonomy: Taxonomy | None = None) -> Reader:
    """The reader of a taxonomy, built once per process."""
    taxonomy = taxonomy or Taxonomy.default()
    with _lock:
        if taxonomy.digest not in _readers:
            with no_collector():  # nothing of a reader is garbage while it is built
                _readers[taxonomy.digest] = Reader(taxonomy)
            gc.collect()
            gc.freeze()  # a reader lives as long as the process: the collector need not walk its 300,000 nodes
        return _readers[taxonomy.digest]

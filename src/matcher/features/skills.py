"""Reading skill text: from a string to mentions, in one visible order of steps.

fold -> words -> phrases -> coordination -> sentences and headings -> polarity -> typed facts -> mentions
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Sequence
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
from matcher.features.recent import Recent
from matcher.features.senses import Fields, choose, is_governed, weakest
from matcher.features.text import SOFT, Tokens, tokenize
from matcher.features.trace import Steps
from matcher.features.words import WordReader, cuts_a_word, find_phrases
from matcher.records import Mention
from matcher.taxonomy import Skill, Taxonomy

CONTEXTS: Final = (None, "skills", "title", "vacancy", "candidate")

TOGETHER: Final = 32
"""Texts that are read together; more are no sooner read, and need more memory."""
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
        return self.steps(text, context).mentions

    def read_many(self, texts: Sequence[str], context: str | None = None) -> list[list[Mention]]:
        """All mentions of each text, a few dozen texts at a time; see :meth:`steps_of`."""
        out: list[list[Mention]] = []
        for low in range(0, len(texts), TOGETHER):
            with no_collector():  # the steps of a few dozen texts have no circles, and are gone right after
                out += [s.mentions for s in self.steps_of(texts[low : low + TOGETHER], context)]
        return out

    def read_with_words(
        self, texts: Sequence[str], context: str | None = None
    ) -> list[tuple[list[Mention], list[str]]]:
        """All mentions of each text, and the lemma of every word, misspelt ones repaired, names and numbers left out.

        Short texts are remembered, the last 65,536 distinct ones at least: six of seven skills as typed were met before.
        """
        return self._recent[context].answers(texts, lambda asked, _: self._read_anew(asked, context))

    def _read_anew(self, texts: list[str], context: str | None) -> list[tuple[list[Mention], list[str]]]:
        return [
            (s.mentions, [key.lemma for key in s.keys.rows if key.is_content]) for s in self.steps_of(texts, context)
        ]

    def steps(self, text: str, context: str | None = None) -> Steps:
        """Everything that was decided on the way from a text to its mentions."""
        return self.steps_of([text], context)[0]

    def steps_of(self, texts: Sequence[str], context: str | None = None, rules: Sequence[int] = ()) -> list[Steps]:
        """The same for several texts, each step for all of them before the next one.

        The code of a step stays at hand for the next text then: a few dozen texts take 0.7 of the time they take one
        by one.

        Parameters
        ----------
        texts : sequence of str
        context : str, optional
        rules : sequence of int
            The rules of typed facts that are asked of each text, see :func:`typed.bits_of`; all of them by default.
        """
        read = [Steps(tokens, keys) for tokens, keys in self.words.read(texts, in_prose=context == "vacancy")]
        told = [s for s in read if s.tokens.words]
        for s in told:
            s.repaired = s.keys.mended()
            s.hits = find_phrases(self.index, s.tokens, s.keys)
        for s in told:
            break_at_capitals(s.tokens, s.hits)
            s.spans = outline(s.tokens, s.keys.lemma, s.hits, context)
            s.live = _live(s.spans, len(s.keys.rows))
        for i, s in enumerate(read):
            asked = rules[i] if rules else typed.EVERY_RULE
            if s.keys.facts & asked:
                s.facts = self._facts(s, asked)
        for s in told:
            s.found = self._candidates(s)
        for s in told:
            s.chosen = self._chosen(s, context)
        for s in told:
            s.mentions = self._mentions(s, context)
        return read

    def _chosen(self, s: Steps, context: str | None) -> list[Found]:
        """One sense of each name, and of weak names those that say something."""
        weak: list[Found] = []
        strong = s.found
        if s.keys.kinds & _WEAK:
            weak = [f for f in s.found if f.form is not None and f.form.alias.weak]
            strong = [f for f in s.found if f.form is None or not f.form.alias.weak]
        chosen = choose(s.tokens, s.keys, strong, self._fields, context)
        if context == "vacancy":
            chosen = in_company(s.tokens, s.spans, chosen, self._fields)
        if weak and context in (None, "skills") and not any(f.form for f in chosen):
            chosen = sorted([*chosen, *weakest(s.tokens, s.keys, weak, context)], key=lambda f: f.hit.start)
        return chosen

    def _mentions(self, s: Steps, context: str | None) -> list[Mention]:
        turns = s.keys.kinds & _TURNS != 0
        mentions = self._builder.build(s.tokens, s.keys.pos, s.spans, s.chosen, context, may_turn=turns)
        if s.facts:
            mentions = [m for m in [*mentions, *loose_facts(s.tokens, s.facts)] if not _is_told(m, s.facts, s.tokens)]
        if context == "skills" and not any(m.skill for m in mentions):
            add_unknown(s.tokens, 0, len(s.tokens), "unknown-item", mentions)
        if not _are_sorted(mentions):
            mentions.sort(key=lambda m: (m.start, m.end, m.skill or "", m.kind))
        return mentions

    def _facts(self, s: Steps, rules: int) -> list[Typed]:
        # a heading may begin a fact that the section below it ends: «Опыт работы: от 1 года»
        live, tokens = s.live, s.tokens
        places = [
            (tokens.starts[i], key.facts & rules)
            for i, key in enumerate(s.keys.rows)
            if key.facts & rules and (live[i] or any(live[i : i + _AHEAD]))
        ]
        facts = typed.find_typed(tokens.folded.text, places) if places else []
        return [t for t in facts if any(live[slice(*token_range(tokens, t.start, t.end))])]

    def _candidates(self, s: Steps) -> list[Found]:
        """Everything that may become an item of a sentence: phrases, coordinated phrases, typed facts."""
        tokens, keys, repaired, live = s.tokens, s.keys, s.repaired, s.live
        hits = [h for h in s.hits if live[h.start]]
        out = _items(tokens, s.facts) if s.facts else []
        taken = [f.hit for f in out]
        blocked = self._blocked(tokens, keys, s.facts)
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

"""What the words around a skill say of it: must or nice, claimed or denied, which level, one of several.

A sentence is a row of items (skills) and cues. Every cue has a *region*: the items it speaks of. A cue alone in
brackets speaks of what stands before them; a cue that opens its clause speaks of what follows; a cue that closes
one speaks of what came before. Clauses end at commas, brackets, dashes and colons.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from matcher.features.alternatives import judge_alternatives
from matcher.features.lexicon import CONJUNCTION, PREPOSITION, VERB
from matcher.features.meanings import NOTHING, Cue, Hit
from matcher.features.sentence import BUT, Judgement, Sentence, clause_before
from matcher.features.text import COMMA, DASH, OPEN, SOFT

_NOT: Final = frozenset({"не", "ни"})
_REFUSALS: Final[tuple[str, ...]] = (
    "обращ",
    "беспоко",
    "рассматр",
    "допуск",
    "принима",
    "предлаг",
    "звон",
    "отклик",
    "бер",
    "писать",
)
_BESIDES: Final = frozenset({"кроме", "помимо"})


@dataclass(frozen=True, slots=True)
class Region:
    """The tokens a cue speaks of, and from which side it does."""

    start: int
    end: int
    side: str  # before / after / bracket


def _region(s: Sentence, hit: Hit, stop: int, plural: bool, after_prefix: bool) -> Region:
    """Which tokens a marker such as «будет плюсом» speaks of.

    ``stop`` is where the territory of the marker before ends; ``after_prefix`` says that marker looks forward,
    so that this one may not reach back beyond its own clause.
    """
    low, high = s.start, s.end
    if s.bracket_of(hit.start):
        a, b = s.bounds(hit.start, s.bracket)
        if not s.has_content(a, b) and not s.items_in(a, b):
            begin = clause_before(s, a) if after_prefix else stop
            return Region(max(begin, stop), a, "bracket")
        low, high = a, b
    a, b = s.bounds(hit.start, s.chunk)
    a, b = max(a, low), min(b, high)
    if s.has_content(a, hit.start) or s.items_in(a, hit.start):
        alone = s.cue_in("head", a, hit.start) and not plural
        begin = a if alone or after_prefix else max(stop, low)
        region = Region(begin if plural else _same_row(s, begin, a, hit.start), hit.start, "before")
        closes = hit.end == b < s.end and s.tokens.gaps[b] == COMMA
        if s.items_in(region.start, region.end) or closes or not s.items_in(hit.end, high):
            return region
    if a == hit.start > low and s.tokens.gaps[a] == DASH and hit.end == b < high:  # «Revit — must, Figma — …»
        return Region(max(clause_before(s, a), stop), a, "before")
    if s.items_in(hit.end, high):
        return Region(hit.end, high, "after")
    return Region(max(stop, low), hit.start, "before")


def _same_row(s: Sentence, begin: int, clause: int, stop: int) -> int:
    """Where a singular marker's row begins: «С++, английский В2 будет плюсом» does not reach back to С++."""
    rows = [(s.items[k].meaning.is_language, s.items[k]) for k in s.items_in(begin, stop)]
    if rows and any(h.start < clause and other != rows[-1][0] for other, h in rows):
        return max(h.end for other, h in rows if other != rows[-1][0])
    return begin


def _is_plural(s: Sentence, hit: Hit) -> bool:
    return any(
        s.tokens.words[i].endswith(("ются", "утся", "будут", "тельны", "ходимы", "буются", "ужны"))
        for i in range(hit.start, hit.end)
    )


def _judge_tiers(s: Sentence, out: list[Judgement]) -> None:
    stop, after_prefix = s.start, False
    tiers = [(hit, cue) for hit, cue in s.cues if cue.kind == "tier"]
    for hit, cue in sorted([*tiers, *_bare_plus(s)], key=lambda pair: pair[0].start):
        region = _region(s, hit, stop, _is_plural(s, hit), after_prefix)
        for k in s.items_in(region.start, region.end):
            if region.side == "bracket" or not out[k].explicit or region.side == "after" or out[k].tier == "must":
                out[k].tier, out[k].explicit = cue.value, True
                out[k].rules.append(f"tier-{region.side}")
        stop, after_prefix = hit.end, region.side == "after"


def _bare_plus(s: Sentence) -> Iterator[tuple[Hit, Cue]]:
    """«Слепая печать — плюс»: the word marks a tier only behind a dash or alone in brackets, at its clause's end."""
    for i in range(s.start + 1, s.end):
        ends = i + 1 == s.end or s.tokens.gaps[i + 1] != SOFT
        turned = s.tokens.gaps[i] in (DASH, OPEN) or s.tokens.words[i - 1] in BUT
        if s.tokens.words[i] in {"плюс", "плюсом"} and ends and turned and i not in s.covered:
            yield Hit(i, i + 1, NOTHING), Cue("tier", "nice")


def _judge_unneeded(s: Sentence, out: list[Judgement]) -> None:
    """«Python не требуется»: negated, unless it was just called nice to have."""
    for hit, cue in s.cues:
        if cue.kind != "unneeded":
            continue
        low, high = s.start, s.end
        if s.bracket_of(hit.start):
            a, b = s.bounds(hit.start, s.bracket)
            if s.has_content(a, b) or s.items_in(a, b):
                low, high = a, b
            else:
                region = (clause_before(s, a), a)
                _negate(s, out, region, "unneeded-bracket")
                continue
        a, b = s.bounds(hit.start, s.chunk)
        a, b = max(a, low), min(b, high)
        before = s.has_content(a, hit.start) or bool(s.items_in(a, hit.start))
        if before:
            begin = low if _is_plural(s, hit) else a
            _negate(s, out, (begin, hit.start), "unneeded")
        elif s.items_in(hit.end, b):
            _negate(s, out, (hit.end, b), "unneeded")
        elif not s.has_content(hit.end, b):  # «Знание 1С - не обязательно»
            _negate(s, out, (clause_before(s, a) if a > low else a, a), "unneeded")


def _negate(s: Sentence, out: list[Judgement], region: tuple[int, int], rule: str) -> None:
    for k in s.items_in(*region):
        if out[k].tier == "nice" and out[k].explicit:
            continue
        out[k].stance = "negated"
        out[k].rules.append(rule)


def _judge_denied(s: Sentence, out: list[Judgement]) -> None:
    """«не работал с SolidWorks», «кроме Компаса», «без знания 1С», «Опыта с Docker нет»."""
    refused = _judge_refusal(s, out)
    for hit, cue in s.cues:
        if cue.kind not in {"denied", "except"} or refused or _is_besides(s, hit):
            continue
        a, b = s.bounds(hit.start, s.chunk)
        if cue.kind == "except":
            b = next((i for i in range(hit.end, b) if s.pos[i] == CONJUNCTION and not s.items_in(hit.end, i)), b)
        if s.items_in(hit.end, b):
            _negate(s, out, (hit.end, b), cue.kind)
        elif cue.kind == "denied" and not s.has_content(_after_verb(s, hit), b):
            if a == hit.start > s.start and s.tokens.gaps[a] == DASH:  # «Fanuc — нет, Heidenhain — да»
                a = clause_before(s, a)
            _negate(s, out, (a, hit.start), cue.kind)
    for item in s.items:
        i = item.start - 1
        if i > s.start and s.pos[i] == PREPOSITION and s.tokens.gaps[item.start] == s.tokens.gaps[i] == SOFT:
            i -= 1
        if i >= s.start and s.tokens.words[i] in _NOT and i not in s.covered and s.tokens.gaps[i + 1] == SOFT:
            _negate(s, out, (item.start, item.start + 1), "not")


def _is_besides(s: Sentence, hit: Hit) -> bool:
    """«Кроме Python знаю SQL» claims both: what is known follows."""
    if s.tokens.words[hit.start] not in _BESIDES or hit.start != s.start:
        return False
    return any(c.kind == "head" and s.pos[h.start] == VERB and s.items_in(hit.end, h.start) for h, c in s.cues)


def _after_verb(s: Sentence, hit: Hit) -> int:
    """Behind the verb that a denial ends in: «сваркой никогда не | занимался»."""
    j = hit.end
    return j + 1 if j < s.end and s.tokens.words[j - 1] in _NOT and s.pos[j] == VERB else j


def _judge_refusal(s: Sentence, out: list[Judgement]) -> bool:
    """«Без НАКС не обращаться»: two denials ask for the thing; whether the sentence is of this kind."""
    words = s.tokens.words
    end = next((i for i in range(s.start, s.end - 1) if words[i] == "не" and words[i + 1].startswith(_REFUSALS)), None)
    start = next((h.end for h, c in s.cues if c.kind == "except" and words[h.start] == "без"), None)
    if end is None or start is None or start > end:
        return False
    for k in s.items_in(start, end):
        out[k].tier, out[k].explicit = "must", True
        out[k].rules.append("refusal")
    return True


def _judge_wishes(s: Sentence, out: list[Judgement]) -> None:
    """«хотел бы изучить Docker»: an interest, not a skill; ends where the text turns back («но знаю…»)."""
    for hit, cue in s.cues:
        if cue.kind != "wish":
            continue
        before = _wished_before(s, hit)
        for k in before:
            out[k].stance = "wish"
            out[k].rules.append("wish-after")
        if before:
            continue
        end = next(
            (
                h.start
                for h, c in s.cues
                if c.kind == "head" and h.start > hit.end and s.chunk_of(h.start) != s.chunk_of(hit.start)
            ),
            s.end,
        )
        end = next((i for i in range(hit.end, end) if s.tokens.words[i] in BUT), end)
        for k in s.items_in(hit.end, end):
            out[k].stance = "wish"
            out[k].rules.append("wish")


def _wished_before(s: Sentence, hit: Hit) -> list[int]:
    """«Docker хотел бы изучить», «Docker (хочу изучить)», «Docker — хочу научиться»: items that a wish stands behind."""
    a, b = s.bounds(hit.start, s.chunk)
    if s.bracket_of(hit.start):
        a, b = s.bounds(hit.start, s.bracket)
        return [] if s.items_in(a, b) else list(s.items_in(clause_before(s, a), a))
    if s.items_in(hit.end, b):
        return []
    if a == hit.start > s.start and s.tokens.gaps[a] == DASH:
        a = clause_before(s, a)
    return list(s.items_in(a, hit.start))


def _judge_levels(s: Sentence, out: list[Judgement]) -> None:
    for hit, cue in s.cues:
        if cue.kind != "level":
            continue
        for k in _level_items(s, hit):
            if out[k].level is None or "level" not in out[k].rules:
                out[k].level = int(cue.value)
                out[k].rules.append("level")


def _level_items(s: Sentence, hit: Hit) -> list[int]:
    if s.bracket_of(hit.start):
        a, b = s.bounds(hit.start, s.bracket)
        if not s.items_in(a, b):
            before = s.items_in(clause_before(s, a), a)
            return before[-1:]
    a, b = s.bounds(hit.start, s.chunk)
    after = s.items_in(hit.end, b)
    if after:
        return after
    before = s.items_in(a, hit.start)
    if before:
        return before
    if b < s.end and "+" in s.tokens.seps[b] and not s.has_content(hit.end, b):  # «Middle+ Python-разработчик»
        return s.items_in(b, s.bounds(b, s.chunk)[1])
    return s.items_in(clause_before(s, a), a)[-1:] if a > s.start and not s.has_content(hit.end, b) else []


def _judge_benefits(s: Sentence, out: list[Judgement]) -> None:
    """«Оплачиваемые курсы английского»: what the employer gives is not what it asks."""
    for hit, cue in s.cues:
        if cue.kind != "benefit":
            continue
        a, _ = s.bounds(hit.start, s.chunk)
        if s.cue_in("head", a, s.end) or s.cue_in("tier", a, s.end):
            continue
        for k in s.items_in(a, s.end):
            out[k].silent = True
            out[k].rules.append("benefit")


RULES: Final[tuple[tuple[Callable[[Sentence, list[Judgement]], object], frozenset[str], frozenset[str]], ...]] = (
    (_judge_tiers, frozenset({"tier"}), frozenset({"плюс", "плюсом"})),
    (_judge_unneeded, frozenset({"unneeded"}), frozenset()),
    (_judge_denied, frozenset({"denied", "except"}), _NOT),
    (_judge_wishes, frozenset({"wish"}), frozenset()),
    (_judge_levels, frozenset({"level"}), frozenset()),
    (_judge_benefits, frozenset({"benefit"}), frozenset()),
    (judge_alternatives, frozenset({"or", "oneof"}), frozenset()),
)
"""The rules of a sentence in the order in which they speak, each with the kinds of cues and the words it waits for."""

_ANY_KIND: Final = frozenset().union(*(kinds for _, kinds, _ in RULES))
_NO_KINDS: Final[set[str]] = set()
WORDS: Final[frozenset[str]] = frozenset().union(*(words for _, _, words in RULES))
"""Words that some rule waits for."""


def judge(sentence: Sentence, *, tier: str | None = None, may_turn: bool = True) -> list[Judgement]:
    """Decide tier, stance, level and alternatives of every item of a sentence.

    Parameters
    ----------
    sentence : Sentence
        Items and cues of one sentence.
    tier : str or None
        What the heading above says; a marker in the sentence wins.
    may_turn : bool
        False where none of ``WORDS`` stands in the text.
    """
    kinds = {cue.kind for _, cue in sentence.cues} if sentence.cues else _NO_KINDS
    if not may_turn and (not kinds or kinds.isdisjoint(_ANY_KIND)):
        return [Judgement(tier)] * len(sentence.items)
    words = sentence.tokens.words[sentence.start : sentence.end]
    if kinds.isdisjoint(_ANY_KIND) and WORDS.isdisjoint(words):  # most sentences: one judgement serves all items
        return [Judgement(tier)] * len(sentence.items)
    out = [Judgement(tier) for _ in sentence.items]
    for rule, its_kinds, its_words in RULES if out else ():
        if not kinds.isdisjoint(its_kinds) or (its_words and not its_words.isdisjoint(words)):
            rule(sentence, out)
    return out

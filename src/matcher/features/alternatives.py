"""Alternatives: «AutoCAD и/или Компас», «одна из систем (Maven, Gradle)», «немецкий или французский язык»."""

from __future__ import annotations

from typing import Final

from matcher.features.meanings import Hit
from matcher.features.sentence import Judgement, Sentence
from matcher.features.text import COLON, OPEN

_LIKE_THEM: Final[tuple[str, ...]] = ("аналог", "подобн", "друг", "похож", "эквивалент", "similar", "other")


def judge_alternatives(s: Sentence, out: list[Judgement]) -> None:
    """«AutoCAD и/или Компас», «одна из систем (Maven, Gradle)»: numbers the groups of alternatives."""
    group = 0
    for cue in (h for h, c in s.cues if c.kind == "or"):
        members = _row_around(s, cue)
        if members:
            number = next((out[k].group for k in members if out[k].group is not None), None)
            group += number is None
            for k in members:
                out[k].group = number if number is not None else group
    for hit in (h for h, c in s.cues if c.kind == "oneof"):
        members = _listed(s, s.items_in(hit.end, s.end)) or _row_before(s, s.items_in(s.start, hit.start))
        if len(members) > 1:
            group += 1
            for k in members:
                out[k].group = group


def _row_around(s: Sentence, cue: Hit) -> list[int]:
    """The items that one «или» joins: those at its sides, and the commas' row to the left."""
    left, right = _sides(s, cue)
    if len(left) > 1 and cue.end < s.end and s.tokens.words[cue.end].startswith(_LIKE_THEM):  # «Maven или аналоги»
        a, b = left[-2:]
        joined = not s.has_content(s.items[a].end, s.items[b].start)
        joined = joined and not s.has_content(s.items[b].end, cue.start)
    elif left and right:
        a, b = left[-1], right[0]
        joined = not s.has_content(min(s.items[a].end, cue.start), min(max(s.items[b].start, cue.end), s.items[b].end))
    else:
        return []
    if not joined:
        return []
    members = [a, b, *(k for k in right[1:] if s.items[k].end == s.items[b].end)] if b in right else [a, b]
    while a > 0 and _only_comma(s, a) and _alike(s.items[a - 1], s.items[b]):
        a -= 1
        members.insert(0, a)
    return members


def _sides(s: Sentence, cue: Hit) -> tuple[list[int], list[int]]:
    """Items to the left and to the right of «или»; a phrase with a shared head or tail spans it.

    Of «английский или немецкий язык» the first reaches over to the shared tail where the second ends too.
    """
    left, right = [], []
    ends = {h.end for h in s.items if h.start >= cue.end}
    heads = {h.start for h in s.items if h.end <= cue.start}
    for k, h in enumerate(s.items):
        # «настройка Cisco или MikroTik»: what begins with the head of the first is the second
        if h.end <= cue.start or (h.start < cue.start and h.end in ends and h.start not in heads):
            left.append(k)
        else:
            right.append(k)
    return left, right


def _row_before(s: Sentence, items: list[int]) -> list[int]:
    """The row of items that ends before a marker: nothing but commas, slashes and «и» between them."""
    k = max(len(items) - 1, 0)
    while k > 0 and not s.has_content(s.items[items[k - 1]].end, s.items[items[k]].start):
        k -= 1
    return items[k:]


def _listed(s: Sentence, members: list[int]) -> list[int]:
    """Without the kind that heads the list: «одна из СУБД (MySQL, Oracle)» asks for MySQL or Oracle."""
    if len(members) > 2:
        first, second = (s.items[k] for k in members[:2])
        between = range(first.end, second.start + 1)
        if any(s.tokens.gaps[i] in (OPEN, COLON) for i in between):
            return members[1:]
    return members


def _alike(one: Hit, other: Hit) -> bool:
    """Of one kind and field, and neither the ground of the other: «Python, Django или FastAPI» is no choice of three."""
    first, second = ([form.skill for form in h.meaning.forms] for h in (one, other))
    return any(
        p.kind == q.kind and p.field == q.field and q.id not in p.parents and p.id not in q.parents
        for p in first
        for q in second
    )


def _only_comma(s: Sentence, k: int) -> bool:
    between = range(s.items[k - 1].end, s.items[k].start)
    return (
        not s.has_content(between.start, between.stop)
        and all(s.tokens.words[i] in {"и", "в", "на"} for i in between)
        and "," in s.tokens.seps[s.items[k].start]
    )

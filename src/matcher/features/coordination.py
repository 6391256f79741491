"""Coordinated ellipsis: «токарные, фрезерные и шлифовальные работы» names three works, one of them in full.

Each rule looks at a row of coordinated words and asks the phrase index for the phrases that were left unsaid.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from matcher.features.phrases import Form, Hit, Keys, PhraseIndex
from matcher.features.text import ADJECTIVE, COMMA, DASH, LATIN, NOUN, OTHER, PREPOSITION, SOFT, Tokens

_AND = frozenset({"и", "или", "либо", "а также", "and", "or"})
_MEMBERS = frozenset({NOUN, ADJECTIVE, LATIN, OTHER})
_LONGEST_TAIL = 6


def _next_member(tokens: Tokens, keys: Keys, i: int) -> int | None:
    """The token coordinated with token i: behind a comma, «и», «или», «и/или», or a hanging hyphen."""
    j = i + 1
    n = len(tokens)
    if j >= n:
        return None
    if tokens.gaps[j] == COMMA and tokens.seps[j].strip() == ",":
        if tokens.words[j] in _AND and j + 1 < n:
            j += 1
        return j if keys.pos[j] in _MEMBERS else None
    if tokens.gaps[j] in (SOFT, DASH) and tokens.words[j] in _AND:
        while j < n and tokens.words[j] in _AND and tokens.gaps[j] in (SOFT, DASH):
            j += 1
        if j < n and tokens.gaps[j] == SOFT and keys.pos[j] in _MEMBERS:
            return j
    return None


def _tail(tokens: Tokens, keys: Keys, i: int) -> list[int]:
    """Tokens that follow token i within its clause, prepositions left out."""
    out: list[int] = []
    j = i + 1
    while j < len(tokens) and tokens.gaps[j] == SOFT and len(out) < _LONGEST_TAIL:
        if keys.pos[j] != PREPOSITION:
            out.append(j)
        j += 1
    return out


def _forms(hit: Hit) -> bool:
    return any(isinstance(p, Form) for p in hit.payload)


def _ask(index: PhraseIndex, keys: Keys, head: Sequence[str], tail: Sequence[int], least: int) -> tuple[int, Hit] | None:
    found = index.find_path([*head, *(keys.lemma[t] for t in tail)])
    if not found or found[0] < least:
        return None
    used = found[0] - len(head)
    return used, Hit(0, tail[used - 1] + 1 if used else 0, tuple(found[1]))


def shared_tail(index: PhraseIndex, tokens: Tokens, keys: Keys, hits: Sequence[Hit]) -> Iterator[Hit]:
    """«жидкостная и газовая хроматография», «разработка и трассировка печатных плат»."""
    whole = {h.start: h.end for h in hits if _forms(h)}
    i = 0
    while i < len(tokens):
        members = [i]
        if keys.pos[i] in _MEMBERS:
            while (j := _next_member(tokens, keys, members[-1])) is not None and len(members) < 8:
                members.append(j)
        if len(members) > 1:
            tail = _tail(tokens, keys, members[-1])
            for m in members[:-1]:
                if whole.get(m, 0) <= m + 1 and keys.lemma[m] in index.root:
                    found = _ask(index, keys, [keys.lemma[m]], tail, 2)
                    if found:
                        yield Hit(m, found[1].end, found[1].payload)
        i = members[-1] if len(members) > 1 else i + 1


def shared_head(index: PhraseIndex, tokens: Tokens, keys: Keys, hits: Sequence[Hit]) -> Iterator[Hit]:
    """«ремонт насосов и компрессоров», «чтение чертежей и схем»."""
    starts = {h.start for h in hits if _forms(h) and h.end - h.start > 1}
    for hit in hits:
        if not _forms(hit) or hit.end - hit.start < 2:
            continue
        head = [keys.lemma[t] for t in range(hit.start, hit.end - 1) if keys.pos[t] != PREPOSITION]
        last = hit.end - 1
        for _ in range(6):
            j = _next_member(tokens, keys, last)
            if j is None or j in starts:
                break
            tail = [j, *_tail(tokens, keys, j)]
            found = _ask(index, keys, head, tail, len(head) + 1)
            if found:
                yield Hit(hit.start, found[1].end, found[1].payload)
            last = j


def hanging_hyphen(index: PhraseIndex, tokens: Tokens, keys: Keys, hits: Sequence[Hit]) -> Iterator[Hit]:
    """«водо- и теплоснабжение», «электро- и теплотехника»."""
    for i in range(len(tokens) - 2):
        if not tokens.seps[i + 1].startswith("- ") and not tokens.seps[i + 1].startswith("-,"):
            continue
        j = _next_member(tokens, keys, i)
        if j is None:
            j = i + 1 if tokens.seps[i + 1].startswith("-,") else None
        if j is None:
            continue
        first, second = tokens.words[i], keys.lemma[j]
        tail = _tail(tokens, keys, j)
        for k in range(2, len(second) - 3):
            found = _ask(index, keys, [first + second[k:]], tail, 1)
            if found:
                yield Hit(i, max(found[1].end, j + 1), found[1].payload)
                break


RULES = (shared_tail, shared_head, hanging_hyphen)


def expand(index: PhraseIndex, tokens: Tokens, keys: Keys, hits: Sequence[Hit]) -> list[tuple[str, Hit]]:
    """All phrases that coordination left unsaid, with the name of the rule that found each."""
    if not any(w in _AND for w in tokens.words):
        return []
    return [(rule.__name__, hit) for rule in RULES for hit in rule(index, tokens, keys, hits)]

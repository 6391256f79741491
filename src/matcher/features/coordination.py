"""Coordinated ellipsis: «токарные, фрезерные и шлифовальные работы» names three works, one of them in full.

Each rule looks at a row of coordinated words and asks the phrase index for the phrases that were left unsaid.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Final

from matcher.features.lexicon import ADJECTIVE, LATIN, NOUN, NUMBER, OTHER, PREPOSITION, VERB
from matcher.features.meanings import AND, Hit, Keys, Meaning
from matcher.features.phrases import PhraseIndex
from matcher.features.text import COMMA, DASH, SOFT, Tokens

_MEMBERS: Final = frozenset({NOUN, ADJECTIVE, LATIN, OTHER})
_LONGEST_TAIL: Final = 6
_MOST_MEMBERS: Final = 8


def _next_member(tokens: Tokens, keys: Keys, i: int) -> int | None:
    """The word coordinated with word i: behind a comma, «и», «или», «и/или», a slash."""
    j, n = i + 1, len(tokens.words)
    if j >= n:
        return None
    if _is_slashed(tokens, j) and tokens.words[j] not in AND:
        return j if keys.pos[j] in _MEMBERS or keys.pos[j] == NUMBER else None
    if tokens.gaps[j] == COMMA and tokens.seps[j].strip() == "," and tokens.words[j] not in AND:
        return j if keys.pos[j] in _MEMBERS else None
    while j < n and tokens.words[j] in AND and tokens.gaps[j] in (SOFT, DASH, COMMA):
        j += 1
    fits = i + 1 < j < n and (keys.pos[j] in _MEMBERS or keys.pos[j] == keys.pos[i] == NUMBER)
    return j if fits and tokens.gaps[j] == SOFT else None


def _is_slashed(tokens: Tokens, i: int) -> bool:
    return tokens.gaps[i] == SOFT and tokens.seps[i].strip() == "/"


def _joints(tokens: Tokens, keys: Keys, live: list[bool]) -> list[int]:
    """Words of the read sentences that may go on a row: «и», «или», an adjective behind a comma or slash."""
    out: list[int] = []
    last = OTHER
    for i, key in enumerate(keys.rows):
        if key.is_and:
            if live[i]:
                out.append(i)
        elif key.pos == ADJECTIVE == last and live[i] and (tokens.gaps[i] == COMMA or _is_slashed(tokens, i)):
            out.append(i)
        last = key.pos
    return out


def _groups(tokens: Tokens, keys: Keys, live: list[bool]) -> list[list[int]]:
    """Rows of coordinated single words: around «и» and «или», or adjectives between commas."""
    out: list[list[int]] = []
    last = -1
    for i in _joints(tokens, keys, live):
        if i <= last or not 0 < i < len(tokens.words) - 1:
            continue
        if tokens.words[i] in AND and tokens.gaps[i] not in (SOFT, DASH):
            continue
        members = [i - 1]
        while (
            members[0] > 0
            and tokens.gaps[members[0]] == COMMA
            and tokens.seps[members[0]].strip() == ","
            and keys.pos[members[0] - 1] == keys.pos[i - 1]
        ):
            members.insert(0, members[0] - 1)
        while len(members) < _MOST_MEMBERS and (j := _next_member(tokens, keys, members[-1])) is not None:
            members.append(j)
        if len(members) > 1:
            last = members[-1]
            out.append(members)
    return out


def _tail(tokens: Tokens, keys: Keys, i: int) -> list[int]:
    """Words that follow word i within its clause, prepositions left out."""
    out: list[int] = []
    j = i + 1
    while j < len(tokens.words) and tokens.gaps[j] == SOFT and len(out) < _LONGEST_TAIL:
        if keys.pos[j] != PREPOSITION:
            out.append(j)
        j += 1
    return out


def _ask(index: PhraseIndex, keys: Keys, head: Sequence[str], tail: Sequence[int], least: int) -> Hit | None:
    """The longest phrase of ``head`` and the words ``tail``; ``start`` of the hit is left to the caller."""
    found = index.find_path([*head, *(keys.lemma[t] for t in tail)])
    if not found or found[0] < least:
        return None
    used = found[0] - len(head)
    return Hit(0, tail[used - 1] + 1 if used > 0 else 0, found[1])


def shared_tail(index: PhraseIndex, tokens: Tokens, keys: Keys, hits: list[Hit], live: list[bool]) -> list[Hit]:
    """«жидкостная и газовая хроматография», «разработка и трассировка печатных плат»."""
    out: list[Hit] = []
    groups = _groups(tokens, keys, live)
    starts = [h.start for h in hits] if groups else []
    for members in groups:
        at = bisect_right(starts, members[0]) - 1
        if at >= 0 and hits[at].end > members[-1] and not hits[at].meaning.is_role:
            continue  # «Зарплата и управление персоналом» is one name
        tail = _tail(tokens, keys, members[-1])
        for m in members if tail else ():
            own = _hit_at(hits, starts, m)
            if own and not own.meaning.is_skill:
                continue
            for start, head in _heads(tokens, keys, members[0], m):
                hit = _ask(index, keys, head, tail, len(head) + 1) if head[0] in index.root.children else None
                if hit:
                    own = _hit_at(hits, starts, start)
                    if not own or own.end != hit.end or own.meaning.names != hit.meaning.names:
                        out.append(Hit(start, hit.end, hit.meaning))
                    break
    return out


def _hit_at(hits: list[Hit], starts: list[int], i: int) -> Hit | None:
    at = bisect_left(starts, i)
    return hits[at] if at < len(starts) and starts[at] == i else None


def _heads(tokens: Tokens, keys: Keys, first: int, m: int) -> list[tuple[int, list[str]]]:
    """What may begin the phrase of member m, longest first: the word that governs the row, a word of two halves."""
    word = keys.lemma[m]
    out: list[tuple[int, list[str]]] = []
    is_governed = (
        first > 0 and keys.pos[m] == ADJECTIVE and tokens.gaps[first] == SOFT and keys.pos[first - 1] in (NOUN, VERB)
    )
    if m and tokens.seps[m] == "-" and keys.pos[m - 1] != PREPOSITION:  # «кислотно-основное и … титрование»
        out.append((m - 1, [keys.lemma[m - 1], word]))
    if is_governed:
        out.append((first - 1, [keys.lemma[first - 1], word]))  # «чтение рабочих и сборочных чертежей»
    out.append((m, [word]))
    if is_governed:
        out.append((first - 1, [keys.lemma[first - 1]]))  # «чтение чертежей»
    return out


def shared_head(index: PhraseIndex, tokens: Tokens, keys: Keys, hits: list[Hit], live: list[bool]) -> list[Hit]:
    """«ремонт насосов и компрессоров», «чтение чертежей и схем»."""
    out: list[Hit] = []
    starts: list[int] = []
    for hit in hits:
        if hit.end - hit.start < 2 or not hit.meaning.is_skill:
            continue
        last = hit.end - 1
        j = _next_member(tokens, keys, last)
        if j is None:
            continue
        starts = starts or [h.start for h in hits]
        head = [keys.lemma[t] for t in range(hit.start, last) if keys.pos[t] != PREPOSITION]
        is_work = bool(head) and head[0] in index.actions
        for _ in range(_MOST_MEMBERS):
            if j is None or _stands_alone(_hit_at(hits, starts, j), is_work):
                break
            more = _ask(index, keys, head, [j, *_tail(tokens, keys, j)], len(head) + 1)
            if more:
                out.append(Hit(hit.start, more.end, more.meaning))
            j = _next_member(tokens, keys, j)
    return out


def _stands_alone(hit: Hit | None, is_work: bool) -> bool:
    """Whether the next member is a phrase of its own: a long one, a cue, or a name («1С УТ и WMS» is no «1С WMS»)."""
    if hit is None or hit.meaning.is_heading:
        return False
    if hit.end - hit.start > 1 or not hit.meaning.is_skill:
        return True
    forms = (form.alias for form in hit.meaning.forms)
    return not is_work and not all(a.ambiguous or a.governed or a.weak for a in forms)


def hanging_hyphen(index: PhraseIndex, tokens: Tokens, keys: Keys, hits: list[Hit], live: list[bool]) -> list[Hit]:
    """«водо- и теплоснабжение», «электро- и теплотехника»."""
    out: list[Hit] = []
    for i in [i - 1 for i in tokens.odd if tokens.seps[i].startswith(("- ", "-,"))]:
        if not 0 <= i < len(tokens.words) - 2:
            continue
        sep = tokens.seps[i + 1]
        j = i + 1 if sep.startswith("-,") else _next_member(tokens, keys, i)
        while j is not None and j + 1 < len(tokens.words) and tokens.seps[j + 1].startswith(("- ", "-,")):
            j = j + 1 if tokens.seps[j + 1].startswith("-,") else _next_member(tokens, keys, j)
        if j is None:
            continue
        first, second = tokens.words[i], keys.lemma[j]
        tail = _tail(tokens, keys, j)
        if tail and tokens.seps[j + 1] == "-" and (hit := _ask(index, keys, [keys.lemma[i]], tail, 2)):
            out.append(Hit(i, hit.end, hit.meaning))  # «email-, SMM- и контент-маркетинг»
            continue
        for k in range(2, len(second) - 3):
            hit = _ask(index, keys, [first + second[k:]], tail, 1)
            if hit:
                out.append(Hit(i, max(hit.end, j + 1), hit.meaning))
                break
    return out


def name_inside(index: PhraseIndex, tokens: Tokens, keys: Keys, hits: list[Hit], live: list[bool]) -> list[Hit]:
    """«администрирование Linux»: the work is one skill, the product in it another."""
    out: list[Hit] = []
    for hit in hits:
        if hit.end - hit.start < 2 or not hit.meaning.is_skill or LATIN not in keys.pos[hit.start : hit.end]:
            continue
        latin = [i for i in range(hit.start, hit.end) if keys.pos[i] == LATIN]
        if not latin or len(latin) == hit.end - hit.start or latin[-1] - latin[0] >= len(latin):
            continue
        found = index.find_path([keys.lemma[i] for i in latin])
        if found and found[0] == len(latin):
            named = hit.meaning.names
            plain = [form for form in found[1].forms if not form.alias.ambiguous and form.skill.id not in named]
            if plain:
                out.append(Hit(latin[0], latin[-1] + 1, Meaning(plain)))
    return out


def expand(index: PhraseIndex, tokens: Tokens, keys: Keys, hits: list[Hit], live: list[bool]) -> list[tuple[str, Hit]]:
    """All phrases that coordination left unsaid, with the name of the rule that found each."""
    out = [("name_inside", hit) for hit in name_inside(index, tokens, keys, hits, live)]
    out += [("shared_tail", hit) for hit in shared_tail(index, tokens, keys, hits, live)]
    out += [("shared_head", hit) for hit in shared_head(index, tokens, keys, hits, live)]
    out += [("hanging_hyphen", hit) for hit in hanging_hyphen(index, tokens, keys, hits, live)]
    return out

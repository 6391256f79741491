"""Which sense of a phrase is meant: capitals where they are asked for, ambiguous names only in their field."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, replace

from matcher.features import typed
from matcher.features.phrases import Form, Hit
from matcher.features.text import COMMA, DASH, SOFT, Tokens
from matcher.taxonomy import Skill

_SCHOOLS = ("университет", "институт", "академи")
_ROWS = frozenset({"shared_tail", "shared_head", "hanging_hyphen"})
_WEAK = 0.5
_FIRST_WORDS = 2
"""A weak name stands among so many first words of its text, or says nothing."""
_GOVERNED_WITHIN = 8
_REACH = 40
"""Words within which a sure mention of the same field backs an ambiguous one."""


@dataclass(frozen=True, slots=True)
class Found:
    """A hit on its way to a mention: what it is, by which rule, and how sure."""

    hit: Hit
    rule: str
    form: Form | None = None
    fact: typed.Typed | None = None
    confidence: float = 1.0


def choose(
    tokens: Tokens, found: Sequence[Found], fields: Callable[[Skill], set[str]], context: str | None
) -> list[Found]:
    """Keep one sense of each hit, by place.

    An ambiguous name («C», «ОС») counts where a sure skill of its field stands near, or where it stands alone.

    Parameters
    ----------
    fields : callable
        The fields of work that an entry speaks of.
    """
    sure: dict[str, list[int]] = {}
    groups: dict[tuple[int, int], list[Found]] = {}
    for f in found:
        if f.form and (_is_lower(tokens, f) or _is_short_and_glued(tokens, f.hit) or _is_of_school(tokens, f.hit)):
            continue
        groups.setdefault((f.hit.start, f.hit.end), []).append(f)
        if f.form and not f.form.alias.ambiguous:
            for name in fields(f.form.skill):
                sure.setdefault(name, []).append(f.hit.start)
    out: list[Found] = []
    for (start, end), group in groups.items():
        plain = [f for f in group if not (f.form and f.form.alias.ambiguous)]
        if plain:
            out.extend({_name(f): f for f in reversed(plain)}.values())
            continue
        votes = [_votes(f, start, sure, fields) for f in group]
        if max(votes) and not _is_glued(tokens, start, end):
            out.append(group[votes.index(max(votes))])
        elif context in (None, "skills", "title") and start == 0 and end == len(tokens):
            out.append(replace(group[0], confidence=0.6))
    return sorted(out, key=lambda f: (f.hit.start, f.hit.end))


def is_governed(tokens: Tokens, lemmas: Sequence[str], actions: Container[str], start: int) -> bool:
    """«ремонт и наладка насосов»: whether a word of action stands before word ``start`` in its clause."""
    i = start
    while i > max(0, start - _GOVERNED_WITHIN) and tokens.gaps[i] in (SOFT, DASH, COMMA):
        i -= 1
        if lemmas[i] in actions:
            return True
    return False


def weakest(weak: Sequence[Found]) -> list[Found]:
    """What a short phrase names when it names nothing better: its first word of action («ремонт касс»)."""
    return [replace(weak[0], confidence=_WEAK)] if weak and weak[0].hit.start <= _FIRST_WORDS else []


def _name(f: Found) -> tuple[str, bool, str]:
    """One phrase names one skill and one role; a coordinated row as many as it has members."""
    if f.form is None:
        return f.rule, False, ""
    return f.rule, f.form.skill.kind == "role", f.form.skill.id if f.rule in _ROWS else ""


def _votes(f: Found, start: int, sure: dict[str, list[int]], fields: Callable[[Skill], set[str]]) -> int:
    if f.form is None:
        return 0
    return max((_near(start, sure.get(name, ())) for name in fields(f.form.skill)), default=0)


def _near(start: int, places: Sequence[int]) -> int:
    """How many sure mentions stand within the reach of an ambiguous name."""
    return sum(abs(p - start) <= _REACH for p in places)


def _is_lower(tokens: Tokens, f: Found) -> bool:
    """An abbreviation that counts in capitals only, typed otherwise."""
    return f.form is not None and f.form.alias.capitals and not tokens.slice(f.hit.start, f.hit.end).isupper()


def _is_short_and_glued(tokens: Tokens, hit: Hit) -> bool:
    """«разработка Go-to-Market»: a phrase that ends in two Latin letters of a longer name."""
    last = tokens.words[hit.end - 1]
    return len(last) <= 2 and last.isascii() and last.isalpha() and _is_glued(tokens, hit.start, hit.end)


def _is_of_school(tokens: Tokens, hit: Hit) -> bool:
    """«Институт стали и сплавов», «Университет машиностроения»: the name of a school goes on behind the noun."""
    i = hit.start - 1
    return i >= 0 and tokens.gaps[hit.start] == SOFT and tokens.words[i].startswith(_SCHOOLS)


def _is_glued(tokens: Tokens, start: int, end: int) -> bool:
    """«R&D», «Go-to-Market»: a short name grown together with its neighbour is another name."""
    before = tokens.seps[start] if start else " "
    after = tokens.seps[end] if end < len(tokens) else " "
    return before in {"&", "-", "_", "'"} or after in {"&", "-", "_", "'"}

"""Names in a vacancy that count only in the company of their field.

What a worker does is said more than once: beside commissioning stand cabinets, sensors and drives. A name that stands
behind other words of its sentence, with nothing of its field around, is mostly cargo, a paper about what others do,
another department, or what the firm sells.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Final

from matcher.features.found import Found
from matcher.features.meanings import Form
from matcher.features.outline import Span
from matcher.features.parts import KNOWING, is_called, is_other_name, means
from matcher.features.senses import Fields
from matcher.features.text import SOFT, Tokens

_REACH: Final = 40
"""Words within which other names of its field keep a name company."""
_BEHIND: Final = 2
_FAR: Final = 5
"""So many words of meaning before a name in its sentence: something else leads it, and it is far from what leads it."""
_COMPANY: Final = 5
"""Names of its field that a doubtful name must have around it; any other name needs one."""
_FEW: Final = 2
"""Entries of a field, the name's own among them, that are no company however far apart they stand."""
_SAYS_MUCH: Final = 9
"""A text with fewer names has no company to offer."""
_FREE: Final = frozenset({"role", "language", "permit", "soft"})
"""Kinds that stand alone in most texts."""


def in_company(tokens: Tokens, spans: Sequence[Span], chosen: list[Found], fields: Fields) -> list[Found]:
    """Leave out names that lack company: «развоз грунтовок и эмалей по складам» by a driver.

    Parameters
    ----------
    spans : sequence of Span
        The sentences that are read.
    chosen : list of Found
        All names of the text, by place.
    fields : Fields
        The fields of work that an entry speaks of.
    """
    if len(chosen) < _SAYS_MUCH:
        return chosen
    places: dict[str, tuple[list[int], list[str]]] = {}
    for f in chosen:
        if f.form:
            for name in fields.of(f.form.skill):
                starts, ids = places.setdefault(name, ([], []))
                starts.append(f.hit.start)
                ids.append(f.form.skill.id)
    bounds = [span.start for span in spans]
    out = []
    for f in chosen:
        if f.form and f.form.skill.kind not in _FREE and not f.form.skill.label.isascii():
            span = spans[bisect_right(bounds, f.hit.start) - 1]
            if _is_stranger(tokens, span, f, f.form, *places[f.form.skill.field]):
                continue
        out.append(f)
    return out


def _is_stranger(tokens: Tokens, span: Span, f: Found, form: Form, starts: Sequence[int], ids: Sequence[str]) -> bool:
    """Whether a name has less company than it needs; ``starts`` and ``ids`` are the names of its field in the text."""
    start, end, own = f.hit.start, f.hit.end, form.skill.id
    around = ids[bisect_left(starts, start - _REACH) : bisect_right(starts, start + _REACH)]
    company = len(around) - around.count(own)
    if company >= _COMPANY:
        return False
    depth = _depth(tokens, span.start, start)
    if depth < _BEHIND:
        return False
    goes_on = end < len(tokens) and tokens.gaps[end] == SOFT
    if company == 0 and (goes_on or depth >= _FAR) and len(set(ids)) <= _FEW:
        return True
    if not goes_on and tokens.gaps[start] != SOFT:
        return False  # all of an item: «сварка, датчики, пайка»
    if span.section is None or (form.alias.ambiguous and not form.alias.text.isascii()):
        return True
    return goes_on and is_other_name(form) and not is_called(tokens, form, start, end)


def _depth(tokens: Tokens, start: int, end: int) -> int:
    """How many words that mean something stand before a name, at most five; «опыт», «знание» and the like are none."""
    depth = 0
    for i in range(start, end):
        word = tokens.words[i]
        if means(word) and not word.startswith(KNOWING):
            depth += 1
            if depth == _FAR:
                break
    return depth

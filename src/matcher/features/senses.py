"""Which sense of a phrase is meant: capitals where they are asked for, ambiguous names only in their field."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from itertools import pairwise
from typing import Final

from matcher.features.doings import is_led
from matcher.features.found import Found
from matcher.features.meanings import Keys
from matcher.features.names import WITH, is_glued, no_name
from matcher.features.parts import without_parts
from matcher.features.text import COMMA, DASH, SOFT, Tokens
from matcher.taxonomy import Skill

_ROWS: Final = frozenset({"shared_tail", "shared_head", "hanging_hyphen"})
_ALSO: Final = frozenset({"и", "или", "либо", "на", "в", "немного", "чуть"})
_KNOWING: Final = frozenset({"знать", "знание", "владеть", "владение"})
_KNOWING_IN: Final = frozenset(
    (preposition, verb)
    for preposition, verbs in (
        ("на", ("писать", "программировать", "программирование", "кодить", "разработка", "разрабатывать")),
        ("в", ("работа", "работать", "чертить", "черчение", "моделировать", "проектировать", "проектирование")),
    )
    for verb in verbs
)
_ALONE: Final = 0.6
_WEAK: Final = 0.5
_FIRST_WORDS: Final = 2
"""A weak name stands among so many first words of its text, or says nothing."""
_GOVERNED_WITHIN: Final = 8
_GIVEN: Final = frozenset({"основа", "основание", "рамка", "соответствие", "согласно", "соответствующий"})
"""Words behind which a thing is given, and not worked on."""
_LEAST_VOTES: Final = 2
_CROWD: Final = 12
_EVERYWHERE: Final = frozenset({"soft", "lang", "edu", "gen", "law", "role"})
_REACH: Final = 40
"""Words within which a sure mention of the same field backs an ambiguous one."""


class Fields:
    """The fields of work that an entry speaks of: its own, or for a role those of what it implies.

    Parameters
    ----------
    implied : mapping of id to entries
        What the name of a role proves.
    """

    __slots__ = ("_implied", "_known")

    def __init__(self, implied: Mapping[str, Sequence[Skill]]) -> None:
        self._implied = implied
        self._known: dict[str, frozenset[str]] = {}

    def of(self, skill: Skill) -> frozenset[str]:
        """The fields of one entry, worked out once."""
        found = self._known.get(skill.id)
        if found is None:
            fields = [s.field for s in self._implied.get(skill.id, ())] if skill.kind == "role" else [skill.field]
            found = self._known[skill.id] = frozenset(fields)
        return found

    def forget(self) -> None:
        """Forget what was worked out while the implied entries were still being read."""
        self._known.clear()


def choose(tokens: Tokens, keys: Keys, found: list[Found], fields: Fields, context: str | None) -> list[Found]:
    """Keep one sense of each hit, by place.

    An ambiguous name («C», «ОС») counts where a sure skill of its field stands near, where it stands alone or right
    behind a word of knowing («пишу на R»), and where several of one field are listed («R, C, Go»).

    Parameters
    ----------
    keys : Keys
        What is known of each word of ``tokens``.
    fields : Fields
        The fields of work that an entry speaks of.
    """
    width = len(tokens) + 1
    named = [f for f in found if no_name(tokens, f, context, keys.rules) is None]
    groups = _grouped(named, width, context)
    out: list[Found] = []
    unsure: list[list[Found]] = []
    for group in groups:
        plain = [f for f in group if f.form is None or not f.form.alias.ambiguous]
        if not plain:
            unsure.append(group)
        elif len(plain) == 1:
            out.append(plain[0])
        else:
            out.extend({_name(f): f for f in reversed(plain)}.values())
    if unsure:
        sure, listed = _sure(groups, fields), _listed(tokens, unsure)
        for group in unsure:
            sense = _sense(tokens, keys.lemma, group, [_votes(f, sure, fields) for f in group], listed, context)
            if sense is not None:
                out.append(sense)
    if context == "vacancy":
        out = _without_strangers(out, fields)
    if not all(out[i].hit.start < out[i + 1].hit.start for i in range(len(out) - 1)):
        out.sort(key=lambda f: f.hit.start * width + f.hit.end)
    return without_parts(tokens, out) if context == "skills" else out


def _grouped(found: list[Found], width: int, context: str | None) -> list[list[Found]]:
    """What stands at one place, place by place as they are first met."""
    groups: dict[int, list[Found]] = {}
    out: list[list[Found]] = []
    for f in found:
        place = f.hit.start * width + f.hit.end
        group = groups.get(place)
        if group is None:
            group = groups[place] = [f]
            out.append(group)
        else:
            group.insert(0 if context == "title" and _is_role(f) else len(group), f)
    return out


def _sure(groups: list[list[Found]], fields: Fields) -> dict[str, list[int]]:
    """Where each field of work is spoken of by a name that is not ambiguous."""
    sure: dict[str, list[int]] = {}
    for group in groups:
        for f in group:
            if f.form is not None and not f.form.alias.ambiguous:
                for name in fields.of(f.form.skill):
                    sure.setdefault(name, []).append(f.hit.start)
    return sure


def _without_strangers(chosen: list[Found], fields: Fields) -> list[Found]:
    """A text that speaks of one field means no skill by the only name of another: «показания датчиков» for DevOps.

    Names in Latin letters mean the same everywhere, and some fields are at home in every text.
    """
    counts: dict[str, int] = {}
    for f in chosen:
        if f.form is not None:
            for name in fields.of(f.form.skill):
                counts[name] = counts.get(name, 0) + 1
    if not any(n >= _CROWD and name not in _EVERYWHERE for name, n in counts.items()):
        return chosen
    return [f for f in chosen if f.form is None or not _is_stranger(f.form.skill, counts)]


def _is_stranger(skill: Skill, counts: dict[str, int]) -> bool:
    field = skill.field
    return counts.get(field) == 1 and field not in _EVERYWHERE and skill.kind != "role" and not skill.label.isascii()


def _sense(
    tokens: Tokens,
    lemmas: list[str],
    group: list[Found],
    votes: list[int],
    listed: dict[int, str],
    context: str | None,
) -> Found | None:
    """The sense of an ambiguous name that the words around it speak for; None where they speak for none."""
    hit = group[0].hit
    best = group[votes.index(max(votes))]
    if hit.start == 0 and hit.end == len(tokens) and context not in ("vacancy", "candidate"):
        return best.less_sure(_ALONE)
    if is_glued(tokens, hit.start, hit.end):
        return None
    if max(votes) >= (_LEAST_VOTES if context == "vacancy" else 1):
        return best
    if hit.start in listed:
        return next(f for f in group if f.form and f.form.skill.field == listed[hit.start]).less_sure(_ALONE)
    return best.less_sure(_ALONE) if len(group) == 1 and _is_headed(tokens, lemmas, hit.start) else None


def _is_role(f: Found) -> bool:
    """A title that may name a product or a person («Иллюстратор») names the person."""
    return f.form is not None and f.form.skill.kind == "role"


def _listed(tokens: Tokens, groups: list[list[Found]]) -> dict[int, str]:
    """The field of ambiguous names that stand in a row with nothing between them but commas and «и»: «РФА, СЭМ и ДСК»."""
    out: dict[int, str] = {}
    for one, other in pairwise(sorted(groups, key=lambda group: group[0].hit.start)):
        a, b = one[0].hit, other[0].hit
        between = range(a.end, b.start)
        joined = all(tokens.words[i] in _ALSO for i in between) and len(between) < 3
        if joined and tokens.gaps[b.start] in (SOFT, COMMA) and ("," in tokens.seps[a.end] or between):
            fields = [{f.form.skill.field for f in group if f.form} for group in (one, other)]
            shared = sorted(fields[0] & fields[1])
            if shared and {f.form.skill.id for f in one if f.form}.isdisjoint(f.form.skill.id for f in other if f.form):
                out.setdefault(a.start, shared[0])
                out.setdefault(b.start, shared[0])
    return out


def _is_headed(tokens: Tokens, lemmas: list[str], start: int) -> bool:
    """«знаю Компас», «работа в Компасе», «пишу на Go»: a word of knowing right before the name."""
    i = start - 1
    if i < 0 or tokens.gaps[start] != SOFT:
        return False
    if lemmas[i] in _KNOWING:
        return True
    return i > 0 and tokens.gaps[i] == SOFT and (tokens.words[i], lemmas[i - 1]) in _KNOWING_IN


def is_governed(tokens: Tokens, lemmas: list[str], actions: Container[str], start: int) -> bool:
    """«ремонт и наладка насосов»: whether a word of action stands before word ``start`` in its clause."""
    i = start
    if start and tokens.words[start - 1] in WITH and (start < 2 or lemmas[start - 2] not in actions):
        return False  # «хранение установки с двигателем»
    if start and lemmas[start - 1] in _GIVEN:
        return False  # «разработка на основе технического задания»
    while i > max(0, start - _GOVERNED_WITHIN) and tokens.gaps[i] in (SOFT, DASH, COMMA):
        i -= 1
        if lemmas[i] in actions:
            return True
    return False


def weakest(tokens: Tokens, keys: Keys, weak: list[Found], context: str | None = None) -> list[Found]:
    """What a short phrase names when it names nothing better: its first word of action («ремонт касс»)."""
    first = weak[0]
    if first.hit.start > _FIRST_WORDS or no_name(tokens, first, None):
        return []
    if not is_led(tokens, keys, first, listed=context == "skills"):
        return []
    return [first.less_sure(_WEAK)]


def _name(f: Found) -> tuple[str, bool, str]:
    """One phrase names one skill and one role; a coordinated row as many as it has members."""
    if f.form is None:
        return f.rule, False, ""
    return f.rule, f.form.skill.kind == "role", f.form.skill.id if f.rule in _ROWS else ""


def _votes(f: Found, sure: dict[str, list[int]], fields: Fields) -> int:
    if f.form is None:
        return 0
    most = 0
    for name in fields.of(f.form.skill):
        places = sure.get(name)
        if places is not None:
            most = max(most, _near(f.hit.start, places))
    return most


def _near(start: int, places: list[int]) -> int:
    """How many sure mentions stand within the reach of an ambiguous name."""
    n = 0
    for p in places:
        if abs(p - start) <= _REACH:
            n += 1
    return n

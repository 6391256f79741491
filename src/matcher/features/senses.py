"""Which sense of a phrase is meant: capitals where they are asked for, ambiguous names only in their field."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from itertools import pairwise
from typing import NamedTuple

from matcher.features.fragments import Typed
from matcher.features.phrases import Form, Hit
from matcher.features.text import COMMA, DASH, SOFT, Tokens
from matcher.taxonomy import Skill

_SCHOOLS = ("университет", "институт", "академи")
_OF_SPEECH = (
    "реч",
    "документ",
    "литератур",
    "терминолог",
    "граммат",
    "лексик",
    "письм",
    "и",
    "или",
    "перепис",
    "версии",
)
_ROWS = frozenset({"shared_tail", "shared_head", "hanging_hyphen"})
_ALSO = frozenset({"и", "или", "либо", "на", "в", "немного", "чуть"})
_KNOWING = frozenset({"знать", "знание", "владеть", "владение"})
_KNOWING_IN = frozenset(
    (preposition, verb)
    for prepositions, verbs in (
        ("на", ("писать", "программировать", "программирование", "кодить", "разработка", "разрабатывать")),
        ("в", ("работа", "работать", "чертить", "черчение", "моделировать", "проектировать", "проектирование")),
    )
    for preposition in prepositions.split()
    for verb in verbs
)
_WITH = frozenset({"с", "со", "для"})
_ALSO_PREPOSITIONS = frozenset({"по", "от", "то"})
_STREETS = frozenset(
    [
        "ул",
        "улица",
        "улице",
        "пр",
        "проспект",
        "проспекте",
        "пркт",
        "бульвар",
        "бул",
        "пер",
        "переулок",
        "пл",
        "площадь",
        "метро",
        "жк",
        "шоссе",
        "наб",
        "проезд",
    ]
)
_ON = frozenset({"на", "язык", "языке", "языка", "и", "или", "знание", "знать", "знаю"})
_UNITS = ("команд", "отдел", "департамент", "подразделени", "служб", "дирекци")
_ALONE = 0.6
_WEAK = 0.5
_FIRST_WORDS = 2
"""A weak name stands among so many first words of its text, or says nothing."""
_GOVERNED_WITHIN = 8
_REACH = 40
"""Words within which a sure mention of the same field backs an ambiguous one."""


class Found(NamedTuple):
    """A hit on its way to a mention: what it is, by which rule, and how sure."""

    hit: Hit
    rule: str
    form: Form | None = None
    fact: Typed | None = None
    confidence: float = 1.0


def choose(
    tokens: Tokens,
    lemmas: Sequence[str],
    found: Sequence[Found],
    fields: Callable[[Skill], set[str]],
    context: str | None,
) -> list[Found]:
    """Keep one sense of each hit, by place.

    An ambiguous name («C», «ОС») counts where a sure skill of its field stands near, where it stands alone or right
    behind a word of knowing («пишу на R»), and where several of one field are listed («R, C, Go»).

    Parameters
    ----------
    lemmas : sequence of str
        The lemma of each word of ``tokens``.
    fields : callable
        The fields of work that an entry speaks of.
    """
    sure: dict[str, list[int]] = {}
    groups: dict[tuple[int, int], list[Found]] = {}
    for f in found:
        if f.form and _is_no_name(tokens, f, f.form, context):
            continue
        group = groups.setdefault((f.hit.start, f.hit.end), [])
        group.insert(0 if context == "title" and _is_role(f) else len(group), f)
        if f.form and not f.form.alias.ambiguous:
            for name in fields(f.form.skill):
                sure.setdefault(name, []).append(f.hit.start)
    listed = _listed(tokens, [group[0] for group in groups.values() if len(group) == 1])
    out: list[Found] = []
    for (start, end), group in groups.items():
        plain = [f for f in group if not (f.form and f.form.alias.ambiguous)]
        if plain:
            out.extend({_name(f): f for f in reversed(plain)}.values())
            continue
        votes = [_votes(f, start, sure, fields) for f in group]
        best = group[votes.index(max(votes))]
        if start == 0 and end == len(tokens) and context not in ("vacancy", "candidate"):
            out.append(best._replace(confidence=_ALONE))
        elif max(votes) and not _is_glued(tokens, start, end):
            out.append(best)
        elif len(group) == 1 and _is_backed(tokens, lemmas, start, end, listed):
            out.append(best._replace(confidence=_ALONE))
    return sorted(out, key=lambda f: (f.hit.start, f.hit.end))


def _is_role(f: Found) -> bool:
    """A title that may name a product or a person («Иллюстратор») names the person."""
    return f.form is not None and f.form.skill.kind == "role"


def _is_backed(tokens: Tokens, lemmas: Sequence[str], start: int, end: int, listed: Container[int]) -> bool:
    """Whether the words beside an ambiguous name make it one, where no sure skill of its field is near."""
    return not _is_glued(tokens, start, end) and (start in listed or _is_headed(tokens, lemmas, start))


def _listed(tokens: Tokens, singles: Sequence[Found]) -> set[int]:
    """Where ambiguous names of one field stand in a row with nothing between them but commas and «и»."""
    out: set[int] = set()
    row = sorted((f for f in singles if f.form and f.form.alias.ambiguous), key=lambda f: f.hit.start)
    for one, other in pairwise(row):
        between = range(one.hit.end, other.hit.start)
        joined = all(tokens.words[i] in _ALSO for i in between) and len(between) < 3
        if joined and tokens.gaps[other.hit.start] in (SOFT, COMMA) and one.form and other.form:
            same = one.form.skill.field == other.form.skill.field and one.form.skill is not other.form.skill
            if same and ("," in tokens.seps[one.hit.end] or between):
                out.update((one.hit.start, other.hit.start))
    return out


def _is_headed(tokens: Tokens, lemmas: Sequence[str], start: int) -> bool:
    """«знаю Компас», «работа в Компасе», «пишу на Go»: a word of knowing right before the name."""
    i = start - 1
    if i < 0 or tokens.gaps[start] != SOFT:
        return False
    if lemmas[i] in _KNOWING:
        return True
    return i > 0 and tokens.gaps[i] == SOFT and (tokens.words[i], lemmas[i - 1]) in _KNOWING_IN


def is_governed(tokens: Tokens, lemmas: Sequence[str], actions: Container[str], start: int) -> bool:
    """«ремонт и наладка насосов»: whether a word of action stands before word ``start`` in its clause."""
    i = start
    if start and tokens.words[start - 1] in _WITH and (start < 2 or lemmas[start - 2] not in actions):
        return False  # «хранение установки с двигателем»
    while i > max(0, start - _GOVERNED_WITHIN) and tokens.gaps[i] in (SOFT, DASH, COMMA):
        i -= 1
        if lemmas[i] in actions:
            return True
    return False


def weakest(weak: Sequence[Found]) -> list[Found]:
    """What a short phrase names when it names nothing better: its first word of action («ремонт касс»)."""
    return [weak[0]._replace(confidence=_WEAK)] if weak and weak[0].hit.start <= _FIRST_WORDS else []


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


def _is_no_name(tokens: Tokens, f: Found, form: Form, context: str | None) -> bool:
    if context == "vacancy" and f.hit.start and _is_department(tokens, f):
        return True
    return _may_be_no_name(tokens, f, form) and any(rule(tokens, f) for rule in NO_NAMES)


def _may_be_no_name(tokens: Tokens, f: Found, form: Form) -> bool:
    """A quick no for most names, which none of the rules below concerns."""
    last = tokens.words[f.hit.end - 1]
    if form.alias.capitals or form.skill.kind in {"language", "role"} or len(last) <= 2 or last.isascii():
        return True
    before = tokens.words[f.hit.start - 1] if f.hit.start else ""
    return last.startswith("ответств") or before.startswith(_SCHOOLS) or before in _STREETS or before == "т"


def _is_lower(tokens: Tokens, f: Found) -> bool:
    """An abbreviation that counts in capitals only, typed otherwise."""
    return f.form is not None and f.form.alias.capitals and not tokens.slice(f.hit.start, f.hit.end).isupper()


def _is_short_and_glued(tokens: Tokens, f: Found) -> bool:
    """«разработка Go-to-Market»: a phrase that ends in two Latin letters of a longer name."""
    last = tokens.words[f.hit.end - 1]
    return len(last) <= 2 and last.isascii() and last.isalpha() and _is_glued(tokens, f.hit.start, f.hit.end)


def _is_of_country(tokens: Tokens, f: Found) -> bool:
    """«английская школа», «немецкое качество»: an adjective that names no language."""
    word, i = tokens.words[f.hit.start], f.hit.end
    if (
        f.form is None
        or f.form.skill.kind != "language"
        or i - f.hit.start > 1
        or not word.endswith(("ая", "ой", "ую", "ое"))
    ):
        return False
    return i < len(tokens) and tokens.gaps[i] == SOFT and not tokens.words[i].startswith(_OF_SPEECH)


def _is_of_school(tokens: Tokens, f: Found) -> bool:
    """«Институт стали и сплавов», «Университет машиностроения»: the name of a school goes on behind the noun."""
    i = f.hit.start - 1
    return i >= 0 and tokens.gaps[f.hit.start] == SOFT and tokens.words[i].startswith(_SCHOOLS)


def _is_glued(tokens: Tokens, start: int, end: int) -> bool:
    """«R&D», «Go-to-Market»: a short name grown together with its neighbour is another name."""
    before = tokens.seps[start] if start else " "
    after = tokens.seps[end] if end < len(tokens) else " "
    return before in {"&", "-", "_", "'"} or after in {"&", "-", "_", "'"}


def _is_of_latin_name(tokens: Tokens, f: Found) -> bool:
    """«SAS Marketing Automation»: a common English word between the capitals of another name."""
    i, j = f.hit.start, f.hit.end
    if f.form is None or j - i > 1 or not tokens.words[i].isascii() or not f.form.alias.text.islower():
        return False
    if not tokens.words[i].isalpha() or not tokens.is_capital(i):
        return False
    return all(
        0 <= k < len(tokens) and tokens.words[k].isascii() and tokens.words[k].isalpha() and tokens.is_capital(k)
        and tokens.seps[max(k, j)] == " "
        for k in (i - 1, j)
    )  # fmt: skip


def _is_counterpart(tokens: Tokens, f: Found) -> bool:
    """«работа с врачами», «инструкции для водителей»: those one works with or for."""
    i = f.hit.start
    if f.form is None or f.form.skill.kind != "role" or not i or tokens.gaps[i] != SOFT:
        return False
    return tokens.words[i - 1] in _WITH


def _is_a_preposition(tokens: Tokens, f: Found) -> bool:
    """«опыт работы c системой», «разработка по договору»: a small letter before a Russian word is no C and no ПО."""
    end = f.hit.end
    if f.form is None or end >= len(tokens) or tokens.gaps[end] != SOFT:
        return False
    last = tokens.words[end - 1]
    if last in ("c", "с") and end - f.hit.start == 1 and end > 1 and not tokens.is_capital(end - 1):
        before = tokens.words[end - 2]
        return _is_russian(before) and before not in _ON and tokens.words[end] not in ("и", "или")
    if not _is_russian(tokens.words[end]):
        return False
    return last in _ALSO_PREPOSITIONS and f.form.alias.text[-2:].isupper() and not tokens.is_capital(end - 1)


def _is_russian(word: str) -> bool:
    return "а" <= word[0] <= "я"


def _is_an_address(tokens: Tokens, f: Found) -> bool:
    """«ул. Токарей», «пр-т Химиков», «м. Проспект Энергетиков»."""
    i = f.hit.start - 1
    if i < 0 or not tokens.is_capital(i + 1):
        return False
    return tokens.words[i] in _STREETS or (tokens.words[i] == "т" and i > 0 and tokens.words[i - 1] == "пр")


def _is_in_charge(tokens: Tokens, f: Found) -> bool:
    """«ответственный за теплохозяйство»: a duty, no trait."""
    end = f.hit.end
    return end < len(tokens) and tokens.words[end] == "за" and tokens.words[end - 1].startswith("ответственн")


def _is_department(tokens: Tokens, f: Found) -> bool:
    """«с командами продаж, маркетинга и разработки»: those next door."""
    i = f.hit.start - 1
    while i > 0 and tokens.words[i].startswith(_UNITS) is False and i > f.hit.start - 5:
        if tokens.gaps[i + 1] == COMMA or tokens.words[i] == "и":
            i -= 1
        else:
            return False
    return i >= 0 and tokens.gaps[i + 1] == SOFT and tokens.words[i].startswith(_UNITS)


NO_NAMES = (
    _is_lower,
    _is_short_and_glued,
    _is_of_school,
    _is_of_country,
    _is_of_latin_name,
    _is_counterpart,
    _is_a_preposition,
    _is_in_charge,
    _is_an_address,
)
"""Rules that drop a phrase which, as it stands, is no name of a skill."""

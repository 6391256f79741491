"""Keeping a taxonomy in order: what is wrong in it, what changed, and which phrases it does not know yet."""

from __future__ import annotations

import warnings
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from matcher import tables
from matcher.errors import InputError, MatcherWarning
from matcher.features.lexicon import is_known, word_of
from matcher.features.skills import Reader, reader_for
from matcher.features.text import tokenize
from matcher.taxonomy import COLUMNS, Skill, Taxonomy

if TYPE_CHECKING:
    import pandas as pd

ERROR, WARNING = "error", "warning"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that a curator should look at."""

    severity: str
    rule: str
    id: str
    text: str


# ---------------------------------------------------------------- check


def check(taxonomy: Taxonomy) -> list[Fault]:
    """What is wrong in a taxonomy.

    Errors make reading or ranking wrong: one name for two entries, circles. Warnings are worth a look: short names
    without a mark, entries that nothing reaches, phrases that mean no entry.

    Parameters
    ----------
    taxonomy : Taxonomy

    Returns
    -------
    list of Fault
        Errors first, then by rule and id.

    Examples
    --------
    >>> rows = [{"id": "x.a", "label": "пайка", "parents": "x.b"}, {"id": "x.b", "label": "Пайка", "parents": "x.a"}]
    >>> [(f.rule, f.id) for f in check(Taxonomy(rows))]
    [('circle', 'x.a'), ('circle', 'x.b'), ('duplicate-alias', 'x.a')]
    """
    faults = [fault for rule in CHECKS for fault in rule(taxonomy)]
    return sorted(faults, key=lambda f: (f.severity, f.rule, f.id, f.text))


def _duplicate_aliases(taxonomy: Taxonomy) -> Iterator[Fault]:
    """One name of two entries, unless the words around it decide; a role and its craft may share one."""
    owners: dict[tuple[str, ...], dict[str, Skill]] = defaultdict(dict)
    for skill in taxonomy.values():
        for alias in skill.aliases:
            if not (alias.ambiguous or alias.governed or alias.weak):
                path = tuple(word_of(w).lemma for w in tokenize(alias.text).words)
                owners[("=", *path) if alias.exact else path][skill.id] = skill
    for path, skills in owners.items():
        for is_role in (True, False):
            ids = [s.id for s in skills.values() if (s.kind == "role") is is_role]
            if len(ids) > 1:
                yield Fault(ERROR, "duplicate-alias", ids[0], f"«{' '.join(path)}» is a name of {', '.join(ids)}")


def _circles(taxonomy: Taxonomy) -> Iterator[Fault]:
    for name, above in taxonomy.ancestors.items():
        around = [p for p in above if name in taxonomy.ancestors[p]]
        if around or name in taxonomy[name].parents:
            yield Fault(ERROR, "circle", name, f"stands above itself through {', '.join(around) or name}")


def _own_kin(taxonomy: Taxonomy) -> Iterator[Fault]:
    for skill in taxonomy.values():
        for other, strength in skill.kin.items():
            if other == skill.id or not 0 < strength < 1:
                yield Fault(ERROR, "kin", skill.id, f"kin {other}:{strength:g} must be another entry, between 0 and 1")
            elif other in skill.parents:
                yield Fault(WARNING, "kin", skill.id, f"{other} is both its parent and its kin: the parent wins")


def _short_names(taxonomy: Taxonomy) -> Iterator[Fault]:
    """«ТО», «ось»: short names and everyday words that stand without a mark."""
    for skill in taxonomy.values():
        for alias in skill.aliases:
            words = tokenize(alias.text).words
            if (
                len(words) != 1
                or alias.text.isupper()
                or alias.exact
                or alias.capitals
                or alias.ambiguous
                or alias.governed
                or alias.weak
            ):
                continue
            if len(words[0]) <= 3 and not any(c.isdigit() or c in "+#" for c in words[0]) and is_known(words[0]):
                yield Fault(
                    WARNING, "short-name", skill.id, f"«{alias.text}» is a word of three letters without a mark"
                )


def _orphans(taxonomy: Taxonomy) -> Iterator[Fault]:
    """Entries that no other names and that name no other: they help only where they are asked for word by word."""
    named = {other for s in taxonomy.values() for other in (*s.parents, *s.kin)}
    for skill in taxonomy.values():
        alone = not skill.parents and not skill.kin and skill.id not in named
        if alone and not skill.implies and not skill.typical and len(skill.aliases) < 2:
            yield Fault(WARNING, "orphan", skill.id, "has no parent, no kin and no second name")


def _unresolved(taxonomy: Taxonomy) -> Iterator[Fault]:
    """Phrases of ``implies`` and ``typical`` that mean no entry."""
    reader = reader_for(taxonomy)
    for skill in taxonomy.values():
        for column in ("implies", "typical"):
            for phrase in getattr(skill, column):
                if reader.resolve(phrase) is None:
                    yield Fault(WARNING, "unresolved", skill.id, f"{column} «{phrase}» means no entry")


CHECKS: tuple[Callable[[Taxonomy], Iterator[Fault]], ...] = (
    _duplicate_aliases, _circles, _own_kin, _short_names, _orphans, _unresolved,
)  # fmt: skip


# ---------------------------------------------------------------- diff


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two taxonomies."""

    id: str
    what: str
    old: str = ""
    new: str = ""


def diff(old: Taxonomy, new: Taxonomy) -> list[Change]:
    """What was added, removed and changed between two taxonomies, by id.

    Examples
    --------
    >>> one = Taxonomy([{"id": "x.a", "label": "пайка"}])
    >>> two = Taxonomy([{"id": "x.a", "label": "Пайка", "aliases": "паяние"}, {"id": "x.b", "label": "лужение"}])
    >>> [(c.id, c.what, c.new) for c in diff(one, two)]
    [('x.a', 'label', 'Пайка'), ('x.a', 'alias added', 'паяние'), ('x.b', 'added', 'лужение')]
    """
    out: list[Change] = []
    for name in sorted({*old, *new}):
        if name not in old:
            out.append(Change(name, "added", "", new[name].label))
        elif name not in new:
            out.append(Change(name, "removed", old[name].label, ""))
        else:
            out.extend(_changes(old[name], new[name]))
    return out


def _changes(old: Skill, new: Skill) -> Iterator[Change]:
    for column in COLUMNS[1:]:
        one, two = getattr(old, column), getattr(new, column)
        if column == "aliases":
            names = [{a.text: None for a in s.aliases if a.text != s.label} for s in (old, new)]
            yield from (Change(old.id, "alias removed", a) for a in names[0] if a not in names[1])
            yield from (Change(old.id, "alias added", "", a) for a in names[1] if a not in names[0])
        elif one != two:
            yield Change(old.id, column, _shown(one), _shown(two))


def _shown(value: object) -> str:
    if isinstance(value, Mapping):
        return "|".join(f"{k}:{v:g}" for k, v in value.items())
    return "|".join(value) if isinstance(value, tuple) else str(value)


# ---------------------------------------------------------------- unknown phrases


@dataclass(slots=True)
class _Group:
    """Spellings of one unknown phrase."""

    forms: Counter[str] = field(default_factory=Counter)
    examples: dict[str, None] = field(default_factory=dict)


_EXAMPLES, _NEAR, _SAME_SPELLING = 3, 3, 90
_MOST_WORDS = 6


def unknown_phrases(
    texts: Iterable[tuple[str, str | None]], taxonomy: Taxonomy | None = None, *, least: int = 2
) -> pd.DataFrame:
    """Frequent skill-like phrases that a taxonomy does not know.

    Parameters
    ----------
    texts : iterable of (text, context)
        Contexts as in :func:`matcher.normalize`; an item of a skill list has ``"skills"``.
    taxonomy : Taxonomy, optional
        The shipped one when None.
    least : int
        Fewest occurrences of a phrase, all its spellings together.

    Returns
    -------
    DataFrame
        ``phrase, count, spellings, examples, near`` and the columns of a taxonomy file with ``aliases`` filled in:
        give a row an ``id`` (that of an entry to add the names to, or a new one with a ``label``) and the file can be
        given to ``--taxonomy``.

    Examples
    --------
    >>> frame = unknown_phrases([("вжух-протокол", "skills"), ("Вжух протокол", "skills"), ("Python", "skills")])
    >>> frame[["phrase", "count", "aliases"]].values.tolist()
    [['вжух-протокол', 2, 'вжух-протокол|Вжух протокол']]
    """
    import pandas as pd

    reader = reader_for(taxonomy)
    groups = _near_spellings(_groups(reader, texts))
    rows = []
    names, ids = _names(reader.taxonomy)
    for group in groups:
        count = group.forms.total()
        if count < least:
            continue
        forms = [form for form, _ in group.forms.most_common()]
        near = _nearest(forms[0], names, ids, reader.taxonomy)
        own = dict.fromkeys(COLUMNS, "") | {"aliases": "|".join(f.replace("|", " ") for f in forms)}
        rows.append(
            {"phrase": forms[0], "count": count, "spellings": len(forms), "examples": " · ".join(group.examples),
             "near": "; ".join(near), **own}
        )  # fmt: skip
    frame = pd.DataFrame(rows, columns=["phrase", "count", "spellings", "examples", "near", *COLUMNS])
    return frame.sort_values(["count", "phrase"], ascending=[False, True], ignore_index=True)


def texts_of(path: str | Path) -> Iterator[tuple[str, str | None]]:
    """The texts of a file with their contexts: a table of candidates or vacancies, or a text of one phrase a line."""
    if Path(path).suffix.lower() == ".txt":
        try:
            lines = Path(path).read_text(encoding="utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError) as e:
            raise InputError(f"Cannot read {path}: {e}.") from None
        yield from ((line, "skills") for line in lines if line.strip())
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MatcherWarning)
        try:
            people = tables.read_candidates(path).records
            requests = []
        except InputError:  # the columns are those of the other table, or the file is none
            people, requests = [], tables.read_vacancies(path).records
    for c in people:
        yield from ((item, "skills") for item in c.skills)
        yield c.text, "candidate"
    for v in requests:
        yield from ((item, "skills") for item in (*v.must_skills, *v.nice_skills))
        yield v.text, "vacancy"


def _groups(reader: Reader, texts: Iterable[tuple[str, str | None]]) -> dict[tuple[str, ...], _Group]:
    """Unknown phrases by their lemmas, in any order of words."""
    groups: dict[tuple[str, ...], _Group] = defaultdict(_Group)
    for text, context in texts:
        for m in reader.read(text, context):
            if m.skill is not None or not m.rule.startswith("unknown"):
                continue
            words = tokenize(m.text).words
            key = tuple(sorted(word_of(w).lemma for w in words))
            if not key or len(key) > _MOST_WORDS or all(w.isdigit() for w in words):
                continue
            group = groups[key]
            group.forms[" ".join(m.text.split())] += 1
            if len(group.examples) < _EXAMPLES:
                group.examples[_around(text, m.start, m.end)] = None
    return groups


def _around(text: str, start: int, end: int) -> str:
    a, b = max(0, start - 30), min(len(text), end + 30)
    return ("…" if a else "") + " ".join(text[a:b].split()) + ("…" if b < len(text) else "")


def _near_spellings(groups: Mapping[tuple[str, ...], _Group]) -> list[_Group]:
    """Join groups of the same first letter that are spelt nearly alike; the most frequent one gives the name."""
    from rapidfuzz import fuzz, process

    order = sorted(groups.items(), key=lambda item: (-item[1].forms.total(), item[0]))
    kept: dict[str, dict[str, _Group]] = defaultdict(dict)
    for _, group in order:
        spelt = group.forms.most_common(1)[0][0].lower()
        peers = kept[spelt[0]]
        match = (
            process.extractOne(spelt, list(peers), scorer=fuzz.ratio, score_cutoff=_SAME_SPELLING)
            if len(spelt) > 5
            else None
        )
        if match is None:
            peers[spelt] = group
            continue
        into = peers[match[0]]
        into.forms.update(group.forms)
        into.examples.update(dict.fromkeys(list(group.examples)[: _EXAMPLES - len(into.examples)]))
    return [group for peers in kept.values() for group in peers.values()]


def _names(taxonomy: Taxonomy) -> tuple[list[str], list[str]]:
    pairs = [(a.text.lower(), s.id) for s in taxonomy.values() for a in s.aliases if len(a.text) > 3]
    return [name for name, _ in pairs], [name for _, name in pairs]


def _nearest(phrase: str, names: Sequence[str], ids: Sequence[str], taxonomy: Taxonomy) -> list[str]:
    """The entries whose names are nearest to a phrase, as «id label»."""
    from rapidfuzz import fuzz, process

    found = process.extract(phrase.lower(), names, scorer=fuzz.token_sort_ratio, limit=3 * _NEAR, score_cutoff=55)
    near = dict.fromkeys(ids[i] for _, _, i in found)
    return [f"{name} {taxonomy[name].label}" for name in list(near)[:_NEAR]]

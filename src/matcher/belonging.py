"""What belongs to a group of candidates: the skills that its trade itself brings, and the vacancies of its trade.

Nobody writes «сестринское дело» beside «медсестра»: what a profession or a programme is made of is had though it is
not written. Named things (tools, standards, permits) are another matter: a designer may well not know Figma.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from matcher.features.facts import Profile
from matcher.features.programmes import Programmes
from matcher.features.requests import Request
from matcher.grouping import NO_FIELD, asked_field, asked_roles, family_of
from matcher.ranking.meeting import Column, reach_of, taxonomy_degrees
from matcher.ranking.stated import stated
from matcher.ranking.units import DEGREE_ONE
from matcher.records import Evidence, Fact
from matcher.scored import Scored
from matcher.taxonomy import Taxonomy

_OF_ROLE = frozenset({"title", "programme_role"})
_INFERRED = frozenset({"programme", "implied"})
_NAMED_KINDS = frozenset({"standard", "permit", "language"})
_WORD = re.compile(r"[а-яё]{4,}")
_BRACKETS = re.compile(r"\(.*?\)")
_MAIN = 0.85
"""Strength of the main professions of a programme: the first six of its list."""
_NEAR = 0.3
_FAIR_SHARE = 0.15


def is_named(name: str, taxonomy: Taxonomy) -> bool:
    """Whether an entry is a named thing that one either knows or not: a tool, a standard, a permit, a language.

    A tool has a name of its own (Figma, КОМПАС-3D, 1С:Бухгалтерия) and no common noun in it (модель OSI).

    >>> [is_named(n, Taxonomy.default()) for n in ("design.figma", "it.onec_buh", "cad.kompas", "mech.turning")]
    [True, True, True, False]
    """
    if name not in taxonomy:
        return False
    label = _BRACKETS.sub("", taxonomy[name].label)
    return taxonomy[name].kind in _NAMED_KINDS or label.startswith("1С") or not _WORD.search(label)


def without_umbrellas(names: Sequence[str], taxonomy: Taxonomy) -> list[bool]:
    """Which of some things to keep: a general word goes where something narrower is there that says what is meant.

    >>> without_umbrellas(["it.testing", "it.manual_testing", "it.sql"], Taxonomy.default())
    [False, True, True]
    """
    broader = {a for name in names for n in name.split("|") for a in taxonomy.ancestors.get(n, ())}
    return [name not in broader or is_named(name, taxonomy) for name in names]


def with_core(p: Profile, programmes: Programmes, taxonomy: Taxonomy) -> Profile:
    """A profile with what its professions and programmes are made of, as if it were written there."""
    core: set[str] = set()
    for f in p.facts:
        name = f.key.partition(":")[2]
        if f.key.startswith("role:") and f.kind in _OF_ROLE and not f.negated:
            for role in (name, *taxonomy.ancestors.get(name, ())):
                core.update(programmes.typical_of(role))
        elif f.kind in _INFERRED and f.key.startswith("skill:") and not f.negated:
            core.add(name)
    told = tuple(
        Fact(f"skill:{name}", kind="title", evidence=Evidence("", rule="trade"))
        for name in sorted(core)
        if not is_named(name, taxonomy)
    )
    return replace(p, facts=(*p.facts, *told))


def core_degrees(scored: Scored, columns: tuple[Column, ...], programmes: Programmes) -> sparse.csr_matrix:
    """Degrees of skill columns where the core of everybody's trade counts as had."""
    profiles = [with_core(p, programmes, scored.taxonomy) for p in scored.profiles]
    return _degrees(profiles, columns, "skills", scored)


def _degrees(profiles: list[Profile], columns: tuple[Column, ...], criterion: str, scored: Scored) -> sparse.csr_matrix:
    reach = reach_of(columns, criterion, scored.settings, scored.taxonomy)
    named = stated(profiles, scored.settings).named[criterion]
    return taxonomy_degrees(named, columns, reach, scored.taxonomy)


Tiers = Callable[[str], Sequence[NDArray[np.bool_]]]
"""Key of a group -> masks of vacancies, the nearest to its trade first; each holds those before it."""


def own_vacancies(scored: Scored, by: str, programmes: Programmes) -> Tiers:
    """Which vacancies are of a group's own trade; all of them where groups have none."""
    if by == "programme":
        return lambda key: _of_programme(scored, programmes, key)
    if by == "role":
        families = [{family_of(r, scored.taxonomy) for r in asked_roles(q)} for q in scored.requests]
        return lambda key: [np.array([key in f for f in families], dtype=np.bool_)]
    if by == "field":
        fields = [asked_field(q, scored.taxonomy) for q in scored.requests]
        return lambda key: [np.array([key in f for f in fields], dtype=np.bool_)]
    return lambda key: [np.ones(len(scored.requests), dtype=np.bool_)]


def _of_programme(scored: Scored, programmes: Programmes, code: str) -> list[NDArray[np.bool_]]:
    """Vacancies of the main professions of a programme; of all its professions; of near ones in a field that it teaches."""
    links = [link for link in programmes.of(code) if link.is_role]
    if not links or "role" not in scored.parts.columns:
        return [np.ones(len(scored.requests), dtype=np.bool_)]
    taxonomy = scored.taxonomy
    columns = scored.parts.columns["role"]
    blank = replace(
        scored.profiles[0], facts=tuple(Fact(f"role:{x.id}", kind="title") for x in links), negated=frozenset()
    )
    degrees = _degrees([blank], columns, "role", scored)
    near = {columns[j].ids[0] for j, d in zip(degrees.indices, degrees.data, strict=True) if d >= _NEAR * DEGREE_ONE}
    fields = _taught_fields(programmes, code, taxonomy)

    def of(roles: frozenset[str], q: Request) -> bool:
        return any(r in roles or not roles.isdisjoint(taxonomy.ancestors.get(r, ())) for r in asked_roles(q))

    def is_near(q: Request) -> bool:
        return not near.isdisjoint(asked_roles(q)) and not fields.isdisjoint(asked_field(q, taxonomy))

    main = frozenset(x.id for x in links if x.strength >= _MAIN)
    every = frozenset(x.id for x in links)
    first = np.array([of(main, q) for q in scored.requests], dtype=np.bool_)
    second = first | np.array([of(every, q) for q in scored.requests], dtype=np.bool_)
    return [first, second, second | np.array([is_near(q) for q in scored.requests], dtype=np.bool_)]


def _taught_fields(programmes: Programmes, code: str, taxonomy: Taxonomy) -> frozenset[str]:
    """Fields of work with a fair share of what a programme teaches and of what its professions are made of."""
    weights: Counter[str] = Counter()
    for link in programmes.of(code):
        names = programmes.typical_of(link.id) if link.is_role else (link.id,)
        weights.update(taxonomy[n].field for n in names if n in taxonomy and taxonomy[n].field not in NO_FIELD)
    return frozenset(f for f, n in weights.items() if n >= _FAIR_SHARE * weights.total())

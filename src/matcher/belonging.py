"""What belongs to a group of candidates: the skills that its trade itself brings, and the vacancies of its trade.

Nobody writes «сестринское дело» beside «медсестра»: what a profession or a programme is made of is had though it is
not written. Named things (tools, standards, permits) are another matter: a designer may well not know Figma.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from matcher.features.facts import Profile
from matcher.features.programmes import Programmes
from matcher.features.requests import Request
from matcher.grouping import NO_FIELD, asked_field, asked_roles, family_of
from matcher.ranking.meeting import Column, taxonomy_degrees
from matcher.ranking.units import DEGREE_ONE
from matcher.records import Evidence, Fact
from matcher.scored import Scored
from matcher.taxonomy import Taxonomy

_OF_ROLE = frozenset({"title", "programme_role"})
_INFERRED = frozenset({"programme", "implied"})
_NAMED_KINDS = frozenset({"standard", "permit", "language"})
_NAMED = re.compile(r"[A-Za-z]|^1С")
_OWN, _NEAR = 0.71, 0.3
"""Degrees of a profession: nearer than another of its family (0.7: welders and radio fitters are both «монтажник»)."""
_FAIR_SHARE = 0.15


def is_named(name: str, taxonomy: Taxonomy) -> bool:
    """Whether an entry is a named thing that one either knows or not: a tool, a standard, a permit, a language.

    >>> [is_named(n, Taxonomy.default()) for n in ("design.figma", "it.onec_buh", "mech.turning")]
    [True, True, False]
    """
    return name in taxonomy and (taxonomy[name].kind in _NAMED_KINDS or bool(_NAMED.search(taxonomy[name].label)))


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
    return taxonomy_degrees(profiles, columns, "skills", scored.settings, scored.taxonomy)


def own_vacancies(scored: Scored, by: str, programmes: Programmes) -> Callable[[str], NDArray[np.bool_]]:
    """Which vacancies are of a group's own trade, as a function of its key; all of them where groups have none."""
    if by == "programme":
        return lambda key: _of_programme(scored, programmes, key)
    if by == "role":
        families = [{family_of(r, scored.taxonomy) for r in asked_roles(q)} for q in scored.requests]
        return lambda key: np.array([key in f for f in families], dtype=np.bool_)
    if by == "field":
        fields = [asked_field(q, scored.taxonomy) for q in scored.requests]
        return lambda key: np.array([key in f for f in fields], dtype=np.bool_)
    return lambda key: np.ones(len(scored.requests), dtype=np.bool_)


def _of_programme(scored: Scored, programmes: Programmes, code: str) -> NDArray[np.bool_]:
    """Vacancies of a profession that the programme leads to, or of one near it in a field that the programme teaches."""
    links = programmes.of(code)
    roles = [link.id for link in links if link.is_role]
    if not roles or "role" not in scored.parts.columns:
        return np.ones(len(scored.requests), dtype=np.bool_)
    columns = scored.parts.columns["role"]
    facts = tuple(Fact(f"role:{name}", kind="title") for name in roles)
    blank = replace(scored.profiles[0], facts=facts, negated=frozenset())
    degrees = taxonomy_degrees([blank], columns, "role", scored.settings, scored.taxonomy)
    near = {columns[j]: d / DEGREE_ONE for j, d in zip(degrees.indices, degrees.data, strict=True)}
    fields = _taught_fields(programmes, code, scored.taxonomy)
    return np.array([_leads_to(near, fields, q, scored.taxonomy) for q in scored.requests], dtype=np.bool_)


def _leads_to(near: Mapping[Column, float], fields: frozenset[str], q: Request, taxonomy: Taxonomy) -> bool:
    best = max((near.get(Column.of(r), 0.0) for r in q.requirements if r.criterion == "role"), default=0.0)
    return best >= _OWN or (best >= _NEAR and not fields.isdisjoint(asked_field(q, taxonomy)))


def _taught_fields(programmes: Programmes, code: str, taxonomy: Taxonomy) -> frozenset[str]:
    """Fields of work with a fair share of what a programme teaches and of what its professions are made of."""
    weights: Counter[str] = Counter()
    for link in programmes.of(code):
        names = programmes.typical_of(link.id) if link.is_role else (link.id,)
        weights.update(taxonomy[n].field for n in names if n in taxonomy and taxonomy[n].field not in NO_FIELD)
    return frozenset(f for f, n in weights.items() if n >= _FAIR_SHARE * weights.total())

"""Groups of candidates by what their records tell, and the Russian names of groups and of fields of work."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from matcher.columns import GROUPS
from matcher.errors import MatcherError, nearest, wrong_parameter
from matcher.features.facts import Profile
from matcher.features.institutions import institution_key, is_known_institution
from matcher.features.programmes import Programmes
from matcher.features.requests import Request
from matcher.taxonomy import Taxonomy, read_resource
from matcher.wording import STATUS_RU

NO_FIELD = frozenset({"gen", "soft", "lang", "role"})
"""Beginnings of ids that are no field of work: general actions, personal qualities, languages, professions."""
_UNTAUGHT = frozenset({"soft", "role"})


@dataclass(frozen=True, slots=True)
class Group:
    """Candidates who share something: its key, its Russian name, their row numbers (rising)."""

    key: str
    name: str
    rows: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _World:
    taxonomy: Taxonomy
    programmes: Programmes


@cache
def _fields() -> Mapping[str, str]:
    return {row["field"]: row["label"] for row in read_resource("fields.csv")}


@cache
def _no_goals() -> frozenset[str]:
    return frozenset(row["id"] for row in read_resource("no_goals.csv"))


@cache
def _institutions() -> Mapping[str, str]:
    """Id -> the short name that everybody uses, the first of the aliases, or the name."""
    return {row["id"]: row["aliases"].split("|")[0] or row["name"] for row in read_resource("institutions.csv")}


def field_name(field: str) -> str:
    """Russian name of a field of work; one of an own taxonomy is its own name.

    >>> field_name("mech"), field_name("cosmos")
    ('Машиностроение и металлообработка', 'cosmos')
    """
    return _fields().get(field, field)


def institution_name(name: str) -> str:
    """The usual short name of an institution that our table knows, or the name as typed.

    >>> institution_name("Менделеевка")
    'РХТУ им. Д.И. Менделеева'
    """
    key = institution_key(name)
    return _institutions()[key] if is_known_institution(key) else name


def family_of(role: str, taxonomy: Taxonomy) -> str:
    """The broadest profession above a role, or the role itself.

    >>> family_of("role.django_dev", Taxonomy.default())
    'role.dev'
    """
    above = {a: steps for a, steps in taxonomy.ancestors.get(role, {}).items() if a in taxonomy}
    return min(above, key=lambda a: (-above[a], a)) if above else role


def is_taught(name: str, taxonomy: Taxonomy) -> bool:
    """Whether an entry is something to learn: personal qualities, professions and bare words of action are not.

    Neither are things, possessions and what everybody can: ``resources/no_goals.csv``.

    >>> is_taught("it.cpp", Taxonomy.default()), is_taught("soft.attention", Taxonomy.default())
    (True, False)
    """
    if name not in taxonomy or name in _no_goals():
        return False
    return taxonomy[name].kind not in _UNTAUGHT and taxonomy[name].field not in NO_FIELD


def fields_of(names: Mapping[str, float], taxonomy: Taxonomy) -> list[str]:
    """The field of work that most of the weight of some skills lies in; none where they lie in none."""
    weights: defaultdict[str, float] = defaultdict(float)
    for name, weight in names.items():
        if name in taxonomy and taxonomy[name].field not in NO_FIELD:
            weights[taxonomy[name].field] += weight
    return [min(weights, key=lambda f: (-weights[f], f))] if weights else []


def asked_field(r: Request, taxonomy: Taxonomy) -> list[str]:
    """The field of work of most requirements of a vacancy."""
    weights: defaultdict[str, float] = defaultdict(float)
    for q in r.requirements:
        for name in q.any_of or (q.key.partition(":")[2],):
            weights[name] += q.confidence
    return fields_of(weights, taxonomy)


def asked_roles(r: Request) -> list[str]:
    """Professions that a vacancy names."""
    return [q.key.partition(":")[2] for q in r.requirements if q.criterion == "role"]


def skills_of(p: Profile) -> dict[str, float]:
    """Skills that a candidate states, with their strengths; what only the programme teaches is left out."""
    stated = [f for f in p.facts if f.key.startswith("skill:") and not f.negated and f.kind != "programme"]
    return {f.key.partition(":")[2]: f.strength for f in stated}


def _programme(p: Profile, world: _World) -> list[tuple[str, str]]:
    codes = p.record.education_code
    return [(code, " ".join(filter(None, (code, world.programmes.name(code))))) for code in codes]


def _institution(p: Profile, world: _World) -> list[tuple[str, str]]:
    del world
    return [(institution_key(name), institution_name(name)) for name in p.record.institution]


def _status(p: Profile, world: _World) -> list[tuple[str, str]]:
    del world
    status = p.record.status
    return [(status, STATUS_RU.get(status, status))] if status else []


def _role(p: Profile, world: _World) -> list[tuple[str, str]]:
    """The professions that the wished title names."""
    told = [f.key.partition(":")[2] for f in p.facts if f.key.startswith("role:") and f.kind == "title"]
    families = [family_of(r, world.taxonomy) for r in told if r in world.taxonomy]
    return [(f, world.taxonomy[f].label) for f in families]


def _field(p: Profile, world: _World) -> list[tuple[str, str]]:
    return [(f, field_name(f)) for f in fields_of(skills_of(p), world.taxonomy)]


def _city(p: Profile, world: _World) -> list[tuple[str, str]]:
    del world
    return [(p.record.city, p.record.city)] if p.record.city else []


def _everybody(p: Profile, world: _World) -> list[tuple[str, str]]:
    del p, world
    return [("all", "все кандидаты")]


_TELLERS = (_programme, _institution, _status, _role, _field, _city, _everybody)
BY: Mapping[str, Callable[[Profile, _World], list[tuple[str, str]]]] = dict(zip(GROUPS, _TELLERS, strict=True))
"""What candidates can be grouped by, and how a profile tells it."""


def groups_of(profiles: Sequence[Profile], by: str, taxonomy: Taxonomy, programmes: Programmes) -> list[Group]:
    """Groups of candidates, the largest first; somebody with two programmes is in both groups, one with none in none.

    Raises
    ------
    MatcherError
        When ``by`` is none of ``BY``.
    """
    if by not in BY:
        allowed = f"one of {', '.join(BY)}"
        raise MatcherError(wrong_parameter("by", "gaps", allowed, by) + nearest(str(by), BY))
    world = _World(taxonomy, programmes)
    rows: defaultdict[str, list[int]] = defaultdict(list)
    names: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for i, p in enumerate(profiles):
        for key, name in dict(BY[by](p, world)).items():
            rows[key].append(i)
            names[key][name] += 1
    commonest = {key: min(told, key=lambda n: (-told[n], n)) for key, told in names.items()}
    order = sorted(rows, key=lambda key: (-len(rows[key]), key))
    return [Group(key, commonest[key], np.array(rows[key], dtype=np.int64)) for key in order]

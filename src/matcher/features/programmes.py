"""What an education programme and a set of skills say of roles: programme code -> roles and skills, skills -> roles.

The table ``resources/programmes.csv`` links codes of the Russian classifier of programmes (direction or group) to
typical jobs and skills; the taxonomy's ``typical`` column links roles to skills.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from matcher.features.skills import Reader
from matcher.records import Evidence, Fact
from matcher.taxonomy import read_resource

_GROUP_SHARE: Final = 0.5
_FEWER_BY_RANK: Final = 0.03
_MOST_ROLES: Final = 8
_LIKELY: Final = 0.3
"""Share of the best role's votes that another needs to be told too."""
_MOST_CODES: Final = 1 << 12


class Votes:
    """For which roles a skill, with all that is broader, votes, and how much for each."""

    __slots__ = ("roles", "shares")

    def __init__(self, roles: list[int], shares: list[float]) -> None:
        self.roles = roles
        self.shares = shares


@dataclass(frozen=True, slots=True)
class Link:
    """A role or skill that a programme leads to, in (0, 1]."""

    id: str
    is_role: bool
    strength: float


class Programmes:
    """Links from programmes and skills to roles, read with one reader.

    Parameters
    ----------
    reader : Reader
        Resolves the phrases of the tables to ids.

    Examples
    --------
    >>> from matcher.features.skills import reader_for
    >>> any(link.is_role for link in Programmes(reader_for()).of("09.03.01"))
    True
    """

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self._rows: dict[str, dict[str, str]] = {row["code"]: row for row in read_resource("programmes.csv")}
        self._links: dict[str, tuple[Link, ...]] = {}
        self._facts: dict[str, list[Fact]] = {}
        self._typical: tuple[dict[str, tuple[str, ...]], dict[str, list[str]]] | None = None
        self._votes: tuple[list[str], dict[str, Votes]] | None = None

    def of(self, code: str) -> tuple[Link, ...]:
        """Roles and skills of a programme code; its bachelor twin and its group stand in where it has none."""
        code = code.strip()
        if code not in self._links:
            self._links[code] = self._read(code)
        return self._links[code]

    def facts_of(self, code: str) -> list[Fact]:
        """The roles and skills of a programme code as facts of whoever learns there; not to be changed."""
        known = self._facts.get(code)
        if known is None:
            where = Evidence("education_code", code, rule="programme")
            known = []
            for link in self.of(code):
                prefix, kind = ("role", "programme_role") if link.is_role else ("skill", "programme")
                known.append(Fact(f"{prefix}:{link.id}", link.strength, None, None, False, kind, where))
            if len(self._facts) >= _MOST_CODES:
                self._facts.clear()
            self._facts[code] = known
        return known

    def name(self, code: str) -> str | None:
        """Official name of a programme, or None."""
        row = self._rows.get(code.strip())
        return row["name"] if row else None

    def _read(self, code: str) -> tuple[Link, ...]:
        twins = [code, code[:3] + "03" + code[5:], code[:3] + "05" + code[5:]] if code[3:5] in {"04", "06"} else [code]
        own = next((self._rows[c] for c in twins if c in self._rows and self._rows[c]["roles"]), None)
        group = self._rows.get(code[:2] + ".00.00")
        best: dict[tuple[str, bool], float] = {}
        for share, row in ((1.0, own), (_GROUP_SHARE, group)):
            if row is None:
                continue
            for column, is_role in (("roles", True), ("skills", False)):
                for rank, phrase in enumerate(filter(None, row[column].split("|"))):
                    for name in self._ids(phrase, is_role):
                        strength = share * max(0.3, 1 - _FEWER_BY_RANK * rank)
                        best[name, is_role] = max(strength, best.get((name, is_role), 0.0))
        return tuple(Link(name, is_role, round(s, 4)) for (name, is_role), s in sorted(best.items()))

    def _ids(self, phrase: str, is_role: bool) -> list[str]:
        mentions = self.reader.read(phrase, "title" if is_role else "skills")
        return [m.skill for m in mentions if m.skill and (m.kind == "role") == is_role and m.rule != "implied"]

    def _told_typical(self) -> tuple[dict[str, tuple[str, ...]], dict[str, list[str]]]:
        """Role -> its typical skills, and skill -> the roles it is typical of; worked out when first asked."""
        if self._typical is None:
            skills_of: dict[str, tuple[str, ...]] = {}
            roles_of: dict[str, list[str]] = {}
            for skill in self.reader.taxonomy.values():
                if skill.kind != "role":
                    continue
                phrases = [self.reader.resolve(p) for p in skill.typical]
                ids = dict.fromkeys([*(i for i in phrases if i), *(s.id for s in self.reader.implied_by(skill.id))])
                skills_of[skill.id] = tuple(ids)
                for i in ids:
                    roles_of.setdefault(i, []).append(skill.id)
            self._typical = skills_of, roles_of
        return self._typical

    def typical_of(self, role: str) -> tuple[str, ...]:
        """Skills that a role is typically made of, those that it implies among them; none for what is no role."""
        return self._told_typical()[0].get(role, ())

    def _told_votes(self) -> tuple[list[str], dict[str, Votes]]:
        """Roles in code-point order, and the votes of each skill for them by their numbers."""
        if self._votes is None:
            skills_of, roles_of = self._told_typical()
            roles = sorted(skills_of)
            at = {role: n for n, role in enumerate(roles)}
            said: dict[str, Votes] = {}
            for name, above in self.reader.taxonomy.ancestors.items():
                votes: dict[int, float] = defaultdict(float)
                for s in (name, *above):
                    for role in roles_of.get(s, ()):
                        votes[at[role]] += math.log(len(roles) / len(roles_of[s])) / math.sqrt(len(skills_of[role]) + 4)
                if votes:
                    said[name] = Votes(list(votes), list(votes.values()))
            self._votes = roles, said
        return self._votes

    def roles_from_skills(self, skills: dict[str, float]) -> list[tuple[str, float]]:
        """Roles whose typical skills these are, best first, strengths relative to the best.

        A skill that few roles share says more; a role with a long list of typical skills needs more of them.
        """
        roles, said = self._told_votes()
        votes, voters = [0.0] * len(roles), [0] * len(roles)
        met: list[int] = []  # the few roles that anything votes for
        for name, strength in skills.items():
            own = said.get(name)
            if own is None:
                continue
            shares = own.shares
            for k, n in enumerate(own.roles):
                if not voters[n]:
                    met.append(n)
                voters[n] += 1
                votes[n] += shares[k] * strength
        if len(skills) > 1:  # one skill of many tells no role: SQL alone makes no marketing analyst
            shared = [n for n in met if voters[n] > 1]
            met = shared if _most(votes, shared) > 0 else met
        best = _most(votes, met)
        if best <= 0:
            return []
        bound = _LIKELY * best
        likely = [n for n in met if votes[n] >= bound]
        likely.sort(key=lambda n: (-votes[n], n))
        return [(roles[n], round(votes[n] / best, 4)) for n in likely[:_MOST_ROLES]]


def _most(votes: list[float], roles: list[int]) -> float:
    """The most votes that one of some roles has."""
    best = 0.0
    for n in roles:
        if votes[n] > best:
            best = votes[n]
    return best

"""What an education programme and a set of skills say of roles: programme code -> roles and skills, skills -> roles.

The table ``resources/programmes.csv`` links codes of the Russian classifier of programmes (direction or group) to
typical jobs and skills; the taxonomy's ``typical`` column links roles to skills.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from matcher.features.skills import Reader
from matcher.taxonomy import read_resource

_GROUP_SHARE = 0.5
_FEWER_BY_RANK = 0.03
_MOST_ROLES = 8


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
        self._links: dict[str, tuple[Link, ...]] = {}

    @cached_property
    def _rows(self) -> Mapping[str, Mapping[str, str]]:
        return {row["code"]: row for row in read_resource("programmes.csv")}

    def of(self, code: str) -> tuple[Link, ...]:
        """Roles and skills of a programme code; its bachelor twin and its group stand in where it has none."""
        code = code.strip()
        if code not in self._links:
            self._links[code] = self._read(code)
        return self._links[code]

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

    @cached_property
    def _typical(self) -> tuple[Mapping[str, tuple[str, ...]], Mapping[str, tuple[str, ...]]]:
        """Role -> its typical skills, and skill -> the roles it is typical of."""
        skills_of: dict[str, tuple[str, ...]] = {}
        roles_of: dict[str, list[str]] = defaultdict(list)
        for skill in self.reader.taxonomy.values():
            if skill.kind != "role":
                continue
            phrases = [self.reader.resolve(p) for p in skill.typical]
            ids = dict.fromkeys([*(i for i in phrases if i), *(s.id for s in self.reader.implied_by(skill.id))])
            skills_of[skill.id] = tuple(ids)
            for i in ids:
                roles_of[i].append(skill.id)
        return skills_of, {k: tuple(v) for k, v in roles_of.items()}

    def typical_of(self, role: str) -> tuple[str, ...]:
        """Skills that a role is typically made of, those that it implies among them; none for what is no role."""
        return self._typical[0].get(role, ())

    @cached_property
    def _votes(self) -> tuple[list[str], dict[str, list[tuple[int, float]]]]:
        """Roles in code-point order, and for which of them a skill, with all that is broader, votes and how much."""
        skills_of, roles_of = self._typical
        roles = sorted(skills_of)
        at = {role: n for n, role in enumerate(roles)}
        said: dict[str, list[tuple[int, float]]] = {}
        for name, above in self.reader.taxonomy.ancestors.items():
            votes: dict[int, float] = defaultdict(float)
            for s in (name, *above):
                for role in roles_of.get(s, ()):
                    votes[at[role]] += math.log(len(roles) / len(roles_of[s])) / math.sqrt(len(skills_of[role]) + 4)
            said[name] = list(votes.items())
        return roles, said

    def roles_from_skills(self, skills: Mapping[str, float]) -> list[tuple[str, float]]:
        """Roles whose typical skills these are, best first, strengths relative to the best.

        A skill that few roles share says more; a role with a long list of typical skills needs more of them.
        """
        roles, said = self._votes
        votes: dict[int, float] = {}
        voters: dict[int, int] = {}
        for name, strength in skills.items():
            for role, vote in said.get(name, ()):
                votes[role] = votes.get(role, 0.0) + vote * strength
                voters[role] = voters.get(role, 0) + 1
        if len(skills) > 1:  # one skill of many tells no role: SQL alone makes no marketing analyst
            shared = {role: vote for role, vote in votes.items() if voters[role] > 1}
            votes = shared if any(shared.values()) else votes
        best = max(votes.values(), default=0.0)
        if best <= 0:
            return []
        likely = sorted((-vote, role) for role, vote in votes.items() if vote >= 0.3 * best)
        return [(roles[role], round(-vote / best, 4)) for vote, role in likely[:_MOST_ROLES]]

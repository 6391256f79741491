"""The other direction: what a candidate wishes for, met by what a vacancy offers.

The same equation with sides swapped: vacancies are the rows, candidates the columns, and the weights of a candidate's
wishes sum to one. How both scores of a pair become one is told by ``combine``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
from scipy import sparse

from matcher.features.encode import TermVectorizer
from matcher.features.facts import Profile
from matcher.features.requests import Request
from matcher.ranking.coded import CRITERIA
from matcher.ranking.criteria import met_codes, title_rows
from matcher.ranking.degrees import related_roles
from matcher.ranking.parts import CodedPart, CosinePart, Part, SparsePart
from matcher.ranking.stated import facts_for
from matcher.ranking.units import DEGREE_ONE, THIN_ONE, FloatArray, IntArray, to_degrees, to_weights
from matcher.settings import Settings
from matcher.taxonomy import Taxonomy

Index = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

_NAMES = ("title", "role", *(c.name for c in CRITERIA if c.wished))


@dataclass(frozen=True, slots=True)
class Wishes:
    """Parts of the candidates' scores of vacancies.

    ``parts`` have vacancies as rows and candidates as columns; ``stated`` says who wishes for anything; ``share`` of
    the combined score, in 1/1024, is theirs.
    """

    parts: tuple[Part, ...]
    stated: Bools
    combiner: str
    share: int

    def block(self, rows: Index, columns: Index) -> IntArray:
        """How well vacancies meet candidates' wishes, in 2^-40, shape (len(rows), len(columns)), rows candidates."""
        total = np.zeros((len(columns), len(rows)), dtype=np.int64)
        for part in self.parts:
            total += part.block(columns, rows)
        return total.T * THIN_ONE

    def pairs(self, rows: Index, columns: Index) -> IntArray:
        """The same for pairs."""
        total = np.zeros(len(rows), dtype=np.int64)
        for part in self.parts:
            total += part.pairs(columns, rows)
        return total * THIN_ONE

    def combined(self, units: IntArray, wished: IntArray, stated: Bools) -> IntArray:
        """One score of both; who wishes for nothing keeps the vacancy's.

        Floats meet here element by element, so that the result is the same on every road.
        """
        share = self.share / DEGREE_ONE
        if self.combiner == "weighted":
            both = (1 - share) * units + share * wished
        else:
            low = (1 - share) * wished + share * units.astype(np.float64)
            both = np.divide(units.astype(np.float64) * wished, low, out=np.zeros(low.shape), where=low > 0)
        return np.where(stated, np.rint(both).astype(np.int64), units)

    def factor(self, units: IntArray, combined: IntArray, stated: Bools) -> FloatArray:
        """What the vacancy's contributions are multiplied by, so that with the wishes' they make the combined score.

        The slope of the combined score by the vacancy's: both means are homogeneous of degree one, so that by Euler's
        theorem score = slope x vacancy's score + slope x candidate's score.
        """
        share = self.share / DEGREE_ONE
        if self.combiner == "weighted":
            slope: FloatArray = np.full(units.shape, 1 - share)
        else:
            ratio = np.divide(combined, units, out=np.zeros(units.shape), where=units > 0)
            slope = (1 - share) * ratio * ratio
        return np.where(stated, slope, 1.0)


def build_wishes(
    profiles: Sequence[Profile],
    requests: Sequence[Request],
    title: TermVectorizer,
    settings: Settings,
    taxonomy: Taxonomy,
) -> Wishes:
    """Turn candidates' wishes and vacancies' offers into parts.

    Parameters
    ----------
    title : TermVectorizer
        Learnt at ``fit``.
    """
    weights = asdict(settings.wishes)
    offered, wished = title_rows(profiles, requests, title)[::-1]
    roles = sorted({name for p in profiles for name in _roles_wished(p)})
    told = {
        "title": np.diff(wished.indptr) > 0,
        "role": np.array([bool(_roles_wished(p)) for p in profiles], dtype=np.bool_),
        **{c.name: np.array([c.wished(p) for p in profiles], dtype=np.bool_) for c in CRITERIA if c.wished},
    }
    shares = np.array([[weights[name] * told[name][i] for name in _NAMES] for i in range(len(profiles))])
    units = np.array([to_weights(row) for row in shares], dtype=np.int64).reshape(len(profiles), len(_NAMES))
    weight = {name: units[:, k] for k, name in enumerate(_NAMES)}
    known = np.array([bool(r.title_words) for r in requests], dtype=np.bool_)
    parts: list[Part] = [CosinePart("title", offered, wished, weight["title"], settings.scoring.text_power, known)]
    parts.append(_role_part(profiles, requests, roles, weight["role"], settings, taxonomy))
    for c in CRITERIA:
        if c.wished and weights[c.name] > 0:
            left, right, table, is_known = met_codes(c, profiles, requests, getattr(settings.unknown, c.name, 0.0))
            parts.append(CodedPart(c.name, right, left, table.T, weight[c.name], is_known.T))
    return Wishes(
        tuple(p for p in parts if p.total.any()),
        np.asarray(units.sum(axis=1) > 0),
        settings.wishes.combine,
        int(to_degrees(settings.wishes.share)),
    )


def _roles_wished(p: Profile) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(
            f.key.partition(":")[2] for f in facts_for(p, "role") if f.evidence.column == "title" and not f.negated
        )
    )


def _role_part(
    profiles: Sequence[Profile],
    requests: Sequence[Request],
    roles: Sequence[str],
    weight: IntArray,
    settings: Settings,
    taxonomy: Taxonomy,
) -> SparsePart:
    """The roles a candidate wishes for, sharing the weight of roles, met by the roles of vacancies."""
    at = {name: j for j, name in enumerate(roles)}
    near = cache(lambda role: _near(taxonomy, role, settings))
    degrees: dict[tuple[int, int], int] = {}
    for v, r in enumerate(requests):
        for offer in (
            x for q in r.requirements if q.criterion == "role" for x in q.any_of or (q.key.partition(":")[2],)
        ):
            for j, degree in ((at[n], int(to_degrees(s))) for n, s in near(offer).items() if n in at):
                degrees[v, j] = max(degree, degrees.get((v, j), 0))
    shares: dict[tuple[int, int], int] = {}
    for i, p in enumerate(profiles):
        names = _roles_wished(p)
        for name, share in zip(names, to_weights([1.0] * len(names), int(weight[i])), strict=True):
            shares[i, at[name]] = int(share)
    known = np.array([any(q.criterion == "role" for q in r.requirements) for r in requests], dtype=np.bool_)
    left, right = _matrix(degrees, (len(requests), len(roles))), _matrix(shares, (len(profiles), len(roles)))
    return SparsePart("role", left, right, known)


def _matrix(cells: Mapping[tuple[int, int], int], shape: tuple[int, int]) -> sparse.csr_matrix:
    at = np.array(list(cells), dtype=np.int64).reshape(-1, 2)
    return sparse.csr_matrix((np.array(list(cells.values()), dtype=np.int64), (at[:, 0], at[:, 1])), shape=shape)


def _near(taxonomy: Taxonomy, role: str, settings: Settings) -> dict[str, float]:
    return related_roles(taxonomy, role, settings.relations) if role in taxonomy else {role: 1.0}

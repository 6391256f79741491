"""Dealbreakers: who is known to lack what a vacancy cannot do without scores no higher than a cap.

Apart from gates: nobody is refused, and who tells nothing of the matter is not held down.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from matcher.features.requests import Request
from matcher.ranking.meeting import Column
from matcher.ranking.parts import Part, SparsePart
from matcher.ranking.units import DEGREE_ONE, SCORE_ONE, IntArray

Index = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
ENOUGH = DEGREE_ONE // 2
"""Degree from which a dealbreaker is met."""


@dataclass(frozen=True, slots=True)
class Caps:
    """Caps on scores: ``limit`` in 2^-40, and for each criterion who meets, who is known, and what is asked.

    ``met`` has shape (n_candidates, n_columns), ``asked`` (n_vacancies, n_columns), both of zeros and ones.
    """

    limit: int
    criteria: tuple[tuple[sparse.csr_matrix, Bools, sparse.csr_matrix], ...]

    def block(self, rows: Index, columns: Index) -> Bools:
        """Which pairs of a block are capped, shape (len(rows), len(columns))."""
        out = np.zeros((len(rows), len(columns)), dtype=np.bool_)
        for met, known, asked in self.criteria:
            wanted = np.asarray(asked[columns].sum(axis=1)).ravel()
            lacks = (met[rows] @ asked[columns].T).toarray() < wanted
            out |= lacks & known[rows][:, None]
        return out

    def pairs(self, rows: Index, columns: Index) -> Bools:
        """Which pairs are capped, shape (len(rows),)."""
        out = np.zeros(len(rows), dtype=np.bool_)
        for met, known, asked in self.criteria:
            wanted = np.asarray(asked[columns].sum(axis=1)).ravel()
            there = np.asarray(met[rows].multiply(asked[columns]).sum(axis=1)).ravel()
            out |= (there < wanted) & known[rows]
        return out

    def under(self, units: IntArray, capped: Bools) -> IntArray:
        """Scores under the cap."""
        return np.where(capped, np.minimum(units, self.limit), units)


def build_caps(
    parts: Sequence[Part], columns: Mapping[str, Sequence[Column]], requests: Sequence[Request], limit: float
) -> Caps | None:
    """Caps for the dealbreakers of vacancies; None where no vacancy has any, or the limit holds nobody down."""
    if limit >= 1 or not any(q.is_dealbreaker for r in requests for q in r.requirements):
        return None
    criteria = []
    for part in parts:
        if isinstance(part, SparsePart):
            at = {c: j for j, c in enumerate(columns[part.name])}
            cells = [
                (v, at[Column.of(q)])
                for v, r in enumerate(requests)
                for q in r.requirements
                if q.is_dealbreaker and q.criterion == part.name
            ]
            if cells:
                rows, cols = zip(*cells, strict=True)
                shape = (len(requests), len(at))
                asked = sparse.csr_matrix((np.ones(len(cells), dtype=np.int64), (rows, cols)), shape=shape)
                met = sparse.csr_matrix(part.degrees >= ENOUGH, dtype=np.int64)
                criteria.append((met, part.known, asked))
    return Caps(round(limit * SCORE_ONE), tuple(criteria)) if criteria else None

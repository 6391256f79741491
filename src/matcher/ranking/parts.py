"""The parts of a score: sparse products, cosines and coded look-ups, each giving degrees in 1/1024.

Every part answers the same two questions: the weighted degrees of a block of candidates and vacancies, and those
of single pairs. Both roads use the same integers.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy import sparse

from matcher.features.encode import QUANTUM
from matcher.ranking.units import DEGREE_ONE, IntArray

Index = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


def products(left: sparse.csr_matrix, right: sparse.csr_matrix, rows: Index, columns: Index) -> IntArray:
    """Dot products of pairs of rows, ``left[rows[k]] . right[columns[k]]``, shape (len(rows),)."""
    if len(rows) == 1:  # to slice a sparse matrix costs twenty times what the sum of one pair does
        a, b = (slice(m.indptr[k], m.indptr[k + 1]) for m, k in ((left, rows[0]), (right, columns[0])))
        _, i, j = np.intersect1d(left.indices[a], right.indices[b], assume_unique=True, return_indices=True)
        return np.array([left.data[a][i] @ right.data[b][j]], dtype=np.int64)
    out: IntArray = np.asarray(left[rows].multiply(right[columns]).sum(axis=1)).ravel().astype(np.int64)
    return out


@dataclass(frozen=True, slots=True)
class SparsePart:
    """Requirements as columns: degrees A (candidates) times weights B (vacancies).

    ``degrees`` has shape (n_candidates, n_columns) in 1/1024, ``weights`` (n_vacancies, n_columns) in 2^-20.
    A candidate of whom nothing is known here gets ``neutral`` for every column.
    """

    name: str
    degrees: sparse.csr_matrix
    weights: sparse.csr_matrix
    known: npt.NDArray[np.bool_]
    neutral: int = 0

    @property
    def total(self) -> IntArray:
        """Weight of the criterion in each vacancy."""
        return np.asarray(self.weights.sum(axis=1)).ravel().astype(np.int64)

    def block(self, rows: Index, columns: Index) -> IntArray:
        """Weighted degrees of a block, shape (len(rows), len(columns)), in 2^-30."""
        out: IntArray = (self.degrees[rows] @ self.weights[columns].T).toarray().astype(np.int64)
        if self.neutral:
            out += np.outer(~self.known[rows], self.total[columns] * self.neutral)
        return out

    def pairs(self, rows: Index, columns: Index) -> IntArray:
        """Weighted degrees of pairs, shape (len(rows),)."""
        out = products(self.degrees, self.weights, rows, columns)
        if self.neutral:
            out += np.where(self.known[rows], 0, self.total[columns] * self.neutral)
        return out

    def knows(self, rows: Index, columns: Index) -> Bools:
        """Whether the degrees of pairs rest on known facts."""
        del columns  # a matter of the candidate alone
        out: Bools = self.known[rows]
        return out


def likeness_degrees(power: float) -> IntArray:
    """Degree in 1/1024 of every cosine that the integers can express, shape (QUANTUM + 1,)."""
    cosine = np.arange(QUANTUM + 1) / QUANTUM
    out: IntArray = np.rint(cosine**power * DEGREE_ONE).astype(np.int64)
    return out


@dataclass(frozen=True, slots=True)
class CosinePart:
    """Likeness of two bags of terms: a monotone degree of their cosine. Known is who has terms, of ours or not.

    ``left`` and ``right`` are rows of length one in units of 1/4096; ``weight`` has shape (n_vacancies,).
    """

    name: str
    left: sparse.csr_matrix
    right: sparse.csr_matrix
    weight: IntArray
    power: float
    known: npt.NDArray[np.bool_]
    table: IntArray = field(init=False)

    def __post_init__(self) -> None:
        """Tabulate the degree of every cosine that the integers can express."""
        object.__setattr__(self, "table", likeness_degrees(self.power))

    @property
    def total(self) -> IntArray:
        """Weight of the criterion in each vacancy."""
        return self.weight

    def _degree(self, dots: IntArray) -> IntArray:
        return self.table[np.minimum(dots // QUANTUM, QUANTUM)]

    def block(self, rows: Index, columns: Index) -> IntArray:
        """Weighted degrees of a block, in 2^-30."""
        block = (self.left[rows] @ self.right[columns].T).toarray().astype(np.int64)
        return self._degree(block) * self.weight[columns]

    def pairs(self, rows: Index, columns: Index) -> IntArray:
        """Weighted degrees of pairs."""
        return self._degree(products(self.left, self.right, rows, columns)) * self.weight[columns]

    def knows(self, rows: Index, columns: Index) -> Bools:
        """Whether the degrees of pairs rest on known facts."""
        del columns  # a matter of the candidate alone
        out: Bools = self.known[rows]
        return out


@dataclass(frozen=True, slots=True)
class CodedPart:
    """A fact that everybody has, coded on each side and met through a small table of degrees.

    ``known[a, b]`` says where the degree of two codes rests on a known fact: who told his hours but no kind of
    schedule is known to a request that asks for hours, and unknown to one that asks for a kind.
    """

    name: str
    rows: IntArray
    columns: IntArray
    table: IntArray
    weight: IntArray
    known: Bools

    @property
    def total(self) -> IntArray:
        """Weight of the criterion in each vacancy."""
        return self.weight

    def knows(self, rows: Index, columns: Index) -> Bools:
        """Whether the degrees of pairs rest on known facts."""
        out: Bools = self.known[self.rows[rows], self.columns[columns]]
        return out

    def block(self, rows: Index, columns: Index) -> IntArray:
        """Weighted degrees of a block, in 2^-30."""
        out: IntArray = self.table[np.ix_(self.rows[rows], self.columns[columns])] * self.weight[columns]
        return out

    def pairs(self, rows: Index, columns: Index) -> IntArray:
        """Weighted degrees of pairs."""
        return self.table[self.rows[rows], self.columns[columns]] * self.weight[columns]


Part = SparsePart | CosinePart | CodedPart


@dataclass(frozen=True, slots=True)
class Gate:
    """A hard rule: ``refuses[a, b]`` for the codes of a candidate and a vacancy; ``unverified[a, b]`` where unknown."""

    code: str
    rows: IntArray
    columns: IntArray
    refuses: npt.NDArray[np.bool_]
    unverified: npt.NDArray[np.bool_]

    def block(self, rows: Index, columns: Index) -> npt.NDArray[np.bool_]:
        """Which pairs of a block are refused."""
        return self.refuses[np.ix_(self.rows[rows], self.columns[columns])]

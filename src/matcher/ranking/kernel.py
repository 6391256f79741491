"""The fused kernel: posting lists, coded tables and gates of a query in one pass, and the exact top of it.

Compiled by numba where it is installed; ``scoring.rank`` is the plain twin with the same rows, order and scores. All
sums are whole numbers of the same units, so both agree to the last bit. A block of the other side at a time keeps the
sums in the cache of the core, and nothing of the size candidates x vacancies is ever made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from matcher.features.encode import QUANTUM
from matcher.ranking.gates import codes_of
from matcher.ranking.parts import CodedPart, CosinePart, Gate, Part, SparsePart
from matcher.ranking.units import IntArray

Array = npt.NDArray[Any]
BLOCK = 1 << 14
"""Entries of the other side whose sums are held at a time."""
MOST_CODES = 1 << 12
"""Combinations of coded facts that are met through one table."""


def is_there() -> bool:
    """Whether numba can be imported to compile the kernel."""
    return find_spec("numba") is not None


@dataclass(frozen=True, slots=True)
class Tops:
    """The best of every query, best first, and what was left out.

    ``units`` and ``entries`` have shape (n_queries, k), ``found`` (n_queries,) says how many of each row are filled;
    ``refused`` counts pairs by the first gate that refused them.
    """

    units: IntArray
    entries: IntArray
    found: IntArray
    refused: IntArray
    n_excluded: int


@dataclass(frozen=True, slots=True)
class _Met:
    """A coded part or gate as the queries see it: codes of the others and of the queries, a table of both, weights."""

    theirs: Array
    ours: Array
    table: Array
    weight: Array


class _Lists:
    """Two sparse sides as rows of the queries and, per column, lists of the others, cut into blocks."""

    def __init__(self, sides: Sequence[tuple[Any, Any]], n_queries: int, n_others: int) -> None:
        ours = sparse.hstack([o for o, _ in sides]) if sides else sparse.csr_matrix((n_queries, 0))
        theirs = sparse.hstack([t for _, t in sides]) if sides else sparse.csr_matrix((n_others, 0))
        rows, lists = sparse.csr_matrix(ours), sparse.csc_matrix(theirs)
        rows.sort_indices()
        lists.sort_indices()
        self.bounds = np.cumsum([0, *(o.shape[1] for o, _ in sides)])
        self.row_starts, self.columns, self.values = rows.indptr, rows.indices, rows.data.astype(np.int32)
        n_blocks = max(1, -(-n_others // BLOCK))
        column = np.repeat(np.arange(lists.shape[1], dtype=np.int64), np.diff(lists.indptr))
        cells = np.bincount(column * n_blocks + lists.indices // BLOCK, minlength=lists.shape[1] * n_blocks)
        starts = np.zeros((lists.shape[1], n_blocks + 1), dtype=np.int64)
        starts[:, 1:] = cells.reshape(-1, n_blocks).cumsum(axis=1)
        starts += lists.indptr[:-1, None]
        self.arrays = (starts, lists.indices.astype(np.int32), lists.data.astype(np.int32))

    def row(self, q: int) -> tuple[Array, Array, Array]:
        """Where each part begins in the row of a query, its columns, and its values."""
        here = slice(self.row_starts[q], self.row_starts[q + 1])
        columns = self.columns[here]
        return np.searchsorted(columns, self.bounds), columns, self.values[here]


class _Codes:
    """Coded parts and gates whose combinations are few, met through one table per query."""

    def __init__(self, coded: Sequence[_Met], gates: Sequence[tuple[int, _Met]], n: int) -> None:
        self._coded, self._gates = coded, gates
        columns = [m.theirs for m in (*coded, *(m for _, m in gates))]
        stacked = np.stack(columns, axis=1) if columns else np.zeros((n, 0), dtype=np.int64)
        distinct, codes = np.unique(stacked, axis=0, return_inverse=True)
        self.codes = codes.reshape(-1).astype(np.int32)
        self._parts = list(distinct.T)

    def of(self, q: int) -> tuple[Array, Array]:
        """What each combination adds to the score of a query, in 2^-30, and the first gate (from 1) that refuses it."""
        n = len(self._parts[0]) if self._parts else 1
        values, doors = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
        for part, m in zip(self._parts, self._coded, strict=False):
            if m.weight[q]:
                values += m.table[part, m.ours[q]] * m.weight[q]
        for part, (number, m) in reversed(list(zip(self._parts[len(self._coded) :], self._gates, strict=True))):
            doors = np.where(m.table[part, m.ours[q]], number, doors)
        return values, doors


def grouped(coded: Sequence[_Met], gates: Sequence[tuple[int, _Met]], n: int) -> list[_Codes]:
    """Coded parts and gates in few groups, each with few combinations."""
    groups: list[tuple[list[_Met], list[tuple[int, _Met]], Array]] = []
    for number, m in sorted([*((0, m) for m in coded), *gates], key=lambda pair: len(np.unique(pair[1].theirs))):
        for group in groups:
            joined = np.unique(np.stack([group[2], m.theirs], axis=1), axis=0, return_inverse=True)
            if len(joined[0]) <= MOST_CODES:
                chosen = group
                groups.remove(group)
                combination = joined[1].reshape(-1)
                break
        else:
            chosen, combination = ([], [], m.theirs), m.theirs
        (chosen[1].append((number, m)) if number else chosen[0].append(m))
        groups.append((chosen[0], chosen[1], combination))
    return [_Codes(c, sorted(g, key=lambda pair: pair[0]), n) for c, g, _ in groups]


class Kernel:
    """A model seen from its queries, ready to be asked for their best.

    Parameters
    ----------
    parts, gates
        Of the model.
    thin : ndarray of shape (n_vacancies,)
    queries, others : ndarray of int64
        Rows and columns that may be ranked.
    order : ndarray of int64
        Position of every entry of the other side in code-point order of ids.
    by_vacancy : bool
        Whether the queries are vacancies.
    """

    def __init__(
        self,
        parts: Sequence[Part],
        gates: Sequence[Gate],
        thin: IntArray,
        queries: IntArray,
        others: IntArray,
        order: IntArray,
        *,
        by_vacancy: bool,
    ) -> None:
        self.queries, self.others, self.by_vacancy = queries, others, by_vacancy
        self._order, self._thin = order[others], thin[queries if by_vacancy else others]
        self._n_gates = len(gates)
        columns = [p for p in parts if isinstance(p, SparsePart)]
        cosines = [p for p in parts if isinstance(p, CosinePart)]
        shape = len(queries), len(others)
        self._requirements = _Lists([self._sides(p.degrees, p.weights) for p in columns], *shape)
        self._terms = _Lists([self._sides(p.left, p.right) for p in cosines], *shape)
        self._degrees = np.array([p.table for p in cosines], dtype=np.int16).reshape(-1, QUANTUM + 1)
        vacancies = queries if by_vacancy else others
        weights = [p.weight[vacancies] for p in cosines]
        self._weights = np.array(weights, dtype=np.int64).reshape(len(cosines), len(vacancies))
        self._coded = [self._met(p.rows, p.columns, p.table, p.weight) for p in parts if isinstance(p, CodedPart)]
        nobody = np.zeros(len(thin), dtype=np.int64)
        self._coded += [
            self._met((~p.known).astype(np.int64), nobody, np.array([[0], [p.neutral]]), p.total)
            for p in columns
            if p.neutral
        ]
        self._gates = [(n, self._met(g.rows, g.columns, g.refuses, thin)) for n, g in enumerate(gates, 1)]

    def _sides(self, of_candidates: Any, of_vacancies: Any) -> tuple[Any, Any]:
        """Rows of the queries and of the others."""
        ours, theirs = (of_vacancies, of_candidates) if self.by_vacancy else (of_candidates, of_vacancies)
        return ours[self.queries], theirs[self.others]

    def _met(self, rows: Array, columns: Array, table: Array, weight: Array) -> _Met:
        if self.by_vacancy:
            return _Met(rows[self.others], columns[self.queries], table, weight[self.queries])
        return _Met(columns[self.others], rows[self.queries], table.T, weight[self.others])

    def tops(self, k: int, banned: Mapping[int, Sequence[int]], progress: object = None) -> Tops:
        """The best ``k`` of every query; ``banned`` are entries not to show, by query."""
        run = compiled()
        n, m = len(self.queries), len(self.others)
        units, entries = np.zeros((n, k), dtype=np.int64), np.full((n, k), -1, dtype=np.int64)
        found, counts = np.zeros(n, dtype=np.int64), np.zeros(self._n_gates + 2, dtype=np.int64)
        hidden = np.zeros(m, dtype=np.bool_)
        at = {int(o): i for i, o in enumerate(self.others)} if banned else {}
        tables = self._by_codes() if self.by_vacancy else self._by_entries()
        for q in range(n):
            skipped = [at[o] for o in banned.get(int(self.queries[q]), ()) if o in at]
            hidden[skipped] = True
            own = slice(q, q + 1) if self.by_vacancy else slice(None)
            found[q] = run(
                self._requirements.row(q), self._requirements.arrays, self._terms.row(q), self._terms.arrays,
                self._degrees, self._weights[:, own], tables(q), self._thin[own], hidden, self._order,
                units[q], entries[q], counts,
            )  # fmt: skip
            hidden[skipped] = False
            if callable(progress) and (q % 256 == 255 or q == n - 1):
                progress(q + 1, n)
        shown = np.where(entries >= 0, self.others[entries], -1) if m else entries
        return Tops(units, shown, found, counts[1:-1], int(counts[-1]))

    def _by_codes(self) -> Callable[[int], tuple[Array, Array, Array, Array]]:
        """Codes of the others, where the table of each group of codes begins, its values and its gates, by query."""
        groups = grouped(self._coded, self._gates, len(self.others)) or [_Codes([], [], len(self.others))]
        codes = np.stack([g.codes for g in groups])

        def tables(q: int) -> tuple[Array, Array, Array, Array]:
            told = [g.of(q) for g in groups]
            ends = np.cumsum([0, *(len(values) for values, _ in told)])
            return codes, ends[:-1], np.concatenate([v for v, _ in told]), np.concatenate([d for _, d in told])

        return tables

    def _by_entries(self) -> Callable[[int], tuple[Array, Array, Array, Array]]:
        """The same where every vacancy has weights of its own: one table of all others per kind of candidate."""
        codes = np.arange(len(self.others), dtype=np.int32)[None, :]
        ours = np.stack([m.ours for m in self._coded] + [m.ours for _, m in self._gates] or [self.queries * 0], axis=1)
        kinds, _ = codes_of([tuple(row) for row in ours.tolist()])

        @cache
        def of(kind: int) -> tuple[Array, Array]:
            q = int(np.argmax(kinds == kind))
            values, doors = (np.zeros(len(self.others), dtype=np.int64) for _ in range(2))
            for m in self._coded:
                values += m.table[m.theirs, m.ours[q]] * m.weight
            for number, m in reversed(self._gates):
                doors = np.where(m.table[m.theirs, m.ours[q]], number, doors)
            return values, doors

        def tables(q: int) -> tuple[Array, Array, Array, Array]:
            return codes, np.zeros(1, dtype=np.int64), *of(int(kinds[q]))

        return tables


@cache
def compiled() -> Callable[..., int]:
    """The function that numba compiles, once per process; what it compiled is kept on disk."""
    import numba

    found: Callable[..., int] = numba.njit(cache=True, error_model="numpy", nogil=True)(tops_of_query)
    return found


def tops_of_query(  # noqa: C901 - one loop nest that numba compiles whole
    requirement_row: Any, requirement_lists: Any, term_row: Any, term_lists: Any, degrees: Any, weights: Any,
    coded: Any, thin: Any, hidden: Any, order: Any, units: Any, entries: Any, counts: Any,
) -> int:  # fmt: skip
    """Fill ``units`` and ``entries`` with the best of one query; returns how many were found.

    Runs as plain Python too, slowly: what numba compiles is this text.
    """
    _, columns, values = requirement_row
    starts, listed, held = requirement_lists
    bounds, term_columns, term_values = term_row
    term_starts, term_listed, term_held = term_lists
    codes, ends, gains, doors = coded
    k, n, found = len(units), len(hidden), 0
    sums = np.empty(BLOCK, dtype=np.int64)
    products = np.empty(BLOCK, dtype=np.int32)
    for block in range(max(1, -(-n // BLOCK))):
        first = block * BLOCK
        size = min(BLOCK, n - first)
        sums[:size] = 0
        for i in range(len(columns)):
            value = values[i]
            for at in range(starts[columns[i], block], starts[columns[i], block + 1]):
                sums[listed[at] - first] += value * np.int64(held[at])
        for part in range(len(bounds) - 1):
            if weights.shape[1] == 1 and weights[part, 0] == 0:
                continue
            products[:size] = 0
            for i in range(bounds[part], bounds[part + 1]):
                value = term_values[i]
                for at in range(term_starts[term_columns[i], block], term_starts[term_columns[i], block + 1]):
                    products[term_listed[at] - first] += value * term_held[at]
            for o in range(size):
                degree = degrees[part, min(products[o] // QUANTUM, QUANTUM)]
                sums[o] += degree * weights[part, 0 if weights.shape[1] == 1 else first + o]
        for o in range(size):
            entry = first + o
            total = sums[o]
            door = 0
            for group in range(len(ends)):
                cell = ends[group] + codes[group, entry]
                total += gains[cell]
                if doors[cell] and (door == 0 or doors[cell] < door):
                    door = doors[cell]
            if door:
                counts[door] += 1
                continue
            if hidden[entry]:
                counts[-1] += 1
                continue
            total *= thin[0 if len(thin) == 1 else entry]
            if found == k and (
                total < units[k - 1] or (total == units[k - 1] and order[entry] > order[entries[k - 1]])
            ):
                continue
            place = min(found, k - 1)
            while place > 0 and (
                units[place - 1] < total or (units[place - 1] == total and order[entries[place - 1]] > order[entry])
            ):
                units[place] = units[place - 1]
                entries[place] = entries[place - 1]
                place -= 1
            units[place] = total
            entries[place] = entry
            found = min(found + 1, k)
    return found

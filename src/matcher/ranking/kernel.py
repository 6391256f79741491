"""The fused kernel: requirements, likenesses, coded facts and gates of a query in one pass, and its exact top.

Compiled by numba where it is installed; ``scoring.rank`` is the plain twin with the same rows, order and scores. All
sums are whole numbers of the same units, so both agree to the last bit. A block of the other side at a time keeps the
sums in the cache of the core, and nothing of the size candidates x vacancies is ever made.

A column that many of the others have is held densely, so that the compiler adds it sixteen at a time; a rare one as a
list. The degree of a likeness is looked up only where the query's best could still be reached with the highest one.
"""

from __future__ import annotations

import mmap
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from matcher.features.encode import QUANTUM
from matcher.ranking import loop
from matcher.ranking.parts import CodedPart, CosinePart, Gate, Part, SparsePart
from matcher.ranking.units import DEGREE_ONE, IntArray

Array = npt.NDArray[Any]
DENSE = 1 / 12
"""Share of the others from which on a column is held densely."""
FEWEST_DENSE = 64
"""Entries below which no column is worth holding so."""
MOST_CODES = 1 << 12
"""Combinations of coded facts that are met through one table."""
MOST_KINDS = 1 << 10
"""Kinds of others, by the gates that refuse them, that are put side by side."""
FEWEST_CLOSED = 32
"""Others below which a stretch is not worth passing over."""
CHUNK = 512
"""Queries whose tables are held at a time."""


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


class _Columns:
    """The columns of all sparse parts: rows of the queries, and the others by column, densely or as lists."""

    def __init__(self, sides: Sequence[tuple[Any, Any]], n_queries: int, n_others: int) -> None:
        ours = sparse.hstack([o for o, _ in sides]) if sides else sparse.csr_matrix((n_queries, 0))
        theirs = sparse.hstack([t for _, t in sides]) if sides else sparse.csr_matrix((n_others, 0))
        rows = sparse.csr_matrix(ours)
        rows.sort_indices()
        ends = np.cumsum([0, *(o.shape[1] for o, _ in sides)])
        row = np.repeat(np.arange(n_queries), np.diff(rows.indptr))
        part = np.searchsorted(ends, rows.indices, side="right") - 1
        n_parts = len(sides)
        counts = np.bincount(row * n_parts + part, minlength=n_queries * n_parts) if n_parts else np.zeros(0, np.int64)
        bounds = np.zeros((n_queries, n_parts + 1), dtype=np.int64)
        bounds[:, 1:] = counts.reshape(n_queries, n_parts).cumsum(axis=1)
        bounds += rows.indptr[:-1, None]
        self.others = stored(sparse.csr_matrix(theirs))
        self.rows = (bounds, rows.indices.astype(np.int32), rows.data.astype(np.int32))


Stored = tuple[Array, Array, Array, Array, Array, Array]


def stored(rows: Any, n_more: int = 0) -> Stored:
    """Columns of n entries, for the compiled loop.

    Parameters
    ----------
    rows : csr_matrix of shape (n, n_columns)
    n_more : int
        Dense columns behind those of ``rows``, all zeros, to be filled by the caller.

    Returns
    -------
    dense_at : ndarray of shape (n_columns + n_more,)
        Number of a dense column, -1 for a list.
    dense : ndarray of int16 or int32, shape (n_dense, n)
    more : ndarray of the same type, shape (n_more, n)
    starts : ndarray of shape (n_columns, n_blocks + 1)
        Where the list of a column begins in each block.
    places : ndarray of uint16
        Place in the block.
    held : ndarray of the same type
    """
    n, n_columns = rows.shape
    n_blocks = max(1, -(-n // loop.BLOCK))
    whole = np.int16 if rows.data.max(initial=0) < 1 << 15 else np.int32  # degrees and terms, or weights of vacancies
    counts = np.stack(
        [
            np.bincount(rows.indices[rows.indptr[low] : rows.indptr[min(low + loop.BLOCK, n)]], minlength=n_columns)
            for low in range(0, n_blocks * loop.BLOCK, loop.BLOCK)
        ],
        axis=1,
    )
    is_dense = counts.sum(axis=1) > max(DENSE * n, FEWEST_DENSE)
    dense_at = np.where(is_dense, np.cumsum(is_dense) - 1, -1).astype(np.int32)
    dense = np.zeros((int(is_dense.sum()), n), dtype=whole)
    counts[is_dense] = 0
    starts = np.zeros((n_columns, n_blocks + 1), dtype=np.int64)
    starts[:, 1:] = counts.cumsum(axis=1)
    starts += np.concatenate([[0], starts[:, -1].cumsum()[:-1]])[:, None] if n_columns else 0
    places, held = np.empty(int(counts.sum()), dtype=np.uint16), np.empty(int(counts.sum()), dtype=whole)
    lay_out = loop.compiled_layout() if loop.is_there() else plain_layout
    lay_out(rows.indptr, rows.indices, rows.data, dense_at, dense, starts, places, held, loop.BLOCK)
    return *with_room(dense_at, dense, n_more), starts, places, held


def with_room(dense_at: Array, dense: Array, n_more: int) -> tuple[Array, Array, Array]:
    """Dense columns, with room for more of them behind those that there are."""
    behind = np.arange(len(dense), len(dense) + n_more, dtype=np.int32)
    return np.concatenate([dense_at, behind]), dense, room(n_more, dense.shape[1], dense.dtype)


def room(n_columns: int, n: int, dtype: Any) -> Array:
    """Dense columns of zeros that take memory page by page; numpy takes 2 MB at once, for which a question waits 3 ms.

    A process that is forked gets a copy of its own.
    """
    size = max(1, n_columns * n * np.dtype(dtype).itemsize)
    own = {"flags": mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS} if hasattr(mmap, "MAP_PRIVATE") else {}
    pages = mmap.mmap(-1, size, **own)
    return np.frombuffer(pages, dtype, n_columns * n).reshape(n_columns, n)


def plain_layout(
    indptr: Array,
    indices: Array,
    data: Array,
    dense_at: Array,
    dense: Array,
    starts: Array,
    places: Array,
    held: Array,
    size: int,
) -> None:
    """Fill dense columns and lists from rows by numpy alone: the twin of ``loop.lay_out``."""
    del starts  # lists stand one behind the other, by column and then by entry
    entry = np.repeat(np.arange(len(indptr) - 1, dtype=np.int64), np.diff(indptr))
    in_dense = dense_at[indices] >= 0
    dense[dense_at[indices[in_dense]], entry[in_dense]] = data[in_dense]
    by_column = np.argsort(indices[~in_dense], kind="stable")
    places[:] = (entry[~in_dense] % size)[by_column]
    held[:] = data[~in_dense][by_column]


class _Codes:
    """Coded parts and gates whose combinations are few: what each combination adds to a query, or that it is refused."""

    def __init__(self, coded: Sequence[_Met], gates: Sequence[_Met], codes: Array, distinct: Array) -> None:
        """``distinct`` has a row for each combination, and a column for each of ``coded``, then of ``gates``."""
        self.codes, self.n, self.has_gates = codes, len(distinct), bool(gates)
        self._coded = list(zip(coded, distinct.T, strict=False))
        self._gates = list(zip(gates, distinct.T[len(coded) :], strict=True))

    def of(self, queries: IntArray) -> Array:
        """What each combination adds to the scores of some queries, shape (n_queries, n), in 2^-30."""
        out = np.zeros((len(queries), self.n), dtype=np.int32)
        for m, theirs in self._coded:
            weight = m.weight[queries]
            for code in np.unique(m.ours[queries][weight != 0]):
                asked = np.flatnonzero((m.ours[queries] == code) & (weight != 0))
                out[asked] += (m.table[theirs, code][None, :] * weight[asked, None]).astype(np.int32)
        for m, theirs in self._gates:
            for code in np.unique(m.ours[queries]):
                refused = m.table[theirs, code]
                if refused.any():
                    out[np.ix_(m.ours[queries] == code, refused)] = loop.REFUSED
        return out


def combined(columns: Sequence[Array]) -> list[tuple[list[int], Array, Array]]:
    """Columns of codes in few groups, each with at most ``MOST_CODES`` combinations where it holds more than one column.

    Returns
    -------
    list of (members, codes, distinct)
        Numbers of the columns, the combination of every entry, and the codes of every combination.
    """
    groups: list[tuple[list[int], Array, Array]] = []
    for number in sorted(range(len(columns)), key=lambda i: len(np.unique(columns[i]))):
        for at, (members, codes, distinct) in enumerate(groups):
            joined = np.unique(np.stack([codes, columns[number]], axis=1), axis=0, return_inverse=True)
            if len(joined[0]) <= MOST_CODES:
                before, own = joined[0].T
                groups[at] = [*members, number], joined[1].reshape(-1), np.column_stack([distinct[before], own])
                break
        else:
            own, codes = np.unique(columns[number], return_inverse=True)
            groups.append(([number], codes.reshape(-1), own[:, None]))
    return [(m, c.astype(np.uint16 if len(d) <= 1 << 16 else np.int32), d) for m, c, d in groups]


def grouped(coded: Sequence[_Met], gates: Sequence[_Met], n: int) -> list[_Codes]:
    """Coded parts and gates in few groups, each with few combinations."""
    out = []
    for members, codes, distinct in combined([m.theirs for m in (*coded, *gates)]):
        parts = sorted(range(len(members)), key=lambda i: members[i] >= len(coded))
        own = [coded[members[i]] for i in parts if members[i] < len(coded)]
        doors = [gates[members[i] - len(coded)] for i in parts if members[i] >= len(coded)]
        out.append(_Codes(own, doors, codes, distinct[:, parts]))
    return out or [_Codes([], [], np.zeros(n, dtype=np.uint16), np.zeros((1, 0), dtype=np.int64))]


def _rows_of(matrix: Any, rows: Array) -> Any:
    """Some rows of a matrix; all of them in their own order without a copy."""
    n = matrix.shape[0]
    return matrix if len(rows) == n and (rows == np.arange(n)).all() else matrix[rows]


def kinds_of(codes: Sequence[Array], n: int) -> tuple[Array, list[int]]:
    """Kinds of n entries by their codes for gates, and which gates tell them apart.

    Entries of one kind are best held side by side: whom a gate refuses is then passed over by the thousand. The gate
    with the most codes comes first, and gates are taken as long as the kinds are few.
    """
    kinds = np.zeros(n, dtype=np.int64)
    chosen: list[int] = []
    for number in sorted(range(len(codes)), key=lambda i: -int(codes[i].max(initial=0))):
        code = codes[number]
        distinct, again = np.unique(kinds * (int(code.max(initial=0)) + 1) + code, return_inverse=True)
        if len(distinct) <= MOST_KINDS:
            kinds, chosen = again.reshape(-1), [*chosen, number]
    return kinds, chosen


def stretches(kinds: Array) -> Array:
    """Where stretches of entries of one kind begin, and the end; one of all where they are too short to matter."""
    borders = np.flatnonzero(np.diff(kinds)) + 1
    are_few = len(borders) * FEWEST_CLOSED < len(kinds)
    return np.unique(np.concatenate([[0], borders if are_few else borders[:0], [len(kinds)]]))


def open_stretches(is_open: Array, ends: Array) -> tuple[Array, Array]:
    """What some queries have to look at: where the stretches of each begin among all, and first and last entry of each.

    ``is_open`` says for each query and stretch whether no gate refuses it; those between that are too short to be worth
    passing over are looked at too.
    """
    is_open = is_open | (np.diff(ends) < FEWEST_CLOSED)
    turns = np.diff(np.pad(is_open, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    (query, begin), (_, end) = np.nonzero(turns == 1), np.nonzero(turns == -1)
    return np.searchsorted(query, np.arange(len(is_open) + 1)), np.stack([ends[begin], ends[end]], axis=1)


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
        codes = [(g.rows if by_vacancy else g.columns)[others] for g in gates]
        kinds, chosen = kinds_of(codes, len(others))
        beside = np.argsort(kinds, kind="stable")
        others = others[beside]
        self.queries, self.others, self.by_vacancy = queries, others, by_vacancy
        self._order, self._thin = order[others], thin[queries if by_vacancy else others]
        columns = [p for p in parts if isinstance(p, SparsePart)]
        cosines = [p for p in parts if isinstance(p, CosinePart)]
        # all requirements add up to one sum, so they are one part of the columns; each likeness is one of its own
        met = [self._sides(p.degrees, p.weights) for p in columns]
        one = [(sparse.hstack([o for o, _ in met]), sparse.hstack([t for _, t in met]))] if met else []
        self._has_sums = bool(one)
        self._columns = _Columns([*one, *(self._sides(p.left, p.right) for p in cosines)], len(queries), len(others))
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
        self._gates = [self._met(g.rows, g.columns, g.refuses, thin) for g in gates]
        self._stretches, self._telling = stretches(kinds[beside]), [self._gates[i] for i in chosen]

    def _sides(self, of_candidates: Any, of_vacancies: Any) -> tuple[Any, Any]:
        """Rows of the queries and of the others."""
        ours, theirs = (of_vacancies, of_candidates) if self.by_vacancy else (of_candidates, of_vacancies)
        return _rows_of(ours, self.queries), _rows_of(theirs, self.others)

    def _met(self, rows: Array, columns: Array, table: Array, weight: Array) -> _Met:
        if self.by_vacancy:
            return _Met(rows[self.others], columns[self.queries], table, weight[self.queries])
        return _Met(columns[self.others], rows[self.queries], table.T, weight[self.others])

    def tops(self, k: int, banned: Mapping[int, Sequence[int]], progress: object = None, *, n_jobs: int = 1) -> Tops:
        """The best ``k`` of every query; ``banned`` are entries not to show, by query; ``n_jobs`` threads."""
        n, m = len(self.queries), len(self.others)
        units, entries = np.zeros((n, k), dtype=np.int64), np.full((n, k), -1, dtype=np.int64)
        found = np.zeros(n, dtype=np.int64)
        hidden, n_excluded = self._hidden(banned)
        run, codes = loop.compiled(), self._codes
        reach = self._weights.sum(axis=0) * DEGREE_ONE  # the most that likenesses add
        bounds, columns, values = self._columns.rows
        starts = [slice(low, min(low + CHUNK, n)) for low in range(0, n, CHUNK)]

        def work(here: slice) -> None:
            gains, kinds = self._gains(np.arange(here.start, here.stop))
            own = here if self.by_vacancy else slice(None)
            run(
                bounds[here], columns, values, self._columns.others, self._has_sums, self._degrees,
                self._weights[:, own], reach[own], codes, self._ends, self._is_one_door, gains, kinds, self._thin[own], self.by_vacancy,
                *self._open(np.arange(here.start, here.stop)), hidden[0][here.start : here.stop + 1], hidden[1], self._order, units[here], entries[here], found[here],
            )  # fmt: skip

        with ThreadPoolExecutor(n_jobs) as pool:
            for done, _ in zip(starts, pool.map(work, starts) if n_jobs > 1 else map(work, starts), strict=True):
                if callable(progress):
                    progress(done.stop, n)
        shown = np.where(entries >= 0, self.others[entries], -1) if m else entries
        return Tops(units, shown, found, self._refused(), n_excluded)

    def _open(self, queries: IntArray) -> tuple[Array, Array]:
        """Stretches of the others that no gate refuses to a query whole: where those of each begin, and their ends."""
        firsts = self._stretches[:-1]
        is_open = np.ones((len(queries), len(firsts)), dtype=np.bool_)
        for m in self._telling if len(firsts) > 1 else ():
            is_open &= ~m.table[m.theirs[firsts][None, :], m.ours[queries][:, None]]
        return open_stretches(is_open, self._stretches)

    def _hidden(self, banned: Mapping[int, Sequence[int]]) -> tuple[tuple[Array, Array], int]:
        """Entries not to show as rows of lists, by query, and how many of them no gate refuses."""
        at = {int(o): i for i, o in enumerate(self.others)} if banned else {}
        rows = [
            np.array(sorted({at[o] for o in banned.get(int(q), ()) if o in at}), dtype=np.int64) if banned else _NOBODY
            for q in self.queries
        ]
        pairs = [(q, o) for q, row in enumerate(rows) for o in row]
        n = sum(not any(m.table[m.theirs[o], m.ours[q]] for m in self._gates) for q, o in pairs)
        listed = np.concatenate(rows) if rows else _NOBODY
        return (np.cumsum([0, *map(len, rows)]), listed), n

    def _refused(self) -> IntArray:
        """Pairs by the first gate that refuses them, counted over the distinct codes of both sides."""
        out = np.zeros(len(self._gates), dtype=np.int64)
        if not self._gates:
            return out
        theirs, n_theirs = np.unique(np.stack([m.theirs for m in self._gates], axis=1), axis=0, return_counts=True)
        ours, n_ours = np.unique(np.stack([m.ours for m in self._gates], axis=1), axis=0, return_counts=True)
        for row, n in zip(ours, n_ours, strict=True):
            left = np.ones(len(theirs), dtype=np.bool_)
            for number, m in enumerate(self._gates):
                refused = m.table[theirs[:, number], row[number]] & left
                out[number] += int(n_theirs[refused].sum()) * n
                left &= ~refused
        return out

    @cached_property
    def _groups(self) -> list[_Codes]:
        return grouped(self._coded, self._gates, len(self.others))

    @property
    def _codes(self) -> Array:
        """Codes of the others in each group; by candidate each vacancy is a group of its own, for it has its weights."""
        if not self.by_vacancy:
            return np.arange(len(self.others), dtype=np.int32)[None, :]
        return np.stack([g.codes for g in self._groups])

    @property
    def _ends(self) -> Array:
        """Where the table of each group of codes begins."""
        return np.cumsum([0, *(g.n for g in self._groups)])[:-1] if self.by_vacancy else np.zeros(1, dtype=np.int64)

    @property
    def _is_one_door(self) -> bool:
        """Whether one group at most holds gates."""
        return not self.by_vacancy or sum(g.has_gates for g in self._groups) < 2

    def _gains(self, queries: IntArray) -> tuple[Array, Array]:
        """What each code adds to the scores of some queries, a row per kind of query, and the kind of each."""
        if self.by_vacancy:
            return np.concatenate([g.of(queries) for g in self._groups], axis=1), np.arange(len(queries))
        met = [*self._coded, *self._gates]
        ours = np.stack([m.ours[queries] for m in met] or [queries * 0], axis=1)
        distinct, first, kinds = np.unique(ours, axis=0, return_index=True, return_inverse=True)
        out = np.zeros((len(distinct), len(self.others)), dtype=np.int32)
        for m in self._coded:
            out += (m.table[m.theirs[None, :], m.ours[queries][first][:, None]] * m.weight).astype(np.int32)
        for m in self._gates:
            out[m.table[m.theirs[None, :], m.ours[queries][first][:, None]]] = loop.REFUSED
        return out, kinds.reshape(-1)


_NOBODY = np.zeros(0, dtype=np.int64)

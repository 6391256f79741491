"""The loops that numba compiles: the best of queries, and degrees of a requirement.

They run as plain Python too, slowly: what is compiled is this text.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from typing import Any

import numpy as np

from matcher.features.encode import QUANTUM
from matcher.ranking.units import DEGREE_ONE

BLOCK = 1 << 14
"""Entries of the other side whose sums are held at a time."""
REFUSED = -(1 << 30) - 1
"""Stands in a table where a gate refuses: below every sum. Sums before thinness are at most 2^30."""
_RUN = 128
"""Entries that are passed over at once where none of them can reach the best."""


def is_there() -> bool:
    """Whether numba can be imported to compile the kernel."""
    return find_spec("numba") is not None


@cache
def _compiled(loop: Callable[..., Any]) -> Callable[..., Any]:
    """A loop as numba compiles it, once per process; what it compiled is kept on disk."""
    import numba

    found: Callable[..., Any] = numba.njit(cache=True, error_model="numpy", nogil=True)(loop)
    return found


def compiled() -> Callable[..., None]:
    """``tops_of_queries``, compiled."""
    return _compiled(tops_of_queries)


def compiled_raising() -> Callable[..., None]:
    """``raise_degrees``, compiled."""
    return _compiled(raise_degrees)


def compiled_best() -> Callable[..., tuple[Any, Any, Any]]:
    """``best_in_rows``, compiled."""
    return _compiled(best_in_rows)


def compiled_layout() -> Callable[..., None]:
    """``lay_out``, compiled."""
    return _compiled(lay_out)


def lay_out(
    indptr: Any, indices: Any, data: Any, dense_at: Any, dense: Any, starts: Any, places: Any, held: Any, size: int
) -> None:
    """Fill dense columns and lists from rows; a list begins in each block of ``size`` rows where ``starts`` says."""
    nexts = starts.copy()
    for row in range(len(indptr) - 1):
        block, place = row // size, row % size
        for at in range(indptr[row], indptr[row + 1]):
            column = indices[at]
            if dense_at[column] >= 0:
                dense[dense_at[column], row] = data[at]
            else:
                to = nexts[column, block]
                places[to], held[to] = place, data[at]
                nexts[column, block] = to + 1


def best_in_rows(
    starts: Any, facts: Any, strengths: Any, indptr: Any, indices: Any, relation: Any, n_columns: int, most: int
) -> tuple[Any, Any, Any]:
    """For each row the columns that its facts meet, ascending, with the best of relation x strength.

    Row i has the facts from ``starts[i]`` to ``starts[i + 1]``; ``most`` bounds what is found. Returns how many columns
    each row meets, and columns and values of all rows.
    """
    found = np.zeros(len(starts) - 1, dtype=np.int64)
    columns, values = np.empty(most, dtype=np.int32), np.empty(most, dtype=np.float64)
    best = np.zeros(n_columns, dtype=np.float64)
    n = 0
    for row in range(len(starts) - 1):
        low, high = n_columns, -1
        for at in range(starts[row], starts[row + 1]):
            begin, end = indptr[facts[at]], indptr[facts[at] + 1]
            if begin == end:
                continue
            low, high = min(low, indices[begin]), max(high, indices[end - 1])
            for cell in range(begin, end):
                met = relation[cell] * strengths[at]
                if met > best[indices[cell]]:
                    best[indices[cell]] = met
        before = n
        for column in range(low, high + 1):
            if best[column] > 0:
                columns[n], values[n] = column, best[column]
                best[column] = 0
                n += 1
        found[row] = n - before
    return found, columns[:n].copy(), values[:n].copy()


def raise_degrees(out: Any, starts: Any, rows: Any, strengths: Any, facts: Any, factors: Any) -> None:
    """Raise the degrees of a column to those of some facts, each with its factor; ``starts`` and ``rows`` list who has them."""
    for i in range(len(facts)):
        for at in range(starts[facts[i]], starts[facts[i] + 1]):
            met = np.int16(np.rint(factors[i] * strengths[at] * DEGREE_ONE))
            if met > out[rows[at]]:
                out[rows[at]] = met


def tops_of_queries(  # noqa: C901 - one loop nest that numba compiles whole
    bounds: Any, columns: Any, values: Any, others: Any, has_sums: Any, degrees: Any, weights: Any, reach: Any,
    codes: Any, ends: Any, is_one_door: Any, gains: Any, kinds: Any, thin: Any, by_vacancy: Any, open_starts: Any, opens: Any, hidden_starts: Any, hidden: Any, order: Any,
    units: Any, entries: Any, found: Any,
) -> None:  # fmt: skip
    """Fill ``units``, ``entries`` and ``found`` with the best of every query.

    Runs as plain Python too, slowly: what numba compiles is this text.
    """
    dense_at, dense, more, starts, places, held = others
    k, n_cosines, n = units.shape[1], len(degrees), codes.shape[1]
    sums = np.zeros((n_cosines + 1, BLOCK), dtype=np.int32)
    four = np.zeros(4, dtype=np.int64)
    n_dense = len(dense)
    for block in range(max(1, -(-n // BLOCK))):
        first = block * BLOCK
        for q in range(len(bounds)):
            kind, count = kinds[q], found[q]
            for stretch in range(open_starts[q], open_starts[q + 1]):
                a, b = max(opens[stretch, 0] - first, 0), min(opens[stretch, 1] - first, BLOCK)
                if a >= b:
                    continue
                begin, size = first + a, b - a
                sums[0, :size] = 0
                for part in range(bounds.shape[1] - 1):
                    into = sums[part if has_sums else part + 1]
                    into[:size] = 0
                    low, high = bounds[q, part], bounds[q, part + 1]
                    waiting = 0
                    for j in range(low, high):
                        if dense_at[columns[j]] >= 0:
                            four[waiting] = j
                            waiting += 1
                        if waiting == 4:  # dense ones share a pass by four
                            waiting = 0
                            v0, v1, v2, v3 = values[four[0]], values[four[1]], values[four[2]], values[four[3]]
                            d0, d1, d2, d3 = (
                                dense_at[columns[four[0]]],
                                dense_at[columns[four[1]]],
                                dense_at[columns[four[2]]],
                                dense_at[columns[four[3]]],
                            )
                            r0 = dense[d0] if d0 < n_dense else more[d0 - n_dense]
                            r1 = dense[d1] if d1 < n_dense else more[d1 - n_dense]
                            r2 = dense[d2] if d2 < n_dense else more[d2 - n_dense]
                            r3 = dense[d3] if d3 < n_dense else more[d3 - n_dense]
                            for o in range(size):
                                at = begin + o
                                into[o] += (
                                    v0 * np.int32(r0[at])
                                    + v1 * np.int32(r1[at])
                                    + v2 * np.int32(r2[at])
                                    + v3 * np.int32(r3[at])
                                )
                    for j in range(low, high):
                        column, value = columns[j], values[j]
                        d0 = dense_at[column]
                        if d0 >= 0:
                            if waiting > 0 and j >= four[0]:
                                r0 = dense[d0] if d0 < n_dense else more[d0 - n_dense]
                                for o in range(size):
                                    into[o] += value * np.int32(r0[begin + o])
                            continue
                        one, end = starts[column, block], starts[column, block + 1]
                        high_at = end if a > 0 else one
                        while one < high_at:  # of a stretch within a block, by halving
                            middle = (one + high_at) // 2
                            if places[middle] < a:
                                one = middle + 1
                            else:
                                high_at = middle
                        for at in range(one, end):
                            if places[at] >= b:
                                break
                            into[places[at] - a] += value * np.int32(held[at])
                partial = sums[0]
                for group in range(len(ends)):
                    table = gains[kind, ends[group] :]
                    code = codes[group, begin : begin + size]
                    if is_one_door:
                        for o in range(size):
                            partial[o] += table[code[o]]
                    else:
                        for o in range(size):  # no lower than one refusal: several would run out of the integers
                            partial[o] = max(partial[o] + table[code[o]], REFUSED)
                for skip in range(hidden_starts[q], hidden_starts[q + 1]):
                    if begin <= hidden[skip] < begin + size:
                        partial[hidden[skip] - begin] = REFUSED
                for low in range(0, size, _RUN):
                    high = min(low + _RUN, size)
                    floor = units[q, k - 1] if count == k else 0
                    highest = np.int32(-1)
                    for o in range(low, high):
                        highest = max(highest, partial[o])
                    if highest < 0:
                        continue
                    most = np.int64(0)  # that likenesses can add to any entry of the run
                    if by_vacancy:
                        for part in range(n_cosines):
                            nearest = np.int32(0)
                            for o in range(low, high):
                                nearest = max(nearest, sums[part + 1, o])
                            most += degrees[part, min(nearest // QUANTUM, QUANTUM)] * weights[part, q]
                        if (highest + most) * thin[q] < floor:
                            continue
                    for o in range(low, high):
                        if partial[o] < 0:
                            continue
                        entry = begin + o
                        mine = q if by_vacancy else entry  # whose weights
                        total = np.int64(partial[o])
                        if (
                            count == k
                            and (total + (most if by_vacancy else reach[entry])) * thin[mine] < units[q, k - 1]
                        ):
                            continue
                        for part in range(n_cosines):
                            likeness = min(sums[part + 1, o] // QUANTUM, QUANTUM)
                            total += degrees[part, likeness] * weights[part, mine]
                        total *= thin[mine]
                        if count == k and (
                            total < units[q, k - 1]
                            or (total == units[q, k - 1] and order[entry] > order[entries[q, k - 1]])
                        ):
                            continue
                        place = min(count, k - 1)
                        while place > 0 and (
                            units[q, place - 1] < total
                            or (units[q, place - 1] == total and order[entries[q, place - 1]] > order[entry])
                        ):
                            units[q, place] = units[q, place - 1]
                            entries[q, place] = entries[q, place - 1]
                            place -= 1
                        units[q, place] = total
                        entries[q, place] = entry
                        count = min(count + 1, k)
            found[q] = count

"""Top-k with a rule for ties, the order of ids that it goes by, and places in lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from matcher.ranking.units import IntArray


def top(units: IntArray, order: IntArray, allowed: npt.NDArray[np.bool_], k: int | None) -> npt.NDArray[np.int64]:
    """Positions of the best ``k`` allowed entries: score down, then ``order`` (code-point order of ids) up.

    Parameters
    ----------
    units : ndarray of int64, shape (n,)
        Scores in 2^-40, below 2^41.
    order : ndarray of int64, shape (n,)
        Distinct, below 2^22.
    allowed : ndarray of bool, shape (n,)
    k : int or None
        None for all.

    Examples
    --------
    >>> top(np.array([5, 7, 7, 1]), np.array([0, 2, 1, 3]), np.array([True, True, True, True]), 2).tolist()
    [2, 1]
    """
    entries = np.flatnonzero(allowed)
    values = units[entries]
    if k is not None and len(entries) > k:
        # everything at or above the k-th value, so that ties at the border are settled by id below
        border = np.partition(values, len(values) - k)[len(values) - k]
        keep = values >= border
        entries, values = entries[keep], values[keep]
    best = np.lexsort((order[entries], -values))
    return entries[best[:k]]


def id_order(ids: Sequence[Any]) -> IntArray:
    """Position of each id in code-point order of its text."""
    by_text = sorted(range(len(ids)), key=[str(i) for i in ids].__getitem__)
    out: IntArray = np.empty(len(ids), dtype=np.int64)
    out[by_text] = np.arange(len(ids))
    return out


def places(queries: IntArray) -> IntArray:
    """Place of each entry among those of its query, from 1; entries of one query stand together, best first.

    >>> places(np.array([4, 4, 7])).tolist()
    [1, 2, 1]
    """
    at = np.arange(len(queries))
    starts = np.ones(len(queries), dtype=np.bool_)
    starts[1:] = queries[1:] != queries[:-1]
    out: IntArray = at - np.maximum.accumulate(np.where(starts, at, 0)) + 1
    return out

"""Rates of small groups: a share with its interval, and none where too few were asked."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

LEAST = 5
"""Fewer than so many make no rate: one person more or less would move it by a quarter."""
_Z = 1.959963984540054


def wilson(counts: ArrayLike, totals: ArrayLike) -> tuple[Floats, Floats, Floats]:
    """Shares with their 95 % intervals (Wilson, 1927, J. Am. Stat. Assoc. 22).

    Parameters
    ----------
    counts, totals : array_like of int, shape (n,)
        How many of how many.

    Returns
    -------
    share, low, high : ndarray of shape (n,)
        In [0, 1]; NaN where the total is under ``LEAST``.

    Examples
    --------
    >>> share, low, high = wilson([8, 3], [10, 4])
    >>> share.round(2).tolist(), low.round(2).tolist(), high.round(2).tolist()
    ([0.8, nan], [0.49, nan], [0.94, nan])
    """
    k, total = np.asarray(counts, dtype=np.float64), np.asarray(totals, dtype=np.float64)
    n = np.where(total >= LEAST, total, np.nan)
    share = k / n
    middle = (share + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
    half = _Z / (1 + _Z**2 / n) * np.sqrt(share * (1 - share) / n + _Z**2 / (4 * n**2))
    return share, np.maximum(middle - half, 0), np.minimum(middle + half, 1)


def difference(
    one: tuple[Floats, Floats, Floats], other: tuple[Floats, Floats, Floats]
) -> tuple[Floats, Floats, Floats]:
    """One share less another with its 95 % interval (Newcombe, 1998, Statistics in Medicine 17, method 10).

    Parameters
    ----------
    one, other : share, low, high
        As :func:`wilson` gives them, of independent groups.

    Returns
    -------
    difference, low, high : ndarray of shape (n,)
        In [-1, 1].

    Examples
    --------
    >>> gap, low, high = difference(wilson([56], [70]), wilson([48], [80]))
    >>> gap.round(4).tolist(), low.round(4).tolist(), high.round(4).tolist()
    ([0.2], [0.0524], [0.3339])
    """
    p, low_p, high_p = one
    q, low_q, high_q = other
    low = p - q - np.sqrt((p - low_p) ** 2 + (high_q - q) ** 2)
    high = p - q + np.sqrt((high_p - p) ** 2 + (q - low_q) ** 2)
    return p - q, low, high

"""The integers that scores are made of, so that sums are exact and equal on every road.

Weights of a vacancy are multiples of 2^-20 that sum to one, degrees and the thinness factor multiples of 2^-10.
A score is therefore a multiple of 2^-40: an exact binary fraction, and so is every contribution. Their sum in
ordinary floats is exact too, in any order.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

WEIGHT_ONE = 1 << 20
DEGREE_ONE = 1 << 10
THIN_ONE = 1 << 10
SCORE_ONE = WEIGHT_ONE * DEGREE_ONE * THIN_ONE

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]


def to_degrees(values: npt.ArrayLike) -> IntArray:
    """Degrees in [0, 1] as integers of 1/1024."""
    out: IntArray = np.rint(np.clip(np.asarray(values, dtype=np.float64), 0, 1) * DEGREE_ONE).astype(np.int64)
    return out


def to_weights(values: npt.ArrayLike, total: int = WEIGHT_ONE) -> IntArray:
    """Shares that sum to ``total`` exactly, by largest remainder; equal remainders fall to the earlier entry.

    >>> to_weights([1, 1, 1]).tolist()
    [349526, 349525, 349525]
    """
    raw: FloatArray = np.asarray(values, dtype=np.float64)
    if raw.size == 0 or raw.sum() <= 0:
        return np.zeros(raw.shape, dtype=np.int64)
    exact = raw / raw.sum() * total
    whole: IntArray = np.floor(exact).astype(np.int64)
    missing = total - int(whole.sum())
    order = np.argsort(-(exact - whole), kind="stable")
    whole[order[:missing]] += 1
    return whole


def to_score(units: npt.ArrayLike) -> FloatArray:
    """Scores in [0, 1] from integer units of 2^-40; exact."""
    out: FloatArray = np.asarray(units, dtype=np.int64) / SCORE_ONE
    return out

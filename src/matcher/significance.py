"""Whether a gain is one: bootstrap intervals and a paired test over queries."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
SIGNIFICANT = 0.05
"""The p value below which a gain is believed."""


def bootstrap(values: Floats, chance: np.random.Generator, n_boot: int = 2000) -> tuple[float, float]:
    """95 % interval of a mean over queries (percentile bootstrap; Efron, 1979)."""
    drawn = chance.integers(0, len(values), (n_boot, len(values)))
    low, high = np.quantile(values[drawn].mean(1), [0.025, 0.975])
    return float(low), float(high)


def sign_flip(gap: Floats, chance: np.random.Generator, n_boot: int = 2000) -> float:
    """P value of a mean difference of pairs: how often random signs give one as large (Fisher's randomisation)."""
    signs = chance.choice([-1.0, 1.0], (n_boot, len(gap)))
    extreme = np.abs((signs * gap).mean(1)) >= abs(gap.mean()) - 1e-12
    return float((extreme.sum() + 1) / (n_boot + 1))


@dataclass(frozen=True)
class HeldOut:
    """What was learnt against what was there, on queries that were held out.

    Attributes
    ----------
    before, after : float
        Means of a measure over the queries.
    gain, low, high, p : float
        By how much it became better, the 95 % bootstrap interval of that, and the p value of a paired sign-flip test.
    """

    before: float
    after: float
    gain: float
    low: float
    high: float
    p: float

    @property
    def is_significant(self) -> bool:
        """Whether the interval of the gain lies above zero."""
        return self.low > 0 and self.p < SIGNIFICANT

    def __str__(self) -> str:
        return (
            f"{self.before:.3f} -> {self.after:.3f}, gain {self.gain:+.3f} [{self.low:+.3f}, {self.high:+.3f}], "
            f"p = {self.p:.4f}"
        )


def held_out(before: Floats, after: Floats, chance: np.random.Generator, *, less_is_better: bool = False) -> HeldOut:
    """Compare two values of each query, shape (n_queries,)."""
    gain = before - after if less_is_better else after - before
    low, high = bootstrap(gain, chance)
    p = sign_flip(gain, chance)
    return HeldOut(float(before.mean()), float(after.mean()), float(gain.mean()), low, high, p)

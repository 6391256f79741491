"""A score read as a probability: Platt's logistic curve over labelled pairs (Platt 1999), learnt by ``tune``."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.evaluation import SIGNIFICANT, bootstrap, sign_flip
from matcher.settings import Calibration

Floats = NDArray[np.float64]
RELEVANT = 2.0
"""Relevance from which a pair counts as fitting: worth inviting."""


def probability(curve: Calibration, score: float) -> float | None:
    """The probability of one score; None where nothing was learnt."""
    return 1 / (1 + math.exp(-(curve.slope * score + curve.intercept))) if curve.slope > 0 else None


def probabilities(curve: Calibration, scores: Floats) -> Floats:
    """The probabilities of many scores."""
    out: Floats = 1 / (1 + np.exp(-(curve.slope * scores + curve.intercept)))
    return out


def fit_curve(scores: Floats, fitting: NDArray[np.bool_]) -> Calibration:
    """The curve of labelled pairs; an empty one where all are alike or a higher score speaks against a pair."""
    if fitting.all() or not fitting.any():
        return Calibration()
    from sklearn.linear_model import LogisticRegression

    model: Any = LogisticRegression(C=1e4, max_iter=1000).fit(scores[:, None], fitting)
    slope = min(round(float(model.coef_[0, 0]), 4), 1000.0)
    return Calibration(slope, round(float(model.intercept_[0]), 4)) if slope > 0 else Calibration()


def log_loss(curve: Calibration, scores: Floats, fitting: NDArray[np.bool_], base: float) -> Floats:
    """Surprise of each pair in nats; an empty curve says the share of fitting pairs to everyone."""
    told = probabilities(curve, scores) if curve.slope > 0 else np.full(len(scores), base)
    told = np.clip(told, 1e-6, 1 - 1e-6)
    out: Floats = -np.where(fitting, np.log(told), np.log1p(-told))
    return out


@dataclass(frozen=True)
class Calibrated:
    """A curve and what it is worth on vacancies that were held out.

    Attributes
    ----------
    curve : Calibration
        Learnt from all labelled pairs; an empty one where nothing could be learnt.
    before, after : float
        Mean surprise (log loss, nats) of the share of fitting pairs alone, and of the curve, every vacancy counting
        the same.
    low, high, p : float
        95 % bootstrap interval of the gain over vacancies, and the p value of a paired sign-flip test.
    """

    curve: Calibration
    before: float
    after: float
    low: float
    high: float
    p: float

    @property
    def is_significant(self) -> bool:
        """Whether the curve tells more than the share of fitting pairs."""
        return self.curve.slope > 0 and self.low > 0 and self.p < SIGNIFICANT


def calibrate(scores: Floats, relevance: Floats, query: NDArray[np.int64], folds: int, seed: int) -> Calibrated:
    """The curve of labelled pairs, judged on vacancies that were held out.

    Parameters
    ----------
    scores, relevance, query : ndarray of shape (n_pairs,)
        Score and relevance of each pair, and the number of its vacancy.
    """
    rng = np.random.default_rng(seed)
    fitting = relevance >= RELEVANT
    queries = np.unique(query)
    gains, surprise = np.zeros((2, len(queries)))
    for held in np.array_split(rng.permutation(queries), folds):
        out = np.isin(query, held)
        base = float(fitting[~out].mean()) if (~out).any() else 0.5
        curve = fit_curve(scores[~out], fitting[~out])
        plain, told = (log_loss(c, scores, fitting, base) for c in (Calibration(), curve))
        for q in held:
            here, at = query == q, np.searchsorted(queries, q)
            surprise[at] = plain[here].mean()
            gains[at] = surprise[at] - told[here].mean()
    low, high = bootstrap(gains, rng)
    before = float(surprise.mean())
    return Calibrated(
        fit_curve(scores, fitting), before, before - float(gains.mean()), low, high, sign_flip(gains, rng)
    )

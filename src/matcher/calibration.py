"""A score read as a probability: Platt's logistic curve over labelled pairs (Platt 1999), learnt by ``tune``."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.settings import Calibration
from matcher.significance import HeldOut, held_out

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
class Calibrated(HeldOut):
    """A curve, and on vacancies held out the log loss (nats) of the share of fitting pairs alone and of the curve.

    Attributes
    ----------
    curve : Calibration
        Learnt from all labelled pairs; an empty one where nothing could be learnt.
    """

    curve: Calibration

    @property
    def is_significant(self) -> bool:
        """Whether there is a curve and it tells more than the share of fitting pairs."""
        return self.curve.slope > 0 and super().is_significant


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
    before, after = np.zeros((2, len(queries)))
    for held in np.array_split(rng.permutation(queries), folds):
        out = np.isin(query, held)
        base = float(fitting[~out].mean()) if (~out).any() else 0.5
        curve = fit_curve(scores[~out], fitting[~out])
        for values, c in ((before, Calibration()), (after, curve)):
            surprise = log_loss(c, scores, fitting, base)
            for q in held:
                values[np.searchsorted(queries, q)] = surprise[query == q].mean()
    told = held_out(before, after, rng, less_is_better=True)
    return Calibrated(**vars(told), curve=fit_curve(scores, fitting))

"""Weights from graded labels or outcomes.

Within one vacancy a score is a sum of degrees times weights, so that other weights need no reading and no scoring: the
degrees of the labelled pairs are taken once (``judged``), and everything here is arithmetic on them.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from matcher.calibration import Calibrated, calibrate
from matcher.judged import Floats, Judged, judge, judgeable, ndcg_by_query
from matcher.ranking.scoring import pair_units
from matcher.ranking.units import to_score
from matcher.settings import Settings, Weights
from matcher.significance import HeldOut, held_out

if TYPE_CHECKING:
    from matcher.pipeline import Matcher

_STEEPNESS = 12.0
"""Scores lie in [0, 1] and differ by hundredths: so steep is the logistic loss of a pair."""
_PENALTIES = (1.0, 0.3, 0.1, 0.03, 0.01)
"""Pull towards the weights at hand, strongest first."""


@dataclass(frozen=True)
class Tuning(HeldOut):
    """What tuning found: nDCG@10 under the old weights and the tuned ones on vacancies held out, and the weights.

    Attributes
    ----------
    weights : dict
        Tuned weight of each criterion; they sum to what the old ones did.
    settings : Settings
        With these weights, or the old ones where the gain is not significant; the calibration likewise.
    n_vacancies, n_pairs : int
    penalty : float
        Pull towards the old weights, chosen by cross-validation.
    calibration : Calibrated
        The scores under ``settings`` as probabilities of a relevance of 2 or more among pairs like the labelled ones.
    """

    weights: dict[str, float]
    settings: Settings
    n_vacancies: int
    n_pairs: int
    penalty: float
    calibration: Calibrated

    @property
    def is_worth_writing(self) -> bool:
        """Whether the weights or the probabilities told something."""
        return self.is_significant or self.calibration.is_significant

    def to_text(self) -> str:
        """What was found, as lines to print."""
        lines = [
            f"{self.n_vacancies} vacancies, {self.n_pairs} labelled pairs",
            f"nDCG@10 held out: {self}",
        ]
        lines += [f"  {name:12s} {weight:.3f}" for name, weight in self.weights.items()]
        if not self.is_significant:
            lines.append("The gain is not significant: the weights are left as they were.")
        kept = "" if self.calibration.is_significant else ": not significant, not kept"
        lines.append(f"log loss of scores read as probabilities, held out: {self.calibration}{kept}")
        return "\n".join(lines)


def tune(engine: Matcher, candidates: Any, vacancies: Any, labels: Any, *, folds: int = 5, seed: int = 0) -> Tuning:
    """Weights of the criteria from labels.

    A pairwise logistic loss over the pairs of each vacancy, every vacancy counting the same and pairs by the difference
    of their gains (2^r - 1), weights at or above zero so that more skill never hurts, and a pull towards the weights at
    hand whose strength is chosen by cross-validation. The gain is measured on vacancies that were held out (nested
    cross-validation by vacancy).

    Parameters
    ----------
    engine : Matcher
        Its settings are where tuning starts; fitted or not.
    candidates, vacancies : table
    labels : table
        ``vacancy_id, candidate_id`` and ``relevance`` (0..3) or ``outcome`` (see ``OUTCOMES``; pairs in flight are
        left out).
    folds : int
        Of the outer cross-validation.
    seed : int
        Of the folds, the bootstrap and the test.

    Raises
    ------
    InputError
        When fewer than ten vacancies have labels that differ, or a label cannot be read.
    """
    scored = engine.score(candidates, vacancies)
    judged = judge(scored, labels)
    queries = judgeable(judged)
    rng = np.random.default_rng(seed)
    start = np.array([getattr(engine.settings.weights, name) for name in judged.names])
    start = start / start.sum()
    parts = np.array_split(rng.permutation(queries), folds)
    tuned = np.zeros(len(queries))
    at = {int(q): i for i, q in enumerate(queries)}
    for held in parts:
        rest = judged.of(np.setdiff1d(queries, held))
        weights = _fit(rest, start, _penalty(rest, start, rng))
        for q, value in _ndcg(judged.of(held), weights).items():
            tuned[at[q]] = value
    old = _ndcg(judged, start)
    before = np.array([old[int(q)] for q in queries])
    penalty = _penalty(judged.of(queries), start, rng)
    final = _fit(judged.of(queries), start, penalty)
    found = held_out(before, tuned, rng)
    named = _named(engine.settings, judged.names, final)
    settings = replace(engine.settings, weights=Weights(**named)) if found.is_significant else engine.settings
    scores = to_score(pair_units(scored.under(settings).model, judged.rows, judged.query))
    calibration = calibrate(scores, judged.relevance, judged.query, folds, seed)
    if calibration.is_significant:
        settings = replace(settings, calibration=calibration.curve)
    return Tuning(
        **vars(found),
        weights=named,
        settings=settings,
        n_vacancies=len(queries),
        n_pairs=len(judged.relevance),
        penalty=penalty,
        calibration=calibration,
    )


def _named(settings: Settings, names: tuple[str, ...], shares: Floats) -> dict[str, float]:
    """All weights by name, those tuned sharing what they had together."""
    old = asdict(settings.weights)
    whole = sum(old[name] for name in names)
    return {**old, **{name: round(float(share * whole), 4) for name, share in zip(names, shares, strict=True)}}


# ---------------------------------------------------------------- fitting


def _differences(judged: Judged) -> tuple[Floats, Floats]:
    """Degrees of the better less those of the worse for all pairs of pairs of a vacancy, and their weights."""
    rows, weights = [], []
    for q in judged.queries:
        here = judged.query == q
        x, gain = judged.degrees[here], np.exp2(judged.relevance[here]) - 1
        better, worse = np.nonzero(gain[:, None] > gain[None, :])
        worth = gain[better] - gain[worse]
        rows.append(x[better] - x[worse])
        weights.append(worth / worth.sum())
    return np.concatenate(rows), np.concatenate(weights) / len(rows)


def _fit(judged: Judged, start: Floats, penalty: float) -> Floats:
    """Weights at or above zero that sum to one."""
    from scipy.optimize import minimize

    rows, worth = _differences(judged)

    def loss(w: Floats) -> tuple[float, Floats]:
        margin = _STEEPNESS * (rows @ w)
        wrong = 1 / (1 + np.exp(np.clip(margin, -50, 50)))
        away = w - start
        value = float(worth @ np.logaddexp(0, -margin)) + penalty * _STEEPNESS * float(away @ away)
        slope = -_STEEPNESS * (rows.T @ (worth * wrong)) + 2 * penalty * _STEEPNESS * away
        return value, slope

    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[(0, None)] * len(start)).x
    out: Floats = found / found.sum()
    return out


def _penalty(judged: Judged, start: Floats, rng: np.random.Generator, folds: int = 3) -> float:
    """The pull that does best on vacancies held out; the stronger one where two are equal."""
    parts = np.array_split(rng.permutation(judged.queries), folds)
    best, chosen = -1.0, _PENALTIES[0]
    for penalty in _PENALTIES:
        values: list[float] = []
        for held in parts:
            weights = _fit(judged.of(np.setdiff1d(judged.queries, held)), start, penalty)
            values += _ndcg(judged.of(held), weights).values()
        mean = float(np.mean(values))
        if mean > best + 1e-9:
            best, chosen = mean, penalty
    return chosen


def _ndcg(judged: Judged, weights: Floats) -> dict[int, float]:
    return ndcg_by_query(judged, judged.degrees @ weights)

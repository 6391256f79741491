"""Weights from graded labels or outcomes, and how far a weight may move before a list changes.

Within one vacancy a score is a sum of degrees times weights, so that lists under other weights need no reading and no
scoring: the degrees of the labelled pairs are taken once, and everything here is arithmetic on them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from matcher import tables
from matcher.errors import InputError
from matcher.evaluation import GAINS, Query, bootstrap, ndcg, sign_flip
from matcher.ranking.units import DEGREE_ONE
from matcher.settings import Settings, Weights

if TYPE_CHECKING:
    import pandas as pd

    from matcher.pipeline import Matcher
    from matcher.scored import Scored

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

OUTCOMES: Mapping[str, float | None] = {
    "hired": 3, "offer": 3, "принят": 3, "принята": 3, "нанят": 3, "трудоустроен": 3, "оффер": 3,
    "invited": 2, "interview": 2, "приглашен": 2, "приглашена": 2, "приглашение": 2, "собеседование": 2,
    "rejected": 0, "refused": 0, "отказ": 0, "отклонен": 0, "отклонена": 0,
    "in progress": None, "new": None, "viewed": None, "на рассмотрении": None, "в работе": None, "новый": None, "": None,
}  # fmt: skip
"""What an outcome says of a pair; None: nothing yet, the pair is left out."""
_STEEPNESS = 12.0
"""Scores lie in [0, 1] and differ by hundredths: so steep is the logistic loss of a pair."""
_PENALTIES = (1.0, 0.3, 0.1, 0.03, 0.01)
"""Pull towards the weights at hand, strongest first."""
_FEWEST = 10
"""Vacancies below which nothing is tuned."""


@dataclass(frozen=True)
class Judged:
    """Degrees of labelled pairs.

    Attributes
    ----------
    names : tuple of str
        Criteria.
    degrees : ndarray of shape (n_pairs, n_criteria)
        In [0, 1]; 0 where the vacancy does not state the criterion, for all its candidates alike.
    query : ndarray of shape (n_pairs,)
        Number of the vacancy, rising.
    relevance : ndarray of shape (n_pairs,)
    """

    names: tuple[str, ...]
    degrees: Floats
    query: Ints
    relevance: Floats

    @property
    def queries(self) -> Ints:
        """The vacancies that can be judged: those with pairs of unlike relevance."""
        return np.array(
            [q for q in np.unique(self.query) if np.ptp(self.relevance[self.query == q]) > 0], dtype=np.int64
        )

    def of(self, queries: Ints) -> Judged:
        """The pairs of some vacancies."""
        kept = np.isin(self.query, queries)
        return Judged(self.names, self.degrees[kept], self.query[kept], self.relevance[kept])


@dataclass(frozen=True)
class Tuning:
    """What tuning found.

    Attributes
    ----------
    weights : dict
        Tuned weight of each criterion; they sum to what the old ones did.
    settings : Settings
        With these weights, or the old ones where the gain is not significant.
    gain, low, high, p : float
        Mean gain of nDCG@10 on vacancies that were held out, its 95 % bootstrap interval, and the p value of a paired
        sign-flip test.
    before, after : float
        Mean nDCG@10 on vacancies held out.
    n_vacancies, n_pairs : int
    penalty : float
        Pull towards the old weights, chosen by cross-validation.
    """

    weights: dict[str, float]
    settings: Settings
    before: float
    after: float
    gain: float
    low: float
    high: float
    p: float
    n_vacancies: int
    n_pairs: int
    penalty: float

    @property
    def is_significant(self) -> bool:
        """Whether the interval of the gain lies above zero."""
        return self.low > 0 and self.p < 0.05

    def to_text(self) -> str:
        """What was found, as lines to print."""
        lines = [
            f"{self.n_vacancies} vacancies, {self.n_pairs} labelled pairs",
            f"nDCG@10 held out: {self.before:.3f} -> {self.after:.3f}, gain {self.gain:+.3f} "
            f"[{self.low:+.3f}, {self.high:+.3f}], p = {self.p:.4f}",
        ]
        lines += [f"  {name:12s} {weight:.3f}" for name, weight in self.weights.items()]
        if not self.is_significant:
            lines.append("The gain is not significant: the weights are left as they were.")
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
    judged = judge(engine, candidates, vacancies, labels)
    queries = judged.queries
    if len(queries) < _FEWEST:
        raise InputError(
            f"Tuning needs at least {_FEWEST} vacancies whose labelled candidates differ in relevance. Got {len(queries)}."
        )
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
    low, high = bootstrap(tuned - before, rng)
    found = Tuning(
        weights=_named(engine.settings, judged.names, final),
        settings=engine.settings,
        before=float(before.mean()),
        after=float(tuned.mean()),
        gain=float((tuned - before).mean()),
        low=low,
        high=high,
        p=sign_flip(tuned - before, rng),
        n_vacancies=len(queries),
        n_pairs=len(judged.relevance),
        penalty=penalty,
    )
    if not found.is_significant:
        return found
    return replace(found, settings=replace(engine.settings, weights=Weights(**found.weights)))


def _named(settings: Settings, names: tuple[str, ...], shares: Floats) -> dict[str, float]:
    """All weights by name, those tuned sharing what they had together."""
    old = asdict(settings.weights)
    whole = sum(old[name] for name in names)
    return {**old, **{name: round(float(share * whole), 4) for name, share in zip(names, shares, strict=True)}}


# ---------------------------------------------------------------- labels to degrees


def judge(engine: Matcher, candidates: Any, vacancies: Any, labels: Any) -> Judged:
    """The degrees of every labelled pair."""
    scored = engine.score(candidates, vacancies)
    told = _labels(labels)
    pairs = [(scored.row_of.get(c), scored.column_of.get(v), r) for v, c, r in told]
    known = sorted((j, i, r) for i, j, r in pairs if i is not None and j is not None)
    if not known:
        raise InputError("No label speaks of a candidate and a vacancy of the tables.")
    columns, rows = (np.array([pair[n] for pair in known], dtype=np.int64) for n in (0, 1))
    names, degrees = degrees_of(scored, rows, columns)
    return Judged(names, degrees, columns, np.array([r for *_, r in known], dtype=np.float64))


def degrees_of(scored: Scored, rows: Ints, columns: Ints) -> tuple[tuple[str, ...], Floats]:
    """Criteria, and the degrees of pairs in [0, 1]; 0 where a vacancy does not state the criterion."""
    parts = scored.model.parts
    out = np.zeros((len(rows), len(parts)))
    for k, part in enumerate(parts):
        total = part.total[columns]
        np.divide(part.pairs(rows, columns), total * DEGREE_ONE, out=out[:, k], where=total > 0)
    return tuple(part.name for part in parts), out


def _labels(labels: Any) -> list[tuple[str, str, float]]:
    import pandas as pd

    if not isinstance(labels, pd.DataFrame):
        read_rows, faults = tables.read_rows(labels)
        if faults:
            raise InputError(f"The labels table: row {faults[0]['row']} {faults[0]['reason']}.")
        labels = pd.DataFrame(read_rows)
    rows: list[dict[str, Any]] = [{str(name): value for name, value in r.items()} for r in labels.to_dict("records")]
    names = set(labels.columns)
    what = "relevance" if "relevance" in names else "outcome"
    missing = {"vacancy_id", "candidate_id", what} - names
    if missing:
        raise InputError(
            f"The labels table has no column {', '.join(sorted(missing))} (relevance or outcome is needed)."
        )
    read = _relevance if what == "relevance" else _outcome
    found = [(str(r["vacancy_id"]), str(r["candidate_id"]), read(r[what], n)) for n, r in enumerate(rows, 1)]
    return [(v, c, r) for v, c, r in found if r is not None]


def _relevance(raw: Any, row: int) -> float | None:
    try:
        value = float(raw)
    except (TypeError, ValueError):
        raise InputError(f"The relevance in row {row} of the labels is no number. Got {raw!r}.") from None
    if not 0 <= value <= 10:
        raise InputError(f"The relevance in row {row} of the labels must lie in 0..10. Got {raw!r}.")
    return value


def _outcome(raw: Any, row: int) -> float | None:
    word = str(raw if raw is not None else "").strip().lower().replace("ё", "е")
    if word not in OUTCOMES:
        raise InputError(
            f"The outcome in row {row} of the labels is not known. Got {raw!r}; known: {', '.join(OUTCOMES)}."
        )
    return OUTCOMES[word]


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


def _ndcg(judged: Judged, weights: Floats, k: int = 10) -> dict[int, float]:
    scores = judged.degrees @ weights
    out = {}
    for q in judged.queries:
        here = judged.query == q
        relevance = judged.relevance[here]
        ranked = relevance[np.argsort(-scores[here], kind="stable")]
        out[int(q)] = ndcg(Query(ranked, np.sort(relevance)[::-1], k, 1, GAINS["exponential"]))
    return out


# ---------------------------------------------------------------- sensitivity


def sensitivity(engine: Matcher, candidates: Any, vacancies: Any, *, top: int = 10) -> pd.DataFrame:
    """How far each weight may move, the others kept, before the list of a vacancy changes its members.

    Scores are linear in a weight, so that the first exchange between the list and those below it is found exactly.

    Parameters
    ----------
    top : int
        Length of the lists.

    Returns
    -------
    DataFrame
        One row per vacancy and criterion it states: ``vacancy_id, criterion, weight, low, high``; the list keeps its
        members for weights between ``low`` and ``high`` (infinite where it always does). Vacancies with no more than
        ``top`` candidates to show are left out.
    """
    import pandas as pd

    scored = engine.score(candidates, vacancies)
    model = scored.model
    rows = np.flatnonzero(model.usable_rows)
    out: list[dict[str, Any]] = []
    for j in np.flatnonzero(model.usable_columns):
        shown = rows[_allowed(scored, rows, int(j))]
        if len(shown) <= top:
            continue
        names, degrees = degrees_of(scored, shown, np.full(len(shown), j))
        weights = np.array([getattr(engine.settings.weights, name) for name in names])
        scores = degrees @ weights
        order = np.lexsort((model.order_rows[shown], -scores))
        first, rest = order[:top], order[top:]
        lead = scores[first][:, None] - scores[rest][None, :]
        for k, name in enumerate(names):
            if model.parts[k].total[j] > 0:
                push = degrees[rest, k][None, :] - degrees[first, k][:, None]
                low, high = _range(weights[k], lead, push)
                out.append(
                    {
                        "vacancy_id": scored.requests[j].record.id,
                        "criterion": name,
                        "weight": weights[k],
                        "low": low,
                        "high": high,
                    }
                )
    return pd.DataFrame(out, columns=["vacancy_id", "criterion", "weight", "low", "high"])


def shares_that_change(found: pd.DataFrame) -> pd.DataFrame:
    """Of a table of :func:`sensitivity`: the share of vacancies whose list changes when a weight is multiplied.

    Returns
    -------
    DataFrame
        Criteria by factors (0, 1/2, 0.9, 1.1, 2).
    """
    factors = (0.0, 0.5, 0.9, 1.1, 2.0)
    moved = {f"x {f:g}": (found["weight"] * f < found["low"]) | (found["weight"] * f > found["high"]) for f in factors}
    return found.assign(**moved).groupby("criterion", sort=False)[list(moved)].mean()


def _allowed(scored: Scored, rows: Ints, j: int) -> NDArray[np.bool_]:
    refused = np.zeros(len(rows), dtype=np.bool_)
    for gate in scored.model.gates:
        refused |= gate.block(rows, np.array([j]))[:, 0]
    return ~refused


def _range(weight: float, lead: Floats, push: Floats) -> tuple[float, float]:
    """Weights at which the first of those below draws level, downwards and upwards."""
    step: Callable[[NDArray[np.bool_]], Floats] = lambda where: lead[where] / push[where]  # noqa: E731
    up, down = push > 0, push < 0
    high = float(weight + step(up).min()) if up.any() else float("inf")
    low = max(0.0, float(weight + step(down).max())) if down.any() else 0.0
    return low, high

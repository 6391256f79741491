"""A second stage learnt from labels: boosted trees over the degrees of the criteria, kept as plain arrays."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from matcher.errors import InputError, MatcherError, wrong_parameter
from matcher.judged import Floats, Ints, Judged, judge, judgeable, ndcg_by_query
from matcher.ranking.second import THINNESS, SecondStage, features
from matcher.ranking.trees import LEAF, Trees
from matcher.reranker import Reranker
from matcher.significance import HeldOut, held_out

if TYPE_CHECKING:
    from matcher.pipeline import Matcher

_ROUNDS, _RATE, _LEAVES, _FEWEST_IN_LEAF = 150, 0.05, 6, 20


@dataclass(frozen=True)
class Reranking(HeldOut):
    """What learning a second stage found: nDCG@10 of the first stage and of the second on vacancies held out.

    Attributes
    ----------
    reranker : Reranker
        Learnt from all labelled pairs.
    n_vacancies, n_pairs : int
    """

    reranker: Reranker
    n_vacancies: int
    n_pairs: int

    def to_text(self) -> str:
        """What was found, as lines to print."""
        verdict = "" if self.is_significant else "\nThe gain is not significant: the first stage is as good."
        return f"{self.n_vacancies} vacancies, {self.n_pairs} labelled pairs\nnDCG@10 held out: {self}{verdict}"

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(self.to_text())}</pre>"


def learn_reranker(
    engine: Matcher,
    candidates: Any,
    vacancies: Any,
    labels: Any,
    *,
    learner: str = "hist",
    folds: int = 5,
    seed: int = 0,
) -> Reranking:
    """A second stage from labels, judged on vacancies that were held out.

    Trees over the degrees of the criteria that the engine uses, monotone in each of them, so that more skill never
    hurts; a criterion that a vacancy does not state is a missing value.

    Parameters
    ----------
    engine : Matcher
        The first stage; fitted or not.
    candidates, vacancies : table
    labels : table
        As for ``tune``.
    learner : {'hist', 'lightgbm'}
        scikit-learn's histogram boosting on relevances, or LambdaMART of LightGBM (``pip install matcher[lightgbm]``).
    folds : int
        Of the cross-validation by vacancy.
    seed : int

    Raises
    ------
    InputError
        When fewer than ten vacancies have labels that differ, or a label cannot be read.
    """
    if learner not in _LEARNERS:
        raise MatcherError(wrong_parameter("learner", "learn_reranker", f"one of {sorted(_LEARNERS)}", learner))
    scored = engine.score(candidates, vacancies)
    judged = judge(scored, labels)
    queries = judgeable(judged)
    names = (*judged.names, THINNESS)
    x = features(scored.model, judged.rows, judged.query, names)
    rng = np.random.default_rng(seed)
    second = np.zeros(len(x))
    for held in np.array_split(rng.permutation(queries), folds):
        out = np.isin(judged.query, held)
        second[out] = _trees(learner, x[~out], judged, ~out, seed).predict(x[out])
    weights = np.array([getattr(engine.settings.weights, name) for name in judged.names])
    old, new = ndcg_by_query(judged, judged.degrees @ weights), ndcg_by_query(judged, second)
    before, after = (np.array([of[int(q)] for q in queries]) for of in (old, new))
    everything = np.ones(len(x), dtype=np.bool_)
    return Reranking(
        **vars(held_out(before, after, rng)),
        reranker=Reranker(SecondStage(names, _trees(learner, x, judged, everything, seed))),
        n_vacancies=len(queries),
        n_pairs=len(x),
    )


# ---------------------------------------------------------------- learners


def _trees(learner: str, x: Floats, judged: Judged, of: np.ndarray[Any, np.dtype[np.bool_]], seed: int) -> Trees:
    """Trees learnt from some pairs, checked against the library that grew them; scores lie in [0, 1]."""
    trees, theirs = _LEARNERS[learner](x, judged.relevance[of], judged.query[of], seed)
    if not np.allclose(trees.predict(x), theirs, atol=1e-6):
        raise MatcherError(f"The trees of {learner} cannot be read: its version is not one that matcher knows.")
    return trees


def _hist(x: Floats, relevance: Floats, query: Ints, seed: int) -> tuple[Trees, Floats]:
    """scikit-learn's histogram boosting of the relevance, as a share of the highest."""
    from sklearn.ensemble import HistGradientBoostingRegressor

    model = HistGradientBoostingRegressor(
        max_iter=_ROUNDS, learning_rate=_RATE, max_leaf_nodes=_LEAVES, min_samples_leaf=_FEWEST_IN_LEAF,
        l2_regularization=1.0, monotonic_cst=[1] * x.shape[1], random_state=seed,
    ).fit(x, relevance / relevance.max())  # fmt: skip
    table = _Table()
    for (predictor,) in model._predictors:  # the only road to its trees; _trees checks what was read
        nodes = predictor.nodes

        def grow(at: int, nodes: Any = nodes) -> int:
            n = nodes[at]
            if n["is_leaf"]:
                return table.leaf(float(n["value"]), int(n["count"]))
            ask = (int(n["feature_idx"]), float(n["num_threshold"]), bool(n["missing_go_to_left"]))
            return table.inner(*ask, lambda: grow(int(n["left"])), lambda: grow(int(n["right"])))

        table.roots.append(grow(0))
    return table.trees(float(model._baseline_prediction.item())), model.predict(x)


def _lightgbm(x: Floats, relevance: Floats, query: Ints, seed: int) -> tuple[Trees, Floats]:
    """LambdaMART (Burges, 2010), its scores stretched to [0, 1] over the training pairs."""
    try:
        import lightgbm
    except ImportError:
        raise InputError("The learner 'lightgbm' needs LightGBM: pip install matcher[lightgbm].") from None
    groups = np.unique(query, return_counts=True)[1]
    data = lightgbm.Dataset(x, np.rint(relevance).astype(int), group=groups)
    rules = {
        "objective": "lambdarank", "num_leaves": _LEAVES, "learning_rate": _RATE, "min_data_in_leaf": _FEWEST_IN_LEAF,
        "lambda_l2": 1.0, "monotone_constraints": [1] * x.shape[1], "seed": seed, "deterministic": True,
        "num_threads": 1, "verbose": -1,
    }  # fmt: skip
    model = lightgbm.train(rules, data, _ROUNDS)
    table = _Table()

    def grow(n: Mapping[str, Any]) -> int:
        if "leaf_value" in n:
            return table.leaf(float(n["leaf_value"]), int(n.get("leaf_count", 1)))
        threshold = float(n["threshold"])
        missing_left = (
            bool(n["default_left"]) if n["missing_type"] == "NaN" else threshold >= 0
        )  # else NaN is read as 0
        ask = (int(n["split_feature"]), threshold, missing_left)
        return table.inner(*ask, lambda: grow(n["left_child"]), lambda: grow(n["right_child"]))

    for tree in model.dump_model()["tree_info"]:
        table.roots.append(grow(tree["tree_structure"]))
    told = np.asarray(model.predict(x))
    low, spread = float(told.min()), float(np.ptp(told)) or 1.0
    return table.trees(-low, 1 / spread), (told - low) / spread


_LEARNERS: Mapping[str, Callable[[Floats, Floats, Ints, int], tuple[Trees, Floats]]] = {
    "hist": _hist,
    "lightgbm": _lightgbm,
}


class _Table:
    """Nodes as they are met, parents before children."""

    def __init__(self) -> None:
        self.roots: list[int] = []
        self.rows: list[list[Any]] = []  # feature, left, right, threshold, missing_left, value
        self.counts: list[int] = []

    def leaf(self, value: float, count: int) -> int:
        self.rows.append([LEAF, 0, 0, 0.0, False, value])
        self.counts.append(count)
        return len(self.rows) - 1

    def inner(
        self, feature: int, threshold: float, missing_left: bool, left: Callable[[], int], right: Callable[[], int]
    ) -> int:
        at = self.leaf(0.0, 0)
        a, b = left(), right()
        count = self.counts[a] + self.counts[b]
        mean = (self.rows[a][-1] * self.counts[a] + self.rows[b][-1] * self.counts[b]) / max(1, count)
        self.rows[at], self.counts[at] = [feature, a, b, threshold, missing_left, mean], count
        return at

    def trees(self, base: float, scale: float = 1.0) -> Trees:
        feature, left, right, threshold, missing_left, value = (
            zip(*self.rows, strict=True) if self.rows else ([] for _ in range(6))
        )
        return Trees(
            np.array(self.roots, dtype=np.int64), np.array(feature, dtype=np.int64), np.array(left, dtype=np.int64),
            np.array(right, dtype=np.int64), np.array(threshold, dtype=np.float64),
            np.array(missing_left, dtype=np.bool_), np.array(value, dtype=np.float64) * scale, base * scale,
        )  # fmt: skip

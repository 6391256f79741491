"""The second stage: learnt trees reorder the first of each list by the degrees of its criteria."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from matcher.ranking.scoring import Model, Ranked, degrees
from matcher.ranking.topk import places
from matcher.ranking.trees import Trees
from matcher.ranking.units import SCORE_ONE, THIN_ONE, FloatArray, IntArray

Index = npt.NDArray[np.int64]
THINNESS = "thinness"


@dataclass(frozen=True, slots=True)
class SecondStage:
    """Trees over the degrees of criteria; ``names`` are those of the features, ``thinness`` among them."""

    names: tuple[str, ...]
    trees: Trees

    def terms(self, model: Model, rows: Index, columns: Index) -> IntArray:
        """Contribution of each feature to the scores of pairs, and the base, in 2^-40.

        Returns
        -------
        ndarray of shape (n_pairs, n_features + 1)
            Rows sum to scores in [0, 1]: what the trees say beyond that, or beyond a cap, is taken from the base.
        """
        told = self.trees.contributions(features(model, rows, columns, self.names))
        terms: IntArray = np.rint(told * SCORE_ONE).astype(np.int64)
        total = terms.sum(axis=1)
        allowed = np.clip(total, 0, SCORE_ONE)
        if model.caps is not None:
            allowed = model.caps.under(allowed, model.caps.pairs(rows, columns))
        terms[:, -1] += allowed - total
        return terms

    def rerank(self, model: Model, ranked: Ranked, k: int | None) -> Ranked:
        """The lists in the order of this stage, each cut to ``k``; equal scores keep the order of the first stage."""
        units = self.terms(model, ranked.rows, ranked.columns).sum(axis=1)
        query = ranked.columns if ranked.by == "vacancy" else ranked.rows
        order = np.lexsort((ranked.rank, -units, query))
        place = places(query[order])
        kept = np.ones(len(order), bool) if k is None else place <= k
        order, place = order[kept], place[kept]
        return replace(ranked.taking(order), rank=place, units=units[order], units_first=ranked.units[order])


def features(model: Model, rows: Index, columns: Index, names: tuple[str, ...]) -> FloatArray:
    """Degrees of criteria and the thinness of pairs, shape (n_pairs, n_names); NaN where a vacancy does not state it."""
    parts = {part.name: part for part in model.parts}
    out = np.full((len(rows), len(names)), np.nan)
    for k, name in enumerate(names):
        if name == THINNESS:
            out[:, k] = model.thin[columns] / THIN_ONE
        elif name in parts:
            out[:, k] = degrees(parts[name], rows, columns)
    return out

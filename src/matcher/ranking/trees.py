"""Boosted regression trees as plain arrays: predictions and the share of each feature in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from matcher.ranking.units import FloatArray, IntArray

LEAF = -1


@dataclass(frozen=True, slots=True)
class Trees:
    """A sum of regression trees whose nodes stand in one table.

    Attributes
    ----------
    roots : ndarray of int64, shape (n_trees,)
        Node of each tree's root.
    feature, left, right : ndarray of int64, shape (n_nodes,)
        Feature asked at a node (-1 at a leaf) and the nodes below: left where ``x <= threshold``.
    threshold : ndarray of float64, shape (n_nodes,)
    missing_left : ndarray of bool, shape (n_nodes,)
        Where a missing value (NaN) goes.
    value : ndarray of float64, shape (n_nodes,)
        Of a leaf what it predicts, of another node the mean over the training rows below it.
    base : float
        Added to the sum of the trees.
    """

    roots: IntArray
    feature: IntArray
    left: IntArray
    right: IntArray
    threshold: FloatArray
    missing_left: npt.NDArray[np.bool_]
    value: FloatArray
    base: float

    def contributions(self, x: FloatArray) -> FloatArray:
        """Share of each feature in each prediction, and what is left of it without any.

        Each step down a tree changes the mean by what its question told, and that is credited to its feature
        (Saabas, 2014); what the roots say goes to the last column.

        Parameters
        ----------
        x : ndarray of shape (n, n_features)

        Returns
        -------
        ndarray of shape (n, n_features + 1)
            Rows sum to the predictions.
        """
        n, width = x.shape
        out = np.zeros((n, width + 1))
        out[:, -1] = self.base + self.value[self.roots].sum()
        for root in self.roots:
            node = np.full(n, root)
            going = np.flatnonzero(self.feature[node] != LEAF)
            while len(going):
                at = node[going]
                asked = self.feature[at]
                told = x[going, asked]
                is_left = np.where(np.isnan(told), self.missing_left[at], told <= self.threshold[at])
                after = np.where(is_left, self.left[at], self.right[at])
                out[going, asked] += self.value[after] - self.value[at]
                node[going] = after
                going = going[self.feature[after] != LEAF]
        return out

    def predict(self, x: FloatArray) -> FloatArray:
        """Sum of the trees for each row."""
        out: FloatArray = self.contributions(x).sum(axis=1)
        return out

    def to_arrays(self) -> dict[str, npt.NDArray[Any]]:
        """The table as named arrays, to be saved."""
        return {name: np.asarray(value) for name, value in asdict(self).items()}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]], n_features: int) -> Trees:
        """Trees from what ``to_arrays`` gave, checked: every walk down ends, and asks for features that are there.

        Raises
        ------
        ValueError
            When the table is no set of trees over ``n_features`` features.
        KeyError
            When an array is missing.
        """
        roots, feature, left, right = (arrays[n].astype(np.int64) for n in ("roots", "feature", "left", "right"))
        threshold, value = (arrays[n].astype(np.float64) for n in ("threshold", "value"))
        missing_left, base = arrays["missing_left"].astype(np.bool_), float(arrays["base"])
        trees = cls(roots, feature, left, right, threshold, missing_left, value, base)
        n = len(trees.feature)
        sizes = {len(a) for a in (trees.left, trees.right, trees.threshold, trees.missing_left, trees.value)}
        inner = np.flatnonzero(trees.feature != LEAF)
        below = np.concatenate([trees.left[inner], trees.right[inner]])
        if (
            sizes != {n}
            or not ((trees.feature >= LEAF) & (trees.feature < n_features)).all()
            or not ((below > np.tile(inner, 2)) & (below < n)).all()  # children stand after parents: no circles
            or not ((trees.roots >= 0) & (trees.roots < n)).all()
            or not (np.isfinite(trees.value).all() and np.isfinite(trees.base))
        ):
            raise ValueError("the table of nodes is no set of trees")
        return trees

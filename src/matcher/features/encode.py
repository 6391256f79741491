"""Words and skills to sparse integer vectors: term frequency, rarity, length one, quantised.

Follows scikit-learn's estimator contract (``fit``, ``transform``, ``get_feature_names_out``, parameters that only
store) without importing it, so that a process that only scores stays light.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, repeat
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from matcher.errors import MatcherError

QUANTUM = 1 << 12
"""Vectors of length one are stored as integers in units of 1/4096, so that dot products are exact."""

Bag = Mapping[str, float]


class TermVectorizer:
    """Bags of terms to rows of length one, as integers (tf-idf with logarithmic tf, as in Salton & Buckley 1988).

    Parameters
    ----------
    sublinear : bool, default True
        Use ``1 + log(tf)`` in place of tf.

    Attributes
    ----------
    vocabulary_ : dict of str to int
        Column of each term seen in ``fit``, in code-point order.
    idf_ : ndarray of shape (n_terms,)
        ``log((1 + n) / (1 + df)) + 1``.

    Examples
    --------
    >>> v = TermVectorizer().fit([{"токарь": 1}, {"сварка": 2, "токарь": 1}])
    >>> v.transform([{"токарь": 3, "иное": 1}]).toarray().tolist()
    [[0, 4096]]
    """

    def __init__(self, *, sublinear: bool = True) -> None:
        self.sublinear = sublinear

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Parameters by name."""
        return {"sublinear": self.sublinear}

    def set_params(self, **params: Any) -> TermVectorizer:
        """Set parameters by name."""
        for name, value in params.items():
            if name not in self.get_params():
                raise MatcherError(f"TermVectorizer has no parameter {name!r}; it has {sorted(self.get_params())}.")
            setattr(self, name, value)
        return self

    def fit(self, bags: Iterable[Bag], y: object = None) -> TermVectorizer:
        """Learn vocabulary and rarities from bags (term -> count)."""
        df: Counter[str] = Counter()
        n = 0
        for bag in bags:
            df.update(bag.keys())
            n += 1
        terms = sorted(df)
        self.vocabulary_ = {t: i for i, t in enumerate(terms)}
        counts = np.array([df[t] for t in terms], dtype=np.float64)
        self.idf_ = np.log((1 + n) / (1 + counts)) + 1
        return self

    @classmethod
    def from_learnt(
        cls, terms: Sequence[str], idf: npt.NDArray[np.float64], *, sublinear: bool = True
    ) -> TermVectorizer:
        """A fitted vectoriser from saved terms and rarities."""
        out = cls(sublinear=sublinear)
        out.vocabulary_ = {t: i for i, t in enumerate(terms)}
        out.idf_ = idf
        return out

    def get_feature_names_out(self, input_features: object = None) -> npt.NDArray[np.object_]:
        """Terms in column order."""
        return np.array(list(self.vocabulary_), dtype=object)

    def transform(self, bags: Iterable[Bag]) -> sparse.csr_matrix:
        """Rows of length one in units of 1/4096.

        Returns
        -------
        csr_matrix of int32, shape (n_bags, n_terms)
            A row without known terms is empty.
        """
        return self.weigh(self.counts(bags))

    def transform_words(self, texts: Sequence[Sequence[str]]) -> sparse.csr_matrix:
        """What ``transform`` makes of texts, a text being its words."""
        return self.weigh(self.count(texts))

    def row(self, bag: Bag) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
        """Columns and values of the row that ``transform`` makes of one bag, without the cost of a matrix."""
        found = self._held(bag)
        columns = np.array([i for i, _ in found], dtype=np.int32)
        values = np.array([c for _, c in found], dtype=np.float64)
        return columns, self._weighed(values, columns, np.zeros(len(found), dtype=np.int64), 1)

    def count(self, texts: Sequence[Sequence[str]]) -> sparse.csr_matrix:
        """How often each term of the vocabulary stands in each text, a text being its words.

        >>> TermVectorizer().fit([{"токарь": 1}]).count([["токарь", "и", "токарь"], []]).toarray().tolist()
        [[2.0], [0.0]]
        """
        lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
        n_terms, n_words = len(self.vocabulary_), int(lengths.sum())
        found = map(self.vocabulary_.get, chain.from_iterable(texts), repeat(-1))
        columns = np.fromiter(found, dtype=np.int64, count=n_words)
        cells = np.repeat(np.arange(len(texts)) * n_terms, lengths) + columns
        distinct, counts = np.unique(cells[columns >= 0], return_counts=True)
        rows, columns = np.divmod(distinct, max(1, n_terms))
        starts = np.searchsorted(rows, np.arange(len(texts) + 1))
        return sparse.csr_matrix((counts.astype(np.float64), columns, starts), shape=(len(texts), n_terms))

    def weigh(self, counts: sparse.csr_matrix) -> sparse.csr_matrix:
        """What ``transform`` makes of counts; the columns of each row must ascend."""
        rows = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
        values = self._weighed(counts.data, counts.indices, rows, counts.shape[0])
        return sparse.csr_matrix((values, counts.indices, counts.indptr), shape=counts.shape)

    def _held(self, bag: Bag) -> list[tuple[int, float]]:
        """Columns and counts of the terms of a bag that are in the vocabulary, columns ascending."""
        return sorted((self.vocabulary_[t], c) for t, c in bag.items() if t in self.vocabulary_)

    def counts(self, bags: Iterable[Bag]) -> sparse.csr_matrix:
        """What bags hold of each term of the vocabulary."""
        indptr, indices, data = [0], list[int](), list[float]()
        for bag in bags:
            row = self._held(bag)
            indices += [i for i, _ in row]
            data += [c for _, c in row]
            indptr.append(len(indices))
        shape = (len(indptr) - 1, len(self.vocabulary_))
        return sparse.csr_matrix((np.array(data, dtype=np.float64), indices, indptr), shape=shape)

    def _weighed(
        self, values: npt.NDArray[np.float64], columns: npt.NDArray[np.int32], rows: npt.NDArray[Any], n_rows: int
    ) -> npt.NDArray[np.int32]:
        """Quantised values, each of the row that ``rows`` says."""
        if self.sublinear and (values > 1).any():
            values = np.where(values > 1, 1 + np.log(np.maximum(values, 1)), values)
        values = values * (self.idf_[columns] if len(columns) else 1.0)
        return np.rint(_unit_rows(values, rows, n_rows) * QUANTUM).astype(np.int32)


def _unit_rows(values: npt.NDArray[np.float64], rows: npt.NDArray[Any], n_rows: int) -> npt.NDArray[np.float64]:
    norm = np.sqrt(np.bincount(rows, weights=values * values, minlength=n_rows))
    norm[norm == 0] = 1.0
    out: npt.NDArray[np.float64] = values / norm[rows]
    return out

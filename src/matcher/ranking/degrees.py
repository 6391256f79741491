"""Degrees of meeting a column: the best relation of any fact to it, times level and evidence.

Pure functions on ids and arrays; the taxonomy is given, weights are not known here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
from scipy import sparse

from matcher.ranking import loop
from matcher.settings import Relations
from matcher.taxonomy import Taxonomy

FactKey = tuple[str, int | None]
"""Id of a skill or role and the level of the fact."""


def related(taxonomy: Taxonomy, skill: str, rules: Relations) -> dict[str, float]:
    """What one skill counts as, in (0, 1]: itself and everything broader fully, kin and narrower in part.

    A narrower skill is the thing itself; a broader one shows a part of it that halves with each step.
    """
    out: dict[str, float] = {}
    for narrower, steps in taxonomy.descendants.get(skill, {}).items():
        out[narrower] = rules.broader * 0.5 ** (steps - 1)
    for other, strength in taxonomy.kin.get(skill, {}).items():
        out[other] = max(strength * rules.kin, out.get(other, 0.0))
    for broader in taxonomy.ancestors.get(skill, {}):
        out[broader] = 1.0
    out[skill] = 1.0
    return out


def related_roles(taxonomy: Taxonomy, role: str, rules: Relations) -> dict[str, float]:
    """The same for roles, where others of the same family and families of kin count in part too."""
    out = related(taxonomy, role, rules)
    for family in taxonomy.ancestors.get(role, {}):
        _raise(out, taxonomy.descendants[family], rules.sibling_role)
        for other, strength in taxonomy.kin[family].items():
            _raise(out, [other], strength * 0.8)
            _raise(out, taxonomy.descendants[other], strength * rules.sibling_role)
    for other, strength in taxonomy.kin.get(role, {}).items():
        _raise(out, taxonomy.descendants.get(other, {}), strength * 0.8)
    return out


def _raise(out: dict[str, float], names: Iterable[str], strength: float) -> None:
    for name in names:
        out[name] = max(strength, out.get(name, 0.0))


def level_factor(have: int | None, want: int | None, rules: Relations) -> float:
    """1 when no level is asked or it is met; a part when unknown or short."""
    if want is None:
        return 1.0
    if have is None:
        return rules.level_unknown
    return 1.0 if have >= want else float(rules.level_short ** (want - have))


class Reach:
    """How far facts meet some columns, before evidence; each distinct fact is worked out once.

    Parameters
    ----------
    columns : sequence of (ids, level)
        Each column with the ids of which any will do, and the level asked for.
    near : callable
        Id -> what it counts as, in (0, 1].
    rules : Relations
        Says what a level that is short or unknown is worth.
    """

    def __init__(
        self,
        columns: Sequence[tuple[tuple[str, ...], int | None]],
        near: Callable[[str], Mapping[str, float]],
        rules: Relations,
    ) -> None:
        self.n_columns = len(columns)
        self._levels = [level for _, level in columns]
        self._near, self._rules = near, rules
        self._at: dict[str, list[int]] = {}
        for j, (ids, _) in enumerate(columns):
            for name in ids:
                self._at.setdefault(name, []).append(j)
        self._known: dict[FactKey, tuple[list[int], list[float]]] = {}

    def of(self, facts: Sequence[FactKey]) -> sparse.csr_matrix:
        """Relation of each fact to each column, shape (n_facts, n_columns), columns ascending."""
        indptr, indices, data = [0], list[int](), list[float]()
        for fact in facts:
            known = self._known.get(fact)
            if known is None:
                known = self._row(*fact)
                if known[0]:  # phrases that nobody asks for are without number
                    self._known[fact] = known
            indices += known[0]
            data += known[1]
            indptr.append(len(indices))
        return sparse.csr_matrix((data, indices, indptr), shape=(len(facts), self.n_columns), dtype=np.float64)

    def _row(self, name: str, level: int | None) -> tuple[list[int], list[float]]:
        row: dict[int, float] = {}
        for other, strength in self._near(name).items():
            for j in self._at.get(other, ()):
                value = strength * level_factor(level, self._levels[j], self._rules)
                if value > row.get(j, 0.0):
                    row[j] = value
        columns = sorted(row)
        return columns, [row[j] for j in columns]


_WORTH_COMPILING = 20_000
"""Relations below which numpy is done before compiled code is loaded."""
_AT_A_TIME = 1 << 24
"""Relations that are held at a time."""


def best_of_rows(
    rows: npt.NDArray[np.int64],
    facts: npt.NDArray[np.int64],
    strengths: npt.NDArray[np.float64],
    relation: sparse.csr_matrix,
    n_rows: int,
) -> sparse.csr_matrix:
    """For each row and column the best of relation x strength over the row's facts.

    Parameters
    ----------
    rows, facts, strengths : ndarray of shape (n,)
        Fact ``facts[k]`` (row of ``relation``) is had by row ``rows[k]`` with that strength; rows ascend.
    relation : csr_matrix of float64, shape (n_facts, n_columns)
        Not below zero.

    Returns
    -------
    csr_matrix of float64, shape (n_rows, n_columns)
        Columns of each row ascend; what is not met at all is left out.
    """
    shape = (n_rows, relation.shape[1])
    lengths = np.diff(relation.indptr)[facts].astype(np.int64)
    if int(lengths.sum()) > _WORTH_COMPILING and loop.is_there():
        starts = np.searchsorted(rows, np.arange(n_rows + 1))
        ends = np.concatenate(([0], np.cumsum(lengths)))[starts]
        parts, low = [], 0
        while low < n_rows:
            high = max(low + 1, int(np.searchsorted(ends, ends[low] + _AT_A_TIME, side="right")) - 1)
            parts.append(
                loop.compiled_best()(
                    starts[low : high + 1], facts, strengths, relation.indptr, relation.indices, relation.data,
                    shape[1], int(ends[high] - ends[low]),
                )
            )  # fmt: skip
            low = high
        indptr = np.concatenate([[0], np.cumsum(np.concatenate([p for p, _, _ in parts]))])
        return sparse.csr_matrix(
            (np.concatenate([d for _, _, d in parts]), np.concatenate([i for _, i, _ in parts]), indptr), shape=shape
        )
    return plain_best_of_rows(rows, facts, strengths, relation, n_rows)


def plain_best_of_rows(
    rows: npt.NDArray[np.int64],
    facts: npt.NDArray[np.int64],
    strengths: npt.NDArray[np.float64],
    relation: sparse.csr_matrix,
    n_rows: int,
) -> sparse.csr_matrix:
    """:func:`best_of_rows` by numpy alone: the twin of the compiled loop."""
    n_columns = relation.shape[1]
    lengths = np.diff(relation.indptr)[facts]
    starts = relation.indptr[facts]
    take = np.repeat(starts - np.concatenate(([0], np.cumsum(lengths)[:-1])), lengths) + np.arange(lengths.sum())
    cells = np.repeat(rows, lengths) * n_columns + relation.indices[take]
    values = relation.data[take] * np.repeat(strengths, lengths)
    order = np.argsort(cells, kind="stable")
    cells, values = cells[order], values[order]
    if not len(cells):
        return sparse.csr_matrix((n_rows, n_columns), dtype=np.float64)
    first = np.flatnonzero(np.concatenate(([True], cells[1:] != cells[:-1])))
    best = np.maximum.reduceat(values, first)
    row, column = np.divmod(cells[first], n_columns)
    out = sparse.csr_matrix((best, (row, column)), shape=(n_rows, n_columns))
    out.eliminate_zeros()
    return out

"""Degrees of meeting a column: the best relation of any fact to it, times level and evidence.

Pure functions on ids and arrays; the taxonomy is given, weights are not known here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
from scipy import sparse

from matcher.ranking.units import DEGREE_ONE
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


def relation_matrix(
    facts: Sequence[FactKey],
    columns: Sequence[tuple[tuple[str, ...], int | None]],
    near: Callable[[str], Mapping[str, float]],
    rules: Relations,
) -> sparse.csr_matrix:
    """How far each fact meets each column, before evidence.

    Parameters
    ----------
    facts : sequence of (id, level)
        Distinct facts.
    columns : sequence of (ids, level)
        Each column with the ids of which any will do, and the level asked for.
    near : callable
        Id -> what it counts as.

    Returns
    -------
    csr_matrix of float64, shape (n_facts, n_columns)
    """
    at: dict[str, list[int]] = {}
    for j, (ids, _) in enumerate(columns):
        for name in ids:
            at.setdefault(name, []).append(j)
    indptr, indices, data = [0], [], []
    for name, level in facts:
        row: dict[int, float] = {}
        for other, strength in near(name).items():
            for j in at.get(other, ()):
                value = strength * level_factor(level, columns[j][1], rules)
                if value > row.get(j, 0.0):
                    row[j] = value
        for j in sorted(row):
            indices.append(j)
            data.append(row[j])
        indptr.append(len(indices))
    return sparse.csr_matrix((data, indices, indptr), shape=(len(facts), len(columns)), dtype=np.float64)


def best_degrees(
    rows: npt.NDArray[np.int64],
    facts: npt.NDArray[np.int64],
    strengths: npt.NDArray[np.float64],
    relation: sparse.csr_matrix,
    n_rows: int,
) -> sparse.csr_matrix:
    """For each row and column the best of relation x strength over the row's facts, in 1/1024.

    Parameters
    ----------
    rows, facts, strengths : ndarray of shape (n,)
        Fact ``facts[k]`` (row of ``relation``) is had by row ``rows[k]`` with that strength.

    Returns
    -------
    csr_matrix of int64, shape (n_rows, n_columns)
    """
    n_columns = relation.shape[1]
    lengths = np.diff(relation.indptr)[facts]
    starts = relation.indptr[facts]
    take = np.repeat(starts - np.concatenate(([0], np.cumsum(lengths)[:-1])), lengths) + np.arange(lengths.sum())
    cells = np.repeat(rows, lengths) * n_columns + relation.indices[take]
    values = np.rint(relation.data[take] * np.repeat(strengths, lengths) * DEGREE_ONE).astype(np.int64)
    order = np.argsort(cells, kind="stable")
    cells, values = cells[order], values[order]
    if not len(cells):
        return sparse.csr_matrix(np.zeros((n_rows, n_columns), dtype=np.int64))
    first = np.flatnonzero(np.concatenate(([True], cells[1:] != cells[:-1])))
    best = np.maximum.reduceat(values, first)
    row, column = np.divmod(cells[first], n_columns)
    out = sparse.csr_matrix((best, (row, column)), shape=(n_rows, n_columns), dtype=np.int64)
    out.eliminate_zeros()
    return out

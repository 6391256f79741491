"""The one equation: score = thinness x sum over criteria of weight x degree, and the exact top of it.

All sums are integers (see ``units``), so that blocks, pairs and any order of rows give the same bits.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from matcher.ranking.caps import Caps
from matcher.ranking.kernel import Kernel
from matcher.ranking.loop import is_there
from matcher.ranking.parts import Gate, Part
from matcher.ranking.topk import top
from matcher.ranking.units import DEGREE_ONE, SCORE_ONE, THIN_ONE, WEIGHT_ONE, FloatArray, IntArray
from matcher.ranking.wishes import Wishes

Index = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Model:
    """Everything needed to score candidates against vacancies.

    ``thin`` is the thinness factor of each vacancy in 1/1024; ``usable_*`` say who may be ranked at all;
    ``order_*`` are positions of the ids in code-point order, which decide ties; ``wishes`` is the other direction,
    where it takes part in the score; ``caps`` hold scores down where vacancies have dealbreakers.
    """

    parts: tuple[Part, ...]
    gates: tuple[Gate, ...]
    thin: IntArray
    usable_rows: npt.NDArray[np.bool_]
    usable_columns: npt.NDArray[np.bool_]
    order_rows: IntArray
    order_columns: IntArray
    caps: Caps | None = None
    wishes: Wishes | None = None

    @property
    def shape(self) -> tuple[int, int]:
        """Number of candidates and vacancies."""
        return len(self.order_rows), len(self.order_columns)


@dataclass(frozen=True, slots=True)
class Ranked:
    """Pairs in order of query and rank, as row numbers, with scores in 2^-40.

    ``units_first`` are the scores of the first stage where a second one put the lists in order;
    ``percentile``, where asked for: share of the vacancy's candidates, refused ones left out, who score less.
    """

    rows: Index
    columns: Index
    rank: Index
    units: IntArray
    by: str
    refused: dict[str, int]
    n_excluded: int
    n_pairs: int
    percentile: FloatArray | None = None
    units_first: IntArray | None = None

    def taking(self, pairs: npt.NDArray[Any]) -> Ranked:
        """Some of the pairs, by their places or a mask."""
        return replace(
            self,
            rows=self.rows[pairs],
            columns=self.columns[pairs],
            rank=self.rank[pairs],
            units=self.units[pairs],
            percentile=None if self.percentile is None else self.percentile[pairs],
            units_first=None if self.units_first is None else self.units_first[pairs],
        )


def block_units(model: Model, rows: Index, columns: Index) -> IntArray:
    """Scores of a block in units of 2^-40, shape (len(rows), len(columns))."""
    total = np.zeros((len(rows), len(columns)), dtype=np.int64)
    for part in model.parts:
        total += part.block(rows, columns)
    total *= model.thin[columns]
    if model.caps is not None:
        total = model.caps.under(total, model.caps.block(rows, columns))
    wishes = model.wishes
    if wishes is not None:
        total = wishes.combined(total, wishes.block(rows, columns), wishes.stated[rows][:, None])
    return total


def pair_units(model: Model, rows: Index, columns: Index) -> IntArray:
    """Scores of pairs in units of 2^-40, shape (len(rows),)."""
    out: IntArray = contributions(model, rows, columns)[1].sum(axis=1)
    return out


def refusals(model: Model, rows: Index, columns: Index) -> IntArray:
    """For each pair of a block the number of the first gate that refuses it, -1 where none does."""
    out = np.full((len(rows), len(columns)), -1, dtype=np.int64)
    for number, gate in enumerate(model.gates):
        out[(out < 0) & gate.block(rows, columns)] = number
    return out


def rank(
    model: Model,
    *,
    by: str,
    k: int | None,
    block: int = 256,
    excluded: Sequence[tuple[int, int]] = (),
    percentile: bool = False,
    kernel: bool | None = None,
    progress: object = None,
    n_jobs: int = 1,
) -> Ranked:
    """The best ``k`` partners of every vacancy (or candidate), exactly, with the tie rule.

    Parameters
    ----------
    by : {'vacancy', 'candidate'}
        Whose list is wanted.
    k : int or None
        Length of each list; None for all.
    block : int
        Queries scored at a time; changes memory, never the result.
    excluded : sequence of (row, column)
        Pairs left out.
    percentile : bool
        Tell for each pair which share of the vacancy's candidates scores less, to a thousandth of a score.
    kernel : bool, optional
        Whether the compiled kernel does what it can: lists of a length, of one direction, without caps and percentiles.
        The same result either way; when None, where numba is installed and there are pairs enough.
    n_jobs : int
        Threads of the kernel; the result does not depend on it.
    """
    n_rows, n_columns = model.shape
    rows_usable, columns_usable = np.flatnonzero(model.usable_rows), np.flatnonzero(model.usable_columns)
    queries, others = (columns_usable, rows_usable) if by == "vacancy" else (rows_usable, columns_usable)
    order = model.order_rows if by == "vacancy" else model.order_columns
    banned: dict[int, list[int]] = {}
    for r, c in excluded:
        q, o = (c, r) if by == "vacancy" else (r, c)
        banned.setdefault(q, []).append(o)
    serves = k is not None and model.wishes is None and model.caps is None and not percentile
    if k is not None and serves and (_pays(k, len(queries) * len(others)) if kernel is None else kernel):
        return _by_kernel(model, queries, others, order, k, by, banned, progress, n_jobs)
    at = np.full(max(n_rows, n_columns), -1, dtype=np.int64)
    at[others] = np.arange(len(others))
    counts = np.zeros(len(model.gates) + 1, dtype=np.int64)
    n_excluded = 0
    spread = _Spread(n_columns) if percentile else None
    out: list[tuple[Index, Index, Index, IntArray]] = []
    for start in range(0, len(queries), block):
        chunk = queries[start : start + block]
        rows, columns = (others, chunk) if by == "vacancy" else (chunk, others)
        units = block_units(model, rows, columns)
        refused = refusals(model, rows, columns)
        counts += np.bincount(refused.ravel() + 1, minlength=len(counts))
        if spread:
            spread.add(units, refused < 0, columns)
        if by == "vacancy":
            units, refused = units.T, refused.T
        allowed = refused < 0
        for local, q in enumerate(chunk):
            for o in banned.get(int(q), ()):
                if at[o] >= 0 and allowed[local, at[o]]:
                    allowed[local, at[o]] = False
                    n_excluded += 1
        out.extend(_lists(units, allowed, chunk, others, order, k))
        if callable(progress):
            progress(min(start + block, len(queries)), len(queries))
    names = [g.code for g in model.gates]
    pairs = len(queries) * len(others)
    refused_by = {name: int(n) for name, n in zip(names, counts[1:], strict=True) if n}
    ranked = _assemble(out, by, refused_by, n_excluded, pairs)
    return replace(ranked, percentile=spread.share_below(ranked.columns, ranked.units)) if spread else ranked


_FEWEST_PAIRS = 3_000_000
"""Pairs below which loading the compiler costs more than it saves."""
_MOST_KEPT = 1000
"""Length of lists up to which the kernel keeps them sorted as it goes."""
_STEPS = 1 << 10
"""Steps of a score that percentiles tell apart."""


class _Spread:
    """How the scores of each vacancy spread, counted block by block."""

    def __init__(self, n_columns: int) -> None:
        self.counts = np.zeros((n_columns, _STEPS + 1), dtype=np.int32)

    def add(self, units: IntArray, allowed: npt.NDArray[np.bool_], columns: Index) -> None:
        """Count a block of shape (rows, columns)."""
        cells = np.arange(len(columns)) * (_STEPS + 1) + units // (SCORE_ONE // _STEPS)
        found = np.bincount(cells[allowed], minlength=len(columns) * (_STEPS + 1))
        self.counts[columns] += found.reshape(len(columns), -1).astype(np.int32)

    def share_below(self, columns: Index, units: IntArray) -> FloatArray:
        """Share of each pair's vacancy that scores less than the pair, in [0, 1)."""
        below = np.cumsum(self.counts, axis=1, dtype=np.int64)
        step = units // (SCORE_ONE // _STEPS)
        less = np.where(step > 0, below[columns, np.maximum(step - 1, 0)], 0)
        out: FloatArray = less / np.maximum(below[columns, -1], 1)
        return out


def _pays(k: int, n_pairs: int) -> bool:
    """Whether the kernel is there and worth loading a compiler for."""
    return k <= _MOST_KEPT and n_pairs >= _FEWEST_PAIRS and is_there()


def _by_kernel(
    model: Model,
    queries: Index,
    others: Index,
    order: IntArray,
    k: int,
    by: str,
    banned: Mapping[int, Sequence[int]],
    progress: object,
    n_jobs: int,
) -> Ranked:
    by_vacancy = by == "vacancy"
    seen = Kernel(model.parts, model.gates, model.thin, queries, others, order, by_vacancy=by_vacancy)
    best = seen.tops(min(k, max(1, len(others))), banned, progress, n_jobs=n_jobs)
    kept = np.arange(best.units.shape[1])[None, :] < best.found[:, None]
    asked = np.repeat(queries, best.found)
    places = np.broadcast_to(np.arange(1, best.units.shape[1] + 1), kept.shape)[kept]
    rows, columns = (best.entries[kept], asked) if by_vacancy else (asked, best.entries[kept])
    refused = {g.code: int(n) for g, n in zip(model.gates, best.refused, strict=True) if n}
    return Ranked(rows, columns, places, best.units[kept], by, refused, best.n_excluded, len(queries) * len(others))


def _lists(
    units: IntArray, allowed: npt.NDArray[np.bool_], chunk: Index, others: Index, order: IntArray, k: int | None
) -> Iterator[tuple[Index, Index, Index, IntArray]]:
    for local, q in enumerate(chunk):
        chosen = top(units[local], order[others], allowed[local], k)
        yield np.full(len(chosen), q), others[chosen], np.arange(1, len(chosen) + 1), units[local][chosen]


def _assemble(
    out: list[tuple[Index, Index, Index, IntArray]], by: str, refused: dict[str, int], n_excluded: int, pairs: int
) -> Ranked:
    empty = np.zeros(0, dtype=np.int64)
    q, o, rank_, units = (
        np.concatenate(x) if x else empty for x in (zip(*out, strict=True) if out else [[], [], [], []])
    )
    rows, columns = (o, q) if by == "vacancy" else (q, o)
    return Ranked(rows, columns, rank_, units, by, refused, n_excluded, pairs)


def contributions(model: Model, rows: Index, columns: Index) -> tuple[list[str], IntArray]:
    """Contribution of each criterion to the scores of pairs, and of thinness, in 2^-40.

    Returns
    -------
    names : list of str
        Criteria in their order, then those of ``rest_of``.
    units : ndarray of shape (n_pairs, n_names)
        Each row sums to the pair's score exactly.
    """
    kept = [part.pairs(rows, columns) for part in model.parts]
    total = np.sum(kept, axis=0) if kept else np.zeros(len(rows), dtype=np.int64)
    thinness = total * (model.thin[columns] - THIN_ONE)
    terms = np.stack([*(x * THIN_ONE for x in kept), thinness], axis=1)
    return [*(p.name for p in model.parts), *rest_of(model)], with_rest(model, terms, rows, columns)


def rest_of(model: Model) -> list[str]:
    """What contributes besides the criteria: thinness, the cap of dealbreakers, the candidates' wishes."""
    return ["thinness", *(["cap"] if model.caps else []), *(["wishes"] if model.wishes else [])]


def with_rest(model: Model, terms: IntArray, rows: Index, columns: Index) -> IntArray:
    """Terms of criteria and thinness, shape (n_pairs, n_terms), with those of cap and wishes behind them."""
    if model.caps is not None:
        total = terms.sum(axis=1)
        capped = model.caps.under(total, model.caps.pairs(rows, columns))
        terms = np.column_stack([terms, capped - total])
    if model.wishes is None:
        return terms
    wishes, units, stated = model.wishes, terms.sum(axis=1), model.wishes.stated[rows]
    combined = wishes.combined(units, wishes.pairs(rows, columns), stated)
    scaled = np.rint(terms * wishes.factor(units, combined, stated)[:, None]).astype(np.int64)
    return np.column_stack([scaled, combined - scaled.sum(axis=1)])


def degrees(part: Part, rows: Index, columns: Index) -> FloatArray:
    """Degrees of a criterion for pairs, in [0, 1]; NaN where the vacancy does not state it."""
    total = part.total[columns]
    out = np.full(len(rows), np.nan)
    np.divide(part.pairs(rows, columns), total * DEGREE_ONE, out=out, where=total > 0)
    return out


def known_share(model: Model, rows: Index, columns: Index) -> FloatArray:
    """Share of each pair's weight that rests on known facts, in [0, 1]."""
    units = np.zeros(len(rows), dtype=np.int64)
    for part in model.parts:
        units += np.where(part.knows(rows, columns), part.total[columns], 0)
    out: FloatArray = units / WEIGHT_ONE
    return out

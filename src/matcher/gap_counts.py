"""The counts behind a report of gaps: which requirements of fitting vacancies a group does not meet, and what that costs.

For each candidate, the best few vacancies of his list that really fit: not refused, of his profession where both tell
one, and scored at least ``_NEAR`` of his best; of those, the vacancies of the group's own trade
(:mod:`matcher.belonging`). Every requirement of theirs that he does not meet is a gap, unless his trade itself brings it;
its loss is what meeting it would add to the score (weight times what is missing of the degree).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from matcher.belonging import Tiers, core_degrees, is_named, own_vacancies, without_umbrellas
from matcher.features.programmes import Programmes
from matcher.grouping import Group, field_name, is_taught
from matcher.ranking.lines import name_of
from matcher.ranking.meeting import Column
from matcher.ranking.parts import SparsePart
from matcher.ranking.units import DEGREE_ONE, SCORE_ONE, THIN_ONE, WEIGHT_ONE
from matcher.rates import LEAST, wilson

if TYPE_CHECKING:
    import pandas as pd

    from matcher.scored import Scored
    from matcher.taxonomy import Taxonomy

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

CRITERIA = ("skills", "languages", "licences")
"""Criteria that one can learn or earn."""
_MET = 0.65
"""Stated in a text at a level that is not told (0.9 x 0.8) is met; something broader (0.6) is not."""
_BY_TRADE = 0.55
"""What the trade brings is had where it is only near the thing asked, unless that is a named one."""
_NEAR = 0.6
_OWN_ROLE = 0.3
_LIFT = 1.5
_OF_ONE = 2
"""So many gaps of one vacancy in a turn; and so many vacancies must ask where the group has five or more."""

COLUMNS = (
    "group", "name", "skill", "label", "criterion", "asked", "lacking", "share", "low", "high", "vacancies", "loss",
)  # fmt: skip


def count(
    scored: Scored, groups: list[Group], programmes: Programmes, by: str, best: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Tables of gaps and of groups, see ``lacking.Gaps``."""
    rows, cols, scores = fitting(scored, best)
    parts, columns = _columned(scored), scored.parts.columns
    core = core_degrees(scored, columns["skills"], programmes) if "skills" in columns else None
    found = [_unmet(scored, part, rows, cols, core if part.name == "skills" else None) for part in parts]
    shift = np.cumsum([0, *(len(columns[p.name]) for p in parts)])
    unmet = _Unmet(
        pair=np.concatenate([[], *(f[0] for f in found)]).astype(np.int64),
        column=np.concatenate([[], *(f[1] + s for f, s in zip(found, shift, strict=False))]).astype(np.int64),
        loss=np.concatenate([[], *(f[2] for f in found)]),
        lacks=np.concatenate([[], *(f[3] for f in found)]).astype(np.bool_),
    )
    things = _merged([(part.name, c) for part in parts for c in columns[part.name]], scored.taxonomy)
    own = own_vacancies(scored, by, programmes)
    return _Tables(scored, groups, rows, cols, scores, unmet, things, own, _asked_by(scored, things)).frames()


def _columned(scored: Scored) -> list[SparsePart]:
    return [p for p in scored.model.parts if isinstance(p, SparsePart) and p.name in CRITERIA]


def fitting(scored: Scored, best: int) -> tuple[Ints, Ints, Floats]:
    """Pairs of candidates and the vacancies that fit them best, and their scores."""
    ranked = scored.ranked(by="candidate", top=best)
    rows, cols, scores = ranked.rows, ranked.columns, ranked.units / SCORE_ONE
    top = np.zeros(len(scored.profiles))
    np.maximum.at(top, rows, scores)
    fits = scores >= _NEAR * top[rows]
    for part in scored.model.parts:
        if part.name == "role":
            total = part.total[cols]
            degree = part.pairs(rows, cols) / np.maximum(total, 1) / DEGREE_ONE
            fits &= ~(part.knows(rows, cols) & (total > 0) & (degree < _OWN_ROLE))
    return rows[fits], cols[fits], scores[fits]


def _unmet(
    scored: Scored, part: SparsePart, rows: Ints, cols: Ints, core: sparse.csr_matrix | None
) -> tuple[Ints, Ints, Floats, NDArray[np.bool_]]:
    """Every requirement of every pair: pair, column, what is lost of the score, and whether it is not met."""
    weights, degrees = part.weights.tocsr(), (part.degrees if core is None else core).tocsr()
    lengths = np.diff(weights.indptr)[cols]
    pair = np.repeat(np.arange(len(cols)), lengths)
    at = (
        np.arange(lengths.sum())
        - np.repeat(np.cumsum(lengths) - lengths, lengths)
        + np.repeat(weights.indptr[cols], lengths)
    )
    column, weight = weights.indices[at], weights.data[at]
    degree = _at(degrees, rows[pair], column)
    lacks = degree < _MET
    if core is not None:
        columns = scored.parts.columns[part.name]
        named = np.array([is_named(c.ids[0], scored.taxonomy) for c in columns], dtype=np.bool_)
        lacks &= named[column] | (degree < _BY_TRADE) | (degree <= _at(part.degrees.tocsr(), rows[pair], column))
    thin = scored.model.thin[cols[pair]] / THIN_ONE
    return pair, column, weight / WEIGHT_ONE * (1 - degree) * thin, lacks


def _at(degrees: sparse.csr_matrix, rows: Ints, columns: Ints) -> Floats:
    """Degrees in [0, 1] of some cells."""
    return np.asarray(degrees[rows, columns]).ravel() / DEGREE_ONE if len(rows) else np.zeros(0)


@dataclass(frozen=True, slots=True)
class _Unmet:
    """Requirements of fitting pairs, one row each."""

    pair: Ints
    column: Ints
    loss: Floats
    lacks: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Named:
    """One thing to learn, whatever level of it is asked: its columns are told as one."""

    skill: str
    label: str
    criterion: str


def _merged(columns: Sequence[tuple[str, Column]], taxonomy: Taxonomy) -> tuple[list[_Named], Ints]:
    """Things to learn, and the number of that which each column asks for (-1: nothing that can be taught)."""
    things: dict[_Named, int] = {}
    numbers = []
    for criterion, column in columns:
        teachable = [n for n in column.ids if _is_taught(n, criterion, taxonomy)]
        if not teachable:
            numbers.append(-1)
            continue
        thing = _Named(
            "|".join(teachable), name_of(column.key, column.key.partition(":")[2], taxonomy, teachable), criterion
        )
        numbers.append(things.setdefault(thing, len(things)))
    return list(things), np.array(numbers, dtype=np.int64)


def _is_taught(name: str, criterion: str, taxonomy: Taxonomy) -> bool:
    """Whether a school can bring it: a driving licence is no matter of a programme, a grade of no trade says nothing."""
    if criterion == "licences":
        return not name.startswith(("driver", "tractor")) and name != "grade"
    return criterion != "skills" or (
        is_taught(name, taxonomy) and taxonomy[name].label != field_name(taxonomy[name].field)
    )


def _asked_by(scored: Scored, things: tuple[list[_Named], Ints]) -> Ints:
    """How many of all vacancies ask for each thing."""
    named, numbers = things
    weights = sparse.hstack([p.weights for p in _columned(scored)], format="csc")
    asking: list[set[int]] = [set() for _ in named]
    for j, thing in enumerate(numbers):
        if thing >= 0:
            asking[thing].update(weights.indices[weights.indptr[j] : weights.indptr[j + 1]].tolist())
    return np.array([len(v) for v in asking], dtype=np.int64)


def _turns(frame: pd.DataFrame, lost: pd.DataFrame) -> Ints:
    """Which turn a gap has: two of each vacancy come first, then the next two, so that no vacancy speaks for all."""
    by_vacancy = frame.groupby(["thing", "vacancy"])["loss"].sum().reset_index()
    main = (
        by_vacancy.sort_values(["loss", "vacancy"], ascending=[False, True]).drop_duplicates("thing").set_index("thing")
    )
    order = lost.sort_values(["loss", "label"], ascending=[False, True])
    place = main["vacancy"].reindex(order.index).groupby(main["vacancy"].reindex(order.index)).cumcount()
    return np.asarray((place // _OF_ONE).reindex(lost.index), dtype=np.int64)


@dataclass(frozen=True)
class _Tables:
    """Counts and frames of one question."""

    scored: Scored
    groups: list[Group]
    rows: Ints
    cols: Ints
    scores: Floats
    unmet: _Unmet
    things: tuple[list[_Named], Ints]
    own: Tiers
    asked_by: Ints

    def frames(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        import pandas as pd

        own = [self._mine(g) for g in self.groups]
        tables = [self._of_group(g, mine) for g, mine in zip(self.groups, own, strict=True)]
        table = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame({c: [] for c in COLUMNS})
        rows = [self._told(g, mine) for g, mine in zip(self.groups, own, strict=True)]
        names = ["group", "name", "candidates", "fitted", "vacancies", "best"]
        return table[list(COLUMNS)], pd.DataFrame(rows, columns=names)

    def _mine(self, g: Group) -> NDArray[np.bool_]:
        """Which pairs are of the group's candidates and of its own trade, as near as half of them have a vacancy."""
        mine = np.isin(self.rows, g.rows)
        fitted = len(np.unique(self.rows[mine]))
        for tier in self.own(g.key):
            chosen = mine & tier[self.cols]
            if 2 * len(np.unique(self.rows[chosen])) >= fitted:
                return chosen
        return chosen

    def _told(self, g: Group, mine: NDArray[np.bool_]) -> tuple[Any, ...]:
        """The row of a group: who has fitting vacancies, how many of these, and the mean of the best scores."""
        import pandas as pd

        best = pd.Series(self.scores[mine]).groupby(self.rows[mine]).max()
        mean = float(best.mean()) if len(best) else float("nan")
        return g.key, g.name, len(g.rows), len(best), len(np.unique(self.cols[mine])), mean

    def _of_group(self, g: Group, mine: NDArray[np.bool_]) -> pd.DataFrame:
        import pandas as pd

        names, numbers = self.things
        unmet = self.unmet
        chosen = mine[unmet.pair] & (numbers[unmet.column] >= 0)
        pair = unmet.pair[chosen]
        frame = pd.DataFrame(
            {
                "thing": numbers[unmet.column[chosen]], "row": self.rows[pair], "vacancy": self.cols[pair],
                "loss": unmet.loss[chosen], "lacks": unmet.lacks[chosen],
            }
        )  # fmt: skip
        asked = frame.groupby("thing").agg(asked=("row", "nunique"), named=("vacancy", "nunique"))
        lost = frame[frame["lacks"]].groupby("thing").agg(
            lacking=("row", "nunique"), vacancies=("vacancy", "nunique"), loss=("loss", "sum")
        )  # fmt: skip
        lost = lost.join(asked)
        n_vacancies = len(np.unique(self.cols[mine]))
        lost = lost[self._is_own(lost["named"], n_vacancies)]
        if n_vacancies >= LEAST or len(g.rows) >= 2 * LEAST:
            lost = lost[lost["vacancies"] >= _OF_ONE]
        for many in (lost["vacancies"], lost["lacking"]):  # one vacancy or one person may be an odd one
            lost["loss"] *= many / (many + 1)
        lost["loss"] /= max(1, int(mine.sum()))
        lost["share"], lost["low"], lost["high"] = wilson(lost["lacking"], lost["asked"])
        for column in ("skill", "label", "criterion"):
            lost[column] = [getattr(names[t], column) for t in lost.index]
        lost["group"], lost["name"] = g.key, g.name
        lost["turn"] = _turns(frame[frame["lacks"]], lost)
        lost = lost.sort_values(["turn", "loss", "label"], ascending=[True, False, True])
        kept = np.array(without_umbrellas(lost["skill"].tolist(), self.scored.taxonomy), dtype=np.bool_)
        return lost.loc[kept, list(COLUMNS)]

    def _is_own(self, named: pd.Series[Any], n_vacancies: int) -> NDArray[np.bool_]:
        """Whether a thing is asked by the group's vacancies oftener than by all; a named thing need not be."""
        things, _ = self.things
        whole = np.array([self.asked_by[t] for t in named.index])
        lift = (named.to_numpy() / max(1, n_vacancies)) / (whole / max(1, len(self.scored.requests)))
        free = np.array(
            [
                is_named(things[t].skill.split("|")[0], self.scored.taxonomy) or things[t].criterion != "skills"
                for t in named.index
            ],
            dtype=np.bool_,
        )
        out: NDArray[np.bool_] = free | (lift >= _LIFT)
        return out

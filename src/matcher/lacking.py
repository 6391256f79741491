"""What groups of candidates lack for the requests that fit them best: the report that a university or a college gets.

For each candidate, the best few vacancies of his list that really fit: not refused, of his profession where both tell
one, and scored at least ``_NEAR`` of his best. Every requirement of theirs that he does not meet is a gap; its loss is
what meeting it would add to the score (weight times what is missing of the degree).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from matcher.errors import MatcherError, wrong_parameter
from matcher.grouping import Group, groups_of, is_taught
from matcher.ranking.lines import name_of
from matcher.ranking.meeting import Column
from matcher.ranking.parts import SparsePart
from matcher.ranking.units import DEGREE_ONE, SCORE_ONE, THIN_ONE, WEIGHT_ONE
from matcher.rates import LEAST, wilson
from matcher.wording import number

if TYPE_CHECKING:
    import pandas as pd

    from matcher.pipeline import Matcher
    from matcher.scored import Scored
    from matcher.taxonomy import Taxonomy

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

CRITERIA = ("skills", "languages", "licences")
"""Criteria that one can learn or earn."""
_MET = 0.75
_NEAR = 0.6
_OWN_ROLE = 0.3

COLUMNS = (
    "group", "name", "skill", "label", "criterion", "asked", "lacking", "share", "low", "high", "vacancies", "loss",
)  # fmt: skip


@dataclass(frozen=True)
class Gaps:
    """What groups of candidates lack.

    Attributes
    ----------
    table : DataFrame
        One row per group and requirement, the greatest loss of a group first: ``group, name, skill`` (ids, ``|`` between
        those of which any will do), ``label, criterion, asked`` (candidates of the group of whom a fitting vacancy asks
        it), ``lacking`` (those of them who do not meet it), ``share`` of these with its 95 % interval ``low``, ``high``
        (empty under five asked), ``vacancies`` (that ask), ``loss`` (of the score of the group's fitting pairs, on average;
        shrunk where few vacancies ask or few lack it: times v / (v + 1) of both).
    groups : DataFrame
        ``group, name, candidates, fitted`` (those with a fitting vacancy), ``vacancies`` (that fit them), ``best``
        (mean best score).
    by : str
    """

    table: pd.DataFrame
    groups: pd.DataFrame
    by: str

    def __repr__(self) -> str:
        return f"<Gaps by {self.by}: {len(self.groups)} groups, {len(self.table)} gaps>"

    def of(self, group: Any, top: int = 10) -> pd.DataFrame:
        """The greatest gaps of one group, told by its key or its name.

        Raises
        ------
        MatcherError
            When there is no such group.
        """
        known = self.groups[(self.groups["group"] == group) | (self.groups["name"] == group)]
        if known.empty:
            raise MatcherError(f"There is no group {group!r}; the largest are {self.groups['group'].head(5).tolist()}.")
        mine: pd.DataFrame = self.table[self.table["group"] == known["group"].iloc[0]]
        return mine.head(top)

    def top(self, n: int = 10) -> pd.DataFrame:
        """The greatest ``n`` gaps of every group."""
        first: pd.DataFrame = self.table.groupby("group", sort=False).head(n)
        return first

    def to_text(self, n: int = 7, groups: int = 20) -> str:
        """The report in Russian: the largest groups with their greatest gaps."""
        out = []
        rows: Iterator[Any] = self.groups.head(groups).itertuples()
        for g in rows:
            best = f", лучшая оценка в среднем {number(g.best)}" if g.fitted else ""
            out.append(f"{g.name}: кандидатов {g.candidates}, с подходящими вакансиями {g.fitted}{best}")
            out += [f"  {_told(row)}" for row in self.of(g.group, n).itertuples()]
        if len(self.groups) > groups:
            out.append(f"… и ещё групп: {len(self.groups) - groups}")
        return "\n".join(out)

    def plot(self, ax: Any = None, *, groups: int = 12, skills: int = 15) -> Any:
        """A heat map of the shares that lack a requirement, by group (needs ``matcher[viz]``)."""
        from matcher.charts import plot_gaps

        return plot_gaps(self.table, self.groups, ax, n_groups=groups, n_skills=skills)

    def _repr_html_(self) -> str:
        shown = self.top(7).merge(self.groups[["group", "candidates"]], on="group").head(70)
        names = {
            "name": "Группа", "candidates": "Кандидатов", "label": "Чего не хватает", "asked": "Спрошено", "lacking": "Нет у",
            "share": "Доля", "low": "от", "high": "до", "vacancies": "Вакансий", "loss": "Потеря",
        }  # fmt: skip
        table = shown[list(names)].rename(columns=names).round(3)
        return str(table.to_html(index=False, na_rep=""))


def _told(row: Any) -> str:
    share = f" ({row.share:.0%}, от {row.low:.0%} до {row.high:.0%})" if row.asked >= LEAST else ""
    return f"{row.label}: нет у {row.lacking} из {row.asked}{share}; спрашивают вакансий: {row.vacancies}"


def gaps(engine: Matcher, candidates: Any, vacancies: Any = None, *, by: str = "programme", best: int = 10) -> Gaps:
    """What groups of candidates lack for the vacancies that fit them best.

    Parameters
    ----------
    engine : Matcher
    candidates : table
    vacancies : table, optional
        The fitted ones when None.
    by : {'programme', 'institution', 'status', 'role', 'field', 'city', 'all'}
        What makes a group: the programme's code, the institution under whatever name, the status, the profession of the
        wished title, the field of most skills, the city, or nothing.
    best : int
        How many vacancies of a candidate's list are looked at, at most.

    Raises
    ------
    MatcherError
        When a parameter is out of range.

    Examples
    --------
    >>> from matcher import Matcher
    >>> shops = [{"id": n, "title": "Токарь", "must_skills": ["токарные работы", "чтение чертежей"]} for n in range(3)]
    >>> people = [{"id": n, "title": "токарь", "skills": "токарные работы", "education_code": "15.01.33"} for n in range(5)]
    >>> found = gaps(Matcher().fit(shops), people)
    >>> found.table[["name", "label", "asked", "lacking"]].values.tolist()
    [['15.01.33 Токарь на станках с числовым программным управлением', 'Чтение чертежей', 5, 5]]
    """
    if isinstance(best, bool) or not isinstance(best, int) or best < 1:
        raise MatcherError(wrong_parameter("best", "gaps", "an int >= 1", best))
    scored = engine.score(candidates, vacancies)
    groups = groups_of(scored.profiles, by, engine.taxonomy, engine.programmes)
    rows, cols, scores = fitting(scored, best)
    found = [_unmet(scored, part, rows, cols) for part in _columned(scored)]
    names = [(part.name, c) for part in _columned(scored) for c in scored.parts.columns[part.name]]
    shift = np.cumsum([0, *(len(scored.parts.columns[p.name]) for p in _columned(scored))])
    unmet = _Unmet(
        pair=np.concatenate([[], *(f[0] for f in found)]).astype(np.int64),
        column=np.concatenate([[], *(f[1] + s for f, s in zip(found, shift, strict=False))]).astype(np.int64),
        loss=np.concatenate([[], *(f[2] for f in found)]),
        lacks=np.concatenate([[], *(f[3] for f in found)]).astype(np.bool_),
    )
    return _Tables(scored, groups, rows, cols, scores, unmet, _merged(names, engine.taxonomy)).gaps(by)


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


def _unmet(scored: Scored, part: SparsePart, rows: Ints, cols: Ints) -> tuple[Ints, Ints, Floats, NDArray[np.bool_]]:
    """Every requirement of every pair: pair, column, what is lost of the score, and whether it is not met."""
    weights, degrees = part.weights.tocsr(), part.degrees.tocsr()
    lengths = np.diff(weights.indptr)[cols]
    pair = np.repeat(np.arange(len(cols)), lengths)
    at = (
        np.arange(lengths.sum())
        - np.repeat(np.cumsum(lengths) - lengths, lengths)
        + np.repeat(weights.indptr[cols], lengths)
    )
    column, weight = weights.indices[at], weights.data[at]
    degree = np.asarray(degrees[rows[pair], column]).ravel() / DEGREE_ONE if len(pair) else np.zeros(0)
    thin = scored.model.thin[cols[pair]] / THIN_ONE
    return pair, column, weight / WEIGHT_ONE * (1 - degree) * thin, degree < _MET


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
        teachable = [n for n in column.ids if criterion != "skills" or is_taught(n, taxonomy)]
        if not teachable:
            numbers.append(-1)
            continue
        thing = _Named(
            "|".join(teachable), name_of(column.key, column.key.partition(":")[2], taxonomy, teachable), criterion
        )
        numbers.append(things.setdefault(thing, len(things)))
    return list(things), np.array(numbers, dtype=np.int64)


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

    def gaps(self, by: str) -> Gaps:
        import pandas as pd

        tables = [self._of_group(g) for g in self.groups]
        table = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame({c: [] for c in COLUMNS})
        return Gaps(table[list(COLUMNS)], self._groups(), by)

    def _groups(self) -> pd.DataFrame:
        import pandas as pd

        rows = []
        for g in self.groups:
            mine = np.isin(self.rows, g.rows)
            best = pd.Series(self.scores[mine]).groupby(self.rows[mine]).max()
            mean = float(best.mean()) if len(best) else float("nan")
            rows.append((g.key, g.name, len(g.rows), len(best), len(np.unique(self.cols[mine])), mean))
        return pd.DataFrame(rows, columns=["group", "name", "candidates", "fitted", "vacancies", "best"])

    def _of_group(self, g: Group) -> pd.DataFrame:
        import pandas as pd

        names, numbers = self.things
        unmet = self.unmet
        chosen = np.isin(self.rows, g.rows)[unmet.pair] & (numbers[unmet.column] >= 0)
        pair = unmet.pair[chosen]
        frame = pd.DataFrame(
            {
                "thing": numbers[unmet.column[chosen]], "row": self.rows[pair], "vacancy": self.cols[pair],
                "loss": unmet.loss[chosen], "lacks": unmet.lacks[chosen],
            }
        )  # fmt: skip
        asked = frame.groupby("thing")["row"].nunique()
        lost = frame[frame["lacks"]].groupby("thing").agg(
            lacking=("row", "nunique"), vacancies=("vacancy", "nunique"), loss=("loss", "sum")
        )  # fmt: skip
        lost["asked"] = asked.reindex(lost.index)
        for many in (lost["vacancies"], lost["lacking"]):  # one vacancy or one person may be an odd one
            lost["loss"] *= many / (many + 1)
        lost["loss"] /= max(1, int(np.isin(self.rows, g.rows).sum()))
        lost["share"], lost["low"], lost["high"] = wilson(lost["lacking"], lost["asked"])
        for column in ("skill", "label", "criterion"):
            lost[column] = [getattr(names[t], column) for t in lost.index]
        lost["group"], lost["name"] = g.key, g.name
        return lost.sort_values(["loss", "label"], ascending=[False, True])[list(COLUMNS)]

"""What groups of candidates lack for the requests that fit them best: the report that a university or a college gets.

How the counts are made stands in :mod:`matcher.gap_counts`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from matcher.errors import MatcherError, wrong_parameter
from matcher.gap_counts import count
from matcher.grouping import groups_of
from matcher.rates import LEAST
from matcher.wording import number

if TYPE_CHECKING:
    import pandas as pd

    from matcher.pipeline import Matcher


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
    >>> shops = [{"id": n, "title": "Токарь", "must_skills": ["токарные работы", "Fanuc"]} for n in range(3)]
    >>> people = [{"id": n, "title": "токарь", "skills": "токарные работы", "education_code": "15.01.33"} for n in range(5)]
    >>> found = gaps(Matcher().fit(shops), people)
    >>> found.table[["name", "label", "asked", "lacking"]].values.tolist()
    [['15.01.33 Токарь на станках с числовым программным управлением', 'Fanuc', 5, 5]]
    """
    if isinstance(best, bool) or not isinstance(best, int) or best < 1:
        raise MatcherError(wrong_parameter("best", "gaps", "an int >= 1", best))
    scored = engine.score(candidates, vacancies)
    groups = groups_of(scored.profiles, by, engine.taxonomy, engine.programmes)
    return Gaps(*count(scored, groups, engine.programmes, by, best), by)

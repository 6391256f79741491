"""Courses: their table ``id, title, skills, weeks, provider``, and the plans of who takes which."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from matcher import cells
from matcher.errors import InputError
from matcher.tables import read_rows
from matcher.wording import number

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Course:
    """One row of the courses table."""

    id: Any
    title: str
    skills: tuple[str, ...]
    weeks: float | None = None
    provider: str = ""

    @property
    def told(self) -> str:
        """The course in one line: title, provider, weeks."""
        weeks = f"{self.weeks:g} нед." if self.weeks is not None else ""
        told = ", ".join(filter(None, (self.provider, weeks)))
        return f"{self.title} ({told})" if told else self.title


def read_courses(source: Any) -> list[Course]:
    """Read a table of courses: ``id, title, skills, weeks, provider``; the last two may be missing.

    Raises
    ------
    InputError
        When a row has no id or no skills, a number of weeks that is none, or an id that another row has.

    Examples
    --------
    >>> read_courses([{"id": 1, "title": "Чертёж за месяц", "skills": "чтение чертежей; Компас-3D", "weeks": "4"}])
    [Course(id=1, title='Чертёж за месяц', skills=('чтение чертежей', 'Компас-3D'), weeks=4.0, provider='')]
    """
    rows, faults = read_rows(source)
    names = {str(name) for row in rows for name in row}
    missing = [name for name in ("id", "skills") if rows and name not in names]
    if missing:
        told = ", ".join(sorted(names))
        raise InputError(f"The table of courses has no column {', '.join(missing)}; its columns are: {told}.")
    found = [_course_of(row, at, faults) for at, row in enumerate(rows, 1)]
    seen = Counter(str(c.id) for c in found if c.id is not None)
    faults += [{"row": "?", "reason": f"id {name!r} stands in {n} rows"} for name, n in seen.items() if n > 1]
    if faults:
        told = "; ".join(f"row {f['row']}: {f['reason']}" for f in faults[:3])
        raise InputError(f"The table of courses has {len(faults)} faults: {told}.")
    return found


def _course_of(row: Any, at: int, faults: list[dict[str, Any]]) -> Course:
    tally: Counter[str] = Counter()
    try:
        name = cells.parse_id(row.get("id"), tally)
        skills = cells.parse_list(row.get("skills"), tally, commas=True)
        weeks = None if cells.is_empty(cells.plain(row.get("weeks"))) else float(str(row["weeks"]).replace(",", "."))
        title, provider = (cells.parse_text(row.get(c), tally) for c in ("title", "provider"))
        if name is None or not skills or (weeks is not None and not 0 <= weeks < 1000):
            raise ValueError("a course needs an id, skills, and weeks from 0 to 1000 where they are told")
    except ValueError as e:
        faults.append({"row": at, "reason": str(e)})
        return Course(None, "", ())
    return Course(name, title or str(name), skills, weeks, provider)


@dataclass(frozen=True)
class CoursePlans:
    """Which courses lift whom over the bar.

    Attributes
    ----------
    table : DataFrame
        One row per candidate: ``candidate_id``, ``vacancy_id`` (the fitting vacancy that he comes nearest to with the
        courses), ``best`` (his best score now, of any of them), ``score`` (for this one now), ``after`` (with the courses), ``courses`` (titles, ``;``-separated), ``course_ids, n_courses,
        weeks``, ``reached`` (whether ``after`` is at the bar or over it).
    bar : float
    courses : tuple of Course
        For a group, the courses to offer, of which everybody takes those that help him; empty where each has a set of
        his own.
    is_smallest : bool
        Whether all smaller sets of the courses that help were tried.
    share : float or None
        For a group, the share that was to reach the bar.
    """

    table: pd.DataFrame
    bar: float
    courses: tuple[Course, ...]
    is_smallest: bool
    share: float | None = None

    def __repr__(self) -> str:
        reached, n = int(self.table["reached"].sum()), len(self.table)
        return f"<CoursePlans: {reached} of {n} candidates at {self.bar:g} or over it>"

    @property
    def one_course_away(self) -> pd.DataFrame:
        """Candidates under the bar whom one course lifts over it, the nearest first."""
        near: pd.DataFrame = self.table[self.table["reached"] & (self.table["n_courses"] == 1)]
        return near.sort_values(["best", "candidate_id"], ascending=[False, True], key=_by_text)

    def to_text(self, n: int = 20) -> str:
        """The plans in Russian."""
        t = self.table
        already = int((t["reached"] & (t["n_courses"] == 0)).sum())
        lifted = int((t["reached"] & (t["n_courses"] > 0)).sum())
        out = [
            f"Планка {number(self.bar, 2)}: из {len(t)} кандидатов уже выше {already}, с курсами будет выше ещё {lifted}."
        ]
        if self.share is not None:
            named = "; ".join(c.told for c in self.courses) or "ни один не помогает"
            out.append(f"Какие курсы предложить группе: {named}.")
            reached = float(t["reached"].mean()) if len(t) else 0.0
            missed = "" if reached >= self.share else ": цель не достигнута, разрешите больше курсов или снизьте планку"
            out.append(f"Выше планки будет {reached:.0%}, нужно {self.share:.0%}{missed}.")
        else:
            counts = Counter(title for row in t.loc[t["reached"], "courses"] for title in row.split("; ") if title)
            if counts:
                told = (f"{title} — {many}" for title, many in counts.most_common(5))
                out.append("Чаще всего помогают: " + "; ".join(told) + ".")
        rows: Iterator[Any] = t[t["reached"] & (t["n_courses"] > 0)].head(n).itertuples()
        out += [
            f"  {r.candidate_id}: {number(r.score)} → {number(r.after)} для вакансии {r.vacancy_id}: {r.courses}"
            for r in rows
        ]
        short = int((~t["reached"]).sum())
        if short:
            out.append(f"Ещё {short} до планки с такими курсами не доходят.")
        return "\n".join(out)

    def _repr_html_(self) -> str:
        names = {
            "candidate_id": "Кандидат", "vacancy_id": "Вакансия", "score": "Сейчас", "best": "Лучшая сейчас", "after": "С курсами",
            "courses": "Курсы", "weeks": "Недель", "reached": "Выше планки",
        }  # fmt: skip
        return str(self.table[list(names)].rename(columns=names).round(3).to_html(index=False, na_rep=""))


def _by_text(column: pd.Series[Any]) -> pd.Series[Any]:
    return column.astype(str) if column.dtype == object else column

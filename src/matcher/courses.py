"""The smallest set of courses that lifts a candidate, or a group, over a bar: «на один курс ближе».

A course brings its skills to a profile as if they were listed there, and the pair is scored anew by the engine itself:
what is told here is the score that the ranking would show. Sets are tried from the smallest, so that the first that
reaches the bar is a smallest one; of those, the one of the fewest weeks, then of the highest score.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, combinations, islice
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from matcher import cells
from matcher.errors import InputError, MatcherError, wrong_parameter
from matcher.features.facts import Profile
from matcher.lacking import fitting
from matcher.ranking.asking import Asked
from matcher.ranking.scoring import pair_units
from matcher.ranking.units import SCORE_ONE
from matcher.records import Candidate
from matcher.tables import read_rows
from matcher.wording import number

if TYPE_CHECKING:
    import pandas as pd

    from matcher.pipeline import Matcher
    from matcher.scored import Scored

Floats = NDArray[np.float64]
Set = tuple[int, ...]

_MOST_SETS = 5_000
"""Sets tried of one size, the most promising first; where there are more, a smallest one is not promised."""
_BATCH = 20_000


@dataclass(frozen=True, slots=True)
class Course:
    """One row of the courses table."""

    id: Any
    title: str
    skills: tuple[str, ...]
    weeks: float | None = None
    provider: str = ""


@dataclass(frozen=True)
class CoursePlans:
    """Which courses lift whom over the bar.

    Attributes
    ----------
    table : DataFrame
        One row per candidate: ``candidate_id, vacancy_id`` (the fitting vacancy that the courses bring him nearest to),
        ``score`` (now), ``after`` (with the courses), ``courses`` (titles, ``;``-separated), ``course_ids, n_courses,
        weeks``, ``reached`` (whether ``after`` is at the bar or over it).
    bar : float
    courses : tuple of Course
        For a group, the courses that all of them take; empty where everybody has a set of his own.
    is_smallest : bool
        Whether all smaller sets of the courses that help were tried.
    """

    table: pd.DataFrame
    bar: float
    courses: tuple[Course, ...]
    is_smallest: bool

    def __repr__(self) -> str:
        reached, n = int(self.table["reached"].sum()), len(self.table)
        return f"<CoursePlans: {reached} of {n} candidates at {self.bar:g} or over it>"

    @property
    def one_course_away(self) -> pd.DataFrame:
        """Candidates under the bar whom one course lifts over it, the nearest first."""
        near: pd.DataFrame = self.table[self.table["reached"] & (self.table["n_courses"] == 1)]
        return near.sort_values(["score", "candidate_id"], ascending=[False, True], key=_by_text)

    def to_text(self, n: int = 20) -> str:
        """The plans in Russian."""
        t = self.table
        already = int((t["reached"] & (t["n_courses"] == 0)).sum())
        lifted = int((t["reached"] & (t["n_courses"] > 0)).sum())
        out = [
            f"Планка {number(self.bar, 2)}: из {len(t)} кандидатов уже выше {already}, с курсами будет выше ещё {lifted}."
        ]
        if self.courses:
            out.append("Курсы для всех: " + "; ".join(_course(c) for c in self.courses) + ".")
        else:
            counts = Counter(title for row in t.loc[t["reached"], "courses"] for title in row.split("; ") if title)
            if counts:
                told = (f"{title} — {many}" for title, many in counts.most_common(5))
                out.append("Чаще всего помогают: " + "; ".join(told) + ".")
        rows: Iterator[Any] = t[t["n_courses"] > 0].head(n).itertuples()
        out += [
            f"  {r.candidate_id}: {number(r.score)} → {number(r.after)} для вакансии {r.vacancy_id}"
            f"{'' if r.reached else ' (до планки не хватает)'}: {r.courses}" for r in rows
        ]  # fmt: skip
        return "\n".join(out)

    def _repr_html_(self) -> str:
        names = {
            "candidate_id": "Кандидат", "vacancy_id": "Вакансия", "score": "Сейчас", "after": "С курсами",
            "courses": "Курсы", "weeks": "Недель", "reached": "Выше планки",
        }  # fmt: skip
        return str(self.table[list(names)].rename(columns=names).round(3).to_html(index=False, na_rep=""))


def _by_text(column: pd.Series[Any]) -> pd.Series[Any]:
    return column.astype(str) if column.dtype == object else column


def _course(c: Course) -> str:
    weeks = f"{c.weeks:g} нед." if c.weeks is not None else ""
    told = ", ".join(filter(None, (c.provider, weeks)))
    return f"{c.title} ({told})" if told else c.title


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
    found = [_course_of(row, number, faults) for number, row in enumerate(rows, 1)]
    seen = Counter(str(c.id) for c in found)
    faults += [{"row": "?", "reason": f"id {name!r} stands in {n} rows"} for name, n in seen.items() if n > 1]
    if faults:
        told = "; ".join(f"row {f['row']}: {f['reason']}" for f in faults[:3])
        raise InputError(f"The table of courses has {len(faults)} faults: {told}.")
    return found


def _course_of(row: Any, number: int, faults: list[dict[str, Any]]) -> Course:
    tally: Counter[str] = Counter()
    try:
        name = cells.parse_id(row.get("id"), tally)
        skills = cells.parse_list(row.get("skills"), tally, commas=True)
        weeks = None if cells.is_empty(cells.plain(row.get("weeks"))) else float(str(row["weeks"]).replace(",", "."))
        title, provider = (cells.parse_text(row.get(c), tally) for c in ("title", "provider"))
        if name is None or not skills or (weeks is not None and not 0 <= weeks < 1000):
            raise ValueError("a course needs an id, skills, and weeks from 0 to 1000 where they are told")
    except ValueError as e:
        faults.append({"row": number, "reason": str(e)})
        return Course(None, "", ())
    return Course(name, title or str(name), skills, weeks, provider)


def suggest_courses(
    engine: Matcher,
    candidates: Any,
    courses: Any,
    vacancies: Any = None,
    *,
    bar: float,
    most: int = 2,
    best: int = 5,
    together: bool = False,
    share: float = 0.5,
) -> CoursePlans:
    """Find the smallest set of courses that lifts each candidate, or a share of all, over a bar.

    Parameters
    ----------
    engine : Matcher
    candidates : table
    courses : table
        ``id, title, skills, weeks, provider``.
    vacancies : table, optional
        The fitted ones when None; give one vacancy to ask for that alone.
    bar : float
        Score in (0, 1] that one of his fitting vacancies shall give a candidate.
    most : int
        Most courses of a set.
    best : int
        How many fitting vacancies of a candidate are looked at (as for :func:`gaps`).
    together : bool
        One set for the whole group in place of one for everybody.
    share : float
        Share of the group, in (0, 1], that shall reach the bar with a common set.

    Raises
    ------
    InputError
        When the table of courses cannot be used.
    MatcherError
        When a parameter is out of range.

    Examples
    --------
    >>> from matcher import Matcher
    >>> shops = [{"id": "v", "title": "Токарь", "must_skills": "токарные работы; чтение чертежей"}]
    >>> people = [{"id": 1, "title": "токарь", "skills": "токарные работы"}]
    >>> school = [{"id": "k1", "title": "Чертежи", "skills": "чтение чертежей", "weeks": 4},
    ...           {"id": "k2", "title": "Сварка", "skills": "сварка", "weeks": 2}]
    >>> suggest_courses(Matcher().fit(shops), people, school, bar=0.8).table[["courses", "reached"]].values.tolist()
    [['Чертежи', True]]
    """
    for name, value, ok, allowed in (
        ("bar", bar, 0 < bar <= 1, "a number in (0, 1]"), ("most", most, most >= 1, "an int >= 1"),
        ("best", best, best >= 1, "an int >= 1"), ("share", share, 0 < share <= 1, "a number in (0, 1]"),
    ):  # fmt: skip
        if not ok:
            raise MatcherError(wrong_parameter(name, "suggest_courses", allowed, value))
    found = read_courses(courses)
    world = _World.of(engine, engine.score(candidates, vacancies), found, best)
    return _for_all(world, bar, most, share) if together else _for_each(world, bar, most)


@dataclass(frozen=True)
class _World:
    """Candidates with the vacancies they are measured by, and what each course would bring."""

    engine: Matcher
    scored: Scored
    asked: Asked
    courses: list[Course]
    brought: list[Profile]
    targets: dict[int, NDArray[np.int64]]

    @classmethod
    def of(cls, engine: Matcher, scored: Scored, courses: list[Course], best: int) -> _World:
        rows, cols, _ = fitting(scored, best)
        targets = {int(i): cols[rows == i] for i in np.unique(rows)}
        brought = engine.read_profiles([Candidate(id=c.id, skills=c.skills) for c in courses])
        asked = Asked(scored.requests, scored.statistics, engine.settings, engine.taxonomy)
        return cls(engine, scored, asked, courses, brought, targets)

    def scores(self, asked: Sequence[tuple[int, Set]]) -> tuple[Floats, NDArray[np.int64]]:
        """Best score of each (candidate, set of courses) over his targets, and the vacancy that gives it."""
        best, where = [], []
        for part in _batches(asked, _BATCH):
            profiles = [_with(self.scored.profiles[i], [self.brought[c] for c in chosen]) for i, chosen in part]
            records = [p.record for p in profiles]
            model = self.engine.scored(records, self.asked, profiles).model
            rows = np.repeat(np.arange(len(part)), [len(self.targets[i]) for i, _ in part])
            cols = np.concatenate([self.targets[i] for i, _ in part])
            units = pair_units(model, rows, cols) / SCORE_ONE
            order = np.lexsort((model.order_columns[cols], -units, rows))
            first = order[np.unique(rows[order], return_index=True)[1]]
            best.append(units[first])
            where.append(cols[first])
        return np.concatenate([[], *best]), np.concatenate([[], *where]).astype(np.int64)

    def weeks(self, chosen: Set) -> float:
        return sum(self.courses[c].weeks or 0.0 for c in chosen)


def _batches(rows: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def _with(p: Profile, brought: Sequence[Profile]) -> Profile:
    """A profile with what courses bring, listed beside its own skills."""
    facts = tuple(chain(p.facts, *(b.facts for b in brought)))
    taught = {f.key for b in brought for f in b.facts}
    facts = tuple(f for f in facts if not (f.negated and f.key in taught))  # who learnt it does not lack it any more
    return replace(
        p, facts=facts, words=tuple(chain(p.words, *(b.words for b in brought))),
        n_claimed=p.n_claimed + sum(b.n_claimed for b in brought), negated=p.negated - taught,
    )  # fmt: skip


def _sets(helpful: Sequence[tuple[int, float]], size: int) -> tuple[list[Set], bool]:
    """Sets of so many courses, the most promising first, and whether these are all."""
    order = [c for c, _ in sorted(helpful, key=lambda told: (-told[1], told[0]))]
    found = list(islice(combinations(order, size), _MOST_SETS + 1))
    return [tuple(sorted(s)) for s in found[:_MOST_SETS]], len(found) <= _MOST_SETS


def _for_each(world: _World, bar: float, most: int) -> CoursePlans:
    people = sorted(world.targets)
    now, where = world.scores([(i, ()) for i in people])
    singles = [(i, (c,)) for i in people for c in range(len(world.courses))]
    after, there = world.scores(singles)
    after = after.reshape(len(people), len(world.courses))
    there = there.reshape(after.shape)
    rows, is_smallest = [], True
    for n, i in enumerate(people):
        best: tuple[Set, float, int] = ((), float(now[n]), int(where[n]))
        helpful = [(c, float(after[n, c] - now[n])) for c in range(len(world.courses)) if after[n, c] > now[n]]
        for size in range(1, most + 1):
            if best[1] >= bar or len(helpful) < size:
                break
            sets, is_all = _sets(helpful, size)
            scores, at = (
                (np.array([after[n, s[0]] for s in sets]), np.array([there[n, s[0]] for s in sets]))
                if size == 1
                else world.scores([(i, s) for s in sets])
            )
            k = _choose(world, sets, scores, bar)
            if scores[k] > best[1]:
                best = (sets[k], float(scores[k]), int(at[k]))
            is_smallest &= is_all or best[1] >= bar  # a larger set is the smallest only where all of these were tried
        rows.append(_row(world, i, float(now[n]), best, bar))
    return CoursePlans(_frame(rows), bar, (), is_smallest)


def _choose(world: _World, sets: Sequence[Set], scores: Floats, bar: float) -> int:
    """Of the sets that reach the bar the one of the fewest weeks, else the one of the highest score."""
    reached = np.flatnonzero(scores >= bar)
    if not len(reached):
        return int(np.argmax(scores))
    return min(reached.tolist(), key=lambda k: (world.weeks(sets[k]), -scores[k], sets[k]))


def _for_all(world: _World, bar: float, most: int, share: float) -> CoursePlans:
    people = sorted(world.targets)
    now, where = world.scores([(i, ()) for i in people])
    wanted = int(np.ceil(share * len(people) - 1e-9))
    best: tuple[Set, Floats, NDArray[np.int64]] = ((), now, where)
    is_smallest = True
    helpful: list[tuple[int, float]] = [(c, 0.0) for c in range(len(world.courses))]
    for size in range(1, most + 1):
        if (best[1] >= bar).sum() >= wanted or len(helpful) < size or not people:
            break
        sets, is_all = _sets(helpful, size)
        scores, at = world.scores([(i, s) for s in sets for i in people])
        table, vacancies = scores.reshape(len(sets), len(people)), at.reshape(len(sets), len(people))
        reached = (table >= bar).sum(axis=1)
        if size == 1:
            gains = np.maximum(table - now, 0).sum(axis=1)
            helpful = [(s[0], float(g)) for s, g in zip(sets, gains, strict=True) if g > 0]
        enough = np.minimum(reached, wanted)
        keys = [
            (-int(enough[k]), world.weeks(sets[k]), -int(reached[k]), -float(table[k].mean()), sets[k])
            for k in range(len(sets))
        ]
        k = min(range(len(sets)), key=lambda k: keys[k])
        if reached[k] > (best[1] >= bar).sum():
            best = (sets[k], table[k], vacancies[k])
        is_smallest &= is_all or bool(reached[k] >= wanted)
    chosen, after, at = best
    rows = [_row(world, i, float(now[n]), (chosen, float(after[n]), int(at[n])), bar) for n, i in enumerate(people)]
    return CoursePlans(_frame(rows), bar, tuple(world.courses[c] for c in chosen), is_smallest)


def _row(world: _World, i: int, now: float, best: tuple[Set, float, int], bar: float) -> dict[str, Any]:
    chosen, after, at = best
    return {
        "candidate_id": world.scored.profiles[i].record.id, "vacancy_id": world.scored.requests[at].record.id,
        "score": now, "after": after, "courses": "; ".join(world.courses[c].title for c in chosen),
        "course_ids": "; ".join(str(world.courses[c].id) for c in chosen), "n_courses": len(chosen),
        "weeks": world.weeks(chosen), "reached": after >= bar,
    }  # fmt: skip


def _frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    import pandas as pd

    names = ["candidate_id", "vacancy_id", "score", "after", "courses", "course_ids", "n_courses", "weeks", "reached"]
    frame = pd.DataFrame(rows, columns=names)
    return frame.astype(
        {"score": "float64", "after": "float64", "n_courses": "int64", "weeks": "float64", "reached": "bool"}
    )

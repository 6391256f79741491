"""The smallest set of courses that lifts a candidate, or a group, over a bar: «на один курс ближе».

A course brings its skills to a profile as if they were listed there, and the pair is scored anew by the engine itself:
what is told here is the score that the ranking would show. Sets are tried from the smallest, so that the first that
reaches the bar is a smallest one; of those, the one of the fewest weeks, then of the highest score.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, islice
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from matcher.course_plans import Course, CoursePlans, read_courses
from matcher.errors import MatcherError, wrong_parameter
from matcher.features.facts import Profile, joined
from matcher.gap_counts import fitting
from matcher.ranking.asking import Asked
from matcher.ranking.scoring import pair_units
from matcher.ranking.units import SCORE_ONE
from matcher.records import Candidate

if TYPE_CHECKING:
    import pandas as pd

    from matcher.pipeline import Matcher
    from matcher.scored import Scored

Floats = NDArray[np.float64]
Set = tuple[int, ...]

_MOST_SETS = 5_000
"""Sets tried of one size, the most promising first; where there are more, a smallest one is not promised."""
_MOST_OFFERS = 200_000
_BATCH = 20_000


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
        The fewest courses to offer to the whole group, in place of a set for everybody.
    share : float
        Share of the group, in (0, 1], that shall reach the bar with what is offered.

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
            profiles = [
                joined(self.scored.profiles[i], [self.brought[c] for c in chosen], self.engine.programmes)
                for i, chosen in part
            ]
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


@dataclass(frozen=True, slots=True)
class _Found:
    """What one candidate can reach: the score of every set that was tried, and the vacancy that gives it."""

    row: int
    scores: Mapping[Set, tuple[float, int]]
    is_all: bool

    def reaching(self, bar: float) -> list[Set]:
        """Sets that reach the bar; none of them holds a smaller one that does."""
        return [s for s, (score, _) in self.scores.items() if score >= bar]

    def best_of(self, sets: Sequence[Set], world: _World) -> Set:
        """The smallest set, of those the one of the fewest weeks, of those the one of the highest score."""
        return min(sets, key=lambda s: (len(s), world.weeks(s), -self.scores[s][0], s))


def _search(world: _World, bar: float, most: int) -> list[_Found]:
    """For every candidate the sets of courses that help him, from the smallest, until they reach the bar."""
    people, n = sorted(world.targets), len(world.courses)
    tried = [(i, s) for i in people for s in ((), *((c,) for c in range(n)))]
    scores, at = world.scores(tried)
    told = {key: (float(x), int(v)) for key, x, v in zip(tried, scores, at, strict=True)}
    out = []
    for i in people:
        now = told[i, ()][0]
        found = {s: told[i, s] for s in ((), *((c,) for c in range(n))) if not s or told[i, s][0] > now}
        is_all = now >= bar or _widen(world, i, found, bar, most)
        out.append(_Found(i, {(): found[()]} if now >= bar else found, is_all))
    return out


def _widen(world: _World, i: int, found: dict[Set, tuple[float, int]], bar: float, most: int) -> bool:
    """Try sets of two courses and more of those that help alone; returns whether all of them were tried."""
    helpful = sorted((s[0] for s in found if s), key=lambda c: (-found[c,][0], c))
    is_all = True
    for size in range(2, most + 1):
        reached = [set(s) for s, (score, _) in found.items() if score >= bar]
        sets = [tuple(sorted(s)) for s in islice(combinations(helpful, size), _MOST_SETS + 1)]
        is_all &= len(sets) <= _MOST_SETS
        sets = [s for s in sets[:_MOST_SETS] if not any(r <= set(s) for r in reached)]
        if sets:
            scores, at = world.scores([(i, s) for s in sets])
            found.update((s, (float(x), int(v))) for s, x, v in zip(sets, scores, at, strict=True))
    return is_all


def _for_each(world: _World, bar: float, most: int) -> CoursePlans:
    rows, found = [], _search(world, bar, most)
    for f in found:
        enough = f.reaching(bar)
        chosen = f.best_of(enough, world) if enough else max(f.scores, key=lambda s: (f.scores[s][0], -len(s)))
        rows.append(_row(world, f, chosen, bar))
    return CoursePlans(_frame(rows), bar, (), all(f.is_all for f in found), None)


def _for_all(world: _World, bar: float, most: int, share: float) -> CoursePlans:
    """The fewest courses to offer: who is lifted is whom some of them lift, since nobody takes one that does not help."""
    found = _search(world, bar, most)
    reaching = [[set(s) for s in f.reaching(bar)] for f in found]
    wanted = int(np.ceil(share * len(found) - 1e-9))
    useful = sorted({c for sets in reaching for s in sets for c in s})
    is_all = all(f.is_all for f in found)
    best: tuple[int, Set] = (sum(set() in sets for sets in reaching), ())
    for size in range(1, most + 1):
        if best[0] >= wanted or not useful:
            break
        offers = list(islice(combinations(useful, size), _MOST_OFFERS + 1))
        is_all &= len(offers) <= _MOST_OFFERS
        lifted = [sum(any(s <= set(o) for s in sets) for sets in reaching) for o in offers]
        order = range(len(offers))
        k = min(
            order, key=lambda k: (-min(lifted[k], wanted), world.weeks(offers[k]), -lifted[k], offers[k]), default=None
        )
        if k is not None and lifted[k] > best[0]:
            best = (lifted[k], offers[k])
    offered = set(best[1])
    rows = []
    for f in found:
        within = [s for s in f.scores if set(s) <= offered]
        enough = [s for s in f.reaching(bar) if set(s) <= offered]
        chosen = f.best_of(enough, world) if enough else max(within, key=lambda s: (f.scores[s][0], -len(s)))
        rows.append(_row(world, f, chosen, bar))
    return CoursePlans(_frame(rows), bar, tuple(world.courses[c] for c in best[1]), is_all, share)


def _row(world: _World, f: _Found, chosen: Set, bar: float) -> dict[str, Any]:
    after, at = f.scores[chosen]
    now = pair_units(world.scored.model, np.array([f.row]), np.array([at]))[0] / SCORE_ONE
    return {
        "candidate_id": world.scored.profiles[f.row].record.id, "vacancy_id": world.scored.requests[at].record.id,
        "best": f.scores[()][0], "score": float(now), "after": after, "courses": "; ".join(world.courses[c].title for c in chosen),
        "course_ids": "; ".join(str(world.courses[c].id) for c in chosen), "n_courses": len(chosen),
        "weeks": world.weeks(chosen), "reached": after >= bar,
    }  # fmt: skip


_TYPES = {
    "candidate_id": "object", "vacancy_id": "object", "best": "float64", "score": "float64", "after": "float64",
    "courses": "object", "course_ids": "object", "n_courses": "int64", "weeks": "float64", "reached": "bool",
}  # fmt: skip
"""Columns of the plans; ids and texts keep the type that pandas finds."""


def _frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    import pandas as pd

    frame = pd.DataFrame(rows, columns=list(_TYPES))
    return frame.astype({name: kind for name, kind in _TYPES.items() if kind != "object"})

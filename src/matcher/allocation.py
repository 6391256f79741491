"""``allocate``: give out the seats of vacancies to the candidates of a ranking.

ranking + seats -> a market -> contracts -> assignment, waiting lists, reasons, measures
"""

from __future__ import annotations

import datetime as dt
import warnings
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from matcher import tables
from matcher.allotted import Allocation
from matcher.asked import day_of, fixed_of, ids_of, ranking_of, rows_of, slots_of
from matcher.errors import InputError, MatcherError, MatcherWarning, wrong_parameter
from matcher.evaluation import frame_of
from matcher.records import Vacancy
from matcher.seating import Problem, Rules, Stands, solve
from matcher.seats import Lists, Offer

if TYPE_CHECKING:
    import pandas as pd

METHODS = ("stable", "best", "spread")
_ENOUGH = 3
"""A list should be so many times as long as the seats it is for."""


def allocate(
    ranking: Any,
    vacancies: Any = None,
    *,
    slots: Any = None,
    candidates: Any = None,
    method: str = "stable",
    proposing: str = "candidate",
    seed: int | None = None,
    per_institution: int | None = None,
    per_candidate: int = 3,
    fixed: Any = None,
    withdrawn: Iterable[Any] = (),
    rejections: Any = None,
    today: dt.date | None = None,
) -> Allocation:
    """Give out the seats of vacancies to candidates of a ranking.

    Parameters
    ----------
    ranking : table
        ``vacancy_id, candidate_id, score``; where it has ``score_vacancy`` and ``score_candidate``, each side has
        wishes of its own. Lists may be incomplete; a pair that is not in it is not wanted.
    vacancies : table, optional
        With ``slots``, ``company`` and ``company_slots`` (two levels), ``min_group`` (fewest worth opening for),
        ``reserved`` (``МИЭТ:3 until 2026-08-15``, ``09.00.00:2``, ``student:5``; kept for them until that day, open
        from it on) and ``team_size`` (taken as a minimum: teams are not kept together beyond that).
    slots : mapping, Series or int, optional
        Seats by vacancy id, or of every vacancy; wins over the column. A vacancy of which neither tells has one.
    candidates : table, optional
        Needed for reserved seats, ``per_institution`` and measures by institution and status.
    method : {'stable', 'best', 'spread'}
        Deferred acceptance; the greatest total score; or shortlists of ``slots`` places each on which nobody stands
        more than ``per_candidate`` times, of the greatest total score.
    proposing : {'candidate', 'vacancy'}
        Whose wishes the stable assignment serves best where they clash.
    seed : int, optional
        Equal scores are decided by a lottery of this seed, the same for all vacancies; by code-point order of ids
        when None. Wishes of a candidate that are equal are decided by the order of vacancy ids.
    per_institution : int, optional
        The most seats the candidates of one institution may take.
    per_candidate : int
        For ``spread``: the most lists one candidate stands on.
    fixed : table, optional
        Pairs ``vacancy_id, candidate_id`` that stand already: a first round, or what was agreed by hand.
    withdrawn : iterable
        Ids of candidates and vacancies that are out.
    rejections : table, optional
        Of ``Matcher.run``: why somebody is on no list.
    today : date, optional
        The day at which kept seats are judged.

    Returns
    -------
    Allocation

    Examples
    --------
    >>> import pandas as pd
    >>> rows = [("v", 1, 0.9), ("v", 2, 0.8), ("v", 3, 0.2), ("w", 1, 0.7), ("w", 2, 0.1), ("w", 3, 0.1)]
    >>> ranking = pd.DataFrame(rows, columns=["vacancy_id", "candidate_id", "score"])
    >>> allocate(ranking, slots=1).assigned[["vacancy_id", "candidate_id"]].values.tolist()
    [['v', 1], ['w', 2]]
    """
    _check(method, proposing, per_institution, per_candidate)
    frame, told, out = ranking_of(ranking), slots_of(slots), ids_of(withdrawn)
    records = [v for v in _vacancies(vacancies, frame, told) if str(v.id) not in out]
    offer = Offer.of(records, dict.fromkeys((str(v.id) for v in records), told) if isinstance(told, int) else told)
    people = (
        {} if candidates is None else {str(c.id): c for c in rows_of(tables.read_candidates, candidates, "candidates")}
    )
    if not people and (per_institution is not None or any(offer.reserves)):
        raise InputError("Reserved seats and per_institution need the candidates table: give candidates.")
    place = {str(name): v for v, name in enumerate(offer.ids)}
    if len(frame) and records and not {str(v) for v in frame["vacancy_id"].unique()} & place.keys():
        raise InputError("No vacancy of the ranking is among the vacancies: their ids do not meet.")
    names = {str(i): i for i in frame["candidate_id"].unique()}
    seats = {name: int(offer.seats[v]) for name, v in place.items()}
    pairs = fixed_of(fixed, seats, frozenset(names) | frozenset(people), out)
    whole = Lists.of(frame, offer, out)
    lists = whole.without(frozenset(c for _, c in pairs))
    rules = Rules(method, proposing, seed, per_institution, per_candidate, day_of(today))
    stand = tuple(Stands(names.get(c, c), place[v], *whole.told(c, place[v])) for v, c in pairs)
    problem = Problem(lists, offer, people, rules, stand)
    _warn_of_short_lists(whole, problem)
    why = {} if rejections is None else _most_frequent(frame_of(rejections, "rejections"))
    return Allocation(problem, solve(problem), why, out)


def _check(method: str, proposing: str, per_institution: int | None, per_candidate: int) -> None:
    if method not in METHODS:
        raise MatcherError(wrong_parameter("method", "allocate", f"one of {METHODS}", method))
    if proposing not in {"candidate", "vacancy"}:
        raise MatcherError(wrong_parameter("proposing", "allocate", "'candidate' or 'vacancy'", proposing))
    for name, value in (("per_institution", per_institution), ("per_candidate", per_candidate)):
        if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 1):
            raise MatcherError(wrong_parameter(name, "allocate", "an int >= 1", value))


def _vacancies(vacancies: Any, frame: pd.DataFrame, slots: Mapping[str, int] | int | None) -> list[Vacancy]:
    """The rows of the table, or a bare row for every vacancy that the ranking or the seats name."""
    if vacancies is not None:
        records: list[Vacancy] = list(rows_of(tables.read_vacancies, vacancies, "vacancies"))
        strange = set(slots) - {str(v.id) for v in records} if isinstance(slots, Mapping) else set()
        if strange:
            raise InputError(f"The seats name vacancy {min(strange)!r}, which is not among the vacancies.")
        return records
    if slots is None:
        raise InputError("Seats are told nowhere: give a vacancies table with slots, or slots.")
    named = {str(i): i for i in frame["vacancy_id"].unique()}
    if isinstance(slots, Mapping):
        named = {**{i: i for i in slots}, **named}
    return [Vacancy(i) for i in named.values()]


def _warn_of_short_lists(whole: Lists, problem: Problem) -> None:
    many = np.bincount(whole.vacancy, minlength=len(problem.offer.ids))
    short = (many > 0) & (many < _ENOUGH * problem.offer.seats)
    if short.any() and problem.rules.method != "spread":
        warnings.warn(
            f"{int(short.sum())} of {len(short)} vacancies have lists shorter than {_ENOUGH} times their seats: seats may "
            "stay empty for want of names. If lists were cut, rank with a larger top (`rank --top all`).",
            MatcherWarning,
            stacklevel=3,
        )


def _most_frequent(rejections: pd.DataFrame) -> dict[str, str]:
    """The reason each candidate was refused most often for."""
    if rejections.empty:
        return {}
    missing = {"candidate_id", "reason"} - set(rejections.columns)
    if missing:
        raise InputError(f"The rejections table has no column {', '.join(sorted(missing))}.")
    counts = rejections.groupby(["candidate_id", "reason"]).size().reset_index(name="n")
    counts = counts.sort_values(["n", "reason"], ascending=[False, True])
    first = counts.drop_duplicates("candidate_id")
    return {str(c): str(r) for c, r in zip(first["candidate_id"], first["reason"], strict=True)}

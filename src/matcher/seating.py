"""Seats given out by rules: a problem of wishes and seats in, contracts out."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from matcher.features.institutions import institution_key
from matcher.ranking import flow
from matcher.ranking.assignment import NOBODY, Bools, Ints, Market, blocking, preference, stable
from matcher.records import Candidate
from matcher.seats import Block, Lists, Offer, market_of


@dataclass(frozen=True)
class Rules:
    """How seats are given out; see ``allocate``."""

    method: str = "stable"
    proposing: str = "candidate"
    seed: int | None = None
    per_institution: int | None = None
    per_candidate: int = 1
    today: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Stands:
    """A pair that stands already: who, where (as a number), and what the ranking says of it, if anything."""

    candidate_id: Any
    vacancy: int
    score: float
    choice: int | None


@dataclass(frozen=True)
class Problem:
    """One world of seats and wishes, ready to be solved under rules.

    ``fixed`` are pairs that stand already and take their seats.
    """

    lists: Lists
    offer: Offer
    people: Mapping[str, Candidate]
    rules: Rules
    fixed: tuple[Stands, ...] = ()

    @cached_property
    def today(self) -> dt.date:
        """The day at which kept seats are judged."""
        return self.rules.today or dt.date.today()

    @cached_property
    def group(self) -> Ints:
        """Institution of each candidate as a number, -1 where unknown."""
        if not self.people:
            return np.full(len(self.lists.ids), -1, dtype=np.int64)
        names = [self.institution(i) for i in self.lists.ids]
        number = {n: k for k, n in enumerate(dict.fromkeys(n for n in names if n))}
        return np.array([number.get(n, -1) for n in names], dtype=np.int64)

    def institution(self, candidate_id: Any) -> str:
        """The first institution of a candidate, empty where unknown."""
        c = self.people.get(str(candidate_id))
        return institution_key(c.institution[0]) if c and c.institution else ""

    @cached_property
    def taken(self) -> tuple[Ints, Ints]:
        """How many fixed pairs each vacancy and each institution has already."""
        by_vacancy = np.bincount([s.vacancy for s in self.fixed], minlength=len(self.offer.ids)).astype(np.int64)
        by_group = np.zeros(int(self.group.max(initial=-1)) + 1, dtype=np.int64)
        if not self.fixed:
            return by_vacancy, by_group
        group = {self.institution(i): int(g) for i, g in zip(self.lists.ids, self.group, strict=True)}
        for stands in self.fixed:
            g = group.get(self.institution(stands.candidate_id), -1)
            if g >= 0:
                by_group[g] += 1
        return by_vacancy, by_group

    @cached_property
    def tie(self) -> Ints:
        """Who comes first of equal scores: code-point order of ids, or a lottery drawn by the seed and the id alone."""
        ids = [str(i) for i in self.lists.ids]
        if self.rules.seed is None:
            return np.arange(len(ids))
        drawn = [hashlib.sha256(f"{self.rules.seed}:{i}".encode()).digest() for i in ids]
        out = np.empty(len(ids), dtype=np.int64)
        out[sorted(range(len(ids)), key=lambda i: (drawn[i], ids[i]))] = np.arange(len(ids))
        return out


@dataclass(frozen=True)
class Solution:
    """Contracts chosen, the market they are of, and what was closed or barred on the way."""

    market: Market
    pair: Ints
    blocks: tuple[Block, ...]
    chosen: Ints
    closed: frozenset[int]
    barred: Bools

    @property
    def held(self) -> Ints:
        """Contract of each candidate, -1 where there is none (the last, where there are several)."""
        out = np.full(len(self.market.starts) - 1, NOBODY, dtype=np.int64)
        out[self.market.candidate[self.chosen]] = self.chosen
        return out


def solve(problem: Problem) -> Solution:
    """Contracts by the rules, keeping to minimums and caps of institutions."""
    if problem.rules.method == "stable":
        return _stable(problem)
    return _optimal(problem)


def world_of(problem: Problem, shut: Iterable[int] = ()) -> tuple[Market, Ints, list[Block]]:
    """The market with fixed pairs taken out and some vacancies shut."""
    offer = problem.offer.closed(shut)
    if problem.rules.method == "spread":  # a place on a list is no seat, and none is kept
        offer = replace(offer, reserves=((),) * len(offer.ids))
    blocks = offer.blocks(problem.today)
    seats = np.array([b.seats for b in blocks], dtype=np.int64)
    company_seats = offer.company_seats.copy()
    for stands in problem.fixed:
        v = stands.vacancy
        company_seats[offer.company[v]] -= 1
        person = problem.people.get(str(stands.candidate_id))
        mine = [n for n, b in enumerate(blocks) if b.vacancy == v and (b.reserve is None or b.reserve.is_for(person))]
        seats[next((n for n in mine if seats[n] > 0), mine[-1])] -= 1
    blocks = [replace(b, seats=max(0, int(n))) for b, n in zip(blocks, seats, strict=True)]
    offer = replace(offer, company_seats=np.maximum(company_seats, 0))
    market, pair = market_of(problem.lists, offer, blocks, problem.people, problem.tie)
    return market, pair, blocks


def _stable(problem: Problem) -> Solution:
    """Deferred acceptance; vacancies short of their minimum are closed one by one.

    Which to close first is tried in three ways (the emptiest, the least wanted, the smallest minimum missed); the answer
    with the fewest blocking pairs is kept, then the one with the most seats filled.
    """
    wanted = np.bincount(problem.lists.vacancy, minlength=len(problem.offer.ids))
    least = np.maximum(problem.offer.least, 1)
    ways: tuple[Callable[[Ints, int], float], ...] = (
        lambda filled, v: filled[v] / least[v],
        lambda filled, v: float(wanted[v]),
        lambda filled, v: float(filled[v] - least[v]),
    )
    best = _closing(problem, ways[0])
    if not best.closed:
        return best
    answers = [best, *(_closing(problem, way) for way in ways[1:])]
    return min(answers, key=lambda found: (len(blocking_pairs(problem, found)), -len(found.chosen)))


def _closing(problem: Problem, worth: Callable[[Ints, int], float]) -> Solution:
    """Close the vacancy of least worth among those short of their minimum, until none is; open again what then fills."""
    taken, _ = problem.taken

    def short_of(found: Solution) -> tuple[Ints, Ints]:
        filled = _filled(problem, found.pair[found.chosen]) + taken
        return filled, np.flatnonzero((filled > 0) & (filled < problem.offer.least) & (taken == 0))

    shut: list[int] = []
    while True:
        found = _capped(problem, shut)
        filled, short = short_of(found)
        if not len(short):
            break
        shut.append(int(min(short, key=lambda v, filled=filled: (worth(filled, v), v))))  # type: ignore[misc]
    for v in list(shut):  # a vacancy closed early may fill after all, once others are closed
        trial = _capped(problem, [s for s in shut if s != v])
        if not len(short_of(trial)[1]):
            shut.remove(v)
            found = trial
    return replace(found, closed=frozenset(shut))


def _capped(problem: Problem, shut: Iterable[int]) -> Solution:
    """A stable set; where an institution takes too much, its worst contracts are barred and all is done again."""
    market, pair, blocks = world_of(problem, shut)
    barred = np.zeros(len(market.block), dtype=np.bool_)
    proposing = "candidate" if problem.rules.proposing == "candidate" else "company"
    _, before = problem.taken
    while True:
        kept = np.flatnonzero(~barred)
        some = market
        if len(kept) < len(barred):
            starts = np.searchsorted(kept, market.starts)
            some = replace(market, starts=starts.astype(np.int64), block=market.block[kept], score=market.score[kept])
        held = stable(some, proposing=proposing)
        chosen = np.sort(kept[held[held != NOBODY]])
        out = _beyond(problem, market, chosen, before)
        if not len(out):
            return Solution(market, pair, tuple(blocks), chosen, frozenset(), barred)
        barred[out] = True


def _beyond(problem: Problem, market: Market, chosen: Ints, before: Ints) -> Ints:
    """The worst contracts of institutions that have more than they may."""
    if problem.rules.per_institution is None:
        return np.zeros(0, dtype=np.int64)
    group = problem.group[market.candidate[chosen]]
    place = preference(market)
    out = []
    for g in np.unique(group[group >= 0]):
        mine = chosen[group == g]
        many = len(mine) + int(before[g]) - problem.rules.per_institution
        if many > 0:
            out += mine[np.argsort(-place[mine])][:many].tolist()
    return np.array(out, dtype=np.int64)


def _optimal(problem: Problem) -> Solution:
    """The greatest total score: one seat a candidate, or a shortlist of several places."""
    market, pair, blocks = world_of(problem)
    taken, before = problem.taken
    is_spread = problem.rules.method == "spread"
    most = None
    if problem.rules.per_institution is not None:
        most = np.maximum(problem.rules.per_institution - before, 0)
    limits = flow.Limits(
        each=problem.rules.per_candidate if is_spread else 1,
        group=problem.group,
        group_most=most,
        opening=np.array([b.vacancy for b in blocks], dtype=np.int64),
        least=None if is_spread else np.where(taken > 0, 0, problem.offer.least),
    )
    chosen = flow.best(market, limits)
    chosen = chosen if is_spread else _kept_first(market, pair, blocks, chosen)
    least = problem.offer.least
    empty = frozenset(np.flatnonzero((_filled(problem, pair[chosen]) + taken == 0) & (least > 1)).tolist())
    closed = frozenset() if is_spread else empty
    return Solution(market, pair, tuple(blocks), chosen, closed, np.zeros(len(market.block), dtype=np.bool_))


def _kept_first(market: Market, pair: Ints, blocks: list[Block], chosen: Ints) -> Ints:
    """The same people in the same vacancies, the best of those a seat is kept for on the kept seats."""
    place = preference(market)
    left = {n: b.seats for n, b in enumerate(blocks)}
    out = []
    for x in sorted(chosen.tolist(), key=lambda x: int(place[x])):
        first = int(np.searchsorted(pair, pair[x]))
        mine = range(first, int(np.searchsorted(pair, pair[x], side="right")))
        seat = next((y for y in mine if left[int(market.block[y])] > 0), None)
        if seat is None:  # seats kept for groups that overlap: as the optimum has them
            return chosen
        left[int(market.block[seat])] -= 1
        out.append(seat)
    return np.sort(np.array(out, dtype=np.int64))


def _filled(problem: Problem, pairs: Ints) -> Ints:
    """Seats given out of each vacancy."""
    return np.bincount(problem.lists.vacancy[pairs], minlength=len(problem.offer.ids)).astype(np.int64)


def blocking_pairs(problem: Problem, found: Solution) -> Ints:
    """Contracts that block: both sides would rather have them, and no rule stands in the way.

    An institution at its cap may not have more; a closed vacancy is wanted in earnest where it has seats for its
    minimum and at least as many would come.
    """
    market, _, blocks = world_of(problem)
    inside, own = blocking(market, found.held), found.held[market.candidate]
    vacancy = np.array([b.vacancy for b in blocks], dtype=np.int64)[market.block]
    if problem.rules.per_institution is not None:
        _, before = problem.taken
        group = problem.group[market.candidate]
        taken = found.chosen
        counts = np.bincount(group[taken][group[taken] >= 0], minlength=len(before)) + before
        full = np.append(counts >= problem.rules.per_institution, False)
        inside = inside[~(full[group[inside]] & (own[inside] == NOBODY))]
    inside = inside[(own[inside] == NOBODY) | (vacancy[own[inside]] != vacancy[inside])]
    kept = [x for x in inside if vacancy[x] not in found.closed]
    for v in sorted(found.closed):
        would = inside[vacancy[inside] == v]
        least = max(1, int(problem.offer.least[v]))
        seats = min(problem.offer.seats[v], problem.offer.company_seats[problem.offer.company[v]])
        if seats >= least and len(np.unique(market.candidate[would])) >= least:
            kept += would.tolist()
    return np.array(sorted(kept), dtype=np.int64)

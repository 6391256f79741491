"""Deferred acceptance for seats of two levels: blocks of seats within companies, strict preferences on both sides.

A contract is a candidate in a block. A company takes of the contracts offered to it the best that its seats and those
of its blocks allow, which is the greedy choice of a laminar matroid; such choices are substitutable, so that deferred
acceptance ends in a stable set of contracts, the best of all stable ones for the side that proposes (Gale and Shapley
1962; Fleiner 2003; Huang 2010).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from matcher.ranking.loop import is_there

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
NOBODY = -1


@dataclass(frozen=True, slots=True)
class Market:
    """Contracts in the order of each candidate's wishes, and the seats they are about.

    Attributes
    ----------
    starts : ndarray of shape (n_candidates + 1,)
        Contracts of candidate i are ``starts[i]:starts[i + 1]``, best first.
    block : ndarray of shape (n_contracts,)
        Block of seats of each contract.
    score : ndarray of shape (n_contracts,)
        What the company thinks of it; equal scores are decided by ``tie`` of the candidate, lower first, then by block.
    tie : ndarray of shape (n_candidates,)
    seats : ndarray of shape (n_blocks,)
    company : ndarray of shape (n_blocks,)
        Company of each block.
    company_seats : ndarray of shape (n_companies,)
    """

    starts: Ints
    block: Ints
    score: Floats
    tie: Ints
    seats: Ints
    company: Ints
    company_seats: Ints

    @property
    def candidate(self) -> Ints:
        """Candidate of each contract."""
        return np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))


def stable(market: Market, *, proposing: str = "candidate") -> Ints:
    """Contract of every candidate in the stable set that is best for the proposing side, -1 where there is none."""
    m = market
    columns = (m.starts, m.block, m.score, m.tie, m.seats, m.company, m.company_seats)
    first, blocks = _grouped(m.company, len(m.company_seats))
    if proposing == "candidate":
        held: Ints = _run("by_candidates")(*columns, m.candidate, first, blocks)
        return held
    order, at = _by_block(m)
    found: Ints = _run("by_companies")(*columns, m.candidate, first, blocks, order, at)
    return found


def blocking(market: Market, held: Ints) -> Ints:
    """Contracts that both sides would rather have than what they hold: none in a stable set.

    A candidate would where it stands above the contract held; a company would where its block has a seat or somebody
    worse in it, and, where the block has a seat, the company has one too or somebody worse.
    """
    m = market
    mine = held[m.candidate]
    wanted = (mine == NOBODY) | (np.arange(len(m.block)) < mine)
    taken = held[held != NOBODY]
    n_block = np.bincount(m.block[taken], minlength=len(m.seats))
    n_company = np.bincount(m.company[m.block[taken]], minlength=len(m.company_seats))
    place = preference(m)
    none = np.iinfo(np.int64).min
    worst_block, worst_company = np.full(len(m.seats), none), np.full(len(m.company_seats), none)
    np.maximum.at(worst_block, m.block[taken], place[taken])
    np.maximum.at(worst_company, m.company[m.block[taken]], place[taken])
    has_seat = n_block < m.seats
    company = m.company[m.block]
    chosen = np.where(
        has_seat[m.block],
        (n_company[company] < m.company_seats[company]) | (place < worst_company[company]),
        place < worst_block[m.block],
    )
    return np.flatnonzero(wanted & chosen)


def preference(market: Market) -> Ints:
    """Place of every contract in one order of all, best first: score, tie of the candidate, block."""
    order = np.lexsort((market.block, market.tie[market.candidate], -market.score))
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    return place


def _grouped(keys: Ints, n: int) -> tuple[Ints, Ints]:
    """Members of each group: ``members[first[g]:first[g + 1]]``."""
    members = np.argsort(keys, kind="stable")
    return np.concatenate(([0], np.cumsum(np.bincount(keys, minlength=n)))), members


def _by_block(m: Market) -> tuple[Ints, Ints]:
    """Contracts of each block, best first."""
    order = np.lexsort((m.tie[m.candidate], -m.score, m.block))
    return order, np.concatenate(([0], np.cumsum(np.bincount(m.block, minlength=len(m.seats)))))


@cache
def _run(name: str) -> Callable[..., Any]:
    """A loop of this module, compiled where numba is there."""
    plain: Callable[..., Any] = by_candidates if name == "by_candidates" else by_companies
    if not is_there():
        return plain
    import numba

    found: Callable[..., Any] = numba.njit(cache=True, error_model="numpy", nogil=True)(plain)
    return found


def by_candidates(  # noqa: C901 - one loop that numba compiles whole
    starts: Any, block: Any, score: Any, tie: Any, seats: Any, company: Any, company_seats: Any, candidate: Any,
    first: Any, blocks: Any,
) -> Any:  # fmt: skip
    """Candidates propose, companies keep the best: the contract of each candidate, -1 where none."""
    n, n_blocks = len(starts) - 1, len(seats)
    after, held = starts[:-1].copy(), np.full(n, -1, dtype=np.int64)
    at = np.zeros(n_blocks + 1, dtype=np.int64)
    for b in range(n_blocks):
        at[b + 1] = at[b] + seats[b]
    heap = np.full(at[n_blocks], -1, dtype=np.int64)  # of each block, its worst contract first
    size, filled = np.zeros(n_blocks, dtype=np.int64), np.zeros(len(company_seats), dtype=np.int64)
    free = np.arange(n)[::-1].copy()
    top = n
    while top > 0:
        c = free[top - 1]
        if after[c] >= starts[c + 1]:
            top -= 1
            continue
        x = after[c]
        after[c] += 1
        b = block[x]
        k = company[b]
        if seats[b] <= 0 or company_seats[k] <= 0:
            continue
        out, from_block = -1, b
        if size[b] == seats[b]:
            out = heap[at[b]]
        elif filled[k] == company_seats[k]:
            for i in range(first[k], first[k + 1]):
                other = blocks[i]
                if size[other] > 0:
                    y = heap[at[other]]
                    if out == -1 or (
                        score[y] < score[out]
                        or (score[y] == score[out] and tie[candidate[y]] > tie[candidate[out]])
                        or (
                            score[y] == score[out]
                            and tie[candidate[y]] == tie[candidate[out]]
                            and block[y] > block[out]
                        )
                    ):
                        out, from_block = y, other
        if out != -1 and (
            score[x] < score[out]
            or (score[x] == score[out] and tie[c] > tie[candidate[out]])
            or (score[x] == score[out] and tie[c] == tie[candidate[out]] and b > block[out])
        ):
            continue
        top -= 1
        held[c] = x
        if out != -1:  # the worst of its block leaves: the last one takes its place and sinks
            held[candidate[out]] = -1
            free[top] = candidate[out]
            top += 1
            low = at[from_block]
            size[from_block] -= 1
            filled[k] -= 1
            moved = heap[low + size[from_block]]
            i = 0
            while True:
                child = 2 * i + 1
                if child >= size[from_block]:
                    break
                y = heap[low + child]
                if child + 1 < size[from_block]:
                    z = heap[low + child + 1]
                    if score[z] < score[y] or (score[z] == score[y] and tie[candidate[z]] > tie[candidate[y]]):
                        child, y = child + 1, z
                if score[y] < score[moved] or (score[y] == score[moved] and tie[candidate[y]] > tie[candidate[moved]]):
                    heap[low + i] = y
                    i = child
                else:
                    break
            heap[low + i] = moved
        i = size[b]
        size[b] += 1
        filled[k] += 1
        while i > 0:
            parent = (i - 1) // 2
            y = heap[at[b] + parent]
            if score[x] < score[y] or (score[x] == score[y] and tie[c] > tie[candidate[y]]):
                heap[at[b] + i] = y
                i = parent
            else:
                break
        heap[at[b] + i] = x
    return held


def by_companies(
    starts: Any, block: Any, score: Any, tie: Any, seats: Any, company: Any, company_seats: Any, candidate: Any,
    first: Any, blocks: Any, order: Any, at: Any,
) -> Any:  # fmt: skip
    """Companies propose in the order of their contracts, candidates keep the best; see ``by_candidates``."""
    n = len(starts) - 1
    held = np.full(n, -1, dtype=np.int64)
    after = at[:-1].copy()
    size, filled = np.zeros(len(seats), dtype=np.int64), np.zeros(len(company_seats), dtype=np.int64)
    waiting = np.arange(len(company_seats))[::-1].copy()
    is_waiting = np.ones(len(company_seats), dtype=np.bool_)
    top = len(waiting)
    while top > 0:
        k = waiting[top - 1]
        best = -1
        if filled[k] < company_seats[k]:
            for i in range(first[k], first[k + 1]):
                b = blocks[i]
                if size[b] < seats[b] and after[b] < at[b + 1]:
                    x = order[after[b]]
                    if best == -1 or (
                        score[x] > score[best]
                        or (score[x] == score[best] and tie[candidate[x]] < tie[candidate[best]])
                        or (
                            score[x] == score[best]
                            and tie[candidate[x]] == tie[candidate[best]]
                            and block[x] < block[best]
                        )
                    ):
                        best = x
        if best == -1:
            top -= 1
            is_waiting[k] = False
            continue
        b, c = block[best], candidate[best]
        after[b] += 1
        old = held[c]
        if old != -1 and old < best:
            continue
        held[c] = best
        size[b] += 1
        filled[k] += 1
        if old != -1:
            left = block[old]
            size[left] -= 1
            other = company[left]
            filled[other] -= 1
            if not is_waiting[other]:
                is_waiting[other] = True
                waiting[top] = other
                top += 1
    return held

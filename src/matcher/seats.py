"""Seats as a market: blocks of seats of vacancies and companies, and contracts in the order of everybody's wishes."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from matcher.errors import InputError
from matcher.features.institutions import company_key, institution_key
from matcher.ranking.assignment import Floats, Ints, Market
from matcher.ranking.coded import code_match
from matcher.records import Candidate, Vacancy
from matcher.refusals import STATUSES

if TYPE_CHECKING:
    import pandas as pd

_STATUS_OF = {name: code for code, name in STATUSES.items()}
_RESERVED = re.compile(r"^\s*(?P<whom>.+?)\s*:\s*(?P<seats>\d+)\s*(?:(?:until|до)\s+(?P<until>\d{4}-\d\d-\d\d))?\s*$")
_CODE = re.compile(r"^\d\d\.\d\d\.\d\d$")


@dataclass(frozen=True, slots=True)
class Reserve:
    """Seats kept for an institution, a programme or its group, or a status, until a day."""

    whom: str
    seats: int
    until: dt.date | None = None

    @classmethod
    def parse(cls, raw: str) -> Reserve:
        """Read ``МИЭТ:3 until 2026-08-15``, ``09.00.00:2`` or ``student:5``.

        Raises
        ------
        InputError
            When it looks otherwise.
        """
        m = _RESERVED.match(raw)
        if not m:
            raise InputError(f"Reserved seats must look like 'МИЭТ:3 until 2026-08-15'. Got {raw!r}.")
        try:
            until = dt.date.fromisoformat(m["until"]) if m["until"] else None
        except ValueError:
            raise InputError(f"The day of reserved seats is none of the calendar. Got {raw!r}.") from None
        return cls(m["whom"], int(m["seats"]), until)

    def holds(self, today: dt.date) -> bool:
        """Whether the seats are still kept."""
        return self.until is None or today < self.until

    def is_for(self, c: Candidate | None) -> bool:
        """Whether a candidate may take them; nobody of whom nothing is known."""
        if c is None:
            return False
        status = _STATUS_OF.get(self.whom.lower(), self.whom)
        if status in STATUSES:
            return c.status == status
        if _CODE.match(self.whom):
            return any(code_match(code, self.whom) >= 1.0 for code in c.education_code)
        return institution_key(self.whom) in {institution_key(i) for i in c.institution}


@dataclass(frozen=True, slots=True)
class Block:
    """Seats of one vacancy that the same people may take: open ones (``reserve`` None) or kept ones."""

    vacancy: int
    seats: int
    reserve: Reserve | None = None


@dataclass(frozen=True)
class Offer:
    """What is given out: vacancies with their seats, in code-point order of ids.

    Attributes
    ----------
    ids : tuple
        Vacancy ids as given.
    seats, least : ndarray of shape (n_vacancies,)
        Seats, and how many are the fewest worth opening for (0: any).
    company : ndarray of shape (n_vacancies,)
        Number of the company of each; a vacancy without one is its own.
    companies : tuple of str
    company_seats : ndarray of shape (n_companies,)
    reserves : tuple of tuple of Reserve
    """

    ids: tuple[Any, ...]
    seats: Ints
    least: Ints
    company: Ints
    companies: tuple[str, ...]
    company_seats: Ints
    reserves: tuple[tuple[Reserve, ...], ...]

    @classmethod
    def of(cls, vacancies: Sequence[Vacancy], slots: Mapping[Any, int] | None) -> Offer:
        """Seats of vacancies; ``slots`` wins over the column, and what is told nowhere is one seat."""
        told = {str(k): int(n) for k, n in (slots or {}).items()}
        rows = sorted(vacancies, key=lambda v: str(v.id))
        for v in rows:
            for raw in v.reserved:
                _named(raw, v)
        names = [company_key(v.company) if v.company else f"\0{v.id}" for v in rows]
        companies = tuple(dict.fromkeys(names))
        number = {name: k for k, name in enumerate(companies)}
        seats = np.array([told.get(str(v.id), 1 if v.slots is None else v.slots) for v in rows], dtype=np.int64)
        if (seats < 0).any():
            raise InputError(f"Seats must not be below 0. Got {int(seats.min())}.")
        most = np.full(len(companies), np.iinfo(np.int32).max, dtype=np.int64)
        for v, name in zip(rows, names, strict=True):
            if v.company_slots is not None:
                most[number[name]] = min(most[number[name]], v.company_slots)
        shown = {number[n]: v.company or "" for v, n in zip(rows, names, strict=True)}
        return cls(
            ids=tuple(v.id for v in rows),
            seats=seats,
            least=np.array([max(v.min_group or 0, v.team_size or 0) for v in rows], dtype=np.int64),
            company=np.array([number[n] for n in names], dtype=np.int64),
            companies=tuple(shown[k] for k in range(len(companies))),
            company_seats=most,
            reserves=tuple(tuple(Reserve.parse(r) for r in v.reserved) for v in rows),
        )

    def blocks(self, today: dt.date) -> list[Block]:
        """The blocks of every vacancy: kept seats first, as long as they are kept, then the open ones."""
        out = []
        for v, reserves in enumerate(self.reserves):
            left = int(self.seats[v])
            for r in reserves:
                if r.holds(today):
                    kept = min(r.seats, left)
                    out.append(Block(v, kept, r))
                    left -= kept
            out.append(Block(v, left))
        return out

    @property
    def by_company(self) -> Ints:
        """Seats that each company can give out."""
        seats = np.bincount(self.company, weights=self.seats, minlength=len(self.companies))
        return np.minimum(seats, self.company_seats).astype(np.int64)

    def closed(self, shut: Iterable[int]) -> Offer:
        """The same with some vacancies closed."""
        seats = self.seats.copy()
        seats[list(shut)] = 0
        return replace(self, seats=seats)


@dataclass(frozen=True)
class Lists:
    """Pairs of a ranking as numbers, in the order of candidate and wish.

    Attributes
    ----------
    ids : tuple
        Candidate ids in code-point order.
    candidate, vacancy : ndarray of shape (n_pairs,)
    wish : ndarray of shape (n_pairs,)
        What the candidate thinks of the vacancy, and
    score : ndarray of shape (n_pairs,)
        what the vacancy thinks of the candidate.
    """

    ids: tuple[Any, ...]
    candidate: Ints
    vacancy: Ints
    wish: Floats
    score: Floats

    @classmethod
    def of(cls, frame: pd.DataFrame, offer: Offer, withdrawn: frozenset[str]) -> Lists:
        """Pairs of a ranking table, those of other vacancies and of the withdrawn left out."""
        import pandas as pd

        codes, found = pd.factorize(frame["candidate_id"])
        vacancies, named = pd.factorize(frame["vacancy_id"])
        ids, names = found.tolist(), named.tolist()
        place = {str(name): v for v, name in enumerate(offer.ids)}
        of_vacancy = np.array([place.get(str(n), -1) if str(n) not in withdrawn else -1 for n in names], dtype=np.int64)
        order = sorted(range(len(ids)), key=lambda i: str(ids[i]))
        kept = [i for i in order if str(ids[i]) not in withdrawn]
        of_candidate = np.full(len(ids), -1, dtype=np.int64)
        of_candidate[kept] = np.arange(len(kept))
        candidate, vacancy = of_candidate[codes], of_vacancy[vacancies]
        both = {"score_vacancy", "score_candidate"} <= set(frame.columns)
        score = frame["score_vacancy" if both else "score"].to_numpy(dtype=np.float64)
        wish = frame["score_candidate"].to_numpy(dtype=np.float64) if both else score
        wish = np.where(np.isnan(wish), score, wish)
        good = (candidate >= 0) & (vacancy >= 0) & ~np.isnan(score)
        candidate, vacancy, wish, score = candidate[good], vacancy[good], wish[good], score[good]
        by = _in_order(candidate, wish, vacancy)
        candidate, vacancy = candidate[by], vacancy[by]
        pair = np.sort(candidate * len(offer.ids) + vacancy)
        values = [ids[i] for i in kept]
        twice = np.flatnonzero(pair[1:] == pair[:-1])
        if len(twice):
            c, v = divmod(int(pair[twice[0]]), len(offer.ids))
            raise InputError(f"The ranking names vacancy {offer.ids[v]!r} and candidate {values[c]!r} twice.")
        return cls(tuple(values), candidate, vacancy, wish[by], score[by])

    def without(self, ids: frozenset[str]) -> Lists:
        """The same with some candidates left out."""
        if not ids:
            return self
        stays = np.array([str(i) not in ids for i in self.ids], dtype=np.bool_)
        number = np.cumsum(stays) - 1
        kept = stays[self.candidate]
        return Lists(
            tuple(i for i, s in zip(self.ids, stays, strict=True) if s),
            number[self.candidate[kept]], self.vacancy[kept], self.wish[kept], self.score[kept],
        )  # fmt: skip

    def told(self, candidate_id: str, vacancy: int) -> tuple[float, int | None]:
        """Score of a pair and its place among the candidate's wishes; NaN and None where the ranking has it not."""
        number = next((c for c, i in enumerate(self.ids) if str(i) == candidate_id), -1)
        first, last = np.searchsorted(self.candidate, [number, number + 1])
        at = np.flatnonzero(self.vacancy[first:last] == vacancy)
        return (float(self.score[first + at[0]]), int(at[0]) + 1) if len(at) else (float("nan"), None)


def _in_order(candidate: Ints, wish: Floats, vacancy: Ints) -> Ints:
    """Pairs by candidate, then wish from the highest, then vacancy: ``np.lexsort``, in passes over 16 bits."""
    by = np.argsort(-wish)
    for shift in range(0, max(1, int(candidate.max(initial=0)).bit_length()), 16):
        by = by[np.argsort((candidate[by] >> shift).astype(np.uint16), kind="stable")]
    same = (candidate[by][1:] == candidate[by][:-1]) & (wish[by][1:] == wish[by][:-1])
    if same.any():  # equal wishes of a candidate: by vacancy
        tied = np.flatnonzero(np.append(same, False) | np.insert(same, 0, False))
        rows = by[tied]
        by[tied] = rows[np.lexsort((vacancy[rows], -wish[rows], candidate[rows]))]
    return by


def _named(raw: str, v: Vacancy) -> None:
    """Say of which vacancy reserved seats cannot be read."""
    try:
        Reserve.parse(raw)
    except InputError as e:
        raise InputError(f"Vacancy {v.id!r}: {e}") from None


def market_of(
    lists: Lists, offer: Offer, blocks: Sequence[Block], people: Mapping[str, Candidate], tie: Ints
) -> tuple[Market, Ints]:
    """The market, and the pair of ``lists`` that each contract stands for.

    A candidate asks for the seats kept for him before the open ones of the same vacancy.
    """
    first = np.full(len(offer.ids), -1, dtype=np.int64)
    kept: dict[int, list[int]] = {}
    for number, b in enumerate(blocks):
        if b.reserve is None:
            first[b.vacancy] = number
        elif b.reserve.seats:  # even where none is left, so that contracts keep their numbers
            kept.setdefault(b.vacancy, []).append(number)
    pair, block = np.arange(len(lists.vacancy)), first[lists.vacancy]
    if kept:
        extra = []
        known = [people.get(str(i)) for i in lists.ids]
        for p in np.flatnonzero(np.isin(lists.vacancy, list(kept))):
            for number in kept[int(lists.vacancy[p])]:
                reserve = blocks[number].reserve
                if reserve is not None and reserve.is_for(known[int(lists.candidate[p])]):
                    extra.append((p, number))
        if extra:
            more = np.array(extra, dtype=np.int64)
            pair, block = np.concatenate([more[:, 0], pair]), np.concatenate([more[:, 1], block])
            by = np.argsort(pair, kind="stable")
            pair, block = pair[by], block[by]
    starts = np.searchsorted(lists.candidate[pair], np.arange(len(lists.ids) + 1))
    company_of = np.array([offer.company[b.vacancy] for b in blocks], dtype=np.int64)
    seats = np.array([b.seats for b in blocks], dtype=np.int64)
    return (
        Market(starts.astype(np.int64), block, lists.score[pair], tie, seats, company_of, offer.company_seats),
        pair,
    )

"""A live index the other way round: vacancies that are asked for one candidate at a time.

What vacancies ask is worked out once for many of them together; those that came lately are worked out apart, so that a
new one costs little. The answer is that of a batch by candidate, second stage and wishes among it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from matcher.errors import InputError, MatcherError
from matcher.index import Engine, Matches, check_top, names_there, read_whole
from matcher.ranking.asking import Asked
from matcher.ranking.units import to_score
from matcher.records import Vacancy
from matcher.report import Explanation
from matcher.scored import Scored

_RECENT = 64
"""Newcomers from which on they are worked out together with the others."""


class VacancyIndex:
    """Vacancies ready to be asked for; made by ``Matcher.index_vacancies``. Safe to share between threads.

    Attributes
    ----------
    quarantine : list of dict
        Rows of the first table that could not be read.

    Examples
    --------
    >>> from matcher import Matcher
    >>> places = [{"id": "v1", "title": "Токарь"}, {"id": "v2", "title": "Повар", "must_skills": "холодный цех"}]
    >>> index = Matcher().fit(places).index_vacancies()
    >>> index.query({"id": 1, "title": "повар холодного цеха"}, top=1).ids
    ['v2']
    """

    def __init__(self, engine: Engine, records: Sequence[Vacancy]) -> None:
        self._engine = engine
        self._lock = threading.RLock()
        self.quarantine: list[dict[str, Any]] = []
        self._groups: list[Asked] = [engine.asked(records)]
        self._there: dict[str, Any] = {str(v.id): v.id for v in records}
        self._gone: set[tuple[int, int]] = set()  # group and place of those who left

    def __len__(self) -> int:
        return len(self._there)

    def __contains__(self, vacancy_id: object) -> bool:
        return str(vacancy_id) in self._there

    def __iter__(self) -> Iterator[Any]:
        """Ids of the vacancies, as given."""
        return iter(list(self._there.values()))

    def add(self, vacancies: Any) -> None:
        """Add vacancies: a table, or one row as a mapping; none is added where a row is faulty or an id is known."""
        self._take_in(vacancies, may_be_there=False)

    def update(self, vacancies: Any) -> None:
        """Put vacancies in the place of those with the same ids, or add them; nothing changes where a row is faulty."""
        self._take_in(vacancies, may_be_there=True)

    def _take_in(self, vacancies: Any, *, may_be_there: bool) -> None:
        records: list[Vacancy] = read_whole(vacancies, "vacancies")
        there = [v.id for v in records if v.id in self]
        if there and not may_be_there:
            raise InputError(f"There is a vacancy {there[0]!r} in the index already: use update to replace one.")
        fresh = self._engine.asked(records).requests
        with self._lock:
            self._drop({str(v.id) for v in records})
            self._there.update({str(v.id): v.id for v in records})
            recent = [r for n in range(1, len(self._groups)) for r in self._staying(n)] + fresh
            known = self._staying(0)
            if len(recent) >= _RECENT:
                known, recent = known + recent, []
            if len(known) != len(self._groups[0].requests):
                self._groups[0] = self._with(known)
            self._groups[1:] = [self._with(recent)] if recent else []
            self._gone.clear()

    def remove(self, vacancy_ids: Iterable[Any]) -> None:
        """Remove vacancies by their ids; none where one of them is not there."""
        with self._lock:
            names = set(names_there(vacancy_ids, self, "vacancy"))
            self._drop(names)

    def _drop(self, names: set[str]) -> None:
        for name in names:
            self._there.pop(name, None)
        for n, group in enumerate(self._groups):
            self._gone |= {(n, j) for j, r in enumerate(group.requests) if str(r.record.id) in names}

    def _staying(self, number: int) -> list[Any]:
        requests = self._groups[number].requests
        return [r for j, r in enumerate(requests) if (number, j) not in self._gone]

    def _with(self, requests: list[Any]) -> Asked:
        old = self._groups[0]
        return Asked(requests, old.statistics, old.settings, old.taxonomy)

    def query(self, candidate: Mapping[str, Any], top: int = 10) -> Matches:
        """The best vacancies for one candidate.

        Parameters
        ----------
        candidate : mapping
            A row with the columns of the candidates table.
        top : int
            Most vacancies to return.

        Raises
        ------
        InputError
            When the candidate cannot be read; the message says why.
        """
        check_top(top)
        (record,) = read_whole([candidate], "candidates", today=self._engine.today)
        profiles = self._engine.read_profiles([record])
        found: list[tuple[int, int, Any, Any]] = []
        with self._lock:
            for n, group in enumerate(self._groups):
                scored = self._engine.scored([record], group, profiles)
                gone = [(0, j) for m, j in sorted(self._gone) if m == n]
                ranked = scored.ranked(by="candidate", top=top, excluded=gone)
                first = ranked.units if ranked.units_first is None else ranked.units_first
                pairs = zip(ranked.columns.tolist(), ranked.units.tolist(), first.tolist(), strict=True)
                found += [(-u, -f, group.requests[j].record.id, group.requests[j]) for j, u, f in pairs]
        found = sorted(found, key=lambda row: (row[0], row[1], str(row[2])))[:top]

        def scored_again() -> Scored:
            return self._engine.scored([record], self._with([r for *_, r in found]), profiles)

        scores = to_score([-u for u, *_ in found]).tolist()
        return Matches(record.id, [i for _, _, i, _ in found], scores, "candidate", scored_again)

    def query_many(self, candidates: Iterable[Mapping[str, Any]], top: int = 10) -> list[Matches]:
        """``query`` for several candidates."""
        return [self.query(candidate, top) for candidate in candidates]

    def explain(self, candidate: Mapping[str, Any], vacancy_id: Any) -> Explanation:
        """Why a candidate has his score for a vacancy, or why he is refused."""
        (record,) = read_whole([candidate], "candidates", today=self._engine.today)
        return self._engine.scored([record], self._with([self._request(vacancy_id)])).explain(0, 0)

    def record(self, vacancy_id: Any) -> Vacancy:
        """A vacancy as the table made it.

        Raises
        ------
        MatcherError
            When it is not there.
        """
        record: Vacancy = self._request(vacancy_id).record
        return record

    def _request(self, vacancy_id: Any) -> Any:
        with self._lock:
            staying = (r for n in range(len(self._groups)) for r in self._staying(n))
            request = next((r for r in staying if str(r.record.id) == str(vacancy_id)), None)
        if request is None:
            raise MatcherError(f"There is no vacancy {vacancy_id!r} in the index.")
        return request

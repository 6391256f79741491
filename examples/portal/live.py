"""The indexes that answer, what is changed in them, and how new ones take their place."""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from matcher import Matcher, MatcherError, tables
from matcher.index import Index, packed, unpacked
from matcher.schemas import ExplanationOut, Hit, Row
from matcher.vacancy_index import VacancyIndex
from portal.journal import Change, Journal, now, stamp

_WARM: dict[str, dict[str, Any]] = {
    "vacancy": {"id": "0", "title": "токарь"},
    "candidate": {"id": "0", "skills": "чтение чертежей; ЧПУ", "education_code": "15.01.33"},
}
"""First questions; a candidate without a title has the roles worked out that skills speak for."""


class MissingError(MatcherError):
    """There is nobody and nothing of this id."""


class LoadingError(Exception):
    """A new snapshot is being loaded already."""


@dataclass(frozen=True)
class State:
    """One loaded snapshot: a request takes it once and is answered by it to the end."""

    number: int
    engine: Matcher
    candidates: Index
    vacancies: VacancyIndex

    @classmethod
    def load(cls, directory: Path, number: int) -> State:
        """Read a saved index and work out its vacancies; the first questions are asked here, so that none is slow."""
        candidates = Matcher.load_index(directory)
        engine = cast(Matcher, candidates.engine)
        state = cls(number, engine, candidates, engine.index_vacancies())
        for by, row in _WARM.items():
            state.match(by, row, top=1, with_reasons=True)
        return state

    def index_of(self, table: str) -> Index | VacancyIndex:
        """The index of a table's rows."""
        return self.candidates if table == "candidates" else self.vacancies

    def apply(self, changes: Collection[Change]) -> None:
        """Make changes, one for each id."""
        for table in ("candidates", "vacancies"):
            own, index = [c for c in changes if c.table == table], self.index_of(table)
            index.remove([c.id for c in own if c.told is None and c.id in index])
            kept = [c.told for c in own if c.told is not None]
            if kept and table == "vacancies":
                self.vacancies.update(kept)
            elif kept:
                self.candidates.put([unpacked(json.dumps(told).encode()) for told in kept])

    def match(self, by: str, row: Mapping[str, Any], top: int, with_reasons: bool) -> list[Hit]:
        """The best candidates for a vacancy (vacancies for a candidate)."""
        found = (self.candidates if by == "vacancy" else self.vacancies).query(row, top)
        told = [found.explain(i) if with_reasons else None for i in found.ids]
        return [Hit.of(match, by, why) for match, why in zip(found, told, strict=True)]

    def explain(self, candidate_id: str, vacancy_id: str) -> ExplanationOut:
        """Why a candidate has his score for a vacancy, both by their ids."""
        try:
            candidate, vacancy = self.candidates.record(candidate_id), self.vacancies.record(vacancy_id)
        except MatcherError as error:
            raise MissingError(str(error)) from None
        return ExplanationOut.of(self.engine.scored([candidate], self.engine.asked([vacancy])).explain(0, 0))


class Live:
    """The state in use and the journal of what was changed since its snapshot was made."""

    def __init__(self, directory: Path, journal: Path | None) -> None:
        self._directory = directory
        self._writing, self._loading = threading.Lock(), threading.Lock()
        self.journal = Journal(journal)
        self.state = State.load(directory, 1)
        self.state.apply(self.journal.changes.values())

    def put(self, table: str, row: Row) -> bool:
        """Put a row in the place of the one with its id, or add it; tells whether it is new."""
        told = row.to_row()
        if table == "candidates":
            (record,) = tables.read_candidates([told]).records
            told = json.loads(packed(record))  # no birth date: only what the index keeps is written
        with self._writing:
            change = Change(now(), table, str(told["id"]), told)
            is_new = change.id not in self.state.index_of(table)
            self._make(change)
        return is_new

    def remove(self, table: str, row_id: str) -> None:
        """Remove the row with this id."""
        with self._writing:
            if row_id not in self.state.index_of(table):
                raise MissingError(f"There is no {row_id!r} among the {table}.")
            self._make(Change(now(), table, row_id, None))

    def _make(self, change: Change) -> None:
        self.state.apply([change])
        self.journal.add(change)  # last: what could not be applied must not be replayed at every start

    def reload(self, as_of: dt.datetime | None = None) -> State:
        """Load the directory anew beside the state in use, replay changes, and put it in its place.

        Parameters
        ----------
        as_of : datetime, optional
            When the snapshot's data were read: older changes are in it and are forgotten. All are replayed when None.

        Raises
        ------
        LoadingError
            When a snapshot is being loaded already.
        StoreError
            When the directory cannot be loaded; the state in use stays.
        """
        if not self._loading.acquire(blocking=False):
            raise LoadingError
        try:
            fresh = State.load(self._directory, self.state.number + 1)
            before = "" if as_of is None else stamp(as_of)
            with self._writing:
                done = {key: change for key, change in self.journal.changes.items() if change.at >= before}
            fresh.apply(done.values())  # the long part, while changes go on
            with self._writing:
                fresh.apply([c for key, c in self.journal.changes.items() if c.at >= before and done.get(key) is not c])
                self.state = fresh
                self.journal.forget(before)
            return fresh
        finally:
            self._loading.release()

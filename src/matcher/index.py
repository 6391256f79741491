"""A live index: candidates that are asked for one vacancy at a time, while some of them come, change and go.

It answers as a batch over the same candidates would, to the last bit and in the same order. Most candidates stand in one
large segment; those that came lately stand in a small one that is joined to it now and then.
"""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from matcher import columns, store, tables
from matcher.collector import no_collector
from matcher.errors import InputError, MatcherError, wrong_parameter
from matcher.features.facts import Profile
from matcher.indexed import to_files
from matcher.ranking.asking import Asked
from matcher.ranking.joining import joined
from matcher.ranking.segment import Rules, Segment, Wanted
from matcher.ranking.stated import Gathering
from matcher.ranking.units import to_score
from matcher.records import Candidate, Vacancy
from matcher.report import Explanation
from matcher.scored import Scored
from matcher.settings import Settings

if TYPE_CHECKING:
    import pandas as pd

KIND = "index"
_BUFFERED = 32
"""Newcomers that are encoded anew with each of them."""
_RECENT = 4096
"""Newcomers from which on they are joined to the large segment."""
_BLOCK = 5000
"""Candidates that are read at a time."""
_GONE = 1 / 4
"""Share of a segment from which on those who left are dropped for good."""


class Engine(Protocol):
    """What an index needs of ``Matcher``."""

    settings: Settings
    today: dt.date | None

    def about(self) -> dict[str, Any]:
        """What is stamped on everything saved."""

    def to_files(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """JSON documents and arrays of the engine by name."""

    def read_profiles(
        self, records: Sequence[Candidate], each: Callable[[Profile], object] | None = None
    ) -> list[Profile]:
        """Candidates as read."""

    def asked(self, vacancies: Sequence[Vacancy]) -> Asked:
        """Vacancies as read, with all that scoring needs of them."""

    def scored(self, candidates: Sequence[Candidate], asked: Asked, profiles: list[Profile] | None = None) -> Scored:
        """Candidates against vacancies that were read before."""


@dataclass(frozen=True)
class Match:
    """One pair of an answer."""

    vacancy_id: Any
    candidate_id: Any
    rank: int
    score: float


@dataclass(frozen=True)
class Matches(Sequence[Match]):
    """The best candidates for a vacancy, or the best vacancies for a candidate, best first.

    Attributes
    ----------
    query_id : object
        Of the vacancy (candidate) that was asked for, as given.
    ids : list
        Of the candidates (vacancies) found.
    scores : list of float
        In [0, 1].
    by : {'vacancy', 'candidate'}
        What was asked for.
    """

    query_id: Any
    ids: list[Any]
    scores: list[float]
    by: str
    _scored: Callable[[], Scored] = field(repr=False, compare=False)

    def __len__(self) -> int:
        return len(self.ids)

    def __getitem__(self, at: Any) -> Any:
        if isinstance(at, slice):
            return [self[i] for i in range(*at.indices(len(self)))]
        place = range(len(self))[at]
        pair = (self.query_id, self.ids[place]) if self.by == "vacancy" else (self.ids[place], self.query_id)
        return Match(*pair, place + 1, self.scores[place])

    @cached_property
    def world(self) -> Scored:
        """These pairs, scored with all contributions; made when asked for."""
        return self._scored()

    @property
    def ranking(self) -> pd.DataFrame:
        """The rows that ``Matcher.rank`` would give, contributions among them."""
        return self.world.ranking(by=self.by, top=len(self) or None)

    def explain(self, found_id: Any) -> Explanation:
        """Why one of those found has its score."""
        pair = (found_id, self.query_id) if self.by == "vacancy" else (self.query_id, found_id)
        return self.world.explain(self.world.row_of[str(pair[0])], self.world.column_of[str(pair[1])], in_list=False)

    def _repr_html_(self) -> str:
        return str(self.ranking.to_html())


class _Kept:
    """A segment with the rows that have left it."""

    def __init__(self, segment: Segment) -> None:
        self.segment = segment
        self.gone: set[int] = set()

    @property
    def stay(self) -> np.ndarray[Any, np.dtype[np.int64]]:
        """Rows that are still there."""
        out = np.ones(len(self.segment), dtype=np.bool_)
        out[list(self.gone)] = False
        return np.flatnonzero(out)

    @cached_property
    def _rows(self) -> dict[str, int]:
        """Row of each id, as text; made when somebody is first looked for, since asking needs none of it."""
        return {str(i): n for n, i in enumerate(self.segment.ids)}

    def row(self, name: str) -> int | None:
        """Row of an id that is still there."""
        row = self._rows.get(name)
        return None if row in self.gone else row

    def __len__(self) -> int:
        return len(self.segment) - len(self.gone)


class Index:
    """Candidates ready to be asked for; made by ``Matcher.index``. Safe to share between threads.

    Attributes
    ----------
    quarantine : list of dict
        Rows of the first table that could not be read, with column, value and reason.

    Examples
    --------
    >>> from matcher import Matcher
    >>> engine = Matcher().fit([{"id": "v1", "title": "Токарь", "must_skills": "чтение чертежей"}])
    >>> index = engine.index([{"id": 1, "title": "токарь"}, {"id": 2, "title": "повар"}])
    >>> index.query({"id": "v2", "title": "Токарь"}, top=1).ids
    [1]
    >>> index.remove([1])
    >>> index.add([{"id": 3, "title": "токарь-фрезеровщик"}])
    >>> index.query({"id": "v2", "title": "Токарь"}, top=1).ids
    [3]
    """

    def __init__(self, engine: Engine, rules: Rules, segment: Segment | None = None) -> None:
        self._engine, self._rules = engine, rules
        self._lock = threading.RLock()
        self.quarantine: list[dict[str, Any]] = []
        self._large = _Kept(segment or Segment.of([], [], rules))
        self._recent = _Kept(Segment.of([], [], rules))
        self._buffer: dict[str, tuple[Profile, bytes]] = {}
        self._buffered: Segment | None = None

    @property
    def engine(self) -> Engine:
        """The ``Matcher`` whose scores these are; of a loaded index, the one it was saved with."""
        return self._engine

    # ------------------------------------------------------------ who is there

    def __len__(self) -> int:
        with self._lock:
            return len(self._large) + len(self._recent) + len(self._buffer)

    def __contains__(self, candidate_id: object) -> bool:
        with self._lock:
            return str(candidate_id) in self._buffer or self._place(str(candidate_id)) is not None

    def __iter__(self) -> Iterator[Any]:
        """Ids of the candidates, as given, in no order that means anything."""
        with self._lock:
            known = [kept.segment.ids[row] for kept in (self._large, self._recent) for row in kept.stay.tolist()]
            return iter([*known, *(p.record.id for p, _ in self._buffer.values())])

    def add(self, candidates: Any) -> None:
        """Add candidates: a table as for ``Matcher.rank``, or one row as a mapping.

        Raises
        ------
        InputError
            When a row cannot be read, or an id is there already; then none is added.
        """
        self._take_in(candidates, may_be_there=False)

    def update(self, candidates: Any) -> None:
        """Put candidates in the place of those with the same ids, or add them.

        Raises
        ------
        InputError
            When a row cannot be read; then nothing is changed.
        """
        self._take_in(candidates, may_be_there=True)

    def _take_in(self, candidates: Any, *, may_be_there: bool) -> None:
        records: list[Candidate] = read_whole(candidates, "candidates", today=self._engine.today)
        there = [r.id for r in records if r.id in self]
        if there and not may_be_there:
            raise InputError(f"There is a candidate {there[0]!r} in the index already: use update to replace one.")
        self.put(records)

    @no_collector()
    def put(self, records: Sequence[Candidate]) -> None:
        """Put records, which the door let in, in the place of those with the same ids, or add them."""
        blocks = [records[low : low + _BLOCK] for low in range(0, len(records), _BLOCK)]
        if len(records) < _BUFFERED:
            profiles = self._engine.read_profiles(records)
            with self._lock:
                for profile in profiles:
                    self._drop(str(profile.record.id))
                    self._buffer[str(profile.record.id)] = profile, packed(profile.record)
                self._buffered = None
                self._settle()
            return
        # many are encoded block by block, so that their profiles need not be held together
        encoded = [self._read(b) for b in blocks]
        with self._lock:
            for record in records:
                self._drop(str(record.id))
            self._recent = self._joined([self._recent], *encoded)
            self._settle()

    def _read(self, records: Sequence[Candidate]) -> Segment:
        gathering = Gathering(self._rules.settings)
        profiles = self._engine.read_profiles(records, gathering.take)
        return Segment.of(profiles, [packed(r) for r in records], self._rules, gathering.done())

    def remove(self, candidate_ids: Iterable[Any]) -> None:
        """Remove candidates by their ids.

        Raises
        ------
        MatcherError
            When one of them is not there; then none is removed.
        """
        with self._lock:
            names = names_there(candidate_ids, self, "candidate")
            for name in names:
                self._drop(name)
            self._settle()

    def _drop(self, name: str) -> None:
        if self._buffer.pop(name, None) is not None:
            self._buffered = None
        place = self._place(name)
        if place is not None:
            kept, row = place
            kept.gone.add(row)

    def _place(self, name: str) -> tuple[_Kept, int] | None:
        """The segment of an id and its row there."""
        for kept in (self._large, self._recent):
            row = kept.row(name)
            if row is not None:
                return kept, row
        return None

    def _settle(self) -> None:
        """Join what came lately to what was there, where it has grown large; drop those who left, where many did."""
        if len(self._buffer) >= _BUFFERED:
            self._recent = self._joined([self._recent], self._encoded())
            self._buffer, self._buffered = {}, None
        if len(self._recent.segment) >= max(_RECENT, len(self._large.segment) // 8):
            self._large = self._joined([self._large, self._recent])
            self._recent = _Kept(Segment.of([], [], self._rules))
        for name in ("_large", "_recent"):
            kept = getattr(self, name)
            if len(kept.gone) > _GONE * len(kept.segment):
                setattr(self, name, self._joined([kept]))

    def _joined(self, parts: Sequence[_Kept], *more: Segment) -> _Kept:
        """One segment of all who stay."""
        segments = [*(p.segment for p in parts), *more]
        segment = joined(segments, [*(p.stay for p in parts), *(np.arange(len(s)) for s in more)])
        return _Kept(segment.side_by_side() if len(segment) >= _RECENT else segment)

    def _encoded(self) -> Segment:
        """The newcomers that stand in no segment yet."""
        if self._buffered is None:
            told = list(self._buffer.values())
            self._buffered = Segment.of([p for p, _ in told], [r for _, r in told], self._rules)
        return self._buffered

    def compact(self) -> None:
        """Put all candidates into one segment now, for the quickest answers."""
        with self._lock:
            if not (self._buffer or self._large.gone or len(self._recent.segment)):
                return
            self._large = self._joined([self._large, self._recent], self._encoded())
            self._recent = _Kept(Segment.of([], [], self._rules))
            self._buffer, self._buffered = {}, None

    @property
    def nbytes(self) -> int:
        """Bytes of memory for the arrays of all candidates."""
        with self._lock:
            return sum(s.nbytes for s in (self._large.segment, self._recent.segment, self._encoded()))

    # ------------------------------------------------------------ saving

    def save(self, directory: str | Path) -> None:
        """Save the engine and all candidates as a directory of JSON and ``.npy`` files with a manifest.

        ``Matcher.load_index`` reads it. A crash while it is written leaves an index saved there before whole.
        """
        with self._lock:
            self.compact()
            texts, arrays = to_files(self._large.segment)
            own_texts, own_arrays = self._engine.to_files()
            store.write(directory, KIND, self._engine.about(), {**own_texts, **texts}, {**own_arrays, **arrays})

    # ------------------------------------------------------------ questions

    def query(self, vacancy: Mapping[str, Any], top: int = 10) -> Matches:
        """The best candidates for one vacancy.

        Parameters
        ----------
        vacancy : mapping
            A row with the columns of the vacancies table.
        top : int
            Most candidates to return.

        Raises
        ------
        InputError
            When the vacancy cannot be read; the message says why.
        """
        check_top(top)
        (record,) = read_whole([vacancy], "vacancies")
        asked = self._engine.asked([record])
        (request,) = asked.requests
        found = self._best(Wanted.of(request, self._rules), top) if not request.is_empty else []

        def scored() -> Scored:
            return self._engine.scored([unpacked(text) for _, _, text in found], asked)

        ids, units = [i for _, i, _ in found], [u for u, _, _ in found]
        return Matches(record.id, ids, to_score(units).tolist(), "vacancy", scored)

    def query_many(self, vacancies: Iterable[Mapping[str, Any]], top: int = 10) -> list[Matches]:
        """``query`` for several vacancies."""
        return [self.query(vacancy, top) for vacancy in vacancies]

    def explain(self, candidate_id: Any, vacancy: Mapping[str, Any]) -> Explanation:
        """Why a candidate has his score for a vacancy, or why he is refused."""
        (record,) = read_whole([vacancy], "vacancies")
        return self._engine.scored([self.record(candidate_id)], self._engine.asked([record])).explain(0, 0)

    def record(self, candidate_id: Any) -> Candidate:
        """A candidate as the table made him.

        Raises
        ------
        MatcherError
            When he is not there.
        """
        with self._lock:
            if candidate_id not in self:
                raise MatcherError(f"There is no candidate {candidate_id!r} in the index.")
            return unpacked(self._text(str(candidate_id)))

    def _text(self, name: str) -> bytes:
        if name in self._buffer:
            return self._buffer[name][1]
        place = self._place(name)
        assert place is not None, f"{name!r} is no candidate of the index"
        kept, row = place
        return kept.segment.record(row)

    def _best(self, wanted: Wanted, top: int) -> list[tuple[int, Any, bytes]]:
        """Score in 2^-40, id and record of the best, best first; equal scores by id."""
        with self._lock:
            found: list[tuple[int, Any, bytes]] = []
            parts = [(k.segment, k.gone) for k in (self._large, self._recent) if len(k.segment)]
            for s, gone in [*parts, (self._encoded(), set())] if self._buffer else parts:
                rows, units = s.tops(wanted, top, np.fromiter(gone, dtype=np.int64, count=len(gone)))
                found += [(u, s.ids[r], s.record(r)) for r, u in zip(rows.tolist(), units.tolist(), strict=True)]
        return sorted(found, key=lambda f: (-f[0], str(f[1])))[:top]


def read_whole(source: Any, table: str, *, today: dt.date | None = None) -> list[Any]:
    """The records of a small table of which every row must be good."""
    rows = [source] if isinstance(source, Mapping) else source
    loaded: tables.Loaded[Any]
    loaded = tables.read_vacancies(rows) if table == "vacancies" else tables.read_candidates(rows, today=today)
    for fault in loaded.quarantine:
        raise InputError(
            f"Row {fault['row']} of the {table} cannot be read: {fault['column']} {fault['reason']}. Got {fault['value']!r}."
        )
    return loaded.records


def check_top(top: Any) -> None:
    """Refuse what is no length of a list."""
    if isinstance(top, bool) or not isinstance(top, int) or top < 1:
        raise MatcherError(wrong_parameter("top", "query", "an int >= 1", top))


def names_there(ids: Any, there: Container[object], what: str) -> list[str]:
    """Ids as text, all of which must be there."""
    if isinstance(ids, (str, bytes)) or not isinstance(ids, Iterable):
        raise MatcherError(wrong_parameter(f"{what}_ids", "remove", "an iterable of ids", ids))
    names = [str(i) for i in ids]
    missing = [name for name in names if name not in there]
    if missing:
        raise MatcherError(f"There is no {what} {missing[0]!r} in the index.")
    return names


def packed(record: Candidate) -> bytes:
    """A record as JSON, without what is not told."""
    told = {k: v for k in _FIELDS if (v := getattr(record, k)) not in (None, "", ())}
    return json.dumps(told, ensure_ascii=False, default=str).encode()


_FIELDS = tuple(f.name for f in fields(Candidate))
_DATES = columns.DATES | {"adult_from"}  # the types of the fields are no help: a compiled record has none


def unpacked(text: bytes) -> Candidate:
    """What ``packed`` made."""
    told: dict[str, Any] = json.loads(text)
    for name, value in told.items():
        told[name] = dt.date.fromisoformat(value) if name in _DATES else tuple(value) if type(value) is list else value
    return Candidate(**told)

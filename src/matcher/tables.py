"""The door: tables in, records out, and an account of every row that stayed outside.

A row is checked as a whole: each of its faults is one line of the quarantine table, and the row makes no record.
Rows are numbered from 1, header and blank lines not counted. Personal columns are dropped and counted, phones,
e-mails and handles in texts are masked. Columns of hh.ru and «Работа России» are understood: :data:`matcher.foreign.FOREIGN`,
described in :mod:`matcher.foreign`, says which column of ours each of them feeds.
"""

from __future__ import annotations

import datetime as dt
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from matcher import cells, columns, files, privacy
from matcher.blocks import blocks
from matcher.collector import no_collector
from matcher.door import OURS, REQUIRED, Door
from matcher.errors import InputError, MatcherWarning, nearest, wrong_parameter
from matcher.foreign import FOREIGN
from matcher.records import Agreement, Candidate, Vacancy

__all__ = [
    "FOREIGN", "Loaded", "read_agreements", "read_candidate_blocks", "read_candidates", "read_pairs", "read_rows", "read_vacancies",
]  # fmt: skip

Record = TypeVar("Record", Candidate, Vacancy, Agreement)

_MOST_VALUE = 120  # characters of a value shown in the quarantine table


@dataclass(frozen=True, slots=True)
class Loaded(Generic[Record]):
    """What came of one table.

    Attributes
    ----------
    records : list
        Candidates, vacancies or agreements, in the order of their rows.
    quarantine : list of dict
        One entry per fault, with the keys of ``columns.QUARANTINE``; phones and e-mails in the value are masked.
    n_rows : int
        All data rows seen: the records and the distinct quarantined rows.
    personal : dict
        Personal column, as the table names it -> how many filled cells were dropped.
    masked : int
        Phones, e-mails and handles masked in texts.
    unknown_columns : tuple of str
        Columns that nothing here reads, in the order of the table.
    mended : dict
        What was mended -> how often (characters, list items, bytes).
    """

    records: list[Record]
    quarantine: list[dict[str, Any]] = field(default_factory=list)
    n_rows: int = 0
    personal: dict[str, int] = field(default_factory=dict)
    masked: int = 0
    unknown_columns: tuple[str, ...] = ()
    mended: dict[str, int] = field(default_factory=dict)

    def readable(self) -> list[Record]:
        """The records, for those who hand no quarantine on: a :class:`matcher.MatcherWarning` tells of rows left out."""
        if self.quarantine:
            first = self.quarantine[0]
            told = (
                f"{len({fault['row'] for fault in self.quarantine})} of {self.n_rows} rows of the {first['table']} table "
                f"cannot be read and are left out, row {first['row']} for one: {first['column']} {first['reason']}. "
                "The quarantine that Matcher.run returns lists them all."
            )
            warnings.warn(told, MatcherWarning, stacklevel=3)
        return self.records


def read_candidates(source: object, *, today: dt.date | None = None) -> Loaded[Candidate]:
    """Read the candidates table.

    Parameters
    ----------
    source : path, DataFrame or iterable of mappings
        The table; it is not changed.
    today : datetime.date, optional
        Day at which a birth date tells whether a candidate is a minor; the current day by default.

    Returns
    -------
    Loaded
        Records, quarantine and counts.

    Raises
    ------
    InputError
        When the table cannot be read at all, or has no ``id`` column.

    Examples
    --------
    >>> loaded = read_candidates([{"id": 1, "skills": "Python; SQL", "name": "Анна"}, {"id": 2, "course": "пятый"}])
    >>> loaded.records[0].skills, loaded.personal, loaded.quarantine[0]["reason"]
    (('Python', 'SQL'), {'name': 1}, 'must be a whole number from 1 to 8, not text')
    """
    if today is not None and not isinstance(today, dt.date):
        raise InputError(wrong_parameter("today", "read_candidates", "a datetime.date", today))
    day = today.date() if isinstance(today, dt.datetime) else today
    return _load(source, Door("candidates", Candidate, day or dt.date.today()))


def read_candidate_blocks(
    source: object, size: int, *, today: dt.date | None = None, skip: int = 0
) -> Iterator[Loaded[Candidate]]:
    """Read the candidates table in blocks of rows; together they are what :func:`read_candidates` reads.

    Parameters
    ----------
    source : path, DataFrame or iterable of mappings
        CSV, JSON Lines and Parquet are read as the blocks are asked for.
    size : int
        Most rows of a block.
    skip : int
        Blocks not to hand out, done before: their ids are remembered, so that a second row of one id is still found.

    Examples
    --------
    >>> rows = [{"id": 1, "title": "токарь"}, {"id": 2, "title": "швея"}, {"id": 1, "title": "повар"}]
    >>> [(len(b.records), b.n_rows, len(b.quarantine)) for b in read_candidate_blocks(rows, 2)]
    [(2, 2, 0), (0, 1, 1)]
    """
    door = Door("candidates", Candidate, today or dt.date.today())
    for number, found in enumerate(blocks(source, "read_candidates", size)):
        if number == 0:
            _check_table(found, door)
        if number < skip:
            for _, row in found.rows:
                door.remember(row)
            continue
        door.tally, door.personal = Counter(), Counter()
        yield _admit(found, door)


def read_vacancies(source: object) -> Loaded[Vacancy]:
    """Read the vacancies table; see :func:`read_candidates`.

    Examples
    --------
    >>> read_vacancies([{"id": "v1", "name": "Токарь", "schedule": "Сменный график"}]).records[0].schedule
    ('shift',)
    """
    return _load(source, Door("vacancies", Vacancy))


def read_agreements(source: object) -> Loaded[Agreement]:
    """Read the table of partner agreements; company and institution are required, the dates may be missing.

    Examples
    --------
    >>> read_agreements([{"company": "Прибор", "institution": "МИЭТ", "to": "2027-08-31"}]).records[0].end
    datetime.date(2027, 8, 31)
    """
    return _load(source, Door("agreements", Agreement))


def read_pairs(source: object) -> set[tuple[str, str]]:
    """Read a table of pairs (the exclude table): ids of vacancy and candidate as text.

    A row without one of them is left out with a :class:`matcher.MatcherWarning`.

    Examples
    --------
    >>> read_pairs([{"vacancy_id": "v1", "candidate_id": 7}])
    {('v1', '7')}
    """
    found = files.read(source, "read_pairs")
    if found.n_rows or found.columns:
        _check_columns(columns.EXCLUDE, {name: name for name in found.columns}, "The table of pairs")
    pairs: set[tuple[str, str]] = set()
    n_bad = len(found.faults)
    for _, row in found.rows:
        try:
            vacancy, candidate = (cells.parse_id(row.get(name), Counter()) for name in columns.EXCLUDE)
        except cells.CellError:
            vacancy = candidate = None
        if vacancy is None or candidate is None:
            n_bad += 1
        else:
            pairs.add((str(vacancy), str(candidate)))
    if n_bad:
        told = f"{n_bad} of {found.n_rows} rows of the table of pairs name no vacancy and candidate; they are left out."
        warnings.warn(told, MatcherWarning, stacklevel=2)
    return pairs


def read_rows(source: object) -> tuple[list[Mapping[str, Any]], list[dict[str, Any]]]:
    """Read the rows of any table as they stand, unchecked, and the quarantine of what is no row.

    Examples
    --------
    >>> rows, quarantine = read_rows([{"id": 1}, "?"])
    >>> rows, quarantine[0]["row"]
    ([{'id': 1}], 2)
    """
    found = files.read(source, "read_rows")
    return [row for _, row in found.rows], [_fault("rows", *fault) for fault in found.faults]


@no_collector()
def _load(source: object, door: Door) -> Loaded[Any]:
    found = files.read(source, f"read_{door.table}")
    _check_table(found, door)
    return _admit(found, door)


def _check_table(found: files.Rows, door: Door) -> None:
    roles = {name: door.role(name) for name in found.columns}
    if found.n_rows or found.columns:
        feeds = {name: FOREIGN[door.table][key] if kind == "foreign" else key for name, (kind, key) in roles.items()}
        _check_columns(REQUIRED[door.table], feeds, f"The {door.table} table")
        _check_not_swapped(door.table, found.columns)


def _admit(found: files.Rows, door: Door) -> Loaded[Any]:
    quarantine = [_fault(door.table, *fault) for fault in found.faults]
    records: list[Any] = []
    for number, row in found.rows:
        record, identity, faults = door.record(row)
        if record is not None:
            records.append(record)
        for name, value, reason in faults:
            quarantine.append(_fault(door.table, number, value, reason, name, identity))
    quarantine.sort(key=lambda fault: int(fault["row"]))
    masked = door.tally.pop(privacy.MASKED, 0)
    unknown = tuple(name for name in found.columns if door.role(name)[0] == "unknown")
    mended = dict(found.mended + door.tally)
    return Loaded(records, quarantine, found.n_rows, dict(door.personal), masked, unknown, mended)


def _check_not_swapped(table: str, names: Sequence[str]) -> None:
    """Refuse a table whose columns are those of the other one: two columns that only it has, and none of ours."""
    other = {"candidates": "vacancies", "vacancies": "candidates"}.get(table)
    if other is None:
        return
    keys = {privacy.column_key(n) for n in names}
    own, foreign_ones = set(OURS[table]) - set(OURS[other]), set(OURS[other]) - set(OURS[table])
    if len(keys & foreign_ones) >= 2 and not keys & own:
        told = ", ".join(sorted(keys & foreign_ones)[:3])
        raise InputError(f"This looks like the {other} table, not the {table} table: it has {told}. Are they swapped?")


def _check_columns(required: tuple[str, ...], feeds: Mapping[str, str], where: str) -> None:
    """Raise when no column feeds a required one."""
    for name in required:
        if name not in feeds.values():
            told = ", ".join(feeds) or "none"
            raise InputError(f"{where} has no {name!r} column; its columns are: {told[:500]}.{nearest(name, feeds)}")


def _fault(table: str, row: int, value: Any, reason: str, column: str = "", identity: Any = None) -> dict[str, Any]:
    """Return one line of the quarantine table; its value is cut short and masked."""
    text = value if isinstance(value, str) else repr(value)
    shown = privacy.mask(cells.parse_text(text[: 2 * _MOST_VALUE], Counter()), Counter())[:_MOST_VALUE]
    cell = (table, row, "" if identity is None else identity, column, shown, reason)
    return dict(zip(columns.QUARANTINE, cell, strict=True))

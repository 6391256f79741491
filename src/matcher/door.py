"""The door to one table: what each column is, and a row as a record or as its faults."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, Final

from matcher import cells, columns, foreign, privacy
from matcher.foreign import FOREIGN
from matcher.parsers import Parser, parser_for

OURS: Final = {"candidates": columns.CANDIDATES, "vacancies": columns.VACANCIES, "agreements": columns.AGREEMENTS}
"""Table -> its columns."""
REQUIRED: Final = {"candidates": ("id",), "vacancies": ("id",), "agreements": ("company", "institution")}
"""Table -> columns that no row may leave empty."""
_PARSERS: Final = {table: {name: parser_for(name) for name in names if name != "id"} for table, names in OURS.items()}
_PARSERS["agreements"]["institution"] = cells.parse_text  # one here, a list elsewhere
_FIELDS: Final = {"from": "start", "to": "end"}  # columns whose field of the record has another name
_ADULT: Final = 18


class Door:
    """The state of one reading.

    Parameters
    ----------
    table : {'candidates', 'vacancies', 'agreements'}
    build : callable
        Makes a record of its fields.
    today : datetime.date
        Day at which a birth date tells whether a candidate is a minor.
    """

    def __init__(self, table: str, build: Callable[..., Any], today: dt.date = dt.date.min) -> None:
        self.table = table
        self.today = today
        self.tally: Counter[str] = Counter()
        self.personal: Counter[str] = Counter()
        self._build = build
        self._roles: dict[str, tuple[str, str]] = {}
        self._seen: set[str] = set()
        self._parsers: dict[str, Parser] = _PARSERS[table]

    def role(self, name: str) -> tuple[str, str]:
        """Return what a column is (ours, foreign, birth, personal, unknown) and its key; kept for the next row."""
        found = self._roles.get(name)
        if found is None:
            key = privacy.column_key(name)
            if privacy.is_birth(key):
                kind = "birth" if self.table == "candidates" else "personal"
            elif key in OURS[self.table]:
                kind = "ours"
            elif key in FOREIGN[self.table]:
                kind = "foreign"
            else:
                kind = "personal" if privacy.is_personal(key, self.table) else "unknown"
            found = self._roles[name] = (kind, key)
        return found

    def sort(self, row: Mapping[str, Any]) -> tuple[dict[str, Any], Any]:
        """Return the filled cells by column of ours, and the birth date; personal cells are counted and dropped."""
        own: dict[str, Any] = {}
        others: dict[str, Any] = {}
        birth = None
        for name, raw in row.items():
            value = raw if isinstance(raw, str) else cells.plain(raw)
            if cells.is_empty(value):
                continue
            kind, key = self._roles.get(name) or self.role(name)
            if kind == "ours":
                own.setdefault(key, value)
            elif kind == "foreign":
                others.setdefault(key, value)
            elif kind in {"birth", "personal"}:
                self.personal[name] += 1
                birth = value if kind == "birth" else birth
        foreign.fill(self.table, own, others)
        return own, birth

    def record(self, row: Mapping[str, Any]) -> tuple[Any, Any, list[tuple[str, Any, str]]]:
        """Return the record, or None, then the id and the faults (column, value, reason)."""
        own, birth = self.sort(row)
        faults: list[tuple[str, Any, str]] = []
        values: dict[str, Any] = {}
        if self.table != "agreements":
            values["id"] = self._identity(own.pop("id", None), faults)
        for name, raw in own.items():
            try:
                value = self._parsers[name](raw, self.tally)
            except cells.CellError as error:
                faults.append((name, raw, str(error)))
            else:
                if value not in (None, "", ()):
                    values[_FIELDS.get(name, name)] = value
        if birth is not None and values.get("is_minor") is None:
            self._set_minor(birth, values, faults)
        for name in REQUIRED[self.table]:
            if values.get(name) is None and all(name != fault[0] for fault in faults):
                faults.append((name, "", "must not be missing"))
        return (None if faults else self._build(**values)), values.get("id"), faults

    def remember(self, row: Mapping[str, Any]) -> None:
        """Note the id of a row that was read before."""
        self._identity(self.sort(row)[0].get("id"), [])

    def _identity(self, raw: Any, faults: list[tuple[str, Any, str]]) -> str | int | None:
        try:
            identity = cells.parse_id(raw, self.tally)
        except cells.CellError as error:
            faults.append(("id", raw, str(error)))
            return None
        if identity is None:
            return None
        if str(identity) in self._seen:  # '5' and 5 are one id
            faults.append(("id", raw, "must be unique; an earlier row has this id"))
        self._seen.add(str(identity))
        return identity

    def _set_minor(self, raw: Any, values: dict[str, Any], faults: list[tuple[str, Any, str]]) -> None:
        """Derive ``is_minor`` and ``adult_from``; the birth date itself goes nowhere, not even to quarantine."""
        reason = "must be a birth date that is past, as an ISO date"
        try:
            birth = cells.parse_date(raw, self.tally)
        except cells.CellError as error:
            birth, reason = None, str(error)
        if birth is None or not dt.date(1900, 1, 1) <= birth <= self.today:
            faults.append(("birth_date", "", reason))
            return
        is_leap_day = (birth.month, birth.day) == (2, 29)
        year = birth.year + _ADULT
        values["adult_from"] = dt.date(year, 3, 1) if is_leap_day and year % 4 else birth.replace(year=year)
        values["is_minor"] = self.today < values["adult_from"]

"""What ``allocate`` is given, checked: every fault is one sentence that names what to mend."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from matcher import tables
from matcher.errors import InputError, MatcherError, wrong_parameter
from matcher.evaluation import frame_of

if TYPE_CHECKING:
    import pandas as pd

_SCORES = ("score", "score_vacancy", "score_candidate")


def plain_id(value: Any) -> Any:
    """An id as it was before a table made a float of it: 1.0 is 1."""
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return int(value)
    return value.item() if isinstance(value, np.generic) else value


def ranking_of(ranking: Any) -> pd.DataFrame:
    """The ranking with ids and scores that can be used.

    Raises
    ------
    InputError
        Where a column is missing, an id is empty, or a score is no finite number.
    """
    import pandas as pd

    frame = _large(ranking) if isinstance(ranking, str | Path) else frame_of(ranking, "ranking")
    if not len(frame.columns):
        frame = pd.DataFrame({"vacancy_id": [], "candidate_id": [], "score": []})
    missing = {"vacancy_id", "candidate_id", "score"} - set(frame.columns)
    if missing:
        raise InputError(f"The ranking has no column {', '.join(sorted(missing))}.")
    frame = frame.reset_index(drop=True)
    for name in ("vacancy_id", "candidate_id"):
        empty = frame[name].isna()
        if empty.any():
            raise InputError(f"The ranking has no {name} in row {int(np.flatnonzero(empty)[0]) + 1}.")
        if pd.api.types.is_float_dtype(frame[name]) and (frame[name] % 1 == 0).all():
            frame[name] = frame[name].astype("int64")
    for name in _SCORES:
        if name in frame:
            told = pd.to_numeric(frame[name], errors="coerce").astype("float64")
            wrong = (told.isna() & frame[name].notna()) | np.isinf(told)
            if wrong.any():
                at = int(np.flatnonzero(wrong)[0])
                raise InputError(f"The {name} in row {at + 1} of the ranking is no number. Got {frame[name][at]!r}.")
            frame[name] = told
    return frame


def _large(path: str | Path) -> pd.DataFrame:
    """A ranking file that may hold millions of pairs: the columns that count, read by pandas itself.

    Raises
    ------
    InputError
        Where the file cannot be read, or lacks a column.
    """
    import pandas as pd

    ending = Path(path).suffix.lower()
    wanted = ["vacancy_id", "candidate_id", *_SCORES]
    try:
        if ending == ".parquet":
            import pyarrow.parquet

            there = pyarrow.parquet.ParquetFile(path).schema_arrow.names
            return pd.read_parquet(path, columns=[c for c in wanted if c in there])
        if ending == ".csv":
            text = dict.fromkeys(wanted[:2], "str")
            return pd.read_csv(path, usecols=lambda c: c in wanted, dtype=text, encoding="utf-8-sig")
    except (OSError, ValueError) as e:
        raise InputError(f"Cannot read the ranking {path}: {e}.") from None
    return frame_of(path, "ranking")


def slots_of(slots: Any) -> Mapping[str, int] | int | None:
    """Seats by vacancy id, or of every vacancy."""
    if slots is None:
        return None
    if hasattr(slots, "to_dict"):
        slots = slots.to_dict()
    if isinstance(slots, Mapping):
        return {str(plain_id(k)): _seats(n, f"vacancy {k!r}") for k, n in slots.items()}
    return _seats(slots, "every vacancy")


def _seats(value: Any, of: str) -> int:
    number = plain_id(value)
    if isinstance(number, bool) or not isinstance(number, int) or number < 0:
        raise InputError(f"The seats of {of} must be a whole number, not below 0. Got {value!r}.")
    return number


def ids_of(withdrawn: Any) -> frozenset[str]:
    """Ids as text."""
    if (
        isinstance(withdrawn, str | bytes | Mapping)
        or not isinstance(withdrawn, Iterable)
        or hasattr(withdrawn, "columns")
    ):
        raise MatcherError(wrong_parameter("withdrawn", "allocate", "a list of ids", withdrawn))
    return frozenset(str(plain_id(i)) for i in withdrawn if i is not None and i == i)


def day_of(today: Any) -> dt.date | None:
    """A day of the calendar."""
    if isinstance(today, dt.datetime):
        return today.date()
    if today is not None and not isinstance(today, dt.date):
        raise MatcherError(wrong_parameter("today", "allocate", "a date or None", today))
    return today


def rows_of(read: Any, source: Any, what: str) -> Any:
    """Records of a table of which every row can be read: a row left out would give its seats away."""
    loaded = read(source)
    if loaded.quarantine:
        first = loaded.quarantine[0]
        raise InputError(
            f"The {what} table has {len(loaded.quarantine)} bad rows; row {first['row']}: {first['column']} "
            f"{first['reason']}. Got {first['value']!r}."
        )
    return loaded.records


def fixed_of(fixed: Any, seats: Mapping[str, int], known: frozenset[str], out: frozenset[str]) -> list[tuple[str, str]]:
    """Pairs (vacancy, candidate) that stand, those of whom is withdrawn released.

    Raises
    ------
    InputError
        Where a pair names nobody, one candidate stands twice, or a vacancy has fewer seats than stand on it.
    """
    if fixed is None:
        return []
    pairs = [p for p in sorted(tables.read_pairs(fixed)) if out.isdisjoint(p)]
    held: dict[str, str] = {}
    taken: dict[str, int] = {}
    for vacancy, candidate in pairs:
        if vacancy not in seats:
            raise InputError(f"A fixed pair names vacancy {vacancy!r}, which is not among the vacancies.")
        if candidate not in known:
            raise InputError(f"A fixed pair names candidate {candidate!r}, of whom neither table knows.")
        if candidate in held:
            raise InputError(f"Candidate {candidate!r} is fixed on {held[candidate]!r} and on {vacancy!r}.")
        held[candidate] = vacancy
        taken[vacancy] = taken.get(vacancy, 0) + 1
        if taken[vacancy] > seats[vacancy]:
            raise InputError(f"More are fixed on vacancy {vacancy!r} than it has seats ({seats[vacancy]}).")
    return pairs

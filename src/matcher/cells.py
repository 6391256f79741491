"""Single cells: what one value of a table may be, and how it is cleaned.

Every parser takes a raw value and a tally, counts in the tally what it mended or masked, and either returns
the value in its final type (None, ``""`` or ``()`` for unknown) or raises :class:`CellError` with the reason
that goes to the quarantine table.
"""

from __future__ import annotations

import ast
import datetime as dt
import math
import re
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

Tally = Counter[str]

MOST_TEXT = 5_000_000  # characters of a text cell
MOST_ITEMS = 2000  # items of a list
CONTROL, SURROGATES, DOUBLES = "control characters", "lone surrogates", "duplicate list items"

_TRUE = frozenset({"yes", "y", "да", "true", "1", "1.0"})
_FALSE = frozenset({"no", "n", "нет", "false", "0", "0.0"})
_UNKNOWN = frozenset({"unknown", "неизвестно"})

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_DECIMAL_COMMA = re.compile(r",(?=\d)(?<=\d,)")
_MARK = re.compile(r"[()\[\]{}\n,]")
_INTEGER = re.compile(r"([+-]?(?:[0-9]{1,15}|[0-9]{1,3}(?:[ \u00a0\u202f][0-9]{3}){1,4}))(?:[.,]0{1,9})?")
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ][0-9:.,+\-Z ]*)?")
_RUSSIAN_DATE = re.compile(r"([0-9]{2})\.([0-9]{2})\.([0-9]{4})")


class CellError(ValueError):
    """A cell that cannot be what its column says; the message is the reason, and says what is allowed."""


def plain(value: Any) -> Any:
    """Turn numpy, pandas and decimal values into plain Python; every kind of missing value becomes None."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, float):
        return None if math.isnan(value) else float(value)
    kind = type(value).__name__
    if kind in {"NAType", "NaTType"}:
        return None
    if kind == "datetime64":
        return None if str(value) == "NaT" else str(value)[:10]
    if isinstance(value, Decimal):
        return None if value.is_nan() else (int(value) if value == value.to_integral_value() else float(value))
    if isinstance(value, (tuple, list)):
        return list(value)
    if isinstance(value, (set, frozenset)):
        return sorted(value, key=str)
    return value.tolist() if hasattr(value, "tolist") else value


def is_empty(value: Any) -> bool:
    """Tell whether a plain value says nothing.

    >>> is_empty(" "), is_empty(None), is_empty([]), is_empty(0)
    (True, True, True, False)
    """
    if isinstance(value, str):
        return not value or value.isspace()
    return value is None or value == []


def parse_text(value: Any, tally: Tally) -> str:
    r"""Clean a text: control characters become spaces, lone surrogates the replacement mark, emoji stay.

    >>> parse_text("сварка\x00ТИГ", Counter())
    'сварка ТИГ'
    """
    if isinstance(value, str) and len(value) <= MOST_TEXT and value.isprintable():
        return value.strip()  # most cells: neither control characters nor surrogates are printable
    value = plain(value)
    if value is None:
        return ""
    value = str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value
    if not isinstance(value, str):
        raise CellError(f"must be text, not {_kind(value)}")
    if len(value) > MOST_TEXT:
        raise CellError(f"must be a text of at most {MOST_TEXT} characters; has {len(value)}")
    if not _is_encodable(value):
        # halves of a pair that stand side by side are one character
        whole = value.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
        value, n_surrogates = _SURROGATE.subn("\ufffd", whole)
        tally[SURROGATES] += n_surrogates
    clean, n_controls = _CONTROL.subn(" ", value)
    if n_controls:
        tally[CONTROL] += n_controls
    return clean.replace("\r\n", "\n").replace("\r", "\n").strip()


def _is_encodable(text: str) -> bool:
    try:
        text.encode()  # many times quicker than a search for surrogates
    except UnicodeEncodeError:
        return False
    return True


def split_cell(text: str, *, commas: bool = False) -> list[str]:
    """Split a list cell on ``;`` and newlines, and on commas where the column allows it and there is no ``;``.

    >>> split_cell("Python, SQL (MySQL, Oracle), допуск 0,5 мм", commas=True)
    ['Python', ' SQL (MySQL, Oracle)', ' допуск 0,5 мм']
    """
    text = text.strip()
    written = _written_list(text)
    if written is not None:
        return written
    if ";" in text or not commas:
        return re.split(r"[;\n]", text)
    has_decimals = _DECIMAL_COMMA.search(text) is not None
    if not (has_decimals or "(" in text or "[" in text or "{" in text):
        return text.replace("\n", ",").split(",")
    pieces, depth, start = [], 0, 0
    is_balanced = text.count("(") == text.count(")")
    for mark in _MARK.finditer(text):
        char = mark[0]
        if char in "([{":
            depth += 1
        elif char in ")]}":
            depth = max(0, depth - 1)
        elif char == "\n" or not (
            (depth and is_balanced) or (has_decimals and _DECIMAL_COMMA.match(text, mark.start()))
        ):
            pieces.append(text[start : mark.start()])
            start, depth = mark.end(), 0
    return [*pieces, text[start:]]


def _written_list(text: str) -> list[str] | None:
    """A list that somebody's export wrote as its Python or JSON text; None where it is none."""
    if not (text.startswith("[") and text.endswith("]") and len(text) < 100_000):
        return None
    try:
        found = ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None
    return found if isinstance(found, list) and all(isinstance(item, str) for item in found) else None


def parse_list(value: Any, tally: Tally, *, commas: bool = False) -> tuple[str, ...]:
    """Read a list cell: an array, or a text to split. Items are stripped, empty and repeated ones dropped.

    >>> parse_list("Python; SQL;; Python", Counter())
    ('Python', 'SQL')
    """
    value = plain(value)
    if value is None:
        return ()
    if isinstance(value, str):
        value = split_cell(parse_text(value, tally), commas=commas)
    elif not isinstance(value, list):
        value = [value]
    items = [item for raw in value if (item := parse_text(_item(raw), tally))]
    if len(items) > MOST_ITEMS:
        raise CellError(f"must be a list of at most {MOST_ITEMS} items; has {len(items)}")
    unique = tuple(dict.fromkeys(items))
    if len(unique) < len(items):
        tally[DOUBLES] += len(items) - len(unique)
    return unique


def _item(raw: Any) -> Any:
    if isinstance(raw, str):
        return raw
    if isinstance(raw, Mapping) and isinstance(raw.get("name"), str):  # {"name": "Python"} of the hh.ru API
        return f"{raw['name']}, {raw['date']}" if raw.get("date") else raw["name"]
    return raw


def parse_integer(value: Any, low: int, high: int) -> int | None:
    """Read a whole number in [low, high]; ``3.0`` and ``40 000`` are whole numbers too.

    >>> parse_integer("40 000", 0, 100_000_000)
    40000
    """
    if type(value) is int and low <= value <= high:  # a flag is an int too, but of its own type
        return value
    value = plain(value)
    if is_empty(value) and not isinstance(value, list):
        return None
    if isinstance(value, str):
        found = _INTEGER.fullmatch(value.strip())
        value = int(re.sub(r"\s", "", found[1])) if found else value
    elif isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise CellError(f"must be a whole number from {low} to {high}, not {_kind(value)}")
    if not low <= value <= high:
        raise CellError(f"must be a whole number from {low} to {high}")
    return value


def parse_flag(value: Any, tally: Tally) -> bool | None:
    """Read yes / no / unknown in English or Russian.

    >>> parse_flag("да", Counter()), parse_flag(0, Counter()), parse_flag("", Counter())
    (True, False, None)
    """
    value = plain(value)
    if (is_empty(value) and not isinstance(value, list)) or isinstance(value, bool):
        return value if isinstance(value, bool) else None
    word = str(value).strip().casefold() if isinstance(value, (str, int, float)) else ""
    if word in _UNKNOWN:
        return None
    if word not in _TRUE | _FALSE:
        raise CellError("must be yes, no or empty")
    return word in _TRUE


def parse_date(value: Any, tally: Tally) -> dt.date | None:
    """Read an ISO date (a time after it is left out); ``31.12.2026`` is read too.

    >>> parse_date("2026-09-01", Counter())
    datetime.date(2026, 9, 1)
    """
    value = plain(value)
    if is_empty(value) and not isinstance(value, list):
        return None
    if isinstance(value, dt.date):
        return value.date() if isinstance(value, dt.datetime) else value
    text = value.strip() if isinstance(value, str) else ""
    if found := _ISO.fullmatch(text):
        year, month, day = map(int, found.groups())
    elif found := _RUSSIAN_DATE.fullmatch(text):
        day, month, year = map(int, found.groups())
    else:
        raise CellError("must be an ISO date such as 2026-09-01")
    try:
        return dt.date(year, month, day)
    except ValueError:
        raise CellError("must be a day that exists in the calendar, as an ISO date such as 2026-09-01") from None


def parse_id(value: Any, tally: Tally) -> str | int | None:
    """Read an id: text without outer spaces, or a whole number; None when it is missing.

    >>> parse_id(" c1 ", Counter()), parse_id(5.0, Counter()), parse_id(True, Counter())
    ('c1', 5, None)
    """
    if isinstance(value, str):
        return parse_text(value, tally) or None
    value = plain(value)
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, int) or (isinstance(value, float) and value.is_integer()):
        return int(value)
    raise CellError(f"must be text or a whole number, not {_kind(value)}")


def _kind(value: Any) -> str:
    names = {str: "text", bool: "a flag", dict: "a nested object", list: "a list", float: "a fraction", bytes: "bytes"}
    return names.get(type(value), f"a value of type {type(value).__name__}")

"""Rows of a table from a file, a data frame or mappings, as they stand: nothing is checked but the form.

Rows are numbered from 1 in their order, header and blank lines not counted.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

from matcher.errors import InputError, nearest, wrong_parameter

SIGNATURES = {
    b"PK\x03\x04": "a zip archive or an Excel file", b"PAR1": "a Parquet file", b"\x1f\x8b": "a gzip archive",
    b"%PDF": "a PDF", b"\xd0\xcf\x11\xe0": "an old Office file", b"\x89PNG": "a picture", b"\xff\xd8\xff": "a picture",
    b"SQLite format 3": "a database",
}  # fmt: skip
_LARGEST_CELL = 2**31 - 1
_EXTRA = "Install it with: pip install matcher[io]"


@dataclass(slots=True)
class Rows:
    """Rows with their numbers, the columns seen in order, and the rows that are no rows (number, value, reason)."""

    rows: list[tuple[int, Mapping[str, Any]]] = field(default_factory=list)
    columns: tuple[str, ...] = ()
    faults: list[tuple[int, str, str]] = field(default_factory=list)
    mended: Counter[str] = field(default_factory=Counter)

    @property
    def n_rows(self) -> int:
        """All data rows seen, good and bad."""
        return len(self.rows) + len(self.faults)


def read(source: object, owner: str) -> Rows:
    """Read the rows of a path, a pandas DataFrame or an iterable of mappings.

    Raises
    ------
    InputError
        When nothing can be read: a missing, empty or mislabelled file, a source of another kind.

    >>> read([{"id": 1}, 5], "read").faults
    [(2, '5', 'must be a mapping of columns to values')]
    """
    if isinstance(source, (str, os.PathLike)):
        return _read_file(Path(source))
    pandas = sys.modules.get("pandas")  # a frame can only come from pandas that is imported already
    if pandas is not None and isinstance(source, pandas.DataFrame):
        return _read_frame(source)
    if isinstance(source, (Mapping, bytes, bytearray)) or not isinstance(source, Iterable):
        allowed = "a path, a pandas DataFrame or an iterable of mappings"
        raise InputError(wrong_parameter("source", owner, allowed, type(source).__name__))
    return _from_items(source, "must be a mapping of columns to values")


def _from_items(items: Iterable[object], reason: str) -> Rows:
    found = Rows()
    names: dict[str, None] = {}
    for number, item in enumerate(items, 1):
        if isinstance(item, Mapping):
            row = {str(name): value for name, value in item.items()}
            names.update(dict.fromkeys(row))
            found.rows.append((number, row))
        else:
            found.faults.append((number, repr(item)[:100], reason))
    found.columns = tuple(names)
    return found


def _read_frame(frame: Any) -> Rows:
    names = [str(name).strip() for name in frame.columns]
    cells = [frame.iloc[:, at].tolist() for at in range(len(names))]
    if "id" not in names and frame.index.name == "id":
        names, cells = ["id", *names], [frame.index.tolist(), *cells]
    check_header(names, "the DataFrame")
    if not cells and len(frame):
        raise InputError("The DataFrame has rows but no columns.")
    rows = [(number, dict(zip(names, row, strict=True))) for number, row in enumerate(zip(*cells, strict=True), 1)]
    return Rows(list(rows), tuple(names))


def _read_file(path: Path) -> Rows:
    reader = READERS.get(path.suffix.lower())
    if not os.path.exists(path):
        raise InputError(f"There is no file {str(path)[:200]!r}.")
    if path.is_dir():
        raise InputError(f"{str(path)!r} is a directory, not a file.")
    if reader is None:
        near = nearest(path.suffix.lower(), READERS)
        raise InputError(f"{path.name!r} must end in one of {', '.join(READERS)}.{near}")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{str(path)!r} cannot be read: {error.strerror}.") from error
    if not data.strip(b" \r\n\t\xef\xbb\xbf"):
        raise InputError(f"{path.name!r} is empty: not even a header is there.")
    return reader(data, path.name)


def check_header(names: list[str], where: str) -> None:
    """Refuse a table in which a column stands twice."""
    doubles = [name for name, n in Counter(name for name in names if name).items() if n > 1]
    if doubles:
        raise InputError(f"In {where} the column {doubles[0]!r} stands twice.")


def _decode(data: bytes, name: str) -> tuple[str, int]:
    """Return the text and how many bytes could not be read."""
    for signature, kind in SIGNATURES.items():
        if data.startswith(signature):
            raise InputError(f"{name!r} is {kind}, not the text file that its name says.")
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return data.decode(encoding), 0
    except UnicodeDecodeError:
        loose = data.decode(encoding, "replace")
    # a cp1251 text read as UTF-8 is nearly all replacement marks; a damaged UTF-8 text has a few
    n_bad = loose.count("\ufffd")
    n_foreign = len(loose) - len(loose.encode("ascii", "ignore"))
    if n_foreign > 10 * n_bad:
        return loose, n_bad
    return data.decode("cp1251", "replace"), 0


def _read_csv(data: bytes, name: str) -> Rows:
    text, n_bad = _decode(data, name)
    text = text.lstrip("\ufeff\r\n")
    head = re.split(r"[\r\n]", text, maxsplit=1)[0]
    if re.search(r"[\x00-\x08\x0b-\x1f\x7f]", head):
        raise InputError(f"{name!r} is not a text table: its first line holds binary characters.")
    if head.lstrip()[:1] in ("{", "[", "<"):
        raise InputError(f"{name!r} is not a CSV table: it begins like JSON or a web page.")
    bare = re.sub(r'"[^"]*"', "", head)
    delimiter = max(";,\t|", key=bare.count)
    limit = csv.field_size_limit(_LARGEST_CELL)  # the limit of the process; the cells are measured later
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True))
    except csv.Error as error:
        raise InputError(f"{name!r} cannot be read as CSV: {error}.") from error
    finally:
        csv.field_size_limit(limit)
    header = [cell.strip() for cell in lines[0]]
    check_header(header, repr(name))
    found = Rows(columns=tuple(filter(None, header)), mended=Counter({"undecodable bytes": n_bad} if n_bad else {}))
    body = [line for line in lines[1:] if line]
    is_open = text.count('"') % 2 == 1
    for number, line in enumerate(body, 1):
        if len(line) > len(header):
            reason = f"must have at most {len(header)} cells, as the header has; a cell with {delimiter!r} needs quotes"
            found.faults.append((number, f"{len(line)} cells", reason))
        elif is_open and number == len(body) and "\n" in line[-1].strip() and len(line) < len(header):
            found.faults.append((number, "", "must close the quote it opens; the lines after it are lost in it"))
        else:
            found.rows.append((number, {key: cell for key, cell in zip(header, line, strict=False) if key}))
    return found


def _read_jsonl(data: bytes, name: str) -> Rows:
    text, n_bad = _decode(data, name)
    items: list[object] = []
    broken: dict[int, str] = {}
    for number, line in enumerate((line for line in text.split("\n") if line.strip()), 1):
        try:
            items.append(json.loads(line))
        except (ValueError, RecursionError) as error:
            items.append(None)
            broken[number] = f"must be one JSON object on one line; broken at character {getattr(error, 'pos', 0) + 1}"
    found = _from_items(items, "must be a JSON object")
    if not found.rows:
        raise InputError(f"{name!r} is not JSON Lines: none of its {len(items)} lines is a JSON object.")
    # the text of a broken line is not shown: it may hold a name
    found.faults = [(n, "" if n in broken else value, broken.get(n, reason)) for n, value, reason in found.faults]
    if n_bad:
        found.mended["undecodable bytes"] = n_bad
    return found


def _read_json(data: bytes, name: str) -> Rows:
    text, n_bad = _decode(data, name)
    try:
        items = json.loads(text)
    except (ValueError, RecursionError) as error:
        hint = " One object a line is called .jsonl." if "Extra data" in str(error) else ""
        raise InputError(f"{name!r} is not valid JSON: {error}.{hint}") from error
    if not isinstance(items, list):
        raise InputError(f"{name!r} must hold a JSON array of objects, not one {type(items).__name__}.")
    found = _from_items(items, "must be a JSON object")
    if n_bad:
        found.mended["undecodable bytes"] = n_bad
    return found


def _read_parquet(data: bytes, name: str) -> Rows:
    if not (data.startswith(b"PAR1") and data.endswith(b"PAR1")):
        raise InputError(f"{name!r} is not a whole Parquet file: the mark PAR1 is missing.")
    try:
        parquet = import_module("pyarrow.parquet")
    except ImportError as error:
        raise InputError(f"Reading {name!r} needs pyarrow. {_EXTRA}") from error
    try:
        table = parquet.read_table(io.BytesIO(data))
    except (ValueError, OSError) as error:  # pyarrow's own errors are one or the other
        raise InputError(f"{name!r} is a damaged Parquet file: {str(error).splitlines()[0]}.") from error
    check_header(table.column_names, repr(name))
    return Rows(list(enumerate(table.to_pylist(), 1)), tuple(table.column_names))


def _read_xlsx(data: bytes, name: str) -> Rows:
    if not data.startswith(b"PK\x03\x04"):
        raise InputError(f"{name!r} is not an Excel file of the .xlsx kind.")
    try:
        openpyxl = import_module("openpyxl")
    except ImportError as error:
        raise InputError(f"Reading {name!r} needs openpyxl. {_EXTRA}") from error
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        lines = [line for line in book.worksheets[0].iter_rows(values_only=True) if any(c is not None for c in line)]
        book.close()
    except Exception as error:  # openpyxl lets whatever its XML and zip readers raise through
        raise InputError(f"{name!r} is a damaged Excel file: {error}.") from error
    if not lines:
        raise InputError(f"{name!r} is empty: its first sheet has not even a header.")
    header = ["" if cell is None else str(cell).strip() for cell in lines[0]]
    check_header(header, repr(name))
    found = Rows(columns=tuple(filter(None, header)))
    reason = f"must have at most {len(header)} cells, as the header has"
    for number, line in enumerate(lines[1:], 1):
        if any(cell is not None for cell in line[len(header) :]):
            found.faults.append((number, f"{len(line)} cells", reason))
        else:
            found.rows.append((number, {key: cell for key, cell in zip(header, line, strict=False) if key}))
    return found


READERS: dict[str, Callable[[bytes, str], Rows]] = {
    ".csv": _read_csv, ".tsv": _read_csv, ".jsonl": _read_jsonl, ".ndjson": _read_jsonl, ".json": _read_json,
    ".parquet": _read_parquet, ".xlsx": _read_xlsx,
}  # fmt: skip
"""Ending of a file name -> what reads its bytes."""

"""Rows of a table in blocks, so that tables larger than memory can be read.

CSV and JSON Lines are cut where a row ends, Parquet where its own batches end; tables of other kinds are read whole
and handed out in blocks. Rows keep the numbers that they have in the whole table.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

from matcher import files
from matcher.errors import InputError
from matcher.files import Rows

_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_LINES = frozenset({".csv", ".tsv", ".jsonl", ".ndjson"})


def blocks(source: object, owner: str, size: int) -> Iterator[Rows]:
    """Read the rows of a path, a pandas DataFrame or an iterable of mappings, ``size`` at a time.

    Parameters
    ----------
    source : path, DataFrame or iterable of mappings
    owner : str
        Who asks, for messages.
    size : int
        Most rows of a block.

    Yields
    ------
    Rows
        At least one, which may be empty.

    Examples
    --------
    >>> [[number for number, _ in b.rows] for b in blocks([{"id": 1}, {"id": 2}, {"id": 3}], "read", 2)]
    [[1, 2], [3]]
    """
    path = Path(source) if isinstance(source, (str, os.PathLike)) else None
    ending = path.suffix.lower() if path else ""
    if path and ending in _LINES and path.is_file() and not _starts(path, _UTF_16):
        yield from _of_lines(path, size)
    elif path and ending == ".parquet" and path.is_file() and _starts(path, (b"PAR1",)):
        yield from _of_parquet(path, size)
    else:
        yield from _cut(files.read(source, owner), size)


def _starts(path: Path, marks: Iterable[bytes]) -> bool:
    with open(path, "rb") as f:
        return f.read(4).startswith(tuple(marks))


def _cut(found: Rows, size: int) -> Iterator[Rows]:
    """Blocks of a table that was read whole."""
    last = max([n for n, _ in found.rows] + [n for n, _, _ in found.faults], default=0)
    for low in range(0, max(last, 1), size):
        rows = [(n, row) for n, row in found.rows if low < n <= low + size]
        faults = [fault for fault in found.faults if low < fault[0] <= low + size]
        yield replace(found, rows=rows, faults=faults, mended=found.mended if low == 0 else type(found.mended)())


def _of_lines(path: Path, size: int) -> Iterator[Rows]:
    """Blocks of a text file, each read as a file of its own with the same header."""
    reader = files.READERS[path.suffix.lower()]
    has_header = path.suffix.lower() in {".csv", ".tsv"}
    with open(path, "rb") as f:
        header = _header(f) if has_header else b""
        seen = 0
        for lines in _whole_rows(f, size, quoted=has_header):
            found = reader(header + b"".join(lines), path.name)
            yield _renumbered(found, seen)
            seen += found.n_rows
    if not seen:
        yield files.read(path, "blocks")  # a header alone, or a sentence on what is wrong


def _header(f: io.BufferedReader) -> bytes:
    """The first line that is not blank; a header of several lines is read to its end."""
    line = f.readline()
    while line and not line.strip(b" \r\n\t\xef\xbb\xbf"):
        line = f.readline()
    while line.count(b'"') % 2 and (more := f.readline()):
        line += more
    return line if line.endswith((b"\n", b"\r")) or not line else line + b"\n"


def _whole_rows(f: io.BufferedReader, size: int, *, quoted: bool) -> Iterator[list[bytes]]:
    """Lines of ``size`` rows at a time, blank ones left out; a quoted cell may hold ends of lines."""
    lines: list[bytes] = []
    n, is_open = 0, False
    for line in f:
        if not (is_open or line.strip()):
            continue
        lines.append(line)
        is_open ^= quoted and line.count(b'"') % 2 == 1
        n += not is_open
        if n >= size and not is_open:
            yield lines
            lines, n = [], 0
    if lines:
        yield lines


def _of_parquet(path: Path, size: int) -> Iterator[Rows]:
    try:
        parquet = import_module("pyarrow.parquet")
    except ImportError as error:
        raise InputError(f"Reading {path.name!r} needs pyarrow. Install it with: pip install matcher[io]") from error
    seen = 0
    try:
        with parquet.ParquetFile(path) as table:
            names = tuple(table.schema_arrow.names)
            files.check_header(list(names), repr(path.name))
            for batch in table.iter_batches(batch_size=size):
                yield Rows(list(enumerate(batch.to_pylist(), seen + 1)), names)
                seen += batch.num_rows
    except (ValueError, OSError) as error:  # pyarrow's own errors are one or the other
        raise InputError(f"{path.name!r} is a damaged Parquet file: {str(error).splitlines()[0]}.") from error
    if not seen:
        yield Rows([], names)


def _renumbered(found: Rows, seen: int) -> Rows:
    if not seen:
        return found
    rows: list[tuple[int, Any]] = [(n + seen, row) for n, row in found.rows]
    return replace(found, rows=rows, faults=[(n + seen, value, reason) for n, value, reason in found.faults])

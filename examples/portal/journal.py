"""Changes since the snapshot: the last one of every id, in memory and, where a file is given, on disk.

A change is acknowledged when its line is on disk. A line that a crash cut short was never acknowledged and is dropped.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from matcher.errors import StoreError


@dataclass(frozen=True)
class Change:
    """One row that came, changed or went.

    Attributes
    ----------
    at : str
        When, UTC, ISO.
    table : {'candidates', 'vacancies'}
    id : str
    told : dict or None
        The row as the index keeps it, personal columns gone; None: it went.
    """

    at: str
    table: str
    id: str
    told: dict[str, Any] | None


def now() -> str:
    """The present moment as changes tell it."""
    return stamp(dt.datetime.now(dt.UTC))


def stamp(moment: dt.datetime) -> str:
    """A moment in UTC, always of one length, so that stamps are ordered as texts."""
    return moment.astimezone(dt.UTC).isoformat(timespec="microseconds")


class Journal:
    """The changes by table and id; made of what the file holds. Its callers see to it that one writes at a time."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.changes: dict[tuple[str, str], Change] = {}
        self._file: BinaryIO | None = None
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._lock = self._locked(path)
            try:
                self._read(path)
            except StoreError:
                self._lock.close()
                raise
            self._file = open(path, "ab", buffering=0)  # noqa: SIM115 - open as long as the service runs

    def add(self, change: Change) -> None:
        """Note a change; it is on disk when this returns."""
        if self._file is not None:
            _append(self._file, _line(change))
        self.changes[change.table, change.id] = change

    def forget(self, before: str) -> None:
        """Drop changes older than a moment: a snapshot holds them."""
        self.changes = {key: change for key, change in self.changes.items() if change.at >= before}
        if self.path is None or self._file is None:
            return
        fresh = self.path.with_name(self.path.name + ".new")
        with open(fresh, "wb") as f:
            f.writelines(map(_line, self.changes.values()))
            f.flush()
            os.fsync(f.fileno())
        self._file.close()
        fresh.replace(self.path)
        self._file = open(self.path, "ab", buffering=0)  # noqa: SIM115

    def close(self) -> None:
        """Let another process have the file."""
        if self._file is not None:
            self._file.close()
            self._lock.close()

    @staticmethod
    def _locked(path: Path) -> TextIO:
        """A lock that ends with the process: two services on one journal would lose each other's changes."""
        lock = open(path.with_name(path.name + ".lock"), "w")  # noqa: SIM115
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.close()
            raise StoreError(f"Another service writes the journal {path}: give each its own.") from None
        return lock

    def _read(self, path: Path) -> None:
        data = path.read_bytes() if path.exists() else b""
        whole = data[: data.rfind(b"\n") + 1]
        if whole != data:
            os.truncate(path, len(whole))
        for number, line in enumerate(whole.splitlines(), 1):
            try:
                change = Change(**json.loads(line))
            except (ValueError, TypeError):
                raise StoreError(f"Line {number} of the journal {path} is damaged.") from None
            self.changes[change.table, change.id] = change


def _line(change: Change) -> bytes:
    return json.dumps(asdict(change), ensure_ascii=False, default=str).encode() + b"\n"


def _append(file: BinaryIO, line: bytes) -> None:
    """Write a line whole and on disk, or not at all: half of one would spoil the next."""
    size = os.fstat(file.fileno()).st_size
    try:
        if file.write(line) != len(line):
            raise OSError("the disk is full")
        os.fsync(file.fileno())
    except OSError:
        os.truncate(file.fileno(), size)
        raise

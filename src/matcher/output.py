"""Files that commands write: tables by their ending, and the record beside them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from matcher.errors import InputError

if TYPE_CHECKING:
    from matcher.pipeline import Matcher, Result
    from matcher.streaming import Blocks


class TableWriter:
    """Writes a table piece by piece by the file's ending; a context manager.

    The file appears under its name when the last piece is written, so that a crash leaves the old one whole.
    """

    def __init__(self, path: Path) -> None:
        check_output(path)
        self._path, self._temporary = path, path.with_name(f".{path.name}.part")
        self._append = _WRITERS[path.suffix.lower()]()

    def __enter__(self) -> TableWriter:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = open(self._temporary, "wb")
        except OSError as e:
            raise InputError(f"Cannot write {self._path}: {e.strerror or e}.") from None
        return self

    def write(self, frame: Any) -> None:
        """Append a piece; all pieces have the same columns."""
        with self._told():
            self._append.write(frame, self._file)

    def __exit__(self, kind: object, *_: object) -> None:
        try:
            with self._told():
                if kind is None:
                    self._append.close(self._file)
                self._file.close()
                if kind is None:
                    self._temporary.replace(self._path)
        finally:
            with suppress(OSError):
                self._temporary.unlink(missing_ok=True)

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Faults of writing as one sentence."""
        try:
            yield
        except ImportError:
            ending = self._path.suffix.lower()
            raise InputError(f"Writing {ending} needs an extra package: pip install matcher[io].") from None
        except OSError as e:
            raise InputError(f"Cannot write {self._path}: {e.strerror or e}.") from None


def write_table(frame: Any, path: Path) -> None:
    """Write a frame by the file's ending, under a temporary name first."""
    with TableWriter(path) as table:
        table.write(frame)


class _Csv:
    def __init__(self) -> None:
        self._is_first = True

    def write(self, frame: Any, f: IO[bytes]) -> None:
        frame.to_csv(f, index=False, header=self._is_first, lineterminator="\n")
        self._is_first = False

    def close(self, f: IO[bytes]) -> None:
        """Nothing is left to write."""


class _JsonLines:
    def write(self, frame: Any, f: IO[bytes]) -> None:
        """One JSON object a line; numbers in full, so that contributions still add up to the score when read back."""
        for row in frame.to_dict("records"):
            cells = {k: None if isinstance(x, float) and x != x else x for k, x in row.items()}
            f.write(json.dumps(cells, ensure_ascii=False).encode() + b"\n")

    def close(self, f: IO[bytes]) -> None:
        """Nothing is left to write."""


class _Parquet:
    def __init__(self) -> None:
        self._writer: Any = None

    def write(self, frame: Any, f: IO[bytes]) -> None:
        pyarrow, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
        table = pyarrow.Table.from_pandas(_one_type_of_ids(frame), preserve_index=False)
        self._writer = self._writer or parquet.ParquetWriter(f, table.schema)
        self._writer.write_table(table)

    def close(self, f: IO[bytes]) -> None:
        self._writer.close()


class _Excel:
    def __init__(self) -> None:
        self._frames: list[Any] = []

    def write(self, frame: Any, f: IO[bytes]) -> None:
        self._frames.append(frame)

    def close(self, f: IO[bytes]) -> None:
        import pandas as pd

        pd.concat(self._frames, ignore_index=True).to_excel(f, index=False, engine="openpyxl")


def _one_type_of_ids(frame: Any) -> Any:
    """Ids that are numbers here and text there become text, since a Parquet column has one type."""
    mixed = [c for c in frame.columns if frame[c].dtype == object and len({type(x) for x in frame[c]}) > 1]
    return frame.astype(dict.fromkeys(mixed, str)) if mixed else frame


def check_output(path: Path) -> None:
    """Say before the work what would fail after it."""
    if path.suffix.lower() not in _WRITERS:
        raise InputError(f"Cannot write {path}: the ending must be one of {', '.join(_WRITERS)}.")
    if path.is_dir():
        raise InputError(f"Cannot write {path}: it is a directory.")


def digest_of(path: str) -> dict[str, Any]:
    """Name, size and SHA-256 of a file."""
    import hashlib

    with open(path, "rb") as f:
        digest = hashlib.file_digest(f, "sha256").hexdigest()
    return {"file": Path(path).name, "bytes": Path(path).stat().st_size, "sha256": digest}


def write_meta(out: Path, engine: Matcher, result: Result | Blocks | None, inputs: Sequence[str], **more: Any) -> None:
    """Write ``OUT.meta.json``: digests of the inputs, versions, settings, summary."""
    summary = {"summary": result.summary.to_dict()} if result else {}
    write_plain_meta(out, inputs, **engine.about(), **more, **summary)


def write_plain_meta(out: Path, inputs: Sequence[str], **about: Any) -> None:
    """Write ``OUT.meta.json``: digests of the inputs, the version, and what else is told."""
    from importlib.metadata import version

    meta: dict[str, Any] = {"inputs": [digest_of(i) for i in inputs], "matcher": version("matcher"), **about}
    target = out.with_name(out.name + ".meta.json")
    text = json.dumps(meta, ensure_ascii=False, indent=1, sort_keys=True, default=str) + "\n"
    try:
        target.write_text(text, encoding="utf-8")
    except OSError as e:
        raise InputError(f"Cannot write {target}: {e.strerror or e}.") from None


_WRITERS: dict[str, Callable[[], Any]] = {".csv": _Csv, ".jsonl": _JsonLines, ".parquet": _Parquet, ".xlsx": _Excel}

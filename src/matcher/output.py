"""Files that commands write: tables by their ending, and the record beside them."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from matcher.errors import InputError

if TYPE_CHECKING:
    from matcher.pipeline import Matcher, Result


def write_table(frame: Any, path: Path) -> None:
    """Write a frame by the file's ending, under a temporary name first."""
    ending = path.suffix.lower()
    temporary = path.with_name(f".{path.name}.part")
    check_output(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(temporary, "wb") as f:
            _WRITERS[ending](frame, f)
        temporary.replace(path)
    except ImportError:
        raise InputError(f"Writing {ending} needs an extra package: pip install matcher[io].") from None
    except OSError as e:
        raise InputError(f"Cannot write {path}: {e.strerror or e}.") from None
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def _write_csv(frame: Any, f: IO[bytes]) -> None:
    frame.to_csv(f, index=False, lineterminator="\n")


def _write_jsonl(frame: Any, f: IO[bytes]) -> None:
    """One JSON object a line; numbers in full, so that contributions still add up to the score when read back."""
    for row in frame.to_dict("records"):
        cells = {k: None if isinstance(x, float) and x != x else x for k, x in row.items()}
        f.write(json.dumps(cells, ensure_ascii=False).encode() + b"\n")


def _write_parquet(frame: Any, f: IO[bytes]) -> None:
    _one_type_of_ids(frame).to_parquet(f, index=False)


def _write_xlsx(frame: Any, f: IO[bytes]) -> None:
    frame.to_excel(f, index=False, engine="openpyxl")


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

    data = Path(path).read_bytes()
    return {"file": Path(path).name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def write_meta(out: Path, engine: Matcher, result: Result | None, inputs: Sequence[str], **more: Any) -> None:
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


_WRITERS: dict[str, Callable[[Any, IO[bytes]], None]] = {
    ".csv": _write_csv,
    ".jsonl": _write_jsonl,
    ".parquet": _write_parquet,
    ".xlsx": _write_xlsx,
}

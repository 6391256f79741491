"""Saved engines: a directory with a manifest, JSON and ``.npy``; no pickle, nothing is run on loading.

Everything is checked before anything is built: format number, library version, names, sizes and digests of the
files. A directory is written under a temporary name and renamed, so that a crash leaves the old one whole.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from matcher.errors import StoreError

FORMAT = 1
"""Raised whenever a reader of the old number could misread the new files; old formats stay readable."""

MANIFEST = "manifest.json"
Array = npt.NDArray[Any]


def write(
    directory: str | Path, kind: str, about: Mapping[str, Any], texts: Mapping[str, Any], arrays: Mapping[str, Array]
) -> None:
    """Write JSON documents and arrays with a manifest that holds their digests.

    Parameters
    ----------
    directory : path
        Replaced as a whole when it is an engine already; must not exist otherwise, or be empty.
    kind : str
        What is saved (``engine``).
    about : mapping
        What the manifest says besides the files: versions, digests, settings.
    texts, arrays : mapping of name to content
        Written as ``<name>.json`` and ``<name>.npy``.

    Raises
    ------
    StoreError
        When the directory holds other files, or cannot be written.
    """
    target = Path(directory)
    check_target(target)
    try:
        _write(target, kind, about, texts, arrays)
    except OSError as e:
        raise StoreError(f"Cannot save into {target}: {e.strerror or e}.") from None


def _write(
    target: Path, kind: str, about: Mapping[str, Any], texts: Mapping[str, Any], arrays: Mapping[str, Array]
) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        files: dict[str, dict[str, Any]] = {}
        for name, content in texts.items():
            data = json.dumps(content, ensure_ascii=False, sort_keys=True, default=str).encode()
            files[f"{name}.json"] = _put(temporary / f"{name}.json", data)
        for name, array in arrays.items():
            buffer = io.BytesIO()
            np.save(buffer, np.asarray(array, order="C"), allow_pickle=False)
            files[f"{name}.npy"] = _put(temporary / f"{name}.npy", buffer.getbuffer())
        manifest = {"format": FORMAT, "kind": kind, **about, "files": files}
        _put(temporary / MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True).encode())
        _swap(temporary, target)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise


def check_target(directory: str | Path) -> None:
    """Say whether an engine may be saved here: nothing is there, an empty directory, or an engine and nothing else.

    Raises
    ------
    StoreError
        When it is a file, or a directory with files that no engine of ours wrote.
    """
    target = Path(directory)
    if target.is_file():
        raise StoreError(f"Cannot save into {target}: it is a file.")
    there = {p.name for p in target.iterdir()} if target.is_dir() else set()
    if there and not there <= _own_files(target):
        raise StoreError(f"Cannot save into {target}: the directory holds other files.")


def _own_files(target: Path) -> set[str]:
    """Names that the manifest of a saved engine tells, its own among them; none where there is no such manifest."""
    try:
        manifest = json.loads((target / MANIFEST).read_bytes())
    except (OSError, ValueError):
        return set()
    is_ours = isinstance(manifest, dict) and "format" in manifest and isinstance(manifest.get("files"), dict)
    return {MANIFEST, *manifest["files"]} if is_ours else set()


def _put(path: Path, data: bytes | memoryview) -> dict[str, Any]:
    with open(path, "wb") as f:
        f.write(data)
        f.flush()
        os.fsync(f.fileno())
    return _describe(data)


def _describe(data: bytes | memoryview) -> dict[str, Any]:
    return {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def _swap(temporary: Path, target: Path) -> None:
    """Put the new directory in the old one's place; the old one is kept aside until the new one stands."""
    temporary.chmod(0o755)
    if not target.exists():
        temporary.rename(target)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{target.name}.old.", dir=target.parent))
    target.rename(old / "was")
    try:
        temporary.rename(target)
    except BaseException:
        (old / "was").rename(target)
        old.rmdir()
        raise
    shutil.rmtree(old, ignore_errors=True)


def read(
    directory: str | Path, kind: str, *, mapped: bool = False, verify: bool = True
) -> tuple[dict[str, Any], dict[str, Any], dict[str, Array]]:
    """Check and read what ``write`` wrote.

    Parameters
    ----------
    mapped : bool
        Map the arrays into memory, read-only, in place of reading them.
    verify : bool
        Compare the digests of mapped arrays; without it, their sizes alone.

    Returns
    -------
    manifest, texts, arrays

    Raises
    ------
    StoreError
        One sentence that says what is wrong with the directory.
    """
    folder = Path(directory)
    manifest = _manifest(folder, kind)
    texts: dict[str, Any] = {}
    arrays: dict[str, Array] = {}
    for name, told in manifest["files"].items():
        is_mapped = mapped and name.endswith(".npy")
        data = b"" if is_mapped else _checked(folder, name, told)
        if is_mapped:
            _check_in_place(folder, name, told, verify=verify)
        stem, _, ending = name.rpartition(".")
        try:
            if ending == "json":
                texts[stem] = json.loads(data)
            elif is_mapped:
                arrays[stem] = np.load(folder / name, mmap_mode="r", allow_pickle=False)
            else:
                arrays[stem] = np.load(io.BytesIO(data), allow_pickle=False)
        except (ValueError, OSError, EOFError) as e:
            raise StoreError(f"The file {name} of {folder} cannot be read: {e}.") from None
    return manifest, texts, arrays


def _manifest(folder: Path, kind: str) -> dict[str, Any]:
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
    except OSError:
        raise StoreError(f"{folder} holds no saved engine: there is no readable {MANIFEST} in it.") from None
    except ValueError:
        raise StoreError(f"The {MANIFEST} of {folder} is damaged: it is not JSON.") from None
    if (
        not isinstance(manifest, dict)
        or not isinstance(manifest.get("format"), int)
        or not isinstance(manifest.get("files"), dict)
    ):
        raise StoreError(f"The {MANIFEST} of {folder} is damaged: format or files are missing.")
    if manifest["format"] < 1:
        raise StoreError(f"The {MANIFEST} of {folder} is damaged: there is no format {manifest['format']}.")
    if manifest["format"] > FORMAT:
        raise StoreError(
            f"{folder} was saved in format {manifest['format']}, newer than {FORMAT}: update matcher to read it."
        )
    if manifest.get("kind") != kind:
        raise StoreError(f"{folder} holds a saved {manifest.get('kind')!r}, not {kind!r}.")
    return manifest


def _check_in_place(folder: Path, name: str, told: Any, *, verify: bool) -> None:
    """Like ``_checked`` for a file that is too large to be read for it."""
    _check_name(folder, name, told)
    try:
        size = (folder / name).stat().st_size
        with open(folder / name, "rb") as f:
            digest = hashlib.file_digest(f, "sha256").hexdigest() if verify else told.get("sha256")
    except OSError:
        raise StoreError(f"{folder} is incomplete: {name} is missing.") from None
    if size != told.get("bytes") or digest != told.get("sha256"):
        raise StoreError(f"The file {name} of {folder} is damaged: its digest is not the one it was saved with.")


def _check_name(folder: Path, name: str, told: Any) -> None:
    if "/" in name or "\\" in name or not name.endswith((".json", ".npy")) or not isinstance(told, dict):
        raise StoreError(f"The {MANIFEST} of {folder} names a file it must not: {name!r}.")


def _checked(folder: Path, name: str, told: Any) -> bytes:
    _check_name(folder, name, told)
    try:
        data = (folder / name).read_bytes()
    except OSError:
        raise StoreError(f"{folder} is incomplete: {name} is missing.") from None
    if len(data) != told.get("bytes") or hashlib.sha256(data).hexdigest() != told.get("sha256"):
        raise StoreError(f"The file {name} of {folder} is damaged: its digest is not the one it was saved with.")
    return data

"""The taxonomy: canonical skills and roles, their names, parents and kin, from data files.

The files are CSV under ``resources/taxonomy``; a specialist edits them without touching code. Columns:
``id, label, label_en, kind, parents, kin, implies, typical, aliases, source``; lists are ``|``-separated.
Own files may leave columns out and bring others. A row with a known id and no label adds to that entry; one with
a label takes its place; one without an id (a phrase nobody decided on yet) is passed over.
An alias may carry marks: ``=`` exact form only, ``^`` only when typed in capitals, ``?`` only near its own field,
``+`` only behind a word of action («ремонт насосов»), ``~`` only where its text names nothing else.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from matcher.errors import InputError

COLUMNS = ("id", "label", "label_en", "kind", "parents", "kin", "implies", "typical", "aliases", "source")
_LISTS = ("parents", "kin", "implies", "typical", "aliases")
_ID = re.compile(r"[^\s|:,]+$")
KINDS = frozenset({"skill", "soft", "language", "permit", "standard", "material", "role"})


MARKS = {"=": "exact", "^": "capitals", "?": "ambiguous", "+": "governed", "~": "weak"}


@dataclass(frozen=True, slots=True)
class Alias:
    """One surface form of a skill, with its marks."""

    text: str
    exact: bool = False
    capitals: bool = False
    ambiguous: bool = False
    governed: bool = False
    weak: bool = False

    @classmethod
    def parse(cls, raw: str) -> Alias:
        """Read ``?^МО`` into its text and marks."""
        text = raw.lstrip("".join(MARKS))
        marks = raw[: len(raw) - len(text)]
        return cls(text.strip(), **{name: mark in marks for mark, name in MARKS.items()})


@dataclass(frozen=True, slots=True)
class Skill:
    """A canonical entry of the taxonomy."""

    id: str
    label: str
    label_en: str
    kind: str
    parents: tuple[str, ...]
    kin: Mapping[str, float]
    implies: tuple[str, ...]
    typical: tuple[str, ...]
    aliases: tuple[Alias, ...]
    source: str

    def __hash__(self) -> int:
        """Ids are unique, and an entry has many names: hashing them all would cost more than reading."""
        return hash(self.id)

    @property
    def field(self) -> str:
        """The part of the id before the dot: the field of work."""
        return self.id.partition(".")[0]


def _extended(row: Mapping[str, str], more: Mapping[str, str]) -> dict[str, str]:
    """A row with the lists of another joined to its own."""
    return {**row, **{c: "|".join(filter(None, (row[c], more[c]))) for c in _LISTS}}


def _read_own(path: Path) -> list[dict[str, str | None]]:
    """The rows of a user's file, comma or semicolon separated as spreadsheets write them."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as e:
        raise InputError(f"Cannot read the taxonomy file {path}: {e.strerror}.") from None
    except UnicodeDecodeError:
        raise InputError(f"The taxonomy file {path} is not UTF-8; save it as CSV UTF-8.") from None
    head = text.partition("\n")[0]
    rows = csv.DictReader(io.StringIO(text), delimiter=";" if head.count(";") > head.count(",") else ",")
    if "id" not in (rows.fieldnames or ()):
        raise InputError(f"The taxonomy file {path} has no column id. Its columns: {', '.join(rows.fieldnames or [])}.")
    return list(rows)


def _cells(raw: str) -> tuple[str, ...]:
    return tuple(c.strip() for c in raw.split("|") if c.strip())


def _skill(row: Mapping[str, str], where: str) -> Skill:
    if not _ID.match(row["id"]):
        raise InputError(f"{where}: the id {row['id']!r} must hold no spaces, commas, bars and colons.")
    if row["kind"] not in KINDS:
        raise InputError(f"{where}: kind {row['kind']!r} of {row['id']!r} is none of {sorted(KINDS)}.")
    kin = {}
    for cell in _cells(row["kin"]):
        name, _, strength = cell.partition(":")
        try:
            kin[name] = float(strength)
        except ValueError:
            raise InputError(f"{where}: kin {cell!r} of {row['id']!r} must look like id:0.6.") from None
    told = [Alias.parse(a) for a in _cells(row["aliases"])]
    # «?» or «~» before the label's own name marks the label
    doubtful = {a.text.casefold() for a in told if a.ambiguous or a.weak}
    names = [Alias.parse(n) for n in (row["label"], row["label_en"]) if n and n.casefold() not in doubtful]
    aliases = tuple(dict.fromkeys([*names, *told]))
    return Skill(
        id=row["id"], label=row["label"], label_en=row["label_en"], kind=row["kind"], parents=_cells(row["parents"]),
        kin=kin, implies=_cells(row["implies"]), typical=_cells(row["typical"]), aliases=aliases, source=row["source"],
    )  # fmt: skip


class Taxonomy(Mapping[str, Skill]):
    """Skills by id, with what is broader, what is narrower and what is near.

    Parameters
    ----------
    rows : iterable of mappings
        The columns of the data files; later rows replace earlier ones of the same id.

    Attributes
    ----------
    digest : str
        Of all rows: the version of the taxonomy.
    ancestors, descendants : mapping
        For each id, everything broader (narrower) than it with the number of steps (1 = parent).
    kin : mapping
        For each id, its near entries with a strength in (0, 1]; symmetric.

    Examples
    --------
    >>> taxonomy = Taxonomy.default()
    >>> taxonomy["it.postgresql"].kind
    'skill'
    """

    def __init__(self, rows: Iterable[Mapping[str, str | None]]) -> None:
        self._skills: dict[str, Skill] = {}
        merged: dict[str, dict[str, str]] = {}
        for i, raw in enumerate(rows, 2):
            row = {c: (raw.get(c) or "").strip() for c in COLUMNS}
            name = row["id"]
            if not name:
                continue
            if not row["label"] and name in merged:
                row = _extended(merged[name], row)
            elif not row["label"]:
                raise InputError(f"Taxonomy row {i}: a new entry needs a label. Got {name!r} without one.")
            row["kind"] = row["kind"] or "skill"
            self._skills[name] = _skill(row, f"taxonomy row {i}")
            merged[name] = row
        digest = hashlib.sha256()
        for row in merged.values():
            digest.update("\x1f".join(row[c] for c in COLUMNS).encode())
        self.digest = digest.hexdigest()[:16]
        for skill in self._skills.values():
            for other in (*skill.parents, *skill.kin):
                if other not in self._skills:
                    raise InputError(f"Taxonomy entry {skill.id!r} names {other!r}, which is no entry.")
        self.ancestors: Mapping[str, Mapping[str, int]] = _ancestors(self._skills)
        self.descendants: Mapping[str, Mapping[str, int]] = _descendants(self.ancestors)
        self.kin: Mapping[str, Mapping[str, float]] = _kin(self._skills)

    @classmethod
    def default(cls) -> Taxonomy:
        """The taxonomy shipped with the package, read once per process."""
        global _default
        with _lock:
            if _default is None:
                _default = cls(_read_resources())
            return _default

    @classmethod
    def load(cls, *paths: str | Path, base: bool = True) -> Taxonomy:
        """Read own CSV files on top of the shipped ones (``base=False``: instead of them).

        A path may be a directory: all its CSV files are read in the order of their names.
        """
        rows: list[Mapping[str, str | None]] = list(_read_resources()) if base else []
        for path in paths:
            files = sorted(Path(path).glob("*.csv")) if Path(path).is_dir() else [Path(path)]
            if not files:
                raise InputError(f"The directory {path} holds no CSV file.")
            for file in files:
                rows.extend(_read_own(file))
        return cls(rows)

    def __getitem__(self, key: str) -> Skill:
        return self._skills[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._skills)

    def __len__(self) -> int:
        return len(self._skills)


def _ancestors(skills: Mapping[str, Skill]) -> dict[str, dict[str, int]]:
    out: dict[str, dict[str, int]] = {}
    for name in skills:
        steps: dict[str, int] = {}
        level = list(skills[name].parents)
        n = 1
        while level:
            above: list[str] = []
            for p in level:
                if p not in steps and p != name:
                    steps[p] = n
                    above.extend(skills[p].parents)
            level, n = above, n + 1
        out[name] = steps
    return out


def _descendants(ancestors: Mapping[str, Mapping[str, int]]) -> dict[str, dict[str, int]]:
    out: dict[str, dict[str, int]] = {name: {} for name in ancestors}
    for name, above in ancestors.items():
        for p, steps in above.items():
            out[p][name] = steps
    return out


def _kin(skills: Mapping[str, Skill]) -> dict[str, dict[str, float]]:
    out: dict[str, dict[str, float]] = {name: {} for name in skills}
    for name, skill in skills.items():
        for other, strength in skill.kin.items():
            out[name][other] = max(strength, out[name].get(other, 0.0))
            out[other][name] = max(strength, out[other].get(name, 0.0))
    return out


_default: Taxonomy | None = None
_lock = threading.Lock()


def read_resource(name: str) -> list[dict[str, str]]:
    """Read one shipped CSV table as a list of rows."""
    with resources.files("matcher.resources").joinpath(name).open(encoding="utf-8") as f:
        return list(csv.DictReader(f))


def _read_resources() -> Iterator[dict[str, str]]:
    folder = resources.files("matcher.resources").joinpath("taxonomy")
    for file in sorted(folder.iterdir(), key=lambda p: p.name):
        if file.name.endswith(".csv"):
            yield from read_resource(f"taxonomy/{file.name}")

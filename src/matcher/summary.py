"""The account of a run: every row in exactly one place, every pair counted once."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from matcher.features.facts import Profile
from matcher.features.requests import Request
from matcher.ranking.scoring import Ranked
from matcher.tables import Loaded


@dataclass(frozen=True, slots=True)
class TableCount:
    """Rows of one table: ``rows == usable + insufficient_text + quarantined``."""

    rows: int
    usable: int
    insufficient_text: int
    quarantined: int
    in_ranking: int
    personal: Mapping[str, int]
    masked: int
    mended: Mapping[str, int]
    unknown_columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts of a run; ``pairs == scored + excluded + sum(refused)``."""

    by: str
    candidates: TableCount
    vacancies: TableCount
    pairs: int
    scored: int
    excluded: int
    refused: Mapping[str, int]
    ranked_pairs: int

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(self.to_text())}</pre>"

    def to_text(self) -> str:
        """The summary as lines of English, for terminals and logs."""
        lines = [_table_line("candidates", self.candidates), _table_line("vacancies", self.vacancies)]
        refused = "".join(f", {n} refused by {code}" for code, n in sorted(self.refused.items()))
        excluded = f", {self.excluded} excluded" if self.excluded else ""
        lines.append(
            f"pairs: {self.pairs} = {self.scored} scored{refused}{excluded}; {self.ranked_pairs} in the ranking"
        )
        for name, count in (("candidates", self.candidates), ("vacancies", self.vacancies)):
            if count.personal:
                dropped = ", ".join(f"{c} ({n})" for c, n in sorted(count.personal.items()))
                lines.append(f"{name}: personal columns dropped: {dropped}")
            if count.masked:
                lines.append(f"{name}: {count.masked} phones, e-mails and handles masked in texts")
            if count.mended:
                lines.append(
                    f"{name}: mended " + ", ".join(f"{what} ({n})" for what, n in sorted(count.mended.items()))
                )
            if count.unknown_columns:
                lines.append(f"{name}: columns not used: {', '.join(count.unknown_columns)}")
        return "\n".join(lines)


def _table_line(name: str, c: TableCount) -> str:
    return f"{name}: {c.rows} rows = {c.usable} usable + {c.insufficient_text} insufficient_text + {c.quarantined} quarantined; {c.in_ranking} in the ranking"


@dataclass(slots=True)
class Account:
    """Counts of one table as its blocks come in."""

    rows: int = 0
    records: int = 0
    insufficient: int = 0
    personal: Counter[str] = field(default_factory=Counter)
    masked: int = 0
    mended: Counter[str] = field(default_factory=Counter)
    unknown_columns: dict[str, None] = field(default_factory=dict)

    def add(self, loaded: Loaded[Any], n_empty: int) -> Account:
        """Count a block of which ``n_empty`` records tell nothing; returns itself."""
        self.rows += loaded.n_rows
        self.records += len(loaded.records)
        self.insufficient += n_empty
        self.personal.update(loaded.personal)
        self.masked += loaded.masked
        self.mended.update(loaded.mended)
        self.unknown_columns.update(dict.fromkeys(loaded.unknown_columns))
        return self

    def count(self, in_ranking: int) -> TableCount:
        """The counts, with how many of the records stand in the ranking."""
        return TableCount(
            rows=self.rows,
            usable=self.records - self.insufficient,
            insufficient_text=self.insufficient,
            quarantined=self.rows - self.records,
            in_ranking=in_ranking,
            personal=dict(self.personal),
            masked=self.masked,
            mended=dict(self.mended),
            unknown_columns=tuple(self.unknown_columns),
        )


def count_rows(
    left: Loaded[Any],
    right: Loaded[Any],
    profiles: Sequence[Profile],
    requests: Sequence[Request],
    ranked: Ranked,
    by: str,
) -> Summary:
    """Count rows and pairs of a run."""
    refused = sum(ranked.refused.values())
    return Summary(
        by=by,
        candidates=Account().add(left, sum(p.is_empty for p in profiles)).count(len(np.unique(ranked.rows))),
        vacancies=Account().add(right, sum(r.is_empty for r in requests)).count(len(np.unique(ranked.columns))),
        pairs=ranked.n_pairs,
        scored=ranked.n_pairs - refused - ranked.n_excluded,
        excluded=ranked.n_excluded,
        refused=ranked.refused,
        ranked_pairs=len(ranked.rows),
    )

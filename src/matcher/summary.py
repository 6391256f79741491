"""The account of a run: every row in exactly one place, every pair counted once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
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
        candidates=_count(left, [p.is_empty for p in profiles], len(np.unique(ranked.rows))),
        vacancies=_count(right, [r.is_empty for r in requests], len(np.unique(ranked.columns))),
        pairs=ranked.n_pairs,
        scored=ranked.n_pairs - refused - ranked.n_excluded,
        excluded=ranked.n_excluded,
        refused=ranked.refused,
        ranked_pairs=len(ranked.rows),
    )


def _count(loaded: Loaded[Any], empty: Sequence[bool], in_ranking: int) -> TableCount:
    n_empty = sum(empty)
    return TableCount(
        rows=loaded.n_rows,
        usable=len(loaded.records) - n_empty,
        insufficient_text=n_empty,
        quarantined=loaded.n_rows - len(loaded.records),
        in_ranking=in_ranking,
        personal=loaded.personal,
        masked=loaded.masked,
        mended=loaded.mended,
        unknown_columns=loaded.unknown_columns,
    )

"""One scored world of candidates and vacancies, and the frames that are made of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from matcher import columns
from matcher.errors import MatcherError
from matcher.features.facts import Profile
from matcher.features.requests import Request
from matcher.ranking.criteria import COSINE_CRITERIA, Parts, build_parts
from matcher.ranking.explain import Explainer
from matcher.ranking.scoring import Model, Ranked, contributions, known_share, rank, refusals
from matcher.ranking.units import to_score
from matcher.ranking.worth import Statistics
from matcher.report import Explanation
from matcher.settings import Settings, Weights
from matcher.taxonomy import Taxonomy

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Scored:
    """One world of candidates and vacancies, ready to be ranked and explained."""

    model: Model
    parts: Parts
    profiles: list[Profile]
    requests: list[Request]
    statistics: Statistics
    settings: Settings
    taxonomy: Taxonomy

    @cached_property
    def explainer(self) -> Explainer:
        """Explains pairs by row numbers."""
        vocabularies = {n: list(getattr(self.statistics, n).vocabulary_) for n in COSINE_CRITERIA}
        return Explainer(
            self.model, self.parts, self.profiles, self.requests, vocabularies, self.settings, self.taxonomy
        )

    @cached_property
    def row_of(self) -> dict[str, int]:
        """Candidate id as text -> row."""
        return {str(p.record.id): i for i, p in enumerate(self.profiles)}

    @cached_property
    def column_of(self) -> dict[str, int]:
        """Vacancy id as text -> column."""
        return {str(r.record.id): j for j, r in enumerate(self.requests)}

    def positions(self, pairs: Iterable[tuple[str, str]]) -> list[tuple[int, int]]:
        """(vacancy_id, candidate_id) pairs as (row, column), those of other tables left out."""
        found = [(self.row_of.get(c), self.column_of.get(v)) for v, c in sorted(pairs)]
        return [(i, j) for i, j in found if i is not None and j is not None]

    def under(self, settings: Settings) -> Scored:
        """The same texts, as they were read, scored under other weights and corrections; gates stay as they are."""
        parts = build_parts(self.profiles, self.requests, self.statistics, settings, self.taxonomy)
        model = replace(self.model, parts=parts.parts, thin=parts.thin)
        return replace(self, model=model, parts=parts, settings=settings)

    def ranking(self, *, by: str = "vacancy", top: int | None = 10) -> pd.DataFrame:
        """The ranking of this world; see ``pipeline.Result``."""
        return ranking_frame(self, rank(self.model, by=by, k=top), self.settings, explain=False)

    def explain(self, i: int, j: int) -> Explanation:
        """Explanation of candidate row i and vacancy column j."""
        return Explanation(self.explainer.explain(i, j))

    def explain_ids(self, candidate_id: Any, vacancy_id: Any) -> Explanation:
        """Explanation by ids."""
        i, j = self.row_of.get(str(candidate_id)), self.column_of.get(str(vacancy_id))
        if i is None or j is None:
            missing = f"candidate {candidate_id!r}" if i is None else f"vacancy {vacancy_id!r}"
            raise MatcherError(f"There is no {missing} in this run.")
        return self.explain(i, j)


def id_order(ids: Sequence[Any]) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Position of each id in code-point order of its text."""
    by_text = sorted(range(len(ids)), key=lambda i: str(ids[i]))
    out = np.empty(len(ids), dtype=np.int64)
    out[by_text] = np.arange(len(ids))
    return out


def plain_frame(rows: Sequence[Mapping[str, Any]], names: Sequence[str]) -> pd.DataFrame:
    """Rows as a frame of objects with the named columns, empty or not."""
    import pandas as pd

    return pd.DataFrame({n: pd.Series([r.get(n) for r in rows], dtype=object) for n in names})


def _id_series(ids: Sequence[Any]) -> pd.Series[Any]:
    """Ids in the caller's type: whole numbers stay numbers where all are."""
    import pandas as pd

    numbers = bool(ids) and all(isinstance(i, int) and abs(i) < 2**63 for i in ids)
    return pd.Series(list(ids), dtype="int64" if numbers else object)


def ranking_frame(scored: Scored, ranked: Ranked, settings: Settings, explain: bool) -> pd.DataFrame:
    """The ranking with contributions; see ``pipeline.Result``."""
    import pandas as pd

    model = scored.model
    order = np.lexsort((ranked.rank, _query_order(model, ranked)))
    rows, cols = ranked.rows[order], ranked.columns[order]
    names, units = contributions(model, rows, cols)
    frame = pd.DataFrame(
        {
            columns.VACANCY_ID: _id_series([scored.requests[j].record.id for j in cols]),
            columns.CANDIDATE_ID: _id_series([scored.profiles[i].record.id for i in rows]),
            "rank": ranked.rank[order].astype(np.int64),
            "score": to_score(ranked.units[order]),
            "known": known_share(model, rows, cols),
        }
    )
    stated = {p.name: p.total[cols] > 0 for p in model.parts}
    for name in (*_criteria(settings), "thinness"):
        if name in names:
            values = to_score(units[:, names.index(name)])
            frame[name] = values if name == "thinness" else np.where(stated[name], values, np.nan)
        else:
            frame[name] = np.full(len(frame), 0.0 if name == "thinness" else np.nan)
    if explain:
        texts = [scored.explain(int(i), int(j)).to_json() for i, j in zip(rows, cols, strict=True)]
        frame["explanation"] = pd.Series(texts, dtype=object)
    return frame


def _query_order(model: Model, ranked: Ranked) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Queries come in code-point order of their ids, whatever the order of the input."""
    return model.order_columns[ranked.columns] if ranked.by == "vacancy" else model.order_rows[ranked.rows]


def _criteria(settings: Settings) -> list[str]:
    weights = asdict(settings.weights)
    return [name for name in Weights.__dataclass_fields__ if weights[name] > 0]


def insufficient_frame(scored: Scored) -> pd.DataFrame:
    """Candidates and vacancies of which nothing is known."""
    rows = [{"table": "candidates", "id": p.record.id} for p in scored.profiles if p.is_empty]
    rows += [{"table": "vacancies", "id": r.record.id} for r in scored.requests if r.is_empty]
    return plain_frame(rows, ("table", "id"))


def rejections_frame(scored: Scored) -> pd.DataFrame:
    """Every refused pair with its first reason, in code-point order of the ids."""
    import pandas as pd

    model = scored.model
    rows, cols = np.flatnonzero(model.usable_rows), np.flatnonzero(model.usable_columns)
    rows, cols = rows[np.argsort(model.order_rows[rows])], cols[np.argsort(model.order_columns[cols])]
    refused = refusals(model, rows, cols)
    j, i = np.nonzero(refused.T >= 0)
    codes = np.array([g.code for g in model.gates], dtype=object)
    reasons = codes[refused[i, j]] if len(i) else np.zeros(0, dtype=object)
    return pd.DataFrame(
        {
            columns.VACANCY_ID: _id_series([scored.requests[c].record.id for c in cols[j]]),
            columns.CANDIDATE_ID: _id_series([scored.profiles[r].record.id for r in rows[i]]),
            "reason": pd.Series(reasons, dtype=object),
        }
    )

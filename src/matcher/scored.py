"""One scored world of candidates and vacancies, and the frames that are made of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from matcher import columns
from matcher.calibration import probabilities, probability
from matcher.errors import MatcherError
from matcher.features.facts import Profile
from matcher.features.requests import Request
from matcher.ranking.asking import COSINE_CRITERIA
from matcher.ranking.criteria import Parts, build_parts
from matcher.ranking.explain import Explainer
from matcher.ranking.scoring import (
    Model,
    Ranked,
    block_units,
    contributions,
    known_share,
    pair_units,
    rank,
    refusals,
    rest_of,
)
from matcher.ranking.second import SecondStage
from matcher.ranking.units import IntArray, to_score
from matcher.ranking.wishes import Wishes, build_wishes
from matcher.ranking.worth import Statistics
from matcher.refusals import SENTENCES
from matcher.report import Explanation, Place
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
    second: SecondStage | None = None

    @cached_property
    def explainer(self) -> Explainer:
        """Explains pairs by row numbers."""
        vocabularies = {n: list(getattr(self.statistics, n).vocabulary_) for n in COSINE_CRITERIA}
        return Explainer(
            self.model,
            self.parts,
            self.profiles,
            self.requests,
            vocabularies,
            self.settings,
            self.taxonomy,
            self.wishes,
        )

    @cached_property
    def wishes(self) -> Wishes:
        """What candidates wish for, met by what vacancies offer; part of the score where the settings say so."""
        return build_wishes(self.profiles, self.requests, self.statistics.title, self.settings, self.taxonomy)

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
        model = replace(self.model, parts=parts.parts, thin=parts.thin, caps=parts.caps, wishes=None)
        return replace(self, model=model, parts=parts, settings=settings).in_both_directions()

    def in_both_directions(self) -> Scored:
        """The same with the candidates' wishes in the score, where the settings ask for them."""
        if self.settings.wishes.combine == "off":
            return self
        return replace(self, model=replace(self.model, wishes=self.wishes))

    def ranking(self, *, by: str = "vacancy", top: int | None = 10) -> pd.DataFrame:
        """The ranking of this world; see ``pipeline.Result``."""
        return ranking_frame(self, self.ranked(by=by, top=top))

    def ranked(self, *, by: str, top: int | None, **more: Any) -> Ranked:
        """The lists, put in order by the second stage where there is one; ``more`` as for ``scoring.rank``."""
        if self.second is None:
            return rank(self.model, by=by, k=top, **more)
        first = None if top is None else max(top, int(self.settings.rerank.first))
        return self.second.rerank(self.model, rank(self.model, by=by, k=first, **more), top)

    def explain(self, i: int, j: int, *, in_list: bool = True) -> Explanation:
        """Explanation of candidate row i and vacancy column j, with the place in the vacancy's list where wanted."""
        terms = self.explainer.explain(i, j)
        candidate, vacancy = self.profiles[i].record, self.requests[j].record
        return Explanation(
            terms,
            refusals=tuple(SENTENCES[code](candidate, vacancy) for code in terms.refused),
            place=self.place(i, j) if in_list and len(self.profiles) > 1 else None,
            probability=probability(self.settings.calibration, terms.score),
            second=self._second(i, j),
        )

    def _second(self, i: int, j: int) -> dict[str, float] | None:
        """Contributions to the score of the second stage, where there is one."""
        if self.second is None:
            return None
        terms = to_score(self.second.terms(self.model, np.array([i]), np.array([j]))[0]).tolist()
        return dict(zip((*self.second.names, "base"), terms, strict=True))

    def place(self, i: int, j: int) -> Place | None:
        """Where candidate row i stands in the whole list of vacancy column j; None where he is not in it."""
        rows, units = self._lists(j)
        at = np.flatnonzero(rows == i)
        if not len(at):
            return None
        mine, order = units[at[0]], self.model.order_rows
        lower = int((units < mine).sum())
        earlier = int(((units == mine) & (order[rows] < order[i])).sum())
        return Place(int((units > mine).sum()) + earlier + 1, len(rows), lower / len(rows))

    @cached_property
    def _lists(self) -> Callable[[int], tuple[IntArray, IntArray]]:
        """Rows that a vacancy's list holds and their scores; the last few vacancies are remembered."""
        return lru_cache(maxsize=16)(self._list_of)

    def _list_of(self, j: int) -> tuple[IntArray, IntArray]:
        rows = np.flatnonzero(self.model.usable_rows)
        column = np.array([j])
        rows = rows[refusals(self.model, rows, column)[:, 0] < 0]
        return rows, block_units(self.model, rows, column)[:, 0]

    def explain_ids(self, candidate_id: Any, vacancy_id: Any, *, in_list: bool = True) -> Explanation:
        """Explanation by ids, with the place in the vacancy's list where wanted."""
        i, j = self.row_of.get(str(candidate_id)), self.column_of.get(str(vacancy_id))
        if i is None or j is None:
            missing = f"candidate {candidate_id!r}" if i is None else f"vacancy {vacancy_id!r}"
            raise MatcherError(f"There is no {missing} in this run.")
        return self.explain(i, j, in_list=in_list)


def plain_frame(rows: Sequence[Mapping[str, Any]], names: Sequence[str]) -> pd.DataFrame:
    """Rows as a frame of objects with the named columns, empty or not."""
    import pandas as pd

    return pd.DataFrame({n: pd.Series([r.get(n) for r in rows], dtype=object) for n in names})


def id_series(ids: Sequence[Any]) -> pd.Series[Any]:
    """Ids in the caller's type: whole numbers stay numbers where all are."""
    import pandas as pd

    numbers = bool(ids) and all(isinstance(i, int) and abs(i) < 2**63 for i in ids)
    return pd.Series(list(ids), dtype="int64" if numbers else object)


def ranking_frame(scored: Scored, ranked: Ranked, *, explain: bool = False) -> pd.DataFrame:
    """The ranking with contributions; see ``pipeline.Result``."""
    import pandas as pd

    model = scored.model
    order = np.lexsort((ranked.rank, _query_order(model, ranked)))
    rows, cols = ranked.rows[order], ranked.columns[order]
    frame = pd.DataFrame(
        {
            columns.VACANCY_ID: id_series([scored.requests[j].record.id for j in cols]),
            columns.CANDIDATE_ID: id_series([scored.profiles[i].record.id for i in rows]),
            "rank": ranked.rank[order].astype(np.int64),
            "score": to_score(ranked.units[order]),
            "known": known_share(model, rows, cols),
            **_readings(scored, ranked, order),
        }
    )
    names, units = contributions(model, rows, cols)
    stated = {p.name: p.total[cols] > 0 for p in model.parts}
    rest = rest_of(model)
    if scored.second:
        names, units, stated = [*scored.second.names, "base"], scored.second.terms(model, rows, cols), {}
        rest = ["thinness", "base"]
    for name in (*_criteria(scored.settings), *rest):
        if name in names:
            values = to_score(units[:, names.index(name)])
            frame[name] = np.where(stated[name], values, np.nan) if name in stated else values
        else:
            frame[name] = np.full(len(frame), 0.0 if name == "thinness" else np.nan)
    if explain:
        texts = [scored.explain(int(i), int(j), in_list=False).to_json() for i, j in zip(rows, cols, strict=True)]
        frame["explanation"] = pd.Series(texts, dtype=object)
    return frame


def _readings(scored: Scored, ranked: Ranked, order: IntArray) -> dict[str, Any]:
    """Columns that say what a score means, where they were asked for: see ``columns.READINGS``."""
    out: dict[str, Any] = {}
    rows, cols = ranked.rows[order], ranked.columns[order]
    first = ranked.units if ranked.units_first is None else ranked.units_first
    if scored.second:
        out["score_first"] = to_score(first[order])
    if scored.model.wishes is not None:
        out["score_vacancy"] = to_score(pair_units(replace(scored.model, wishes=None), rows, cols))
        wished = to_score(scored.model.wishes.pairs(rows, cols))
        out["score_candidate"] = np.where(scored.model.wishes.stated[rows], wished, np.nan)
    if ranked.percentile is not None:
        out["percentile"] = ranked.percentile[order]
    if scored.settings.calibration.slope > 0:
        out["probability"] = probabilities(scored.settings.calibration, to_score(first[order]))
    return out


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
            columns.VACANCY_ID: id_series([scored.requests[c].record.id for c in cols[j]]),
            columns.CANDIDATE_ID: id_series([scored.profiles[r].record.id for r in rows[i]]),
            "reason": pd.Series(reasons, dtype=object),
        }
    )

"""Labelled pairs as numbers: the degree of every criterion, and how relevant a reader or an outcome said the pair is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from matcher.errors import InputError
from matcher.evaluation import GAINS, Query, frame_of, ndcg
from matcher.ranking.scoring import degrees

if TYPE_CHECKING:
    from matcher.scored import Scored

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

OUTCOMES: Mapping[str, float | None] = {
    "hired": 3, "offer": 3, "принят": 3, "принята": 3, "нанят": 3, "трудоустроен": 3, "трудоустроена": 3, "оффер": 3,
    "placed": 3, "размещен": 3, "размещена": 3,
    "invited": 2, "interview": 2, "приглашен": 2, "приглашена": 2, "приглашение": 2, "собеседование": 2,
    "rejected": 0, "refused": 0, "отказ": 0, "отклонен": 0, "отклонена": 0,
    "in progress": None, "new": None, "viewed": None, "applied": None, "withdrawn": None, "подана заявка": None,
    "отозвана заявка": None, "на рассмотрении": None, "в работе": None, "новый": None, "": None,
}  # fmt: skip
"""What an outcome says of a pair; None: nothing yet, the pair is left out."""


_FEWEST = 10
"""Vacancies below which nothing is learnt."""


@dataclass(frozen=True)
class Judged:
    """Degrees of labelled pairs.

    Attributes
    ----------
    names : tuple of str
        Criteria.
    degrees : ndarray of shape (n_pairs, n_criteria)
        In [0, 1]; 0 where the vacancy does not state the criterion, for all its candidates alike.
    query, rows : ndarray of shape (n_pairs,)
        Numbers of the vacancy, rising, and of the candidate.
    relevance : ndarray of shape (n_pairs,)
    """

    names: tuple[str, ...]
    degrees: Floats
    query: Ints
    rows: Ints
    relevance: Floats

    @property
    def queries(self) -> Ints:
        """The vacancies that can be judged: those with pairs of unlike relevance."""
        return np.array(
            [q for q in np.unique(self.query) if np.ptp(self.relevance[self.query == q]) > 0], dtype=np.int64
        )

    def of(self, queries: Ints) -> Judged:
        """The pairs of some vacancies."""
        kept = np.isin(self.query, queries)
        return Judged(self.names, self.degrees[kept], self.query[kept], self.rows[kept], self.relevance[kept])


def judge(scored: Scored, labels: Any) -> Judged:
    """The degrees of every labelled pair."""
    told = _labels(labels)
    pairs = [(scored.row_of.get(c), scored.column_of.get(v), r) for v, c, r in told]
    known = sorted((j, i, r) for i, j, r in pairs if i is not None and j is not None)
    if not known:
        raise InputError("No label speaks of a candidate and a vacancy of the tables.")
    columns, rows = (np.array([pair[n] for pair in known], dtype=np.int64) for n in (0, 1))
    names, degrees = degrees_of(scored, rows, columns)
    return Judged(names, degrees, columns, rows, np.array([r for *_, r in known], dtype=np.float64))


def judgeable(judged: Judged) -> Ints:
    """The vacancies that can be judged.

    Raises
    ------
    InputError
        When they are too few to learn from.
    """
    queries = judged.queries
    if len(queries) < _FEWEST:
        raise InputError(
            f"Learning needs at least {_FEWEST} vacancies whose labelled candidates differ in relevance. Got {len(queries)}."
        )
    return queries


def ndcg_by_query(judged: Judged, scores: Floats, k: int = 10) -> dict[int, float]:
    """The nDCG of the labelled pairs of each vacancy that can be judged, in the order of some scores."""
    out = {}
    for q in judged.queries:
        here = judged.query == q
        relevance = judged.relevance[here]
        ranked = relevance[np.argsort(-scores[here], kind="stable")]
        out[int(q)] = ndcg(Query(ranked, np.sort(relevance)[::-1], k, 1, GAINS["exponential"]))
    return out


def degrees_of(scored: Scored, rows: Ints, columns: Ints) -> tuple[tuple[str, ...], Floats]:
    """Criteria, and the degrees of pairs, times the vacancy's own factor; 0 where it does not state the criterion."""
    parts = scored.model.parts
    out = np.zeros((len(rows), len(parts)))
    vacancies, place = np.unique(columns, return_inverse=True)
    for k, part in enumerate(parts):
        factors = np.array([scored.requests[j].record.factor(part.name) for j in vacancies])
        out[:, k] = np.nan_to_num(degrees(part, rows, columns)) * factors[place]
    return tuple(part.name for part in parts), out


def _labels(labels: Any) -> list[tuple[str, str, float]]:
    frame = frame_of(labels, "labels")
    names = {str(name) for name in frame.columns}
    rows: list[dict[str, Any]] = [{str(name): value for name, value in r.items()} for r in frame.to_dict("records")]
    what = "relevance" if "relevance" in names else "outcome"
    missing = {"vacancy_id", "candidate_id", what} - names
    if missing:
        raise InputError(
            f"The labels table has no column {', '.join(sorted(missing))} (relevance or outcome is needed)."
        )
    read = _relevance if what == "relevance" else _outcome
    found = [(str(r["vacancy_id"]), str(r["candidate_id"]), read(r[what], n)) for n, r in enumerate(rows, 1)]
    return [(v, c, r) for v, c, r in found if r is not None]


def _relevance(raw: Any, row: int) -> float | None:
    try:
        value = float(raw)
    except (TypeError, ValueError):
        raise InputError(f"The relevance in row {row} of the labels is no number. Got {raw!r}.") from None
    if not 0 <= value <= 10:
        raise InputError(f"The relevance in row {row} of the labels must lie in 0..10. Got {raw!r}.")
    return value


def read_outcomes(source: Any) -> list[tuple[str, str, float | None]]:
    """Vacancy, candidate and what the outcome says of the pair (None while nothing does), as ids in text.

    Raises
    ------
    InputError
        When a column is missing or an outcome is not known.
    """
    frame = frame_of(source, "outcomes")
    missing = {"vacancy_id", "candidate_id", "outcome"} - {str(name) for name in frame.columns}
    if missing:
        raise InputError(f"The outcomes table has no column {', '.join(sorted(missing))}.")
    told = zip(frame["vacancy_id"], frame["candidate_id"], frame["outcome"], strict=True)
    return [(str(v), str(c), _outcome(o, n)) for n, (v, c, o) in enumerate(told, 1)]


def _outcome(raw: Any, row: int) -> float | None:
    word = str(raw if raw is not None else "").strip().lower().replace("ё", "е")
    if word not in OUTCOMES:
        known = ", ".join(filter(None, OUTCOMES))
        raise InputError(f"The outcome in row {row} is not known. Got {raw!r}; known: {known}, or an empty cell.")
    return OUTCOMES[word]

"""How good a ranking is against labels: measures with intervals, and a paired test between two rankings.

Every measure is a function of one query's relevances in the order of the ranking; a query without relevant labels is
left out, a query that the ranking does not list counts zero.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matcher import files
from matcher.errors import InputError, wrong_parameter
from matcher.significance import bootstrap, sign_flip

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
_SIDES = {"vacancy": ("vacancy_id", "candidate_id"), "candidate": ("candidate_id", "vacancy_id")}


class Query(NamedTuple):
    """One query: relevances of what was ranked, best first, and of everything labelled, highest first."""

    ranked: Floats
    labelled: Floats
    k: int
    relevant: float
    gain: Callable[[Floats], Floats]


# ---------------------------------------------------------------- measures


def ndcg(q: Query) -> float:
    """Normalised discounted cumulative gain of the first k (Järvelin and Kekäläinen, 2002)."""
    discount = 1 / np.log2(np.arange(2, q.k + 2))
    got, best = q.gain(q.ranked[: q.k]), q.gain(q.labelled[: q.k])
    return float((got * discount[: len(got)]).sum() / (best * discount[: len(best)]).sum())


def average_precision(q: Query) -> float:
    """Mean of the precisions at each relevant item, over all relevant ones."""
    places = np.flatnonzero(q.ranked >= q.relevant)
    n_relevant = int((q.labelled >= q.relevant).sum())
    return float(((np.arange(len(places)) + 1) / (places + 1)).sum() / n_relevant) if n_relevant else 0.0


def reciprocal_rank(q: Query) -> float:
    """One over the rank of the first relevant item."""
    places = np.flatnonzero(q.ranked >= q.relevant)
    return float(1 / (places[0] + 1)) if len(places) else 0.0


def recall(q: Query) -> float:
    """Share of the relevant items that stand among the first k."""
    n_relevant = int((q.labelled >= q.relevant).sum())
    return float((q.ranked[: q.k] >= q.relevant).sum() / n_relevant) if n_relevant else 0.0


def precision(q: Query) -> float:
    """Share of the first k that is relevant; a shorter list is filled up with misses."""
    return float((q.ranked[: q.k] >= q.relevant).sum() / q.k)


MEASURES: Mapping[str, Callable[[Query], float]] = {
    "nDCG@k": ndcg, "MAP": average_precision, "MRR": reciprocal_rank, "recall@k": recall, "P@k": precision,
}  # fmt: skip
GAINS: Mapping[str, Callable[[Floats], Floats]] = {"exponential": lambda r: np.exp2(r) - 1, "linear": lambda r: r}
"""What a relevance is worth: 2^r - 1 (Burges et al., 2005), or r itself."""


# ---------------------------------------------------------------- evaluate


@dataclass(frozen=True)
class Evaluation:
    """What was measured.

    Attributes
    ----------
    table : DataFrame
        One row a measure: ``measure, value, low, high`` (95 % bootstrap interval over queries) and, against another
        ranking, ``other, difference, difference_low, difference_high, p`` (paired sign-flip test).
    queries : DataFrame
        One row a query: its id and its measures, those of the other ranking with the suffix ``_other``.
    coverage : dict
        Shares of the labelled queries that are listed, and of the items listed in some top k.
    """

    table: pd.DataFrame
    queries: pd.DataFrame
    coverage: dict[str, float]

    def to_text(self) -> str:
        """The table as lines to print."""
        lines = [f"{len(self.queries)} queries"]
        for row in self.table.to_dict("records"):
            line = f"{row['measure']:10s} {row['value']:.3f} [{row['low']:.3f}, {row['high']:.3f}]"
            if "other" in row:
                line += (
                    f"   other {row['other']:.3f}   difference {row['difference']:+.3f} "
                    f"[{row['difference_low']:+.3f}, {row['difference_high']:+.3f}]   p = {row['p']:.4f}"
                )
            lines.append(line)
        lines += [f"{name:10s} {value:.3f}" for name, value in self.coverage.items()]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        return str(self.table.round(3).to_html(index=False))


def evaluate(
    ranking: Any,
    labels: Any,
    *,
    against: Any = None,
    by: str = "vacancy",
    k: int = 10,
    relevant: float = 1,
    gain: str = "exponential",
    unjudged: str = "auto",
    n_boot: int = 2000,
    seed: int = 0,
) -> Evaluation:
    """Measure a ranking against labels.

    Parameters
    ----------
    ranking : path or DataFrame
        ``vacancy_id, candidate_id, score``; higher is better, equal scores fall by id.
    labels : path or DataFrame
        ``vacancy_id, candidate_id, relevance`` with relevance >= 0 (0 irrelevant, 3 perfect).
    against : path or DataFrame, optional
        Another ranking of the same queries, for a paired test.
    by : {'vacancy', 'candidate'}
        Whose lists are judged.
    k : int
        Length of list for nDCG, recall and precision.
    relevant : float
        Least relevance that counts as relevant for MAP, MRR, recall and precision.
    gain : {'exponential', 'linear'}
        What a relevance is worth in nDCG: ``2^r - 1`` or ``r``.
    unjudged : {'auto', 'drop', 'irrelevant'}
        Pairs without a label: left out of the lists, or counted as irrelevant; ``auto`` leaves them out where the
        labels hold zeros, that is, where irrelevance was judged too.
    n_boot : int
        Bootstrap samples of queries, and sign flips of the test.
    seed : int
        Of both.

    Returns
    -------
    Evaluation

    Raises
    ------
    InputError
        When a column is missing, nothing is relevant, or a number is none.

    Examples
    --------
    >>> import pandas as pd
    >>> labels = pd.DataFrame({"vacancy_id": 1, "candidate_id": ["a", "b", "c"], "relevance": [2, 0, 1]})
    >>> ranking = pd.DataFrame({"vacancy_id": 1, "candidate_id": ["a", "b", "c"], "score": [0.9, 0.8, 0.7]})
    >>> table = evaluate(ranking, labels).table
    >>> [(m, round(float(v), 2)) for m, v in zip(table["measure"], table["value"], strict=True)]
    [('nDCG@10', 0.96), ('MAP', 0.83), ('MRR', 1.0), ('recall@10', 1.0), ('P@10', 0.2)]
    """
    _check(by, k, gain, unjudged)
    query, item = _SIDES[by]
    truth = _read(labels, query, item, "relevance", "labels")
    if (truth["relevance"] < 0).any():
        raise InputError("The labels hold a relevance below 0.")
    drop = unjudged == "drop" or (unjudged == "auto" and bool((truth["relevance"] == 0).any()))
    wanted = truth.groupby("query")["relevance"].max()
    wanted = wanted[wanted >= max(relevant, np.finfo(float).tiny)]
    if wanted.empty:
        raise InputError(f"No label reaches the relevance {relevant:g}: there is nothing to measure.")
    frames, listed = [], []
    for source in (ranking, *([] if against is None else [against])):
        ranked = _read(source, query, item, "score", "ranking")
        frames.append(_per_query(ranked, truth, list(wanted.index), drop, k, relevant, GAINS[gain]))
        listed.append(ranked)
    queries = frames[0] if against is None else frames[0].join(frames[1].add_suffix("_other"))
    table = _table(frames, k, seed, n_boot)
    return Evaluation(table, queries.rename_axis(query).reset_index(), _coverage(listed[0], truth, wanted.index, k))


def _check(by: str, k: int, gain: str, unjudged: str) -> None:
    for name, value, allowed in (
        ("by", by, tuple(_SIDES)), ("gain", gain, tuple(GAINS)), ("unjudged", unjudged, ("auto", "drop", "irrelevant")),
    ):  # fmt: skip
        if value not in allowed:
            raise InputError(wrong_parameter(name, "evaluate", f"one of {allowed}", value))
    if not isinstance(k, int) or isinstance(k, bool) or k < 1:
        raise InputError(wrong_parameter("k", "evaluate", "an int >= 1", k))


def frame_of(source: Any, name: str) -> pd.DataFrame:
    """A table of any kind as a frame; ``name`` is what messages call it."""
    import pandas as pd

    if isinstance(source, pd.DataFrame):
        return source
    found = files.read(source, name)
    if found.faults:
        number, _, reason = found.faults[0]
        raise InputError(f"The {name} table: row {number} {reason}.")
    return pd.DataFrame([dict(row) for _, row in found.rows], columns=list(found.columns) or None)


def _read(source: Any, query: str, item: str, number: str, name: str) -> pd.DataFrame:
    """A table as ``query, item`` (text) and a number; doubles are refused."""
    import pandas as pd

    frame = frame_of(source, name)
    missing = [c for c in (query, item, number) if c not in frame.columns]
    if missing:
        raise InputError(
            f"The {name} table has no column {', '.join(missing)}. Its columns: {', '.join(frame.columns)}."
        )
    out = pd.DataFrame({"query": frame[query].astype(str), "item": frame[item].astype(str)})
    out[number] = pd.to_numeric(frame[number], errors="coerce").astype(float)
    bad = out[number].isna()
    if bad.any():
        raise InputError(f"The {name} table has a {number} that is no number in row {int(np.argmax(bad)) + 1}.")
    double = out.duplicated(["query", "item"])
    if double.any():
        row = out[double].iloc[0]
        raise InputError(f"The {name} table lists the pair {row['query']}, {row['item']} twice.")
    return out


def _per_query(
    ranked: pd.DataFrame, truth: pd.DataFrame, ids: list[str], drop: bool, k: int, relevant: float, gain: Any
) -> pd.DataFrame:
    import pandas as pd

    met = ranked.merge(truth, how="inner" if drop else "left", on=["query", "item"]).fillna({"relevance": 0.0})
    met = met.sort_values(["query", "score", "item"], ascending=[True, False, True])
    lists = {name: g.to_numpy() for name, g in met.groupby("query")["relevance"]}
    labelled = {name: np.sort(g.to_numpy())[::-1] for name, g in truth.groupby("query")["relevance"]}
    rows = [
        {
            name: measure(Query(lists.get(i, np.zeros(0)), labelled[i], k, relevant, gain))
            for name, measure in MEASURES.items()
        }
        for i in ids
    ]
    return pd.DataFrame(rows, index=ids)


def _table(frames: list[pd.DataFrame], k: int, seed: int, n_boot: int) -> pd.DataFrame:
    import pandas as pd

    rows = []
    for name in MEASURES:  # the same samples of queries for every measure
        values = frames[0][name].to_numpy()
        row: dict[str, Any] = {"measure": name.replace("@k", f"@{k}"), "value": values.mean()}
        row["low"], row["high"] = bootstrap(values, np.random.default_rng(seed), n_boot)
        if len(frames) > 1:
            other = frames[1][name].to_numpy()
            gap = values - other
            row |= {"other": other.mean(), "difference": gap.mean()}
            row["difference_low"], row["difference_high"] = bootstrap(gap, np.random.default_rng(seed), n_boot)
            row["p"] = sign_flip(gap, np.random.default_rng(seed), n_boot)
        rows.append(row)
    return pd.DataFrame(rows)


def _coverage(ranked: pd.DataFrame, truth: pd.DataFrame, ids: pd.Index[Any], k: int) -> dict[str, float]:
    order = ranked.sort_values(["query", "score", "item"], ascending=[True, False, True])
    top = order.groupby("query").head(k)
    labelled = set(truth["item"])
    return {
        "queries listed": len(set(ids) & set(ranked["query"])) / len(ids),
        f"items in a top {k}": len(labelled & set(top["item"])) / len(labelled),
    }

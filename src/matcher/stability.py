"""How far a weight may move before the list of a vacancy changes its members."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from matcher.judged import Floats, degrees_of
from matcher.ranking.scoring import refusals

if TYPE_CHECKING:
    import pandas as pd

    from matcher.pipeline import Matcher


def sensitivity(engine: Matcher, candidates: Any, vacancies: Any, *, top: int = 10) -> pd.DataFrame:
    """How far each weight may move, the others kept, before the list of a vacancy changes its members.

    Scores are linear in a weight, so that the first exchange between the list and those below it is found exactly.

    Parameters
    ----------
    top : int
        Length of the lists.

    Returns
    -------
    DataFrame
        One row per vacancy and criterion it states: ``vacancy_id, criterion, weight, low, high``; the list keeps its
        members for weights between ``low`` and ``high`` (infinite where it always does). Vacancies with no more than
        ``top`` candidates to show are left out.
    """
    import pandas as pd

    scored = engine.score(candidates, vacancies)
    model = scored.model
    rows = np.flatnonzero(model.usable_rows)
    out: list[dict[str, Any]] = []
    for j in np.flatnonzero(model.usable_columns):
        shown = rows[refusals(model, rows, np.array([j]))[:, 0] < 0]
        if len(shown) <= top:
            continue
        names, degrees = degrees_of(scored, shown, np.full(len(shown), j))
        weights = np.array([getattr(engine.settings.weights, name) for name in names])
        scores = degrees @ weights
        order = np.lexsort((model.order_rows[shown], -scores))
        first, rest = order[:top], order[top:]
        lead = scores[first][:, None] - scores[rest][None, :]
        for k, name in enumerate(names):
            if model.parts[k].total[j] > 0:
                push = degrees[rest, k][None, :] - degrees[first, k][:, None]
                low, high = _range(weights[k], lead, push)
                out.append(
                    {
                        "vacancy_id": scored.requests[j].record.id,
                        "criterion": name,
                        "weight": weights[k],
                        "low": low,
                        "high": high,
                    }
                )
    return pd.DataFrame(out, columns=["vacancy_id", "criterion", "weight", "low", "high"])


def shares_that_change(found: pd.DataFrame) -> pd.DataFrame:
    """Of a table of :func:`matcher.sensitivity`: the share of vacancies whose list changes when a weight is multiplied.

    Returns
    -------
    DataFrame
        Criteria by factors (0, 1/2, 0.9, 1.1, 2).
    """
    factors = (0.0, 0.5, 0.9, 1.1, 2.0)
    moved = {f"x {f:g}": (found["weight"] * f < found["low"]) | (found["weight"] * f > found["high"]) for f in factors}
    return found.assign(**moved).groupby("criterion", sort=False)[list(moved)].mean()


def _range(weight: float, lead: Floats, push: Floats) -> tuple[float, float]:
    """Weights at which the first of those below draws level, downwards and upwards."""
    step: Callable[[NDArray[np.bool_]], Floats] = lambda where: lead[where] / push[where]  # noqa: E731
    up, down = push > 0, push < 0
    high = float(weight + step(up).min()) if up.any() else float("inf")
    low = max(0.0, float(weight + step(down).max())) if down.any() else 0.0
    return low, high

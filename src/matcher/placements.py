"""What came of applications, by institution or any other group of candidates."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import numpy as np

from matcher.grouping import groups_of
from matcher.judged import read_outcomes
from matcher.rates import wilson
from matcher.tables import read_candidates

if TYPE_CHECKING:
    import pandas as pd

    from matcher.pipeline import Matcher

_INVITED, _HIRED = 2, 3


def outcomes(engine: Matcher, candidates: Any, table: Any, *, by: str = "institution") -> pd.DataFrame:
    """How many of a group applied, were invited and were hired; a person counts once, with the best that came of it.

    Parameters
    ----------
    engine : Matcher
        Reads the candidates; fitted or not.
    candidates : table
    table : table
        ``vacancy_id, candidate_id, outcome``; words of ``judged.OUTCOMES``.
    by : str
        What makes a group, see :func:`matcher.gaps`.

    Returns
    -------
    DataFrame
        ``group, name, applied`` (people), ``invited, hired``, then ``invited_share, invited_low, invited_high`` and the
        same of ``hired`` (Wilson, 95 %; empty under five people), most people first.

    Raises
    ------
    InputError
        When the table cannot be used.

    Examples
    --------
    >>> from matcher import Matcher
    >>> people = [{"id": n, "institution": "МИЭТ", "title": "инженер"} for n in range(6)]
    >>> told = [{"vacancy_id": "v", "candidate_id": n, "outcome": "hired" if n < 2 else "rejected"} for n in range(6)]
    >>> outcomes(Matcher(), people, told)[["applied", "invited", "hired", "hired_share"]].round(2).values.tolist()
    [[6.0, 2.0, 2.0, 0.33]]
    """
    import pandas as pd

    best: defaultdict[str, float] = defaultdict(float)
    for _, candidate, value in read_outcomes(table):
        best[candidate] = max(best[candidate], value or 0.0)
    records = [r for r in read_candidates(candidates, today=engine.today).readable() if str(r.id) in best]
    profiles = engine.read_profiles(records)
    reached = np.array([best[str(r.id)] for r in records])
    groups = groups_of(profiles, by, engine.taxonomy, engine.programmes)
    frame = pd.DataFrame(
        {
            "group": [g.key for g in groups], "name": [g.name for g in groups],
            "applied": [len(g.rows) for g in groups],
            "invited": [int((reached[g.rows] >= _INVITED).sum()) for g in groups],
            "hired": [int((reached[g.rows] >= _HIRED).sum()) for g in groups],
        }
    )  # fmt: skip
    for name in ("invited", "hired"):
        for part, values in zip(("share", "low", "high"), wilson(frame[name], frame["applied"]), strict=True):
            frame[f"{name}_{part}"] = values
    return frame

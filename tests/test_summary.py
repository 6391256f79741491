"""The account of a run: each row in one place, each pair counted once, told in a few lines."""

from __future__ import annotations

import numpy as np

from matcher.ranking.scoring import Ranked
from matcher.summary import count_rows
from matcher.tables import Loaded
from tiny import person, place

PEOPLE = [person("turning"), person("milling"), person()]
PLACES = [place("turning"), place("milling")]


def made(**refused):
    left = Loaded(
        [p.record for p in PEOPLE], n_rows=5, personal={"name": 5}, masked=2, unknown_columns=("note",),
        mended={"control characters": 1},
    )  # fmt: skip
    right = Loaded([r.record for r in PLACES], n_rows=2)
    rows, columns = np.array([0, 1, 0]), np.array([0, 0, 1])
    ranked = Ranked(rows, columns, np.array([1, 2, 1]), np.zeros(3, dtype=np.int64), "vacancy", refused, 1, 4)
    return count_rows(left, right, PEOPLE, PLACES, ranked, "vacancy")


def test_rows_and_pairs_add_up():
    s = made()
    c = s.candidates
    assert (c.rows, c.usable, c.insufficient_text, c.quarantined, c.in_ranking) == (5, 2, 1, 2, 2)
    assert (s.vacancies.rows, s.vacancies.usable, s.vacancies.in_ranking) == (2, 2, 2)
    assert (s.pairs, s.scored, s.excluded, s.ranked_pairs) == (4, 3, 1, 3)
    assert made(status=1, dates=2).scored == 4 - 1 - 3


def test_the_text():
    assert made(status=1, dates=1).to_text().splitlines() == [
        "candidates: 5 rows = 2 usable + 1 insufficient_text + 2 quarantined; 2 in the ranking",
        "vacancies: 2 rows = 2 usable + 0 insufficient_text + 0 quarantined; 2 in the ranking",
        "pairs: 4 = 1 scored, 1 refused by dates, 1 refused by status, 1 excluded; 3 in the ranking",
        "candidates: personal columns dropped: name (5)",
        "candidates: 2 phones, e-mails and handles masked in texts",
        "candidates: mended control characters (1)",
        "candidates: columns not used: note",
    ]


def test_plain_data():
    data = made(status=1).to_dict()
    assert data["refused"] == {"status": 1}
    assert data["candidates"]["personal"] == {"name": 5}

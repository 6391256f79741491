"""Sums, lists and what is known: one answer on every road."""

from __future__ import annotations

import numpy as np
import pytest

from matcher.ranking.scoring import block_units, contributions, known_share, rank
from matcher.settings import Settings
from tiny import ask, fact, only, person, place, world

PEOPLE = [
    person("turning", "language:en", title="токарь", city="Тула"),
    person("milling", fact("metal", negated=True)),
    person(words="станок"),
    person(),  # nothing known
    person("metal", hours_per_week=20),
    person("metal", schedule=("full",)),
]
PLACES = [
    place("turning", "teamwork", ask("language:en", value=2), title="токарь", city="Тула"),
    place("milling|turning", words="станок", hours_per_week=40),
    place(schedule=("full",), title="рабочий"),
    place(),  # nothing asked
]
MADE = world(PEOPLE, PLACES, Settings())
MODEL = MADE.model


@pytest.mark.parametrize("by", ["vacancy", "candidate"])
@pytest.mark.parametrize("k", [1, 2, None])
def test_block_size_never_changes_a_list(by, k):
    whole = rank(MODEL, by=by, k=k)
    for block in (1, 2, 7):
        cut = rank(MODEL, by=by, k=k, block=block)
        for name in ("rows", "columns", "rank", "units"):
            assert getattr(cut, name).tolist() == getattr(whole, name).tolist()


def test_both_directions_give_a_pair_one_score():
    one, other = rank(MODEL, by="vacancy", k=None), rank(MODEL, by="candidate", k=None)
    first = dict(zip(zip(one.rows, one.columns, strict=True), one.units, strict=True))
    assert first == dict(zip(zip(other.rows, other.columns, strict=True), other.units, strict=True))
    assert len(first) == 5 * 3  # the empty candidate and the empty vacancy are in no list


def test_contributions_sum_to_the_score_and_pairs_equal_blocks():
    rows, columns = (a.ravel() for a in np.meshgrid(np.arange(6), np.arange(3), indexing="ij"))
    names, units = contributions(MODEL, rows, columns)
    assert names[-1] == "thinness"
    assert units.sum(axis=1).tolist() == block_units(MODEL, np.arange(6), np.arange(3)).ravel().tolist()


def test_scores_stay_between_zero_and_one():
    assert np.array(MADE.scores).min() >= 0
    assert np.array(MADE.scores).max() <= 1


def test_hours_known_are_not_a_schedule_known():
    asked = [place(schedule=("full",)), place(hours_per_week=40)]
    made = world([person("turning", hours_per_week=20)], asked, only("schedule"))
    assert known_share(made.model, np.array([0, 0]), np.array([0, 1])).tolist() == [0, 1]
    assert made.scores == [[pytest.approx(0.7, abs=1e-3), 0.5]]


def test_known_is_the_share_of_weight_on_known_facts():
    made = world([person("turning")], [place("turning", ask("language:en"))], only("skills", "languages"))
    assert known_share(made.model, np.array([0]), np.array([0])).tolist() == [1 / 2]


def test_excluded_pairs_are_left_out_and_nothing_else():
    whole = rank(MODEL, by="vacancy", k=None)
    cut = rank(MODEL, by="vacancy", k=None, excluded=[(0, 0), (3, 0), (4, 1)])
    pairs = {(r, c) for r, c in zip(whole.rows, whole.columns, strict=True)}
    assert {(r, c) for r, c in zip(cut.rows, cut.columns, strict=True)} == pairs - {(0, 0), (4, 1)}
    assert cut.n_excluded == 2  # the empty candidate was in no list


def test_ties_fall_to_the_smaller_id():
    made = world([person("turning")] * 3, [place("turning")], only("skills"))
    ranked = rank(made.model, by="vacancy", k=2)
    assert ranked.rows.tolist() == [0, 1]
    assert ranked.rank.tolist() == [1, 2]


def test_progress_is_told_by_blocks():
    told = []
    rank(MODEL, by="vacancy", k=1, block=2, progress=lambda done, total: told.append((done, total)))
    assert told == [(2, 3), (3, 3)]


def test_nothing_to_rank():
    empty = rank(world([], [], Settings()).model, by="vacancy", k=10)
    assert (len(empty.rows), empty.n_pairs, empty.refused) == (0, 0, {})


def test_a_percentile_is_the_share_that_scores_less():
    n = MODEL.shape[0]
    whole = rank(MODEL, by="vacancy", k=None, percentile=True)
    for by, block in (("vacancy", 1), ("candidate", 2), ("candidate", 256)):
        found = rank(MODEL, by=by, k=None, block=block, percentile=True)
        units = {(i, j): u for i, j, u in zip(whole.rows, whole.columns, whole.units, strict=True)}
        for i, j, told in zip(found.rows, found.columns, found.percentile, strict=True):
            mine = units[i, j] >> 30  # told to a thousandth of a score
            others = [units[k, j] >> 30 for k in range(n) if (k, j) in units]
            assert told == sum(u < mine for u in others) / len(others)
    assert rank(MODEL, by="vacancy", k=2).percentile is None
    assert rank(MODEL, by="vacancy", k=1, percentile=True).percentile.max() > 0.5

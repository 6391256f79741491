"""Integers of scores: exact sums, exact shares."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.ranking.units import DEGREE_ONE, SCORE_ONE, THIN_ONE, WEIGHT_ONE, to_degrees, to_score, to_weights


def test_the_units_of_a_score_are_those_of_weight_degree_and_thinness():
    assert SCORE_ONE == 2**40 == WEIGHT_ONE * DEGREE_ONE * THIN_ONE


@pytest.mark.parametrize(
    "degree, units", [(0, 0), (1, 1024), (0.5, 512), (0.6, 614), (0.0004, 0), (0.0005, 1), (-1, 0), (2, 1024)]
)
def test_degrees_are_rounded_and_clipped(degree, units):
    assert to_degrees(degree) == units


@pytest.mark.parametrize(
    "values, total, units",
    [
        ([1, 1], 10, [5, 5]),
        ([1, 1, 1], 10, [4, 3, 3]),  # the remainder falls to the earlier one
        ([1, 2, 4], 10, [1, 3, 6]),  # 1.43, 2.86, 5.71: the two largest remainders get one
        ([0, 3], 10, [0, 10]),
        ([], 10, []),
        ([0, 0], 10, [0, 0]),
    ],
)
def test_shares_by_largest_remainder(values, total, units):
    assert to_weights(values, total).tolist() == units


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.lists(st.floats(1e-6, 1e6), min_size=1, max_size=50))
def test_shares_sum_to_one_exactly_and_are_near_the_exact_ones(values):
    units = to_weights(values)
    assert units.sum() == WEIGHT_ONE
    assert np.abs(units / WEIGHT_ONE - np.array(values) / sum(values)).max() <= 1 / WEIGHT_ONE


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.lists(st.integers(-SCORE_ONE // 100, SCORE_ONE // 100), min_size=1, max_size=100), st.randoms())
def test_float_sums_of_units_are_exact_in_any_order(units, random):
    parts = to_score(units).tolist()
    random.shuffle(parts)
    assert sum(parts) == sum(units) / SCORE_ONE

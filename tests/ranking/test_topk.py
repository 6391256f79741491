"""Top-k: the slow twin says what is right."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.ranking.topk import top


def slow_top(units, order, allowed, k):
    entries = [i for i in range(len(units)) if allowed[i]]
    return sorted(entries, key=lambda i: (-units[i], order[i]))[:k]


@pytest.mark.parametrize(
    "units, order, allowed, k, best",
    [
        ([3, 9, 5], [0, 1, 2], "+++", 2, [1, 2]),
        ([7, 7, 7], [2, 0, 1], "+++", 2, [1, 2]),  # ties: by id
        ([7, 7, 7], [2, 0, 1], "+-+", 2, [2, 0]),  # the refused one is left out
        ([1, 2], [0, 1], "++", 9, [1, 0]),  # fewer than k
        ([1, 2], [0, 1], "++", None, [1, 0]),
        ([0, 0], [0, 1], "--", 1, []),
        ([], [], "", 1, []),
    ],
)
def test_top(units, order, allowed, k, best):
    mask = np.array([a == "+" for a in allowed], dtype=bool)
    assert top(np.array(units, dtype=int), np.array(order, dtype=int), mask, k).tolist() == best


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.integers(0, 4), st.booleans()), max_size=40), st.integers(1, 10), st.randoms())
def test_the_fast_way_equals_the_slow_one(cells, k, random):
    units, allowed = [c[0] for c in cells], [c[1] for c in cells]
    order = list(range(len(cells)))
    random.shuffle(order)
    found = top(np.array(units, dtype=int), np.array(order, dtype=int), np.array(allowed, dtype=bool), k)
    assert found.tolist() == slow_top(units, order, allowed, k)

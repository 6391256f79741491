"""Each part gives the same integers for a block as for its pairs."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from matcher.ranking.parts import CodedPart, CosinePart, Gate, SparsePart

ROWS, COLUMNS = np.array([0, 1, 2]), np.array([0, 1])


def csr(rows):
    return sparse.csr_matrix(np.array(rows, dtype=np.int64))


SPARSE = SparsePart(
    "languages",
    degrees=csr([[1024, 0, 512], [0, 0, 0], [0, 0, 0]]),
    weights=csr([[10, 0, 30], [0, 7, 0]]),
    known=np.array([True, True, False]),
    neutral=100,
)
COSINE = CosinePart(
    "text",
    left=csr([[4096, 0], [0, 4096], [0, 0]]),
    right=csr([[4096, 0], [2896, 2896]]),
    weight=np.array([5, 6]),
    power=0.5,
    known=np.array([True, True, False]),
)
CODED = CodedPart(
    "place",
    rows=np.array([0, 1, 0]),
    columns=np.array([0, 1]),
    table=np.array([[1024, 0], [512, 614]]),
    weight=np.array([3, 4]),
    known=np.array([[True, False], [True, True]]),
)


def test_sparse_part():
    # known: 10*1024 + 30*512; nothing met: 0; unknown: the neutral degree for the whole weight
    assert SPARSE.block(ROWS, COLUMNS).tolist() == [[25600, 0], [0, 0], [4000, 700]]
    assert SPARSE.total.tolist() == [40, 7]


def test_cosine_part():
    half = round((2896 / 4096) ** 0.5 * 1024)  # cosine 0.707 to the power 0.5
    assert COSINE.block(ROWS, COLUMNS).tolist() == [[5 * 1024, 6 * half], [0, 6 * half], [0, 0]]
    assert COSINE.known.tolist() == [True, True, False]


def test_coded_part():
    assert CODED.block(ROWS, COLUMNS).tolist() == [[3072, 0], [1536, 4 * 614], [3072, 0]]


@pytest.mark.parametrize("part", [SPARSE, COSINE, CODED], ids=lambda p: p.name)
def test_pairs_equal_blocks(part):
    rows, columns = np.repeat(ROWS, 2), np.tile(COLUMNS, 3)
    assert part.pairs(rows, columns).tolist() == part.block(ROWS, COLUMNS).ravel().tolist()


def test_what_is_known_is_told_for_pairs():
    rows, columns = np.repeat(ROWS, 2), np.tile(COLUMNS, 3)
    assert SPARSE.knows(rows, columns).tolist() == [True, True, True, True, False, False]
    assert COSINE.knows(rows, columns).tolist() == [True, True, True, True, False, False]
    assert CODED.knows(rows, columns).tolist() == [True, False, True, True, True, False]


def test_cosines_above_one_by_rounding_count_as_one():
    part = CosinePart("text", csr([[4097]]), csr([[4097]]), np.array([1]), 1.0, np.array([True]))
    assert part.pairs(np.array([0]), np.array([0])).tolist() == [1024]


def test_gate_block():
    gate = Gate("dates", np.array([1, 0]), np.array([0]), np.array([[False], [True]]), np.array([[True], [False]]))
    assert gate.block(np.array([0, 1]), np.array([0])).tolist() == [[True], [False]]

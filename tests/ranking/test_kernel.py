"""The kernel and its plain twin give the same rows, order, scores and counts."""

from __future__ import annotations

import multiprocessing
import os
import warnings

import numpy as np
import pytest
from scipy import sparse
from test_scoring import MODEL, PEOPLE, PLACES

from matcher.ranking import kernel, loop
from matcher.ranking.gates import World, build_gates
from matcher.ranking.scoring import rank
from matcher.records import Candidate, Vacancy
from matcher.settings import Settings
from tiny import world

FIELDS = ("rows", "columns", "rank", "units")


def told(ranked):
    return {n: getattr(ranked, n).tolist() for n in FIELDS} | {
        "refused": ranked.refused, "excluded": ranked.n_excluded, "pairs": ranked.n_pairs,
    }  # fmt: skip


@pytest.fixture(params=["compiled", "as plain Python"])
def way(request, monkeypatch):
    """The kernel as numba compiles it, and its text run by Python itself."""
    if request.param == "compiled":
        pytest.importorskip("numba")
    else:
        monkeypatch.setattr(loop, "compiled", lambda: loop.tops_of_queries)


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("by", ["vacancy", "candidate"])
@pytest.mark.parametrize("k", [1, 2, 10])
@pytest.mark.parametrize("block", [1, 3, 1 << 14])
@pytest.mark.parametrize("fewest", [0, 64])
def test_the_kernel_is_its_twin(by, k, block, fewest, monkeypatch):
    if block < 1 << 14:
        monkeypatch.setattr(loop, "compiled", lambda: loop.tops_of_queries)  # a compiled one knows its block
    monkeypatch.setattr(loop, "BLOCK", block)
    monkeypatch.setattr(kernel, "FEWEST_DENSE", fewest)
    monkeypatch.setattr(kernel, "FEWEST_CLOSED", fewest)
    monkeypatch.setattr(kernel, "CHUNK", 2)
    excluded = [(0, 0), (1, 1), (5, 2)]
    one, other = (rank(MODEL, by=by, k=k, excluded=excluded, kernel=x) for x in (False, True))
    assert told(one) == told(other)


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("n_jobs", [1, 2, 3])
def test_threads_do_not_matter(n_jobs, monkeypatch):
    monkeypatch.setattr(kernel, "CHUNK", 2)
    one, other = (rank(MODEL, by="candidate", k=3, kernel=True, n_jobs=n) for n in (1, n_jobs))
    assert told(one) == told(other)


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("most_codes", [1, 1 << 12])
@pytest.mark.parametrize("by", ["vacancy", "candidate"])
def test_gates_refuse_alike(by, most_codes, monkeypatch):
    monkeypatch.setattr(kernel, "MOST_CODES", most_codes)  # with one, every gate is a group of its own
    people = [
        Candidate(i, status=s, city=c)
        for i, (s, c) in enumerate([("student", "Тула"), ("worker", None), (None, "Омск")])
    ]
    places = [
        Vacancy(j, statuses=s, city="Тула", place_required=True) for j, s in enumerate([("student",), (), ("worker",)])
    ]
    gates = build_gates(people, places, World(None), {})
    made = world(PEOPLE[:3], PLACES[:3], Settings(), gates)
    one, other = (rank(made.model, by=by, k=3, kernel=x) for x in (False, True))
    assert one.refused
    assert told(one) == told(other)


def test_groups_of_codes_are_few_and_whole():
    chance = np.random.default_rng(0)
    met = [
        kernel._Met(chance.integers(0, n, 20_000), np.zeros(1, int), np.zeros((n, 1)), np.ones(1))
        for n in (3, 5, 900, 4000, 7)
    ]
    groups = kernel.grouped(met[:4], met[4:], 20_000)
    assert 1 < len(groups) < 5
    assert all(g.codes.max() < kernel.MOST_CODES for g in groups)


def test_it_is_used_where_it_pays_and_only_there(monkeypatch):
    called = []
    monkeypatch.setattr(loop, "compiled", lambda: called.append(1) or loop.tops_of_queries)
    monkeypatch.setattr("matcher.ranking.scoring.is_there", lambda: True)
    rank(MODEL, by="vacancy", k=2)
    assert not called  # a handful of pairs
    monkeypatch.setattr("matcher.ranking.scoring._FEWEST_PAIRS", 1)
    rank(MODEL, by="vacancy", k=None)
    rank(MODEL, by="vacancy", k=2, percentile=True)
    assert not called
    rank(MODEL, by="vacancy", k=2)
    assert called


@pytest.mark.parametrize("block", [1, 7, 1 << 14])
@pytest.mark.parametrize("fewest", [0, 64])
def test_columns_are_laid_out_alike_with_and_without_numba(block, fewest, monkeypatch):
    pytest.importorskip("numba")
    monkeypatch.setattr(loop, "BLOCK", block)
    monkeypatch.setattr(kernel, "FEWEST_DENSE", fewest)
    rows = sparse.random(200, 30, 0.1, "csr", random_state=5, data_rvs=lambda n: np.arange(1, n + 1)).astype(np.int64)
    one = kernel.stored(rows, 2)
    monkeypatch.setattr(loop, "is_there", lambda: False)
    assert [a.tolist() for a in one] == [a.tolist() for a in kernel.stored(rows, 2)]
    assert len(one[1]) > 2 if fewest == 0 else not len(one[1])


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("by", ["vacancy", "candidate"])
@pytest.mark.parametrize(
    "closed, kinds, block", [(0, 1 << 10, 1 << 14), (3, 1 << 10, 1 << 14), (0, 4, 1 << 14), (0, 1 << 10, 5)]
)
def test_whom_gates_refuse_is_passed_over(by, closed, kinds, block, monkeypatch):
    chance = np.random.default_rng(3)
    if block < 1 << 14:
        monkeypatch.setattr(loop, "compiled", lambda: loop.tops_of_queries)
    monkeypatch.setattr(loop, "BLOCK", block)
    monkeypatch.setattr(kernel, "FEWEST_CLOSED", closed)
    monkeypatch.setattr(kernel, "MOST_KINDS", kinds)
    monkeypatch.setattr(kernel, "FEWEST_DENSE", 2)
    n = 40
    people = [
        Candidate(
            i, status=chance.choice(["student", "worker", "graduate"]), city=chance.choice(["Тула", "Омск", "Пермь"])
        )
        for i in range(n)
    ]
    places = [
        Vacancy(
            j,
            statuses=(chance.choice(["student", "worker"]),),
            city=chance.choice(["Тула", "Омск"]),
            place_required=True,
        )
        for j in range(n)
    ]
    gates = build_gates(people, places, World(None), {})
    rows = [PEOPLE[i % len(PEOPLE)] for i in range(n)]
    columns = [PLACES[j % len(PLACES)] for j in range(n)]
    made = world(rows, columns, Settings(), gates)
    excluded = [(int(i), int(j)) for i, j in chance.integers(0, n, (60, 2))]
    one, other = (rank(made.model, by=by, k=4, kernel=x, excluded=excluded) for x in (False, True))
    assert one.refused
    assert len(one.rows)
    assert told(one) == told(other)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system cannot fork")
def test_room_is_not_shared_with_processes_that_are_forked():
    room = kernel.room(3, 1000, np.int16)
    assert room.shape == (3, 1000)
    assert not room.any()

    def fill(value):
        room[1] = value

    child = multiprocessing.get_context("fork").Process(target=fill, args=(7,))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of forks beside threads, Python 3.12 and later
        child.start()
    child.join()
    assert child.exitcode == 0
    assert not room.any()

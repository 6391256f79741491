"""Reading in processes: the order is that of the input, and a fault comes through."""

from __future__ import annotations

import gc
import os

import pytest

from matcher import parallel
from matcher.collector import no_collector
from matcher.parallel import map_records

pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")


@pytest.mark.parametrize("n_jobs", [1, 2, 3])
@pytest.mark.parametrize("n", [0, 1, 2, 130])
def test_results_come_in_the_order_of_the_input(monkeypatch, n_jobs, n):
    monkeypatch.setattr(parallel, "_LEAST_PER_JOB", 1)
    assert map_records(lambda rows: [x * x for x in rows], list(range(n)), n_jobs) == [x * x for x in range(n)]


def test_work_is_done_in_other_processes(monkeypatch):
    monkeypatch.setattr(parallel, "_LEAST_PER_JOB", 1)
    first, *rest = map_records(lambda rows: [os.getpid() for _ in rows], list(range(130)), 2)
    assert first == os.getpid()  # what is built lazily is built before the fork
    assert os.getpid() not in rest


def test_few_records_stay_in_this_process():
    assert set(map_records(lambda rows: [os.getpid() for _ in rows], list(range(100)), 8)) == {os.getpid()}


def test_no_fork_no_processes(monkeypatch):
    monkeypatch.setattr(parallel, "_LEAST_PER_JOB", 1)
    monkeypatch.setattr(parallel.multiprocessing, "get_all_start_methods", lambda: ["spawn"])
    assert set(map_records(lambda rows: [os.getpid() for _ in rows], list(range(9)), 2)) == {os.getpid()}


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_progress_ends_at_the_total(monkeypatch, n_jobs):
    monkeypatch.setattr(parallel, "_LEAST_PER_JOB", 1)
    told = []
    map_records(list, list(range(130)), n_jobs, lambda done, total: told.append((done, total)))
    assert told == [(done, 130) for done in ((64, 128, 130) if n_jobs == 1 else (1, 65, 129, 130))]


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_every_result_is_handed_on_in_this_process_as_it_comes(monkeypatch, n_jobs):
    monkeypatch.setattr(parallel, "_LEAST_PER_JOB", 1)
    handed = []
    out = map_records(list, list(range(130)), n_jobs, each=lambda x: handed.append((x, os.getpid())))
    assert handed == [(x, os.getpid()) for x in out]


@pytest.mark.parametrize("was_on", [True, False])
def test_the_collector_rests_and_is_left_as_it_was(was_on):
    @no_collector()
    def fail():
        with no_collector():
            pass
        assert not gc.isenabled()
        broken([70])

    before = gc.isenabled()
    (gc.enable if was_on else gc.disable)()
    try:
        with pytest.raises(ValueError, match="row 70"):
            fail()
        assert gc.isenabled() == was_on
    finally:
        (gc.enable if before else gc.disable)()


def broken(rows):
    if 70 in rows:
        raise ValueError("row 70")
    return rows


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_a_fault_comes_through_and_leaves_nothing_behind(monkeypatch, n_jobs):
    monkeypatch.setattr(parallel, "_LEAST_PER_JOB", 1)
    with pytest.raises(ValueError, match="row 70"):
        map_records(broken, list(range(130)), n_jobs)
    assert parallel._work is None

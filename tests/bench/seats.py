"""Giving out seats against its peers, in one process and one run: python -m tests.bench.seats [--case campus|town|city]

The world is that of a programme with one score for both sides: candidates with tastes and companies with popularity in
six hidden traits. CPU seconds; peers that are not installed are left out.
"""

from __future__ import annotations

import argparse
import time
import warnings
from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from typing import Any

import numpy as np
import pandas as pd

from matcher.allocation import allocate
from matcher.ranking import flow
from matcher.ranking.assignment import Market, stable

CASES = {"campus": (3200, 65, 300, 65), "town": (10_000, 300, 1000, 50), "city": (100_000, 3000, 10_000, 50)}
"""Candidates, companies, seats, length of each candidate's list."""


def world(case: str, seed: int = 11) -> tuple[Any, Any, Any]:
    """Seats of each company, and each candidate's companies and scores, best first."""
    n, m, seats, length = CASES[case]
    chance = np.random.default_rng(seed)
    share = 1 / np.arange(2, m + 2)
    capacity = 1 + np.bincount(chance.choice(m, seats - m, p=share / share.sum()), minlength=m)
    popular = chance.normal(0, 0.35, m)
    mine, theirs = chance.normal(size=(n, 6)), chance.normal(size=(m, 6))
    lists, scores = np.empty((n, length), dtype=np.int64), np.empty((n, length))
    for start in range(0, n, 5000):
        part = mine[start : start + 5000]
        liking = part @ theirs.T * 0.4 + popular + chance.normal(0, 0.3, (len(part), m))
        lists[start : start + 5000] = np.argsort(-liking, axis=1)[:, :length]
        scores[start : start + 5000] = np.take_along_axis(liking, lists[start : start + 5000], axis=1)
    return capacity, lists, scores - scores.min() + 0.01


def market_of(capacity: Any, lists: Any, scores: Any) -> Market:
    """The same as arrays of ours."""
    n, length = lists.shape
    return Market(
        np.arange(0, n * length + 1, length), lists.ravel(), scores.ravel(), np.arange(n), capacity,
        np.arange(len(capacity)), capacity.copy(),
    )  # fmt: skip


def bare_flow(capacity: Any, lists: Any, scores: Any) -> float:
    """OR-tools' flow of least cost, told nothing more than it needs."""
    from ortools.graph.python import min_cost_flow

    n, m, length = len(lists), len(capacity), lists.shape[1]
    graph, source, sink = min_cost_flow.SimpleMinCostFlow(), n + m, n + m + 1
    add = graph.add_arcs_with_capacity_and_unit_cost
    cost = np.rint((scores.max() - scores) * 1_000_000).astype(np.int64).ravel()
    add(np.full(n, source), np.arange(n), np.ones(n, np.int64), np.zeros(n, np.int64))
    arcs = add(np.repeat(np.arange(n), length), n + lists.ravel(), np.ones(n * length, np.int64), cost)
    add(n + np.arange(m), np.full(m, sink), capacity, np.zeros(m, np.int64))
    k = min(int(capacity.sum()), n)
    graph.set_nodes_supplies(np.array([source, sink]), np.array([k, -k]))
    graph.solve_max_flow_with_min_cost()
    return float(scores.ravel()[graph.flows(arcs) > 0].sum())


def peer_matching(capacity: Any, lists: Any, scores: Any) -> float:
    """`matching`, HospitalResident."""
    from matching.games import HospitalResident

    wishes = {i: row.tolist() for i, row in enumerate(lists)}
    of_company: dict[int, list[tuple[float, int]]] = {}
    for i, (row, told) in enumerate(zip(lists.tolist(), scores.tolist(), strict=True)):
        for h, s in zip(row, told, strict=True):
            of_company.setdefault(h, []).append((-s, i))
    companies = {h: [i for _, i in sorted(rows)] for h, rows in of_company.items()}
    game = HospitalResident.create_from_dictionaries(wishes, companies, dict(enumerate(capacity.tolist())))
    value = {
        (i, h): s
        for i, (row, told) in enumerate(zip(lists, scores, strict=True))
        for h, s in zip(row, told, strict=True)
    }
    return float(sum(value[r.name, h.name] for h, rs in game.solve().items() for r in rs))


def _from_table(frame: pd.DataFrame, slots: dict[str, int]) -> float:
    return float(allocate(frame, slots=slots).assigned["score"].sum())


def timed(name: str, work: Callable[[], float]) -> None:
    """Print CPU seconds and the total score."""
    start = time.process_time()
    total = work()
    print(f"{name:58s}{time.process_time() - start:9.3f} s{total:14.1f}", flush=True)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--case", choices=CASES, action="append")
    for case in parser.parse_args().case or ["campus", "town", "city"]:
        capacity, lists, scores = made = world(case)
        market = market_of(*made)
        small = market_of(*world("campus"))  # compiled once, kept on disk
        stable(small), flow.best(small, flow.Limits())
        print(
            f"{case}: {len(lists)} candidates, {len(capacity)} companies, {capacity.sum()} seats, {lists.shape[1]} choices"
        )

        def score(held: Any, market: Market = market) -> float:
            return float(market.score[held[held >= 0]].sum())

        timed("matcher stable, from arrays", lambda market=market: score(stable(market)))
        n, length = lists.shape
        frame = pd.DataFrame(
            {
                "vacancy_id": np.char.add("v", lists.ravel().astype(str)).astype(object),
                "candidate_id": np.repeat(np.char.add("c", np.arange(n).astype(str)).astype(object), length),
                "score": scores.ravel(),
            }
        )
        slots = {f"v{h}": int(c) for h, c in enumerate(capacity)}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            timed("matcher stable, from a table", partial(_from_table, frame, slots))
        if case == "campus" and find_spec("matching"):
            timed("matching, HospitalResident", lambda made=made: peer_matching(*made))
        timed("matcher best, from arrays", lambda market=market: score(flow.best(market, flow.Limits())))
        if find_spec("ortools"):
            timed("OR-tools flow of least cost, bare", lambda made=made: bare_flow(*made))


if __name__ == "__main__":
    main()

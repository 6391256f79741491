"""The greatest total score under limits on seats: a flow of least cost, or a mixed-integer program where minimums ask."""

from __future__ import annotations

from dataclasses import dataclass, replace
from importlib.util import find_spec

import numpy as np
from scipy import optimize, sparse

from matcher.ranking.assignment import Floats, Ints, Market

_UNITS = 1_000_000
"""Scores are told to a millionth, as whole numbers."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a set of contracts must keep to besides seats.

    Attributes
    ----------
    each : int
        Contracts that one candidate may have.
    group : ndarray of shape (n_candidates,), optional
        Institution of each candidate, -1 where unknown, and
    group_most : ndarray of shape (n_groups,), optional
        how many contracts all of its candidates may have together.
    opening : ndarray of shape (n_blocks,), optional
        Vacancy of each block, and
    least : ndarray of shape (n_vacancies,), optional
        how many contracts a vacancy must have, or none at all.
    """

    each: int = 1
    group: Ints | None = None
    group_most: Ints | None = None
    opening: Ints | None = None
    least: Ints | None = None

    @property
    def are_plain(self) -> bool:
        """Whether seats and candidates are all that limits."""
        return self.group_most is None and (self.least is None or not (self.least > 1).any())


def best(market: Market, limits: Limits) -> Ints:
    """Contracts of the greatest total score, in their order.

    Where only seats limit, by OR-tools' flow of least cost if it is installed; otherwise by HiGHS. With minimums the flow
    without them is tried first: where it keeps to them it is the optimum.
    """
    if not len(market.block):
        return np.zeros(0, dtype=np.int64)
    market, limits = _possible(market, limits)
    if limits.group_most is None and find_spec("ortools") is not None:
        found = _by_flow(market, limits.each)
        if limits.are_plain or _keeps(market, limits, found):
            return found
    return _by_program(market, limits)


def _possible(m: Market, limits: Limits) -> tuple[Market, Limits]:
    """Vacancies with fewer seats than their minimum cannot open: they lose their seats, and the minimum with them."""
    if limits.least is None or limits.opening is None:
        return m, limits
    seats = np.bincount(limits.opening, weights=m.seats, minlength=len(limits.least))
    never = limits.least > seats
    least = np.where(never, 0, limits.least)
    return replace(m, seats=np.where(never[limits.opening], 0, m.seats)), replace(limits, least=least)


def _keeps(m: Market, limits: Limits, chosen: Ints) -> bool:
    """Whether every vacancy has its minimum or nobody."""
    if limits.least is None or limits.opening is None:
        return True
    filled = np.bincount(limits.opening[m.block[chosen]], minlength=len(limits.least))
    return not ((filled > 0) & (filled < limits.least)).any()


def _by_flow(m: Market, each: int) -> Ints:
    """Source -> candidates -> blocks -> companies -> sink; as much as pays, since no arc costs more than nothing."""
    from ortools.graph.python import min_cost_flow

    n, n_blocks, n_companies = len(m.starts) - 1, len(m.seats), len(m.company_seats)
    source, block, company = n, n + 1, n + 1 + n_blocks
    sink = company + n_companies
    graph = min_cost_flow.SimpleMinCostFlow()
    add = graph.add_arcs_with_capacity_and_unit_cost
    many = np.diff(m.starts)
    add(np.full(n, source), np.arange(n), np.minimum(many, each), np.zeros(n, dtype=np.int64))
    gain = np.rint(m.score * _UNITS).astype(np.int64) + 1  # a seat given for nothing is better than an empty one
    arcs = add(m.candidate, block + m.block, np.ones(len(gain), dtype=np.int64), -gain)
    add(block + np.arange(n_blocks), company + m.company, m.seats, np.zeros(n_blocks, dtype=np.int64))
    add(company + np.arange(n_companies), np.full(n_companies, sink), m.company_seats, np.zeros(n_companies, np.int64))
    supply = int(min(np.minimum(many, each).sum(), m.company_seats.sum(), m.seats.sum()))
    add(np.array([source]), np.array([sink]), np.array([supply]), np.zeros(1, dtype=np.int64))  # a seat may stay empty
    graph.set_nodes_supplies(np.array([source, sink]), np.array([supply, -supply]))
    status = graph.solve()
    if status != graph.OPTIMAL:
        raise RuntimeError(f"OR-tools found no flow: status {status}.")  # cannot be: the empty flow is one
    return np.flatnonzero(graph.flows(arcs) > 0)


def _by_program(m: Market, limits: Limits) -> Ints:
    """A variable for each contract, and one for each vacancy that must have a least number or none."""
    n_contracts = len(m.block)
    opens = np.zeros(0, dtype=np.int64) if limits.least is None else np.flatnonzero(limits.least > 1)
    rows = [
        (_sums(m.candidate, len(m.starts) - 1), np.full(len(m.starts) - 1, float(limits.each))),
        (_sums(m.block, len(m.seats)), m.seats.astype(float)),
        (_sums(m.company[m.block], len(m.company_seats)), m.company_seats.astype(float)),
    ]
    if limits.group is not None and limits.group_most is not None:
        group = limits.group[m.candidate]
        rows.append((_sums(group, len(limits.group_most)), limits.group_most.astype(float)))
    matrix = sparse.vstack([r for r, _ in rows])
    upper = np.concatenate([u for _, u in rows])
    matrix = sparse.hstack([matrix, sparse.csr_matrix((matrix.shape[0], len(opens)))])
    constraints = [optimize.LinearConstraint(matrix, -np.inf, upper)]
    if len(opens) and limits.opening is not None and limits.least is not None:
        counts = _sums(limits.opening[m.block], len(limits.least))[opens]
        most = np.bincount(limits.opening, weights=m.seats, minlength=len(limits.least))[opens]
        for sign, bound in ((1.0, most), (-1.0, -limits.least[opens].astype(float))):
            constraints.append(
                optimize.LinearConstraint(sparse.hstack([sign * counts, sparse.diags(-bound)]), -np.inf, 0.0)
            )
    gain = np.concatenate([-np.rint(m.score * _UNITS) - 1, np.zeros(len(opens))]) / _UNITS
    # seats and candidates alone make every corner whole, so that only openings, or caps across, need to be told
    whole = np.concatenate([np.full(n_contracts, int(limits.group_most is not None)), np.ones(len(opens))])
    found = optimize.milp(gain, constraints=constraints, bounds=optimize.Bounds(0, 1), integrality=whole)
    if found.x is None:
        raise RuntimeError(f"HiGHS found no assignment: {found.message}")  # cannot be: none at all is one
    if limits.group_most is None:  # a corner, with the openings as they were found
        opened = np.rint(found.x[n_contracts:])
        bounds = optimize.Bounds(np.append(np.zeros(n_contracts), opened), np.append(np.ones(n_contracts), opened))
        found = optimize.milp(gain, constraints=constraints, bounds=bounds)
    out: Ints = np.flatnonzero(np.asarray(found.x)[:n_contracts] > 0.5)
    return out


def _sums(keys: Ints, n: int) -> sparse.csr_matrix:
    """A matrix whose row g adds up the contracts of key g; keys below 0 are in none."""
    kept = np.flatnonzero(keys >= 0)
    ones: Floats = np.ones(len(kept))
    return sparse.csr_matrix((ones, (keys[kept], kept)), shape=(n, len(keys)))

"""Relations, levels and the best of them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from matcher.ranking import degrees
from matcher.ranking.degrees import Reach, best_of_rows, level_factor, plain_best_of_rows, related, related_roles
from matcher.settings import Relations
from tiny import TAXONOMY

RULES = Relations()


@pytest.mark.parametrize(
    "skill, counts_as",
    [
        ("metal", {"metal": 1, "turning": 0.6, "milling": 0.6, "cnc": 0.3}),  # each step down halves
        ("turning", {"turning": 1, "metal": 1, "cnc": 0.6, "milling": 0.5}),
        ("cnc", {"cnc": 1, "turning": 1, "metal": 1}),  # the narrower is the broader; kin are not inherited
        ("milling", {"milling": 1, "metal": 1, "turning": 0.5}),  # kin look both ways
        ("teamwork", {"teamwork": 1}),
        ("nowhere", {"nowhere": 1}),
    ],
)
def test_what_a_skill_counts_as(skill, counts_as):
    assert related(TAXONOMY, skill, RULES) == pytest.approx(counts_as)


def test_roles_of_one_family_count_in_part():
    assert related_roles(TAXONOMY, "turner", RULES) == pytest.approx({"turner": 1, "workers": 1, "miller": 0.7})


def test_the_settings_decide_what_is_near():
    rules = Relations(broader=0.2, kin=0.5)
    assert related(TAXONOMY, "metal", rules)["cnc"] == pytest.approx(0.1)
    assert related(TAXONOMY, "milling", rules)["turning"] == pytest.approx(0.25)


@pytest.mark.parametrize(
    "have, want, factor",
    [(None, None, 1), (1, None, 1), (3, 3, 1), (4, 2, 1), (None, 2, 0.8), (2, 3, 0.6), (1, 3, 0.36), (1, 4, 0.216)],
)
def test_level(have, want, factor):
    assert level_factor(have, want, RULES) == pytest.approx(factor)


def near(name):
    return related(TAXONOMY, name, RULES)


def test_reach_takes_the_best_member_of_an_any_of_group():
    reach = Reach([(("turning", "milling"), None), (("cnc",), 3)], near, RULES)
    matrix = reach.of([("milling", None), ("metal", 2)])
    assert matrix.toarray() == pytest.approx(np.array([[1, 0], [0.6, 0.3 * 0.6]]))


def test_best_degrees_are_the_maximum_over_facts():
    relation = Reach([(("turning",), None), (("cnc",), None)], near, RULES).of([("turning", None), ("metal", None)])
    rows, facts = np.array([0, 0, 2]), np.array([0, 1, 1])
    found = best_of_rows(rows, facts, np.array([0.5, 1.0, 1.0]), relation, 3)
    # row 0: turning itself at half strength 0.5, through metal 0.6 -> 0.6; cnc: 0.6 * 0.5 = 0.3, through metal 0.3
    assert found.toarray() == pytest.approx(np.array([[0.6, 0.3], [0, 0], [0.6, 0.3]]))


@pytest.mark.parametrize("seed", range(20))
def test_the_compiled_best_is_that_of_numpy(seed, monkeypatch):
    pytest.importorskip("numba")
    random = np.random.default_rng(seed)
    n_rows, n_facts, n_columns = random.integers(1, 30, 3)
    relation = sparse.random(n_facts, n_columns, 0.3, "csr", random_state=random)
    n = random.integers(0, 100)
    rows, facts = np.sort(random.integers(0, n_rows, n)), random.integers(0, n_facts, n)
    strengths = random.choice([0.0, 0.3, 0.5, 1.0], n)
    plain = plain_best_of_rows(rows, facts, strengths, relation, n_rows)
    monkeypatch.setattr(degrees, "_WORTH_COMPILING", -1)
    monkeypatch.setattr(degrees, "_AT_A_TIME", 40)
    compiled = best_of_rows(rows, facts, strengths, relation, n_rows)
    for got, expected in (
        (compiled.indptr, plain.indptr),
        (compiled.indices, plain.indices),
        (compiled.data, plain.data),
    ):
        assert got.tolist() == expected.tolist()


def test_nobody_has_anything():
    none = np.zeros(0, dtype=np.int64)
    relation = Reach([(("turning",), None)], near, RULES).of([])
    assert best_of_rows(none, none, np.zeros(0), relation, 2).toarray().tolist() == [[0], [0]]
    assert best_of_rows(none, none, np.zeros(0), relation, 0).shape == (0, 1)

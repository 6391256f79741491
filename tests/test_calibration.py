"""Scores as probabilities: a curve that rises, is judged on vacancies held out, and declines where nothing is to learn."""

from __future__ import annotations

import numpy as np
import pytest

from matcher import Matcher
from matcher.calibration import calibrate, fit_curve, probabilities, probability
from matcher.settings import Calibration

CHANCE = np.random.default_rng(0)
SCORES = CHANCE.random(2000)
TRUE = 1 / (1 + np.exp(-(10 * SCORES - 6)))
FITTING = CHANCE.random(2000) < TRUE
QUERY = np.repeat(np.arange(100), 20)


def test_the_curve_is_found_and_calibrated():
    curve = fit_curve(SCORES, FITTING)
    assert (curve.slope, curve.intercept) == pytest.approx((10, -6), abs=1)
    told = probabilities(curve, SCORES)
    for low in (0.1, 0.4, 0.7):
        here = (told >= low) & (told < low + 0.2)
        assert FITTING[here].mean() == pytest.approx(told[here].mean(), abs=0.06)
    assert probability(curve, 0.6) == pytest.approx(probabilities(curve, np.array([0.6]))[0])


@pytest.mark.parametrize("fitting", [np.ones(2000, bool), np.zeros(2000, bool), SCORES < 0.5])
def test_nothing_is_learnt_from_labels_that_are_alike_or_upside_down(fitting):
    assert fit_curve(SCORES, fitting) == Calibration()
    assert probability(Calibration(), 0.5) is None


def test_it_is_judged_on_vacancies_held_out():
    found = calibrate(SCORES, FITTING * 3.0, QUERY, folds=5, seed=0)
    assert found.is_significant
    assert found.after < found.before
    shuffled = calibrate(SCORES, CHANCE.permutation(FITTING) * 3.0, QUERY, folds=5, seed=0)
    assert not shuffled.is_significant


def test_a_calibrated_engine_tells_probabilities():
    vacancies = [{"id": "v", "title": "Токарь", "must_skills": ["токарные работы"]}]
    people = [{"id": 1, "skills": "токарные работы"}, {"id": 2, "skills": "сварка"}]
    engine = Matcher({"calibration": {"slope": 10, "intercept": -5}}).fit(vacancies)
    result = engine.run(people)
    assert "probability" not in Matcher().fit(vacancies).rank(people)
    for row in result.ranking.itertuples():
        assert row.probability == pytest.approx(1 / (1 + np.exp(5 - 10 * row.score)))
        assert result.explain(row.candidate_id, "v").probability == pytest.approx(row.probability)

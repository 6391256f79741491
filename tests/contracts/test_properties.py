"""What must hold in every world, tried on random small ones."""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, given, settings

from matcher import pipeline
from worlds import CHECKS, SKILLS, TITLES, parts_of, processes_do_not_matter, worlds

TRIED = settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


pytestmark = pytest.mark.usefixtures("read_once")


@TRIED
@given(worlds())
def test_all_holds_in_every_world(world):
    for check in CHECKS:
        check(world)


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
@settings(TRIED, max_examples=3)
@given(worlds())
def test_processes_do_not_matter(world):
    processes_do_not_matter(world)


def test_ten_thousand_pairs_add_up_exactly():
    draw = random.Random(1)
    candidates = [
        {
            "id": i,
            "title": draw.choice(TITLES),
            "skills": draw.sample(SKILLS, 6),
            "experience_months": draw.choice([None, 0, 7, 30]),
        }
        for i in range(101)
    ]
    vacancies = [
        {
            "id": f"v{j}", "title": draw.choice(TITLES), "must_skills": draw.sample(SKILLS, 4), "nice_skills": draw.sample(SKILLS, 2),
            "experience_months_min": draw.choice([None, 12]), "city": draw.choice([None, "Москва"]),
        }
        for j in range(100)
    ]  # fmt: skip
    result = pipeline.Matcher().run(candidates, vacancies, top=None)
    frame = result.ranking
    assert len(frame) == 10_100
    assert (frame[parts_of(frame)].fillna(0).sum(axis=1) == frame["score"]).all()
    for row in frame.sample(100, random_state=1).itertuples():
        explanation = result.explain(row.candidate_id, row.vacancy_id)
        assert sum(x.contribution for x in explanation.lines) + explanation.terms.thinness == row.score

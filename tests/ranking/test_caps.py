"""Dealbreakers hold down who is known to lack them, and nobody else."""

from __future__ import annotations

import pytest

from matcher import Matcher

VACANCIES = [
    {"id": "a", "title": "Сварщик", "must_skills": ["чтение чертежей", "ГОСТ"], "dealbreakers": ["сварка"], "languages": ["en:B2"]},
    {"id": "b", "title": "Сварщик", "must_skills": ["чтение чертежей", "ГОСТ", "сварка"]},
    {"id": "c", "must_skills": ["чтение чертежей"], "dealbreakers": ["английский B2"]},
]  # fmt: skip
PEOPLE = [
    {"id": "has", "title": "Сварщик", "skills": "чтение чертежей; ГОСТ; аргонодуговая сварка", "languages": "en:C1"},
    {"id": "lacks", "title": "Сварщик-стажёр", "skills": "чтение чертежей; ГОСТ", "text": "Сварку не знаю.", "languages": "en:A1"},
    {"id": "silent", "title": "Сварщик", "text": "Готов учиться."},
]  # fmt: skip


@pytest.fixture(scope="module")
def result():
    return Matcher().fit(VACANCIES).run(PEOPLE, top=None)


@pytest.mark.parametrize(
    "who, what, capped",
    [
        ("has", "a", False),
        ("lacks", "a", True),
        ("silent", "a", False),
        ("lacks", "b", False),
        ("has", "c", False),
        ("lacks", "c", True),
        ("silent", "c", False),
    ],
)
def test_who_is_capped(result, who, what, capped):
    row = result.ranking.set_index(["candidate_id", "vacancy_id"]).loc[(who, what)]
    assert (row["cap"] < 0) == capped
    assert (row["score"] == pytest.approx(0.3, abs=1e-9)) == capped
    told = result.explain(who, what)
    assert told.terms.rest["cap"] == row["cap"]
    assert ("потолок" in told.to_brief_text()) == capped
    if capped:  # what lifts the cap is what would raise the score
        (first,) = told.raises
        assert first[0].label in {"Сварка", "Английский язык"}
        assert first[1] > -row["cap"]


@pytest.mark.parametrize("combiner", ["off", "weighted", "harmonic"])
def test_contributions_still_add_up(combiner):
    result = Matcher({"wishes": {"combine": combiner}}).fit(VACANCIES).run(PEOPLE, top=None)
    frame = result.ranking
    parts = [c for c in frame.columns[5:] if c not in {"score_vacancy", "score_candidate"}]
    assert (frame[parts].fillna(0).sum(axis=1) == frame["score"]).all()
    for row in frame.itertuples():
        told = result.explain(row.candidate_id, row.vacancy_id)
        rest = told.terms.thinness + sum(told.terms.rest.values())
        assert sum(x.contribution for x in told.lines) + rest == told.score == row.score


def test_a_cap_of_one_is_none(result):
    free = Matcher({"scoring": {"dealbreaker": 1.0}}).fit(VACANCIES).rank(PEOPLE, top=None)
    assert "cap" not in free
    assert (free["score"] >= 0.3).any()


def test_a_dealbreaker_is_a_must_too(result):
    told = result.explain("has", "a")
    (line,) = [x for x in told.lines if x.label == "Сварка"]
    assert line.tier == "must"
    assert line.contribution > 0

"""A request may multiply the weights of criteria for itself."""

import pytest

from matcher import Matcher

CANDIDATES = [
    {"id": 1, "title": "токарь", "skills": ["Excel"], "text": "работа в офисе"},
    {"id": 2, "title": "менеджер", "skills": ["токарные работы", "чтение чертежей"], "text": "точу детали"},
]
VACANCY = {"id": "v", "title": "Токарь", "must_skills": ["токарные работы", "чтение чертежей"]}


def ranked(weights):
    row = {**VACANCY, "weights": weights} if weights is not None else VACANCY
    return Matcher().fit([row]).rank(CANDIDATES).set_index("candidate_id")


def test_a_factor_changes_the_list_of_its_vacancy():
    by_title = ranked("title:20; role:20")
    by_skills = ranked("title:0; role:0; skills:5")
    assert by_title["rank"].to_dict() == {1: 1, 2: 2}
    assert by_skills["rank"].to_dict() == {1: 2, 2: 1}
    assert by_skills["title"].isna().all()


def test_a_factor_of_one_changes_nothing():
    assert ranked("skills:1; title:1").equals(ranked(None))


def test_it_changes_no_other_vacancy():
    other = {**VACANCY, "id": "w"}
    both = Matcher().fit([VACANCY, other]).rank(CANDIDATES)
    told = Matcher().fit([{**VACANCY, "weights": "skills:9"}, other]).rank(CANDIDATES)
    one, two = (f[f["vacancy_id"] == "w"].set_index("candidate_id")["score"] for f in (both, told))
    assert one.to_dict() == two.to_dict()


def test_it_is_saved_with_the_engine(tmp_path):
    engine = Matcher().fit([{**VACANCY, "weights": "skills:5; title:0"}])
    engine.save(tmp_path / "engine")
    assert Matcher.load(tmp_path / "engine").rank(CANDIDATES).equals(engine.rank(CANDIDATES))


@pytest.mark.parametrize(
    "cell, told",
    [("skils:2", "skills"), ("skills", "must look like"), ("skills:x", "must look like"), ("skills:-1", "from 0")],
)
def test_a_cell_that_cannot_be_read_is_quarantined(cell, told):
    result = Matcher().run(CANDIDATES, [{**VACANCY, "weights": cell}, {**VACANCY, "id": "w"}])
    (fault,) = result.quarantine.to_dict("records")
    assert fault["column"] == "weights"
    assert told in fault["reason"]

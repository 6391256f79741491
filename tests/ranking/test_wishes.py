"""The other direction: wishes are met by offers, and both scores become one whose terms add up."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matcher import Matcher, Settings
from matcher.ranking.units import SCORE_ONE
from matcher.ranking.wishes import Wishes, build_wishes
from matcher.settings import Wishes as Rules
from tiny import TAXONOMY, person, place, world

NONE = {name: 0.0 for name in Rules.__dataclass_fields__ if name not in {"combine", "share"}}


def wished(had, offered, *names):
    """Scores of vacancies by one candidate who is asked for some wishes alone."""
    settings = replace(Settings(), wishes=Rules(**{**NONE, **dict.fromkeys(names, 1.0)}))
    told = world([had], offered, settings)
    found = build_wishes(told.profiles, told.requests, told.statistics.title, settings, TAXONOMY)
    columns = np.arange(len(offered))
    block = found.block(np.array([0]), columns)[0]
    assert block.tolist() == found.pairs(np.zeros(len(offered), dtype=int), columns).tolist()
    return (block / SCORE_ONE).tolist(), bool(found.stated[0])


@pytest.mark.parametrize(
    "name, had, offers, degrees",
    [
        ("salary", {"salary_rub": 80_000}, [{"salary_rub": 60_000}, {"salary_rub": 90_000}, {}], [0.75, 1, 0.7]),
        ("place", {"city": "Омск", "relocate": False}, [{"city": "Омск"}, {"city": "Тула"}, {}], [1, 0.1, 0.6]),
        ("place", {"city": "Омск"}, [{"city": "Тула", "remote": True}], [1]),
        ("schedule", {"schedule": ("part",)}, [{"schedule": ("part",)}, {"schedule": ("full",)}, {}], [1, 0, 0.7]),
        ("title", {"title": "токарь"}, [{"title": "токарь"}, {"title": "повар"}, {}], [1, 0, 0]),
        ("interests", {"interests": ("день завода",)}, [{"company": "Завод"}, {"company": "Банк"}], [1, 0]),
    ],
)
def test_a_wish_is_met_by_an_offer(name, had, offers, degrees):
    found, stated = wished(person("turning", **had), [place("turning", **o) for o in offers], name)
    assert found == pytest.approx(degrees, abs=1e-3)
    assert stated


def test_who_wishes_for_nothing_states_nothing():
    assert wished(person("turning"), [place("turning", city="Омск")], "place", "salary") == ([0.0], False)


@pytest.mark.parametrize("combiner", ["weighted", "harmonic"])
def test_combining_is_a_mean(combiner):
    both = Wishes((), np.array([True]), combiner, 512)
    one, half = SCORE_ONE, SCORE_ONE // 2
    stated = np.array([True, True, True, False])
    found = both.combined(np.array([one, one, 0, one]), np.array([one, half, one, 0]), stated) / SCORE_ONE
    expected = [1, 0.75, 0.5, 1] if combiner == "weighted" else [1, 2 / 3, 0, 1]
    assert found.tolist() == pytest.approx(expected)


ROWS = [
    {"id": 1, "title": "Токарь", "skills": "токарные работы", "salary_rub": 90_000, "city": "Москва"},
    {"id": 2, "title": "Бухгалтер", "skills": "токарные работы; 1С", "schedule": "part", "city": "Тула"},
    {"id": 3, "skills": "токарные работы"},
]
OFFERS = [
    {"id": "a", "title": "Токарь", "must_skills": ["токарные работы"], "city": "Москва", "salary_rub": 60_000},
    {"id": "b", "title": "Бухгалтер", "must_skills": ["1С"], "schedule": "part", "city": "Тула"},
]


@pytest.mark.parametrize("combiner", ["weighted", "harmonic"])
@pytest.mark.parametrize("by", ["vacancy", "candidate"])
def test_combined_scores_add_up_everywhere(combiner, by):
    engine = Matcher({"wishes": {"combine": combiner}}).fit(OFFERS)
    result = engine.run(ROWS, by=by, top=None)
    frame = result.ranking
    parts = frame.columns[frame.columns.get_loc("score_candidate") + 1 :]
    assert "wishes" in parts
    assert (frame[parts].fillna(0).sum(axis=1) == frame["score"]).all()
    for row in frame.itertuples():
        told = result.explain(row.candidate_id, row.vacancy_id)
        assert told.score == row.score
        assert sum(x.contribution for x in told.lines) + told.terms.thinness + told.terms.rest["wishes"] == row.score
    low = frame[["score_vacancy", "score_candidate"]].min(axis=1)
    high = frame[["score_vacancy", "score_candidate"]].max(axis=1)
    assert ((frame["score"] >= low - 1e-9) & (frame["score"] <= high + 1e-9)).all()
    silent = frame[frame["candidate_id"] == 3]
    assert (silent["score"] == silent["score_vacancy"]).all()
    assert silent["score_candidate"].isna().all()
    assert "Пожелания кандидата" in result.explain(1, "a").to_text()


def test_off_by_default_and_a_wrong_combiner_is_refused():
    frame = Matcher().fit(OFFERS).rank(ROWS)
    assert "wishes" not in frame
    assert "score_candidate" not in frame
    with pytest.raises(ValueError, match="combine must be one of off, weighted, harmonic"):
        Matcher({"wishes": {"combine": "sum"}})

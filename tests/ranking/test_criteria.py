"""Weights and degrees as fractions: each expectation can be recomputed by hand."""

from __future__ import annotations

import numpy as np
import pytest

from matcher.features.encode import TermVectorizer
from matcher.ranking.criteria import build_parts
from matcher.ranking.meeting import Column, columns_of
from matcher.ranking.stated import Strengths, stated
from matcher.ranking.units import WEIGHT_ONE
from matcher.ranking.worth import learn, profile_terms, request_bag, requirement_weight
from matcher.records import Evidence
from matcher.settings import Settings
from tiny import TAXONOMY, ask, fact, only, person, place, score, world

SKILLS = only("skills")
NEAR = 1 / 1000  # degrees are in 1/1024


def near(value):
    return pytest.approx(value, abs=NEAR)


# ---------------------------------------------------------------- skills


@pytest.mark.parametrize(
    "had, asked, expected",
    [
        (["turning"], ["turning"], 1),
        (["turning"], ["turning", "teamwork"], 1 / (1 + 0.25)),  # a soft skill weighs a quarter
        (["turning"], ["turning", "milling"], (1 + 0.5) / 2),  # milling through its kin
        (["cnc"], ["turning"], 1),  # the narrower is the thing itself
        (["metal"], ["turning"], 0.6),
        (["metal"], ["cnc"], 0.3),
        (["turning"], ["cnc"], 0.6),
        (["milling"], ["turning"], 0.5),
        (["milling", "metal"], ["turning"], 0.6),  # the best relation, not their sum
        (["teamwork"], ["turning"], 0),
        ([], ["turning"], 0),
        (["milling"], ["turning|milling"], 1),
        (["metal"], ["turning|milling"], 0.6),
        (["phrase:зачистка швов"], ["phrase:зачистка швов"], 1),
        (["phrase:зачистка швов"], ["phrase:иное"], 0),
    ],
)
def test_relation(had, asked, expected):
    assert score(person(*had), place(*asked), SKILLS) == near(expected)


@pytest.mark.parametrize(
    "level, wanted, expected", [(3, 3, 1), (4, 3, 1), (2, 3, 0.6), (1, 3, 0.36), (None, 3, 0.8), (1, None, 1)]
)
def test_level(level, wanted, expected):
    assert score(person(fact("turning", level=level)), place(ask("turning", level=wanted)), SKILLS) == near(expected)


@pytest.mark.parametrize(
    "tiers, expected",
    [
        (("must", "must"), 1 / 2),
        (("must", "nice"), 1 / 1.35),
        (("nice", "must"), 0.35 / 1.35),
        (("mentioned", "nice"), 0.6 / 0.95),
        (("title", "must"), 1 / 2),
    ],
)
def test_tier(tiers, expected):
    asked = [ask("turning", tier=tiers[0]), ask("phrase:иное", tier=tiers[1])]
    assert score(person("turning"), place(*asked), SKILLS) == near(expected)


def test_a_doubtful_requirement_weighs_by_its_confidence():
    asked = place("turning", ask("phrase:иное", confidence=0.5))
    assert score(person("turning"), asked, SKILLS) == near(1 / 1.5)


@pytest.mark.parametrize(
    "kind, strength, expected",
    [("listed", 1, 1), ("title", 1, 1), ("text", 1, 0.9), ("implied", 1, 0.75), ("programme", 1, 0.5),
     ("programme", 0.4, 0.2)],
)  # fmt: skip
def test_evidence(kind, strength, expected):
    assert score(person(fact("turning", kind=kind, strength=strength)), place("turning"), SKILLS) == near(expected)


@pytest.mark.parametrize("n_claimed, expected", [(1, 1), (60, 1), (120, 1 / 2), (600, 1 / 10)])
def test_the_list_budget(n_claimed, expected):
    assert score(person("turning", n_claimed=n_claimed), place("turning"), SKILLS) == near(expected)


def test_claims_share_the_budget_and_certificates_do_not():
    written = fact("turning", kind="text", evidence=Evidence("text"))
    certified = fact("turning", evidence=Evidence("certificates"))
    strengths = Strengths(Settings())
    assert strengths.of(written, 1000) == 0.9 * 60 / 1000
    assert strengths.of(certified, 1000) == 1
    assert strengths.of(fact("turning"), 1000) == 60 / 1000


@pytest.mark.parametrize(
    "denied, had, asked, expected",
    [
        ("turning", ["milling"], "turning", 0),  # kin do not help against a denial
        ("turning", ["turning"], "turning", 0),
        ("metal", ["turning"], "turning", 0),  # blocks what is under it
        ("metal", ["cnc"], "cnc", 0),
        ("cnc", ["turning"], "turning", 1),  # a denial of the narrower says nothing of the broader
        ("milling", ["turning"], "turning|milling", 1),
    ],
)
def test_a_denied_skill_blocks(denied, had, asked, expected):
    profile = person(*had, fact(denied, negated=True))
    assert score(profile, place(asked), SKILLS) == near(expected)


def test_rarity_by_hand():
    # three vacancies; milling is asked by all, cnc by one: log(1 + 3/3) = log 2 against log(1 + 3/1) = 2 log 2
    vacancies = [place("milling", "phrase:редкое"), place("milling"), place("milling")]
    scores = world([person("milling")], vacancies, only("skills", scoring={"rarity": 1.0})).scores
    assert scores[0] == near([1 / 3, 1, 1])


def test_the_commonest_member_decides_the_rarity_of_a_group():
    statistics = learn([place("turning|milling"), place("milling"), place("phrase:x")], SKILLS, TAXONOMY)
    assert statistics.rarity("any:turning|milling") == statistics.rarity("skill:milling") == pytest.approx(np.log(2.5))
    assert statistics.rarity("skill:metal") == pytest.approx(np.log(2.5))  # asked for through what is under it
    assert statistics.rarity("skill:unseen") == pytest.approx(np.log(4))


# ---------------------------------------------------------------- other columns


@pytest.mark.parametrize("had, expected", [("role:turner", 1), ("role:miller", 0.7), ("role:workers", 0.6), (None, 0)])
def test_role(had, expected):
    profile = person(*([had] if had else []))
    assert score(profile, place("role:turner"), only("role")) == near(expected)


@pytest.mark.parametrize(
    "had, expected",
    [
        ([fact("language:en", value=4)], 1),
        ([fact("language:en", value=2)], 0.6),
        ([fact("language:en", value=1)], 0.36),
        ([fact("language:en")], 0.8),  # level unknown
        ([fact("language:de", value=6)], 0),
        ([], 0.3),  # no language known: the neutral degree
        ([fact("language:en", negated=True)], 0),  # a denial is no unknown
    ],
)
def test_languages(had, expected):
    assert score(person(*had), place(ask("language:en", value=3)), only("languages")) == near(expected)


@pytest.mark.parametrize(
    "had, asked, value, expected",
    [
        ("licence:driver.B", "licence:driver.B", 1, 1),
        ("licence:driver.B", "licence:driver", 1, 1),
        ("licence:driver.B", "licence:driver.C", 1, 0),
        ("licence:electrical=3", "licence:electrical", 4, 0.6),
        ("licence:electrical=5", "licence:electrical", 4, 1),
        ("licence:grade.turner=4", "licence:grade", 4, 1),
        ("licence:grade=4", "licence:grade.turner", 4, 0.9),
        ("licence:grade=3", "licence:grade.turner", 4, 0.9 * 0.6),
        ("licence:grade.miller=6", "licence:grade.turner", 4, 0),
    ],
)
def test_licences(had, asked, value, expected):
    key, _, number = had.partition("=")
    profile = person(fact(key, value=float(number or 1)))
    assert score(profile, place(ask(asked, value=value)), only("licences")) == near(expected)


# ---------------------------------------------------------------- text


def test_title_and_text_are_a_power_of_the_cosine():
    # two words of equal rarity against one of them: cosine = 1 / sqrt 2, to the power 1/2
    assert score(person(title="токарь"), place(title="токарь чпу"), only("title")) == near(2**-0.25)
    asked = place(words="станок резец")
    assert score(person(words="станок"), asked, only("text", scoring={"text_power": 1.0})) == near(2**-0.5)
    assert score(person(words="иное"), asked, only("text")) == 0


def test_profiles_are_bags_with_half_of_what_is_broader():
    settings = Settings()
    people = [person("cnc", "teamwork"), person("turning", fact("turning", negated=True))]
    terms = TermVectorizer().fit([dict.fromkeys(["cnc", "turning", "metal", "teamwork"], 1)])
    rows = profile_terms(stated(people, settings).named["skills"], terms, settings, TAXONOMY).toarray().tolist()
    assert dict(zip(terms.vocabulary_, rows[0], strict=True)) == {
        "cnc": 1, "turning": 0.5, "metal": 0.5, "teamwork": 0.25,
    }  # fmt: skip
    assert rows[1] == [0, 0, 0, 0]
    assert request_bag(place(ask("turning", tier="nice")), settings, TAXONOMY) == {"turning": 0.35, "metal": 0.175}


# ---------------------------------------------------------------- weights of a vacancy


def test_criteria_share_the_weight_by_the_settings():
    settings = Settings.from_mapping(
        {"weights": {**only("skills").to_mapping()["weights"], "skills": 3, "languages": 1},
         "scoring": {"thinness": 0, "rarity": 0}}
    )  # fmt: skip
    asked = place("turning", "phrase:иное", ask("language:en"))
    assert score(person("turning"), asked, settings) == near(3 / 4 * 1 / 2 + 1 / 4 * 0.3)
    assert score(person("turning", "language:en"), asked, settings) == near(3 / 4 * 1 / 2 + 1 / 4)


def test_a_criterion_not_stated_leaves_its_weight_to_the_others():
    assert score(person("turning"), place("turning"), only("skills", "languages", "licences", "place")) == 1


@pytest.mark.parametrize(
    "coded, stated, had, expected",
    [
        ("experience", {"experience_months_min": 12}, {"experience_months": 6}, 1 / 2),
        ("experience", {"experience_months_min": 12}, {}, 0.5),
        ("place", {"city": "Тула"}, {"city": "Тула"}, 1),
        ("place", {"city": "Тула"}, {}, 0.6),
        ("schedule", {"hours_per_week": 40}, {"hours_per_week": 10}, 1 / 4),
        ("schedule", {"hours_per_week": 40}, {}, 0.7),
        ("salary", {"salary_rub": 50}, {"salary_rub": 100}, 1 / 2),
        ("education", {"education_levels": ("bachelor",)}, {}, 0.5),
    ],
)
def test_coded_criteria(coded, stated, had, expected):
    assert score(person(**had), place(**stated), only(coded)) == near(expected)


def test_weights_of_a_vacancy_sum_to_one_exactly():
    requests = [place("turning", ask("language:en"), city="Тула", title="токарь"), place(*"abcdefg", "teamwork")]
    parts = build_parts([person()], requests, learn(requests, SKILLS, TAXONOMY), Settings(), TAXONOMY)
    assert sum(p.total for p in parts.parts).tolist() == [WEIGHT_ONE, WEIGHT_ONE]


@pytest.mark.parametrize(
    "asked, title, m, thin",
    [
        (["turning"], "токарь", 0.5, 2 / 2.5),
        (["turning", "milling"], "токарь", 0.5, 3 / 3.5),
        ([], "токарь", 0.5, 1 / 1.5),
        ([ask("turning", tier="nice")], "", 0.5, 0.35 / 0.85),
        (["turning"], "", 0, 1),
        (["turning"], "", 3, 1 / 4),
    ],
)
def test_thinness(asked, title, m, thin):
    settings = only("skills", scoring={"thinness": m})
    made = world([person("turning", "milling")], [place(*asked, title=title)], settings)
    assert made.model.thin[0] / 1024 == near(thin)
    if asked:
        assert made.scores[0][0] == near(thin)


def test_equal_requirements_of_vacancies_are_one_column():
    requests = [place("turning", "milling"), place("turning"), place(ask("turning", level=2))]
    assert columns_of(requests, "skills") == [
        Column("skill:milling", None, None, ("milling",)),
        Column("skill:turning", None, None, ("turning",)),
        Column("skill:turning", 2, None, ("turning",)),
    ]


def test_requirement_weight_is_tier_by_rarity_by_confidence():
    settings = Settings()
    statistics = learn([place("turning"), place("milling")], settings, TAXONOMY)
    rare = np.log(1 + 2 / 1)
    assert requirement_weight(ask("turning"), statistics, settings, TAXONOMY) == pytest.approx(rare)
    assert requirement_weight(ask("turning", tier="nice", confidence=0.5), statistics, settings, TAXONOMY) == (
        pytest.approx(0.35 * 0.5 * rare)
    )
    assert requirement_weight(ask("language:en"), statistics, settings, TAXONOMY) == 1  # rarity is of skills only


def test_nobody_and_nothing():
    assert world([], [place("turning")], Settings()).scores == []
    assert world([person("turning")], [], Settings()).scores == [[]]
    assert world([], [], Settings()).parts.parts == ()

"""Explanations are the kept terms of the sum, in the words of the taxonomy."""

from __future__ import annotations

import pytest

from matcher.ranking.lines import DENIED, MET, MISSING, PARTIAL, UNKNOWN
from matcher.settings import Settings
from tiny import ask, fact, only, person, place, world


def lines(profile, request, settings):
    return world([profile], [request], settings).explain().lines


@pytest.mark.parametrize(
    "had, asked, state",
    [
        (["turning"], "turning", MET),
        (["cnc"], "turning", MET),
        (["milling"], "turning", PARTIAL),
        (["teamwork"], "turning", MISSING),
        ([], "turning", UNKNOWN),
        ([fact("turning", negated=True)], "turning", DENIED),
        (["turning", fact("turning", negated=True)], "turning", DENIED),
        (["cnc", fact("metal", negated=True)], "cnc", DENIED),  # by what is broader
        (["milling", fact("turning", negated=True)], "milling|turning", MET),  # the other member is there
        (["teamwork", fact("cnc", negated=True)], "turning", MISSING),
    ],
)
def test_state_of_a_skill(had, asked, state):
    (line,) = lines(person(*had), place(asked), only("skills"))
    assert line.state == state
    assert (line.contribution > 0) == (state in {MET, PARTIAL})
    assert bool(line.fact) == (state in {MET, PARTIAL})


@pytest.mark.parametrize(
    "had, state, degree",
    [
        ([fact("language:en", value=3)], MET, 1),
        ([fact("language:en", value=2)], PARTIAL, 0.6),
        ([], UNKNOWN, 0.3),
        ([fact("language:en", negated=True)], DENIED, 0),
    ],
)
def test_state_of_a_language(had, state, degree):
    (line,) = lines(person(*had), place(ask("language:en", value=3)), only("languages"))
    assert (line.state, line.label, line.need) == (state, "Английский язык", "B1")
    assert line.degree == pytest.approx(degree, abs=1e-3)


@pytest.mark.parametrize(
    "key, value, label, need",
    [
        ("licence:driver.B", 1.0, "Водительские права, категория B", ""),
        ("licence:driver", 1.0, "Водительские права", ""),
        ("licence:tractor.C", 1.0, "Удостоверение тракториста-машиниста, категория C", ""),
        ("licence:electrical", 3.0, "Группа по электробезопасности", "3"),
        ("licence:grade", 4.0, "Разряд", "4"),
        ("licence:grade.turner", 4.0, "Разряд, токарь", "4"),
        ("licence:медкнижка", 1.0, "licence:медкнижка", ""),
    ],
)
def test_licences_have_russian_names(key, value, label, need):
    (line,) = lines(person(fact(key, value=value)), place(ask(key, value=value)), only("licences"))
    assert (line.label, line.need, line.state) == (label, need, MET)


def test_the_best_fact_is_shown_with_its_place():
    (line,) = lines(person("metal", "milling"), place(ask("turning", tier="nice")), only("skills"))
    assert (line.label, line.fact, line.tier) == ("Токарные работы", "Металлообработка", "nice")
    assert line.found.column == "skills"


def test_an_any_of_group_is_one_line():
    (line,) = lines(person("milling"), place("milling|turning"), only("skills"))
    assert line.label == "Фрезерные работы / Токарные работы"


def test_cosines_show_the_words_they_share():
    title, text = lines(
        person(title="токарь универсал", words="станок"), place(title="токарь", words="резец"), only("title", "text")
    )
    assert (title.fact, title.state) == ("токарь", MET)
    assert (text.fact, text.state) == ("", MISSING)  # the candidate says something, though nothing the fit has seen


@pytest.mark.parametrize(
    "criterion, stated, had, need, fact_, state",
    [
        ("experience", {"experience_months_min": 12}, {"experience_months": 6}, "12", "6", PARTIAL),
        ("experience", {"experience_months_min": 12}, {}, "12", "", UNKNOWN),
        ("place", {"city": "Тула", "remote": True}, {"city": "Омск"}, "Тула; remote", "Омск", MET),
        (
            "schedule",
            {"hours_per_week": 40, "schedule": ("full",)},
            {"schedule": ("part",)},
            "40; full",
            "part",
            MISSING,
        ),
    ],
)
def test_coded_lines(criterion, stated, had, need, fact_, state):
    (line,) = lines(person(**had), place(**stated), only(criterion))
    assert (line.need, line.fact, line.state) == (need, fact_, state)


def test_lines_and_thinness_sum_to_the_score_of_the_block():
    asked = place("turning", "teamwork", ask("language:en", value=3), title="токарь", words="станок", city="Тула")
    for had in (person("milling", title="токарь"), person(), person(fact("turning", negated=True), words="станок")):
        made = world([had], [asked], Settings())
        terms = made.explain()
        assert sum(x.contribution for x in terms.lines) + terms.thinness == terms.score == made.scores[0][0]
        assert sum(x.weight for x in terms.lines) == 1


def test_known_share_equals_the_weights_of_lines_that_are_not_unknown():
    terms = world([person("turning")], [place("turning", ask("language:en"))], only("skills", "languages")).explain()
    assert terms.known == sum(x.weight for x in terms.lines if x.state != UNKNOWN) == 1 / 2

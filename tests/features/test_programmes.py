"""What a programme says of roles and skills, and skills of roles."""

from __future__ import annotations

import pytest

from matcher.features.programmes import Programmes
from matcher.features.skills import reader_for


@pytest.fixture(scope="module")
def programmes() -> Programmes:
    return Programmes(reader_for())


@pytest.mark.parametrize(
    ("code", "role"),
    [
        ("09.03.01", "role.sysadmin"),
        ("18.03.01", "role.lab_chem"),
        ("15.02.16", "role.turner"),
        ("08.03.01", "role.prorab"),
        ("13.03.02", "role.electrician"),
    ],
)
def test_a_programme_leads_to_its_roles(programmes, code, role):
    assert role in {link.id for link in programmes.of(code) if link.is_role}


@pytest.mark.parametrize(
    ("code", "skill"), [("09.03.01", "it.python"), ("15.02.16", "cad.kompas"), ("18.03.01", "chem.titration")]
)
def test_a_programme_leads_to_its_skills(programmes, code, skill):
    assert skill in {link.id for link in programmes.of(code) if not link.is_role}


@pytest.mark.parametrize("code", ["09.03.01", "18.04.01", "15.05.01", "40.03.01", "01.00.00"])
def test_links_are_whole(programmes, code):
    links = programmes.of(code)
    assert links
    assert len({(link.id, link.is_role) for link in links}) == len(links)
    for link in links:
        assert 0 < link.strength <= 1
        assert programmes.reader.taxonomy[link.id].kind == "role" or not link.is_role


def test_the_own_rows_count_more_than_the_groups(programmes):
    own, group = programmes.of("09.03.01"), programmes.of("09.03.99")
    assert max(link.strength for link in own) == 1
    assert max(link.strength for link in group) == 0.5


@pytest.mark.parametrize(("master", "bachelor"), [("18.04.01", "18.03.01"), ("09.04.01", "09.03.01")])
def test_a_master_reads_as_its_bachelor_where_it_has_no_row(programmes, master, bachelor):
    assert {link.id for link in programmes.of(master)} == {link.id for link in programmes.of(bachelor)}


@pytest.mark.parametrize("code", ["", "99.99.99", "химия"])
def test_unknown_codes_lead_nowhere(programmes, code):
    assert programmes.of(code) == ()
    assert programmes.name(code) is None


def test_an_unknown_programme_of_a_known_group_reads_as_the_group(programmes):
    half = {(link.id, link.is_role): link.strength / 2 for link in programmes.of("09.00.00")}
    assert {(link.id, link.is_role): link.strength for link in programmes.of("09.03.99")} == pytest.approx(
        half, abs=1e-4
    )


def test_names_and_spaces(programmes):
    assert programmes.name(" 18.03.01 ") == "Химическая технология"
    assert programmes.of(" 18.03.01 ") is programmes.of("18.03.01")


@pytest.mark.parametrize(
    ("skills", "role"),
    [
        (["it.python", "it.django", "it.postgresql"], "role.python_dev"),
        (["mech.turning", "mech.drawings_reading", "qual.caliper"], "role.turner"),
        (["food.cooking", "food.haccp", "food.ttk"], "role.cook"),
        (["chem.titration", "chem.hplc", "chem.sample_prep"], "role.lab_chem"),
    ],
)
def test_skills_tell_the_role(programmes, skills, role):
    best = programmes.roles_from_skills(dict.fromkeys(skills, 1.0))
    assert role in [name for name, _ in best], best
    strengths = [s for _, s in best]
    assert strengths == sorted(strengths, reverse=True)
    assert strengths[0] == 1
    assert all(0.3 <= s <= 1 for s in strengths)


@pytest.mark.parametrize("skills", [{}, {"нет такого": 1.0}])
def test_no_skills_no_role(programmes, skills):
    assert programmes.roles_from_skills(skills) == []


def test_skills_of_no_strength_tell_no_role(programmes):
    assert programmes.roles_from_skills({"it.python": 0.0}) == []


def test_the_order_of_skills_does_not_matter(programmes):
    skills = {"it.python": 1.0, "it.sql": 0.5, "cad.autocad": 0.7}
    assert programmes.roles_from_skills(skills) == programmes.roles_from_skills(dict(reversed(skills.items())))

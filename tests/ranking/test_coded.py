"""Degrees of coded facts, one line each."""

from __future__ import annotations

import datetime as dt

import pytest

from matcher.ranking import coded


@pytest.mark.parametrize("have, need, degree", [(12, 12, 1), (24, 12, 1), (6, 12, 1 / 2), (0, 12, 0)])
def test_experience(have, need, degree):
    assert coded.experience(have, need) == degree


@pytest.mark.parametrize(
    "code, wanted, degree",
    [
        ("15.03.05", "15.03.05", 1),
        ("15.04.05", "15.03.05", 1),  # the same programme on another level
        ("15.02.05", "15.03.05", 0.7),  # a college programme of the group is no twin
        ("15.03.01", "15.03.05", 0.7),
        ("15.03.01", "15.00.00", 1),
        ("18.03.01", "15.00.00", 0),
    ],
)
def test_programmes(code, wanted, degree):
    assert coded.code_match(code, wanted) == degree


@pytest.mark.parametrize(
    "level, codes, levels, wanted, degree",
    [
        ("bachelor", (), ("bachelor",), (), 1),
        ("vocational", (), ("bachelor",), (), 0),
        ("master", (), ("vocational",), (), 0.8),  # more than asked
        ("master", (), ("bachelor", "master"), (), 1),
        ("higher", (), ("bachelor",), (), 1),  # read from text
        (None, (), ("bachelor",), (), None),
        ("bachelor", (), (), ("15.03.05",), None),
        (None, ("15.03.05",), (), ("15.00.00",), 1),
        (None, ("38.03.01",), (), ("15.00.00",), 0.2),
        ("bachelor", ("15.03.01",), ("bachelor",), ("15.03.05",), (1 + 0.7) / 2),
    ],
)
def test_education(level, codes, levels, wanted, degree):
    assert coded.education((level, codes), (levels, wanted)) == degree


@pytest.mark.parametrize(
    "city, remote, relocate, cities, offered, degree",
    [
        ("омск", None, None, ("омск",), None, 1),
        ("омск", None, True, ("тула",), None, 0.9),
        ("омск", None, None, ("тула",), None, 0.4),
        ("омск", None, False, ("тула",), None, 0.1),
        (None, None, None, ("тула",), None, None),
        (None, None, None, ("тула",), True, 1),  # remote work suits who said nothing
        ("омск", False, False, ("тула",), True, 0.1),
    ],
)
def test_place(city, remote, relocate, cities, offered, degree):
    assert coded.place((city, remote, relocate), (cities, offered)) == degree


@pytest.mark.parametrize("name", ["Орёл", "г. Орел", "г.Орёл", "город Орёл", " ОРЁЛ "])
def test_city_key(name):
    assert coded.city_key(name) == "орел"


@pytest.mark.parametrize("name", [None, "", "г."])
def test_no_city(name):
    assert coded.city_key(name) is None


@pytest.mark.parametrize(
    "hours, kinds, needed, offered, degree",
    [
        (20, (), 40, (), 1 / 2),
        (40, (), 20, (), 1),
        (None, ("full",), None, ("full", "shift"), 1),
        (None, ("part",), None, ("full",), 0),
        (None, ("flexible",), None, ("full",), 0.5),
        (20, ("full",), 40, ("full",), 1 / 2),  # the lower of the two
        (None, (), 40, ("full",), None),
        (20, (), None, ("full",), None),
    ],
)
def test_schedule(hours, kinds, needed, offered, degree):
    assert coded.schedule((hours, kinds), (needed, offered)) == degree


def day(text):
    return dt.date.fromisoformat(text) if text else None


@pytest.mark.parametrize(
    "free_from, free_to, start, end, degree",
    [
        ("2026-07-01", "2026-08-01", "2026-07-01", "2026-07-11", 1),
        ("2026-07-06", None, "2026-07-01", "2026-07-11", 1 / 2),
        (None, "2026-07-03", "2026-07-01", "2026-07-11", 1 / 5),
        ("2026-08-01", None, "2026-07-01", "2026-07-11", 0),
        (None, None, "2026-07-01", None, None),
        ("2026-06-01", None, "2026-07-01", None, 1),
        ("2026-09-29", None, "2026-07-01", None, 1 - 90 / 180),
        (None, "2026-06-01", "2026-07-01", None, 0),
        ("2027-07-01", None, "2026-07-01", None, 0),
    ],
)
def test_dates(free_from, free_to, start, end, degree):
    assert coded.dates((day(free_from), day(free_to)), (day(start), day(end))) == pytest.approx(degree)


@pytest.mark.parametrize("wish, offer, degree", [(50, 100, 1), (100, 50, 1 / 2), (0, 10, 1)])
def test_salary(wish, offer, degree):
    assert coded.salary(wish, offer) == degree

"""Gates: each refuses on known facts, passes on met ones, and passes unverified on unknown ones."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

import tiny
from matcher.ranking.gates import RULES, World, build_gates, codes_of
from matcher.ranking.scoring import rank, refusals
from matcher.records import Agreement, Candidate, Vacancy
from matcher.refusals import SENTENCES
from matcher.settings import Gates

TODAY = dt.date(2026, 9, 1)
WORLD = World(
    TODAY,
    (
        Agreement("Прибор", "МИЭТ", dt.date(2025, 1, 1), dt.date(2026, 12, 31)),
        Agreement("Прибор", "МАИ", None, dt.date(2026, 1, 1)),
    ),
)
ON = dict.fromkeys(Gates.__dataclass_fields__, True)
REFUSED, PASSED, UNVERIFIED = "refused", "passed", "unverified"


def verdict(code, candidate, vacancy, world=WORLD):
    gates = {g.code: g for g in build_gates([Candidate("c", **candidate)], [Vacancy("v", **vacancy)], world, ON)}
    if code not in gates:
        return PASSED
    gate = gates[code]
    assert not (gate.refuses[0, 0] and gate.unverified[0, 0])
    return REFUSED if gate.refuses[0, 0] else UNVERIFIED if gate.unverified[0, 0] else PASSED


def day(text):
    return dt.date.fromisoformat(text)


STUDENTS = {"statuses": ("student", "graduate")}
WINDOW = {"graduated_within_years": 2}
TURNER = {"education_levels": ("bachelor",), "education_codes": ("15.00.00",)}
PARTNERS = {"company": "ООО «Прибор»", "agreement_only": True}
HAZARD = {"hazardous": True, "start": day("2026-10-01")}
SUMMER = {"start": day("2026-06-01"), "end": day("2026-08-31")}
DRIVER = {"licences": ("driver:C",)}
GROUP = {"licences": ("electrical:4",)}
ON_SITE = {"city": "Тула", "place_required": True}
CASES = [
    ("status", {"status": "worker"}, STUDENTS, REFUSED),
    ("status", {"status": "student"}, STUDENTS, PASSED),
    ("status", {}, STUDENTS, UNVERIFIED),
    ("status", {"status": "worker"}, {}, PASSED),
    ("graduation_window", {"status": "graduate", "graduation_year": 2023}, WINDOW, REFUSED),
    ("graduation_window", {"status": "graduate", "graduation_year": 2024}, WINDOW, PASSED),
    ("graduation_window", {"status": "student", "graduation_year": 2010}, WINDOW, PASSED),
    ("graduation_window", {"status": "graduate"}, WINDOW, UNVERIFIED),
    ("graduation_window", {"graduation_year": 2024}, {**WINDOW, "start": day("2027-02-01")}, REFUSED),
    ("education", {"education_level": "vocational"}, TURNER, REFUSED),
    ("education", {"education_level": "bachelor", "education_code": ("38.03.01",)}, TURNER, REFUSED),
    ("education", {"education_level": "bachelor", "education_code": ("38.03.01", "15.03.05")}, TURNER, PASSED),
    ("education", {"education_code": ("38.03.01",)}, TURNER, REFUSED),
    ("education", {"education_level": "bachelor"}, TURNER, UNVERIFIED),
    ("education", {"education_code": ("15.03.05",)}, TURNER, UNVERIFIED),
    ("education", {}, TURNER, UNVERIFIED),
    ("education", {"education_level": "master"}, {"education_levels": ("bachelor",)}, PASSED),
    ("no_agreement", {"institution": ("РХТУ",)}, PARTNERS, REFUSED),
    ("no_agreement", {"institution": ("РХТУ", "МИЭТ")}, PARTNERS, PASSED),
    ("no_agreement", {"institution": ("МАИ",)}, PARTNERS, REFUSED),  # ended in January
    ("no_agreement", {"institution": ("МАИ",)}, {**PARTNERS, "start": day("2025-12-01")}, PASSED),
    ("no_agreement", {"institution": ("МАИ",)}, {**PARTNERS, "institutions": ("МАИ",)}, PASSED),
    ("no_agreement", {}, PARTNERS, UNVERIFIED),
    ("no_agreement", {"institution": ("РХТУ",)}, {"company": "Прибор"}, PASSED),
    ("minor_hazardous", {"is_minor": True}, HAZARD, REFUSED),
    ("minor_hazardous", {"is_minor": False}, HAZARD, PASSED),
    ("minor_hazardous", {}, HAZARD, UNVERIFIED),
    ("minor_hazardous", {"is_minor": True, "adult_from": day("2026-10-01")}, HAZARD, PASSED),  # of age at the start
    ("minor_hazardous", {"is_minor": True, "adult_from": day("2026-10-02")}, HAZARD, REFUSED),
    ("minor_hazardous", {"is_minor": True}, {"hazardous": False}, PASSED),
    ("dates", {"available_from": day("2026-09-01")}, SUMMER, REFUSED),
    ("dates", {"available_to": day("2026-05-31")}, SUMMER, REFUSED),
    ("dates", {"available_from": day("2026-08-01")}, SUMMER, PASSED),
    ("dates", {}, SUMMER, UNVERIFIED),
    ("licence", {"licences": ("driver:B",)}, DRIVER, REFUSED),
    ("licence", {"licences": ("driver:B,C",)}, DRIVER, PASSED),
    ("licence", {"licences": ("driver:B",)}, {"licences": ("driver",)}, PASSED),
    ("licence", {"licences": ("electrical:5",)}, DRIVER, UNVERIFIED),
    ("licence", {}, DRIVER, UNVERIFIED),
    ("licence", {"licences": ("electrical:3",)}, GROUP, REFUSED),
    ("licence", {"licences": ("electrical:4",)}, GROUP, PASSED),
    ("licence", {"licences": ("grade.turner:3",)}, {"licences": ("grade.turner:4",)}, REFUSED),
    ("licence", {"licences": ("grade.miller:5",)}, {"licences": ("grade.turner:4",)}, UNVERIFIED),
    ("place", {"city": "Омск", "relocate": False}, ON_SITE, REFUSED),
    ("place", {"city": "Омск", "relocate": True}, ON_SITE, PASSED),
    ("place", {"city": "Омск"}, ON_SITE, UNVERIFIED),
    ("place", {"city": "г. Тула", "relocate": False}, ON_SITE, PASSED),
    ("place", {"relocate": False}, ON_SITE, UNVERIFIED),
    ("place", {"city": "Омск", "relocate": False}, {"city": "Тула"}, PASSED),  # a criterion, not a gate
    ("place", {"city": "Омск", "relocate": False}, {**ON_SITE, "remote": True}, PASSED),
    ("place", {"city": "Омск", "relocate": False}, {**ON_SITE, "sites": ("Омск",)}, PASSED),
]


@pytest.mark.parametrize("code, candidate, vacancy, expected", CASES)
def test_gate(code, candidate, vacancy, expected):
    assert verdict(code, candidate, vacancy) == expected


def test_every_gate_has_all_three_verdicts_among_the_cases():
    told = {(code, expected) for code, _, _, expected in CASES}
    assert told == {(rule.code, v) for rule in RULES for v in (REFUSED, PASSED, UNVERIFIED)}


def test_every_gate_has_a_sentence_and_a_flag_of_its_own():
    assert {rule.flag for rule in RULES} == set(Gates.__dataclass_fields__)
    assert {rule.code for rule in RULES} == set(SENTENCES)


@pytest.mark.parametrize(
    "code, candidate, vacancy, told",
    [
        ("status", {"status": "worker"}, STUDENTS, "Статус кандидата — работающий, а компания приглашает других: студент, выпускник."),
        ("graduation_window", {"status": "graduate", "graduation_year": 2019}, WINDOW, "Год выпуска — 2019: прошло больше лет, чем допускает запрос (не больше 2)."),
        ("education", {"education_level": "vocational"}, TURNER, "Нужно образование не ниже: бакалавриат; у кандидата — среднее профессиональное."),
        ("education", {"education_level": "bachelor", "education_code": ("09.03.01",)}, TURNER, "Нужно направление 15.00.00; у кандидата — 09.03.01."),
        ("no_agreement", {"institution": ("МАИ",)}, PARTNERS, "У компании ООО «Прибор» нет действующего соглашения с учебным заведением кандидата: МАИ."),
        ("dates", {"available_to": day("2026-05-01")}, SUMMER, "Кандидат свободен по 01.05.2026, а запрос рассчитан на время с 01.06.2026 по 31.08.2026."),
        ("licence", {"licences": ("electrical:2",)}, GROUP, "Группа по электробезопасности: нужно не ниже 4, у кандидата 2."),
        ("licence", {"licences": ("driver:B",)}, DRIVER, "Водительские права, категория C не открыта, у кандидата: B."),
        ("place", {"city": "Омск", "relocate": False}, ON_SITE, "Нужно быть на месте (Тула), а кандидат живёт в другом городе (Омск) и не готов к переезду."),
    ],
)  # fmt: skip
def test_a_refusal_names_the_values_that_decided(code, candidate, vacancy, told):
    assert verdict(code, candidate, vacancy) == REFUSED
    assert SENTENCES[code](Candidate("c", **candidate), Vacancy("v", **vacancy)) == told


def test_a_refusal_for_age_tells_no_date():
    minor = {"is_minor": True, "adult_from": day("2027-03-12")}
    assert verdict("minor_hazardous", minor, HAZARD) == REFUSED
    assert not any(
        c.isdigit()
        for c in SENTENCES["minor_hazardous"](Candidate("c", **minor), Vacancy("v", **HAZARD))
        .replace("265", "")
        .replace("18", "")
    )


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.code)
def test_a_gate_can_be_turned_off(rule):
    code, candidate, vacancy, _ = next(c for c in CASES if c[0] == rule.code and c[3] == REFUSED)
    pair = [Candidate("c", **candidate)], [Vacancy("v", **vacancy)]
    assert code in {g.code for g in build_gates(*pair, WORLD, ON)}
    assert code not in {g.code for g in build_gates(*pair, WORLD, {**ON, rule.flag: False})}


def crowd():
    """Two vacancies and four candidates; the third is refused by two gates of the first vacancy."""
    vacancies = [Vacancy("v1", **STUDENTS, **SUMMER), Vacancy("v2")]
    late = {"available_from": day("2026-12-01")}
    people = [{"status": "student"}, {"status": "worker"}, {"status": "worker", **late}, {"status": "student", **late}]
    candidates = [Candidate(f"c{i}", **p) for i, p in enumerate(people)]
    gates = build_gates(candidates, vacancies, WORLD, ON)
    made = tiny.world([tiny.person("turning")] * 4, [tiny.place("turning")] * 2, tiny.only("skills"), gates)
    return made.model


def test_only_the_first_reason_is_given():
    model = crowd()
    codes = [g.code for g in model.gates]
    found = refusals(model, np.arange(4), np.arange(2))
    assert [["" if n < 0 else codes[n] for n in row] for row in found] == [
        ["", ""], ["status", ""], ["status", ""], ["dates", ""],
    ]  # fmt: skip


@pytest.mark.parametrize("by", ["vacancy", "candidate"])
@pytest.mark.parametrize("block", [1, 2, 256])
def test_reasons_are_counted_and_pairs_add_up(by, block):
    ranked = rank(crowd(), by=by, k=None, block=block, excluded=[(0, 0), (1, 0), (3, 1)])
    assert ranked.refused == {"status": 2, "dates": 1}
    assert ranked.n_excluded == 2  # the pair (1, 0) is refused already
    assert ranked.n_pairs == 8 == len(ranked.rows) + ranked.n_excluded + sum(ranked.refused.values())


def test_codes_number_keys_as_they_come():
    codes, keys = codes_of(["b", "a", "b", None])
    assert codes.tolist() == [0, 1, 0, 2]
    assert keys == ["b", "a", None]


def test_nobody_and_nothing():
    assert build_gates([], [], WORLD, ON) == ()
    gates = build_gates([], [Vacancy("v", **STUDENTS)], WORLD, ON)
    assert gates[0].block(np.arange(0), np.arange(1)).shape == (0, 1)

"""Wording that the Labour Code forbids: found and typed, and read by nobody."""

from __future__ import annotations

import pytest

import matcher
from matcher.features.lawful import GROUNDS, ground_in_russian
from matcher.features.normalize import normalize


def grounds(text):
    return {m.value["ground"] for m in normalize(text, "vacancy") if m.kind == "unlawful"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Только мужчины, график 2/2", "sex"),
        ("Приглашаем девушек на ресепшен", "sex"),
        ("Пол: женский", "sex"),
        ("Служба в армии обязательна", "sex"),
        ("Возраст: 22-40 лет", "age"),
        ("Требуется охранник, не старше 55 лет", "age"),
        ("Девушка до 27 лет", "sex age"),
        ("Ищем молодого специалиста в отдел", "age"),
        ("Презентабельная внешность, рост от 175 см", "looks"),
        ("Славянская внешность", "nationality"),
        ("Только граждане РФ", "nationality"),
        ("Замужем, без маленьких детей", "family"),
        ("Московская прописка обязательна", "registration"),
        ("Строго для москвичей", "registration"),
    ],
)
def test_what_may_not_be_asked(text, found):
    assert grounds(text) == set(found.split())


@pytest.mark.parametrize(
    "text",
    [
        "Продавец мужской одежды",
        "Опыт работы от 10 лет",
        "Компании более 30 лет",
        "Молодой и дружный коллектив",
        "Работа с детьми от 3 до 7 лет",
        "Дети в возрасте от 3 до 15 лет",
        "Контроль внешнего вида изделий",
        "Регистрация документов, регистрация в ФНС",
        "Обслуживание граждан РФ",
        "Строго от 18 лет",
        "Проверка насоса на холостом ходу",
        "Рост продаж от 150 %",
        "Занимается с мужчинами и женщинами, тренер",
        "",
    ],
)
def test_what_is_left_alone(text):
    assert not grounds(text)


def test_the_place_is_that_of_the_wording():
    text = "Уборка цеха. Требуется женщина, 1С."
    (m,) = [m for m in normalize(text) if m.kind == "unlawful"]
    assert text[m.start : m.end] == m.text == "Требуется женщина"
    assert m.skill is None


def test_a_list_for_the_portal():
    vacancies = [
        {"id": "a", "title": "Кассир", "text": "Опыт. Гражданство РФ, возраст до 35 лет"},
        {"id": "b", "title": "Токарь", "text": "Токарные работы"},
    ]
    frame = matcher.lint(vacancies)
    assert frame[["vacancy_id", "column", "fragment", "ground"]].to_numpy().tolist() == [
        ["a", "text", "Гражданство РФ", "национальность или гражданство"],
        ["a", "text", "возраст до 35 лет", "возраст"],
    ]
    assert len(matcher.lint([])) == 0
    assert list(matcher.lint([]).columns) == list(frame.columns)


def test_no_score_knows_of_it():
    plain = {"id": 1, "title": "Токарь", "must_skills": ["токарные работы"], "text": "Работа на станке."}
    asked = {**plain, "text": "Работа на станке. Только мужчины до 35 лет."}
    people = [{"id": 1, "title": "токарь", "skills": ["токарный станок"]}]
    scores = [matcher.Matcher().fit([v]).rank(people)["skills"].tolist() for v in (plain, asked)]
    assert scores[0] == scores[1]


def test_every_ground_has_a_name():
    assert all(ground_in_russian(g.key) == g.name for g in GROUNDS)

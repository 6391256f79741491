"""Sex, name and age change no score: a thousand profiles, each told of a man and of a woman."""

from __future__ import annotations

import random

from matcher import Matcher

N_SWAPS = 1000
WORDS = [
    ("студент", "студентка"), ("выпускник", "выпускница"), ("аспирант", "аспирантка"), ("лаборант", "лаборантка"),
    ("программист", "программистка"), ("инженер-программист", "инженер-программистка"), ("продавец", "продавщица"),
    ("фрезеровщик", "фрезеровщица"), ("медбрат", "медсестра"), ("учитель", "учительница"), ("художник", "художница"),
    ("переводчик", "переводчица"), ("повар", "повариха"), ("секретарь", "секретарша"), ("кассир", "кассирша"),
    ("ткач", "ткачиха"), ("контролёр", "контролёрша"), ("оператор станков", "операторша станков"),
]  # fmt: skip
VERBS = [
    ("работал", "работала"), ("учился", "училась"), ("изучил", "изучила"), ("руководил", "руководила"),
    ("был занят", "была занята"), ("окончил", "окончила"), ("ответственный", "ответственная"), ("готов", "готова"),
    ("сам настраивал", "сама настраивала"), ("знаком", "знакома"), ("активный", "активная"),
]  # fmt: skip
NAMES = [
    ("Иван", "Анна"), ("Пётр Иванов", "Мария Иванова"), ("Алексей Смирнов", "Елена Смирнова"), ("Рустам", "Гульнара"),
    ("Ашот", "Анаит"), ("Дмитрий Сергеевич", "Татьяна Сергеевна"),
]  # fmt: skip
TEMPLATES = [
    "{word}, колледж связи, {verb} с Python и SQL",
    "Меня зовут {name}, мне {age} лет, {word}. {verb} токарные работы",
    "{name}, {age} лет. {word}: {verb} на практике, чтение чертежей",
    "{word} 3 курса, {verb}, английский B1",
    "Имя: {name}. Возраст {age}. {word}. Опыт сварки",
]
VACANCIES = [
    {
        "id": 1,
        "title": "Программист Python",
        "must_skills": ["Python", "SQL"],
        "text": "Ответственность, английский B1",
    },
    {"id": 2, "title": "Токарь", "must_skills": ["токарные работы", "чтение чертежей"]},
    {"id": 3, "title": "Лаборант", "text": "работа в лаборатории, студенты, практика"},
    {"id": 4, "title": "Продавец", "text": "опыт продаж, сварка"},
]


def test_who_is_told_of_changes_no_score():
    chance = random.Random(2026)
    rows = []
    for number in range(N_SWAPS):
        template = chance.choice(TEMPLATES)
        word, verb, name = chance.choice(WORDS), chance.choice(VERBS), chance.choice(NAMES)
        for sex in (0, 1):
            text = template.format(word=word[sex], verb=verb[sex], name=name[sex], age=chance.randint(17, 60))
            rows.append({"id": f"{number}-{sex}", "title": word[sex], "text": text[0].upper() + text[1:]})
    ranking = Matcher().fit(VACANCIES).rank(rows, top=None)
    scores = ranking.set_index(["vacancy_id", "candidate_id"])["score"].to_dict()
    differ = {
        (rows[2 * number]["text"], rows[2 * number + 1]["text"])
        for vacancy in VACANCIES
        for number in range(N_SWAPS)
        if scores.get((vacancy["id"], f"{number}-0")) != scores.get((vacancy["id"], f"{number}-1"))
    }
    assert not differ

"""A seeded world of candidates and vacancies for measuring: skills of the taxonomy as people type them, and prose.

Skills are drawn by Zipf's law within a field; one in eight is misspelt or typed with a look-alike letter.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from matcher.taxonomy import Taxonomy

FIELDS = ("it", "mech", "elec", "chem", "fin", "log", "build", "food", "mkt", "off")
CITIES = ("Москва", "Казань", "Тула", "Пермь", "Омск", "Томск", "Зеленоград", "Самара")
BEFORE = ("", "", "", "знание: ", "опыт: ", "умею: ", "навыки: ")
BEHIND = ("", "", "", " (курсовая работа)", ", 2 года", " на базовом уровне")
PROSE = (
    "Учился на кафедре, где главным было {}; в дипломной работе применил {}.",
    "На практике делал {} под началом мастера участка и вёл журнал испытаний.",
    "Хочу расти там, где нужны {} и {}.",
    "Помогал младшим курсам понять {}; отвечал за порядок в мастерской.",
    "Летом работал в бригаде: {}, погрузка, уборка площадки, отчёты за смену.",
    "Легко учусь новому, спокойно отношусь к однообразной работе, не опаздываю.",
)
LOOKS = str.maketrans("асеорху", "aceopxy")


class People:
    """Makes rows of both tables, the same for the same seed."""

    def __init__(self, seed: int = 5) -> None:
        self._seed = seed
        entries = [s for s in Taxonomy.default().values() if s.kind == "skill"]
        order = random.Random(seed)
        self._skills = {f: [s for s in entries if s.field == f] for f in FIELDS}
        for skills in self._skills.values():
            order.shuffle(skills)

    def _skill(self, chance: random.Random, field: str) -> str:
        known = self._skills[field if chance.random() < 0.85 else chance.choice(FIELDS)]
        skill = known[min(int(chance.paretovariate(0.7)) - 1, len(known) - 1)]
        names = [skill.label, *(a.text for a in skill.aliases if not (a.ambiguous or a.governed or a.weak))]
        name = chance.choice(names[:4])
        draw, at = chance.random(), chance.randrange(max(1, len(name)))
        if draw < 0.08:
            name = name[:at] + name[at + 1 :]
        elif draw < 0.12:
            name = name.translate(LOOKS)
        return name if chance.random() < 0.7 else name.lower()

    def candidates(self, n: int) -> Iterator[dict[str, Any]]:
        """Rows of the candidates table, about a thousand characters each."""
        for i in range(n):
            chance = random.Random(f"{self._seed} c {i}")
            field = chance.choice(FIELDS)
            items = [
                chance.choice(BEFORE) + self._skill(chance, field) + chance.choice(BEHIND)
                for _ in range(chance.randint(5, 25))
            ]
            prose = " ".join(
                t.format(*(self._skill(chance, field).lower() for _ in range(2)))
                for t in chance.choices(PROSE, k=chance.randint(4, 9))
            )
            yield {
                "id": i, "skills": "; ".join(items), "text": prose, "city": chance.choice(CITIES),
                "graduation_year": chance.randint(2018, 2028), "experience_months": 12 * min(int(chance.expovariate(0.5)), 20),
                "education_level": chance.choice(["vocational", "bachelor", "master", None]),
                "status": chance.choice(["student", "graduate", "vocational_student", None]),
            }  # fmt: skip

    def vacancies(self, n: int) -> Iterator[dict[str, Any]]:
        """Rows of the vacancies table: title, skills and typed columns."""
        for i in range(n):
            chance = random.Random(f"{self._seed} v {i}")
            field = chance.choice(FIELDS)
            yield {
                "id": f"v{i}", "title": self._skill(chance, field), "city": chance.choice(CITIES),
                "must_skills": "; ".join(self._skill(chance, field) for _ in range(chance.randint(4, 15))),
                "experience_months_min": 12 * chance.randint(0, 4),
                "statuses": chance.choice(["", "", "student", "graduate;student"]),
                "education_levels": chance.choice(["", "", "bachelor"]),
            }  # fmt: skip

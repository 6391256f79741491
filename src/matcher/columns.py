"""Names of columns: the one home of every table's layout.

The groups are tuples in the order in which tables are written. Types are told by the sets at the end.
"""

from __future__ import annotations

VACANCY_ID = "vacancy_id"
CANDIDATE_ID = "candidate_id"
ID = "id"

CANDIDATES = (
    "id", "title", "skills", "text", "status", "education_level", "education_code", "institution", "course",
    "graduation_year", "experience_months", "languages", "licences", "certificates", "city", "district", "remote",
    "relocate", "available_from", "available_to", "hours_per_week", "schedule", "is_minor", "birth_date", "salary_rub",
    "interests",
)  # fmt: skip
VACANCIES = (
    "id", "title", "company", "text", "must_skills", "nice_skills", "statuses", "graduated_within_years",
    "education_levels", "education_codes", "institutions", "agreement_only", "experience_months_min", "languages",
    "licences", "city", "sites", "regions", "place_required", "remote", "start", "end", "hours_per_week", "schedule",
    "slots", "company_slots", "min_group", "reserved", "team_size", "salary_rub", "hazardous",
    "weights", "dealbreakers",
)  # fmt: skip
AGREEMENTS = ("company", "institution", "from", "to")
EXCLUDE = (VACANCY_ID, CANDIDATE_ID)
LABELS = (VACANCY_ID, CANDIDATE_ID, "relevance")

RANKING_HEAD = (VACANCY_ID, CANDIDATE_ID, "rank", "score", "known")
READINGS = ("score_first", "score_vacancy", "score_candidate", "percentile", "probability")
"""Columns of a ranking that say what its score means; each is there where it was asked for."""
REJECTIONS = (VACANCY_ID, CANDIDATE_ID, "reason")
GROUPS = ("programme", "institution", "status", "role", "field", "city", "all")
"""What candidates can be grouped by."""
QUARANTINE = ("table", "row", "id", "column", "value", "reason")

LISTS = frozenset({
    "skills", "education_code", "institution", "languages", "licences", "certificates", "interests", "must_skills",
    "nice_skills", "statuses", "education_levels", "education_codes", "institutions", "sites", "regions", "reserved",
    "schedule", "weights", "dealbreakers",
})  # fmt: skip
INTEGERS = {  # column -> (lowest, highest) that can be true
    "course": (1, 8), "graduation_year": (1940, 2100), "experience_months": (0, 900), "hours_per_week": (1, 168),
    "salary_rub": (0, 100_000_000), "graduated_within_years": (0, 60), "experience_months_min": (0, 600),
    "slots": (0, 100_000), "company_slots": (0, 100_000), "min_group": (0, 100_000), "team_size": (1, 1000),
}  # fmt: skip
FLAGS = frozenset({"remote", "relocate", "is_minor", "agreement_only", "hazardous", "place_required"})
DATES = frozenset({"available_from", "available_to", "start", "end", "from", "to", "birth_date"})

PERSONAL = frozenset({
    "name", "full_name", "fio", "фио", "имя", "фамилия", "отчество", "first_name", "last_name", "middle_name",
    "surname", "patronymic", "sex", "gender", "пол", "age", "возраст", "birthday", "birthdate", "date_of_birth",
    "дата рождения", "birth_year", "nationality", "национальность", "citizenship", "гражданство", "family_status",
    "marital_status", "семейное положение", "children", "photo", "фото", "avatar", "phone", "телефон", "mobile",
    "email", "e-mail", "mail", "почта", "telegram", "whatsapp", "contacts", "contact", "passport", "snils", "inn",
    "address", "адрес", "религия", "religion",
})  # fmt: skip
"""Columns dropped at the door (``birth_date`` is used once, for ``is_minor``, and dropped too)."""

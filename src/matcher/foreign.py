"""Columns of other people's tables, and how their values become ours.

Names are compared without regard to case, ``camelCase``, hyphens and spaces. A foreign column never overrides a
column of ours that is filled; of several foreign ones the first filled one counts, texts are joined.

==============================================================  =====================================================
vacancies: hh.ru and «Работа России» (trudvsem)                 becomes
==============================================================  =====================================================
``name``, ``vacancyName``, ``job-name``                         ``title``
``description``                                                 ``text``, html stripped
``duty``, ``responsibilities`` ...                              ``text`` under «Обязанности:»
``requirement``, ``requirements``, ``qualification`` ...        ``text`` under «Требования:»
``employer``, ``companyName``                                   ``company`` (an object gives its ``name``)
``area`` / ``region``, ``regionName``                           ``city`` / ``regions``
``key_skills``                                                  ``must_skills``
``experience``                                                  ``experience_months_min``: hh.ru ids and names, or
                                                                years as a number; other words join ``text``
``salary``, ``salary_from``, ``salaryMin``                      ``salary_rub``: the lower end, roubles only
``schedule``, ``employment``                                    ``schedule``; remote work sets ``remote``
``social_protected``                                            known, not used
``Название``, ``Компания``, ``Описание``, ``Ключевые навыки``   ``title``, ``company``, ``text``, ``must_skills``
==============================================================  =====================================================

==============================================================  =====================================================
candidates: hh.ru résumés and «Работа России» CVs               becomes
==============================================================  =====================================================
``positionName``, ``position``                                  ``title``
``skill_set``, ``key_skills``, ``hardSkills``                   ``skills``; where ``skill_set`` is there, a ``skills``
                                                                without ``;`` is hh.ru's free text and joins ``text``
``total_experience``                                            ``experience_months`` (months)
``experience``                                                  ``experience_months`` when it is a number of years;
                                                                words and lists of jobs join ``text``
``education``, ``educationType``                                ``education_level``, ``institution``,
                                                                ``graduation_year``; words not known join ``text``
``area``, ``localityName``                                      ``city``
``about``, ``description``                                      ``text``
``salary``, ``schedule``, ``employment``                        as above
``Желаемая должность``, ``Ключевые навыки``, ``Обо мне`` ...    ``title``, ``skills``, ``text``
``Статус``, ``Вуз``, ``Курс``, ``Код направления`` ...          the column of ours, see ``RUSSIAN``
==============================================================  =====================================================
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any

from matcher.cells import is_empty, plain, split_cell
from matcher.parsers import WORDS, word_key

_VACANCY_TEXTS = {
    "description": "", "duty": "Обязанности:", "duties": "Обязанности:", "responsibility": "Обязанности:",
    "responsibilities": "Обязанности:", "position_responsibilities": "Обязанности:", "requirement": "Требования:",
    "requirements": "Требования:", "qualification": "Требования:", "position_requirements": "Требования:",
    "описание": "", "обязанности": "Обязанности:", "требования": "Требования:",
}  # fmt: skip
_CANDIDATE_TEXTS = {
    "about": "",
    "description": "",
    "experience": "",
    "education": "",
    "education_type": "",
    "обо_мне": "",
    "о_себе": "",
    "опыт_работы": "",
}

_BOTH_RU = {
    "номер": "id", "город": "city", "график": "schedule", "график_работы": "schedule", "часов_в_неделю": "hours_per_week",
    "языки": "languages", "иностранные_языки": "languages", "допуски": "licences", "удостоверения": "licences",
    "удаленно": "remote", "удаленная_работа": "remote", "зарплата": "salary_rub",
}  # fmt: skip
RUSSIAN: dict[str, dict[str, str]] = {
    "vacancies": {
        **_BOTH_RU, "название_вакансии": "title", "вакансия": "title", "организация": "company", "предприятие": "company",
        "работодатель": "company", "обязательные_навыки": "must_skills", "желательные_навыки": "nice_skills",
        "будет_плюсом": "nice_skills", "кого_ищем": "statuses", "статусы": "statuses", "учебные_заведения": "institutions",
        "коды_направлений": "education_codes", "код_направления": "education_codes", "уровень_образования": "education_levels",
        "количество_мест": "slots", "кол_во_мест": "slots", "число_мест": "slots", "мест": "slots", "площадки": "sites",
        "дата_начала": "start", "начало": "start", "дата_окончания": "end", "окончание": "end", "вредные_условия": "hazardous",
    },
    "candidates": {
        **_BOTH_RU, "статус": "status", "учебное_заведение": "institution", "вуз": "institution", "колледж": "institution",
        "университет": "institution", "код_направления": "education_code", "код_специальности": "education_code",
        "уровень_образования": "education_level", "курс": "course", "год_выпуска": "graduation_year",
        "сертификаты": "certificates", "район": "district", "готов_к_удаленке": "remote", "готов_к_переезду": "relocate",
        "переезд": "relocate", "готов_приступить": "available_from", "доступен_с": "available_from",
        "доступен_до": "available_to", "желаемая_зарплата": "salary_rub", "интересы": "interests",
    },
    "agreements": {"компания": "company", "организация": "company", "учебное_заведение": "institution", "вуз": "institution"},
}  # fmt: skip
"""Table -> Russian heading (as ``column_key`` writes it) -> the column of ours that it is, read as ours is."""
_AS_OURS = frozenset(name for names in RUSSIAN.values() for name in names)

FOREIGN: dict[str, dict[str, str]] = {
    "vacancies": {
        "vacancy_id": "id", "identifier": "id", "name": "title", "vacancy_name": "title", "job_name": "title",
        "employer": "company", "employer_name": "company", "company_name": "company", "area": "city",
        "area_name": "city", "region": "regions", "region_name": "regions", "key_skills": "must_skills",
        "experience": "experience_months_min", "salary": "salary_rub", "salary_from": "salary_rub",
        "salary_min": "salary_rub", "employment": "schedule", "social_protected": "", "название": "title",
        "должность": "title", "компания": "company", "описание": "text", "ключевые_навыки": "must_skills",
        **dict.fromkeys(_VACANCY_TEXTS, "text"), **RUSSIAN["vacancies"],
    },
    "candidates": {
        "candidate_id": "id", "resume_id": "id", "id_cv": "id", "position_name": "title", "position": "title",
        "skill_set": "skills", "key_skills": "skills", "hard_skills": "skills", "area": "city", "area_name": "city",
        "locality_name": "city", "total_experience": "experience_months", "experience": "experience_months",
        "education": "education_level", "education_type": "education_level", "salary": "salary_rub",
        "employment": "schedule", "about": "text", "description": "text", "желаемая_должность": "title",
        "должность": "title", "ключевые_навыки": "skills", "навыки": "skills", "обо_мне": "text", "о_себе": "text",
        "опыт_работы": "text", **RUSSIAN["candidates"],
    },
    "agreements": {"company_name": "company", "institution_name": "institution", **RUSSIAN["agreements"]},
}  # fmt: skip
"""Table -> foreign column (as ``column_key`` writes it) -> the column of ours it feeds; empty: known, not used."""

EXPERIENCE = {
    "noexperience": 0, "нет опыта": 0, "без опыта": 0, "between1and3": 12, "от 1 года до 3 лет": 12, "1–3 года": 12,
    "between3and6": 36, "от 3 до 6 лет": 36, "3–6 лет": 36, "morethan6": 72, "более 6 лет": 72,
}  # fmt: skip
"""Words of hh.ru for the experience asked -> months."""

_REMOTE = frozenset({"remote", "удаленная работа", "удаленно", "дистанционная работа", "дистанционно"})
_BREAK = re.compile(r"</?(?:br|p|li|ul|ol|div|tr|h\d)(?:\s[^<>]*)?/?>", re.IGNORECASE)
_TAG = re.compile(  # named one by one, so that List<String> stays
    r"</?(?:a|b|i|u|s|em|strong|span|font|small|sub|sup|code|pre|blockquote|table|tbody|thead|td|th|hr|img"
    r"|highlighttext)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)


def strip_html(text: str) -> str:
    r"""Turn html into plain text with a line for each paragraph, list item and break.

    >>> strip_html("<p>Ищем <b>токаря</b>:</p><ul><li>ЧПУ</li><li>чертежи &amp; допуски</li></ul>")
    'Ищем токаря:\nЧПУ\nчертежи & допуски'
    """
    if "<" in text:
        lines = _TAG.sub("", _BREAK.sub("\n", text)).split("\n")
        text = "\n".join(line.strip() for line in lines if line.strip())
    return html.unescape(text).strip() if "&" in text else text.strip()


def fill(table: str, own: dict[str, Any], foreign: Mapping[str, Any]) -> None:
    """Fill columns of ours that are empty from foreign ones.

    Parameters
    ----------
    table : {'candidates', 'vacancies', 'agreements'}
        Whose columns they are.
    own : dict
        Filled cells by column of ours; added to in place.
    foreign : Mapping
        Filled cells by the key of the foreign column.

    Examples
    --------
    >>> own = {"id": 1}
    >>> fill("vacancies", own, {"name": "Токарь", "experience": {"id": "between1And3"}})
    >>> own
    {'id': 1, 'title': 'Токарь', 'experience_months_min': 12}
    """
    texts = _texts(table, own, foreign) if foreign else []
    for name, target in FOREIGN[table].items() if foreign else ():
        if name in foreign and target not in {"", "text", "schedule"} and target not in own:
            value = _convert(name, target, foreign[name], own)
            if not is_empty(value):
                own[target] = value
    asked = foreign.get("requirement")
    if isinstance(asked, Mapping) and "experience_months_min" not in own:
        own["experience_months_min"] = _months(asked.get("experience"))
    if isinstance(own.get("company"), Mapping):
        own["company"] = _named(own["company"])
    schedule = own.get("schedule", "full")
    if "employment" in foreign or not isinstance(schedule, str) or schedule not in WORDS["schedule"]:
        _set_schedule(own, plain(foreign.get("employment")))
    if texts:
        own["text"] = "\n".join(texts)


def _texts(table: str, own: dict[str, Any], foreign: Mapping[str, Any]) -> list[str]:
    """Gather the pieces of a text that no column of ours holds."""
    pieces = []
    headings = {"vacancies": _VACANCY_TEXTS, "candidates": _CANDIDATE_TEXTS}.get(table, {})
    if "text" not in own:
        experience = foreign.get("experience")
        if table == "vacancies" and isinstance(experience, str) and _months(experience) is None:
            pieces.append(f"Опыт работы: {experience.strip()}")
        for name, heading in headings.items():
            prose = _prose(name, foreign.get(name))
            if prose:
                pieces += [heading, prose] if heading and heading not in pieces else [prose]
    skills = own.get("skills")
    if table == "candidates" and "skill_set" in foreign and isinstance(skills, str) and ";" not in skills:
        del own["skills"]
        own_text = own.get("text")
        pieces = [*([own_text] if isinstance(own_text, str) else pieces), strip_html(skills)]
    return pieces


def _prose(name: str, value: Any) -> str:
    """Return what a foreign text column says in words; nothing for what became a typed value."""
    value = plain(value)
    if isinstance(value, list):  # jobs of a résumé, or paragraphs
        return "\n".join(filter(None, (_prose("", item) for item in value)))
    if isinstance(value, Mapping):
        keys = ("position", "description", "qualification", "education")
        return "\n".join(strip_html(value[key]) for key in keys if isinstance(value.get(key), str))
    if not isinstance(value, str) or (name == "experience" and _months(value) is not None):
        return ""
    if name in {"education", "education_type"}:
        return "" if word_key(value) in WORDS["education_level"] else f"Образование: {value.strip()}"
    return strip_html(value)


def _convert(name: str, target: str, value: Any, own: dict[str, Any]) -> Any:
    value = plain(value)
    if name in _AS_OURS and target != "salary_rub":
        return value
    if name == "total_experience":
        return value.get("months") if isinstance(value, Mapping) else value
    if target in {"experience_months", "experience_months_min"}:
        return _months(value)
    if target == "salary_rub":
        return _salary(value)
    if target == "education_level":
        return _education(value, own)
    if target in {"title", "company", "city", "regions"}:
        return _named(value)
    return value


def _named(value: Any) -> Any:
    return value.get("name") if isinstance(value, Mapping) else value


def _months(value: Any) -> int | None:
    """Read hh.ru's words for experience, or a number of years."""
    if isinstance(value, Mapping):
        value = value.get("id", value.get("name"))
    if isinstance(value, str):
        known = EXPERIENCE.get(value.strip().casefold())
        if known is not None or not re.fullmatch(r"\s*\d{1,2}(?:[.,]\d)?\s*", value):
            return known
        value = float(value.replace(",", "."))
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return round(value * 12) if is_number and 0 <= value <= 60 else None


def _salary(value: Any) -> Any:
    """Return the lower end of a salary in roubles; 0 is how «Работа России» says nothing."""
    if isinstance(value, Mapping):
        if value.get("currency") not in (None, "RUR", "RUB"):
            return None
        value = next((value[key] for key in ("from", "amount", "to") if value.get(key)), None)
    if isinstance(value, str):
        found = re.search(r"\d{1,3}(?:[ \u00a0\u202f]\d{3})+|\d+", value)
        value = re.sub(r"\s", "", found[0]) if found else value
    return None if value in (0, "0") else value


def _education(value: Any, own: dict[str, Any]) -> str | None:
    """Return our word for the level; hh.ru's list of places also gives institutions and the last year."""
    if isinstance(value, Mapping):
        places = plain(value.get("primary")) or []
        places = [place for place in places if isinstance(place, Mapping)] if isinstance(places, list) else []
        names = [place["name"] for place in places if isinstance(place.get("name"), str)]
        years = [place["year"] for place in places if isinstance(place.get("year"), int)]
        if names:
            own.setdefault("institution", names)
        if years:
            own.setdefault("graduation_year", max(years))
        level = value.get("level")
        value = level.get("id", level.get("name")) if isinstance(level, Mapping) else level
    if value in ("candidate", "doctor"):  # of sciences, in hh.ru's dictionary
        return "postgraduate"
    return WORDS["education_level"].get(word_key(value)) if isinstance(value, str) else None


def _set_schedule(own: dict[str, Any], employment: Any) -> None:
    """Take remote work out of the schedule, where hh.ru keeps it, and let part-time employment speak."""
    raw = plain(own.pop("schedule", None))
    if isinstance(raw, str):
        raw = split_cell(raw, commas=True)
    items = [_code(item) for item in (raw if isinstance(raw, list) else [] if raw is None else [raw])]
    kept = [item for item in items if not (isinstance(item, str) and word_key(item) in _REMOTE)]
    if len(kept) < len(items):
        own.setdefault("remote", True)
    forms = WORDS["schedule"]
    found = employment if isinstance(employment, list) else [employment]
    words = {forms.get(word_key(code)) for code in map(_code, found) if isinstance(code, str)}
    if "part" in words and len(words) == 1:
        kept = [item for item in kept if not (isinstance(item, str) and forms.get(word_key(item)) in {"full", "part"})]
        kept.append("part")
    elif not items and "full" in words:
        kept = ["full"]
    if kept:
        own["schedule"] = kept


def _code(item: Any) -> Any:
    """Return the id, or the name, of an hh.ru dictionary value."""
    return item.get("id", item.get("name", item)) if isinstance(item, Mapping) else item

"""What must not come in: columns that name a person, and phones, e-mails and handles inside texts."""

from __future__ import annotations

import re
from collections import Counter

from matcher import columns

MASKED = "masked"
"""Key of the tally under which masked fragments are counted."""

BIRTH = frozenset({"birth_date", "birthdate", "birthday", "date_of_birth", "дата_рождения"})
"""Names of the column that is used once, for ``is_minor``."""

_SEP = r"[ \t\u00a0.\-\u2010-\u2015]{0,3}"
_REST = rf"(?:\d{{3}}{_SEP}\d\d{_SEP}\d\d|\d\d{_SEP}\d\d{_SEP}\d{{3}}|\d\d{_SEP}\d{{3}}{_SEP}\d\d)"
_LOCAL = (
    rf"(?:\(?[3-9]\d\d\)?{_SEP}{_REST}|\(?[3-9]\d{{3}}\)?{_SEP}\d\d{_SEP}\d\d{_SEP}\d\d"
    rf"|\(?[3-9]\d{{4}}\)?{_SEP}\d{_SEP}\d\d{_SEP}\d\d)"
)
_PHONE = re.compile(
    r"(?<![\w+№])(?<!\d[.,\-–])(?<!№ )(?:"
    rf"(?:\+\s?7|[78]){_SEP}{_LOCAL}"  # 8 (916) 123-45-67, +7 49624 5-67-89
    rf"|\((?:\d{{3}}\){_SEP}{_REST}|\d{{4}}\){_SEP}\d\d{_SEP}\d\d{_SEP}\d\d|\d{{5}}\){_SEP}\d{_SEP}\d\d{_SEP}\d\d)"
    r"|[3489]\d\d[ \-]\d{3}[ \-]\d\d[ \-]?\d\d|9\d{9}"
    r"|\+(?=(?:[ ()\-]{0,2}\d){10,15}(?!\d))\d{1,3}(?:[ ()\-]{0,2}\d){8,14}"  # abroad: +375 29 123-45-67
    r")(?!\w)(?![.,\-]\d)"
)
_MAYBE_PHONE = re.compile(r"\d[\d \t\u00a0().\-\u2010-\u2015]{8,}\d")  # quick to rule out what has no phone
_EMAIL = re.compile(r"(?<![\w.+\-])[\w.+\-]{1,64}@[\w\-]{1,63}(?:\.[\w\-]{1,63}){1,5}")
_LINK = re.compile(r"(?<!\w)(?:https?://)?(?:t\.me|telegram\.me|wa\.me)/[@+]?[\w\-]+(?:/\w+)?", re.IGNORECASE)
_HANDLE = re.compile(r"(?<![\w@./])@([A-Za-z]\w{3,31})(?![\w/(@])")
_CODE_WORDS = frozenset({  # what developers write with @ and is nobody's handle
    "autowired", "override", "transactional", "component", "service", "repository", "controller", "restcontroller",
    "entity", "test", "bean", "query", "configuration", "media", "import", "keyframes", "property", "dataclass",
    "staticmethod", "classmethod", "input", "output", "injectable", "ngmodule", "nullable", "deprecated", "mapper",
    "scheduled", "async", "cacheable", "springbootapplication", "decorator",
})  # fmt: skip


def column_key(name: str) -> str:
    """Reduce a column name to the form it is looked up by.

    >>> column_key(" Must Skills"), column_key("job-name"), column_key("vacancyName"), column_key("ФИО")
    ('must_skills', 'job_name', 'vacancy_name', 'фио')
    """
    snake = re.sub(r"(?<=[a-zа-я0-9])(?=[A-ZА-Я])", "_", name.strip())
    return re.sub(r"[\s\-_.]+", "_", snake).casefold().replace("ё", "е")


_PERSONAL = frozenset(map(column_key, columns.PERSONAL)) | BIRTH
_OF_A_FIRM = frozenset({"name", "address", "адрес", "inn"})  # in a vacancies table these tell of no person


def is_birth(key: str) -> bool:
    """Tell whether a column (by its key) holds a birth date.

    >>> is_birth("candidate_birth_date"), is_birth("graduation_date")
    (True, False)
    """
    return key in BIRTH or any(key.endswith(f"_{name}") for name in BIRTH)


def is_personal(key: str, table: str) -> bool:
    """Tell whether a column (by its key) is personal, alone or with a prefix or suffix.

    >>> is_personal("candidate_name", "candidates"), is_personal("phone_number", "candidates")
    (True, True)
    >>> is_personal("name", "vacancies")
    False
    """
    names = _PERSONAL if table == "candidates" else _PERSONAL - _OF_A_FIRM
    return key in names or any(key.endswith(f"_{name}") or key.startswith(f"{name}_") for name in names)


def mask_all(texts: tuple[str, ...], tally: Counter[str]) -> tuple[str, ...]:
    """``mask`` of each of some texts; most lists have nothing to mask and are looked through at once.

    >>> mask_all(("сварка", "t.me/ivan"), Counter())
    ('сварка', '[контакт]')
    """
    if not _may_hide("\n".join(texts)):  # no pattern goes over the end of a line
        return texts
    return tuple(mask(text, tally) for text in texts)


def _may_hide(text: str) -> bool:
    """Whether anything in a text may have to be masked; quick to rule out."""
    return "@" in text or ("/" in text and ".me/" in text.casefold()) or _MAYBE_PHONE.search(text) is not None


def mask(text: str, tally: Counter[str]) -> str:
    """Replace phones, e-mails and messenger handles; count them.

    >>> mask("Пишите: ivan@mail.ru или +7 (916) 123-45-67, ГОСТ 12345-2001", Counter())
    'Пишите: [почта] или [телефон], ГОСТ 12345-2001'
    """
    if not _may_hide(text):
        return text
    n_found = 0
    if "@" in text or ".me/" in text.casefold():
        text, n_links = _LINK.subn("[контакт]", text)
        text, n_mails = _EMAIL.subn("[почта]", text)
        n_found = n_links + n_mails
    if _MAYBE_PHONE.search(text):
        text, n_phones = _PHONE.subn("[телефон]", text)
        n_found += n_phones
    if "@" in text:
        n_before = text.count("@")
        text = _HANDLE.sub(lambda m: m[0] if m[1].casefold() in _CODE_WORDS else "[контакт]", text)
        n_found += n_before - text.count("@")
    if n_found:
        tally[MASKED] += n_found
    return text

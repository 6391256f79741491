"""Which parser reads which column, and the words of the enumerated columns in English and Russian."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

from matcher import columns
from matcher.cells import CellError, Tally, parse_date, parse_flag, parse_integer, parse_list, parse_text, plain
from matcher.errors import nearest
from matcher.privacy import mask, mask_all
from matcher.settings import Weights

Parser = Callable[[Any, Tally], Any]

COMMA_LISTS = frozenset({"skills", "must_skills", "nice_skills"})
"""Lists that people also type with commas."""
MASKED_COLUMNS = COMMA_LISTS | {"title", "text", "certificates", "interests"}
"""Columns in whose texts phones, e-mails and handles are masked."""

STATUSES = {
    "student": "студент, студентка, студент вуза",
    "postgraduate": "аспирант, аспирантка",
    "graduate": "выпускник, выпускница",
    "vocational_student": "учащийся колледжа, учащаяся колледжа, студент колледжа, студентка колледжа, студент спо, "
    "учащийся спо, спо, колледж, студент техникума, учащийся техникума, практикант колледжа",
    "worker": "работник, работает, специалист с опытом",
    "other": "другое, прочее, иное",
}
LEVELS = {
    "general": "среднее общее, среднее, общее, школа, secondary",
    "vocational": "спо, среднее профессиональное, среднее специальное, колледж, техникум, special_secondary",
    "bachelor": "бакалавр, бакалавриат",
    "specialist": "специалитет, специалист",
    "master": "магистр, магистратура",
    "postgraduate": "аспирантура, кандидат наук, доктор наук, подготовка кадров высшей квалификации",
}
SCHEDULES = {
    "full": "полный день, полный рабочий день, полная, полная занятость, fullday",
    "part": "частичная, частичная занятость, неполный день, неполный рабочий день",
    "shift": "сменный, сменный график, вахта, вахтовый метод, flyinflyout",
    "flexible": "гибкий, гибкий график",
}


def word_key(word: str) -> str:
    """Reduce a word of an enumerated column to the form it is looked up by."""
    return re.sub(r"[\s_\-]+", " ", word.strip().casefold().replace("ё", "е"))


def _forms(words: Mapping[str, str]) -> dict[str, str]:
    return {word_key(form): name for name, forms in words.items() for form in (name, *forms.split(","))}


WORDS: dict[str, dict[str, str]] = {
    "status": _forms(STATUSES), "statuses": _forms(STATUSES), "education_level": _forms(LEVELS),
    "education_levels": _forms(LEVELS), "schedule": _forms(SCHEDULES),
}  # fmt: skip
"""Enumerated columns: accepted form -> our word."""


def parse_words(value: Any, tally: Tally, column: str) -> tuple[str, ...]:
    """Read the words of an enumerated column, English or Russian.

    >>> from collections import Counter
    >>> parse_words("Полный день; shift", Counter(), "schedule")
    ('full', 'shift')
    """
    forms = WORDS[column]
    if isinstance(value, str) and value in forms:  # most cells, without more ado
        return (forms[value],)
    found = []
    for item in parse_list(value, tally, commas=True):
        name = forms.get(word_key(item))
        if name is None:
            allowed = ", ".join(dict.fromkeys(forms.values()))
            raise CellError(f"must be one of {allowed}.{nearest(word_key(item), forms)}")
        found.append(name)
    return tuple(dict.fromkeys(found))


def parse_word(value: Any, tally: Tally, column: str) -> str | None:
    """Read an enumerated column that holds one word."""
    if isinstance(plain(value), list):
        raise CellError("must be one word, not a list")
    words = parse_words(value, tally, column)
    if len(words) > 1:
        raise CellError("must be one word, not several")
    return words[0] if words else None


def parse_factors(value: Any, tally: Tally) -> tuple[str, ...]:
    """Read factors on the weights of criteria.

    >>> from collections import Counter
    >>> parse_factors("skills:2; title: 0", Counter())
    ('skills:2', 'title:0')
    """
    criteria = tuple(f.name for f in fields(Weights))
    found: dict[str, str] = {}
    for item in parse_list(value, tally):
        name, _, told = item.partition(":")
        name = name.strip().lower()
        try:
            factor = float(told.strip().replace(",", "."))
        except ValueError:
            raise CellError("must look like skills:2; title:0.5") from None
        if name not in criteria:
            raise CellError(f"must name a criterion before the colon.{nearest(name, criteria)}")
        if not 0 <= factor <= 100:
            raise CellError("must hold factors from 0 to 100")
        found[name] = f"{name}:{factor:g}"
    return tuple(found.values())


def parser_for(column: str) -> Parser:
    """Return the parser of a column of ours.

    >>> from collections import Counter
    >>> parser_for("course")("4", Counter()), parser_for("skills")("Python, SQL", Counter())
    (4, ('Python', 'SQL'))
    """
    if column == "weights":
        return parse_factors
    if column in WORDS:
        if column in columns.LISTS:
            return lambda value, tally: parse_words(value, tally, column)
        return lambda value, tally: parse_word(value, tally, column)
    if column in columns.INTEGERS:
        low, high = columns.INTEGERS[column]
        return lambda value, tally: parse_integer(value, low, high)
    if column in columns.FLAGS:
        return parse_flag
    if column in columns.DATES:
        return parse_date
    is_masked = column in MASKED_COLUMNS
    if column in columns.LISTS:
        commas = column in COMMA_LISTS
        if is_masked:
            return lambda value, tally: mask_all(parse_list(value, tally, commas=commas), tally)
        return lambda value, tally: parse_list(value, tally)
    if is_masked:
        return lambda value, tally: mask(parse_text(value, tally), tally)
    return parse_text

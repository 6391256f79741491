"""Names of institutions and companies made one: «РХТУ им. Менделеева», «Менделеевка» -> one key."""

from __future__ import annotations

import re
from functools import cache

from matcher.features.text import fold
from matcher.taxonomy import read_resource

_NOISE = re.compile(
    r"[\"().,]|(?<![а-яa-z])(?:им|имени|г|гбпоу|фгбоу|фгаоу|гоу|гапоу|спо|во|впо|нии|федеральное|государственное|бюджетное|автономное|образовательное|учреждение|профессиональное|высшего|образования)(?![а-яa-z])|№"
)
_LEGAL = re.compile(r"(?<![а-яa-z])(?:ооо|оао|зао|пао|ао|ип|гк|нпо|llc|inc|ltd)(?![а-яa-z])|[\"().,]")


def _plain(name: str) -> str:
    return " ".join(_NOISE.sub(" ", fold(name).text).replace("-", " ").split())


@cache
def _known() -> dict[str, str]:
    out: dict[str, str] = {}
    for row in read_resource("institutions.csv"):
        for name in (row["name"], *row["aliases"].split("|")):
            if name:
                out.setdefault(_plain(name), row["id"])
    return out


@cache
def institution_key(name: str) -> str:
    """One key for all names of an institution; an unknown one is its own key, cleaned.

    >>> institution_key("РХТУ им. Д.И. Менделеева") == institution_key("Менделеевка")
    True
    """
    plain = _plain(name)
    return _known().get(plain, plain)


@cache
def company_key(name: str) -> str:
    """A company's name without legal form, quotes and case.

    >>> company_key("ООО «Кварц»") == company_key("Кварц")
    True
    """
    return " ".join(_LEGAL.sub(" ", fold(name).text).split())

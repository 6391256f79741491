"""Names of institutions and companies made one: «РХТУ им. Менделеева», «Менделеевка» -> one key."""

from __future__ import annotations

import re
from functools import cache

from matcher.features.text import fold
from matcher.taxonomy import read_resource

_NOISE = re.compile(
    r"[\"().,]|(?<![а-яa-z])(?:им|имени|г|гбпоу|фгбоу|фгаоу|гоу|гапоу|спо|во|впо|нии|федеральное|государственное|бюджетное|автономное|образовательное|учреждение|профессиональное|высшего|образования)(?![а-яa-z])|№"
)
_PREFIX = "inst."
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

    What stands in quotes, in brackets or before the first comma is tried too: «НИУ «МЭИ»», «МХТИ (РХТУ)», «МГУ, химфак».

    >>> institution_key("РХТУ им. Д.И. Менделеева") == institution_key("Менделеевка")
    True
    """
    parts = [name, re.sub(r"\(.*?\)", " ", name), *re.findall(r"[«\"]([^«»\"]+)[»\"]", name)]
    parts += [p for p in re.split(r"[(),/]", name) if p.strip()]
    for part in parts:
        found = _known().get(_plain(part))
        if found:
            return found
    return _plain(name)


def is_known_institution(key: str) -> bool:
    """Whether a key is that of an institution of our table."""
    return key.startswith(_PREFIX)


@cache
def company_key(name: str) -> str:
    """A company's name without legal form, quotes and case.

    >>> company_key("ООО «Кварц»") == company_key("Кварц")
    True
    """
    return " ".join(_LEGAL.sub(" ", fold(name).text).split())

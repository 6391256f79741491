"""What typed facts are made of: a fragment with its value, and numbers as digits, Roman numerals and words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Typed:
    """A typed fact at ``start..end`` of the folded text."""

    start: int
    end: int
    kind: str
    value: Mapping[str, Any]
    rule: str
    skill: str | None = None


NUMBERS: Final = {
    "пол": 0.5, "полгода": 0.5, "полутора": 1.5, "полтора": 1.5, "один": 1, "одного": 1, "одной": 1, "одна": 1,
    "год": 1, "года": 1, "первый": 1, "два": 2, "двух": 2, "две": 2, "три": 3, "трех": 3, "четыре": 4, "четырех": 4,
    "пять": 5, "пяти": 5, "шесть": 6, "шести": 6, "семь": 7, "семи": 7, "восемь": 8, "восьми": 8, "девять": 9,
    "девяти": 9, "десять": 10, "десяти": 10, "one": 1, "two": 2, "three": 3, "five": 5,
}  # fmt: skip
ROMAN: Final = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8}
WORD_NUMBER: Final = "|".join(sorted((w for w in NUMBERS if w not in ("год", "года", "пол", "полгода")), key=len)[::-1])
NUMBER: Final = rf"(?:\d+(?:[.,]\d+)?|{WORD_NUMBER})"
YEARS: Final = r"(?:лет|годов|года|году|год|г\.|г|years?|yrs?)"
MONTHS: Final = r"(?:месяц(?:ев|а|ы)?|мес\.?|months?)"
ROMAN_DIGIT: Final = r"(?:[ivіх]+|\d)"
_ORDINALS: Final = {"перв": 1, "втор": 2, "трет": 3, "четверт": 4, "пят": 5, "шест": 6, "седьм": 7, "восьм": 8}
ORDINAL_WORD: Final = rf"(?:{'|'.join(_ORDINALS)})(?:ый|ой|ий|ая|ья|ого|ьего|ей|ьей|ому|ьему|ую|ью|ым|ьим)"
SMALL: Final = rf"(?:{ORDINAL_WORD}|{ROMAN_DIGIT})"


def number_of(raw: str) -> float:
    """A number in digits or in words."""
    raw = raw.strip()
    return NUMBERS[raw] if raw in NUMBERS else float(raw.replace(",", "."))


def small_number(raw: str) -> int | None:
    """A digit, a Roman numeral typed in either alphabet, or an ordinal in words."""
    word = next((n for stem, n in _ORDINALS.items() if raw.startswith(stem)), None)
    if word is not None:
        return word
    raw = raw.replace("і", "i").replace("х", "x").strip()
    return int(raw) if raw.isdigit() else ROMAN.get(raw)

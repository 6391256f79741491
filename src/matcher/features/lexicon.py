"""Single words: look-alike letters repaired, one lemma and part of speech per distinct word."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from typing import Final

from matcher.features.readings import guessed_readings, is_in_dictionary, is_listed, known_readings
from matcher.taxonomy import read_resource

# ---------------------------------------------------------------- look-alike letters

_LATIN_LIKE: Final = "abcehkmoptxyi"
_CYRILLIC_LIKE: Final = "авсенкмортхуі"
_TO_CYRILLIC: Final = str.maketrans(_LATIN_LIKE, _CYRILLIC_LIKE)
_TO_LATIN: Final = str.maketrans(_CYRILLIC_LIKE, _LATIN_LIKE)
_HAS_LATIN: Final = re.compile("[a-z]")
_HAS_CYRILLIC: Final = re.compile("[а-яіѣ]")
_ONLY_LATIN: Final = re.compile(f"[^{_LATIN_LIKE}\\W\\dа-яіѣ]")
_ONLY_CYRILLIC: Final = re.compile(f"[^{_CYRILLIC_LIKE}\\W\\da-z]")
_ALL_LIKE: Final = re.compile(f"[0-9]+[{_LATIN_LIKE}{_CYRILLIC_LIKE}0-9]*$")
_LETTER_DIGIT: Final = re.compile(f"[{_CYRILLIC_LIKE}][0-9]+$")


def swap_script(word: str) -> str:
    """The same shape in the other alphabet, as far as letters look alike."""
    return word.translate(_TO_LATIN if _HAS_CYRILLIC.search(word) else _TO_CYRILLIC)


def repair_script(word: str) -> str:
    """Repair look-alike letters by the majority script of the word.

    A word of digits and look-alikes only is Cyrillic when a digit comes first (1С, 16К20, 12Х18Н10Т) and Latin
    when one letter comes first (B2, C1); so both spellings of a name become one.

    >>> [repair_script(w) for w in ("с++", "аutoсаd", "чпy", "1c", "12x18h10t", "в2")]
    ['c++', 'autocad', 'чпу', '1с', '12х18н10т', 'b2']
    """
    if word[-1] in "+#":
        return word.translate(_TO_LATIN)
    if word.isalpha() and not _HAS_LATIN.search(word):
        return word
    latin = len(_HAS_LATIN.findall(word))
    cyrillic = len(_HAS_CYRILLIC.findall(word))
    if not cyrillic and not word[0].isdigit():
        return word
    if _ALL_LIKE.match(word):
        return word.translate(_TO_CYRILLIC)
    if _LETTER_DIGIT.match(word):
        return word.translate(_TO_LATIN)
    if not latin or not cyrillic:
        return word
    only_cyrillic, only_latin = _ONLY_CYRILLIC.search(word), _ONLY_LATIN.search(word)
    if bool(only_cyrillic) != bool(only_latin):  # «КOМПAC»: one letter that has no twin tells the alphabet
        return word.translate(_TO_CYRILLIC if only_cyrillic else _TO_LATIN)
    return word.translate(_TO_CYRILLIC if cyrillic >= latin else _TO_LATIN)


# ---------------------------------------------------------------- lemmas

NOUN: Final = "N"
ADJECTIVE: Final = "A"
VERB: Final = "V"
PREPOSITION: Final = "P"
CONJUNCTION: Final = "C"
LATIN: Final = "L"
NUMBER: Final = "D"
OTHER: Final = "X"
NAME: Final = "M"  # of a person
_PARTICLES: Final = frozenset({"PREP", "CONJ", "PRCL"})
_POS: Final = {"NOUN": NOUN, "ADJF": ADJECTIVE, "PRTF": ADJECTIVE, "ADJS": ADJECTIVE, "VERB": VERB, "INFN": VERB,
        "GRND": VERB, "PRTS": ADJECTIVE, "PREP": PREPOSITION, "CONJ": CONJUNCTION}  # fmt: skip


@cache
def _exceptions() -> dict[str, tuple[str, str]]:
    return {row["form"]: (row["lemma"], row["pos"]) for row in read_resource("lemmas.csv")}


@cache
def cut_words() -> dict[str, str]:
    """Words that are cut before a dot, with the lemma meant: «мат.» -> математический."""
    return {row["short"]: row["lemma"] for row in read_resource("cuts.csv")}


class Word:
    """What is known of a distinct word: lemma (folded), part of speech, and whether the dictionary has it."""

    __slots__ = ("known", "lemma", "pos")

    def __init__(self, lemma: str, pos: str, known: bool) -> None:
        self.lemma = lemma
        self.pos = pos
        self.known = known


_words: Final[dict[str, Word]] = {}
_MOST_WORDS: Final = 2_000_000


def word_of(word: str, script: str | None = None) -> Word:
    """Lemma and part of speech of one folded word, worked out once per process; ``script`` is its repaired form.

    The first parse is often a verb or a surname («стали» -> стать, «жгутов» -> жгутовый); the first noun or
    adjective that is no name is taken instead where there is one.

    >>> word_of("токарные").lemma, word_of("сталей").lemma, word_of("с++").lemma
    ('токарный', 'сталь', 'c++')
    """
    found = _words.get(word)
    if found is None:
        if len(_words) >= _MOST_WORDS:
            _words.clear()
        found = _words[word] = _analyse(script or repair_script(word))
    return found


@cache
def _shipped() -> dict[str, Word]:
    """Words of the taxonomy with the dictionary's answers, made by ``tools/make_words.py``: a quick start."""
    with resources.files("matcher.resources").joinpath("words.tsv").open(encoding="utf-8") as f:
        rows = (line.rstrip("\n").split("\t") for line in f)
        return {form: Word(lemma, pos, known == "1") for form, lemma, pos, known in rows}


def _analyse(word: str) -> Word:
    exception = _exceptions().get(word)
    if exception:
        return Word(*exception, known=True)
    return _shipped().get(word) or ask_dictionary(word)


def is_met(word: str) -> bool:
    """Whether ``word_of(word).known``, without guessing what a word may be that is not."""
    found = _words.get(word)
    if found is not None:
        return found.known
    script = repair_script(word)
    if script in _exceptions() or script in _shipped():
        return word_of(word).known
    if not _HAS_CYRILLIC.search(script) or (not script.isalpha() and any(c.isdigit() for c in script)):
        return False
    return (len(script) > 2 and is_listed(script)) or is_in_dictionary(script)


def ask_dictionary(word: str) -> Word:
    """Lemma and part of speech by pymorphy3, with the guard against verbs and surnames."""
    if not _HAS_CYRILLIC.search(word):
        return Word(word, NUMBER if word.isdigit() else LATIN, known=False)
    if not word.isalpha() and any(c.isdigit() for c in word):
        return Word(word, OTHER, known=False)
    listed = known_readings(word) if len(word) > 2 else None
    known = listed is not None or is_in_dictionary(word)
    readings = iter(listed or guessed_readings(word))
    chosen = first = next(readings)
    if first.form.pos not in _PARTICLES and not first.form.is_content:
        chosen = next((r for r in readings if r.form.is_content), first)
    if chosen.form.is_name:
        return Word(chosen.lemma.replace("ё", "е"), NAME, known)
    lemma = _masculine(chosen.lemma) if chosen.form.is_woman else chosen.lemma
    return Word(lemma.replace("ё", "е"), _POS.get(chosen.form.pos, OTHER), known)


_FEMININE: Final[tuple[tuple[str, str], ...]] = (
    ("тельница", "тель"),
    ("чица", "чик"),
    ("щица", "щик"),
    ("ница", "ник"),
    ("ица", ""),
    ("ша", ""),
    ("ка", ""),
)
_IRREGULAR: Final = {
    "продавщица": "продавец", "актриса": "актер", "стюардесса": "стюард", "портниха": "портной", "ткачиха": "ткач",
    "повариха": "повар", "поэтесса": "поэт", "певица": "певец", "спортсменка": "спортсмен", "массажистка": "массажист",
}  # fmt: skip
_NOT_FEMININE: Final = frozenset({"машинистка"})  # who types; a машинист drives


def _masculine(lemma: str) -> str:
    """«лаборантка» -> «лаборант»: the form of a trade says nothing of the skill."""
    if lemma in _IRREGULAR:
        return _IRREGULAR[lemma]
    for ending, other in _FEMININE:
        if lemma.endswith(ending) and lemma not in _NOT_FEMININE:
            man = lemma.removesuffix(ending) + other
            readings = known_readings(man) if len(man) >= 4 and is_in_dictionary(man) else None
            if any(r.lemma == man and "anim" in r.form.tag and "masc" in r.form.tag for r in readings or ()):
                return man
    return lemma


_STOP: Final = frozenset(
    [
        "и",
        "в",
        "на",
        "с",
        "по",
        "к",
        "у",
        "о",
        "от",
        "до",
        "для",
        "из",
        "при",
        "за",
        "под",
        "над",
        "со",
        "во",
        "об",
        "а",
        "но",
        "или",
        "либо",
        "не",
        "ни",
        "как",
        "что",
        "это",
        "быть",
        "мы",
        "вы",
        "наш",
        "ваш",
        "свой",
        "он",
        "она",
        "они",
        "его",
        "ее",
        "их",
        "который",
        "также",
        "так",
        "же",
        "бы",
        "если",
        "то",
        "все",
        "весь",
        "работа",
        "опыт",
        "год",
        "г",
        "the",
        "a",
        "an",
        "of",
        "and",
        "in",
        "to",
        "for",
        "with",
        "or",
        "on",
        "at",
        "is",
        "are",
        "be",
        "as",
        "by",
        "we",
        "you",
        "our",
        "your",
    ]
)


def says_something(lemma: str) -> bool:
    """Whether a lemma is neither a function word nor a single letter."""
    return lemma not in _STOP and (len(lemma) > 1 or lemma.isdigit())


def is_known(word: str) -> bool:
    """Whether the dictionary has a word, without working out its lemma."""
    shipped = _shipped().get(word)
    return shipped.known if shipped else bool(_HAS_CYRILLIC.search(word)) and is_in_dictionary(word)

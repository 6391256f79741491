"""Repair of misspelt words: what a word that no phrase knows may have been meant to be.

Rules stand in ``RULES`` in the order in which they are tried; each takes the folded word and answers a word of
the phrase vocabulary or None. Only words that the dictionary does not know are repaired.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import Final

from matcher.features.lexicon import is_met, repair_script, swap_script, word_of

_RU: Final = "ё1234567890йцукенгшщзхъфывапролджэячсмитьбю"
_EN: Final = "`1234567890qwertyuiop[]asdfghjkl;'zxcvbnm,."
_TO_RU: Final = str.maketrans(_EN + '~{}:"<>', _RU + "ёхъжэбю")
_TO_EN: Final = str.maketrans(_RU, _EN)

_TRANSLIT: Final = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ж": "zh", "з": "z", "и": "i", "й": "i", "к": "k",
    "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "h",
    "ц": "c", "ч": "ch", "ш": "sh", "щ": "sh", "ъ": "", "ы": "i", "ь": "", "э": "e", "ю": "iu", "я": "ia",
}  # fmt: skip
_SKELETON: Final[tuple[tuple[str, str], ...]] = (
    ("shch", "sh"), ("sch", "sh"), ("kh", "h"), ("ts", "c"), ("tz", "c"), ("yu", "iu"), ("ju", "iu"), ("ya", "ia"),
    ("ja", "ia"), ("yo", "e"), ("jo", "e"), ("y", "i"), ("j", "i"), ("w", "v"), ("x", "ks"),
    ("'", ""), ("ii", "i"), ("iz", "iz"),
)  # fmt: skip
_ENDINGS: Final[tuple[str, ...]] = (
    "ами", "ями", "ого", "ому", "ыми", "ими", "ах", "ях", "ов", "ев", "ей", "ом", "ем", "ам", "ям", "ой", "ый", "ий",
    "ую", "ая", "ые", "ие", "ых", "их", "ою", "у", "ю", "а", "я", "е", "ы", "и", "о",
)  # fmt: skip
_CYRILLIC: Final = re.compile("[а-я]")
_NO_TWIN: Final = re.compile("[бгджзийлпфцчшщъыьэюя]")
"""Letters that look like no Latin one: a word with one of them stays Cyrillic."""
_ON_SIGNS: Final = re.compile("[хъжэбю]")
"""Letters that sit on keys of signs: what is typed there with the other layout is no word."""
_YE: Final = re.compile("(?:^|(?<=[aeiouy]))[yj]e")  # «yelka», «cherchenie»; but «tokarnye» ends in two vowels


def skeleton(word: str) -> str:
    """Latin letters of a transliterated word with the usual schemes made one.

    >>> skeleton("tokarnye") == skeleton("tokarnyie")
    True
    """
    word = _YE.sub("e", word)
    for a, b in _SKELETON:
        word = word.replace(a, b)
    return word


def to_latin(word: str) -> str:
    """Letter by letter transliteration, as the skeleton index writes it."""
    return skeleton("".join(_TRANSLIT.get(c, c) for c in word))


_DIGRAPHS: Final[tuple[tuple[str, str], ...]] = (
    ("shch", "щ"), ("sch", "щ"), ("zh", "ж"), ("kh", "х"), ("ch", "ч"), ("sh", "ш"), ("ts", "ц"), ("tz", "ц"),
    ("yu", "ю"), ("ju", "ю"), ("ya", "я"), ("ja", "я"), ("yo", "е"), ("jo", "е"), ("iy", "ий"), ("ij", "ий"),
    ("yy", "ый"), ("yj", "ый"),
)  # fmt: skip
_LETTERS: Final = str.maketrans(
    dict(zip("abvgdezijklmnoprstufhcwy'", "абвгдезийклмнопрстуфхцвыь", strict=True)) | {"x": "кс"}
)
_Y: Final = re.compile("(?<=[aeiouаеиоуюя])y|^y")


def to_cyrillic(word: str) -> str:
    """The Russian word that a transliterated one most likely is, in whatever form it stands.

    >>> to_cyrillic("chertezhey"), to_cyrillic("tokarnye"), to_cyrillic("khimiya")
    ('чертежей', 'токарные', 'химия')
    """
    for a, b in _DIGRAPHS:
        word = word.replace(a, b)
    return _Y.sub("й", word).translate(_LETTERS)


def switch_layout(word: str) -> str:
    """The same keys on the other keyboard layout.

    >>> switch_layout("cdfhrf"), switch_layout("вщслук")
    ('сварка', 'docker')
    """
    return word.translate(_TO_EN if _CYRILLIC.search(word) else _TO_RU)


_LONGEST: Final = 60
"""No word is so long; to look for what is near it would take time and memory by the square of its length."""


def _deletes(word: str) -> set[str]:
    return {word[:i] + word[i + 1 :] for i in range(len(word))}


class Repairer:
    """Repairs against a vocabulary of lemmas.

    Parameters
    ----------
    words : iterable of str
        Lemmas that occur in phrases.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self.words = set(words)
        self._deletes: dict[str, list[str]] = {}
        self._skeletons: dict[str, str] = {}
        for w in sorted(self.words):
            if len(w) >= 5 and w.isalpha():
                for d in (w, *_deletes(w)):
                    self._deletes.setdefault(d, []).append(w)
            if len(w) >= 4 and _CYRILLIC.match(w):
                self._skeletons.setdefault(to_latin(w), w)

    def repair(self, word: str, *, in_prose: bool = False) -> tuple[str, str] | None:
        """The word meant and the name of the rule that says so, or None.

        In running prose most unknown words are names and loan words, not slips: there only other cases of a known
        name and swapped letters are mended.

        >>> Repairer(["сварка", "python", "бухгалтер"]).repair("pyhton")
        ('python', 'typo')
        """
        if len(word) > _LONGEST:
            return None
        for name, rule in PROSE_RULES if in_prose else RULES:
            found = rule(self, word)
            if found is not None:
                return found, name
        return None

    def _inflected(self, word: str) -> str | None:
        """The lemma of a form that the dictionary has, where it is a word of ours."""
        if not is_met(word):
            return None
        lemma = word_of(word).lemma
        return lemma if lemma in self.words else None

    def _known(self, word: str) -> str | None:
        if word in self.words:
            return word
        lemma = word_of(word).lemma
        return lemma if lemma in self.words else None


def _look_alike(r: Repairer, word: str) -> str | None:
    """«OTK» typed in Latin letters only."""
    if _NO_TWIN.search(word):
        return None
    other = swap_script(word)
    return r._known(other) if other != word and (_CYRILLIC.search(other) is None or not _left_latin(other)) else None


def _left_latin(word: str) -> bool:
    return any("a" <= c <= "z" for c in word)


def _stem(r: Repairer, word: str) -> str | None:
    """«Корела», «солидворксе»: a name that the dictionary does not know, in another case."""
    if not _CYRILLIC.match(word) or len(word) < 4:
        return None
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            stem = word[: -len(ending)]
            for tail in ("", "а", "я", "ь", "о", "й"):
                if stem + tail in r.words:
                    return stem + tail
    return None


def _layout(r: Repairer, word: str) -> str | None:
    """«ghjuhfvvbcn», «вщслук»: typed in the other keyboard layout."""
    if len(word) < 3 or _ON_SIGNS.search(word):
        return None
    other = switch_layout(word).replace("ё", "е")
    if not other.isalpha():
        return None
    found = r._known(repair_script(other))
    return found if found and (len(other) >= 4) else None


def _transliteration(r: Repairer, word: str) -> str | None:
    """«svarka», «Avtokad»: Russian in Latin letters."""
    if len(word) < 4 or not word.isascii() or not word.isalpha():
        return None
    return r._inflected(to_cyrillic(word)) or r._skeletons.get(skeleton(word))


@cache
def _distance() -> Callable[[str, str], int]:
    from rapidfuzz.distance import OSA

    return OSA.distance


def _typo(r: Repairer, word: str) -> str | None:
    """One edit (insertion, deletion, substitution, transposition) in a word of five letters or more."""
    if len(word) < 5 or not word.isalpha():
        return None
    near: set[str] = set(r._deletes.get(word, ()))
    for i in range(len(word)):
        found = r._deletes.get(word[:i] + word[i + 1 :])
        if found is not None:
            near.update(found)
    if not near:
        return None
    distance = _distance()
    good = [w for w in near if _plausible(word, w) and distance(word, w) == 1]
    if len(good) == 1:
        return good[0]
    return min(good, key=lambda w: (abs(len(w) - len(word)), not _sounds_alike(word, w), w)) if good else None


_SOUNDS: Final[tuple[str, ...]] = ("ао", "еи", "ея", "иы", "бп", "дт", "гк", "зс", "жш", "вф", "сц")


def _sounds_alike(word: str, meant: str) -> bool:
    """«сворщик»: one letter stands for another that sounds the same."""
    differ = [(a, b) for a, b in zip(word, meant, strict=False) if a != b]
    return len(word) == len(meant) and len(differ) == 1 and any({*differ[0]} == {*pair} for pair in _SOUNDS)


def _plausible(word: str, meant: str) -> bool:
    """Keep short words and first letters: «спорт» is no misspelt «экспорт», «vector» no «hector»."""
    if len(meant) >= 6 and word[0] == meant[0]:
        return True
    return len(word) == len(meant) and sorted(word) == sorted(meant)  # a transposition


def _swapped(r: Repairer, word: str) -> str | None:
    """Two neighbouring letters swapped, and nothing else."""
    meant = _typo(r, word)
    return meant if meant and sorted(meant) == sorted(word) else None


def _inflected_typo(r: Repairer, word: str) -> str | None:
    """A typo in a word that is not in its dictionary form."""
    if not _CYRILLIC.match(word) or len(word) < 7:
        return None
    lemma = word_of(word).lemma
    found = _typo(r, lemma) if lemma != word else None
    if found:
        return found
    stem = next((word.removesuffix(e) for e in _ENDINGS if word.endswith(e)), word)  # «поллимеры»
    return _typo(r, stem) if stem != word else None


RULES: Final[tuple[tuple[str, Callable[[Repairer, str], str | None]], ...]] = (
    ("look-alike", _look_alike),
    ("stem", _stem),
    ("layout", _layout),
    ("transliteration", _transliteration),
    ("typo", _typo),
    ("typo", _inflected_typo),
)
PROSE_RULES: Final[tuple[tuple[str, Callable[[Repairer, str], str | None]], ...]] = (
    ("stem", _stem),
    ("typo", _swapped),
)

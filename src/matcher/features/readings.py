"""What a word may be by the dictionary of pymorphy3: its readings if it is known, else the readings of words like it.

The answers are those of ``MorphAnalyzer.parse``, in its order, without what nobody here asks for: tags are looked at
once, probabilities only where readings differ, and of a word that is guessed no more readings than are needed.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, Final

from matcher.features.automaton import Automaton, Probabilities, read_directly

_NAMES: Final[tuple[str, ...]] = ("Surn", "Name", "Patr")
_LEAST_REST: Final = 3
_LONGEST_PREFIX: Final = 5
_LEAST_GUESSED: Final = 4


@cache
def analyzer() -> Any:
    """The analyser, with its automata read directly."""
    import pymorphy3

    return read_directly(pymorphy3.MorphAnalyzer(lang="ru"))


@cache
def _dictionary_words() -> Automaton:
    words: Automaton = analyzer().dictionary.words
    return words


@cache
def _probabilities() -> Probabilities:
    known: Probabilities = analyzer().prob_estimator.p_t_given_w
    return known


class Form:
    """What matters here of a tag of the dictionary."""

    __slots__ = ("is_content", "is_name", "is_productive", "is_woman", "pos", "tag")

    def __init__(
        self, tag: str, pos: str, is_content: bool, is_name: bool, is_woman: bool, is_productive: bool
    ) -> None:
        self.tag = tag
        self.pos = pos
        self.is_content = is_content
        self.is_name = is_name
        self.is_woman = is_woman
        self.is_productive = is_productive

    def says_the_same(self, other: Form) -> bool:
        """Whether nothing that is asked of a form differs."""
        return self is other or (
            self.pos == other.pos
            and self.is_content == other.is_content
            and self.is_name == other.is_name
            and self.is_woman == other.is_woman
        )


class Reading:
    """One way to read a word: its form and its lemma."""

    __slots__ = ("form", "lemma")

    def __init__(self, form: Form, lemma: str) -> None:
        self.form = form
        self.lemma = lemma


_forms: Final[dict[str, Form]] = {}


def _form_of(tag: Any) -> Form:
    """The form that a tag tells, worked out once per tag."""
    name = str(tag)
    found = _forms.get(name)
    if found is None:
        pos = str(tag.POS)
        is_name = any(mark in tag for mark in _NAMES)
        is_content = pos in {"NOUN", "ADJF", "PRTF"} and not is_name
        is_woman = pos == "NOUN" and "anim" in tag and "femn" in tag
        found = _forms[name] = Form(name, pos, is_content, is_name, is_woman, tag.is_productive())
    return found


class Paradigm:
    """How a word of the dictionary changes: the form of each of its numbers, its prefix and its ending.

    Parameters
    ----------
    dictionary : Dictionary
        That of pymorphy3, whose paradigms list endings, then tags, then prefixes.
    number : int
        Which of its paradigms.
    """

    __slots__ = ("_endings", "_prefixes", "forms")

    def __init__(self, dictionary: Any, number: int) -> None:
        row = dictionary.paradigms[number]
        third = len(row) // 3
        self._endings: list[str] = [dictionary.suffixes[i] for i in row[:third]]
        self._prefixes: list[str] = [dictionary.paradigm_prefixes[i] for i in row[2 * third :]]
        self.forms = [_form_of(dictionary.gramtab[tag]) for tag in row[third : 2 * third]]

    def lemma(self, number: int, word: str) -> str:
        """The first form of a word that stands in the form of a number."""
        if number == 0:
            return word
        ending, start = self._endings[number], len(self._prefixes[number])
        stem = word[start : -len(ending)] if ending else word[start:]
        return self._prefixes[0] + stem + self._endings[0]


_paradigms: Final[dict[int, Paradigm]] = {}


def _paradigm(number: int) -> Paradigm:
    found = _paradigms.get(number)
    if found is None:
        found = _paradigms[number] = Paradigm(analyzer().dictionary, number)
    return found


def is_in_dictionary(word: str) -> bool:
    """Whether the dictionary has the word, letter for letter."""
    return word in _dictionary_words()


def is_listed(word: str) -> bool:
    """Whether the dictionary has the word, where «е» may stand for «ё»."""
    return bool(_dictionary_words().similar_items(word))


def known_readings(word: str) -> list[Reading] | None:
    """The readings of a dictionary word, the most probable first; None for a word it does not have.

    >>> [(r.form.pos, r.lemma) for r in known_readings("стали")]
    [('VERB', 'стать'), ('NOUN', 'сталь'), ('NOUN', 'сталь'), ('NOUN', 'сталь'), ('NOUN', 'сталь'), ('NOUN', 'сталь')]
    """
    readings = _listed(word)
    if not readings:
        return None
    first = readings[0]
    if len(readings) > 1 and any(r.lemma != first.lemma or not r.form.says_the_same(first.form) for r in readings):
        counts = _probabilities().counts(word, [r.form.tag for r in readings])
        if counts:
            order = sorted(range(len(readings)), key=counts.__getitem__, reverse=True)
            readings = [readings[i] for i in order]
    return readings


def _listed(word: str) -> list[Reading]:
    """The readings of a dictionary word in the dictionary's order."""
    readings: list[Reading] = []
    for fixed, places in _dictionary_words().similar_items(word):
        lemmas: dict[int, str] = {}
        for number, place in places:
            paradigm = _paradigm(number)
            lemma = lemmas.get(number)
            if lemma is None:
                lemma = lemmas[number] = paradigm.lemma(place, fixed)
            readings.append(Reading(paradigm.forms[place], lemma))
    return readings


def guessed_readings(word: str) -> Iterator[Reading]:
    """The readings of a word that the dictionary may not have, the best first.

    A known prefix and a word («мегаплата»), any beginning and a known word («радиодеталь»), the longest ending that
    known words share, most frequent first; words of one or two letters, and others that this leaves without an
    answer, are left to pymorphy3.

    >>> next(guessed_readings("гидроцилиндрами")).lemma
    'гидроцилиндр'
    """
    found = False
    if len(word) >= _LEAST_GUESSED and word.isalpha():
        for reading in _by_known_prefix(word):
            found = True
            yield reading
        if found:
            return
        for i in range(1, 1 + min(_LONGEST_PREFIX, len(word) - _LEAST_REST)):
            for r in _listed(word[i:]):
                if r.form.is_productive:
                    found = True
                    yield Reading(r.form, word[:i] + r.lemma)
        for guess in _by_ending(word):
            found = True
            yield Reading(guess.paradigm.forms[guess.place], guess.lemma(word))
    if not found:
        yield from (Reading(_form_of(p.tag), p.normal_form) for p in analyzer().parse(word))


@cache
def _known_prefixes() -> tuple[str, ...]:
    from pymorphy3.lang.ru import KNOWN_PREFIXES

    return tuple(sorted(KNOWN_PREFIXES, key=len, reverse=True))


def _by_known_prefix(word: str) -> list[Reading]:
    out: list[Reading] = []
    prefixes = _known_prefixes()
    for prefix in prefixes if word.startswith(prefixes) else ():
        if word.startswith(prefix) and len(word) - len(prefix) >= _LEAST_REST:
            rest = word[len(prefix) :]
            readings = known_readings(rest) or guessed_readings(rest)
            out += [Reading(r.form, prefix + r.lemma) for r in readings if r.form.is_productive]
    return out


class Guess:
    """What a word may be by its ending: the form of a paradigm, and the ending as the dictionary spells it."""

    __slots__ = ("_cut", "_ending", "paradigm", "place")

    def __init__(self, paradigm: Paradigm, place: int, cut: int, ending: str) -> None:
        self.paradigm = paradigm
        self.place = place
        self._cut = cut
        self._ending = ending

    def lemma(self, word: str) -> str:
        """The lemma of a word with that ending."""
        return self.paradigm.lemma(self.place, word[: -self._cut] + self._ending)


_guesses: Final[dict[str, list[Guess]]] = {}
_MOST_ENDINGS: Final = 1 << 16


def _by_ending(word: str) -> list[Guess]:
    """The readings of words with the same ending, as often as they are met among them.

    They depend on the last letters alone, and on which prefixes of superlatives and the like the word begins with.
    """
    dictionary = analyzer().dictionary
    prefixes: list[str] = [p for p in dictionary.paradigm_prefixes if word.startswith(p)]
    asked = f"{word[-_LONGEST_PREFIX:]} {' '.join(prefixes)}"
    known = _guesses.get(asked)
    if known is None:
        if len(_guesses) >= _MOST_ENDINGS:
            _guesses.clear()
        known = _guesses[asked] = _guess_by_ending(word[-_LONGEST_PREFIX:], prefixes)
    return known


def _guess_by_ending(last: str, prefixes: list[str]) -> list[Guess]:
    dictionary = analyzer().dictionary
    found: list[tuple[float, Guess]] = []
    pairs = list(zip(dictionary.paradigm_prefixes, dictionary.prediction_suffixes_dawgs, strict=True))
    pairs.reverse()
    for prefix, endings in pairs:
        if prefix not in prefixes:
            continue
        for i in range(_LONGEST_PREFIX, 0, -1):
            here = [
                (count, Guess(paradigm, place, i, ending))
                for ending, places in endings.similar_items(last[-i:])
                for count, number, place in places
                if (paradigm := _paradigm(number)).forms[place].is_productive
            ]
            if here:
                total = 1 + sum(count for count, _ in here)
                found += [(count / total, guess) for count, guess in here]
                break
    return [guess for _, guess in sorted(found, key=lambda pair: pair[0], reverse=True)]

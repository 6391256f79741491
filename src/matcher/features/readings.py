"""What a word may be by the dictionary of pymorphy3: its readings if it is known, else the readings of words like it.

The answers are those of ``MorphAnalyzer.parse``, in its order, without what nobody here asks for: tags are looked at
once, probabilities only where readings differ, and of a word that is guessed no more readings than are needed.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, Final, NamedTuple

from matcher.features.automaton import read_directly

_NAMES: Final[tuple[str, ...]] = ("Surn", "Name", "Patr")
_LEAST_REST: Final = 3
_LONGEST_PREFIX: Final = 5
_LEAST_GUESSED: Final = 4


@cache
def analyzer() -> Any:
    """The analyser, with its automata read directly."""
    import pymorphy3

    return read_directly(pymorphy3.MorphAnalyzer(lang="ru"))


class Form(NamedTuple):
    """What matters here of a tag of the dictionary."""

    tag: str
    pos: str
    is_content: bool
    is_name: bool
    is_woman: bool
    is_productive: bool


class Reading(NamedTuple):
    """One way to read a word: its form and its lemma."""

    form: Form
    lemma: str


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


@cache
def _forms_of(paradigm: int) -> list[Form]:
    """The forms of a paradigm, which lists endings, then tags, then prefixes."""
    dictionary = analyzer().dictionary
    row = dictionary.paradigms[paradigm]
    third = len(row) // 3
    return [_form_of(dictionary.gramtab[tag]) for tag in row[third : 2 * third]]


def is_in_dictionary(word: str) -> bool:
    """Whether the dictionary has the word, letter for letter."""
    return word in analyzer().dictionary.words


def known_readings(word: str) -> list[Reading] | None:
    """The readings of a dictionary word, the most probable first; None for a word it does not have.

    >>> [(r.form.pos, r.lemma) for r in known_readings("стали")]
    [('VERB', 'стать'), ('NOUN', 'сталь'), ('NOUN', 'сталь'), ('NOUN', 'сталь'), ('NOUN', 'сталь'), ('NOUN', 'сталь')]
    """
    readings = _listed(word)
    if not readings:
        return None
    first = readings[0]
    if len(readings) > 1 and any(r.lemma != first.lemma or r.form[1:5] != first.form[1:5] for r in readings):
        probability = analyzer().prob_estimator.p_t_given_w.prob
        readings.sort(key=lambda r: probability(word, r.form.tag), reverse=True)
    return readings


def _listed(word: str) -> list[Reading]:
    """The readings of a dictionary word in the dictionary's order."""
    dictionary = analyzer().dictionary
    readings = []
    for fixed, places in dictionary.words.similar_items(word):
        lemmas: dict[int, str] = {}
        for paradigm, number in places:
            lemma = lemmas.get(paradigm)
            if lemma is None:
                lemma = lemmas[paradigm] = dictionary.build_normal_form(paradigm, number, fixed)
            readings.append(Reading(_forms_of(paradigm)[number], lemma))
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
        for reading in (*_by_any_beginning(word), *_by_ending(word)):
            found = True
            yield reading
    if not found:
        yield from (Reading(_form_of(p.tag), p.normal_form) for p in analyzer().parse(word))


@cache
def _known_prefixes() -> tuple[str, ...]:
    from pymorphy3.lang.ru import KNOWN_PREFIXES

    return tuple(sorted(KNOWN_PREFIXES, key=len, reverse=True))


def _by_known_prefix(word: str) -> Iterator[Reading]:
    prefixes = _known_prefixes()
    for prefix in prefixes if word.startswith(prefixes) else ():
        if word.startswith(prefix) and len(word) - len(prefix) >= _LEAST_REST:
            rest = word[len(prefix) :]
            for form, lemma in known_readings(rest) or guessed_readings(rest):
                if form.is_productive:
                    yield Reading(form, prefix + lemma)


def _by_any_beginning(word: str) -> Iterator[Reading]:
    for i in range(1, 1 + min(_LONGEST_PREFIX, len(word) - _LEAST_REST)):
        for form, lemma in _listed(word[i:]):
            if form.is_productive:
                yield Reading(form, word[:i] + lemma)


def _by_ending(word: str) -> list[Reading]:
    """The readings of words with the same ending, as often as they are met among them."""
    dictionary = analyzer().dictionary
    found: list[tuple[float, Reading]] = []
    pairs = list(zip(dictionary.paradigm_prefixes, dictionary.prediction_suffixes_dawgs, strict=True))
    pairs.reverse()
    for prefix, endings in pairs:
        if not word.startswith(prefix):
            continue
        for i in range(_LONGEST_PREFIX, 0, -1):
            here = [
                (count, Reading(_forms_of(paradigm)[number], dictionary.build_normal_form(paradigm, number, fixed)))
                for ending, places in endings.similar_items(word[-i:])
                for count, paradigm, number in places
                if _forms_of(paradigm)[number].is_productive and (fixed := word[:-i] + ending)
            ]
            if here:
                total = 1 + sum(count for count, _ in here)
                found += [(count / total, reading) for count, reading in here]
                break
    return [reading for _, reading in sorted(found, key=lambda pair: pair[0], reverse=True)]

"""Folding, words and lemmas: what is unified, what is kept, and that every offset leads home."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.features.lexicon import is_known, repair_script, swap_script, word_of
from matcher.features.skills import reader_for
from matcher.features.text import CLOSE, COLON, COMMA, DASH, END, OPEN, SOFT, fold, tokenize

ANY_TEXT = st.text(st.characters(codec=None), max_size=60) | st.text(
    st.sampled_from('абвёйСЯ abcXY019.,;:-–—()«»"/+#\n\t\u00ad\u0301\u0306\u0308\u200b\ufeff😀İẞ№\ud800\x00\xa0'),
    max_size=60,
)
QUICK = settings(max_examples=25, deadline=None, derandomize=True)


def _table(table: str) -> list[tuple[str, ...]]:
    return [tuple(cell.strip() for cell in line.split(" | ")) for line in table.strip().splitlines()]


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ЁЛКА", "елка"),
        ("опыт\u00a0работы", "опыт работы"),
        ("опыт\u202fработы", "опыт работы"),
        ("2–3 года", "2-3 года"),
        ("2—3 года", "2-3 года"),
        ("«Компас»", '"компас"'),
        ("„Компас“", '"компас"'),
        ("сва\u00adрка", "сварка"),
        ("сва\u0301рка", "сварка"),
        ("чертежеи\u0306", "чертежей"),
        ("е\u0308лка", "елка"),
        ("\ufeffPython", "python"),
        ("Ｐｙｔｈｏｎ", "python"),
        ("• Git", "• git"),
        ("✔ Git", "• git"),
        ("a\u2028b", "a\nb"),
        ("a\tb\x00c", "a b c"),
        ("№ 5", "№ 5"),
        ("\ud800x", " x"),
        ("", ""),
    ],
)
def test_folding(text, folded):
    assert fold(text).text == folded


@pytest.mark.parametrize(
    ("text", "a", "b", "original"),
    [
        ("сва\u00adрка труб", 0, 6, "сва\u00adрка"),
        ("сва\u00adрка труб", 7, 11, "труб"),
        ("и\u0306од пайка", 0, 3, "и\u0306од"),
        ("x\u200b\u200by", 1, 2, "y"),
        ("Пайка", 0, 5, "Пайка"),
    ],
)
def test_offsets_lead_back_over_what_was_removed(text, a, b, original):
    i, j = fold(text).original(a, b)
    assert text[i:j].rstrip("\u0306") == original.rstrip("\u0306")


@QUICK
@given(ANY_TEXT)
def test_every_folded_slice_has_a_place_in_the_original(text):
    folded = fold(text)
    previous = 0
    for i in range(len(folded.text)):
        a, b = folded.original(i, i + 1)
        assert 0 <= a < b <= len(text)
        assert a >= previous
        previous = a


@QUICK
@given(ANY_TEXT)
def test_folding_twice_changes_nothing_more(text):
    once = fold(text).text
    assert fold(once).text == once


@QUICK
@given(ANY_TEXT)
def test_words_stand_where_they_say(text):
    tokens = tokenize(text)
    assert len(tokens.words) == len(tokens.seps) - 1 == len(tokens.gaps) == len(tokens)
    for i, word in enumerate(tokens.words):
        assert tokens.folded.text[tokens.starts[i] : tokens.ends[i]] == word
        assert tokens.slice(i, i + 1) in text
        assert tokens.is_capital(i) in {True, False}


@QUICK
@given(st.lists(ANY_TEXT, max_size=4).map(" ".join))
def test_a_reader_finds_the_same_words_piece_by_piece(text):
    whole = tokenize(text)
    for _ in range(2):  # the second time from what was remembered
        ((tokens, keys),) = reader_for().words.read([text], in_prose=True)
        assert (tokens.words, tokens.seps, tokens.starts, tokens.ends) == (
            whole.words,
            whole.seps,
            whole.starts,
            whole.ends,
        )
        assert (tokens.folded.text, tokens.odd) == (whole.folded.text, whole.odd)
        assert len(keys.rows) == len(tokens)


@pytest.mark.parametrize(
    ("text", "words"),
    _table("""
        C++, C#, F#                    | c++ c# f#
        С++                            | с++
        Node.js                        | node js
        ASP.NET Core                   | asp .net core
        .NET 8                         | .net 8
        КОМПАС-3D                      | компас 3d
        web-дизайн                     | web дизайн
        CI/CD                          | ci cd
        12Х18Н10Т                      | 12х18н10т
        1С:Предприятие 8.3             | 1с предприятие 8 3
        (Git)                          | git
        R&D                            | r d
        ГОСТ 2.105-95                  | гост 2 105 95
        v.2+                           | v 2
        😀 пайка 😀                    | пайка
    """),
)
def test_words(text, words):
    assert tokenize(text).words == words.split()


@pytest.mark.parametrize(
    ("text", "gap"),
    [
        ("пайка плат", SOFT),
        ("web-дизайн", SOFT),
        ("CI/CD", SOFT),
        ("пайка, сварка", COMMA),
        ("пайка + сварка", COMMA),
        ("пайка (сварка", OPEN),
        ("пайка) сварка", CLOSE),
        ("пайка: сварка", COLON),
        ("пайка - сварка", DASH),
        ("пайка — сварка", DASH),
        ("пайка. Сварка", END),
        ("пайка; сварка", END),
        ("пайка\nсварка", END),
        ("пайка! Сварка", END),
        ("пайка • сварка", END),
        ("пайка... сварка", END),
        ("пайка… сварка", END),
        ("тех. процесс", SOFT),
        ("англ. язык", SOFT),
        ("node.js", SOFT),
        ("пайка.Сварка", END),
    ],
)
def test_what_stands_between_words(text, gap):
    assert tokenize(text).gaps[1] == gap


def test_an_empty_text_has_no_words():
    assert len(tokenize("")) == len(tokenize(" \n—…")) == 0


@pytest.mark.parametrize(
    ("word", "repaired"),
    _table("""
        с++     | c++
        с#      | c#
        чпy     | чпу
        аutoсаd | autocad
        1c      | 1с
        5s      | 5s
        в2      | b2
        с1      | c1
        12x18h  | 12х18н
        пайка   | пайка
        docker  | docker
        pycharm | pycharm
        оtк     | отк
    """),
)
def test_letters_that_look_alike(word, repaired):
    assert repair_script(word) == repaired


def test_the_other_alphabet():
    assert swap_script("otk") == "отк"
    assert swap_script("сор") == "cop"


@pytest.mark.parametrize(
    ("word", "lemma", "pos"),
    _table("""
        сварки         | сварка         | N
        стали          | сталь          | N
        токарем        | токарь         | N
        плат           | плата          | N
        платами        | плата          | N
        газовая        | газовый        | A
        рабочих        | рабочий        | A
        паять          | паять          | V
        на             | на             | P
        и              | и              | C
        docker         | docker         | L
        2024           | 2024           | D
        схемотехникой  | схемотехника   | N
        схемотехник    | схемотехник    | N
        электромеханик | электромеханик | N
        математики     | математика     | N
        вёрстка        | верстка        | N
    """),
)
def test_lemmas_prefer_nouns_that_are_no_names(word, lemma, pos):
    found = word_of(fold(word).text)
    assert found.lemma == lemma
    if pos != "A":  # «рабочий» is a noun too
        assert found.pos == pos


def test_known_words():
    assert is_known("сварка")
    assert not is_known("солидворкс")
    assert not is_known("docker")


def test_breaks_that_were_escaped_twice_are_breaks():
    text = "Требования:\\nGit\\n\\nУсловия:\\r\\nДМС"
    folded = fold(text)
    assert folded.text.count("\n") == 4
    assert len(folded.text) == len(text)
    assert tokenize(text).words == ["требования", "git", "условия", "дмс"]

"""The shipped words answer as the dictionary does; the form of a trade says nothing of the skill."""

import pytest

from matcher.features import lexicon, readings


def test_shipped_words_are_the_dictionary_s_own_answers():
    shipped = lexicon._shipped()
    assert len(shipped) > 15_000
    for word in sorted(shipped)[::40]:
        ours, theirs = shipped[word], lexicon.ask_dictionary(word)
        told = ours.lemma, ours.pos, ours.known
        assert told == (theirs.lemma, theirs.pos, theirs.known), "run tools/make_words.py"


@pytest.mark.parametrize(
    "woman, man",
    [("лаборантка", "лаборант"), ("студентками", "студент"), ("упаковщица", "упаковщик"), ("учительница", "учитель")],
)
def test_forms_of_women_and_men_are_one_word(woman, man):
    assert lexicon.word_of(woman).lemma == man


@pytest.mark.parametrize("word", ["плитка", "гайка", "машинистка", "медсестра", "техника"])
def test_what_only_looks_like_a_woman_s_form_stays(word):
    assert lexicon.word_of(word).lemma == word


@pytest.mark.parametrize(
    "word",
    "стали мыла жгутов печь техника физика слесаря знать для или уже работая ведущий ответственен ёмкость".lower().split(),
)
def test_the_dictionary_read_directly_answers_as_its_parser(word):
    assert [(r.form.tag, r.lemma) for r in readings.known_readings(word)] == [
        (str(p.tag), p.normal_form) for p in readings.analyzer().parse(word)
    ]


@pytest.mark.parametrize(
    "word",
    [
        "мегаплатой",
        "гидроцилиндрам",
        "дефектоскописту",
        "джангой",
        "питонистов",
        "наилучшайший",
        "псевдокотики",
        "электропайке",
        "каталогизаторша",
        "бутявкает",
        "поколоченовать",
        "хрюндель",
        "ааа",
        "зю",
        "ыыыы",
        "экспресслаборатории",
    ],
)
def test_an_unknown_word_is_guessed_as_the_parser_does(word):
    guessed = [(r.form.tag, r.lemma) for r in readings.guessed_readings(word)]
    parsed = [(str(p.tag), p.normal_form) for p in readings.analyzer().parse(word)]
    assert guessed[0] == parsed[0]
    assert {lemma for _, lemma in guessed} == {lemma for _, lemma in parsed}

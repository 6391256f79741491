"""The shipped words answer as the dictionary does; the form of a trade says nothing of the skill."""

import pytest

from matcher.features import lexicon


def test_shipped_words_are_the_dictionary_s_own_answers():
    shipped = lexicon._shipped()
    assert len(shipped) > 15_000
    for word in sorted(shipped)[::40]:
        assert shipped[word] == lexicon.ask_dictionary(word), "run tools/make_words.py"


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
    "стали мыла жгутов печь техника физика слесаря знать для или уже работая ведущий ответственен ёмкость ТО".lower().split(),
)
def test_the_dictionary_read_directly_answers_as_its_parser(word):
    parses = lexicon._analyzer().parse(word)
    readings = lexicon._known_readings(word)
    if readings is None or len(word) < 3:
        pytest.skip("read by the parser itself")
    first = next((p for p in parses if p.tag.POS in {"NOUN", "ADJF", "PRTF"} and "Surn" not in p.tag), parses[0])
    mine = next((r for r in readings if r.form.is_content), readings[0])
    assert (mine.lemma, mine.form.pos) == (first.normal_form, str(first.tag.POS))

"""normalize as a whole: any text is answered, places are true, one answer whatever the road."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from notation import cases, check

from matcher import Taxonomy, normalize
from matcher.errors import MatcherError
from matcher.features.normalize import normalize_many
from matcher.features.skills import CONTEXTS, Reader, reader_for
from matcher.taxonomy import COLUMNS

QUICK = settings(max_examples=25, deadline=None, derandomize=True)
PIECES = """
    Python С++ сварка токарь не знаю или будет плюсом английский B2 опыт от 2 лет разряд 4 права категории кроме
    хочу изучить уверенное знание Требования: Условия: ( ) , . ; - — • « » 1С ГОСТ 2.105 водо- и cdfhrf 😀 одна из
    либо необязательно ДМС
"""
WORDS = st.sampled_from([*PIECES.split(), "\n", "\ud800", "\x00", "сва\u00adрка", "и\u0306"])
ANY_TEXT = st.text(st.characters(codec=None), max_size=80) | st.lists(WORDS, max_size=14).map(" ".join)

FIELDS = """
    Знание Python и SQL, опыт от 1 года                                    | it.python, it.sql, experience months_min=12
    Слесарь-ремонтник 4 разряда, чтение чертежей                           | grade grade=4, mech.drawings_reading
    Повар: ХАССП, медкнижка                                                | food.haccp, food.med_book
    Лаборант. ВЭЖХ, титрование, пробоподготовка                            | chem.hplc, chem.titration, chem.sample_prep
    Водитель категории C, стаж от 3 лет                                    | log.driving_licence categories=C, role.drv_truck, experience months_min=36
    Инженер КИПиА: ПЛК ОВЕН, Modbus, SCADA                                 | auto.oven, auto.modbus, auto.scada
    Электромонтёр, III группа по электробезопасности до 1000 В             | power.electrical_safety group=3 max_v=1000
    Дизайнер: Figma, Photoshop                                             | design.figma, design.photoshop
    Дефектоскопист. УЗК, капиллярный контроль                              | qual.ndt_ut, qual.ndt_pt
    Бухгалтер: 1С:Бухгалтерия 8.3, налоговый учёт                          | it.onec_buh version=8.3
    Монтажник РЭА: пайка SMD, чтение схем                                  | elec.soldering_smd
    Студент 4 курса, направление 09.03.01, Java и Git                      | education course=4, it.java, it.git
    Оператор ЧПУ, Siemens NX, сталь 45, 7 квалитет                         | cad.nx, mat.steel_45, quality it_grade=7
    C++/Qt, Linux, английский Upper-Intermediate                           | it.qt, it.linux, lang.en cefr=B2
"""

INSTITUTIONS = """
    Российский химико-технологический университет имени Менделеева         | nothing
    учусь в Московском авиационном институте                               | nothing
    окончил строительный колледж                                           | nothing
    Санкт-Петербургский политехнический университет                        | nothing
    Московский автомобильно-дорожный институт                              | nothing
    финансовый университет, Python                                         | only it.python
    медицинский колледж № 6                                                | nothing
    Московская финансовая академия                                         | nothing
    железнодорожный техникум, сварка                                       | only mech.welding
    архитектурно-строительное училище                                      | nothing
    физико-математический лицей                                            | nothing
"""


@cases(
    FIELDS,
    """
    Лаборант: ВЭЖХ, титрование                                             | chem.hplc
    Дефектоскопист: УЗК, капиллярный контроль                              | qual.ndt_ut
""",
)
def test_lines_from_every_field(text, said):
    check(text, said)


@cases(INSTITUTIONS)
def test_names_of_institutions_are_no_skills(text, said):
    check(text, said)


@QUICK
@given(ANY_TEXT, st.sampled_from(CONTEXTS))
def test_any_text_is_answered_and_every_mention_stands_in_it(text, context):
    mentions = normalize(text, context)
    assert normalize(text, context) == mentions
    assert [m.start for m in mentions] == sorted(m.start for m in mentions)
    for m in mentions:
        assert 0 <= m.start < m.end <= len(text)
        assert text[m.start : m.end] == m.text
        assert 0 < m.confidence <= 1
        assert m.rule
        assert m.tier in {None, "must", "nice"}
        assert m.stance in {"claimed", "negated", "wish"}
        assert m.negated is (m.stance != "claimed")
        assert m.level in {None, 1, 2, 3, 4}
        assert m.skill is None or m.skill in Taxonomy.default()


@QUICK
@given(st.lists(st.sampled_from(["Python", "сварка и пайка", "не знаю 1С", "", "опыт 2 года", "😀"]), max_size=6))
def test_many_at_once_equal_one_by_one(texts):
    assert list(normalize_many(texts)) == [normalize(t) for t in texts]


@QUICK
@given(st.lists(ANY_TEXT, max_size=3))
def test_many_of_any_kind(texts):
    assert list(normalize_many(texts, "vacancy")) == [normalize(t, "vacancy") for t in texts]


def test_lists_of_equal_texts_are_not_shared():
    first, second = normalize_many(["Python", "Python"])
    first.clear()
    assert second


def test_normalize_many_reads_no_more_than_it_is_asked_for():
    read = []

    def texts():
        for t in ["Python", "Java"]:
            read.append(t)
            yield t

    next(normalize_many(texts()))
    assert read == ["Python"]


@pytest.mark.parametrize("text", [None, 5, b"Python", ["Python"], float("nan")])
def test_only_strings_are_read(text):
    with pytest.raises(MatcherError, match="The 'text' parameter of normalize must be a str"):
        normalize(text)


def test_an_unknown_context_is_refused():
    with pytest.raises(MatcherError, match=r"'context' parameter of normalize .*'resume'"):
        normalize("Python", "resume")


@pytest.mark.parametrize("text", ["", " ", "\n\n", "—", "😀", "\x00", "\ud800", "...", "()"])
def test_nothing_is_found_in_nothing(text):
    assert normalize(text) == []


def test_an_unknown_item_of_a_list_is_kept_as_typed():
    (m,) = normalize("Вжух-протокол Кракозябр", "skills")
    assert (m.skill, m.rule, m.text) == (None, "unknown-item", "Вжух-протокол Кракозябр")
    assert normalize("Вжух-протокол Кракозябр", "vacancy") == []


def test_what_follows_a_head_word_is_kept_under_no_id():
    (m,) = normalize("Опыт работы с Кракозябром")
    assert (m.skill, m.text, m.rule) == (None, "Кракозябром", "unknown-after-head")


def test_confidence_falls_with_doubt():
    sure, repaired, ambiguous = (normalize(t)[0].confidence for t in ("сварка", "сваркка", "Компас"))
    assert sure == 1 > repaired > ambiguous


def test_a_vacancy_without_headings_is_believed_less():
    plain, headed = normalize("Python", "vacancy"), normalize("Требования: Python", "vacancy")
    assert plain[0].confidence < headed[0].confidence == 1


def test_a_long_text_is_read_in_time():
    text = "Требования: знание Python, опыт от 2 лет; не знаю 1С (желательно). " * 300
    assert sum(m.skill == "it.python" for m in normalize(text)) == 300


# ------------------------------------------------------------ own taxonomies


def _own() -> Taxonomy:
    row = dict.fromkeys(COLUMNS, "")
    return Taxonomy(
        [
            {**row, "id": "own.zap", "label": "запайка ампул", "kind": "skill"},
            {
                **row,
                "id": "own.man",
                "label": "запайщик",
                "kind": "role",
                "implies": "запайка ампул|own.fire|кракозябр",
            },
            {**row, "id": "own.fire", "label": "огневая работа", "kind": "skill"},
        ]
    )


def test_own_taxonomies_are_read_apart():
    assert [m.skill for m in normalize("запайкой ампул", taxonomy=_own())] == ["own.zap"]
    assert [m.skill for m in normalize("Python", taxonomy=_own())] == []
    assert normalize("запайкой ампул") != normalize("запайкой ампул", taxonomy=_own())


def test_what_a_role_implies_is_found_by_phrase_or_id():
    reader = Reader(_own())
    assert [s.id for s in reader.implied_by("own.man")] == ["own.zap", "own.fire"]
    assert reader.resolve("кракозябр") is None
    assert [(m.skill, m.rule) for m in reader.read("запайщик")] == [
        ("own.fire", "implied"),
        ("own.man", "phrase"),
        ("own.zap", "implied"),
    ]


def test_one_reader_for_one_content():
    assert reader_for(_own()) is reader_for(_own())
    assert reader_for(_own()) is not reader_for()

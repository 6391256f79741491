"""One key for all names of an institution, and of a company."""

from __future__ import annotations

import pytest

from matcher.features.institutions import company_key, institution_key

SAME = """
    РХТУ | Менделеевка
    РХТУ им. Д.И. Менделеева | ФГБОУ ВО «РХТУ имени Менделеева»
    Бауманка | МГТУ им. Н.Э. Баумана
    МГТУ имени Баумана | bmstu
    Вышка | НИУ «ВШЭ»
    Высшая школа экономики | HSE
    Физтех | МФТИ (НИУ)
    Плешка | РЭУ им. Г.В. Плеханова
    МГУ | Московский государственный университет имени М. В. Ломоносова
    Станкин | МГТУ «СТАНКИН»
    МИСиС | НИТУ МИСИС
    Керосинка | РГУ нефти и газа
    Мосполитех | Московский Политех
    КАИТ № 20 | каит 20
    КС 54 | Колледж связи № 54 имени П.М. Вострухина
    МИРЭА - РТУ | РТУ МИРЭА
    МАИ | маи
    Кулинарный колледж № 777 | кулинарный колледж №777
    ГБПОУ «Колледж Заозёрный» | колледж заозерный
"""

COMPANIES = """
    ООО «Кварц» | Кварц
    АО "Кварц" | кварц
    ПАО Кварц | ООО КВАРЦ
    Quartz LLC | quartz
    ИП Ёжиков И.И. | ежиков и и
    Кварц, ООО | ООО «Кварц»
"""


def _pairs(table: str) -> list[tuple[str, str]]:
    rows = (line.split(" | ") for line in table.strip().splitlines())
    return [(a.strip(), b.strip()) for a, b in rows]


@pytest.mark.parametrize(("one", "other"), _pairs(SAME))
def test_names_of_one_institution(one, other):
    assert institution_key(one) == institution_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("МГУ", "МГТУ"), ("МАИ", "МАДИ"), ("КАИТ 20", "КС 54"), ("Колледж № 776", "Колледж № 777"), ("РГСУ", "РГГУ")],
)
def test_names_of_two_institutions(one, other):
    assert institution_key(one) != institution_key(other)


@pytest.mark.parametrize(("one", "other"), _pairs(COMPANIES))
def test_names_of_one_company(one, other):
    assert company_key(one) == company_key(other)


@pytest.mark.parametrize("name", ["Акварель", "Ипотека", "Заозёрье", "Инкассо"])
def test_a_legal_form_inside_a_word_stays(name):
    assert company_key(name) == name.lower().replace("ё", "е")


def test_known_institutions_have_an_id_and_others_their_name():
    assert institution_key("МГУ").startswith("inst.")
    assert institution_key("Лицей «Заря»") == "лицей заря"


@pytest.mark.parametrize("name", ["", " ", "«»"])
def test_no_name_no_key(name):
    assert institution_key(name) == ""
    assert company_key(name) == ""

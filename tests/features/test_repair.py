"""Misspelt words: look-alike letters, ё, the other layout, Latin letters for Russian, one slip of the finger."""

from __future__ import annotations

import pytest
from notation import cases, check

from matcher.features.repair import Repairer, skeleton, switch_layout, to_latin

LOOK_ALIKES = """
    С++                      | it.cpp
    СSS                      | it.css
    РНР                      | it.php
    Рython                   | it.python
    Jаvа                     | it.java
    АutоСАD                  | cad.autocad
    1C                       | it.onec
    1С                       | it.onec
    OTK                      | qual.otk
    Mаtlаb                   | cad.matlab
    12X18H10T                | mat.steel_12h18n10t
    12Х18Н10Т                | mat.steel_12h18n10t
    Еxсеl                    | off.excel
    ЧПY                      | mech.cnc
    УЗK                      | qual.ndt_ut
    СCNA                     | telecom.ccna
    английский В2            | lang.en cefr=B2
    английский С1            | lang.en cefr=C1
    французский А2           | lang.fr cefr=A2
    ЕCKД                    | = ЕСКД
    MCФO                    | = МСФО
    BOЛC                    | = ВОЛС
"""

YO = """
    вёрстка сайтов           | = верстка сайтов
    водоснабжение учёт       | = водоснабжение учет
    ПЛАЗМЕННАЯ СВАРКА        | = плазменная сварка
    расчёт на прочность      | = расчет на прочность
    обработка тёса и сварка  | mech.welding
    Ёлка и пайка             | elec.soldering
"""

LAYOUT = """
    cdfhrf                   | = сварка
    gfqrf                    | = пайка
    njrfhm                   | = токарь
    ,e[extn                  | = бухучет
    ghjuhfvvbhjdfybt         | = программирование
    вщслук                   | = Docker
    знерщт                   | = Python
    фгещсфв                  | = AutoCAD
    дшргч сварка             | mech.welding
    ltkjghjbpdjlcndj         | = делопроизводство
    'ktrnhjvjynf;            | = электромонтаж
    [hjvfnjuhfabz            | = хроматография
    xthxtybt                 | = черчение
    ашпьф                    | = figma
    офмф                     | = java
"""

TRANSLIT = """
    svarka                   | = сварка
    payka                    | = пайка
    pajka                    | = пайка
    frezerovka               | = фрезеровка
    bukhgalteriya            | = бухгалтерия
    shlifovka                | = шлифовка
    skhemotekhnika           | = схемотехника
    khromatografiya          | = хроматография
    elektromontazh           | = электромонтаж
    deloproizvodstvo         | = делопроизводство
    avtokad                  | = автокад
    chercheniye              | = черчение
    tekhnika bezopasnosti    | qual.safety
    opyt svarki              | mech.welding
    naladka stankov          | = наладка станков
    remont nasosov           | = ремонт насосов
    analiticheskaya khimiya  | = аналитическая химия
"""

TYPOS = """
    програмирование          | = программирование
    сваркка                  | = сварка
    хромотография            | = хроматография
    схематехника             | = схемотехника
    делопроизводсво          | = делопроизводство
    Kubernets                | = Kubernetes
    Pyhton                   | = Python
    PostgeSQL                | = PostgreSQL
    Photoshp                 | = Photoshop
    Solidwroks               | = SolidWorks
    JavaScirpt               | = JavaScript
    электробезопастность     | = электробезопасность
    ответсвенность           | = ответственность
    комуникабельность        | = коммуникабельность
    фрезировка               | = фрезеровка
    инжинер-конструктор      | = инженер-конструктор
    умею програмировать      | = программировать
    поллимеры               | = полимеры
    сворщик                 | = сварщик
"""

CAREFUL = """
    спорт                    | nothing
    сваха                    | nothing
    кот                      | nothing
    рука                     | nothing
    Иванов                   | nothing
    бегаю по утрам           | nothing
    стол                     | nothing
    солнышко                 | nothing
    зайдите завтра           | nothing
"""


@cases(LOOK_ALIKES)
def test_letters_of_the_other_alphabet(text, said):
    check(text, said)


@cases(YO)
def test_yo_and_case_do_not_matter(text, said):
    check(text, said)


@cases(LAYOUT)
def test_typed_on_the_other_layout(text, said):
    check(text, said)


@cases(
    TRANSLIT,
)
def test_russian_in_latin_letters(text, said):
    check(text, said)


@cases(TYPOS)
def test_one_slip(text, said):
    check(text, said)


@cases(CAREFUL)
def test_known_words_are_left_alone(text, said):
    check(text, said)


# ------------------------------------------------------------ the repairer itself

WORDS = ["сварка", "python", "бухгалтер", "чертеж", "docker", "отк", "экспорт", "корел"]


@pytest.mark.parametrize(
    ("word", "meant", "rule"),
    [
        ("otk", "отк", "look-alike"),
        ("корела", "корел", "stem"),
        ("вщслук", "docker", "layout"),
        ("cdfhrf", "сварка", "layout"),
        ("svarka", "сварка", "transliteration"),
        ("pyhton", "python", "typo"),
        ("бухалтер", "бухгалтер", "typo"),
        ("бухалтерам", "бухгалтер", "typo"),
    ],
)
def test_the_rule_that_repairs_is_told(word, meant, rule):
    assert Repairer(WORDS).repair(word) == (meant, rule)


@pytest.mark.parametrize("word", ["спорт", "ab", "кот", "pytn", "xyzzy", "докладчик"])
def test_what_is_not_repaired(word):
    assert Repairer(WORDS).repair(word) is None


def test_an_empty_vocabulary_repairs_nothing():
    assert Repairer([]).repair("сваркка") is None


@pytest.mark.parametrize("word", ["сварка", "docker", "ехать", "чпу"])
def test_switching_the_layout_twice_gives_the_word_back(word):
    assert switch_layout(switch_layout(word)) == word


@pytest.mark.parametrize(
    ("one", "other"),
    [("khimiya", "himija"), ("shchit", "schit"), ("tsekh", "ceh"), ("yurist", "jurist"), ("montazh", "montazh")],
)
def test_schemes_of_transliteration_meet(one, other):
    assert skeleton(one) == skeleton(other)


@pytest.mark.parametrize(("russian", "latin"), [("сварка", "svarka"), ("химия", "khimiya"), ("юрист", "yurist")])
def test_russian_meets_its_transliteration(russian, latin):
    assert to_latin(russian) == skeleton(latin)

"""Numbers and scales in words: experience, CEFR, разряд, electrical group, categories, hours, versions, standards."""

from __future__ import annotations

import pytest
from notation import cases, check

from matcher.features.typed import find_typed, language_level, version_after

EXPERIENCE = """
    опыт работы от полугода до года                | experience months_min=6 months_max=12
    опыт от года до 3 лет                          | experience months_min=12 months_max=36
    опыт: 2г. 6 мес.                               | experience months_min=30
    опыт от 0,5 года                               | experience months_min=6
    опыт работы от 1 года                          | experience months_min=12
    опыт работы от 2 лет                           | experience months_min=24
    опыт не менее 3 лет                            | experience months_min=36
    стаж от пяти лет                               | experience months_min=60
    опыт работы 1-3 года                           | experience months_min=12 months_max=36
    опыт работы 3–6 лет                            | experience months_min=36 months_max=72
    опыт от 2 до 4 лет                             | experience months_min=24 months_max=48
    опыт работы 6 месяцев                          | experience months_min=6
    опыт от полугода                               | experience months_min=6
    опыт от года                                   | experience months_min=12
    опыт от полутора лет                           | experience months_min=18
    опыт 1,5 года                                  | experience months_min=18
    опыт 2.5 года                                  | experience months_min=30
    опыт до 3 лет                                  | experience months_max=36 months_min=
    стаж 7+ лет                                    | experience months_min=84
    более 10 лет опыта                             | experience months_min=120
    от трёх лет опыта                              | experience months_min=36
    опыт работы токарем 2 года и 3 месяца          | experience months_min=27
    опыт вождения от 3-х лет                       | experience months_min=36
    3+ years of experience                         | experience months_min=36
    experience at least 2 years                    | experience months_min=24
    минимум 4 года опыта в продажах                | experience months_min=48
    без опыта                                      | experience months_min=0
    можно без опыта работы                         | experience months_min=0
    опыт не требуется                              | experience months_min=0
    опыт работы не обязателен                      | experience months_min=0
    стаж не важен                                  | experience months_min=0
    компании 25 лет                                | no experience
    возраст от 18 лет                              | no experience
    обучение 2 года                                | no experience
    опыт приветствуется                            | no experience
    стаж от 1 года до 4 лет                     | experience months_min=12 months_max=48
    опыт от 3 месяцев до 1 года                 | experience months_min=3 months_max=12
    опыт не более 2 лет                         | experience months_max=24
    Опыт: не требуется                          | experience months_min=0
    опыт 3г                                     | experience months_min=36
    5 лет работал слесарем                      | experience months_min=60
    работала бухгалтером 3-6 лет                | experience months_min=36 months_max=72
    сварщик с 10-летним стажем                  | experience months_min=120
    опыт от двух с половиной лет                | experience months_min=30
    опыт приветствуется, но не обязателен       | experience months_min=0
"""

CEFR = """
    технический английский                         | lang.en cefr=B1
    англ В2, нем А1                                | lang.en cefr=B2, lang.de cefr=A1
    Английский - upper-intermediate+               | lang.en cefr=B2
    английский B2                                  | lang.en cefr=B2
    английский (В1)                                | lang.en cefr=B1
    английский: С2                                 | lang.en cefr=C2
    English B1+                                    | lang.en cefr=B1
    English — Upper-Intermediate                   | lang.en cefr=B2
    английский pre-intermediate                    | lang.en cefr=A2
    English intermediate                           | lang.en cefr=B1
    fluent English                                 | lang.en cefr=C1
    английский advanced                            | lang.en cefr=C1
    английский proficiency                         | lang.en cefr=C2
    английский elementary                          | lang.en cefr=A1
    немецкий со словарём                           | lang.de cefr=A2
    испанский разговорный                          | lang.es cefr=B1
    разговорный китайский                          | lang.zh cefr=B1
    свободное владение французским                 | lang.fr cefr=C1
    немецкий в совершенстве                        | lang.de cefr=C2
    базовый турецкий                               | lang.tr cefr=A2
    английский язык, уровень выше среднего         | lang.en cefr=B2
    корейский на начальном уровне                  | lang.ko cefr=A1
    носитель польского языка                       | lang.pl cefr=C2
    английский B2, немецкий A1                     | lang.en cefr=B2, lang.de cefr=A1
    английский (B2) и китайский (A2)               | lang.en cefr=B2, lang.zh cefr=A2
    знание японского                               | lang.ja cefr=
    английский не ниже B2                          | lang.en cefr=B2
    витамины B1 и B2                               | !lang.en
    англ. яз. B2                                | lang.en cefr=B2
    нем. - A2                                   | lang.de cefr=A2
    английский не ниже среднего                 | lang.en cefr=B1
    English (Upper Int)                         | lang.en cefr=B2
"""

GRADE = """
    слесарь третьего разряда                       | grade grade=3
    слесарь пятого-шестого разряда                 | grade grade_min=5 grade_max=6
    4го или 5го разряда                            | grade grade_min=4 grade_max=5
    токарь 4 разряда                               | grade grade=4
    токарь 4-го разряда                            | grade grade=4
    сварщик, 5 разряд                              | grade grade=5
    слесарь IV разряда                             | grade grade=4
    слесарь VI разряд                              | grade grade=6
    электромонтёр III разряда                      | grade grade=3
    фрезеровщик 3-4 разряда                        | grade grade_min=3 grade_max=4
    фрезеровщик 3–5 разр.                          | grade grade_min=3 grade_max=5
    разряд 4-6                                     | grade grade_min=4 grade_max=6
    разряд не ниже 5                               | grade grade_min=5
    не ниже 4 разряда                              | grade grade_min=4
    от 3 разряда                                   | grade grade_min=3
    4 разряд и выше                                | grade grade_min=4
    5-й разряд                                     | grade grade=5
    4, 5 разряд                                    | grade grade_min=4 grade_max=5
    4 или 5 разряда                                | grade grade_min=4 grade_max=5
    разряд: 3                                      | grade grade=3
    5-4 разряда                                    | grade grade_min=4 grade_max=5
    III-IV разряда                                 | grade grade_min=3 grade_max=4
    минимум 3 разряд                               | grade grade_min=3
    спортивный разряд                              | no grade
    разрядные сетки                                | no grade
    12 разряд                                      | no grade
    токарь 3-4 р.                               | grade grade_min=3 grade_max=4
    сварщик 5р.                                 | grade grade=5
    4 (четвертый) разряд                        | grade grade=4
    не ниже 3 р.                                | grade grade_min=3
"""

PERMITS = """
    3-я группа допуска                             | power.electrical_safety group=3
    группа допуска 4 до 1кВ                        | power.electrical_safety group=4 max_v=1000
    слесарь, допуск до 1000В, 3 гр.                | power.electrical_safety group=3 max_v=1000
    четвёртая группа по электробезопасности        | power.electrical_safety group=4
    работа на высоте (1 группа), электробезопасность 2 гр | power.electrical_safety group=2
    водитель В/С                                   | log.driving_licence categories=B+C
    наличие прав (B)                               | log.driving_licence categories=B
    права В желательно                             | log.driving_licence categories=B
    водитель в Москву                              | no licence
    защищаем права сотрудников                     | no licence
    ваши права в суде                              | no licence
    3 группа по электробезопасности                | power.electrical_safety group=3
    III группа по электробезопасности              | power.electrical_safety group=3
    IV гр. по ЭБ                                   | power.electrical_safety group=4
    группа по электробезопасности не ниже 4        | power.electrical_safety group=4
    группа допуска по электробезопасности III      | power.electrical_safety group=3
    II группа по электробезопасности до 1000 В     | power.electrical_safety group=2 max_v=1000
    V группа по электробезопасности до и выше 1000 В | power.electrical_safety group=5 max_v=1000000
    4-я группа по эл. безопасности                 | power.electrical_safety group=4
    электробезопасность 3 группа                   | power.electrical_safety group=3
    учебная группа 3                               | no permit
    права категории B                              | log.driving_licence categories=B
    права кат. В                                   | log.driving_licence categories=B
    водительское удостоверение категории С         | log.driving_licence categories=C
    права B, C                                     | log.driving_licence categories=B+C
    права категорий В и С                          | log.driving_licence categories=B+C
    водительские права категории B, C, E           | log.driving_licence categories=B+C+E
    наличие прав категории «B»                     | log.driving_licence categories=B
    ВУ кат. D                                      | log.driving_licence categories=D
    категория B                                    | log.driving_licence categories=B
    водительское удостоверение категории А         | log.driving_licence categories=A
    сотрудник категории люкс                       | no licence
    защита прав потребителей                       | no licence
    вы правы во всём                               | no licence
    IV гр. до 1000 В                            | permit group=4
    права категории ВС                          | licence categories=B+C
    удостоверение тракториста категории C, D     | log.tractor_permit categories=C+D, !log.driving_licence
    водитель категории Е                         | log.driving_licence categories=E
    стропальщик с удостоверением                 | no licence
    электробезопасность III                      | permit group=3
"""

OTHER = """
    курсы 72 ч                                     | hours hours=72
    охрана труда (40 ак.ч.)                        | hours hours=40
    работа с 8 до 17 часов                         | no hours
    курс 144 часа                                  | hours hours=144
    72 академических часа                          | hours hours=72
    практика 500 часов                             | hours hours=500
    работа с 9 часов утра                          | no hours
    до 20 часов вечера                             | no hours
    ГОСТ 2.105-95                                  | standard number=2.105-95
    ГОСТ Р 21.101-2020                             | standard number=21.101-2020
    ГОСТ Р ИСО 9001-2015                           | standard number=9001-2015
    СНиП 2.01.07-85                                | standard number=2.01.07-85
    по ТУ 14-3-190                                 | standard number=14-3-190
    СанПиН 2.3/2.4                                 | standard
    по ГОСТам                                      | no number
    по 7 квалитету                                 | quality it_grade=7
    по 6-8 квалитетам                              | quality it_grade=6 it_grade_max=8
    сталь 45, 7 квалитет                           | quality it_grade=7 it_grade_max=7
    точность 11-14 квалитет                        | quality it_grade=11 it_grade_max=14
    шероховатость Ra 3,2                         | quality ra=3.2
    частичная занятость                          | employment schedule=part
    график 2/2                                   | employment schedule=shift
    удалённая работа                             | employment remote=True
    инженер III категории                        | category category=3
    врач высшей категории                        | category category=0
    ISO 14001                                    | standard number=14001
    1/2 ставки объёма                            | no category
"""

VERSIONS = """
    Python 3.10                                    | it.python version=3.10
    Python 3.8+                                    | it.python version=3.8 version_min=3.8
    Java 17                                        | it.java version=17
    C++17                                          | it.cpp
    PostgreSQL 14                                  | it.postgresql version=14
    PostgreSQL версии 15                           | it.postgresql version=15
    КОМПАС-3D v21                                  | cad.kompas version=21
    1С:Предприятие 8.3                             | it.onec version=8.3
    Windows 10                                     | it.windows version=10
    Angular 2+                                     | it.angular version=2 version_min=2
    AutoCAD 2022                                   | cad.autocad version=2022
    Python 3 года                                  | it.python version=
    Excel 2 года                                   | off.excel version=
    Python, 5 лет                                  | it.python version=
    Docker 24.0.5                                  | it.docker version=24.0.5
    Python                                         | it.python version=
    Java17                                      | it.java version=17
    Python3.11                                  | it.python version=3.11
    C++20                                       | it.cpp version=20
    обучение 500 часов                          | hours hours=500, !it.python
    STM32                                       | = STM32
"""

EDUCATION = """
    высшее образование                             | education education_level=higher
    высшее техническое образование                 | education education_level=higher
    образование высшее                             | education education_level=higher
    образование не ниже высшего                    | education education_level=higher
    среднее специальное образование                | education education_level=vocational
    среднее профессиональное образование           | education education_level=vocational
    образование: СПО                               | education education_level=vocational
    неоконченное высшее                            | education education_level=student
    бакалавр                                       | education education_level=bachelor
    диплом магистра                                | education education_level=master
    специалитет                                    | education education_level=specialist
    аспирантура МИФИ                               | education education_level=postgraduate
    кандидат химических наук                       | education education_level=postgraduate
    среднее специальное                            | education education_level=vocational
    higher education                               | education education_level=higher
    студент 3 курса                                | education course=3
    студентка 4-го курса                           | education course=4
    учусь на 2 курсе                               | education course=2
    направление 18.03.01                           | education education_code=18.03.01
    специальность 15.02.16                         | education education_code=15.02.16
    дата 12.12.2020                                | no education
    торговая магистраль                            | no education
    курс валют                                     | no education
"""


@cases(EXPERIENCE)
def test_experience_in_months(text, said):
    check(text, said)


@cases(CEFR)
def test_language_levels(text, said):
    check(text, said)


@cases(GRADE)
def test_grades(text, said):
    check(text, said)


@cases(PERMITS)
def test_permits_and_licences(text, said):
    check(text, said)


@cases(OTHER)
def test_hours_standards_and_tolerances(text, said):
    check(text, said)


@cases(VERSIONS)
def test_versions(text, said):
    check(text, said)


@cases(EDUCATION)
def test_education(text, said):
    check(text, said)


# ------------------------------------------------------------ the functions themselves


def test_facts_come_by_place():
    text = "опыт от 2 лет, токарь 5 разряда, права категории b, 72 часа"
    found = find_typed(text)
    assert [f.kind for f in found] == ["experience", "grade", "licence", "hours"]
    assert [f.start for f in found] == sorted(f.start for f in found)
    assert all(0 <= f.start < f.end <= len(text) for f in found)


def test_no_trigger_no_fact():
    assert find_typed("пайка плат") == []


def test_a_code_wins_over_words():
    assert language_level("свободный, b1", 0, 13) == ("B1", 11, 13)


def test_no_level():
    assert language_level("английский", 0, 10) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("python 3.10+", ("3.10", 12, True)),
        ("python 3.10", ("3.10", 11, False)),
        ("python v3", ("3", 9, False)),
        ("python 3 года", None),
        ("python", None),
        ("python3", None),
        ("python 50%", None),
    ],
)
def test_version_after_a_name(text, found):
    assert version_after(text, 6) == found

"""From records to facts and requirements: what a candidate has, what a vacancy asks, and where each was read."""

from __future__ import annotations

import pytest
from notation import parse

from matcher.features.facts import Profile, licence_key, profiles_of
from matcher.features.programmes import Programmes
from matcher.features.requests import Request, requests_of
from matcher.features.skills import reader_for
from matcher.features.told import lemmas, phrase_key
from matcher.records import Candidate, Vacancy
from matcher.tables import read_candidates


@pytest.fixture(scope="module")
def programmes() -> Programmes:
    return Programmes(reader_for())


@pytest.fixture(scope="module")
def profile(programmes):
    def read(**cells) -> Profile:
        return profiles_of([Candidate(id=1, **cells)], reader_for(), programmes)[0]

    return read


@pytest.fixture(scope="module")
def request_():
    def read(**cells) -> Request:
        return requests_of([Vacancy(id=1, **cells)], reader_for())[0]

    return read


def _cases(table: str):
    return pytest.mark.parametrize(("text", "said"), parse(table))


@_cases("""
    Python                          | skill:it.python listed level=None
    базовый Python                  | skill:it.python listed level=1
    токарь                          | skill:mech.turning implied
    токарь                          | role:role.turner listed
    английский B2                   | language:en listed value=4
    немецкий                        | language:de listed value=None
    права категории C               | licence:driver.C listed value=1
    водительское удостоверение      | licence:driver listed
    4 разряд                        | licence:grade listed value=4
    3-5 разряд                      | licence:grade listed value=5
    III группа по электробезопасности | licence:electrical listed value=3
    не знаю Python                  | skill:it.python listed negated=True
    Кракозябра                      | phrase:кракозябра listed
""")
def test_a_listed_skill_is_a_fact(profile, text, said):
    key, kind, *pairs = said.split()
    found = [f for f in profile(skills=(text,)).facts if f.key == key and f.kind == kind]
    assert found, [(f.key, f.kind) for f in profile(skills=(text,)).facts]
    for pair in pairs:
        name, _, value = pair.partition("=")
        assert str(getattr(found[0], name)) == value


@_cases("""
    Python                          | must it.python
    Python будет плюсом             | must it.python
""")
def test_the_column_decides_the_tier(request_, text, said):
    tier, name = said.split()
    assert [(r.key, r.tier) for r in request_(must_skills=(text,)).requirements] == [(f"skill:{name}", tier)]


@_cases("""
    Требования: Python              | skill:it.python must
    Python                          | skill:it.python mentioned
    Будет плюсом: Python            | skill:it.python nice
    английский B1 будет плюсом      | language:en nice
    Требования: категория B         | licence:driver.B must
    Требования: 4 разряд            | licence:grade must
    Требования: Python или Java     | any:it.java|it.python must
    Требования: Git. Git            | skill:it.git must
    Django. Требования: знание Python и Django | skill:it.django must
""")
def test_a_vacancys_text_is_requirements(request_, text, said):
    key, tier = said.split()
    found = {r.key: r.tier for r in request_(text=text).requirements}
    assert found.get(key) == tier, found


@_cases("""
    не требуется Python             | skill:it.python
    Условия: курсы Python           | skill:it.python
    Требования: Python и Django     | skill:it.python
    Требования: Python или Java     | skill:it.python
    Требования: токарь              | role:role.turner
""")
def test_what_is_no_requirement(request_, text, said):
    assert said not in {r.key for r in request_(text=text).requirements}


def test_a_title_asks_for_a_role(request_):
    asked = request_(title="Токарь 4 разряда")
    assert {(r.key, r.tier) for r in asked.requirements} >= {("role:role.turner", "title"), ("licence:grade", "title")}
    assert asked.title_words[0] == "токарь"


@pytest.mark.parametrize(
    ("must", "nice", "tier"),
    [(("Git",), ("Git",), "must"), ((), ("Git",), "nice"), (("Git",), (), "must")],
)
def test_the_stronger_tier_stays(request_, must, nice, tier):
    assert [(r.key, r.tier) for r in request_(must_skills=must, nice_skills=nice).requirements] == [
        ("skill:it.git", tier)
    ]


def test_typed_columns_of_a_vacancy(request_):
    asked = request_(languages=("en:B2", "de"), licences=("driver:B,C", "electrical:3"), experience_months_min=18)
    assert {r.key: (r.value, r.tier) for r in asked.requirements} == {
        "language:en": (4, "must"),
        "language:de": (None, "must"),
        "licence:driver.B": (1, "must"),
        "licence:driver.C": (1, "must"),
        "licence:electrical": (3, "must"),
    }
    assert asked.experience_months_min == 18


@pytest.mark.parametrize(
    ("item", "keys"),
    [
        ("driver:B", [("licence:driver.B", 1)]),
        ("driver:В", [("licence:driver.B", 1)]),
        ("driver:b, c", [("licence:driver.B", 1), ("licence:driver.C", 1)]),
        ("tractor:D", [("licence:tractor.D", 1)]),
        ("electrical:4", [("licence:electrical", 4)]),
        ("grade.turner:5", [("licence:grade.turner", 5)]),
        ("forklift", [("licence:forklift", 1)]),
        ("драга", [("licence:драга", 1)]),
    ],
)
def test_typed_licences(item, keys):
    assert licence_key(item) == keys


@pytest.mark.parametrize(
    ("item", "fact"),
    [
        ("en:B2", ("language:en", 4)),
        ("EN:В2", ("language:en", 4)),
        ("de", ("language:de", None)),
        ("zh: C1", ("language:zh", 5)),
    ],
)
def test_typed_languages(profile, item, fact):
    assert [(f.key, f.value) for f in profile(languages=(item,)).facts] == [fact]


def test_a_wrong_language_item_is_no_fact(profile):
    assert profile(languages=("английский свободно и бегло",)).facts == ()


def test_wishes_are_no_facts(profile):
    assert "skill:it.docker" not in {f.key for f in profile(text="хочу изучить Docker").facts}


def test_denied_skills_are_remembered(profile):
    assert profile(text="не знаю Docker").negated == {"skill:it.docker"}


@pytest.mark.parametrize(
    ("cells", "months"),
    [
        ({"experience_months": 7, "text": "опыт от 2 лет"}, 7),
        ({"text": "опыт 2 года"}, 24),
        ({"text": "опыт 1 год сварщиком. Опыт 3 года токарем"}, 36),
        ({"skills": ("опыт 2 года",)}, 24),
        ({"text": "без опыта"}, 0),
        ({"text": "Python"}, None),
    ],
)
def test_experience_typed_column_first(profile, cells, months):
    assert profile(**cells).experience_months == months


@pytest.mark.parametrize(
    ("cells", "level"),
    [
        ({"education_level": "bachelor", "text": "магистр"}, "bachelor"),
        ({"text": "высшее образование"}, "higher"),
        ({"text": "Python"}, None),
    ],
)
def test_education_typed_column_first(profile, cells, level):
    assert profile(**cells).education_level == level


def test_a_programme_is_facts(profile):
    kinds = {f.kind for f in profile(education_code=("09.03.01",)).facts}
    assert kinds == {"programme", "programme_role"}


def test_roles_are_inferred_only_where_none_is_told(profile):
    assert "inferred_role" in {f.kind for f in profile(skills=("Python", "Django", "PostgreSQL")).facts}
    assert "inferred_role" not in {f.kind for f in profile(title="Токарь", skills=("Python", "Django")).facts}


def test_evidence_says_where_it_was_read(profile):
    text = "Люблю сварку труб"
    (fact,) = [f for f in profile(text=text).facts if f.key == "skill:mech.weld_pipe"]
    where = fact.evidence
    assert (where.column, text[where.start : where.end]) == ("text", where.text)


def test_empty_records(profile, request_):
    assert profile().is_empty
    assert request_().is_empty
    assert not profile(experience_months=0).is_empty
    assert not request_(title="вжух").is_empty


def test_one_order_of_requirements(request_):
    a = request_(must_skills=("Git", "Python", "SQL")).requirements
    b = request_(must_skills=("SQL", "Git", "Python")).requirements
    assert [r.key for r in a] == [r.key for r in b] == sorted(r.key for r in a)


@_cases("""
    Опыт работы токарем на станках  | токарь станок
    и в на по                       | -
    C++ и C                         | c++
    5 разряд                        | 5 разряд
    мы и вы в команде               | команда
""")
def test_content_words(text, said):
    assert lemmas(text) == said.replace("-", "").split()


@pytest.mark.parametrize(
    ("one", "other"), [("ремонт вжухов", "вжухов ремонт"), ("Вжух", "вжух"), ("сборка вжуха", "сборкой вжуха")]
)
def test_phrases_of_the_same_words_are_one(one, other):
    assert phrase_key(one) == phrase_key(other)


@pytest.mark.parametrize("text", ["и", "—", "в на"])
def test_a_phrase_of_nothing_keeps_its_letters(text):
    assert phrase_key(text) == f"phrase:{text}"


def test_candidates_are_read_together_as_they_are_one_by_one(programmes):
    records = read_candidates("data/samples/candidates.csv").records
    alone = [profiles_of([c], reader_for(), programmes)[0] for c in records]
    assert profiles_of(records, reader_for(), programmes) == alone
    assert profiles_of([], reader_for(), programmes) == []

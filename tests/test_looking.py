"""Market, gaps, courses, outcomes: counts that can be recounted by hand, and no rate of small groups."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher import Matcher, gaps, market, outcomes, suggest_courses
from matcher.cli import COULD_NOT_RUN, DONE, main
from matcher.course_plans import read_courses
from matcher.errors import InputError, MatcherError, MatcherWarning
from matcher.rates import LEAST, difference, wilson

SAMPLES = "data/samples/"
SHOPS = [
    {"id": f"t{n}", "title": "Токарь", "must_skills": "токарные работы; чтение чертежей; Fanuc", "start": f"2026-0{n + 5}-15"}
    for n in range(1, 4)
] + [
    {"id": f"w{n}", "title": "Веб-разработчик", "must_skills": "Django; PostgreSQL", "nice_skills": "Docker"}
    for n in range(1, 4)
]  # fmt: skip
PEOPLE = [
    {"id": n, "title": "токарь", "skills": "токарные работы", "education_code": "15.01.33", "institution": school}
    for n, school in enumerate(["МИЭТ", "НИУ МИЭТ", "МИЭТ", "Станкин", "Станкин", ""])
] + [
    {"id": n, "title": "веб-разработчик", "skills": "Python; Django", "education_code": "09.03.01", "institution": "МИЭТ",
     "available_from": "2026-06-01"} for n in range(6, 12)
]  # fmt: skip


@pytest.fixture(scope="module")
def engine():
    return Matcher().fit(SHOPS)


# ---------------------------------------------------------------- rates


@given(st.lists(st.tuples(st.integers(0, 200), st.integers(0, 200)), min_size=1, max_size=20))
def test_intervals_hold_their_share(pairs):
    counts, totals = np.array([min(p) for p in pairs]), np.array([max(p) for p in pairs])
    share, low, high = wilson(counts, totals)
    told = totals >= LEAST
    assert np.isnan(share[~told]).all()
    assert ((low >= 0) & (low <= share + 1e-12) & (share <= high + 1e-12) & (high <= 1))[told].all()


def test_the_interval_of_a_difference_is_turned_by_turning_the_groups():
    one, other = wilson([9, 3], [10, 30]), wilson([2, 20], [20, 25])
    gap, low, high = difference(one, other)
    back, back_low, back_high = difference(other, one)
    np.testing.assert_allclose([gap, low, high], [-back, -back_high, -back_low])


# ---------------------------------------------------------------- market


def test_market_counts_what_is_asked_and_had(engine):
    found = market(engine, PEOPLE)
    skills = found.skills.set_index("label")
    assert (found.n_vacancies, found.n_candidates) == (6, 12)
    assert skills.loc["Чтение чертежей", ["vacancies", "candidates"]].tolist() == [3, 0]
    assert skills.loc["Python", ["vacancies", "candidates"]].tolist() == [3, 6], "who asks Django asks Python"
    assert skills.loc["Docker", ["vacancies", "must"]].tolist() == [3, 0], "nice to have is no must"
    assert skills.loc["Чтение чертежей", "expected"] == 6, "the turners' programme teaches it"
    assert (skills["gap"] - (skills["asked"] - skills["have"])).abs().max() < 1e-12
    assert dict(zip(found.fields["key"], found.fields["vacancies"], strict=True)) == {"it": 3, "mech": 3}
    assert found.months.groupby("month")[["vacancies", "candidates"]].sum().sum().tolist() == [3, 6]
    assert "Чтение чертежей" in found.to_text()
    assert "Чтение чертежей" in found._repr_html_()


def test_a_small_market_has_counts_and_no_rates():
    found = market(Matcher(), PEOPLE[:4], SHOPS[:4])
    assert found.skills["vacancies"].sum() > 0
    assert found.skills[["asked", "have", "gap"]].isna().all(axis=None)
    assert found.scarce().empty


def test_an_empty_market_is_empty():
    found = market(Matcher(), [{"id": 1}], [{"id": "v", "title": "Токарь"}])
    assert found.n_candidates == 0
    assert found.to_text().startswith("Вакансий: 1, кандидатов: 0")


# ---------------------------------------------------------------- gaps


def test_gaps_of_a_programme(engine):
    found = gaps(engine, PEOPLE)
    turners = found.of("15.01.33").set_index("label")
    assert turners.loc["Fanuc", ["asked", "lacking", "vacancies"]].tolist() == [6, 6, 3]
    assert turners.loc["Fanuc", "share"] == 1
    assert "Чтение чертежей" not in turners.index, "a turner reads drawings, written or not"
    coders = found.of("09.03.01 Информатика и вычислительная техника").set_index("label")
    assert "PostgreSQL" in coders.index
    assert "Fanuc" not in coders.index, "turners' vacancies do not fit web developers"
    assert coders.loc["PostgreSQL", "loss"] > coders.loc["Docker", "loss"], "a must weighs more"
    assert "Токарь" in found.to_text()
    assert "PostgreSQL" in found._repr_html_()


def test_forms_of_one_institution_are_one_group(engine):
    found = gaps(engine, PEOPLE, by="institution").groups.set_index("name")
    assert found.loc["НИУ МИЭТ", "candidates"] == 9


def test_no_share_of_fewer_than_five(engine):
    table = gaps(engine, PEOPLE[:4]).table
    assert len(table)
    assert table["share"].isna().all()


def test_what_a_group_lacks_is_lost_by_nobody_else(engine):
    """The loss of a gap, grown back from its shrinking, is the mean over the group's pairs of weight times lack."""
    found = gaps(engine, PEOPLE, by="all")
    result = engine.run(PEOPLE, by="candidate", top=10)
    row = found.table.set_index("label").loc["Docker"]
    pairs = [
        result.explain(c, v) for c, v in result.ranking[["candidate_id", "vacancy_id"]].itertuples(index=False, name=None)
        if str(v).startswith("w") == (c >= 6)
    ]  # fmt: skip
    lost = 0.0
    for e in pairs:
        thin = 1 + e.terms.thinness / sum(x.contribution for x in e.lines)
        lost += sum(x.weight * (1 - x.degree) * thin for x in e.lines if x.label == "Docker")
    shrunk = row["vacancies"] / (row["vacancies"] + 1) * row["lacking"] / (row["lacking"] + 1)
    assert row["loss"] / shrunk == pytest.approx(lost / len(pairs), abs=1e-6)


@pytest.mark.parametrize("wrong", [{"by": "program"}, {"best": 0}, {"best": True}])
def test_wrong_questions_are_refused(engine, wrong):
    with pytest.raises(MatcherError, match="parameter of gaps must be"):
        gaps(engine, PEOPLE, **wrong)
    with pytest.raises(MatcherError, match="no group"):
        gaps(engine, PEOPLE).of("99.99.99")


def test_nobody_fits_and_nothing_is_lacking(engine):
    found = gaps(engine, [{"id": 1, "status": "student"}], by="status")
    assert (len(found.groups), len(found.table)) == (1, 0)
    assert "кандидатов 1, с подходящими вакансиями 0" in found.to_text()
    assert gaps(engine, [{"id": 1, "title": "токарь"}]).to_text() == ""


# ---------------------------------------------------------------- courses

SCHOOL = [
    {"id": 1, "title": "Чертежи", "skills": "чтение чертежей", "weeks": 4},
    {"id": 2, "title": "Базы данных", "skills": "PostgreSQL; SQL", "weeks": 8},
    {"id": 3, "title": "Контейнеры", "skills": "Docker; Kubernetes", "weeks": 6},
    {"id": 4, "title": "Базы и контейнеры", "skills": "PostgreSQL; Docker", "weeks": 12},
    {"id": 5, "title": "Сварка", "skills": "аргонодуговая сварка", "weeks": 1},
]


def score_with(engine, person, courses, vacancies):
    """The score that the engine gives to one who lists what the courses teach."""
    skills = "; ".join([person["skills"], *(c["skills"] for c in courses)])
    ranking = engine.rank([{**person, "skills": skills}], vacancies, by="candidate", top=1)
    return float(ranking["score"].iloc[0])


@pytest.mark.parametrize("person", [PEOPLE[6], {"id": "x", "skills": "Python; Django"}], ids=["a title", "no title"])
def test_the_smallest_set_is_that_of_brute_force(engine, person):
    """The score promised is that of the engine for one who lists what the courses teach, roles inferred anew."""
    shops = SHOPS[3:]
    for bar in (0.5, 0.7, 0.8, 0.85, 0.9, 0.99):
        plan = suggest_courses(engine, [person], SCHOOL, shops, bar=bar, most=3).table.iloc[0]
        sets = [s for n in range(4) for s in combinations(SCHOOL, n)]
        reaching = [s for s in sets if score_with(engine, person, s, shops) >= bar - 1e-9]
        assert plan["reached"] == bool(reaching), bar
        if reaching:
            smallest = min((len(s), sum(c["weeks"] for c in s)) for s in reaching)
            assert (plan["n_courses"], plan["weeks"]) == smallest, bar
        chosen = [c for c in SCHOOL if c["title"] in plan["courses"].split("; ")]
        assert plan["after"] == pytest.approx(score_with(engine, person, chosen, shops), abs=1e-9)


def test_nobody_is_sent_to_a_course_that_does_not_help(engine):
    plans = suggest_courses(engine, PEOPLE, SCHOOL, bar=0.85)
    assert (plans.table["after"] >= plans.table["score"]).all()
    assert not plans.table["courses"].str.contains("Сварка").any()
    assert set(plans.one_course_away["courses"]) <= {"Чертежи", "Базы данных", "Базы и контейнеры"}
    assert "Чертежи" in plans.to_text()
    assert "Чертежи" in plans._repr_html_()


def test_courses_to_offer_to_a_group(engine):
    alone = suggest_courses(engine, PEOPLE, SCHOOL, bar=0.85)
    lifted = set(alone.table.loc[alone.table["reached"], "candidate_id"])
    plans = suggest_courses(engine, PEOPLE, SCHOOL, bar=0.85, together=True, share=len(lifted) / len(PEOPLE))
    assert set(plans.table.loc[plans.table["reached"], "candidate_id"]) == lifted
    titles = {c.title for c in plans.courses}
    assert titles == {"Чертежи", "Базы данных"}
    half = suggest_courses(engine, PEOPLE, SCHOOL, bar=0.85, together=True, share=0.5)
    assert [c.title for c in half.courses] == ["Чертежи"], "the shortest course that lifts half of them"
    assert "Какие курсы предложить" in half.to_text()


def test_a_course_undoes_a_denial(engine):
    person = {"id": 1, "title": "токарь", "skills": "токарные работы", "text": "чертежи читать не умею"}
    plan = suggest_courses(engine, [person], SCHOOL, SHOPS[:1], bar=0.9).table.iloc[0]
    assert plan["after"] > plan["score"]
    assert plan["courses"] == "Чертежи"


@pytest.mark.parametrize(
    "rows, told",
    [
        ([{"id": 1, "title": "Пусто"}], "no column skills"),
        ([{"id": 1, "skills": "сварка"}, {"id": 2, "skills": ""}], "row 2"),
        ([{"id": 1, "skills": "сварка", "weeks": "долго"}], "row 1"),
        ([{"id": 1, "skills": "сварка", "weeks": -3}], "row 1"),
        ([{"id": 1, "skills": "сварка"}, {"id": "1", "skills": "пайка"}], "stands in 2 rows"),
    ],
)
def test_a_faulty_course_is_told(rows, told):
    with pytest.raises(InputError, match=told):
        read_courses(rows)


@pytest.mark.parametrize("wrong", [{"bar": 0}, {"bar": 1.5}, {"bar": 0.5, "most": 0}, {"bar": 0.5, "share": 0}])
def test_wrong_bars_are_refused(engine, wrong):
    with pytest.raises(MatcherError, match="parameter of suggest_courses must be"):
        suggest_courses(engine, PEOPLE, SCHOOL, **wrong)


# ---------------------------------------------------------------- outcomes


def test_outcomes_count_people_by_the_best_that_came():
    told = [
        {"vacancy_id": "t1", "candidate_id": n, "outcome": o}
        for n, o in [
            (0, "rejected"),
            (0, "hired"),
            (1, "invited"),
            (2, "applied"),
            (6, "placed"),
            (7, "отказ"),
            (99, "hired"),
        ]
    ]
    found = outcomes(Matcher(), PEOPLE, told).set_index("name")
    assert found.loc["НИУ МИЭТ", ["applied", "invited", "hired"]].tolist() == [5, 3, 2]
    assert found.loc["НИУ МИЭТ", "hired_share"] == pytest.approx(0.4)
    by_programme = outcomes(Matcher(), PEOPLE, told, by="programme").set_index("group")
    assert by_programme.loc["15.01.33", "applied"] == 3
    assert np.isnan(by_programme.loc["15.01.33", "hired_share"]), "three are no rate"
    with pytest.raises(InputError, match="row 1"):
        outcomes(Matcher(), PEOPLE, [{"vacancy_id": 1, "candidate_id": 1, "outcome": "женился"}])


# ---------------------------------------------------------------- command line


def test_commands_write_what_they_print(tmp_path, capsys):
    tables = [SAMPLES + "candidates.csv", SAMPLES + "vacancies.csv"]
    fixed = ["--jobs", "1", "--today", "2026-06-01"]
    for command in (
        ["gaps", *tables],
        ["market", *tables],
        ["courses", *tables, SAMPLES + "courses.csv", "--bar", "0,6"],
    ):
        out = tmp_path / f"{command[0]}.csv"
        assert main([*command, "-o", str(out), *fixed]) == DONE
        assert len(pd.read_csv(out)) > 20
        assert out.with_name(out.name + ".meta.json").exists()
        assert capsys.readouterr().out
    told = tmp_path / "told.csv"
    told.write_text("vacancy_id,candidate_id,outcome\nv01,c001,hired\n", encoding="utf-8")
    assert main(["outcomes", tables[0], str(told), *fixed]) == DONE
    assert "РУДН" in capsys.readouterr().out
    assert main(["courses", *tables, str(told), "--bar", "0.6", *fixed]) == COULD_NOT_RUN
    assert "course" in capsys.readouterr().err


BAD_ROW = {"id": "v9", "title": "Токарь", "start": "завтра"}


def test_rows_that_cannot_be_read_are_told_of_in_a_sentence(engine):
    with pytest.warns(
        MatcherWarning, match=r"1 of 7 rows of the vacancies table .* row 7 for one: start must be an ISO date"
    ):
        found = market(engine, PEOPLE, [*SHOPS, BAD_ROW])
    assert found.skills.equals(market(engine, PEOPLE, SHOPS).skills)
    with pytest.warns(MatcherWarning, match="1 of 7 rows of the vacancies table"):
        ranked = engine.rank(PEOPLE, [*SHOPS, BAD_ROW])
    assert ranked.equals(engine.rank(PEOPLE, SHOPS))


@pytest.mark.parametrize("quiet", [False, True])
def test_the_command_tells_of_them_in_one_line(tmp_path, capsys, quiet):
    pd.DataFrame(PEOPLE).to_csv(tmp_path / "c.csv", index=False)
    pd.DataFrame([*SHOPS, BAD_ROW]).to_csv(tmp_path / "v.csv", index=False)
    asked = ["market", str(tmp_path / "c.csv"), str(tmp_path / "v.csv"), *(["--quiet"] if quiet else [])]
    assert main(asked) == DONE
    told = capsys.readouterr().err.splitlines()
    assert [line.partition(" rows of ")[0] for line in told] == ([] if quiet else ["matcher: 1 of 7"])

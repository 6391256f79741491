"""Words: what is printed adds up, is Russian, and runs no script."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from matcher import Matcher
from matcher.errors import MatcherError
from matcher.ranking.lines import Terms
from matcher.report import VERSION, Explanation, Place
from matcher.settings import Settings, Weights
from matcher.wording import CRITERIA_RU, shares
from tiny import ask, fact, only, person, place, world


def number(text):
    return int(text.replace("−", "-").replace(",", ""))


def explained(had=None, asked=None, settings=None):
    had = had or person("milling", "language:en", title="токарь", city="Омск", education_level="vocational")
    asked = asked or place(
        "turning", ask("teamwork", tier="nice"), ask("language:en", value=3), title="токарь", words="станок",
        city="Тула", hours_per_week=40, education_levels=("bachelor",),
    )  # fmt: skip
    return Explanation(world([had], [asked], settings or Settings()).explain())


@pytest.mark.parametrize(
    "values, total, printed",
    [
        ([1 / 3, 1 / 3, 1 / 3], 1, [0.34, 0.33, 0.33]),
        ([0.005, 0.005], 0.01, [0.01, 0.0]),
        ([0.5, -0.126], 0.374, [0.5, -0.13]),
        ([], 0, []),
    ],
)
def test_shares_add_up(values, total, printed):
    assert shares(values, total, 2) == printed


def test_printed_contributions_add_up_to_the_printed_score():
    text = explained().to_text()
    score = number(re.search(r"оценка (\S+) из 1", text)[1])
    by_criterion = [number(x) for x in re.findall(r"^[А-Я][^:\n]*: (−?\d,\d{3})", text, re.MULTILINE)]
    by_line = [number(x) for x in re.findall(r"^  (\d,\d{3})  ", text, re.MULTILINE)]
    assert len(by_line) == len(explained().lines)
    assert sum(by_criterion) == score
    thinness = by_criterion[-1]
    assert sum(by_line) + thinness == score


def test_the_text_is_russian():
    text = explained().to_text()
    for told in (
        "Токарные работы, обязательно — частично: Фрезерные работы, «skill:milling» (навыки), степень 0,50",
        "Работа в команде, будет плюсом — нет",
        "Английский язык ≥ B1, обязательно — есть",
        "нужно бакалавриат, у кандидата среднее профессиональное",
        "нужно 40 ч в неделю, у кандидата не указано",
        "нужно Тула, у кандидата Омск",
        "Чего не хватает: Работа в команде.",
    ):
        assert told in text


@pytest.mark.parametrize(
    "key, value, told",
    [
        ("licence:driver.B", 1.0, "Водительские права, категория B, обязательно — нет"),
        ("licence:electrical", 3.0, "Группа по электробезопасности ≥ 3, обязательно — нет"),
        ("licence:grade", 4.0, "Разряд ≥ 4, обязательно — нет"),
    ],
)
def test_licences_are_named_in_russian(key, value, told):
    had = person(fact("licence:tractor.B"))
    assert told in explained(had, place(ask(key, value=value)), only("licences")).to_text()


@pytest.mark.parametrize(
    "stated, had, told",
    [
        ({"schedule": ("full", "shift")}, {"schedule": ("part",)}, "нужно полный день; сменный график, у кандидата неполный день"),
        ({"experience_months_min": 12}, {"experience_months": 6}, "нужно 12 мес., у кандидата 6 мес."),
        ({"city": "Тула", "remote": True}, {"city": "Омск"}, "нужно Тула; удалённо, у кандидата Омск"),
    ],
)  # fmt: skip
def test_coded_facts_in_russian(stated, had, told):
    (criterion,) = {"schedule", "experience_months_min", "city"} & set(stated)
    name = {"schedule": "schedule", "experience_months_min": "experience", "city": "place"}[criterion]
    assert told in explained(person(**had), place(**stated), only(name)).to_text()


def test_a_denial_is_told_as_such():
    text = explained(person(fact("turning", negated=True)), place("turning"), only("skills")).to_text()
    assert "кандидат пишет, что этого нет" in text


def test_refusals_and_open_gates_are_told():
    terms = replace(explained().terms, refused=("status",), unverified=("dates", "licence"))
    told = Explanation(terms, refusals=["Год выпуска — 2019 <…>."])
    assert "Не показан: Год выпуска — 2019 <…>." in told.to_text()
    assert "Не показан: Год выпуска — 2019 <…>." in told.to_brief_text()
    assert "Не проверено (нет данных): сроки; допуски." in told.to_text()
    assert "2019 &lt;…&gt;" in told._repr_html_()
    assert told.to_dict()["refusals"] == ["Год выпуска — 2019 <…>."]


def test_place_and_probability_are_told():
    told = Explanation(explained().terms, place=Place(3, 20, 0.85), probability=0.62)
    assert "место 3 из 20, выше, чем у 85% кандидатов, вероятность, что пара подходит, 62%." in told.to_text()
    assert told.to_dict()["place"] == {"rank": 3, "of": 20, "percentile": 0.85}
    assert told.to_dict()["probability"] == 0.62


def test_both_directions_are_told():
    had = person("milling", title="токарь", city="Омск", salary_rub=80_000, schedule=("part",))
    asked = place("turning", title="токарь", city="Тула", salary_rub=60_000)
    told = explained(had, asked)
    text = told.to_text()
    assert "Чего хочет кандидат и что даёт вакансия (оценка " in text
    assert "Оплата: хочет 80000 ₽, вакансия даёт 60000 ₽ (степень 0,75)" in text
    assert "График: хочет неполный день, в вакансии не указано" in text
    assert sum(x.contribution for x in told.terms.wishes) == told.terms.wish_score
    assert not told.terms.rest  # off by default: told, not counted


def test_every_criterion_has_a_russian_name():
    assert set(Weights.__dataclass_fields__) | {"thinness", "wishes", "base", "cap"} == set(CRITERIA_RU)


SCRIPT = "<script>alert(1)</script>"


def test_html_runs_no_script():
    terms = explained().terms
    lines = tuple(replace(x, label=SCRIPT, fact=SCRIPT, need=SCRIPT) for x in terms.lines)
    page = Explanation(replace(terms, lines=lines, candidate_id=SCRIPT, vacancy_id=SCRIPT))._repr_html_()
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_the_frame_sums_to_the_score():
    told = explained()
    frame = told.to_frame()
    assert frame["contribution"].sum() == told.score
    assert frame["criterion"].iloc[-1] == "thinness"
    assert len(frame) == len(told.lines) + 1


def test_the_json_is_versioned_and_holds_everything():
    told = explained()
    data = json.loads(told.to_json())
    assert data == told.to_dict()
    assert data["version"] == VERSION
    assert sum(x["contribution"] for x in data["lines"]) + data["thinness"] == data["score"] == told.score
    assert {"vacancy_id", "candidate_id", "known", "refused", "unverified"} < set(data)


def test_the_plot_ends_at_the_score(monkeypatch):
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    told = explained()
    ax = told.plot()
    last = ax.patches[-1]
    assert last.get_x() + last.get_width() == pytest.approx(round(told.score, 3))
    assert told.plot(ax) is ax
    plt.close("all")


def test_a_missing_extra_is_named(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "matplotlib.pyplot", None)
    with pytest.raises(MatcherError, match=r"pip install matcher\[viz\]"):
        explained().plot()


def test_repr_is_one_line():
    assert re.fullmatch(r"<Explanation 'c' for 'v': 0\.\d{4}, known \d+%, \d+ lines>", repr(explained()))


def test_nothing_to_explain():
    told = Explanation(Terms("v", "c", 0.0, 0.0, (), 0.0, (), ()))
    assert told.to_text() == "Кандидат c и вакансия v: оценка 0,000 из 1, известно 0% веса."
    assert len(told.to_frame()) == 1


def test_the_brief_text_adds_up_too():
    explanation = explained()
    (told,) = [line for line in explanation.to_brief_text().splitlines() if line.startswith("Вклады: ")]
    parts = [number(part.rstrip(".").rsplit(" ", 1)[1]) for part in told.removeprefix("Вклады: ").split("; ")]
    assert sum(parts) == round(explanation.score * 1000)


def test_what_would_raise_the_score_does():
    vacancy = {"id": "v", "title": "Лаборант", "must_skills": ["титрование", "ВЭЖХ"], "nice_skills": ["Excel"]}
    candidate = {"id": 1, "title": "лаборант", "skills": ["титрование"], "text": "химик"}
    told = Matcher().explain(candidate, vacancy)
    line, gain = told.raises[0]
    assert line.label == "ВЭЖХ"
    better = Matcher().explain({**candidate, "skills": ["титрование", "ВЭЖХ"]}, vacancy)
    assert better.score >= told.score + gain - 1e-3
    assert f"ВЭЖХ (+{gain:.3f}".replace(".", ",") in told.to_text()
    assert told.to_dict()["raises"][0] == {"criterion": "skills", "label": "ВЭЖХ", "gain": gain}

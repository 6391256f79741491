"""The report page: complete, small, text stays text; what can be told without a browser."""

from __future__ import annotations

import json
import re
import time

import pandas as pd
import pytest

from matcher import Matcher, allocate, make_report
from matcher.cli import COULD_NOT_RUN, DONE, main
from matcher.errors import InputError, MatcherError, MatcherWarning
from matcher.report import Explanation

SAMPLES = "data/samples/"
HOSTILE = '</script><script>alert(1)</script><img src=x onerror="alert(2)">'
FORMULA = '=HYPERLINK("http://example.org";"нажми")'


@pytest.fixture(scope="module")
def run():
    engine = Matcher(agreements=SAMPLES + "agreements.csv").fit(SAMPLES + "vacancies.csv")
    return engine.run(SAMPLES + "candidates.csv", top=5, explain=True)


def data_of(html):
    return json.loads(re.search(r'id="data">(.*?)</script>', html, re.DOTALL)[1])


def test_an_explanation_survives_its_json(run):
    for text in run.ranking["explanation"]:
        back = Explanation.from_json(text)
        assert back.to_json() == text
        assert sum(x.contribution for x in back.lines) + back.terms.thinness == back.score


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"version": 1}', '{"version": 2}', "null", "5"])
def test_what_is_no_explanation_is_refused(text):
    with pytest.raises(InputError):
        Explanation.from_json(text)


def test_every_pair_is_on_the_page_and_adds_up(run):
    page = make_report(run)
    data = data_of(page.html)
    assert page.n_pairs == len(data["pairs"]) == len(run.ranking)
    for pair, row in zip(data["pairs"], run.ranking.itertuples(), strict=True):
        vacancy, candidate, rank, score, known, _, lines, rest = pair
        assert data["vacancies"][vacancy]["id"] == row.vacancy_id
        assert data["candidates"][candidate]["id"] == row.candidate_id
        assert (rank, score, known) == (row.rank, round(row.score, 3), round(row.known, 2))
        assert sum(x[3] for x in lines) + sum(x[1] for x in rest) == round(1000 * row.score)


def test_a_table_gives_the_page_that_a_run_gives(run, tmp_path):
    table = tmp_path / "ranking.csv"
    run.ranking.to_csv(table, index=False)
    told = make_report(table, candidates=SAMPLES + "candidates.csv", vacancies=SAMPLES + "vacancies.csv")
    # a run knows the places in the lists, and the page does not show them
    assert data_of(told.html) == data_of(make_report(run).html)
    bare = data_of(make_report(table).html)
    assert bare["candidates"][0]["title"] == ""


def test_a_page_asks_nobody_and_runs_nothing_but_its_own(run):
    html = make_report(run).html
    assert not re.search(r"(?:src|href)\s*=\s*[\"'](?!#)", html)
    assert "url(" not in html
    assert "@import" not in html
    assert re.search(r"default-src 'none'; script-src 'sha256-[\w+/=]{44}'; style-src 'sha256-[\w+/=]{44}'", html)
    assert len(re.findall(r"<script", html)) == 2


def test_hostile_texts_stay_text():
    people = [
        {"id": HOSTILE, "title": HOSTILE, "skills": f"C++; {HOSTILE}", "institution": HOSTILE, "text": f"Python {HOSTILE} $title"},
        {"id": FORMULA, "title": FORMULA, "skills": "Python"},
    ]  # fmt: skip
    jobs = [
        {"id": "v<b>", "title": f"Программист {HOSTILE}", "company": HOSTILE, "must_skills": f"C++;{HOSTILE};Python"}
    ]
    result = Matcher().fit(jobs).run(people)
    with pytest.warns(MatcherWarning, match="lists shorter"):
        seats = allocate(result.ranking, jobs, slots=1, candidates=people)
    html = make_report(result, title=HOSTILE, seats=seats).html
    assert len(re.findall(r"<script", html)) == 2
    assert "<img" not in html
    assert data_of(html)["candidates"][0]["id"] == HOSTILE


def test_seats_are_shown_with_their_reasons(run):
    full = run.scored.ranking(top=None)
    seats = allocate(full, SAMPLES + "vacancies.csv", candidates=SAMPLES + "candidates.csv", slots=1)
    views = {view["head"].split(":")[0]: view for view in data_of(make_report(run, seats=seats).html)["seats"]}
    assert set(views) == {"Занятые места", "Списки ожидания", "Кандидаты без места", "Свободные места"}
    assert len(views["Занятые места"]["rows"]) == len(seats.assigned)
    assert all(len(row) == len(view["columns"]) for view in views.values() for row in view["rows"])
    with pytest.raises(InputError, match="assigned"):
        make_report(run, seats={"waiting": seats.waiting})
    with pytest.raises(InputError, match="no column"):
        make_report(run, seats={"assigned": seats.waiting.drop(columns="score")})


def test_wrong_rankings_are_told(run):
    with pytest.raises(InputError, match="--explain"):
        make_report(run.ranking.drop(columns="explanation"))
    with pytest.raises(InputError, match=r"Row 2 of the ranking.*no explanation"):
        make_report(run.ranking.assign(explanation=[run.ranking["explanation"][0], *["{}"] * (len(run.ranking) - 1)]))
    with pytest.raises(MatcherError, match="'title' parameter"):
        make_report(run, title=" ")


def test_an_empty_ranking_is_an_empty_page(run):
    page = make_report(run.ranking.head(0))
    assert (page.n_pairs, data_of(page.html)["pairs"]) == (0, [])


@pytest.mark.filterwarnings("ignore:.*lists shorter than:matcher.errors.MatcherWarning")
def test_the_command_writes_the_page(tmp_path, capsys):
    tables = [SAMPLES + "candidates.csv", SAMPLES + "vacancies.csv"]
    ranking, seats, page = (str(tmp_path / name) for name in ("r.csv", "s.csv", "p.html"))
    waiting = str(tmp_path / "w.csv")
    assert main(["rank", *tables, "-o", ranking, "--explain", "--jobs", "1", "--quiet"]) == DONE
    assert (
        main(["allocate", ranking, tables[1], "--candidates", tables[0], "-o", seats, "--waiting", waiting, "--quiet"])
        == DONE
    )
    more = ["--candidates", tables[0], "--vacancies", tables[1], "--seats", seats, "--waiting", waiting]
    assert main(["report", ranking, "-o", page, *more, "--title", "Лето 2026"]) == DONE
    assert re.search(r"report: .*p\.html \(\d+ pairs, \d+\.\d MB\)", capsys.readouterr().out)
    html = (tmp_path / "p.html").read_text(encoding="utf-8")
    assert "<h1>Лето 2026</h1>" in html
    assert "Чем посчитано: matcher" in html, "versions come from the meta.json beside the ranking"
    for wrong in (["-o", "p.pdf"], ["-o", page, "--waiting", waiting], ["-o", str(tmp_path / "no" / "p.html")]):
        assert main(["report", ranking, *wrong]) == COULD_NOT_RUN
    assert main(["report", tables[0], "-o", page]) == COULD_NOT_RUN


def test_a_hundred_lists_of_twenty_are_small(run):
    """2,000 pairs like those of the samples: under 5 MB; the time is told, not judged."""
    frame = pd.concat([run.ranking.assign(vacancy_id=run.ranking["vacancy_id"] + f"-{n}") for n in range(13)]).head(
        2000
    )
    start = time.process_time()
    page = make_report(frame)
    print(
        f"a page of {page.n_pairs} pairs: {time.process_time() - start:.2f} CPU s, {len(page.html.encode()) / 1e6:.2f} MB"
    )
    assert page.n_pairs == 2000
    assert len(page.html.encode()) < 5_000_000

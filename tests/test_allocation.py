"""Seats are given out by the rules, and what is told of it is true."""

from __future__ import annotations

import datetime as dt
import random
import warnings
from pathlib import Path

import pandas as pd
import pytest

import allotting
from matcher import InputError, Matcher, allocate
from matcher.cli import main
from matcher.errors import MatcherError, MatcherWarning
from matcher.ranking import assignment, flow
from matcher.seats import Reserve

SAMPLES = Path(__file__).parents[1] / "data" / "samples"
DAY = dt.date(2026, 6, 1)
pytestmark = pytest.mark.filterwarnings("ignore:.*lists shorter than:matcher.errors.MatcherWarning")


def ranking(*rows):
    return pd.DataFrame(rows, columns=["vacancy_id", "candidate_id", "score"])


def pairs(a):
    return list(zip(a.assigned["vacancy_id"], a.assigned["candidate_id"], strict=True))


@pytest.mark.parametrize("kind", ["plain", "reserves", "minimums", "cap", "all"])
def test_against_brute_force(kind):
    for seed in range(25):
        told = {
            "reserves": kind in {"reserves", "all"},
            "minimums": kind in {"minimums", "all"},
            "cap": kind in {"cap", "all"},
        }
        allotting.check(allotting.world(seed, **told), allocate)


@pytest.mark.parametrize("missing", ["numba", "ortools"])
def test_the_same_without_what_may_be_missing(missing, monkeypatch):
    if missing == "numba":
        monkeypatch.setattr(assignment, "is_there", lambda: False)
        assignment._run.cache_clear()
    else:
        monkeypatch.setattr(flow, "find_spec", lambda name: None)
    for seed in range(10):
        allotting.check(allotting.world(100 + seed, reserves=True, minimums=False, cap=False), allocate)
    assignment._run.cache_clear()


@pytest.fixture(scope="module")
def samples():
    engine = Matcher(today=DAY, agreements=SAMPLES / "agreements.csv").fit(SAMPLES / "vacancies.csv")
    return engine.run(SAMPLES / "candidates.csv", top=None)


def given(samples, **more):
    told = {"candidates": SAMPLES / "candidates.csv", "rejections": samples.rejections, "today": DAY, **more}
    return allocate(samples.ranking, SAMPLES / "vacancies.csv", **told)


@pytest.mark.parametrize("method", ["stable", "best", "spread"])
def test_the_order_of_rows_does_not_matter(samples, method):
    shuffle = random.Random(1)
    tables = [pd.read_csv(SAMPLES / f"{n}.csv", dtype=str) for n in ("vacancies", "candidates")]
    frames = [samples.ranking, *tables]
    other = [f.iloc[shuffle.sample(range(len(f)), len(f))] for f in frames]
    one, two = (
        allocate(r, v, candidates=c, method=method, today=DAY) for r, v, c in (frames, other)
    )  # fmt: skip
    for name in ("assigned", "waiting", "reasons", "empty"):
        assert getattr(one, name).to_csv() == getattr(two, name).to_csv()


def test_everybody_is_accounted_for(samples):
    a = given(samples)
    people = set(pd.read_csv(SAMPLES / "candidates.csv", dtype=str)["id"])
    with_seat, without = set(a.assigned["candidate_id"]), set(a.reasons["candidate_id"])
    assert not with_seat & without
    assert with_seat | without <= people
    assert len(with_seat | without) >= 90
    assert a.measures["filled"] + int(a.empty["seats"].sum()) >= a.measures["seats"]
    text = a.to_text()
    for told in ("Мест: ", "Распределение устойчиво", "Почему без места", "Почему места пусты", "закреплены за"):
        assert told in text


def test_best_has_the_greatest_score_and_stable_no_blocking_pair(samples):
    frame = given(samples).compare().set_index(["method", "proposing"])
    assert frame["total_score"].idxmax() == ("best", "")
    assert (frame.loc["stable", "blocking"] == 0).all()


def test_spread_shows_nobody_too_often(samples):
    a = given(samples, method="spread", slots=4, per_candidate=2)
    assert a.assigned["candidate_id"].value_counts().max() <= 2
    assert a.assigned["vacancy_id"].value_counts().max() <= 4
    assert not a.assigned.duplicated(["vacancy_id", "candidate_id"]).any()
    assert not a.is_stable


def test_an_institution_takes_no_more_than_it_may(samples):
    a = given(samples, per_institution=2)
    counts = {k: n for k, n in a.measures["by_institution"].items() if k != "?"}
    assert max(counts.values()) == 2
    assert "institution_cap" in set(a.reasons["reason"])
    assert "занял" in a.reasons.set_index("reason").loc["institution_cap", "sentence"].iloc[0]


def test_one_more_seat(samples):
    a = given(samples)
    more = a.one_more_seat()
    assert set(more["vacancy_id"]) == set(a.waiting["vacancy_id"])
    assert (more["filled"] >= 0).all()
    assert list(a.one_more_seat(["v22"])["vacancy_id"]) == ["v22"]


TWO = ranking(("v", "a", 0.9), ("v", "b", 0.8), ("w", "a", 0.7), ("w", "b", 0.6), ("v", "c", 0.5))


def test_waiting_lists_and_reasons():
    a = allocate(TWO, slots={"v": 1, "w": 1})
    assert pairs(a) == [("v", "a"), ("w", "b")]
    assert a.waiting[["vacancy_id", "place", "candidate_id"]].to_numpy().tolist() == [["v", 1, "b"], ["v", 2, "c"]]
    (reason,) = a.reasons.itertuples()
    assert (reason.candidate_id, reason.reason) == ("c", "seats_taken")
    assert "место 2 в списке ожидания вакансии v" in reason.sentence
    assert a.measures["choices"] == {1: 1, 2: 1}


def test_companies_have_seats_of_their_own():
    vacancies = [{"id": i, "company": "Завод", "slots": 2, "company_slots": 1} for i in ("v", "w")]
    a = allocate(TWO, vacancies)
    assert pairs(a) == [("v", "a")]
    assert set(a.empty["reason"]) == {"company_full"}


def test_kept_seats_are_released_on_their_day():
    people = [{"id": i, "institution": x} for i, x in (("a", "МАИ"), ("b", "МИЭТ"), ("c", "МАИ"))]
    vacancies = [{"id": "v", "slots": 2, "reserved": "МИЭТ:1 until 2026-08-15"}, {"id": "w", "slots": 0}]
    before = allocate(TWO, vacancies, candidates=people, today=dt.date(2026, 8, 14))
    assert before.assigned[["candidate_id", "kept_for"]].to_numpy().tolist() == [["a", ""], ["b", "МИЭТ"]]
    without = allocate(TWO, vacancies, candidates=people, today=dt.date(2026, 8, 14), withdrawn=["b"])
    assert pairs(without) == [("v", "a")]
    assert without.empty.set_index("vacancy_id").loc["v", "reason"] == "reserved"
    assert without.reasons.set_index("candidate_id").loc["c", "reason"] == "reserved"
    after = allocate(TWO, vacancies, candidates=people, today=dt.date(2026, 8, 15), withdrawn=["b"])
    assert pairs(after) == [("v", "a"), ("v", "c")]


@pytest.mark.parametrize(
    "raw, person, mine",
    [
        ("МИЭТ:3 until 2026-08-15", {"institution": ("Национальный исследовательский университет «МИЭТ»",)}, True),
        ("09.00.00:2", {"education_code": ("09.03.01",)}, True),
        ("09.00.00:2", {"education_code": ("15.03.01",)}, False),
        ("student:1", {"status": "student"}, True),
        ("student:1", {}, False),
    ],
)
def test_who_kept_seats_are_for(raw, person, mine):
    from matcher.records import Candidate

    assert Reserve.parse(raw).is_for(Candidate("c", **person)) == mine
    assert not Reserve.parse(raw).is_for(None)


def test_a_vacancy_below_its_minimum_is_not_opened():
    vacancies = [{"id": "v", "slots": 3, "min_group": 4}, {"id": "w", "slots": 2}]
    a = allocate(TWO, vacancies)
    assert pairs(a) == [("w", "a"), ("w", "b")]
    assert a.reasons.set_index("candidate_id").loc["c", "reason"] == "closed"
    assert a.empty.set_index("vacancy_id").loc["v", "reason"] == "below_minimum"
    assert a.is_stable  # three would come, and four are needed
    split = ranking(("v", "a", 0.9), ("w", "b", 0.9), ("v", "b", 0.8), ("w", "a", 0.8))
    both = [{"id": i, "slots": 2, "min_group": 2} for i in ("v", "w")]
    assert len(pairs(allocate(split, both))) == 2  # one is shut, and both meet in the other


def test_a_second_round_keeps_the_first():
    first = allocate(TWO, slots={"v": 1, "w": 0})
    second = allocate(TWO, slots={"v": 1, "w": 1}, fixed=first.assigned)
    assert pairs(second) == [("v", "a"), ("w", "b")]
    assert second.assigned["fixed"].tolist() == [True, False]
    gone = allocate(TWO, slots={"v": 1, "w": 1}, withdrawn=["a", "w"])
    assert pairs(gone) == [("v", "b")]


def test_equal_scores_fall_by_id_or_by_a_seeded_lottery():
    even = ranking(*(("v", f"c{i}", 0.5) for i in range(9)))
    assert pairs(allocate(even, slots=1)) == [("v", "c0")]
    drawn = {seed: pairs(allocate(even, slots=1, seed=seed)) for seed in range(8)}
    assert len({str(p) for p in drawn.values()}) > 2
    assert drawn == {seed: pairs(allocate(even[::-1], slots=1, seed=seed)) for seed in range(8)}


def test_a_short_list_is_warned_about():
    with pytest.warns(MatcherWarning, match="rank --top all"):
        allocate(TWO, slots=2)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        allocate(ranking(*(("v", i, 0.5) for i in range(6))), slots=2)


@pytest.mark.parametrize(
    "call, told",
    [
        (lambda: allocate(TWO), "Seats are told nowhere"),
        (lambda: allocate(TWO, slots=1, method="fair"), "method"),
        (lambda: allocate(TWO, slots=1, proposing="company"), "proposing"),
        (lambda: allocate(TWO, slots=1, per_institution=0), "per_institution"),
        (lambda: allocate(TWO, slots=1, per_institution=1), "need the candidates table"),
        (lambda: allocate(TWO, slots={"v": -1}), "not below 0"),
        (lambda: allocate(pd.concat([TWO, TWO]), slots=1), "twice"),
        (lambda: allocate(TWO, slots=1, rejections=TWO), "rejections table has no column reason"),
        (lambda: allocate(TWO[["vacancy_id"]], slots=1), "no column candidate_id, score"),
        (lambda: allocate(TWO, slots=1, fixed=[{"vacancy_id": "x", "candidate_id": "a"}]), "not among the vacancies"),
        (lambda: allocate(TWO, [{"id": "v", "reserved": "МИЭТ"}], candidates=[{"id": "a"}]), "must look like"),
    ],
)
def test_bad_input_is_one_sentence(call, told):
    with pytest.raises((InputError, MatcherError), match=told):
        call()


@pytest.mark.parametrize(
    "call, told",
    [
        (lambda: allocate(ranking(("v", None, 0.5), ("v", "a", 0.4)), slots=1), "no candidate_id in row 1"),
        (lambda: allocate(ranking(("v", "a", "0,5")), slots=1), "score in row 1 of the ranking is no number"),
        (lambda: allocate(ranking(("v", "a", float("inf"))), slots=1), "is no number"),
        (lambda: allocate(TWO, [{"id": "v", "slots": -1}, {"id": "w"}]), "vacancies table has 1 bad rows"),
        (lambda: allocate(TWO, [{"id": "x", "slots": 1}]), "their ids do not meet"),
        (lambda: allocate(TWO, [{"id": "v"}], slots={"z": 1}), "The seats name vacancy 'z'"),
        (lambda: allocate(TWO, slots=1, withdrawn="ab"), "withdrawn"),
        (lambda: allocate(TWO, slots=1, today="2026-08-01"), "today"),
        (lambda: allocate(TWO, slots={"v": 1, "w": 1}, fixed=TWO.head(2)), "More are fixed on vacancy 'v'"),
        (lambda: allocate(TWO, slots=3, fixed=TWO.iloc[[0, 2]]), "is fixed on 'v' and on 'w'"),
        (lambda: allocate(TWO, slots=1, fixed=[{"vacancy_id": "v", "candidate_id": "q"}]), "of whom neither table knows"),
        (lambda: allocate(TWO, [{"id": "v", "reserved": "МИЭТ:1 until 2026-13-45"}], candidates=[{"id": "a"}]), "Vacancy 'v'"),
        (lambda: allocate(TWO, slots=1).one_more_seat(["q"]), "no vacancy 'q'"),
    ],
)  # fmt: skip
def test_what_users_do_wrong_is_told(call, told):
    with pytest.raises((InputError, MatcherError), match=told):
        call()


def test_ids_and_seats_are_taken_as_pandas_gives_them():
    rows = ranking((10, 1, 0.9), (10, 2, 0.8), (20, 1, 0.7), (20, 2, 0.6))
    whole = pairs(allocate(rows, slots={10: 1, 20: 1}))
    floats = rows.astype({"vacancy_id": float, "candidate_id": float})
    assert pairs(allocate(floats, slots=pd.Series({10: 1.0, 20: 1.0}))) == whole
    assert pairs(allocate(floats, slots=1, withdrawn=pd.Series([1, None]))) == [(10, 2)]


def test_a_second_round_is_accounted_for_as_a_whole():
    first = allocate(TWO, slots=1)
    second = allocate(TWO, slots=1, fixed=first.assigned)
    assert second.measures["total_score"] == first.measures["total_score"]
    assert second.measures["choices"] == first.measures["choices"]
    assert "nan" not in second.to_text()
    released = allocate(TWO, slots=1, fixed=first.assigned, withdrawn=["a"])
    assert pairs(released) == [("v", "c"), ("w", "b")]


@pytest.mark.parametrize("ending", ["csv", "parquet", "jsonl"])
def test_a_ranking_may_be_a_file(ending, tmp_path):
    from matcher.output import write_table

    path = tmp_path / f"r.{ending}"
    write_table(TWO.assign(known=1.0), path)
    assert pairs(allocate(path, slots=1)) == pairs(allocate(TWO, slots=1))
    write_table(TWO.drop(columns="score"), path)
    with pytest.raises(InputError, match="no column score"):
        allocate(path, slots=1)
    with pytest.raises(InputError):
        allocate(tmp_path / f"none.{ending}", slots=1)


def test_shortlists_know_no_kept_seats():
    people = [{"id": "a", "institution": "МИЭТ"}, {"id": "b", "institution": "МАИ"}]
    vacancies = [{"id": "v", "slots": 2, "reserved": "МИЭТ:1"}]
    assert pairs(allocate(TWO[TWO.vacancy_id == "v"], vacancies, candidates=people, method="spread")) == [
        ("v", "a"),
        ("v", "b"),
    ]


def test_a_seat_for_nothing_is_better_than_an_empty_one():
    none = ranking(("v", "a", 0.0), ("w", "b", 0.0))
    assert len(pairs(allocate(none, slots=1, method="best"))) == 2


def test_nothing_to_give():
    empty = allocate(ranking(), slots={"v": 2}, rejections=pd.DataFrame())
    assert empty.assigned.empty
    assert empty.empty["reason"].tolist() == ["no_candidates"]
    assert list(empty.assigned.columns) == list(allocate(TWO, slots=1).assigned.columns)
    assert "Мест: 2" in empty.to_text()


def test_charts_are_drawn(samples):
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    a = given(samples)
    assert len(a.plot_fill().patches) > 20
    assert len(a.plot_choices().patches) == len(a.measures["choices"])
    assert a.plot_flow().collections


def test_the_command(samples, tmp_path, capsys):
    from matcher.output import write_table

    write_table(samples.ranking, tmp_path / "r.csv")
    write_table(samples.rejections, tmp_path / "x.csv")
    args = ["allocate", str(tmp_path / "r.csv"), str(SAMPLES / "vacancies.csv"), "-o", str(tmp_path / "a.csv")]
    args += [
        "--candidates",
        str(SAMPLES / "candidates.csv"),
        "--rejections",
        str(tmp_path / "x.csv"),
        "--today",
        "2026-06-01",
    ]
    more = [f"--{n}={tmp_path / n}.csv" for n in ("waiting", "reasons", "empty", "blocking")]
    assert main([*args, *more, "--compare"]) == 0
    told = capsys.readouterr()
    assert "Распределение устойчиво" in told.out
    assert "best" in told.out
    assert "lists shorter than" in told.err
    assert len(pd.read_csv(tmp_path / "a.csv")) == given(samples).measures["filled"]
    assert pd.read_csv(tmp_path / "reasons.csv")["sentence"].notna().all()
    assert (tmp_path / "a.csv.meta.json").exists()
    assert main([*args[:2], str(tmp_path / "none.csv"), "-o", str(tmp_path / "b.csv")]) == 2

"""Measures against labels: an oracle, figures by hand, intervals, the paired test, bad input."""

from __future__ import annotations

import ir_measures
import numpy as np
import pandas as pd
import pytest
from ir_measures import AP, RR, P, R, nDCG

from matcher import InputError, evaluate
from matcher.cli import COULD_NOT_RUN, DONE, main


def world(seed, n_queries=12, n_items=30):
    """Random labels and scores without ties, some pairs unjudged, some queries unlisted."""
    chance = np.random.default_rng(seed)
    pairs = [(f"v{q}", f"c{i}") for q in range(n_queries) for i in range(n_items)]
    labels = pd.DataFrame(pairs, columns=["vacancy_id", "candidate_id"])
    labels["relevance"] = chance.choice([0, 0, 0, 1, 2, 3], len(labels))
    ranking = labels[["vacancy_id", "candidate_id"]].copy()
    ranking["score"] = chance.permutation(len(ranking)) / len(ranking)
    ranking = ranking[(chance.random(len(ranking)) < 0.7) & (ranking["vacancy_id"] != "v1")]
    return ranking, labels[chance.random(len(labels)) < 0.8]


@pytest.mark.parametrize("seed", range(5))
def test_measures_agree_with_an_oracle(seed):
    ranking, labels = world(seed)
    found = evaluate(ranking, labels, gain="linear", unjudged="irrelevant", n_boot=10)
    mine = found.table.set_index("measure")["value"]
    qrels = labels.set_axis(["query_id", "doc_id", "relevance"], axis=1)
    run = ranking.set_axis(["query_id", "doc_id", "score"], axis=1)
    told = {
        "nDCG@10": nDCG @ 10, "MAP": AP, "MRR": RR, "recall@10": R @ 10, "P@10": P @ 10,
    }  # fmt: skip
    per_query = {
        name: {m.query_id: m.value for m in ir_measures.iter_calc([measure], qrels, run)}
        for name, measure in told.items()
    }
    ids = found.queries["vacancy_id"]
    for name, values in per_query.items():
        assert mine[name] == pytest.approx(np.mean([values.get(i, 0.0) for i in ids]), abs=1e-12), name


LABELS = pd.DataFrame({"vacancy_id": ["a"] * 4, "candidate_id": [1, 2, 3, 4], "relevance": [3, 0, 1, 2]})


def ranked(*ids, query="a"):
    return pd.DataFrame({"vacancy_id": query, "candidate_id": ids, "score": np.arange(len(ids), 0, -1.0)})


@pytest.mark.parametrize(
    ("ids", "measure", "value"),
    [
        ((1, 4, 3, 2), "nDCG@10", 1.0),
        ((2, 1), "nDCG@10", (7 / np.log2(3)) / (7 + 3 / np.log2(3) + 1 / 2)),
        ((2, 1), "MRR", 0.5),
        ((2, 1, 4), "MAP", (1 / 2 + 2 / 3) / 3),
        ((2, 1, 4), "recall@10", 2 / 3),
        ((2, 1, 4), "P@10", 0.2),
        ((), "nDCG@10", 0.0),
    ],
)
def test_figures_by_hand(ids, measure, value):
    table = evaluate(ranked(*ids), LABELS, n_boot=10).table.set_index("measure")
    assert table.loc[measure, "value"] == pytest.approx(value)


def test_pairs_without_a_label_are_left_out_where_zeros_were_judged():
    values = [
        evaluate(ranked(9, 1), LABELS, unjudged=u, n_boot=10).table.set_index("measure").loc["MRR", "value"]
        for u in ("auto", "drop", "irrelevant")
    ]
    assert values == [1.0, 1.0, 0.5]
    no_zeros = LABELS[LABELS["relevance"] > 0]
    assert evaluate(ranked(9, 1), no_zeros, n_boot=10).table.set_index("measure").loc["MRR", "value"] == 0.5


def test_equal_scores_fall_by_id():
    one = pd.DataFrame({"vacancy_id": "a", "candidate_id": [2, 1], "score": 1.0})
    assert evaluate(one, LABELS, n_boot=10).table.equals(evaluate(one[::-1], LABELS, n_boot=10).table)
    assert evaluate(one, LABELS, n_boot=10).table.set_index("measure").loc["MRR", "value"] == 1.0


def test_both_directions():
    by_candidate = evaluate(ranked(1, 4), LABELS, by="candidate", n_boot=10)
    assert by_candidate.queries["candidate_id"].tolist() == ["1", "3", "4"]
    assert by_candidate.coverage["queries listed"] == pytest.approx(2 / 3)


def test_a_better_ranking_is_told_from_a_like_one():
    _, labels = world(3, n_queries=40)
    chance = np.random.default_rng(0)
    good, bad = labels[["vacancy_id", "candidate_id"]].copy(), labels[["vacancy_id", "candidate_id"]].copy()
    good["score"] = labels["relevance"] + chance.normal(0, 1, len(labels))
    bad["score"] = chance.random(len(labels))
    found = evaluate(good, labels, against=bad, n_boot=1000).table.set_index("measure")
    assert found.loc["nDCG@10", "p"] < 0.01
    assert found.loc["nDCG@10", "difference_low"] > 0
    same = evaluate(good, labels, against=good, n_boot=200).table.set_index("measure")
    assert same.loc["nDCG@10", "p"] == 1
    assert same.loc["nDCG@10", "difference"] == 0


def test_the_same_figures_every_time():
    ranking, labels = world(1)
    assert evaluate(ranking, labels).table.equals(evaluate(ranking.sample(frac=1, random_state=1), labels).table)


def test_the_interval_holds_the_value():
    ranking, labels = world(2)
    table = evaluate(ranking, labels).table
    assert ((table["low"] <= table["value"]) & (table["value"] <= table["high"])).all()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"by": "firm"}, "'by' parameter of evaluate must be one of"),
        ({"k": 0}, "'k' parameter of evaluate must be an int >= 1"),
        ({"gain": "huge"}, "'gain' parameter"),
        ({"unjudged": "maybe"}, "'unjudged' parameter"),
        ({"relevant": 9}, "No label reaches the relevance 9"),
        ({"labels": LABELS.drop(columns="relevance")}, "labels table has no column relevance"),
        ({"labels": LABELS.assign(relevance=["x", 0, 1, 2])}, "relevance that is no number in row 1"),
        ({"labels": LABELS.assign(relevance=-1)}, "relevance below 0"),
        ({"ranking": pd.concat([ranked(1), ranked(1)])}, "lists the pair a, 1 twice"),
    ],
)
def test_bad_input_is_told(changes, message):
    with pytest.raises(InputError, match=message):
        evaluate(**{"ranking": ranked(1), "labels": LABELS, **changes})


def test_from_the_command_line(tmp_path, capsys):
    ranked(1, 4, 2).to_csv(tmp_path / "r.csv", index=False)
    LABELS.to_csv(tmp_path / "l.csv", index=False)
    arguments = ["evaluate", str(tmp_path / "r.csv"), str(tmp_path / "l.csv"), "-o", str(tmp_path / "q.csv")]
    assert main([*arguments, "--against", str(tmp_path / "r.csv")]) == DONE
    told = capsys.readouterr().out
    assert told.startswith("1 queries")
    assert "nDCG@10" in told
    assert "p = 1.0000" in told
    assert len(pd.read_csv(tmp_path / "q.csv")) == 1
    assert main(["evaluate", str(tmp_path / "нет.csv"), str(tmp_path / "l.csv")]) == COULD_NOT_RUN

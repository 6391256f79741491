"""The second stage: learnt from labels, judged on vacancies held out, saved without pickle, explained by its own terms."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from matcher import Matcher, Reranker, StoreError, evaluate, judged, learn_reranker, store
from matcher.cli import main
from matcher.errors import MatcherError
from matcher.ranking.second import features
from matcher.ranking.trees import Trees

SAMPLES = Path(__file__).parents[1] / "data" / "samples"
CANDIDATES, VACANCIES = SAMPLES / "candidates.csv", SAMPLES / "vacancies.csv"


@pytest.fixture(scope="module")
def engine() -> Matcher:
    return Matcher().fit(VACANCIES)


@pytest.fixture(scope="module")
def labels(engine) -> pd.DataFrame:
    """Labels of somebody who looks at skills alone."""
    scored = engine.score(CANDIDATES, VACANCIES)
    rows = []
    for j in np.flatnonzero(scored.model.usable_columns):
        i = np.flatnonzero(scored.model.usable_rows)
        names, degrees = judged.degrees_of(scored, i, np.full(len(i), j))
        grades = np.digitize(degrees[:, names.index("skills")], [0.15, 0.3, 0.5])
        rows += [
            (scored.requests[j].record.id, scored.profiles[a].record.id, g) for a, g in zip(i, grades, strict=True)
        ]
    return pd.DataFrame(rows, columns=["vacancy_id", "candidate_id", "relevance"])


@pytest.fixture(scope="module", params=["hist", "lightgbm"])
def found(request, engine, labels):
    return learn_reranker(engine, CANDIDATES, VACANCIES, labels, learner=request.param)


@pytest.fixture(scope="module")
def second(found):
    return Matcher(reranker=found.reranker).fit(VACANCIES)


def test_it_learns_what_labels_speak_for(engine, labels, found, second):
    assert found.is_significant
    before, after = (e.rank(CANDIDATES, top=None) for e in (engine, second))
    assert evaluate(after, labels, against=before).table.iloc[0]["difference_low"] > 0


def test_it_declines_on_shuffled_labels(engine, labels):
    chance = np.random.default_rng(0)
    shuffled = labels.assign(relevance=labels.groupby("vacancy_id")["relevance"].transform(chance.permutation))
    found = learn_reranker(engine, CANDIDATES, VACANCIES, shuffled)
    assert not found.is_significant
    assert "not significant" in found.to_text()


def test_contributions_add_up_and_the_first_score_stays(engine, second):
    first = engine.rank(CANDIDATES, top=None).set_index(["vacancy_id", "candidate_id"])["score"]
    result = second.run(CANDIDATES, top=10)
    frame = result.ranking
    parts = frame.columns[frame.columns.get_loc("score_first") + 1 :]
    assert "base" in parts
    assert (frame[parts].fillna(0).sum(axis=1) == frame["score"]).all()
    assert frame["score"].between(0, 1).all()
    for _, rows in frame.groupby("vacancy_id"):
        assert rows["rank"].tolist() == list(range(1, len(rows) + 1))
        assert rows["score"].is_monotonic_decreasing
    for row in frame.sample(10, random_state=0).itertuples():
        assert first[row.vacancy_id, row.candidate_id] == row.score_first
        told = result.explain(row.candidate_id, row.vacancy_id)
        assert told.score == row.score
        assert told.terms.score == row.score_first
        assert "Оценка второй ступени" in told.to_text()


def test_only_the_first_of_a_list_are_reordered(engine, second):
    few = Matcher({"rerank": {"first": 3}}, reranker=second.reranker).fit(VACANCIES)
    one, other = (e.rank(CANDIDATES, top=3).groupby("vacancy_id")["candidate_id"].agg(set) for e in (engine, few))
    assert one.equals(other)


def test_more_of_a_criterion_never_hurts(engine, found):
    scored = engine.score(CANDIDATES, VACANCIES)
    names = found.reranker.stage.names
    rows = np.repeat(np.arange(len(scored.profiles)), 3)
    x = features(scored.model, rows, np.tile(np.arange(3), len(scored.profiles)), names)
    before = found.reranker.stage.trees.predict(x)
    for k in range(len(names)):
        more = x.copy()
        more[:, k] = np.where(np.isnan(x[:, k]), np.nan, np.minimum(1, x[:, k] + 0.3))
        assert (found.reranker.stage.trees.predict(more) >= before - 1e-9).all()


def test_saved_and_loaded_it_is_the_same(second, tmp_path):
    second.reranker.save(tmp_path / "r")
    loaded = Reranker.load(tmp_path / "r")
    assert loaded.fingerprint == second.reranker.fingerprint
    second.save(tmp_path / "e")
    engine = Matcher.load(tmp_path / "e")
    assert engine.rank(CANDIDATES).equals(second.rank(CANDIDATES))
    assert engine.about() == second.about()


@pytest.mark.parametrize(
    "name, change",
    [
        ("left", lambda a: a * 0),  # a circle
        ("right", lambda a: a + 10**6),
        ("feature", lambda a: a + 100),
        ("roots", lambda a: a - 5),
        ("value", lambda a: a * np.nan),
        ("threshold", lambda a: a[:-1]),
    ],
)
def test_trees_that_are_none_are_refused(second, tmp_path, name, change):
    arrays = second.reranker.to_arrays()
    arrays[f"reranker_{name}"] = change(arrays[f"reranker_{name}"])
    store.write(tmp_path / "r", "reranker", {}, {"reranker": list(second.reranker.stage.names)}, arrays)
    with pytest.raises(StoreError, match="is damaged"):
        Reranker.load(tmp_path / "r")


def test_an_array_that_is_missing_is_told(second, tmp_path):
    arrays = second.reranker.to_arrays()
    del arrays["reranker_left"]
    store.write(tmp_path / "r", "reranker", {}, {"reranker": list(second.reranker.stage.names)}, arrays)
    with pytest.raises(StoreError, match="is damaged: 'left'"):
        Reranker.load(tmp_path / "r")


def test_a_tree_by_hand():
    trees = Trees(
        roots=np.array([0]), feature=np.array([1, -1, 0, -1, -1]), left=np.array([1, 0, 3, 0, 0]),
        right=np.array([2, 0, 4, 0, 0]), threshold=np.array([0.5, 0, 0.2, 0, 0]),
        missing_left=np.array([True, False, False, False, False]), value=np.array([0.4, 0.1, 0.6, 0.5, 0.9]), base=0.05,
    )  # fmt: skip
    x = np.array([[0.0, 0.5], [0.1, 0.9], [0.3, 0.9], [np.nan, 0.9], [0.0, np.nan]])
    assert trees.predict(x) == pytest.approx([0.15, 0.55, 0.95, 0.95, 0.15])
    assert trees.contributions(x)[1] == pytest.approx([-0.1, 0.2, 0.45])


def test_a_wrong_learner_is_told(engine):
    with pytest.raises(MatcherError, match="learner"):
        learn_reranker(engine, CANDIDATES, VACANCIES, SAMPLES / "labels.csv", learner="forest")


def test_the_command(labels, tmp_path, capsys):
    labels.to_csv(tmp_path / "l.csv", index=False)
    tables = [str(CANDIDATES), str(VACANCIES)]
    assert main(["reranker", *tables, str(tmp_path / "l.csv"), "-o", str(tmp_path / "r"), "--jobs", "1"]) == 0
    assert "Reranker saved" in capsys.readouterr().out
    out = tmp_path / "out.csv"
    assert main(["rank", *tables, "-o", str(out), "--reranker", str(tmp_path / "r"), "--jobs", "1", "--quiet"]) == 0
    assert {"score", "score_first", "base"} < set(pd.read_csv(out).columns)

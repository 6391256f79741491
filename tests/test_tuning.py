"""Tuning finds weights that labels speak for, and declines where they say nothing; sensitivity is exact."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from matcher import InputError, Matcher, Settings, evaluate, judged, sensitivity, tune
from matcher.cli import main
from matcher.settings import Weights

SAMPLES = Path(__file__).parents[1] / "data" / "samples"
CANDIDATES, VACANCIES = SAMPLES / "candidates.csv", SAMPLES / "vacancies.csv"


@pytest.fixture(scope="module")
def engine() -> Matcher:
    return Matcher().fit(VACANCIES)


@pytest.fixture(scope="module")
def told_by_skills(engine) -> pd.DataFrame:
    """Labels of somebody who looks at skills alone."""
    scored = engine.score(CANDIDATES, VACANCIES)
    rows = []
    for j in np.flatnonzero(scored.model.usable_columns):
        i = np.flatnonzero(scored.model.usable_rows)
        names, degrees = judged.degrees_of(scored, i, np.full(len(i), j))
        skills = degrees[:, names.index("skills")]
        if np.ptp(skills) > 0:
            grades = np.digitize(skills, [0.1, 0.3, 0.5])
            rows += [
                (scored.requests[j].record.id, scored.profiles[a].record.id, g) for a, g in zip(i, grades, strict=True)
            ]
    return pd.DataFrame(rows, columns=["vacancy_id", "candidate_id", "relevance"])


def test_tuning_finds_what_labels_speak_for(engine, told_by_skills):
    found = tune(engine, CANDIDATES, VACANCIES, told_by_skills)
    assert found.is_significant
    assert found.weights["skills"] > engine.settings.weights.skills
    assert found.settings.weights.skills == found.weights["skills"]
    assert found.calibration.is_significant
    assert found.settings.calibration == found.calibration.curve
    assert sum(found.weights.values()) == pytest.approx(sum(asdict(engine.settings.weights).values()), abs=1e-3)
    before = engine.rank(CANDIDATES, VACANCIES, top=None)
    after = Matcher(found.settings).fit(VACANCIES).rank(CANDIDATES, VACANCIES, top=None)
    gain = evaluate(after, told_by_skills, against=before).table.iloc[0]
    assert gain["difference_low"] > 0


def test_tuning_is_seeded(engine, told_by_skills):
    one, other = (tune(engine, CANDIDATES, VACANCIES, told_by_skills, seed=3) for _ in range(2))
    assert one == other


def test_tuning_declines_on_shuffled_labels(engine, told_by_skills):
    shuffled = told_by_skills.copy()
    chance = np.random.default_rng(0)
    shuffled["relevance"] = shuffled.groupby("vacancy_id")["relevance"].transform(chance.permutation)
    found = tune(engine, CANDIDATES, VACANCIES, shuffled)
    assert not found.is_significant
    assert not found.is_worth_writing
    assert found.settings == engine.settings
    assert "left as they were" in found.to_text()


def test_outcomes_are_labels_and_those_in_flight_are_left_out(engine):
    words = {"hired": 3.0, "приглашён": 2.0, "Отказ": 0.0}
    rows = [{"vacancy_id": "v01", "candidate_id": f"c00{n}", "outcome": w} for n, w in enumerate([*words, "viewed"], 1)]
    assert [r for *_, r in judged._labels(pd.DataFrame(rows))] == list(words.values())
    with pytest.raises(InputError, match=r"row 1.*'perhaps'"):
        judged._labels(pd.DataFrame([{**rows[0], "outcome": "perhaps"}]))


def test_too_few_labels_are_refused(engine):
    labels = pd.DataFrame({"vacancy_id": ["v01"] * 2, "candidate_id": ["c002", "c004"], "relevance": [0, 2]})
    with pytest.raises(InputError, match="at least 10 vacancies"):
        tune(engine, CANDIDATES, VACANCIES, labels)


def test_a_column_that_is_missing_is_named(engine):
    with pytest.raises(InputError, match="no column candidate_id"):
        tune(engine, CANDIDATES, VACANCIES, pd.DataFrame({"vacancy_id": ["v01"], "relevance": [1]}))


def test_the_command_writes_settings_only_where_the_gain_is_significant(told_by_skills, tmp_path, capsys):
    labels, out = tmp_path / "labels.csv", tmp_path / "tuned.toml"
    told_by_skills.to_csv(labels, index=False)
    assert main(["tune", str(CANDIDATES), str(VACANCIES), str(labels), "-o", str(out), "--jobs", "1"]) == 0
    assert Settings.load(out).weights.skills > Weights().skills
    out.unlink()
    told_by_skills.assign(relevance=np.arange(len(told_by_skills)) % 3).to_csv(labels, index=False)
    assert main(["tune", str(CANDIDATES), str(VACANCIES), str(labels), "-o", str(out), "--jobs", "1"]) == 0
    assert not out.exists()
    assert "was not written" in capsys.readouterr().out


def test_a_list_keeps_its_members_within_the_range_of_a_weight_and_changes_beyond(engine):
    found = sensitivity(engine, CANDIDATES, VACANCIES, top=5)
    assert {"skills", "role", "profile", "title", "text"} <= set(found["criterion"])
    members = _members(engine.settings)
    tested = 0
    for criterion in ("role", "text"):
        rows = found[found["criterion"] == criterion]
        for factor in (0.7, 1.4):
            weight = rows["weight"].iloc[0] * factor
            moved = _members(replace(engine.settings, weights=replace(engine.settings.weights, **{criterion: weight})))
            for row in rows.itertuples():
                if min(abs(weight - row.low), abs(weight - row.high)) < 0.004:
                    continue  # weights and degrees are rounded
                stays = row.low < weight < row.high
                assert (moved[row.vacancy_id] == members[row.vacancy_id]) == stays, (criterion, factor, row)
                tested += 1
    assert tested > 60


def _members(settings: Settings) -> dict[object, frozenset[object]]:
    ranking = Matcher(settings).fit(VACANCIES).rank(CANDIDATES, VACANCIES, top=5)
    return {name: frozenset(g) for name, g in ranking.groupby("vacancy_id")["candidate_id"]}


def test_the_command_of_sensitivity(tmp_path, capsys):
    out = tmp_path / "moves.jsonl"
    assert main(["sensitivity", str(CANDIDATES), str(VACANCIES), "-o", str(out), "--jobs", "1"]) == 0
    assert "x 0.5" in capsys.readouterr().out
    row = json.loads(out.read_text(encoding="utf-8").splitlines()[0])
    assert set(row) == {"vacancy_id", "criterion", "weight", "low", "high"}

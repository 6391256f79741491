"""The engine from tables to ranking: what goes in, what comes out, and what is refused in one sentence."""

from __future__ import annotations

import datetime as dt
import json

import pandas as pd
import pytest

from matcher import Matcher, Settings, StoreError, Taxonomy, columns, store
from matcher.errors import MatcherError, SettingsError

TODAY = dt.date(2026, 9, 1)
VACANCIES = [
    {"id": "v1", "title": "Токарь", "must_skills": ["токарные работы", "чтение чертежей"], "start": "2026-10-01",
     "end": "2026-12-31", "languages": ["en:B1"]},
    {"id": "v2", "title": "Бухгалтер", "must_skills": ["1С:Бухгалтерия", "Excel"], "statuses": ["student"]},
]  # fmt: skip
CANDIDATES = [
    {"id": 7, "title": "токарь", "skills": ["токарный станок", "читаю чертежи"], "status": "worker"},
    {"id": 10, "title": "бухгалтер", "skills": ["1С", "эксель"], "status": "student"},
    {"id": 9, "skills": ["Excel"], "available_to": "2026-09-15"},
    {"id": 11},
    {"id": 12, "course": "девятый", "skills": ["Excel"]},
]
READABLE = CANDIDATES[:-1]
HEAD = list(columns.RANKING_HEAD)


@pytest.fixture(scope="module")
def engine():
    return Matcher(today=TODAY).fit(VACANCIES)


@pytest.fixture(scope="module")
def result(engine):
    return engine.run(CANDIDATES)


def test_the_ranking(result):
    frame = result.ranking
    assert frame[["vacancy_id", "candidate_id", "rank"]].to_numpy().tolist() == [
        ["v1", 7, 1], ["v1", 10, 2], ["v2", 10, 1], ["v2", 9, 2],
    ]  # fmt: skip
    assert list(frame.columns[:5]) == HEAD
    assert frame.columns[-1] == "thinness"
    assert frame["languages"].isna().tolist() == [False, False, True, True]  # the second states none


def test_what_is_not_ranked_is_accounted_for(result):
    rejected = result.rejections.to_numpy().tolist()
    assert rejected == [["v1", 9, "dates"], ["v2", 7, "status"]]
    assert list(result.rejections.columns) == list(columns.REJECTIONS)
    assert result.insufficient.to_numpy().tolist() == [["candidates", 11]]
    assert result.quarantine[["table", "row", "column"]].to_numpy().tolist() == [["candidates", 5, "course"]]
    s = result.summary
    assert (s.pairs, s.scored, dict(s.refused)) == (6, 4, {"dates": 1, "status": 1})
    assert (s.candidates.rows, s.candidates.usable, s.candidates.quarantined) == (5, 3, 1)


def test_the_other_way_round(engine, result):
    frame = engine.rank(READABLE, by="candidate", top=1)
    assert frame[["candidate_id", "vacancy_id", "rank"]].to_numpy().tolist() == [
        [10, "v2", 1],
        [7, "v1", 1],
        [9, "v2", 1],
    ]


def test_other_vacancies_than_the_fitted_ones_can_be_ranked(engine):
    frame = engine.rank(CANDIDATES[:2], [{"id": 5, "title": "Фрезеровщик", "must_skills": "фрезерные работы"}])
    assert set(frame.vacancy_id) == {5}
    assert frame.candidate_id.iloc[0] == 7


def test_an_engine_that_was_never_fitted_learns_from_the_vacancies_given(engine, result):
    frame = Matcher(today=TODAY).rank(READABLE, VACANCIES)
    pd.testing.assert_frame_equal(frame, result.ranking)


def test_explanations_come_with_the_table_where_asked(engine, result):
    frame = engine.run(CANDIDATES, explain=True).ranking
    for row in frame.to_dict("records"):
        data = json.loads(row["explanation"])
        assert (data["vacancy_id"], data["candidate_id"]) == (row["vacancy_id"], row["candidate_id"])
        assert data["score"] == row["score"]
    pd.testing.assert_frame_equal(frame.drop(columns="explanation"), result.ranking)


def test_refused_pairs_can_be_explained(engine):
    told = engine.explain(CANDIDATES[0], VACANCIES[1])
    assert told.terms.refused == ("status",)
    assert "Не показан" in told.to_text()


def test_a_pair_by_ids(engine, result):
    told = engine.explain_in(CANDIDATES, VACANCIES, "7", "v1")
    assert told.score == result.explain(7, "v1").score == result.ranking.score.iloc[0]
    with pytest.raises(MatcherError, match="no candidate 'x' among"):
        engine.explain_in(CANDIDATES, VACANCIES, "x", "v1")
    with pytest.raises(MatcherError, match="no vacancy 'x' in this run"):
        result.explain(7, "x")


def test_exclude(engine, result):
    pairs = pd.DataFrame({"vacancy_id": ["v1", "v1", "none"], "candidate_id": ["7", 9, 7]})
    cut = engine.run(CANDIDATES, exclude=pairs)
    assert cut.ranking[["vacancy_id", "candidate_id"]].to_numpy().tolist() == [["v1", 10], ["v2", 10], ["v2", 9]]
    assert cut.summary.excluded == 1


def test_contributions_add_up(result):
    frame = result.ranking
    parts = frame.drop(columns=HEAD).fillna(0)
    assert parts.sum(axis=1).tolist() == frame.score.tolist()


@pytest.mark.parametrize("candidates, vacancies", [([], VACANCIES), (CANDIDATES, []), ([], [])])
@pytest.mark.parametrize("by", ["vacancy", "candidate"])
def test_empty_inputs_give_empty_tables_with_the_right_columns(engine, result, candidates, vacancies, by):
    empty = engine.run(candidates, vacancies, by=by)
    full = result.ranking
    assert list(empty.ranking.columns) == list(full.columns)
    assert len(empty.ranking) == 0
    dtypes = empty.ranking.dtypes
    assert dtypes["rank"] == "int64"
    assert all(dtypes[c] == "float64" for c in full.columns if c not in HEAD[:3])
    assert list(empty.rejections.columns) == list(columns.REJECTIONS)
    assert list(empty.quarantine.columns) == list(columns.QUARANTINE)
    assert (empty.summary.pairs, empty.summary.ranked_pairs) == (0, 0)
    assert list(engine.run(candidates, vacancies, by=by, explain=True).ranking.columns) == [
        *full.columns,
        "explanation",
    ]


def test_fitting_on_nothing_is_no_fault():
    assert len(Matcher().fit([]).rank(READABLE)) == 0
    assert len(Matcher().fit([]).rank(CANDIDATES[:1], VACANCIES[:1])) == 1


@pytest.mark.parametrize(
    "ids, dtype", [([3, 1], "int64"), (["3", "x"], object), ([3, "x"], object), ([10**20, 3], object)]
)
def test_ids_keep_their_type(engine, ids, dtype):
    frame = engine.rank([{"id": i, "skills": "Excel"} for i in ids], [{"id": 1, "must_skills": "Excel"}])
    assert frame.candidate_id.dtype == dtype
    assert set(frame.candidate_id.tolist()) == set(ids)


@pytest.mark.parametrize(
    "call, told",
    [
        (lambda: Matcher(settings=3), "The 'settings' parameter of Matcher must be"),
        (lambda: Matcher(n_jobs=0), "The 'n_jobs' parameter of Matcher must be an int >= 1. Got 0."),
        (lambda: Matcher().rank(CANDIDATES), "give a table, or call fit first"),
        (lambda: Matcher().rank(CANDIDATES, VACANCIES, by="skill"), "The 'by' parameter of rank must be"),
        (lambda: Matcher().rank(CANDIDATES, VACANCIES, top=0), "The 'top' parameter of rank must be"),
        (lambda: Matcher().rank(CANDIDATES, VACANCIES, top=True), "The 'top' parameter of rank must be"),
        (lambda: Matcher().save("/tmp/never"), "needs a fitted engine"),
        (lambda: Matcher(agreements=[{"company": "А"}]), "institution"),
        (lambda: Matcher(agreements=[{"company": "А", "institution": ""}]), "has 1 bad rows; row 1: institution"),
        (lambda: Matcher().explain({"id": 1, "course": "x"}, {"id": 2}), "candidates row cannot be read: course"),
    ],
)
def test_misuse_is_told_in_one_sentence(call, told):
    with pytest.raises(MatcherError) as e:
        call()
    assert told in str(e.value)


def test_settings_may_be_a_mapping():
    assert Matcher({"weights": {"skills": 1}}).settings == Settings.from_mapping({"weights": {"skills": 1}})
    with pytest.raises(SettingsError, match="no section"):
        Matcher({"weight": {}})


def test_progress_is_told_stage_by_stage():
    told = []
    Matcher(progress=lambda *step: told.append(step)).rank(READABLE, VACANCIES)
    assert [stage for stage, done, total in told if done == total] == [
        "reading vacancies",
        "reading candidates",
        "ranking",
    ]


def test_frames_given_are_not_changed(engine):
    frame = pd.DataFrame(READABLE)
    before = frame.copy(deep=True)
    engine.rank(frame)
    pd.testing.assert_frame_equal(frame, before)


def test_a_notebook_shows_the_result(result):
    assert "pairs: 6" in result._repr_html_()


# ---------------------------------------------------------------- saving


@pytest.fixture
def saved(engine, tmp_path):
    engine.save(tmp_path / "e")
    return tmp_path / "e"


def test_a_loaded_engine_ranks_the_same(saved, result):
    loaded = Matcher.load(saved, today=TODAY)
    pd.testing.assert_frame_equal(loaded.rank(READABLE), result.ranking)


def test_weights_above_one_survive_the_saving(tmp_path):
    engine = Matcher({"tiers": {"must": 5}}, today=TODAY).fit(VACANCIES)
    engine.save(tmp_path / "e")
    again = Matcher.load(tmp_path / "e", today=TODAY)
    pd.testing.assert_frame_equal(again.rank(READABLE), engine.rank(READABLE))


def test_agreements_are_saved(tmp_path):
    agreements = [{"company": "Прибор", "institution": "МИЭТ", "from": "2026-01-01"}]
    Matcher(agreements=agreements).fit(VACANCIES).save(tmp_path / "e")
    (agreement,) = Matcher.load(tmp_path / "e").agreements
    assert (agreement.company, agreement.start) == ("Прибор", dt.date(2026, 1, 1))


def edit(saved, **changes):
    path = saved / store.MANIFEST
    path.write_text(json.dumps({**json.loads(path.read_bytes()), **changes}), encoding="utf-8")


@pytest.mark.parametrize(
    "changes, told",
    [
        ({"taxonomy": "0000"}, "was saved with taxonomy '0000'"),
        ({"dictionary": "1.0"}, "was saved with dictionary '1.0'"),
        ({"settings": {"weights": {"skills": -1}}}, "skills must be a number"),
        ({"settings": {"weights": {"skills": 0.21}}}, "its settings are not those it was saved with"),
        ({"settings": None}, "is incomplete"),
        ({"files": {}}, "is incomplete"),
    ],
)
def test_a_changed_manifest_is_refused(saved, changes, told):
    edit(saved, **changes)
    with pytest.raises(StoreError, match=told):
        Matcher.load(saved)


def test_another_taxonomy_is_refused(saved):
    own = Taxonomy([{**dict.fromkeys(("label_en", "parents", "kin", "implies", "typical", "aliases", "source"), ""),
                     "id": "x", "label": "Икс", "kind": "skill"}])  # fmt: skip
    with pytest.raises(StoreError, match="was saved with taxonomy"):
        Matcher.load(saved, taxonomy=own)


def test_an_explanation_tells_the_place_in_the_list():
    vacancies = [
        {"id": "v", "title": "Токарь", "must_skills": ["токарные работы", "чтение чертежей"], "statuses": ["student"]}
    ]
    people = [
        {"id": 1, "skills": "токарные работы; чтение чертежей"},
        {"id": 2, "skills": "токарные работы"},
        {"id": 3, "skills": "1С"},
        {"id": 4, "skills": "токарные работы", "status": "worker"},
        {"id": 5, "skills": "токарные работы"},
    ]
    engine = Matcher().fit(vacancies)
    result = engine.run(people, top=None, percentile=True)
    for row in result.ranking.itertuples():
        place = result.explain(row.candidate_id, "v").place
        assert (place.rank, place.of) == (row.rank, 4)
        assert place.percentile == row.percentile
    assert result.explain(4, "v").place is None  # refused, and told why
    assert "работающий" in result.explain(4, "v").to_text()
    assert engine.explain(people[1], vacancies[0]).place is None  # nobody to stand among
    assert engine.explain_in(people, vacancies, 2, "v", place=True).place.of == 4

"""The live index: it answers as a batch does, after any changes, from any thread."""

from __future__ import annotations

import itertools
import random
import shutil
import subprocess
import sys
import threading

import pandas as pd
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from matcher import InputError, Matcher, MatcherError, StoreError, index
from matcher.ranking import kernel, loop, segment
from matcher.tables import read_candidates, read_vacancies
from test_streaming import CANDIDATES, SAMPLES, VACANCIES

PEOPLE = pd.read_csv(CANDIDATES, dtype=object, keep_default_na=False).to_dict("records")
PLACES = pd.read_csv(VACANCIES, dtype=object, keep_default_na=False).to_dict("records")
WAYS = pytest.mark.parametrize("is_compiled", [False, True], ids=["plain", "compiled"])


@pytest.fixture(scope="module")
def engine():
    return Matcher(agreements=SAMPLES / "agreements.csv").fit(PLACES)


def told(ranking, vacancy_id):
    rows = ranking[ranking["vacancy_id"] == vacancy_id]
    return list(zip(rows["candidate_id"], rows["score"], strict=True))


def answer(live, vacancy, top=7):
    found = live.query(vacancy, top)
    return list(zip(found.ids, found.scores, strict=True))


@WAYS
@pytest.mark.parametrize("slots", [1, 12, 256])
def test_it_answers_as_a_batch_does(engine, is_compiled, slots, monkeypatch):
    if is_compiled:
        pytest.importorskip("numba")
    else:
        monkeypatch.setattr(loop, "is_there", lambda: False)
    monkeypatch.setattr(segment, "FEWEST_SLOTS", slots)
    monkeypatch.setattr(segment, "MEMORY", 0)
    ranking = engine.rank(PEOPLE, PLACES, top=7)
    live = engine.index(PEOPLE)
    for vacancy in PLACES:
        assert answer(live, vacancy) == told(ranking, vacancy["id"]), vacancy["id"]


@pytest.mark.parametrize("block", [5, 1 << 14])
@pytest.mark.parametrize("fewest", [1, 64])
def test_it_answers_so_whatever_is_held_densely_and_in_blocks(engine, block, fewest, monkeypatch):
    pytest.importorskip("numba")
    monkeypatch.setattr(loop, "compiled", lambda: loop.tops_of_queries)
    monkeypatch.setattr(loop, "BLOCK", block)
    monkeypatch.setattr(kernel, "FEWEST_DENSE", fewest)
    ranking, live = engine.rank(PEOPLE, PLACES, top=7), engine.index(PEOPLE)
    before = live.nbytes
    for vacancy in PLACES:
        assert answer(live, vacancy) == told(ranking, vacancy["id"]), vacancy["id"]
    assert live.nbytes > before


@WAYS
def test_it_knows_caps_neutral_degrees_and_levels(is_compiled, monkeypatch):
    monkeypatch.setattr(loop, "is_there", lambda: is_compiled and loop.find_spec("numba") is not None)
    told_settings = {"unknown": {"languages": 0.4, "licences": 0.2}, "scoring": {"dealbreaker": 0.2}}
    people = [
        {"id": 1, "skills": "Python", "languages": "en:B2"}, {"id": 2, "skills": "не знаю Python; SQL"},
        {"id": 3, "text": "эксперт Python, английский A2", "licences": "driver:B"}, {"id": 4, "skills": "SQL"},
        {"id": 5}, {"id": "a", "title": "программист", "skills": "программирование"},
    ]  # fmt: skip
    places = [
        {"id": "v1", "title": "Программист", "must_skills": "Python; SQL", "dealbreakers": "Python"},
        {"id": "v2", "title": "Водитель", "licences": "driver:B", "languages": "en:B1", "must_skills": "Python"},
        {"id": "v3"},
    ]  # fmt: skip
    engine = Matcher(told_settings).fit(places)
    ranking, live = engine.rank(people, places, top=7), engine.index(people)
    for place in places:
        assert answer(live, place) == told(ranking, place["id"])


def test_contributions_and_explanations_are_those_of_a_batch(engine):
    live, vacancy = engine.index(PEOPLE), PLACES[0]
    whole = engine.run(PEOPLE, [vacancy], top=5)
    found = live.query(vacancy, 5)
    pd.testing.assert_frame_equal(found.ranking, whole.ranking)
    first = found[0]
    assert (first.rank, first.score) == (1, whole.ranking["score"][0])
    assert [m.rank for m in found[1:3]] == [2, 3]
    told_text = whole.explain(first.candidate_id, vacancy["id"]).to_dict()
    for explanation in (found.explain(first.candidate_id), live.explain(first.candidate_id, vacancy)):
        assert explanation.to_dict() | {"place": None} == told_text | {"place": None}
    assert "candidate_id" in found._repr_html_()


def test_ids_and_length(engine):
    live = engine.index(PEOPLE[:50])
    live.add(PEOPLE[50])
    assert len(live) == 51
    assert PEOPLE[3]["id"] in live
    assert sorted(live) == sorted(p["id"] for p in PEOPLE[:51])
    assert live.nbytes > 0
    assert [len(m) for m in live.query_many(PLACES[:2], 3)] == [3, 3]


def test_bad_rows_are_told(engine):
    live = engine.index([*PEOPLE[:5], {"id": "bad", "course": "пятый"}])
    assert [q["id"] for q in live.quarantine] == ["bad"]
    for change in (live.add, live.update):
        with pytest.raises(InputError, match="course"):
            change([{"id": "n1"}, {"id": "bad", "course": "пятый"}])
    assert "n1" not in live
    with pytest.raises(InputError, match="use update"):
        live.add(PEOPLE[0])
    with pytest.raises(MatcherError, match="no candidate 'ghost'"):
        live.remove([PEOPLE[0]["id"], "ghost"])
    assert PEOPLE[0]["id"] in live
    with pytest.raises(MatcherError, match="candidate_ids"):
        live.remove("c1")
    with pytest.raises(InputError, match="vacancies"):
        live.query({"id": "v", "start": "завтра"})
    with pytest.raises(MatcherError, match="top"):
        live.query(PLACES[0], 0)
    with pytest.raises(MatcherError, match="no candidate"):
        live.explain("ghost", PLACES[0])


def test_what_cannot_be_served_is_told():
    with pytest.raises(MatcherError, match="fit first"):
        Matcher().index(PEOPLE)
    with pytest.raises(MatcherError, match="one way"):
        Matcher({"wishes": {"combine": "weighted"}}).fit(PLACES).index(PEOPLE)


class Changes(RuleBasedStateMachine):
    """Any order of additions, changes and removals; a batch over who is there is the oracle."""

    engine = None

    def __init__(self):
        super().__init__()
        Changes.engine = Changes.engine or Matcher().fit(PLACES)
        self.there = {p["id"]: p for p in PEOPLE[:6]}
        self.live = self.engine.index(list(self.there.values()))

    @rule(first=st.integers(0, len(PEOPLE) - 1), n=st.integers(1, 40))
    def add_or_change(self, first, n):
        new = {
            p["id"]: {**p, "skills": PEOPLE[(k + n) % len(PEOPLE)]["skills"]}
            for k, p in enumerate(PEOPLE[first : first + n])
        }
        self.there.update(new)
        self.live.update(list(new.values()))

    @rule(share=st.floats(0, 1))
    def remove(self, share):
        leaving = list(self.there)[: int(share * len(self.there))]
        for name in leaving:
            del self.there[name]
        self.live.remove(leaving)

    @rule()
    def compact(self):
        self.live.compact()

    @invariant()
    def answers_as_a_batch(self):
        assert len(self.live) == len(self.there)
        vacancy = PLACES[len(self.there) % len(PLACES)]
        ranking = self.engine.rank(list(self.there.values()), [vacancy], top=5)
        assert answer(self.live, vacancy, 5) == told(ranking, vacancy["id"])


@pytest.fixture(autouse=True)
def small_segments(monkeypatch):
    monkeypatch.setattr(index, "_RECENT", 24)
    monkeypatch.setattr(index, "_BUFFERED", 8)
    monkeypatch.setattr(index, "_BLOCK", 7)


TestChanges = Changes.TestCase
TestChanges.settings = settings(
    max_examples=12, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
)


def test_threads_may_ask_while_one_writes(engine):
    live, faults, stop = engine.index(PEOPLE[:40]), [], threading.Event()

    def ask(seed):
        chance = random.Random(seed)
        try:
            while not stop.is_set():
                found = live.query(chance.choice(PLACES), 5)
                assert found.scores == sorted(found.scores, reverse=True)
        except BaseException as e:  # told in the main thread
            faults.append(e)

    asking = [threading.Thread(target=ask, args=(n,)) for n in range(3)]
    for thread in asking:
        thread.start()
    for person in itertools.islice(itertools.cycle(PEOPLE), 150):
        live.update(person)
        live.remove([PEOPLE[0]["id"]] if PEOPLE[0]["id"] in live else [])
    stop.set()
    for thread in asking:
        thread.join()
    assert not faults
    here = [p for p in PEOPLE if p["id"] in live]
    assert answer(live, PLACES[1]) == told(engine.rank(here, [PLACES[1]], top=7), PLACES[1]["id"])


# ---------------------------------------------------------------- saved


@pytest.fixture(scope="module")
def saved(engine, tmp_path_factory):
    live = engine.index(PEOPLE[:60])
    live.add(PEOPLE[60:65])
    live.remove([PEOPLE[2]["id"]])
    folder = tmp_path_factory.mktemp("saved") / "index"
    live.save(folder)
    return live, folder


@pytest.mark.parametrize("verify", [True, False])
def test_a_loaded_index_is_the_one_saved(saved, verify):
    live, folder = saved
    again = Matcher.load_index(folder, verify=verify)
    assert sorted(again) == sorted(live)
    for vacancy in PLACES[::3]:
        assert answer(again, vacancy) == answer(live, vacancy)
    pd.testing.assert_frame_equal(again.query(PLACES[0]).ranking, live.query(PLACES[0]).ranking)
    again.add(PEOPLE[70])
    again.remove([PEOPLE[0]["id"]])
    again.compact()
    here = [p for p in PEOPLE if p["id"] in again]
    assert len(here) == len(again) == 64
    engine = Matcher.load_index(folder)._engine
    assert answer(again, PLACES[1]) == told(engine.rank(here, [PLACES[1]], top=7), PLACES[1]["id"])


def test_ids_keep_their_types_and_dates_their_days(tmp_path):
    people = [{"id": 7, "skills": "Python", "available_from": "2026-10-01"}, {"id": "7a", "skills": "не знаю Python"}]
    engine = Matcher().fit([{"id": "v", "must_skills": "Python", "start": "2026-10-05", "end": "2026-12-01"}])
    live = engine.index(people)
    live.save(tmp_path / "i")
    again = Matcher.load_index(tmp_path / "i")
    vacancy = {"id": "v", "must_skills": "Python", "start": "2026-09-05", "end": "2026-09-20"}
    assert answer(again, vacancy) == answer(live, vacancy) == told(engine.rank(people, [vacancy]), "v")
    assert set(again) == {7, "7a"}


def test_an_engine_is_no_index_and_the_other_way_round(saved, engine, tmp_path):
    _, folder = saved
    with pytest.raises(StoreError, match="'index', not 'engine'"):
        Matcher.load(folder)
    engine.save(tmp_path / "e")
    with pytest.raises(StoreError, match="'engine', not 'index'"):
        Matcher.load_index(tmp_path / "e")


@pytest.mark.parametrize("n_damages", [250, pytest.param(3000, marks=pytest.mark.nightly)])
def test_a_damaged_file_is_refused_or_read_right(saved, tmp_path, n_damages):
    """A byte changed, cut off or put in, in every file; the manifest's spaces may change without harm."""
    live, folder = saved
    wanted = answer(live, PLACES[0])
    chance, copy = random.Random(3), tmp_path / "copy"
    shutil.copytree(folder, copy)
    names = sorted(p.name for p in copy.iterdir())
    n_refused = 0
    for number in range(n_damages):
        path = copy / names[number % len(names)]
        whole = path.read_bytes()
        at = chance.randrange(len(whole))
        piece = [bytes([whole[at] ^ 1 << chance.randrange(8)]), b"", b"x" + whole[at : at + 1]][number % 3]
        path.write_bytes(whole[:at] + piece + whole[at + 1 :] if number % 5 else whole[:at])
        try:
            again = Matcher.load_index(copy)
        except StoreError:
            n_refused += 1
        else:
            assert answer(again, PLACES[0]) == wanted, (path.name, at)
        path.write_bytes(whole)
    assert n_refused > 0.8 * n_damages
    assert answer(Matcher.load_index(copy), PLACES[0]) == wanted


def test_a_process_that_only_asks_imports_no_pandas_and_no_scikit_learn(saved):
    code = (
        "import sys, json; from matcher import Matcher\n"
        f"found = Matcher.load_index({str(saved[1])!r}).query({{'id': 1, 'title': 'токарь'}})\n"
        "assert len(found) == 10\n"
        "assert not {'pandas', 'sklearn'} & set(sys.modules), sorted(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=100)


# ---------------------------------------------------------------- the other way round


@pytest.mark.parametrize("wishes", ["off", "harmonic"])
def test_vacancies_answer_as_a_batch_does(wishes):
    engine = Matcher({"wishes": {"combine": wishes}}).fit(PLACES)
    live = engine.index_vacancies(PLACES[:20])
    there = {p["id"]: p for p in PLACES[:20]}

    def holds():
        assert sorted(live) == sorted(there)
        assert len(live) == len(there)
        for person in PEOPLE[:40:7]:
            ranking = engine.rank([person], list(there.values()), by="candidate", top=5)
            found = live.query(person, 5)
            pairs = zip(ranking["vacancy_id"], ranking["score"], strict=True)
            assert list(zip(found.ids, found.scores, strict=True)) == list(pairs)
            pd.testing.assert_frame_equal(found.ranking, ranking)

    holds()
    live.add(PLACES[20:24])
    there |= {p["id"]: p for p in PLACES[20:24]}
    holds()
    changed = {**PLACES[3], "title": "Повар", "must_skills": "холодный цех"}
    live.update([changed, PLACES[25]])
    there |= {changed["id"]: changed, PLACES[25]["id"]: PLACES[25]}
    holds()
    live.remove([PLACES[0]["id"], PLACES[21]["id"]])
    del there[PLACES[0]["id"]], there[PLACES[21]["id"]]
    holds()
    live.add(PLACES[0])
    there[PLACES[0]["id"]] = PLACES[0]
    holds()


def test_many_new_vacancies_are_worked_out_together(engine, monkeypatch):
    monkeypatch.setattr("matcher.vacancy_index._RECENT", 3)
    live = engine.index_vacancies(PLACES[:5])
    live.add(PLACES[5:7])
    live.add(PLACES[7])
    assert len(live._groups) == 1
    ranking = engine.rank([PEOPLE[1]], PLACES[:8], by="candidate", top=3)
    assert live.query(PEOPLE[1], 3).ids == ranking["vacancy_id"].tolist()
    told_text = engine.explain(PEOPLE[1], PLACES[7]).to_dict()
    assert live.explain(PEOPLE[1], PLACES[7]["id"]).to_dict() == told_text


def test_faults_of_vacancies_are_told(engine):
    live = engine.index_vacancies([*PLACES[:3], {"id": "bad", "start": "завтра"}])
    assert [q["id"] for q in live.quarantine] == ["bad"]
    with pytest.raises(InputError, match="use update"):
        live.add(PLACES[0])
    with pytest.raises(InputError, match="start"):
        live.update({"id": "bad", "start": "завтра"})
    with pytest.raises(MatcherError, match="no vacancy 'ghost'"):
        live.remove([PLACES[0]["id"], "ghost"])
    assert PLACES[0]["id"] in live
    with pytest.raises(MatcherError, match="vacancy_ids"):
        live.remove("v1")
    with pytest.raises(MatcherError, match="no vacancy"):
        live.explain(PEOPLE[0], "ghost")
    with pytest.raises(MatcherError, match="top"):
        live.query(PEOPLE[0], True)
    with pytest.raises(MatcherError, match="fit first"):
        Matcher().index_vacancies(PLACES)


def test_records_and_the_engine_can_be_asked_for(engine):
    live, places = engine.index(PEOPLE), engine.index_vacancies(PLACES[:5])
    assert live.engine is engine
    assert live.record(PEOPLE[4]["id"]) == read_candidates([PEOPLE[4]]).records[0]
    assert places.record(PLACES[3]["id"]) == read_vacancies([PLACES[3]]).records[0]
    live.remove([PEOPLE[4]["id"]])
    places.remove([PLACES[3]["id"]])
    with pytest.raises(MatcherError, match="no candidate"):
        live.record(PEOPLE[4]["id"])
    with pytest.raises(MatcherError, match="no vacancy"):
        places.record(PLACES[3]["id"])

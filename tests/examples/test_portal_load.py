"""The example service under load and through time: queues, deadlines, new snapshots, changes that survive them."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from portals import served

from matcher import StoreError
from matcher.schemas import CandidateIn
from portal.app import create_app
from portal.desk import BusyError, Desk, TooLateError
from portal.journal import Change, Journal
from portal.live import Live
from portal.settings import PortalSettings

KEY = {"Authorization": "Bearer key"}
ROW = {"id": "new", "title": "токарь", "skills": "читаю чертежи", "birth_date": "2009-12-31"}


def test_work_that_is_late_keeps_its_place_and_work_that_waits_never_begins():
    async def tried():
        go, begun = threading.Event(), []
        desk = Desk(workers=1, waiting=1, seconds=0.5)
        first = asyncio.create_task(desk.run(go.wait))
        second = asyncio.create_task(desk.run(begun.append, 1))
        while desk.inside < 2:
            await asyncio.sleep(0)
        with pytest.raises(BusyError):
            await desk.run(begun.append, 2)
        for late in (first, second):
            with pytest.raises(TooLateError):
                await late
        assert desk.inside == 1
        go.set()
        assert await desk.run(lambda: 3) == 3
        desk.close()
        assert (desk.inside, begun) == (0, [])

    asyncio.run(tried())


def test_an_error_of_the_work_is_handed_on():
    async def tried():
        desk = Desk(workers=1, waiting=0, seconds=1)
        with pytest.raises(ZeroDivisionError):
            await desk.run(lambda: 1 / 0)
        assert desk.inside == 0
        desk.close()

    asyncio.run(tried())


def test_an_answer_that_is_late_is_told(snapshot):
    with served(create_app(PortalSettings(snapshot, seconds=1e-6))) as client:
        answer = client.post("/vacancies/match", json={"id": "x", "title": "Токарь"})
        assert answer.status_code == 503
        assert answer.json()["error"].startswith("Ответ не готов в срок")
        assert client.get("/health").status_code == 200


def test_a_full_queue_is_told(snapshot):
    app = create_app(PortalSettings(snapshot, workers=1, waiting=0, seconds=30))
    with served(app) as client, ThreadPoolExecutor(1) as pool:
        with app.state.live._writing:  # whoever writes waits, and takes the only place
            waiting = pool.submit(client.put, "/candidates/new", json=ROW)
            while not app.state.desk.inside:
                time.sleep(0.01)
            answer = client.post("/vacancies/match", json={"id": "x", "title": "Токарь"})
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
            assert answer.json()["error"].startswith("Очередь полна")
            assert client.get("/ready").status_code == 503
            assert client.get("/health").status_code == 200
        assert waiting.result().status_code == 201
        assert client.get("/ready").status_code == 200


@pytest.mark.parametrize(
    "token, sent", [(None, {}), (None, KEY), ("key", {}), ("key", {"Authorization": "Bearer kez"})]
)
def test_only_who_knows_the_key_reloads(snapshot, token, sent):
    with served(create_app(PortalSettings(snapshot, token=token))) as client:
        answer = client.post("/reload", headers=sent)
        assert answer.status_code == 403
        assert client.get("/ready").json()["snapshot"] == 1


def test_no_question_fails_while_a_new_snapshot_comes(engine, people, places, tmp_path):
    folder = tmp_path / "snapshot"
    halves = {0: people[:48], 1: people[48:]}  # an odd snapshot has the first half, an even one the second
    engine.index(halves[0]).save(folder)
    expected = {
        (place["id"], half): engine.rank(rows, [place], top=3)["candidate_id"].tolist()
        for place in places[:6]
        for half, rows in halves.items()
    }
    stop, answers = threading.Event(), []

    def ask(client, turn):
        while not stop.is_set():
            place = places[turn % 6]
            answer = client.post("/vacancies/match?top=3&reasons=false", json=place)
            answers.append((place["id"], answer.status_code, answer.json()))
            turn += 1

    with served(create_app(PortalSettings(folder, token="key", waiting=64))) as client, ThreadPoolExecutor(4) as pool:
        asking = [pool.submit(ask, client, n) for n in range(4)]
        for number in range(2, 6):
            engine.index(halves[1 - number % 2]).save(folder)
            told = client.post("/reload", headers=KEY)
            assert (told.status_code, told.json()["snapshot"]) == (200, number)
        stop.set()
        for job in asking:
            job.result()
    assert {status for _, status, _ in answers} == {200}
    seen = {told["snapshot"] for _, _, told in answers}
    assert len(seen) >= 3
    for place_id, _, told in answers:
        assert [hit["id"] for hit in told["hits"]] == expected[place_id, 1 - told["snapshot"] % 2]


def test_a_damaged_snapshot_leaves_the_old_one(engine, people, tmp_path):
    folder = tmp_path / "snapshot"
    engine.index(people[:10]).save(folder)
    app = create_app(PortalSettings(folder, token="key"))
    with served(app) as client:
        (folder / "ids.json").write_text("[]")
        answer = client.post("/reload", headers=KEY)
        assert answer.status_code == 409
        assert "ids.json" in answer.json()["faults"][0]
        assert client.post("/vacancies/match", json={"id": "x", "title": "химик"}).json()["hits"]
        with app.state.live._loading:
            assert client.post("/reload", headers=KEY).json()["error"] == "Снимок уже загружается."


def test_changes_survive_a_reload_and_a_restart(snapshot, places, people, tmp_path):
    told = PortalSettings(snapshot, journal=tmp_path / "logs" / "journal.jsonl", token="key")
    place = {
        "id": "x/1",
        "title": "Токарь",
        "must_skills": ["чтение чертежей"],
        "start": "2026-12-01",
        "hazardous": True,
    }
    with served(create_app(told)) as client:
        client.put("/candidates/new", json=ROW)
        client.put("/vacancies/x%2F1", json=place)
        client.put("/candidates/brief", json={"id": "brief"})
        client.delete("/candidates/brief")
        client.delete(f"/candidates/{people[0]['id']}")
        client.delete(f"/vacancies/{places[0]['id']}")
        before = client.get("/candidates/new/explain/x%2F1").json()
        assert before["refusals"]  # a minor, known by the birth date alone
        assert client.post("/reload", headers=KEY).json()["changes"] == 5
        reloaded = client.get("/candidates/new/explain/x%2F1").json()
    assert "2009" not in told.journal.read_text(encoding="utf-8")
    with served(create_app(told)) as client:
        ready = client.get("/ready").json()
        assert (ready["candidates"], ready["vacancies"], ready["changes"]) == (96, 36, 5)
        assert before == reloaded == client.get("/candidates/new/explain/x%2F1").json()
        assert client.get(f"/candidates/{people[0]['id']}/explain/x%2F1").status_code == 404
        moment = dt.datetime.now(dt.UTC).isoformat()
        client.put("/candidates/later", json={"id": "later", "title": "токарь"})
        answer = client.post("/reload", headers=KEY, json={"as_of": moment}).json()
        assert (answer["candidates"], answer["vacancies"], answer["changes"]) == (97, 36, 1)
        assert client.post("/reload", headers=KEY, json={"as_of": "2026-11-22T02:00:00"}).status_code == 422
    assert [json.loads(line)["id"] for line in told.journal.read_text(encoding="utf-8").splitlines()] == ["later"]


def test_a_line_that_was_cut_short_is_dropped(tmp_path):
    path = tmp_path / "journal"
    journal = Journal(path)
    journal.add(Change("2026", "candidates", "1", {"id": "1"}))
    with pytest.raises(StoreError, match="Another service"):
        Journal(path)
    journal.close()
    with open(path, "ab") as f:
        f.write(b'{"at": "2026", "ta')
    again = Journal(path)
    again.add(Change("2027", "candidates", "2", None))
    again.close()
    last = Journal(path)
    assert list(last.changes) == [("candidates", "1"), ("candidates", "2")]
    last.close()
    path.write_bytes(b"?\n" + path.read_bytes())
    with pytest.raises(StoreError, match="Line 1 of the journal"):
        Journal(path)


def test_a_full_disk_leaves_no_half_of_a_line(tmp_path):
    resource = pytest.importorskip("resource")
    signal = pytest.importorskip("signal")
    journal = Journal(tmp_path / "journal")
    journal.add(Change("2026", "candidates", "1", {"id": "1"}))
    whole = (tmp_path / "journal").read_bytes()
    limits, ignored = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (len(whole) + 10, limits[1]))
        with pytest.raises(OSError, match=r"full|large"):
            journal.add(Change("2026", "candidates", "2", {"id": "2"}))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, ignored)
    assert (tmp_path / "journal").read_bytes() == whole
    assert ("candidates", "2") not in journal.changes
    journal.close()


def test_changes_made_while_a_snapshot_is_loaded_are_in_it(snapshot):
    live, made = Live(snapshot, None), []

    def change():
        while live.state.number < 3:
            row = CandidateIn(id=f"n{len(made)}", title="токарь")
            live.put("candidates", row)
            made.append(row.to_row()["id"])

    with ThreadPoolExecutor(1) as pool:
        changing = pool.submit(change)
        live.reload()
        live.reload()
        changing.result()
    assert len(made) > 2
    assert all(i in live.state.candidates for i in made)
    live.journal.close()

"""The example service: its answers are those of the library, and whatever it is sent, it answers."""

from __future__ import annotations

import json
import logging
import socket
import time
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openapi_spec_validator import validate
from portals import served

from matcher import MatcherError
from portal import build
from portal.app import create_app, from_environment
from portal.settings import PortalSettings

HOSTILE = [
    "a/b", "../../etc/passwd", "?top=1#x", "кириллица и пробел", "😀", "%2F", "%", "a\nb", "' OR 1=1 --", "<script>", "a/explain/b",
    "match", "x" * 2000, "\u202eabc", "a+b&c=d", ";", "\\",
]  # fmt: skip


def pairs(hits):
    return [(hit["id"], hit["rank"], hit["score"]) for hit in hits]


def test_it_answers_as_the_library_ranks(client, engine, people, places):
    ranking = engine.rank(people, places, top=7)
    for place in places:
        answer = client.post("/vacancies/match", params={"top": 7, "reasons": False}, json=place).json()
        rows = ranking[ranking["vacancy_id"] == place["id"]]
        assert pairs(answer["hits"]) == list(zip(rows["candidate_id"], rows["rank"], rows["score"], strict=True))
        assert answer["asked"] == place["id"]


def test_it_answers_candidates_as_the_library_ranks(client, engine, people, places):
    ranking = engine.rank(people[:20], places, by="candidate", top=5)
    for person in people[:20]:
        hits = client.post("/candidates/match?top=5", json=person).json()["hits"]
        rows = ranking[ranking["candidate_id"] == person["id"]]
        assert pairs(hits) == list(zip(rows["vacancy_id"], rows["rank"], rows["score"], strict=True))
        assert [hit["known"] for hit in hits] == rows["known"].tolist()
        assert all(hit["reasons"][0].startswith("Вклады: ") for hit in hits)


def test_it_explains_as_the_library_does(client, engine, people, places):
    refused = 0
    for person, place in zip(people[:30], places[:30], strict=True):
        told = client.get(f"/candidates/{person['id']}/explain/{place['id']}").json()
        expected = engine.explain(person, place)
        assert told["text"] == expected.to_text()
        assert told["refusals"] == list(expected.refusals)
        assert sum(line["contribution"] for line in told["lines"]) + sum(told["rest"].values()) == told["score"]
        refused += bool(told["refusals"])
    assert refused


def test_rows_come_change_and_go(client):
    path, row = "/candidates/new", {"id": "new", "title": "токарь", "skills": "читаю чертежи; 16К20"}
    place = {"id": "x", "title": "Токарь-универсал", "must_skills": ["чтение чертежей"]}
    before = client.get("/ready").json()
    assert client.put(path, json=row).status_code == 201
    assert client.put(path, json=row).json() == {"id": "new", "is_new": False}
    assert "new" in [hit["id"] for hit in client.post("/vacancies/match", json=place).json()["hits"]]
    assert client.put("/vacancies/x", json=place).status_code == 201
    assert client.get("/candidates/new/explain/x").json()["score"] > 0.5
    assert client.post("/candidates/match", json=row).json()["hits"][0]["id"] == "x"
    assert client.delete(path).status_code == client.delete("/vacancies/x").status_code == 204
    assert client.delete(path).status_code == client.delete("/vacancies/x").status_code == 404
    assert client.get("/candidates/new/explain/v01").json()["faults"] == ["There is no candidate 'new' in the index."]
    after = client.get("/ready").json()
    assert {**after, "changes": before["changes"]} == before


@pytest.mark.parametrize(
    "path, body, status, told",
    [
        ("/candidates/match", {"id": 1, "course": "пятый"}, 422, "course must be a whole number from 1 to 8, not text. Got 'пятый'."),
        ("/candidates/match", {"id": 1, "skils": "x"}, 422, 'There is no column \'skils\'. Did you mean "skills"?'),
        ("/candidates/match", {"id": 1, "text": {"a": 1}}, 422, "text must be text, not a nested object."),
        ("/candidates/match", {"id": 1, "status": "8 916 123-45-67"}, 422, "Got '[телефон]'."),
        ("/vacancies/match", {"title": "Токарь"}, 422, "id must not be missing."),
        ("/vacancies/match", [], 422, "Input should be a valid dictionary"),
        ("/vacancies/match", {"id": 1, "must_skills": [str(n) for n in range(301)]}, 422, "at most 300 items; has 301"),
        ("/vacancies/match", {"id": 1, "text": "ж" * 1001}, 422, "text must hold words of at most 1000 characters; one has 1001."),
        ("/vacancies/match?top=101", {"id": 1}, 422, "top must be a whole number from 1 to 100. Got 101."),
        ("/vacancies/match?top=0", {"id": 1}, 422, "greater than or equal to 1"),
        ("/vacancies/match", b'{"id": ', 422, "The body is not JSON: it breaks off at character 7."),
        ("/vacancies/match", b'{"id": "\xff"}', 400, ""),
        ("/vacancies/match", b"[" * 60_000, 400, ""),
        ("/vacancies/match", b'{"id":' + b"9" * 5000 + b"}", 400, ""),
        ("/vacancies/match", b"", 422, "must not be missing"),
        ("/nowhere", {}, 404, ""),
    ],
)  # fmt: skip
def test_a_faulty_request_is_told_what_is_wrong(client, path, body, status, told):
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    answer = client.post(path, content=content, headers={"content-type": "application/json"})
    assert answer.status_code == status
    assert told in " ".join(answer.json()["faults"])
    assert answer.json()["error"]
    assert "Traceback" not in answer.text


def test_a_wrong_method_and_a_wrong_id_are_told(client):
    assert client.get("/vacancies/match").status_code == 405
    faults = client.put("/candidates/a", json={"id": "b"}).json()["faults"]
    assert faults == ["The id of the row must be that of the path. Got 'b'."]
    assert client.delete("/candidates/%FF").json()["faults"] == ["The id in the path must be percent-encoded UTF-8."]
    assert client.delete("/candidates/%20").json()["faults"] == ["The id in the path must not be missing."]


@pytest.mark.parametrize("row_id", HOSTILE)
def test_an_id_may_be_any_text(client, row_id):
    path = quote(row_id, safe="")
    assert client.put(f"/candidates/{path}", json={"id": row_id, "title": "токарь"}).status_code == 201
    assert client.put(f"/vacancies/{path}", json={"id": row_id, "title": "Токарь"}).status_code == 201
    told = client.get(f"/candidates/{path}/explain/{path}").json()
    assert told["candidate_id"] == told["vacancy_id"] == row_id
    assert client.delete(f"/candidates/{path}").status_code == 204
    assert client.delete(f"/vacancies/{path}").status_code == 204


def chunks(n_bytes):
    for _ in range(n_bytes // 1000):
        yield b" " * 1000


def test_a_body_too_large_is_refused_declared_or_not(client):
    declared = client.post("/vacancies/match", content=b" " * 70_000)
    chunked = client.post("/vacancies/match", content=chunks(70_000))
    assert "content-length" in declared.request.headers
    assert "content-length" not in chunked.request.headers
    for answer in (declared, chunked):
        assert answer.status_code == 413
        assert "65536" in answer.json()["error"]
    row = json.dumps({"id": "x", "title": "Токарь"}).encode()
    answer = client.post(
        "/vacancies/match", content=iter([row[:5], row[5:]]), headers={"content-type": "application/json"}
    )
    assert answer.status_code == 200


def test_a_body_that_stays_away_is_not_waited_for(snapshot):
    with served(create_app(PortalSettings(snapshot, body_seconds=0.3))) as client:
        with socket.create_connection((client.base_url.host, client.base_url.port)) as line:
            line.sendall(b"POST /vacancies/match HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
            assert line.recv(1000).startswith(b"HTTP/1.1 408")
        with socket.create_connection((client.base_url.host, client.base_url.port)) as line:
            line.sendall(b"POST /vacancies/match HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
        assert client.get("/health").json() == {"status": "ok"}


JSONS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
KEYS = st.sampled_from(["title", "text", "skills", "course", "birth_date", "schedule", "available_from", "languages"])


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.one_of(JSONS, st.dictionaries(KEYS, JSONS, max_size=4).map(lambda row: {"id": "fuzz", **row})))
def test_no_body_breaks_it(client, body):
    content = json.dumps(body).encode()
    for path in ("/candidates/match", "/vacancies/match"):
        answer = client.post(path, content=content, headers={"content-type": "application/json"})
        assert answer.status_code in {200, 422}, answer.text


def test_the_openapi_is_valid_and_its_examples_work(client):
    told = client.get("/openapi.json").json()
    validate(told)
    tried = 0
    for path in ("/vacancies/match", "/candidates/match"):
        for example in told["paths"][path]["post"]["requestBody"]["content"]["application/json"]["examples"].values():
            assert client.post(path, json=example["value"]).json()["hits"]
            tried += 1
    assert tried == 2
    for path, methods in told["paths"].items():
        assert all(operation["summary"] for operation in methods.values()), path
    assert told["components"]["schemas"]["CandidateIn"]["properties"]["course"]["anyOf"][0]["maximum"] == 8


def test_the_log_names_nobody(client, caplog):
    with caplog.at_level(logging.INFO, "matcher.portal.access"):
        client.get("/health")
        while not (caplog.records and "/health" in caplog.records[-1].message):  # after those of earlier requests
            time.sleep(0.01)
        caplog.clear()
        client.put("/candidates/Иванов", json={"id": "Иванов", "title": "токарь"})
        client.delete("/candidates/Иванов?secret=1")
        client.get("/nowhere/Иванов")
        while len(caplog.records) < 3:  # a line is written once its answer has gone
            time.sleep(0.01)
    lines = [json.loads(record.message) for record in caplog.records]
    assert [(x["method"], x["route"], x["status"]) for x in lines] == [
        ("PUT", "/candidates/{id}", 201), ("DELETE", "/candidates/{id}", 204), ("GET", "", 404),
    ]  # fmt: skip
    assert lines[0]["bytes"] > 0 < lines[0]["ms"]
    assert not any(word in caplog.text for word in ("Иванов", quote("Иванов"), "токарь", "secret"))


def test_an_error_of_ours_is_no_traceback(snapshot):
    app = create_app(PortalSettings(snapshot))
    with served(app) as client:
        live, app.state.live = app.state.live, None
        answer = client.post("/vacancies/match", json={"id": "x", "title": "Токарь"})
        app.state.live = live
        assert answer.status_code == 500
        assert answer.json() == {"error": "Внутренняя ошибка; она записана в журнал службы.", "faults": []}


def test_the_environment_tells_the_settings(monkeypatch):
    told = {"DIRECTORY": "d", "JOURNAL": "j", "TOKEN": "t", "WORKERS": "3", "SECONDS": "1.5"}
    for name, value in told.items():
        monkeypatch.setenv(f"MATCHER_PORTAL_{name}", value)
    settings_told = from_environment().state.settings
    assert (settings_told.workers, settings_told.seconds, settings_told.journal.name) == (3, 1.5, "j")
    assert "'t'" not in repr(settings_told)
    for bad, sentence in (
        ({}, "Set MATCHER_PORTAL_DIRECTORY"),
        ({"DIRECTORY": "d", "WORKERS": "x"}, "must be a number"),
    ):
        with pytest.raises(MatcherError, match=sentence):
            PortalSettings.from_environment({f"MATCHER_PORTAL_{k}": v for k, v in bad.items()})
    with pytest.raises(MatcherError, match="'workers' parameter of PortalSettings must be above 0"):
        PortalSettings(Path("d"), workers=0)
    with pytest.raises(MatcherError, match="'waiting' parameter of PortalSettings must be 0 or more"):
        PortalSettings(Path("d"), waiting=-1)


def test_a_snapshot_is_built_from_tables(tmp_path, capsys):
    samples = [f"data/samples/{name}.csv" for name in ("candidates", "vacancies")]
    options = ["--agreements", "data/samples/agreements.csv", "--settings", "data/samples/settings.toml"]
    assert build.main([*samples, *options, "-o", str(tmp_path / "snapshot")]) == 0
    assert "96 candidates and 36 vacancies" in capsys.readouterr().out
    assert create_app(tmp_path / "snapshot").title
    assert build.main(["nowhere.csv", samples[1], "-o", str(tmp_path / "other")]) == 2
    assert "nowhere.csv" in capsys.readouterr().err

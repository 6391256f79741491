"""Saved engines: whatever is wrong with the directory is one sentence, and a crash leaves the old one whole."""

from __future__ import annotations

import datetime as dt
import json
import os
from pathlib import Path

import numpy as np
import pytest

from matcher import Matcher, Taxonomy, store
from matcher.errors import StoreError

TEXTS = {"terms": ["сварка", "токарь"], "rarity": {"n": 2}}
ARRAYS = {"idf": np.array([1.0, 1.5])}


@pytest.fixture
def saved(tmp_path):
    store.write(tmp_path / "e", "engine", {"matcher": "0.1.0"}, TEXTS, ARRAYS)
    return tmp_path / "e"


def manifest(folder, **changes):
    path = folder / store.MANIFEST
    told = {**json.loads(path.read_bytes()), **changes}
    path.write_text(json.dumps(told), encoding="utf-8")


def test_what_was_written_is_read(saved):
    told, texts, arrays = store.read(saved, "engine")
    assert (told["format"], told["kind"], told["matcher"]) == (store.FORMAT, "engine", "0.1.0")
    assert texts == TEXTS
    assert arrays["idf"].tolist() == [1.0, 1.5]


def test_only_json_and_npy_are_written_and_nothing_is_left_beside(saved):
    assert {p.name for p in saved.iterdir()} == {"manifest.json", "terms.json", "rarity.json", "idf.npy"}
    assert [p.name for p in saved.parent.iterdir()] == ["e"]


def test_the_same_content_gives_the_same_bytes(saved, tmp_path):
    store.write(tmp_path / "f", "engine", {"matcher": "0.1.0"}, TEXTS, ARRAYS)
    for path in saved.iterdir():
        assert path.read_bytes() == (tmp_path / "f" / path.name).read_bytes()


def cut(folder):
    path = folder / "terms.json"
    path.write_bytes(path.read_bytes()[:-3])


def flip(folder):
    path = folder / "idf.npy"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)


def name_outside(folder, name="../terms.json"):
    manifest(folder, files={name: {"bytes": 1, "sha256": ""}})


DAMAGES = {
    "truncated": (cut, "terms.json .* is damaged"),
    "a changed byte": (flip, "idf.npy .* is damaged"),
    "a missing file": (lambda f: (f / "rarity.json").unlink(), "incomplete: rarity.json is missing"),
    "no manifest": (lambda f: (f / store.MANIFEST).unlink(), "holds no saved engine"),
    "not JSON": (lambda f: (f / store.MANIFEST).write_bytes(b"{"), "it is not JSON"),
    "not UTF-8": (lambda f: (f / store.MANIFEST).write_bytes(b'{"\xff": 1}'), "it is not JSON"),
    "not an object": (lambda f: (f / store.MANIFEST).write_bytes(b"[1]"), "format or files are missing"),
    "no files": (lambda f: manifest(f, files=None), "format or files are missing"),
    "a newer format": (lambda f: manifest(f, format=store.FORMAT + 1), "newer than .*update matcher"),
    "no such format": (lambda f: manifest(f, format=0), "no format 0"),
    "another kind": (lambda f: manifest(f, kind="index"), "holds a saved 'index', not 'engine'"),
    "a path upwards": (name_outside, "names a file it must not"),
    "a path of Windows": (lambda f: name_outside(f, "..\\x.json"), "names a file it must not"),
    "a pickle": (lambda f: name_outside(f, "x.pkl"), "names a file it must not"),
    "a file without digest": (lambda f: manifest(f, files={"terms.json": None}), "names a file it must not"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_told_in_one_sentence(saved, damage):
    harm, told = DAMAGES[damage]
    harm(saved)
    with pytest.raises(StoreError, match=told) as e:
        store.read(saved, "engine")
    assert "\n" not in str(e.value)


def test_objects_in_arrays_are_never_unpickled(saved):
    path = saved / "idf.npy"
    np.save(path, np.array([{}], dtype=object), allow_pickle=True)
    data = path.read_bytes()
    manifest(saved, files={"idf.npy": store._describe(data)})
    with pytest.raises(StoreError, match=r"idf\.npy .* cannot be read"):
        store.read(saved, "engine")


def test_there_is_nothing(tmp_path):
    with pytest.raises(StoreError, match="holds no saved engine"):
        store.read(tmp_path / "none", "engine")


# ---------------------------------------------------------------- saving over something


def test_an_engine_is_replaced_as_a_whole(saved):
    store.write(saved, "engine", {"matcher": "0.2.0"}, {"other": 1}, {})
    assert {p.name for p in saved.iterdir()} == {"manifest.json", "other.json"}
    assert [p.name for p in saved.parent.iterdir()] == ["e"]


def test_an_empty_directory_is_taken(tmp_path):
    store.write(tmp_path, "engine", {}, TEXTS, {})
    assert store.read(tmp_path, "engine")[1] == TEXTS


def web_page(folder):
    (folder / "manifest.json").write_text('{"name": "a web page", "icons": []}', encoding="utf-8")
    (folder / "index.html").write_text("", encoding="utf-8")


def report(folder):
    (folder / "report.docx").write_bytes(b"")


def engine_and_notes(folder):
    folder.rmdir()
    store.write(folder, "engine", {}, TEXTS, {})
    (folder / "notes.txt").write_text("мои заметки", encoding="utf-8")


@pytest.mark.parametrize("fill", [web_page, report, engine_and_notes])
def test_other_files_are_never_written_over(tmp_path, fill):
    folder = tmp_path / "e"
    folder.mkdir()
    fill(folder)
    before = {p.name: p.read_bytes() for p in folder.iterdir()}
    with pytest.raises(StoreError, match="the directory holds other files"):
        store.write(folder, "engine", {}, TEXTS, ARRAYS)
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == before


def test_a_file_is_never_written_over(tmp_path):
    path = tmp_path / "e"
    path.write_text("x", encoding="utf-8")
    with pytest.raises(StoreError, match="it is a file"):
        store.write(path, "engine", {}, TEXTS, {})
    with pytest.raises(StoreError, match="Cannot save into"):
        store.write(path / "below", "engine", {}, TEXTS, {})


# ---------------------------------------------------------------- crashes


class Crash(BaseException):
    """As a kill or a power cut would, it passes every ``except Exception``."""


@pytest.mark.parametrize("step", ["put", "save", "chmod", "rename 1", "rename 2"])
@pytest.mark.parametrize("fault", [Crash, OSError(28, "No space left on device")])
def test_a_crash_in_the_middle_leaves_the_old_engine_whole(saved, monkeypatch, step, fault):
    calls = {"rename": 0}

    def crash(*args, **kwargs):
        raise fault

    def rename(path, target):
        calls["rename"] += 1
        if calls["rename"] == int(step[-1]):
            raise fault
        os.rename(path, target)
        return target

    if step == "put":
        monkeypatch.setattr(os, "fsync", crash)
    elif step == "save":
        monkeypatch.setattr(np, "save", crash)
    elif step == "chmod":
        monkeypatch.setattr(Path, "chmod", crash)
    else:
        monkeypatch.setattr(Path, "rename", rename)
    with pytest.raises(Crash if fault is Crash else StoreError):
        store.write(saved, "engine", {"matcher": "0.2.0"}, TEXTS, ARRAYS)
    monkeypatch.undo()
    assert store.read(saved, "engine")[0]["matcher"] == "0.1.0"
    assert not [p for p in saved.parent.iterdir() if p.name != "e" and any(p.iterdir())]


# ---------------------------------------------------------------- what was saved once stays readable

SAVED = Path(__file__).parent / "saved"


@pytest.mark.parametrize("home", sorted(SAVED.glob("format*")), ids=lambda home: home.name)
def test_what_every_format_saved_is_read_and_answers_as_it_did(home):
    told = json.loads((home / "answers.json").read_text(encoding="utf-8"))
    taxonomy, today = Taxonomy.load(home / "taxonomy.csv", base=False), dt.date(2026, 9, 1)
    engine = Matcher.load(home / "engine", taxonomy=taxonomy, today=today)
    ranking = engine.rank(told["candidates"])
    assert ranking[["vacancy_id", "candidate_id", "score"]].to_numpy().tolist() == told["engine"]
    for verify in (True, False):
        index = Matcher.load_index(home / "index", taxonomy=taxonomy, today=today, verify=verify)
        for vacancy in told["vacancies"]:
            found = [[m.candidate_id, m.score] for m in index.query(vacancy, 10)]
            assert found == told["index"][vacancy["id"]]
            assert index.explain(found[0][0], vacancy).score == found[0][1]


def test_the_format_of_today_is_among_those_kept():
    assert (SAVED / f"format{store.FORMAT}").is_dir()

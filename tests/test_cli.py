"""The command line: files in, files out, exit codes, one line for what could not run."""

from __future__ import annotations

import hashlib
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from matcher.cli import COULD_NOT_RUN, DONE, STRICT, main
from matcher.report import VERSION

VACANCIES = """id,title,must_skills,statuses,start
v1,Токарь,токарные работы;чтение чертежей,,2026-10-01
v2,Бухгалтер,1С:Бухгалтерия;Excel,student,
"""
CANDIDATES = """id,title,skills,status
c1,токарь,токарный станок;читаю чертежи,worker
c2,бухгалтер,1С;эксель,student
c3,,Excel,
"""
FIXED = ["--today", "2026-09-01", "--jobs", "1"]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("v.csv").write_text(VACANCIES, encoding="utf-8")
    Path("c.csv").write_text(CANDIDATES, encoding="utf-8")
    return tmp_path


def rank(*more, out="out.csv"):
    return main(["rank", "c.csv", "v.csv", "-o", out, *FIXED, *more])


def exact(path):
    """A ranking with its numbers read back to the last bit."""
    frame = pd.read_csv(path, dtype=str)
    told = ["vacancy_id", "candidate_id", "explanation"]
    return frame.astype({c: float for c in frame.columns if c not in told})


def usage(argv, capsys):
    """Exit code and the line of a call that argparse stops."""
    with pytest.raises(SystemExit) as e:
        main(argv)
    return e.value.code, capsys.readouterr().err


# ---------------------------------------------------------------- rank


def test_rank(folder, capsys):
    assert rank() == DONE
    frame = pd.read_csv("out.csv")
    assert frame[["vacancy_id", "candidate_id", "rank"]].to_numpy().tolist() == [
        ["v1", "c1", 1], ["v1", "c2", 2], ["v1", "c3", 3], ["v2", "c2", 1], ["v2", "c3", 2],
    ]  # fmt: skip
    said = capsys.readouterr()
    assert "pairs: 6 = 5 scored, 1 refused by status; 5 in the ranking" in said.out
    assert "ranking: out.csv (5 rows)" in said.out
    assert said.err == ""
    assert not list(folder.glob(".*"))


def test_contributions_read_back_still_add_up(folder):
    for name in ("out.csv", "out.jsonl", "out.parquet", "out.xlsx"):
        assert rank("--quiet", out=name) == DONE
    frames = [
        exact("out.csv"),
        pd.DataFrame([json.loads(line) for line in Path("out.jsonl").read_text(encoding="utf-8").splitlines()]),
        pd.read_parquet("out.parquet"),
        pd.read_excel("out.xlsx"),
    ]
    for frame in frames:
        assert frame["candidate_id"].tolist() == ["c1", "c2", "c3", "c2", "c3"]
        parts = frame.drop(columns=["vacancy_id", "candidate_id", "rank", "score", "known"]).astype(float).fillna(0)
        if frame is frames[3]:  # Excel keeps fifteen digits
            assert parts.sum(axis=1).tolist() == pytest.approx(frame["score"].tolist(), abs=1e-12)
        else:
            assert parts.sum(axis=1).tolist() == frame["score"].tolist()


@pytest.mark.parametrize("top, n", [("1", 2), ("2", 4), ("all", 5)])
def test_top(folder, top, n):
    assert rank("--top", top, "--quiet") == DONE
    assert len(pd.read_csv("out.csv")) == n


def test_by_candidate(folder):
    assert rank("--by", "candidate", "--top", "1", "--quiet") == DONE
    assert pd.read_csv("out.csv")["candidate_id"].tolist() == ["c1", "c2", "c3"]


def test_rejections_and_exclude(folder):
    Path("x.csv").write_text("vacancy_id,candidate_id\nv1,c2\n", encoding="utf-8")
    assert rank("--rejections", "sub/r.jsonl", "--exclude", "x.csv", "--quiet") == DONE
    assert Path("sub/r.jsonl").read_text(encoding="utf-8") == (
        '{"vacancy_id": "v2", "candidate_id": "c1", "reason": "status"}\n'
    )
    assert "c2" not in pd.read_csv("out.csv").query("vacancy_id == 'v1'")["candidate_id"].tolist()


def test_explain_and_show(folder, capsys):
    assert rank("--explain", "--show", "1") == DONE
    frame = exact("out.csv")
    for row in frame.to_dict("records"):
        data = json.loads(row["explanation"])
        assert (data["version"], data["score"], data["candidate_id"]) == (VERSION, row["score"], row["candidate_id"])
    said = capsys.readouterr().out
    assert said.count("Кандидат ") == 3
    assert "1. Кандидат c1 и вакансия v1" in said


def test_meta(folder):
    assert rank("--quiet", "--top", "all") == DONE
    meta = json.loads(Path("out.csv.meta.json").read_text(encoding="utf-8"))
    data = Path("c.csv").read_bytes()
    assert meta["inputs"][0] == {"file": "c.csv", "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    assert (meta["by"], meta["top"], meta["today"], meta["saved_engine"]) == ("vacancy", None, "2026-09-01", None)
    assert {"matcher", "dictionary", "taxonomy", "settings", "settings_fingerprint"} < set(meta)
    assert meta["summary"]["refused"] == {"status": 1}


def test_quarantine(folder, capsys):
    with open("v.csv", "a", encoding="utf-8") as f:
        f.write("v3,Инженер,,,вчера\n")
    assert rank() == DONE
    assert rank("--strict", "--quiet") == STRICT
    frame = pd.read_csv("out.quarantine.csv")
    assert frame[["table", "row", "id", "column", "value"]].to_numpy().tolist() == [
        ["vacancies", 3, "v3", "start", "вчера"]
    ]
    assert "quarantined: vacancies row 3 start: must be an ISO date" in capsys.readouterr().out


def test_strict_is_content_with_good_rows(folder):
    assert rank("--strict", "--quiet") == DONE
    assert not Path("out.quarantine.csv").exists()


def test_a_saved_engine_and_another_process_give_the_same_bytes(folder):
    assert main(["fit", "v.csv", "-o", "engine", *FIXED, "--quiet"]) == DONE
    assert rank("--quiet") == DONE
    assert rank("--quiet", "--engine", "engine", out="loaded.csv") == DONE
    argv = ["rank", "c.csv", "v.csv", "-o", "other.csv", "--engine", "engine", *FIXED]
    environment = {**os.environ, "PYTHONHASHSEED": "77", "PYTHONPATH": str(Path(__file__).parents[1] / "src")}
    done = subprocess.run([sys.executable, "-m", "matcher", *argv], env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (DONE, "")
    assert "in the ranking" in done.stdout
    assert Path("out.csv").read_bytes() == Path("loaded.csv").read_bytes() == Path("other.csv").read_bytes()
    metas = [Path(f"{name}.csv.meta.json").read_bytes() for name in ("loaded", "other")]
    assert metas[0] == metas[1]
    manifest = Path("engine/manifest.json").read_bytes()
    saved = json.loads(metas[0])["saved_engine"]
    assert saved["manifest"]["sha256"] == hashlib.sha256(manifest).hexdigest()


def test_two_runs_give_the_same_bytes(folder):
    names = ["out.jsonl", "out.jsonl.meta.json", "r.csv"]
    found = []
    for _ in range(2):
        assert rank("--quiet", "--explain", "--rejections", "r.csv", out="out.jsonl") == DONE
        found.append([Path(n).read_bytes() for n in names])
    assert found[0] == found[1]


# ---------------------------------------------------------------- what could not run


@pytest.mark.parametrize(
    "argv, told",
    [
        (["rank", "none.csv", "v.csv", "-o", "o.csv"], "There is no file 'none.csv'"),
        (["rank", "c.csv", "v.csv", "-o", "o.txt"], "the ending must be one of .csv, .jsonl, .parquet, .xlsx"),
        (["rank", "c.csv", "v.csv", "-o", "d.csv"], "it is a directory"),
        (["rank", "c.csv", "v.csv", "-o", "v.csv/o.csv"], "Cannot write v.csv/o.csv"),
        (["rank", "c.csv", "v.csv", "-o", "o.csv", "--rejections", "r"], "Cannot write r"),
        (["rank", "c.csv", "v.csv", "-o", "o.csv", "--engine", "none"], "none holds no saved engine"),
        (["rank", "c.csv", "v.csv", "-o", "o.csv", "--engine", "e", "--settings", "s"], "leave out --settings"),
        (
            ["rank", "c.csv", "v.csv", "-o", "o.csv", "--settings", "none.toml"],
            "Cannot read the settings file none.toml",
        ),
        (["rank", "c.csv", "v.csv", "-o", "o.csv", "--taxonomy", "none.csv"], "Cannot read the taxonomy file"),
        (["fit", "v.csv", "-o", "v.csv"], "it is a file"),
        (["fit", "v.csv", "-o", "."], "the directory holds other files"),
        (["explain", "c.csv", "v.csv", "c9", "v1"], "There is no candidate 'c9'"),
        (["explain", "c.csv", "v.csv", "c1", "v9"], "There is no vacancy 'v9'"),
        (["settings", "none.toml"], "Cannot read the settings file"),
    ],
)
def test_what_could_not_run_is_one_line(folder, capsys, argv, told):
    Path("d.csv").mkdir()
    assert main(argv) == COULD_NOT_RUN
    said = capsys.readouterr()
    assert told in said.err
    assert said.err.startswith("matcher: ")
    assert said.err.count("\n") == 1
    assert said.out == ""
    assert not Path("o.csv").exists()


@pytest.mark.parametrize(
    "argv, told",
    [
        ([], "the following arguments are required"),
        (["rang"], "invalid choice: 'rang'"),
        (["rank", "c.csv", "v.csv"], "required: -o"),
        (["rank", "c.csv", "v.csv", "-o", "o.csv", "--top", "0"], "'0' is no whole number >= 1"),
        (["rank", "c.csv", "v.csv", "-o", "o.csv", "--jobs", "x"], "'x' is no whole number >= 1"),
        (["rank", "c.csv", "v.csv", "-o", "o.csv", "--today", "2026-13-01"], "is no date like 2026-09-01"),
        (["rank", "c.csv", "v.csv", "-o", "o.csv", "--by", "skill"], "invalid choice: 'skill'"),
    ],
)
def test_wrong_usage_is_one_line(capsys, argv, told):
    code, said = usage(argv, capsys)
    assert code == COULD_NOT_RUN
    assert told in said
    assert said.count("\n") == 1


def test_all_wrong_settings_are_told_with_their_nearest_names(folder, capsys):
    Path("s.toml").write_text("[weights]\nskils = 1\nrole = -1\n[gatse]\n[gates]\nplase = true\n", encoding="utf-8")
    assert rank("--settings", "s.toml") == COULD_NOT_RUN
    said = capsys.readouterr().err
    for told in ("'skils'. Did you mean \"skills\"?", "role must be", '[gatse] is no section. Did you mean "gates"?',
                 "'plase'. Did you mean \"place\"?"):  # fmt: skip
        assert told in said
    assert said.count("\n") == 1


# ---------------------------------------------------------------- the other commands


def test_fit(folder, capsys):
    assert main(["fit", "v.csv", "-o", "engine", *FIXED]) == DONE
    assert capsys.readouterr().out == "engine engine: fitted on 2 vacancies of 2 rows\n"
    assert {p.suffix for p in Path("engine").iterdir()} == {".json", ".npy"}


@pytest.mark.parametrize("engine", [[], ["--engine", "engine"]])
def test_explain(folder, capsys, engine):
    if engine:
        main(["fit", "v.csv", "-o", "engine", *FIXED, "--quiet"])
    rank("--quiet")
    score = exact("out.csv")["score"][0]
    assert main(["explain", "c.csv", "v.csv", "c1", "v1", "--json", *engine, *FIXED]) == DONE
    assert json.loads(capsys.readouterr().out)["score"] == score
    assert main(["explain", "c.csv", "v.csv", "c1", "v1", *engine, *FIXED]) == DONE
    assert capsys.readouterr().out.startswith("Кандидат c1 и вакансия v1: оценка ")


def test_normalize(capsys, monkeypatch):
    assert main(["normalize", "знание С++", "--json"]) == DONE
    data = json.loads(capsys.readouterr().out)
    assert (data["skill"], data["text"]) == ("it.cpp", "С++")
    monkeypatch.setattr(sys, "stdin", io.StringIO("не знаю Java\n"))
    assert main(["normalize", "--debug", "--context", "skills"]) == DONE
    assert "«Java» it.java (negated) by phrase+denied" in capsys.readouterr().out


def test_settings(folder, capsys):
    assert main(["settings"]) == DONE
    Path("s.toml").write_text(capsys.readouterr().out, encoding="utf-8")
    assert main(["settings", "s.toml"]) == DONE
    assert "[weights]" in capsys.readouterr().out
    assert rank("--settings", "s.toml", "--quiet", out="a.csv") == rank("--quiet") == DONE
    assert Path("a.csv").read_bytes() == Path("out.csv").read_bytes()


def test_version(capsys):
    with pytest.raises(SystemExit) as e:
        main(["--version"])
    assert e.value.code == 0
    assert capsys.readouterr().out.startswith("matcher ")

"""Runs in blocks: the same ranking as at once, and the same bytes after any kill."""

from __future__ import annotations

import gc
import itertools
import json
import os
import random
import signal
import time
from pathlib import Path

import pandas as pd
import pytest

from matcher import InputError, Matcher, MatcherError, tables
from matcher.blocks import blocks
from matcher.cli import COULD_NOT_RUN, DONE, main

SAMPLES = Path(__file__).parents[1] / "data" / "samples"
CANDIDATES, VACANCIES = SAMPLES / "candidates.csv", SAMPLES / "vacancies.csv"
TODAY = ["--today", "2026-09-01"]
ROWS = [{"id": f"c{n}", "title": "токарь", "skills": "чертежи; ЧПУ" if n % 2 else "Excel"} for n in range(7)]
PLACES = [
    {"id": "v1", "title": "Токарь", "must_skills": "ЧПУ"},
    {"id": "v2", "title": "Оператор", "must_skills": "Excel"},
]


@pytest.fixture(scope="module")
def engine():
    return Matcher()


def in_id_order(frames):
    """Lists of candidates in code-point order of the ids, as one table."""
    frame = pd.concat(frames, ignore_index=True)
    return frame.sort_values(["candidate_id", "rank"], key=lambda s: s.map(str) if s.name == "candidate_id" else s)


@pytest.mark.parametrize("size", [1, 2, 50, 1000])
@pytest.mark.parametrize("by", ["vacancy", "candidate"])
def test_blocks_give_what_one_run_gives(engine, by, size):
    told = engine.run(CANDIDATES, VACANCIES, by=by, top=4, exclude=SAMPLES / "exclude.csv", explain=size == 50)
    source = pd.read_csv(CANDIDATES, dtype=object, keep_default_na=False).head(96 if size > 2 else 20)
    if size <= 2:
        told = engine.run(source, VACANCIES, by=by, top=4, exclude=SAMPLES / "exclude.csv")
    found = list(
        engine.rank_blocks(
            source, VACANCIES, by=by, top=4, exclude=SAMPLES / "exclude.csv", size=size, explain=size == 50
        )
    )
    ranking = found[-1].ranking if by == "vacancy" else in_id_order([b.ranking for b in found])
    pd.testing.assert_frame_equal(ranking.reset_index(drop=True), told.ranking)
    assert found[-1].summary == told.summary
    assert [b.number for b in found] == list(range(1, len(found) + 1))
    pd.testing.assert_frame_equal(found[-1].insufficient, told.insufficient)


def test_the_collector_works_while_a_block_is_looked_at(engine):
    assert all(gc.isenabled() for _ in engine.rank_blocks(ROWS, PLACES, size=2))


@pytest.mark.parametrize("size", [1, 2, 3])
def test_ties_over_blocks_are_settled_by_id(engine, size):
    rows = [{"id": f"c{n}", "title": "токарь", "skills": "ЧПУ"} for n in (5, 1, 4, 2, 3)]
    *_, last = engine.rank_blocks(rows, PLACES, top=2, size=size)
    assert last.ranking[last.ranking.vacancy_id == "v1"].candidate_id.tolist() == ["c1", "c2"]


def test_a_second_row_of_one_id_is_found_in_another_block(engine):
    last = list(engine.rank_blocks([*ROWS, ROWS[0]], PLACES, size=3))[-1]
    assert last.quarantine[["row", "id"]].to_numpy().tolist() == [[8, "c0"]]


def test_no_candidates_make_one_empty_block(engine):
    (only,) = engine.rank_blocks([], PLACES)
    assert only.ranking.empty
    assert only.summary.vacancies.usable == 2


@pytest.mark.parametrize("more", [{"size": 0}, {"size": True}, {"by": "skill"}, {"top": 0}])
def test_wrong_parameters_are_told(engine, more):
    with pytest.raises(MatcherError):
        next(engine.rank_blocks(ROWS, PLACES, **more))


# ---------------------------------------------------------------- files in blocks


@pytest.mark.parametrize("ending", ["csv", "tsv", "jsonl", "json", "parquet", "xlsx"])
@pytest.mark.parametrize("size", [1, 3, 100])
def test_a_file_in_blocks_is_the_file(tmp_path, ending, size):
    rows = [{"id": f"c{n}", "text": f'строка "{n}"\nвторая, {n}', "course": str(n % 5 + 1)} for n in range(7)]
    frame, path = pd.DataFrame(rows), tmp_path / f"t.{ending}"
    {
        "csv": lambda: frame.to_csv(path, index=False), "tsv": lambda: frame.to_csv(path, index=False, sep="\t"),
        "jsonl": lambda: frame.to_json(path, orient="records", lines=True, force_ascii=False),
        "json": lambda: frame.to_json(path, orient="records"), "parquet": lambda: frame.to_parquet(path),
        "xlsx": lambda: frame.to_excel(path, index=False),
    }[ending]()  # fmt: skip
    whole = tables.read_candidates(path)
    parts = list(tables.read_candidate_blocks(path, size))
    assert [c for p in parts for c in p.records] == whole.records
    assert len(parts) == -(-7 // size)
    assert sum(p.n_rows for p in parts) == 7


def test_faults_keep_their_row_numbers(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("id,course\n1,1\n\n2,пятый\n3,2,3\n4,9\n", encoding="cp1251")
    whole = tables.read_candidates(path).quarantine
    parts = [q for b in tables.read_candidate_blocks(path, 2) for q in b.quarantine]
    assert parts == whole
    assert [q["row"] for q in whole] == [2, 3, 4]


@pytest.mark.parametrize("content", [b"", b"\n \n", b"id,title\n", b"\xff\xfe" + "id\n5\n".encode("utf-16-le")])
def test_small_files_are_read_or_refused_alike(tmp_path, content):
    path = tmp_path / "t.csv"
    path.write_bytes(content)

    def told(read):
        try:
            return [row for found in read() for row in found.rows]
        except InputError as e:
            return str(e)

    from matcher import files

    assert told(lambda: blocks(path, "read", 2)) == told(lambda: [files.read(path, "read")])


# ---------------------------------------------------------------- kills


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    pd.DataFrame(ROWS).to_csv("c.csv", index=False)
    pd.DataFrame(PLACES).to_csv("v.csv", index=False)
    return tmp_path


def run(*more, out="out.csv"):
    return main(["rank", "c.csv", "v.csv", "-o", out, *TODAY, "--jobs", "1", "--quiet", "--top", "3", *more])


def killed(at, *more):
    """Run in a child process that is killed at its n-th sync or rename; whether it came to its end before."""
    child = os.fork()
    if not child:
        counter = itertools.count(1)

        def counted(do):
            def counts(*args, **kwargs):
                if next(counter) == at:
                    os.kill(os.getpid(), signal.SIGKILL)
                return do(*args, **kwargs)

            return counts

        os.fsync, Path.rename, Path.replace = counted(os.fsync), counted(Path.rename), counted(Path.replace)
        os._exit(run("--block", "3", "--resume", *more))
    return os.waitpid(child, 0)[1] == DONE


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a child is forked to be killed")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
@pytest.mark.parametrize("by", ["vacancy", "candidate"])
@pytest.mark.parametrize("step", [4, pytest.param(1, marks=pytest.mark.nightly)])
def test_killed_at_every_write_it_goes_on_to_the_same_bytes(folder, by, step):
    assert run("--by", by, out="whole.csv") == DONE
    for at in itertools.count(1, step):
        done = killed(at, "--by", by)
        assert done or run("--by", by, "--resume", "--block", "3") == DONE
        assert Path("out.csv").read_bytes() == Path("whole.csv").read_bytes(), at
        Path("out.csv").unlink()
        if done:
            break
    assert at > 60  # it was killed more often than there are blocks


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a child is forked to be killed")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
@pytest.mark.parametrize("seed", [7, *(pytest.param(n, marks=pytest.mark.nightly) for n in range(8, 16))])
def test_killed_at_random_moments_it_goes_on_to_the_same_bytes(folder, seed):
    arguments = ["rank", str(CANDIDATES), str(VACANCIES), "--quiet", "--jobs", "1", *TODAY, "-o"]
    assert main([*arguments, "whole.csv"]) == DONE
    chance = random.Random(seed)
    n_kills = 0
    for _ in range(40):
        child = os.fork()
        if not child:
            os._exit(main([*arguments, "out.csv", "--block", "5", "--resume"]))
        time.sleep(chance.uniform(0.02, 0.25))
        os.kill(child, signal.SIGKILL)
        if os.waitpid(child, 0)[1] == DONE:
            break
        n_kills += 1
    else:
        assert main([*arguments, "out.csv", "--block", "5", "--resume"]) == DONE
    assert n_kills
    assert Path("out.csv").read_bytes() == Path("whole.csv").read_bytes()


def begun(monkeypatch):
    """Leave a run behind that stopped after its first block."""
    from matcher.streaming import Blocks

    def stops(self):
        raise KeyboardInterrupt

    with monkeypatch.context() as m:
        m.setattr(Blocks, "whole", stops)
        with pytest.raises(KeyboardInterrupt):
            run("--block", "3")


def test_a_run_left_behind_is_told(folder, monkeypatch, capsys):
    begun(monkeypatch)
    assert run("--block", "3") == COULD_NOT_RUN
    assert "add --resume to go on" in capsys.readouterr().err
    assert run("--resume", "--block", "3", "--top", "2") == COULD_NOT_RUN
    assert "another run (top differ)" in capsys.readouterr().err
    assert run("--resume", "--block", "3") == DONE
    assert not Path("out.csv.parts").exists()


def test_a_damaged_checkpoint_is_done_again(folder, monkeypatch):
    begun(monkeypatch)
    for path in Path("out.csv.parts").glob("state-*/tally.json"):
        path.write_text(json.dumps({"done": 3}), encoding="utf-8")
    assert run("--resume", "--block", "3") == DONE
    assert run(out="whole.csv") == DONE
    assert Path("out.csv").read_bytes() == Path("whole.csv").read_bytes()


@pytest.mark.parametrize("more", [["--percentile"], ["--show", "1"], ["--rejections", "r.csv"], ["--top", "all"]])
def test_what_needs_the_whole_table_is_told(folder, capsys, more):
    assert run("--block", "3", *more) == COULD_NOT_RUN
    assert "needs all candidates at once" in capsys.readouterr().err


def test_a_folder_of_other_files_is_left_alone(folder, capsys):
    Path("out.csv.parts").mkdir()
    Path("out.csv.parts/notes.txt").write_text("mine", encoding="utf-8")
    assert run("--block", "3") == COULD_NOT_RUN
    assert Path("out.csv.parts/notes.txt").read_text(encoding="utf-8") == "mine"

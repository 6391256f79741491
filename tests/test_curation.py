"""Keeping a taxonomy in order: check, diff, unknown phrases."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from matcher.cli import COULD_NOT_RUN, DONE, STRICT, main
from matcher.curation import ERROR, check, diff, texts_of, unknown_phrases
from matcher.errors import InputError
from matcher.features.normalize import normalize
from matcher.taxonomy import Taxonomy


def entry(name, label, **cells):
    return {"id": name, "label": label, **cells}


# ------------------------------------------------------------ check


@pytest.mark.parametrize(
    ("rows", "rule"),
    [
        ([entry("x.a", "пайка"), entry("x.b", "паяние", aliases="Пайка")], "duplicate-alias"),
        ([entry("x.a", "а1", parents="x.b"), entry("x.b", "б1", parents="x.a")], "circle"),
        ([entry("x.a", "а1", parents="x.a")], "circle"),
        ([entry("x.a", "а1", kin="x.a:0.5")], "kin"),
        ([entry("x.a", "а1", kin="x.b:1.5"), entry("x.b", "б1")], "kin"),
    ],
)
def test_errors_are_found(rows, rule):
    assert {f.rule for f in check(Taxonomy(rows)) if f.severity == ERROR} == {rule}


@pytest.mark.parametrize(
    ("rows", "rule"),
    [
        ([entry("x.a", "лес", parents="x.b"), entry("x.b", "лесное дело")], "short-name"),
        ([entry("x.a", "вжух-протокол")], "orphan"),
        ([entry("x.a", "токарка", kind="role", implies="хождение по Луне")], "unresolved"),
        ([entry("x.a", "аа", parents="x.b", kin="x.b:0.5"), entry("x.b", "бб")], "kin"),
    ],
)
def test_warnings_are_found(rows, rule):
    assert rule in {f.rule for f in check(Taxonomy(rows)) if f.severity != ERROR}


def test_marks_and_roles_may_share_a_name():
    rows = [
        entry("x.a", "первое", aliases="?вжух", parents="x.b"),
        entry("x.b", "второе", aliases="?вжух"),
        entry("x.c", "геофизика", parents="x.b"),
        entry("x.d", "Геофизика", kind="role", implies="x.c"),
    ]
    assert not [f for f in check(Taxonomy(rows)) if f.severity == ERROR]


def test_the_shipped_taxonomy_has_no_errors():
    faults = check(Taxonomy.default())
    assert not [f for f in faults if f.severity == ERROR]
    assert sum(f.rule in {"orphan", "short-name"} for f in faults) == 0


# ------------------------------------------------------------ diff


def test_nothing_changed():
    assert diff(Taxonomy.default(), Taxonomy.default()) == []


def test_every_change_is_told():
    old = Taxonomy([entry("x.a", "А", aliases="аа|аб"), entry("x.b", "Б", kin="x.a:0.5"), entry("x.c", "В")])
    new = Taxonomy(
        [entry("x.a", "А", aliases="аб|ав", kind="soft"), entry("x.b", "Б", kin="x.a:0.4"), entry("x.d", "Г")]
    )
    told = {(c.id, c.what, c.old, c.new) for c in diff(old, new)}
    assert told == {
        ("x.a", "kind", "skill", "soft"), ("x.a", "alias removed", "аа", ""), ("x.a", "alias added", "", "ав"),
        ("x.b", "kin", "x.a:0.5", "x.a:0.4"), ("x.c", "removed", "В", ""), ("x.d", "added", "", "Г"),
    }  # fmt: skip


# ------------------------------------------------------------ unknown phrases


ITEMS = ["вжухование деталей", "Вжухование детали", "вжухованее деталей", "Python", "фырканье", "вжухование деталей"]


def test_spellings_of_one_phrase_are_one_row():
    frame = unknown_phrases((item, "skills") for item in ITEMS)
    (row,) = frame.to_dict("records")
    assert (row["phrase"], row["count"], row["spellings"]) == ("вжухование деталей", 4, 3)
    assert row["aliases"] == "вжухование деталей|Вжухование детали|вжухованее деталей"
    assert row["id"] == ""


def test_rare_phrases_can_be_asked_for():
    frame = unknown_phrases(((item, "skills") for item in ITEMS), least=1)
    assert frame["phrase"].tolist() == ["вжухование деталей", "фырканье"]


def test_what_follows_a_head_word_is_unknown_too():
    frame = unknown_phrases([("Опыт работы с вжухофоном. Опыт работы с вжухофоном и Git", "vacancy")], least=1)
    assert frame["phrase"].tolist() == ["вжухофоном"]
    assert "Опыт работы с вжухофоном" in frame.loc[0, "examples"]


def test_no_texts_no_phrases():
    frame = unknown_phrases([])
    assert len(frame) == 0
    assert "near" in frame.columns


def test_the_filled_table_is_a_taxonomy(tmp_path, capsys):
    (tmp_path / "phrases.txt").write_text("\n".join(ITEMS), encoding="utf-8")
    out = tmp_path / "own.csv"
    assert main(["unknown", str(tmp_path / "phrases.txt"), "-o", str(out)]) == DONE
    rows = list(csv.DictReader(out.read_text(encoding="utf-8").splitlines()))
    rows[0]["id"] = "it.python"
    with out.open("w", encoding="utf-8", newline="") as f:
        writer = csv.DictWriter(f, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    taxonomy = Taxonomy.load(out)
    assert [m.skill for m in normalize("умею вжухование деталей", taxonomy=taxonomy)] == ["it.python"]
    assert taxonomy["it.python"].label == "Python"


def test_tables_are_read_as_what_they_are(tmp_path):
    (tmp_path / "v.csv").write_text("id,title,must_skills,company\n1,Токарь,вжух;фыр,Завод\n", encoding="utf-8")
    (tmp_path / "c.csv").write_text("id,title,skills,status\n1,Токарь,вжух;фыр,student\n", encoding="utf-8")
    for name, context in (("v.csv", "vacancy"), ("c.csv", "candidate")):
        assert list(texts_of(tmp_path / name)) == [("вжух", "skills"), ("фыр", "skills"), ("", context)]
    with pytest.raises(InputError, match="Cannot read"):
        list(texts_of(tmp_path / "нет.txt"))


# ------------------------------------------------------------ the commands


@pytest.fixture
def own(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text("id,label,aliases\nx.a,вжух-протокол,Python\n", encoding="utf-8")
    return str(path)


def test_check_and_diff_from_the_command_line(own, capsys):
    assert main(["taxonomy", "check", own, "--errors"]) == STRICT
    told = capsys.readouterr()
    assert "duplicate-alias" in told.out
    assert "x.a" in told.out
    assert " errors, " in told.err
    assert main(["taxonomy", "check", own, "--alone"]) == DONE
    assert main(["taxonomy", "diff", own, own]) == DONE
    assert "0 changes" in capsys.readouterr().err
    assert main(["taxonomy", "check", "--alone"]) == COULD_NOT_RUN
    assert "needs at least one FILE" in capsys.readouterr().err


def test_lint_from_the_command_line(tmp_path, capsys):
    table = tmp_path / "v.csv"
    table.write_text("id,title,text\n1,Официант,Только девушки\n", encoding="utf-8")
    assert main(["lint", str(table)]) == DONE
    assert "«Только девушки»\tпол" in capsys.readouterr().out
    assert main(["lint", str(table), "--strict", "-o", str(tmp_path / "out.csv")]) == STRICT
    assert (tmp_path / "out.csv").read_text(encoding="utf-8").count("\n") == 2


def test_own_files_by_a_setting(tmp_path, own):
    settings = tmp_path / "settings.toml"
    settings.write_text('[taxonomy]\nfiles = ["own.csv"]\n', encoding="utf-8")
    vacancies = tmp_path / "v.csv"
    vacancies.write_text("id,title,must_skills\n1,Инженер,вжух-протокол\n", encoding="utf-8")
    candidates = tmp_path / "c.csv"
    candidates.write_text("id,title,skills\n1,инженер,вжух протоколы\n", encoding="utf-8")
    engine, out = str(tmp_path / "engine"), str(tmp_path / "out.csv")
    assert main(["fit", str(vacancies), "-o", engine, "--settings", str(settings), "--quiet"]) == DONE
    assert main(["rank", str(candidates), str(vacancies), "--engine", engine, "-o", out, "--quiet"]) == DONE
    (row,) = csv.DictReader(Path(out).read_text(encoding="utf-8").splitlines())
    assert float(row["skills"]) > 0

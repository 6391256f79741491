"""The door: good tables of every form come in as records, bad rows are accounted for, bad files say why."""

from __future__ import annotations

import copy
import datetime as dt
import gzip
import json
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from matcher import columns
from matcher.errors import InputError, MatcherError, MatcherWarning
from matcher.tables import FOREIGN, read_agreements, read_candidates, read_pairs, read_rows, read_vacancies

TODAY = dt.date(2026, 9, 1)
ROWS = [
    {"id": "c1", "title": "Токарь", "skills": ["ЧПУ", "чертежи"], "course": 3, "remote": False, "city": "Москва"},
    {"id": "c2", "title": "Программист", "skills": ["Python"], "available_from": "2026-09-15"},
]
CSV = (
    "id,title,skills,course,remote,city,available_from\n"
    "c1,Токарь,ЧПУ;чертежи,3,нет,Москва,\nc2,Программист,Python,,,,2026-09-15\n"
)
QUOTED = '"ЧПУ;чертежи"'


def write(path, content):
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def sources(folder):
    frame = pd.DataFrame(ROWS)
    frame.to_parquet(folder / "a.parquet")
    frame.assign(skills=frame["skills"].str.join(";")).to_excel(folder / "a.xlsx", index=False)
    return {
        "rows": ROWS,
        "generator": (row for row in ROWS),
        "frame": frame,
        "arrays": frame.assign(skills=[np.array(row["skills"]) for row in ROWS]),
        "csv": write(folder / "a.csv", CSV),
        "str path": str(write(folder / "s.csv", CSV)),
        "bom": write(folder / "bom.csv", b"\xef\xbb\xbf" + CSV.encode()),
        "crlf": write(folder / "crlf.csv", CSV.replace("\n", "\r\n")),
        "cp1251": write(folder / "cp.csv", CSV.encode("cp1251")),
        "utf-16": write(folder / "u16.csv", CSV.encode("utf-16")),
        "semicolon": write(folder / "b.csv", CSV.replace(";", "@").replace(",", ";").replace("ЧПУ@чертежи", QUOTED)),
        "tab": write(folder / "a.tsv", CSV.replace(",", "\t")),
        "jsonl": write(folder / "a.jsonl", "\n\n".join(json.dumps(row, ensure_ascii=False) for row in ROWS)),
        "ndjson": write(folder / "a.ndjson", "\n".join(json.dumps(row) for row in ROWS)),
        "json": write(folder / "a.json", json.dumps(ROWS)),
        "parquet": folder / "a.parquet",
        "xlsx": folder / "a.xlsx",
    }


NAMES = ["rows", "generator", "frame", "arrays", "csv", "str path", "bom", "crlf", "cp1251", "utf-16", "semicolon",
         "tab", "jsonl", "ndjson", "json", "parquet", "xlsx"]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_every_form_gives_the_same_records(tmp_path, name):
    loaded = read_candidates(sources(tmp_path)[name])
    assert loaded.quarantine == []
    assert loaded.n_rows == 2
    assert loaded.records == read_candidates(ROWS).records
    first, second = loaded.records
    assert (first.id, first.skills, first.course, first.remote) == ("c1", ("ЧПУ", "чертежи"), 3, False)
    assert (second.city, second.course, second.available_from) == (None, None, dt.date(2026, 9, 15))


BAD_ROWS = {
    "missing id": ({"title": "x"}, "id", "must not be missing"),
    "nan id": ({"id": float("nan")}, "id", "must not be missing"),
    "flag as id": ({"id": True}, "id", "must not be missing"),
    "list as id": ({"id": ["c9"]}, "id", "must be text or a whole number"),
    "repeated id": ({"id": "good"}, "id", "must be unique"),
    "repeated id as number": ({"id": 5}, "id", "must be unique"),
    "text in a number": ({"id": "b", "course": "пятый"}, "course", "must be a whole number from 1 to 8"),
    "list in a number": ({"id": "b", "course": [3]}, "course", "must be a whole number from 1 to 8"),
    "object in a number": ({"id": "b", "course": {"a": 1}}, "course", "must be a whole number from 1 to 8"),
    "number out of range": ({"id": "b", "hours_per_week": 200}, "hours_per_week", "from 1 to 168"),
    "object in a text": ({"id": "b", "title": {"a": 1}}, "title", "must be text, not a nested object"),
    "impossible date": ({"id": "b", "available_from": "2026-02-30"}, "available_from", "must be a day that exists"),
    "no date": ({"id": "b", "available_to": "скоро"}, "available_to", "must be an ISO date"),
    "no flag": ({"id": "b", "remote": "иногда"}, "remote", "must be yes, no or empty"),
    "huge text": ({"id": "b", "text": "ы" * 5_000_001}, "text", "must be a text of at most 5000000 characters"),
    "long list": ({"id": "b", "skills": [f"s{n}" for n in range(10_000)]}, "skills", "a list of at most 2000 items"),
    "wrong word": ({"id": "b", "status": "studnet"}, "status", 'Did you mean "student"'),
    "no mapping": ("text", "", "must be a mapping"),
}


@pytest.mark.parametrize("name", BAD_ROWS)
def test_a_bad_row_goes_to_quarantine_and_the_rest_goes_on(name):
    bad, column, reason = BAD_ROWS[name]
    loaded = read_candidates([{"id": "good"}, {"id": "5"}, bad, {"id": "last"}])
    assert [record.id for record in loaded.records] == ["good", "5", "last"]
    (fault,) = loaded.quarantine
    assert tuple(fault) == columns.QUARANTINE
    assert (fault["table"], fault["row"], fault["column"]) == ("candidates", 3, column)
    assert reason in fault["reason"]
    assert len(fault["value"]) <= 120
    assert loaded.n_rows == 4


def test_all_faults_of_a_row_are_told_and_the_row_counts_once():
    loaded = read_candidates([{"id": 1, "course": 9, "remote": "x", "status": "y"}, {"id": 2}])
    assert [fault["column"] for fault in loaded.quarantine] == ["course", "remote", "status"]
    assert loaded.n_rows == len(loaded.records) + len({fault["row"] for fault in loaded.quarantine}) == 2


@pytest.mark.parametrize(
    ("name", "content", "n_rows", "bad_row", "reason"),
    [
        ("a.csv", "id,title\n1,a\n2,b,c\n3,d\n", 3, 2, "at most 2 cells"),
        ("a.csv", 'id,title,city\n1,a,b\n\n2,"b,c\n3,d,e\n', 2, 2, "close the quote"),
        ("a.csv", "id,title\n1,a\n,b\n", 2, 2, "must not be missing"),
        ("a.jsonl", '{"id": 1}\n{"id": 2\n{"id": 3}\n', 3, 2, "broken at character 9"),
        ("a.jsonl", '{"id": 1}\n[2]\n{"id": 3}\n', 3, 2, "must be a JSON object"),
        ("a.jsonl", '{"id": 1}\n' + "[" * 100_000 + '\n{"id": 3}', 3, 2, "one JSON object"),
        ("a.json", '[{"id": 1}, 5]', 2, 2, "must be a JSON object"),
    ],
)
def test_broken_lines_of_files(tmp_path, name, content, n_rows, bad_row, reason):
    loaded = read_candidates(write(tmp_path / name, content))
    assert loaded.n_rows == n_rows == len(loaded.records) + 1
    assert loaded.quarantine[0]["row"] == bad_row
    assert reason in loaded.quarantine[0]["reason"]


def test_a_cell_over_the_limit_of_the_csv_module_is_read_and_a_huge_one_is_quarantined(tmp_path):
    content = f"id,text\n1,{'a' * 200_000}\n2,{'b' * 5_000_001}\n3,c\n"
    loaded = read_candidates(write(tmp_path / "a.csv", content))
    assert [len(record.text) for record in loaded.records] == [200_000, 1]
    assert loaded.quarantine[0]["row"] == 2


BAD_FILES = {
    "empty": ("a.csv", b"", "is empty"),
    "blank": ("a.jsonl", b" \n\n", "is empty"),
    "only a mark": ("a.csv", b"\xef\xbb\xbf", "is empty"),
    "zip as csv": ("a.csv", b"PK\x03\x04\x00\x00id,title", "zip archive"),
    "gzip as jsonl": ("a.jsonl", gzip.compress(b'{"id": 1}'), "gzip archive"),
    "binary as csv": ("a.csv", bytes(range(256)), "binary characters"),
    "json as csv": ("a.csv", b'{"id": 1}\n', "begins like JSON"),
    "csv as jsonl": ("a.jsonl", CSV.encode(), "is not JSON Lines"),
    "csv as json": ("a.json", CSV.encode(), "is not valid JSON"),
    "lines as json": ("a.json", b'{"id": 1}\n{"id": 2}', "called .jsonl"),
    "object as json": ("a.json", b'{"id": 1}', "JSON array"),
    "csv as parquet": ("a.parquet", CSV.encode(), "PAR1 is missing"),
    "broken parquet": ("a.parquet", b"PAR1 nonsense PAR1", "damaged Parquet"),
    "csv as xlsx": ("a.xlsx", CSV.encode(), "is not an Excel file"),
    "broken xlsx": ("a.xlsx", b"PK\x03\x04 nonsense", "damaged Excel"),
    "no id": ("a.csv", b"title,city\na,b\n", "no 'id' column"),
    "no id in lines": ("a.jsonl", b'{"title": "a"}', "no 'id' column"),
    "column twice": ("a.csv", b"id,title,title\n1,a,b\n", "'title' stands twice"),
    "unknown ending": ("a.jsnl", b"{}", 'Did you mean ".jsonl"'),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_file_that_cannot_be_read_says_why_in_one_sentence(tmp_path, name):
    file_name, content, reason = BAD_FILES[name]
    with pytest.raises(InputError) as caught:
        read_candidates(write(tmp_path / file_name, content))
    assert reason in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("no/such/file.csv", "no file"), ("x" * 5000, "no file"), (5, "must be a path"), ({"id": 1}, "must be a path"),
        (b"id", "must be a path"), (None, "must be a path"),
        (pd.DataFrame({"title": ["a"]}), "no 'id' column"), ([{"title": "a"}], "no 'id' column"),
        (pd.DataFrame([[1, 2]], columns=["id", "id"]), "stands twice"),
    ],
)  # fmt: skip
def test_sources_that_are_none(source, reason):
    with pytest.raises(InputError, match=reason):
        read_candidates(source)


def test_a_directory_is_no_table(tmp_path):
    with pytest.raises(InputError, match="is a directory"):
        read_candidates(tmp_path)


@pytest.mark.parametrize(("module", "ending"), [("pyarrow.parquet", "parquet"), ("openpyxl", "xlsx")])
def test_a_missing_extra_is_named(tmp_path, monkeypatch, module, ending):
    path = sources(tmp_path)[ending]
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(InputError, match=r"pip install matcher\[io\]"):
        read_candidates(path)


@pytest.mark.parametrize("content", ["id,title", "id\n", "id;title\n\n"])
def test_a_header_alone_is_an_empty_table(tmp_path, content):
    assert read_candidates(write(tmp_path / "a.csv", content)).n_rows == 0


@pytest.mark.parametrize("source", [[], pd.DataFrame(), pd.DataFrame({"id": []})])
def test_no_rows_are_no_error(source):
    loaded = read_vacancies(source)
    assert (loaded.records, loaded.quarantine, loaded.n_rows) == ([], [], 0)


def test_ids_come_back_as_they_were(tmp_path):
    frame = pd.DataFrame({"id": [5, None, 7], "title": ["a", "b", "c"]})
    assert [(r.id, type(r.id)) for r in read_candidates(frame).records] == [(5, int), (7, int)]
    assert [r.id for r in read_candidates(pd.DataFrame({"id": [1, 2]})).records] == [1, 2]
    assert [r.id for r in read_candidates(write(tmp_path / "a.csv", "id\n 05 \n6\n")).records] == ["05", "6"]
    assert [r.id for r in read_candidates(pd.DataFrame({"t": [1]}, index=pd.Index(["x"], name="id"))).records] == ["x"]


def test_the_types_of_pandas_are_understood():
    frame = pd.DataFrame({
        "id": pd.array(["a", "b"], dtype="string"), "course": pd.array([3, None], dtype="Int64"),
        "remote": pd.array([True, None], dtype="boolean"), "available_from": pd.to_datetime(["2026-09-01", None]),
        "salary_rub": [40000.0, np.nan], "schedule": [["full"], None], "status": pd.Categorical(["student", None]),
    })  # fmt: skip
    first, second = read_candidates(frame).records
    assert (first.course, first.remote, first.available_from) == (3, True, dt.date(2026, 9, 1))
    assert (first.salary_rub, first.schedule, first.status) == (40000, ("full",), "student")
    assert (second.course, second.remote, second.available_from, second.salary_rub) == (None, None, None, None)


def test_the_callers_data_stay_as_they_were():
    rows = [
        {
            "id": 1,
            "name": "Анна",
            "skills": "a,b",
            "skill_set": ["x"],
            "schedule": ["remote"],
            "education": {"level": 1},
        }
    ]
    frame = pd.DataFrame(rows)
    kept_rows, kept_frame = copy.deepcopy(rows), frame.copy(deep=True)
    read_candidates(rows)
    read_candidates(frame)
    assert rows == kept_rows
    pd.testing.assert_frame_equal(frame, kept_frame)


def test_personal_columns_are_dropped_and_counted():
    rows = [
        {"id": 1, "ФИО": "Анна", "candidate_phone": "123", "Age": 20, "sex": ""},
        {"id": 2, "ФИО": "Олег", "name": "О", "city": "Тула", "colour": "red"},
    ]
    loaded = read_candidates(rows)
    assert loaded.personal == {"ФИО": 2, "candidate_phone": 1, "Age": 1, "name": 1}
    assert loaded.unknown_columns == ("colour",)
    assert "Анна" not in repr(loaded.records)


@pytest.mark.parametrize(
    ("birth", "is_minor", "adult_from"),
    [
        ("2008-09-01", False, dt.date(2026, 9, 1)),
        ("2008-09-02", True, dt.date(2026, 9, 2)),
        ("29.02.2012", True, dt.date(2030, 3, 1)),
        (dt.date(2000, 2, 29), False, dt.date(2018, 3, 1)),
    ],
)
@pytest.mark.parametrize("column", ["birth_date", "Дата рождения", "birthday", "date_of_birth", "candidateBirthDate"])
def test_a_birth_date_tells_the_minor_and_is_gone(column, birth, is_minor, adult_from):
    loaded = read_candidates([{"id": 1, column: birth}], today=TODAY)
    assert (loaded.records[0].is_minor, loaded.records[0].adult_from) == (is_minor, adult_from)
    assert loaded.personal == {column: 1}


def test_a_stated_minor_wins_over_a_birth_date():
    (record,) = read_candidates([{"id": 1, "is_minor": "yes", "birth_date": "1990-01-01"}], today=TODAY).records
    assert (record.is_minor, record.adult_from) == (True, None)


@pytest.mark.parametrize("birth", ["2026-02-30", "2027-01-01", "1800-01-01", "давно"])
def test_a_wrong_birth_date_is_quarantined_without_its_value(birth):
    loaded = read_candidates([{"id": 1, "birth_date": birth}], today=TODAY)
    assert (loaded.quarantine[0]["column"], loaded.quarantine[0]["value"]) == ("birth_date", "")


def test_today_must_be_a_date():
    with pytest.raises(MatcherError, match=r"'today' parameter of read_candidates must be a datetime\.date"):
        read_candidates([], today="2026-09-01")


def test_texts_are_masked_and_mended():
    row = {"id": 1, "title": "Токарь 8 916 123-45-67", "text": "a\x00b ivan@mail.ru 😀", "skills": "ЧПУ; @ivan_p; ЧПУ",
           "certificates": ["ГОСТ 12345-2001", "тел. (495) 123-45-67"]}  # fmt: skip
    loaded = read_candidates([row])
    (record,) = loaded.records
    assert (record.title, record.text) == ("Токарь [телефон]", "a b [почта] 😀")
    assert record.skills == ("ЧПУ", "[контакт]")
    assert record.certificates == ("ГОСТ 12345-2001", "тел. [телефон]")
    assert loaded.masked == 4
    assert loaded.mended == {"control characters": 1, "duplicate list items": 1}


def test_the_quarantine_shows_no_phone():
    loaded = read_candidates([{"id": 1, "course": "8 916 123-45-67"}])
    assert loaded.quarantine[0]["value"] == "[телефон]"


def test_a_damaged_byte_does_not_make_the_text_cp1251(tmp_path):
    content = "id,title\n1,слесарь механосборочных работ\n2,Ток".encode() + b"\xff" + "арь\n".encode()
    loaded = read_candidates(write(tmp_path / "a.csv", content))
    assert loaded.records[0].title == "слесарь механосборочных работ"
    assert loaded.mended == {"undecodable bytes": 1}


HH_VACANCY = {
    "id": "93353083", "name": "Инженер-технолог",
    "description": "<p>Ищем &laquo;технолога&raquo;</p><ul><li>ЧПУ</li></ul>",
    "key_skills": [{"name": "ЧПУ"}, {"name": "КОМПАС-3D"}], "employer": {"name": "Прибор", "id": "1"},
    "area": {"id": "1", "name": "Москва"}, "experience": {"id": "between1And3", "name": "От 1 года до 3 лет"},
    "schedule": {"id": "remote", "name": "Удаленная работа"},
    "employment": {"id": "part", "name": "Частичная занятость"},
    "salary": {"from": 60000, "to": None, "currency": "RUR"},
}  # fmt: skip


def test_hh_vacancy():
    loaded = read_vacancies([HH_VACANCY])
    (found,) = loaded.records
    assert (found.title, found.text) == ("Инженер-технолог", "Ищем «технолога»\nЧПУ")
    assert (found.must_skills, found.company, found.city) == (("ЧПУ", "КОМПАС-3D"), "Прибор", "Москва")
    assert (found.experience_months_min, found.remote, found.schedule, found.salary_rub) == (12, True, ("part",), 60000)
    assert (loaded.quarantine, loaded.unknown_columns, loaded.personal) == ([], (), {})


@pytest.mark.parametrize(
    ("experience", "months"),
    [("noExperience", 0), ("between1And3", 12), ("between3And6", 36), ("moreThan6", 72), (2, 24)],
)
def test_experience_of_hh(experience, months):
    (found,) = read_vacancies([{"id": 1, "experience": experience}]).records
    assert (found.experience_months_min, found.text) == (months, "")


def test_trudvsem_vacancy():
    row = {"id": 1, "job-name": "Сварщик", "duty": "<p>Варить</p>",
           "requirement": {"education": "Среднее", "experience": 3},
           "company": {"name": "Завод", "inn": "1"}, "region": {"name": "Тула"}, "salaryMin": 50000,
           "social_protected": "Инвалиды"}  # fmt: skip
    other = {"id": 2, "vacancyName": "Токарь", "companyName": "Завод", "duty": "Точить", "qualification": "4 разряд",
             "salary_min": 0}  # fmt: skip
    loaded = read_vacancies([row, other])
    first, second = loaded.records
    assert (first.title, first.company, first.regions, first.salary_rub) == ("Сварщик", "Завод", ("Тула",), 50000)
    assert (first.text, first.experience_months_min) == ("Обязанности:\nВарить\nТребования:\nСреднее", 36)
    assert second.text == "Обязанности:\nТочить\nТребования:\n4 разряд"
    assert (second.title, second.salary_rub, loaded.unknown_columns) == ("Токарь", None, ())


def test_hh_resume():
    row = {
        "id": "r1", "title": "Аналитик", "skill_set": ["SQL", "Python"], "skills": "Люблю <b>данные</b>, пишу отчеты",
        "area": {"name": "Казань"}, "total_experience": {"months": 18}, "salary": {"amount": 90000, "currency": "RUR"},
        "education": {"level": {"id": "bachelor"}, "primary": [{"name": "КФУ", "year": 2024}]}, "last_name": "Иванов",
        "experience": [{"position": "Стажер", "description": "Дашборды", "company": "Банк"}],
        "schedule": "Полный день;Удаленная работа",
    }  # fmt: skip
    loaded = read_candidates([row])
    (found,) = loaded.records
    assert (found.skills, found.city, found.experience_months, found.salary_rub) == (
        ("SQL", "Python"),
        "Казань",
        18,
        90000,
    )
    assert found.text == "Стажер\nДашборды\nЛюблю данные, пишу отчеты"
    assert (found.education_level, found.institution, found.graduation_year) == ("bachelor", ("КФУ",), 2024)
    assert (found.schedule, found.remote, loaded.personal) == (("full",), True, {"last_name": 1})


def test_trudvsem_cv():
    row = {"id": 1, "positionName": "Повар", "skills": "выпечка; супы", "experience": 2, "educationType": "Высшее"}
    (found,) = read_candidates([row, {"id": 2, "educationType": "Среднее профессиональное"}]).records[:1]
    assert (found.title, found.skills, found.experience_months) == ("Повар", ("выпечка", "супы"), 24)
    assert (found.education_level, found.text) == (None, "Образование: Высшее")


def test_a_foreign_column_never_overrides_ours():
    row = {"id": 1, "title": "Наше", "name": "Чужое", "text": "наш", "description": "чужой", "must_skills": ["a"],
           "key_skills": ["b"], "city": "Тула", "area": "Москва"}  # fmt: skip
    (found,) = read_vacancies([row]).records
    assert (found.title, found.text, found.must_skills, found.city) == ("Наше", "наш", ("a",), "Тула")


def test_an_empty_column_of_ours_is_filled_from_a_foreign_one():
    assert read_vacancies([{"id": 1, "title": "", "name": "Токарь"}]).records[0].title == "Токарь"


@pytest.mark.parametrize("table", FOREIGN)
def test_foreign_columns_feed_columns_that_exist(table):
    ours = {"candidates": columns.CANDIDATES, "vacancies": columns.VACANCIES, "agreements": columns.AGREEMENTS}[table]
    assert set(FOREIGN[table].values()) <= {*ours, ""}
    assert not set(FOREIGN[table]) & set(ours)


def test_odd_values_in_foreign_columns_break_nothing():
    odd = [
        None,
        "",
        5,
        -1,
        1e300,
        True,
        [],
        {},
        [{}],
        [None],
        {"name": None},
        {"id": 5},
        [["x"]],
        "x",
        b"x",
        dt.date(2026, 1, 1),
    ]
    for read, table in ((read_candidates, "candidates"), (read_vacancies, "vacancies")):
        names = [
            name for name in (*FOREIGN[table], "schedule", "company", "skills") if FOREIGN[table].get(name) != "id"
        ]
        rows = [{"id": f"{name} {at}", name: value} for name in names for at, value in enumerate(odd)]
        loaded = read(rows)
        assert loaded.n_rows == len(rows) == len(loaded.records) + len({fault["row"] for fault in loaded.quarantine})


def test_agreements():
    rows = [{"company": "Прибор", "institution": "МАИ", "from": "2025-02-10", "to": ""}, {"company": "Прибор"},
            {"company": "Прибор", "institution": "МАИ", "to": "2026-02-30"}]  # fmt: skip
    loaded = read_agreements(rows)
    assert [(a.company, a.institution, a.start, a.end) for a in loaded.records] == [
        ("Прибор", "МАИ", dt.date(2025, 2, 10), None)
    ]
    assert [(fault["row"], fault["column"]) for fault in loaded.quarantine] == [(2, "institution"), (3, "to")]
    with pytest.raises(InputError, match="no 'institution' column"):
        read_agreements([{"company": "Прибор"}])


def test_pairs(tmp_path):
    path = write(tmp_path / "a.csv", "candidate_id;vacancy_id\nc1;v1\n7;v2\nc1;v1\n")
    assert read_pairs(path) == {("v1", "c1"), ("v2", "7")}
    assert read_pairs(pd.DataFrame({"vacancy_id": [1.0, 2.0], "candidate_id": [3, 4]})) == {("1", "3"), ("2", "4")}
    assert read_pairs([]) == set()
    with pytest.warns(MatcherWarning, match="1 of 2 rows"):
        assert read_pairs([{"vacancy_id": 1, "candidate_id": None}, {"vacancy_id": 1, "candidate_id": 2}]) == {
            ("1", "2")
        }
    with pytest.raises(InputError, match="no 'candidate_id' column"):
        read_pairs([{"vacancy_id": 1}])


def test_rows_as_they_stand(tmp_path):
    rows, quarantine = read_rows(write(tmp_path / "a.jsonl", '{"a": [1]}\n5\n'))
    assert rows == [{"a": [1]}]
    assert tuple(quarantine[0]) == columns.QUARANTINE


def test_importing_the_door_imports_no_pandas():
    code = "import sys, matcher.tables; sys.exit('pandas' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("name", ["candidates", "vacancies", "agreements"])
def test_the_samples_come_in_whole(name, request):
    read = {"candidates": read_candidates, "vacancies": read_vacancies, "agreements": read_agreements}[name]
    loaded = read(request.config.rootpath / "data" / "samples" / f"{name}.csv")
    assert loaded.records
    assert loaded.quarantine == []


def test_swapped_tables_are_refused():
    with pytest.raises(InputError, match=r"looks like the vacancies table.*swapped"):
        read_candidates([{"id": 1, "title": "Токарь", "must_skills": ["ЧПУ"], "slots": 2}])

"""Rows and answers as pydantic models: they accept what the tables read, and say what the library says."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from matcher import Matcher, columns, tables
from matcher.parsers import WORDS
from matcher.schemas import CandidateIn, ExplanationOut, Hit, Row, VacancyIn, VacancyRow, row_model

SAMPLES = Path(__file__).parents[1] / "data" / "samples"
SIDES = {
    "candidates": (CandidateIn, columns.CANDIDATES, tables.read_candidates),
    "vacancies": (VacancyIn, columns.VACANCIES, tables.read_vacancies),
}


def sample(name):
    with open(SAMPLES / f"{name}.csv", encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


@pytest.mark.parametrize("side", SIDES)
def test_a_model_has_the_columns_of_its_table(side):
    model, names, _ = SIDES[side]
    assert tuple(model.model_fields) == names


def test_a_column_that_is_new_to_a_table_is_in_its_model(monkeypatch):
    monkeypatch.setitem(columns.INTEGERS, "floor", (1, 9))
    model = row_model("Tall", VacancyRow, (*columns.VACANCIES, "floor"))
    assert model.model_json_schema()["properties"]["floor"]["anyOf"][0] == {
        "type": "integer", "minimum": 1, "maximum": 9,
    }  # fmt: skip


@pytest.mark.parametrize("side", SIDES)
def test_every_sample_row_is_accepted_and_read_alike(side):
    model, _, read = SIDES[side]
    rows = sample(side)
    loaded = read([model(**row).to_row() for row in rows])
    assert loaded.quarantine == []
    assert loaded.records == read(rows).records
    again = [json.loads(json.dumps(model(**row).model_dump(mode="json", exclude_none=True))) for row in rows]
    assert read([model(**row).to_row() for row in again]).records == loaded.records


VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 5000), st.floats(), st.text(max_size=8), st.dates().map(str),
    st.sampled_from(["да", "нет", "Полный день; shift", "студентка", "СПО", "skills:2", "title:x", "40 000", "3,0", "\ud800"]),
    st.lists(st.one_of(st.text(max_size=5), st.integers(), st.sampled_from(["full", "bachelor", "student"])), max_size=3),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)  # fmt: skip


@settings(max_examples=400, deadline=None, derandomize=True)
@given(st.sampled_from(list(SIDES)), st.data())
def test_what_a_model_accepts_no_table_refuses(side, data):
    model, names, read = SIDES[side]
    row = data.draw(st.dictionaries(st.sampled_from(names), VALUES, max_size=4)) | {"id": data.draw(VALUES)}
    try:
        accepted = model(**row)
    except ValidationError:
        # hh.ru's objects for a company and a schedule are understood by tables alone
        assert read([row]).quarantine or row.keys() & {"schedule", "company"}, row
        return
    loaded = read([accepted.to_row()])
    assert loaded.quarantine == []
    assert loaded.records == read([row]).records


@pytest.mark.parametrize(
    "model, row, told",
    [
        (CandidateIn, {"id": 1, "course": "пятый"}, "must be a whole number from 1 to 8, not text"),
        (CandidateIn, {"id": 1, "status": "studnet"}, 'Did you mean "student"'),
        (CandidateIn, {"id": 1, "skils": "Python"}, "There is no column 'skils'. Did you mean \"skills\"?"),
        (CandidateIn, {"id": 1, "phone": "8 916 123-45-67"}, "There is no column 'phone'"),
        (CandidateIn, {"id": 1, "birth_date": "2999-01-01"}, "birth_date must be a birth date that is past"),
        (CandidateIn, {"id": " "}, "must not be missing"),
        (CandidateIn, {}, "Field required"),
        (VacancyIn, {"id": 1, "start": "завтра"}, "must be an ISO date such as 2026-09-01"),
        (VacancyIn, {"id": 1, "weights": "skills:999"}, "must hold factors from 0 to 100"),
        (VacancyIn, {"id": 1, "must_skills": ["x" + str(n) for n in range(2001)]}, "at most 2000 items"),
    ],
)
def test_a_fault_is_told_in_the_librarys_words(model, row, told):
    with pytest.raises(ValidationError) as caught:
        model(**row)
    assert told in str(caught.value)


@pytest.mark.parametrize("side", SIDES)
def test_the_schema_tells_types_ranges_and_words(side):
    schema = SIDES[side][0].model_json_schema()
    assert schema["additionalProperties"] is False
    assert schema["required"] == ["id"]
    for name, told in schema["properties"].items():
        kind = next(k for k in told["anyOf"] if k["type"] != "null")
        item = kind["items"] if name in columns.LISTS else kind
        assert (kind["type"] == "array") == (name in columns.LISTS), name
        assert (item.get("enum") is not None) == (name in WORDS), name
        if name in columns.INTEGERS:
            assert (kind["minimum"], kind["maximum"]) == columns.INTEGERS[name]
        assert (item.get("format") == "date") == (name in columns.DATES)


def test_contacts_are_masked_at_the_door():
    assert CandidateIn(id=1, text="пишите a@b.ru").to_row()["text"] == "пишите [почта]"


def test_a_row_of_no_table_cannot_be_read():
    with pytest.raises(NotImplementedError, match="Row is a row of no table"):
        Row()


def test_hits_and_explanations_are_json_in_russian():
    engine = Matcher(agreements=SAMPLES / "agreements.csv").fit(sample("vacancies"))
    vacancy, people = sample("vacancies")[3], sample("candidates")
    found = engine.index(people).query(vacancy, 3)
    ranking = engine.rank(people, [vacancy], top=3)
    hits = [Hit.of(match, found.by, found.explain(match.candidate_id)) for match in found]
    assert [(h.id, h.score, h.known) for h in hits] == list(
        zip(ranking.candidate_id, ranking.score, ranking.known, strict=True)
    )
    assert all(h.reasons[0].startswith("Вклады: ") for h in hits)
    assert Hit.of(found[0], found.by).reasons == []
    for person in people[:20]:
        told = engine.explain(person, vacancy)
        out = ExplanationOut.of(told)
        assert sum(line.contribution for line in out.lines) + sum(out.rest.values()) == out.score == told.score
        assert ExplanationOut.model_validate_json(out.model_dump_json()) == out
        assert out.text == told.to_text()


def test_a_missing_pydantic_names_itself():
    code = "import sys; sys.modules['pydantic'] = None\nimport matcher.schemas"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert done.stderr.rstrip().endswith("MatcherError: Models of rows need pydantic: pip install matcher[pydantic].")

"""Every result shows itself in a notebook, and shows the texts of tables as text."""

from __future__ import annotations

import inspect
import re

import pytest

import matcher
from matcher import Matcher, gaps, market, suggest_courses
from matcher.index import Matches
from matcher.summary import Summary

HOSTILE = "<script>alert(1)</script>"
RESULTS = (
    "Allocation",
    "CoursePlans",
    "Evaluation",
    "Explanation",
    "Gaps",
    "Market",
    "ReportPage",
    "Reranking",
    "Result",
    "Tuning",
)


@pytest.mark.parametrize("name", RESULTS)
def test_a_result_shows_itself(name):
    assert callable(getattr(matcher, name)._repr_html_)


def test_no_result_is_forgotten():
    """Classes of the face that tell something: they have ``to_text`` or a ranking."""
    told = {
        n for n in matcher.__all__ if inspect.isclass(getattr(matcher, n)) and hasattr(getattr(matcher, n), "to_text")
    }
    assert told <= set(RESULTS)
    assert all(callable(kind._repr_html_) for kind in (Matches, Summary))


def test_hostile_texts_stay_text_in_every_frame():
    jobs = [{"id": HOSTILE, "title": f"Токарь {HOSTILE}", "must_skills": f"Fanuc; {HOSTILE}"}]
    people = [
        {
            "id": HOSTILE,
            "title": f"токарь {HOSTILE}",
            "skills": HOSTILE,
            "education_code": HOSTILE,
            "institution": HOSTILE,
        }
    ]
    engine = Matcher().fit(jobs)
    result = engine.run(people)
    shown = [
        result, result.explain(HOSTILE, HOSTILE), gaps(engine, people, by="institution"), market(engine, people),
        suggest_courses(engine, people, [{"id": HOSTILE, "title": HOSTILE, "skills": "Fanuc"}], bar=0.9),
    ]  # fmt: skip
    for each in shown:
        assert not re.search(r"<script", each._repr_html_()), type(each).__name__

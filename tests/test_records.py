"""Records survive the way between processes, compiled or not."""

from __future__ import annotations

import copy
import pickle

import pytest

from matcher.features.facts import profiles_of
from matcher.features.programmes import Programmes
from matcher.features.skills import reader_for
from matcher.records import Agreement, Candidate, Evidence, Fact, Mention, Requirement, Vacancy

RECORDS = (
    Mention("it.python", "Python", "skill", value={"cefr": "B2"}, text="питон", start=3, end=8),
    Candidate(id=1, title="токарь", skills=("ЧПУ", "чертежи")),
    Vacancy(id="v1", title="Токарь"),
    Agreement("Прибор", "МИЭТ"),
    Evidence("skills", "ЧПУ"),
    Fact("skill:it.python", 0.5, 2),
    Requirement("skill:it.python", "skills", "Python"),
)


@pytest.mark.parametrize("record", RECORDS, ids=lambda r: type(r).__name__)
@pytest.mark.parametrize("way", [lambda r: pickle.loads(pickle.dumps(r)), copy.copy, copy.deepcopy])
def test_a_record_is_the_same_after_a_copy(record, way):
    assert way(record) == record


def test_a_profile_is_the_same_after_a_pickle():
    """A child process that reads sends its profiles back so."""
    reader = reader_for()
    profile = profiles_of([RECORDS[1]], reader, Programmes(reader))[0]
    assert profile.facts
    assert pickle.loads(pickle.dumps(profile)) == profile

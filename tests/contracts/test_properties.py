"""What must hold in every world, tried on random small ones."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from matcher import pipeline
from worlds import CHECKS, processes_do_not_matter, worlds

TRIED = settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module", autouse=True)
def read_once():
    """A row is read once, however many engines meet it: what is tried here comes after the reading."""
    patch = pytest.MonkeyPatch()
    for name in ("profile_of", "request_of"):
        patch.setattr(pipeline, name, remembered(getattr(pipeline, name)))
    yield
    patch.undo()


def remembered(read):
    kept = {}

    def reading(record, *tools):
        if record not in kept:
            kept[record] = read(record, *tools)
        return kept[record]

    return reading


@TRIED
@given(worlds())
def test_all_holds_in_every_world(world):
    for check in CHECKS:
        check(world)


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
@settings(TRIED, max_examples=3)
@given(worlds())
def test_processes_do_not_matter(world):
    processes_do_not_matter(world)

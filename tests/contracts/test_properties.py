"""What must hold in every world, tried on random small ones."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from worlds import CHECKS, processes_do_not_matter, worlds

TRIED = settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("check", CHECKS, ids=lambda c: c.__name__)
def test_it_holds_in_every_world(check):
    TRIED(given(worlds())(check))()


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_processes_do_not_matter():
    settings(TRIED, max_examples=3)(given(worlds())(processes_do_not_matter))()

"""What tests of the portal share: a snapshot of the sample data and a service over it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from portals import served

from matcher import Matcher
from portal.app import create_app
from portal.settings import PortalSettings

SAMPLES = Path(__file__).parents[2] / "data" / "samples"


def sample(name):
    """Rows of a sample table as JSON has them: without empty cells."""
    with open(SAMPLES / f"{name}.csv", encoding="utf-8", newline="") as f:
        return [{k: v for k, v in row.items() if v} for row in csv.DictReader(f)]


@pytest.fixture(scope="session")
def people():
    return sample("candidates")


@pytest.fixture(scope="session")
def places():
    return sample("vacancies")


@pytest.fixture(scope="session")
def engine(places):
    return Matcher(agreements=SAMPLES / "agreements.csv").fit(places)


@pytest.fixture(scope="session")
def snapshot(engine, people, tmp_path_factory):
    folder = tmp_path_factory.mktemp("portal") / "snapshot"
    engine.index(people).save(folder)
    return folder


@pytest.fixture(scope="module")
def client(snapshot):
    """A service that no test leaves otherwise than it found it."""
    with served(create_app(PortalSettings(snapshot, token="ключ"))) as asked:
        yield asked

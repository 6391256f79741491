"""What all tests share: long campaigns run only where they are asked for."""

from __future__ import annotations

import pytest

from matcher import pipeline


def pytest_collection_modifyitems(config, items):
    if "nightly" in (config.option.markexpr or ""):
        return
    skip = pytest.mark.skip(reason="a nightly campaign: run with -m nightly")
    for item in items:
        if "nightly" in item.keywords:
            item.add_marker(skip)


@pytest.fixture(scope="module")
def read_once():
    """A row is read once, however many engines meet it: what is tried here comes after the reading."""
    patch = pytest.MonkeyPatch()
    for name in ("profiles_of", "requests_of"):
        patch.setattr(pipeline, name, remembered(getattr(pipeline, name)))
    yield
    patch.undo()


def remembered(read):
    kept = {}

    def reading(records, *tools):
        new = [r for r in records if r not in kept]
        kept.update(zip(new, read(new, *tools), strict=True))
        return [kept[r] for r in records]

    return reading

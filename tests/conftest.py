"""What all tests share: long campaigns run only where they are asked for."""

from __future__ import annotations

import pytest


def pytest_collection_modifyitems(config, items):
    if "nightly" in (config.option.markexpr or ""):
        return
    skip = pytest.mark.skip(reason="a nightly campaign: run with -m nightly")
    for item in items:
        if "nightly" in item.keywords:
            item.add_marker(skip)

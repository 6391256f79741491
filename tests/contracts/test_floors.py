"""An import points down only: the table of floors, read from the source."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "matcher"
FLOORS = {
    "resources": -1,
    "columns": 0, "errors": 0, "collector": 0,
    "records": 1, "settings": 1, "blocks": 1, "cells": 1, "files": 1, "foreign": 1, "parsers": 1, "privacy": 1, "store": 1,
    "parallel": 1, "rates": 1,
    "taxonomy": 2, "door": 2, "tables": 2,
    "features": 3,
    "ranking": 4,
    "curation": 5, "evaluation": 5, "linting": 5,
    "report": 5, "summary": 5, "scored": 5, "pipeline": 5, "judged": 5, "tuning": 5, "stability": 5,
    "refusals": 5, "wording": 5, "seats": 5, "seating": 5, "asked": 5, "allocation": 5, "allotted": 5, "charts": 5, "seat_charts": 5, "seat_tables": 5, "report_page": 5, "belonging": 5, "calibration": 5, "courses": 5, "course_plans": 5, "demand": 5, "gap_counts": 5, "grouping": 5, "lacking": 5, "placements": 5, "reranker": 5, "significance": 5, "reranking": 5, "streaming": 5, "index": 5, "indexed": 5, "vacancy_index": 5, "output": 6, "schemas": 6,
    "commands": 7, "cli": 7, "__main__": 7,
    "__init__": 8,
}  # fmt: skip
"""Module or package -> floor; on one floor, modules may import one another but never in a circle."""
FORBIDDEN = {("features", "ranking"), ("features", "settings"), ("ranking", "tables"), ("ranking", "files")}
LIBRARY = {
    ".".join(path.relative_to(SOURCE).with_suffix("").parts): path.read_text(encoding="utf-8")
    for path in SOURCE.rglob("*.py")
}


def imports(source: str, known: Mapping[str, object]) -> Iterator[str]:
    """Modules of the library that a source imports, anywhere in it; names of the package's face are none."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom):
            assert not node.level, "imports are absolute, so that they can be read"
            names = [f"{node.module}.{a.name}" for a in node.names]
            names = [n if n.removeprefix("matcher.") in known else str(node.module) for n in names]
        elif isinstance(node, ast.Import):
            names = [a.name for a in node.names]
        else:
            continue
        yield from (n.removeprefix("matcher.") for n in names if n.startswith("matcher."))


def floor(module: str) -> int:
    return FLOORS[module.partition(".")[0]]


def faults(library: Mapping[str, str]) -> list[str]:
    """Every import that points up, every forbidden one, and every circle."""
    arrows = {m: {n for n in imports(source, library) if n != m} for m, source in library.items()}
    found = []
    for module, below in arrows.items():
        for other in below:
            home, there = module.partition(".")[0], other.partition(".")[0]
            if floor(other) > floor(module):
                found.append(f"{module} (floor {floor(module)}) imports {other} (floor {floor(other)})")
            if (home, there) in FORBIDDEN:
                found.append(f"{home} must not import {there}: {module} does")
    return sorted(found) + [f"circle: {' -> '.join(c)}" for c in circles(arrows)]


def circles(arrows: Mapping[str, set[str]]) -> list[list[str]]:
    """One circle for each arrow that closes one; the package's face is no part of any."""
    out: list[list[str]] = []
    done: set[str] = set()

    def walk(module: str, path: list[str]) -> None:
        if module in path:
            out.append([*path[path.index(module) :], module])
        elif module not in done:
            for other in sorted(arrows.get(module, ())):
                walk(other, [*path, module])
            done.add(module)

    for module in sorted(arrows):
        walk(module, [])
    return out


def test_every_module_has_a_floor():
    assert {m.partition(".")[0] for m in LIBRARY} == set(FLOORS)


def test_imports_point_down():
    assert faults(LIBRARY) == []


BAD = {
    "a function hides it": ("def f():\n    from matcher.ranking.units import to_score", "floor 4"),
    "for types only": ("if TYPE_CHECKING:\n    from matcher.pipeline import Matcher", "floor 5"),
    "through the face": ("from matcher import cli", "floor 7"),
    "a plain import": ("import matcher.pipeline", "floor 5"),
    "a sub-module as a name": ("from matcher.ranking import units", "floor 4"),
    "weights among facts": ("from matcher.settings import Settings", "features must not import settings"),
}


@pytest.mark.parametrize("case", BAD)
def test_an_import_that_points_up_is_caught(case):
    source, told = BAD[case]
    found = faults({**LIBRARY, "features.bad": source})
    assert any(told in fault for fault in found)
    assert all("features" in fault for fault in found)


def test_a_circle_is_caught():
    bad = {"ranking.a": "from matcher.ranking import b", "ranking.b": "def f():\n    import matcher.ranking.a"}
    assert faults({**LIBRARY, **bad}) == ["circle: ranking.a -> ranking.b -> ranking.a"]


def test_an_import_that_points_down_passes():
    assert faults({**LIBRARY, "ranking.good": "from matcher.features.text import fold\nimport numpy"}) == []


def test_relative_imports_are_refused():
    with pytest.raises(AssertionError, match="absolute"):
        list(imports("from . import units", LIBRARY))

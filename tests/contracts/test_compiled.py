"""What the modules compiled for wheels must not hold, because mypyc runs it otherwise than Python does."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def compiled_modules() -> list[Path]:
    """The files that setup.py hands to mypyc."""
    tree = ast.parse((ROOT / "setup.py").read_text(encoding="utf-8"))
    lists = [n.value for n in tree.body if isinstance(n, ast.Assign) and getattr(n.targets[0], "id", "") == "_READING"]
    package = ROOT / "src" / "matcher"
    return [
        package / "records.py",
        package / "taxonomy.py",
        *(package / "features" / f"{name}.py" for name in ast.literal_eval(lists[0])),
    ]


@pytest.mark.parametrize("path", compiled_modules(), ids=lambda p: p.stem)
def test_no_cached_property_is_compiled(path: Path) -> None:
    """A compiled class works a cached property out at every access: a profile took ten times its time."""
    names = {n.id for n in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(n, ast.Name)}
    assert "cached_property" not in names

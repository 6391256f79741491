"""The Python of the README and the docs runs, and prints what it says."""

import contextlib
import io
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
IN_ORDER = {"tutorial.md", "quickstart_ru.md"}
"""Pages whose blocks are typed one after another; all others stand alone."""


def programs():
    """Lists of blocks that run together, by page."""
    for page in PAGES:
        blocks = re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), flags=re.S)
        for n, together in enumerate([blocks] if page.name in IN_ORDER else [[b] for b in blocks]):
            yield pytest.param(together, id=f"{page.relative_to(ROOT)}-{n}")


PROGRAMS = list(programs())


pytestmark = pytest.mark.filterwarnings("ignore:.*lists shorter than:matcher.errors.MatcherWarning")


@pytest.mark.parametrize("blocks", PROGRAMS)
def test_blocks_run_and_print_what_they_say(blocks, monkeypatch):
    monkeypatch.chdir(ROOT)
    names = {"__name__": "readme"}
    for code in blocks:
        expected = re.findall(r"^# (.*)$", code, flags=re.M)
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(compile(code, "a block of the docs", "exec"), names)
        assert out.getvalue() or len(blocks) > 1
        if expected:
            assert out.getvalue().splitlines() == expected


def test_there_are_blocks():
    assert len(PROGRAMS) >= 10
    assert all(any(f"docs/{name}" in p.id for p in PROGRAMS) for name in (*IN_ORDER, "howto", "embedding"))

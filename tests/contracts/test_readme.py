"""The Python of the README and the docs runs, and prints what it says."""

import contextlib
import io
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BLOCKS = [
    block
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
    for block in re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), flags=re.S)
]


pytestmark = pytest.mark.filterwarnings("ignore:.*lists shorter than:matcher.errors.MatcherWarning")


@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_block_runs_and_prints_what_it_says(number):
    code = BLOCKS[number]
    expected = re.findall(r"^# (.*)$", code, flags=re.M)
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(code, f"README block {number}", "exec"), {"__name__": "readme"})
    assert out.getvalue()
    if expected:
        assert out.getvalue().splitlines() == expected


def test_there_are_blocks():
    assert len(BLOCKS) >= 2

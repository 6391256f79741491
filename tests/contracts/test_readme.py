"""The README's Python runs, and prints what it says."""

import contextlib
import io
import re
from pathlib import Path

import pytest

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", README, flags=re.S)


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

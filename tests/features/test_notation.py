"""The notation of these tables, proven on lines that must fail."""

from __future__ import annotations

import pytest
from notation import check, parse


@pytest.mark.parametrize(
    ("text", "said"),
    parse("""
        пайка                          | nothing
        пайка                          | mech.welding
        пайка                          | ~elec.soldering
        пайка                          | ?elec.soldering
        пайка                          | !elec.soldering
        пайка                          | elec.soldering level=2
        базовый Python                 | it.python level=
        Python будет плюсом            | it.python tier=must
        Python и Java                  | only it.python
        Python                         | only it.python, it.java
        Python                         | = Java
        Python                         | = Кракозябр
        питон                          | != Python
        опыт 2 года                    | no experience
        опыт 2 года                    | experience months_min=12
        опыт 2 года                    | no months_min
        Python и Java                  | any_of=it.python+it.java
    """),
)
def test_a_wrong_expectation_fails(text, said):
    with pytest.raises(AssertionError):
        check(text, said)


@pytest.mark.parametrize("line", ["пайка", "пайка |", "| nothing", "пайка|elec.soldering"])
def test_a_wrong_line_is_refused(line):
    with pytest.raises(ValueError, match="A line must look like"):
        parse(line)


def test_remarks_and_empty_lines_are_passed_over():
    assert parse("\n# remark | x\n a\\nb | nothing\n") == [("a\nb", "nothing")]

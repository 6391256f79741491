"""The import is silent and light, and nothing reaches for the network."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src"
HEAVY = [
    "numpy",
    "scipy",
    "pandas",
    "sklearn",
    "pymorphy3",
    "rapidfuzz",
    "matplotlib",
    "pydantic",
    "pyarrow",
    "openpyxl",
]


def run(code, *flags, cwd=None):
    environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
    return subprocess.run(
        [sys.executable, *flags, "-c", code], capture_output=True, text=True, env=environment, cwd=cwd, timeout=120
    )


def test_importing_loads_nothing_heavy_and_says_nothing():
    done = run(f"import matcher, sys; print(sorted(set({HEAVY!r}) & set(sys.modules)))", "-W", "error")
    assert (done.returncode, done.stdout, done.stderr) == (0, "[]\n", "")


def test_importing_writes_and_reads_no_file(tmp_path):
    code = """
import sys
opened = []
sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == "open" else None)
import matcher
print([p for p in opened if not p.endswith((".py", ".pyc")) and not p.isdigit()])
"""
    done = run(code, "-B", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "[]\n"), done.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_settings_load_nothing_heavy():
    done = run(f"import matcher, sys; matcher.Settings(); print(sorted(set({HEAVY!r}) & set(sys.modules)))")
    assert done.stdout == "[]\n", done.stderr


def test_a_ranking_needs_no_network():
    code = """
import socket
def refuse(*args, **kwargs):
    raise AssertionError("the network was asked for")
socket.socket = socket.create_connection = socket.getaddrinfo = refuse
import matcher
vacancies = [{"id": "v", "title": "Токарь", "must_skills": "токарные работы"}]
ranking = matcher.Matcher().fit(vacancies).rank([{"id": 1, "skills": "токарный станок"}])
print(ranking.candidate_id.tolist())
"""
    done = run(code, "-W", "error")
    assert (done.returncode, done.stdout, done.stderr) == (0, "[1]\n", "")

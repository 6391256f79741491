"""Long campaigns, run with ``-m nightly``: many worlds, damaged engines, killed fits."""

from __future__ import annotations

import datetime as dt
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

import allotting
from matcher import Matcher, StoreError, allocate
from worlds import CHECKS, SKILLS, TITLES, csv, processes_do_not_matter, worlds

pytestmark = pytest.mark.nightly

SOURCE = Path(__file__).parents[2] / "src"
TODAY = dt.date(2026, 9, 1)
N_WORLDS, N_DAMAGES, N_KILLS = 2000, 300, 20
N_PARTS = 8
"""The worlds are tried in as many tests, so that two workers share them."""
VACANCIES = [{"id": i, "title": title, "must_skills": SKILLS[3 * i : 3 * i + 3]} for i, title in enumerate(TITLES)]
CANDIDATES = [{"id": i, "skills": SKILLS[i::7]} for i in range(7)]


@pytest.mark.usefixtures("read_once")
@pytest.mark.parametrize("part", range(N_PARTS))
@settings(max_examples=N_WORLDS // N_PARTS, deadline=None, suppress_health_check=list(HealthCheck))
@given(world=worlds())
def test_all_holds_in_every_world(part, world):
    for check in CHECKS:
        check(world)


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
@settings(max_examples=N_WORLDS // 20, deadline=None, suppress_health_check=list(HealthCheck))
@given(worlds())
def test_processes_do_not_matter(world):
    processes_do_not_matter(world)


@pytest.mark.filterwarnings("ignore:.*lists shorter than:matcher.errors.MatcherWarning")
@pytest.mark.parametrize("kind", ["plain", "reserves", "minimums", "all"])
def test_seats_are_given_out_as_brute_force_would(kind):
    for seed in range(1000, 1000 + N_WORLDS // 4):
        told = {name: kind in {name, "all"} for name in ("reserves", "minimums", "cap")}
        allotting.check(allotting.world(seed, **told), allocate)


# ---------------------------------------------------------------- damaged engines


def flip(path, chance):
    data = bytearray(path.read_bytes())
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    path.write_bytes(data)


def cut(path, chance):
    data = path.read_bytes()
    path.write_bytes(data[: chance.randrange(len(data))])


def drop_a_piece(path, chance):
    data = path.read_bytes()
    at = chance.randrange(len(data))
    path.write_bytes(data[:at] + data[at + chance.randint(1, 40) :])


def double_a_piece(path, chance):
    data = path.read_bytes()
    at = chance.randrange(len(data))
    path.write_bytes(data[:at] + data[at : at + chance.randint(1, 40)] + data[at:])


def garble(path, chance):
    path.write_bytes(chance.randbytes(chance.randint(0, 2000)))


def remove(path, chance):
    path.unlink()


def exchange(path, chance):
    other = chance.choice([p for p in path.parent.iterdir() if p != path])
    one, two = path.read_bytes(), other.read_bytes()
    path.write_bytes(two)
    other.write_bytes(one)


DAMAGES = (flip, cut, drop_a_piece, double_a_piece, garble, remove, exchange)


def test_a_damaged_engine_is_refused_or_read_right(tmp_path):
    chance = random.Random(2026)
    Matcher(today=TODAY).fit(VACANCIES).save(tmp_path / "good")
    right = csv(Matcher.load(tmp_path / "good", today=TODAY).rank(CANDIDATES, top=None))
    told: list[str] = []
    for number in range(N_DAMAGES):
        bad = tmp_path / "bad"
        shutil.copytree(tmp_path / "good", bad)
        files = sorted(bad.iterdir())
        # the manifest is the file that no digest guards
        path = bad / "manifest.json" if number % 2 else chance.choice(files)
        chance.choice(DAMAGES)(path, chance)
        try:
            loaded = Matcher.load(bad, today=TODAY)
        except StoreError as e:
            told.append(str(e))
        else:
            assert csv(loaded.rank(CANDIDATES, top=None)) == right
        shutil.rmtree(bad)
    assert len(told) > N_DAMAGES * 0.8
    assert not [sentence for sentence in told if "\n" in sentence]


# ---------------------------------------------------------------- killed fits


def fit(folder, table):
    environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
    argv = [sys.executable, "-m", "matcher", "fit", table, "-o", "engine", "--jobs", "1", "--quiet"]
    return subprocess.Popen(argv, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def test_a_killed_fit_leaves_a_whole_engine(tmp_path):
    chance = random.Random(2026)
    for name, title in (("old.csv", "Токарь"), ("new.csv", "Бухгалтер")):
        rows = [f"{i},{title},{SKILLS[i % 50]}" for i in range(200)]
        (tmp_path / name).write_text("\n".join(["id,title,must_skills", *rows]) + "\n", encoding="utf-8")
    started = time.monotonic()
    assert fit(tmp_path, "old.csv").wait() == 0
    whole = time.monotonic() - started
    for number in range(N_KILLS):
        # half of the kills fall into the last tenth, where the files are written
        moment = whole * (chance.uniform(0.9, 1.05) if number % 2 else chance.uniform(0, 1))
        process = fit(tmp_path, "new.csv")
        try:
            process.wait(moment)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
        titles = {v.title for v in Matcher.load(tmp_path / "engine").vacancies_.records}
        assert titles in ({"Токарь"}, {"Бухгалтер"})

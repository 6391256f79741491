"""The engine against its peers, question by question, in one process and one run: python -m tests.bench [QUESTION ...]

Questions: kernel (the best of every vacancy, all criteria and gates), live (one vacancy at a time, changes, saving and
loading), cold (tables to ranking, text and all), memory (a file of candidates ranked by the command in blocks), start
(imports). CPU seconds of one thread where not said otherwise, medians of rounds taken in turns; ratios are ours by the
peer's. With several numbers of candidates a last table says how time grows. Peers that are not installed are left out:
pip install sparse_dot_topn bm25s tantivy.
"""

from __future__ import annotations

import argparse
import csv
import gc
import itertools
import json
import math
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from tests.bench import peers
from tests.bench.peers import Peers, Task
from tests.bench.people import People

from matcher import Matcher
from matcher.index import read_whole
from matcher.ranking import kernel
from matcher.ranking.segment import Wanted

_LARGEST_TUTORIAL = 10_000
"""Candidates above which the recipe of tutorials takes longer than anybody waits."""
_ROWS_AT_A_TIME = 20_000
_RUN_AND_TELL = """
import sys, time
from matcher.cli import main
assert main(sys.argv[1:]) == 0
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(time.process_time(), peak.split()[1])
"""
"""A command with what it took; the peak that the system tells of a child would be that of its parent."""


_RUN_COLD = """
import json, sys
from tests.bench.__main__ import run_cold
print(json.dumps(run_cold(*map(int, sys.argv[1:]))))
"""


class Figures:
    """Prints figures as they come, and at the end how they grow with the candidates."""

    def __init__(self) -> None:
        self.by_size: dict[str, dict[int, float]] = {}

    def note(self, name: str, size: int, value: float, unit: str, beside: str = "") -> None:
        """Print a figure and remember it."""
        self.by_size.setdefault(f"{name}, {unit}", {})[size] = value
        print(f"  {name:52s} {value:10.3f} {unit:8s} {beside}", flush=True)

    def take(self, by_size: Mapping[str, Mapping[int, float]]) -> None:
        """Take figures that another process noted and printed."""
        for name, found in by_size.items():
            self.by_size.setdefault(name, {}).update(found)

    def growth(self) -> None:
        """Every figure at every number of candidates, and the power of that number with which it grows."""
        sizes = sorted({size for by_size in self.by_size.values() for size in by_size})
        if len(sizes) < 2:
            return
        print(f"\n{'how it grows with the candidates':64s}" + "".join(f"{s:>12,}" for s in sizes) + "       power")
        for name, found in self.by_size.items():
            if len(found) > 1:
                low, high = min(found), max(found)
                power = math.log(found[high] / found[low]) / math.log(high / low) if found[low] > 0 else math.nan
                cells = "".join(f"{found[s]:12.3f}" if s in found else " " * 12 for s in sizes)
                print(f"  {name:62s}{cells} {power:11.2f}")


FIGURES = Figures()


def race(tasks: Mapping[str, Task], rounds: int, size: int, unit: str = "CPU s") -> None:
    """Run tasks in turns and note the median of each beside the ratio of the first to it."""
    took: dict[str, list[float]] = {n: [] for n in tasks}
    for number in range(rounds + (rounds > 1)):
        for task, run in tasks.items():
            start = time.process_time()
            run()
            if number or rounds == 1:  # the first of several rounds warms up
                took[task].append(time.process_time() - start)
    ours = next(iter(took.values()))
    for task, times in took.items():
        ratio = statistics.median(a / b for a, b in zip(ours, times, strict=True))
        FIGURES.note(task, size, statistics.median(times), unit, "" if times is ours else f"ours is {ratio:.2f} of it")


def spread(name: str, times: list[float], size: int) -> None:
    """Note the middle of some times of the clock, and print their tail."""
    p50, p95, p99 = np.quantile(times, [0.5, 0.95, 0.99]) * 1e3
    FIGURES.note(name, size, p50, "ms", f"p95 {p95:.2f}, p99 {p99:.2f}")


def timed(run: Callable[[Any], object], items: Iterable[Any]) -> list[float]:
    """Seconds of the clock that each item takes."""
    out = []
    for item in items:
        start = time.perf_counter()
        run(item)
        out.append(time.perf_counter() - start)
    return out


def ask_kernel(size: int, args: argparse.Namespace) -> None:
    """The best 20 of every vacancy, all criteria and gates, and words alone by the peers."""
    people, places = list(People().candidates(size)), list(People().vacancies(args.vacancies))
    model = Matcher(n_jobs=args.jobs).score(people, places).model
    rows, columns = np.flatnonzero(model.usable_rows), np.flatnonzero(model.usable_columns)
    start = time.process_time()
    made = kernel.Kernel(model.parts, model.gates, model.thin, columns, rows, model.order_rows, by_vacancy=True)
    FIGURES.note("laid out for the kernel, once", size, time.process_time() - start, "CPU s")
    tasks: dict[str, Task] = {"matcher, all criteria and gates": lambda: made.tops(20, {})}
    race(tasks | Peers(people, places, 20).batch, args.rounds, size)
    for jobs in (1, 2):
        times = timed(lambda n: made.tops(20, {}, n_jobs=n), [jobs] * args.rounds)
        FIGURES.note(f"matcher, {jobs} thread(s)", size, statistics.median(times), "s")


def ask_live(size: int, args: argparse.Namespace) -> None:
    """One raw vacancy to its best 20, changes, bytes, saving and loading; peers are given lemmas that are ready."""
    people, places = list(People().candidates(size)), list(People().vacancies(3000))
    _live(people, places, size, args)
    found = Peers(people, places[1500:1800], 20)
    for name, ask in found.single.items():
        few = 30 if "scikit-learn" in name else 300
        list(map(ask, range(10)))
        spread(name, timed(ask, range(few)), size)
    for name, add in found.add.items():
        spread(f"add one, {name}", timed(lambda _, run=add: run(), range(30)), size)


def _live(people: list[dict[str, Any]], places: list[dict[str, Any]], size: int, args: argparse.Namespace) -> None:
    engine = Matcher(n_jobs=args.jobs).fit(places[:1000])
    start = time.process_time()
    live = engine.index(people)
    FIGURES.note("index made, text and all", size, time.process_time() - start, "CPU s")
    for vacancy in places[:1500]:
        live.query(vacancy, 20)
    spread("raw vacancy to its best 20", timed(lambda v: live.query(v, 20), places[1500:2500]), size)
    requests = engine.asked(read_whole(places[1500:2500], "vacancies")).requests
    wanted = [Wanted.of(r, live._rules) for r in requests]
    spread("of which scoring, every criterion and gate", timed(lambda w: live._best(w, 20), wanted), size)
    FIGURES.note("memory of a candidate", size, live.nbytes / size, "bytes")
    with tempfile.TemporaryDirectory() as folder:
        live.save(Path(folder) / "index")
        for verify in (True, False):
            (took,) = timed(lambda v: Matcher.load_index(Path(folder) / "index", verify=v), [verify])
            FIGURES.note(f"load, digests {'checked' if verify else 'trusted'}", size, took, "s")
    fresh = [{**row, "id": f"n{row['id']}"} for row in People(6).candidates(300)]
    spread("add one raw candidate", timed(live.add, fresh), size)
    spread("raw vacancy to its best 20, among changes", timed(lambda v: live.query(v, 20), places[2500:2800]), size)


def ask_cold(size: int, args: argparse.Namespace) -> None:
    """Tables to the best 50 of every vacancy, text and all, in a process that has read nothing yet."""
    command = [sys.executable, "-c", _RUN_COLD, str(size), str(args.vacancies)]
    *lines, found = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout.splitlines()
    print("\n".join(lines), flush=True)
    FIGURES.take({name: {size: value} for name, value in json.loads(found).items()})


def run_cold(size: int, n_vacancies: int) -> dict[str, float]:
    """The runs of :func:`ask_cold`, and their figures by name."""
    people, places = list(People().candidates(size)), list(People().vacancies(n_vacancies))

    def ours() -> None:
        for _ in Matcher().rank_blocks(people, places, top=50):
            pass

    tasks: dict[str, Task] = {
        "matcher, cold": ours,
        "careful: lemmas once, tf-idf, sparse_dot_topn": lambda: peers.careful(people, places, 50),
    }
    if size <= _LARGEST_TUTORIAL:
        tasks["tutorial: every word parsed, cosine of everything"] = lambda: peers.tutorial(people, places, 50)
    race(tasks, 1, size)
    return {name: found[size] for name, found in FIGURES.by_size.items()}


def ask_memory(size: int, args: argparse.Namespace) -> None:
    """A file of candidates to a file of the best 50 of every vacancy, by the command, in blocks."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    with tempfile.TemporaryDirectory() as folder:
        candidates, vacancies, out = (Path(folder) / n for n in ("c.parquet", "v.csv", "ranking.csv"))
        rows, writer = People().candidates(size), None
        while block := list(itertools.islice(rows, _ROWS_AT_A_TIME)):
            table = pa.Table.from_pylist(block)
            writer = writer or pq.ParquetWriter(candidates, table.schema)
            writer.write_table(table)
        writer.close()
        places = list(People().vacancies(args.vacancies))
        with vacancies.open("w", encoding="utf-8", newline="") as f:
            lines = csv.DictWriter(f, places[0])
            lines.writeheader()
            lines.writerows(places)
        gc.collect()
        command = [
            "rank",
            candidates,
            vacancies,
            "-o",
            out,
            "--top",
            "50",
            "--block",
            "10000",
            "--jobs",
            str(args.jobs),
        ]
        done = subprocess.run(
            [sys.executable, "-c", _RUN_AND_TELL, *command], check=True, capture_output=True, text=True
        )
    seconds, peak = map(float, done.stdout.split()[-2:])
    FIGURES.note("matcher rank, file to file", size, seconds, "CPU s")
    FIGURES.note("matcher rank, the most memory", size, peak / 1e6, "GB")


def ask_start(size: int, args: argparse.Namespace) -> None:
    """What a process costs before it does anything."""
    del args
    for name, command in (
        ("import matcher", [sys.executable, "-c", "import matcher"]),
        ("matcher --help", [sys.executable, "-m", "matcher", "--help"]),
    ):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        for _ in range(5):
            subprocess.run(command, check=True, capture_output=True, env={**os.environ})
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        FIGURES.note(name, size, (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / 5, "CPU s")


QUESTIONS = {"kernel": ask_kernel, "live": ask_live, "cold": ask_cold, "memory": ask_memory, "start": ask_start}


def main() -> None:
    """Ask the questions that are named, or all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("questions", nargs="*", choices=[*QUESTIONS, []], metavar="QUESTION")
    parser.add_argument("--candidates", type=int, nargs="+", default=[10_000], metavar="N")
    parser.add_argument("--vacancies", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--jobs", type=int, default=1, help="processes that read what is not measured")
    args = parser.parse_args()
    warnings.simplefilter("ignore")
    for name in args.questions or QUESTIONS:
        for size in args.candidates if name != "start" else args.candidates[:1]:
            print(f"\n{name}: {size:,} candidates, {args.vacancies:,} vacancies", flush=True)
            QUESTIONS[name](size, args)
            gc.collect()
    FIGURES.growth()


if __name__ == "__main__":
    main()

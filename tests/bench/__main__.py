"""The engine against its peers, question by question, in one process and one run: python -m tests.bench [QUESTION ...]

Questions: kernel (the best of every vacancy, all criteria and gates), live (one vacancy at a time, changes, saving and
loading), cold (tables to ranking, text and all), start (imports). CPU seconds of one thread, medians; ratios are ours by
the peer's. Peers that are not installed are left out: pip install sparse_dot_topn bm25s.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from tests.bench.people import People

from matcher import Matcher
from matcher.features.told import lemmas
from matcher.ranking import kernel

Task = Callable[[], object]


def told(name: str, tasks: Mapping[str, Task], rounds: int) -> None:
    """Run tasks in turns and print the median of each beside the ratio of the first to it."""
    took: dict[str, list[float]] = {n: [] for n in tasks}
    for number in range(rounds + 1):
        for task, run in tasks.items():
            start = time.process_time()
            run()
            if number:  # the first round warms up
                took[task].append(time.process_time() - start)
    print(f"\n{name}")
    ours = next(iter(took.values()))
    for task, times in took.items():
        ratio = statistics.median(a / b for a, b in zip(ours, times, strict=True))
        print(f"  {task:44s} {statistics.median(times):9.3f} CPU s   ours/this {ratio:6.2f}")


def _texts(rows: list[dict[str, Any]], *names: str) -> list[str]:
    return [" ".join(str(row.get(n) or "") for n in names) for row in rows]


def word_peers(people: list[dict[str, Any]], places: list[dict[str, Any]], k: int) -> dict[str, Task]:
    """Peers that score the lemmas of the same texts, words alone."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    left = [" ".join(lemmas(t)) for t in _texts(people, "skills", "text")]
    right = [" ".join(lemmas(t)) for t in _texts(places, "title", "must_skills")]
    words = TfidfVectorizer(token_pattern=r"\S+", dtype=np.float32, sublinear_tf=True, min_df=2, max_df=0.5)
    theirs, ours = words.fit_transform(left), words.transform(right)
    out: dict[str, Task] = {}
    try:
        from sparse_dot_topn import sp_matmul_topn

        turned = theirs.T.tocsr()
        out["sparse_dot_topn, words alone"] = lambda: sp_matmul_topn(ours, turned, top_n=k, sort=True, n_threads=1)
    except ImportError:
        print("sparse_dot_topn is not installed: left out")
    try:
        import bm25s

        kept = set(words.vocabulary_)
        split = (
            [[w for w in t.split() if w in kept] for t in left],
            [[w for w in t.split() if w in kept] for t in right],
        )
        found = bm25s.BM25(backend="numba")
        found.index(split[0], show_progress=False)
        found.activate_numba_scorer()
        out["bm25s with numba, common words dropped"] = lambda: found.retrieve(
            split[1], k=k, show_progress=False, n_threads=0, backend_selection="numba"
        )
    except ImportError:
        print("bm25s is not installed: left out")
    return out


def ask_kernel(args: argparse.Namespace) -> None:
    """The best 20 of every vacancy, all criteria and gates, and words alone by the peers."""
    people, places = list(People().candidates(args.candidates)), list(People().vacancies(args.vacancies))
    model = Matcher(n_jobs=args.jobs).score(people, places).model
    rows, columns = np.flatnonzero(model.usable_rows), np.flatnonzero(model.usable_columns)
    start = time.process_time()
    made = kernel.Kernel(model.parts, model.gates, model.thin, columns, rows, model.order_rows, by_vacancy=True)
    print(f"\nlaid out for the kernel once: {time.process_time() - start:.2f} CPU s")
    tasks: dict[str, Task] = {"matcher, all criteria and gates": lambda: made.tops(20, {})}
    tasks |= word_peers(people, places, 20)
    told(f"best 20 of {args.candidates:,} candidates for {args.vacancies:,} vacancies", tasks, args.rounds)
    for jobs in (1, 2):
        start = time.perf_counter()
        made.tops(20, {}, n_jobs=jobs)
        print(f"  {jobs} thread(s): {time.perf_counter() - start:.3f} s of the clock")


def _spread(name: str, times: list[float]) -> None:
    p50, p95, p99 = np.quantile(times, [0.5, 0.95, 0.99]) * 1e3
    print(f"  {name:44s} p50 {p50:7.2f}   p95 {p95:7.2f}   p99 {p99:7.2f} ms")


def _timed(run: Callable[[Any], object], items: list[Any]) -> list[float]:
    out = []
    for item in items:
        start = time.perf_counter()
        run(item)
        out.append(time.perf_counter() - start)
    return out


def ask_live(args: argparse.Namespace) -> None:
    """One raw vacancy to its best 20, changes, bytes, saving and loading."""
    people, places = list(People().candidates(args.candidates)), list(People().vacancies(3000))
    engine = Matcher(n_jobs=args.jobs).fit(places[:1000])
    start = time.process_time()
    live = engine.index(people)
    print(f"\nlive index of {args.candidates:,} candidates, made in {time.process_time() - start:.1f} CPU s")
    for vacancy in places[:1500]:
        live.query(vacancy, 20)
    _spread("raw vacancy to the best 20", _timed(lambda v: live.query(v, 20), places[1500:2500]))
    print(f"  {'bytes a candidate':44s} {live.nbytes / args.candidates:9.0f}")
    with tempfile.TemporaryDirectory() as folder:
        live.save(Path(folder) / "index")
        for verify in (True, False):
            start = time.perf_counter()
            Matcher.load_index(Path(folder) / "index", verify=verify)
            print(
                f"  {'load, digests ' + ('checked' if verify else 'trusted'):44s} {time.perf_counter() - start:9.2f} s"
            )
    fresh = [{**row, "id": f"n{row['id']}"} for row in People(6).candidates(300)]
    _spread("add one raw candidate", _timed(live.add, fresh))
    _spread("raw vacancy to the best 20, among changes", _timed(lambda v: live.query(v, 20), places[2500:2800]))


def ask_cold(args: argparse.Namespace) -> None:
    """Tables to a ranking, text and all; the peer lemmatises each word once and scores words alone."""
    people, places = list(People().candidates(args.candidates)), list(People().vacancies(args.vacancies))

    def ours() -> None:
        for _ in Matcher().rank_blocks(people, places, top=50):
            pass

    def words() -> None:
        for run in word_peers(people, places, 50).values():
            run()
            break

    told(
        f"cold: {args.candidates:,} candidates x {args.vacancies:,} vacancies",
        {"matcher": ours, "lemmas + tf-idf": words},
        1,
    )
    print(f"  peak memory of this process so far: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB")


def ask_start(args: argparse.Namespace) -> None:
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
        print(f"  {name:44s} {(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / 5:9.3f} CPU s")


QUESTIONS = {"kernel": ask_kernel, "live": ask_live, "cold": ask_cold, "start": ask_start}


def main() -> None:
    """Ask the questions that are named, or all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("questions", nargs="*", choices=[*QUESTIONS, []], metavar="QUESTION")
    parser.add_argument("--candidates", type=int, default=10_000)
    parser.add_argument("--vacancies", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--jobs", type=int, default=1, help="processes that read what is not measured")
    args = parser.parse_args()
    warnings.simplefilter("ignore")
    for name in args.questions or QUESTIONS:
        QUESTIONS[name](args)


if __name__ == "__main__":
    main()

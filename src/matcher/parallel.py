"""Reading in several processes: results in the order of the input, whatever the number of processes."""

from __future__ import annotations

import gc
import multiprocessing
import warnings
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from matcher.collector import no_collector
from matcher.errors import MatcherError

_CHUNK = 64
"""Records that are read together; more are no sooner read, and do not stay at hand."""
_LEAST_PER_JOB = 200

_work: Callable[[Sequence[Any]], list[Any]] | None = None


def _run(records: Sequence[Any]) -> list[Any]:
    assert _work is not None
    return _work(records)


def map_records(
    read: Callable[[Sequence[Any]], list[Any]],
    records: Sequence[Any],
    n_jobs: int,
    progress: Callable[[int, int], None] | None = None,
    each: Callable[[Any], object] | None = None,
) -> list[Any]:
    """What is read of every record, in forked processes where that pays and the system can fork.

    Parameters
    ----------
    read : callable
        Called on a few dozen records at a time, gives what each is read as; what it has built so far is shared with
        the children by the fork.
    n_jobs : int
        Most processes; 1 stays in this one.
    progress : callable, optional
        Called with (done, total).
    each : callable, optional
        Called in this process with every result as it comes, in their order.

    Examples
    --------
    >>> map_records(lambda numbers: [n + 1 for n in numbers], [1, 2], 2)
    [2, 3]
    """
    n = len(records)
    out: list[Any] = []

    def take(results: list[Any]) -> None:
        out.extend(results)
        if each:
            for result in results:
                each(result)
        if progress:
            progress(len(out), n)

    jobs = min(n_jobs, n // _LEAST_PER_JOB)
    if jobs < 2 or "fork" not in multiprocessing.get_all_start_methods():
        with no_collector():
            for low in range(0, n, _CHUNK):
                take(read(records[low : low + _CHUNK]))
        return out
    global _work
    take(read(records[:1]))  # builds what is built lazily before the fork, so that the children share it
    gc.collect()
    gc.freeze()  # the collector need not walk, and so copy, what the children only read
    _work = read
    context = multiprocessing.get_context("fork")
    try:
        with warnings.catch_warnings(), ProcessPoolExecutor(jobs, context, initializer=gc.disable) as pool:
            # Python 3.12 and later warn of forks beside threads; the children only read text, in one thread
            warnings.filterwarnings("ignore", "This process .* is multi-threaded", DeprecationWarning)
            for results in pool.map(_run, [records[low : low + _CHUNK] for low in range(1, n, _CHUNK)]):
                take(results)
    except BrokenProcessPool:
        raise MatcherError("A process that read texts was killed (out of memory?): try fewer jobs.") from None
    finally:
        _work = None
        gc.unfreeze()
    return out

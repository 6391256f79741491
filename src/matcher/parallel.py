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
_LEAST_PER_JOB = 200

_work: Callable[[Any], Any] | None = None


def _run(item: Any) -> Any:
    assert _work is not None
    return _work(item)


def map_records(
    read: Callable[[Any], Any],
    records: Sequence[Any],
    n_jobs: int,
    progress: Callable[[int, int], None] | None = None,
    each: Callable[[Any], object] | None = None,
) -> list[Any]:
    """``[read(r) for r in records]``, in forked processes where that pays and the system can fork.

    Parameters
    ----------
    read : callable
        Called on each record; what it has built so far is shared with the children by the fork.
    n_jobs : int
        Most processes; 1 stays in this one.
    progress : callable, optional
        Called with (done, total).
    each : callable, optional
        Called in this process with every result as it comes, in their order.

    Examples
    --------
    >>> map_records(lambda x: x + 1, [1, 2], 2)
    [2, 3]
    """
    n = len(records)
    jobs = min(n_jobs, n // _LEAST_PER_JOB)
    out: list[Any] = []
    if jobs < 2 or "fork" not in multiprocessing.get_all_start_methods():
        with no_collector():
            for done, record in enumerate(records, 1):
                out.append(read(record))
                if each:
                    each(out[-1])
                if progress and (done % _CHUNK == 0 or done == n):
                    progress(done, n)
        return out
    global _work
    out.append(read(records[0]))  # builds what is built lazily before the fork, so that the children share it
    if each:
        each(out[0])
    gc.collect()
    gc.freeze()  # the collector need not walk, and so copy, what the children only read
    _work = read
    context = multiprocessing.get_context("fork")
    try:
        with warnings.catch_warnings(), ProcessPoolExecutor(jobs, context, initializer=gc.disable) as pool:
            # Python 3.12 and later warn of forks beside threads; the children only read text, in one thread
            warnings.filterwarnings("ignore", "This process .* is multi-threaded", DeprecationWarning)
            for result in pool.map(_run, records[1:], chunksize=_CHUNK):
                out.append(result)
                if each:
                    each(result)
                if progress and (len(out) % _CHUNK == 0 or len(out) == n):
                    progress(len(out), n)
    except BrokenProcessPool:
        raise MatcherError("A process that read texts was killed (out of memory?): try fewer jobs.") from None
    finally:
        _work = None
        gc.unfreeze()
    return out

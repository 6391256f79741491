"""Matching is work for a processor: a few threads do it, a few requests wait, the rest are told to come later."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

Answer = TypeVar("Answer")


class BusyError(Exception):
    """All threads work and all places in the queue are taken."""


class TooLateError(Exception):
    """The answer was not ready in time."""


class Desk:
    """A pool of threads with a bounded queue and a deadline.

    A thread cannot be stopped: work that is late goes on and keeps its place until it ends, so that the queue tells the
    truth about the load; work that had not begun by its deadline never begins.
    """

    def __init__(self, workers: int, waiting: int, seconds: float) -> None:
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="matcher")
        self._places, self._seconds = workers + waiting, seconds
        self._lock = threading.Lock()
        self.inside = 0

    @property
    def is_full(self) -> bool:
        """Whether the next request would be turned away."""
        return self.inside >= self._places

    async def run(self, work: Callable[..., Answer], *args: Any) -> Answer:
        """The result of ``work(*args)``.

        Raises
        ------
        BusyError, TooLateError
        """
        with self._lock:
            if self.is_full:
                raise BusyError
            self.inside += 1
        future = self._pool.submit(work, *args)
        future.add_done_callback(self._leave)
        try:
            return await asyncio.wait_for(asyncio.wrap_future(future), self._seconds)
        except TimeoutError:
            raise TooLateError from None

    def _leave(self, _: Future[Any]) -> None:
        with self._lock:
            self.inside -= 1

    def close(self) -> None:
        """Let what is worked on end, and begin nothing more."""
        self._pool.shutdown(wait=True, cancel_futures=True)

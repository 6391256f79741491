"""The collector of circular garbage, kept from walking what will be kept anyway."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_collector() -> Iterator[None]:
    """Keep the collector of circular garbage from running meanwhile.

    What is read and encoded is kept and has no circles, and there are millions of pieces of it: the collector would
    walk them again and again.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()

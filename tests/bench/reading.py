"""Reading against its peers, in one process and one run: python -m tests.bench.reading VACANCIES.jsonl [--plain]

The peers lemmatise the same words with pymorphy3 and do nothing else: with a cache of words, and without one (on a
part of the texts, scaled up by its share of the words). They and the reader take turns, so that a machine that slows
down slows all of them down. CPU seconds; each row beside its ratio. Install with ``pip install .`` first: an editable
install is not compiled. ``--plain`` hides the automaton of ``pymorphy3[fast]`` from the peers where it is installed.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

_TURN = 200
"""Texts of a turn."""
_PART = 40
"""One text in so many is lemmatised without a cache."""


def cpu(work: Callable[..., object], *arguments: object) -> float:
    """CPU seconds of one call."""
    start = time.process_time()
    work(*arguments)
    return time.process_time() - start


class Peer:
    """pymorphy3 on words, with and without a cache."""

    def __init__(self) -> None:
        import pymorphy3

        self.morph = pymorphy3.MorphAnalyzer(lang="ru")
        self.morph.parse("слово")
        self.known: dict[str, str] = {}

    def cached(self, words: Sequence[Sequence[str]]) -> None:
        """Lemmatise each distinct word once."""
        for text in words:
            for word in text:
                if word not in self.known:
                    self.known[word] = self.morph.parse(word)[0].normal_form

    def uncached(self, words: Sequence[Sequence[str]]) -> None:
        """Lemmatise every word."""
        for text in words:
            for word in text:
                self.morph.parse(word)


def race(texts: Sequence[str]) -> dict[str, float]:
    """CPU seconds of every runner, by its name."""
    from matcher.features.skills import reader_for
    from matcher.features.text import tokenize

    words = [tokenize(text).words for text in texts]
    peer = Peer()
    seconds = {"building the reader, once a process": cpu(reader_for)}
    reader = reader_for()

    def read(part: Sequence[str]) -> None:
        reader.read_many(part, "vacancy")

    runners: dict[str, tuple[Callable[..., object], Sequence[Any], int]] = {
        "pymorphy3, a cache of words": (peer.cached, words, 1),
        "pymorphy3, no cache": (peer.uncached, words, _PART),
        "full reading, cold": (read, texts, 1),
        "full reading, words met before": (read, texts, 1),
    }
    for start in range(0, len(texts), _TURN):
        for name, (work, rows, step) in runners.items():
            seconds[name] = seconds.get(name, 0.0) + cpu(work, rows[start : start + _TURN : step])
    tried = sum(len(text) for start in range(0, len(texts), _TURN) for text in words[start : start + _TURN : _PART])
    seconds["pymorphy3, no cache"] *= sum(map(len, words)) / tried
    return seconds


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("vacancies", help="JSON Lines with a column text")
    parser.add_argument("--plain", action="store_true", help="peers without the automaton of pymorphy3[fast]")
    args = parser.parse_args()
    if args.plain:
        sys.modules["dawg"] = None  # type: ignore[assignment]
    with open(args.vacancies, encoding="utf-8") as f:
        texts = [json.loads(line).get("text") or "" for line in f]
    seconds = race(texts)
    cached, uncached = seconds["pymorphy3, a cache of words"], seconds["pymorphy3, no cache"]
    from matcher.features import skills

    build = "plain Python" if skills.__file__.endswith(".py") else "compiled"
    print(f"{len(texts)} texts; the reader is {build}; pymorphy3 as {'plain' if args.plain else 'installed'}")
    print(f"{'':44s}{'CPU s':>8s}{'to cached':>11s}{'to uncached':>13s}")
    for name, told in seconds.items():
        print(f"{name:44s}{told:8.2f}{told / cached:10.2f}x{told / uncached:12.3f}x")


if __name__ == "__main__":
    main()

"""Reading against its peers, in one process and one run: python -m tests.bench.reading VACANCIES.jsonl

The peers lemmatise the same words with pymorphy3 and do nothing else: with a cache of words, and without one (on a
part of the texts, scaled up by its share of the words). CPU seconds; each row beside its ratio.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable

from matcher.features import lexicon
from matcher.features.skills import Reader
from matcher.features.text import tokenize

_PART = 40
"""One text in so many is lemmatised without a cache."""


def cpu(work: Callable[[], object]) -> float:
    """CPU seconds of one call."""
    start = time.process_time()
    work()
    return time.process_time() - start


def main() -> None:
    """Print the table."""
    import pymorphy3

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("vacancies", help="JSON Lines with a column text")
    with open(parser.parse_args().vacancies, encoding="utf-8") as f:
        texts = [json.loads(line).get("text") or "" for line in f]
    words = [tokenize(text).words for text in texts]
    n_words = sum(map(len, words))
    morph = pymorphy3.MorphAnalyzer(lang="ru")
    morph.parse("слово")

    def cached() -> None:
        known: dict[str, str] = {}
        for text in words:
            for word in text:
                if word not in known:
                    known[word] = morph.parse(word)[0].normal_form

    def uncached() -> None:
        for text in words[::_PART]:
            for word in text:
                morph.parse(word)[0].normal_form  # noqa: B018  (the work is the point)

    share = sum(map(len, words[::_PART])) / n_words
    peer, plain = cpu(cached), cpu(uncached) / share
    built: list[Reader] = []
    build = cpu(lambda: built.append(Reader()))
    lexicon._words.clear()
    cold = cpu(lambda: [built[0].read(text, "vacancy") for text in texts])
    warm = cpu(lambda: [built[0].read(text, "vacancy") for text in texts])
    print(f"{len(texts)} texts, {n_words} words, {len({w for t in words for w in t})} distinct")
    print(f"{'':44s}{'CPU s':>8s}{'to cached':>11s}{'to uncached':>13s}")
    for name, seconds in (
        ("pymorphy3, a cache of words", peer), ("pymorphy3, no cache", plain), ("building the reader, once a process", build),
        ("full reading, cold", cold), ("full reading, words met before", warm),
    ):  # fmt: skip
        print(f"{name:44s}{seconds:8.2f}{seconds / peer:10.2f}x{seconds / plain:12.3f}x")


if __name__ == "__main__":
    main()

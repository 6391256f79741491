"""How much of what people type is read, and how much of it is read right.

    python tools/coverage.py share FREQUENCIES.csv NAMES.csv
    python tools/coverage.py sample names NAMES.csv -n 300 -o SAMPLE.csv
    python tools/coverage.py sample vacancies VACANCIES.jsonl -n 300 -o SAMPLE.csv
    python tools/coverage.py verdicts docs/measured/*.csv
    python tools/coverage.py strip SAMPLE.csv -o docs/measured/VERDICTS.csv

``share`` prints the share of names that get an id: of FREQUENCIES (``name, vacancies``) by the number of vacancies, of
NAMES (``name``) one by one. ``sample`` draws assignments or mentions to be judged by a reader, who fills ``verdict``
with 1 (right: the thing itself, or a fair broader one) or 0, and ``why``. ``strip`` leaves out what was read and keeps
its digest; ``verdicts`` prints the precision that the readers found, with the Wilson interval.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import math
import random
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from matcher import normalize_many
from matcher.features.skills import reader_for
from matcher.records import Mention

COLUMNS = ("digest", "skill", "label", "kind", "rule", "verdict", "why")


def rows(path: str) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with open(path, encoding="utf-8-sig", newline="") as f:
        return list(csv.DictReader(f))


def found(names: Iterable[str]) -> Iterator[list[Mention]]:
    """The mentions with an id of each name, what a role implies left out."""
    for mentions in normalize_many(names, "skills"):
        yield [m for m in mentions if m.skill and not m.negated and m.rule != "implied"]


def share(args: argparse.Namespace) -> None:
    """Print the shares, the weakest names among the frequent ones, and the shares by kind of answer."""
    frequent = rows(args.frequencies)
    weights = [int(r["vacancies"]) for r in frequent]
    hits = [bool(m) for m in found(r["name"] for r in frequent)]
    read = sum(w for w, hit in zip(weights, hits, strict=True) if hit)
    print(f"frequent names, weighted by vacancies: {read}/{sum(weights)} = {read / sum(weights):.3f}")
    names = list(dict.fromkeys(r["name"] for r in rows(args.names)))
    answers = list(found(names))
    weak = sum(bool(ms) and all(m.skill.startswith("gen.") for m in ms if m.skill) for ms in answers)
    good = sum(map(bool, answers))
    print(f"distinct names: {good}/{len(names)} = {good / len(names):.3f}, of which by a word of action alone {weak}")


def sample(args: argparse.Namespace) -> None:
    """Write assignments of names, or mentions in vacancies, to be judged."""
    chance = random.Random(args.seed)
    drawn: list[dict[str, str]] = []
    if args.what == "names":
        names = list(dict.fromkeys(r["name"] for r in rows(args.file)))
        answers = [(n, ms) for n, ms in zip(names, found(names), strict=True) if ms]
        for name, ms in chance.sample(answers, args.n):
            drawn.append(_row(name, chance.choice(ms), name))
    else:
        with open(args.file, encoding="utf-8") as f:
            texts = [json.loads(line).get("text") or "" for line in f]
        reader = reader_for()
        pairs = [(t, m) for t in texts for m in reader.read(t, "vacancy") if m.skill and not m.negated]
        for text, m in chance.sample([p for p in pairs if p[1].rule != "implied"], args.n):
            a, b = max(0, m.start - 160), m.end + 120
            around = f"{text[a : m.start]}>>>{text[m.start : m.end]}<<<{text[m.end : b]}".replace("\n", " / ")
            drawn.append(_row(around, m, text + str(m.start)))
    with open(args.output, "w", encoding="utf-8", newline="") as f:
        writer = csv.DictWriter(f, ["text", *COLUMNS], lineterminator="\n")
        writer.writeheader()
        writer.writerows(drawn)


def _row(text: str, m: Mention, key: str) -> dict[str, str]:
    digest = hashlib.sha256(key.encode()).hexdigest()[:12]
    told = {"digest": digest, "skill": m.skill or "", "label": m.label, "kind": m.kind, "rule": m.rule}
    return {"text": text, **told, "verdict": "", "why": ""}


def strip(args: argparse.Namespace) -> None:
    """Keep the verdicts and leave the texts out."""
    with open(args.output, "w", encoding="utf-8", newline="") as f:
        writer = csv.DictWriter(f, COLUMNS, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows(args.file))


def verdicts(args: argparse.Namespace) -> None:
    """Print the precision of judged samples, whole and by kind."""
    for path in args.files:
        judged = [r for r in rows(path) if r["verdict"] in {"0", "1"}]
        by: dict[str, list[bool]] = defaultdict(list)
        for r in judged:
            by["all"].append(r["verdict"] == "1")
            by[r["kind"]].append(r["verdict"] == "1")
        for kind in sorted(by, key=lambda k: (k != "all", k)):
            n, good = len(by[kind]), sum(by[kind])
            low, high = wilson(good, n)
            print(f"{Path(path).name:28s} {kind:10s} {good}/{n} = {good / n:.3f} [{low:.3f}, {high:.3f}]")


def wilson(good: int, n: int, z: float = 1.96) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson, 1927).

    >>> [round(x, 3) for x in wilson(291, 300)]
    [0.944, 0.984]
    """
    p = good / n
    middle, half = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return (middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n)


def main(argv: list[str] | None = None) -> None:
    """Run one of the measurements."""
    parser = argparse.ArgumentParser(description="Measure what is read and how much of it is right.")
    actions = parser.add_subparsers(required=True)
    p = actions.add_parser("share")
    p.add_argument("frequencies")
    p.add_argument("names")
    p.set_defaults(run=share)
    p = actions.add_parser("sample")
    p.add_argument("what", choices=["names", "vacancies"])
    p.add_argument("file")
    p.add_argument("-n", type=int, default=300)
    p.add_argument("--seed", type=int, default=0)
    p.add_argument("-o", "--output", required=True)
    p.set_defaults(run=sample)
    p = actions.add_parser("strip")
    p.add_argument("file")
    p.add_argument("-o", "--output", required=True)
    p.set_defaults(run=strip)
    p = actions.add_parser("verdicts")
    p.add_argument("files", nargs="+")
    p.set_defaults(run=verdicts)
    args = parser.parse_args(argv)
    args.run(args)


if __name__ == "__main__":
    main(sys.argv[1:])

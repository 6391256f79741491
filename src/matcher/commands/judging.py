"""``evaluate``: how good a ranking is."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from matcher.commands.shared import DONE, positive
from matcher.output import check_output, write_table


def add_evaluate(commands: Any) -> None:
    """The parser of ``evaluate``."""
    p = commands.add_parser("evaluate", help="measure a ranking against labels")
    p.add_argument("ranking", metavar="RANKING", help="table of vacancy_id, candidate_id, score")
    p.add_argument("labels", metavar="LABELS", help="table of vacancy_id, candidate_id, relevance (0..3)")
    p.add_argument("--against", metavar="RANKING", help="another ranking, for a paired test")
    p.add_argument("--by", choices=["vacancy", "candidate"], default="vacancy", help="whose lists are judged")
    p.add_argument("-k", metavar="N", type=positive, default=10, help="length of the lists (default: 10)")
    p.add_argument("--relevant", metavar="R", type=float, default=1, help="least relevance that counts (default: 1)")
    p.add_argument("--gain", choices=["exponential", "linear"], default="exponential", help="worth of a relevance")
    p.add_argument("--unjudged", choices=["auto", "drop", "irrelevant"], default="auto", help="pairs without a label")
    p.add_argument("-o", "--output", metavar="OUT", help="write the measures of every query")
    p.set_defaults(command=evaluate)


def evaluate(args: argparse.Namespace) -> int:
    """``matcher evaluate RANKING LABELS``."""
    from matcher.evaluation import evaluate as measure

    if args.output:
        check_output(Path(args.output))
    found = measure(
        args.ranking, args.labels, against=args.against, by=args.by, k=args.k, relevant=args.relevant, gain=args.gain,
        unjudged=args.unjudged,
    )  # fmt: skip
    if args.output:
        write_table(found.queries, Path(args.output))
    print(found.to_text())
    return DONE

"""``allocate``: give out the seats of vacancies to the candidates of a ranking."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from matcher.commands.shared import DONE, day, positive
from matcher.output import check_output, write_plain_meta, write_table

if TYPE_CHECKING:
    from matcher.allotted import Allocation

_TABLES = ("waiting", "reasons", "empty", "blocking")


def add_allocate(commands: Any) -> None:
    """The parser of ``allocate``."""
    p = commands.add_parser("allocate", help="give out the seats of vacancies to the candidates of a ranking")
    p.add_argument("ranking", metavar="RANKING", help="table of vacancy_id, candidate_id, score (`rank --top all`)")
    p.add_argument(
        "vacancies", metavar="VACANCIES", help="table with slots, company, company_slots, min_group, reserved"
    )
    p.add_argument("-o", "--output", required=True, metavar="OUT", help=".csv, .jsonl, .parquet or .xlsx")
    p.add_argument("--candidates", metavar="FILE", help="for reserved seats, institutions and statuses")
    p.add_argument(
        "--method", choices=["stable", "best", "spread"], default="stable",
        help="nobody would rather swap; greatest total score; shortlists (default: stable)",
    )  # fmt: skip
    p.add_argument(
        "--proposing", choices=["candidate", "vacancy"], default="candidate", help="whom `stable` serves best"
    )
    p.add_argument("--seed", metavar="N", type=int, help="decide equal scores by lottery (default: by id)")
    p.add_argument("--slots", metavar="N", type=positive, help="seats of every vacancy, in place of the column")
    p.add_argument("--per-institution", metavar="N", type=positive, help="most seats for one institution")
    p.add_argument("--per-candidate", metavar="N", type=positive, default=3, help="`spread`: most lists for one (3)")
    p.add_argument("--fixed", metavar="FILE", help="pairs that stand already: vacancy_id, candidate_id")
    p.add_argument("--withdrawn", metavar="ID", nargs="+", default=[], help="candidates and vacancies that are out")
    p.add_argument("--rejections", metavar="FILE", help="of `rank --rejections`: why somebody is on no list")
    p.add_argument("--today", metavar="DATE", type=day, help="day at which kept seats are judged (default: today)")
    for name in _TABLES:
        p.add_argument(f"--{name}", metavar="FILE", help=f"write the table of {_MEANING[name]}")
    p.add_argument("--compare", action="store_true", help="print the measures of every method")
    p.add_argument("--quiet", action="store_true", help="print nothing")
    p.set_defaults(command=allocate)


_MEANING = {
    "waiting": "who waits for which vacancy",
    "reasons": "why somebody has no seat",
    "empty": "why seats are empty",
    "blocking": "pairs that would rather have each other",
}


def allocate(args: argparse.Namespace) -> int:
    """``matcher allocate RANKING VACANCIES -o OUT``."""
    from matcher.allocation import allocate as give

    outputs = {name: Path(path) for name in _TABLES if (path := getattr(args, name))}
    for path in (Path(args.output), *outputs.values()):
        check_output(path)
    found = give(
        args.ranking, args.vacancies, slots=args.slots, candidates=args.candidates, method=args.method,
        proposing=args.proposing, seed=args.seed, per_institution=args.per_institution,
        per_candidate=args.per_candidate, fixed=args.fixed, withdrawn=args.withdrawn, rejections=args.rejections,
        today=args.today,
    )  # fmt: skip
    write_table(found.assigned, Path(args.output))
    for name, path in outputs.items():
        write_table(getattr(found, name), path)
    inputs = [args.ranking, args.vacancies, *filter(None, [args.candidates, args.fixed, args.rejections])]
    rules = {k: getattr(args, k) for k in ("method", "proposing", "seed", "slots", "per_institution", "per_candidate")}
    write_plain_meta(Path(args.output), inputs, rules=rules, withdrawn=sorted(args.withdrawn), measures=found.measures)
    if not args.quiet:
        _print(found, args)
    return DONE


def _print(found: Allocation, args: argparse.Namespace) -> None:
    print(found.to_text())
    if args.compare:
        print(found.compare().to_string(index=False, float_format="{:.3f}".format))
    print(f"assignment: {args.output} ({len(found.assigned)} rows)")

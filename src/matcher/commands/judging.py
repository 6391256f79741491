"""``evaluate``, ``tune``, ``reranker``, ``sensitivity``: how good a ranking is, better weights, and how much they matter."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from matcher.commands.shared import DONE, engine_of, engine_options, positive
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


def add_tune(commands: Any) -> None:
    """The parser of ``tune``."""
    p = commands.add_parser("tune", help="weights from graded labels or outcomes")
    p.add_argument("candidates", metavar="CANDIDATES")
    p.add_argument("vacancies", metavar="VACANCIES")
    p.add_argument("labels", metavar="LABELS", help="table of vacancy_id, candidate_id and relevance (0..3) or outcome")
    p.add_argument("-o", "--output", metavar="SETTINGS", required=True, help="TOML file for the tuned settings")
    p.add_argument("--folds", metavar="N", type=positive, default=5, help="of the cross-validation (default: 5)")
    p.add_argument("--seed", metavar="N", type=int, default=0, help="of the folds and the test (default: 0)")
    engine_options(p)
    p.set_defaults(command=tune)


def tune(args: argparse.Namespace) -> int:
    """``matcher tune CANDIDATES VACANCIES LABELS -o SETTINGS``: writes nothing where no gain is significant."""
    from matcher.tuning import tune as find

    found = find(engine_of(args), args.candidates, args.vacancies, args.labels, folds=args.folds, seed=args.seed)
    if found.is_worth_writing:
        Path(args.output).write_text(found.settings.to_toml(), encoding="utf-8")
    if not args.quiet:
        print(found.to_text())
        print(f"Settings written to {args.output}." if found.is_worth_writing else f"{args.output} was not written.")
    return DONE


def add_reranker(commands: Any) -> None:
    """The parser of ``reranker``."""
    p = commands.add_parser("reranker", help="learn a second stage from graded labels or outcomes")
    p.add_argument("candidates", metavar="CANDIDATES")
    p.add_argument("vacancies", metavar="VACANCIES")
    p.add_argument("labels", metavar="LABELS", help="table of vacancy_id, candidate_id and relevance (0..3) or outcome")
    p.add_argument("-o", "--output", metavar="RERANKER", required=True, help="directory to save the second stage in")
    p.add_argument(
        "--learner", choices=["hist", "lightgbm"], default="hist", help="who grows the trees (default: hist)"
    )
    p.add_argument("--folds", metavar="N", type=positive, default=5, help="of the cross-validation (default: 5)")
    p.add_argument("--seed", metavar="N", type=int, default=0, help="of the folds and the trees (default: 0)")
    engine_options(p)
    p.set_defaults(command=reranker)


def reranker(args: argparse.Namespace) -> int:
    """``matcher reranker CANDIDATES VACANCIES LABELS -o RERANKER``: writes nothing where the gain is not significant."""
    from matcher import store
    from matcher.reranking import learn_reranker

    store.check_target(args.output)
    found = learn_reranker(
        engine_of(args), args.candidates, args.vacancies, args.labels, learner=args.learner, folds=args.folds,
        seed=args.seed,
    )  # fmt: skip
    if found.is_significant:
        found.reranker.save(args.output)
    if not args.quiet:
        print(found.to_text())
        print(f"Reranker saved in {args.output}." if found.is_significant else f"{args.output} was not written.")
    return DONE


def add_sensitivity(commands: Any) -> None:
    """The parser of ``sensitivity``."""
    p = commands.add_parser("sensitivity", help="how far each weight may move before a list changes")
    p.add_argument("candidates", metavar="CANDIDATES")
    p.add_argument("vacancies", metavar="VACANCIES")
    p.add_argument("--top", metavar="N", type=positive, default=10, help="length of the lists (default: 10)")
    p.add_argument("-o", "--output", metavar="OUT", help="write a row per vacancy and criterion")
    engine_options(p)
    p.set_defaults(command=sensitivity)


def sensitivity(args: argparse.Namespace) -> int:
    """``matcher sensitivity CANDIDATES VACANCIES``."""
    from matcher.stability import sensitivity as measure
    from matcher.stability import shares_that_change

    if args.output:
        check_output(Path(args.output))
    found = measure(engine_of(args), args.candidates, args.vacancies, top=args.top)
    if args.output:
        write_table(found, Path(args.output))
    if not args.quiet:
        print(f"Share of vacancies whose top {args.top} changes its members when one weight is multiplied:")
        print(shares_that_change(found).to_string(float_format="{:.2f}".format))
    return DONE

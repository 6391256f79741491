"""``fit``, ``rank``, ``explain`` and ``settings``: what an engine does."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from matcher.commands.blocks import add_blocks, rank_in_blocks
from matcher.commands.shared import DONE, STRICT, engine_of, engine_options, positive, preset_option, top_or_all
from matcher.output import check_output, digest_of, write_meta, write_table

if TYPE_CHECKING:
    from matcher.pipeline import Result

# ---------------------------------------------------------------- fit


def add_fit(commands: Any) -> None:
    """The parser of ``fit``."""
    p = commands.add_parser("fit", help="learn from vacancies and save an engine")
    p.add_argument("vacancies", metavar="VACANCIES")
    p.add_argument("-o", "--output", required=True, metavar="ENGINE", help="directory to save the engine in")
    engine_options(p)
    p.set_defaults(command=fit)


def fit(args: argparse.Namespace) -> int:
    """``matcher fit VACANCIES -o ENGINE``."""
    from matcher import store

    store.check_target(args.output)
    engine = engine_of(args).fit(args.vacancies)
    engine.save(args.output)
    loaded = engine.vacancies_
    if not args.quiet:
        print(f"engine {args.output}: fitted on {len(loaded.records)} vacancies of {loaded.n_rows} rows")
    for fault in loaded.quarantine:
        print(f"quarantined: row {fault['row']} {fault['column']}: {fault['reason']}", file=sys.stderr)
    return DONE


# ---------------------------------------------------------------- rank


def add_rank(commands: Any) -> None:
    """The parser of ``rank``."""
    p = commands.add_parser("rank", help="rank candidates for vacancies, or the other way round")
    p.add_argument("candidates", metavar="CANDIDATES")
    p.add_argument("vacancies", metavar="VACANCIES")
    p.add_argument("-o", "--output", required=True, metavar="OUT", help=".csv, .jsonl, .parquet or .xlsx")
    p.add_argument(
        "--engine",
        metavar="ENGINE",
        help="engine saved by `matcher fit`; without it, the vacancies given are learnt from",
    )
    p.add_argument(
        "--by", choices=["vacancy", "candidate"], default="vacancy", help="whose lists are wanted (default: vacancy)"
    )
    p.add_argument("--top", metavar="N|all", type=top_or_all, default=10, help="length of each list (default: 10)")
    p.add_argument("--reranker", metavar="DIR", help="second stage saved by `matcher reranker`")
    p.add_argument("--exclude", metavar="FILE", help="table of pairs not to show: vacancy_id, candidate_id")
    p.add_argument("--rejections", metavar="FILE", help="write every refused pair with its reason")
    p.add_argument("--explain", action="store_true", help="add a column with the explanation of every pair as JSON")
    p.add_argument(
        "--percentile",
        action="store_true",
        help="add a column with the share of the vacancy's candidates who score less",
    )
    p.add_argument(
        "--show", metavar="N", type=positive, default=0, help="print the best three of the first N lists with reasons"
    )
    p.add_argument("--strict", action="store_true", help="exit with 3 where rows were quarantined")
    add_blocks(p)
    engine_options(p)
    p.set_defaults(command=rank)


def rank(args: argparse.Namespace) -> int:
    """``matcher rank CANDIDATES VACANCIES -o OUT``."""
    if args.block or args.resume:
        return rank_in_blocks(args)
    out = Path(args.output)
    check_output(out)
    if args.rejections:
        check_output(Path(args.rejections))
    from matcher.store import MANIFEST

    engine = engine_of(args)
    result = engine.run(
        args.candidates, args.vacancies, by=args.by, top=args.top, exclude=args.exclude, explain=args.explain,
        percentile=args.percentile,
    )  # fmt: skip
    write_table(result.ranking, out)
    if args.rejections:
        write_table(result.rejections, Path(args.rejections))
    if len(result.quarantine):
        write_table(result.quarantine.astype(str), out.with_name(out.stem + ".quarantine.csv"))
    inputs = [args.candidates, args.vacancies, *filter(None, [args.exclude, args.agreements, args.settings])]
    saved = (
        {"directory": args.engine, "manifest": digest_of(str(Path(args.engine) / MANIFEST))} if args.engine else None
    )
    write_meta(out, engine, result, inputs, by=args.by, top=args.top, saved_engine=saved)
    if not args.quiet:
        _print_summary(result, out)
        _print_lists(result, args)
    return STRICT if args.strict and len(result.quarantine) else DONE


def _print_summary(result: Result, out: Path) -> None:
    print(result.summary.to_text())
    for fault in result.quarantine.head(5).to_dict("records"):
        print(f"quarantined: {fault['table']} row {fault['row']} {fault['column']}: {fault['reason']}")
    if len(result.quarantine):
        print(f"all quarantined rows: {out.with_name(out.stem + '.quarantine.csv')}")
    print(f"ranking: {out} ({len(result.ranking)} rows)")


def _print_lists(result: Result, args: argparse.Namespace) -> None:
    """The best three of the first lists, in Russian."""
    key = "vacancy_id" if args.by == "vacancy" else "candidate_id"
    for query in result.ranking[key].drop_duplicates().head(args.show):
        rows = result.ranking[result.ranking[key] == query].head(3)
        for row in rows.itertuples():
            print()
            print(f"{row.rank}. " + result.explain(row.candidate_id, row.vacancy_id).to_brief_text())


# ---------------------------------------------------------------- explain


def add_explain(commands: Any) -> None:
    """The parser of ``explain``."""
    p = commands.add_parser("explain", help="explain one pair in Russian")
    p.add_argument("candidates", metavar="CANDIDATES")
    p.add_argument("vacancies", metavar="VACANCIES")
    p.add_argument("candidate", metavar="CANDIDATE_ID")
    p.add_argument("vacancy", metavar="VACANCY_ID")
    p.add_argument("--engine", metavar="ENGINE", help="engine saved by `matcher fit`")
    p.add_argument("--place", action="store_true", help="read all candidates and tell the place in the vacancy's list")
    p.add_argument("--json", action="store_true", help="print the explanation as JSON")
    engine_options(p)
    p.set_defaults(command=explain)


def explain(args: argparse.Namespace) -> int:
    """``matcher explain CANDIDATES VACANCIES CANDIDATE_ID VACANCY_ID``."""
    args.quiet = True
    engine = engine_of(args)
    if not args.engine:
        engine.fit(args.vacancies)
    explanation = engine.explain_in(args.candidates, args.vacancies, args.candidate, args.vacancy, place=args.place)
    print(explanation.to_json() if args.json else explanation.to_text())
    return DONE


# ---------------------------------------------------------------- settings


def add_settings(commands: Any) -> None:
    """The parser of ``settings``."""
    p = commands.add_parser("settings", help="print the settings as commented TOML")
    p.add_argument(
        "file", nargs="?", metavar="FILE", help="check a settings file and print it filled up with the defaults"
    )
    preset_option(p)
    p.set_defaults(command=settings)


def settings(args: argparse.Namespace) -> int:
    """``matcher settings [FILE]``."""
    from matcher.settings import Settings

    base = Settings.preset(args.preset) if args.preset else Settings()
    print((Settings.load(args.file, base) if args.file else base).to_toml())
    return DONE

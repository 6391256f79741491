"""Command line: ``matcher fit | rank | explain | normalize | settings``.

Each command is a parser and a function that can be called alone. Exit codes: 0 done, 2 could not run (one line
that says what to mend), 3 rows were quarantined under ``--strict``.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from matcher.errors import InputError, MatcherError
from matcher.output import check_output, digest_of, write_meta, write_table

if TYPE_CHECKING:
    from matcher.pipeline import Matcher, Result

DONE, COULD_NOT_RUN, STRICT = 0, 2, 3


class _Parser(argparse.ArgumentParser):
    """Errors of usage are one line and exit code 2, as everything else that could not run."""

    def error(self, message: str) -> Any:
        self.exit(COULD_NOT_RUN, f"{self.prog}: {message}\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit code."""
    args = build_parser().parse_args(argv)
    command: Callable[[argparse.Namespace], int] = args.command
    try:
        return command(args)
    except MatcherError as e:
        print(f"matcher: {e}", file=sys.stderr)
        return COULD_NOT_RUN
    except BrokenPipeError:
        sys.stderr.close()
        return DONE


def build_parser() -> argparse.ArgumentParser:
    """The parser of all commands."""
    parser = _Parser(prog="matcher", description="Match candidates with vacancies in Russian, and say why.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=_Parser)
    _add_fit(commands)
    _add_rank(commands)
    _add_explain(commands)
    _add_normalize(commands)
    _add_settings(commands)
    parser.add_argument("--version", action="version", version=_version())
    return parser


def _version() -> str:
    from matcher import __version__

    return f"matcher {__version__}"


# ---------------------------------------------------------------- shared


def _engine_options(p: argparse.ArgumentParser) -> None:
    p.add_argument("--settings", metavar="FILE", help="TOML file; `matcher settings` prints the defaults")
    p.add_argument("--agreements", metavar="FILE", help="table of partner agreements: company, institution, from, to")
    p.add_argument(
        "--taxonomy", metavar="FILE", action="append", default=[], help="own taxonomy rows on top of the shipped ones"
    )
    p.add_argument("--today", metavar="DATE", type=_date, help="day at which dates are judged (default: today)")
    p.add_argument(
        "--jobs", metavar="N", type=_positive, default=0, help="processes that read texts (default: all cores)"
    )
    p.add_argument("--quiet", action="store_true", help="print no summary and no progress")


def _date(raw: str) -> dt.date:
    try:
        return dt.date.fromisoformat(raw)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{raw!r} is no date like 2026-09-01") from None


def _positive(raw: str) -> int:
    if not raw.isdigit() or int(raw) < 1:
        raise argparse.ArgumentTypeError(f"{raw!r} is no whole number >= 1")
    return int(raw)


def _top(raw: str) -> int | None:
    return None if raw == "all" else _positive(raw)


def _engine(args: argparse.Namespace) -> Matcher:
    from matcher.pipeline import Matcher
    from matcher.settings import Settings
    from matcher.taxonomy import Taxonomy

    taxonomy = Taxonomy.load(*args.taxonomy) if args.taxonomy else None
    jobs, progress = _jobs(args), None if args.quiet else _progress()
    saved = getattr(args, "engine", None)
    if saved:
        if args.settings or args.agreements:
            raise InputError(
                "--engine brings its own settings and agreements; leave out --settings and --agreements, or fit again with them."
            )
        return Matcher.load(saved, taxonomy=taxonomy, today=args.today, n_jobs=jobs, progress=progress)
    settings = Settings.load(args.settings) if args.settings else None
    return Matcher(
        settings, taxonomy=taxonomy, agreements=args.agreements, today=args.today, n_jobs=jobs, progress=progress
    )


def _jobs(args: argparse.Namespace) -> int:
    import os

    return args.jobs or os.cpu_count() or 1


def _progress() -> Callable[[str, int, int], None] | None:
    """A progress bar on a terminal, silence in a pipe."""
    if not sys.stderr.isatty():
        return None

    def show(stage: str, done: int, total: int) -> None:
        filled = int(30 * done / total) if total else 30
        end = "\n" if done >= total else ""
        print(
            f"\r{stage:20s} [{'#' * filled}{'.' * (30 - filled)}] {done}/{total}", end=end, file=sys.stderr, flush=True
        )

    return show


# ---------------------------------------------------------------- fit


def _add_fit(commands: Any) -> None:
    p = commands.add_parser("fit", help="learn from vacancies and save an engine")
    p.add_argument("vacancies", metavar="VACANCIES")
    p.add_argument("-o", "--output", required=True, metavar="ENGINE", help="directory to save the engine in")
    _engine_options(p)
    p.set_defaults(command=fit)


def fit(args: argparse.Namespace) -> int:
    """``matcher fit VACANCIES -o ENGINE``."""
    from matcher import store

    store.check_target(args.output)
    engine = _engine(args).fit(args.vacancies)
    engine.save(args.output)
    loaded = engine.vacancies_
    if not args.quiet:
        print(f"engine {args.output}: fitted on {len(loaded.records)} vacancies of {loaded.n_rows} rows")
    for fault in loaded.quarantine:
        print(f"quarantined: row {fault['row']} {fault['column']}: {fault['reason']}", file=sys.stderr)
    return DONE


# ---------------------------------------------------------------- rank


def _add_rank(commands: Any) -> None:
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
    p.add_argument("--top", metavar="N|all", type=_top, default=10, help="length of each list (default: 10)")
    p.add_argument("--exclude", metavar="FILE", help="table of pairs not to show: vacancy_id, candidate_id")
    p.add_argument("--rejections", metavar="FILE", help="write every refused pair with its reason")
    p.add_argument("--explain", action="store_true", help="add a column with the explanation of every pair as JSON")
    p.add_argument(
        "--show", metavar="N", type=_positive, default=0, help="print the best three of the first N lists with reasons"
    )
    p.add_argument("--strict", action="store_true", help="exit with 3 where rows were quarantined")
    _engine_options(p)
    p.set_defaults(command=rank)


def rank(args: argparse.Namespace) -> int:
    """``matcher rank CANDIDATES VACANCIES -o OUT``."""
    out = Path(args.output)
    check_output(out)
    if args.rejections:
        check_output(Path(args.rejections))
    from matcher.store import MANIFEST

    engine = _engine(args)
    result = engine.run(
        args.candidates, args.vacancies, by=args.by, top=args.top, exclude=args.exclude, explain=args.explain
    )
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


def _add_explain(commands: Any) -> None:
    p = commands.add_parser("explain", help="explain one pair in Russian")
    p.add_argument("candidates", metavar="CANDIDATES")
    p.add_argument("vacancies", metavar="VACANCIES")
    p.add_argument("candidate", metavar="CANDIDATE_ID")
    p.add_argument("vacancy", metavar="VACANCY_ID")
    p.add_argument("--engine", metavar="ENGINE", help="engine saved by `matcher fit`")
    p.add_argument("--json", action="store_true", help="print the explanation as JSON")
    _engine_options(p)
    p.set_defaults(command=explain)


def explain(args: argparse.Namespace) -> int:
    """``matcher explain CANDIDATES VACANCIES CANDIDATE_ID VACANCY_ID``."""
    args.quiet = True
    engine = _engine(args)
    if not args.engine:
        engine.fit(args.vacancies)
    explanation = engine.explain_in(args.candidates, args.vacancies, args.candidate, args.vacancy)
    print(explanation.to_json() if args.json else explanation.to_text())
    return DONE


# ---------------------------------------------------------------- normalize


def _add_normalize(commands: Any) -> None:
    p = commands.add_parser("normalize", help="find skills and typed facts in text")
    p.add_argument("text", nargs="*", metavar="TEXT", help="lines; read from standard input when none is given")
    p.add_argument("--context", choices=["skills", "title", "vacancy", "candidate"], help="where the text stands")
    p.add_argument(
        "--taxonomy", metavar="FILE", action="append", default=[], help="own taxonomy rows on top of the shipped ones"
    )
    p.add_argument("--json", action="store_true", help="one JSON line for each mention")
    p.add_argument("--debug", action="store_true", help="print which rules decided")
    p.set_defaults(command=normalize)


def _standard_input() -> Iterator[str]:
    try:
        yield from sys.stdin
    except UnicodeDecodeError as e:
        raise InputError(f"Standard input is not UTF-8: {e}.") from None


def normalize(args: argparse.Namespace) -> int:
    """``matcher normalize TEXT...``."""
    from dataclasses import asdict

    from matcher.features.skills import normalize_many
    from matcher.taxonomy import Taxonomy

    taxonomy = Taxonomy.load(*args.taxonomy) if args.taxonomy else None
    lines = args.text or (line.rstrip("\n") for line in _standard_input())
    for mentions in normalize_many(lines, args.context, taxonomy=taxonomy):
        for m in mentions:
            if args.json:
                print(json.dumps(asdict(m), ensure_ascii=False))
                continue
            notes = [
                x
                for x in (m.tier, None if m.stance == "claimed" else m.stance, f"level {m.level}" if m.level else None)
                if x
            ]
            notes += [f"{k}={v}" for k, v in m.value.items()]
            rule = f"  [{m.rule}, {m.confidence:.2f}]" if args.debug else ""
            print(f"{m.start}:{m.end}\t{m.text}\t{m.skill or '-'}\t{m.label}\t{m.kind}\t{', '.join(notes)}{rule}")
    return DONE


# ---------------------------------------------------------------- settings


def _add_settings(commands: Any) -> None:
    p = commands.add_parser("settings", help="print the settings as commented TOML")
    p.add_argument(
        "file", nargs="?", metavar="FILE", help="check a settings file and print it filled up with the defaults"
    )
    p.set_defaults(command=settings)


def settings(args: argparse.Namespace) -> int:
    """``matcher settings [FILE]``."""
    from matcher.settings import Settings

    print((Settings.load(args.file) if args.file else Settings()).to_toml())
    return DONE

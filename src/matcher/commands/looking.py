"""``report``, ``market``, ``gaps``, ``courses``, ``outcomes``: what people open after a run."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from matcher.columns import GROUPS
from matcher.commands.shared import DONE, engine_of, engine_options, positive
from matcher.errors import InputError
from matcher.output import check_output, write_plain_meta, write_table

_MOST_BYTES = 20_000_000


def add_report(commands: Any) -> None:
    """The parser of ``report``."""
    p = commands.add_parser("report", help="one HTML page of a ranking with its explanations, in Russian")
    p.add_argument("ranking", metavar="RANKING", help="table of `rank --explain`")
    p.add_argument("-o", "--output", metavar="PAGE", required=True, help=".html")
    p.add_argument("--candidates", metavar="FILE", help="for titles, statuses and institutions")
    p.add_argument("--vacancies", metavar="FILE", help="for titles, companies and seats")
    p.add_argument("--seats", metavar="FILE", help="table of `allocate`: a view of who goes where")
    for name in ("waiting", "reasons", "empty"):
        p.add_argument(f"--{name}", metavar="FILE", help=f"of `allocate --{name}`, beside --seats")
    p.add_argument("--title", metavar="TEXT", default="Отчёт о подборе", help="heading of the page")
    p.add_argument("--quiet", action="store_true", help="print nothing")
    p.set_defaults(command=report)


def report(args: argparse.Namespace) -> int:
    """``matcher report RANKING -o PAGE``."""
    from matcher.report_page import make_report

    out = Path(args.output)
    if out.suffix.lower() not in {".html", ".htm"}:
        raise InputError(f"Cannot write {out}: the ending must be .html.")
    more = {name: path for name in ("waiting", "reasons", "empty") if (path := getattr(args, name))}
    if more and not args.seats:
        raise InputError(f"--{next(iter(more))} needs --seats: the table that `matcher allocate -o` wrote.")
    page = make_report(
        args.ranking, candidates=args.candidates, vacancies=args.vacancies, title=args.title,
        seats={"assigned": args.seats, **more} if args.seats else None, about=_about(args.ranking),
    )  # fmt: skip
    page.save(out)
    if not args.quiet:
        size = len(page.html.encode())
        print(f"report: {out} ({page.n_pairs} pairs, {size / 1e6:.1f} MB)")
        if size > _MOST_BYTES:
            print("The page is large for a browser: rank fewer vacancies or with a smaller --top for a page to send.")
    return DONE


def _about(ranking: str) -> dict[str, Any]:
    """What stands in the ``meta.json`` beside a ranking; nothing where there is none."""
    path = Path(f"{ranking}.meta.json")
    try:
        told = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    except (OSError, ValueError) as e:
        raise InputError(f"Cannot read {path}: {e}.") from None
    return told if isinstance(told, dict) else {}


def _tables(p: argparse.ArgumentParser) -> None:
    p.add_argument("candidates", metavar="CANDIDATES")
    p.add_argument("vacancies", metavar="VACANCIES")


def add_market(commands: Any) -> None:
    """The parser of ``market``."""
    p = commands.add_parser("market", help="what vacancies ask against what candidates have")
    _tables(p)
    p.add_argument("-o", "--output", metavar="OUT", help="write the table of skills")
    p.add_argument(
        "--by", choices=["skills", "fields", "roles", "months"], default="skills", help="which table to write"
    )
    engine_options(p)
    p.set_defaults(command=market)


def market(args: argparse.Namespace) -> int:
    """``matcher market CANDIDATES VACANCIES``."""
    from matcher.demand import market as count

    if args.output:
        check_output(Path(args.output))
    engine = engine_of(args)
    found = count(engine, args.candidates, args.vacancies)
    table = getattr(found, args.by)
    _write(args, table, {"by": args.by, **engine.about()})
    if not args.quiet:
        print(found.to_text())
        if args.by != "skills" and not args.output:
            print(table.to_string(index=False, na_rep="", float_format="{:.2f}".format))
    return DONE


def add_gaps(commands: Any) -> None:
    """The parser of ``gaps``."""
    p = commands.add_parser("gaps", help="what groups of candidates lack for the vacancies that fit them best")
    _tables(p)
    p.add_argument("-o", "--output", metavar="OUT", help="write the table of gaps")
    p.add_argument("--by", choices=GROUPS, default="programme", help="what makes a group (default: programme)")
    p.add_argument(
        "--best", metavar="N", type=positive, default=10, help="fitting vacancies of a candidate looked at (10)"
    )
    p.add_argument("--show", metavar="N", type=positive, default=7, help="gaps printed of each group (7)")
    p.add_argument("--groups", metavar="N", type=positive, default=20, help="groups printed (20)")
    engine_options(p)
    p.set_defaults(command=gaps)


def gaps(args: argparse.Namespace) -> int:
    """``matcher gaps CANDIDATES VACANCIES``."""
    from matcher.lacking import gaps as find

    if args.output:
        check_output(Path(args.output))
    engine = engine_of(args)
    found = find(engine.fit(args.vacancies), args.candidates, by=args.by, best=args.best)
    _write(args, found.table, {"by": args.by, "best": args.best, **engine.about()})
    if not args.quiet:
        print(
            found.to_text(args.show, args.groups)
            or f"Нет ни одной группы: у кандидатов не заполнено то, по чему группируют ({args.by})."
        )
    return DONE


def add_courses(commands: Any) -> None:
    """The parser of ``courses``."""
    p = commands.add_parser("courses", help="the fewest courses that lift candidates over a bar")
    _tables(p)
    p.add_argument("courses", metavar="COURSES", help="table of id, title, skills, weeks, provider")
    p.add_argument(
        "--bar", metavar="SCORE", type=_share, required=True, help="score that a fitting vacancy shall give, 0..1"
    )
    p.add_argument("--most", metavar="N", type=positive, default=2, help="most courses of a set (2)")
    p.add_argument("--together", metavar="SHARE", type=_share, help="one set that lifts this share of all, 0..1")
    p.add_argument("-o", "--output", metavar="OUT", help="write the plan of every candidate")
    engine_options(p)
    p.set_defaults(command=courses)


def _share(raw: str) -> float:
    """A number above 0 and not above 1."""
    try:
        value = float(raw.replace(",", "."))
    except ValueError:
        value = 0.0
    if not 0 < value <= 1:
        raise argparse.ArgumentTypeError(f"{raw!r} is no number above 0 and up to 1")
    return value


def courses(args: argparse.Namespace) -> int:
    """``matcher courses CANDIDATES VACANCIES COURSES --bar SCORE``."""
    from matcher.courses import suggest_courses

    if args.output:
        check_output(Path(args.output))
    engine = engine_of(args).fit(args.vacancies)
    found = suggest_courses(
        engine, args.candidates, args.courses, bar=args.bar, most=args.most, together=args.together is not None,
        share=args.together or 1.0,
    )  # fmt: skip
    rules = {"bar": args.bar, "most": args.most, "together": args.together}
    _write(args, found.table, {**rules, **engine.about()}, [args.courses])
    if not args.quiet:
        print(found.to_text())
    return DONE


def add_outcomes(commands: Any) -> None:
    """The parser of ``outcomes``."""
    p = commands.add_parser("outcomes", help="who was invited and hired, by institution or another group")
    p.add_argument("candidates", metavar="CANDIDATES")
    p.add_argument("outcomes", metavar="OUTCOMES", help="table of vacancy_id, candidate_id, outcome")
    p.add_argument("--by", choices=GROUPS, default="institution", help="what makes a group (default: institution)")
    p.add_argument("-o", "--output", metavar="OUT", help="write the table")
    engine_options(p)
    p.set_defaults(command=outcomes)


def outcomes(args: argparse.Namespace) -> int:
    """``matcher outcomes CANDIDATES OUTCOMES``."""
    from matcher.placements import outcomes as count

    if args.output:
        check_output(Path(args.output))
    found = count(engine_of(args), args.candidates, args.outcomes, by=args.by)
    args.vacancies = args.outcomes
    _write(args, found, {"by": args.by})
    if not args.quiet:
        names = {
            "name": "Группа", "applied": "Подали", "invited": "Приглашены", "hired": "Приняты",
            "invited_share": "Доля приглашённых", "hired_share": "Доля принятых",
        }  # fmt: skip
        rates = found[list(names)].rename(columns=names).to_string(index=False, na_rep="", float_format="{:.2f}".format)
        print(rates if len(found) else "Никого из таблицы исходов нет среди кандидатов.")
    return DONE


def _write(args: argparse.Namespace, table: Any, about: dict[str, Any], more: list[str] | None = None) -> None:
    """Write a table with its ``meta.json`` where an output is asked for."""
    if args.output:
        out = Path(args.output)
        write_table(table, out)
        inputs = [args.candidates, args.vacancies, *(more or []), *filter(None, [args.agreements, args.settings])]
        write_plain_meta(out, inputs, **{k: v for k, v in about.items() if k != "matcher"})
        if not args.quiet:
            print(f"table: {out} ({len(table)} rows)")

"""``normalize``, ``lint``, ``unknown`` and ``taxonomy``: what is read from texts, and by which words."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from matcher.commands.shared import DONE, STRICT, own_taxonomy, positive, taxonomy_option
from matcher.errors import InputError
from matcher.output import check_output, write_table

if TYPE_CHECKING:
    from matcher.records import Mention

# ---------------------------------------------------------------- normalize


def add_normalize(commands: Any) -> None:
    """The parser of ``normalize``."""
    p = commands.add_parser("normalize", help="find skills and typed facts in text")
    p.add_argument("text", nargs="*", metavar="TEXT", help="lines; read from standard input when none is given")
    p.add_argument("--context", choices=["skills", "title", "vacancy", "candidate"], help="where the text stands")
    taxonomy_option(p)
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

    from matcher.features.normalize import normalize_many
    from matcher.features.skills import reader_for
    from matcher.features.trace import trace

    taxonomy = own_taxonomy(args)
    lines = args.text or (line.rstrip("\n") for line in _standard_input())
    if args.debug:
        for line in lines:
            print(trace(reader_for(taxonomy).steps(line, args.context)))
        return DONE
    for mentions in normalize_many(lines, args.context, taxonomy=taxonomy):
        for m in mentions:
            print(json.dumps(asdict(m), ensure_ascii=False) if args.json else _line(m))
    return DONE


def _line(m: Mention) -> str:
    notes = [m.tier, None if m.stance == "claimed" else m.stance, f"level {m.level}" if m.level else None]
    notes += [f"{k}={v}" for k, v in m.value.items()]
    return "\t".join([f"{m.start}:{m.end}", m.text, m.skill or "-", m.label, m.kind, ", ".join(filter(None, notes))])


# ---------------------------------------------------------------- lint


def add_lint(commands: Any) -> None:
    """The parser of ``lint``."""
    p = commands.add_parser("lint", help="list wording in vacancies that the Labour Code forbids")
    p.add_argument("vacancies", metavar="VACANCIES")
    p.add_argument("-o", "--output", metavar="OUT", help="write the list as a table: .csv, .jsonl, .parquet or .xlsx")
    p.add_argument("--strict", action="store_true", help="exit with 3 where such wording was found")
    p.set_defaults(command=lint)


def lint(args: argparse.Namespace) -> int:
    """``matcher lint VACANCIES``."""
    from matcher.linting import lint as find

    if args.output:
        check_output(Path(args.output))
    frame = find(args.vacancies)
    if args.output:
        write_table(frame, Path(args.output))
    for row in frame.to_dict("records"):
        print(f"{row['vacancy_id']}\t{row['column']}\t«{row['fragment']}»\t{row['ground']}\t{row['article']}")
    n_vacancies = frame["vacancy_id"].nunique()
    print(f"lint: {len(frame)} fragments in {n_vacancies} vacancies", file=sys.stderr)
    return STRICT if args.strict and len(frame) else DONE


# ---------------------------------------------------------------- unknown


def add_unknown(commands: Any) -> None:
    """The parser of ``unknown``."""
    p = commands.add_parser("unknown", help="list frequent phrases that the taxonomy does not know")
    p.add_argument(
        "files", nargs="+", metavar="FILE", help="tables of candidates or vacancies, or .txt with one phrase a line"
    )
    p.add_argument("-o", "--output", metavar="OUT", help="the table to fill in and give to --taxonomy (default: print)")
    p.add_argument("--least", metavar="N", type=positive, default=2, help="fewest occurrences (default: 2)")
    taxonomy_option(p)
    p.set_defaults(command=unknown)


def unknown(args: argparse.Namespace) -> int:
    """``matcher unknown FILE...``."""
    from matcher.curation import texts_of, unknown_phrases

    if args.output:
        check_output(Path(args.output))
    texts = (pair for file in args.files for pair in texts_of(file))
    frame = unknown_phrases(texts, own_taxonomy(args), least=args.least)
    if args.output:
        write_table(frame, Path(args.output))
    else:
        for row in frame.head(50).to_dict("records"):
            print(f"{row['count']}\t{row['phrase']}\t{row['near']}")
    print(f"unknown: {len(frame)} phrases", file=sys.stderr)
    return DONE


# ---------------------------------------------------------------- taxonomy


def add_taxonomy(commands: Any) -> None:
    """The parsers of ``taxonomy check`` and ``taxonomy diff``."""
    p = commands.add_parser("taxonomy", help="check a taxonomy, or compare two")
    actions = p.add_subparsers(required=True, metavar="ACTION", parser_class=type(p))
    q = actions.add_parser("check", help="find duplicate names, circles, orphans, short names without a mark")
    q.add_argument(
        "files", nargs="*", metavar="FILE", help="own CSV files or directories on top of the shipped taxonomy"
    )
    q.add_argument("--alone", action="store_true", help="check the files without the shipped taxonomy")
    q.add_argument("--errors", action="store_true", help="leave warnings out")
    q.set_defaults(command=taxonomy_check)
    q = actions.add_parser("diff", help="list what was added, removed and changed")
    q.add_argument("old", metavar="OLD", help="a CSV file, a directory of them, or `shipped`")
    q.add_argument("new", metavar="NEW")
    q.set_defaults(command=taxonomy_diff)


def taxonomy_check(args: argparse.Namespace) -> int:
    """``matcher taxonomy check``; exits with 3 where there are errors."""
    from matcher.curation import ERROR, check
    from matcher.taxonomy import Taxonomy

    if args.alone and not args.files:
        raise InputError("--alone needs at least one FILE to check.")
    taxonomy = Taxonomy.load(*args.files, base=not args.alone) if args.files else Taxonomy.default()
    faults = check(taxonomy)
    errors = sum(f.severity == ERROR for f in faults)
    for f in faults:
        if f.severity == ERROR or not args.errors:
            print(f"{f.severity}\t{f.rule}\t{f.id}\t{f.text}")
    names = sum(len(s.aliases) for s in taxonomy.values())
    told = f"{len(taxonomy)} entries, {names} names, digest {taxonomy.digest}"
    print(f"taxonomy: {told}: {errors} errors, {len(faults) - errors} warnings", file=sys.stderr)
    return STRICT if errors else DONE


def taxonomy_diff(args: argparse.Namespace) -> int:
    """``matcher taxonomy diff OLD NEW``."""
    from matcher.curation import diff
    from matcher.taxonomy import Taxonomy

    old, new = (Taxonomy.default() if p == "shipped" else Taxonomy.load(p, base=False) for p in (args.old, args.new))
    changes = diff(old, new)
    for c in changes:
        print(f"{c.id}\t{c.what}\t{c.old}\t{c.new}")
    print(f"taxonomy: {len(changes)} changes, {old.digest} -> {new.digest}", file=sys.stderr)
    return DONE

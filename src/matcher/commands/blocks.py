"""``rank --block`` and ``rank --resume``: tables larger than memory, and runs that survive a kill."""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

from matcher.commands.shared import DONE, STRICT, engine_of, positive
from matcher.errors import InputError
from matcher.output import TableWriter, check_output, digest_of, write_meta, write_table

if TYPE_CHECKING:
    from matcher.pipeline import Matcher
    from matcher.streaming import Blocks

_SIZE = 10_000
_WHOLE = {
    "percentile": "--percentile", "rejections": "--rejections", "show": "--show", "reranker": "--reranker",
}  # fmt: skip
"""Options that need the whole table at once."""


def add_blocks(p: argparse.ArgumentParser) -> None:
    """The options of ``rank`` for runs in blocks."""
    p.add_argument(
        "--block",
        metavar="N",
        type=positive,
        default=0,
        help="read candidates N at a time and keep a checkpoint in OUT.parts (default: all at once)",
    )
    p.add_argument(
        "--resume",
        action="store_true",
        help=f"go on where a killed run in blocks stopped; a new one reads {_SIZE} at a time",
    )


def rank_in_blocks(args: argparse.Namespace) -> int:
    """``matcher rank CANDIDATES VACANCIES -o OUT --block N [--resume]``."""
    from matcher import tables
    from matcher.streaming import Blocks, begin, finish

    out = Path(args.output)
    check_output(out)
    told = [option for name, option in _WHOLE.items() if getattr(args, name)]
    if told or args.top is None:
        raise InputError(f"{(told or ['--top all'])[0]} needs all candidates at once: leave out --block and --resume.")
    engine = engine_of(args)
    folder = out.with_name(out.name + ".parts")
    about = begin(folder, _about(args, engine), resume=args.resume)
    engine.today = dt.date.fromisoformat(about["today"])  # a run that goes on after midnight keeps its day
    blocks = Blocks(
        engine, args.candidates, tables.read_vacancies(args.vacancies), by=args.by, top=args.top,
        size=int(about["block"]), exclude=args.exclude, explain=args.explain, folder=folder,
    )  # fmt: skip
    _run(blocks, engine, args)
    with TableWriter(out) as table:
        for piece in blocks.whole():
            table.write(piece)
    if len(blocks.quarantine):
        write_table(blocks.quarantine.astype(str), out.with_name(out.stem + ".quarantine.csv"))
    inputs = [args.candidates, args.vacancies, *filter(None, [args.exclude, args.agreements, args.settings])]
    write_meta(out, engine, blocks, inputs, by=args.by, top=args.top, saved_engine=about["saved_engine"])
    finish(folder)
    if not args.quiet:
        print(blocks.summary.to_text())
        print(f"ranking: {out} ({blocks.summary.ranked_pairs} rows)")
    return STRICT if args.strict and len(blocks.quarantine) else DONE


def _run(blocks: Blocks, engine: Matcher, args: argparse.Namespace) -> None:
    """All blocks that are not done, with what was done before told once."""
    if blocks.n_done and not args.quiet:
        print(f"resumed: {blocks.n_done} candidates were done before")
    progress, engine.progress = engine.progress, None
    total = _n_rows(args.candidates)
    for _ in blocks:
        if progress:
            progress("candidates", blocks.n_done, max(total, blocks.n_done))


def _n_rows(path: str) -> int:
    """About how many rows a table has: lines of a text, the count that a Parquet file keeps."""
    if path.endswith(".parquet"):
        from pyarrow import parquet

        return int(parquet.read_metadata(path).num_rows)
    with open(path, "rb") as f:
        return sum(piece.count(b"\n") for piece in iter(lambda: f.read(1 << 20), b""))


def _about(args: argparse.Namespace, engine: Matcher) -> dict[str, Any]:
    """What a run is about: another answer to any of these is another run."""
    from matcher.store import MANIFEST

    def digest(path: str | None) -> Any:
        return digest_of(path) if path else None

    return {
        **engine.about(),
        "candidates": digest(args.candidates),
        "vacancies": digest(args.vacancies),
        "exclude": digest(args.exclude),
        "agreements": digest(args.agreements),
        "saved_engine": (
            {"directory": args.engine, "manifest": digest_of(str(Path(args.engine) / MANIFEST))}
            if args.engine
            else None
        ),
        "by": args.by,
        "top": args.top,
        "explain": args.explain,
        "block": args.block or _SIZE,
        "output": Path(args.output).suffix.lower(),
    }

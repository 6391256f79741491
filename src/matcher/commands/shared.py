"""What the commands share: exit codes, options, the engine that the options ask for."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from matcher.errors import InputError
from matcher.settings import PRESETS

if TYPE_CHECKING:
    from matcher.pipeline import Matcher
    from matcher.taxonomy import Taxonomy

DONE, COULD_NOT_RUN, STRICT = 0, 2, 3


def taxonomy_option(p: argparse.ArgumentParser) -> None:
    """``--taxonomy FILE``."""
    p.add_argument(
        "--taxonomy", metavar="FILE", action="append", default=[], help="own taxonomy rows on top of the shipped ones"
    )


def own_taxonomy(args: argparse.Namespace) -> Taxonomy | None:
    """The taxonomy that ``--taxonomy`` asks for; None for the shipped one."""
    from matcher.taxonomy import Taxonomy

    return Taxonomy.load(*args.taxonomy) if args.taxonomy else None


def preset_option(p: argparse.ArgumentParser) -> None:
    """``--preset NAME``."""
    p.add_argument("--preset", choices=PRESETS, help="settings for a case; --settings are laid over them")


def engine_options(p: argparse.ArgumentParser) -> None:
    """Options of every command that makes an engine."""
    p.add_argument("--settings", metavar="FILE", help="TOML file; `matcher settings` prints the defaults")
    preset_option(p)
    p.add_argument("--agreements", metavar="FILE", help="table of partner agreements: company, institution, from, to")
    taxonomy_option(p)
    p.add_argument("--today", metavar="DATE", type=day, help="day at which dates are judged (default: today)")
    p.add_argument(
        "--jobs", metavar="N", type=positive, default=0, help="processes that read texts (default: all cores)"
    )
    p.add_argument("--quiet", action="store_true", help="print no summary and no progress")


def day(raw: str) -> dt.date:
    """A day of the calendar."""
    try:
        return dt.date.fromisoformat(raw)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{raw!r} is no date like 2026-09-01") from None


def positive(raw: str) -> int:
    """A whole number above 0."""
    if not raw.isdigit() or int(raw) < 1:
        raise argparse.ArgumentTypeError(f"{raw!r} is no whole number >= 1")
    return int(raw)


def top_or_all(raw: str) -> int | None:
    """The length of lists; None for ``all``."""
    return None if raw == "all" else positive(raw)


def engine_of(args: argparse.Namespace) -> Matcher:
    """The engine that the options ask for, made or loaded."""
    from matcher.pipeline import Matcher
    from matcher.reranker import Reranker
    from matcher.settings import Settings

    taxonomy = own_taxonomy(args)
    n_jobs, progress = _jobs(args), None if args.quiet else _progress()
    saved = getattr(args, "engine", None)
    reranker = Reranker.load(args.reranker) if getattr(args, "reranker", None) else None
    if saved:
        if args.settings or args.preset or args.agreements:
            raise InputError(
                "--engine brings its own settings and agreements; leave out --settings, --preset and --agreements, or fit again with them."
            )
        engine = Matcher.load(saved, taxonomy=taxonomy, today=args.today, n_jobs=n_jobs, progress=progress)
        engine.reranker = reranker or engine.reranker
        return engine
    settings = Settings.preset(args.preset) if args.preset else None
    settings = Settings.load(args.settings, settings) if args.settings else settings
    return Matcher(
        settings, taxonomy=taxonomy, agreements=args.agreements, reranker=reranker, today=args.today, n_jobs=n_jobs,
        progress=progress,
    )  # fmt: skip


def _jobs(args: argparse.Namespace) -> int:
    import os

    return args.jobs or os.cpu_count() or 1


def _progress() -> Callable[[str, int, int], None] | None:
    """A progress bar on a terminal with rate and time left, silence in a pipe."""
    if not sys.stderr.isatty():
        return None
    begun: dict[str, tuple[float, int]] = {}

    def show(stage: str, done: int, total: int) -> None:
        start, before = begun.setdefault(stage, (time.monotonic(), done))
        took = time.monotonic() - start
        rate = (done - before) / took if took > 0 else 0.0
        left = f", {rate:.0f}/s, {_span((total - done) / rate)} left" if rate else ""
        filled = int(30 * done / total) if total else 30
        end = "\n" if done >= total else ""
        print(
            f"\r{stage:20s} [{'#' * filled}{'.' * (30 - filled)}] {done}/{total}{left}\x1b[K",
            end=end, file=sys.stderr, flush=True,
        )  # fmt: skip

    return show


def _span(seconds: float) -> str:
    """Time as people say it.

    >>> _span(7), _span(95), _span(7300)
    ('7 s', '1 min 35 s', '2 h 1 min')
    """
    whole = int(seconds)
    if whole < 60:
        return f"{whole} s"
    return f"{whole // 60} min {whole % 60} s" if whole < 3600 else f"{whole // 3600} h {whole % 3600 // 60} min"

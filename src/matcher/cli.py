"""Command line: ``matcher COMMAND``: one function and one parser for each, under ``commands``.

Each command is a parser and a function that can be called alone. Exit codes: 0 done, 2 could not run (one line
that says what to mend), 3 faults were found: rows quarantined or unlawful wording under ``--strict``, errors in a
taxonomy.
"""

from __future__ import annotations

import argparse
import sys
import warnings
from collections.abc import Callable, Sequence
from typing import Any, TextIO

from matcher.commands import allotting, engine, judging, looking, reading
from matcher.commands.shared import COULD_NOT_RUN, DONE, STRICT
from matcher.errors import MatcherError, MatcherWarning

__all__ = ["COULD_NOT_RUN", "DONE", "STRICT", "build_parser", "main"]


class _Parser(argparse.ArgumentParser):
    """Errors of usage are one line and exit code 2, as everything else that could not run."""

    def error(self, message: str) -> Any:
        self.exit(COULD_NOT_RUN, f"{self.prog}: {message}\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit code."""
    args = build_parser().parse_args(argv)
    command: Callable[[argparse.Namespace], int] = args.command
    with warnings.catch_warnings():
        warnings.simplefilter("ignore" if getattr(args, "quiet", False) else "always", MatcherWarning)
        warnings.showwarning = _tell
        try:
            return command(args)
        except MatcherError as e:
            print(f"matcher: {e}", file=sys.stderr)
            return COULD_NOT_RUN
        except BrokenPipeError:
            sys.stderr.close()
            return DONE


def _tell(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    """A warning of ours as one line, without the place in the code that gave it."""
    ours = issubclass(category, MatcherWarning)
    told = f"matcher: {message}\n" if ours else warnings.formatwarning(message, category, filename, lineno, line)
    print(told, end="", file=file or sys.stderr)


def build_parser() -> argparse.ArgumentParser:
    """The parser of all commands."""
    parser = _Parser(prog="matcher", description="Match candidates with vacancies in Russian, and say why.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=_Parser)
    for add in (
        engine.add_fit, engine.add_rank, engine.add_explain, engine.add_settings, judging.add_evaluate, judging.add_tune,
        allotting.add_allocate, looking.add_report, looking.add_gaps, looking.add_market, looking.add_courses,
        looking.add_outcomes, judging.add_reranker, judging.add_sensitivity,
        reading.add_normalize, reading.add_lint, reading.add_unknown, reading.add_taxonomy,
    ):  # fmt: skip
        add(commands)
    parser.add_argument("--version", action="version", version=_version())
    return parser


def _version() -> str:
    from matcher import __version__

    return f"matcher {__version__}"

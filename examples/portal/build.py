"""Build the snapshot that the service loads: ``python -m portal.build CANDIDATES VACANCIES -o DIRECTORY``."""

from __future__ import annotations

import argparse
import sys

from matcher import Matcher, MatcherError, Settings
from portal.journal import now


def main(arguments: list[str] | None = None) -> int:
    """Read the tables, fit, index and save; print what to tell ``/reload``."""
    parser = argparse.ArgumentParser(prog="portal.build", description=__doc__)
    parser.add_argument("candidates")
    parser.add_argument("vacancies")
    parser.add_argument("--agreements")
    parser.add_argument("--settings", help="TOML, as for matcher rank")
    parser.add_argument("-o", "--output", required=True, help="directory, replaced as a whole")
    told = parser.parse_args(arguments)
    as_of = now()  # before the tables are read: what changes meanwhile must be replayed
    try:
        settings = Settings.load(told.settings) if told.settings else None
        engine = Matcher(settings, agreements=told.agreements).fit(told.vacancies)
        index = engine.index(told.candidates)
        index.save(told.output)
    except MatcherError as error:
        print(error, file=sys.stderr)
        return 2
    n_faults = len(index.quarantine) + len(engine.vacancies_.quarantine)
    print(
        f"{len(index)} candidates and {len(engine.vacancies_.records)} vacancies in {told.output}, {n_faults} faults of rows"
    )
    print(f'as_of: {{"as_of": "{as_of}"}}')
    return 0


if __name__ == "__main__":
    sys.exit(main())

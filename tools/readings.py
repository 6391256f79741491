"""Print every mention of the texts of a folder of tables, a line each: to compare two builds or two versions.

python tools/readings.py data/samples [--compiled]
"""

import argparse
import csv
from pathlib import Path

from matcher import normalize
from matcher.features import skills

CONTEXTS = (None, "skills", "title", "vacancy", "candidate")


def main() -> None:
    """Read every cell with letters in every context."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--compiled", action="store_true", help="fail unless the compiled build is what reads")
    args = parser.parse_args()
    if args.compiled and Path(skills.__file__).suffix == ".py":
        raise SystemExit("the reading of text was not compiled")
    for path in sorted(args.folder.rglob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as f:
            texts = dict.fromkeys(cell for row in csv.DictReader(f) for cell in row.values() if cell)
        for text in texts:
            for context in CONTEXTS:
                for mention in normalize(text, context):
                    print(path.name, context, mention, sep="\t")


if __name__ == "__main__":
    main()

"""Measure the gold set and compare it with the figures kept in docs/measured/gold.json.

python tools/regression.py             # fails where nDCG@10 fell below the interval that is kept
python tools/regression.py --renew     # keep today's figures, after data/gold or the defaults were changed on purpose
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from matcher import Matcher, evaluate

ROOT = Path(__file__).parents[1]
KEPT = ROOT / "docs" / "measured" / "gold.json"


def measure() -> dict[str, Any]:
    """Measures on the gold set, and nDCG@10 of every request."""
    gold = ROOT / "data" / "gold"
    ranking = Matcher().rank(gold / "candidates.csv", gold / "vacancies.csv", top=None)
    found = evaluate(ranking, gold / "labels.csv")
    table = {r["measure"]: [round(r[x], 4) for x in ("value", "low", "high")] for r in found.table.to_dict("records")}
    requests = {row["vacancy_id"]: round(row["nDCG@k"], 4) for row in found.queries.to_dict("records")}
    return {"measures": table, "requests": dict(sorted(requests.items()))}


def main() -> None:
    """Compare or renew."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--renew", action="store_true", help="write today's figures")
    args = parser.parse_args()
    now = measure()
    before = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else now
    for name, (value, low, high) in now["measures"].items():
        print(f"{name:10s} {value:.3f} [{low:.3f}, {high:.3f}]   kept {before['measures'][name][0]:.3f}")
    moved = {q: v - before["requests"].get(q, v) for q, v in now["requests"].items()}
    for q in sorted(moved, key=lambda q: moved[q]):
        if abs(moved[q]) >= 0.05:
            print(f"  {q}  {moved[q]:+.3f}")
    if args.renew:
        KEPT.write_text(json.dumps(now, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    elif now["measures"]["nDCG@10"][0] < before["measures"]["nDCG@10"][1]:
        raise SystemExit("nDCG@10 on data/gold fell below the interval that is kept.")


if __name__ == "__main__":
    main()

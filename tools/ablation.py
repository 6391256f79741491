"""What each criterion adds: nDCG@10 with all of them less nDCG@10 without it, with its interval, as a Markdown table.

python tools/ablation.py [FOLDER ...]     # of candidates.*, vacancies.*, labels.csv; data/gold when none is named

A folder is judged by vacancy where its labels hold zeros (graded pairs), by candidate otherwise; pairs of an
ignore.csv are left out.
"""

import argparse
from dataclasses import asdict, replace
from pathlib import Path

import pandas as pd

from matcher import Matcher, evaluate


def without(ranking: pd.DataFrame, folder: Path) -> pd.DataFrame:
    """A ranking without the pairs to ignore."""
    path = folder / "ignore.csv"
    if not path.exists():
        return ranking
    ignored = set(pd.read_csv(path, dtype=str)[["vacancy_id", "candidate_id"]].itertuples(index=False, name=None))
    pairs = zip(ranking["vacancy_id"].astype(str), ranking["candidate_id"].astype(str), strict=True)
    return ranking[[pair not in ignored for pair in pairs]]


def table(folder: Path) -> pd.DataFrame:
    """Criterion, gain, and its interval."""
    labels = pd.read_csv(folder / "labels.csv", dtype=str)
    labels["relevance"] = labels["relevance"].astype(float)
    by = "vacancy" if (labels["relevance"] == 0).any() else "candidate"
    candidates, vacancies = (next(folder.glob(f"{name}.*")) for name in ("candidates", "vacancies"))
    engine = Matcher(n_jobs=2)
    scored = engine.score(candidates, vacancies)
    top = None if by == "vacancy" else 150
    whole = without(scored.ranking(by=by, top=top), folder)
    rows = []
    for name, weight in asdict(engine.settings.weights).items():
        if weight and any(part.name == name for part in scored.model.parts):
            less = replace(engine.settings, weights=replace(engine.settings.weights, **{name: 0.0}))
            other = without(scored.under(less).ranking(by=by, top=top), folder)
            found = evaluate(whole, labels, against=other, by=by).table.iloc[0]
            rows.append((name, found["difference"], found["difference_low"], found["difference_high"], found["value"]))
    return pd.DataFrame(rows, columns=["criterion", "gain", "low", "high", "whole"])


def main() -> None:
    """Print one table for all folders."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path, default=[Path("data/gold")])
    tables = {folder.name: table(folder).set_index("criterion") for folder in parser.parse_args().folders}
    names = list(dict.fromkeys(name for t in tables.values() for name in t.index))
    print("| criterion |" + "".join(f" {name} {t['whole'].iloc[0]:.3f} |" for name, t in tables.items()))
    print("|--|" + "--|" * len(tables))
    for name in names:
        cells = [
            f"{t.gain[name]:+.3f} [{t.low[name]:+.3f}, {t.high[name]:+.3f}]" if name in t.index else "not stated"
            for t in tables.values()
        ]
        print(f"| {name} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()

"""Write resources/words.tsv: the dictionary's answers for the words of the data files.

Run it after editing the taxonomy, cue words or programmes; a word that is missing is merely looked up at run time.

    python tools/make_words.py
"""

import csv
from pathlib import Path

from matcher.features import lexicon, text

RESOURCES = Path(__file__).parent.parent / "src" / "matcher" / "resources"


def strings() -> list[str]:
    """All strings of the data files that the reader has to read."""
    out = []
    for path in [
        *sorted((RESOURCES / "taxonomy").glob("*.csv")),
        RESOURCES / "programmes.csv",
        RESOURCES / "cues.csv",
        RESOURCES / "verbs.csv",
        RESOURCES / "cuts.csv",
    ]:
        with path.open(encoding="utf-8", newline="") as f:
            out += [cell for row in csv.DictReader(f) for cell in row.values()]
    return out


def main() -> None:
    """Ask the dictionary for every distinct Cyrillic word."""
    words = {lexicon.repair_script(w) for s in strings() for w in text.tokenize(s).words}
    rows = []
    for word in sorted(w for w in words if any("а" <= c <= "я" for c in w)):
        found = lexicon.ask_dictionary(word)
        rows.append(f"{word}\t{found.lemma}\t{found.pos}\t{int(found.known)}\n")
    (RESOURCES / "words.tsv").write_text("".join(rows), encoding="utf-8", newline="\n")
    print(f"words.tsv: {len(rows)} words")


if __name__ == "__main__":
    main()

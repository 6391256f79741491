"""Random small worlds of seats, and what must hold of every allocation, told by brute force.

Nothing here uses the code that is tested: sets are counted out one by one.
"""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

INSTITUTIONS = ("МИЭТ", "РХТУ")


@dataclass
class World:
    candidates: list[dict]
    vacancies: list[dict]
    pairs: list[dict]
    most: int | None = None
    home: dict = field(default_factory=dict)

    def __post_init__(self):
        self.home = {c["id"]: c["institution"] for c in self.candidates}
        self.of = {v["id"]: v for v in self.vacancies}
        self.score = {(p["candidate_id"], p["vacancy_id"]): p["score_vacancy"] for p in self.pairs}
        self.wish = {(p["candidate_id"], p["vacancy_id"]): p["score_candidate"] for p in self.pairs}

    @property
    def ranking(self):
        names = ["vacancy_id", "candidate_id", "score", "score_vacancy", "score_candidate"]
        return pd.DataFrame(self.pairs, columns=names)


def world(  # noqa: C901 - one draw after another
    seed: int, *, reserves: bool, minimums: bool, cap: bool
) -> World:
    r = np.random.default_rng(seed)
    n, m = int(r.integers(1, 6)), int(r.integers(1, 4))
    candidates = [{"id": f"c{i}", "institution": INSTITUTIONS[r.integers(2)]} for i in range(n)]
    vacancies = []
    for j in range(m):
        slots = int(r.integers(0, 4))
        row = {
            "id": f"v{j}",
            "company": f"k{r.integers(2)}",
            "slots": slots,
            "company_slots": None,
            "min_group": None,
            "reserved": None,
        }
        if reserves and slots and r.random() < 0.6:
            row["reserved"] = f"{INSTITUTIONS[r.integers(2)]}:{r.integers(1, slots + 1)}"
        if minimums and r.random() < 0.5:
            row["min_group"] = int(r.integers(1, 4))
        vacancies.append(row)
    for k in ("k0", "k1"):
        if r.random() < 0.6:
            most = int(r.integers(0, 4))
            for row in vacancies:
                if row["company"] == k:
                    row["company_slots"] = most
    pairs = []
    for c in candidates:
        for v in vacancies:
            if r.random() < 0.75:
                score, wish = (float(x) / 4 for x in r.integers(0, 4, 2))
                pairs.append(
                    {
                        "vacancy_id": v["id"],
                        "candidate_id": c["id"],
                        "score": score,
                        "score_vacancy": score,
                        "score_candidate": wish,
                    }
                )
    return World(candidates, vacancies, pairs, int(r.integers(1, 4)) if cap else None)


def seatable(w: World, vacancy: str, people: tuple[str, ...]) -> bool:
    """Whether people fit the seats of a vacancy, some of them kept for an institution."""
    v = w.of[vacancy]
    whom, kept = v["reserved"].split(":") if v["reserved"] else ("", "0")
    mine = sum(w.home[c] == whom for c in people)
    return len(people) - min(mine, int(kept)) <= v["slots"] - int(kept)


def fits(w: World, pairs, *, minimums: bool = True) -> bool:
    """Whether a set of pairs keeps to every limit."""
    by_vacancy, by_company = {}, Counter()
    for c, v in pairs:
        by_vacancy.setdefault(v, []).append(c)
        by_company[w.of[v]["company"]] += 1
    if len({c for c, _ in pairs}) < len(pairs):
        return False
    for v, people in by_vacancy.items():
        row = w.of[v]
        if not seatable(w, v, tuple(people)) or (minimums and row["min_group"] and len(people) < row["min_group"]):
            return False
        if row["company_slots"] is not None and by_company[row["company"]] > row["company_slots"]:
            return False
    if w.most is not None:
        return all(n <= w.most for n in Counter(w.home[c] for c, _ in pairs).values())
    return True


def choice(w: World, pairs) -> set:
    """What companies take of pairs offered: the best first, as long as seats allow."""
    taken: list = []
    for c, v in sorted(pairs, key=lambda p: (-w.score[p], p[0], p[1])):
        people = (*(d for d, u in taken if u == v), c)
        row = w.of[v]
        n = sum(w.of[u]["company"] == row["company"] for _, u in taken)
        if seatable(w, v, people) and (row["company_slots"] is None or n < row["company_slots"]):
            taken.append((c, v))
    return set(taken)


def wants(w: World, c: str, v: str, own: str | None) -> bool:
    """Whether a candidate would rather be at v than where he is."""
    return own is None or (-w.wish[c, v], v) < (-w.wish[c, own], own)


def blocking(w: World, pairs) -> set:
    """Pairs that would rather have each other."""
    own = dict(pairs)
    return {
        (c, v)
        for (c, v) in w.score
        if own.get(c) != v and wants(w, c, v, own.get(c)) and (c, v) in choice(w, {*pairs, (c, v)})
    }


def assignments(w: World):
    """Every set of pairs with one vacancy a candidate at most."""
    options = [[None, *(v for (d, v) in w.score if d == c["id"])] for c in w.candidates]
    for chosen in itertools.product(*options):
        yield {(c["id"], v) for c, v in zip(w.candidates, chosen, strict=True) if v is not None}


def total(w: World, pairs) -> float:
    return sum(w.score[p] for p in pairs)


def check(w: World, allocate) -> None:
    """All that must hold in one world."""
    tables = {"vacancies": w.vacancies, "candidates": w.candidates, "per_institution": w.most}
    has_minimum = any(v["min_group"] and v["min_group"] > 1 for v in w.vacancies)
    found = {
        (method, side): allocate(w.ranking, method=method, proposing=side, **tables)
        for method, side in (("stable", "candidate"), ("stable", "vacancy"), ("best", "candidate"))
    }
    given = {key: {(r.candidate_id, r.vacancy_id) for r in a.assigned.itertuples()} for key, a in found.items()}
    for key, pairs in given.items():
        assert fits(w, pairs), key
        a = found[key]
        assert len(a.reasons) == len(w.candidates) - len(pairs)
        assert a.measures["filled"] == len(pairs)
        assert set(a.waiting["candidate_id"]) <= {c for c, _ in w.score}
    assert total(w, given["best", "candidate"]) == max(total(w, p) for p in assignments(w) if fits(w, p))
    if not has_minimum and w.most is None:
        stable = [p for p in assignments(w) if fits(w, p) and not blocking(w, p)]
        for side in ("candidate", "vacancy"):
            pairs, a = given["stable", side], found["stable", side]
            assert pairs in stable
            assert a.is_stable
            assert a.blocking.empty
            for other in stable:  # the best, or the worst, of all stable ones for every candidate
                here, there = dict(pairs), dict(other)
                for c in w.home:
                    better, worse = (here, there) if side == "candidate" else (there, here)
                    assert here.get(c) == there.get(c) or (better.get(c) and wants(w, c, better[c], worse.get(c)))
        told = {(r.candidate_id, r.vacancy_id) for r in found["best", "candidate"].blocking.itertuples()}
        assert told == blocking(w, given["best", "candidate"])
    elif w.most is None:  # minimums: what blocks is told, or nothing does
        for side in ("candidate", "vacancy"):
            a, pairs = found["stable", side], given["stable", side]
            shut = {v["id"] for v in w.vacancies} & {a.problem.offer.ids[v] for v in a.solution.closed}
            inside = {p for p in blocking(w, pairs) if p[1] not in shut}
            assert inside <= {(r.candidate_id, r.vacancy_id) for r in a.blocking.itertuples()}
            assert not inside

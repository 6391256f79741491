"""Segments of a live index joined into a larger one: facts and codes of each get the numbers of the whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy import sparse

from matcher.ranking.segment import Array, Coded, Posted, Segment, in_one


def joined(segments: Sequence[Segment], kept: Sequence[Array]) -> Segment:
    """One segment of the rows ``kept`` of several, in their order."""
    first = segments[0]
    ids = tuple(s.ids[i] for s, rows in zip(segments, kept, strict=True) for i in rows.tolist())
    return Segment(
        ids=ids,
        records=in_one([s.record(i) for s, rows in zip(segments, kept, strict=True) for i in rows.tolist()]),
        named={n: _joined_posts([s.named[n] for s in segments], kept) for n in first.named},
        coded={n: _joined_codes([s.coded[n] for s in segments], kept) for n in first.coded},
        known={n: np.concatenate([s.known[n][r] for s, r in zip(segments, kept, strict=True)]) for n in first.known},
        terms={
            n: sparse.csr_matrix(sparse.vstack([s.terms[n][r] for s, r in zip(segments, kept, strict=True)]))
            for n in first.terms
        },
        usable=np.concatenate([s.usable[r] for s, r in zip(segments, kept, strict=True)]),
        rules=first.rules,
    )


def _joined_codes(parts: Sequence[Coded], kept: Sequence[Array]) -> Coded:
    seen: dict[Any, int] = {}
    codes = []
    for part, rows in zip(parts, kept, strict=True):
        own = part.codes[rows]
        again = np.zeros(len(part.keys), dtype=np.int64)
        for code in np.unique(own).tolist():
            again[code] = seen.setdefault(part.keys[code], len(seen))
        codes.append(again[own])
    return Coded(np.concatenate(codes), tuple(seen))


def _joined_posts(parts: Sequence[Posted], kept: Sequence[Array]) -> Posted:
    numbers: dict[tuple[str, int | None], int] = {}
    facts, rows, strengths = [], [], []
    denied: dict[str, list[Array]] = {}
    begin = 0
    for part, own in zip(parts, kept, strict=True):
        n_own = max(
            int(part.rows.max(initial=-1)) + 1,
            *(int(a.max(initial=-1)) + 1 for a in part.denied.values()),
            int(own.max(initial=-1)) + 1,
        )
        at = np.full(n_own, -1, dtype=np.int64)
        at[own] = begin + np.arange(len(own))
        stays = at[part.rows] >= 0
        again = np.array([numbers.setdefault(name, len(numbers)) for name in part.names], dtype=np.int64)
        fact = np.repeat(np.arange(len(part.names)), np.diff(part.starts))[stays]
        facts.append(again[fact] if len(again) else fact)
        rows.append(at[part.rows[stays]])
        strengths.append(part.strengths[stays])
        for name, who in part.denied.items():
            denied.setdefault(name, []).append(at[who][at[who] >= 0])
        begin += len(own)
    return Posted.of(
        tuple(numbers),
        np.concatenate(facts),
        np.concatenate(rows),
        np.concatenate(strengths),
        {n: np.concatenate(a) for n, a in denied.items() if sum(map(len, a))},
    )

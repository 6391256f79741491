"""A segment of a live index as files: arrays that can be mapped into memory, and JSON for the rest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy import sparse

from matcher.ranking import loop
from matcher.ranking.asking import COSINE_CRITERIA
from matcher.ranking.segment import Coded, Posted, Rules, Segment
from matcher.ranking.stated import NAMED

_STORED = ("dense_at", "dense", "starts", "places", "held")


def to_files(segment: Segment) -> tuple[dict[str, Any], dict[str, Any]]:
    """JSON documents and arrays by name."""
    texts: dict[str, Any] = {
        "ids": list(segment.ids),
        "keys": {name: [_plain(key) for key in c.keys] for name, c in segment.coded.items()},
        "facts": {name: list(p.names) for name, p in segment.named.items()},
    }
    arrays: dict[str, Any] = {
        "usable": segment.usable,
        "records": segment.records[0],
        "record_starts": segment.records[1],
    }
    arrays |= {f"code_{_file(name)}": c.codes.astype(np.int32) for name, c in segment.coded.items()}
    arrays |= {f"known_{name}": known for name, known in segment.known.items()}
    for name, p in segment.named.items():
        texts[f"denied_{name}"] = list(p.denied)
        arrays[f"denied_{name}"] = np.concatenate([*p.denied.values(), np.zeros(0, dtype=np.int64)])
        arrays[f"denied_{name}_starts"] = np.cumsum([0, *map(len, p.denied.values())], dtype=np.int64)
        arrays |= {f"fact_{name}_starts": p.starts, f"fact_{name}_rows": p.rows, f"fact_{name}_strengths": p.strengths}
    for name in COSINE_CRITERIA:
        rows = segment.terms[name]
        arrays |= {
            f"rows_{name}_starts": rows.indptr,
            f"rows_{name}_columns": rows.indices,
            f"rows_{name}_values": rows.data,
        }
        texts.setdefault("n_terms", {})[name] = rows.shape[1]
    dense_at, dense, _, starts, places, held = segment.stored
    arrays |= dict(zip(_STORED, (dense_at[: sum(texts["n_terms"].values())], dense, starts, places, held), strict=True))
    texts["layout"] = {"block": loop.BLOCK}
    return texts, arrays


def from_files(texts: Mapping[str, Any], arrays: Mapping[str, Any], rules: Rules) -> Segment:
    """The segment that ``to_files`` told; arrays stay where they are.

    Raises
    ------
    ValueError, KeyError
        When the parts do not fit together.
    """
    n = len(texts["ids"])
    named = {}
    for name in NAMED:
        bounds = arrays[f"denied_{name}_starts"]
        denied = {
            who: arrays[f"denied_{name}"][a:b]
            for who, a, b in zip(texts[f"denied_{name}"], bounds[:-1], bounds[1:], strict=True)
        }
        facts = tuple((str(fact), level) for fact, level in texts["facts"][name])
        named[name] = Posted(
            facts, arrays[f"fact_{name}_starts"], arrays[f"fact_{name}_rows"], arrays[f"fact_{name}_strengths"], denied
        )
    coded = {name: Coded(arrays[f"code_{_file(name)}"], tuple(map(_key, keys))) for name, keys in texts["keys"].items()}
    terms = {
        name: sparse.csr_matrix(
            (arrays[f"rows_{name}_values"], arrays[f"rows_{name}_columns"], arrays[f"rows_{name}_starts"]),
            shape=(n, texts["n_terms"][name]),
            copy=False,
        )
        for name in COSINE_CRITERIA
    }
    known = {name.removeprefix("known_"): a for name, a in arrays.items() if name.startswith("known_")}
    segment = Segment(
        tuple(texts["ids"]),
        (arrays["records"], arrays["record_starts"]),
        named,
        coded,
        known,
        terms,
        arrays["usable"],
        rules,
    )
    if len(arrays["usable"]) != n or len(arrays["record_starts"]) != n + 1:
        raise ValueError("ids and arrays are of different lengths")
    if texts["layout"]["block"] == loop.BLOCK:  # else it is laid out anew at the first question
        segment.lay_out(*(arrays[name] for name in _STORED))
    return segment


def _file(name: str) -> str:
    return name.replace(":", "_")


def _plain(key: Any) -> Any:
    """A key of coded facts for JSON; tuples and dates are told apart from lists and texts."""
    if isinstance(key, tuple):
        return {"t": [_plain(k) for k in key]}
    return {"d": key.isoformat()} if isinstance(key, dt.date) else key


def _key(told: Any) -> Any:
    """What ``_plain`` told."""
    if isinstance(told, dict):
        return tuple(map(_key, told["t"])) if "t" in told else dt.date.fromisoformat(told["d"])
    return told

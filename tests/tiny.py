"""A world small enough to recompute by hand: a taxonomy of nine entries, facts and requirements given as they are.

metal ── turning ── cnc          turning ~ milling 0.5          workers ── turner, miller
      └─ milling                 teamwork is a soft skill
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from matcher.features.facts import Profile
from matcher.features.requests import Request
from matcher.ranking.asking import COSINE_CRITERIA
from matcher.ranking.criteria import Parts, build_parts
from matcher.ranking.explain import Explainer
from matcher.ranking.lines import Terms
from matcher.ranking.scoring import Model, block_units
from matcher.ranking.units import to_score
from matcher.ranking.wishes import build_wishes
from matcher.ranking.worth import Statistics, learn
from matcher.records import Candidate, Evidence, Fact, Requirement, Vacancy
from matcher.settings import Settings, Weights
from matcher.taxonomy import COLUMNS, Taxonomy


def entry(name: str, label: str, kind: str = "skill", parents: str = "", kin: str = "") -> dict[str, str]:
    return {**dict.fromkeys(COLUMNS, ""), "id": name, "label": label, "kind": kind, "parents": parents, "kin": kin}


TAXONOMY = Taxonomy(
    [
        entry("metal", "Металлообработка"),
        entry("turning", "Токарные работы", parents="metal", kin="milling:0.5"),
        entry("milling", "Фрезерные работы", parents="metal"),
        entry("cnc", "Токарная обработка с ЧПУ", parents="turning"),
        entry("teamwork", "Работа в команде", "soft"),
        entry("workers", "Станочник", "role"),
        entry("turner", "Токарь", "role", parents="workers"),
        entry("miller", "Фрезеровщик", "role", parents="workers"),
        entry("lang.en", "Английский язык", "language"),
    ]
)


def only(*criteria: str, **sections: dict[str, float]) -> Settings:
    """Settings that leave the named criteria with equal weights, no thinness and no rarity unless asked for."""
    weights = {f.name: float(f.name in criteria) for f in fields(Weights)}
    scoring = {"thinness": 0.0, "rarity": 0.0, **sections.pop("scoring", {})}
    return Settings.from_mapping({"weights": weights, "scoring": scoring, **sections})


def fact(key: str, **more: Any) -> Fact:
    """`turning` or `language:en`; listed among skills unless told."""
    key = key if ":" in key else f"skill:{key}"
    return Fact(key, **{"kind": "listed", "evidence": Evidence("skills", key), **more})


def ask(key: str, **more: Any) -> Requirement:
    """`turning`, `role:turner`, `turning|milling` (any of them)."""
    ids = tuple(key.split("|"))
    if len(ids) > 1:
        return Requirement("any:" + key, "skills", key, any_of=ids, **more)
    key = key if ":" in key else f"skill:{key}"
    homes = {"skill": "skills", "phrase": "skills", "role": "role", "language": "languages", "licence": "licences"}
    return Requirement(key, homes[key.partition(":")[0]], key, **more)


def person(*facts: Fact | str, n_claimed: int | None = None, words: str = "", title: str = "", **more: Any) -> Profile:
    had = tuple(fact(f) if isinstance(f, str) else f for f in facts)
    read = {k: more.pop(k) for k in ("experience_months", "education_level") if k in more}
    return Profile(
        record=Candidate(**{"id": "c", **more}),
        facts=had,
        words=tuple(words.split()),
        title_words=tuple(title.split()),
        n_claimed=len(had) if n_claimed is None else n_claimed,
        negated=frozenset(f.key for f in had if f.negated),
        **read,
    )


def place(*asked: Requirement | str, words: str = "", title: str = "", **more: Any) -> Request:
    wanted = tuple(sorted((ask(q) if isinstance(q, str) else q for q in asked), key=lambda q: q.key))
    read = {k: more.pop(k) for k in ("education_level",) if k in more}
    months = more.get("experience_months_min")
    return Request(
        record=Vacancy(**{"id": "v", **more}),
        requirements=wanted,
        words=tuple(f"{title} {words}".split()),  # a title is read as words too
        title_words=tuple(title.split()),
        experience_months_min=months,
        **read,
    )


@dataclass(frozen=True)
class World:
    model: Model
    parts: Parts
    profiles: list[Profile]
    requests: list[Request]
    statistics: Statistics
    settings: Settings

    @property
    def scores(self) -> list[list[float]]:
        """Scores, candidates by vacancies."""
        n, m = self.model.shape
        return to_score(block_units(self.model, np.arange(n), np.arange(m))).tolist()

    def explain(self, i: int = 0, j: int = 0) -> Terms:
        vocabularies = {n: list(getattr(self.statistics, n).vocabulary_) for n in COSINE_CRITERIA}
        wishes = build_wishes(self.profiles, self.requests, self.statistics.title, self.settings, TAXONOMY)
        explainer = Explainer(
            self.model, self.parts, self.profiles, self.requests, vocabularies, self.settings, TAXONOMY, wishes
        )
        return explainer.explain(i, j)


def world(profiles: list[Profile], requests: list[Request], settings: Settings, gates: tuple = ()) -> World:
    statistics = learn(requests, settings, TAXONOMY)
    parts = build_parts(profiles, requests, statistics, settings, TAXONOMY)
    model = Model(
        parts=parts.parts,
        gates=gates,
        thin=parts.thin,
        caps=parts.caps,
        usable_rows=np.array([not p.is_empty for p in profiles], dtype=bool),
        usable_columns=np.array([not r.is_empty for r in requests], dtype=bool),
        order_rows=np.arange(len(profiles)),
        order_columns=np.arange(len(requests)),
    )
    return World(model, parts, profiles, requests, statistics, settings)


def score(profile: Profile, request: Request, settings: Settings) -> float:
    return world([profile], [request], settings).scores[0][0]

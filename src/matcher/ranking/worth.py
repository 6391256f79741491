"""What facts and requirements are worth: rarity, tiers, evidence, and the bags of skills made of them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scipy import sparse

from matcher.features.encode import TermVectorizer
from matcher.features.requests import Request
from matcher.ranking.degrees import best_of_rows
from matcher.ranking.stated import Named
from matcher.records import Requirement
from matcher.settings import Settings
from matcher.taxonomy import Taxonomy


@dataclass(frozen=True, slots=True)
class Statistics:
    """What is learnt at ``fit`` and frozen: rarities of requirements and the three vocabularies."""

    n_vacancies: int
    counts: Mapping[str, int]
    text: TermVectorizer
    title: TermVectorizer
    profile: TermVectorizer

    def rarity(self, key: str) -> float:
        """``log(1 + n / df)`` of a requirement among the fitted vacancies; unseen ones count as seen once.

        The commonest members decide for an any-of group.
        """
        names = key.partition(":")[2].split("|") if key.startswith("any:") else [key.partition(":")[2]]
        seen = max(self.counts.get(n, 0) for n in names)
        return math.log(1 + self.n_vacancies / max(1, seen))


def learn(requests: Sequence[Request], settings: Settings, taxonomy: Taxonomy) -> Statistics:
    """Rarities and vocabularies from vacancies."""
    counts: Counter[str] = Counter()
    for r in requests:
        names = {n for q in r.requirements for n in (q.any_of or (q.key.partition(":")[2],))}
        counts.update(names | {a for n in names for a in taxonomy.ancestors.get(n, ())})
    return Statistics(
        n_vacancies=len(requests),
        counts=dict(counts),
        text=TermVectorizer().fit(Counter(r.words) for r in requests),
        title=TermVectorizer().fit(Counter(r.title_words) for r in requests),
        profile=TermVectorizer(sublinear=False).fit(request_bag(r, settings, taxonomy) for r in requests),
    )


def requirement_weight(r: Requirement, statistics: Statistics, settings: Settings, taxonomy: Taxonomy) -> float:
    """Tier x rarity x confidence of a requirement within its criterion."""
    weight = getattr(settings.tiers, r.tier) * r.confidence
    if r.criterion == "skills":
        name = r.key.partition(":")[2]
        if name in taxonomy and taxonomy[name].kind == "soft":
            weight *= settings.tiers.soft
        weight *= statistics.rarity(r.key) ** settings.scoring.rarity
    return float(weight)


def request_bag(r: Request, settings: Settings, taxonomy: Taxonomy) -> dict[str, float]:
    """Skills of a vacancy with their tiers, and half of each for what is broader."""
    bag: dict[str, float] = {}
    for q in r.requirements:
        if q.criterion == "skills":
            weight = getattr(settings.tiers, q.tier) * q.confidence
            for name in q.any_of or (q.key.partition(":")[2],):
                _add_with_broader(bag, name, weight * _soft(name, settings, taxonomy), taxonomy)
    return bag


def profile_terms(named: Named, profile: TermVectorizer, settings: Settings, taxonomy: Taxonomy) -> sparse.csr_matrix:
    """Skills of candidates with the strength of their evidence, and half of each for what is broader, by term."""
    bags = []
    for name, _ in named.names:
        bags.append(bag := dict[str, float]())
        _add_with_broader(bag, name, _soft(name, settings, taxonomy), taxonomy)
    share = profile.counts(bags)
    stays = ~named.contested
    return best_of_rows(named.rows[stays], named.facts[stays], named.strengths[stays], share, len(named.known))


def _soft(name: str, settings: Settings, taxonomy: Taxonomy) -> float:
    return settings.tiers.soft if name in taxonomy and taxonomy[name].kind == "soft" else 1.0


def _add_with_broader(bag: dict[str, float], name: str, weight: float, taxonomy: Taxonomy) -> None:
    bag[name] = max(weight, bag.get(name, 0.0))
    for broader in taxonomy.ancestors.get(name, ()):
        bag[broader] = max(weight * 0.5, bag.get(broader, 0.0))

"""What vacancies ask against what candidates have: by skill, field of work, profession and month."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from matcher.features.facts import Profile
from matcher.features.requests import Request
from matcher.grouping import asked_field, asked_roles, family_of, field_name, fields_of, is_taught, skills_of
from matcher.ranking.lines import name_of
from matcher.rates import difference, wilson

if TYPE_CHECKING:
    import pandas as pd

    from matcher.pipeline import Matcher
    from matcher.taxonomy import Taxonomy

_KEYS = ("skill:", "language:", "phrase:")


@dataclass(frozen=True)
class Market:
    """Demand and supply; every table has counts, and shares with 95 % intervals where at least five were counted.

    Attributes
    ----------
    skills : DataFrame
        One row per skill or language that somebody asks or has, most asked first: ``skill, label, field`` (Russian),
        ``vacancies`` (that ask it), ``must`` (not as nice to have), ``candidates`` (who state it or a narrower one),
        ``expected`` (whose programme teaches it, though they do not state it), ``asked, asked_low, asked_high``
        (share of vacancies), ``have, have_low, have_high`` (share of candidates), ``gap, gap_low, gap_high`` (asked less
        have).
    fields, roles : DataFrame
        The same by the field of most skills, and by profession (of the title): ``key, label, vacancies, candidates``
        and the shares.
    months : DataFrame
        ``month`` (first day), ``field``, ``vacancies`` that start, ``candidates`` who become available.
    n_vacancies, n_candidates : int
        Rows that could be read and tell anything.
    """

    skills: pd.DataFrame
    fields: pd.DataFrame
    roles: pd.DataFrame
    months: pd.DataFrame
    n_vacancies: int
    n_candidates: int

    def __repr__(self) -> str:
        return f"<Market: {self.n_vacancies} vacancies, {self.n_candidates} candidates, {len(self.skills)} skills>"

    def scarce(self, top: int = 20) -> pd.DataFrame:
        """What can be taught and is for sure asked more often than had: the lower end of the gap, largest first."""
        short: pd.DataFrame = self.skills[self.skills["taught"] & (self.skills["gap_low"] > 0)]
        return short.sort_values(["gap_low", "skill"], ascending=[False, True]).head(top)

    def plentiful(self, top: int = 20) -> pd.DataFrame:
        """What can be taught and is for sure had more often than asked."""
        many: pd.DataFrame = self.skills[self.skills["taught"] & (self.skills["gap_high"] < 0)]
        return many.sort_values(["gap_high", "skill"]).head(top)

    def to_text(self, n: int = 10) -> str:
        """The market in Russian: the fields, what is scarce and what is plentiful."""
        out = [f"Вакансий: {self.n_vacancies}, кандидатов: {self.n_candidates}."]
        rows: Iterable[Any] = self.fields.head(n).itertuples()
        out += [f"  {r.label}: вакансий {r.vacancies}, кандидатов {r.candidates}" for r in rows]
        for head, table in (("Чего не хватает", self.scarce(n)), ("Чего в избытке", self.plentiful(n))):
            if len(table):
                out.append(f"{head}:")
                told: Iterable[Any] = table.itertuples()
                out += [f"  {r.label}: спрашивают {r.asked:.0%} вакансий, есть у {r.have:.0%} кандидатов" for r in told]
        return "\n".join(out)

    def plot_skills(self, ax: Any = None, *, top: int = 20) -> Any:
        """Shares of vacancies that ask and of candidates who have, of the most asked skills (needs ``matcher[viz]``)."""
        from matcher.charts import plot_shares

        return plot_shares(self.skills.head(top), ax, "Спрос и предложение по навыкам")

    def plot_fields(self, ax: Any = None, *, top: int = 20) -> Any:
        """The same by field of work."""
        from matcher.charts import plot_shares

        return plot_shares(self.fields.head(top), ax, "Спрос и предложение по областям")

    def plot_months(self, ax: Any = None) -> Any:
        """Vacancies that start and candidates who become available, by month."""
        from matcher.charts import plot_months

        return plot_months(self.months, ax)

    def _repr_html_(self) -> str:
        names = {
            "label": "Навык", "field": "Область", "vacancies": "Вакансий", "candidates": "Кандидатов",
            "expected": "По программе", "asked": "Спрос", "have": "Предложение", "gap": "Разрыв",
        }  # fmt: skip
        table = self.skills.head(20)[list(names)].rename(columns=names).round(3)
        return f"<p>Вакансий: {self.n_vacancies}, кандидатов: {self.n_candidates}</p>{table.to_html(index=False, na_rep='')}"


def market(engine: Matcher, candidates: Any, vacancies: Any = None) -> Market:
    """Count what vacancies ask and what candidates have.

    Parameters
    ----------
    engine : Matcher
        Reads the tables; fitted or not.
    candidates : table
    vacancies : table, optional
        The fitted ones when None.

    Examples
    --------
    >>> from matcher import Matcher
    >>> shops = [{"id": n, "title": "Токарь", "must_skills": "токарные работы; чтение чертежей"} for n in range(6)]
    >>> people = [{"id": n, "title": "токарь", "skills": "токарные работы"} for n in range(8)]
    >>> found = market(Matcher(), people, shops)
    >>> found.skills[["label", "vacancies", "candidates", "gap"]].values.tolist()
    [['Токарные работы', 6, 8, 0.0], ['Чтение чертежей', 6, 0, 1.0]]
    """
    people, jobs = engine.read_tables(candidates, vacancies)
    profiles = [p for p in engine.read_profiles(people.readable()) if not p.is_empty]
    requests = [r for r in engine.read_requests(jobs.readable()) if not r.is_empty]
    taxonomy = engine.taxonomy
    job_fields = [asked_field(r, taxonomy) for r in requests]
    people_fields = [_had_field(p, taxonomy) for p in profiles]
    fields = _two_sides(job_fields, people_fields)
    fields["label"] = [field_name(f) for f in fields["key"]]
    job_roles = [_families(asked_roles(r), taxonomy) for r in requests]
    roles = _two_sides(job_roles, [_families(_had_roles(p), taxonomy) for p in profiles])
    roles["label"] = [name_of(f"role:{r}", r, taxonomy) for r in roles["key"]]
    skills = _skills(requests, profiles, taxonomy)
    starts = [(r.record.start, f) for r, fs in zip(requests, job_fields, strict=True) for f in fs]
    free = [(p.record.available_from, f) for p, fs in zip(profiles, people_fields, strict=True) for f in fs]
    return Market(skills, fields, roles, _months(starts, free), len(requests), len(profiles))


def _asked(r: Request) -> dict[str, bool]:
    """Keys that a vacancy asks for, and whether as more than nice to have; any member of a choice is asked for."""
    out: dict[str, bool] = {}
    for q in r.requirements:
        if q.criterion in {"skills", "languages"}:
            for key in [f"skill:{n}" for n in q.any_of] or [q.key]:
                out[key] = out.get(key, False) or q.tier != "nice"
    return out


def _had(p: Profile) -> tuple[set[str], set[str]]:
    """Keys that a candidate states, and those that only the programme brings."""
    told = [f for f in p.facts if f.key.startswith(_KEYS) and not f.negated]
    stated = {f.key for f in told if f.kind != "programme"} - p.negated
    return stated, {f.key for f in told} - stated - p.negated


def _skills(requests: Sequence[Request], profiles: Sequence[Profile], taxonomy: Taxonomy) -> pd.DataFrame:
    """One row for everything that is named, where what is narrower counts too: who asks Django asks Python."""
    asked, must, have, expected = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    named: set[str] = set()

    def broad(keys: Iterable[str]) -> set[str]:
        above = (taxonomy.ancestors.get(k.partition(":")[2], ()) for k in keys)
        return {*keys, *(f"skill:{a}" for names in above for a in names)}

    for r in requests:
        told = _asked(r)
        named |= told.keys()
        asked.update(broad(told.keys()))
        must.update(broad([key for key, is_must in told.items() if is_must]))
    for p in profiles:
        stated, taught = _had(p)
        named |= stated
        have.update(broad(stated) - p.negated)
        expected.update(broad(taught) - broad(stated) - p.negated)
    asked, have = (Counter({k: n for k, n in side.items() if k in named}) for side in (asked, have))
    table = _table(asked, have, len(requests), len(profiles), {"must": must, "expected": expected})
    names = [key.partition(":")[2] for key in table["key"]]
    table.insert(0, "skill", names)
    table["label"] = [name_of(key, name, taxonomy) for key, name in zip(table["key"], names, strict=True)]
    table["field"] = [
        field_name(taxonomy[n].field) if n in taxonomy else _beside(k) for n, k in zip(names, table["key"], strict=True)
    ]
    table["taught"] = [
        is_taught(n, taxonomy) or k.startswith("language:") for n, k in zip(names, table["key"], strict=True)
    ]
    head = ["skill", "label", "field", "taught"]
    whole: pd.DataFrame = table[[*head, *(c for c in table if c not in {*head, "key"})]]
    return whole


def _beside(key: str) -> str:
    return field_name("lang") if key.startswith("language:") else ""


def _two_sides(jobs: Sequence[list[str]], people: Sequence[list[str]]) -> pd.DataFrame:
    asked, had = Counter(k for keys in jobs for k in keys), Counter(k for keys in people for k in keys)
    table = _table(asked, had, len(jobs), len(people), {})
    table.insert(1, "label", "")
    return table


def _table(
    asked: Counter[str], had: Counter[str], n_jobs: int, n_people: int, more: Mapping[str, Counter[str]]
) -> pd.DataFrame:
    """Counts and shares of both sides, the most asked first."""
    import pandas as pd

    keys = sorted(asked.keys() | had.keys(), key=lambda k: (-asked[k], -had[k], k))
    table = pd.DataFrame({"key": keys, "vacancies": [asked[k] for k in keys], "candidates": [had[k] for k in keys]})
    for name, counts in more.items():
        table[name] = [counts[k] for k in keys]
    one = wilson(table["vacancies"], np.full(len(keys), n_jobs))
    other = wilson(table["candidates"], np.full(len(keys), n_people))
    for name, shares in (("asked", one), ("have", other), ("gap", difference(one, other))):
        table[name], table[f"{name}_low"], table[f"{name}_high"] = shares
    return table


def _had_field(p: Profile, taxonomy: Taxonomy) -> list[str]:
    return fields_of(skills_of(p), taxonomy)


def _had_roles(p: Profile) -> list[str]:
    return [f.key.partition(":")[2] for f in p.facts if f.key.startswith("role:") and f.kind == "title"]


def _families(roles: Iterable[str], taxonomy: Taxonomy) -> list[str]:
    return sorted({family_of(r, taxonomy) for r in roles})


def _months(starts: Sequence[tuple[dt.date | None, str]], free: Sequence[tuple[dt.date | None, str]]) -> pd.DataFrame:
    import pandas as pd

    sides = [Counter((day.replace(day=1), field) for day, field in told if day) for told in (starts, free)]
    keys = sorted(sides[0].keys() | sides[1].keys())
    return pd.DataFrame(
        {
            "month": pd.to_datetime([k[0] for k in keys]), "field": [field_name(k[1]) for k in keys],
            "vacancies": [sides[0][k] for k in keys], "candidates": [sides[1][k] for k in keys],
        }
    )  # fmt: skip

"""An allocation: who got which seat, who waits and why, measures, and the account in Russian."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from matcher.errors import InputError
from matcher.grouping import institution_name
from matcher.ranking.assignment import Ints
from matcher.seating import Problem, Solution, blocking_pairs, solve
from matcher.seats import Block
from matcher.wording import number

if TYPE_CHECKING:
    import pandas as pd

REFUSED_RU: Mapping[str, str] = {
    "status": "статус не подходит", "graduation_window": "после выпуска прошло слишком много времени",
    "education": "не подходит образование", "no_agreement": "нет соглашения с вузом",
    "minor_hazardous": "вредные условия запрещены до 18 лет", "dates": "не подходят сроки",
    "licence": "нет обязательного допуска", "place": "не подходит место",
}  # fmt: skip
_WITHDRAWN = "Кандидат снят с распределения."
_NO_LIST = "Кандидата нет ни в одном списке рейтинга: о нём слишком мало известно, или списки коротки."
_SHUT = "Вакансия не открыта: не набралось нужного числа участников ({})."


@dataclass(frozen=True)
class Allocation:
    """Seats given out.

    ``problem`` and ``solution`` hold everything as numbers; the frames below are made when asked for.
    """

    problem: Problem
    solution: Solution
    why: Mapping[str, str]
    withdrawn: frozenset[str]

    def __repr__(self) -> str:
        m = self.measures
        return f"<Allocation {self.problem.rules.method}: {m['filled']} of {m['seats']} seats, {m['unassigned']} wait>"

    @property
    def pairs(self) -> Ints:
        """Pairs of the lists that were given seats, as their numbers."""
        return self.solution.pair[self.solution.chosen]

    @cached_property
    def assigned(self) -> pd.DataFrame:
        """``vacancy_id, candidate_id, company, score, choice, kept_for, fixed``, in code-point order of ids.

        ``choice`` is the place of the vacancy among the candidate's wishes, from 1; ``kept_for`` says whose seat it is.
        """
        return _assigned(self)

    @cached_property
    def queue(self) -> tuple[Ints, Ints]:
        """Pairs of the waiting lists as their numbers, and their places."""
        return _queue(self)

    @cached_property
    def waiting(self) -> pd.DataFrame:
        """``vacancy_id, place, candidate_id, score``: who would rather be there, in the order in which they would come."""
        return _waiting(self)

    @cached_property
    def reasons(self) -> pd.DataFrame:
        """``candidate_id, reason, sentence`` of everybody without a seat."""
        return _reasons(self)

    @cached_property
    def empty(self) -> pd.DataFrame:
        """``vacancy_id, company, seats, reason, sentence`` of seats that stayed empty."""
        return _empty(self)

    @cached_property
    def blocking(self) -> pd.DataFrame:
        """``vacancy_id, candidate_id, score`` of pairs that would rather have each other; none where it is stable."""
        import pandas as pd

        found = blocking_pairs(self.problem, self.solution)
        rows = np.unique(self.solution.pair[found]) if len(found) else np.zeros(0, dtype=np.int64)
        lists, offer = self.problem.lists, self.problem.offer
        return pd.DataFrame(
            {
                "vacancy_id": pd.Series([offer.ids[lists.vacancy[p]] for p in rows], dtype=object),
                "candidate_id": pd.Series([lists.ids[lists.candidate[p]] for p in rows], dtype=object),
                "score": lists.score[rows],
            }
        )

    @property
    def is_stable(self) -> bool:
        """Whether no pair would rather have each other than what they got (never asked of shortlists)."""
        return self.problem.rules.method != "spread" and self.blocking.empty

    @cached_property
    def measures(self) -> dict[str, Any]:
        """Seats, how many are filled, total and mean score, who got which choice, by institution and status."""
        return _measures(self)

    def compare(self) -> pd.DataFrame:
        """Measures of every way to give out the same seats, one row each."""
        import pandas as pd

        ways = [("stable", "candidate"), ("stable", "vacancy"), ("best", "candidate")]
        rows = []
        for method, proposing in ways:
            problem = replace(self.problem, rules=replace(self.problem.rules, method=method, proposing=proposing))
            other = Allocation(problem, solve(problem), self.why, self.withdrawn)
            m = other.measures
            told = {
                k: m[k] for k in ("filled", "unassigned", "total_score", "mean_score", "first_choice", "mean_choice")
            }
            rows.append({"method": method, "proposing": proposing if method == "stable" else "", **told,
                         "blocking": len(other.blocking)})  # fmt: skip
        return pd.DataFrame(rows)

    def one_more_seat(self, vacancies: Iterable[Any] | None = None) -> pd.DataFrame:
        """What one more seat would change: ``vacancy_id, filled, total_score``, as differences, best first.

        Parameters
        ----------
        vacancies : iterable of ids, optional
            Those with a waiting list when None.
        """
        return _one_more_seat(self, vacancies)

    def to_text(self) -> str:
        """The account in Russian."""
        return _text(self)

    def _repr_html_(self) -> str:
        text = "<br>".join(html.escape(line) for line in self.to_text().splitlines())
        names = {
            "vacancy_id": "Вакансия",
            "candidate_id": "Кандидат",
            "company": "Компания",
            "score": "Оценка",
            "choice": "Выбор",
        }
        table = self.assigned[list(names)].rename(columns=names).round(3)
        return f"<p>{text}</p>{table.to_html(index=False, na_rep='', max_rows=20)}"

    def plot_fill(self, ax: Any = None) -> Any:
        """Seats and how many are filled, by company, the largest first (needs ``matcher[viz]``)."""
        from matcher.seat_charts import plot_fill

        offer = self.problem.offer
        n = len(offer.companies)
        filled = np.bincount(offer.company[self.problem.lists.vacancy[self.pairs]], minlength=n)
        filled = filled + np.bincount([int(offer.company[s.vacancy]) for s in self.problem.fixed], minlength=n)
        first = [int(np.flatnonzero(offer.company == k)[0]) for k in range(n)]
        names = [c or str(offer.ids[v]) for c, v in zip(offer.companies, first, strict=True)]
        return plot_fill(names, offer.by_company, filled.astype(np.int64), ax)

    def plot_choices(self, ax: Any = None) -> Any:
        """How many got their first, second, third choice (needs ``matcher[viz]``)."""
        from matcher.seat_charts import plot_choices

        return plot_choices(self.measures["choices"], ax)

    def plot_flow(self, ax: Any = None) -> Any:
        """Ribbons from institutions to companies, as wide as there are people (needs ``matcher[viz]``)."""
        from matcher.seat_charts import plot_flow

        people, pairs = self.problem.people, []
        for c, k, v in self.assigned[["candidate_id", "company", "vacancy_id"]].itertuples(index=False, name=None):
            person = people.get(str(c))
            whence = institution_name(person.institution[0]) if person and person.institution else "не указано"
            pairs.append((whence, k or str(v)))
        return plot_flow(pairs, ax)


def _choice(a: Allocation, pairs: Ints) -> Ints:
    """Place of each pair among the candidate's wishes, from 1."""
    candidate = a.problem.lists.candidate
    return pairs - np.searchsorted(candidate, candidate[pairs]) + 1


def _object(values: Iterable[Any]) -> pd.Series[Any]:
    import pandas as pd

    return pd.Series(list(values), dtype=object)


def _assigned(a: Allocation) -> pd.DataFrame:
    """See ``Allocation.assigned``."""
    import pandas as pd

    lists, offer = a.problem.lists, a.problem.offer
    pairs = a.pairs
    blocks = [a.solution.blocks[b] for b in a.solution.market.block[a.solution.chosen]]
    frame = pd.DataFrame(
        {
            "vacancy_id": _object(offer.ids[v] for v in lists.vacancy[pairs]),
            "candidate_id": _object(lists.ids[c] for c in lists.candidate[pairs]),
            "company": _object(offer.companies[offer.company[v]] for v in lists.vacancy[pairs]),
            "score": lists.score[pairs],
            "choice": pd.Series(_choice(a, pairs), dtype="Int64"),
            "kept_for": _object(b.reserve.whom if b.reserve else "" for b in blocks),
            "fixed": np.zeros(len(pairs), dtype=np.bool_),
        }
    )
    fixed = a.problem.fixed
    stood = pd.DataFrame(
        {
            "vacancy_id": _object(offer.ids[s.vacancy] for s in fixed),
            "candidate_id": _object(s.candidate_id for s in fixed),
            "company": _object(offer.companies[offer.company[s.vacancy]] for s in fixed),
            "score": np.array([s.score for s in fixed], dtype=np.float64),
            "choice": pd.Series([s.choice for s in fixed], dtype="Int64"),
            "kept_for": _object("" for _ in fixed),
            "fixed": np.ones(len(fixed), dtype=np.bool_),
        }
    )
    whole = pd.concat([frame, stood], ignore_index=True) if len(stood) else frame
    by = sorted(range(len(whole)), key=lambda i: (str(whole["vacancy_id"][i]), str(whole["candidate_id"][i])))
    return whole.iloc[by].reset_index(drop=True)


def _queue(a: Allocation) -> tuple[Ints, Ints]:
    """Pairs whose candidate would rather be there than where he is, by vacancy and place; closed ones have no list."""
    lists, tie = a.problem.lists, a.problem.tie
    mine = np.full(len(lists.ids), np.iinfo(np.int64).max, dtype=np.int64)
    np.minimum.at(mine, lists.candidate[a.pairs], a.pairs)
    is_open = ~np.isin(lists.vacancy, list(a.solution.closed))
    pairs = np.flatnonzero((np.arange(len(lists.candidate)) < mine[lists.candidate]) & is_open)
    pairs = pairs[np.lexsort((tie[lists.candidate[pairs]], -lists.score[pairs], lists.vacancy[pairs]))]
    vacancy = lists.vacancy[pairs]
    return pairs, np.arange(len(pairs)) - np.searchsorted(vacancy, vacancy) + 1


def _waiting(a: Allocation) -> pd.DataFrame:
    """See ``Allocation.waiting``."""
    import pandas as pd

    lists, offer = a.problem.lists, a.problem.offer
    pairs, place = a.queue
    return pd.DataFrame(
        {
            "vacancy_id": _object(offer.ids[v] for v in lists.vacancy[pairs]),
            "place": place,
            "candidate_id": _object(lists.ids[c] for c in lists.candidate[pairs]),
            "score": lists.score[pairs],
        }
    )


# ---------------------------------------------------------------- why


@dataclass(frozen=True, slots=True)
class _Facts:
    """What the reasons of all candidates rest on, worked out once."""

    nearest: Mapping[int, tuple[int, Any]]
    kept: Mapping[int, list[str]]
    full: frozenset[int]

    @classmethod
    def of(cls, a: Allocation) -> _Facts:
        lists, most = a.problem.lists, a.problem.rules.per_institution
        pairs, place = a.queue
        candidate = lists.candidate[pairs]
        first = np.lexsort((place, candidate))
        first = first[np.unique(candidate[first], return_index=True)[1]]
        near = {int(candidate[i]): (int(place[i]), a.problem.offer.ids[lists.vacancy[pairs[i]]]) for i in first}
        kept: dict[int, list[str]] = {}
        for block, _ in _left(a):
            if block.reserve is not None:
                kept.setdefault(block.vacancy, []).append(block.reserve.whom)
        own = a.problem.group[lists.candidate[a.pairs]]
        counts = Counter(own[own >= 0].tolist())
        full = frozenset(g for g, n in counts.items() if most is not None and n >= most)
        return cls(near, kept, full)


def _reasons(a: Allocation) -> pd.DataFrame:
    """See ``Allocation.reasons``."""
    import pandas as pd

    lists = a.problem.lists
    facts = _Facts.of(a)
    seated = set(lists.candidate[a.pairs].tolist())
    rows = [(i, *_why_waits(a, c, facts)) for c, i in enumerate(lists.ids) if c not in seated]
    told = {str(i) for i in lists.ids} | {str(s.candidate_id) for s in a.problem.fixed}
    rows += [(p.id, *_why_listless(a, name)) for name, p in a.problem.people.items() if name not in told]
    rows.sort(key=lambda row: str(row[0]))
    return pd.DataFrame(
        {n: _object(row[k] for row in rows) for k, n in enumerate(("candidate_id", "reason", "sentence"))}
    )


def _why_waits(a: Allocation, c: int, facts: _Facts) -> tuple[str, str]:
    problem, found = a.problem, a.solution
    first, last = np.searchsorted(problem.lists.candidate, [c, c + 1])
    vacancies = problem.lists.vacancy[first:last].tolist()
    if not vacancies:
        return "no_list", _NO_LIST
    if not problem.offer.seats[vacancies].any():
        return "no_seats", "В вакансиях из списка кандидата нет мест."
    if found.closed.issuperset(vacancies):
        return "closed", "Вакансии из списка кандидата не открыты: не набралось нужного числа участников."
    most = problem.rules.per_institution
    contracts = slice(found.market.starts[c], found.market.starts[c + 1])
    if most is not None and (found.barred[contracts].any() or int(problem.group[c]) in facts.full):
        return (
            "institution_cap",
            f"Учебное заведение кандидата уже заняло столько мест, сколько может (не больше {most}).",
        )
    kept = sorted({whom for v in vacancies for whom in facts.kept.get(v, ())}) if facts.kept else []
    if kept:
        return "reserved", f"Открытые места заняты, а свободные закреплены за другими: {', '.join(kept)}."
    place, vacancy = facts.nearest[c]
    near = f"ближе всего — место {place} в списке ожидания вакансии {vacancy}"
    if problem.rules.method == "stable":
        said = f"Все места в вакансиях из списка кандидата ({len(vacancies)}) заняли кандидаты, которые стоят выше"
        return "seats_taken", f"{said}; {near}."
    return "seats_taken", f"Места отданы другим, чтобы сумма баллов была наибольшей; {near}."


def _why_listless(a: Allocation, name: str) -> tuple[str, str]:
    if name in a.withdrawn:
        return "withdrawn", _WITHDRAWN
    code = a.why.get(name)
    if code:
        return "refused", f"Ни одна вакансия не подошла, чаще всего потому, что {REFUSED_RU.get(code, code)}."
    return "no_list", _NO_LIST


def _left(a: Allocation) -> list[tuple[Block, int]]:
    """Blocks with seats left, and how many."""
    taken = np.bincount(a.solution.market.block[a.solution.chosen], minlength=len(a.solution.blocks))
    return [(b, b.seats - int(n)) for b, n in zip(a.solution.blocks, taken, strict=True) if b.seats > n]


def _empty(a: Allocation) -> pd.DataFrame:
    """See ``Allocation.empty``."""
    import pandas as pd

    offer = a.problem.offer
    companies = [offer.companies[k] for k in offer.company]
    rows: list[tuple[Any, ...]] = [
        (offer.ids[v], companies[v], int(offer.seats[v]), "below_minimum", _SHUT.format(int(offer.least[v])))
        for v in sorted(a.solution.closed)
    ]
    rows += [
        (offer.ids[b.vacancy], companies[b.vacancy], many, *_why_empty(a, b))
        for b, many in _left(a)
        if b.vacancy not in a.solution.closed
    ]
    rows.sort(key=lambda row: (str(row[0]), row[3]))
    names = ("vacancy_id", "company", "seats", "reason", "sentence")
    return pd.DataFrame({n: _object(row[k] for row in rows) for k, n in enumerate(names)}).astype({"seats": "int64"})


def _why_empty(a: Allocation, block: Block) -> tuple[str, str]:
    offer, lists = a.problem.offer, a.problem.lists
    k = int(offer.company[block.vacancy])
    filled = int((offer.company[lists.vacancy[a.pairs]] == k).sum())
    filled += sum(int(offer.company[s.vacancy]) == k for s in a.problem.fixed)
    if filled >= offer.company_seats[k]:
        return "company_full", f"Компания исчерпала свои места ({int(offer.company_seats[k])})."
    if block.reserve is not None:
        until = f" до {block.reserve.until:%d.%m.%Y}" if block.reserve.until else ""
        return "reserved", f"Места закреплены за: {block.reserve.whom}{until}; желающих оттуда больше нет."
    many = int((lists.vacancy == block.vacancy).sum())
    if not many:
        return "no_candidates", "В рейтинге нет ни одного кандидата на эту вакансию."
    if (lists.vacancy[a.queue[0]] == block.vacancy).any():  # somebody waits, and only a cap keeps the seat from him
        return "institution_cap", "Оставшиеся в списке — из учебных заведений, которые заняли все свои места."
    return (
        "list_exhausted",
        f"Список вакансии {offer.ids[block.vacancy]} кончился: все в нём ({many}) уже здесь или там, куда хотели больше.",
    )


# ---------------------------------------------------------------- measures


def _measures(a: Allocation) -> dict[str, Any]:
    """See ``Allocation.measures``."""
    lists, offer, table = a.problem.lists, a.problem.offer, a.assigned
    people = [a.problem.people.get(str(c)) for c in table["candidate_id"]]
    score, choice = table["score"].dropna(), table["choice"].dropna().astype("int64")
    nothing = float("nan")
    return {
        "seats": int(offer.by_company.sum()),
        "filled": len(table),
        "unassigned": len(lists.ids) - len(np.unique(lists.candidate[a.pairs])),
        "total_score": float(score.sum()),
        "mean_score": float(score.mean()) if len(score) else nothing,
        "first_choice": float((choice == 1).mean()) if len(choice) else nothing,
        "mean_choice": float(choice.mean()) if len(choice) else nothing,
        "choices": dict(sorted(Counter(choice.tolist()).items())),
        "by_institution": dict(Counter(p.institution[0] if p and p.institution else "?" for p in people).most_common()),
        "by_status": dict(Counter((p.status if p and p.status else "?") for p in people).most_common()),
        "companies": int(table["company"].nunique()),
    }


def _one_more_seat(a: Allocation, vacancies: Iterable[Any] | None) -> pd.DataFrame:
    """See ``Allocation.one_more_seat``."""
    import pandas as pd

    offer = a.problem.offer
    if vacancies is None:
        vacancies = a.waiting["vacancy_id"].unique()
    elif isinstance(vacancies, str | int):
        vacancies = [vacancies]
    asked = {str(v) for v in vacancies}
    strange = asked - {str(i) for i in offer.ids}
    if strange:
        raise InputError(f"There is no vacancy {min(strange)!r} among those whose seats were given out.")
    rows = []
    for v, name in enumerate(offer.ids):
        if str(name) in asked:
            seats, company = offer.seats.copy(), offer.company_seats.copy()
            seats[v] += 1
            company[offer.company[v]] += 1
            more = replace(a.problem, offer=replace(offer, seats=seats, company_seats=company))
            m = Allocation(more, solve(more), a.why, a.withdrawn).measures
            gain = m["total_score"] - a.measures["total_score"]
            rows.append((name, m["filled"] - a.measures["filled"], gain))
    rows.sort(key=lambda row: (-row[1], -row[2], str(row[0])))
    frame = pd.DataFrame(
        {n: _object(r[k] for r in rows) for k, n in enumerate(("vacancy_id", "filled", "total_score"))}
    )
    return frame.astype({"filled": "int64", "total_score": "float64"})


def _text(a: Allocation) -> str:
    """See ``Allocation.to_text``."""
    m = a.measures
    lines = [
        f"Мест: {m['seats']}, занято: {m['filled']}. Кандидатов рейтинга без места: {m['unassigned']}.",
        f"Сумма баллов: {number(m['total_score'])}, средний балл: {number(m['mean_score']) if m['filled'] else '—'}.",
    ]
    if a.problem.rules.method != "spread" and m["choices"]:
        told = [f"{k}-й выбор — {n}" for k, n in list(m["choices"].items())[:5]]
        rest = sum(list(m["choices"].values())[5:])
        told += [f"более далёкий — {rest}"] if rest else []
        lines.append(f"Первый выбор получили {m['first_choice']:.0%}: {', '.join(told)}.")
        if a.is_stable:
            lines.append("Распределение устойчиво: нет пары, которая предпочла бы друг друга тому, что получила.")
        else:
            lines.append(f"Распределение неустойчиво: пар, которые предпочли бы друг друга, — {len(a.blocking)}.")
    if a.solution.closed:
        names = ", ".join(str(a.problem.offer.ids[v]) for v in sorted(a.solution.closed))
        lines.append(f"Не открыты, потому что не набралось участников: {names}.")
    for frame, head in ((a.reasons, "Почему без места"), (a.empty, "Почему места пусты")):
        if len(frame):
            lines.append(head + ":")
            for code, rows in frame.groupby("reason", sort=True):
                many = int(rows["seats"].sum()) if "seats" in rows else len(rows)
                lines.append(f"  {many} — {'' if len(rows) == 1 else 'например: '}{rows['sentence'].iloc[0]} [{code}]")
    return "\n".join(lines)

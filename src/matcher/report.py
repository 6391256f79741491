"""Words for people: explanations as text, dict, frame and HTML, and the summary of a run.

Reasons are Russian, as portal users read them; the data they are made of come from ``ranking``.
"""

from __future__ import annotations

import html
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from matcher.errors import MatcherError
from matcher.ranking.lines import DENIED, MET, MISSING, PARTIAL, UNKNOWN, Line, Terms
from matcher.wording import CRITERIA_RU, GATE_NAMES, NAMED, number, sentence, short, wanted, wish

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

VERSION = 2
"""Version of the JSON that explanations are written as."""

_MOST_SHOWN = 8
_MOST_RAISED = 3
_RAISED = frozenset({"skills", "languages", "licences", "experience"})
"""Criteria that a candidate can do something about."""


def shares(values: Sequence[float], total: float, digits: int = 3) -> list[float]:
    """Round values so that what is printed adds up to the printed total (largest remainder).

    >>> shares([0.3333, 0.3333, 0.3334], 1.0, 2)
    [0.33, 0.33, 0.34]
    """
    unit = 10**digits
    exact = [v * unit for v in values]
    whole = [int(x // 1) for x in exact]
    missing = round(total * unit) - sum(whole)
    order = sorted(range(len(values)), key=lambda i: (-(exact[i] - whole[i]), i))
    for i in order[:missing]:
        whole[i] += 1
    return [w / unit for w in whole]


@dataclass(frozen=True)
class Place:
    """Where a candidate stands in the whole list of a vacancy.

    Attributes
    ----------
    rank : int
        From 1.
    of : int
        Candidates in the list: all whom no gate refuses.
    percentile : float
        Share of them who score less, in [0, 1).
    """

    rank: int
    of: int
    percentile: float


class Explanation:
    """Why a pair has its score: the kept terms of the sum, in words and as data.

    ``sum(line.contribution for line in lines) + thinness + sum(rest) == score`` holds exactly.

    Parameters
    ----------
    terms : Terms
    refusals : sequence of str
        A sentence for every gate that refuses the pair.
    place : Place, optional
        Where the candidate stands in the vacancy's list.
    probability : float, optional
        That the pair fits, where the settings hold a calibration.
    second : mapping of str to float, optional
        Contributions to the score of the second stage, where there is one; they add up to it exactly.
    """

    def __init__(
        self,
        terms: Terms,
        refusals: Sequence[str] = (),
        place: Place | None = None,
        probability: float | None = None,
        second: Mapping[str, float] | None = None,
    ) -> None:
        self._terms = terms
        self.refusals = tuple(refusals)
        self.place, self.probability, self.second = place, probability, second

    @property
    def terms(self) -> Terms:
        """The data: lines, score, known share, thinness, gates."""
        return self._terms

    @property
    def score(self) -> float:
        """Score of the pair in [0, 1], the second stage's where there is one."""
        return self._terms.score if self.second is None else sum(self.second.values())

    @property
    def lines(self) -> tuple[Line, ...]:
        """One line per requirement or criterion."""
        return self._terms.lines

    @property
    def raises(self) -> tuple[tuple[Line, float], ...]:
        """What would raise the score most: lines that a candidate can do something about, and by how much each.

        The gain is that of meeting the line in full, all else kept, in the score's units; largest first. Where a cap
        holds the score down, what lifts it comes alone. With the candidates' wishes in the score it is a first-order one.
        """
        raw = sum(x.contribution for x in self.lines)
        plain = sum(x.weight * x.degree for x in self.lines)
        factor = (1 + self._terms.thinness / raw) * raw / plain if raw else 1.0
        cap = self._terms.rest.get("cap", 0.0)
        lines = [x for x in self.lines if x.criterion in _RAISED]
        if cap:
            lines = [x for x in lines if x.wanted and x.wanted.column == "dealbreakers" and x.degree < 0.5]
        gains = [(x, x.weight * (1 - x.degree) * factor - cap) for x in lines]
        return tuple(sorted(((x, g) for x, g in gains if g > 0), key=lambda pair: (-pair[1], pair[0].label)))

    def __repr__(self) -> str:
        t = self._terms
        return f"<Explanation {t.candidate_id!r} for {t.vacancy_id!r}: {t.score:.4f}, known {t.known:.0%}, {len(t.lines)} lines>"

    def to_dict(self) -> dict[str, Any]:
        """Plain data that JSON can hold; ``version`` says which layout it is."""
        raises = [{"criterion": x.criterion, "label": x.label, "gain": gain} for x, gain in self.raises[:_MOST_RAISED]]
        return {
            "version": VERSION, **_plain(asdict(self._terms)), "raises": raises, "refusals": list(self.refusals),
            "place": asdict(self.place) if self.place else None, "probability": self.probability,
            "second": dict(self.second) if self.second else None,
        }  # fmt: skip

    def to_json(self) -> str:
        """``to_dict`` as one line of JSON."""
        return json.dumps(self.to_dict(), ensure_ascii=False, default=str)

    def to_frame(self) -> pd.DataFrame:
        """One row per line and a last one for thinness; ``contribution`` sums to the score exactly."""
        import pandas as pd

        rows = [
            {
                "criterion": x.criterion, "label": x.label, "tier": x.tier, "need": x.need, "state": x.state, "weight": x.weight,
                "degree": x.degree, "contribution": x.contribution, "fact": x.fact,
                "evidence": x.found.text if x.found else "", "column": x.found.column if x.found else "",
                "start": x.found.start if x.found else None, "end": x.found.end if x.found else None,
            }
            for x in self.lines
        ]  # fmt: skip
        rows += [{"criterion": name, "label": name, "contribution": value} for name, value in self._rest()]
        return pd.DataFrame(rows)

    def _rest(self) -> list[tuple[str, float]]:
        """Contributions that belong to no line: thinness, and cap and wishes where there are any."""
        t = self._terms
        return [("thinness", t.thinness), *t.rest.items()]

    def _head(self) -> list[str]:
        """Score, place, probability, and why the pair is not shown."""
        t = self._terms
        told = [f"{number(t.score)} из 1", f"известно {t.known:.0%} веса"]
        if self.place:
            p = self.place
            told.append(f"место {p.rank} из {p.of}, выше, чем у {p.percentile:.0%} кандидатов")
        if self.probability is not None:
            told.append(f"вероятность, что пара подходит, {self.probability:.0%}")
        head = f"Кандидат {t.candidate_id} и вакансия {t.vacancy_id}: оценка {', '.join(told)}."
        if self.second is not None:
            printed = shares(list(self.second.values()), self.score)
            told = [f"{CRITERIA_RU[n].lower()} {number(v)}" for n, v in zip(self.second, printed, strict=True) if v]
            head = f"Оценка второй ступени {number(self.score)} из 1: {'; '.join(told)}.\nПервая ступень. {head}"
        return [head, *(f"Не показан: {sentence}" for sentence in self.refusals)]

    def to_text(self) -> str:
        """The explanation in Russian; the printed contributions add up to the printed score."""
        t = self._terms
        rest = self._rest()
        printed = shares([*(x.contribution for x in t.lines), *(v for _, v in rest)], t.score)
        out = self._head()
        for name, group in _by_criterion(t.lines).items():
            total = sum(printed[i] for i in group)
            weight = sum(t.lines[i].weight for i in group)
            out.append(f"{CRITERIA_RU[name]}: {number(total)} (вес {number(weight, 2)})")
            lines = sorted(group, key=lambda i: (-t.lines[i].weight, i))
            out += [f"  {number(printed[i])}  {sentence(t.lines[i])}" for i in lines]
        out += [f"{CRITERIA_RU[n]}: {number(v)}" for (n, _), v in zip(rest, printed[len(t.lines) :], strict=True) if v]
        return "\n".join([*out, *self._wishes(), *self._gaps()])

    def _wishes(self) -> list[str]:
        """How the vacancy meets what the candidate wishes for: the other direction."""
        t = self._terms
        if t.wish_score is None:
            return []
        lines = [f"  {CRITERIA_RU[x.criterion]}: {wish(x)}" for x in sorted(t.wishes, key=lambda x: -x.weight)]
        return [f"Чего хочет кандидат и что даёт вакансия (оценка {number(t.wish_score)} из 1):", *lines]

    def to_brief_text(self) -> str:
        """The same in a few lines: contributions by criterion, what is there, what is missing, what is unknown."""
        t = self._terms
        groups = _by_criterion(t.lines)
        sums = [sum(t.lines[i].contribution for i in group) for group in groups.values()]
        printed = shares([*sums, *(v for _, v in self._rest())], t.score)
        names = [*groups, *(n for n, _ in self._rest())]
        parts = [f"{CRITERIA_RU[n].lower()} {number(v)}" for n, v in zip(names, printed, strict=True) if v]
        out = self._head()
        out.append("Вклады: " + "; ".join(parts) + ".")
        asked = [x for x in t.lines if x.criterion in NAMED]
        for states, word in (((MET,), "Есть"), ((PARTIAL,), "Частично")):
            found = sorted((x for x in asked if x.state in states), key=lambda x: -x.contribution)
            if found:
                out.append(f"{word}: " + "; ".join(short(x) for x in found[:_MOST_SHOWN]) + ".")
        return "\n".join([*out, *self._gaps()])

    def _gaps(self) -> list[str]:
        """What is missing, unknown and not verified."""
        t = self._terms
        out = []
        missing = [x.label for x in t.lines if x.state in {MISSING, DENIED} and x.criterion in NAMED - {"role"}]
        if missing:
            out.append("Чего не хватает: " + "; ".join(missing) + ".")
        unknown = [CRITERIA_RU[x.criterion] for x in t.lines if x.state == UNKNOWN]
        if unknown:
            out.append("Неизвестно: " + "; ".join(dict.fromkeys(unknown)) + ".")
        if self.raises:
            told = (f"{wanted(x)} (+{number(gain)})" for x, gain in self.raises[:_MOST_RAISED])
            out.append("Что добавить, чтобы оценка выросла больше всего: " + "; ".join(told) + ".")
        if t.unverified:
            out.append("Не проверено (нет данных): " + "; ".join(GATE_NAMES[g] for g in t.unverified) + ".")
        return out

    def _repr_html_(self) -> str:
        t = self._terms
        rest = self._rest()
        printed = shares([*(x.contribution for x in t.lines), *(v for _, v in rest)], t.score)
        cells = []
        for i, x in enumerate(t.lines):
            bar = f'<div style="background:#4477aa;height:.7em;width:{max(0.0, x.contribution) * 300:.1f}px"></div>'
            cells.append(
                f"<tr><td>{html.escape(CRITERIA_RU[x.criterion])}</td><td style='text-align:left'>{html.escape(sentence(x))}</td>"
                f"<td>{number(printed[i])}</td><td style='text-align:left'>{bar}</td></tr>"
            )
        for (name, _), value in zip(rest, printed[len(t.lines) :], strict=True):
            cells.append(f"<tr><td>{CRITERIA_RU[name]}</td><td></td><td>{number(value)}</td><td></td></tr>")
        head, *refused = (html.escape(line) for line in self._head())
        told = "".join(f"<p>{line}</p>" for line in (*refused, *(html.escape(w) for w in self._wishes())))
        columns = "<tr><th>Критерий</th><th>Почему</th><th>Вклад</th><th></th></tr>"
        return f"<p><b>{head}</b></p><table>{columns}{''.join(cells)}</table>{told}"

    def plot(self, ax: Axes | None = None) -> Axes:
        """A waterfall of contributions by criterion (needs ``matcher[viz]``).

        Raises
        ------
        MatcherError
            Where matplotlib is not installed.
        """
        try:
            import matplotlib.pyplot as plt
        except ImportError:
            raise MatcherError("Explanation.plot needs matplotlib: pip install matcher[viz].") from None
        ax = ax or plt.subplots(figsize=(7, 4))[1]
        values = {
            CRITERIA_RU[k]: sum(self.lines[i].contribution for i in v) for k, v in _by_criterion(self.lines).items()
        }
        values.update({CRITERIA_RU[name]: value for name, value in self._rest()})
        start = 0.0
        for label, value in values.items():
            ax.barh(label, value, left=start, color="#4477aa" if value >= 0 else "#cc6677")
            start += value
        ax.invert_yaxis()
        ax.set_xlabel("Оценка")
        ax.set_title(f"{self._terms.candidate_id} и {self._terms.vacancy_id}: {number(self.score)}")
        return ax


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    return value


def _by_criterion(lines: Sequence[Line]) -> dict[str, list[int]]:
    out: dict[str, list[int]] = {}
    for i, x in enumerate(lines):
        out.setdefault(x.criterion, []).append(i)
    return out

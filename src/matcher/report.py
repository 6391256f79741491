"""Words for people: explanations as text, dict, frame and HTML, and the summary of a run.

Reasons are Russian, as portal users read them; the data they are made of come from ``ranking``.
"""

from __future__ import annotations

import html
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

from matcher.errors import InputError
from matcher.ranking.lines import DENIED, MET, MISSING, PARTIAL, UNKNOWN, Line, Terms
from matcher.records import Evidence
from matcher.wording import CRITERIA_RU, GATE_NAMES, NAMED, number, sentence, shares, short, wanted, wish

if TYPE_CHECKING:
    import pandas as pd

VERSION = 2
"""Version of the JSON that explanations are written as."""

_MOST_SHOWN = 8
_MOST_RAISED = 3
_WORTH_TELLING = 0.005
"""Less than so much moves nobody in a list."""
_RAISED = frozenset({"skills", "languages", "licences", "experience"})
"""Criteria that a candidate can do something about."""


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

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Explanation:
        """The explanation that ``to_dict`` told, as a ranking with explanations holds it.

        Raises
        ------
        InputError
            When it is of another version, or no explanation.
        """
        try:
            if told["version"] != VERSION:
                raise InputError(f"The explanation has version {told['version']!r}; this is for {VERSION}: rank again.")
            terms = {f.name: told[f.name] for f in fields(Terms)}
            terms |= {name: tuple(_line(x) for x in terms[name]) for name in ("lines", "wishes")}
            terms |= {name: tuple(terms[name]) for name in ("refused", "unverified")}
            place = Place(**told["place"]) if told["place"] else None
            return cls(Terms(**terms), told["refusals"], place, told["probability"], told["second"])
        except (KeyError, TypeError, AttributeError) as e:
            raise InputError(f"This is no explanation of a pair: {e}.") from None

    @classmethod
    def from_json(cls, text: str) -> Explanation:
        """Like ``from_dict`` for the line of JSON that ``to_json`` wrote."""
        try:
            told = json.loads(text)
        except (ValueError, TypeError) as e:
            raise InputError(f"This is no explanation of a pair: {e}.") from None
        return cls.from_dict(told)

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

    @property
    def remarks(self) -> tuple[str, ...]:
        """What is told beside the lines, in Russian: refusals, the other direction, what would help, what is not verified."""
        head = tuple(f"Не показан: {told}" for told in self.refusals)
        return (*head, *self._wishes(), *self._hints())

    def printed(self, digits: int = 3) -> tuple[list[float], dict[str, float]]:
        """Contributions of the lines and of what belongs to none, rounded so that they add up to the rounded score."""
        rest = self._rest()
        values = shares([*(x.contribution for x in self.lines), *(v for _, v in rest)], self._terms.score, digits)
        names = [name for name, _ in rest]
        return values[: len(self.lines)], dict(zip(names, values[len(self.lines) :], strict=True))

    def to_text(self) -> str:
        """The explanation in Russian; the printed contributions add up to the printed score."""
        t = self._terms
        printed, rest = self.printed()
        out = self._head()
        for name, group in _by_criterion(t.lines).items():
            total = sum(printed[i] for i in group)
            weight = sum(t.lines[i].weight for i in group)
            out.append(f"{CRITERIA_RU[name]}: {number(total)} (вес {number(weight, 2)})")
            lines = sorted(group, key=lambda i: (-t.lines[i].weight, i))
            out += [f"  {number(printed[i])}  {sentence(t.lines[i])}" for i in lines]
        out += [f"{CRITERIA_RU[name]}: {number(value)}" for name, value in rest.items() if value]
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
        """What is missing, and the hints."""
        missing = [x.label for x in self.lines if x.state in {MISSING, DENIED} and x.criterion in NAMED - {"role"}]
        return ["Чего не хватает: " + "; ".join(missing) + "."] * bool(missing) + self._hints()

    def _hints(self) -> list[str]:
        """What is unknown, what would raise the score most, what was not verified."""
        t = self._terms
        out = []
        unknown = [CRITERIA_RU[x.criterion] for x in t.lines if x.state == UNKNOWN]
        if unknown:
            out.append("Неизвестно: " + "; ".join(dict.fromkeys(unknown)) + ".")
        worth = [(x, gain) for x, gain in self.raises[:_MOST_RAISED] if gain >= _WORTH_TELLING]
        if worth:
            told = (f"{wanted(x)} (+{number(gain)})" for x, gain in worth)
            out.append("Что добавить, чтобы оценка выросла больше всего: " + "; ".join(told) + ".")
        if t.unverified:
            out.append("Не проверено (нет данных): " + "; ".join(GATE_NAMES[g] for g in t.unverified) + ".")
        return out

    def _repr_html_(self) -> str:
        printed, rest = self.printed()
        cells = []
        for x, value in zip(self.lines, printed, strict=True):
            bar = f'<div style="background:#4477aa;height:.7em;width:{max(0.0, x.contribution) * 300:.1f}px"></div>'
            cells.append(
                f"<tr><td>{html.escape(CRITERIA_RU[x.criterion])}</td><td style='text-align:left'>{html.escape(sentence(x))}</td>"
                f"<td>{number(value)}</td><td style='text-align:left'>{bar}</td></tr>"
            )
        cells += [f"<tr><td>{CRITERIA_RU[n]}</td><td></td><td>{number(v)}</td><td></td></tr>" for n, v in rest.items()]
        head, *_ = (html.escape(line) for line in self._head())
        told = "".join(f"<p>{html.escape(line)}</p>" for line in self.remarks)
        columns = "<tr><th>Критерий</th><th>Почему</th><th>Вклад</th><th></th></tr>"
        return f"<p><b>{head}</b></p><table>{columns}{''.join(cells)}</table>{told}"

    def plot(self, ax: Any = None) -> Any:
        """A waterfall of contributions by criterion (needs ``matcher[viz]``).

        Raises
        ------
        MatcherError
            Where matplotlib is not installed.
        """
        from matcher.charts import plot_waterfall

        printed, rest = self.printed()
        groups = _by_criterion(self.lines)
        values = {CRITERIA_RU[name]: sum(printed[i] for i in group) for name, group in groups.items()}
        values |= {CRITERIA_RU[name]: value for name, value in rest.items() if value}
        return plot_waterfall(values, ax, f"Кандидат {self._terms.candidate_id}, вакансия {self._terms.vacancy_id}")


def _line(told: Mapping[str, Any]) -> Line:
    evidence = {name: Evidence(**told[name]) if told[name] else None for name in ("wanted", "found")}
    return Line(**{**told, **evidence})


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

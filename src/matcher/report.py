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

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

VERSION = 2
"""Version of the JSON that explanations are written as."""

CRITERIA_RU: Mapping[str, str] = {
    "skills": "Навыки", "role": "Профессия", "languages": "Языки", "licences": "Допуски и разряды",
    "profile": "Сходство наборов навыков", "title": "Желаемая должность", "text": "Общие слова описаний",
    "experience": "Опыт", "education": "Образование", "place": "Место", "schedule": "График", "dates": "Сроки",
    "salary": "Оплата", "institution": "Связь с вузом", "interests": "Интерес к мероприятиям",
    "thinness": "Поправка на краткость запроса", "wishes": "Пожелания кандидата",
    "base": "Основа", "cap": "Потолок: нет решающего требования",
}  # fmt: skip
_TIERS = {"must": "обязательно", "nice": "будет плюсом", "title": "из названия", "mentioned": "упомянуто"}
_MARKS = {
    MET: "есть",
    PARTIAL: "частично",
    MISSING: "нет",
    UNKNOWN: "неизвестно",
    DENIED: "кандидат пишет, что этого нет",
}
_COLUMNS_RU = {
    "skills": "навыки", "title": "должность", "text": "текст", "certificates": "сертификаты", "languages": "языки",
    "licences": "допуски", "education_code": "программа обучения", "must_skills": "обязательные навыки",
    "nice_skills": "желательные навыки", "experience_months": "опыт", "experience_months_min": "опыт",
}  # fmt: skip
_UNITS = {"experience": " мес.", "salary": " ₽"}
_NAMED = frozenset({"skills", "role", "languages", "licences"})
_MOST_SHOWN = 8
_MOST_RAISED = 3
_RAISED = frozenset({"skills", "languages", "licences", "experience"})
"""Criteria that a candidate can do something about."""
_LEVELS = {"1": "начальный", "2": "рабочий", "3": "продвинутый", "4": "экспертный"}
_WORDS = {  # words of the enumerated columns
    "general": "среднее общее", "vocational": "среднее профессиональное", "bachelor": "бакалавриат",
    "specialist": "специалитет", "master": "магистратура", "postgraduate": "аспирантура", "higher": "высшее",
    "student": "учится", "full": "полный день", "part": "неполный день", "shift": "сменный график",
    "flexible": "гибкий график", "remote": "удалённо",
}  # fmt: skip
_WORDED = frozenset({"education", "place", "schedule"})


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


def _number(value: float, digits: int = 3) -> str:
    return f"{value:.{digits}f}".replace(".", ",").replace("-", "−")


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
        told = [f"{_number(t.score)} из 1", f"известно {t.known:.0%} веса"]
        if self.place:
            p = self.place
            told.append(f"место {p.rank} из {p.of}, выше, чем у {p.percentile:.0%} кандидатов")
        if self.probability is not None:
            told.append(f"вероятность, что пара подходит, {self.probability:.0%}")
        head = f"Кандидат {t.candidate_id} и вакансия {t.vacancy_id}: оценка {', '.join(told)}."
        if self.second is not None:
            printed = shares(list(self.second.values()), self.score)
            told = [f"{CRITERIA_RU[n].lower()} {_number(v)}" for n, v in zip(self.second, printed, strict=True) if v]
            head = f"Оценка второй ступени {_number(self.score)} из 1: {'; '.join(told)}.\nПервая ступень. {head}"
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
            out.append(f"{CRITERIA_RU[name]}: {_number(total)} (вес {_number(weight, 2)})")
            lines = sorted(group, key=lambda i: (-t.lines[i].weight, i))
            out += [f"  {_number(printed[i])}  {_sentence(t.lines[i])}" for i in lines]
        out += [f"{CRITERIA_RU[n]}: {_number(v)}" for (n, _), v in zip(rest, printed[len(t.lines) :], strict=True) if v]
        return "\n".join([*out, *self._wishes(), *self._gaps()])

    def _wishes(self) -> list[str]:
        """How the vacancy meets what the candidate wishes for: the other direction."""
        t = self._terms
        if t.wish_score is None:
            return []
        lines = [f"  {CRITERIA_RU[x.criterion]}: {_wish(x)}" for x in sorted(t.wishes, key=lambda x: -x.weight)]
        return [f"Чего хочет кандидат и что даёт вакансия (оценка {_number(t.wish_score)} из 1):", *lines]

    def to_brief_text(self) -> str:
        """The same in a few lines: contributions by criterion, what is there, what is missing, what is unknown."""
        t = self._terms
        groups = _by_criterion(t.lines)
        sums = [sum(t.lines[i].contribution for i in group) for group in groups.values()]
        printed = shares([*sums, *(v for _, v in self._rest())], t.score)
        names = [*groups, *(n for n, _ in self._rest())]
        parts = [f"{CRITERIA_RU[n].lower()} {_number(v)}" for n, v in zip(names, printed, strict=True) if v]
        out = self._head()
        out.append("Вклады: " + "; ".join(parts) + ".")
        asked = [x for x in t.lines if x.criterion in _NAMED]
        for states, word in (((MET,), "Есть"), ((PARTIAL,), "Частично")):
            found = sorted((x for x in asked if x.state in states), key=lambda x: -x.contribution)
            if found:
                out.append(f"{word}: " + "; ".join(_short(x) for x in found[:_MOST_SHOWN]) + ".")
        return "\n".join([*out, *self._gaps()])

    def _gaps(self) -> list[str]:
        """What is missing, unknown and not verified."""
        t = self._terms
        out = []
        missing = [x.label for x in t.lines if x.state in {MISSING, DENIED} and x.criterion in _NAMED - {"role"}]
        if missing:
            out.append("Чего не хватает: " + "; ".join(missing) + ".")
        unknown = [CRITERIA_RU[x.criterion] for x in t.lines if x.state == UNKNOWN]
        if unknown:
            out.append("Неизвестно: " + "; ".join(dict.fromkeys(unknown)) + ".")
        if self.raises:
            told = (f"{_wanted(x)} (+{_number(gain)})" for x, gain in self.raises[:_MOST_RAISED])
            out.append("Что добавить, чтобы оценка выросла больше всего: " + "; ".join(told) + ".")
        if t.unverified:
            out.append("Не проверено (нет данных): " + "; ".join(_GATE_NAMES[g] for g in t.unverified) + ".")
        return out

    def _repr_html_(self) -> str:
        t = self._terms
        rest = self._rest()
        printed = shares([*(x.contribution for x in t.lines), *(v for _, v in rest)], t.score)
        cells = []
        for i, x in enumerate(t.lines):
            bar = f'<div style="background:#4477aa;height:.7em;width:{max(0.0, x.contribution) * 300:.1f}px"></div>'
            cells.append(
                f"<tr><td>{html.escape(CRITERIA_RU[x.criterion])}</td><td style='text-align:left'>{html.escape(_sentence(x))}</td>"
                f"<td>{_number(printed[i])}</td><td style='text-align:left'>{bar}</td></tr>"
            )
        for (name, _), value in zip(rest, printed[len(t.lines) :], strict=True):
            cells.append(f"<tr><td>{CRITERIA_RU[name]}</td><td></td><td>{_number(value)}</td><td></td></tr>")
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
        ax.set_title(f"{self._terms.candidate_id} и {self._terms.vacancy_id}: {_number(self.score)}")
        return ax


_GATE_NAMES = {
    "status": "статус", "graduation_window": "год выпуска", "education": "образование", "no_agreement": "соглашение с вузом",
    "minor_hazardous": "возраст для вредных условий", "dates": "сроки", "licence": "допуски", "place": "место",
}  # fmt: skip


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


def _sentence(x: Line) -> str:
    """One line in Russian: what was asked, whether it is there, and by what evidence."""
    if x.criterion in {"title", "text", "profile"}:
        common = (
            f"общее: {x.fact}" if x.fact else "общего не найдено" if x.state != UNKNOWN else "у кандидата не указано"
        )
        return f"{common} (степень {_number(x.degree, 2)})"
    unit = _UNITS.get(x.criterion, "")
    if x.criterion in {"experience", "education", "place", "schedule", "dates", "salary"}:
        unknown = "у кандидата не указано, взято среднее" if x.state == UNKNOWN else "у кандидата не указано"
        have = f"у кандидата {_in_russian(x, x.fact)}{unit}" if x.fact else unknown
        return f"нужно {_in_russian(x, x.need)}{unit}, {have} (степень {_number(x.degree, 2)})"
    need = (
        f" ≥ {x.need}"
        if x.need and x.criterion in {"languages", "licences"}
        else f" (уровень: {_LEVELS[x.need]})"
        if x.need in _LEVELS
        else ""
    )
    tier = f", {_TIERS[x.tier]}" if x.tier else ""
    is_inferred = x.found is not None and x.found.rule in {"programme", "typical-skills"}
    head = f"{x.label}{need}{tier} — {'вероятно есть' if is_inferred else _MARKS[x.state]}"
    return head + _evidence(x)


def _wish(x: Line) -> str:
    """One wish in Russian: what the candidate wants and what the vacancy gives."""
    unit = _UNITS.get(x.criterion, "")
    wanted = f"хочет {_in_russian(x, x.need)}{unit}" if x.need else "пожелание есть"
    given = f"вакансия даёт {_in_russian(x, x.fact)}{unit}" if x.fact else "в вакансии не указано"
    return f"{wanted}, {given} (степень {_number(x.degree, 2)})"


def _in_russian(x: Line, told: str) -> str:
    """What a coded line asks or finds, its enumerated words in Russian and a bare number of the schedule as hours."""
    if x.criterion not in _WORDED:
        return told
    hours = x.criterion == "schedule"
    return "; ".join(f"{w} ч в неделю" if hours and w.isdigit() else _WORDS.get(w, w) for w in told.split("; "))


def _short(x: Line) -> str:
    """A requirement met, with the fragment that meets it."""
    inferred = x.found is not None and x.found.rule in {"programme", "typical-skills"}
    return x.label + (" (вероятно)" if inferred else f" («{x.found.text}»)" if x.found and x.found.text else "")


def _wanted(x: Line) -> str:
    """A requirement as something to have."""
    if x.criterion == "experience":
        return f"опыт от {x.need}{_UNITS['experience']}"
    return f"{x.label} {x.need}" if x.need and x.criterion in {"languages", "licences"} else x.label


def _evidence(x: Line) -> str:
    if x.found is None:
        return ""
    where = _COLUMNS_RU.get(x.found.column, x.found.column)
    if x.found.rule == "programme":
        return f": следует из программы {x.found.text}"
    if x.found.rule == "typical-skills":
        return f": {x.fact} — по набору навыков"
    fragment = f"«{x.found.text}»" if x.found.text else ""
    named = f"{x.fact}, " if x.fact and x.fact != x.label else ""
    degree = f", степень {_number(x.degree, 2)}" if x.state == PARTIAL else ""
    return f": {named}{fragment} ({where}){degree}"

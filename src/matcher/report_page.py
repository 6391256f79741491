"""The report as one page: a ranking with its explanations, for people, in a browser, without a network.

The page holds its data as JSON that no browser runs and shows every text of it as text; its policy lets nothing run but
its own script. Words are those of :mod:`matcher.wording`: the page only lays them out.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import html
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any

from matcher.errors import InputError, MatcherError, wrong_parameter
from matcher.evaluation import frame_of
from matcher.grouping import institution_name
from matcher.ranking.lines import DENIED, MET, MISSING, PARTIAL, UNKNOWN, Line
from matcher.records import Candidate, Vacancy
from matcher.report import Explanation
from matcher.seat_tables import seat_tables
from matcher.tables import read_candidates, read_vacancies
from matcher.wording import CRITERIA_RU, NAMED, STATUS_RU, is_inferred, sentence

if TYPE_CHECKING:
    import pandas as pd

    from matcher.pipeline import Result

_LIKELY = "likely"
_STATES = (MET, PARTIAL, MISSING, UNKNOWN, DENIED, _LIKELY)
_CRITERIA = tuple(CRITERIA_RU)
_NEEDED = ("vacancy_id", "candidate_id", "rank", "score", "known", "explanation")


@dataclass(frozen=True)
class ReportPage:
    """A report as the text of one HTML page.

    Attributes
    ----------
    html : str
    n_pairs : int
    """

    html: str = field(repr=False)
    n_pairs: int

    def save(self, path: str | Path) -> None:
        """Write the page.

        Raises
        ------
        InputError
            When the file cannot be written.
        """
        try:
            Path(path).write_text(self.html, encoding="utf-8")
        except OSError as e:
            raise InputError(f"Cannot write {path}: {e.strerror or e}.") from None

    def _repr_html_(self) -> str:
        return (
            f'<iframe style="width:100%;height:40rem;border:1px solid #ccc" srcdoc="{html.escape(self.html)}"></iframe>'
        )


def make_report(
    ranking: Any,
    *,
    candidates: Any = None,
    vacancies: Any = None,
    seats: Any = None,
    title: str = "Отчёт о подборе",
    about: Mapping[str, Any] | None = None,
) -> ReportPage:
    """Lay out a ranking and its explanations as one page that needs no network.

    Parameters
    ----------
    ranking : Result, path or DataFrame
        What ``Matcher.run`` gave, or a table of ``rank --explain`` (with the column ``explanation``).
    candidates, vacancies : table, optional
        Titles, statuses, institutions, companies; those of the run where a Result is given.
    seats : Allocation or mapping of str to table, optional
        What ``allocate`` gave: ``assigned``, and ``waiting, reasons, empty`` where they are there.
    title : str
        Heading of the page.
    about : mapping, optional
        The ``meta.json`` beside a ranking: versions and counts, told at the foot.

    Raises
    ------
    InputError
        When the ranking has no explanations or a table cannot be read.

    Examples
    --------
    >>> from matcher import Matcher
    >>> engine = Matcher().fit([{"id": "v1", "title": "Токарь", "must_skills": "чтение чертежей"}])
    >>> page = make_report(engine.run([{"id": 1, "title": "токарь"}]))
    >>> page.n_pairs, "Чтение чертежей" in page.html
    (1, True)
    """
    if not isinstance(title, str) or not title.strip():
        raise MatcherError(wrong_parameter("title", "make_report", "a text", title))
    records = _Records.of(ranking, candidates, vacancies)
    pairs = list(_pairs(ranking))
    data = _Data(records)
    for pair in pairs:
        data.add(pair)
    tables = seat_tables(seats, records.candidates, records.vacancies) if seats is not None else None
    return ReportPage(_page(data, tables, title.strip(), about or {}), len(pairs))


@dataclass(frozen=True, slots=True)
class _Pair:
    vacancy: str
    candidate: str
    rank: int
    score: float
    known: float
    explanation: Explanation


def _pairs(ranking: Any) -> Iterator[_Pair]:
    """Pairs of a run or of a table, explained now or read back."""
    result: Result | None = ranking if hasattr(ranking, "summary") and hasattr(ranking, "explain") else None
    frame: pd.DataFrame = frame_of(ranking, "ranking") if result is None else result.ranking
    missing = [c for c in _NEEDED if c not in frame.columns and not (result and c == "explanation")]
    if missing:
        more = " Rank with --explain (or explain=True) to get explanations." if "explanation" in missing else ""
        raise InputError(f"The ranking has no column {', '.join(missing)}.{more}")
    told = frame["explanation"] if "explanation" in frame.columns else [None] * len(frame)
    head = frame[list(_NEEDED[:5])].itertuples(index=False, name=None)
    for number, ((v, c, rank, score, known), text) in enumerate(zip(head, told, strict=True), 1):
        try:
            if result is not None and text is None:
                explanation = result.scored.explain_ids(c, v, in_list=False)
            else:
                explanation = Explanation.from_json(text)
            yield _Pair(str(v), str(c), int(rank), float(score), float(known), explanation)
        except (InputError, ValueError) as e:
            raise InputError(f"Row {number} of the ranking cannot be shown: {e}") from None


@dataclass(frozen=True, slots=True)
class _Records:
    """What the tables tell of those in the ranking, by id as text."""

    candidates: Mapping[str, Candidate]
    vacancies: Mapping[str, Vacancy]

    @classmethod
    def of(cls, ranking: Any, candidates: Any, vacancies: Any) -> _Records:
        scored = getattr(ranking, "scored", None)
        left = read_candidates(candidates).records if candidates is not None else []
        right = read_vacancies(vacancies).records if vacancies is not None else []
        if scored is not None:
            left = left or [p.record for p in scored.profiles]
            right = right or [r.record for r in scored.requests]
        return cls({str(c.id): c for c in left}, {str(v.id): v for v in right})

    def vacancy(self, name: str, n: int) -> dict[str, Any]:
        """One vacancy as the page shows it."""
        v = self.vacancies.get(name) or Vacancy(name)
        told = [v.company, v.city, f"мест: {v.slots}" if v.slots else "", f"в списке: {n}"]
        return {"id": name, "title": v.title, "company": v.company or "", "meta": " · ".join(filter(None, told))}

    def candidate(self, name: str, n: int) -> dict[str, Any]:
        """One candidate as the page shows him."""
        c = self.candidates.get(name) or Candidate(name)
        status = STATUS_RU.get(c.status, c.status) if c.status else ""
        institutions = list(dict.fromkeys(institution_name(i) for i in c.institution))
        told = [status, *institutions, f"{c.course} курс" if c.course else "", f"вакансий: {n}"]
        return {
            "id": name, "title": c.title, "status": status, "institutions": institutions,
            "meta": " · ".join(filter(None, told)),
        }  # fmt: skip


class _Data:
    """The data of the page; texts that repeat are kept once."""

    def __init__(self, records: _Records) -> None:
        self.records = records
        self.strings: dict[str, int] = {}
        self.vacancies: Counter[str] = Counter()  # in the order of the ranking, which numbers them
        self.candidates: Counter[str] = Counter()
        self._at: tuple[dict[str, int], dict[str, int]] = ({}, {})
        self.pairs: list[list[Any]] = []
        self.plain: list[tuple[str, str, int, float]] = []

    def add(self, pair: _Pair) -> None:
        """Take one pair in."""
        e = pair.explanation
        self.vacancies[pair.vacancy] += 1
        self.candidates[pair.candidate] += 1
        values, rest = e.printed()
        lines = [self._line(x, value) for x, value in zip(e.lines, values, strict=True)]
        remarks = [self._text(told) for told in e.remarks]
        more = [[_CRITERIA.index(name), round(1000 * value)] for name, value in rest.items() if value]
        at = [side.setdefault(n, len(side)) for side, n in zip(self._at, (pair.vacancy, pair.candidate), strict=True)]
        score, known = round(pair.score, 3), round(pair.known, 2)
        self.pairs.append([*at, pair.rank, score, known, remarks, lines, more])
        self.plain.append((pair.vacancy, pair.candidate, pair.rank, score))

    def _line(self, x: Line, value: float) -> list[int]:
        """Criterion, label, state, thousandths of the score, and the sentence without the label it begins with."""
        told = sentence(x)
        state = _LIKELY if is_inferred(x) and x.state in {MET, PARTIAL} else x.state
        head = [_CRITERIA.index(x.criterion), self._text(x.label), _STATES.index(state), round(1000 * value)]
        return [*head, self._text(told.removeprefix(x.label)), *([] if told.startswith(x.label) else [1])]

    def _text(self, text: str) -> int:
        return self.strings.setdefault(text, len(self.strings))

    def to_json(self, seats: Sequence[Mapping[str, Any]] | None) -> str:
        """All of it; no sign in it can end the element that holds it."""
        told = {
            "criteria": list(CRITERIA_RU.values()), "named": [_CRITERIA.index(c) for c in sorted(NAMED)],
            "vacancies": [self.records.vacancy(name, n) for name, n in self.vacancies.items()],
            "candidates": [self.records.candidate(name, n) for name, n in self.candidates.items()],
            "pairs": self.pairs, "seats": seats, "strings": list(self.strings),
        }  # fmt: skip
        text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
        for sign in "<>&\u2028\u2029":
            text = text.replace(sign, f"\\u{ord(sign):04x}")
        return text

    def to_table(self) -> str:
        """The bare ranking, for browsers that run no script."""
        rows = ("".join(f"<td>{html.escape(str(cell))}</td>" for cell in row) for row in self.plain)
        head = "<tr><th>Вакансия</th><th>Кандидат</th><th>Место</th><th>Оценка</th></tr>"
        return f"<table>{head}{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"


def _page(data: _Data, seats: Sequence[Mapping[str, Any]] | None, title: str, about: Mapping[str, Any]) -> str:
    style, script = _resource("page.css"), _resource("page.js")
    head = f"Вакансий: {len(data.vacancies)}, кандидатов: {len(data.candidates)}, пар: {len(data.pairs)}. Составлен {dt.date.today():%d.%m.%Y}."
    return Template(_resource("page.html")).substitute(
        title=html.escape(title), head=html.escape(head), style=style, script=script, data=data.to_json(seats),
        plain=data.to_table(), about=_about(about), style_hash=_digest(style), script_hash=_digest(script),
    )  # fmt: skip


def _about(about: Mapping[str, Any]) -> str:
    """The foot: what the words mean, and by which versions and settings the scores came about."""
    out = [
        "Оценка от 0 до 1 — взвешенное среднее того, насколько кандидат отвечает каждому требованию; вклады складываются в "
        "неё точно. «Известно» — доля веса требований, о которых у кандидата есть сведения.",
    ]
    counts = about.get("summary") or {}
    for name, key in (("Кандидатов", "candidates"), ("Вакансий", "vacancies")):
        c = counts.get(key)
        if isinstance(c, Mapping):
            told = (
                f"прочитано {c.get('usable')}",
                f"слишком мало сведений {c.get('insufficient_text')}",
                f"в карантине {c.get('quarantined')}",
            )
            out.append(f"{name} в таблице: {c.get('rows')} ({', '.join(told)}).")
    versions = [
        ("matcher", "matcher"),
        ("настройки", "settings_fingerprint"),
        ("таксономия", "taxonomy"),
        ("день", "today"),
    ]
    told_versions = [f"{name} {about[key]}" for name, key in versions if about.get(key)]
    if told_versions:
        out.append("Чем посчитано: " + ", ".join(told_versions) + ".")
    return "".join(f"<p>{html.escape(line)}</p>" for line in out)


def _resource(name: str) -> str:
    return resources.files("matcher.resources").joinpath("report", name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()

"""Tables of an allocation as a report shows them: who goes where, who waits, who has no seat and why, empty seats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from matcher.errors import InputError
from matcher.evaluation import frame_of
from matcher.records import Candidate, Vacancy
from matcher.wording import number

if TYPE_CHECKING:
    import pandas as pd

TABLES = ("assigned", "waiting", "reasons", "empty")
_MOST_WAITING = 5


def seat_tables(
    seats: Any, candidates: Mapping[str, Candidate], vacancies: Mapping[str, Vacancy]
) -> list[dict[str, Any]]:
    """Sections of a report: a head, a sentence, names of columns, rows of text.

    Parameters
    ----------
    seats : Allocation or mapping of str to table
        With ``assigned``, and ``waiting, reasons, empty`` where they are there.
    candidates, vacancies : mapping of str to record
        For titles; those missing go by their ids.

    Raises
    ------
    InputError
        When there is no table of assigned seats, or one lacks a column.
    """
    told = (
        {t: seats.get(t) for t in TABLES}
        if isinstance(seats, Mapping)
        else {t: getattr(seats, t, None) for t in TABLES}
    )
    if told["assigned"] is None:
        raise InputError("The report of seats needs the table of assigned seats.")
    frames = {name: frame_of(table, name) for name, table in told.items() if table is not None}

    def names(frame: pd.DataFrame, column: str, records: Mapping[str, Any]) -> list[str]:
        ids = [str(i) for i in frame[column]]
        return [f"{i} · {records[i].title}" if i in records and records[i].title else i for i in ids]

    out = []
    for name, frame in frames.items():
        needed = _COLUMNS[name]
        missing = [c for c in needed if c not in frame.columns]
        if missing and len(frame):
            raise InputError(f"The table {name} has no column {', '.join(missing)}.")
        if frame.empty:
            continue
        shown = frame[frame["place"].astype(int) <= _MOST_WAITING] if name == "waiting" else frame
        cells = {c: [_score(x) if c == "score" else _cell(x) for x in shown[c]] for c in needed}
        for column, records in (("vacancy_id", vacancies), ("candidate_id", candidates)):
            if column in cells:
                cells[column] = names(shown, column, records)
        needed = {c: title for c, title in needed.items() if title}
        rows = [list(row) for row in zip(*(cells[c] for c in needed), strict=True)]
        head, about = _HEADS[name]
        out.append(
            {"head": f"{head}: {_many(name, frame)}", "told": about, "columns": list(needed.values()), "rows": rows}
        )
    return out


def _many(name: str, frame: pd.DataFrame) -> str:
    """How many, said so that seats, vacancies and people are not mixed up."""
    if name == "empty":
        return f"{int(frame['seats'].astype(int).sum())} (вакансий: {frame['vacancy_id'].nunique()})"
    if name == "reasons":
        listed = int((frame["reason"] != "no_list").sum())
        return f"{len(frame)} (из них в списках рейтинга: {listed})"
    return f"{len(frame)}"


_COLUMNS: Mapping[str, Mapping[str, str]] = {
    "assigned": {"vacancy_id": "Вакансия", "company": "Компания", "candidate_id": "Кандидат", "score": "Оценка", "choice": "Выбор"},
    "waiting": {"vacancy_id": "Вакансия", "place": "Очередь", "candidate_id": "Кандидат", "score": "Оценка"},
    "reasons": {"candidate_id": "Кандидат", "reason": "", "sentence": "Почему без места"},
    "empty": {"vacancy_id": "Вакансия", "company": "Компания", "seats": "Мест", "sentence": "Почему пусто"},
}  # fmt: skip
_HEADS: Mapping[str, Sequence[str]] = {
    "assigned": ("Занятые места", "Кто куда идёт; «выбор» — какой по счёту эта вакансия была для кандидата."),
    "waiting": ("Списки ожидания", f"Первые {_MOST_WAITING} в каждой очереди: они придут, если место освободится."),
    "reasons": ("Кандидаты без места", "И причина для каждого."),
    "empty": ("Свободные места", "И причина для каждой вакансии."),
}


def _cell(value: Any) -> str:
    """A cell as text; a whole number that a frame made a fraction of is whole again."""
    if value is None or value != value or str(value) in {"<NA>", "None"}:
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)


def _score(value: Any) -> str:
    """A score as Russian prints it, from a frame or from a file."""
    told = _cell(value)
    return number(float(value)) if told else ""

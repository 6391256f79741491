"""Pydantic models of one row and of one answer, for services that take and give JSON (``pip install matcher[pydantic]``).

The models of rows are made from the tables' own columns: a value is read by the parser that reads it in a table, so
that «Полный день; shift» is a schedule here too, and what a model accepts is never quarantined. The types that stand in
the JSON schema are those that come out. Unlike a table, a model refuses keys that it does not know: in a table a
stranger is a column more, in a request it is a misspelt name. Foreign columns (hh.ru, «Работа России») belong to tables.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal

from matcher import columns, tables
from matcher.cells import MOST_ITEMS, MOST_TEXT, CellError, is_empty, parse_id, plain
from matcher.errors import MatcherError, nearest
from matcher.index import Match
from matcher.parsers import WORDS, parser_for
from matcher.report import Explanation
from matcher.wording import CRITERIA_RU, GATE_NAMES, sentence

try:
    from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, create_model, model_validator
except ImportError:
    raise MatcherError("Models of rows need pydantic: pip install matcher[pydantic].") from None

__all__ = ["CandidateIn", "ExplanationOut", "Hit", "LineOut", "Row", "VacancyIn"]


class Row(BaseModel):
    """What rows of both tables share: unknown keys are refused, and the row is one that its table takes in."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _know_every_key(cls, told: Any) -> Any:
        """Name the nearest column: a misspelt key must not be a column that nobody reads."""
        for name in told if isinstance(told, Mapping) else ():
            if name not in cls.model_fields:
                raise ValueError(f"There is no column {str(name)[:60]!r}.{nearest(str(name), cls.model_fields)}")
        return told

    @model_validator(mode="after")
    def _pass_the_door(self) -> Row:
        """What only a whole row can tell (a birth date that is past) is asked of the table itself."""
        for fault in self._read().quarantine:
            raise ValueError(f"{fault['column']} {fault['reason']}")
        return self

    def _read(self) -> tables.Loaded[Any]:
        raise NotImplementedError(f"{type(self).__name__} is a row of no table")

    def to_row(self) -> dict[str, Any]:
        """The row for ``Matcher``, ``Index`` and tables: what was told, by column.

        Examples
        --------
        >>> VacancyIn(id="v1", title="Токарь", must_skills="чтение чертежей; ЧПУ", slots="2").to_row()
        {'id': 'v1', 'title': 'Токарь', 'must_skills': ['чтение чертежей', 'ЧПУ'], 'slots': 2}
        """
        return self.model_dump(exclude_none=True, exclude_unset=True)


class CandidateRow(Row):
    """One row of the candidates table."""

    def _read(self) -> tables.Loaded[Any]:
        return tables.read_candidates([self.to_row()])


class VacancyRow(Row):
    """One row of the vacancies table."""

    def _read(self) -> tables.Loaded[Any]:
        return tables.read_vacancies([self.to_row()])


def row_model(name: str, base: type[Row], names: Sequence[str]) -> type[Row]:
    """A model of a row with these columns.

    Examples
    --------
    >>> row_model("Small", CandidateRow, ("id", "course"))(id=" c1 ", course="4 ").to_row()
    {'id': 'c1', 'course': 4}
    """
    told: dict[str, Any] = {n: (_column_type(n), ... if n == "id" else None) for n in names}
    return create_model(name, __base__=base, __module__=__name__, __doc__=base.__doc__, **told)


def _column_type(name: str) -> Any:
    """The type of a column as the JSON schema says it, behind the parser that reads the column in a table."""
    if name == "id":
        return Annotated[str | int, BeforeValidator(_identity)]
    kind: Any
    if name in WORDS:
        kind = Literal.__getitem__(tuple(dict.fromkeys(WORDS[name].values())))
    elif name in columns.INTEGERS:
        low, high = columns.INTEGERS[name]
        kind = Annotated[int, Field(ge=low, le=high)]
    elif name in columns.FLAGS:
        kind = bool
    elif name in columns.DATES:
        kind = dt.date
    else:
        kind = Annotated[str, Field(max_length=MOST_TEXT)]
    if name in columns.LISTS:
        kind = Annotated[list[kind], Field(max_length=MOST_ITEMS)]
    return Annotated[kind | None, BeforeValidator(_reading(name))]


def _reading(name: str) -> Callable[[Any], Any]:
    parse = parser_for(name)

    def read(value: Any) -> Any:
        if is_empty(plain(value)):
            return None
        found = parse(value, Counter())
        return list(found) if isinstance(found, tuple) else found

    return read


def _identity(value: Any) -> str | int:
    found = parse_id(value, Counter())
    if found is None:
        raise CellError("must not be missing")
    return found


if TYPE_CHECKING:  # a checker must see classes to let them be annotations

    class CandidateIn(CandidateRow):
        """One row of the candidates table."""

        def __init__(self, **told: Any) -> None: ...

    class VacancyIn(VacancyRow):
        """One row of the vacancies table."""

        def __init__(self, **told: Any) -> None: ...

else:
    CandidateIn = row_model("CandidateIn", CandidateRow, columns.CANDIDATES)
    VacancyIn = row_model("VacancyIn", VacancyRow, columns.VACANCIES)


class Hit(BaseModel):
    """One answer of a live index.

    Attributes
    ----------
    id : str or int
        Of the candidate (vacancy) found.
    rank : int
        From 1.
    score : float
        In [0, 1].
    known : float or None
        Share of the weight that rests on known facts; None where reasons were not asked for.
    reasons : list of str
        Why, in Russian: contributions, what is there, what is missing or unknown.
    """

    id: str | int
    rank: int
    score: float
    known: float | None = None
    reasons: list[str] = []

    @classmethod
    def of(cls, match: Match, by: str, explanation: Explanation | None = None) -> Hit:
        """A match of an answer, ``by`` what was asked for, with its reasons where there are any.

        Examples
        --------
        >>> from matcher import Matcher
        >>> places = [{"id": "v1", "title": "Токарь", "must_skills": "чтение чертежей"}]
        >>> found = Matcher().fit(places).index([{"id": 7, "skills": "читаю чертежи"}]).query(places[0])
        >>> hit = Hit.of(found[0], found.by, found.explain(7))
        >>> hit.id, hit.reasons[1]
        (7, 'Есть: Чтение чертежей («читаю чертежи»).')
        """
        found = match.candidate_id if by == "vacancy" else match.vacancy_id
        if explanation is None:
            return cls(id=found, rank=match.rank, score=match.score)
        known, reasons = explanation.terms.known, _reasons(explanation)
        return cls(id=found, rank=match.rank, score=match.score, known=known, reasons=reasons)


def _reasons(explanation: Explanation) -> list[str]:
    """The brief text without its head, which tells ids and score once more."""
    lines = explanation.to_brief_text().split("\n")
    start = next(n for n, line in enumerate(lines) if line.startswith("Вклады: "))
    return lines[start:]


class LineOut(BaseModel):
    """One term of a score: a requirement or a criterion, in Russian, with its share."""

    criterion: str
    name: str
    label: str
    tier: str | None
    state: str
    weight: float
    degree: float
    contribution: float
    reason: str


class ExplanationOut(BaseModel):
    """Why a pair has its score.

    ``sum(line.contribution for line in lines) + sum(rest.values()) == score`` holds exactly, the second stage aside.

    Attributes
    ----------
    refusals : list of str
        Why the pair is not shown, in Russian; empty where no gate refuses it.
    unverified : list of str
        Gates that had no data to decide on, in Russian.
    rest : dict
        Contributions that belong to no line, by name: ``thinness``, ``cap`` and ``wishes`` where there are any.
    second : dict or None
        Contributions to the second stage's score, which is ``score`` then.
    text, brief : str
        The whole explanation in Russian, and the same in a few lines.
    """

    candidate_id: str | int
    vacancy_id: str | int
    score: float
    known: float
    refusals: list[str]
    unverified: list[str]
    lines: list[LineOut]
    rest: dict[str, float]
    second: dict[str, float] | None
    text: str
    brief: str

    @classmethod
    def of(cls, explanation: Explanation) -> ExplanationOut:
        """An explanation as plain data and Russian text.

        Examples
        --------
        >>> from matcher import Matcher
        >>> told = Matcher().explain({"id": 1, "title": "токарь"}, {"id": "v", "title": "Токарь", "must_skills": "ЧПУ"})
        >>> out = ExplanationOut.of(told)
        >>> sum(line.contribution for line in out.lines) + sum(out.rest.values()) == out.score
        True
        >>> out.lines[0].reason
        'Работа на станках с ЧПУ, обязательно — нет'
        """
        t = explanation.terms
        lines = [
            LineOut(
                criterion=x.criterion, name=CRITERIA_RU[x.criterion], label=x.label, tier=x.tier, state=x.state,
                weight=x.weight, degree=x.degree, contribution=x.contribution, reason=sentence(x),
            )
            for x in t.lines
        ]  # fmt: skip
        return cls(
            candidate_id=t.candidate_id, vacancy_id=t.vacancy_id, score=explanation.score, known=t.known,
            refusals=list(explanation.refusals), unverified=[GATE_NAMES[g] for g in t.unverified], lines=lines,
            rest={"thinness": t.thinness, **t.rest}, second=dict(explanation.second) if explanation.second else None,
            text=explanation.to_text(), brief=explanation.to_brief_text(),
        )  # fmt: skip

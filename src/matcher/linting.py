"""Wording in vacancies that the Labour Code forbids, vacancy by vacancy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from matcher import tables
from matcher.features.lawful import ARTICLES, ground_in_russian, unlawful
from matcher.features.text import fold
from matcher.records import Vacancy

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("vacancy_id", "column", "start", "end", "fragment", "ground", "article")


def lint(vacancies: Any) -> pd.DataFrame:
    """List the wording of vacancies that asks for sex, age, looks, nationality, family or registration.

    Such wording is listed and scored by nobody; whether it breaks the law is for a lawyer to say.

    Parameters
    ----------
    vacancies : path, DataFrame or iterable of mappings
        The vacancies table.

    Returns
    -------
    DataFrame
        ``vacancy_id, column, start, end, fragment, ground, article``: the place of each fragment in its column (of
        ``must_skills`` and ``nice_skills``, in its item), the ground in Russian and the articles.

    Examples
    --------
    >>> frame = lint([{"id": 7, "title": "Официант", "text": "Девушка до 30 лет, опыт не требуется"}])
    >>> frame[["fragment", "ground"]].values.tolist()
    [['Девушка', 'пол'], ['Девушка до 30 лет', 'возраст']]
    """
    import pandas as pd

    rows = [row for vacancy in tables.read_vacancies(vacancies).readable() for row in _rows(vacancy)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _rows(vacancy: Vacancy) -> Iterator[tuple[Any, ...]]:
    columns = (("title", [vacancy.title]), ("must_skills", vacancy.must_skills), ("nice_skills", vacancy.nice_skills),
               ("text", [vacancy.text]))  # fmt: skip
    for column, texts in columns:
        for text in texts:
            folded = fold(text)
            for fact in sorted(unlawful(folded.text), key=lambda t: (t.start, t.end)):
                a, b = folded.original(fact.start, fact.end)
                yield vacancy.id, column, a, b, text[a:b], ground_in_russian(fact.value["ground"]), ARTICLES

"""One cell at a time: cleaning, lists, numbers, flags, dates, ids, words, masks."""

from __future__ import annotations

import datetime as dt
import time
from collections import Counter
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from matcher import cells, parsers, privacy


@pytest.mark.parametrize(
    "value",
    [None, float("nan"), np.float64("nan"), pd.NA, pd.NaT, np.datetime64("NaT", "D"), Decimal("NaN"), "", " \n", []],
)
def test_empty_values_are_unknown(value):
    assert cells.is_empty(cells.plain(value))


@pytest.mark.parametrize(
    ("raw", "clean", "mended"),
    [
        ("сварка\x00ТИГ\x07", "сварка ТИГ", {"control characters": 2}),
        ("a\r\nb\rc\td", "a\nb\nc\td", {}),
        ("x\ud800y", "x\ufffdy", {"lone surrogates": 1}),
        ("\ud83d\ude00", "😀", {"lone surrogates": 0}),
        ("👩‍🔧 инженер 🚀", "👩‍🔧 инженер 🚀", {}),
        (1, "1", {}),
    ],
)
def test_text_is_cleaned(raw, clean, mended):
    tally = Counter()
    assert cells.parse_text(raw, tally) == clean
    assert dict(tally) == mended


@pytest.mark.parametrize("value", [["a"], {"a": 1}, True, b"bytes", "a" * (cells.MOST_TEXT + 1)])
def test_what_is_no_text(value):
    with pytest.raises(cells.CellError, match="must be"):
        cells.parse_text(value, Counter())


@pytest.mark.parametrize(
    ("raw", "commas", "items"),
    [
        ("Python; SQL;;\nGit", False, ("Python", "SQL", "Git")),
        ("Python, SQL", False, ("Python, SQL",)),
        ("Python, SQL", True, ("Python", "SQL")),
        ("Python, SQL; Git", True, ("Python, SQL", "Git")),
        ("SQL (MySQL, Oracle), Git", True, ("SQL (MySQL, Oracle)", "Git")),
        ("SQL (MySQL, Oracle, Git", True, ("SQL (MySQL", "Oracle", "Git")),
        ("допуск 0,5 мм, 1С 8,3", True, ("допуск 0,5 мм", "1С 8,3")),
        ("Python,SQL\nGit", True, ("Python", "SQL", "Git")),
        ("['Python', 'SQL, Git']", True, ("Python", "SQL, Git")),
        ("[телефон]", True, ("[телефон]",)),
        (["Python", " SQL ", "", None, "Python"], True, ("Python", "SQL")),
        (("a", "b"), False, ("a", "b")),
        (np.array(["a", "b"]), False, ("a", "b")),
        ([{"name": "Python"}, {"name": "Токарь", "date": "2025-01-01"}], False, ("Python", "Токарь, 2025-01-01")),
        (5, False, ("5",)),
        ("", True, ()),
        (None, True, ()),
    ],
)
def test_lists(raw, commas, items):
    assert cells.parse_list(raw, Counter(), commas=commas) == items


def test_repeated_items_are_counted():
    tally = Counter()
    assert cells.parse_list("a;b;a;a", tally) == ("a", "b")
    assert tally == {cells.DOUBLES: 2}


@pytest.mark.parametrize(
    "value", [[["a"]], {"a": 1}, [{"x": 1}], [True], ["x"] * 2001, ";".join(map(str, range(10_000)))]
)
def test_what_is_no_list(value):
    with pytest.raises(cells.CellError, match="must be"):
        cells.parse_list(value, Counter())


def test_the_longest_list_is_read():
    assert len(cells.parse_list([str(n) for n in range(cells.MOST_ITEMS)], Counter())) == cells.MOST_ITEMS


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        (4, 4), ("4", 4), (" 4 ", 4), (4.0, 4), ("4.0", 4), ("40 000", 40_000), ("1\u00a0000", 1000), (np.int64(7), 7),
        (Decimal(3), 3), ("", None), (None, None), (float("nan"), None), (pd.NA, None),
    ],
)  # fmt: skip
def test_integers(raw, number):
    assert cells.parse_integer(raw, 0, 100_000) == number


@pytest.mark.parametrize(
    "raw", ["пятый", "2.5", 2.5, True, [4], [], {"a": 1}, float("inf"), -1, 100_001, "9" * 5000, "²", "1e3", b"4"]
)
def test_what_is_no_integer(raw):
    with pytest.raises(cells.CellError, match="from 0 to 100000"):
        cells.parse_integer(raw, 0, 100_000)


@pytest.mark.parametrize(
    ("raw", "flag"),
    [
        ("yes", True), ("Да", True), ("true", True), ("1", True), (1, True), (1.0, True), (True, True),
        (np.bool_(True), True), ("no", False), ("НЕТ", False), ("false", False), (0, False), (False, False),
        ("", None), (None, None), ("unknown", None), (pd.NA, None),
    ],
)  # fmt: skip
def test_flags(raw, flag):
    assert cells.parse_flag(raw, Counter()) is flag


@pytest.mark.parametrize("raw", ["maybe", 2, [True], [], {}, "да нет"])
def test_what_is_no_flag(raw):
    with pytest.raises(cells.CellError, match="yes, no"):
        cells.parse_flag(raw, Counter())


@pytest.mark.parametrize(
    "raw",
    [
        "2026-09-01", " 2026-09-01 ", "2026-09-01T10:00:00+03:00", "01.09.2026", dt.date(2026, 9, 1),
        dt.datetime(2026, 9, 1, 5, 0), pd.Timestamp("2026-09-01"), np.datetime64("2026-09-01"),
    ],
)  # fmt: skip
def test_dates(raw):
    found = cells.parse_date(raw, Counter())
    assert found == dt.date(2026, 9, 1)
    assert type(found) is dt.date


@pytest.mark.parametrize(
    "raw", ["2026-02-30", "31.02.2026", "2026-13-01", "0000-01-01", "завтра", 20260901, [], {}, True]
)
def test_what_is_no_date(raw):
    with pytest.raises(cells.CellError, match="ISO date"):
        cells.parse_date(raw, Counter())


@pytest.mark.parametrize(
    ("raw", "identity"),
    [
        (" c1 ", "c1"), ("5", "5"), (5, 5), (5.0, 5), (np.int64(5), 5), ("", None), (None, None), (True, None),
        (float("nan"), None), (pd.NA, None),
    ],
)  # fmt: skip
def test_ids(raw, identity):
    found = cells.parse_id(raw, Counter())
    assert found == identity
    assert type(found) is type(identity)


@pytest.mark.parametrize("raw", [5.5, ["c1"], {"id": 1}, float("inf")])
def test_what_is_no_id(raw):
    with pytest.raises(cells.CellError, match="text or a whole number"):
        cells.parse_id(raw, Counter())


@pytest.mark.parametrize(
    ("column", "raw", "found"),
    [
        ("status", "Студент", "student"), ("status", "аспирант", "postgraduate"), ("status", "Выпускник", "graduate"),
        ("status", "учащийся колледжа", "vocational_student"), ("status", "студент колледжа", "vocational_student"),
        ("status", "работник", "worker"), ("status", "Vocational_Student", "vocational_student"), ("status", "", None),
        ("education_level", "бакалавриат", "bachelor"), ("education_level", "Магистр", "master"),
        ("education_level", "специалитет", "specialist"), ("education_level", "СПО", "vocational"),
        ("education_level", "среднее профессиональное", "vocational"),
        ("education_level", "аспирантура", "postgraduate"),
        ("education_level", "среднее общее", "general"), ("schedule", "полный день; частичная", ("full", "part")),
        ("schedule", ["Сменный", "гибкий"], ("shift", "flexible")),
        ("statuses", "студент, graduate", ("student", "graduate")),
        ("education_levels", "бакалавр;bachelor", ("bachelor",)),
    ],
)  # fmt: skip
def test_words_in_both_languages(column, raw, found):
    assert parsers.parser_for(column)(raw, Counter()) == found


@pytest.mark.parametrize(
    ("column", "raw", "told"),
    [
        ("status", "studnet", 'one of student, .*Did you mean "student"'),
        ("schedule", "полный ден", 'full, part, shift, flexible.*"полный день"'),
        ("status", ["student"], "one word, not a list"),
        ("status", "student; graduate", "one word, not several"),
    ],
)
def test_unknown_words_name_the_allowed_ones(column, raw, told):
    with pytest.raises(cells.CellError, match=told):
        parsers.parser_for(column)(raw, Counter())


@pytest.mark.parametrize(
    "text",
    [
        "+7 916 123-45-67", "+7(916)123-45-67", "8 (916) 123 45 67", "89161234567", "79161234567", "8-916-123-45-67",
        "+79161234567", "8 (495) 123-4567", "+7 (49624) 5-67-89", "8 (4967) 12-34-56", "(495) 123-45-67",
        "916 123-45-67", "9161234567", "+7.916.123.45.67", "+375 29 123-45-67", "8 916 123 45 67",
    ],
)  # fmt: skip
def test_phones_are_masked(text):
    tally = Counter()
    assert privacy.mask(f"звонить {text}, Ольга", tally) == "звонить [телефон], Ольга"
    assert tally == {privacy.MASKED: 1}


@pytest.mark.parametrize(
    "text",
    [
        "18.03.01", "ГОСТ 12345-2001", "ГОСТ Р ИСО 9001-2015", "01.09.2024-31.08.2027", "2024-09-01 2025-01-01",
        "8 500 000 руб", "8 500 000 000 руб", "80 000 - 120 000 ₽", "150000", "ТУ 25.11.23-001-12345678-2019",
        "ISBN 978-5-4461-0923-4", "ИНН 7701234567", "ОГРН 1027700132195", "C++ 2011-2014", "1С:Предприятие 8.3",
        "Windows 7 2023-09-01 12:30", "20 цифр 40817810099910004312", "@Autowired и @Override", "@nestjs/core",
        "пишу @media(print)", "09.02.07 15.01.05", "10 000 000 000",
    ],
)  # fmt: skip
def test_numbers_that_are_no_phones_stay(text):
    tally = Counter()
    assert privacy.mask(text, tally) == text
    assert not tally


@pytest.mark.parametrize(
    ("text", "masked", "n"),
    [
        ("ivan.petrov+job@mail.example.ru", "[почта]", 1),
        ("почта: иван@почта.рф.", "почта: [почта].", 1),
        ("пишите в https://t.me/ivan_petrov", "пишите в [контакт]", 1),
        ("t.me/@ivan или @ivan_p", "[контакт] или [контакт]", 2),
        ("тг @ivan_p, a@b.ru, 8 916 123-45-67 8 926 765-43-21", "тг [контакт], [почта], [телефон] [телефон]", 4),
    ],
)
def test_mails_and_handles_are_masked(text, masked, n):
    tally = Counter()
    assert privacy.mask(text, tally) == masked
    assert tally[privacy.MASKED] == n


@pytest.mark.parametrize("piece", ["a", "1", "1 ", "a.", "@", "+", "8 (", "(", "9 1-", "t.me/", " ", "-"])
def test_masking_long_texts_takes_linear_time(piece):
    text = piece * (200_000 // len(piece)) + " @ .me/"
    start = time.perf_counter()
    privacy.mask(text, Counter())
    assert time.perf_counter() - start < 2


@pytest.mark.parametrize(
    "column", ["ФИО", "candidate_name", "Имя", "firstName", "E-Mail", "phone_number", "Дата рождения"]
)
def test_personal_columns(column):
    assert privacy.is_personal(privacy.column_key(column), "candidates")


@pytest.mark.parametrize("column", ["title", "language", "message", "sexton", "programme", "internship"])
def test_columns_that_are_not_personal(column):
    assert not privacy.is_personal(privacy.column_key(column), "candidates")

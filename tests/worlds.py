"""Random small worlds in real words, and what must hold in each of them.

The checks are called on 25 worlds by `contracts/test_properties.py` and on 2,000 by the nightly campaign.
"""

from __future__ import annotations

import datetime as dt
import random
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from unittest import mock

import pandas as pd
from hypothesis import strategies as st

from matcher import columns, parallel
from matcher.pipeline import Matcher, Result
from matcher.ranking import kernel
from matcher.ranking.scoring import rank

TODAY = dt.date(2026, 9, 1)
SKILLS = [
    "Python",
    "SQL",
    "Excel",
    "чтение чертежей",
    "токарные работы",
    "фрезерные работы",
    "сварка",
    "AutoCAD",
    "Компас-3D",
    "SolidWorks",
    "1С:Бухгалтерия",
    "бухгалтерский учёт",
    "налоговый учёт",
    "C++",
    "Java",
    "Git",
    "Linux",
    "Docker",
    "PostgreSQL",
    "титрование",
    "хроматография",
    "спектроскопия",
    "метрология",
    "поверка средств измерений",
    "схемотехника",
    "пайка",
    "электромонтаж",
    "Arduino",
    "маркетинг",
    "SMM",
    "копирайтинг",
    "Photoshop",
    "логистика",
    "складской учёт",
    "закупки",
    "работа в команде",
    "ответственность",
    "коммуникабельность",
    "деловая переписка",
    "охрана труда",
    "ГОСТ",
    "ЕСКД",
    "ПЛК",
    "Siemens TIA Portal",
    "машинное обучение",
    "pandas",
    "статистика",
    "английский язык",
    "немецкий B1",
    "материаловедение",
    "технология машиностроения",
    "станки с ЧПУ",
    "G-code",
    "микробиология",
    "ПЦР",
    "делопроизводство",
    "кадровое делопроизводство",
    "Excel на уровне эксперта",
    "не знаю Java",
    "базовые знания SQL",
    "AutoCAD или Компас",
    "опыт сварки 2 года",
    "хозяйство лунных станций",
]
TITLES = [
    "Токарь",
    "Программист Python",
    "Бухгалтер",
    "Инженер-конструктор",
    "Лаборант химического анализа",
    "Метролог",
    "Электромонтажник",
    "Маркетолог",
    "Логист",
    "Кладовщик",
    "Аналитик данных",
    "Системный администратор",
    "Стажёр",
    "Сварщик",
    "Специалист по кадрам",
]
TEXTS = (
    "Требования: опыт работы от 1 года, знание ГОСТ. Будет плюсом английский B1.",
    "Учусь на третьем курсе, проходил практику на заводе, работал с чертежами. Не курю.",
    "Обязанности: настройка станков, контроль размеров. Желательно знание Компас-3D и SolidWorks.",
    "Делал сайт на Python и PostgreSQL, Docker знаю плохо, Java не знаю.",
    "Ведение первичной документации, сверки, 1С.",
    "Ищу первую работу, готов учиться.",
)
_DATES = st.dates(dt.date(2026, 6, 1), dt.date(2027, 6, 1)).map(dt.date.isoformat)
_CITIES = st.sampled_from(["Москва", "г. Тула", "Орёл", "Омск"])
_LANGUAGES = st.lists(st.sampled_from(["en:B2", "en:A1", "en", "de:B1", "fr:C1"]), min_size=1, max_size=2)
_LICENCES = st.lists(
    st.sampled_from(
        ["driver:B", "driver:B,C", "electrical:3", "electrical:5", "grade.turner:4", "grade:3", "медкнижка"]
    ),
    min_size=1,
    max_size=2,
)
_STATUSES = st.sampled_from(["student", "postgraduate", "graduate", "vocational_student", "worker", "other"])
_LEVELS = st.sampled_from(["general", "vocational", "bachelor", "specialist", "master", "postgraduate"])
_CODES = st.sampled_from(["15.03.05", "15.02.08", "09.03.01", "09.04.01", "38.03.01", "18.03.01"])
_GROUPS = st.sampled_from(["15.00.00", "09.00.00", "09.03.01", "18.03.01"])
_SCHEDULES = st.lists(st.sampled_from(["full", "part", "shift", "flexible"]), min_size=1, max_size=2, unique=True)
_INSTITUTIONS = st.sampled_from(["МИЭТ", "РХТУ им. Менделеева", "Колледж № 5"])
_PHRASES = st.lists(st.sampled_from(SKILLS), min_size=1, max_size=5, unique=True)

_CANDIDATE: dict[str, st.SearchStrategy[Any]] = {
    "title": st.sampled_from(TITLES), "skills": _PHRASES, "text": st.sampled_from(TEXTS), "status": _STATUSES,
    "education_level": _LEVELS, "education_code": _CODES, "institution": _INSTITUTIONS,
    "graduation_year": st.integers(2015, 2028), "experience_months": st.integers(0, 60), "languages": _LANGUAGES,
    "licences": _LICENCES, "city": _CITIES, "remote": st.booleans(), "relocate": st.booleans(),
    "available_from": _DATES, "available_to": _DATES, "hours_per_week": st.integers(10, 40), "schedule": _SCHEDULES,
    "is_minor": st.booleans(), "salary_rub": st.integers(0, 90_000),
}  # fmt: skip
_VACANCY: dict[str, st.SearchStrategy[Any]] = {
    "title": st.sampled_from(TITLES), "must_skills": _PHRASES, "nice_skills": _PHRASES, "text": st.sampled_from(TEXTS),
    "company": st.sampled_from(["Прибор", "Завод"]), "statuses": st.lists(_STATUSES, min_size=1, max_size=4),
    "graduated_within_years": st.integers(1, 5), "education_levels": _LEVELS, "education_codes": _GROUPS,
    "agreement_only": st.booleans(), "experience_months_min": st.integers(0, 36), "languages": _LANGUAGES,
    "licences": _LICENCES, "city": _CITIES, "place_required": st.booleans(), "remote": st.booleans(), "start": _DATES,
    "end": _DATES, "hours_per_week": st.integers(10, 40), "schedule": _SCHEDULES, "salary_rub": st.integers(0, 90_000),
    "hazardous": st.booleans(), "dealbreakers": _PHRASES,
}  # fmt: skip


@dataclass
class World:
    """Both tables and the settings; the engine, and the run that lists every pair, are made once."""

    candidates: list[dict[str, Any]]
    vacancies: list[dict[str, Any]]
    settings: dict[str, dict[str, float]]
    seed: int

    def fitted(self, **more: Any) -> Matcher:
        engine = Matcher(self.settings, today=TODAY, agreements=AGREEMENTS, **more)
        return engine.fit(self.vacancies)

    @cached_property
    def engine(self) -> Matcher:
        return self.fitted()

    @cached_property
    def whole(self) -> Result:
        return self.engine.run(self.candidates, top=None)


@st.composite
def _rows(draw: st.DrawFn, cells: Mapping[str, st.SearchStrategy[Any]], most: int, few: int) -> list[dict[str, Any]]:
    """Rows with ids of one type; the first cells are likely, each of the others is filled now and then."""
    numbers = draw(st.lists(st.integers(1, 300), min_size=1, max_size=most, unique=True))
    as_text = draw(st.booleans())
    names = list(cells)
    rows = []
    for number in numbers:
        chosen = draw(st.sets(st.sampled_from(names[:4]))) | draw(st.sets(st.sampled_from(names), max_size=few))
        row = {name: draw(cells[name]) for name in names if name in chosen}
        rows.append({"id": f"я{number}" if as_text else number, **row})
    return rows


@st.composite
def worlds(draw: st.DrawFn) -> World:
    weights = draw(
        st.sampled_from([{}, {"salary": 0.1}, {"text": 0, "profile": 0}, {"skills": 1, "title": 0, "role": 0}])
    )
    return World(
        candidates=draw(_rows(_CANDIDATE, most=4, few=6)),
        vacancies=draw(_rows(_VACANCY, most=3, few=5)),
        settings={
            "weights": weights,
            "tiers": draw(st.sampled_from([{}, {"must": 3.0}])),
            "wishes": draw(st.sampled_from([{}, {}, {"combine": "weighted"}, {"combine": "harmonic", "share": 0.4}])),
        },
        seed=draw(st.integers(0, 1000)),
    )


AGREEMENTS = [{"company": "Прибор", "institution": "МИЭТ", "to": "2026-12-31"}]


def csv(frame: pd.DataFrame) -> bytes:
    return frame.to_csv(index=False, lineterminator="\n").encode()


def parts_of(frame: pd.DataFrame) -> list[str]:
    return [c for c in frame.columns if c not in {*columns.RANKING_HEAD, *columns.READINGS}]


# ---------------------------------------------------------------- what must hold


def contributions_sum_to_the_score(world: World) -> None:
    frame = world.whole.ranking
    sums = frame[parts_of(frame)].fillna(0.0).sum(axis=1)
    assert sums.tolist() == frame["score"].tolist()
    assert frame["score"].between(0, 1).all()
    assert frame["known"].between(0, 1).all()


def explanations_equal_the_batch(world: World) -> None:
    engine, result = world.engine, world.whole
    people = {c["id"]: c for c in world.candidates}
    places = {v["id"]: v for v in world.vacancies}
    for row in result.ranking.head(5).to_dict("records"):
        here = result.explain(row["candidate_id"], row["vacancy_id"])
        alone = engine.explain(people[row["candidate_id"]], places[row["vacancy_id"]])
        for told in (here, alone):
            rest = told.terms.thinness + sum(told.terms.rest.values())
            assert sum(x.contribution for x in told.lines) + rest == told.score == row["score"]
            assert told.terms.known == row["known"]
            assert not told.terms.refused
        assert here.lines == alone.lines
        assert here.terms.unverified == alone.terms.unverified


def order_of_rows_and_columns_does_not_matter(world: World) -> None:
    shuffle = random.Random(world.seed)
    tables = [list(world.vacancies), list(world.candidates)]
    for rows in tables:
        shuffle.shuffle(rows)
    frames = [pd.DataFrame(rows) for rows in tables]
    frames = [f[shuffle.sample(list(f.columns), len(f.columns))] for f in frames]
    other = Matcher(world.settings, today=TODAY, agreements=AGREEMENTS).fit(frames[0])
    assert csv(other.rank(frames[1], top=None)) == csv(world.whole.ranking)


def block_size_does_not_matter(world: World) -> None:
    model = world.whole.scored.model
    for by in ("vacancy", "candidate"):
        for k in (1, 3, None):
            found = [rank(model, by=by, k=k, block=block) for block in (1, 7, 256)]
            told = [(r.rows.tolist(), r.columns.tolist(), r.units.tolist(), r.refused, r.n_pairs) for r in found]
            assert told[0] == told[1] == told[2]


def the_kernel_is_its_twin(world: World) -> None:
    model = world.whole.scored.model
    n, m = model.shape
    banned = [(i, j) for i in range(n) for j in range(m) if (i + j + world.seed) % 5 == 0]
    for by in ("vacancy", "candidate"):
        for k in (1, 2, 5):
            with mock.patch.object(kernel, "FEWEST_DENSE", 0 if k == 2 else kernel.FEWEST_DENSE):
                found = [rank(model, by=by, k=k, excluded=banned, kernel=way) for way in (False, True)]
            told = [
                (r.rows.tolist(), r.columns.tolist(), r.rank.tolist(), r.units.tolist(), r.refused, r.n_excluded)
                for r in found
            ]
            assert told[0] == told[1]


def both_directions_agree(world: World) -> None:
    other = world.engine.rank(world.candidates, by="candidate", top=None)
    one, two = (f.set_index(["vacancy_id", "candidate_id"])["score"].to_dict() for f in (world.whole.ranking, other))
    assert one == two


def more_skill_never_hurts(world: World) -> None:
    shuffle = random.Random(world.seed)
    added = shuffle.choice([s for s in SKILLS if not s.startswith("не ")])
    before = [{**c, "skills": [s for s in c.get("skills", []) if s != added] or ["пайка"]} for c in world.candidates]
    after = [{**c, "skills": [*c["skills"], added]} for c in before]
    # in a harmonic mean with the candidate's side a better score makes every single term weigh less
    settings = {**world.settings, "wishes": {}}
    engine = Matcher(settings, today=TODAY, agreements=AGREEMENTS).fit(world.vacancies)
    frames = [engine.rank(c, top=None).set_index(["vacancy_id", "candidate_id"])["skills"] for c in (before, after)]
    assert (frames[1].reindex(frames[0].index).fillna(0) >= frames[0].fillna(0)).all()


def a_saved_engine_is_the_same_engine(world: World) -> None:
    engine = world.engine
    with tempfile.TemporaryDirectory() as folder:
        engine.save(Path(folder) / "engine")
        loaded = Matcher.load(Path(folder) / "engine", today=TODAY)
    one, other = world.whole, loaded.run(world.candidates, top=None)
    assert csv(one.ranking) == csv(other.ranking)
    assert csv(one.rejections) == csv(other.rejections)
    assert loaded.about() == engine.about()


def exclude_removes_exactly_those_pairs(world: World) -> None:
    whole = world.whole.ranking
    pairs = whole[["vacancy_id", "candidate_id"]].sample(frac=0.5, random_state=world.seed)
    cut = world.engine.run(world.candidates, top=None, exclude=pairs)
    kept = whole.merge(pairs, how="left", indicator=True).query("_merge == 'left_only'")[["vacancy_id", "candidate_id"]]
    found = cut.ranking[["vacancy_id", "candidate_id"]]
    assert found.to_numpy().tolist() == kept.to_numpy().tolist()
    assert cut.summary.excluded == len(pairs)


def pairs_and_rows_are_accounted_for(world: World) -> None:
    result = world.engine.run(world.candidates, top=2)
    s = result.summary
    assert s.pairs == s.scored + s.excluded + sum(s.refused.values())
    assert s.pairs == s.candidates.usable * s.vacancies.usable
    assert result.rejections["reason"].value_counts().to_dict() == dict(s.refused)
    assert s.ranked_pairs == len(result.ranking)
    for count, rows in ((s.candidates, world.candidates), (s.vacancies, world.vacancies)):
        assert count.rows == len(rows) == count.usable + count.insufficient_text + count.quarantined
    assert len(result.insufficient) == s.candidates.insufficient_text + s.vacancies.insufficient_text


def ids_come_back_as_they_came(world: World) -> None:
    result = world.whole
    for name, rows in (("vacancy_id", world.vacancies), ("candidate_id", world.candidates)):
        given = {(type(row["id"]), row["id"]) for row in rows}
        for frame in (result.ranking, result.rejections):
            assert {(type(i), i) for i in frame[name].tolist()} <= given


def the_rank_is_a_rank(world: World) -> None:
    frame = world.whole.ranking
    for _, rows in frame.groupby("vacancy_id"):
        assert rows["rank"].tolist() == list(range(1, len(rows) + 1))
        keys = list(zip(-rows["score"], rows["candidate_id"].astype(str), strict=True))
        assert keys == sorted(keys)
    best = world.engine.rank(world.candidates, top=1)
    assert csv(best) == csv(frame[frame["rank"] == 1])


def processes_do_not_matter(world: World) -> None:
    least = parallel._LEAST_PER_JOB
    parallel._LEAST_PER_JOB = 1
    try:
        forked = world.fitted(n_jobs=2).rank(world.candidates, top=None)
    finally:
        parallel._LEAST_PER_JOB = least
    assert csv(forked) == csv(world.whole.ranking)


CHECKS: tuple[Callable[[World], None], ...] = (
    contributions_sum_to_the_score, explanations_equal_the_batch, order_of_rows_and_columns_does_not_matter,
    block_size_does_not_matter, the_kernel_is_its_twin, both_directions_agree, more_skill_never_hurts, a_saved_engine_is_the_same_engine,
    exclude_removes_exactly_those_pairs, pairs_and_rows_are_accounted_for, ids_come_back_as_they_came,
    the_rank_is_a_rank,
)  # fmt: skip
"""What must hold in every world; `processes_do_not_matter` forks, and is called less often."""

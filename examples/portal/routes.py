"""What the service answers; every route takes the state once, so that a reload in between changes no answer."""

from __future__ import annotations

import asyncio
import datetime as dt
import hmac
from collections import Counter
from typing import Annotated, Any
from urllib.parse import unquote

from fastapi import APIRouter, Body, Depends, Path, Query, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import AwareDatetime, BaseModel

from matcher import InputError
from matcher.cells import parse_id
from matcher.schemas import CandidateIn, ExplanationOut, Hit, Row, VacancyIn
from portal.live import State


class Refusal(BaseModel):
    """Why a request was refused: a sentence for people and what is to be mended."""

    error: str
    faults: list[str] = []


class Answer(BaseModel):
    """The best matches, best first."""

    asked: str | int
    snapshot: int
    hits: list[Hit]


class Put(BaseModel):
    """What became of a row."""

    id: str | int
    is_new: bool


class Ready(BaseModel):
    """What answers now."""

    snapshot: int
    candidates: int
    vacancies: int
    changes: int
    inside: int
    matcher: str
    dictionary: str
    taxonomy: str
    settings_fingerprint: str


class ReloadIn(BaseModel):
    """When the snapshot's data were read; older changes are in it and are forgotten."""

    as_of: AwareDatetime | None = None


class ForbiddenError(Exception):
    """No token, or a wrong one."""


router = APIRouter(
    responses={
        404: {"model": Refusal, "description": "Нет такой строки"},
        413: {"model": Refusal, "description": "Тело запроса слишком велико"},
        422: {"model": Refusal, "description": "Запрос не разобран: что не так и что можно"},
        503: {"model": Refusal, "description": "Нет мест в очереди (Retry-After) или ответ не готов в срок"},
    }
)
VACANCY = {"id": "черновик-1", "title": "Токарь", "must_skills": ["чтение чертежей", "ЧПУ"], "city": "Москва"}
CANDIDATE = {"id": "новый", "title": "токарь", "skills": ["читаю чертежи"], "licences": ["grade.turner:4"]}
CandidateBody = Annotated[CandidateIn, Body(openapi_examples={"токарь": {"value": CANDIDATE}})]
VacancyBody = Annotated[VacancyIn, Body(openapi_examples={"токарь": {"value": VACANCY}})]
Top = Annotated[int, Query(ge=1, description="Сколько ответов; наибольшее задано настройкой most_top")]
Reasons = Annotated[bool, Query(description="Объяснить каждый ответ по-русски; без этого быстрее")]
Bearer = Annotated[HTTPAuthorizationCredentials | None, Depends(HTTPBearer(auto_error=False))]


def row_id(raw: str) -> str:
    """An id of any text, percent-encoded in the path, cleaned as a table cleans it."""
    try:
        found = parse_id(unquote(raw, errors="strict"), Counter())
    except UnicodeDecodeError:
        raise InputError("The id in the path must be percent-encoded UTF-8.") from None
    if found is None:
        raise InputError("The id in the path must not be missing.")
    return str(found)


RawId = Annotated[str, Path(alias="id", description="Любой текст, закодированный целиком: / пишется как %2F")]
RawVacancyId = Annotated[str, Path(alias="vacancy_id", description="Любой текст, закодированный целиком")]


@router.post("/vacancies/match", summary="Лучшие кандидаты для вакансии")
async def match_vacancy(request: Request, row: VacancyBody, top: Top = 10, reasons: Reasons = True) -> Answer:
    """Вакансия не обязана быть в индексе: черновик можно спросить до публикации."""
    return await _match(request, "vacancy", row, top, reasons)


@router.post("/candidates/match", summary="Лучшие вакансии для кандидата")
async def match_candidate(request: Request, row: CandidateBody, top: Top = 10, reasons: Reasons = True) -> Answer:
    """Кандидат не обязан быть в индексе."""
    return await _match(request, "candidate", row, top, reasons)


@router.put("/candidates/{id}", summary="Добавить или заменить кандидата")
async def put_candidate(request: Request, raw: RawId, row: CandidateBody, response: Response) -> Put:
    """Id в пути и в теле должны совпадать. Повтор безопасен."""
    return await _put(request, "candidates", raw, row, response)


@router.put("/vacancies/{id}", summary="Добавить или заменить вакансию")
async def put_vacancy(request: Request, raw: RawId, row: VacancyBody, response: Response) -> Put:
    """Id в пути и в теле должны совпадать. Повтор безопасен."""
    return await _put(request, "vacancies", raw, row, response)


@router.delete("/candidates/{id}", status_code=204, summary="Убрать кандидата")
async def delete_candidate(request: Request, raw: RawId) -> None:
    """404, если его нет."""
    await request.app.state.desk.run(request.app.state.live.remove, "candidates", row_id(raw))


@router.delete("/vacancies/{id}", status_code=204, summary="Убрать вакансию")
async def delete_vacancy(request: Request, raw: RawId) -> None:
    """404, если её нет."""
    await request.app.state.desk.run(request.app.state.live.remove, "vacancies", row_id(raw))


@router.get("/candidates/{id}/explain/{vacancy_id}", summary="Почему у пары такая оценка")
async def explain(request: Request, raw: RawId, raw_vacancy: RawVacancyId) -> ExplanationOut:
    """Оба должны быть в индексе; отказ объясняется тоже."""
    state: State = request.app.state.live.state
    told: ExplanationOut = await request.app.state.desk.run(state.explain, row_id(raw), row_id(raw_vacancy))
    return told


@router.get("/health", summary="Процесс жив")
async def health() -> dict[str, str]:
    """Не зависит от нагрузки."""
    return {"status": "ok"}


@router.get("/ready", summary="Что сейчас отвечает, и есть ли места в очереди")
async def ready(request: Request, response: Response) -> Ready:
    """503, когда очередь полна: балансировщик может послать запрос другому."""
    if request.app.state.desk.is_full:
        response.status_code = 503
    return _ready(request, request.app.state.live.state)


@router.post("/reload", summary="Загрузить снимок заново и подменить им нынешний")
async def reload(request: Request, bearer: Bearer, told: ReloadIn | None = None) -> Ready:
    """Ответ приходит, когда новый снимок уже отвечает; до того отвечает старый."""
    token = request.app.state.settings.token
    given = bearer.credentials if bearer else ""
    if not token or not hmac.compare_digest(given.encode(), token.encode()):
        raise ForbiddenError
    as_of: dt.datetime | None = told.as_of if told else None
    return _ready(request, await asyncio.to_thread(request.app.state.live.reload, as_of))


async def _match(request: Request, by: str, row: Row, top: int, reasons: bool) -> Answer:
    most = request.app.state.settings.most_top
    if top > most:
        raise InputError(f"top must be a whole number from 1 to {most}. Got {top}.")
    told, state = _row(request, row), request.app.state.live.state
    hits = await request.app.state.desk.run(state.match, by, told, top, reasons)
    return Answer(asked=told["id"], snapshot=state.number, hits=hits)


async def _put(request: Request, table: str, raw: str, row: Row, response: Response) -> Put:
    told = _row(request, row)
    if row_id(raw) != str(told["id"]):
        raise InputError(f"The id of the row must be that of the path. Got {told['id']!r}.")
    is_new = await request.app.state.desk.run(request.app.state.live.put, table, row)
    response.status_code = 201 if is_new else 200
    return Put(id=told["id"], is_new=is_new)


def _row(request: Request, row: Row) -> dict[str, Any]:
    """The row, no list and no word of which is too long for one request."""
    told, limits = row.to_row(), request.app.state.settings
    for name, value in told.items():
        if isinstance(value, list) and len(value) > limits.most_items:
            raise InputError(f"{name} must be a list of at most {limits.most_items} items; has {len(value)}.")
        texts = value if isinstance(value, list) else [value]
        longest = max((len(word) for text in texts if isinstance(text, str) for word in text.split()), default=0)
        if longest > limits.most_word and name != "id":  # ids are not read
            raise InputError(f"{name} must hold words of at most {limits.most_word} characters; one has {longest}.")
    return told


def _ready(request: Request, state: State) -> Ready:
    about = state.engine.about()
    names = ("matcher", "dictionary", "taxonomy", "settings_fingerprint")
    return Ready(
        snapshot=state.number, candidates=len(state.candidates), vacancies=len(state.vacancies),
        changes=len(request.app.state.live.journal.changes), inside=request.app.state.desk.inside,
        **{name: about[name] for name in names},
    )  # fmt: skip

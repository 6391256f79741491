"""The service: ``uvicorn --app-dir examples --factory portal.app:from_environment --no-access-log``."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from matcher import MatcherError, StoreError, __version__
from matcher.privacy import mask
from portal.desk import BusyError, Desk, TooLateError
from portal.door import Door
from portal.live import Live, LoadingError, MissingError
from portal.routes import ForbiddenError, router
from portal.settings import PortalSettings

_HTTP = {404: "Нет такого адреса.", 405: "Этот адрес так не спрашивают.", 400: "Запрос не разобран."}
_TOLD: dict[type[Exception], tuple[int, str]] = {
    BusyError: (503, "Очередь полна: повторите запрос чуть позже."),
    TooLateError: (503, "Ответ не готов в срок: сузьте запрос или повторите его позже. Изменение можно повторить."),
    ForbiddenError: (403, "Загружать снимок может только тот, кто знает ключ."),
    MissingError: (404, "Не найдено."),
    LoadingError: (409, "Снимок уже загружается."),
    StoreError: (409, "Снимок не загружен, отвечает прежний."),
    MatcherError: (422, "Запрос не принят."),
    Exception: (500, "Внутренняя ошибка; она записана в журнал службы."),
}
"""Error -> status and sentence for people; what the library says of its own errors goes along."""
_MOST_SHOWN, _MOST_TOLD = 120, 20


def create_app(settings: PortalSettings | str | Path) -> FastAPI:
    """The service over a saved index; it is loaded when the service starts, and questions come after that."""
    told = settings if isinstance(settings, PortalSettings) else PortalSettings(Path(settings))

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.live = await asyncio.to_thread(Live, told.directory, told.journal)
        app.state.desk = Desk(told.workers, told.waiting, told.seconds)
        yield
        app.state.desk.close()
        app.state.live.journal.close()

    app = FastAPI(
        title="Подбор кандидатов и вакансий", version=__version__, lifespan=lifespan, redirect_slashes=False,
        description="Пример службы над живым индексом `matcher`. Ошибки: `error` — людям, `faults` — что исправить.",
    )  # fmt: skip
    app.state.settings = told
    app.include_router(router)
    app.add_middleware(Door, settings=told)
    _answer_errors(app)
    return app


def from_environment() -> FastAPI:
    """The service that the environment tells, its log on standard output."""
    log = logging.getLogger("matcher.portal")
    log.setLevel(logging.INFO)
    log.addHandler(logging.StreamHandler(sys.stdout))
    return create_app(PortalSettings.from_environment())


def _answer_errors(app: FastAPI) -> None:
    """One shape for all refusals, and never a traceback."""
    for kind, (status, sentence) in _TOLD.items():
        app.add_exception_handler(kind, partial(_refuse, status, sentence))
    app.add_exception_handler(RequestValidationError, _unread)
    app.add_exception_handler(HTTPException, _unserved)


def _refusal(status: int, error: str, faults: Sequence[str] = ()) -> JSONResponse:
    headers = {"Retry-After": "1"} if status == 503 else None
    return JSONResponse({"error": error, "faults": list(faults)}, status, headers)


async def _refuse(status: int, sentence: str, _: Request, error: Exception) -> JSONResponse:
    return _refusal(status, sentence, [str(error)] if isinstance(error, MatcherError) else [])


async def _unserved(_: Request, error: Any) -> JSONResponse:
    return _refusal(error.status_code, _HTTP.get(error.status_code, _TOLD[MatcherError][1]))


async def _unread(_: Request, error: Any) -> JSONResponse:
    faults = [_sentence(fault) for fault in error.errors()[:_MOST_TOLD]]
    return _refusal(422, "Запрос не принят: его строки не разобраны.", faults)


def _sentence(fault: dict[str, Any]) -> str:
    """What is wrong, what is allowed, what came: a value cut short and masked, never a whole row."""
    if fault["type"] == "json_invalid":
        return f"The body is not JSON: it breaks off at character {fault['loc'][-1]}."
    where = ".".join(str(part) for part in fault["loc"][1:])
    what = {"missing": "must not be missing"}.get(fault["type"], fault["msg"].removeprefix("Value error, "))
    given = fault.get("input")
    is_shown = isinstance(given, str | int | float) and fault["type"] != "missing"
    shown = f" Got {mask(repr(given)[:_MOST_SHOWN], Counter())}." if is_shown else ""
    told = f"{where} {what}".strip()
    return (told if told.endswith((".", "?")) else told + ".") + shown

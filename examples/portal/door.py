"""The outermost layer: how large and how slow a body may be, ids of any text in paths, one line of log a request."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import quote

from portal.settings import PortalSettings

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGI = Callable[[Message, Receive, Send], Awaitable[None]]

LOG = logging.getLogger("matcher.portal.access")

TOO_LARGE = "Тело запроса больше дозволенного."
TOO_SLOW = "Тело запроса пришло не целиком за отведённое время."


class RefusedError(Exception):
    """A request that is not let in: its status and a sentence."""


class Door:
    """Read the body whole before anything else happens, within its limits, declared length or none."""

    def __init__(self, app: ASGI, settings: PortalSettings) -> None:
        self._app, self._settings = app, settings

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start, told = time.perf_counter(), {"status": 0, "bytes": 0}
        # routes see the path as it was sent, so that %2F inside an id is no slash
        raw = scope.get("raw_path") or quote(scope["path"]).encode()
        scope = {**scope, "path": raw.decode("ascii", "replace")}

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                told["status"] = message["status"]
            await send(message)

        try:
            body = await self._body(scope, receive)
            told["bytes"] = len(body)
            await self._app(scope, _replay(body, receive), sending)
        except RefusedError as refused:
            await _refuse(sending, *refused.args)
        except ConnectionError:
            told["status"] = 499  # the client went away while it was sending
        finally:
            _log(scope, told, time.perf_counter() - start)

    async def _body(self, scope: Message, receive: Receive) -> bytes:
        most = self._settings.body_bytes
        length = dict(scope["headers"]).get(b"content-length", b"0")
        if length.isdigit() and int(length[:20]) > most:
            raise RefusedError(413, f"{TOO_LARGE} Наибольшее: {most} байт.")
        body = bytearray()
        try:
            async with asyncio.timeout(self._settings.body_seconds):
                more = True
                while more:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise ConnectionError
                    body += message.get("body", b"")
                    more = message.get("more_body", False)
                    if len(body) > most:
                        raise RefusedError(413, f"{TOO_LARGE} Наибольшее: {most} байт.")
        except TimeoutError:
            raise RefusedError(408, TOO_SLOW) from None
        return bytes(body)


def _replay(body: bytes, receive: Receive) -> Receive:
    """The body as one message, then whatever else comes."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replayed() -> Message:
        return messages.pop() if messages else await receive()

    return replayed


async def _refuse(send: Send, status: int, sentence: str) -> None:
    body = json.dumps({"error": sentence, "faults": []}, ensure_ascii=False).encode()
    headers = [(b"content-type", b"application/json"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _log(scope: Message, told: dict[str, int], seconds: float) -> None:
    """One line of JSON: the route and not the path, whose ids may tell who it is; no query, no body, no address."""
    route = getattr(scope.get("route"), "path", "")
    line = {"method": scope["method"], "route": route, **told, "ms": round(1000 * seconds, 1)}
    LOG.info(json.dumps(line))

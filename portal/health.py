"""Tells a watcher whether this process lives and whether it can serve, and nothing else."""

import asyncio
from collections.abc import Awaitable
from typing import Any

from sqlalchemy import text
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from portal.errors import Away
from portal.services import Services

WITHIN = 2.0


def health_routes(services: Services) -> list[Route]:
    """``/health/live`` and ``/health/ready``, for both faces.

    ``ready`` asks the database and both Valkeys at once and answers 200 or 503, without saying which one is
    silent: the answer is open to everyone.
    """

    async def live(_request: Request) -> Response:
        return PlainTextResponse("live\n")

    async def ready(_request: Request) -> Response:
        is_ready = all(await asyncio.gather(*(_answers(each) for each in _questions(services))))
        return PlainTextResponse("ready\n" if is_ready else "not ready\n", 200 if is_ready else 503)

    return [Route("/health/live", live), Route("/health/ready", ready)]


def _questions(services: Services) -> list[Awaitable[Any]]:
    async def database() -> None:
        async with services.database.read() as connection:
            await connection.execute(text("SELECT 1"))

    return [database(), services.durable.ping(), services.ember_client.ping()]


async def _answers(question: Awaitable[Any]) -> bool:
    try:
        async with asyncio.timeout(WITHIN):
            await question
    except (Away, TimeoutError):
        return False
    return True

"""Leaves a slip of each chat for the house's figures: that one was asked for, and what became of the wait."""

import asyncio
import logging
from contextlib import suppress
from datetime import datetime
from typing import Any, Final

import msgspec

from chat.conversation import HOUSE, Facts
from chat.store import keys
from chat.store.talk import LASTS
from portal.errors import PorchlightError
from portal.figures.slips import SealedSlip, Slip, became, step_of
from portal.services import Services

WITHIN_S: Final = 2.0  # a figure is worth no wait of anybody's

_log = logging.getLogger("porchlight.chat.figures")


class Slips:
    """Neither act ever fails or keeps anybody waiting for long: a slip that cannot be written is lost, and counted by
    nobody.
    """

    def __init__(self, services: Services) -> None:
        self._services = services
        self._figures = services.figures

    async def asked(self, conversation: bytes, language: str) -> None:
        """Somebody pressed Start on a page of this language. Sealed beside the conversation until she has written: no
        store learns the language.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(WITHIN_S):
                try:
                    slip = await self._figures.seal_slip(Slip(became="asked", language=language))
                    lasts = int(LASTS.total_seconds() * 1000)
                    await self._services.durable.set(keys.asked(conversation), msgspec.msgpack.encode(slip), px=lasts)
                except PorchlightError as error:
                    _log.warning("slip_lost error=%s", type(error).__name__)

    async def before_erasing(self, conversation: bytes, facts: Facts | None) -> None:
        """Put both in, once, however often it is tried; nothing of a chat in which nobody wrote."""
        if facts is None or not facts.has_spoken or facts.owner == HOUSE:
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(WITHIN_S):
                try:
                    name = await self._figures.slip_name(conversation)
                    slips = [await self._figures.seal_slip(await self._ended(facts), row=name)]
                    kept: Any = await self._services.durable.get(keys.asked(conversation))
                    if kept is not None:
                        slips.append(msgspec.msgpack.decode(bytes(kept), type=SealedSlip))
                    await self._figures.put_slips(slips)
                except PorchlightError as error:
                    _log.warning("slip_lost error=%s", type(error).__name__)

    async def _ended(self, facts: Facts) -> Slip:
        ended_ms = facts.ended_ms or int(self._services.clock.now().timestamp() * 1000)
        waited_s = ((facts.took_ms or ended_ms) - facts.arrived_ms) / 1000
        patience_s = self._services.now.choice_minutes * 60
        arrived = datetime.fromtimestamp(facts.arrived_ms / 1000, (await self._services.doors.doors()).clock)
        return Slip(
            became=became(was_held=bool(facts.took_ms), waited_s=waited_s, how=facts.how, patience_s=patience_s),
            wait=step_of(waited_s) if facts.took_ms else 0,
            hour=arrived.weekday() * 24 + arrived.hour,
        )

"""Tells the operator's mailboxes, seldom and in one mail, that something is new: a number, nothing of what it is about.

What happens now does not wait for it: for that the server calls people (`portal.alerts`).
"""

import asyncio
import logging
from datetime import timedelta
from typing import Final

from i18n.languages import ENGLISH, find_language
from portal.alerts.ways import MAIL
from portal.errors import Away, PorchlightError
from portal.services import Services
from tips.crowd.tally import Tally

CLAIM: Final = b"{desk}:digest"
FAILED: Final = b"{desk}:digest-failed"

LOOK_EVERY_S: Final = 30.0
FEW: Final = 5
"""Fewer than these are "some": a small number could be told from somebody's day."""

FIRST_PAUSE: Final = timedelta(minutes=5)
FAILED_SHOWN: Final = timedelta(days=2)

_log = logging.getLogger("porchlight.tips")


def pause_after(tries: int, every: timedelta) -> timedelta:
    """How long after so many vain tries the next is made: five minutes, twice as long each time, at most `every`.

    So what cannot be sent is tried a few times in an hour and then once in each, as a mail that can.
    """
    doubled: int = 2 ** min(max(tries, 1) - 1, 10)
    return min(every, FIRST_PAUSE * doubled)


class Digest:
    """The mail. Whichever process claims the hour sends it; none of them keeps anybody waiting."""

    def __init__(self, services: Services, tally: Tally) -> None:
        self._services = services
        self._tally = tally
        self._to = services.settings.digest_to or ()

    async def run(self) -> None:
        """Look now and then whether a mail is due. Runs as long as the process."""
        while True:
            try:
                await self.look()
            except PorchlightError as error:
                _log.warning("digest_waits error=%s", type(error).__name__)
            await asyncio.sleep(LOOK_EVERY_S)

    def _every(self) -> timedelta:
        return timedelta(minutes=self._services.now.digest_minutes)

    async def look(self) -> bool:
        """Send what is due, if this process is the one to do it; whether a mail went. Raises ValkeyAway."""
        number = await self._tally.new() if self._to else 0
        durable = self._services.durable
        # Claimed before it is sent: a process that is killed in between costs one mail and never makes two of it.
        if not number or not await durable.set(CLAIM, b"1", nx=True, px=_ms(self._every())):
            return False
        sent = await asyncio.gather(*(self._send(tag, mailbox, number) for tag, mailbox in self._to))
        if all(sent):
            await durable.delete(FAILED)
        else:
            tries = int(await durable.incr(FAILED))
            await durable.pexpire(FAILED, _ms(FAILED_SHOWN))
            if not any(sent):
                await durable.pexpire(CLAIM, _ms(pause_after(tries, self._every())))
                return False
        await self._tally.told(number)
        return True

    async def is_stuck(self) -> bool:
        """Whether the last mail did not go to everybody it was for. Raises ValkeyAway."""
        return bool(self._to) and bool(await self._services.durable.exists(FAILED))

    async def _send(self, tag: str, mailbox: str, number: int) -> bool:
        return await self._services.alerts.ways.send(MAIL, mailbox, await self._words(tag, number))

    async def _words(self, tag: str, number: int) -> str:
        house = self._services.settings.organisation or "Porchlight"
        try:
            house = (await self._services.opening.facts()).name or house
        except Away:
            _log.warning("digest_without_name")
        phrases, tongue = self._services.pages.catalogue, find_language(tag) or ENGLISH
        if number < FEW:
            return phrases.phrase(tongue, "deskcrowd.mail.some", house=house)
        return phrases.plural(tongue, "deskcrowd.mail", number, house=house)


def _ms(lasts: timedelta) -> int:
    return int(lasts.total_seconds() * 1000)

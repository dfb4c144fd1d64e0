"""Ends, when a person leaves, whatever her page could still open."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence

from portal.errors import PorchlightError

Destroyer = Callable[[str], Awaitable[None]]

MOST_TOKENS = 16
LONGEST_TOKEN = 200

_log = logging.getLogger("porchlight.leaving")


class Leaving:
    """The rooms' destroyers. Each is given every token a leaving page held and destroys what it knows by it.

    A destroyer gets tokens of other rooms too, and forged ones: for those it does nothing, and says nothing.
    """

    def __init__(self) -> None:
        self._destroyers: list[Destroyer] = []

    def register(self, destroyer: Destroyer) -> None:
        """Add a room's destroyer; done once, when the room's section is made."""
        self._destroyers.append(destroyer)

    async def destroy(self, tokens: Sequence[str]) -> None:
        """Hand each token to each destroyer. Never raises: a person who leaves is let go, whatever fails here.

        What a failure leaves behind dies by its time to live or by its room's sweeper.
        """
        for token in tokens[:MOST_TOKENS]:
            if not token or len(token) > LONGEST_TOKEN:
                continue
            for destroyer in self._destroyers:
                await _destroyed(destroyer, token)


async def _destroyed(destroyer: Destroyer, token: str) -> None:
    try:
        await destroyer(token)
    except PorchlightError as error:
        _log.warning("leaving_destroyer_failed error=%s", type(error).__name__)
    except Exception as error:  # One room's fault must not keep another room from destroying.
        _log.error("leaving_destroyer_broke error=%s", type(error).__name__)

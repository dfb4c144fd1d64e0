"""Finishes the handings on that a kill left half done, and drops the offers that no longer stand."""

from chat.handing import Handing


class HandingSweep:
    """Any process may do it, several at once, and again after a kill."""

    def __init__(self, handing: Handing) -> None:
        self._handing = handing

    async def sweep(self) -> None:
        """Look at every offer. Raises `ValkeyAway`, but not for the store without a disk: a word waits for it."""
        for conversation, offer in (await self._handing.offers.all()).items():
            await self._handing.settle(conversation, offer)

"""Asks for the alias of each colleague once, for as long as one picture of the desk is drawn."""

from collections.abc import Awaitable, Callable

Called = Callable[[bytes], Awaitable[str]]


class Aliases:
    """Of twenty conversations that three people hold, the database is asked three times."""

    def __init__(self, ask: Called) -> None:
        self._ask = ask
        self._known: dict[bytes, str] = {}

    async def __call__(self, staff_id: bytes) -> str:
        """What she is called. Raises what asking raises."""
        if staff_id not in self._known:
            self._known[staff_id] = await self._ask(staff_id)
        return self._known[staff_id]

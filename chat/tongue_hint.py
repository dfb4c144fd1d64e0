"""Looks at what somebody says until it is plain in which language, and tells where it is another than her page's."""

from collections.abc import Awaitable, Callable
from typing import Final

from chat.errands import Errands
from i18n.guess import ENOUGH, Guesses, weight

MOST_LOOKS: Final = 8
"""Of one line. Who has said so much has seen the list of languages, and a long talk costs nothing more."""


class TongueHint:
    """Of one line, on whichever side. It keeps nothing of what it looked at."""

    def __init__(self, guesses: Guesses, errands: Errands) -> None:
        self._guesses = guesses
        self._errands = errands
        self._looks = MOST_LOOKS
        self._is_told = False

    def said(self, text: str, tag: str, tell: Callable[[str], Awaitable[None]]) -> None:
        """Words of a visitor whose page speaks `tag`; `tell` is told another language, once. Nobody waits for it."""
        if self._looks and weight(text) >= ENOUGH:
            self._looks -= 1
            self._errands.begin(self._look(text, tag, tell))

    async def _look(self, text: str, tag: str, tell: Callable[[str], Awaitable[None]]) -> None:
        guess = await self._guesses.other_than(tag, text)
        if guess is not None and not self._is_told:
            self._is_told, self._looks = True, 0
            await tell(guess)

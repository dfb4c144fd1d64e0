"""The words one line said itself: its page hears of them by their acknowledgement alone, in their place.

They are heard like everything that is said. What a line knows as its own is neither opened nor told again: its answer
acknowledges it, or, where something with a higher number is to be told before that came, the hearing does.
"""

from collections.abc import Awaitable, Callable
from typing import Final

from chat.message import HEAD_OF_WORDS

# The version of the line whose page counts its own words by their acknowledgement.
COUNTS_OWN: Final = "line.6"

Accept = Callable[[int], Awaitable[None]]


class OwnWords:
    """Heads of words (`chat/message.py`) this line said: not acknowledged yet, or acknowledged and not heard yet.

    Whatever it does not know is told whole, as to every other line: words of another line of the same person, or of
    this one's before a gap.
    """

    __slots__ = ("_awaited", "_heard", "_numbers")

    def __init__(self) -> None:
        self._awaited: dict[bytes, Accept] = {}
        self._heard: dict[bytes, int] = {}  # of these, what was heard before it was answered
        self._numbers: dict[bytes, int] = {}

    def says(self, head: bytes, accept: Accept) -> None:
        """They are on their way to the store; `accept` tells the page their number."""
        self._awaited[head] = accept

    async def answered(self, head: bytes, seq: int, heard: Callable[[], int]) -> None:
        """They are kept under this number. `heard`: the last number that was heard."""
        accept = self._awaited.get(head)
        if accept is None:
            return  # something else followed: acknowledged before it
        await accept(seq)
        self._heard.pop(head, None)
        if self._awaited.pop(head, None) is not None and seq > heard():
            self._numbers[head] = seq

    async def refused(self, head: bytes) -> bool:
        """No answer, or a no. False: they were heard, so they are kept, and are acknowledged by that.

        Should they be heard only later, they are told whole.
        """
        accept, seq = self._awaited.pop(head, None), self._heard.pop(head, None)
        if accept is None or seq is None:
            return accept is not None
        await accept(seq)
        return False

    def passes(self, seq: int, packed: bytes) -> bool:
        """Whether the next number is this line's own: it needs no more telling than its acknowledgement."""
        if not self._awaited and not self._numbers:
            return False
        head = packed[:HEAD_OF_WORDS]
        if head in self._numbers:
            return self._numbers.pop(head) == seq
        if head in self._awaited:
            self._heard[head] = seq
            return True
        return False

    @property
    def is_owed(self) -> bool:
        """Whether something was heard and not acknowledged: nothing may be told before that is."""
        return bool(self._heard)

    async def settle(self) -> None:
        """Acknowledge what was heard."""
        while self._heard:
            head, seq = next(iter(self._heard.items()))
            del self._heard[head]
            await self._awaited.pop(head)(seq)

    def passed(self, last: int) -> None:
        """Everything up to this number was told whole."""
        for head in [head for head, seq in self._numbers.items() if seq <= last]:
            del self._numbers[head]

    def __len__(self) -> int:
        return len(self._awaited) + len(self._numbers)

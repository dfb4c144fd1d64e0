"""The words one line said itself: its page hears of them by their acknowledgement alone, in their place.

They are heard like everything that is said. What a line knows as its own is neither opened nor told again: whichever
comes first, the answer or the hearing, acknowledges it, so that nothing with a higher number is told before.
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

    __slots__ = ("_awaited", "_numbers")

    def __init__(self) -> None:
        self._awaited: dict[bytes, Accept] = {}
        self._numbers: dict[bytes, int] = {}

    def says(self, head: bytes, accept: Accept) -> None:
        """They are on their way to the store; `accept` tells the page their number."""
        self._awaited[head] = accept

    def refused(self, head: bytes) -> None:
        """Not kept, or nobody knows: should they be heard after all, they are told whole."""
        self._awaited.pop(head, None)

    async def answered(self, head: bytes, seq: int, heard: Callable[[], int]) -> None:
        """They are kept under this number. `heard`: the last number that was heard."""
        accept = self._awaited.get(head)
        if accept is None:
            return  # heard first, and acknowledged by that
        await accept(seq)
        if self._awaited.pop(head, None) is not None and seq > heard():
            self._numbers[head] = seq

    async def hears(self, seq: int, packed: bytes) -> bool:
        """Whether the next number is this line's own, and needs no more telling."""
        if not self._awaited and not self._numbers:
            return False
        head = packed[:HEAD_OF_WORDS]
        if head in self._numbers:
            return self._numbers.pop(head) == seq
        accept = self._awaited.pop(head, None)
        if accept is None:
            return False
        await accept(seq)
        return True

    def passed(self, last: int) -> None:
        """Everything up to this number was told whole."""
        for head in [head for head, seq in self._numbers.items() if seq <= last]:
            del self._numbers[head]

    def __len__(self) -> int:
        return len(self._awaited) + len(self._numbers)

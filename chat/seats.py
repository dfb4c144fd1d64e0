"""Shares the seats of pages that listen without a socket, so that strangers take none from an open conversation."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final, Protocol

from chat.share import Share
from portal.errors import TooBusy

# Pages listening in one process. Beyond it a page shows what is there and asks again a little later. What an advocate
# has taken is bounded by the advocates; its bound here is one that no house reaches, and stands for the memory.
MOST: Final[Mapping[Share, int]] = {"unspoken": 200, "waiting": 400, "open": 1_000}
# Pages by questions that got no seat and wait for the next look: each is a connection and a clock, nothing more.
STANDING: Final = 1_000
# Of one conversation: the one that is ending and the one that follows it. A third shows that the first is nobody's.
OF_ONE: Final = 2
# Replaced ones of that conversation that have not gone yet: a dead phone is noticed only by what it does not take.
LEAVING: Final = 4


class Page(Protocol):
    """Whatever listens."""

    def replace(self) -> None:
        """A newer page of the same talk listens now; this one may end."""


class Seats:
    """The seats of one process.

    A seat is held for a minute at most and counts as what its conversation was when it was taken: so no bound is ever
    passed, and whoever has been taken meanwhile asks for the next one as an open conversation.
    """

    def __init__(self, most: Mapping[Share, int] = MOST, standing: int = STANDING) -> None:
        self._most = most
        self._may_stand = standing
        self._of: defaultdict[bytes, list[Page]] = defaultdict(list)
        self._taken: Counter[Share] = Counter()

    @contextmanager
    def seated(self, conversation: bytes, share: Share, page: Page) -> Iterator[None]:
        """One seat for the length of a `with`. Raises TooBusy."""
        own = self._of.get(conversation, ())
        if self._taken[share] >= self._most[share] or len(own) >= OF_ONE + LEAVING:
            raise TooBusy
        pages = self._of[conversation]
        pages.append(page)
        for older in pages[:-OF_ONE]:
            older.replace()
        self._taken[share] += 1
        try:
            yield
        finally:
            self._taken[share] -= 1
            pages.remove(page)
            if not pages:
                del self._of[conversation]

    @contextmanager
    def standing(self) -> Iterator[None]:
        """Room for a page without a seat. Raises TooBusy."""
        if self._may_stand <= 0:
            raise TooBusy
        self._may_stand -= 1
        try:
            yield
        finally:
            self._may_stand += 1

    def taken(self, share: Share) -> int:
        """How many seats of this share are held."""
        return self._taken[share]

    def __len__(self) -> int:
        """Of how many conversations somebody listens."""
        return len(self._of)

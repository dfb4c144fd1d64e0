"""What a room brings to the house: its pages on each face and the work it does in the background."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from starlette.routing import BaseRoute


@dataclass(frozen=True)
class Section:
    """One room's part of the site map.

    ``public`` is served on the site's own address, ``desk`` on the desk's, never both. Each of ``background``
    is a task that runs as long as the process does; the app's lifespan owns it and starts it again if it fails.
    """

    public: Sequence[BaseRoute] = ()
    desk: Sequence[BaseRoute] = ()
    background: Sequence[Callable[[], Awaitable[None]]] = ()

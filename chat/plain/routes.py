"""The addresses of the talk without script."""

from collections.abc import Sequence

from starlette.routing import BaseRoute, Route

from chat.comeback import Comebacks
from chat.doorway import Doorway
from chat.errands import Errands
from chat.hands import Hands
from chat.plain.composer import Composer
from chat.plain.cover import CoverPages
from chat.plain.door import Door
from chat.plain.frames import MOMENT, STAY, Frames
from chat.plain.outer import OuterPage
from chat.plain.tapping import Tapping
from chat.plain.words import WordsFrame
from chat.relay import Relay
from chat.visits import Visits
from portal.services import Services


class Plain:
    """The talk without script of one process: its pages, and the doors that lead into it."""

    def __init__(
        self,
        services: Services,
        relay: Relay,
        errands: Errands,
        visits: Visits,
        comebacks: Comebacks,
        doorway: Doorway,
    ) -> None:
        self.door = Door(services, visits)
        self._frames = Frames(services, visits, self.door)
        self._words = WordsFrame(self._frames, errands, comebacks)
        self.number_again = self._words.number_again
        self.digits = self._words.digits
        self._composer = Composer(self._frames, relay, errands)
        self._tapping = Tapping(self._frames, Hands(relay), errands)
        self.outer = OuterPage(self._frames, relay, errands, doorway)
        self.cover = CoverPages(self._frames, relay, errands)

    def routes(self) -> Sequence[BaseRoute]:
        """Everything below `/{lang}/talk/`; what is not a word of ours is a pass."""
        return [
            *self.cover.routes(),
            Route("/{lang}/talk/words", self._words.again, methods=["POST"]),
            # A browser that asks again for a post that failed may ask for its bare address.
            Route("/{lang}/talk/tap", self._frames.moment, methods=["GET"]),
            Route("/{lang}/talk/words", self._frames.moment, methods=["GET"]),
            Route("/{lang}/talk/write", self._frames.stuck, methods=["GET"]),
            Route("/{lang}/talk/words/{key}", self._words.show, methods=["GET"]),
            Route("/{lang}/talk/number", self._words.number, methods=["POST"]),
            Route("/{lang}/talk/tap", self._tapping.post, methods=["POST"]),
            Route("/{lang}/talk/write", self._composer.post, methods=["POST"]),
            Route("/{lang}/talk/write/{key}", self._composer.show, methods=["GET"]),
            Route("/{lang}/talk/again", self.outer.start_again, methods=["GET"]),
            Route("/{lang}/talk/again", self.outer.again, methods=["POST"]),
            Route("/{lang}/talk/end", self.outer.end, methods=["POST"]),
            Route(f"/{{lang}}/talk/{MOMENT}", self._frames.moment, methods=["GET"]),
            Route(f"/{{lang}}/talk/{STAY}", self._frames.stay, methods=["GET"]),
            Route("/{lang}/talk/{key}", self.outer.show, methods=["GET"]),
        ]

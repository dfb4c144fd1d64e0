"""Draws the frames of the talk without script, and what stands in one that has nothing to show."""

from collections.abc import Callable
from typing import Any, Final, Literal, TypeVar

from starlette.requests import Request
from starlette.responses import Response

from chat.plain.carried import ENDED, OPEN
from chat.plain.door import Door
from chat.visits import Visits
from portal.errors import NotThere
from portal.ids import KEY_SIZE, from_text
from portal.numbers import numbers, one_number
from portal.services import Services
from portal.web.forms import Form
from portal.web.headers import framing_policy
from portal.web.page import language_of, see_other, site_of

# Where a frame leads when nothing can be carried to it: the store of passes is away. It says so, and holds nothing.
MOMENT: Final = "moment"
# Where a post leads that must leave its page, and the words typed in it, as they are: there is nothing to go to.
STAY: Final = "stay"

Page = TypeVar("Page")


class Frames:
    """What the pages of the talk without script share."""

    def __init__(self, services: Services, visits: Visits, door: Door) -> None:
        self.services = services
        self.visits = visits
        self.door = door

    def draw(
        self, request: Request, template: str, *, part: Literal["holds", "held"] = "held", **words: Any
    ) -> Response:
        """A page that holds the frames, or one that is held: nobody else may frame either."""
        settings = self.services.settings
        emergency = one_number(numbers().region(site_of(request).region))
        response = self.services.pages.render(request, template, private=True, emergency=emergency, **words)
        policy = framing_policy(settings.public_origin, self.services.pages.exit_origins, part=part)
        response.headers["content-security-policy"] = policy
        return response

    async def carried(self, request: Request, kind: str, decode: Callable[[bytes], Page]) -> Page | None:
        """What the pass in the address carries; None once its minute is over, or the talk."""
        language_of(request)
        opened = await self.services.passes.open(request.path_params["key"], kind)
        return None if opened is None else decode(opened)

    async def aged(self, request: Request, phrase: str) -> Response:
        """A frame whose minute is over: what heals it while the talk is open, nothing at all when it is not."""
        own_pass = request.path_params["key"]
        if await self.services.passes.is_marked(own_pass, OPEN):
            return self.said(request, "plain.aged", phrase)
        if await self.services.passes.is_marked(own_pass, ENDED):
            return self.over(request, "")
        return self.empty()

    def over(self, request: Request, unsent: str) -> Response:
        """The end, in a frame; words that were not sent stand there for whoever wants to use them elsewhere."""
        lines = () if unsent else ("talk.ended.gone", "talk.ended.back")
        return self.said(request, "talk.ended.heading", *lines, unsent=unsent, ways=True)

    def away(self, request: Request, *, onward: str = "", wait: int = 0) -> Response:
        """A store does not answer. Nothing is lost, and the frame tries again where it can."""
        return self.said(request, "plain.away", "plain.away_tap", onward=onward, wait=wait)

    def said(
        self,
        request: Request,
        heading: str,
        *lines: str,
        onward: str = "",
        wait: int = 0,
        unsent: str = "",
        ways: bool = False,
    ) -> Response:
        """A frame with a few words of the house."""
        return self.draw(
            request,
            "chat/plain_frame.html",
            heading=heading,
            lines=lines,
            onward=onward,
            wait=wait,
            unsent=unsent,
            ways=ways,
        )

    def empty(self) -> Response:
        """A frame of a talk that is over or never was: nothing in it tells which."""
        settings = self.services.settings
        policy = framing_policy(settings.public_origin, self.services.pages.exit_origins, part="held")
        body = "<!doctype html><html><head><title></title></head><body></body></html>"
        return Response(body, 203, {"content-security-policy": policy}, media_type="text/html; charset=utf-8")

    async def moment(self, request: Request) -> Response:
        """`GET /{lang}/talk/moment`: the words of a store that is away, in a frame."""
        language_of(request)
        return self.away(request)

    async def stuck(self, request: Request) -> Response:
        """`GET /{lang}/talk/write`: the field's frame without a pass: how to get the field back."""
        language_of(request)
        return self.said(request, "plain.away", "plain.aged_write")

    async def stay(self, request: Request) -> Response:
        """`GET /{lang}/talk/stay`: 204, after which a browser stays on the page it has."""
        language_of(request)
        return Response(status_code=204)

    def to(self, request: Request, where: str) -> Response:
        """303 to one of the two addresses that need no pass."""
        return see_other(f"/{language_of(request).tag}/talk/{where}")


def token_in(form: Form) -> bytes:
    """The tab token of a posted form. Raises NotThere for what is none."""
    try:
        return from_text(form.get("t", ""), KEY_SIZE)
    except ValueError:
        raise NotThere from None


def hides_in(form: Form) -> int:
    """Up to which number the page that posts hides the words; 0 for none, and for what is no number."""
    typed = form.get("h", "")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else 0

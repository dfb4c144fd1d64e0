"""Draws a page of the desk: in the language of the person who is signed in, with her name, rights and token on it."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any, Final, cast

from starlette.requests import Request
from starlette.responses import Response

from i18n import formats
from i18n.languages import DESK_TAGS, LANGUAGES
from i18n.naming import listed
from i18n.negotiate import negotiate
from portal.staff.keys_shown import GO, GROUPS, parted
from portal.staff.sessions.session import Signed

if TYPE_CHECKING:
    from portal.services import Services

TONGUES: Final = DESK_TAGS
SINGLE_KEYS: Final = "__Host-keys"  # a cookie of this browser: `off` where nothing is set off by a single letter


def draw(
    request: Request, signed: Signed | None, template: str, *, status: int = 200, speaks: str = "", **words: Any
) -> Response:
    """Draw `template` (a child of `layouts/desk.html`) for the person behind the request, or for nobody yet.

    `speaks`: in this language, where a page knows it without showing whose it is.

    Every desk page counts as private: it carries a token, so it is neither compressed nor kept. Besides what every
    template gets it has `signed` (None before sign-in), `csrf` (empty before sign-in), `may` (a right's value ->
    whether she has it), `listed` (tags of languages -> each with its name here, by the alphabet), `day` (a day, or how
    a row writes it -> in words), `doors` and `switch` (of the chat; None for whoever may do nothing here), `places`,
    `keys_shown`, `keys_go` and `single_keys` (the top row and the keys of the desk), `is_unheard` (the house does not
    hear itself).
    """
    services = cast("Services", request.app.state.services)
    tongue = speaks or tongue_of(request, signed)
    rights = signed.rights if signed is not None else frozenset()
    # Whoever works here sees on every page whether the chat is open: the guard has read it.
    doors = getattr(request.state, "doors", None) if rights else None
    shown: dict[str, Any] = {
        "doors": doors,
        "switch": None if doors is None else doors.switched(services.clock.now()),
        "places": parted(rights),
        "keys_shown": GROUPS,
        "keys_go": GO,
        "single_keys": request.cookies.get(SINGLE_KEYS) != "off",
        "day": _in_words(tongue),
    }
    return services.pages.render(
        request,
        template,
        status=status,
        private=True,
        language=tongue,
        signed=signed,
        may=lambda right: right in rights,
        listed=lambda tags: listed(tongue, tags),
        is_unheard=services.is_unheard(),
        **{"csrf": signed.csrf if signed is not None else "", **shown, **words},
    )


def tongue_of(request: Request, signed: Signed | None) -> str:
    """The desk's language for this person: her own setting, else what her browser asks for, else English."""
    tongue = signed.tongue if signed is not None else negotiate(request.headers.get("accept-language", "")).tag
    return tongue if tongue in TONGUES else TONGUES[0]


def _in_words(tongue: str) -> Callable[[date | str], str]:
    def written(when: date | str) -> str:
        return formats.day(LANGUAGES[tongue], when if isinstance(when, date) else date.fromisoformat(when))

    return written

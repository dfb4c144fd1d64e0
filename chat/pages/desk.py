"""The advocate's chat desk: a shell without anybody's words, which its script fills over the desk's line."""

from collections.abc import Collection, Mapping
from typing import Any, Final, cast, get_args

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from chat.card import CHOICES
from chat.cards import AWAY_CHOICE, CARDS, GUEST_CHOICES, KEEP_CHOICES, Speech
from chat.consent import TAPPED
from chat.danger import OUTCOMES, PLANS, lines_for
from chat.protocol.kinds import TEXT_LIMIT, Boundary, Hours, Reason, Stage
from i18n import formats
from i18n.catalogue import Catalogue
from i18n.languages import LANGUAGES
from i18n.naming import name_in
from i18n.spoken import SPOKEN
from portal.alerts.ladder import Kind
from portal.ids import to_text
from portal.numbers import Region, numbers
from portal.protection import protection
from portal.services import Services
from portal.staff.drawing import draw, tongue_of
from portal.staff.guard import desk_page
from portal.staff.pages.door import LASTS
from portal.staff.rights import Right
from portal.staff.sessions.session import Signed

REASONS: Final[tuple[str, ...]] = get_args(Reason)


async def chats(request: Request, signed: Signed) -> Response:
    """`GET /desk/chats`: the queue, the conversations she holds, and what she was told, once the line is open."""
    return await draw_desk(request, signed, line="desk")


async def guest(request: Request, signed: Signed) -> Response:
    """`GET /desk/guest`: where a visitor let in somebody who only joins, once her line is open."""
    return await draw_desk(request, signed, line="guest", only_joins=True)


async def draw_desk(
    request: Request, signed: Signed, *, line: str, only_joins: bool = False, practises: bool = False
) -> Response:
    """The desk on its line (`/line/<line>`); `practises`: marked as one where there is nobody but who plays."""
    services = cast(Services, request.app.state.services)
    known, tongue = numbers(), tongue_of(request, signed)
    person = await services.staff.accounts.person(signed.staff_id)
    reads = person.languages if person else ()
    return draw(
        request,
        signed,
        "desk/chats.html",
        line=line,
        only_joins=only_joins,
        practises=practises,
        language_names=language_names(tongue),
        i_read=reads,
        translates=await translates(services, reads or (tongue,)),
        interpreters=[(to_text(each.id), each) for each in await services.interpreters.known()],
        written_of=lambda tags: {written for tag in tags if tag in SPOKEN for written in SPOKEN[tag].written},
        stages=get_args(Stage),
        choices=CHOICES,
        reasons=REASONS,
        text_limit=TEXT_LIMIT,
        hard_minutes=services.now.hard_wrap_up_minutes,
        unanswered_after=services.now.unanswered_seconds,
        book=book(Speech(services.pages.catalogue), signed.alias),
        dangers=PLANS,
        outcomes=OUTCOMES,
        boundaries=get_args(Boundary),
        hours=get_args(Hours),
        call_kinds=get_args(Kind),
        lasts=LASTS,
        regions=known.regions,
        here_region=(await services.opening.facts()).region,
        names_of=lambda region: names_of(region, services.pages.catalogue),
        lines_for=lambda kind, region: lines_for(kind, known, region),
        checked=formats.day(LANGUAGES[tongue], known.checked),
        rule_of=lambda region: protection().rule(region.id),
        rules_read=formats.day(LANGUAGES[tongue], protection().checked),
    )


def book(speech: Speech, alias: str) -> Mapping[str, Any]:
    """Every card and every choice in every language: the desk shows what she will read, beside what it says here."""
    choices = dict.fromkeys([*(choice for card in CARDS.values() for choice in card.choices), *KEEP_CHOICES])
    choices |= dict.fromkeys([*GUEST_CHOICES, AWAY_CHOICE, *TAPPED])
    return {
        "cards": [
            {
                "name": name,
                "letters": card.letters,
                "choices": card.choices,
                "after": card.after,
                "tells": card.tells,
                "said": {tag: speech.card(tag, name, alias) for tag in LANGUAGES},
            }
            for name, card in CARDS.items()
        ],
        "choices": {choice: {tag: speech.choice(tag, choice) for tag in LANGUAGES} for choice in choices},
    }


def names_of(region: Region, catalogue: Catalogue) -> list[str]:
    """What a visitor may call a region: its name in every language, and what else people write for it."""
    if not region.country:
        return []
    said = (catalogue.phrase(language, f"region.{region.id}") for language in LANGUAGES.values())
    return list(dict.fromkeys([*said, *region.also]))


def language_names(tongue: str) -> dict[str, str]:
    """What each served or spoken language is called in the desk's own: her advocate has to know it at a glance."""
    return {tag: name_in(tag, tongue) for tag in (*SPOKEN, *LANGUAGES)}


async def translates(services: Services, own: Collection[str]) -> list[str]:
    """The languages that a machine of this house turns into one of `own` and back, as last known."""
    pairs = await services.translator.known_pairs()
    return [tag for tag in LANGUAGES if any({(tag, mine), (mine, tag)} <= pairs for mine in own)]


def routes(_services: Services) -> list[BaseRoute]:
    """The chat's addresses on the desk's own origin."""
    return [
        Route("/desk/chats", desk_page(chats, Right.TAKE_CHATS), methods=["GET"]),
        Route("/desk/guest", desk_page(guest, Right.BE_GUEST), methods=["GET"]),
    ]

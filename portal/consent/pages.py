"""The desk's page of consents: those of one case, contact, tip or conversation, a new one, and one taken back."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from i18n.languages import LANGUAGES
from i18n.spoken import SPOKEN
from portal.consent.about import About, Things, read_about
from portal.consent.book import Row, TooMany
from portal.consent.form import FIELDS, LASTS, OFFICES, ORGANISATION, PERSON, USUAL, Written, read_consent_form
from portal.consent.record import NAME_LIMIT, NOTE_LIMIT
from portal.consent.rule import still_live
from portal.consent.terms import FITS, Kind, Purpose, Way, What, Whom
from portal.errors import NotThere
from portal.ids import from_text, random_id, to_text
from portal.records.form import tongue_names
from portal.staff.drawing import draw, tongue_of
from portal.staff.forms import FormWrong
from portal.staff.guard import desk_page, posted
from portal.staff.note import Note, leave_note, read_note
from portal.staff.rights import Right
from portal.staff.sessions.session import Signed
from portal.web.forms import Form
from portal.web.page import see_other

if TYPE_CHECKING:
    from portal.services import Services

CONSENTS: Final = "/desk/consents"


class ConsentPages:
    """One page; whoever may open the thing may write down what its person agreed to, with whichever keys."""

    def __init__(self, services: "Services") -> None:
        self._services = services
        self._book = services.consents
        self._things = Things(services)

    def routes(self) -> list[Route]:
        """The addresses of this page."""
        write = Right.WRITE_RECORDS
        return [
            Route(CONSENTS, desk_page(self.page, write), methods=["GET"]),
            Route(CONSENTS, desk_page(self.give, write), methods=["POST"]),
            Route(f"{CONSENTS}/back", desk_page(self.take_back, write), methods=["POST"]),
            Route(f"{CONSENTS}/at/{{note}}", desk_page(self.page, write), methods=["GET"]),
        ]

    async def page(self, request: Request, signed: Signed) -> Response:
        """What stands, what stood, and the form. `about` in the address: of what; `to`: for which service."""
        note = await read_note(self._services.passes, request.path_params)
        about = await self._about(signed, note.typed.get("about") or request.query_params.get("about", ""))
        rows = await self._book.of(signed, about.family)
        today = self._services.clock.now().date()
        live = {each.id for each in still_live([row.agreement for row in rows], today)}
        wanted = note.typed.get("to", "").removeprefix(ORGANISATION) or request.query_params.get("to", "")
        shown = [(to_text(row.id), row, row.id in live) for row in rows]
        return draw(
            request,
            signed,
            "desk/consents.html",
            about=about,
            standing=[each for each in shown if each[2]],
            past=[each for each in shown if not each[2]],
            whose=_people(about),
            services=await offered(self._services, signed, about, rows, wanted),
            wanted=f"{ORGANISATION}{wanted}" if wanted else "",
            offices=tuple(OFFICES),
            person_reader=PERSON,
            things=tuple(What),
            purposes=tuple(Purpose),
            ways=tuple(Way),
            way=Way.CHAT if about.named.kind is Kind.CONVERSATION else Way.VOICE,
            lasts=LASTS,
            usual=USUAL,
            tongues=_tongues(signed, about),
            tongue_name=tongue_names(tongue_of(request, signed)),
            fits={whom.value: [purpose.value for purpose in fitting] for whom, fitting in FITS.items()},
            name_limit=NAME_LIMIT,
            note_limit=NOTE_LIMIT,
            # Made with the form: pressed twice, it stands in the book once.
            row=note.typed.get("row") or to_text(random_id()),
            note=note,
        )

    async def give(self, request: Request, signed: Signed) -> Response:
        """Write one down."""
        form = posted(request)
        about = await self._about(signed, form.get("about", ""))
        services = await offered(self._services, signed, about, (), form.get("to", "").removeprefix(ORGANISATION))
        today = self._services.clock.now().date()
        try:
            consent = read_consent_form(form, about, Written(signed.alias, today, services, _tongues(signed, about)))
            await self._book.give(signed, consent, row=_named(form.get("row", "")))
        except FormWrong as wrong:
            return await self._again(form, wrong.wrongs)
        except TooMany:
            return await self._again(form, {"to": "gate.wrong.many"})
        return see_other(f"{CONSENTS}?about={about.text}")

    async def take_back(self, request: Request, signed: Signed) -> Response:
        """She takes one back. Said twice, it is taken back once."""
        form = posted(request)
        about, row = await self._about(signed, form.get("about", "")), _named(form.get("row", ""))
        for each in about.family:
            if await self._book.take_back(signed, each, row):
                break
        return see_other(f"{CONSENTS}?about={about.text}")

    async def _about(self, signed: Signed, text: str) -> About:
        return await self._things.open(signed, read_about(text))

    async def _again(self, form: Form, wrongs: Mapping[str, str]) -> Response:
        typed = {name: form.get(name, "")[: 2 * NOTE_LIMIT] for name in FIELDS}
        note = Note(wrongs=dict(wrongs), typed=typed, ticked={"what": list(form.many("what"))[: len(What)]})
        return see_other(await leave_note(self._services.passes, f"{CONSENTS}/at", note))


async def offered(
    services: "Services", signed: Signed, about: About, rows: Sequence[Row], wanted: str = ""
) -> Mapping[str, str]:
    """The services to choose from, by id: those she was told of, those she agreed to before, the one asked for."""
    family = {(each.kind.value, to_text(each.id)) for each in (*about.family, about.named)}
    mine, _ = await services.referrals.mine(signed)
    told = [each.referral for each in mine if (each.referral.about, each.referral.about_id) in family]
    found = {each.organisation: each.organisation_name for each in told}
    before = [row.consent for row in rows if row.consent is not None and row.consent.whom is Whom.ORGANISATION]
    found |= {each.to_key: each.to_name for each in before}
    if wanted and wanted not in found:
        name = await _organisation(services, wanted)
        found |= {wanted: name} if name else {}
    return found


async def _organisation(services: "Services", row: str) -> str:
    try:
        found = await services.directory.organisation(from_text(row, 16))
    except ValueError:
        return ""
    return "" if found is None else found[0].name


def _people(about: About) -> list[tuple[str, object]]:
    """The people of a case besides whoever made contact, for the choice of whose consent it is."""
    return [(to_text(each.id), each) for each in about.people]


def _tongues(signed: Signed, about: About) -> tuple[str, ...]:
    """In which language she was asked: that of the thing first, then those of whoever asked."""
    return tuple(dict.fromkeys((*([about.language] if about.language else ()), *signed.languages, *LANGUAGES, *SPOKEN)))


def _named(row: str) -> bytes:
    try:
        return from_text(row, 16)
    except ValueError:
        raise NotThere("no such consent") from None

"""The desk's pages of referrals: a card sent with one press, a warm transfer step by step, what became of it."""

from typing import TYPE_CHECKING, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from i18n.languages import ENGLISH, LANGUAGES, Language
from portal.consent.about import About, Things, read_about
from portal.consent.rule import NOBODY, Leaving, MayNotLeave, Passage
from portal.consent.terms import Kind, Purpose, Recipient, Subject, What, Whom
from portal.directory.book import Listed
from portal.directory.card import Cards
from portal.directory.kinds import POLICE
from portal.directory.pages import DIRECTORY, SENT, row_of
from portal.directory.phones import country_of
from portal.directory.referral import OUTCOMES, STEPS, Referral
from portal.directory.regarding import Regarding, read_regarding
from portal.errors import NotThere
from portal.ids import from_text, to_text
from portal.records.case_words import CONTACT_KINDS, ContactLink
from portal.staff.drawing import draw
from portal.staff.guard import desk_page, posted
from portal.staff.note import Note, leave_note, read_note
from portal.staff.rights import Right
from portal.staff.sessions.session import Signed
from portal.web.forms import Form
from portal.web.page import see_other

if TYPE_CHECKING:
    from portal.services import Services

REFERRALS: Final = "/desk/referrals"
ASKED: Final = "asked"
NOT_ASKED: Final = "referral.wrong.police"
_KEPT: Final = ("for", "in")


class ReferralPages:
    """What an advocate does with a service she found."""

    def __init__(self, services: "Services") -> None:
        self._services = services
        self._book = services.referrals
        self._cards = Cards(services.pages.catalogue)
        self._things = Things(services)

    def routes(self) -> list[Route]:
        """The addresses of these pages. Sending needs no key of the records; going on with one does."""
        send, own = Right.WRITE_RECORDS, Right.WORK_CASES
        return [
            Route(f"{DIRECTORY}/service/{{row}}/send", desk_page(self.send, send), methods=["POST"]),
            Route(REFERRALS, desk_page(self.mine, own), methods=["GET"]),
            Route(f"{REFERRALS}/{{row}}", desk_page(self.one, own), methods=["GET"]),
            Route(f"{REFERRALS}/{{row}}", desk_page(self.go_on, own), methods=["POST"]),
            Route(f"{REFERRALS}/{{row}}/{{note}}", desk_page(self.one, own), methods=["GET"]),
        ]

    async def send(self, request: Request, signed: Signed) -> Response:
        """Send the card to whom it is for, or only write down that somebody was told; one press, one record."""
        form = posted(request)
        found = await self._services.directory.service(row_of(request))
        regarding = read_regarding(form.get("for", ""))
        if found is None or found.service.is_closed:
            raise NotThere("no such service")
        if found.organisation.kind == POLICE and form.get(ASKED) != "yes":
            to, typed = f"{DIRECTORY}/service/{to_text(found.id)}", {name: form.get(name, "")[:80] for name in _KEPT}
            return see_other(await leave_note(self._services.passes, to, Note(phrase=NOT_ASKED, typed=typed)))
        try:
            part = from_text(form.get("part", ""), 16)
        except ValueError:
            raise NotThere("no such page") from None
        language, regarding = await self._carry(
            signed, found, regarding, LANGUAGES.get(form.get("in", ""), ENGLISH), part
        )
        await self._book.write(signed, _referral(signed, found, regarding, language), row=part)
        if signed.may(Right.WORK_CASES):
            return see_other(f"{REFERRALS}/{to_text(part)}")
        to = f"{DIRECTORY}/service/{to_text(found.id)}"
        return see_other(await leave_note(self._services.passes, to, Note(about=SENT)))

    async def mine(self, request: Request, signed: Signed) -> Response:
        """Those she made of which nobody knows yet what became of them."""
        rows, many = await self._book.mine(signed)
        shown = [(to_text(each.id), each) for each in rows]
        return draw(request, signed, "desk/referrals.html", rows=shown, many=many)

    async def one(self, request: Request, signed: Signed) -> Response:
        """One referral: its steps, and what became of it."""
        row = row_of(request)
        found = await self._book.one(signed, row)
        if found is None:
            raise NotThere("no such referral")
        about = await self._about(signed, found.referral)
        return draw(
            request,
            signed,
            "desk/referral.html",
            row=to_text(row),
            at=found,
            about="" if about is None else about.text,
            whose=[] if about is None else [(to_text(each.id), each) for each in about.people if each.body],
            things=tuple(What),
            steps=STEPS,
            outcomes=OUTCOMES,
            note=await read_note(self._services.passes, request.path_params),
        )

    async def go_on(self, request: Request, signed: Signed) -> Response:
        """What was ticked, and what became of it. What is told of her asks the gate now: all of it or none."""
        form, row = posted(request), row_of(request)
        found = await self._book.one(signed, row)
        if found is None:
            raise NotThere("no such referral")
        told = frozenset(each for each in What if each.value in form.many("told")) - set(found.referral.told)
        try:
            passage = await self._leave(signed, found.referral, told, form.get("person", "")) if told else None
        except MayNotLeave as refused:
            return await self._refused(row, form, refused)
        if not await self._book.go_on(signed, row, form.many("steps"), form.get("outcome", ""), passage):
            raise NotThere("no such referral")
        return see_other(REFERRALS if form.get("outcome") in OUTCOMES else f"{REFERRALS}/{to_text(row)}")

    async def _leave(self, signed: Signed, referral: Referral, told: frozenset[What], person: str) -> Passage:
        """The gate's leave to tell this service these things. Raises MayNotLeave, NotThere, DatabaseAway."""
        about = await self._about(signed, referral)
        try:
            of = NOBODY if about is None else about.key_of(from_text(person, 16) if person else NOBODY)
        except ValueError:
            raise NotThere("no such person") from None
        return await self._services.gate.may_leave(
            signed,
            Leaving(
                about=() if about is None else about.family,
                to=Recipient(Whom.ORGANISATION, referral.organisation),
                what=told,
                purpose=Purpose.HELP,
                person=of,
            ),
        )

    async def _about(self, signed: Signed, referral: Referral) -> About | None:
        """Whose she is: with all that belongs to it where she may open it; a talk's record is in no book yet."""
        if not referral.about:
            return None
        subject = read_about(f"{referral.about}.{referral.about_id}")
        for each in (await self._case_of(subject), subject):
            try:
                if each is not None:
                    return await self._things.open(signed, each)
            except NotThere:
                continue
        return About(subject, (subject,))

    async def _case_of(self, subject: Subject) -> Subject | None:
        """The case that a record or a tip belongs to: what she agreed to stands there, wherever she was first heard."""
        cases = self._services.cases
        kind = next((each for each in CONTACT_KINDS if each == subject.kind.value), None)
        if kind is None:
            return None
        await cases.rows.ready()
        async with self._services.database.read() as connection:
            found = await cases.case_of(connection, ContactLink(kind=kind, ref=subject.id))
        return None if found is None else Subject(Kind.CASE, found)

    async def _refused(self, row: bytes, form: Form, refused: MayNotLeave) -> Response:
        missing = [each.value for each in What if each in refused.missing]
        ticked = {"missing": missing, "told": form.many("told"), "steps": form.many("steps")}
        note = Note(phrase=refused.phrase, ticked=ticked, typed={"person": form.get("person", "")[:40]})
        return see_other(await leave_note(self._services.passes, f"{REFERRALS}/{to_text(row)}", note))

    async def _carry(
        self, signed: Signed, found: Listed, regarding: Regarding, language: Language, part: bytes
    ) -> tuple[Language, Regarding]:
        """Send it where a card can be sent; answers the language it was written in, and what it belongs to from now
        on: of a talk the record that is made of it, so that its case shows what she was led to.
        """
        country = country_of((await self._services.opening.facts()).region)
        carriers = self._services.carriers
        if regarding.about == "conversation":
            held = {each.id: each for each in await carriers.held(signed)}
            if regarding.id not in held:
                raise NotThere("no such conversation")
            talk = held[regarding.id]
            language = talk.language
            await carriers.say(signed, regarding.id, self._cards.text(language, found, country), part)
            regarding = Regarding("contact", talk.record) if talk.record else regarding
        elif regarding.about == "tip":
            text = self._cards.text(language, found, country)
            await carriers.reply(signed, regarding.id, text, language, part)
        return language, regarding


def _referral(signed: Signed, found: Listed, regarding: Regarding, language: Language) -> Referral:
    service = found.service
    return Referral(
        service=to_text(found.id),
        service_name=service.name,
        organisation=to_text(found.organisation_id),
        organisation_name=found.organisation.name,
        kind=found.organisation.kind,
        way="card",
        about=regarding.about,
        about_id=to_text(regarding.id) if regarding.id else "",
        needs=service.needs,
        region=service.regions[0] if len(service.regions) == 1 else "",
        language=language.tag,
        is_partner=service.is_partner,
        asked=found.organisation.kind == POLICE,  # asked in `send`, which goes no further without it
        by=signed.alias,
    )

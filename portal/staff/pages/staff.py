"""The pages about the people who work here: the list, invitations, and one person's keys."""

from collections.abc import Callable, Coroutine
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from i18n.languages import LANGUAGES
from portal.errors import NotThere, PorchlightError
from portal.ids import from_text, to_text
from portal.rotation.due import due
from portal.staff.accounts import Person
from portal.staff.acts import Acts
from portal.staff.drawing import TONGUES, draw
from portal.staff.forms import FormWrong, read_person, read_role, read_training
from portal.staff.guard import desk_page, posted
from portal.staff.keys.granting import standing
from portal.staff.note import Note, leave_note, read_note
from portal.staff.rights import Right, Role
from portal.staff.sessions.session import Signed
from portal.staff.training import NEEDED, learns
from portal.vault.compartments import COMPARTMENTS
from portal.web.page import see_other

STAFF: Final = "/desk/staff"
Act = Callable[[Request, Signed, bytes], Coroutine[Any, Any, str]]  # Any: what a coroutine sends and yields, never used


class StaffPages:
    """Who is here, who may read what, and the acts that change it."""

    def __init__(self, acts: Acts) -> None:
        self._acts = acts

    def routes(self) -> list[Route]:
        """The addresses of these pages."""
        manage, grant = Right.MANAGE_STAFF, Right.GRANT_KEYS
        return [
            Route(STAFF, desk_page(self.everyone, Right.SEE_STAFF), methods=["GET"]),
            Route(f"{STAFF}/with/{{note}}", desk_page(self.everyone, Right.SEE_STAFF), methods=["GET"]),
            Route(f"{STAFF}/invite", desk_page(self.invite, manage), methods=["POST"]),
            Route(f"{STAFF}/uninvite", desk_page(self.take_back, manage), methods=["POST"]),
            Route(f"{STAFF}/{{person}}", desk_page(self.person, Right.SEE_STAFF), methods=["GET"]),
            Route(f"{STAFF}/{{person}}/keys", desk_page(self._act(self._give, grant), grant), methods=["POST"]),
            Route(f"{STAFF}/{{person}}/take", desk_page(self._act(self._take, grant), grant), methods=["POST"]),
            Route(f"{STAFF}/{{person}}/away", desk_page(self._act(self._send_away, manage), manage), methods=["POST"]),
            Route(f"{STAFF}/{{person}}/back", desk_page(self._act(self._bring_back, manage), manage), methods=["POST"]),
            Route(f"{STAFF}/{{person}}/{{note}}", desk_page(self.person, Right.SEE_STAFF), methods=["GET"]),
        ]

    async def everyone(self, request: Request, signed: Signed) -> Response:
        """Everybody, and the invitations nobody has used yet."""
        staff = self._acts.services.staff
        ledger = await staff.ledger.current()
        people = [
            (person, to_text(person.id), standing(ledger, person.id)) for person in await staff.accounts.everyone()
        ]
        invitations = await self._acts.invitations.waiting() if signed.may(Right.MANAGE_STAFF) else []
        return draw(
            request,
            signed,
            "desk/staff.html",
            people=people,
            invitations=[(invitation, to_text(invitation.find)) for invitation in invitations],
            note=await read_note(self._acts.services.passes, request.path_params),
            roles=tuple(Role),
            trainings=tuple(NEEDED),
            tongues=TONGUES,
            served=tuple(LANGUAGES.values()),
            is_key_due=bool(due(ledger, self._acts.services.clock.now().date())),
        )

    async def invite(self, request: Request, signed: Signed) -> Response:
        """Make an invitation and show its code once."""
        form = posted(request)
        try:
            role, person = read_role(form), read_person(form)
        except FormWrong as wrong:
            typed = {name: form.get(name, "")[:200] for name in ("alias", "role", "tongue")}
            ticked = {name: form.many(name)[:20] for name in ("languages", "training")}
            return await self._list(Note(wrongs=wrong.wrongs, typed=typed, ticked=ticked))
        code = await self._acts.invitations.invite(
            signed,
            role=role,
            alias=person.alias,
            languages=person.languages,
            tongue=person.tongue,
            training=read_training(form, role),
        )
        return await self._list(Note(about="invited", lines=[code], typed={"invited": person.alias}))

    async def take_back(self, request: Request, signed: Signed) -> Response:
        """Make an invitation good for nothing."""
        try:
            find = from_text(posted(request).get("invitation", ""), 32)
        except ValueError:
            raise NotThere("no such invitation") from None
        await self._acts.invitations.take_back(signed, find)
        return see_other(STAFF)

    async def person(self, request: Request, signed: Signed) -> Response:
        """One person: how she stands in the book, and the acts on her keys."""
        person = await self._asked_for(request)
        ledger = await self._acts.services.staff.ledger.current()
        return draw(
            request,
            signed,
            "desk/person.html",
            person=person,
            address=f"{STAFF}/{to_text(person.id)}",
            learns=learns(person.role),
            second=await self._acts.resets.standing(person, signed),
            is_me=person.id == signed.staff_id,
            standing=standing(ledger, person.id),
            mine=standing(ledger, signed.staff_id),
            compartments=COMPARTMENTS,
            note=await read_note(self._acts.services.passes, request.path_params),
            names={tag: language.own_name for tag, language in LANGUAGES.items()},
        )

    def _act(self, act: Act, right: Right) -> Callable[[Request, Signed], Coroutine[Any, Any, Response]]:
        """A page around one act on one person: done or refused, it leads back to her page, which says which."""

        async def page(request: Request, signed: Signed) -> Response:
            person = await self._asked_for(request)
            try:
                note = Note(about=await act(request, signed, person.id))
            except NotThere:
                raise
            except PorchlightError as wrong:
                if wrong.status >= 500:
                    raise
                # What was refused is written down in a transaction of its own: that of the act is rolled back.
                of = "keys" if right is Right.GRANT_KEYS else "staff"
                await self._acts.services.staff.journal.refused(f"{of}.refused", signed.staff_id, person.id)
                note = Note(phrase=wrong.phrase)
            return see_other(await leave_note(self._acts.services.passes, f"{STAFF}/{to_text(person.id)}", note))

        return page

    async def _give(self, request: Request, signed: Signed, holder: bytes) -> str:
        form = posted(request)
        await self._acts.granting.give(
            signed,
            form.get("passphrase", ""),
            holder,
            form.many("compartments"),
            heard="".join(sign for sign in form.get("digits", "") if sign.isdecimal()),
            as_granter=form.get("granter") == "yes",
        )
        return "keys_given"

    async def _take(self, request: Request, signed: Signed, holder: bytes) -> str:
        form = posted(request)
        await self._acts.granting.take(signed, form.get("passphrase", ""), holder, form.get("compartment", ""))
        return "key_taken"

    async def _send_away(self, request: Request, signed: Signed, holder: bytes) -> str:
        await self._acts.granting.send_away(signed, posted(request).get("passphrase", ""), holder)
        return "sent_away"

    async def _bring_back(self, _request: Request, signed: Signed, holder: bytes) -> str:
        await self._acts.granting.bring_back(signed, holder)
        return "back"

    async def _asked_for(self, request: Request) -> Person:
        try:
            person = await self._acts.services.staff.accounts.person(from_text(request.path_params["person"], 16))
        except ValueError:
            person = None
        if person is None:
            raise NotThere("nobody")
        return person

    async def _list(self, note: Note) -> Response:
        return see_other(await leave_note(self._acts.services.passes, f"{STAFF}/with", note))

"""The form with the rule who has to have a second proof: asking more is one press, asking less the passphrase too."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.errors import PorchlightError
from portal.staff.acts import Acts
from portal.staff.guard import desk_page, posted
from portal.staff.household.proof_rules import read_rule, rule_of
from portal.staff.note import Note, leave_note
from portal.staff.rights import Right
from portal.staff.sessions.session import Signed
from portal.web.page import see_other

SETTINGS: Final = "/desk/settings"
ROLES: Final = "second_proof"
DAYS: Final = "second_proof_days"


class ProofRulePages:
    """Where the form of `desk/settings_proof.html` is posted."""

    def __init__(self, acts: Acts) -> None:
        self._acts = acts
        self._services = acts.services

    def routes(self) -> list[Route]:
        """Its address."""
        return [Route(f"{SETTINGS}/proof", desk_page(self.set, Right.CHANGE_SETTINGS), methods=["POST"])]

    async def set(self, request: Request, signed: Signed) -> Response:
        """Set it. What asks less than now is never done by a press alone."""
        form = posted(request)
        roles, days = form.many(ROLES), form.get(DAYS, "").strip()[:20]
        typed = Note(typed={DAYS: days}, ticked={ROLES: roles[:20]})
        try:
            wanted = read_rule(self._services.settings, roles, days)
        except ValueError:
            return await self._back(typed, DAYS, "house.wrong.range")
        is_less = wanted.asks_less_than(rule_of(self._services.now))
        if is_less:
            passphrase = form.get("passphrase", "")
            if not passphrase:
                return await self._back(typed, "proof-passphrase", "house.wrong.less")
            try:
                await self._acts.proving.prove(signed, passphrase)
            except PorchlightError as wrong:
                if wrong.status >= 500:
                    raise
                return await self._back(typed, "proof-passphrase", wrong.phrase)
        await self._acts.settings.set_proof(signed, wanted, is_less=is_less)
        return await self._back(Note(about="proof_less" if is_less else "proof"))

    async def _back(self, note: Note, field: str = "", phrase: str = "") -> Response:
        if field:
            note = Note(wrongs={field: phrase}, typed=note.typed, ticked=note.ticked)
        return see_other(await leave_note(self._services.passes, SETTINGS, note))

"""The pages with what an administrator sets at work: timers, retention, the exit, what the house tells everybody."""

from collections.abc import Mapping
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from i18n.languages import LANGUAGES
from portal.desk_settings import CAMPAIGNS, CHANGEABLE, STRICTER
from portal.records.campaigns import LONGEST, MOST, ListTooLong, read_list, write_list
from portal.staff.acts import Acts
from portal.staff.drawing import draw
from portal.staff.guard import desk_page, posted
from portal.staff.household.proof_rules import rule_of
from portal.staff.household.settings_rules import (
    EXIT,
    GROUPS,
    LONGEST_NOTICE,
    read_exit,
    read_notice,
    read_numbers,
    write_exit,
    wrongs_together,
)
from portal.staff.note import Note, leave_note, read_note
from portal.staff.pages.proof_rule import DAYS, ROLES
from portal.staff.rights import Right, Role
from portal.staff.sessions.session import Signed
from portal.web.page import see_other

SETTINGS: Final = "/desk/settings"
_LONGEST_KEPT: Final = 1200


class SettingsPages:
    """What is set here, what the server was given, and which of them counts."""

    def __init__(self, acts: Acts) -> None:
        self._acts = acts
        self._services = acts.services

    def routes(self) -> list[Route]:
        """The addresses of these pages."""
        right = Right.CHANGE_SETTINGS
        return [
            Route(SETTINGS, desk_page(self.show, right), methods=["GET"]),
            Route(f"{SETTINGS}/{{note}}", desk_page(self.show, right), methods=["GET"]),
            Route(f"{SETTINGS}/numbers", desk_page(self.numbers, right), methods=["POST"]),
            Route(f"{SETTINGS}/exit", desk_page(self.exit, right), methods=["POST"]),
            Route(f"{SETTINGS}/notice", desk_page(self.notice, right), methods=["POST"]),
            Route(f"{SETTINGS}/campaigns", desk_page(self.campaigns, right), methods=["POST"]),
            Route(f"{SETTINGS}/back", desk_page(self.back, right), methods=["POST"]),
        ]

    async def show(self, request: Request, signed: Signed) -> Response:
        """Everything that can be set here, as it counts now; after a form that has to be mended what was typed."""
        # A page that changes them never shows an older moment.
        await self._services.desk_settings.look()
        note = await read_note(self._services.passes, request.path_params)
        now, given, values = self._services.now, self._services.settings, self._services.desk_settings.values
        typed = note.typed if note.wrongs else {}
        return draw(
            request,
            signed,
            "desk/settings.html",
            note=note,
            groups=GROUPS,
            shown=lambda field: typed.get(field, str(getattr(now, field))),
            given=lambda field: getattr(given, field),
            is_set=lambda field: field in values,
            exit_shown=typed.get(EXIT, write_exit(now)),
            exit_given=write_exit(given),
            notices=self._services.desk_settings.notices,
            notice_typed=typed,
            longest_notice=LONGEST_NOTICE,
            proof=self._proof(note),
            campaigns={
                "typed": typed.get(CAMPAIGNS, write_list(self._services.desk_settings.campaigns)),
                "most": MOST,
                "letters": LONGEST,
            },
        )

    def _proof(self, note: Note) -> dict[str, Any]:
        given, now = rule_of(self._services.settings), rule_of(self._services.now)
        is_typed = DAYS in note.typed
        return {
            "all": [role.value for role in Role],
            "given": given,
            "ticked": note.ticked.get(ROLES, ()) if is_typed else now.roles,
            "days": note.typed[DAYS] if is_typed else now.days,
        }

    async def numbers(self, request: Request, signed: Signed) -> Response:
        """Set the numbers of one group."""
        form = posted(request)
        group = form.get("group", "")
        if group not in GROUPS:
            return see_other(SETTINGS)
        typed = {rule.field: form.get(rule.field, "")[:20] for rule in GROUPS[group]}
        read, wrongs = read_numbers(group, typed)
        wrongs = wrongs or wrongs_together(self._services.now, read)
        if wrongs:
            return await self._back(Note(wrongs=wrongs, typed=typed))
        await self._acts.settings.set_numbers(signed, read)
        return await self._back(Note(about=group))

    async def exit(self, request: Request, signed: Signed) -> Response:
        """Set where the exit leads."""
        typed = posted(request).get(EXIT, "")[:_LONGEST_KEPT]
        try:
            await self._acts.settings.set_exit(signed, read_exit(typed))
        except ValueError:
            return await self._back(Note(wrongs={EXIT: "house.wrong.exit"}, typed={EXIT: typed}))
        return await self._back(Note(about="leaving"))

    async def notice(self, request: Request, signed: Signed) -> Response:
        """Set what the house tells everybody in one language."""
        form = posted(request)
        language, typed = form.get("language", ""), form.get("notice", "")[:_LONGEST_KEPT]
        if language not in LANGUAGES:
            return see_other(SETTINGS)
        try:
            await self._acts.settings.set_notice(signed, language, read_notice(typed))
        except ValueError:
            kept = {"language": language, "notice": typed}
            return await self._back(Note(wrongs={f"notice-{language}": "house.wrong.notice"}, typed=kept))
        return await self._back(Note(about="notices"))

    async def campaigns(self, request: Request, signed: Signed) -> Response:
        """Set the house's list of campaigns."""
        typed = posted(request).get(CAMPAIGNS, "")[: 2 * MOST * LONGEST]
        try:
            await self._acts.settings.set_campaigns(signed, read_list(typed))
        except ListTooLong:
            return await self._back(Note(wrongs={CAMPAIGNS: "house.wrong.campaigns"}, typed={CAMPAIGNS: typed}))
        return await self._back(Note(about="campaigns"))

    async def back(self, request: Request, signed: Signed) -> Response:
        """Let the server's own file decide again, if that goes with the rest."""
        field = posted(request).get("field", "")
        if field not in CHANGEABLE or field in STRICTER:  # those go back by their own form, with the passphrase
            return see_other(SETTINGS)
        changed: Mapping[str, Any] = {field: getattr(self._services.settings, field)}
        wrongs = wrongs_together(self._services.now, changed)
        if wrongs:
            return await self._back(Note(wrongs=wrongs))
        await self._acts.settings.take_back(signed, field)
        return await self._back(Note(about="back"))

    async def _back(self, note: Note) -> Response:
        return see_other(await leave_note(self._services.passes, SETTINGS, note))

"""Holds every page of the desk to one table: who gets what, cell by cell; a page without a row fails."""

from __future__ import annotations

from typing import Final

import pytest
from starlette.routing import Route

from portal.services import Services
from portal.staff.rights import Role
from portal.staff.routes import section
from tests.portal.staff.rows_of_privacy import PRIVACY
from tests.portal.staff.walker import Walker, give, invite, join, person_page, set_up, walker
from tests.support.rights_of_cases import CASES
from tests.support.rights_of_figures import FIGURES
from tests.support.rights_of_gate import GATE

pytestmark = pytest.mark.anyio

# Who looks, in the order of the columns. "bare": an administrator whom nobody gave a key. "new": nobody has vouched.
LOOKING: Final = (
    "out",
    "new",
    "advocate",
    "supervisor",
    "administrator",
    "bare",
    "directory",
    "statistics",
    "interpreter",
)

# 2 a page, 3 a way onward (303), 4 no such page. A page nobody may see answers alike for all who may not.
PAGES: Final[dict[tuple[str, str], str]] = PRIVACY | GATE | FIGURES | {
    #                                         out new adv sup adm bare dir sta int
    ("GET", "/"):                             "3 3 3 3 3 3 3 3 3",
    ("GET", "/desk"):                         "3 2 2 2 2 2 2 2 2",
    ("GET", "/desk/setup"):                   "4 4 4 4 4 4 4 4 4",
    ("POST", "/desk/setup"):                  "3 3 3 3 3 3 3 3 3",
    ("GET", "/desk/setup/{note}"):            "4 4 4 4 4 4 4 4 4",
    ("GET", "/desk/sheet/{note}"):            "3 4 4 4 3 3 4 4 4",
    ("POST", "/desk/sheet"):                  "3 4 4 4 3 3 4 4 4",
    ("GET", "/desk/sheets"):                  "3 4 4 4 2 2 4 4 4",
    ("GET", "/desk/sheets/{note}"):           "3 4 4 4 2 2 4 4 4",
    ("POST", "/desk/sheets"):                 "3 4 4 4 3 3 4 4 4",
    ("GET", "/desk/sheets/back"):             "2 2 2 2 2 2 2 2 2",
    ("GET", "/desk/sheets/back/{note}"):      "2 2 2 2 2 2 2 2 2",
    ("POST", "/desk/sheets/back"):            "3 3 3 3 3 3 3 3 3",
    ("GET", "/desk/anew"):                    "2 2 2 2 2 2 2 2 2",
    ("GET", "/desk/anew/{note}"):             "2 2 2 2 2 2 2 2 2",
    ("POST", "/desk/anew"):                   "3 3 3 3 3 3 3 3 3",
    ("GET", "/desk/anew/code/{note}"):        "3 4 4 4 3 3 4 4 4",
    ("POST", "/desk/staff/{person}/reset"):   "3 4 4 4 3 3 4 4 4",
    ("GET", "/desk/signin"):                  "2 2 2 2 2 2 2 2 2",
    ("POST", "/desk/signin"):                 "3 3 3 3 3 3 3 3 3",
    ("GET", "/desk/signin/{note}"):           "2 2 2 2 2 2 2 2 2",
    ("GET", "/desk/welcome"):                 "2 2 2 2 2 2 2 2 2",
    ("POST", "/desk/welcome"):                "3 3 3 3 3 3 3 3 3",
    ("GET", "/desk/welcome/{note}"):          "2 2 2 2 2 2 2 2 2",
    ("GET", "/desk/signin/passkey"):          "2 2 2 2 2 2 2 2 2",
    ("GET", "/desk/me/passphrase"):           "3 2 2 2 2 2 2 2 2",
    ("POST", "/desk/me/passphrase"):          "3 3 3 3 3 3 3 3 3",
    ("GET", "/desk/me/passphrase/{note}"):    "3 2 2 2 2 2 2 2 2",
    ("GET", "/desk/me/second"):               "3 2 2 2 2 2 2 2 2",
    ("GET", "/desk/me/second/{note}"):        "3 2 2 2 2 2 2 2 2",
    ("POST", "/desk/me/second/code"):         "3 3 3 3 3 3 3 3 3",
    ("GET", "/desk/me/second/code/{begun}"):  "3 3 3 3 3 3 3 3 3",
    ("POST", "/desk/me/second/code/add"):     "3 3 3 3 3 3 3 3 3",
    ("GET", "/desk/me/second/passkey"):       "3 2 2 2 2 2 2 2 2",
    ("POST", "/desk/me/second/passkey"):      "3 3 3 3 3 3 3 3 3",
    ("POST", "/desk/me/second/slip"):         "3 3 3 3 3 3 3 3 3",
    ("POST", "/desk/me/second/remove"):       "3 3 3 3 3 3 3 3 3",
    ("GET", "/desk/me/left"):                 "2 2 2 2 2 2 2 2 2",
    ("POST", "/desk/me/stay"):                "3 3 3 3 3 3 3 3 3",
    ("POST", "/desk/me/sessions/end"):        "3 3 3 3 3 3 3 3 3",
    ("POST", "/desk/me/sessions/name"):       "3 3 3 3 3 3 3 3 3",
    ("GET", "/desk/me"):                      "3 2 2 2 2 2 2 2 2",
    ("POST", "/desk/me"):                     "3 3 3 3 3 3 3 3 3",
    ("GET", "/desk/me/{note}"):               "3 2 2 2 2 2 2 2 2",
    ("POST", "/desk/me/languages"):           "3 3 3 3 3 3 3 3 3",
    ("POST", "/desk/me/alias"):               "3 3 3 3 3 3 3 3 3",
    ("GET", "/desk/shortcuts"):                    "3 2 2 2 2 2 2 2 2",
    ("POST", "/desk/shortcuts"):                   "3 3 3 3 3 3 3 3 3",
    ("GET", "/desk/staff"):                   "3 4 4 2 2 2 4 4 4",
    ("GET", "/desk/staff/with/{note}"):       "3 4 4 2 2 2 4 4 4",
    ("POST", "/desk/staff/invite"):           "3 4 4 4 3 3 4 4 4",
    ("POST", "/desk/staff/uninvite"):         "3 4 4 4 3 3 4 4 4",
    ("GET", "/desk/staff/{person}"):          "3 4 4 2 2 2 4 4 4",
    ("GET", "/desk/staff/{person}/{note}"):   "3 4 4 2 2 2 4 4 4",
    ("POST", "/desk/staff/{person}/keys"):    "3 4 4 4 3 3 4 4 4",
    ("POST", "/desk/staff/{person}/languages"):"3 4 4 4 3 3 4 4 4",
    ("POST", "/desk/staff/{person}/take"):    "3 4 4 4 3 3 4 4 4",
    ("POST", "/desk/staff/{person}/away"):    "3 4 4 4 3 3 4 4 4",
    ("POST", "/desk/staff/{person}/back"):    "3 4 4 4 3 3 4 4 4",
    ("GET", "/desk/audit"):                   "3 4 4 2 2 2 4 4 4",
    ("GET", "/desk/audit/{note}"):            "3 4 4 2 2 2 4 4 4",
    ("POST", "/desk/audit/take"):             "3 4 4 3 3 3 4 4 4",
    ("GET", "/desk/audit/file/{key}"):        "3 4 4 4 4 4 4 4 4",
    ("POST", "/desk/staff/{person}/training"): "3 4 4 3 3 3 4 4 4",
    ("POST", "/desk/staff/{person}/second"):   "3 4 4 3 3 3 4 4 4",
    ("GET", "/desk/again"):                   "3 3 3 3 3 3 3 3 3",
    ("POST", "/desk/again"):                  "3 3 3 3 3 3 3 3 3",
    ("GET", "/desk/again/{note}"):            "3 3 3 3 3 3 3 3 3",
    ("GET", "/desk/keys"):                    "3 4 4 2 2 2 4 4 4",
    ("POST", "/desk/keys"):                   "3 4 4 4 3 3 4 4 4",
    ("GET", "/desk/keys/after/{note}"):       "3 4 4 2 2 2 4 4 4",
    ("GET", "/desk/operation"):               "3 4 4 4 2 2 4 4 4",
    ("GET", "/desk/opening"):                 "3 4 4 4 2 2 4 4 4",
    ("GET", "/desk/opening/{note}"):          "3 4 4 4 2 2 4 4 4",
    ("POST", "/desk/opening/facts"):          "3 4 4 4 3 3 4 4 4",
    ("POST", "/desk/opening/stated"):         "3 4 4 4 3 3 4 4 4",
    ("POST", "/desk/opening/doors"):          "3 4 4 4 3 3 4 4 4",
    ("POST", "/desk/opening/tongue"):         "3 4 4 4 3 3 4 4 4",
    ("POST", "/desk/opening/calls"):          "3 4 4 4 3 3 4 4 4",
    ("GET", "/desk/calls"):                   "3 4 2 2 2 2 4 4 4",
    ("GET", "/desk/calls/{note}"):            "3 4 2 2 2 2 4 4 4",
    ("POST", "/desk/calls/yes"):              "3 4 3 3 3 3 4 4 4",
    ("POST", "/desk/calls/way"):              "3 4 3 3 3 3 4 4 4",
    ("POST", "/desk/calls/way/try"):          "3 4 3 3 3 3 4 4 4",
    ("POST", "/desk/calls/way/remove"):       "3 4 3 3 3 3 4 4 4",
    ("POST", "/desk/calls/test"):             "3 4 4 3 3 3 4 4 4",
    ("POST", "/desk/calls/turn"):             "3 4 4 3 3 3 4 4 4",
    ("POST", "/desk/calls/turn/remove"):      "3 4 4 3 3 3 4 4 4",
    ("GET", "/desk/directory"):               "3 4 2 2 2 2 2 4 4",
    ("GET", "/desk/directory/{note}"):        "3 4 2 2 2 2 2 4 4",
    ("POST", "/desk/directory/find"):         "3 4 3 3 3 3 3 4 4",
    ("GET", "/desk/directory/stale"):         "3 4 2 2 2 2 2 4 4",
    ("GET", "/desk/directory/service/{row}"): "3 4 4 4 4 4 4 4 4",
    ("GET", "/desk/directory/organisation/{row}"): "3 4 4 4 4 4 4 4 4",
    ("GET", "/desk/directory/add"):           "3 4 4 4 2 2 2 4 4",
    ("POST", "/desk/directory/add"):          "3 4 4 4 3 3 3 4 4",
    ("GET", "/desk/directory/add/{note}"):    "3 4 4 4 2 2 2 4 4",
    ("GET", "/desk/directory/organisation/{row}/change"): "3 4 4 4 4 4 4 4 4",
    ("POST", "/desk/directory/organisation/{row}/change"): "3 4 4 4 3 3 3 4 4",
    ("GET", "/desk/directory/organisation/{row}/change/{note}"): "3 4 4 4 4 4 4 4 4",
    ("GET", "/desk/directory/organisation/{row}/add"): "3 4 4 4 4 4 4 4 4",
    ("POST", "/desk/directory/organisation/{row}/add"): "3 4 4 4 3 3 3 4 4",
    ("GET", "/desk/directory/organisation/{row}/add/{note}"): "3 4 4 4 4 4 4 4 4",
    ("GET", "/desk/directory/service/{row}/change"): "3 4 4 4 4 4 4 4 4",
    ("POST", "/desk/directory/service/{row}/change"): "3 4 4 4 3 3 3 4 4",
    ("GET", "/desk/directory/service/{row}/change/{note}"): "3 4 4 4 4 4 4 4 4",
    ("POST", "/desk/directory/organisation/{row}/remove"): "3 4 4 4 3 3 3 4 4",
    ("POST", "/desk/directory/service/{row}/remove"): "3 4 4 4 3 3 3 4 4",
    ("POST", "/desk/directory/service/{row}/right"): "3 4 3 3 3 3 3 4 4",
    ("POST", "/desk/directory/service/{row}/send"): "3 4 4 4 4 4 4 4 4",
    ("GET", "/desk/directory/service/{row}/{note}"): "3 4 4 4 4 4 4 4 4",
    ("GET", "/desk/referrals"):               "3 4 2 2 2 4 4 4 4",
    ("GET", "/desk/referrals/{row}"):         "3 4 4 4 4 4 4 4 4",
    ("GET", "/desk/referrals/{row}/{note}"):  "3 4 4 4 4 4 4 4 4",
    ("POST", "/desk/referrals/{row}"):        "3 4 4 4 4 4 4 4 4",
    ("GET", "/desk/interpreters"):            "3 4 2 2 2 2 4 4 4",
    ("GET", "/desk/interpreters/{note}"):     "3 4 2 2 2 2 4 4 4",
    ("POST", "/desk/interpreters/open"):      "3 4 3 3 3 4 4 4 4",
    ("POST", "/desk/interpreters/add"):       "3 4 4 4 3 3 4 4 4",
    ("POST", "/desk/interpreters/change"):    "3 4 4 4 3 3 4 4 4",
    ("POST", "/desk/interpreters/remove"):    "3 4 4 4 3 3 4 4 4",
    ("GET", "/desk/library"):                 "3 4 4 2 2 2 2 4 4",
    ("GET", "/desk/library/{name}"):          "3 4 4 2 2 2 2 4 4",
    ("GET", "/desk/library/{name}/{tag}"):    "3 4 4 2 2 2 2 4 4",
    ("GET", "/desk/library/{name}/{tag}/{note}"): "3 4 4 2 2 2 2 4 4",
    ("POST", "/desk/library/begin"):          "3 4 4 3 3 3 3 4 4",
    ("POST", "/desk/library/{name}/{tag}/look"): "3 4 4 3 3 3 3 4 4",
    ("POST", "/desk/library/{name}/{tag}/write"): "3 4 4 3 3 3 3 4 4",
    ("POST", "/desk/library/{name}/{tag}/show"): "3 4 4 3 3 3 4 4 4",
    ("GET", "/desk/record"):                  "3 4 2 2 2 2 4 4 4",
    ("GET", "/desk/record/kept"):             "3 4 2 2 2 2 4 4 4",
    ("GET", "/desk/record/{note}"):           "3 4 2 2 2 2 4 4 4",
    # Its name is that of the record that the next pages are about.
    ("POST", "/desk/record"):                 "3 4 3 3 3 3 4 4 4",
    **CASES,
    ("GET", "/desk/records"):                 "3 4 4 2 2 4 4 4 4",
    ("GET", "/desk/records/{row}"):           "3 4 4 2 2 4 4 4 4",
    ("GET", "/desk/records/{row}/{note}"):    "3 4 4 2 2 4 4 4 4",
    ("POST", "/desk/records/{row}"):          "3 4 4 3 3 4 4 4 4",
    ("GET", "/desk/entries"):                 "3 4 4 2 2 4 4 4 4",
    ("POST", "/desk/entries/answer"):         "3 4 4 3 3 4 4 4 4",
    ("GET", "/desk/first-shift"):             "3 4 2 2 2 4 4 4 4",
    ("POST", "/desk/first-shift/visitor"):    "3 4 3 3 3 4 4 4 4",
    ("POST", "/desk/first-shift/again"):      "3 4 3 3 3 4 4 4 4",
    ("POST", "/desk/first-shift/away"):       "3 4 3 3 3 4 4 4 4",
    ("GET", "/desk/first-shift/record"):      "3 4 2 2 2 4 4 4 4",
    ("POST", "/desk/first-shift/record"):     "3 4 3 3 3 4 4 4 4",
    ("GET", "/desk/first-shift/record/{note}"):"3 4 2 2 2 4 4 4 4",
    ("GET", "/desk/first-shift/tip"):         "3 4 2 2 2 4 4 4 4",
    ("POST", "/desk/first-shift/tip"):        "3 4 3 3 3 4 4 4 4",
    ("GET", "/desk/first-shift/tip/{note}"):  "3 4 2 2 2 4 4 4 4",
    ("GET", "/desk/door"):                    "3 4 4 2 2 2 4 4 4",
    ("GET", "/desk/door/{note}"):             "3 4 4 2 2 2 4 4 4",
    ("GET", "/desk/signout/{note}"):          "3 3 3 3 3 3 3 3 3",
    ("POST", "/desk/door/switch"):            "3 4 4 3 3 3 4 4 4",
    ("GET", "/desk/hours"):                   "3 4 4 4 2 2 4 4 4",
    ("GET", "/desk/hours/{note}"):            "3 4 4 4 2 2 4 4 4",
    ("POST", "/desk/hours/zone"):             "3 4 4 4 3 3 4 4 4",
    ("POST", "/desk/hours/week"):             "3 4 4 4 3 3 4 4 4",
    ("GET", "/desk/settings"):                "3 4 4 4 2 2 4 4 4",
    ("GET", "/desk/settings/{note}"):         "3 4 4 4 2 2 4 4 4",
    ("POST", "/desk/settings/numbers"):       "3 4 4 4 3 3 4 4 4",
    ("POST", "/desk/settings/proof"):         "3 4 4 4 3 3 4 4 4",
    ("POST", "/desk/settings/exit"):          "3 4 4 4 3 3 4 4 4",
    ("POST", "/desk/settings/campaigns"):     "3 4 4 4 3 3 4 4 4",
    ("POST", "/desk/settings/notice"):        "3 4 4 4 3 3 4 4 4",
    ("POST", "/desk/settings/back"):          "3 4 4 4 3 3 4 4 4",
    # Last: they end, or lock, the session they are asked with.
    ("GET", "/desk/locked"):                  "3 3 3 3 3 3 3 3 3",
    ("GET", "/desk/locked/{note}"):           "3 3 3 3 3 3 3 3 3",
    ("POST", "/desk/unlock"):                 "3 3 3 3 3 3 3 3 3",
    ("POST", "/desk/me/sessions"):            "3 3 3 3 3 3 3 3 3",
    ("POST", "/desk/signout"):                "3 3 3 3 3 3 3 3 3",
    ("POST", "/desk/lock"):                   "3 3 3 3 3 3 3 3 3",
}  # fmt: skip

KEYS: Final = ("chat", "tips", "records", "names")
POSTED: Final = dict.fromkeys(("digits", "rung", "after", "lasts"), "1") | {"doors": "close", "tongue": "en"}


# Who gets through each guard is held cell by cell in every run (test_permissions.py): here the pages behind answer.
@pytest.mark.parametrize("asked", ["each answer once", pytest.param("every cell", marks=pytest.mark.long)])
async def test_every_cell_of_the_table(services: Services, asked: str) -> None:
    people, place = await _everybody(services)
    wrong = []
    for at, ((method, path), row) in enumerate(PAGES.items()):
        cells = list(zip(LOOKING, row.split(), strict=True))
        for name, expected in cells if asked == "every cell" else _each_answer_once(cells, at):
            found = await _asks(people[name], method, _real(path, place), place)
            if found // 100 != int(expected):
                wrong.append(f"{method} {path} {name}: {found}, not {expected}xx")
    assert wrong == []


def _each_answer_once(cells: list[tuple[str, str]], at: int) -> list[tuple[str, str]]:
    """Whoever is not signed in, and of those who get one answer the one whose turn it is in row `at`."""
    alike = [[cell for cell in cells[1:] if cell[1] == answer] for answer in sorted({cell[1] for cell in cells[1:]})]
    return [cells[0], *(who[at % len(who)] for who in alike)]


async def _asks(looking: Walker, method: str, path: str, place: str) -> int:
    """The status of one page for one person."""
    if method == "GET":
        return (await looking.client.get(path, headers=looking._cookies())).status_code
    fields = dict.fromkeys(("call", "row", "person"), place) | {"invitation": "A" * 43, "channel": "phone", **POSTED}
    return await looking.post(path, dict(fields), follow=False)


async def test_every_page_has_its_row(services: Services) -> None:
    assert {(method, path) for path, method in _addresses(section(services).desk)} == set(PAGES)


async def test_not_yours_and_not_there_are_one_answer(services: Services) -> None:
    ada = await set_up(walker(services))
    bo = await join(ada, alias="Bo")

    await bo.open("/desk/staff")
    not_yours, status = bo.page, bo.status
    await bo.open("/desk/nothing-here")

    assert (bo.page, bo.status) == (not_yours, status)
    assert status == 404


async def _everybody(services: Services) -> tuple[dict[str, Walker], str]:
    """One person of each kind, signed in, and the address of somebody else's page."""
    administrator = await set_up(walker(services))
    roles = {
        "advocate": (Role.ADVOCATE, KEYS),
        "supervisor": (Role.SUPERVISOR, KEYS),
        "bare": (Role.ADMINISTRATOR, ()),
        "directory": (Role.DIRECTORY_EDITOR, ()),
        "statistics": (Role.STATISTICS_VIEWER, ()),
        "interpreter": (Role.INTERPRETER, ()),
    }
    people = {"out": administrator.fresh(), "administrator": administrator}
    for name, (role, keys) in roles.items():
        people[name] = await join(administrator, alias=name, role=role.value)
        await give(administrator, name, *keys)
        await people[name].signs_in(name)
    people["new"] = await join(administrator, alias="new")
    await join(administrator, alias="other")
    await invite(administrator, alias="later")
    return people, (await person_page(administrator, "other")).rpartition("/")[2]


def _addresses(routes: object) -> list[tuple[str, str]]:
    assert isinstance(routes, list)
    return [
        (route.path, method)
        for route in routes
        if isinstance(route, Route)
        for method in sorted(route.methods or ())
        if method != "HEAD"
    ]


def _real(path: str, person: str) -> str:
    known = {"{person}": person, "{row}": person, "{note}": "n" * 43, "{begun}": "n" * 43}
    known |= {"{name}": "basics", "{tag}": "en"}
    for name, value in known.items():
        path = path.replace(name, value)
    return path

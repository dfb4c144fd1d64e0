"""The people of the desk, acting over plain HTTP: setting a house up, signing in, inviting, granting."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
from playwright.sync_api import Page

from tests.support.again import IS_HURT, pressed, pressed_for, resumed, tries
from tests.support.patience import PATIENCE_S
from tests.support.reader import Reader
from tests.support.ready import put_off
from tests.support.server_process import House
from tests.support.spoken import SpokenLine, new_key

PHONE_LINE = "555-0142"
HOUSE_NAME = "Lantern Line"
BELIEVED_S = 1.2
SETS_UP_WITHIN_S = 75.0
TOO_MANY, AGAIN_S, PACED_S = "Too many tries for this name", 2.0, 120.0


@dataclass
class DeskPerson:
    """Somebody who works at the desk of a house; `at` another server of the same house when told."""

    house: House
    alias: str
    name: str
    passphrase: str
    address: str | None = None
    sheets: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.reader = Reader(self.house.desk, address=self.address)

    def at(self, house: House) -> DeskPerson:
        """The same person at another server, not signed in there yet."""
        return DeskPerson(house, self.alias, self.name, self.passphrase, self.address, self.sheets)

    def at_one_of(self, houses: Sequence[House]) -> Callable[[int], DeskPerson]:
        """Makes the same person at one of these servers, by its place among them."""
        return lambda place: self.at(houses[place])

    def signs_in(self) -> DeskPerson:
        """With name and passphrase; fails the test when the desk does not let her in.

        An earlier session may still stand, without the keys she was given since: it does not pass for this one.
        """
        self.reader.opens("/desk/signin")
        form, before = self.reader.page.form(with_field="passphrase"), self.reader.cookie
        self.reader.sends(form, {"name": self.name, "passphrase": self.passphrase})
        said = self.reader.page.words[:300]
        assert self.is_signed_in, f"{self.alias} was not let in: {said}"
        assert self.reader.cookie != before, f"{self.alias} was let in by an earlier session: {said}"
        return self

    @property
    def is_signed_in(self) -> bool:
        return any(form.action.endswith("/desk/signout") for form in self.reader.opens("/desk").forms)

    @property
    def csrf(self) -> str:
        """The session's form token, read from the sign-out form every desk page has."""
        return self.reader.opens("/desk").form(action="/desk/signout").fields["csrf"]

    def posts(self, path: str, **fields: Any) -> httpx.Response:
        """Sends a form straight to an address, the session's token with it."""
        headers = {"Cookie": self.reader.cookie, "Origin": self.house.desk, "Sec-Fetch-Site": "same-origin"}
        data = {"csrf": self.csrf, **fields}
        answer = pressed(lambda: self.reader.web.post(self.house.desk + path, data=data, headers=headers))
        self.reader.answers.append(answer)
        return answer

    def signs_in_with(self, page: Page) -> None:
        """The same in a real browser's page."""

        def signs_in() -> None:
            page.goto(f"{self.house.desk}/desk/signin")
            page.fill("input[name=name]", self.name)
            page.fill("input[name=passphrase]", self.passphrase)
            page.click("form:has(input[name=passphrase]) button[type=submit]")

        pressed_for(page, signs_in, "form[action='/desk/signout']")

    def opens_the_line(self) -> DeskLine:
        """The desk's websocket with her session, resumed and ready."""
        return resumed(self._opens_a_line)

    def _opens_a_line(self) -> DeskLine:
        csrf = self.csrf  # before the line is there: its first frame is waited for five seconds
        line = SpokenLine.open(
            self.house.desk_line,
            origin=self.house.desk,
            cookie=self.reader.cookie,
            agent=self.reader.web.headers["User-Agent"],
            address=self.address,
        )
        line.say("Resume", csrf=csrf, talks=[])
        line.hear("QueueSnapshot")
        desk = DeskLine(line)
        desk.is_ready()
        return desk

    def invites(self, alias: str, role: str, languages: list[str], *grants: str) -> DeskPerson:
        """Another person, invited, accepted, vouched for, and granted the named compartments."""
        self.reader.opens("/desk/staff")
        form = self.reader.page.form(action="/desk/staff/invite")
        self.reader.sends(form, {"alias": alias, "role": role, "languages": languages, "training": "chat"})
        code = code_in(self.reader.page.words)
        person = DeskPerson(self.house, alias, f"{alias.lower()}.{role}", f"a long passphrase of {alias} for tests 7")
        person.reader.opens("/desk/welcome")
        form = person.reader.page.form(with_field="code")
        person.reader.sends(
            form, {"code": code, "name": person.name, "passphrase": person.passphrase, "again": person.passphrase}
        )
        if IS_HURT and not person.is_signed_in:
            person.signs_in()  # a store was away once her account was made: she is led to the door
        assert person.is_signed_in, person.reader.page.words[:300]
        if grants:
            self.grants(person, *grants)
            person.signs_in()
        return person

    def grants(self, person: DeskPerson, *compartments: str) -> None:
        """Vouches for her keys and hands her the compartments; the passphrase is asked again for it.

        One who gives keys to twenty others types it faster than the house lets anybody: then she waits, as it says.
        """
        self.reader.opens("/desk/staff")
        link = next(
            link for link in self.reader.page.links if link.startswith("/desk/staff/") and self._is_of(link, person)
        )
        typed: dict[str, str | list[str]] = {"passphrase": self.passphrase, "digits": person.reads_her_digits()}
        # Of one who only joins the form asks for none.
        typed |= {"compartments": list(compartments)} if compartments else {}
        ends = time.monotonic() + PACED_S
        while True:
            self.reader.opens(link)
            self.reader.sends(self.reader.page.form(action="/keys"), typed)
            assert self.reader.answers[-1].status_code in {200, 203}, self.reader.page.words[:300]
            if TOO_MANY not in self.reader.page.words:
                return
            assert time.monotonic() < ends, self.reader.page.words[:300]
            time.sleep(AGAIN_S)

    def reads_her_digits(self) -> str:
        """What she says to whoever gives her keys: the groups on her own page."""
        self.reader.opens("/desk/me")
        return " ".join(re.findall(r"<span>(\d{5})</span>", self.reader.answers[-1].text))

    def _is_of(self, link: str, person: DeskPerson) -> bool:
        return person.alias in self.reader.opens(link).words

    def close(self) -> None:
        self.reader.close()


@dataclass
class DeskLine:
    """An advocate's websocket in words."""

    line: SpokenLine

    def is_ready(self, ready: bool = True) -> None:
        """Takes new conversations from here on, or no more."""
        self.line.say("Ready", ready=ready)
        self.line.hear("QueueSnapshot", ready=ready)

    def takes_next(self, *, within: float = PATIENCE_S) -> str:
        """Waits for somebody to be in line, takes the first, and returns the conversation's name."""
        while True:
            snapshot = self.line.hear("QueueSnapshot", within=within)
            if not snapshot["waiting"]:
                continue
            conversation: str = snapshot["waiting"][0]["conversation"]
            self.line.say("Take", key=new_key(), conversation=conversation)
            # The list may be older than what became of its first row: then the next one says who waits now.
            if self.line.hear("TalkOpened", "Refused", conversation=conversation)["type"] == "TalkOpened":
                return conversation

    def says(self, conversation: str, text: str) -> int:
        """Words for the visitor; returns their number once they are on disk."""
        return int(self.line.asks("Say", "MessageAccepted", conversation=conversation, text=text)["seq"])

    def notes(self, conversation: str, text: str) -> None:
        """Words for staff only."""
        self.line.asks("Note", "MessageAccepted", conversation=conversation, text=text)

    def does(self, act: str, conversation: str, *, answered: str = "MessageAccepted", **more: Any) -> dict[str, Any]:
        """Anything else that is done in a conversation; returns what answered it."""
        return self.line.asks(act, answered, conversation=conversation, **more)

    def takes_over(self, conversation: str) -> None:
        """Yes to an offer: reads all of it, and has it then."""
        opened = self.does("TakeOver", conversation, answered="TalkOpened")
        self.reads_all(opened)

    def reads_all(self, opened: dict[str, Any]) -> None:
        """All of a talk that is to be hers stands on her page."""
        conversation, told = opened["conversation"], 0
        while told < opened["last"]:
            told = int(self.line.hear("MessagePosted", conversation=conversation)["seq"])
        self.line.say("HistoryShown", key=new_key(), conversation=conversation, seq=told)
        self.line.hear("TalkOpened", conversation=conversation, role="owner")

    def hears(self, text: str) -> dict[str, Any]:
        """Waits until the words arrive."""
        return self.line.hear("MessagePosted", text=text)

    def ends(self, conversation: str) -> None:
        """Closes the conversation; the desk's copy lives until its wrap-up clock ends."""
        self.line.asks("Close", "ConversationClosed", by="conversation", conversation=conversation)

    def close(self) -> None:
        self.line.close()


def code_in(words: str) -> str:
    """The invitation code among the words of a page: groups of letters and digits joined by hyphens."""
    found = re.findall(r"\b[0-9A-Z]{4,6}(?:[- ][0-9A-Z]{4,6}){2,}\b", words)
    assert found, f"no code in: {words[:400]}"
    return str(found[0])


def set_up(house: House, *, address: str | None = None) -> DeskPerson:
    """Sets a fresh house up as its operator would, and returns its first person, signed in."""
    first = DeskPerson(house, "Robin", "robin", "seven lamps beside the quiet harbour", address)
    reader = first.reader
    # The house waits a minute for stores that are away in just that moment, where primaries are killed.
    reader.web.timeout = SETS_UP_WITHIN_S
    for _ in tries():
        reader.opens("/desk/setup")
        form = reader.page.form(with_field="code")
        reader.sends(
            form,
            {
                "code": house.setup_code(),
                "house": HOUSE_NAME,
                "phone": PHONE_LINE,
                "region": "ca-on" if "ca-on" in form.choices.get("region", []) else form.choices["region"][-1],
                "alias": first.alias,
                "languages": form.choices["languages"],
                "name": first.name,
                "passphrase": first.passphrase,
                "again": first.passphrase,
            },
        )
        if "/desk/sheet" in reader.path:
            break
    assert "/desk/sheet" in reader.path, f"at {reader.path}: {reader.page.words[:400]}"
    groups = re.findall(r"\b[A-Z2-7]{4}\b", reader.page.words)
    first.sheets = [" ".join(groups[at : at + 16]) for at in (0, 16, 32)]
    reader.sends(reader.page.form(with_field="half1"), papers_of(first.sheets))
    return first


def papers_of(sheets: Sequence[str]) -> dict[str, str]:
    """What the page takes as proof of three sheets: who keeps each, and the first two letters of each group."""
    return {f"name{number}": f"Keeper {number}" for number in (1, 2, 3)} | {
        f"half{number}": " ".join(group[:2] for group in sheet.split()) for number, sheet in enumerate(sheets, 1)
    }


def open_doors(first: DeskPerson) -> None:
    """Presses the switch; what only a drill or an alert could show is put off."""
    put_off(first.house)
    first.reader.opens("/desk/opening")
    form = first.reader.page.form(action="/doors")
    first.reader.sends(form, {"doors": "open"})
    first.reader.opens("/desk/opening")
    assert first.reader.page.form(action="/doors").fields["doors"] == "close", first.reader.page.words[:300]


def turns_the_switch(person: DeskPerson, chat: str) -> None:
    """One press of the chat's own switch, and the second for which every process believes what it read before."""
    assert person.posts("/desk/door/switch", chat=chat, lasts="").status_code == 303
    time.sleep(BELIEVED_S)

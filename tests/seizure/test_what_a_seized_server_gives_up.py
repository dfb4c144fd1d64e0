"""Seizes a house twice, while people talk and after they have ended, and looks for what they said in every byte.

One talk holds everything that can be in one: `tests/support/whole_talk.py`. What she agreed to keep, and what was done
in danger, stay on purpose: sealed, for those who hold the records.

The people speak from loopback addresses nobody else uses and with a user agent nobody else has, so that a single trace
of either is a proof.
"""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from portal.proof.needles import Haystack
from portal.proof.places import search_folder
from tests.support.chromium import AGENT
from tests.support.desk_people import DeskPerson
from tests.support.disk_search import Found, files_under, search
from tests.support.open_house import OpenHouse, open_house_at
from tests.support.patience import PATIENCE_S
from tests.support.records_of_a_day import RECORDS, write_records, write_tips
from tests.support.thief import Thief
from tests.support.whole_talk import KINDS, WholeTalk

pytestmark = [pytest.mark.timeout(400)]

WRAP_UP_MINUTES = 1
# The sweeper comes within two seconds; the store writes its file anew 30 seconds after the last time at most.
GONE_WITHIN_S = WRAP_UP_MINUTES * 60 + 30 + PATIENCE_S

ADDRESSES = {"visitor": "127.61.7.11", "reporter": "127.61.7.12", "desk": "127.61.7.13"}
CANARIES = {
    "chat, visitor": "the grey kestrel waits behind the mill tonight",
    "chat, advocate": "a lantern hangs above the second quiet bridge",
    "chat, note": "between us the ferry captain knows her sister",
    "chat, taken back": "the violet umbrella belongs to another staircase",
    "chat, whisper": "ask her once about the copper kettle",
    "chat, joined": "the tailor of Quince Lane keeps a spare key",
    "chat, guest": "my grandmother spoke like you of the almond harvest",
    "chat, handed on with": "she counts the geese and waits for the miller",
    "chat, phone note": "the caller will speak of eleven lemons",
    "cover, word": "marzipan lighthouse",
    "danger, who": "Uncle Barnaby of the tannery",
    "danger, what was done": "we stayed until the blue tram had passed",
    "kept by her yes": "a bed near the old observatory on Tuesday",
    "not kept by her no": "her cousin sells clocks in the arcade",
    "waiting room, name": "Wrenfeather Quill",
    "waiting room, region": "under the copper hills",
    "tip, words": "seven crates of saffron left the orchard gate",
    "tip, place": "the cannery at Thistlewick Sound",
    "tip, reach": "write to the baker of Ombersley Row",
    "tip, reply": "the harbour master thanks you for the saffron",
    "tip, addition": "the orchard keeper came again with a limping dog",
    "tip erased, words": "an ivory piano stood in the flooded cellar",
    **RECORDS,
}


@dataclass
class Seized:
    """The house, everything secret that the test knows, and copies of the folders at two moments."""

    open_house: OpenHouse
    advocate: DeskPerson
    talk: WholeTalk
    secrets: dict[str, str] = field(default_factory=dict)
    embers: list[bytes] = field(default_factory=list)
    before: Path = Path()
    after: Path = Path()

    @property
    def folders(self) -> list[Path]:
        house = self.open_house.house
        return [house.data, house.keys, house.logs, house.temporary]

    def copy(self, to: Path) -> Path:
        """What somebody carries away: every file of every folder."""
        for folder in self.folders:
            for path in files_under([folder]):
                target = to / path.relative_to(self.open_house.house.root)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, target)
        return to

    def thief(self, copy: Path, *, people: list[DeskPerson] | None = None, has_sheets: bool = True) -> Thief:
        """Somebody with a copy, the passphrases of these people (of all if none are named), perhaps two sheets."""
        known = [self.open_house.admin, self.advocate] if people is None else people
        sheets = self.open_house.admin.sheets[:2] if has_sheets else []
        return Thief(copy / "data", copy / "keys", [each.passphrase for each in known], sheets)


@pytest.fixture(scope="module")
def open_one(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seized]:
    """A day in a house, seized while all is open: a talk with all that can be in one, a tip answered, a tip erased.

    The talk is ended then, and its wrap-up minute runs while the first tests look at the copy.
    """
    root = tmp_path_factory.mktemp("h")
    with open_house_at(
        root, address=ADDRESSES["desk"], wrap_up_minutes=WRAP_UP_MINUTES, log_level="debug"
    ) as open_house:
        house, admin = open_house.house, open_house.admin
        advocate = admin.invites("Sam", "advocate", ["en"], "chat", "tips")
        desk, supervisor = advocate.signs_in().opens_the_line(), admin.opens_the_line()
        with open_house.visitor_on_the_line(address=ADDRESSES["visitor"]) as visitor:
            talk = WholeTalk(house, visitor, desk, supervisor, CANARIES)
            talk.goes_on()
            seized = Seized(open_house, advocate, talk)
            seized.secrets |= {"tab token": visitor.token, "number": talk.number}
            seized.secrets |= write_tips(house, admin, CANARIES, ADDRESSES["reporter"])
            write_records(open_house.admin, CANARIES)
            seized.embers = talk.embers
            seized.before = seized.copy(root / "copy-open")
            visitor.leaves("exit")
        desk.line.hear("ConversationClosed", conversation=talk.conversation)
        for each in (desk, supervisor, advocate):
            each.close()
        yield seized


@pytest.fixture(scope="module")
def seized(open_one: Seized) -> Seized:
    """The same house seized again: the minute is over, the store's file is written anew, the house is stopped."""
    house, haystack = open_one.open_house.house, Haystack(open_one.talk.ever.values())
    ends = time.monotonic() + GONE_WITHIN_S
    while open_one.talk.embers or search_folder("", house.data / "durable", haystack).found:
        assert time.monotonic() < ends, "the talk is still in memory, or in the store's file"
        time.sleep(0.5)
    house.stop()
    open_one.after = open_one.copy(house.root / "copy-after")
    return open_one


def told(found: list[Found]) -> list[str]:
    return [str(one) for one in found]


def test_while_people_talk_nothing_they_said_is_on_the_disk(open_one: Seized) -> None:
    assert set(KINDS) <= set(CANARIES)
    assert told(search([*CANARIES.values(), open_one.talk.card], [open_one.before])) == []


def test_an_open_conversation_needs_its_ember(open_one: Seized) -> None:
    """The control: with the ember, which no disk holds, the thief's way of trying works; without it, nothing opens."""
    thief = open_one.thief(open_one.before)

    assert thief.privates["chat"], "the thief did not even open the compartment"
    assert open_one.embers
    assert thief.opened_conversations() == []
    assert len(thief.opened_conversations(open_one.embers)) > 0


def test_while_she_is_there_her_digits_and_her_number_are_on_no_disk(open_one: Seized) -> None:
    """Six digits stand by chance in a longer number: they are looked for alone, and with a mark between them."""
    assert len(open_one.talk.digits) == 2
    forms = [form for one in open_one.talk.digits for form in (one, *(f"{one[:3]}{mark}{one[3:]}" for mark in " -"))]
    sought = re.compile(rb"(?<![0-9])(?:" + "|".join(forms).encode() + rb")(?![0-9])")

    assert [str(path) for path in files_under([open_one.before]) if sought.search(path.read_bytes())] == []
    assert told(search([open_one.talk.number], [open_one.before])) == []


def test_after_the_end_nothing_they_said_is_on_the_disk(seized: Seized) -> None:
    assert told(search([*CANARIES.values(), seized.talk.card], [seized.after])) == []


def test_after_the_end_not_even_ciphertext_is_on_the_disk(seized: Seized) -> None:
    """The control: while it was open, all of it stood in the store's file."""
    haystack = Haystack(seized.talk.ever.values())
    stood = {found.needle for found in search_folder("", seized.before, haystack).found}

    assert set(seized.talk.standing.values()) <= stood
    assert {":log", ":notes", ":keys", ":guests"} == {
        needle.name.split()[0] for needle in seized.talk.standing.values()
    }
    assert [found.where for found in search_folder("", seized.after, haystack).found] == []


def test_what_she_agreed_to_keep_and_what_was_done_in_danger_open_for_the_records_alone(seized: Seized) -> None:
    """Kept on purpose, and no more: her no kept nothing, and Sam, who wrote the words, cannot read them again."""
    read = seized.thief(seized.after).opened_entries()

    assert {kind: [each.words for each in accounts] for kind, accounts in read.items()} == {
        "kept": [CANARIES["kept by her yes"]],
        "danger": [CANARIES["danger, what was done"]],
    }
    assert seized.thief(seized.after, people=[seized.advocate], has_sheets=False).opened_entries() == {}


def test_a_case_and_a_request_open_for_their_keys_alone_and_an_erased_case_for_nobody(seized: Seized) -> None:
    """With everything in hand what stands there opens, whole; of the case that was erased there is nothing to open."""
    for copy in (seized.before, seized.after):
        read = {book: b"".join(words) for book, words in seized.thief(copy).opened_rows().items()}
        stands = {
            "cases.sealed": "case, situation",
            "case_notes.sealed": "case, note",
            "case_people.names": "case, name",
            "consents.sealed": "consent, reader",
            "report_decisions.sealed": "decision, grounds",
            "privacy_requests.sealed": "request, who",
        }
        assert {book for book, canary in stands.items() if CANARIES[canary].encode() in read[book]} == set(stands)
        every = b"".join(read.values())
        assert [name for name, words in CANARIES.items() if "erased, " in name and words.encode() in every] == []
        assert seized.thief(copy, people=[seized.advocate], has_sheets=False).opened_rows() == {}


def test_no_token_receipt_or_passphrase_is_on_the_disk(seized: Seized) -> None:
    people = [seized.open_house.admin, seized.advocate]
    secrets = [*seized.secrets.values(), *(each.passphrase for each in people)]
    for sheet in people[0].sheets:
        secrets += [sheet, sheet.replace(" ", "-"), sheet.replace(" ", "")]

    assert told(search(secrets, [seized.before, seized.after])) == []


def test_no_address_and_no_user_agent_is_anywhere(seized: Seized) -> None:
    traces = [*ADDRESSES.values(), AGENT, "canary of the user agent"]

    assert told(search(traces, [seized.before, seized.after])) == []


def test_no_log_line_holds_an_address_and_a_port(seized: Seized) -> None:
    """The house's own two addresses may stand in the lines printed at its start, and nowhere else."""
    house = seized.open_house.house
    own = {f"127.0.0.1:{house.port}", f"127.0.0.1:{house.desk_port}"}
    found = [
        line
        for path in files_under([seized.after / "logs", seized.after / "data" / "run"])
        for line in path.read_text("utf-8", "replace").splitlines()
        for address in re.findall(r"\d{1,3}(?:\.\d{1,3}){3}:\d+|\[?::1\]?:\d+", line)
        if address not in own
    ]
    assert found == []


def test_after_the_end_nothing_of_the_conversation_opens_with_everything_in_hand(seized: Seized) -> None:
    """Every passphrase, two sheets, every key on the disk: the ember is gone, and with it the conversation."""
    thief = seized.thief(seized.after)

    assert set(thief.privates) == {"chat", "tips", "records", "names"}
    assert thief.opened_conversations() == []
    # The store has written its file anew meanwhile, or soon will. Whoever carried the old one away, with every sealed
    # copy in it, and gets every key later, opens as little.
    earlier = seized.thief(seized.before)
    assert earlier.conversations(), "the copy from before the end names no conversation: there is nothing to try"
    assert earlier.opened_conversations() == []


def test_a_tip_opens_with_a_passphrase_and_an_erased_one_for_nobody(seized: Seized) -> None:
    """Tips are kept to be read: their keys open for who was granted them. Erasing takes the keys away for good."""
    thief = seized.thief(seized.after)
    tips = thief.rows("select id from tips")

    assert len(thief.rows("select tip from tip_keys")) == 1
    # Words key and names key of the tip that was kept, and nothing of the other.
    assert len(thief.opened_tips()) == 2
    assert len(tips) >= 1


def test_one_passphrase_opens_what_that_person_was_granted_and_no_more(seized: Seized) -> None:
    """Sam may read chats and tips: not who sent a tip, no record, and no conversation, ended or open."""
    for copy in (seized.before, seized.after):
        thief = seized.thief(copy, people=[seized.advocate], has_sheets=False)

        assert set(thief.privates) == {"chat", "tips"}
        assert thief.opened_conversations() == []
        # The words key of the tip that was kept. Before the erasing there were two tips.
        assert len(thief.opened_tips()) in ({1} if copy == seized.after else {1, 2})


def test_two_sheets_alone_open_every_tip_and_no_conversation(seized: Seized) -> None:
    thief = seized.thief(seized.before, people=[])

    assert set(thief.privates) == {"chat", "tips", "records", "names"}
    assert thief.opened_conversations() == []
    assert len(seized.thief(seized.after, people=[]).opened_tips()) == 2


def test_the_data_folder_alone_lets_nobody_guess_a_passphrase(seized: Seized) -> None:
    """Every guess needs the pepper, which lies in the keys folder; it is nowhere among what the server writes."""
    peppers = list(seized.thief(seized.after).peppers.values())
    beside = [seized.after / name for name in ("data", "logs", "temporary")]
    content = b"".join(path.read_bytes() for path in files_under([each for each in beside if each.exists()]))

    assert peppers
    assert len(content) > 10_000
    assert [number for number, pepper in enumerate(peppers) if pepper in content] == []

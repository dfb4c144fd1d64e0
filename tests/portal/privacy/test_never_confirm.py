"""Every letter and every page of the privacy desk says the same, by the same questions to the rows, of anybody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from i18n.languages import DESK_TAGS
from portal.ids import random_id, to_text
from portal.privacy.kept import KINDS as KEPT
from portal.privacy.kinds import KINDS, OWN, Kind
from portal.privacy.letters import LETTERS, Letters
from portal.privacy.limits import limits
from portal.records.contact import ContactRecord
from portal.records.entries import Account
from portal.rotation.source import EVERY
from portal.services import Services
from portal.staff.routes import section
from portal.store.database import metadata
from tests.portal.staff.walker import Walker, set_up, walker
from tests.support.source import imports, modules

pytestmark = pytest.mark.anyio

NEVER = {"en": "neither confirm nor deny that anybody has ever", "fr": "ne confirmons ni ne nions que quiconque ait"}
# The rows that hold what somebody said, or what was said of somebody.
TELLING = {table.name for table in metadata.tables.values() if any("sealed" in column.info for column in table.columns)}
TELLING |= {"tips", "tip_keys", "tip_shelves"}
NUMBER = {"en": "you were shown a number", "fr": "un numéro vous a été montré"}
# Words that tell of one person's thing: in no reply of ours, in either language.
TELLS = (
    *("your record", "your file", "your case", "we found", "no record of you", "we have nothing"),
    *("votre dossier", "votre fiche", "nous avons trouvé", "nous n’avons rien"),
)
PAGES = ("/desk/requests/letters", "/desk/requests/letters?in=fr", "/desk/requests/kept", "/desk/requests/lost")


@contextmanager
def asked(services: Services) -> Iterator[list[str]]:
    """Every statement that is run in here, without its values."""
    run: list[str] = []
    kept = services.database._rows
    engines = [kept.readers.sync_engine, kept.writer.sync_engine]

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        # What the house knows of itself is asked for once in some seconds, whoever comes: not what is compared.
        if any(re.search(rf"\b{name}\b", statement) for name in TELLING):
            run.append(statement)

    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield run
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)


def plain(page: str) -> str:
    return re.sub(r'(value="|/)[A-Za-z0-9_-]{20,}', r"\1TOKEN", page)


@pytest.mark.parametrize(("kind", "tongue"), LETTERS)
async def test_every_reply_says_that_we_neither_confirm_nor_deny_whatever_a_house_writes(
    services: Services, kind: Kind, tongue: str
) -> None:
    section(services)
    letters = Letters(services)
    for own in ({}, {f"letter.{kind}.{tongue}": "Yes, she is known here."}):
        services.desk_settings.values = own
        whole = letters.whole(kind, tongue, "Lantern Line")
        assert NEVER[tongue] in whole
        assert (NUMBER[tongue] in whole) == (kind in OWN)
        assert whole.endswith("Lantern Line")
    services.desk_settings.values = {}
    assert not [words for words in TELLS if words in letters.whole(kind, tongue, "").lower()]


async def test_the_pages_and_the_answer_to_a_request_are_the_same_in_an_empty_house_and_in_a_full_one(
    services: Services,
) -> None:
    ada = await set_up(walker(services))
    # Twice before it is compared: what is kept for a while is there, whoever asks.
    await everything(services, ada)
    empty = await everything(services, ada)
    await services.contacts.put(await services.contacts.seal(ContactRecord(version=1, channel="phone", line="Kestrel")))
    await services.entries.write("danger", Account(about="danger", words="Kestrel"), bytes(16), answer="waits")
    full = await everything(services, ada)
    assert empty == full
    assert full[1]
    assert {"contact_records", "sealed_entries"} < TELLING
    assert not [statement for statement in full[1] if "privacy_" not in statement]


async def everything(services: Services, ada: Walker) -> tuple[list[str], list[str]]:
    """Each page, and a request about Kestrel from its writing to its answer: what is shown, and what was asked."""
    shown: list[str] = []
    row = to_text(random_id())
    ask = {"kind": "police", "way": "visit", "came": "2026-03-04", "who": "", "words": "Did Kestrel write?", "row": row}
    with asked(services) as run:
        for page in PAGES:
            await ada.open(page)
            shown.append(plain(ada.page))
        await ada.post("/desk/requests/new", {**ask})
        shown.append(plain(ada.page))
        await ada.post(f"/desk/requests/one/{row}/letter", {"tongue": "en"})
        shown.append(plain(ada.page))
    return shown, run


async def test_nothing_here_looks_for_a_person_and_no_part_of_it_knows_what_others_wrote() -> None:
    """No address takes a word to look for, and the room has no way to a chat, a tip or a record."""
    room = [module for module in modules() if module.name.startswith("portal.privacy")]
    assert len(room) > 8
    kept = ("portal.records.contacts", "portal.records.entries", "portal.records.cases", "tips", "chat")
    known = {name for module in room for name in imports(module) if name.startswith(kept)}
    assert known == set()
    asks = {name for module in room for name in re.findall(r'query_params\.get\("(\w+)"', module.text)}
    assert asks == {"in"}


async def test_what_could_exist_names_everything_that_is_sealed_and_takes_its_times_from_the_settings(
    services: Services,
) -> None:
    named = {source for kind in KEPT for source in kind.sources}
    assert named == EVERY
    ada = await set_up(walker(services))
    await ada.open("/desk/requests/kept")
    for words in (
        f"{services.settings.record_days} days after its day",
        f"{services.settings.tip_days} days after the last act",
        f"Until {services.settings.wrap_up_minutes} minutes after its end",
    ):
        assert ada.sees(words)


async def test_a_house_words_a_reply_and_takes_it_back(services: Services) -> None:
    ada = await set_up(walker(services))
    to, fields = "/desk/requests/letters", {"kind": "police", "tongue": "en"}
    assert await ada.post(to, {**fields, "body": "Write to our lawyer."}) == 203
    assert ada.sees("Your own wording")
    assert ada.sees("Write to our lawyer.")
    await ada.open(f"{to}?in=fr")
    assert not ada.sees("Write to our lawyer.")
    await ada.post(to, {**fields, "do": "back"})
    assert not ada.sees("Write to our lawyer.")
    await ada.post(to, {**fields, "body": "x" * 3001})
    assert ada.sees("That is too long.")
    assert await ada.post(to, {**fields, "tongue": "xx", "body": "x"}) == 404


def test_every_limit_of_a_law_has_its_source_and_the_day_somebody_looked() -> None:
    assert {limit.kind for limit in limits()} == {"access", "erasure", "breach"}
    for limit in limits():
        assert limit.source.startswith("http")
        assert limit.checked.year >= 2026
        assert limit.law
    assert {kind for kind, _ in LETTERS} == set(KINDS)
    assert {tongue for _, tongue in LETTERS} == set(DESK_TAGS)

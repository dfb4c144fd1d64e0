"""Somebody who can write every row of the real database, and had the keys of one person who was put out.

Whatever he does, the house refuses aloud or nothing changes; never is anything sealed to a key of his.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from portal.errors import NotThere
from portal.ids import random_id
from portal.staff.keys.granting import Granting
from portal.staff.keys.ledger import BookBroken
from portal.staff.signin import SignIn
from portal.staff.unlock import Unlocking
from portal.vault.bundles import new_seed
from portal.vault.compartments import grant
from portal.vault.sayings import say_granter, say_rotate
from portal.vault.sealing import seal_to
from portal.vault.statements import KeyRight
from tests.portal.vault.broken_house import (
    ANA,
    BO_NAME,
    BO_WORDS,
    FOREIGN,
    Home,
    believes_nothing_new,
    file_a_tip,
    seals_only_to_true_keys,
    sign_in,
)
from tests.portal.vault.chain_attacks import ON_THE_CHAIN
from tests.portal.vault.fixed import DAY
from tips.access import Doors
from tips.form import TipForm
from tips.inbox import Listing
from tips.intake import Intake
from tips.review import Review
from tips.shelf import EVERYTHING
from tips.work.book import Book
from tips.workroom import Workroom

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("attack", ON_THE_CHAIN, ids=lambda attack: attack.__name__.strip("_"))
async def test_a_change_of_the_chain_is_refused_and_nothing_is_sealed_to_a_foreign_key(
    home: Home, attack: Callable[[Home], None]
) -> None:
    before = await home.services.staff.ledger.current()
    await seals_only_to_true_keys(home)
    attack(home)
    await believes_nothing_new(home, before)
    with pytest.raises(BookBroken):
        await home.restarted().current()
    await seals_only_to_true_keys(home)
    # A server that starts now seals nothing at all.
    home.services.staff.ledger = home.restarted()
    with pytest.raises(BookBroken):
        await Intake(home.services, Doors(home.services)).file_tip(
            TipForm(words="a blue van"),
            language="en",
            start_token=home.services.start_tokens.make(),
            wants_number=False,
        )


async def test_an_older_copy_of_the_whole_file_is_refused(home: Home, tmp_path: Path) -> None:
    services = home.services
    await services.database.checkpoint()
    shutil.copy(home.path, tmp_path / "older.db")
    unlocking = Unlocking(services.staff.accounts, services.staff.ledger, services.pools)
    granting = Granting(services, unlocking, SignIn(services, unlocking))
    ana = await sign_in(home, ANA.name, ANA.passphrase)
    await granting.take(ana, ANA.passphrase, home.bo.person.id, "chat")
    await services.database.checkpoint()
    with closing(sqlite3.connect(tmp_path / "older.db")) as older, closing(sqlite3.connect(home.path)) as raw:
        older.backup(raw)
    for book in (services.staff.ledger, home.restarted()):
        with pytest.raises(BookBroken):
            await book.current()


async def test_a_past_written_anew_with_a_right_that_was_taken_away_is_refused(home: Home) -> None:
    """Bo was a granter once. He cuts the chain off before he was not, and writes as many lines of his own."""
    services, bo = home.services, home.bo
    unlocking = Unlocking(services.staff.accounts, services.staff.ledger, services.pools)
    ana = await unlocking.by_name(ANA.name, ANA.passphrase)
    async with services.staff.ledger.writing() as page:
        await page.write(say_granter(page.latest, ana.signer, DAY, bo.person.id, KeyRight))
    cut_at = (await services.staff.ledger.current()).head
    async with services.staff.ledger.writing() as page:
        await page.write(say_granter(page.latest, ana.signer, DAY, bo.person.id, ()))
    other_past = say_rotate(home.chain_up_to(cut_at).latest, bo.signer, DAY, "tips", 2, FOREIGN.public)
    home.put_line(other_past.number, other_past.to_row())
    assert home.chain().compartment("tips").public == FOREIGN.public  # flawless, for whoever has no memory
    with pytest.raises(BookBroken):
        await home.restarted().current()
    await seals_only_to_true_keys(home)


async def test_a_row_slipped_in_or_kept_from_before_opens_nothing(home: Home) -> None:
    bo = home.bo
    for number, holder, seal in home.bo_rows_before:
        home.write(
            "INSERT OR REPLACE INTO key_grants (statement, holder, seal) VALUES (?, ?, ?)",
            values=(number, holder, seal),
        )
    slipped_in = grant(
        home.tips.private, bo.keys.open_public, compartment="tips", version=1, holder=bo.person.id, statement=99
    )
    home.write("INSERT INTO key_grants VALUES (?, ?, ?)", values=(99, bo.person.id, slipped_in))
    signed = await sign_in(home, BO_NAME, BO_WORDS)
    assert signed.compartment_keys("tips") == {}
    assert set(signed.compartment_keys("chat")) == {1}


async def test_swapped_sealed_keys_are_left_out_and_said_aloud(home: Home, caplog: pytest.LogCaptureFixture) -> None:
    at = await home.services.staff.ledger.current()
    mine = next(given for given in at.grants(home.ana) if given.compartment == "tips")
    public = at.staff(home.ana)
    assert public is not None
    foreign = grant(
        FOREIGN.private,
        public.open_public,
        compartment="tips",
        version=1,
        holder=home.ana,
        statement=mine.statement,
    )
    home.write("UPDATE key_grants SET seal = ? WHERE statement = ?", values=(foreign, mine.statement))
    signed = await sign_in(home, ANA.name, ANA.passphrase)
    # Bo was put out of the tips, so that key was due, and is another now; the swapped one is nowhere.
    assert set(signed.compartment_keys("tips")) == {2}
    assert set(signed.compartment_keys("chat")) == {1}
    assert f"sealed_keys_refused statements={mine.statement}" in caplog.text


async def test_a_key_put_in_place_of_a_tips_own_gets_no_reply(home: Home, caplog: pytest.LogCaptureFixture) -> None:
    """Sealed as rightly as ours, with words under it: but this house never marked it."""
    services = home.services
    tip, other = (await file_a_tip(services)).filing.tip, (await file_a_tip(services)).filing.tip
    ana = await sign_in(home, ANA.name, ANA.passphrase)
    doors = Doors(services)
    review, listing = Review(services, doors, Book(services, doors)), Listing(services, doors, Workroom())
    assert [words.text for words in (await review.open(ana, tip)).words] == ["a blue van"]
    his = new_seed()
    sealed = seal_to(home.tips.public, 1, his, "tip", tip, "words")
    with closing(sqlite3.connect(home.path)) as raw:
        marks = [
            copy[84:] for (copy,) in raw.execute("SELECT words_copy FROM tip_keys WHERE tip IN (?, ?)", (tip, other))
        ]
    for mark in (bytes(32), b"", *marks):
        home.write("UPDATE tip_keys SET words_copy = ? WHERE tip = ?", values=(sealed + mark, tip))
        with pytest.raises(NotThere):
            await review.open(ana, tip)
        with pytest.raises(NotThere):
            await review.reply(ana, tip, "we are here", random_id())
    assert "tip_key_refused" in caplog.text
    assert [row.id for row in (await listing.page(ana, EVERYTHING)).rows] == [other]

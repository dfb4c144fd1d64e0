"""Holds the key book to what was signed and seen: whoever only writes rows is refused aloud, and nothing is sealed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, select, text, update

from portal.services import Services
from portal.staff.accounts import RowForged
from portal.staff.keys.ledger import BookBroken, NotSetUp, StatementBook
from portal.staff.tables import people, statements
from portal.vault.bundles import new_seed, staff_keys
from portal.vault.sayings import say_staff
from portal.vault.statement import Signer
from tests.portal.staff.walker import PASSPHRASE, Walker, give, join, person_page

pytestmark = pytest.mark.anyio


def fresh_book(services: Services) -> StatementBook:
    """The book as another process reads it, from the first line."""
    return StatementBook(services.database, services.staff.folder)


async def write(services: Services, *changes: object) -> None:
    async with services.database.write() as connection:
        if connection.dialect.name == "postgresql":
            await connection.execute(text("SET LOCAL session_replication_role = replica"))
        else:
            for table in ("key_statements", "audit_lines"):
                for verb in ("update", "delete"):
                    await connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_no_{verb}"))
        for change in changes:
            await connection.execute(change)  # type: ignore[call-overload]


async def test_before_set_up_there_is_no_book(services: Services) -> None:
    with pytest.raises(NotSetUp):
        await services.staff.ledger.current()


async def test_a_book_that_became_shorter_is_refused_by_every_process(ada: Walker, services: Services) -> None:
    await join(ada, alias="Bo")
    await give(ada, "Bo", "tips")
    ledger = await services.staff.ledger.current()
    await write(services, delete(statements).where(statements.c.n == ledger.head))

    for book in (services.staff.ledger, fresh_book(services)):
        with pytest.raises(BookBroken):
            await book.current()


async def test_an_empty_book_is_refused_once_there_was_one(ada: Walker, services: Services) -> None:
    await services.staff.ledger.current()
    await write(services, delete(statements))

    for book in (services.staff.ledger, fresh_book(services)):
        with pytest.raises(BookBroken):
            await book.current()


async def test_a_revoked_grant_cannot_be_brought_back_by_cutting_the_book(ada: Walker, services: Services) -> None:
    bo = await join(ada, alias="Bo")
    await give(ada, "Bo", "tips")
    await bo.signs_in("Bo")
    await ada.post(f"{await person_page(ada, 'Bo')}/take", {"compartment": "tips", "passphrase": PASSPHRASE})
    ledger = await services.staff.ledger.current()
    await write(services, delete(statements).where(statements.c.n == ledger.head))

    with pytest.raises(BookBroken):
        await fresh_book(services).current()


async def test_a_changed_line_is_refused(ada: Walker, services: Services) -> None:
    async with services.database.read() as connection:
        line = (await connection.execute(select(statements.c.line).where(statements.c.n == 3))).scalar_one()
    for at in range(0, len(line), 7):
        changed = line[:at] + bytes([line[at] ^ 1]) + line[at + 1 :]
        await write(services, update(statements).where(statements.c.n == 3).values(line=changed))
        with pytest.raises(BookBroken):
            await fresh_book(services).current()
    await write(services, update(statements).where(statements.c.n == 3).values(line=line))
    assert (await fresh_book(services).current()).head == (await services.staff.ledger.current()).head


async def test_a_stranger_cannot_write_himself_into_the_book(ada: Walker, services: Services) -> None:
    ledger = await services.staff.ledger.current()
    his = staff_keys(new_seed())
    for name in (b"root", b"e" * 16, (await services.staff.who(ada.cookie)).staff_id):
        forged = say_staff(
            ledger.latest,
            Signer(name, his.sign_private),
            services.clock.now().date(),
            b"e" * 16,
            his.open_public,
            his.sign_public,
        )
        await write(
            services,
            delete(statements).where(statements.c.n == forged.number),
            insert(statements).values(n=forged.number, line=forged.to_row()),
        )
        for book in (services.staff.ledger, fresh_book(services)):
            with pytest.raises(BookBroken):
                await book.current()


async def test_while_the_book_does_not_match_no_page_works_and_each_says_so(ada: Walker, services: Services) -> None:
    ledger = await services.staff.ledger.current()
    await write(services, delete(statements).where(statements.c.n == ledger.head))

    assert await ada.open("/desk/staff") == 503
    assert ada.sees("The key book does not match.")
    assert not await ada.fresh().signs_in("ada")


async def test_who_writes_rows_makes_nobody_more_than_she_is(ada: Walker, services: Services) -> None:
    bo = await join(ada, alias="Bo")
    await give(ada, "Bo", "tips")
    await bo.signs_in("Bo")
    staff_id = (await services.staff.who(bo.cookie)).staff_id
    await ada.post(f"{await person_page(ada, 'Bo')}/away", {"passphrase": PASSPHRASE})
    async with services.database.read() as connection:
        was = (await connection.execute(select(people).where(people.c.id == staff_id))).one()._asdict()
    forged: list[dict[str, object]] = [
        {"role": "administrator"},
        {"is_active": True, "generation": 1},
        {"open_public": os.urandom(32)},
        {"sign_public": os.urandom(32)},
        {"find": os.urandom(32)},
        {"alias": "Ada"},
    ]
    for change in forged:
        await write(services, update(people).where(people.c.id == staff_id).values(**{**was, **change}))
        with pytest.raises(RowForged):
            await services.staff.accounts.person(staff_id)
    await write(services, update(people).where(people.c.id == staff_id).values(**{**was, "is_active": True}))
    assert not await bo.fresh().signs_in("Bo")


async def test_a_book_longer_than_its_head_is_read_and_the_head_catches_up(ada: Walker, services: Services) -> None:
    """What a kill between the commit and the head leaves behind."""
    head = services.staff.folder.path / "head"
    before = head.read_bytes()
    await join(ada, alias="Bo")
    await give(ada, "Bo", "tips")
    after = head.read_bytes()
    _put(head, before)

    await fresh_book(services).current()

    assert before != after
    assert head.read_bytes() == after


async def test_lines_are_kept_with_the_rows_they_speak_of_or_not_at_all(ada: Walker, services: Services) -> None:
    before = (await services.staff.ledger.current()).head
    keys = staff_keys(new_seed())
    signer = Signer((await services.staff.who(ada.cookie)).staff_id, staff_keys(new_seed()).sign_private)

    with pytest.raises(Exception, match="not signed"):
        async with services.staff.ledger.writing() as page:
            await page.write(
                say_staff(
                    page.latest, signer, services.clock.now().date(), b"n" * 16, keys.open_public, keys.sign_public
                )
            )

    assert (await fresh_book(services).current()).head == before
    assert (await services.staff.ledger.current()).head == before


def _put(path: Path, content: bytes) -> None:
    path.chmod(0o600)
    path.write_bytes(content)

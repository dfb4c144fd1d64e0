"""Holds the mail to one an hour, by one process, over a private line, with a number and nothing else in it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from portal.alerts.ways import Ways
from portal.settings import BadSetting, Secret, read_settings
from tests.support.certificate import certificate
from tests.support.mail_house import MailHouse, mail_house
from tests.tips.conftest import TipHouse
from tests.tips.test_filing import FORM, file
from tips.crowd.digest import CLAIM, FIRST_PAUSE, Digest, pause_after
from tips.crowd.tally import Tally

pytestmark = pytest.mark.anyio

TO = (("en", "team@lantern.example"), ("fr", "equipe@lantern.example"))


def digest_of(house: TipHouse, mail: MailHouse, to: tuple[tuple[str, str], ...] = TO[:1]) -> Digest:
    """The house's digest, by this mail server."""
    services = house.services
    services.settings = replace(services.settings, digest_to=to, alert_smtp_url=Secret(mail.url))
    services.alerts.ways = Ways(services.settings)
    return Digest(services, Tally(services))


async def an_hour_passes(house: TipHouse) -> None:
    await house.services.durable.delete(CLAIM)


@given(st.integers(1, 10_000), st.integers(60, 1_440))
def test_vain_tries_grow_apart_and_never_further_than_the_mails_themselves(tries: int, minutes: int) -> None:
    every = timedelta(minutes=minutes)
    assert FIRST_PAUSE <= pause_after(tries, every) <= every
    assert pause_after(tries, every) <= pause_after(tries + 1, every)
    assert sum((pause_after(each, every) for each in range(1, 5)), timedelta()) >= timedelta(hours=1)


@pytest.mark.parametrize(("host", "starts_in_clear"), [("localhost", False), ("127.0.0.2", True)])
async def test_many_tips_are_one_mail_over_a_private_line_with_a_number_in_it(
    house: TipHouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, host: str, starts_in_clear: bool
) -> None:
    known = certificate(tmp_path, host)
    monkeypatch.setenv("SSL_CERT_FILE", str(known.chain))
    with mail_house(known, host=host, starts_in_clear=starts_in_clear) as mail:
        digest = digest_of(house, mail, TO)
        assert not await digest.look()
        for _ in range(7):
            await file(house, wants_number=False)
        assert await digest.look()
        await file(house, wants_number=False)
        assert not await digest.look()  # within the hour
        await an_hour_passes(house)
        assert await digest.look()
    assert mail.was_private == [True] * 4
    told: dict[str, list[str]] = {to[0]: [] for to, _ in mail.letters}
    for to, letter in mail.letters:
        told[to[0]].append(str(letter["subject"]))
        assert letter.get_content().strip() == letter["subject"]
        assert {name.lower() for name in letter} <= {
            *("from", "to", "subject", "content-type", "content-transfer-encoding", "mime-version", "x-peer"),
            *("x-mailfrom", "x-rcptto"),
        }
        assert FORM.place not in letter.as_string()
    assert told["team@lantern.example"] == [
        "Lamp House: 7 new notes at the desk. Open the desk to read them.",
        "Lamp House: some new notes at the desk. Open the desk to read them.",
    ]
    assert len(told["equipe@lantern.example"]) == 2
    assert not await digest.is_stuck()


async def test_a_mail_that_is_refused_is_seen_at_the_desk_tried_again_and_counted_still(
    house: TipHouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = certificate(tmp_path, "localhost")
    monkeypatch.setenv("SSL_CERT_FILE", str(known.chain))
    with mail_house(known) as mail:
        digest = digest_of(house, mail)
        mail.refuses = "550 no"
        for _ in range(6):
            await file(house, wants_number=False)
        for tries in range(1, 4):
            assert not await digest.look()
            left = await house.services.durable.pttl(CLAIM)
            assert 0 < left <= pause_after(tries, timedelta(hours=1)).total_seconds() * 1000
            assert not await digest.look()  # not before its time
            await an_hour_passes(house)
        assert await digest.is_stuck()
        mail.refuses = ""
        assert await digest.look()
        assert not await digest.is_stuck()
    assert [str(letter["subject"]) for _, letter in mail.letters] == [
        "Lamp House: 6 new notes at the desk. Open the desk to read them."
    ]


async def test_a_server_nobody_vouches_for_is_told_nothing(
    house: TipHouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "other").mkdir()
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate(tmp_path / "other", "localhost").chain))
    with mail_house(certificate(tmp_path, "localhost")) as mail:
        digest = digest_of(house, mail)
        await file(house)
        assert not await digest.look()
    assert mail.letters == []
    assert await digest.is_stuck()


async def test_of_many_processes_one_sends(house: TipHouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = certificate(tmp_path, "localhost")
    monkeypatch.setenv("SSL_CERT_FILE", str(known.chain))
    with mail_house(known) as mail:
        processes = [digest_of(house, mail) for _ in range(4)]
        await file(house)
        went = await asyncio.gather(*(each.look() for each in processes))
    assert sorted(went) == [False, False, False, True]
    assert len(mail.letters) == 1


async def test_nothing_is_sent_where_nobody_is_named_and_filing_waits_for_no_mail(house: TipHouse) -> None:
    nowhere = MailHouse(url="smtps://localhost:1?from=desk@lantern.example")
    digest = digest_of(house, nowhere, ())
    await file(house)
    assert not await digest.look()
    assert not await digest.is_stuck()


def test_mailboxes_without_a_mail_server_stop_the_start() -> None:
    smtp = {"PORCHLIGHT_ALERT_SMTP_URL": "smtps://mail.example?from=desk@lantern.example"}
    told = {"PORCHLIGHT_DIGEST_TO": "team@lantern.example fr=equipe@lantern.example"}
    assert read_settings(smtp | told).digest_to == TO
    with pytest.raises(BadSetting):
        read_settings(told)
    with pytest.raises(BadSetting):
        read_settings(smtp | {"PORCHLIGHT_DIGEST_TO": "xx=team@lantern.example"})

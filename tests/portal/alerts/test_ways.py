"""An alert goes out by the operator's mail server, hook or command; a failure is only an answer."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from portal.alerts import ways as under_test
from portal.alerts.ways import COMMAND, MAIL, WEBHOOK, Ways
from portal.settings import Secret, Settings
from tests.support.alert_posts import a_hook, a_mail_server

pytestmark = pytest.mark.anyio

WORDS = "Lantern Line: open the desk."


def a_command(folder: Path, script: str) -> str:
    path = folder / "call"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o700)
    return str(path)


async def test_mail_carries_the_words_and_nothing_else() -> None:
    async with a_mail_server() as post:
        ways = Ways(Settings(alert_smtp_url=Secret(post.url)))

        assert ways.offered == (MAIL,)
        assert await ways.send(MAIL, "robin@lantern.example", WORDS)
    assert post.came == [("robin@lantern.example", WORDS)]


async def test_a_hook_is_told_whom_it_is_for_and_the_words() -> None:
    async with a_hook() as post:
        ways = Ways(Settings(alert_webhook_url=Secret(post.url)))

        assert ways.offered == (WEBHOOK,)
        assert await ways.send(WEBHOOK, "+15550100", WORDS)
    assert post.came == [("+15550100", WORDS)]


async def test_a_command_reads_both_and_neither_stands_among_its_arguments(tmp_path: Path) -> None:
    told = tmp_path / "told"
    ways = Ways(Settings(alert_command=a_command(tmp_path, f'echo "$@" > {told}; cat >> {told}; env >> {told}')))

    assert ways.offered == (COMMAND,)
    assert await ways.send(COMMAND, "+15550100", WORDS)
    lines = told.read_text().splitlines()
    assert lines[:3] == ["", "+15550100", WORDS]
    assert {line.split("=")[0] for line in lines[3:]} <= {"PATH", "PWD", "_", "SHLVL", "OLDPWD"}


async def test_what_cannot_be_sent_is_an_answer_and_tells_a_log_no_address(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(under_test, "WITHIN_S", 0.3)
    caplog.set_level(logging.DEBUG)
    async with a_mail_server() as mail, a_hook() as hook:
        settings = Settings(
            alert_smtp_url=Secret(mail.url),
            alert_webhook_url=Secret(hook.url),
            alert_command=a_command(tmp_path, "exit 3"),
        )
        mail.is_willing = hook.is_willing = False
        ways = Ways(settings)
        for way in (MAIL, WEBHOOK, COMMAND):
            assert not await ways.send(way, "robin@lantern.example", WORDS), way
        hook.hangs = True
        assert not await ways.send(WEBHOOK, "robin@lantern.example", WORDS)
    for way in (MAIL, WEBHOOK):  # nobody listens any more
        assert not await ways.send(way, "robin@lantern.example", WORDS), way
    assert not await Ways(Settings()).send(MAIL, "robin@lantern.example", WORDS)

    said = " ".join(record.getMessage() for record in caplog.records if record.name.startswith("porchlight"))
    assert said.count("alert_not_sent") == 6
    assert "robin" not in said
    assert "127.0.0.1" not in said
    assert WORDS not in said

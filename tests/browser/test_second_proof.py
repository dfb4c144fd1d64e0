"""Tells of a second proof in a real browser, with a device that makes passkeys; and of an app where no script runs."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pyotp
import pytest
from playwright.sync_api import Page, expect

from tests.support.axe import violations
from tests.support.chromium import SCREEN, Chromium
from tests.support.desk_people import DeskPerson, set_up
from tests.support.house import running_house

pytestmark = pytest.mark.browser
ROLES = "advocate supervisor administrator"


class Key:
    """The browser's own device for passkeys, as its tools make one (WebAuthn.addVirtualAuthenticator)."""

    def __init__(self, page: Page) -> None:
        self._tools = page.context.new_cdp_session(page)
        self._tools.send("WebAuthn.enable")
        options: dict[str, Any] = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        self._name = self._tools.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]

    def verifies(self, verified: bool) -> None:
        """Whether the finger on it is hers."""
        self._tools.send("WebAuthn.setUserVerified", {"authenticatorId": self._name, "isUserVerified": verified})

    @property
    def held(self) -> list[dict[str, Any]]:
        """The passkeys it keeps."""
        return list(self._tools.send("WebAuthn.getCredentials", {"authenticatorId": self._name})["credentials"])


def types(page: Page, person: DeskPerson) -> None:
    page.goto(f"{person.house.desk}/desk/signin")
    page.fill("input[name=name]", person.name)
    page.fill("input[name=passphrase]", person.passphrase)


@pytest.mark.asvs("6.3.3")
def test_a_passkey_made_at_the_desk_lets_her_in_and_the_passphrase_alone_does_not(
    tmp_path_factory: pytest.TempPathFactory, chromium: Chromium
) -> None:
    with running_house(tmp_path_factory.mktemp("h"), second_proof=ROLES) as house:
        first = set_up(house)
        context = chromium.new_context(size=SCREEN)
        page = context.new_page()
        key = Key(page)

        # The first page after the sign-in asks for it; it can be put off.
        types(page, first)
        page.click("form[data-does=show] button[type=submit]")
        expect(page).to_have_url(re.compile(r"/desk/me/second$"))
        expect(page.locator("main")).to_contain_text("for 7 days more")
        assert violations(page) == []
        page.fill("form[data-does=make] input[name=name]", "This laptop")
        page.fill("form[data-does=make] input[name=passphrase]", first.passphrase)
        page.click("form[data-does=make] [data-at=passkey]")
        expect(page.locator(".desk-codes li")).to_have_count(10)
        expect(page.locator("main")).to_contain_text("This laptop")
        (held,) = key.held
        assert (held["rpId"], held["isResidentCredential"]) == ("localhost", True)
        page.click("form[action='/desk/signout'] button")

        # The passphrase alone, and a finger that is not hers: one answer.
        types(page, first)
        page.press("input[name=passphrase]", "Enter")
        expect(page.locator("[role=alert]").first).to_contain_text("does not fit together")
        key.verifies(False)
        types(page, first)
        page.click("[data-at=passkey]")
        expect(page.locator("[data-at=passkey-wrong]")).to_be_visible()
        # On her phone's width, and on to the page for a pocket.
        page.set_viewport_size({"width": 390, "height": 844})
        key.verifies(True)
        page.click("[data-at=passkey]")
        expect(page.locator("main")).to_contain_text("somebody typed your passphrase 1 time,")
        assert violations(page) == []
        page.goto(f"{house.desk}/desk/pocket")
        expect(page.locator(".pocket h1")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        context.close()

        # Where no script runs: an app, by its secret typed.
        key_only = first.at(house)
        app = adds_an_app(first)
        key_only.reader.opens("/desk/signin")
        form = key_only.reader.page.form(with_field="passphrase")
        code = app.at(datetime.now(UTC).timestamp() + 30)
        key_only.reader.sends(form, {"name": first.name, "passphrase": first.passphrase, "code": code})
        assert key_only.is_signed_in
        first.close()
        key_only.close()


def adds_an_app(person: DeskPerson) -> pyotp.TOTP:
    """By forms alone, in the session that her set-up began; passkey made meanwhile or not."""
    reader = person.reader
    reader.opens("/desk/me/second")
    reader.sends(reader.page.form(action="/desk/me/second/code"), {"passphrase": person.passphrase})
    spelled = "".join(re.findall(r"\b[A-Z2-7]{4}\b", reader.page.words))
    app = pyotp.TOTP(spelled)
    form = reader.page.form(action="/code/add")
    reader.sends(form, {"code": app.at(datetime.now(UTC)), "name": "Old phone"})
    assert "Old phone" in reader.page.words, reader.page.words[:400]
    return app

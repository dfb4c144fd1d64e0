"""Gives, takes and changes a key in a browser: digits typed as heard, what is due on the page, nothing for axe."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.support.axe import violations
from tests.support.chromium import SCREEN, Chromium
from tests.support.open_house import open_house_at

pytestmark = pytest.mark.browser


def test_a_key_is_given_by_voice_taken_and_changed_and_nobody_is_signed_out(
    tmp_path_factory: pytest.TempPathFactory, chromium: Chromium
) -> None:
    with open_house_at(tmp_path_factory.mktemp("h")) as ready:
        desk, ada = ready.house.desk, ready.admin
        bo, cy = ada.invites("Bo", "advocate", ["en"]), ada.invites("Cy", "advocate", ["en"], "tips")
        page = chromium.new_context(size=SCREEN).new_page()
        ada.signs_in_with(page)

        page.goto(f"{desk}/desk/staff")
        page.get_by_role("link", name="Bo", exact=True).click()
        spoken = bo.reads_her_digits()
        assert not [group for group in spoken.split() if group in page.content()]
        page.get_by_label("The six groups you heard").fill(spoken)
        page.get_by_label("Tips: read and answer").check()
        page.fill("#give-passphrase", ada.passphrase)
        page.get_by_role("button", name=re.compile("I heard these digits")).click()
        expect(page.get_by_role("status")).to_be_visible()

        page.select_option("#take-which", "tips")
        page.fill("#take-passphrase", ada.passphrase)
        page.get_by_role("button", name="Take this key away").click()
        page.goto(f"{desk}/desk/keys")
        expect(page.get_by_text("To be changed").first).to_be_visible()
        assert violations(page) == []
        page.fill("#turn-passphrase", ada.passphrase)
        page.get_by_role("button", name="Change the keys").click()
        expect(page.get_by_text("number 2, since")).to_be_visible()
        expect(page.get_by_text("nothing here opens to theirs any more")).to_be_visible()
        assert violations(page) == []

        # Cy signed in before all that, and reads what comes after it.
        cy.reader.opens("/desk/tips")
        assert cy.is_signed_in
        assert "You were given a new key." not in cy.reader.opens("/desk").words
        bo.close()
        cy.close()

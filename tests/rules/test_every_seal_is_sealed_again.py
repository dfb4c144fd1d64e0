"""Holds whatever is sealed to a compartment to being sealed again when its key is changed, or to a reason why not."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from portal.rotation.source import EVERY
from portal.services import Services
from portal.store.database import metadata
from server import rooms
from tests.support.source import modules

# Each function that seals to a public key, and the rows (`portal.rotation.source`) in which its seals stand.
AGAIN = {
    "portal.vault.tips.staff_copies": {"tips.words", "tips.names"},
    "portal.vault.tip_desk.desk_copy": {"tips.desk"},
    "portal.vault.shelves.seal_shelf": {"tips.shelves"},
    "portal.vault.tip_files.seal_file_keys": {"tips.held_files"},
    "portal.vault.entries.seal_entry": {
        *("entries", "contacts", "supervisor_entries", "figures", "figure_slips"),
        *("cases", "case_people", "case_names", "case_contacts", "case_notes", "referrals"),
        *("requests", "request_steps", "sheets"),
        *("consents", "report_decisions", "decision_words"),
    },
    "portal.vault.interpreters.seal_account": {"interpreters.account"},
}
NOT_AGAIN = {
    "portal.vault.conversations.staff_copy": "under an ember besides; no talk outlives the old half",
    "portal.vault.compartments.grant": "a compartment's own key, granted anew with each version",
    "portal.vault.late_keys.seal_late": "to a session, which ends in hours",
    "portal.vault.guests.guest_copy": "to a pair made for one question of one talk",
    "portal.vault.keyfiles.seal_peppers": "to the recovery pair",
    "portal.vault.backups.__init__": "to the recovery pair",
    "portal.vault.shift_notes.seal_shift_note": "in no row: sealed again where it lies, by chat.shift_notes",
    "portal.vault.tip_channels.seal_channel": "to a receipt",
    "portal.paper.drill._make": "to the key of a drill's own house, gone with it",
    "portal.vault.rewraps.again": "this is what seals again",
}


def sealing() -> Iterator[str]:
    """Every function of ours that calls `seal_to`."""
    for module in modules():
        tree = ast.parse(module.text)
        for each in ast.walk(tree):
            if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef) and any(
                isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "seal_to"
                for call in ast.walk(each)
            ):
                yield f"{module.name}.{each.name}"


def test_what_is_sealed_to_a_key_is_sealed_again_or_says_why_not() -> None:
    assert sorted(sealing()) == sorted([*AGAIN, *NOT_AGAIN])


def test_every_source_is_known_by_what_seals_it() -> None:
    assert set().union(*AGAIN.values()) == EVERY


@pytest.mark.anyio
async def test_every_column_that_says_it_is_sealed_is_a_source(services: Services) -> None:
    rooms(services)

    said = {column for table in metadata.tables.values() for column in table.columns if "sealed" in column.info}
    assert said == {source.sealed for source in services.sources.values()}
    assert set(services.sources) == EVERY

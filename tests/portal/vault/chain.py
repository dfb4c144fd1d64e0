"""A small house's chain of statements with fixed keys: Ana may sign, Bo and Cy are let in, a line at a time."""

from __future__ import annotations

from portal.vault.bundles import StaffKeys, staff_keys
from portal.vault.recovery import recovery_keys
from portal.vault.sayings import say_compartment, say_grant, say_granter, say_recovery, say_rotate, say_staff
from portal.vault.statements import COMPARTMENTS, KeyRight, Ledger, Signer, Statement
from tests.portal.vault.fixed import DAY, fixed_id, fixed_key, fixed_public

ROOT_KEYS = recovery_keys(fixed_key("recovery secret"))
ROOT_PUBLIC = ROOT_KEYS.root_public
ROOT_SIGNER = ROOT_KEYS.signer()
ANA, BO, CY, DEE = (fixed_id(name) for name in ("ana", "bo", "cy", "dee"))


def keys_of(name: str) -> StaffKeys:
    """The pairs of a person of this house."""
    return staff_keys(fixed_key(f"seed of {name}"))


def signer(staff_id: bytes, name: str) -> Signer:
    """A person as signer."""
    return keys_of(name).signer(staff_id)


AS_ANA, AS_BO, AS_CY = signer(ANA, "ana"), signer(BO, "bo"), signer(CY, "cy")


def staff_line(ledger: Ledger, by: Signer, staff_id: bytes, name: str) -> Statement:
    """The line that names this person's keys."""
    keys = keys_of(name)
    return say_staff(ledger.latest, by, DAY, staff_id, keys.open_public, keys.sign_public)


def grant_line(ledger: Ledger, by: Signer, staff_id: bytes, name: str, compartment: str, version: int = 1) -> Statement:
    """The line that lets this person into a compartment."""
    public = fixed_public(f"{compartment} {version}")
    return say_grant(ledger.latest, by, DAY, staff_id, compartment, version, keys_of(name).open_public, public)


def small_house() -> tuple[Ledger, tuple[Statement, ...]]:
    """The ledger and its lines: root, Ana with every right, four compartments, Bo in chat, Cy in tips, chat rotated."""
    ledger = Ledger(ROOT_PUBLIC)
    lines: list[Statement] = []

    def said(line: Statement) -> None:
        nonlocal ledger
        ledger = ledger.follow(line)
        lines.append(line)

    said(say_recovery(ledger.latest, ROOT_SIGNER, DAY, ROOT_KEYS.open_public))
    said(staff_line(ledger, ROOT_SIGNER, ANA, "ana"))
    said(say_granter(ledger.latest, ROOT_SIGNER, DAY, ANA, KeyRight))
    for name in COMPARTMENTS:
        said(say_compartment(ledger.latest, ROOT_SIGNER, DAY, name, fixed_public(f"{name} 1")))
    said(staff_line(ledger, AS_ANA, BO, "bo"))
    said(staff_line(ledger, AS_ANA, CY, "cy"))
    said(grant_line(ledger, AS_ANA, BO, "bo", "chat"))
    said(grant_line(ledger, AS_ANA, CY, "cy", "tips"))
    said(say_rotate(ledger.latest, AS_ANA, DAY, "chat", 2, fixed_public("chat 2")))
    said(grant_line(ledger, AS_ANA, BO, "bo", "chat", 2))
    return ledger, tuple(lines)


LEDGER, CHAIN = small_house()

"""What somebody who can write rows does to the chain of statements, one way at a time."""

from __future__ import annotations

from collections.abc import Callable

from portal.ids import random_id
from portal.vault.bundles import new_seed, staff_keys
from portal.vault.compartments import COMPARTMENTS, new_compartment
from portal.vault.recovery import new_recovery, recovery_keys
from portal.vault.sayings import say_compartment, say_grant, say_granter, say_rotate, say_staff
from portal.vault.statements import KeyRight, Ledger, Signer, Statement
from tests.portal.vault.broken_house import (
    FOREIGN,
    Home,
)
from tests.portal.vault.fixed import DAY


def _writers_own_chain() -> list[Statement]:
    """A flawless chain, under a root of the writer's."""
    root, seed = recovery_keys(new_recovery()), new_seed()
    keys, me = staff_keys(seed), random_id()
    ledger = Ledger(root.root_public)
    said: list[Statement] = []
    makers: list[Callable[[Ledger], Statement]] = [
        lambda at: say_staff(at.latest, root.signer(), DAY, me, keys.open_public, keys.sign_public),
        lambda at: say_granter(at.latest, root.signer(), DAY, me, KeyRight),
        *(
            lambda at, name=name: say_compartment(at.latest, root.signer(), DAY, name, new_compartment().public)
            for name in COMPARTMENTS
        ),
    ]
    for make in makers:
        said.append(make(ledger))
        ledger = ledger.follow(said[-1])
    return said


def _swap_the_key(home: Home) -> None:
    """The tips compartment's public key becomes the writer's, in the line itself."""
    for number, line in enumerate(home.lines(), 1):
        if home.tips.public in line:
            home.put_line(number, line.replace(home.tips.public, FOREIGN.public))


def _rotate_in_anas_name(home: Home) -> None:
    """A new version of tips, the writer's key, signed by the writer in Ana's name."""
    at = home.chain()
    line = say_rotate(at.latest, Signer(home.ana, new_seed()), DAY, "tips", 2, FOREIGN.public)
    home.put_line(line.number, line.to_row())


def _rotate_in_bos_name(home: Home) -> None:
    """The same, rightly signed by Bo, who has no right to it."""
    line = say_rotate(home.chain().latest, home.bo.signer, DAY, "tips", 2, FOREIGN.public)
    home.put_line(line.number, line.to_row())


def _bo_lets_himself_in(home: Home) -> None:
    """A grant of tips for Bo, rightly signed by Bo."""
    bo = home.bo
    line = say_grant(
        home.chain().latest, bo.signer, DAY, bo.person.id, "tips", 1, bo.keys.open_public, home.tips.public
    )
    home.put_line(line.number, line.to_row())


def _replay_the_old_grant(home: Home) -> None:
    """The true line that once let Bo into tips, put at the end again."""
    lines = home.lines()
    old = next(
        line
        for line in lines
        if (said := Statement.from_row(line)).kind == "grant"
        and said.subject == home.bo.person.id
        and said.compartment == "tips"
    )
    home.put_line(len(lines) + 1, old)


def _cut_off_the_revocation(home: Home) -> None:
    """The last line, which put Bo out, is gone."""
    home.write(f"DELETE FROM key_statements WHERE n = {len(home.lines())}")


def _erase_the_chain(home: Home) -> None:
    """No line is left at all."""
    home.write("DELETE FROM key_statements")


def _exchange_the_chain(home: Home) -> None:
    """A whole chain of the writer's own, longer than ours."""
    home.write("DELETE FROM key_statements")
    for line in _writers_own_chain():
        home.put_line(line.number, line.to_row())
    for number in range(len(home.lines()) + 1, 40):
        home.put_line(number, home.lines()[-1])


def _exchange_two_lines(home: Home) -> None:
    """Two lines change places."""
    lines = home.lines()
    home.put_line(5, lines[5])
    home.put_line(6, lines[4])


def _put_noise(home: Home) -> None:
    """A line that is none."""
    home.put_line(len(home.lines()) + 1, b"\x01\x01noise")


ON_THE_CHAIN = (
    _swap_the_key,
    _rotate_in_anas_name,
    _rotate_in_bos_name,
    _bo_lets_himself_in,
    _replay_the_old_grant,
    _cut_off_the_revocation,
    _erase_the_chain,
    _exchange_the_chain,
    _exchange_two_lines,
    _put_noise,
)

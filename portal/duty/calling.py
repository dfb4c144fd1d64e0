"""Tells whoever is on call that a decision waits for a second person, without a word of what it says."""

import logging
from typing import Final

from portal.alerts.desk import Alerts
from portal.alerts.ladder import Kind
from portal.records.contacts import SHIFT
from portal.store.valkey import ValkeyAway

_KINDS: Final[tuple[Kind, ...]] = ("case", "case_shift")
_log = logging.getLogger("porchlight.gate")


async def tell(alerts: Alerts, row: bytes, *, is_urgent: bool) -> None:
    """At once where a report goes before anybody else has looked; else at the open desks, and up the ladder after a
    shift. With the store away it stands first in the list all the same.
    """
    try:
        if is_urgent:
            await alerts.raise_("case", row)
        else:
            await alerts.raise_("case_shift", row, within_s=SHIFT.total_seconds())
    except ValkeyAway:
        _log.warning("decision_not_told")


async def settled(alerts: Alerts, row: bytes, by: bytes) -> None:
    """Nobody is called for it any more."""
    try:
        for kind in _KINDS:
            await alerts.settle(kind, row, by=by)
    except ValkeyAway:
        _log.warning("decision_not_settled")

"""Gathers for the page of a thing what its person agreed to, what was decided about it, and its region's protocol."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from portal.consent.about import About
from portal.consent.rule import still_live
from portal.consent.terms import Kind, What
from portal.ids import to_text
from portal.staff.sessions.session import Signed

if TYPE_CHECKING:
    from portal.services import Services


async def gated(services: "Services", signed: Signed, about: About) -> Mapping[str, Any]:
    """What `desk/gate_side.html` shows. Any: what a template reads."""
    rows = await services.consents.of(signed, about.family)
    live = {each.id for each in still_live([row.agreement for row in rows], services.clock.now().date())}
    decisions = await services.duty.of(signed, about.family)
    return {
        "gate_about": about.text,
        "gate_case": to_text(about.named.id) if about.named.kind is Kind.CASE else "",
        "gate_consents": [row for row in rows if row.id in live],
        "gate_past": len(rows) - len(live),
        "gate_decisions": [(to_text(row.id), row) for row in decisions],
        "gate_things": tuple(What),
        "gate_region": about.region,
        "gate_protocol": await services.protocols.of(about.region) if about.region else None,
    }

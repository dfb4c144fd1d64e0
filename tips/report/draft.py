"""Says what an author decides in a draft: for whom, why, which fields, on what it rests, and both risks weighed."""

from collections.abc import Mapping
from typing import Final

import msgspec

from tips.report.rules import GOES_TO, IN_ORDER, Basis, Reading, Recipient

LONG: Final = 1_500
"""Letters of a reason, a purpose, a risk."""

SHORT: Final = 200
"""Letters of whom it is for."""

LONGEST_ACCOUNT: Final = 6_000
"""Letters of the author's own account."""

MOST_PARTS: Final = 500
"""Parts of a tip one report is written from; what came later is not in it."""


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """One draft. `fields` names what shall stand in the report, with what was found when typed words were read.

    `harm_of_telling` and `harm_of_silence` are the two risks; `grounds` says why an exception applies. These three stay
    in the house, as do the names of who wrote and approved. `parts` are the parts of the tip it was written from: what
    is told later is not in it, and nobody approves words that were never seen.
    """

    basis: Basis
    recipient: Recipient
    whom: str
    purpose: str
    fields: dict[str, Reading]
    harm_of_telling: str
    harm_of_silence: str
    grounds: str = ""
    at_once: bool = False
    account: str = ""
    parts: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return "Draft(...)"


def to_said(draft: Draft) -> tuple[str, str]:
    """The two texts an entry keeps a draft in: all but the account, and the account."""
    return msgspec.json.encode(msgspec.structs.replace(draft, account="")).decode(), draft.account


def from_said(said: str, account: str) -> Draft:
    """The draft of an entry. Raises msgspec.ValidationError, msgspec.DecodeError when it is something else."""
    return msgspec.structs.replace(msgspec.json.decode(said, type=Draft), account=account)


def read_draft(form: Mapping[str, str], basis: Basis) -> Draft:
    """What a form says, every text cut to its bound; what is not one of ours is not read. Judge it by `wrongs`."""
    account = _text(form, "account", LONGEST_ACCOUNT)
    read = {name: _reading(form.get(f"f_{name}", "")) for name in IN_ORDER}
    fields = {name: reading for name, reading in read.items() if reading is not None}
    if not account:
        fields.pop("account", None)
    recipient = form.get("recipient", "")
    only = sorted(GOES_TO[basis])[0] if len(GOES_TO[basis]) == 1 else Recipient.POLICE
    return Draft(
        basis=basis,
        recipient=Recipient(recipient) if recipient in set(Recipient) else only,
        whom=_text(form, "whom", SHORT),
        purpose=_text(form, "purpose", LONG),
        fields=fields,
        harm_of_telling=_text(form, "harm_of_telling", LONG),
        harm_of_silence=_text(form, "harm_of_silence", LONG),
        grounds=_text(form, "grounds", LONG),
        at_once=form.get("at_once") == "yes" and basis is Basis.HARM,
        account=account,
    )


def wrongs(draft: Draft) -> dict[str, str]:
    """What has to be mended before it goes to a second person, by the field of the form: phrase keys."""
    found = {
        name: f"report.wrong.{name}"
        for name in ("whom", "purpose", "harm_of_telling", "harm_of_silence")
        if not getattr(draft, name)
    }
    if draft.basis is not Basis.CONSENT and not draft.grounds:
        found["grounds"] = "report.wrong.grounds"
    if draft.recipient not in GOES_TO[draft.basis]:
        found["recipient"] = "report.wrong.recipient"
    if not draft.fields:
        found["fields"] = "report.wrong.fields"
    if draft.account and "account" not in draft.fields:
        found["account"] = "report.wrong.account"
    return found


def _text(form: Mapping[str, str], name: str, most: int) -> str:
    return form.get(name, "").replace("\r\n", "\n").strip()[:most]


def _reading(chosen: str) -> Reading | None:
    match chosen:
        case "yes":
            return Reading.UNREAD
        case Reading.CLEAR | Reading.POINTS:
            return Reading(chosen)
        case _:
            return None

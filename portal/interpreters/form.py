"""Reads the form of an interpreter's card into typed values, or says which fields to mend."""

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Final

from i18n.spoken import SPOKEN
from portal.staff.forms import FormWrong
from portal.web.forms import Form

LONGEST_PROVIDER: Final = 80
LONGEST_HOURS: Final = 120
LONGEST_ACCOUNT: Final = 120
_PHONE: Final = re.compile(r"\+?[0-9][0-9 ()./-]{2,38}")


@dataclass(frozen=True)
class CardForm:
    """What was typed. `languages`: the tags of what is spoken there, none: every language; `account` may be empty."""

    provider: str
    phone: str
    hours: str
    languages: tuple[str, ...]
    account: str = field(default="", repr=False)


def read_card(form: Form) -> CardForm:
    """The card. Raises FormWrong."""
    wrongs: dict[str, str] = {}
    provider, phone, hours, account = (_line(form, name) for name in ("provider", "phone", "hours", "account"))
    if not 1 <= len(provider) <= LONGEST_PROVIDER:
        wrongs["provider"] = "desk.interpreters.wrong.provider"
    if not _PHONE.fullmatch(phone):
        wrongs["phone"] = "desk.wrong.phone"
    if len(hours) > LONGEST_HOURS:
        wrongs["hours"] = "desk.interpreters.wrong.long"
    if len(account) > LONGEST_ACCOUNT:
        wrongs["account"] = "desk.interpreters.wrong.long"
    if wrongs:
        raise FormWrong(wrongs)
    return CardForm(provider, phone, hours, tuple(tag for tag in SPOKEN if tag in form.many("languages")), account)


def _line(form: Form, name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", form.get(name, "")).split())

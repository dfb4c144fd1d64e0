"""Reads the desk's forms into typed values, or says which fields to mend."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from i18n.languages import LANGUAGES
from portal.numbers import region_ids
from portal.staff.drawing import TONGUES
from portal.staff.passphrase import NameWrong, PassphraseWeak, check_name, check_passphrase
from portal.staff.rights import Role
from portal.staff.training import learns
from portal.web.forms import Form

LONGEST_HOUSE: Final = 120
LONGEST_ALIAS: Final = 60
_PHONE: Final = re.compile(r"\+?[0-9][0-9 ()./-]{2,38}")


class FormWrong(Exception):
    """Fields to mend, by name and phrase key. It leaves no page: the page that read the form draws it again."""

    def __init__(self, wrongs: Mapping[str, str]) -> None:
        super().__init__("form")
        self.wrongs = dict(wrongs)


@dataclass(frozen=True)
class HouseForm:
    """What the house is called, its phone line, where it is."""

    name: str
    phone_line: str
    region: str


@dataclass(frozen=True)
class PersonForm:
    """What others see of a person: the name she uses at work, what she reads, the language her desk speaks."""

    alias: str
    languages: tuple[str, ...]
    tongue: str


def read_house(form: Form) -> HouseForm:
    """Name, phone line and region. Raises FormWrong."""
    wrongs: dict[str, str] = {}
    name = _line(form, "house")
    if not 1 <= len(name) <= LONGEST_HOUSE:
        wrongs["house"] = "desk.wrong.house"
    phone = _line(form, "phone")
    if not _PHONE.fullmatch(phone):
        wrongs["phone"] = "desk.wrong.phone"
    region = form.get("region", "")
    if region not in region_ids():
        wrongs["region"] = "desk.wrong.region"
    _raise(wrongs)
    return HouseForm(name, phone, region)


def read_person(form: Form) -> PersonForm:
    """Alias, languages and the desk's language. Raises FormWrong."""
    wrongs: dict[str, str] = {}
    alias = _line(form, "alias")
    if not 1 <= len(alias) <= LONGEST_ALIAS:
        wrongs["alias"] = "desk.wrong.alias"
    tongue = form.get("tongue", TONGUES[0])
    languages: tuple[str, ...] = ()
    try:
        languages = read_languages(form)
    except FormWrong as wrong:
        wrongs |= wrong.wrongs
    _raise(wrongs)
    return PersonForm(alias, languages, tongue if tongue in TONGUES else TONGUES[0])


def read_languages(form: Form) -> tuple[str, ...]:
    """What she reads, in the order of our languages. Raises FormWrong where it is none of them."""
    languages = tuple(tag for tag in LANGUAGES if tag in form.many("languages"))
    if not languages:
        raise FormWrong({"languages": "desk.wrong.languages"})
    return languages


def read_alias(form: Form) -> str:
    """The name others see. Raises FormWrong."""
    alias = _line(form, "alias")
    if not 1 <= len(alias) <= LONGEST_ALIAS:
        raise FormWrong({"alias": "desk.wrong.alias"})
    return alias


def read_role(form: Form) -> Role:
    """The role an invitation is for. Raises FormWrong."""
    try:
        return Role(form.get("role", ""))
    except ValueError:
        raise FormWrong({"role": "desk.wrong.role"}) from None


def read_training(form: Form, role: Role) -> frozenset[str]:
    """What is known that somebody of this role has learned; what the role never does counts for nothing."""
    return frozenset(form.many("training")) & frozenset(learns(role))


def check_new_sign_in(form: Form) -> tuple[str, str]:
    """Sign-in name and passphrase of a new account, typed twice alike. Raises FormWrong."""
    wrongs: dict[str, str] = {}
    name, passphrase = form.get("name", ""), form.get("passphrase", "")
    try:
        folded = check_name(name)
    except NameWrong as wrong:
        wrongs["name"] = wrong.phrase
        folded = ""
    try:
        check_passphrase(passphrase, folded)
    except PassphraseWeak as wrong:
        wrongs["passphrase"] = wrong.phrase
    if "passphrase" not in wrongs and form.get("again", "") != passphrase:
        wrongs["again"] = "desk.wrong.again"
    _raise(wrongs)
    return name, passphrase


def gather(*reads: Mapping[str, str]) -> dict[str, str]:
    """The wrongs of several readings as one, first found first."""
    return {name: phrase for wrongs in reads for name, phrase in wrongs.items()}


def _line(form: Form, name: str) -> str:
    """One printable line, spaces around and doubled taken away."""
    text = unicodedata.normalize("NFC", form.get(name, ""))
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _raise(wrongs: Mapping[str, str]) -> None:
    if wrongs:
        raise FormWrong(wrongs)
